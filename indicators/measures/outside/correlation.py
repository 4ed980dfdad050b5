"""Rank correlation of two monthly series, with an interval from resampled blocks of months."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from indicators.measures.index import Array
from indicators.measures.uncertainty.random import Key, random_uniform

BLOCK = 6
"""Consecutive months that a resample draws together."""

RESAMPLES = 2_000

FEWEST = 24
"""Months below which no correlation is given."""


class Correlation(NamedTuple):
    """A rank correlation: ``n`` months, and the ends of its 80 and 95 % intervals; NaN where there is none."""

    n: int
    rho: float = np.nan
    low: float = np.nan
    high: float = np.nan
    low95: float = np.nan
    high95: float = np.nan
    note: str = ""


def correlate(both: pd.DataFrame, key: Key, resamples: int = RESAMPLES) -> Correlation:
    """Return Spearman's rank correlation of the two columns of a table with a row for each month, in order of time.

    The intervals are the central 80 and 95 % of the correlations of resampled months, drawn in circular blocks of
    six months, since a month resembles the last one; ranks are taken anew in each resample. With fewer than
    24 months, or a column that does not vary, there is no correlation, and ``note`` says why. The random numbers
    follow from ``key`` alone. Series that drift for longer than a block make such an interval too narrow.

    Politis and Romano, A Circular Block-Resampling Procedure for Stationary Data (1992).
    """
    values = both.to_numpy(float)
    n = len(values)
    if n < FEWEST:
        return Correlation(n, note=f"too few: {n} month{'s' * (n != 1)}, {FEWEST} are needed")
    if (np.ptp(values, axis=0) == 0).any():
        return Correlation(n, note="no variation")
    first, second = values.T
    rhos = spearman(first, second, count_draws(n, key, resamples, BLOCK))
    low, high, low95, high95 = np.nanquantile(rhos, [0.1, 0.9, 0.025, 0.975]).tolist()
    whole = spearman(first, second, np.ones((1, n)))
    return Correlation(n, float(whole[0]), low, high, low95, high95)


def count_draws(n: int, key: Key, resamples: int, block: int) -> Array:
    """Return how often each of ``n`` months is drawn in each resample of circular blocks: (resample, month)."""
    blocks = -(-n // block)
    uniform = random_uniform(key, resamples * blocks).astype(float)
    starts = np.floor(uniform * n).astype(np.intp).reshape(resamples, blocks, 1)
    drawn = ((starts + np.arange(block)) % n).reshape(resamples, -1)[:, :n]
    flat = drawn + n * np.arange(resamples)[:, None]
    return np.bincount(flat.ravel(), minlength=resamples * n).reshape(resamples, n).astype(float)


def spearman(first: Array, second: Array, counts: Array) -> Array:
    """Return the rank correlation of two series in each resample that ``counts`` gives (how often each month is drawn).

    Ties, also of a month with itself, share their mean rank; NaN where a resample holds one value only.
    """
    a, b = _ranks(first, counts), _ranks(second, counts)
    spread = np.sqrt((counts * a**2).sum(axis=1) * (counts * b**2).sum(axis=1))
    product = (counts * a * b).sum(axis=1)
    return np.asarray(np.where(spread > 1e-9, product / np.where(spread > 1e-9, spread, 1), np.nan))


def _ranks(values: Array, counts: Array) -> Array:
    """Ranks of each month in each resample, less their mean. Counting instead of sorting is many times faster."""
    distinct, code = np.unique(values, return_inverse=True)
    order = np.argsort(code, kind="stable")
    size = np.add.reduceat(counts[:, order], np.searchsorted(code[order], np.arange(len(distinct))), axis=1)
    middle = np.cumsum(size, axis=1) - size / 2 - counts.sum(axis=1, keepdims=True) / 2
    return np.asarray(middle[:, code])
