"""A reading's history as one table: the only way in which pages, commands and exports get it."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from indicators.measures.index import Composite, Mean, Weights, build_composite
from indicators.measures.readings import hold_assessments, read_indicators, reading_dates, select_effective, step_dates
from indicators.records.dataset import Dataset

LEVELS = ("index", "dimension", "indicator")


@dataclass(frozen=True)
class Panel:
    """A dataset seen under one vintage, one set of coders, weights and mean."""

    dataset: Dataset
    as_of: dt.date | None = None
    coder: str | None = None
    weights: Weights = field(default=None)  # type: ignore[assignment]
    mean: Mean = "arithmetic"

    def __post_init__(self) -> None:
        if self.weights is None:
            published = Weights.from_codebook(self.dataset.dimensions, self.dataset.indicators)
            object.__setattr__(self, "weights", published)

    @cached_property
    def effective(self) -> pd.DataFrame:
        """The assessments in force."""
        rows = self.dataset.assessments
        return select_effective(rows if self.coder is None else rows[rows["coder"] == self.coder], self.as_of)

    @cached_property
    def steps(self) -> pd.DatetimeIndex:
        """Every date on which a reading may change."""
        return step_dates(self.effective)

    def dates(
        self,
        freq: str = "month",
        start: dt.date | pd.Timestamp | None = None,
        end: dt.date | pd.Timestamp | None = None,
    ) -> pd.DatetimeIndex:
        """Return the reading dates of a frequency; ``step`` gives every date of a change instead of period ends."""
        if freq != "step":
            return reading_dates(self.effective, freq, start, end)
        steps = self.steps
        if start is not None:
            steps = steps[steps >= pd.Timestamp(start)]
        return steps if end is None else steps[steps <= pd.Timestamp(end)]

    def holdings(self, dates: pd.DatetimeIndex) -> pd.DataFrame:
        """Return which assessments hold on some dates."""
        return hold_assessments(self.effective, self.dataset.indicators["review_days"], dates)

    def composite(self, dates: pd.DatetimeIndex) -> Composite:
        """Return the readings at all levels on some dates."""
        readings = read_indicators(self.holdings(dates))
        wide = readings.pivot(index="date", columns="indicator", values="score").reindex(dates)
        return build_composite(wide, self.weights, self.mean)


def build_series(panel: Panel, level: str, dates: pd.DatetimeIndex) -> pd.DataFrame:
    """Return the readings of one level, from each id's first one on.

    Columns: ``date``, ``id``, ``score`` (0 to 10; blank where too little weight is present), ``low`` and ``high``
    (mean ends of the plausible ranges, combined with the same weights), ``fresh`` (share of the weight that rests on
    assessments within their review period). Ordered by id in codebook order, then date.
    """
    held = read_indicators(panel.holdings(dates))
    parts = {}
    for value in ("score", "low", "high", "fresh"):
        wide = held.pivot(index="date", columns="indicator", values=value).reindex(dates)
        mean: Mean = "arithmetic" if value == "fresh" else panel.mean
        parts[value] = build_composite(wide.astype(float), panel.weights, mean).level(level)
    frames = []
    for id in parts["score"].columns:
        frame = pd.DataFrame({"date": dates, "id": id, **{name: table[id].to_numpy() for name, table in parts.items()}})
        known = frame["score"].notna().to_numpy()
        frames.append(frame.iloc[int(np.argmax(known)) :] if known.any() else frame.iloc[:0])
    return pd.concat(frames, ignore_index=True)


def explain_empty(panel: Panel, level: str, start: dt.date | None, end: dt.date | None) -> str:
    """Return why a series has no reading, for a reader who expected some."""
    if panel.effective.empty:
        rows = panel.dataset.assessments
        if panel.coder is not None:
            rows = rows[rows["coder"] == panel.coder]
        if rows.empty:
            return "no reading: there are no assessments"
        first = rows["recorded"].min()
        if panel.as_of is not None and pd.Timestamp(panel.as_of) < first.normalize():
            return (
                f"no reading: nothing was recorded up to {panel.as_of}; "
                f"the first rows were recorded on {first:%Y-%m-%d}"
            )
        return "no reading: every assessment was withdrawn"
    first_day, last_day = panel.steps[0], panel.steps[-1]
    if (end is not None and pd.Timestamp(end) < first_day) or (start is not None and pd.Timestamp(start) > last_day):
        return f"no reading: assessments run from {first_day:%Y-%m-%d} to {last_day:%Y-%m-%d}"
    return f"no reading: no {level} has enough of its weight assessed on these dates"


def tabulate_coverage(panel: Panel) -> pd.DataFrame:
    """Return the first day with a reading of the index and each dimension, and the share of weight present then.

    Columns: ``title``, ``first reading``, ``share then``, ``share now`` (shares in words).
    """
    composite = panel.composite(panel.steps)
    rows = []
    for id in ["index", *composite.dimensions.columns]:
        line = composite.index if id == "index" else composite.dimensions[id]
        share = composite.index_coverage if id == "index" else composite.dimension_coverage[id]
        first = line.first_valid_index()
        rows.append(
            {
                "title": panel.dataset.title(id),
                "first reading": first,
                "share then": "" if first is None else f"{share[first]:.0%}",
                "share now": f"{share.iloc[-1]:.0%}",
            }
        )
    return pd.DataFrame(rows)
