"""The exact split of a change of the index over indicators, coverage, weights and method.

Both means are a sum over indicators once a score is put on the mean's own scale g: ``g(index) = Σ share × g(score)``,
with g the score itself for the arithmetic mean and log(1 + score) for the geometric one. A difference on that scale
is carried back to points by the logarithmic mean: ``x - y = L(x, y) × (g(x) - g(y))``. This is the additive
logarithmic mean Divisia index (LMDI-I; Ang, B. W., Energy Policy 32, 2004, 1131-1139): it leaves no residual, gives
zero to what did not change and reverses its sign when the two points change places. For the arithmetic mean L is 1,
and an indicator's part is its weight times its change.

What has a reading at only one of the two points is measured at that point, against the mean of what has one at both
(coverage); the change of the latter is split over scores, weights and mean by averaging all orders in which the three
may be changed (Shapley value; Shorrocks, A. F., Journal of Economic Inequality 11, 2013, 99-126).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from indicators.measures.index import Array, Composite, Mean, Weights

Mask = NDArray[np.bool_]
Parts = dict[tuple[str, str], float]
"""Points of the index by (dimension, indicator); the indicator is an empty string for a dimension as a whole."""


@dataclass(frozen=True)
class Decomposition:
    """The parts of a change of the index, in points.

    ``effects`` gives, for each indicator that counts at both points, the index's points per point of its reading;
    others are absent. The amounts ``effects × change of reading``, ``coverage``, ``weights`` and ``mean`` sum to the
    change.
    """

    effects: dict[str, float]
    coverage: Parts
    weights: Parts
    mean: float


@dataclass(frozen=True)
class _Side:
    """One of the two points as plain arrays in codebook order; ``group`` is each indicator's dimension's position."""

    scores: Array
    counted: Mask
    dimensions: Mask
    index: float
    dimension_weights: Array
    indicator_weights: Array
    group: NDArray[np.intp]
    mean: Mean

    def within(self, counted: Mask) -> Array:
        """Each indicator's share of its dimension when only some indicators count."""
        held = np.where(counted, self.indicator_weights, 0.0)
        total = np.bincount(self.group, held, len(self.dimensions))[self.group]
        return np.divide(held, total, out=np.zeros_like(held), where=total > 0)

    def across(self, dimensions: Mask) -> Array:
        """Each dimension's share of the index when only some dimensions count."""
        held = np.where(dimensions, self.dimension_weights, 0.0)
        return np.asarray(held / held.sum()) if held.sum() > 0 else held

    def gather(self, shares: Array, scaled: Array) -> Array:
        """Each dimension's weighted mean on the mean's own scale."""
        return np.asarray(np.bincount(self.group, shares * scaled, len(self.dimensions)))


def scale_scores(scores: Array, mean: Mean) -> Array:
    """Return scores on the scale on which a mean is a sum."""
    return scores if mean == "arithmetic" else np.log1p(scores)


def logarithmic_mean(first: Array, second: Array, mean: Mean) -> Array:
    """Return the points per unit of the mean's own scale between two scores; 1 for the arithmetic mean."""
    if mean == "arithmetic":
        return np.ones(np.broadcast_shapes(np.shape(first), np.shape(second)))
    # The relative form stays accurate where the two are nearly equal; the difference of two logarithms does not.
    relative = np.asarray((first - second) / (1 + second))
    logarithm = np.log1p(relative)
    ratio = np.divide(relative, logarithm, out=np.ones_like(relative), where=logarithm != 0)
    return np.asarray((1 + second) * ratio)


def decompose_change(
    before: Composite, after: Composite, weights: tuple[Weights, Weights], means: tuple[Mean, Mean]
) -> Decomposition:
    """Return the parts of the change from the one row of ``before`` to the one row of ``after``.

    Both must have an index reading, and columns in the same order. ``weights`` and ``means`` are those of the two.
    """
    first, last = (_arrange(c, w, m) for c, w, m in zip((before, after), weights, means, strict=True))
    counted, dimensions = _count_at_both(first, last)
    names = list(before.dimensions.columns)
    ids = list(before.indicators.columns)
    coverage: Parts = {}
    for side, sign in ((first, -1.0), (last, 1.0)):
        for dimension, indicator, amount in _cover(side, counted, dimensions, (first.index + last.index) / 2):
            key = (names[dimension], "" if indicator is None else ids[indicator])
            coverage[key] = coverage.get(key, 0.0) + sign * amount
    if not dimensions.any():
        return Decomposition({}, coverage, {}, 0.0)

    scores = [np.where(counted, side.scores, 0.0) for side in (first, last)]
    shares = [side.across(dimensions)[side.group] * side.within(counted) for side in (first, last)]
    effects, weighted, method = _share_orders(scores, shares, means)
    # A dimension whose inner weights stayed is one row; where they changed, its indicators are told apart.
    inner = first.gather(np.ones(len(ids)), np.abs(first.within(counted) - last.within(counted))) > 1e-12
    reweighted: Parts = {}
    for place, amount in enumerate(weighted):
        group = first.group[place]
        key = (names[group], ids[place] if inner[group] else "")
        reweighted[key] = reweighted.get(key, 0.0) + float(amount)
    return Decomposition({ids[i]: float(effects[i]) for i in np.flatnonzero(counted)}, coverage, reweighted, method)


def _arrange(composite: Composite, weights: Weights, mean: Mean) -> _Side:
    dimensions = composite.dimensions.columns
    indicators = composite.indicators.columns
    group = dimensions.get_indexer(pd.Index(weights.dimension_of.loc[indicators]))
    present = composite.dimensions.notna().to_numpy()[0]
    scores = composite.indicators.to_numpy(float)[0]
    return _Side(
        scores=scores,
        counted=~np.isnan(scores) & present[group],
        dimensions=present,
        index=float(composite.index.iloc[0]),
        dimension_weights=weights.dimensions.loc[dimensions].to_numpy(float),
        indicator_weights=weights.indicators.loc[indicators].to_numpy(float),
        group=group,
        mean=mean,
    )


def _count_at_both(first: _Side, last: _Side) -> tuple[Mask, Mask]:
    """Indicators and dimensions that count at both points; none where they carry no weight at one of the two."""
    sides = (first, last)
    counted = first.counted & last.counted
    held = [side.gather(side.indicator_weights, counted.astype(float)) for side in sides]
    dimensions = np.asarray((held[0] > 0) & (held[1] > 0))
    if any(side.dimension_weights[dimensions].sum() <= 0 for side in sides):
        dimensions = np.zeros_like(dimensions)
    return counted & dimensions[first.group], dimensions


def _cover(side: _Side, counted: Mask, dimensions: Mask, middle: float) -> Iterator[tuple[int, int | None, float]]:
    """What counts at this point only: dimension, indicator (none for a whole dimension), points added to the index."""
    scaled = scale_scores(np.where(side.counted, side.scores, 0.0), side.mean)
    full, kept = side.within(side.counted), side.within(counted)
    full_means, kept_means = side.gather(full, scaled), side.gather(kept, scaled)
    across, across_kept = side.across(side.dimensions), side.across(dimensions)
    if dimensions.any():
        reference = float(across_kept @ full_means)
        rest = float(across_kept @ kept_means)
        rest = rest if side.mean == "arithmetic" else float(np.expm1(rest))
    else:
        # Nothing is common to the two points: both are measured against the middle between them.
        reference, rest = float(scale_scores(np.asarray(middle), side.mean)), middle
    points = float(logarithmic_mean(np.asarray(side.index), np.asarray(rest), side.mean))
    for d in np.flatnonzero(side.dimensions & ~dimensions):
        yield int(d), None, float(across[d] * (full_means[d] - reference) * points)
    for i in np.flatnonzero(side.counted & ~counted & dimensions[side.group]):
        d = side.group[i]
        yield int(d), int(i), float(across_kept[d] * full[i] * (scaled[i] - kept_means[d]) * points)


def _share_orders(scores: list[Array], shares: list[Array], means: tuple[Mean, Mean]) -> tuple[Array, Array, float]:
    """Points per point of each indicator's reading, points by shift of shares, and points by change of mean.

    Each is the average over the six orders of changing scores, shares and mean.
    """

    def combine(s: int, w: int, m: int) -> Array:
        total = shares[w] @ scale_scores(scores[s], means[m])
        return np.asarray(total if means[m] == "arithmetic" else np.expm1(total))

    effects, weighted, method = np.zeros_like(scores[0]), np.zeros_like(scores[0]), 0.0
    for one in (0, 1):
        for other in (0, 1):
            often = 1 / 3 if one == other else 1 / 6
            mean = means[other]
            index = logarithmic_mean(combine(1, one, other), combine(0, one, other), mean)
            effects += often * shares[one] * index / logarithmic_mean(scores[1], scores[0], mean)
            old, new = combine(one, 0, other), combine(one, 1, other)
            middle = (scale_scores(old, mean) + scale_scores(new, mean)) / 2
            shift = (shares[1] - shares[0]) * (scale_scores(scores[one], mean) - middle)
            weighted += often * shift * logarithmic_mean(new, old, mean)
            method += often * float(combine(one, other, 1) - combine(one, other, 0))
    return effects, weighted, method
