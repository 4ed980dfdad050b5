"""Outside series and our own events by quarter, to be compared with the readings of settled quarters.

A reading at a quarter's end covers a stretch of time, its *window*, which the codebook names for each indicator: the
quarter, a state at its end, or a trailing window. A series is read over the same stretch.
"""

import pandas as pd

from indicators.measures.panel import Panel
from indicators.measures.quarters import members_of
from indicators.records.dataset import Dataset

SIGNS = {"raises": 1, "lowers": -1, "context": 0}
"""What an event adds to the flow of its quarter."""

TRAILING = 2
"""Quarters of a trailing window. The codebook's trailing indicators look back over six months, or over six to twelve of
which the shortest decides."""


def read_outside(dataset: Dataset, series: str) -> pd.Series:
    """Return an outside series at quarter-ends: the mean of its values dated in each quarter, in its own unit.

    The mean, also of counts and volumes: a sum would jump between quarters of 13 and of 14 weeks. A quarter counts only
    where the series has a value in as many of its months as in its fullest quarter, so that one month does not stand
    for three; else it is blank (NaN). Nothing is filled in, and no two series are joined. Empty where the folder does
    not hold the series.
    """
    values = _list_values(dataset, series)
    return values.resample("QE").mean().where(_covers(values)).rename(series)


def read_closing(dataset: Dataset, series: str) -> pd.Series:
    """Return an outside series at quarter-ends: the last value dated in each quarter; blank as in ``read_outside``."""
    values = _list_values(dataset, series)
    return values.resample("QE").last().where(_covers(values)).rename(series)


def read_window(dataset: Dataset, series: str, subject: str, nature: str) -> pd.Series:
    """Return an outside series at quarter-ends over the stretch that the reading of ``subject`` covers.

    For an indicator of the *quarter*, a dimension and the index the mean of the quarter; for one with a *trailing*
    window the mean of two quarters; for a *state* the last value in the quarter, if the series is a level. A flow has no
    value at a moment, so beside a state it keeps the mean of the quarter.
    """
    window = dataset.indicators["window"].get(subject, "quarter")
    if window == "state" and nature == "level":
        return read_closing(dataset, series)
    mean = read_outside(dataset, series)
    return mean.rolling(TRAILING).mean() if window == "trailing" else mean


def count_events(panel: Panel, subject: str) -> pd.Series:
    """Return the quarterly flow of events about a subject: those that raise tension less those that lower it.

    At quarter-ends from the first event on record to the last one of any subject; a quarter without events has 0. An
    act that several events tell counts once, by the first of them that is about the subject.
    """
    dataset = panel.dataset
    if dataset.events.empty:
        return pd.Series(dtype="float64", index=pd.DatetimeIndex([]), name=subject)
    events = dataset.events
    end = pd.offsets.QuarterEnd(0)
    quarters = pd.date_range(events["date"].min(), events["date"].max() + end, freq="QE")
    about = events[events["indicator"].isin(members_of(panel, subject))]
    about = about[~dataset.acts.reindex(about.index).duplicated()]
    flow = about["effect"].map(SIGNS).astype(float).groupby(about["date"] + end).sum()
    return flow.reindex(quarters, fill_value=0.0).rename(subject)


def change_over(series: pd.Series) -> pd.Series:
    """Return the change of a quarterly series on the quarter before; blank where either is."""
    return series - series.shift()


def align(own: pd.Series, other: pd.Series, start: pd.Timestamp | None = None) -> pd.DataFrame:
    """Return two quarterly series side by side (``own``, ``other``) where both have a value, from ``start`` on."""
    both = pd.concat({"own": own, "other": other}, axis=1, join="inner").dropna()
    return both if start is None else both[both.index >= start]


def is_present(dataset: Dataset, series: str) -> bool:
    """Return whether the folder holds an outside series."""
    return bool((dataset.benchmarks["series"] == series).any())


def _list_values(dataset: Dataset, series: str) -> pd.Series:
    rows = dataset.benchmarks[dataset.benchmarks["series"] == series]
    dates = pd.DatetimeIndex(rows["date"])
    return pd.Series(rows["value"].to_numpy(float), dates, name=series).sort_index()


def _covers(values: pd.Series) -> pd.Series:
    """Whether a series covers each quarter as well as its fullest one."""
    months = values.resample("ME").count().gt(0).resample("QE").sum()
    return months.eq(months.max())
