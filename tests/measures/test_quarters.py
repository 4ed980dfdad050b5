"""Quarters: what has been assessed since the last review, what is due, and which rows rest on no event of theirs."""

import dataclasses
import datetime as dt

import pandas as pd

from indicators.measures.quarters import (
    CITED,
    NOT_LOOKED,
    QUIET,
    UNCITED,
    assessed_since,
    list_reviews,
    searched_until,
    settled_quarters,
    tell_evidence,
)
from tests.measures.small_panels import build_panel

DIMENSIONS = {"a": ["a1", "a2"], "b": ["b1", "b2"]}
REVIEWED = [("2024-06-30", id, "c1", 5.0) for id in ("a1", "a2", "b1", "b2")]


def test_since_the_last_review_scores_are_counted_by_their_direction() -> None:
    rows = [
        *REVIEWED,
        ("2024-07-10", "a1", "c1", 7.0),
        ("2024-08-10", "a1", "c1", 6.0),
        ("2024-08-11", "b1", "c1", 4.0),
    ]
    since = assessed_since(build_panel([*rows, ("2024-08-12", "b2", "c1", 5.0)], DIMENSIONS))
    assert since is not None
    assert (str(since.quarter.date()), since.up, since.down, since.same, since.untouched) == ("2024-06-30", 1, 1, 1, 1)
    assert since.rows["indicator"].tolist() == ["b2", "b1", "a1", "a1"]
    assert since.rows["was"].tolist() == [5.0] * 4
    alone = assessed_since(build_panel(rows, DIMENSIONS), "a")
    assert alone is not None
    assert (alone.up, alone.untouched) == (1, 1)


def test_a_quarter_is_settled_from_three_quarters_of_the_weight_on() -> None:
    rows = [*REVIEWED, *(("2024-09-30", id, "c1", 5.0) for id in ("a1", "a2", "b1"))]
    panel = build_panel(rows, DIMENSIONS)
    assert [str(day.date()) for day in settled_quarters(panel, "index")] == ["2024-06-30", "2024-09-30"]
    assert [str(day.date()) for day in settled_quarters(panel, "b")] == ["2024-06-30"]
    assert assessed_since(build_panel([("2024-06-29", "a1", "c1", 5.0)], DIMENSIONS)) is None


def test_a_review_is_due_at_the_end_of_the_quarter_after_the_last_one() -> None:
    rows = [*REVIEWED, ("2024-08-10", "a1", "c1", 6.0), ("2024-08-10", "a1", "c2", 6.0)]
    table = list_reviews(build_panel(rows, DIMENSIONS), dt.date(2024, 10, 1)).set_index(["indicator", "coder"])
    row = table.loc[("a1", "c1")]
    assert (str(row["reviewed"].date()), str(row["due"].date()), bool(row["fresh"])) == (
        "2024-06-30",
        "2024-09-30",
        False,
    )
    never = table.loc[("a1", "c2")]
    assert (pd.isna(never["reviewed"]), str(never["due"].date())) == (True, "2024-09-30")


def test_an_assessment_without_an_event_of_its_quarter_is_told_apart() -> None:
    dataset = build_panel(REVIEWED, DIMENSIONS).dataset
    events = pd.DataFrame(
        {"date": pd.to_datetime(["2024-03-31", "2024-04-01"]), "indicator": ["a1", "a1"]}, index=["E1", "E2"]
    )
    dataset = dataclasses.replace(dataset, events=events, looked=searches([]))
    june = pd.Timestamp("2024-06-30")
    told = [tell_evidence(dataset, "a1", june, cited) for cited in ("E1", "E1;E2", "", "E9")]
    assert told == [UNCITED, CITED, UNCITED, UNCITED]
    assert tell_evidence(dataset, "a2", june, "E1") == NOT_LOOKED


def test_quiet_is_said_only_of_days_that_were_searched_without_a_gap() -> None:
    dataset = build_panel(REVIEWED, DIMENSIONS).dataset
    events = pd.DataFrame({"date": pd.to_datetime(["2024-03-31"]), "indicator": ["b1"]}, index=["E1"])
    rows = [
        ("a1", "2024-04-01", "2024-06-30"),
        ("a2", "2024-04-01", "2024-05-10"),
        ("a2", "2024-05-12", "2024-06-30"),
        ("b1", "2024-05-11", "2024-06-30"),
        ("b1", "2024-03-20", "2024-05-10"),
    ]
    dataset = dataclasses.replace(dataset, events=events, looked=searches(rows))

    def tell(indicator: str, day: str) -> str:
        return tell_evidence(dataset, indicator, pd.Timestamp(day), "")

    assert [tell("a1", "2024-06-30"), tell("a1", "2024-07-01")] == [QUIET, NOT_LOOKED]
    assert [tell("a2", "2024-06-30"), tell("a2", "2024-05-10")] == [NOT_LOOKED, QUIET]
    assert [tell("b1", "2024-06-30"), tell("b2", "2024-06-30")] == [QUIET, NOT_LOOKED]
    assert str(searched_until(dataset, "a2", pd.Timestamp("2024-04-01"))) == "2024-05-10 00:00:00"


def searches(rows: list[tuple[str, str, str]]) -> pd.DataFrame:
    """Searches of an indicator from a day to another, as the dataset has them."""
    table = pd.DataFrame(rows, columns=["indicator", "start", "end"])
    return table.assign(start=pd.to_datetime(table["start"]), end=pd.to_datetime(table["end"]))
