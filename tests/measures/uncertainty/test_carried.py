"""How often carried intervals held: by hand, without looking ahead, and on the shipped data."""

from pathlib import Path

import pandas as pd
import pytest

from indicators.measures.panel import Panel
from indicators.measures.uncertainty.carried import count_held
from indicators.records.dataset import load_dataset
from tests.measures.small_panels import build_panel

DATA = Path(__file__).parents[3] / "data"
QUARTERS = [f"{day:%Y-%m-%d}" for day in pd.date_range("2020-03-31", periods=12, freq="QE")]


def panel_of(scores, **options):
    rows = [(day, "a", "c1", s, s, s) for day, s in zip(QUARTERS, scores, strict=False)]
    return build_panel(rows, {"d": ["a"]}, **options)


def record(panel, since=None, **options):
    return count_held(panel, since, **options).set_index(["level", "missed"])


def test_what_the_widened_interval_holds_is_counted_by_hand():
    # A certain score widens by half a point for each missed review, as too few changes are known: the 80 % interval of
    # a symmetric triangle of half-width h reaches (1 - √0.2) h = 0.28 for one and 0.55 for two.
    table = record(panel_of([4.0, 4.0, 4.5, 4.0]), count=4_000)
    assert table["origins"].to_dict() == {
        (level, m): 4 - m for level in ("index", "dimension", "indicator") for m in (1, 2)
    }
    assert table.loc[("index", 1), "held"] == 1  # 4 to 4; half a point lies outside
    assert table.loc[("index", 2), "held"] == 2  # 4 to 4.5 and 4 to 4
    assert table.loc[("index", 1), "share"] == pytest.approx(1 / 3)
    for missed in (1, 2):
        assert table.loc[("indicator", missed), "half_width"] == pytest.approx((1 - 0.2**0.5) * missed / 2, rel=0.03)


def test_nothing_after_an_origin_reaches_its_interval():
    scores = [4.0, 4.5, 4.0, 5.0, 4.5, 4.0]
    early = record(panel_of(scores)).loc[("index", 1)]
    late = record(panel_of([*scores, 10.0, 0.0, 10.0])).loc[("index", 1)]
    # Three origins more, each of which the jumps miss; the earlier ones are as they were.
    assert late["origins"] == early["origins"] + 3
    assert late["held"] == early["held"]


def test_only_settled_quarters_are_compared_and_only_origins_since_a_day():
    rows = [(day, id, "c1", 5.0) for day in QUARTERS[:4] for id in ("a", "b") if (day, id) != (QUARTERS[2], "b")]
    panel = build_panel(rows, {"d": ["a"], "e": ["b"]})
    table = record(panel)
    # September is not settled for the index: neither origin nor compared, but its indicator a is.
    assert table.loc[("index", 1), "origins"] == 1  # March to June
    assert table.loc[("index", 2), "origins"] == 1  # June to December
    assert table.loc[("indicator", 1), "readings"] == 3  # of a and b in June, of a in September
    assert record(panel, pd.Timestamp(QUARTERS[1])).loc[("index", 1), "origins"] == 0


def test_without_a_settled_quarter_there_is_no_share():
    table = record(panel_of([]))
    assert (table["readings"] == 0).all()
    assert table["share"].isna().all()


def test_intervals_of_the_shipped_data_held_about_four_in_five():
    panel = Panel(load_dataset(DATA).dataset, doubt="partly")
    table = record(panel, pd.Timestamp("2022-06-30"), most_missed=1)
    for level in ("indicator", "dimension"):
        assert 0.75 <= table.loc[(level, 1), "share"] <= 0.85
    index = table.loc[("index", 1)]
    assert index["origins"] >= 16
    assert index["share"] >= 12 / 16
