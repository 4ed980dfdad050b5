"""Assessments to readings: which score holds on a date, under which vintage, and how old it is."""

import datetime as dt

import numpy as np
import pandas as pd

from indicators.records.errors import IndicatorsError

WIDENING = 0.5
"""Points by which a plausible range widens on each side for each further review period once it is carried."""

FREQUENCIES = {"month": "ME", "week": "W-SUN", "quarter": "QE"}


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


def hold_assessments(effective: pd.DataFrame, review_days: pd.Series, dates: pd.DatetimeIndex) -> pd.DataFrame:
    """Return, for each date, indicator and coder, the assessment that holds: that coder's last one up to the date.

    Columns: ``date``, ``indicator``, ``coder``, ``row`` (label in ``effective``), ``assessed`` (date of the
    assessment), ``score``, ``low``, ``high`` (plausible range, widened where carried), ``widening`` (points on each
    side) and ``fresh`` (within the indicator's review days). ``review_days`` is indexed by indicator.
    """
    columns = ["date", "indicator", "coder", "row", "assessed", "score", "low", "high", "widening", "fresh"]
    if effective.empty or dates.empty:
        return pd.DataFrame(columns=columns)
    # An assessment holds on many dates: its rationale is not copied for each.
    rows = effective[["indicator", "coder", "date", "score", "low", "high"]]
    rows = rows.sort_values(["indicator", "coder", "date"], kind="stable")
    pair = rows.groupby(["indicator", "coder"], sort=True).ngroup().to_numpy()
    assessed = rows["date"].to_numpy("datetime64[D]").astype(np.int64)
    days = dates.to_numpy("datetime64[s]")
    whole_days = days.astype("datetime64[D]").astype(np.int64)
    # One rising number for (indicator and coder, day) answers all searches at once, ten times faster than one by one.
    span = 2 * max(np.abs(assessed).max(), np.abs(whole_days).max()) + 2
    pairs = np.arange(pair[-1] + 1)
    wanted = (pairs[:, None] * span + whole_days).ravel()
    position = np.searchsorted(pair * span + assessed, wanted, side="right") - 1
    known = (position >= 0) & (pair[position] == np.repeat(pairs, len(dates)))
    held = rows.iloc[position[known]]
    place = np.tile(np.arange(len(dates)), len(pairs))[known]
    age = (days[place] - held["date"].to_numpy("datetime64[s]")) / np.timedelta64(1, "D")
    period = review_days.loc[held["indicator"]].to_numpy(float)
    # A range widens in whole steps: by 0.5 when a further review period has passed without an assessment.
    widening = WIDENING * np.maximum(np.ceil(age / period) - 1, 0)
    return pd.DataFrame(
        {
            "date": dates[place],
            "indicator": held["indicator"].array,
            "coder": held["coder"].array,
            "row": held.index,
            "assessed": held["date"].to_numpy(),
            "score": held["score"].to_numpy(),
            "low": np.maximum(held["low"].to_numpy() - widening, 0),
            "high": np.minimum(held["high"].to_numpy() + widening, 10),
            "widening": widening,
            "fresh": age <= period,
        }
    )


def read_indicators(holdings: pd.DataFrame) -> pd.DataFrame:
    """Return the reading of each indicator on each date: the mean over coders.

    Columns: ``date``, ``indicator``, ``score``, ``low``, ``high`` (means of the plausible ranges' ends), ``fresh``
    (share of the coders whose assessment is fresh), ``coders`` (their number).
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
    freq: str = "month",
    start: dt.date | pd.Timestamp | None = None,
    end: dt.date | pd.Timestamp | None = None,
) -> pd.DatetimeIndex:
    """Return the ends of the months, weeks (Sundays) or quarters from ``start`` to ``end``, both included.

    They run from the first assessment to the period that contains the newest one where no limits are given.
    """
    if effective.empty and (start is None or end is None):
        return pd.DatetimeIndex([])
    start = effective["date"].min() if start is None else start
    if end is None:
        end = pd.tseries.frequencies.to_offset(FREQUENCIES[freq]).rollforward(effective["date"].max())
    return pd.date_range(pd.Timestamp(start), pd.Timestamp(end), freq=FREQUENCIES[freq])


def step_dates(effective: pd.DataFrame) -> pd.DatetimeIndex:
    """Return every date on which some reading may change."""
    return pd.DatetimeIndex(effective["date"].unique()).sort_values()


def list_freshness(effective: pd.DataFrame, review_days: pd.Series, today: dt.date) -> pd.DataFrame:
    """Return, for each indicator and coder, the newest assessment and when it is due for review.

    Columns: ``indicator``, ``coder``, ``assessments`` (their number), ``newest``, ``age_days``, ``due``, ``fresh``.
    """
    table = (
        effective.groupby(["indicator", "coder"], sort=False)["date"]
        .agg(assessments="size", newest="max")
        .reset_index()
    )
    period = pd.to_timedelta(table["indicator"].map(review_days).astype(float), unit="D")
    table["age_days"] = (pd.Timestamp(today) - table["newest"]).dt.days
    table["due"] = table["newest"] + period
    table["fresh"] = table["due"] >= pd.Timestamp(today)
    return table


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
