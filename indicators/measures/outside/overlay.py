"""Outside series laid over a reading: their values as published, vintages apart, and both in standard deviations."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from indicators.measures.index import Array
from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset
from indicators.records.tables.columns import VINTAGE

NO_OVERLAY = "none"
"""The choice of no outside series."""

FEWEST = 3
"""Values in the period below which a series is not standardised."""

LONGEST_STEP = {"daily": 5, "weekly": 10, "monthly": 31, "quarterly": 92, "yearly": 366, "annual": 366}
"""Days between two neighbouring values of a frequency; more of them are a gap (daily series rest on weekends,
weekly ones move with holidays)."""


@dataclass(frozen=True)
class Strand:
    """One outside series within a period: ``values`` has ``date, value, unit``, with a blank value in each gap.

    ``vintage`` is the month in which the publisher released it, as in 2026-03, where the series names one; ``missing``
    counts the gaps. ``mean`` and ``deviation`` are those of its values in the period where it is standardised.
    """

    series: str
    title: str
    vintage: str
    unit: str
    frequency: str
    values: pd.DataFrame
    missing: int
    mean: float | None = None
    deviation: float | None = None


@dataclass(frozen=True)
class Overlay:
    """Outside series under one name, beside a reading: more than one where vintages of a series stand apart.

    ``reading`` has ``date, value`` in standard deviations where the overlay is standardised, else nothing.
    """

    id: str
    title: str
    strands: tuple[Strand, ...]
    reading: pd.DataFrame | None = None

    @property
    def standardised(self) -> bool:
        """Whether reading and series are in standard deviations from their own means."""
        return self.reading is not None

    @property
    def unit(self) -> str:
        """The unit or units of the series."""
        return ", ".join(dict.fromkeys(strand.unit for strand in self.strands if strand.unit)) or "its own unit"


def list_overlays(series: Iterable[str]) -> dict[str, list[str]]:
    """Return what can be laid over a reading: the vintages of a series under one id, every other series under its own."""
    groups: dict[str, list[str]] = {}
    for id in series:
        found = VINTAGE.fullmatch(id)
        groups.setdefault(found[1] if found else id, []).append(id)
    groups.pop(NO_OVERLAY, None)
    return groups


def name_vintage(series: str) -> str:
    """Return the vintage that a series' id names, as in 2026-03, or nothing."""
    found = VINTAGE.fullmatch(series)
    return f"{found[2]}-{found[3]}" if found else ""


def explain_context(dataset: Dataset, series: str) -> str:
    """Return why a series is context and no validation, from the table of pairs, or nothing where it is not."""
    pairs = dataset.pairs[(dataset.pairs["series"] == series) & (dataset.pairs["role"] == "context")]
    return str(pairs["reason"].iloc[0]) if len(pairs) else ""


def find_nature(dataset: Dataset, series: Iterable[str]) -> str:
    """Return whether outside series are a flow or a level, from the table of pairs, or nothing where it has none."""
    natures = dataset.pairs.loc[dataset.pairs["series"].isin(list(series)), "nature"]
    return str(natures.iloc[0]) if len(natures) else ""


def lay_over(
    panel: Panel, id: str, subject: str, span: tuple[pd.Timestamp, pd.Timestamp], standardised: bool = False
) -> Overlay:
    """Return an outside series beside the reading of ``subject`` in a period; ``KeyError`` for an unknown one.

    Values are as published; vintages are never joined. Standardised, each value is (value − mean) / standard deviation
    of all values of the same series in the period (dividing by their number); the reading stands on the days of its line
    (month-ends and days of assessments), with mean and deviation of its month-ends, so that a month in which much was
    assessed counts as much as another. A series with fewer than ``FEWEST`` values, or one that does not vary, is then blank.
    """
    dataset = panel.dataset
    ids = list_overlays(dataset.sources.index)[id]
    strands = tuple(_read_strand(dataset, series, span, standardised) for series in ids)
    title = str(dataset.sources.at[ids[0], "title"])
    if not standardised:
        return Overlay(id, title, strands)
    months = panel.dates("month", *span)
    steps = panel.steps
    dates = months.union(steps[(steps >= span[0]) & (steps <= span[1])])
    scores = panel.composite(dates).of(subject)
    _, mean, deviation = _standardise(scores[months].to_numpy(dtype="float64"))
    values = np.full(len(dates), np.nan)
    if mean is not None and deviation is not None:
        values = (scores.to_numpy(dtype="float64") - mean) / deviation
    return Overlay(id, title, strands, pd.DataFrame({"date": dates, "value": values}))


def list_values(dataset: Dataset, id: str, span: tuple[pd.Timestamp, pd.Timestamp]) -> pd.DataFrame:
    """Return the rows of an overlay in a period as they stand in the folder: ``date, series, value, unit``."""
    rows = dataset.benchmarks
    rows = rows[rows["series"].isin(list_overlays(dataset.sources.index)[id]) & rows["date"].between(*span)]
    return rows[["date", "series", "value", "unit"]].sort_values(["series", "date"]).reset_index(drop=True)


def _read_strand(dataset: Dataset, series: str, span: tuple[pd.Timestamp, pd.Timestamp], standardised: bool) -> Strand:
    source = dataset.sources.loc[series]
    rows = dataset.benchmarks[dataset.benchmarks["series"] == series].sort_values("date")
    rows = rows.loc[rows["date"].between(*span), ["date", "value", "unit"]].reset_index(drop=True)
    frequency = str(source["frequency"])
    unit = ", ".join(rows["unit"].unique())
    mean = deviation = None
    if standardised:
        values, mean, deviation = _standardise(rows["value"].to_numpy(dtype="float64"))
        rows["value"] = values
    filled = _mark_gaps(rows, frequency)
    missing = len(filled) - len(rows)
    return Strand(series, str(source["title"]), name_vintage(series), unit, frequency, filled, missing, mean, deviation)


def _mark_gaps(rows: pd.DataFrame, frequency: str) -> pd.DataFrame:
    """The rows with a blank one in the middle of every stretch that is longer than the frequency allows."""
    longest = LONGEST_STEP.get(frequency.split()[0] if frequency.strip() else "")
    if longest is None or len(rows) < 2:
        return rows
    step = rows["date"].diff()
    late = step > pd.Timedelta(days=longest)
    blanks = pd.DataFrame({"date": rows["date"][late] - step[late] // 2, "value": np.nan, "unit": rows["unit"][late]})
    if blanks.empty:
        return rows
    return pd.concat([rows, blanks]).sort_values("date", kind="stable").reset_index(drop=True)


def _standardise(values: Array) -> tuple[Array, float | None, float | None]:
    known = values[~np.isnan(values)]
    if len(known) < FEWEST or np.ptp(known) == 0:
        return np.full(len(values), np.nan), None, None
    mean, deviation = float(known.mean()), float(known.std())
    return (values - mean) / deviation, mean, deviation
