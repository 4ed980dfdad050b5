"""The record of carried readings: how often an interval that had widened for missed reviews held the next settled one."""

from dataclasses import replace

import numpy as np
import pandas as pd

from indicators.measures.index import Array
from indicators.measures.panel import Panel
from indicators.measures.quarters import read_settled
from indicators.measures.uncertainty.draws import draw_panel
from indicators.measures.uncertainty.intervals import interval

RECORD_COLUMNS = ["level", "missed", "origins", "readings", "held", "share", "half_width"]

COUNT = 2_000
"""Draws behind each past interval."""


def count_held(
    panel: Panel,
    since: pd.Timestamp | None = None,
    most_missed: int = 2,
    percent: float = 80,
    count: int = COUNT,
    seed: int = 0,
) -> pd.DataFrame:
    """Return how often carried intervals held what the next reviews then said: a row for each level and number missed.

    From each settled quarter of the index since a day on (all by default), the readings are carried over one to ``most_missed`` reviews,
    from nothing but assessments dated up to that quarter's end, and their intervals (``percent`` of the draws) held
    against the readings of the settled quarter that followed. Columns: ``level`` (index, dimension, indicator), ``missed``
    (reviews), ``origins`` (quarters from which readings were carried), ``readings`` (compared, all ids of the level),
    ``held``, ``share`` (of the readings; NaN without any) and ``half_width`` (mean, in points).
    """
    settled = read_settled(panel)
    weights = panel.weights
    levels = {
        "index": ["index"],
        "dimension": list(weights.dimensions.index),
        "indicator": list(weights.indicators.index),
    }
    ends = settled.index[settled["index"].notna()]
    if since is not None:
        ends = ends[ends >= since]
    found: dict[tuple[str, int], list[Array]] = {(level, m): [] for level in levels for m in range(1, most_missed + 1)}
    for origin in ends:
        dates = pd.DatetimeIndex([origin + pd.offsets.QuarterEnd(m) for m in range(1, most_missed + 1)])
        came = settled.reindex(dates)
        if came.isna().all(axis=None):
            continue
        draws = draw_panel(_cut(panel, origin), dates, count, seed)
        for level, ids in levels.items():
            low, high = (
                np.array(part) for part in zip(*(interval(draws.held(id), percent) for id in ids), strict=True)
            )
            for place in range(most_missed):
                value = came[ids].iloc[place].to_numpy(float)
                triples = np.array([value, low[:, place], high[:, place]])
                known = ~np.isnan(triples).any(axis=0)
                if known.any():
                    found[level, place + 1].append(triples[:, known])
    rows = []
    for (level, missed), parts in found.items():
        value, low, high = np.concatenate(parts, axis=1) if parts else np.empty((3, 0))
        # Draws have single precision; a reading on the end of its interval is inside.
        held = int(((low - 1e-6 <= value) & (value <= high + 1e-6)).sum())
        share, half = (held / len(value), float((high - low).mean() / 2)) if len(value) else (np.nan, np.nan)
        rows.append((level, missed, len(parts), len(value), held, share, half))
    return pd.DataFrame(rows, columns=RECORD_COLUMNS)


def _cut(panel: Panel, day: pd.Timestamp) -> Panel:
    """Return the panel without what was assessed after a day."""
    rows = panel.dataset.assessments
    return replace(panel, dataset=replace(panel.dataset, assessments=rows[rows["date"] <= day]))
