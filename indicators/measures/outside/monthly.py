"""Outside series and our own events as monthly series, to be held against the readings."""

import numpy as np
import pandas as pd

from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset

SIGNS = {"raises": 1, "lowers": -1, "context": 0}
"""What an event adds to the flow of its month."""


def read_outside(dataset: Dataset, series: str) -> pd.Series:
    """Return an outside series at month-ends: the mean of its values dated in each month, in its own unit.

    The mean, also of counts and volumes given by week or day: a sum would jump between months of four and of five
    weeks. Months without a value stay blank (NaN), from the first month with one to the last; nothing is filled in,
    and no two series are joined. Empty where the folder does not hold the series.
    """
    rows = dataset.benchmarks[dataset.benchmarks["series"] == series]
    if rows.empty:
        return pd.Series(dtype="float64", index=pd.DatetimeIndex([]), name=series)
    return rows.set_index("date")["value"].resample("ME").mean().rename(series)


def read_subjects(panel: Panel) -> pd.DataFrame:
    """Return the readings at month-ends, a column for the index and each dimension and indicator; blank where none."""
    return panel.composite(panel.dates("month")).table


def count_events(dataset: Dataset, subject: str) -> pd.Series:
    """Return the monthly flow of events about a subject: those that raise tension less those that lower it.

    At month-ends from the first event on record to the last one of any subject; a month without events has 0. An act
    that several events tell counts once, by the first of them that is about the subject.
    """
    if dataset.events.empty:
        return pd.Series(dtype="float64", index=pd.DatetimeIndex([]), name=subject)
    events = dataset.events
    months = pd.date_range(events["date"].min(), events["date"].max() + pd.offsets.MonthEnd(0), freq="ME")
    about = events[events["indicator"].isin(members_of(dataset, subject))]
    about = about[~dataset.acts.reindex(about.index).duplicated()]
    flow = about["effect"].map(SIGNS).astype(float).groupby(about["date"] + pd.offsets.MonthEnd(0)).sum()
    return flow.reindex(months, fill_value=0.0).rename(subject)


def members_of(dataset: Dataset, subject: str) -> list[str]:
    """Return the indicators of a subject: all for the index, a dimension's own, an indicator itself."""
    level = dataset.level(subject)
    if level == "index":
        return dataset.indicators.index.tolist()
    return dataset.indicators_of(subject) if level == "dimension" else [subject]


def change_over(series: pd.Series, months: int) -> pd.Series:
    """Return the change of a monthly series over some months; blank where either end is."""
    return series - series.shift(months)


def align(own: pd.Series, other: pd.Series, start: pd.Timestamp | None = None) -> pd.DataFrame:
    """Return two monthly series side by side (``own``, ``other``) in the months, from ``start`` on, that both have."""
    both = pd.concat({"own": own, "other": other}, axis=1, join="inner").dropna()
    return both if start is None else both[both.index >= start]


def has_values(series: pd.Series) -> bool:
    """Return whether a series has any value."""
    return bool(np.isfinite(series.to_numpy(float)).any())
