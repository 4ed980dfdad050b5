"""How the parts of the index move together over time: correlations, alpha, and shares of the variance.

An index may well be made of parts that do not move together; whoever reads it as one thing must know.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from indicators.measures.panel import Panel
from indicators.measures.quarters import read_settled

FEWEST_QUARTERS = 8
"""Settled quarters below which nothing is said."""


@dataclass(frozen=True)
class Coherence:
    """How dimensions and indicators moved together in the settled quarters from ``start`` to ``end``.

    ``quarters`` is their number. ``correlations`` are those of the dimensions (Pearson). ``alphas`` has a row for the
    index, of which the dimensions are the items, and for each dimension, of which its indicators are: ``id``, ``items``
    and ``alpha`` (Cronbach's; 1: the items move as one, 0: they are unrelated, below 0: against each other). ``shares`` has ``level``
    (dimension, indicator), ``id``, ``dimension``, ``stated`` (weight in the index), ``share`` (of the index's variance
    over the quarters; sums to 1 at each level, below 0 for what moves against the index) and ``rest`` (its correlation
    with the mean of the others: of the other dimensions, or of the other indicators of its dimension).
    """

    start: pd.Timestamp
    end: pd.Timestamp
    quarters: int
    correlations: pd.DataFrame
    alphas: pd.DataFrame
    shares: pd.DataFrame


def measure_coherence(panel: Panel, since: pd.Timestamp | None = None) -> Coherence | None:
    """Return how the parts of the index moved together in its settled quarters since a day (all by default).

    A quarter counts where all that has weight has a reading. Nothing where there are fewer than eight. For the geometric
    mean, variances are those of the logarithm of 1 + reading, in which that mean is a sum.

    Cronbach, Coefficient Alpha and the Internal Structure of Tests (1951). OECD/JRC Handbook on Constructing Composite
    Indicators (2008), step 4.
    """
    weights = panel.weights
    across = weights.dimensions / weights.dimensions.sum()
    within = weights.indicators / weights.indicators.groupby(weights.dimension_of).transform("sum").replace(0.0, np.nan)
    own = (within * weights.dimension_of.map(across)).fillna(0.0)
    across, own = across[across > 0], own[own > 0]
    settled = read_settled(panel)
    table = settled.loc[settled["index"].notna(), [*across.index, *own.index]].dropna()
    if since is not None:
        table = table[table.index >= since]
    if len(table) < FEWEST_QUARTERS:
        return None
    if panel.mean == "geometric":
        table = table.apply(np.log1p)
    dimension_of = weights.dimension_of[own.index]
    parts = {
        "index": table[across.index] * across,
        **{str(d): table[ids] * own[ids] for d, ids in dimension_of.groupby(dimension_of, sort=False).groups.items()},
    }
    alphas = [(id, part.shape[1], _cronbach(part)) for id, part in parts.items()]
    index = parts["index"].sum(axis=1)
    spread = float(index.var())
    shares = []
    for level, stated in (("dimension", across), ("indicator", own)):
        for id, weight in zip(map(str, stated.index), stated.tolist(), strict=True):
            dimension = id if level == "dimension" else str(dimension_of[id])
            group = parts["index" if level == "dimension" else dimension]
            share = float((table[id] * weight).cov(index)) / spread if spread > 1e-18 else np.nan
            rest = _correlate(group[id], group.drop(columns=id).sum(axis=1))
            shares.append((level, id, dimension, weight, share, rest))
    return Coherence(
        start=pd.Timestamp(table.index[0]),
        end=pd.Timestamp(table.index[-1]),
        quarters=len(table),
        correlations=table[across.index].corr(),
        alphas=pd.DataFrame(alphas, columns=["id", "items", "alpha"]),
        shares=pd.DataFrame(shares, columns=["level", "id", "dimension", "stated", "share", "rest"]),
    )


def _cronbach(items: pd.DataFrame) -> float:
    """Return Cronbach's alpha; NaN for a single item, or where their sum does not vary."""
    count = items.shape[1]
    total = float(items.sum(axis=1).var())
    if count < 2 or not total > 1e-18:
        return np.nan
    return float(count / (count - 1) * (1 - items.var().sum() / total))


def _correlate(first: pd.Series, second: pd.Series) -> float:
    """Return the correlation of two series; NaN where one of them does not vary."""
    spread = first.std() * second.std()
    return float(first.cov(second) / spread) if spread > 1e-12 else np.nan
