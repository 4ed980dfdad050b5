"""How much wider a range is once a review was missed: by how much indicators have moved in a quarter.

For each missed review a range widens on each side by half the 80th percentile of the indicator's own last eight
quarterly changes (without their sign) plus half the mean of that percentile over all indicators. Only what was
reviewed by then counts, so a later row alters no earlier interval. How often such an interval held the next reading
is counted in ``carried``.
"""

import numpy as np
import pandas as pd

from indicators.measures.readings import Line, count_ended, hold_assessments, read_indicators

UNKNOWN = 0.5
"""Points for each missed review where too little has been reviewed to say: a convention."""

CHANGES = 8
"""Quarterly changes that count, the newest ones."""

FEWEST = 4
"""Changes of its own below which an indicator takes the mean of the others."""

PERCENTILE = 0.8


def measure_widening(line: Line, indicators: pd.Index) -> pd.DataFrame:
    """Return the points on each side for each missed review: a row for each quarter-end, a column for each indicator.

    The row of a quarter-end uses the changes between reviews up to it.
    """
    if line.rows.empty:
        return pd.DataFrame(columns=indicators, dtype=float)
    first, last = line.rows["date"].min(), line.rows["date"].max()
    ends = pd.date_range(first, last + pd.offsets.QuarterEnd(0), freq="QE")
    held = hold_assessments(line, ends)
    read = read_indicators(held[held["fresh"]])
    table = read.pivot(index="date", columns="indicator", values="score")
    changes = table.reindex(index=ends, columns=indicators).astype(float).diff().abs()
    own = {}
    for indicator, column in changes.items():
        known = column.dropna()
        if len(known) >= FEWEST:
            rolled = known.rolling(CHANGES, min_periods=FEWEST).quantile(PERCENTILE)
            own[indicator] = rolled.reindex(ends).ffill()
    table = pd.DataFrame(own, index=ends, columns=indicators, dtype=float)
    mean = table.mean(axis=1).fillna(UNKNOWN)
    return table.T.fillna(mean).T / 2 + np.repeat(mean.to_numpy()[:, None] / 2, len(indicators), axis=1)


def widen_ranges(held: pd.DataFrame, widening: pd.DataFrame | None) -> pd.DataFrame:
    """Return holdings with their ranges widened, and a column ``widening`` (points on each side, within 0 to 10).

    ``held`` is that of ``hold_assessments``; ``widening`` that of ``measure_widening``, or nothing where no review was
    missed.
    """
    if widening is None:
        return held.assign(widening=0.0)
    ends = count_ended(widening.index.to_numpy("datetime64[D]"))
    place = np.searchsorted(ends, count_ended(held["assessed"].to_numpy("datetime64[D]")), side="right") - 1
    each = widening.to_numpy()[np.maximum(place, 0), widening.columns.get_indexer(pd.Index(held["indicator"]))]
    points = held["missed"].to_numpy(float) * np.where(place >= 0, each, UNKNOWN)
    return held.assign(
        low=np.maximum(held["low"].to_numpy(float) - points, 0),
        high=np.minimum(held["high"].to_numpy(float) + points, 10),
        widening=points,
    )
