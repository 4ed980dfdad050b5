"""Readings: where a coder's line through the reviews stands on a date, under a vintage."""

import csv
import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.measures.readings import (
    NONE,
    draw_line,
    hold_assessments,
    read_indicators,
    reading_dates,
    select_effective,
    step_dates,
)

COLUMNS = ["date", "indicator", "coder", "score", "low", "high", "recorded"]


def assessments(*rows):
    """Rows of (date, indicator, coder, score, low, high, recorded); a score of None withdraws."""
    frame = pd.DataFrame([dict(zip(COLUMNS, row, strict=True)) for row in rows], columns=COLUMNS)
    numbers = {name: frame[name].astype("float64") for name in ("score", "low", "high")}
    times = {name: pd.to_datetime(frame[name], format="ISO8601") for name in ("date", "recorded")}
    return frame.assign(**numbers, **times)


def hold(rows, *days, as_of=None, as_recorded=False):
    """What each coder's line says on some days."""
    effective = select_effective(rows, as_of and dt.date.fromisoformat(as_of))
    return hold_assessments(draw_line(effective, as_recorded), pd.DatetimeIndex(days))


def read(rows, *days, as_of=None, as_recorded=False):
    """The readings on some days, indexed by date and indicator."""
    return read_indicators(hold(rows, *days, as_of=as_of, as_recorded=as_recorded)).set_index(["date", "indicator"])


def score(rows, day, indicator="a", as_of=None, as_recorded=False):
    """One reading's score, or None where there is no reading."""
    readings = read(rows, day, as_of=as_of, as_recorded=as_recorded)["score"]
    key = (pd.Timestamp(day), indicator)
    return float(readings[key]) if key in readings.index else None


def quarter(*between, first=4.0, last=8.0):
    """Reviews on 31 March (first) and 30 June 2024 (last), 91 days apart, with (day, score) between them."""
    days = [("2024-03-31", first), *between, ("2024-06-30", last)]
    return assessments(*((day, "a", "c1", value, value, value, f"{day}T09:00") for day, value in days))


def test_the_line_passes_through_each_review_and_evenly_between_them():
    rows = quarter()
    assert score(rows, "2024-03-30") is None
    assert score(rows, "2024-03-31") == 4
    # 30 of 91 days on the way from 4 to 8.
    assert score(rows, "2024-04-30") == pytest.approx(4 + 4 * 30 / 91, abs=1e-12)
    assert score(rows, "2024-06-30") == 8
    assert score(rows, "2030-01-01") == 8


def test_an_assessment_between_two_reviews_is_a_step_and_the_rest_a_slope_from_it():
    # 6 is half the way; the rest goes evenly over the 61 days from 30 April to 30 June.
    rows = quarter(("2024-04-30", 6.0))
    assert score(rows, "2024-04-29") == 4
    assert score(rows, "2024-04-30") == 6
    assert score(rows, "2024-05-30") == pytest.approx(6 + 2 * 30 / 61, abs=1e-12)


def test_between_two_such_assessments_the_line_is_flat():
    rows = quarter(("2024-04-30", 5.0), ("2024-05-30", 7.0))
    assert [score(rows, day) for day in ("2024-05-29", "2024-05-30")] == [5, 7]
    assert score(rows, "2024-06-15") == pytest.approx(7 + 1 * 16 / 31, abs=1e-12)


def test_a_spike_that_is_gone_at_the_review_moves_nothing_but_dates_the_rest_of_the_way():
    # From 4 down to 2: a 9 in between leads nowhere; the fall begins after it.
    rows = quarter(("2024-04-30", 9.0), last=2.0)
    assert [score(rows, day) for day in ("2024-04-29", "2024-04-30")] == [4, 4]
    assert score(rows, "2024-05-30") == pytest.approx(4 - 2 * 30 / 61, abs=1e-12)


def test_a_score_beyond_the_review_goes_as_far_as_the_review_and_none_goes_back():
    rows = quarter(("2024-04-30", 10.0), ("2024-05-30", 5.0))
    assert [score(rows, day) for day in ("2024-04-30", "2024-05-30", "2024-06-29")] == [8, 8, 8]


def test_equal_reviews_leave_the_line_where_it_is_whatever_lies_between():
    rows = quarter(("2024-04-30", 9.0), first=5.0, last=5.0)
    assert [score(rows, day) for day in ("2024-04-30", "2024-06-15")] == [5, 5]


def test_a_quarter_without_a_review_is_passed_through():
    rows = assessments(
        ("2024-03-31", "a", "c1", 4, 3, 5, "2024-04-02T09:00"),
        ("2024-09-30", "a", "c1", 6, 5, 7, "2024-10-02T09:00"),
    )
    # 91 of 183 days.
    assert score(rows, "2024-06-30") == pytest.approx(4 + 2 * 91 / 183, abs=1e-12)


def test_after_the_last_review_its_score_holds_whatever_was_assessed_since():
    rows = assessments(
        ("2024-03-31", "a", "c1", 4, 3, 5, "2024-04-02T09:00"),
        ("2024-05-15", "a", "c1", 9, 8, 10, "2024-05-16T09:00"),
    )
    assert score(rows, "2024-05-20") == 4
    assert hold(rows, "2024-05-20")["last"].tolist() == [1]


def test_before_the_first_review_and_as_recorded_each_row_holds_until_the_next():
    rows = assessments(
        ("2024-01-10", "a", "c1", 3, 3, 3, "2024-01-11T09:00"),
        ("2024-02-10", "a", "c1", 7, 7, 7, "2024-02-11T09:00"),
        ("2024-03-31", "a", "c1", 4, 4, 4, "2024-04-02T09:00"),
        ("2024-05-15", "a", "c1", 9, 9, 9, "2024-05-16T09:00"),
        ("2024-06-30", "a", "c1", 5, 5, 5, "2024-07-02T09:00"),
    )
    days = ("2024-01-31", "2024-02-29", "2024-04-30", "2024-05-31")
    assert [score(rows, day) for day in days] == [3, 7, 4, pytest.approx(5, abs=1e-12)]
    assert [score(rows, day, as_recorded=True) for day in days] == [3, 7, 4, 9]


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
    assert score(rows, "2024-03-31") == 2
    assert score(rows, "2024-06-30") == score(rows, "2024-07-31") == 6


def test_after_a_withdrawal_the_previous_dates_row_holds_again():
    rows = assessments(
        ("2024-03-31", "a", "c1", 4, 3, 5, "2024-04-02T09:00"),
        ("2024-06-30", "a", "c1", 6, 5, 7, "2024-07-02T09:00"),
        ("2024-06-30", "a", "c1", None, None, None, "2024-08-01T09:00"),
    )
    assert score(rows, "2024-06-30") == 4
    assert score(rows, "2024-06-30", as_of="2024-07-31") == 6
    reading = read(rows, "2024-06-30").loc[("2024-06-30", "a")]
    assert (reading["low"], reading["high"], reading["fresh"]) == (3, 5, 0)


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
    readings = read(rows, "2024-03-31", "2024-06-30")
    assert readings["score"].tolist() == [4, 6.5]
    assert readings["low"].tolist() == [3, 5.25]
    assert readings["high"].tolist() == [5, 7.75]
    assert readings["coders"].tolist() == [1, 2]


def test_fresh_is_the_share_of_the_coders_who_reviewed_the_dates_quarter():
    rows = assessments(
        ("2024-03-31", "a", "c1", 4, 4, 4, "2024-04-02T09:00"),
        ("2024-02-11", "a", "c2", 6, 6, 6, "2024-04-02T09:00"),
        ("2024-06-30", "a", "c2", 6, 6, 6, "2024-07-02T09:00"),
    )
    days = ["2024-03-31", "2024-04-01", "2024-06-30", "2024-07-01"]
    assert read(rows, *days)["fresh"].tolist() == [0.5, 0.5, 0.5, 0]
    assert read(rows, *days, as_recorded=True)["fresh"].tolist() == [0.5, 0.5, 0.5, 0]


def test_reviews_missed_are_counted_from_the_last_and_to_the_next_one():
    rows = assessments(
        ("2024-03-31", "a", "c1", 4, 4, 4, "2024-04-02T09:00"),
        ("2025-03-31", "a", "c1", 6, 6, 6, "2025-04-02T09:00"),
    )
    # Missed: 30 June, 30 September, 31 December 2024; from December on the next review is nearer.
    days = ["2024-06-29", "2024-06-30", "2024-09-30", "2024-12-31", "2025-03-30", "2025-03-31", "2025-12-31"]
    assert hold(rows, *days)["missed"].tolist() == [0, 1, 2, 1, 1, 0, 3]
    assert hold(rows, *days, as_recorded=True)["missed"].tolist() == [0, 1, 2, 3, 3, 0, 3]


def test_each_holding_names_the_row_it_rests_on():
    rows = assessments(
        ("2024-06-30", "a", "c1", 6, 5, 7, "2024-07-02T09:00"),
        ("2024-03-31", "a", "c1", 4, 3, 5, "2024-04-02T09:00"),
    ).set_index(pd.Index([70, 30]))
    held = hold(rows, "2024-04-30", "2024-07-31")
    assert held["row"].tolist() == [30, 70]
    assert held["next"].tolist() == [70, NONE]
    assert held["share"].tolist() == [pytest.approx(30 / 91), 0]
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
START = pd.Timestamp("2024-03-29")  # two days before a quarter ends
HALVES = st.integers(0, 20).map(lambda n: n / 2)


ENDS = [pd.Timestamp(day) for day in ("2024-03-31", "2024-06-30", "2024-09-30")]
ASSESSED = [*ENDS, *(START + pd.Timedelta(days=n) for n in (0, 1, 20, 50, 110, 120))]


@st.composite
def ledgers(draw, least=0):
    """Rows with replacements and withdrawals, in any order; no two are recorded at the same second."""
    seconds = draw(st.lists(st.integers(0, 40 * 86400), min_size=least, max_size=14, unique=True))
    rows = []
    for second in seconds:
        points = draw(st.none() | st.lists(HALVES, min_size=3, max_size=3).map(sorted))
        low, value, high = points or (None, None, None)
        day = draw(st.sampled_from(ASSESSED))
        recorded = START + pd.Timedelta(seconds=second)
        rows.append(
            (day, draw(st.sampled_from("abc")), draw(st.sampled_from(["c1", "c2"])), value, low, high, recorded)
        )
    return assessments(*rows)


DAYS = sorted({*ENDS, *(START + pd.Timedelta(days=n) for n in range(-1, 200, 7))})
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
    as_of = as_of or "2024-04-12"
    early = rows[rows["recorded"] < pd.Timestamp(as_of) + pd.Timedelta(days=1)]
    pd.testing.assert_frame_equal(read(rows, *DAYS, as_of=as_of), read(early, *DAYS))


@briefly
@given(ledgers(least=1), st.sampled_from(ENDS))
def test_rows_dated_after_a_review_never_change_readings_up_to_it(rows, end):
    effective = select_effective(rows)
    reviewed = effective[effective["date"] == end].set_index(["indicator", "coder"]).index
    keys = pd.MultiIndex.from_frame(rows[["indicator", "coder"]])
    own = rows[keys.isin(reviewed)]
    before = [day for day in DAYS if day <= end]
    pd.testing.assert_frame_equal(read(own, *before), read(own[own["date"] <= end], *before))


@briefly
@given(ledgers(least=1))
def test_between_two_reviews_the_line_goes_one_way_within_their_span(rows):
    effective = select_effective(rows)
    held = hold_assessments(draw_line(effective), pd.DatetimeIndex(DAYS))
    between = held[held["next"] != NONE]
    for (first, last), stretch in between.groupby(["row", "next"]):
        ends = effective.loc[[first, last], "score"].tolist()
        way = stretch.sort_values("date")["score"]
        assert way.between(min(ends) - 1e-12, max(ends) + 1e-12).all()
        steps = way.diff().dropna()
        assert (steps >= -1e-12).all() if ends[1] >= ends[0] else (steps <= 1e-12).all()


@briefly
@given(ledgers(least=1))
def test_on_the_day_of_a_review_the_line_is_the_review(rows):
    effective = select_effective(rows)
    reviews = effective[effective["date"].dt.is_quarter_end]
    held = hold_assessments(draw_line(effective), pd.DatetimeIndex(ENDS))
    found = held.set_index(["indicator", "coder", "date"])["score"]
    expected = reviews.set_index(["indicator", "coder", "date"])["score"]
    assert {key: found[key] for key in expected.index} == expected.to_dict()


@briefly
@given(ledgers(least=1))
def test_readings_stay_within_the_scores_held_and_fresh_is_a_share(rows):
    effective = select_effective(rows)
    held = hold_assessments(draw_line(effective), pd.DatetimeIndex(DAYS))
    readings = read_indicators(held)
    spans = {key: (g["score"].min(), g["score"].max()) for key, g in held.groupby(["date", "indicator"])}
    assert len(readings) == len(spans)
    for row in readings.itertuples():
        lowest, highest = spans[row.date, row.indicator]
        assert lowest - 1e-12 <= row.score <= highest + 1e-12
        assert 0 <= row.low <= row.score + 1e-12 <= row.high + 2e-12 <= 10 + 3e-12
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


# The shipped rows, against a calculation that shares no code with the measures.

DATA = Path(__file__).parents[2] / "data"
RECOMPUTED = ("mil_incidents", "mil_arms_support", "cyb_espionage", "san_us_measures", "dip_leader_contact")


def read_in_force(file):
    """{(indicator, coder): {date: score}} of the rows in force, read with csv alone."""
    last = {}
    with (DATA / "scores" / file).open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            key = (row["indicator"], row["coder"], row["date"])
            if row["recorded"] >= last.get(key, ("", ""))[0]:
                last[key] = (row["recorded"], row["score"])
    found = {}
    for (indicator, coder, date), (_, value) in last.items():
        if value:
            found.setdefault((indicator, coder), {})[dt.date.fromisoformat(date)] = float(value)
    return found


def walk(scores, first, last, day):
    """Where a coder's line stands on a day between two reviews, by walking through what lies between."""
    start, end = scores[first], scores[last]
    place, since = start, first
    for date in sorted(scores):
        if first < date <= min(day, last - dt.timedelta(days=1)):
            since = date
            if end > start:
                place = min(max(place, scores[date]), end)
            elif end < start:
                place = max(min(place, scores[date]), end)
    later = [date for date in scores if day < date < last]
    if since == first and later:
        return start
    return place if later else place + (end - place) * (day - since).days / (last - since).days


@pytest.mark.parametrize(
    ("first", "last"),
    [("2021-12-31", "2022-03-31"), ("2024-06-30", "2024-09-30"), ("2024-12-31", "2025-03-31")],
)
def test_three_quarters_of_five_shipped_indicators_are_those_of_a_walk_by_hand(first, last):
    known = {
        key: s
        for file in ("military.csv", "cyber.csv", "sanctions.csv", "diplomacy.csv")
        for key, s in read_in_force(file).items()
        if key[0] in RECOMPUTED
    }
    days = pd.date_range(first, last)
    rows = assessments(
        *(
            (str(day), indicator, coder, value, value, value, f"{day}T09:00")
            for (indicator, coder), scores in known.items()
            for day, value in scores.items()
        )
    )
    found = hold(rows, *days).set_index(["indicator", "coder", "date"])["score"]
    ends = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    assert {indicator for indicator, _ in known} == set(RECOMPUTED)
    for (indicator, coder), scores in known.items():
        expected = [walk(scores, *ends, day.date()) for day in days]
        assert found[indicator, coder].tolist() == pytest.approx(expected, abs=1e-9)
