"""A dataset as one reader sees it: under a vintage, a choice of coders, weights and a mean."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec

import pandas as pd

from indicators.measures.index import Composite, Mean, Weights, build_composite
from indicators.measures.readings import (
    Line,
    draw_line,
    hold_assessments,
    reading_dates,
    select_effective,
    select_recorded,
    step_dates,
)
from indicators.measures.uncertainty.doubt import DEFAULT_DOUBT, Doubt
from indicators.measures.uncertainty.widening import measure_widening, widen_ranges
from indicators.records.dataset import Dataset

P = ParamSpec("P")


@dataclass(frozen=True)
class Panel:
    """A dataset seen under one vintage, one set of coders, weights and mean.

    ``doubt`` names how far the doubt in scores is shared. With ``as_recorded`` each assessment holds until the next one,
    as method 1.0 read them, instead of the line through the reviews.
    """

    dataset: Dataset
    as_of: dt.date | None = None
    coder: str | None = None
    weights: Weights = field(default=None)  # type: ignore[assignment]
    mean: Mean = "arithmetic"
    doubt: Doubt = DEFAULT_DOUBT
    as_recorded: bool = False

    def __post_init__(self) -> None:
        if self.weights is None:  # not given: the published ones
            published = Weights.from_codebook(self.dataset.dimensions, self.dataset.indicators)
            object.__setattr__(self, "weights", published)

    @cached_property
    def key(self) -> str:
        """What tells this panel from others: two panels of one key give the same results."""
        weights = (tuple(self.weights.dimensions), tuple(self.weights.indicators))
        return f"{self.dataset.digest}|{self.as_of}|{self.coder}|{self.mean}|{weights}|{self.doubt}|{self.as_recorded}"

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
        """Every date on which something was assessed."""
        return step_dates(self.effective)

    @cached_property
    def line(self) -> Line:
        """What each coder's scores make of each indicator from day to day."""
        return draw_line(self.effective, self.as_recorded)

    @cached_property
    def widening(self) -> pd.DataFrame:
        """Points by which a range widens for each missed review, by quarter-end and indicator."""
        return measure_widening(self.line, self.weights.indicators.index)

    @cached_property
    def tables(self) -> dict[Any, pd.DataFrame]:
        """What ``once_per_panel`` has computed, by the name of the function and its arguments."""
        return {}

    def dates(
        self,
        freq: str = "quarter",
        start: dt.date | pd.Timestamp | None = None,
        end: dt.date | pd.Timestamp | None = None,
    ) -> pd.DatetimeIndex:
        """Return the ends of the quarters, months, weeks or days; see ``reading_dates``."""
        return reading_dates(self.effective, freq, start, end)

    def holdings(self, dates: pd.DatetimeIndex) -> pd.DataFrame:
        """Return what each coder's line says on some dates, ranges widened where a review was missed.

        The columns of ``hold_assessments`` and ``widening`` (points on each side).
        """
        held = hold_assessments(self.line, dates)
        # Few dates lie beyond a missed review, and experience takes longer to measure than all the rest.
        missed = bool((held["missed"] > 0).any())
        return widen_ranges(held, self.widening if missed else None)

    def composite(self, dates: pd.DatetimeIndex) -> Composite:
        """Return the readings at all levels on some dates."""
        # Scores alone: how far ranges widen takes longer to measure than all the rest.
        return self.combine(hold_assessments(self.line, dates), dates)

    def combine(self, holdings: pd.DataFrame, dates: pd.Index) -> Composite:
        """Return the readings at all levels that some holdings make, a row for each of ``dates``."""
        # The mean alone, as ``read_indicators`` gives it: its other columns take most of the time.
        readings = holdings.groupby(["date", "indicator"])["score"].mean().unstack()
        return build_composite(readings.reindex(dates).astype(float), self.weights, self.mean)


def once_per_panel(
    measure: Callable[Concatenate[Panel, P], pd.DataFrame],
) -> Callable[Concatenate[Panel, P], pd.DataFrame]:
    """Let a panel compute a table once for the same arguments; what a caller changes in it, no other caller sees."""
    name = f"{measure.__module__}.{measure.__qualname__}"

    @wraps(measure)
    def computed_once(panel: Panel, /, *args: P.args, **kwargs: P.kwargs) -> pd.DataFrame:
        key = (name, args, tuple(sorted(kwargs.items())))
        if key not in panel.tables:
            panel.tables[key] = measure(panel, *args, **kwargs)
        return panel.tables[key].copy(deep=False)

    return computed_once
