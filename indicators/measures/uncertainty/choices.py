"""Which choice matters most for the index: all of them varied together, and the share of the variance that each makes.

Seven things are varied, each with random numbers of its own: the scores' own doubt, the doubt that they share, the
coder, the weights, the mean, which indicator is left out, and the spacing of the anchors. The *first-order* share of a
choice is the part of the variance that would go if it were known; its *total* share the part that would stay if all
others were. Where choices work through each other the first-order shares sum to less than 1, the total ones to more.

Saltelli et al., Variance Based Sensitivity Analysis of Model Output (2010), of which the first-order estimator is, and
Jansen (1999), of whom the total one is. Saisana, Saltelli and Tarantola, Uncertainty and Sensitivity Analysis
Techniques as Tools for the Quality Assessment of Composite Indicators (2005).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from indicators.measures.headline import NEAR_HIGHEST
from indicators.measures.index import Array, Composite, Weights, build_composite
from indicators.measures.panel import Panel
from indicators.measures.quarters import read_settled
from indicators.measures.uncertainty.draws import Seeds, draw_panel, draw_weights
from indicators.measures.uncertainty.intervals import interval
from indicators.measures.uncertainty.random import Key, random_bits, random_gamma, random_uniform, resample_blocks

Choice = Literal["scores", "shared", "coder", "weights", "mean", "left_out", "spacing"]
CHOICES: tuple[Choice, ...] = get_args(Choice)

FREE: tuple[Choice, ...] = ("weights", "mean", "left_out", "spacing")
"""Choices that are not doubt: the interval of the scores does not hold them."""

SAMPLES = 2_048
"""Settings in each of the two samples that are crossed."""

STEPS = 5
"""Steps between the anchors 0, 2, 4, 6, 8 and 10."""

STEP_CONCENTRATION = 5.0
"""Dirichlet parameter of each step between anchors: a step of 2 points then varies by 0.78 (one standard deviation)."""

RESAMPLES = 400


@dataclass(frozen=True)
class Varied:
    """A level or a change with all choices varied together.

    ``value`` is as set; ``low`` and ``high`` hold 80 % of the draws with all choices varied, ``doubt_low`` and
    ``doubt_high`` with the doubt in scores alone. ``above`` is the share of the draws above 0. ``shares`` has a row for
    each choice: ``choice``, ``first``, ``total`` (shares of the variance) and for both ``_low`` and ``_high``, their 95 %
    bootstrap interval; exactly 0 for what cannot matter, NaN where nothing varies.
    """

    value: float
    low: float
    high: float
    doubt_low: float
    doubt_high: float
    above: float
    shares: pd.DataFrame

    @property
    def leading(self) -> str:
        """The choice that matters most, by its total share; empty where nothing varies."""
        total = self.shares.set_index("choice")["total"]
        return "" if total.isna().all() else str(total.idxmax())

    @property
    def clear(self) -> bool:
        """Whether the leading choice leads by more than the sampling error."""
        table = self.shares.set_index("choice")
        others = table.drop(index=self.leading, errors="ignore")
        return bool(self.leading) and bool((table.loc[self.leading, "total_low"] > others["total_high"]).all())


@dataclass(frozen=True)
class Sensitivity:
    """What the choices make of the index's newest settled quarter and of its change on a year before.

    ``year_ago`` and ``change`` are ``None`` where the quarter a year before is not settled. ``draws`` is the number of
    settings behind the intervals.
    """

    date: pd.Timestamp
    year_ago: pd.Timestamp | None
    draws: int
    level: Varied
    change: Varied | None


def vary_choices(
    panel: Panel, count: int = SAMPLES, seed: int = 0, varied: tuple[Choice, ...] = FREE, by_quarter: bool = True
) -> Sensitivity | None:
    """Return how far the index depends on each choice, or nothing where no quarter is settled.

    The doubt in scores is always varied, as far as the panel's ranges, shared doubt and coders let it; of the other
    choices those in ``varied``. Weights are drawn from a Dirichlet distribution around the panel's (concentration 50);
    both means have equal chances, as have all the indicators and none of them to be left out; the five steps between an
    indicator's anchors are drawn from a Dirichlet distribution around equal ones. Each choice is the same on both
    dates. Shared doubt is another one in each quarter, which for a change is the less favourable case, unless
    ``by_quarter`` is false. Same data, same numbers; ``count`` settings in each of two samples.
    """
    settled = read_settled(panel)["index"].dropna().index
    if not len(settled):
        return None
    date = settled[-1]
    before = date - pd.offsets.QuarterEnd(4)
    dates = pd.DatetimeIndex([date, before] if before in settled else [date])
    composite = panel.composite(dates)
    model = _Model(panel, composite, count, varied, by_quarter)
    first, second = (dict.fromkeys(CHOICES, 2 * seed + add) for add in (0, 1))
    results = {"first": model.run(first), "second": model.run(second)}
    crossed = {choice: model.run(first | {choice: second[choice]}) for choice in CHOICES}
    set_only = _Model(panel, composite, count, (), by_quarter)
    doubt = np.concatenate([set_only.run(first), set_only.run(second)], axis=1)

    def describe(value: float, row: Array, name: str) -> Varied:
        runs = {key: (row[:, None] * run).sum(axis=0) for key, run in results.items()}
        every = np.concatenate(list(runs.values()))
        swapped: dict[str, Array] = {choice: (row[:, None] * run).sum(axis=0) for choice, run in crossed.items()}
        low, high = map(float, interval(every))
        doubt_low, doubt_high = map(float, interval((row[:, None] * doubt).sum(axis=0)))
        shares = estimate_shares(runs["first"], runs["second"], swapped, seed, name)
        return Varied(value, low, high, doubt_low, doubt_high, float(np.mean(every > 0)), shares)

    points = composite.index.to_numpy(float)
    level = describe(float(points[0]), np.eye(len(dates))[0], "level")
    change = describe(float(points[0] - points[1]), np.array([1.0, -1.0]), "change") if len(dates) > 1 else None
    return Sensitivity(date, before if change else None, 2 * count, level, change)


def estimate_shares(
    first: Array, second: Array, swapped: Mapping[str, Array], seed: int = 0, name: str = ""
) -> pd.DataFrame:
    """Return first-order and total shares of the variance for each choice, with their 95 % bootstrap intervals.

    ``first`` and ``second`` are results of two samples of settings, ``swapped`` for each choice those of the first
    sample with that choice taken from the second. Columns as in ``Varied.shares``.
    """
    # The first-order estimator errs less the nearer the results lie to 0.
    centre = (first.mean() + second.mean()) / 2
    a, b = first - centre, second - centre
    sample = resample_blocks(len(a), 1, RESAMPLES, seed, f"choices {name}")

    def resampled(values: Array) -> Array:
        """The mean over all settings, and over those of each resample."""
        return np.concatenate([[values.mean()], values[sample].mean(axis=1)])

    spread = (resampled(a * a) + resampled(b * b)) / 2 - ((resampled(a) + resampled(b)) / 2) ** 2
    spread = np.where(spread > 1e-18, spread, np.nan)
    rows = []
    for choice, values in swapped.items():
        c = values - centre
        shares = resampled(b * (c - a)) / spread, resampled((a - c) ** 2 / 2) / spread
        row: list[str | float] = [choice]
        for share in shares:
            ends = np.full(2, np.nan) if np.isnan(share[1:]).all() else np.nanquantile(share[1:], [0.025, 0.975])
            row += [float(share[0]), *(float(end) for end in ends)]
        rows.append(row)
    columns = ["choice", *(f"{kind}{end}" for kind in ("first", "total") for end in ("", "_low", "_high"))]
    return pd.DataFrame(rows, columns=columns)


class _Setting(NamedTuple):
    """The free choices of each draw: weights (dimension, draw), whether geometric, indicator left out, steps."""

    weights: Array
    geometric: NDArray[np.bool_]
    left: NDArray[np.intp]
    anchors: Array | None


class _Model:
    """The index on some dates as a function of the seeds of the choices."""

    def __init__(
        self, panel: Panel, composite: Composite, count: int, varied: tuple[Choice, ...], by_quarter: bool
    ) -> None:
        self.panel, self.count, self.varied, self.by_quarter = panel, count, varied, by_quarter
        self.composite = composite
        self.dates = pd.DatetimeIndex(composite.index.index)
        self.drawn: dict[Seeds, Array] = {}

    def run(self, seeds: Mapping[Choice, int]) -> Array:
        """Return the index as (date, draw)."""
        setting = self._choose(seeds)
        values = self._draw(Seeds(seeds["scores"], seeds["shared"], seeds["coder"]))
        if setting.anchors is not None:
            values = _space(values, setting.anchors)
        values = np.where(setting.geometric, np.log1p(values), values)
        weights, places = self.panel.weights, self.panel.weights.indicators.index
        own = weights.indicators.to_numpy(float)[:, None] * (np.arange(len(places))[:, None] != setting.left)
        result = np.empty((len(self.dates), self.count))
        for date in range(len(self.dates)):
            total, weight = np.zeros(self.count), np.zeros(self.count)
            for number, dimension in enumerate(weights.dimensions.index):
                if np.isnan(self.composite.dimensions[dimension].iloc[date]):
                    continue
                part, held = np.zeros(self.count), np.zeros(self.count)
                for place in places.get_indexer(pd.Index(weights.members(dimension))):
                    if not np.isnan(values[place, date, 0]):
                        part += own[place] * values[place, date]
                        held += own[place]
                across = setting.weights[number] * (held > 0)
                total += across * part / np.where(held > 0, held, 1.0)
                weight += across
            with np.errstate(invalid="ignore"):
                index = total / weight
            result[date] = np.where(setting.geometric, np.expm1(index), index)
        return result

    def _draw(self, seeds: Seeds) -> Array:
        """Return the indicators as (indicator, date, draw); another setting may want the same ones."""
        if seeds not in self.drawn:
            draws = draw_panel(self.panel, self.dates, self.count, seeds, together=True, by_quarter=self.by_quarter)
            self.drawn[seeds] = np.stack([held.by_date() for held in draws.by_indicator.values()])
        return self.drawn[seeds]

    def _choose(self, seeds: Mapping[Choice, int]) -> _Setting:
        weights, count = self.panel.weights, self.count
        across = np.repeat(weights.dimensions.to_numpy(float)[:, None], count, axis=1)
        if "weights" in self.varied:
            across = draw_weights(weights.dimensions, count, seed=seeds["weights"]).to_numpy(float).T
        geometric = np.full(count, self.panel.mean == "geometric")
        if "mean" in self.varied:
            geometric = random_bits(Key(seeds["mean"], "mean"), count) >= np.uint32(2**31)
        left = np.full(count, -1)
        if "left_out" in self.varied:
            options = np.array([-1, *self._list_spared()])
            uniform = random_uniform(Key(seeds["left_out"], "left out"), count).astype(float)
            left = options[(uniform * len(options)).astype(np.intp)]
        anchors = _draw_anchors(weights, count, seeds["spacing"]) if "spacing" in self.varied else None
        return _Setting(across, geometric, left, anchors)

    def _list_spared(self) -> list[int]:
        """Return the places of the indicators without which there still is an index."""
        weights = self.panel.weights
        counts = self.composite.indicators.notna() & (weights.indicators > 0)
        across = self.composite.dimensions.notna() & (weights.dimensions > 0)
        counts &= across[weights.dimension_of].to_numpy()
        alone = (counts & (counts.sum(axis=1) == 1).to_numpy()[:, None]).any(axis=0)
        return np.flatnonzero(~alone.to_numpy()).tolist()


def _draw_anchors(weights: Weights, count: int, seed: int) -> Array:
    """Return where the anchors 0, 2, … 10 of each indicator lie in each draw: (indicator, draw, anchor)."""
    steps = np.array(
        [
            [random_gamma(Key(seed, "spacing", str(id), str(step)), STEP_CONCENTRATION, count) for step in range(STEPS)]
            for id in weights.indicators.index
        ]
    ).transpose(0, 2, 1)
    anchors = np.zeros((*steps.shape[:2], STEPS + 1))
    np.cumsum(steps, axis=2, out=anchors[:, :, 1:])
    anchors *= 10 / anchors[:, :, -1:]
    return anchors


def _space(values: Array, anchors: Array) -> Array:
    """Return (indicator, date, draw) moved to where the anchors lie, evenly between two of them."""
    place = values * (STEPS / 10)
    known = ~np.isnan(place)
    lower = np.clip(np.floor(np.where(known, place, 0.0)), 0, STEPS - 1).astype(np.intp)
    at = anchors[:, None, :, :]
    start, end = (np.take_along_axis(at, step[..., None], axis=3)[..., 0] for step in (lower, lower + 1))
    return start + (place - lower) * (end - start)


def leave_out(panel: Panel) -> pd.DataFrame:
    """Return the index of settled quarters without each dimension and each indicator in turn.

    Columns: ``level`` (none, dimension, indicator), ``id`` (what is left out), ``date`` (newest settled quarter),
    ``score``, ``change`` (on a year before; NaN where that quarter is not settled) and ``highest``: the quarters within
    0.1 of the highest reading, a tuple of days, oldest first. The settled quarters are those of the whole index. The
    first row leaves out nothing.
    """
    columns = ["level", "id", "date", "score", "change", "highest"]
    settled = pd.DatetimeIndex(read_settled(panel)["index"].dropna().index)
    if not len(settled):
        return pd.DataFrame(columns=columns)
    readings = panel.composite(settled).indicators
    weights = panel.weights
    cases = [("none", "", weights)]
    for id in weights.dimensions.index:
        cases.append(("dimension", str(id), replace(weights, dimensions=_without(weights.dimensions, id))))
    for id, dimension in weights.dimension_of.items():
        own = _without(weights.indicators, id)
        # A dimension of one indicator goes with it, and does not leave the index short.
        empty = not own[weights.members(str(dimension))].sum() > 0
        across = _without(weights.dimensions, dimension) if empty else weights.dimensions
        cases.append(("indicator", str(id), replace(weights, indicators=own, dimensions=across)))
    rows = []
    year_ago = settled[-1] - pd.offsets.QuarterEnd(4)
    for level, id, changed in cases:
        index = build_composite(readings, changed, panel.mean).index
        before = index[year_ago] if year_ago in settled else np.nan
        highest = tuple(index.index[index >= index.max() - NEAR_HIGHEST - 1e-9])
        rows.append((level, id, settled[-1], index.iloc[-1], index.iloc[-1] - before, highest))
    return pd.DataFrame(rows, columns=columns)


def _without(weights: pd.Series, id: object) -> pd.Series:
    return weights.where(weights.index != id, 0.0)
