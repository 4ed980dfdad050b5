"""A dataset as one reader sees it: under a vintage, a choice of coders, weights and a mean."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec

import pandas as pd

from indicators.measures.index import Composite, Mean, Weights, build_composite
from indicators.measures.readings import Line, reading_dates
from indicators.measures.scores import Scores, average_coders, find_scores
from indicators.measures.uncertainty.doubt import DEFAULT_DOUBT, Doubt
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

    def for_dimensions(self) -> "Panel":
        """Return the same with the published weights of the dimensions, on which nothing but the index depends."""
        published = Weights.from_codebook(self.dataset.dimensions, self.dataset.indicators)
        return replace(self, weights=replace(self.weights, dimensions=published.dimensions))

    @cached_property
    def scores(self) -> Scores:
        """What the vintage knows of the coders' scores; panels that differ in weights, mean or doubt share it."""
        return find_scores(self.dataset, self.as_of, self.coder, self.as_recorded)

    @property
    def recorded(self) -> pd.DataFrame:
        """The rows that the vintage and the coder know, replaced and withdrawn ones among them."""
        return self.scores.recorded

    @property
    def effective(self) -> pd.DataFrame:
        """The assessments in force."""
        return self.scores.effective

    @property
    def steps(self) -> pd.DatetimeIndex:
        """Every date on which something was assessed."""
        return self.scores.steps

    @property
    def line(self) -> Line:
        """What each coder's scores make of each indicator from day to day."""
        return self.scores.line

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

        The columns of ``hold_assessments`` and ``widening`` (points on each side). Shared, so not to be altered.
        """
        return self.scores.hold_widened(dates)

    def composite(self, dates: pd.DatetimeIndex) -> Composite:
        """Return the readings at all levels on some dates."""
        return build_composite(self.scores.read(dates), self.weights, self.mean)

    def combine(self, holdings: pd.DataFrame, dates: pd.Index) -> Composite:
        """Return the readings at all levels that some holdings make, a row for each of ``dates``."""
        return build_composite(average_coders(holdings, dates), self.weights, self.mean)


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
