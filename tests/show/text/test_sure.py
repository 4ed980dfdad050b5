"""How sure a reading is: all grounds in one list, each from the data."""

import datetime as dt

from indicators.measures.headline import read_headline
from indicators.measures.outside.validity import measure_validity
from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset
from indicators.show.text.sure import list_certainty


def test_interval_doubt_scoring_evidence_outside_and_band_are_told(shipped: Dataset) -> None:
    panel = Panel(shipped)
    headline = read_headline(panel, "sanctions", dt.date(2026, 11, 30))
    assert headline
    said = list_certainty(panel, headline, (7.0, 7.7), 80, measure_validity(panel))
    for part, sentence in zip(
        ("80 % interval 7.0 to 7.7", "in hindsight", "review", "utside series", "“severe” is 6 to 8"), said, strict=True
    ):
        assert part in sentence
    assert "the one collection of evidence" in said[0]
    assert "runs of one scoring procedure" in said[1]
    assert "no interval" in list_certainty(panel, headline, None, 80, measure_validity(panel))[0]
