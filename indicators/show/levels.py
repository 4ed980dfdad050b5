"""The charts of the pages, from a panel: lines, events and numbered moves in one picture."""

from collections.abc import Sequence

import pandas as pd

from indicators.measures.moves import Move
from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset
from indicators.show.charts import Chart, plot_coders, plot_levels
from indicators.show.lines import chart_dates, coder_readings, level_lines
from indicators.show.palette import Palette

Span = tuple[pd.Timestamp, pd.Timestamp]


def chart_levels(
    panel: Panel,
    ids: Sequence[str],
    strong: str,
    palette: Palette,
    span: Span,
    percent: int = 80,
    height: int = 360,
    moves: Sequence[Move] = (),
) -> Chart:
    """Return the chart of some ids, one of them strong, with its events and the numbered moves of the index."""
    lines = level_lines(panel, ids, palette, chart_dates(panel, span[1]), percent)
    marks = [(move.date, move.score) for move in moves]
    return plot_levels(lines, strong, palette, span, events_about(panel.dataset, strong, span), marks, height=height)


def chart_indicator(
    panel: Panel, indicator: str, palette: Palette, span: Span, percent: int = 80, apart: bool = False
) -> Chart:
    """Return the chart of one indicator with its interval and events; ``apart`` adds each coder's own scores."""
    dates = chart_dates(panel, span[1])
    line = level_lines(panel, [indicator], palette, dates, percent)[0]
    coders = coder_readings(panel, indicator, dates) if apart else {}
    return plot_coders(line, coders, palette, span, events_about(panel.dataset, indicator, span))


def events_about(dataset: Dataset, id: str, span: Span) -> pd.DataFrame:
    """Return the events of a period that bear on the index (all), a dimension, or an indicator."""
    events = dataset.events[dataset.events["date"].between(*span)]
    level = dataset.level(id)
    if level == "index":
        return events
    members = dataset.indicators_of(id) if level == "dimension" else [id]
    return events[events["indicator"].isin(members)]
