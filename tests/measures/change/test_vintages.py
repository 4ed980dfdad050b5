"""Vintages: what the record said earlier, and what each correction changed."""

import datetime as dt
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.measures.change.ledger import Point, explain_change
from indicators.measures.change.vintages import list_corrections, reading_over_vintages
from indicators.measures.panel import Panel
from indicators.records.dataset import load_dataset
from tests.measures.small_records import build_records

DATA = Path(__file__).parents[3] / "data"
TWO = {"military": "m1 m2", "cyber": "c1"}
FIRST = [("2024-01-31", "m1", "ann", 2), ("2024-01-31", "m2", "ann", 4), ("2024-01-31", "c1", "ann", 7)]
CORRECTED = [
    *FIRST,
    ("2024-01-31", "m1", "ann", 4, "2024-02-10T09:00"),
    ("2024-02-15", "m1", "ann", 6, "2024-02-20"),
    ("2024-02-15", "m1", "ann", None, "2024-03-01"),
]


def told(panel, id, date):
    """The readings of a date by vintage."""
    found = reading_over_vintages(panel, id, date)
    return {f"{v:%Y-%m-%d}": s for v, s in zip(found["vintage"], found["score"], strict=True)}


def test_a_reading_changes_on_the_days_on_which_its_rows_were_recorded():
    panel = Panel(build_records(*CORRECTED, **TWO))
    assert told(panel, "m1", "2024-02-28") == {"2024-01-31": 2, "2024-02-10": 4, "2024-02-20": 6, "2024-03-01": 4}
    assert told(panel, "military", "2024-02-28")["2024-02-20"] == 5
    assert told(panel, "index", "2024-02-28") == {
        "2024-01-31": 5, "2024-02-10": 5.5, "2024-02-20": 6, "2024-03-01": 5.5,
    }  # fmt: skip


def test_rows_dated_later_leave_a_reading_as_it_was():
    panel = Panel(build_records(*CORRECTED, **TWO))
    assert list(told(panel, "m1", "2024-02-01").values()) == [2, 4, 4, 4]


def test_before_the_first_assessment_every_vintage_is_blank():
    blank = told(Panel(build_records(*CORRECTED, **TWO)), "index", "2024-01-30")
    assert len(blank) == 4
    assert all(math.isnan(score) for score in blank.values())


def test_a_date_first_scored_late_is_blank_until_then():
    records = build_records(*FIRST[:2], ("2024-01-31", "c1", "ann", 7, "2024-02-05"), **TWO)
    scores = told(Panel(records), "index", "2024-01-31")
    assert math.isnan(scores["2024-01-31"])
    assert scores["2024-02-05"] == 5


def test_vintages_end_with_the_panels_own():
    panel = Panel(build_records(*CORRECTED, **TWO), as_of=dt.date(2024, 2, 10))
    assert told(panel, "m1", "2024-02-28") == {"2024-01-31": 2, "2024-02-10": 4}
    assert reading_over_vintages(Panel(panel.dataset, as_of=dt.date(2023, 1, 1)), "m1", "2024-02-28").empty


def test_an_unknown_id_is_refused():
    with pytest.raises(KeyError):
        reading_over_vintages(Panel(build_records(*FIRST, **TWO)), "m9", "2024-02-28")


def test_each_correction_is_listed_with_both_rows_and_its_effect():
    found = list_corrections(Panel(build_records(*CORRECTED, **TWO)))
    assert found[["indicator", "coder", "old_row", "new_row", "kind"]].values.tolist() == [
        ["m1", "ann", 0, 3, "replaced"],
        ["m1", "ann", 4, 5, "withdrawn"],
    ]
    assert found["date"].tolist() == [pd.Timestamp("2024-01-31"), pd.Timestamp("2024-02-15")]
    assert found["old_score"].tolist() == [2, 6]
    assert found["new_score"].iloc[0] == 4
    assert math.isnan(found["new_score"].iloc[1])
    assert found["new_rationale"].tolist() == ["reason 3", "reason 5"]
    assert found["old_recorded"].tolist() == [pd.Timestamp("2024-01-31"), pd.Timestamp("2024-02-20")]
    # m1 is a quarter of the index: 2 to 4, then from 6 back to the 4 that held before.
    assert found["effect"].tolist() == [0.5, -0.5]


def test_a_correction_of_a_correction_is_told_step_by_step():
    records = build_records(
        *FIRST,
        ("2024-01-31", "m1", "ann", None, "2024-02-01"),
        ("2024-01-31", "m1", "ann", 6, "2024-02-02"),
        ("2024-01-31", "m1", "ann", 6, "2024-02-03"),
        ("2024-01-31", "m1", "ann", 6, "2024-02-04", 5, 7, "wider range"),
        **TWO,
    )
    found = list_corrections(Panel(records))
    assert found["kind"].tolist() == ["withdrawn", "restored", "reworded", "replaced"]
    # Without m1 the military dimension has too little weight, and the index is blank.
    np.testing.assert_array_equal(found["effect"], [np.nan, np.nan, 0, 0])


def test_the_effect_is_that_of_one_coder_among_several():
    records = build_records(*FIRST, ("2024-01-31", "m1", "bob", 6), ("2024-01-31", "m1", "bob", 8, "2024-03-01"), **TWO)
    assert list_corrections(Panel(records))["effect"].tolist() == [0.25]
    assert list_corrections(Panel(records, coder="ann")).empty


def test_a_record_without_corrections_has_none():
    found = list_corrections(Panel(build_records(*FIRST, **TWO)))
    assert found.empty
    assert {"kind", "effect", "old_score", "new_score"} <= set(found.columns)


def test_corrections_after_the_vintage_are_not_known_to_it():
    found = list_corrections(Panel(build_records(*CORRECTED, **TWO), as_of=dt.date(2024, 2, 20)))
    assert found["new_row"].tolist() == [3]


rows = st.tuples(
    st.integers(1, 4),
    st.sampled_from(["m1", "m2", "c1"]),
    st.sampled_from(["ann", "bob"]),
    st.one_of(st.none(), st.sampled_from([0, 2.5, 5, 10])),
    st.integers(0, 6),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(rows, max_size=10), st.sampled_from(["m1", "military", "index"]), st.integers(0, 5))
def test_each_vintage_says_what_a_panel_of_that_day_says(more, id, after):
    start = pd.Timestamp("2024-01-31")
    days = [start + pd.Timedelta(days=n) for n in range(8)]
    records = build_records(*FIRST, *[(days[d], i, c, s, days[max(d, r)]) for d, i, c, s, r in more], **TWO)
    panel = Panel(records)
    for vintage, score in reading_over_vintages(panel, id, days[after]).itertuples(index=False):
        then = Panel(records, as_of=vintage.date()).composite(pd.DatetimeIndex([days[after]]))
        assert score == pytest.approx(then.level(records.level(id))[id].iloc[0], nan_ok=True)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([0, 2.5, 5, 10]), min_size=1, max_size=5))
def test_the_effects_of_successive_corrections_add_up(scores):
    more = [("2024-01-31", "m1", "ann", s, f"2024-02-0{n}") for n, s in enumerate(scores, 1)]
    found = list_corrections(Panel(build_records(*FIRST, *more, **TWO)))
    assert len(found) == len(scores)
    assert found["effect"].sum() == pytest.approx((scores[-1] - 2) / 4)


def test_the_shipped_corrections_stand_in_the_change_between_their_vintages():
    dataset = load_dataset(DATA).dataset
    assert dataset is not None
    found = list_corrections(Panel(dataset))
    moved = found[found["effect"].abs() > 1e-9]
    assert not moved.empty
    for _, row in moved.head(3).iterrows():
        vintages = (row["new_recorded"].date() - dt.timedelta(days=1), row["new_recorded"].date())
        ledger = explain_change(*(Point(Panel(dataset, as_of=v), row["date"]) for v in vintages))
        assert row["new_row"] in ledger["row"].tolist()
        assert set(ledger["part"]) == {"rescored"}
