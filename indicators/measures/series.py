"""A reading's history as one table: the only way in which pages, commands and exports get it."""

import datetime as dt
from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from indicators.measures.index import Array, Composite, build_composite
from indicators.measures.panel import Panel
from indicators.measures.quarters import list_settled, share_reviewed, tell_states
from indicators.measures.uncertainty.draws import DRAWS, Draws, draw_panel
from indicators.measures.uncertainty.intervals import interval

LEVELS = ("index", "dimension", "indicator")

Ends = tuple[Array, Array]
"""Lower and upper ends of intervals, by date."""

TOGETHER = 72
"""Dates drawn at a time: the draws of so many take some 60 megabytes."""


def build_series(
    panel: Panel, level: str, dates: pd.DatetimeIndex, share: float = 80, count: int = DRAWS, seed: int = 0
) -> pd.DataFrame:
    """Return the readings of one level with their intervals, from each id's first one on: see ``measure_levels``."""
    return measure_levels(panel, (level,), dates, share, count, seed)[level]


def measure_levels(
    panel: Panel,
    levels: Collection[str],
    dates: pd.DatetimeIndex,
    share: float = 80,
    count: int = DRAWS,
    seed: int = 0,
) -> dict[str, pd.DataFrame]:
    """Return the tables of ``build_levels`` for any number of dates, drawn in parts that fit into memory."""
    scores, fresh = _read_composites(panel, dates)
    ids = {level: list(scores.level(level).columns) for level in levels}
    ends: dict[str, list[Ends]] = {id: [] for own in ids.values() for id in own}
    # The draws of daily readings over years would take gigabytes; they are the same in parts.
    for at in range(0, len(dates), TOGETHER):
        draws = draw_panel(panel, dates[at : at + TOGETHER], count, seed)
        for id, parts in ends.items():
            parts.append(interval(draws.held(id), share))
    joined = {
        id: (np.concatenate([low for low, _ in parts]), np.concatenate([high for _, high in parts]))
        for id, parts in ends.items()
        if parts
    }
    reviewed = share_reviewed(panel)
    return {level: _join_series(dates, scores.level(level), fresh.level(level), reviewed, joined) for level in levels}


def build_levels(panel: Panel, levels: Collection[str], draws: Draws, share: float = 80) -> dict[str, pd.DataFrame]:
    """Return the readings of some levels with their intervals on the dates of some draws, from each id's first one on.

    Columns: ``date``, ``id``, ``score`` (0 to 10; blank where too little weight is present), ``low`` and ``high``
    (ends of the central interval that holds ``share`` percent of the draws), ``fresh`` (share of the weight that was
    reviewed in the date's quarter) and ``state`` of that quarter (settled, carried, open; see ``tell_states``). Ordered
    by id in codebook order, then date.
    """
    scores, fresh = _read_composites(panel, draws.dates)
    reviewed = share_reviewed(panel)
    series = {}
    for level in levels:
        ends = {id: interval(draws.held(id), share) for id in scores.level(level).columns}
        series[level] = _join_series(draws.dates, scores.level(level), fresh.level(level), reviewed, ends)
    return series


def stack_levels(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the tables of ``build_levels`` below each other, with the ``level`` before their own columns."""
    parts = [table.assign(level=level) for level, table in tables.items()]
    return pd.concat(parts, ignore_index=True)[["level", "date", "id", "score", "low", "high", "fresh", "state"]]


def build_points(panel: Panel, level: str, dates: pd.DatetimeIndex) -> pd.DataFrame:
    """Return the readings of one level without intervals, from each id's first one on: ``date, id, score, fresh, state``.

    For lines that are drawn without a ribbon; nothing is drawn at random for them.
    """
    scores, fresh = (composite.level(level) for composite in _read_composites(panel, dates))
    reviewed = share_reviewed(panel)
    frames = []
    for id in scores.columns:
        frame = pd.DataFrame({"date": dates, "id": id, "score": scores[id].to_numpy(), "fresh": fresh[id].to_numpy()})
        frame["state"] = tell_states(list_settled(reviewed[id]), dates)
        frames.append(frame.loc[scores[id].notna().cummax().to_numpy()])
    return pd.concat(frames, ignore_index=True)


def _read_composites(panel: Panel, dates: pd.DatetimeIndex) -> tuple[Composite, Composite]:
    """Scores, and shares of the weight that were reviewed in each date's quarter."""
    return panel.composite(dates), build_composite(panel.scores.read_fresh(dates), panel.weights)


def _join_series(
    dates: pd.DatetimeIndex,
    scores: pd.DataFrame,
    fresh: pd.DataFrame,
    reviewed: pd.DataFrame,
    ends: dict[str, Ends],
) -> pd.DataFrame:
    frames = []
    for id in scores.columns:
        known = scores[id].notna().to_numpy()
        low, high = ends.get(id, (np.empty(0), np.empty(0)))
        frame = pd.DataFrame(
            {
                "date": dates,
                "id": id,
                "score": scores[id].to_numpy(),
                "low": low,
                "high": high,
                "fresh": fresh[id].to_numpy(),
                "state": tell_states(list_settled(reviewed[id]), dates),
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
    composite = panel.composite(panel.steps)
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
