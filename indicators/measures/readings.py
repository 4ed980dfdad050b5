"""Assessments to readings: the line through the reviews, under which vintage, and how old it is.

A *review* is an assessment dated on the last day of a quarter. Scores are set on event days as well, which moves a
reading up at once, while what has calmed down is seen at the review only: held from row to row, readings would rise in
the course of every quarter and fall at its end. So a coder's line goes through the reviews. From one review (score s0)
to the next (s1) it goes as far towards s1 as the assessments between them say, never away from it, past it or back,
and from the last of them evenly to s1. The day's value is ``(1 - share) * s0 + share * s1``: draws and the change
ledger use the same share.
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from indicators.records.errors import IndicatorsError

FREQUENCIES = {"quarter": "QE", "month": "ME", "week": "W-SUN", "day": "D"}

NONE = -1
"""Label in place of a row where there is none."""

HELD = [
    *("date", "indicator", "coder", "row", "next", "share", "last", "assessed"),
    *("score", "low", "high", "missed", "fresh"),
]

Days = NDArray[np.int64]


class NoReadingError(IndicatorsError):
    """What was asked for needs a reading, or more of them, that the data do not have."""


def select_recorded(rows: pd.DataFrame, as_of: dt.date | None) -> pd.DataFrame:
    """Return the rows that were recorded up to the end of the day ``as_of`` (UTC); all rows where it is ``None``."""
    return rows if as_of is None else rows[rows["recorded"] < pd.Timestamp(as_of) + pd.Timedelta(days=1)]


def select_effective(assessments: pd.DataFrame, as_of: dt.date | None = None) -> pd.DataFrame:
    """Return the rows in force under a vintage, ordered by indicator, coder and date.

    Of the rows of one indicator, coder and date in ``select_recorded`` the last recorded one counts; where it is a
    withdrawal, none does. The row labels of ``assessments`` are kept.
    """
    rows = select_recorded(assessments, as_of)
    # Only keys are sorted and sifted; the rows with their rationales are copied once, at the end.
    keys = rows[["indicator", "coder", "date", "recorded", "score"]].reset_index(drop=True)
    keys = keys.sort_values(["indicator", "coder", "date", "recorded"], kind="stable")
    keys = keys[~keys.duplicated(["indicator", "coder", "date"], keep="last")]
    return rows.iloc[keys.index[keys["score"].notna()]]


@dataclass(frozen=True, eq=False)
class Line:
    """The assessments in force, ordered by indicator, coder and date, each with what the line does from its day on.

    ``rows`` has ``indicator, coder, date, score, low, high`` and the labels of the dataset's assessments. ``pair``
    numbers indicator and coder. From a row's ``day`` on (days since 1970) the line lies ``way`` of the way from the row
    at position ``base`` to that at ``goal`` (``NONE``: it stays at the base), and rises evenly by ``rise`` until the
    next row. ``base`` is a review, or the row itself before the coder's first review and where rows hold as recorded.
    """

    rows: pd.DataFrame
    pair: NDArray[np.int64]
    day: Days
    base: NDArray[np.int64]
    goal: NDArray[np.int64]
    way: NDArray[np.float64]
    rise: NDArray[np.float64]

    @property
    def score(self) -> NDArray[np.float64]:
        """The line's value on the day of each row, 0 to 10."""
        score = self.rows["score"].to_numpy(float)
        return mix(score[self.base], score[self.goal], self.way)


def mix(first: NDArray[np.floating], second: NDArray[np.floating], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what lies a share of the way from the first to the second; exactly the first at 0."""
    return np.asarray(np.where(share == 0, first, (1 - share) * first + share * second))


def draw_line(effective: pd.DataFrame, as_recorded: bool = False) -> Line:
    """Return the line through the reviews of each indicator and coder.

    ``effective`` is that of ``select_effective``. Before a coder's first review of an indicator, and everywhere
    ``as_recorded``, each row holds until the next one. After the last review its score holds, whatever was assessed since.
    """
    # An assessment holds on many dates: its rationale is not copied for each.
    rows = effective[["indicator", "coder", "date", "score", "low", "high"]]
    # Rows in force are in this order already; those of a grown record need not be.
    rows = rows.sort_values(["indicator", "coder", "date"], kind="stable")
    count = len(rows)
    pair = np.asarray(rows.groupby(["indicator", "coder"], sort=True).ngroup(), np.int64)
    day = rows["date"].to_numpy("datetime64[D]").astype(np.int64)
    score = rows["score"].to_numpy(float)
    place: NDArray[np.int64] = np.arange(count)
    review = rows["date"].dt.is_quarter_end.to_numpy() if count else np.zeros(0, bool)
    first = np.ones(count, bool)
    first[1:] = pair[1:] != pair[:-1]
    reviews = np.cumsum(review)
    start = np.maximum.accumulate(np.where(first, place, 0)) if count else place
    # Fixed points: reviews, and what a coder wrote before the first of them.
    fixed = review | (reviews - (reviews - review)[start] == 0)
    if as_recorded:
        fixed = np.ones(count, bool)
    base = np.maximum.accumulate(np.where(fixed, place, 0)) if count else place
    goal = np.full(count, NONE, np.int64)
    if not as_recorded and count:
        # The next review of the same pair, for reviews and for the rows between.
        following = np.where(review, place, count)
        after = np.r_[np.minimum.accumulate(following[::-1])[::-1][1:], count]
        same = (after < count) & (pair[np.minimum(after, count - 1)] == pair) & review[base]
        goal[same] = after[same]
    way = np.zeros(count)
    between = ~fixed & (goal != NONE)
    if between.any():
        s0, s1 = score[base[between]], score[goal[between]]
        with np.errstate(invalid="ignore", divide="ignore"):
            reached = np.where(s1 == s0, 0.0, np.clip((score[between] - s0) / (s1 - s0), 0, 1))
        way[between] = pd.Series(reached).groupby(base[between]).cummax().to_numpy()
    # Only the last row before a review is left evenly; an earlier one waits for the next.
    rise = np.where(goal == place + 1, 1 - way, 0.0)
    return Line(rows, pair, day, base, goal, way, rise)


def hold_assessments(line: Line, dates: pd.DatetimeIndex) -> pd.DataFrame:
    """Return what each coder's line says of each indicator on each date, from the first assessment on.

    Columns: ``date``, ``indicator``, ``coder``; ``row`` and ``next`` (labels of the assessments between which the line
    goes; ``NONE`` where it stays at the first), ``share`` of the way, 0 to 1; ``last`` (label of the newest assessment up
    to the date); ``assessed`` (date of ``row``); ``score``, ``low``, ``high`` (of the line and of the plausible ranges,
    not widened); ``missed`` (reviews missed since the last one, or until the next, whichever are fewer); ``fresh``
    (whether the coder reviewed the indicator in the date's quarter).
    """
    rows = line.rows
    if rows.empty or dates.empty:
        return pd.DataFrame(columns=HELD)
    days = dates.to_numpy("datetime64[D]")
    whole = days.astype(np.int64)
    # One rising number for (indicator and coder, day) answers all searches at once, ten times faster than one by one.
    span = 2 * max(np.abs(line.day).max(), np.abs(whole).max()) + 2
    pairs = np.arange(line.pair[-1] + 1)
    wanted = (pairs[:, None] * span + whole).ravel()
    position = np.searchsorted(line.pair * span + line.day, wanted, side="right") - 1
    known = (position >= 0) & (line.pair[position] == np.repeat(pairs, len(dates)))
    at = position[known]
    place = np.tile(np.arange(len(dates)), len(pairs))[known]
    base, goal, day = line.base[at], line.goal[at], whole[place]
    aimed = goal != NONE
    length = np.where(aimed, line.day[goal] - line.day[at], 1)
    share = line.way[at] + line.rise[at] * (day - line.day[at]) / length
    ended = count_ended(days)[place]
    ends = count_ended(rows["date"].to_numpy("datetime64[D]"))
    passed = ended - ends[base]
    ahead = np.where(aimed, ends[goal] - ended, passed)
    labels = rows.index.to_numpy()
    values = {c: rows[c].to_numpy(float) for c in ("score", "low", "high")}
    review = rows["date"].dt.is_quarter_end.to_numpy()
    # A review ends its quarter, a day lies in the one after those that had ended the day before.
    reviewed = line.pair[review] * span + ends[review]
    fresh = np.isin(line.pair[at] * span + count_begun(days)[place], reviewed)
    return pd.DataFrame(
        {
            "date": dates[place],
            "indicator": rows["indicator"].array[at],
            "coder": rows["coder"].array[at],
            "row": labels[base],
            "next": np.where(aimed, labels[goal], NONE),
            "share": share,
            "last": labels[at],
            "assessed": rows["date"].to_numpy()[base],
            **{name: mix(value[base], value[goal], share) for name, value in values.items()},
            "missed": np.minimum(passed, ahead),
            "fresh": fresh,
        }
    )


def count_ended(days: NDArray[np.datetime64]) -> Days:
    """Return how many quarters since 1970 had ended by the end of each day."""
    return (days + np.timedelta64(1, "D")).astype("datetime64[M]").astype(np.int64) // 3


def count_begun(days: NDArray[np.datetime64]) -> Days:
    """Return how many quarters since 1970 had begun by each day, its own included."""
    return days.astype("datetime64[M]").astype(np.int64) // 3 + 1


def read_indicators(holdings: pd.DataFrame) -> pd.DataFrame:
    """Return the reading of each indicator on each date: the mean over coders.

    Columns: ``date``, ``indicator``, ``score``, ``low``, ``high`` (means of the plausible ranges' ends), ``fresh``
    (share of the coders who reviewed it in the date's quarter), ``coders`` (their number).
    """
    if holdings.empty:
        return pd.DataFrame(columns=["date", "indicator", "score", "low", "high", "fresh", "coders"])
    return (
        holdings.groupby(["date", "indicator"], sort=True)
        .agg(
            score=("score", "mean"),
            low=("low", "mean"),
            high=("high", "mean"),
            fresh=("fresh", "mean"),
            coders=("coder", "size"),
        )
        .reset_index()
    )


def reading_dates(
    effective: pd.DataFrame,
    freq: str = "quarter",
    start: dt.date | pd.Timestamp | None = None,
    end: dt.date | pd.Timestamp | None = None,
) -> pd.DatetimeIndex:
    """Return the ends of the days, weeks (Sundays), months or quarters from ``start`` to ``end``, both included.

    They run from the first assessment to the period that contains the newest one where no limits are given.
    """
    if effective.empty and (start is None or end is None):
        return pd.DatetimeIndex([])
    start = effective["date"].min() if start is None else start
    if end is None:
        end = pd.tseries.frequencies.to_offset(FREQUENCIES[freq]).rollforward(effective["date"].max())
    return pd.date_range(pd.Timestamp(start), pd.Timestamp(end), freq=FREQUENCIES[freq])


def step_dates(effective: pd.DataFrame) -> pd.DatetimeIndex:
    """Return every date on which something was assessed."""
    return pd.DatetimeIndex(effective["date"].unique()).sort_values()


def find_replaced(assessments: pd.DataFrame, rows: pd.DataFrame) -> dict[object, pd.Series]:
    """Return, for the labels of rows that replaced an earlier one, the row that each replaced."""
    key = ["indicator", "coder", "date"]
    again = assessments[assessments.duplicated(key, keep=False)].sort_values("recorded", kind="stable")
    earlier = {}
    for _, group in again.groupby(key, sort=False):
        for before, after in zip(group.index[:-1], group.index[1:], strict=True):
            if after in rows.index:
                earlier[after] = assessments.loc[before]
    return earlier
