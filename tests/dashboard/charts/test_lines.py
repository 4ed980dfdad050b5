"""What sessions share: the same figures as the commands print, without new draws where only weights move."""

from pathlib import Path

import pandas as pd
import pytest

from indicators.dashboard.charts import lines as charts
from indicators.measures.panel import Panel
from indicators.measures.series import build_series
from indicators.measures.uncertainty import draws
from indicators.records.dataset import load_dataset

SPAN = (pd.Timestamp("2022-01-15"), pd.Timestamp("2025-02-15"))
CHOICES = [{}, {"mean": "geometric"}, {"weights": {"military": 2.5, "energy": 0}}]
LOOSE = {"check_names": False, "check_index": False, "rtol": 0, "atol": 1e-12}


def choose(shipped: Path, weights: dict[str, float] | None = None, **choices: str) -> Panel:
    """A panel of the shipped data under a reader's choices."""
    panel = Panel(load_dataset(shipped).dataset, **choices)  # type: ignore[arg-type]
    return Panel(panel.dataset, weights=panel.weights.with_dimensions(weights or {}), mean=panel.mean)


@pytest.mark.parametrize("choices", CHOICES)
@pytest.mark.parametrize("freq", ["week", "month", "quarter"])
def test_the_table_of_a_page_has_the_figures_of_the_series(shipped: Path, freq: str, choices: dict[str, str]) -> None:
    panel = choose(shipped, **choices)
    table = charts.tabulate_levels(panel, ("index", "cyber"), freq, SPAN, 50, "index").sort_values("date")
    for id, level in (("index", "index"), ("cyber", "dimension")):
        told = build_series(panel, level, panel.dates(freq, *SPAN), 50)
        told = told[told["id"] == id]
        assert table["date"].tolist() == told["date"].tolist()
        pd.testing.assert_series_equal(table[panel.dataset.title(id)], told["score"], **LOOSE)
        if id == "index":
            pd.testing.assert_series_equal(table["low (50 %)"], told["low"], **LOOSE)
            pd.testing.assert_series_equal(table["high (50 %)"], told["high"], **LOOSE)


def test_a_moved_weight_makes_other_lines_and_no_new_draws(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = charts.list_lines(choose(shipped), ("index",), SPAN[1], 80)[0].readings
    monkeypatch.setattr(draws, "random_uniform", lambda *_: pytest.fail("new random numbers"))
    moved = charts.list_lines(choose(shipped, {"military": 3}), ("index",), SPAN[1], 80)[0].readings
    assert moved["date"].tolist() == first["date"].tolist()
    assert (moved[["score", "low", "high"]] != first[["score", "low", "high"]]).any().all()
