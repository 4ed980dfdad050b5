"""The charts of the pages, from a panel: lines and events in one picture."""

from collections.abc import Sequence

import pandas as pd

from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset
from indicators.show.charts.lines import chart_dates, coder_readings
from indicators.show.charts.palette import Palette
from indicators.show.charts.plots import Chart, plot_coders, plot_levels
from indicators.show.charts.scale import Line

Span = tuple[pd.Timestamp, pd.Timestamp]


def chart_levels(
    dataset: Dataset,
    lines: Sequence[Line],
    strong: str,
    palette: Palette,
    span: Span,
    height: int = 360,
) -> Chart:
    """Return the chart of some lines, one of them strong, with its events."""
    return plot_levels(lines, strong, palette, span, events_about(dataset, strong, span), height=height)


def chart_indicator(panel: Panel, line: Line, palette: Palette, span: Span, apart: bool = False) -> Chart:
    """Return the chart of an indicator's line with its interval and events; ``apart`` adds each coder's own scores."""
    coders = coder_readings(panel, chart_dates(panel, span[1]))[line.id] if apart else {}
    return plot_coders(line, coders, palette, span, events_about(panel.dataset, line.id, span))


def events_about(dataset: Dataset, id: str, span: Span) -> pd.DataFrame:
    """Return the events of a period that bear on the index (all), a dimension, or an indicator, by date."""
    events = dataset.events[dataset.events["date"].between(*span)].sort_values("date", kind="stable")
    level = dataset.level(id)
    if level == "index":
        return events
    members = dataset.indicators_of(id) if level == "dimension" else [id]
    return events[events["indicator"].isin(members)]
