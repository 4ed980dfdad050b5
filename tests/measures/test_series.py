"""Series: the history of a reading as the table that pages, commands and exports share."""

import csv
import dataclasses
import datetime as dt
import math
import shutil
from pathlib import Path

import pandas as pd
import pytest

from indicators.measures.headline import read_headline
from indicators.measures.panel import Panel
from indicators.measures.series import build_series, explain_empty
from indicators.records.dataset import Dataset, load_dataset
from indicators.records.folder import format_folder

DATA = Path(__file__).parents[2] / "data"
CONTRACT = ["date", "id", "score", "low", "high", "fresh"]


def dataset(dimensions, indicators, *rows):
    """A dataset of {dimension: weight}, {indicator: (dimension, weight, review days)} and assessments.

    Rows are (date, indicator, coder, score, recorded); the plausible range is one point to either side.
    """
    names = ["date", "indicator", "coder", "score", "recorded"]
    frame = pd.DataFrame([dict(zip(names, row, strict=True)) for row in rows], columns=names)
    frame["score"] = frame["score"].astype("float64")
    for name in ("date", "recorded"):
        frame[name] = pd.to_datetime(frame[name], format="ISO8601")
    tables = {field.name: pd.DataFrame() for field in dataclasses.fields(Dataset)}
    tables["dimensions"] = pd.DataFrame({"weight": dimensions})
    columns = ["dimension", "weight", "review_days"]
    tables["indicators"] = pd.DataFrame.from_dict(indicators, orient="index", columns=columns)
    tables["assessments"] = frame.assign(low=frame["score"] - 1, high=frame["score"] + 1)
    return Dataset(**tables)


TWO = ({"a": 1, "b": 1}, {"a1": ("a", 1, 100), "b1": ("b", 1, 100), "b2": ("b", 3, 100)})


def small(*more):
    """Two dimensions; the second gets its heavier indicator, and so its reading, in March 2024."""
    return dataset(
        *TWO,
        ("2024-01-10", "a1", "c1", 2, "2024-01-11T09:00"),
        ("2024-01-10", "b1", "c1", 4, "2024-01-11T09:00"),
        ("2024-03-05", "b2", "c1", 8, "2024-03-06T09:00"),
        ("2024-05-05", "a1", "c1", 6, "2024-05-06T09:00"),
        *more,
    )


def rows(data, level, freq="month", start=None, end=None, **choices):
    """The series as (date, id, score) with scores rounded to 1e-9; a blank score is None."""
    panel = Panel(data, **choices)
    table = build_series(panel, level, panel.dates(freq, start, end))
    assert list(table.columns) == CONTRACT
    return [(f"{r.date:%Y-%m-%d}", r.id, None if pd.isna(r.score) else round(r.score, 9)) for r in table.itertuples()]


def test_the_index_starts_where_enough_weight_is_present_and_has_a_row_each_month():
    # b is (4 + 3 x 8) / 4 = 7 from March; the index is (2 + 7) / 2, then (6 + 7) / 2.
    assert rows(small(), "index") == [
        ("2024-03-31", "index", 4.5),
        ("2024-04-30", "index", 4.5),
        ("2024-05-31", "index", 6.5),
    ]


def test_each_id_starts_at_its_own_first_reading_in_codebook_order():
    found = rows(small(), "indicator")
    assert list(dict.fromkeys(id for _, id, _ in found)) == ["a1", "b1", "b2"]
    assert [date for date, id, _ in found if id == "b2"] == ["2024-03-31", "2024-04-30", "2024-05-31"]
    assert [score for _, id, score in found if id == "a1"] == [2, 2, 2, 2, 6]
    assert next(row for row in rows(small(), "dimension") if row[1] == "b") == ("2024-03-31", "b", 7)


def test_weeks_end_on_sundays_and_quarters_on_their_last_day():
    weeks = rows(small(), "index", "week")
    assert weeks[0] == ("2024-03-10", "index", 4.5)
    assert weeks[-1] == ("2024-05-05", "index", 6.5)
    assert {dt.date.fromisoformat(date).isoweekday() for date, _, _ in weeks} == {7}
    assert rows(small(), "index", "quarter") == [("2024-03-31", "index", 4.5), ("2024-06-30", "index", 6.5)]


def test_steps_are_the_days_on_which_a_reading_may_change():
    assert rows(small(), "index", "step") == [("2024-03-05", "index", 4.5), ("2024-05-05", "index", 6.5)]


def test_a_series_keeps_to_its_limits():
    day = dt.date.fromisoformat
    assert [d for d, _, _ in rows(small(), "index", start=day("2024-04-30"), end=day("2024-07-30"))] == [
        "2024-04-30",
        "2024-05-31",
        "2024-06-30",
    ]


def test_weights_and_means_by_hand():
    panel = Panel(small())
    doubled = panel.weights.with_dimensions({"b": 2})
    assert rows(small(), "index", weights=doubled)[0][2] == round((2 + 2 * 7) / 3, 9)
    b = (5 * 9**3) ** (1 / 4)  # geometric mean of 1 + score, weights 1 and 3
    assert rows(small(), "index", mean="geometric")[0][2] == round(math.sqrt(3 * b) - 1, 9)


def test_one_coder_alone_or_both():
    data = small(("2024-03-05", "a1", "c2", 5, "2024-03-06T09:00"))
    assert rows(data, "index", "step")[0] == ("2024-03-05", "index", (3.5 + 7) / 2)
    assert rows(data, "index", "step", coder="c1")[0] == ("2024-03-05", "index", (2 + 7) / 2)
    assert rows(data, "indicator", "step", coder="c2") == [("2024-03-05", "a1", 5)]


def test_a_vintage_shows_the_series_as_it_stood():
    data = small(("2024-03-05", "b2", "c1", 4, "2024-06-01T12:00"))
    assert rows(data, "index", as_of=dt.date(2024, 5, 31))[0] == ("2024-03-31", "index", 4.5)
    assert rows(data, "index", as_of=dt.date(2024, 6, 1))[0] == ("2024-03-31", "index", 3)
    assert rows(data, "index", as_of=dt.date(2024, 3, 5)) == []


def test_a_withdrawal_can_leave_too_little_weight_for_a_reading():
    heavy = ({"a": 1}, {"a1": ("a", 1, 100), "a2": ("a", 1, 100)})
    kept = ("2024-01-10", "a1", "c1", 2, "2024-01-11T09:00")
    lost = ("2024-01-10", "a2", "c1", 4, "2024-01-11T09:00")
    withdrawn = ("2024-01-10", "a2", "c1", None, "2024-02-11T09:00")
    newer = ("2024-03-10", "a1", "c1", 3, "2024-03-11T09:00")
    assert [s for _, _, s in rows(dataset(*heavy, kept, lost, newer), "index")] == [3, 3, 3.5]
    data = dataset(*heavy, kept, lost, withdrawn, newer)
    assert rows(data, "index") == []
    assert explain_empty(Panel(data), "index", None, None)


def test_why_there_is_no_reading_at_all():
    none = dataset({"a": 1}, {"a1": ("a", 1, 100)})
    one = dataset({"a": 1}, {"a1": ("a", 1, 100)}, ("2024-01-31", "a1", "c1", 5, "2024-02-10"))
    early = dt.date(2024, 2, 9)
    assert explain_empty(Panel(none), "index", None, None) == "no reading: there are no assessments"
    assert explain_empty(Panel(one, coder="c2"), "index", None, None) == "no reading: there are no assessments"
    assert explain_empty(Panel(one, early), "index", None, None) == (
        "no reading: nothing was recorded up to 2024-02-09; the first rows were recorded on 2024-02-10"
    )


def test_an_indicator_without_events_of_its_own_still_has_a_headline():
    events = pd.DataFrame({"indicator": ["b1"], "date": [pd.Timestamp("2024-01-02")]})
    panel = Panel(dataclasses.replace(small(), events=events))
    headline = read_headline(panel, "a1", dt.date(2024, 6, 1))
    assert (headline.score, headline.score_age_days) == (6, 27)
    assert pd.isna(headline.newest_event)
    assert read_headline(panel, "b", dt.date(2024, 6, 1)).event_age_days == 151


@pytest.mark.parametrize("mean", ["arithmetic", "geometric"])
def test_fresh_is_the_share_of_weight_within_review_days_whatever_the_mean(mean):
    panel = Panel(small(), mean=mean)
    days = pd.DatetimeIndex(["2024-04-19", "2024-04-20", "2024-06-13", "2024-06-14", "2024-08-13", "2024-08-14"])
    table = build_series(panel, "index", days)
    # b1 and the first a1 are fresh to 19 April, b2 to 13 June, the second a1 to 13 August (100 days each).
    b2_only = (0 + 0.75) / 2
    assert table["fresh"].tolist() == [1, b2_only, (1 + 0.75) / 2, 0.5, 0.5, 0]


def test_ranges_hold_the_score_at_every_level():
    for level in ("index", "dimension", "indicator"):
        table = build_series(Panel(small()), level, Panel(small()).dates())
        assert (table["low"] <= table["score"]).all()
        assert (table["score"] <= table["high"]).all()


def test_a_dimension_added_to_the_codebook_appears_in_the_series():
    data = dataset(
        {"a": 1, "new": 1},
        {"a1": ("a", 1, 100), "new1": ("new", 1, 100)},
        ("2024-01-10", "a1", "c1", 2, "2024-01-11T09:00"),
        ("2024-01-10", "new1", "c1", 9, "2024-01-11T09:00"),
    )
    assert rows(data, "dimension") == [("2024-01-31", "a", 2), ("2024-01-31", "new", 9)]
    assert rows(data, "index") == [("2024-01-31", "index", 5.5)]


@pytest.mark.parametrize("level", ["index", "dimension", "indicator"])
@pytest.mark.parametrize(
    ("data", "as_of"), [(dataset(*TWO), None), (dataset(*TWO), dt.date(2024, 1, 1)), (small(), dt.date(2023, 1, 1))]
)
def test_an_empty_series_has_the_same_columns_and_a_reason(data, as_of, level):
    panel = Panel(data, as_of=as_of)
    for dates in (panel.dates(), pd.DatetimeIndex(["2024-03-31"])):
        table = build_series(panel, level, dates)
        assert list(table.columns) == CONTRACT
        assert table.empty
    assert explain_empty(panel, level, None, None)


# The shipped folder, against a calculation that shares no code with the measures.


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shipped") / "data"
    shutil.copytree(DATA, folder)
    format_folder(folder, write=True)
    return load_dataset(folder).dataset


def csv_rows(name):
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def mean_of_weights(pairs, needed):
    """Weighted mean of (weight, value or None), or None with less than the needed share of weight."""
    held = [(weight, value) for weight, value in pairs if value is not None]
    total, present = sum(weight for weight, _ in pairs), sum(weight for weight, _ in held)
    if present < needed * total - 1e-9 or present == 0:
        return None
    return sum(weight * value for weight, value in held) / present


def index_by_hand(day):
    """The index on a day, from the CSV files alone."""
    dimensions, indicators = csv_rows("codebook/dimensions.csv"), csv_rows("codebook/indicators.csv")
    latest = {}  # (indicator, coder, date) -> (recorded, score)
    for dimension in dimensions:
        for row in csv_rows(f"scores/{dimension['dimension']}.csv"):
            key = (row["indicator"], row["coder"], row["date"])
            if row["date"] <= day and row["recorded"] >= latest.get(key, ("", ""))[0]:
                latest[key] = (row["recorded"], row["score"])
    readings = {}
    for indicator in indicators:
        holding = {}
        for (name, coder, date), (_, value) in latest.items():
            if name == indicator["indicator"] and value and date >= holding.get(coder, ("", 0.0))[0]:
                holding[coder] = (date, float(value))
        scores = [value for _, value in holding.values()]
        readings[indicator["indicator"]] = sum(scores) / len(scores) if scores else None
    strands = []
    for dimension in dimensions:
        own = [i for i in indicators if i["dimension"] == dimension["dimension"]]
        value = mean_of_weights([(float(i["weight"]), readings[i["indicator"]]) for i in own], 0.75)
        strands.append((float(dimension["weight"]), value))
    return mean_of_weights(strands, 0.80)


def month_ends(first, last):
    """Month-ends between two (year, month), both included."""
    firsts = [dt.date(y, m, 1) for y in range(first[0], last[0] + 2) for m in range(1, 13)]
    ends = [day - dt.timedelta(days=1) for day in firsts]
    return [str(day) for day in ends if first <= (day.year, day.month) <= last]


@pytest.mark.parametrize("day", ["2022-03-31", "2024-12-31", "2026-06-30"])
def test_the_shipped_index_equals_a_calculation_by_hand(shipped, day):
    table = build_series(Panel(shipped), "index", pd.DatetimeIndex([day]))
    assert table["score"].tolist() == [pytest.approx(index_by_hand(day), rel=0, abs=1e-9)]


def test_the_shipped_index_starts_at_the_first_month_with_enough_coverage(shipped):
    panel = Panel(shipped)
    table = build_series(panel, "index", panel.dates())
    newest = shipped.assessments["date"].max()
    months = month_ends((2020, 1), (newest.year, newest.month))
    first = next(day for day in months if index_by_hand(day) is not None)
    assert table["date"].dt.strftime("%Y-%m-%d").tolist() == months[months.index(first) :]


def test_every_shipped_reading_is_on_the_scale(shipped):
    panel = Panel(shipped)
    for level in ("index", "dimension", "indicator"):
        table = build_series(panel, level, panel.dates()).dropna(subset="score")
        assert table["score"].between(0, 10).all()
        assert (table["low"] <= table["high"]).all()
        assert table["fresh"].between(0, 1).all()
        assert not table.duplicated(["date", "id"]).any()
