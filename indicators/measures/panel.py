"""A dataset as one reader sees it: under a vintage, a choice of coders, weights and a mean."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from indicators.measures.index import Composite, Mean, Weights, build_composite
from indicators.measures.readings import (
    hold_assessments,
    read_indicators,
    reading_dates,
    select_effective,
    select_recorded,
    step_dates,
)
from indicators.records.dataset import Dataset


@dataclass(frozen=True)
class Panel:
    """A dataset seen under one vintage, one set of coders, weights and mean."""

    dataset: Dataset
    as_of: dt.date | None = None
    coder: str | None = None
    weights: Weights = field(default=None)  # type: ignore[assignment]
    mean: Mean = "arithmetic"

    def __post_init__(self) -> None:
        if self.weights is None:  # not given: the published ones
            published = Weights.from_codebook(self.dataset.dimensions, self.dataset.indicators)
            object.__setattr__(self, "weights", published)

    @cached_property
    def key(self) -> str:
        """What tells this panel from others: two panels of one key give the same results."""
        weights = (tuple(self.weights.dimensions), tuple(self.weights.indicators))
        return f"{self.dataset.digest}|{self.as_of}|{self.coder}|{self.mean}|{weights}"

    def as_published(self) -> "Panel":
        """Return the same data with the published weights and mean in place of a reader's."""
        return Panel(self.dataset, self.as_of, self.coder)

    @property
    def recorded(self) -> pd.DataFrame:
        """The rows that the vintage and the coder know, replaced and withdrawn ones among them."""
        rows = self.dataset.assessments
        return select_recorded(rows if self.coder is None else rows[rows["coder"] == self.coder], self.as_of)

    @cached_property
    def effective(self) -> pd.DataFrame:
        """The assessments in force."""
        return select_effective(self.recorded)

    @cached_property
    def steps(self) -> pd.DatetimeIndex:
        """Every date on which a reading may change."""
        return step_dates(self.effective)

    @cached_property
    def stepped(self) -> Composite:
        """The readings at all levels on every date on which one may change."""
        return self.composite(self.steps)

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
        return self.combine(self.holdings(dates), dates)

    def combine(self, holdings: pd.DataFrame, dates: pd.Index) -> Composite:
        """Return the readings at all levels that some holdings make, a row for each of ``dates``."""
        readings = read_indicators(holdings).pivot(index="date", columns="indicator", values="score")
        return build_composite(readings.reindex(dates).astype(float), self.weights, self.mean)
