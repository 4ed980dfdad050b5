"""Headlines under other choices: how often a sentence survives, and which weights would break it."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from indicators.measures.index import MEANS, Array, Composite, Mean, build_composite, explain_blank
from indicators.measures.narrative.claims import (
    TOLERANCE,
    Statement,
    find_gap,
    holds,
    less_certain,
    measure_statement,
)
from indicators.measures.panel import Panel
from indicators.measures.quarters import read_settled
from indicators.measures.readings import NoReadingError
from indicators.measures.uncertainty.draws import CONCENTRATION, Draws, draw_panel, draw_weights

NOT_VARIED = ("the choice of indicators", "the spacing of the anchors", "the one collection of evidence")
"""What no share of draws includes."""


@dataclass(frozen=True)
class Survival:
    """How often a statement holds under other choices.

    ``holds``: on the point readings as set; ``share``: in the cases with everything varied together; ``by``: with one
    thing varied and the others as set (draws, weights, means, coders); ``varied``: lines that say what was varied.
    """

    holds: bool
    share: float
    by: dict[str, float]
    varied: tuple[str, ...]


@dataclass(frozen=True)
class BreakingWeights:
    """The smallest change of weights that breaks a headline.

    ``distance``: sum of the absolute changes of the normalised weights, 0 to 2; ``weights``: the changed weights,
    which sum to 1. Where no weights break it, NaN and ``None``; ``why`` then gives the reason, and else is empty.
    """

    distance: float
    weights: pd.Series | None
    why: str = ""


def headline_survival(
    panel: Panel,
    statement: Statement,
    count: int = 2_000,
    seed: int = 0,
    concentration: float = CONCENTRATION,
    weights: Array | None = None,
) -> Survival:
    """Return the share of draws, weights, means and coders under which a statement about settled quarters holds.

    Everything varied together means: for the coders as the panel has them and for each coder alone, and for each mean,
    ``count`` draws of the scores, each with its own weights of the dimensions; every coder and mean counts equally. The
    weights are drawn from a Dirichlet distribution around the panel's, or given as ``weights`` (draw, dimension); a
    dimension without a reading is left out. A statement that compares quarters is tested with doubt that persists and
    against doubt of each quarter's own, and the share nearer to an even chance is given. Coders who alone have no
    settled reading in some quarter are left out, and ``varied`` names them; what is not varied stands in
    ``NOT_VARIED``.

    Raises ``NoReadingError`` where the panel itself has no settled reading in a quarter that the statement needs.

    Saisana, Saltelli and Tarantola, Uncertainty and Sensitivity Analysis Techniques as Tools for the Quality
    Assessment of Composite Indicators (2005).
    """
    if weights is None:
        weights = draw_weights(panel.weights.dimensions, count, concentration, seed).to_numpy(float)
    if gap := find_gap(panel, read_settled(panel), statement):
        raise NoReadingError(gap.why)
    dates = statement.dates
    composite = panel.composite(dates)
    quarters, before = dates.get_indexer(statement.quarters), dates.get_indexer(statement.before)

    def judge(readings: list[Array]) -> float:
        sides = [[values[places] for values in readings] for places in (quarters, before)]
        return float(np.mean(holds(statement, measure_statement(statement, *sides))))

    def judge_points(readings: Composite) -> float:
        return judge([readings.of(id).to_numpy(float) for id in statement.subjects])

    coders, left_out = _list_coders(panel, statement, composite)
    doubts = (False, True) if statement.compares else (False,)
    drawn = {
        coder: [draw_panel(replace(panel, coder=coder), dates, count, seed, by_quarter=own) for own in doubts]
        for coder in coders
    }
    together = [
        float(
            np.mean(
                [
                    judge(_weigh_subjects(panel, statement, draws[own].under(panel.weights, mean), weights, mean))
                    for draws in drawn.values()
                    for mean in MEANS
                ]
            )
        )
        for own in range(len(doubts))
    ]
    means = [judge_points(build_composite(composite.indicators, panel.weights, mean)) for mean in MEANS]
    by = {
        "draws": less_certain(*(judge([d.of(subject) for subject in statement.subjects]) for d in drawn[panel.coder])),
        "weights": judge(_weigh_subjects(panel, statement, _Points(composite), weights, panel.mean)),
        "means": float(np.mean(means)),
        "coders": float(np.mean([judge_points(readings) for readings in coders.values()])),
    }
    varied = (*_describe(weights, list(coders)), *left_out)
    return Survival(judge_points(composite) == 1, less_certain(*together), by, varied)


def weigh_index(dimensions: Array, weights: Array, mean: Mean) -> Array:
    """Return the index under each set of weights: (date, set).

    ``dimensions`` is (dimension, date, draw) with one draw for each set, or a single one for all; ``weights`` is
    (set, dimension). A dimension without a reading is left out and the other weights scaled up.
    """
    shares = weights.T[:, None, :] * ~np.isnan(dimensions)
    scaled = np.nan_to_num(dimensions if mean == "arithmetic" else np.log1p(dimensions))
    with np.errstate(invalid="ignore"):
        result = (shares * scaled).sum(axis=0) / shares.sum(axis=0)
    return np.asarray(result if mean == "arithmetic" else np.expm1(result))


def smallest_breaking_weights(panel: Panel, start: pd.Timestamp, end: pd.Timestamp) -> BreakingWeights:
    """Return the smallest change of the dimensions' weights under which the index is no higher on end than on start.

    Smallest by the sum of absolute changes of the weights, each set summing to 1; weights of 0 are allowed. For the
    arithmetic mean the index rises when the weighted sum of the dimensions' changes is above 0, for the geometric one
    when that of their logarithms' (of 1 + reading) is. Where nothing breaks the headline, where it does not hold as it
    stands, or where a dimension has a reading on one date only, ``why`` says so.

    Raises ``NoReadingError`` where the index has no reading on one of the dates.
    """
    dates = pd.DatetimeIndex([start, end])
    composite = panel.composite(dates)
    for date in dates:
        if reason := explain_blank(composite, "index", date):
            raise NoReadingError(f"the index has no reading on {date:%Y-%m-%d}: {reason}")
    readings = composite.dimensions.to_numpy(float)
    present = ~np.isnan(readings)
    weights = panel.weights.dimensions / panel.weights.dimensions.sum()
    if partial := weights.index[present[0] != present[1]].tolist():
        titles = ", ".join(map(panel.dataset.title, partial))
        return BreakingWeights(np.nan, None, f"a reading on one of the two dates only: {titles}")
    scale = readings if panel.mean == "arithmetic" else np.log1p(readings)
    changes = np.where(present[0], scale[1] - scale[0], 0.0)
    if changes @ weights.to_numpy() <= TOLERANCE:
        return BreakingWeights(0.0, weights, "the index is not higher on the later date as it stands")
    broken = break_rise(changes, weights.to_numpy(), present[0])
    if broken is None:
        return BreakingWeights(np.nan, None, "no change of weights reverses it: every dimension rose")
    return BreakingWeights(float(np.abs(broken - weights).sum()), pd.Series(broken, index=weights.index))


def break_rise(changes: Array, weights: Array, present: NDArray[np.bool_]) -> Array | None:
    """Return the weights nearest to ``weights`` (sum of absolute changes) that give ``changes`` no positive sum.

    Weights sum to 1 and are 0 or more. Nothing where every dimension that is present rose. Exact: a weight that is
    moved lowers the sum most when it goes from the largest rise to the largest fall, whatever else was moved.
    """
    target = int(np.argmin(np.where(present, changes, np.inf)))
    if changes[target] > 0:
        return None
    broken = weights.astype(float).copy()
    for source in np.argsort(-changes, kind="stable"):
        excess = float(changes @ broken)
        if excess <= 0 or changes[source] <= changes[target]:
            break
        moved = min(broken[source], excess / (changes[source] - changes[target]))
        broken[source] -= moved
        broken[target] += moved
    return broken


@dataclass(frozen=True)
class _Points:
    """Point readings in the form of a single draw."""

    composite: Composite

    def of(self, id: str) -> Array:
        return self.composite.of(id).to_numpy(float)[:, None]


def _list_coders(
    panel: Panel, statement: Statement, composite: Composite
) -> tuple[dict[str | None, Composite], list[str]]:
    """Readings of the panel's own choice of coders and of each alone, and lines on those who cannot judge it alone."""
    coders: dict[str | None, Composite] = {panel.coder: composite}
    left_out = []
    known = sorted(panel.effective["coder"].unique())
    if panel.coder is None and len(known) > 1:
        for coder in known:
            alone = replace(panel, coder=coder)
            if gap := find_gap(alone, read_settled(alone), statement):
                left_out.append(f"left out: coder {coder} alone, since {gap.why}")
            else:
                coders[coder] = alone.composite(statement.dates)
    return coders, left_out


def _weigh_subjects(
    panel: Panel, statement: Statement, draws: "Draws | _Points", weights: Array, mean: Mean
) -> list[Array]:
    """Readings of each subject under each set of weights, (date, set); weights move the index only."""
    readings = []
    for subject in statement.subjects:
        if subject == "index":
            dimensions = np.stack([draws.of(id) for id in panel.weights.dimensions.index])
            readings.append(weigh_index(dimensions, weights, mean))
        else:
            values = draws.of(subject)
            readings.append(np.broadcast_to(values, (len(values), len(weights))))
    return readings


def _describe(weights: Array, coders: list[str | None]) -> list[str]:
    spread = np.sqrt(np.mean(np.var(weights / weights.sum(axis=1, keepdims=True), axis=0)))
    named = ["all coders together" if coder is None else f"coder {coder} alone" for coder in coders]
    return [
        f"scores: {len(weights):,} draws within the plausible ranges",
        f"weights: {len(weights):,} sets around the set ones, each dimension's share scattering by {spread:.1%}",
        f"means: {' and '.join(MEANS)}",
        f"coders: {', '.join(named)}",
    ]
