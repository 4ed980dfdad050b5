"""A change of the index: the chart on which its two ends are picked, and the change ledger as bars that people read."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go

from indicators.records.dataset import Dataset
from indicators.show.charts.palette import Palette
from indicators.show.charts.plots import Chart
from indicators.show.charts.scale import SHADE, escape_label
from indicators.show.text.words import format_date, format_score, name_quarter

MOST_STRIPS = 700
"""Strips of a chart that each take the clicks of one day; on longer periods a strip stands for a few days."""


class Strip(NamedTuple):
    """A stretch of a chart that takes clicks: its first and last day, the day that a click means, and its words."""

    first: pd.Timestamp
    last: pd.Timestamp
    day: pd.Timestamp
    words: str


PART_TITLES = {
    "rescored": "Past re-scored",
    "coder": "Coders joining or leaving",
    "coverage": "Coverage",
    "weights": "Weights",
    "mean": "Mean",
}
"""Names of the parts that are not assessments."""


def strip_quarters(quarters: pd.Series) -> list[Strip]:
    """Return the strips of quarters from their readings by last day."""
    return [
        Strip(day.to_period("Q").start_time, day, day, f"{name_quarter(day)}: {format_score(score)}")
        for day, score in zip(pd.DatetimeIndex(quarters.index), quarters.tolist(), strict=True)
    ]


def strip_days(days: pd.Series) -> list[Strip]:
    """Return the strips of days from their readings by day."""
    some = days.iloc[:: max(-(-len(days) // MOST_STRIPS), 1)]
    return [
        Strip(day, day, day, f"{format_date(day)}: {format_score(score)}")
        for day, score in zip(pd.DatetimeIndex(some.index), some.tolist(), strict=True)
    ]


def take_clicks(chart: Chart, strips: Sequence[Strip], between: tuple[pd.Timestamp, pd.Timestamp]) -> Chart:
    """Return a chart of which each place belongs to a strip that takes a click there, at whatever height.

    What lies beyond the last strip belongs to it. The stretch ``between`` two days is shaded. Lines tell nothing
    themselves any more, the strips do.
    """
    figure = go.Figure(chart.figure)
    figure.update_traces(hoverinfo="skip", hovertemplate=None)
    figure.add_vrect(x0=between[0], x1=between[1], fillcolor=SHADE.format(0.13), line_width=0, layer="below")
    end = pd.Timestamp(figure.layout.xaxis.range[1])
    edges = [*(strip.first for strip in strips), max(end, strips[-1].last) + pd.Timedelta(days=1)] if strips else []
    widths = [(after - before) / pd.Timedelta(milliseconds=1) for before, after in pairwise(edges)]
    figure.add_bar(
        x=[strip.first for strip in strips],
        y=[10] * len(strips),
        width=widths,
        offset=0,
        marker={"color": SHADE.format(1), "opacity": 0, "line": {"width": 0}},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
        customdata=[f"{strip.day:%Y-%m-%d}" for strip in strips],
        hovertext=[escape_label(strip.words) for strip in strips],
        hovertemplate="%{hovertext}<extra></extra>",
        name="strips",
    )
    figure.update_layout(clickmode="event+select", bargap=0, hovermode="closest")
    return replace(chart, figure=figure)


def waterfall_bars(dataset: Dataset, ledger: pd.DataFrame, palette: Palette) -> list[tuple[str, float, str]]:
    """Return (label, amount, colour) of each dimension's assessments in codebook order, then of the other parts."""
    scored = ledger[ledger["part"] == "assessment"].groupby("dimension")["amount"].sum()
    bars = [
        (dataset.title(dimension), float(scored.get(dimension, 0.0)), palette.dimension(position))
        for position, dimension in enumerate(dataset.dimensions.index)
        if dimension in scored
    ]
    rest = ledger[ledger["part"] != "assessment"].groupby("part")["amount"].sum()
    return bars + [
        (title, float(rest[part]), palette.quiet_text) for part, title in PART_TITLES.items() if part in rest
    ]


def part_title(dataset: Dataset, dimension: str) -> str:
    """Return the title of a dimension, or of what belongs to none."""
    return dataset.title(dimension) if dimension else "Method of aggregation"
