"""Lines, charts and tables of the pages, shared by the sessions that look at the same view."""

import datetime as dt
from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from indicators.dashboard.remember import CHARTS, DRAWS, PANELS, remember, remember_at_most
from indicators.dashboard.streamlit_internals import FinishedFigure
from indicators.measures.outside.overlay import NO_OVERLAY, Overlay, lay_over
from indicators.measures.panel import Panel
from indicators.show.charts.change import strip_days, strip_quarters, take_clicks
from indicators.show.charts.levels import Span, chart_indicator, chart_levels, settled_within
from indicators.show.charts.lines import draw_lines, exact_lines, level_lines, table_dates
from indicators.show.charts.marked import plot_marked, plot_strip
from indicators.show.charts.marks import Marks, mark_line
from indicators.show.charts.outside import add_overlay, join_table
from indicators.show.charts.palette import THEMED
from indicators.show.charts.plots import Chart, plot_levels
from indicators.show.charts.scale import Line
from indicators.show.text.tables import tabulate_readings


class Laid(NamedTuple):
    """Which outside series a reader has laid over a chart, and whether in standard deviations."""

    overlay: str = NO_OVERLAY
    standardised: bool = False


PLAIN = Laid()


def finish(chart: Chart) -> Chart:
    """Return a chart whose figure is finished."""
    return replace(chart, figure=FinishedFigure(chart.figure))


def lay(panel: Panel, laid: Laid, subject: str, span: Span) -> Overlay:
    """Return the outside series that a reader has laid over a chart of an id."""
    return remember(lay_over)(panel, laid.overlay, subject, span, laid.standardised)


def list_lines(panel: Panel, ids: tuple[str, ...], end: pd.Timestamp, percent: int) -> list[Line]:
    """Return the lines of some ids up to a day, with intervals that hold ``percent`` of the draws."""
    below = panel.for_dimensions()
    return [_level_lines(panel if id == "index" else below, end, percent, panel.dataset.level(id))[id] for id in ids]


@remember_at_most(CHARTS)
def _level_lines(panel: Panel, end: pd.Timestamp, percent: int, level: str) -> dict[str, Line]:
    """Return the lines of a level up to a day; those of all levels come from the same draws."""
    dataset = panel.dataset
    tables = {"dimension": dataset.dimensions, "indicator": dataset.indicators}
    ids = tables[level].index.tolist() if level in tables else [level]
    # A reader who moves a weight waits for no new draws.
    draws = remember_at_most(DRAWS)(draw_lines)(panel.as_published(), end).under(panel.weights, panel.mean)
    return {line.id: line for line in level_lines(panel, ids, THEMED, draws, percent)}


@remember_at_most(CHARTS)
def draw_levels(
    panel: Panel,
    ids: tuple[str, ...],
    strong: str,
    span: Span,
    percent: int,
    height: int,
    laid: Laid = PLAIN,
) -> Chart:
    """Return the chart of some ids, with an outside series where asked."""
    lines = list_lines(panel, ids, span[1], percent)
    if laid.overlay != NO_OVERLAY:
        plain = draw_levels(panel, ids, strong, span, percent, height)
        return finish(add_overlay(plain, lay(panel, laid, strong, span), lines[ids.index(strong)], THEMED, span))
    reviews = settled_within(panel, strong, span)
    return finish(chart_levels(panel.dataset, lines, strong, THEMED, span, height, reviews))


@remember_at_most(CHARTS)
def find_marks(panel: Panel, id: str, span: Span, percent: int) -> Marks:
    """Return what is marked on an id's line within a period."""
    return mark_line(panel, list_lines(panel, (id,), span[1], percent)[0], span)


@remember_at_most(CHARTS)
def draw_marked(panel: Panel, ids: tuple[str, ...], strong: str, span: Span, percent: int, touch: bool) -> Chart:
    """Return the chart of one id with its marks, on which a crosshair tells the values of all."""
    others = list_lines(panel, tuple(id for id in ids if id != strong), span[1], percent)
    return finish(plot_marked(find_marks(panel, strong, span, percent), THEMED, others, touch))


@remember_at_most(CHARTS)
def draw_strip(panel: Panel, strong: str, span: Span, percent: int) -> FinishedFigure:
    """Return the strip of the events that bear on an id."""
    return FinishedFigure(plot_strip(find_marks(panel, strong, span, percent), THEMED))


@remember_at_most(CHARTS)
def tabulate_levels(
    panel: Panel, ids: tuple[str, ...], freq: str, span: Span, percent: int, strong: str, laid: Laid = PLAIN
) -> pd.DataFrame:
    """Return the readings of some ids at period ends, newest first, the interval beside the strong one.

    The values of an outside series stand beside them where asked.
    """
    if laid.overlay != NO_OVERLAY:
        table = tabulate_levels(panel, ids, freq, span, percent, strong)
        return join_table(table, lay(panel, laid, strong, span), panel.dataset.title(strong))
    dates = table_dates(panel, freq, *span)
    if freq in ("day", "week"):
        lines = exact_lines(panel, ids, THEMED, dates, percent)
    else:  # the lines have points at the ends of months, so of quarters too
        lines = list_lines(panel, ids, span[1], percent)
    return tabulate_readings(lines, dates, strong, percent)


@remember_at_most(PANELS)
def read_rows(panel: Panel, as_recorded: bool) -> Panel:
    """Return a panel, where asked with its rows as recorded in the place of the line through the reviews."""
    return replace(panel, as_recorded=True) if as_recorded else panel


@remember_at_most(CHARTS)
def draw_indicator(panel: Panel, indicator: str, span: Span, percent: int, apart: bool) -> Chart:
    """Return the chart of an indicator, with each coder's own scores where asked."""
    line = list_lines(panel, (indicator,), span[1], percent)[0]
    return finish(chart_indicator(panel, line, THEMED, span, apart))


@remember_at_most(CHARTS)
def draw_picking(
    panel: Panel, span: Span, end: pd.Timestamp, percent: int, marked: tuple[dt.date, dt.date], daily: bool, laid: Laid
) -> Chart:
    """Return the chart of the index on which two quarters or days are picked, with an outside series where asked."""
    lines = list_lines(panel, ("index",), end, percent)
    chart = plot_levels(lines, "index", THEMED, span, height=300, marked=marked)
    strips = strip_days(read_days(panel, span, end)) if daily else strip_quarters(read_quarters(panel, end))
    chart = take_clicks(chart, strips, (pd.Timestamp(min(marked)), pd.Timestamp(max(marked))))
    if laid.overlay != NO_OVERLAY:
        chart = add_overlay(chart, lay(panel, laid, "index", span), lines[0], THEMED, span)
    return finish(chart)


@remember
def read_quarters(panel: Panel, end: pd.Timestamp) -> pd.Series:
    """Return the index at the ends of the quarters that have ended, by day, from its first reading on."""
    return panel.composite(pd.date_range(panel.steps[0], end, freq="QE")).index.dropna()


@remember
def read_days(panel: Panel, span: Span, end: pd.Timestamp) -> pd.Series:
    """Return the index on the days of a period, from its first reading on."""
    return panel.composite(pd.date_range(max(span[0], panel.steps[0]), min(span[1], end))).index.dropna()
