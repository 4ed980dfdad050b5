"""Indicator readings and weights to dimensions and the index, with coverage.

Weighted means of hand-scored indicators: OECD/JRC Handbook on Constructing Composite Indicators (2008), step 6.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from indicators.records.rules import LEAST_WEIGHT

Mean = Literal["arithmetic", "geometric"]
MEANS: tuple[Mean, ...] = ("arithmetic", "geometric")

DIMENSION_COVERAGE = 0.75
INDEX_COVERAGE = 0.80
"""Shares of the weight that must be present for a reading; with less it stays blank."""

BANDS: tuple[tuple[str, float, float], ...] = (
    ("cooperative", 0, 2),
    ("guarded", 2, 4),
    ("strained", 4, 6),
    ("severe", 6, 8),
    ("critical", 8, 10),
)
"""Names of the scale's bands; the upper end is exclusive, except 10."""

Array = NDArray[np.float64]


def band_of(score: float) -> str:
    """Return the name of the band that a reading lies in."""
    return next((name for name, low, high in BANDS if low <= score < high), BANDS[-1][0])


@dataclass(frozen=True)
class Weights:
    """Weights of dimensions, and of indicators within their dimension, in codebook order; only ratios matter."""

    dimensions: pd.Series
    indicators: pd.Series
    dimension_of: pd.Series

    @classmethod
    def from_codebook(cls, dimensions: pd.DataFrame, indicators: pd.DataFrame) -> "Weights":
        """Return the published weights."""
        return cls(dimensions["weight"].astype(float), indicators["weight"].astype(float), indicators["dimension"])

    def with_dimensions(self, changed: Mapping[str, float]) -> "Weights":
        """Return the weights with some dimensions' weights replaced.

        Raises ``ValueError`` for an unknown dimension, a weight that is negative or below ``LEAST_WEIGHT`` and not 0, or
        weights that sum to zero.
        """
        weights = self.dimensions.copy()
        for dimension, weight in changed.items():
            if dimension not in weights.index:
                raise ValueError(f"unknown dimension {dimension!r}; known: {', '.join(weights.index)}")
            if not (np.isfinite(weight) and (weight == 0 or weight >= LEAST_WEIGHT)):
                raise ValueError(f"weight of {dimension} is {weight:g}; it must be 0, or {LEAST_WEIGHT:g} or more")
            weights[dimension] = weight
        if weights.sum() <= 0:
            raise ValueError("the weights sum to zero")
        return replace(self, dimensions=weights)

    def members(self, dimension: str) -> list[str]:
        """Return the indicators of a dimension."""
        return self._members.get(dimension, [])

    @cached_property
    def places(self) -> dict[str, NDArray[np.intp]]:
        """The places of each dimension's indicators among all indicators."""
        return {d: self.indicators.index.get_indexer(pd.Index(self.members(d))) for d in self.dimensions.index}

    @cached_property
    def _members(self) -> dict[str, list[str]]:
        groups: dict[str, list[str]] = {}
        for indicator, dimension in self.dimension_of.items():
            groups.setdefault(str(dimension), []).append(str(indicator))
        return groups


@dataclass(frozen=True)
class Composite:
    """Readings at three levels; rows are dates, blank (NaN) where too little weight is present.

    ``dimension_coverage`` and ``index_coverage`` are shares of weight, 0 to 1.
    """

    indicators: pd.DataFrame
    dimensions: pd.DataFrame
    index: pd.Series
    dimension_coverage: pd.DataFrame
    index_coverage: pd.Series

    @property
    def table(self) -> pd.DataFrame:
        """The readings of all levels, a column for each id."""
        return pd.concat([self.index.to_frame("index"), self.dimensions, self.indicators], axis=1)

    def of(self, id: str) -> pd.Series:
        """Return the readings of the index, a dimension or an indicator; ``KeyError`` if unknown."""
        if id == "index":
            return self.index
        return self.dimensions[id] if id in self.dimensions else self.indicators[id]

    def level(self, level: str) -> pd.DataFrame:
        """Return the readings of one level, a column for each id."""
        if level == "index":
            return self.index.to_frame("index")
        return self.dimensions if level == "dimension" else self.indicators


def weighted_mean(values: Array, weights: Array, mean: Mean, needed: float) -> tuple[Array, Array]:
    """Return the weighted mean over the last axis, and the share of weight that was present.

    Values that are NaN are left out and the weights of the rest scaled up; with less than ``needed`` of the weight
    present the mean is NaN. The geometric mean is taken of 1 + score, less 1, so that a 0 does not decide alone.
    """
    total = weights.sum()
    present = ~np.isnan(values)
    held = present @ weights
    share = held / total if total > 0 else np.zeros(values.shape[:-1])
    filled = np.where(present, values, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        linear = mean == "arithmetic"
        result = (filled @ weights) / held if linear else np.expm1((np.log1p(filled) @ weights) / held)
    # The tolerance keeps exact shares such as 0.8 on the right side of rounding.
    return np.where((share >= needed - 1e-9) & (held > 0), result, np.nan), share


def build_composite(readings: pd.DataFrame, weights: Weights, mean: Mean = "arithmetic") -> Composite:
    """Return dimensions and index for a table of indicator readings (rows dates, columns indicators)."""
    readings = readings.reindex(columns=weights.indicators.index)
    scores, own = readings.to_numpy(float), weights.indicators.to_numpy(float)
    dates, names = readings.index, weights.dimensions.index.rename(None)
    rows, shares = np.empty((2, len(names), len(dates)))
    for place, dimension in enumerate(names):
        at = weights.places[dimension]
        rows[place], shares[place] = weighted_mean(scores[:, at], own[at], mean, DIMENSION_COVERAGE)
    values, coverage = rows.T, shares.T
    index, share = weighted_mean(values, weights.dimensions.to_numpy(), mean, INDEX_COVERAGE)
    return Composite(
        indicators=readings,
        dimensions=pd.DataFrame(values, dates, names),
        index=pd.Series(index, dates, name="index"),
        dimension_coverage=pd.DataFrame(coverage, dates, names),
        index_coverage=pd.Series(share, dates, name="coverage"),
    )


def indicator_shares(composite: Composite, weights: Weights) -> pd.Series:
    """Return each indicator's share of the index among what has a reading on the first date; they sum to 1."""
    own = weights.indicators.where(composite.indicators.iloc[0].notna(), 0.0)
    within = own / own.groupby(weights.dimension_of).transform("sum").where(lambda total: total > 0, 1.0)
    across = weights.dimensions.where(composite.dimensions.iloc[0].notna(), 0.0)
    return within * weights.dimension_of.map(across / across.sum())


def explain_blank(composite: Composite, id: str, date: pd.Timestamp) -> str:
    """Return why the index, a dimension or an indicator has no reading on a date; empty where it has one."""
    if pd.notna(composite.of(id)[date]):
        return ""
    if id == "index":
        share = composite.index_coverage[date]
        return f"{share:.0%} of the dimensions' weight has a reading; the index needs {INDEX_COVERAGE:.0%}"
    if id in composite.dimensions:
        share = composite.dimension_coverage[id][date]
        return f"{share:.0%} of its indicators' weight has a reading; a dimension needs {DIMENSION_COVERAGE:.0%}"
    return "no assessment yet"
