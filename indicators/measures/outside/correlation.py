"""Rank correlation of two quarterly series, with an interval from resampled blocks of quarters."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from indicators.measures.ranks import correlate_ranks
from indicators.measures.uncertainty.random import resample_blocks

BLOCK = 2
"""Consecutive quarters that a resample draws together."""

RESAMPLES = 2_000

FEWEST = 12
"""Quarters below which no correlation is given."""


class Correlation(NamedTuple):
    """A rank correlation: ``n`` quarters, and the ends of its 80 and 95 % intervals; NaN where there is none."""

    n: int
    rho: float = np.nan
    low: float = np.nan
    high: float = np.nan
    low95: float = np.nan
    high95: float = np.nan
    note: str = ""


def correlate(both: pd.DataFrame, name: str, seed: int = 0, resamples: int = RESAMPLES) -> Correlation:
    """Return Spearman's rank correlation of the two columns of a table with a row for each quarter, in order of time.

    The intervals are the central 80 and 95 % of the correlations of resampled quarters, drawn in circular blocks of
    two, since a quarter resembles the last one; ranks are taken again in each resample. With fewer than 12 quarters, or
    a column that does not vary, there is no correlation, and ``note`` says why. The random numbers follow from
    ``seed`` and ``name`` alone. With so few quarters, and series that drift for longer than a block, such an interval
    is too narrow.

    Politis and Romano, A Circular Block-Resampling Procedure for Stationary Data (1992).
    """
    values = both.to_numpy(float)
    n = len(values)
    if n < FEWEST:
        return Correlation(n, note=f"too few: {n} quarter{'s' * (n != 1)}, {FEWEST} are needed")
    if (np.ptp(values, axis=0) == 0).any():
        return Correlation(n, note="no variation")
    first, second = values.T
    places = resample_blocks(n, BLOCK, resamples, seed, name).T
    rhos = correlate_ranks(first[places], second[places])
    low, high, low95, high95 = np.nanquantile(rhos, [0.1, 0.9, 0.025, 0.975]).tolist()
    return Correlation(n, float(correlate_ranks(first, second)), low, high, low95, high95)
