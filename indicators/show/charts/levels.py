"""The charts of the pages, from a panel: lines and events in one picture."""

from collections.abc import Sequence

import pandas as pd

from indicators.measures.panel import Panel
from indicators.measures.quarters import read_settled
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
    reviews: pd.Series | None = None,
) -> Chart:
    """Return the chart of some lines, one of them strong, with its events and rings at its ``reviews``."""
    events = events_about(dataset, strong, span)
    return plot_levels(lines, strong, palette, span, events, height=height, reviews=reviews)


def chart_indicator(panel: Panel, line: Line, palette: Palette, span: Span, apart: bool = False) -> Chart:
    """Return the chart of an indicator's line with its interval and events; ``apart`` adds each coder's own scores."""
    coders = coder_readings(panel, chart_dates(panel, span[1]))[line.id] if apart else {}
    reviews = settled_within(panel, line.id, span)
    return plot_coders(line, coders, palette, span, events_about(panel.dataset, line.id, span), reviews=reviews)


def settled_within(panel: Panel, id: str, span: Span) -> pd.Series:
    """Return the readings of the settled quarters of a period, by last day."""
    settled = read_settled(panel)[id].dropna()
    return settled[(settled.index >= span[0]) & (settled.index <= span[1])]


def events_about(dataset: Dataset, id: str, span: Span) -> pd.DataFrame:
    """Return the events of a period that bear on the index (all), a dimension, or an indicator, by date."""
    events = dataset.events[dataset.events["date"].between(*span)].sort_values("date", kind="stable")
    level = dataset.level(id)
    if level == "index":
        return events
    members = dataset.indicators_of(id) if level == "dimension" else [id]
    return events[events["indicator"].isin(members)]
