"""Levers: what the baseline's paths become under assumed effects, and an account of the difference.

A lever adds to the paths of some indicators, from its delay on, an amount drawn from the triangular distribution of
its low, mode and high. The sums of all levers that are on are held within 0 to 10 once, at the end, so that the order
of switching does not matter. The random numbers of an effect follow from its lever and indicator: they stay the same
whatever else is on, and an edited assumption moves the same draws.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from indicators.measures.change.decomposition import logarithmic_mean
from indicators.measures.index import Array, indicator_shares
from indicators.measures.outlook.fan import Paths
from indicators.measures.uncertainty.random import Key, random_uniform
from indicators.measures.uncertainty.triangular import triangular_quantile
from indicators.records.dataset import Dataset

PARTS = ("lever", "clipped")
COLUMNS = ["part", "lever", "dimension", "indicator", "amount"]


@dataclass(frozen=True, order=True)
class Assumption:
    """What a lever is assumed to do to an indicator: points added to its score, after a delay."""

    lever: str
    indicator: str
    low: float
    mode: float
    high: float
    delay_days: int


@dataclass(frozen=True, eq=False)
class Scenario:
    """The baseline's paths and those with some levers on; ``effects`` is (date, draw) by lever and indicator."""

    baseline: Paths
    paths: Paths
    effects: dict[tuple[str, str], Array]


def list_assumptions(dataset: Dataset) -> tuple[Assumption, ...]:
    """Return the assumptions as published, in the order of their file."""
    columns = ["lever", "indicator", "low", "mode", "high", "delay_days"]
    if dataset.pathways.empty:
        return ()
    return tuple(Assumption(*row) for row in dataset.pathways[columns].itertuples(index=False, name=None))


def follow_levers(
    baseline: Paths, assumptions: Iterable[Assumption], levers: Collection[str], seed: int = 0
) -> Scenario:
    """Return the paths with some levers on; without one they are the baseline's.

    Effects on an indicator without a reading at the start are left out. Raises ``ValueError`` for a lever without
    assumptions.
    """
    listed = tuple(assumptions)
    if unknown := set(levers) - {a.lever for a in listed}:
        raise ValueError(f"unknown lever: {', '.join(sorted(unknown))}")
    ids = baseline.weights.indicators.index
    count = baseline.indicators.shape[1]
    effects: dict[tuple[str, str], Array] = {}
    total = np.zeros_like(baseline.indicators)
    # In one order, whatever the order of switching: sums of floating-point numbers depend on theirs.
    for a in sorted(a for a in listed if a.lever in levers):
        place = ids.get_loc(a.indicator)
        if np.isnan(baseline.origin[place]):
            continue
        uniform = random_uniform(Key(seed, "lever", a.lever, a.indicator), count)
        amounts = triangular_quantile(uniform, a.low, a.mode, a.high).astype(float)
        begun = (baseline.dates >= baseline.start + pd.Timedelta(days=a.delay_days)).astype(float)
        effects[a.lever, a.indicator] = begun[:, None] * amounts
        total[:, :, place] += effects[a.lever, a.indicator]
    if not effects:
        return Scenario(baseline, baseline, {})
    return Scenario(baseline, replace(baseline, indicators=np.clip(baseline.indicators + total, 0, 10)), effects)


def explain_levers(scenario: Scenario) -> pd.DataFrame:
    """Return the difference that the levers make to the index on the last day, part by part.

    Columns: ``part`` (one of ``PARTS``), ``lever``, ``dimension``, ``indicator``, ``amount`` (points of the index).
    A row each: ``lever``, the mean effect of a lever on an indicator with the indicator's weight; ``clipped``, what an
    indicator lost at the ends of the scale. The amounts sum to the difference of the means over the paths. For the
    geometric mean a part counts with the index's points per point of the indicator in each path (logarithmic mean).
    """
    before, after = scenario.baseline, scenario.paths
    points = _points_per_score(scenario)
    dimension_of = before.weights.dimension_of
    rows = []
    lost = after.indicators[-1] - before.indicators[-1]
    for (lever, indicator), effect in scenario.effects.items():
        place = before.weights.indicators.index.get_loc(indicator)
        lost[:, place] -= effect[-1]
        amount = float((points[:, place] * effect[-1]).mean())
        rows.append(("lever", lever, dimension_of[indicator], indicator, amount))
    moved = dict.fromkeys(indicator for _, indicator in scenario.effects)
    for indicator in moved:
        place = before.weights.indicators.index.get_loc(indicator)
        amount = float((points[:, place] * lost[:, place]).mean())
        # What rounding leaves where nothing was clipped is no part.
        if np.abs(lost[:, place]).max() > 1e-9:
            rows.append(("clipped", "", dimension_of[indicator], indicator, amount))
    return pd.DataFrame(rows, columns=COLUMNS).astype({"amount": float})


def range_levers(scenario: Scenario) -> pd.DataFrame:
    """Return what each lever does to the index on the last day, the largest first.

    Columns: ``lever``, ``amount`` (mean over the paths, as in ``explain_levers``), ``low`` and ``high`` (between them
    lie 80 % of the paths), in points of the index, before the ends of the scale cut anything off.
    """
    points = _points_per_score(scenario)
    ids = scenario.baseline.weights.indicators.index
    moved: dict[str, Array] = {}
    for (lever, indicator), effect in scenario.effects.items():
        amount = points[:, ids.get_loc(indicator)] * effect[-1]
        moved[lever] = moved.get(lever, 0) + amount
    rows = [(lever, float(m.mean()), *map(float, np.quantile(m, [0.1, 0.9]))) for lever, m in moved.items()]
    table = pd.DataFrame(rows, columns=["lever", "amount", "low", "high"])
    return table.sort_values("amount", key=lambda a: -a.abs(), kind="stable", ignore_index=True)


def measure_reach(scenario: Scenario, id: str) -> float:
    """Return what the levers that are on change in the mean of an id over the paths on the last day, in its points."""
    return float(scenario.paths.of(id)[-1].mean() - scenario.baseline.of(id)[-1].mean())


def _points_per_score(scenario: Scenario) -> Array:
    """The index's points per point of each indicator in each path on the last day, as (draw, indicator)."""
    before, after = scenario.baseline, scenario.paths
    shares = indicator_shares(before.start_readings, before.weights).to_numpy(float)
    if before.mean == "arithmetic":
        return np.broadcast_to(shares, before.indicators[-1].shape)
    first, last = (np.nan_to_num(paths.indicators[-1]) for paths in (before, after))
    carried = logarithmic_mean(after.index[-1], before.index[-1], before.mean)
    return np.asarray(carried[:, None] * shares / logarithmic_mean(last, first, before.mean))
