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
CONTRACT = ["date", "id", "score", "low", "high", "fresh", "state"]


def dataset(dimensions, indicators, *rows):
    """A dataset of {dimension: weight}, {indicator: (dimension, weight)} and assessments.

    Rows are (date, indicator, coder, score, recorded); the plausible range is one point to either side.
    """
    names = ["date", "indicator", "coder", "score", "recorded"]
    frame = pd.DataFrame([dict(zip(names, row, strict=True)) for row in rows], columns=names)
    frame["score"] = frame["score"].astype("float64")
    for name in ("date", "recorded"):
        frame[name] = pd.to_datetime(frame[name], format="ISO8601")
    tables = {field.name: pd.DataFrame() for field in dataclasses.fields(Dataset)}
    tables["dimensions"] = pd.DataFrame({"weight": dimensions})
    columns = ["dimension", "weight"]
    tables["indicators"] = pd.DataFrame.from_dict(indicators, orient="index", columns=columns)
    tables["assessments"] = frame.assign(low=frame["score"] - 1, high=frame["score"] + 1)
    tables["events"] = pd.DataFrame({"indicator": pd.Series(dtype="str"), "date": pd.Series(dtype="datetime64[us]")})
    return Dataset(**tables)


TWO = ({"a": 1, "b": 1}, {"a1": ("a", 1), "b1": ("b", 1), "b2": ("b", 3)})


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


def test_every_day_has_a_row_where_days_are_asked_for():
    found = rows(small(), "index", "day")
    assert len(found) == 62  # 5 March to 5 May
    assert (found[0], found[-2], found[-1]) == (
        ("2024-03-05", "index", 4.5),
        ("2024-05-04", "index", 4.5),
        ("2024-05-05", "index", 6.5),
    )


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
    assert rows(data, "index", "day")[0] == ("2024-03-05", "index", (3.5 + 7) / 2)
    assert rows(data, "index", "day", coder="c1")[0] == ("2024-03-05", "index", (2 + 7) / 2)
    assert rows(data, "indicator", "day", coder="c2") == [("2024-03-05", "a1", 5)]


def test_a_vintage_shows_the_series_as_it_stood():
    data = small(("2024-03-05", "b2", "c1", 4, "2024-06-01T12:00"))
    assert rows(data, "index", as_of=dt.date(2024, 5, 31))[0] == ("2024-03-31", "index", 4.5)
    assert rows(data, "index", as_of=dt.date(2024, 6, 1))[0] == ("2024-03-31", "index", 3)
    assert rows(data, "index", as_of=dt.date(2024, 3, 5)) == []


def test_a_withdrawal_can_leave_too_little_weight_for_a_reading():
    heavy = ({"a": 1}, {"a1": ("a", 1), "a2": ("a", 1)})
    kept = ("2024-01-10", "a1", "c1", 2, "2024-01-11T09:00")
    lost = ("2024-01-10", "a2", "c1", 4, "2024-01-11T09:00")
    withdrawn = ("2024-01-10", "a2", "c1", None, "2024-02-11T09:00")
    newer = ("2024-03-10", "a1", "c1", 3, "2024-03-11T09:00")
    assert [s for _, _, s in rows(dataset(*heavy, kept, lost, newer), "index")] == [3, 3, 3.5]
    data = dataset(*heavy, kept, lost, withdrawn, newer)
    assert rows(data, "index") == []
    assert explain_empty(Panel(data), "index", None, None)


def test_why_there_is_no_reading_at_all():
    none = dataset({"a": 1}, {"a1": ("a", 1)})
    one = dataset({"a": 1}, {"a1": ("a", 1)}, ("2024-01-31", "a1", "c1", 5, "2024-02-10"))
    early = dt.date(2024, 2, 9)
    assert explain_empty(Panel(none), "index", None, None) == "no reading: there are no assessments"
    assert explain_empty(Panel(one, coder="c2"), "index", None, None) == "no reading: there are no assessments"
    assert explain_empty(Panel(one, early), "index", None, None) == (
        "no reading: nothing was recorded up to 2024-02-09; the first rows were recorded on 2024-02-10"
    )


def reviewed(*more):
    """The two dimensions with every indicator reviewed in two quarters; more rows may follow."""
    first = (("a1", 2), ("b1", 4), ("b2", 8))
    last = (("a1", 4), ("b1", 4), ("b2", 4))
    return dataset(
        *TWO,
        *(("2024-03-31", id, "c1", value, "2024-04-02T09:00") for id, value in first),
        *(("2024-06-30", id, "c1", value, "2024-07-02T09:00") for id, value in last),
        *more,
    )


def test_the_headline_is_the_newest_settled_quarter_not_the_newest_score():
    panel = Panel(reviewed(("2024-08-05", "a1", "c1", 10, "2024-08-06T09:00")))
    headline = read_headline(panel, "index", dt.date(2024, 8, 20))
    # a is 2, then 4; b is (4 + 3 x 8) / 4 = 7, then 4.
    assert (str(headline.date.date()), headline.score, headline.quarter_ago_score) == ("2024-06-30", 4, 4.5)
    assert (headline.quarter_change, headline.change) == (-0.5, None)
    assert (headline.peak, [str(day.date()) for day in headline.highest]) == (4.5, ["2024-03-31"])
    assert (str(headline.due.date()), headline.carried, headline.score_age_days) == ("2024-09-30", 0, 15)
    assert read_headline(panel, "index", dt.date(2025, 1, 1)).carried == 2


def test_quarters_near_the_highest_are_named_with_it():
    panel = Panel(
        reviewed(*(("2024-09-30", id, "c1", v, "2024-10-02") for id, v in (("a1", 2), ("b1", 3.8), ("b2", 8))))
    )
    headline = read_headline(panel, "index", dt.date(2024, 10, 5))
    # b is (3.8 + 24) / 4 = 6.95, the index 4.475: within a tenth of 4.5.
    assert headline.score == pytest.approx(4.475)
    assert [str(day.date()) for day in headline.highest] == ["2024-03-31", "2024-09-30"]
    assert str(headline.highest_since.date()) == "2024-03-31"


def test_an_indicator_without_events_of_its_own_still_has_a_headline():
    events = pd.DataFrame({"indicator": ["b1"], "date": [pd.Timestamp("2024-01-02")]})
    panel = Panel(dataclasses.replace(reviewed(), events=events))
    headline = read_headline(panel, "a1", dt.date(2024, 7, 27))
    assert (headline.score, headline.score_age_days) == (4, 27)
    assert pd.isna(headline.newest_event)
    assert read_headline(panel, "b", dt.date(2024, 6, 1)).event_age_days == 151


def test_without_a_settled_quarter_there_is_no_headline():
    assert read_headline(Panel(small()), "index", dt.date(2024, 6, 1)) is None


@pytest.mark.parametrize("mean", ["arithmetic", "geometric"])
def test_fresh_is_the_share_of_weight_reviewed_in_the_dates_quarter_whatever_the_mean(mean):
    data = reviewed(("2024-09-30", "b2", "c1", 4, "2024-10-02T09:00"))
    days = pd.DatetimeIndex(["2024-03-31", "2024-05-15", "2024-08-15", "2024-10-01"])
    # In the third quarter b2 alone: three quarters of b, three eighths of the index.
    assert build_series(Panel(data, mean=mean), "index", days)["fresh"].tolist() == [1, 1, 0.375, 0]


def test_a_quarter_is_settled_carried_or_open():
    # 2024-09-30 is reviewed in b only (b1 and b2: half of the index), 2024-12-31 everywhere.
    data = reviewed(
        *(("2024-09-30", id, "c1", 4, "2024-10-02T09:00") for id in ("b1", "b2")),
        *(("2024-12-31", id, "c1", 4, "2025-01-02T09:00") for id in ("a1", "b1", "b2")),
    )
    days = pd.DatetimeIndex(["2024-05-15", "2024-08-15", "2024-09-30", "2024-12-31", "2025-02-01", "2025-03-31"])
    found = {level: build_series(Panel(data), level, days) for level in ("index", "dimension")}
    index = ["settled", "carried", "carried", "settled", "open", "carried"]
    assert found["index"]["state"].tolist() == index
    b = found["dimension"].query("id == 'b'")["state"].tolist()
    assert b == ["settled", "settled", "settled", "settled", "open", "carried"]


def test_ranges_hold_the_score_at_every_level():
    for level in ("index", "dimension", "indicator"):
        table = build_series(Panel(small()), level, Panel(small()).dates("month"))
        assert (table["low"] <= table["score"]).all()
        assert (table["score"] <= table["high"]).all()


def test_a_dimension_added_to_the_codebook_appears_in_the_series():
    data = dataset(
        {"a": 1, "new": 1},
        {"a1": ("a", 1), "new1": ("new", 1)},
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
    for dates in (panel.dates("month"), pd.DatetimeIndex(["2024-03-31"])):
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
        # On a quarter's last day the line stands on the review, which is the newest row.
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


@pytest.mark.parametrize("day", ["2022-03-31", "2024-12-31", "2026-06-30"])
def test_the_shipped_index_equals_a_calculation_by_hand(shipped, day):
    table = build_series(Panel(shipped), "index", pd.DatetimeIndex([day]))
    assert table["score"].tolist() == [pytest.approx(index_by_hand(day), rel=0, abs=1e-9)]


def test_the_shipped_index_has_no_saw_of_event_days_and_quarter_ends(shipped):
    """Held from row to row, it rises within every quarter and falls at its end."""
    days = pd.date_range("2022-07-01", "2026-09-30")
    spread = {}
    for as_recorded in (False, True):
        index = Panel(shipped, as_recorded=as_recorded).composite(days).index
        means = index.groupby((index.index.month - 1) % 3).mean()
        spread[as_recorded] = means.max() - means.min()
    assert spread[False] <= 0.03
    assert spread[True] > 0.07


def test_the_day_of_the_invasion_is_a_step(shipped):
    index = Panel(shipped).composite(pd.date_range("2022-02-22", "2022-02-24")).index
    assert index.iloc[2] - index.iloc[1] > 0.25


def test_every_shipped_reading_is_on_the_scale(shipped):
    panel = Panel(shipped)
    for level in ("index", "dimension", "indicator"):
        table = build_series(panel, level, panel.dates()).dropna(subset="score")
        assert table["score"].between(0, 10).all()
        assert (table["low"] <= table["high"]).all()
        assert table["fresh"].between(0, 1).all()
        assert not table.duplicated(["date", "id"]).any()
