"""How sure a reading is: all grounds in one list, each from the data."""

import datetime as dt

import pandas as pd
import pytest

from indicators.measures.change.doubt import measure_doubt
from indicators.measures.change.ledger import Point, explain_change
from indicators.measures.headline import read_headline
from indicators.measures.outlook.hindcast import cast_back, score_fans
from indicators.measures.outside.validity import measure_validity
from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset
from indicators.show.text.uncertainty.sure import (
    list_certainty,
    list_change_certainty,
    list_events_certainty,
    list_fan_certainty,
)


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


def test_a_change_has_its_interval_each_coder_alone_and_what_would_undo_it(shipped: Dataset) -> None:
    panel = Panel(shipped)
    days = (pd.Timestamp("2024-12-31"), pd.Timestamp("2025-03-31"))
    ledger = explain_change(*(Point(panel, day) for day in days))
    doubt = measure_doubt(panel, *days, tuple(ledger["row"].dropna()), 80)
    assert doubt.low < doubt.amount < doubt.high < 0
    assert sum(doubt.by_coder.values()) / 2 == pytest.approx(doubt.amount)
    assert doubt.step == pytest.approx(0.5 / 20)  # twenty indicators of equal weight
    assert doubt.unsettled == ()
    said = list_change_certainty(panel, doubt, 80, measure_validity(panel))
    for part, sentence in zip(
        (
            "80 % interval of the change −",
            "c1 −",
            "runs of one scoring procedure",
            "not calm",
            "of changes",
            "undo",
        ),
        said,
        strict=True,
    ):
        assert part in sentence
    open_days = (days[1], pd.Timestamp("2026-11-15"))
    assert measure_doubt(panel, *open_days, (), 80).unsettled == (open_days[1],)


def test_a_fan_says_that_scores_are_not_in_it_and_how_past_ones_did(shipped: Dataset) -> None:
    panel = Panel(shipped)
    headline = read_headline(panel, "index", dt.date(2026, 11, 30))
    assert headline
    record = score_fans(cast_back(panel), "index")
    said = list_fan_certainty(panel, headline, (6.2, 6.6), 80, record, (pd.Timestamp("2022-03-31"), 1.4))
    for part, sentence in zip(
        ("not the doubt in the scores", "hindcasts over 12 months", "CRPS", "in hindsight", "by more than 1.4 points"),
        said,
        strict=True,
    ):
        assert part in sentence


def test_a_list_of_events_says_its_grades_its_gaps_and_what_rests_on_it() -> None:
    events = pd.DataFrame({"reliability": ["A", "B", "C", "C"], "credibility": ["2", "1", "1", "3"]})
    grades, gaps, cited, _ = list_events_certainty(events, 3, (5, 2))
    assert grades.startswith(
        "Of 4 events 2 are from a source graded A or B, 2 are confirmed by another report; 1 rests"
    )
    assert "5 quarters of single indicators have no event on record; 2 of them were searched" in gaps
    assert cited.startswith("3 of 4 are cited")
    assert len(list_events_certainty(events.iloc[:0], 0, (0, 0))) == 1
