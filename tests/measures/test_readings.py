"""Readings: which score holds on a date under a vintage, and how wide its range has become."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.measures.readings import (
    hold_assessments,
    read_indicators,
    reading_dates,
    select_effective,
    step_dates,
)

COLUMNS = ["date", "indicator", "coder", "score", "low", "high", "recorded"]
REVIEW = pd.Series({"a": 100, "b": 30, "c": 1})


def assessments(*rows):
    """Rows of (date, indicator, coder, score, low, high, recorded); a score of None withdraws."""
    frame = pd.DataFrame([dict(zip(COLUMNS, row, strict=True)) for row in rows], columns=COLUMNS)
    numbers = {name: frame[name].astype("float64") for name in ("score", "low", "high")}
    times = {name: pd.to_datetime(frame[name], format="ISO8601") for name in ("date", "recorded")}
    return frame.assign(**numbers, **times)


def read(rows, *days, as_of=None):
    """The readings on some days, indexed by date and indicator."""
    effective = select_effective(rows, as_of and dt.date.fromisoformat(as_of))
    return read_indicators(hold_assessments(effective, REVIEW, pd.DatetimeIndex(days))).set_index(["date", "indicator"])


def score(rows, day, indicator="a", as_of=None):
    """One reading's score, or None where there is no reading."""
    readings = read(rows, day, as_of=as_of)["score"]
    key = (pd.Timestamp(day), indicator)
    return float(readings[key]) if key in readings.index else None


def test_a_score_holds_from_its_date_until_the_next_one():
    rows = assessments(
        ("2024-03-31", "a", "c1", 4, 3, 5, "2024-04-02T09:00"),
        ("2024-06-30", "a", "c1", 6.5, 6, 7, "2024-07-02T09:00"),
    )
    assert score(rows, "2024-03-30") is None
    assert score(rows, "2024-03-31") == 4
    assert score(rows, "2024-06-29") == 4
    assert score(rows, "2024-06-30") == 6.5
    assert score(rows, "2030-01-01") == 6.5


def test_the_row_recorded_last_replaces_the_earlier_ones_of_its_date():
    rows = assessments(
        ("2024-03-31", "a", "c1", 5, 4, 6, "2024-05-01T09:00"),
        ("2024-03-31", "a", "c1", 4, 3, 5, "2024-04-02T09:00"),
        ("2024-03-31", "a", "c1", 4.5, 4, 5, "2024-04-20T09:00"),
    )
    assert score(rows, "2024-04-30") == 5
    assert select_effective(rows).index.tolist() == [0]


def test_a_correction_of_the_past_does_not_reach_beyond_the_next_date():
    rows = assessments(
        ("2024-03-31", "a", "c1", 4, 3, 5, "2024-04-02T09:00"),
        ("2024-06-30", "a", "c1", 6, 5, 7, "2024-07-02T09:00"),
        ("2024-03-31", "a", "c1", 2, 1, 3, "2024-12-01T09:00"),
    )
    assert score(rows, "2024-05-31") == 2
    assert score(rows, "2024-07-31") == 6


def test_after_a_withdrawal_the_previous_dates_row_holds_again():
    rows = assessments(
        ("2024-03-31", "a", "c1", 4, 3, 5, "2024-04-02T09:00"),
        ("2024-06-30", "a", "c1", 6, 5, 7, "2024-07-02T09:00"),
        ("2024-06-30", "a", "c1", None, None, None, "2024-08-01T09:00"),
    )
    assert score(rows, "2024-06-30") == 4
    assert score(rows, "2024-06-30", as_of="2024-07-31") == 6
    reading = read(rows, "2024-06-30").loc[("2024-06-30", "a")]
    assert (reading["low"], reading["high"], reading["fresh"]) == (3, 5, 1)


def test_a_withdrawn_first_row_leaves_no_reading_and_never_a_zero():
    rows = assessments(
        ("2024-03-31", "a", "c1", 4, 3, 5, "2024-04-02T09:00"),
        ("2024-03-31", "a", "c1", None, None, None, "2024-04-03T09:00"),
    )
    assert read(rows, "2024-03-31", "2025-03-31").empty


def test_a_withdrawn_date_can_be_scored_again():
    rows = assessments(
        ("2024-03-31", "a", "c1", 4, 3, 5, "2024-04-02T09:00"),
        ("2024-03-31", "a", "c1", None, None, None, "2024-04-03T09:00"),
        ("2024-03-31", "a", "c1", 7, 6, 8, "2024-04-04T09:00"),
    )
    assert score(rows, "2024-03-31") == 7


def test_one_coders_withdrawal_leaves_the_other_coders_row():
    rows = assessments(
        ("2024-03-31", "a", "c1", 4, 3, 5, "2024-04-02T09:00"),
        ("2024-03-31", "a", "c2", 7, 6, 8, "2024-04-02T09:00"),
        ("2024-03-31", "a", "c2", None, None, None, "2024-04-03T09:00"),
    )
    reading = read(rows, "2024-03-31").loc[("2024-03-31", "a")]
    assert (reading["score"], reading["coders"]) == (4, 1)


@pytest.mark.parametrize(
    ("recorded", "as_of", "seen"),
    [
        ("2024-04-02T00:00:00", "2024-04-01", False),
        ("2024-04-02T00:00:00", "2024-04-02", True),
        ("2024-04-02T23:59:59", "2024-04-01", False),
        ("2024-04-02T23:59:59", "2024-04-02", True),
        ("2024-04-03T00:00:00", "2024-04-02", False),
    ],
)
def test_a_vintage_ends_with_its_day_in_utc(recorded, as_of, seen):
    rows = assessments(("2024-03-31", "a", "c1", 4, 3, 5, recorded))
    assert score(rows, "2024-03-31", as_of=as_of) == (4 if seen else None)


def test_the_reading_of_two_coders_is_their_mean_though_their_dates_differ():
    rows = assessments(
        ("2024-03-31", "a", "c1", 4, 3, 5, "2024-04-02T09:00"),
        ("2024-05-15", "a", "c2", 7, 5, 8.5, "2024-05-16T09:00"),
        ("2024-06-30", "a", "c1", 6, 5.5, 7, "2024-07-02T09:00"),
    )
    readings = read(rows, "2024-04-30", "2024-05-15", "2024-06-30")
    assert readings["score"].tolist() == [4, 5.5, 6.5]
    assert readings["low"].tolist() == [3, 4, 5.25]
    assert readings["high"].tolist() == [5, 6.75, 7.75]
    assert readings["coders"].tolist() == [1, 2, 2]


def test_fresh_is_the_share_of_the_coders_within_their_review_days():
    rows = assessments(
        ("2024-01-01", "a", "c1", 4, 4, 4, "2024-04-02T09:00"),
        ("2024-01-11", "a", "c2", 6, 6, 6, "2024-04-02T09:00"),
    )
    # 100 days after 2024-01-01 is 2024-04-10; after 2024-01-11 it is 2024-04-20.
    days = ["2024-04-10", "2024-04-11", "2024-04-20", "2024-04-21"]
    assert read(rows, *days)["fresh"].tolist() == [1, 0.5, 0.5, 0]


@pytest.mark.parametrize(
    ("age", "widening", "fresh"),
    [
        (0, 0, True),
        (100, 0, True),
        (101, 0.5, False),
        (200, 0.5, False),
        (201, 1, False),
        (300, 1, False),
        (301, 1.5, False),
    ],
)
def test_a_carried_range_widens_by_a_half_for_each_review_period_begun(age, widening, fresh):
    rows = assessments(("2024-01-01", "a", "c1", 5, 4, 6.5, "2024-01-01T09:00"))
    day = pd.Timestamp("2024-01-01") + pd.Timedelta(days=age)
    held = hold_assessments(select_effective(rows), REVIEW, pd.DatetimeIndex([day])).iloc[0]
    assert (held["low"], held["high"]) == (4 - widening, 6.5 + widening)
    assert held["widening"] == widening
    assert bool(held["fresh"]) is fresh
    assert held["score"] == 5


def test_each_indicator_has_its_own_review_days():
    rows = assessments(
        ("2024-01-01", "a", "c1", 5, 5, 5, "2024-01-01T09:00"),
        ("2024-01-01", "b", "c1", 5, 5, 5, "2024-01-01T09:00"),
    )
    readings = read(rows, "2024-02-01").droplevel("date")
    assert readings["fresh"].to_dict() == {"a": 1, "b": 0}
    assert readings["low"].to_dict() == {"a": 5, "b": 4.5}


def test_a_carried_range_stops_at_the_ends_of_the_scale():
    rows = assessments(("2024-01-01", "a", "c1", 9, 0.5, 9.5, "2024-01-01T09:00"))
    readings = read(rows, "2024-07-01", "2034-01-01")
    assert readings["low"].tolist() == [0, 0]
    assert readings["high"].tolist() == [10, 10]


def test_a_new_assessment_ends_the_widening():
    rows = assessments(
        ("2024-01-01", "a", "c1", 5, 4, 6, "2024-01-01T09:00"),
        ("2025-01-01", "a", "c1", 5, 4, 6, "2025-01-01T09:00"),
    )
    readings = read(rows, "2024-12-31", "2025-01-01")
    assert readings["low"].tolist() == [2.5, 4]  # 365 days: three further periods of 100 days begun
    assert readings["fresh"].tolist() == [0, 1]


def test_each_holding_names_the_row_it_rests_on():
    rows = assessments(
        ("2024-06-30", "a", "c1", 6, 5, 7, "2024-07-02T09:00"),
        ("2024-03-31", "a", "c1", 4, 3, 5, "2024-04-02T09:00"),
    ).set_index(pd.Index([70, 30]))
    held = hold_assessments(select_effective(rows), REVIEW, pd.DatetimeIndex(["2024-04-30", "2024-07-31"]))
    assert held["row"].tolist() == [30, 70]
    assert held["assessed"].tolist() == [pd.Timestamp("2024-03-31"), pd.Timestamp("2024-06-30")]


def test_no_assessments_give_no_readings():
    assert read(assessments(), "2024-03-31").empty


WEEKS_IN_MARCH = ["2024-03-03", "2024-03-10", "2024-03-17", "2024-03-24", "2024-03-31"]


@pytest.mark.parametrize(
    ("freq", "expected"),
    [
        ("month", ["2024-02-29", "2024-03-31", "2024-04-30"]),
        ("quarter", ["2024-03-31", "2024-06-30"]),
        ("week", ["2024-02-11", "2024-02-18", "2024-02-25", *WEEKS_IN_MARCH, "2024-04-07", "2024-04-14"]),
    ],
)
def test_reading_dates_are_period_ends_up_to_the_period_of_the_newest_assessment(freq, expected):
    rows = assessments(
        ("2024-02-07", "a", "c1", 5, 4, 6, "2024-04-10T09:00"),
        ("2024-04-10", "a", "c1", 5, 4, 6, "2024-04-10T09:00"),
    )
    dates = reading_dates(rows, freq)
    assert dates.strftime("%Y-%m-%d").tolist() == expected


def test_reading_dates_keep_to_both_limits():
    rows = assessments(("2024-02-07", "a", "c1", 5, 4, 6, "2024-04-10T09:00"))
    dates = reading_dates(rows, "month", dt.date(2023, 12, 31), dt.date(2024, 2, 28))
    assert dates.strftime("%Y-%m-%d").tolist() == ["2023-12-31", "2024-01-31"]
    assert reading_dates(assessments()).empty


def test_steps_are_the_dates_of_the_assessments_in_force():
    rows = assessments(
        ("2024-06-30", "b", "c1", 5, 4, 6, "2024-07-01T09:00"),
        ("2024-03-31", "a", "c1", 5, 4, 6, "2024-07-01T09:00"),
        ("2024-03-31", "b", "c2", 5, 4, 6, "2024-07-01T09:00"),
        ("2024-05-31", "a", "c1", 5, 4, 6, "2024-07-01T09:00"),
        ("2024-05-31", "a", "c1", None, None, None, "2024-07-02T09:00"),
    )
    assert step_dates(select_effective(rows)).strftime("%Y-%m-%d").tolist() == ["2024-03-31", "2024-06-30"]


# Rules that hold for all inputs. Days count from START; each row is recorded at a second of its own.

briefly = settings(max_examples=30, deadline=None)
START = pd.Timestamp("2024-01-01")
HALVES = st.integers(0, 20).map(lambda n: n / 2)


@st.composite
def ledgers(draw, least=0):
    """Rows with replacements and withdrawals, in any order; no two are recorded at the same second."""
    seconds = draw(st.lists(st.integers(0, 40 * 86400), min_size=least, max_size=14, unique=True))
    rows = []
    for second in seconds:
        points = draw(st.none() | st.lists(HALVES, min_size=3, max_size=3).map(sorted))
        low, value, high = points or (None, None, None)
        day = START + pd.Timedelta(days=draw(st.integers(0, 5)))
        recorded = START + pd.Timedelta(seconds=second)
        rows.append(
            (day, draw(st.sampled_from("abc")), draw(st.sampled_from(["c1", "c2"])), value, low, high, recorded)
        )
    return assessments(*rows)


DAYS = [START + pd.Timedelta(days=n) for n in range(-1, 60, 3)]
VINTAGES = st.none() | st.integers(-1, 41).map(lambda n: str((START + pd.Timedelta(days=n)).date()))


@briefly
@given(ledgers(), VINTAGES, st.randoms(use_true_random=False))
def test_the_order_of_rows_leaves_readings_unchanged(rows, as_of, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    pd.testing.assert_frame_equal(read(rows.iloc[order], *DAYS, as_of=as_of), read(rows, *DAYS, as_of=as_of))


@briefly
@given(ledgers(), VINTAGES)
def test_the_names_of_coders_leave_readings_unchanged(rows, as_of):
    swapped = rows.assign(coder=rows["coder"].map({"c1": "z", "c2": "b"}).astype(rows["coder"].dtype))
    pd.testing.assert_frame_equal(read(swapped, *DAYS, as_of=as_of), read(rows, *DAYS, as_of=as_of))


@briefly
@given(ledgers(least=1), VINTAGES)
def test_rows_recorded_later_never_change_an_earlier_vintage(rows, as_of):
    as_of = as_of or "2024-01-15"
    early = rows[rows["recorded"] < pd.Timestamp(as_of) + pd.Timedelta(days=1)]
    pd.testing.assert_frame_equal(read(rows, *DAYS, as_of=as_of), read(early, *DAYS))


@briefly
@given(ledgers(least=1), st.integers(0, 6))
def test_rows_dated_later_never_change_earlier_readings(rows, day):
    limit = START + pd.Timedelta(days=day)
    before = [d for d in DAYS if d < limit] + [limit - pd.Timedelta(days=1)]
    pd.testing.assert_frame_equal(read(rows, *before), read(rows[rows["date"] < limit], *before))


@briefly
@given(ledgers(least=1))
def test_readings_stay_within_the_scores_held_and_fresh_is_a_share(rows):
    effective = select_effective(rows)
    held = hold_assessments(effective, REVIEW, pd.DatetimeIndex(DAYS))
    readings = read_indicators(held)
    spans = {key: (g["score"].min(), g["score"].max()) for key, g in held.groupby(["date", "indicator"])}
    assert len(readings) == len(spans)
    for row in readings.itertuples():
        lowest, highest = spans[row.date, row.indicator]
        assert lowest <= row.score <= highest
        assert 0 <= row.low <= row.score <= row.high <= 10
        assert 0 <= row.fresh <= 1
        assert row.coders in (1, 2)


@briefly
@given(ledgers(least=1))
def test_at_most_one_row_is_in_force_for_each_indicator_coder_and_date(rows):
    effective = select_effective(rows)
    assert not effective.duplicated(["indicator", "coder", "date"]).any()
    assert effective["score"].notna().all()
    last = rows.sort_values("recorded").groupby(["indicator", "coder", "date"]).tail(1)
    assert set(effective.index) == set(last.index[last["score"].notna()])
