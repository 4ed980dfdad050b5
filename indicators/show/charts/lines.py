"""A panel's readings as the lines of a chart."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from indicators.measures.panel import Panel
from indicators.measures.series import build_levels, build_points, measure_levels
from indicators.measures.uncertainty.draws import Draws, draw_panel
from indicators.records.dataset import split_ids
from indicators.show.charts.palette import Palette
from indicators.show.charts.plots import claim_span
from indicators.show.charts.scale import Line


def chart_dates(panel: Panel, end: dt.date | pd.Timestamp) -> pd.DatetimeIndex:
    """Return the dates between which a line is straight: those of the ribbon, assessments and the days before them.

    An assessment that brings the line on is a step: from the day before to its own.
    """
    if panel.effective.empty:
        return pd.DatetimeIndex([])
    steps = panel.steps[panel.steps <= pd.Timestamp(end)]
    before = (steps - pd.Timedelta(days=1))[1:]
    return steps.union(before).union(ribbon_dates(panel, end))


def ribbon_dates(panel: Panel, end: dt.date | pd.Timestamp) -> pd.DatetimeIndex:
    """Return the dates on which a chart's intervals are drawn: the first assessment's, month-ends and ``end``."""
    if panel.effective.empty:
        return pd.DatetimeIndex([])
    ends = pd.DatetimeIndex([panel.steps[0], pd.Timestamp(end)])
    return panel.dates("month", panel.steps[0], end).union(ends).unique()


def table_dates(
    panel: Panel, freq: str, start: dt.date | pd.Timestamp | None, end: dt.date | pd.Timestamp | None
) -> pd.DatetimeIndex:
    """Return the period ends that a table shows: those within two days, up to that of the newest assessment."""
    dates = panel.dates(freq)
    if dates.empty:
        return dates
    return panel.dates(freq, start, dates[-1] if end is None else min(pd.Timestamp(end), dates[-1]))


def draw_lines(panel: Panel, end: dt.date | pd.Timestamp) -> Draws:
    """Return the draws behind the lines of a chart that ends on a day."""
    return draw_panel(panel, ribbon_dates(panel, end))


def level_lines(panel: Panel, ids: Sequence[str], palette: Palette, draws: Draws, share: float = 80) -> list[Line]:
    """Return one line for each id, in the given order, with intervals that hold ``share`` percent of the draws.

    Between the dates of ``draws`` the distances of the interval's ends from the line are interpolated evenly.
    """
    lines = []
    levels = {panel.dataset.level(id) for id in ids}
    tables = build_levels(panel, levels, draws, share)
    dates = chart_dates(panel, draws.dates[-1]) if len(draws.dates) else draws.dates
    points = {level: build_points(panel, level, dates) for level in levels}
    for id in ids:
        level = panel.dataset.level(id)
        readings, ends = (table[table["id"] == id].reset_index(drop=True) for table in (points[level], tables[level]))
        days = readings["date"].to_numpy("datetime64[D]").astype(float)
        known = ends.dropna(subset=["low"])
        for name in ("low", "high"):
            away = (known[name] - known["score"]).to_numpy(float)
            at = known["date"].to_numpy("datetime64[D]").astype(float)
            readings[name] = readings["score"] + (np.interp(days, at, away) if len(at) else np.nan)
        readings = readings[["date", "id", "score", "low", "high", "fresh", "state"]]
        lines.append(Line(id, panel.dataset.title(id), short_label(panel, id), colour_of(panel, id, palette), readings))
    return lines


def exact_lines(
    panel: Panel, ids: Sequence[str], palette: Palette, dates: pd.DatetimeIndex, share: float = 80
) -> list[Line]:
    """Return one line for each id with its readings and drawn intervals on some dates only, for a table of them."""
    tables = measure_levels(panel, {panel.dataset.level(id) for id in ids}, dates, share)
    lines = []
    for id in ids:
        table = tables[panel.dataset.level(id)]
        own = table[table["id"] == id].reset_index(drop=True)
        lines.append(Line(id, panel.dataset.title(id), short_label(panel, id), colour_of(panel, id, palette), own))
    return lines


def short_label(panel: Panel, id: str) -> str:
    """Return a label of one or two words for a line's end."""
    return id.replace("_", " ").capitalize() if panel.dataset.level(id) != "indicator" else panel.dataset.title(id)


def colour_of(panel: Panel, id: str, palette: Palette) -> str:
    """Return the colour of the index, a dimension, or an indicator's dimension."""
    level = panel.dataset.level(id)
    if level == "index":
        return palette.index
    dimension = id if level == "dimension" else str(panel.dataset.indicators.at[id, "dimension"])
    return palette.dimension(panel.dataset.dimensions.index.tolist().index(dimension))


def coder_readings(panel: Panel, dates: pd.DatetimeIndex) -> dict[str, dict[str, pd.DataFrame]]:
    """Return each coder's own readings by indicator and coder, for the indicators that the coder scored."""
    found: dict[str, dict[str, pd.DataFrame]] = {id: {} for id in panel.dataset.indicators.index}
    for coder in sorted(panel.effective["coder"].unique()):
        table = build_points(replace(panel, coder=coder), "indicator", dates)
        for indicator, readings in table.groupby("id", sort=False):
            found[str(indicator)][coder] = readings.reset_index(drop=True)
    return found


def claim_lines(panel: Panel, claim: Mapping[Any, Any], palette: Palette) -> list[Line]:
    """Return the lines that a claim is bound to, as long as its chart needs them."""
    end = claim_span((claim["start"], claim["end"]))[1]
    return level_lines(panel, split_ids(claim["subject"]), palette, draw_lines(panel, end))
