"""How sure a change of the index is: its interval, what each coder alone makes of it, and what would undo it."""

from dataclasses import dataclass, replace

import pandas as pd

from indicators.measures.panel import Panel
from indicators.measures.quarters import CITED, SETTLED, settled_quarters, tell_evidence, tell_states
from indicators.measures.uncertainty.intervals import interval_of_change

HALF = 0.5
"""The step of the scale."""


@dataclass(frozen=True)
class ChangeDoubt:
    """How sure a change of the index between two days is.

    ``low`` and ``high`` are the ends of its interval. ``by_coder`` has the change by each coder's own scores, by id; NaN
    where the index has no reading of that coder on one of the days. ``rows`` are the assessments that it rests on,
    ``quiet`` the indicators of those that cite no event of their quarter. ``unsettled`` are those of the two days whose
    quarter is not settled. ``step`` is by how much half a point in the weightiest indicator moves the index (NaN: the
    mean is not arithmetic).
    """

    amount: float
    low: float
    high: float
    by_coder: dict[str, float]
    rows: pd.DataFrame
    quiet: tuple[str, ...]
    unsettled: tuple[pd.Timestamp, ...]
    step: float


def measure_doubt(
    panel: Panel, start: pd.Timestamp, end: pd.Timestamp, labels: tuple[int, ...], percent: int
) -> ChangeDoubt:
    """Return how sure the change of the index from one day to a later one is; both need a reading.

    ``labels`` are those of the assessments that the change ledger names, ``percent`` the share of draws in the interval.
    """
    days = pd.DatetimeIndex([start, end])
    before, after = panel.composite(days).index.tolist()
    low, high = interval_of_change(panel, "index", start, end, percent)
    dataset = panel.dataset
    rows = dataset.assessments.loc[list(labels)]
    by_coder = {}
    for coder in sorted(map(str, panel.effective["coder"].unique())):
        own = replace(panel, coder=coder).composite(days).index
        by_coder[coder] = float(own.iloc[1] - own.iloc[0])
    quiet = {
        row["indicator"]
        for row in rows.to_dict("records")
        if tell_evidence(dataset, row["indicator"], row["date"], row["events"]) != CITED
    }
    states = tell_states(settled_quarters(panel, "index"), days)
    return ChangeDoubt(
        amount=after - before,
        low=low,
        high=high,
        by_coder=by_coder,
        rows=rows,
        quiet=tuple(id for id in dataset.indicators.index if id in quiet),
        unsettled=tuple(day for day, state in zip(days, states, strict=True) if state != SETTLED),
        step=_measure_step(panel),
    )


def _measure_step(panel: Panel) -> float:
    if panel.mean != "arithmetic":
        return float("nan")
    weights = panel.weights
    shares = weights.dimensions / weights.dimensions.sum()
    largest = 0.0
    for dimension in weights.dimensions.index:
        within = weights.indicators[weights.members(dimension)]
        if within.sum():
            largest = max(largest, float(shares[dimension] * within.max() / within.sum()))
    return HALF * largest
