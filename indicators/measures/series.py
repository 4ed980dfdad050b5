"""A reading's history as one table: the only way in which pages, commands and exports get it."""

import datetime as dt
from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from indicators.measures.index import Composite, build_composite
from indicators.measures.panel import Panel
from indicators.measures.readings import read_indicators
from indicators.measures.uncertainty.draws import DRAWS, Draws, draw_panel
from indicators.measures.uncertainty.intervals import interval

LEVELS = ("index", "dimension", "indicator")


def build_series(
    panel: Panel, level: str, dates: pd.DatetimeIndex, share: float = 80, count: int = DRAWS, seed: int = 0
) -> pd.DataFrame:
    """Return the readings of one level with their intervals, from each id's first one on: a table of ``build_levels``."""
    return build_levels(panel, (level,), draw_panel(panel, dates, count, seed), share)[level]


def build_levels(panel: Panel, levels: Collection[str], draws: Draws, share: float = 80) -> dict[str, pd.DataFrame]:
    """Return the readings of some levels with their intervals on the dates of some draws, from each id's first one on.

    Columns: ``date``, ``id``, ``score`` (0 to 10; blank where too little weight is present), ``low`` and ``high``
    (ends of the central interval that holds ``share`` percent of the draws), ``fresh`` (share of the weight that rests
    on assessments within their review period). Ordered by id in codebook order, then date.
    """
    scores, fresh = _read_composites(panel, draws.dates)
    return {level: _join_series(draws.dates, scores.level(level), fresh.level(level), draws, share) for level in levels}


def stack_levels(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the tables of ``build_levels`` below each other, with the ``level`` before their own columns."""
    parts = [table.assign(level=level) for level, table in tables.items()]
    return pd.concat(parts, ignore_index=True)[["level", "date", "id", "score", "low", "high", "fresh"]]


def build_points(panel: Panel, level: str, dates: pd.DatetimeIndex) -> pd.DataFrame:
    """Return the readings of one level without intervals, from each id's first one on: ``date, id, score, fresh``.

    For lines that are drawn without a ribbon; nothing is drawn at random for them.
    """
    scores, fresh = (composite.level(level) for composite in _read_composites(panel, dates))
    frames = []
    for id in scores.columns:
        frame = pd.DataFrame({"date": dates, "id": id, "score": scores[id].to_numpy(), "fresh": fresh[id].to_numpy()})
        frames.append(frame.loc[scores[id].notna().cummax().to_numpy()])
    return pd.concat(frames, ignore_index=True)


def _read_composites(panel: Panel, dates: pd.DatetimeIndex) -> tuple[Composite, Composite]:
    """Scores, and shares of the weight that rest on assessments within their review period."""
    held = read_indicators(panel.holdings(dates))
    wide = {value: held.pivot(index="date", columns="indicator", values=value) for value in ("score", "fresh")}
    scores = build_composite(wide["score"].reindex(dates), panel.weights, panel.mean)
    return scores, build_composite(wide["fresh"].reindex(dates).astype(float), panel.weights)


def _join_series(
    dates: pd.DatetimeIndex, scores: pd.DataFrame, fresh: pd.DataFrame, draws: Draws, share: float
) -> pd.DataFrame:
    frames = []
    for id in scores.columns:
        known = scores[id].notna().to_numpy()
        low, high = interval(draws.held(id), share)
        frame = pd.DataFrame(
            {
                "date": dates,
                "id": id,
                "score": scores[id].to_numpy(),
                "low": low,
                "high": high,
                "fresh": fresh[id].to_numpy(),
            }
        )
        frames.append(frame.iloc[int(np.argmax(known)) :] if known.any() else frame.iloc[:0])
    return pd.concat(frames, ignore_index=True)


def explain_empty(panel: Panel, level: str, start: dt.date | None, end: dt.date | None) -> str:
    """Return why a series has no reading, for a reader who expected some."""
    if panel.effective.empty:
        rows = panel.dataset.assessments
        if panel.coder is not None:
            rows = rows[rows["coder"] == panel.coder]
        if rows.empty:
            return "no reading: there are no assessments"
        first = rows["recorded"].min()
        if panel.as_of is not None and pd.Timestamp(panel.as_of) < first.normalize():
            return (
                f"no reading: nothing was recorded up to {panel.as_of}; "
                f"the first rows were recorded on {first:%Y-%m-%d}"
            )
        return "no reading: every assessment was withdrawn"
    first_day, last_day = panel.steps[0], panel.steps[-1]
    if (end is not None and pd.Timestamp(end) < first_day) or (start is not None and pd.Timestamp(start) > last_day):
        return f"no reading: assessments run from {first_day:%Y-%m-%d} to {last_day:%Y-%m-%d}"
    return f"no reading: no {level} has enough of its weight assessed on these dates"


def tabulate_coverage(panel: Panel) -> pd.DataFrame:
    """Return the first day with a reading of the index and each dimension, and the share of weight present then.

    Columns: ``title``, ``first reading``, ``share then``, ``share now`` (shares in words).
    """
    composite = panel.stepped
    rows = []
    for id in ["index", *composite.dimensions.columns]:
        line = composite.of(id)
        share = composite.index_coverage if id == "index" else composite.dimension_coverage[id]
        first = line.first_valid_index()
        rows.append(
            {
                "title": panel.dataset.title(id),
                "first reading": first,
                "share then": "" if first is None else f"{share[first]:.0%}",
                "share now": f"{share.iloc[-1]:.0%}" if len(share) else "",
            }
        )
    return pd.DataFrame(rows)
