"""The chart of one line with everything that is marked on it, and the strip of all its events below."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from indicators.measures.index import Array
from indicators.show.charts.key import Sign
from indicators.show.charts.marks import Layout, Marks, lay_out
from indicators.show.charts.palette import Palette
from indicators.show.charts.plots import Chart
from indicators.show.charts.scale import BAND_ROOM, SHADE, Line, add_line, add_rings, escape_label, scale_figure
from indicators.show.charts.shape import describe_shape
from indicators.show.text.tables import tabulate_readings
from indicators.show.text.words import EFFECTS, format_date

HEIGHT, STRIP_HEIGHT = 300, 44
TOP, FOOT, SIDE = 26, 4, 30
"""Room above, below and right of the plot, in pixels."""

WIDE, NARROW = 616, 250
"""Least widths of the plot, in pixels, at which the names or, instead of them, the numbers have been laid out."""

LAYOUTS = ("wide", "narrow")

HOVER_POINTS = 700
"""Days at which the crosshair tells readings; on longer periods some days between are left out."""

FACT = 58
"""Letters in a line of a fact that hovers."""


def plot_marked(marks: Marks, palette: Palette, others: Sequence[Line] = (), touch: bool = False) -> Chart:
    """Return the chart of one line; ``others`` are not drawn, but the crosshair tells their values too.

    It holds the texts of both layouts, see ``list_layouts``. A drag selects a period, except where ``touch`` leaves it
    to move the page. Fitted to a picture it holds one layout alone.
    """

    def fit(width: float, height: float, numbered: bool) -> go.Figure | None:
        layout = lay_out(marks, width, height, numbered)
        if not numbered and (width < WIDE or layout.unnamed):
            return None
        return draw_marks(marks, palette, None, {LAYOUTS[numbered]: layout})

    figure = draw_marks(marks, palette, others, dict(zip(LAYOUTS, lay_out_both(marks), strict=True)))
    figure.update_layout(dragmode=False if touch else "select", selectdirection="h")
    alt = describe_shape(marks.line.title, marks.settled)
    notes = [f"{turn.label}, {turn.note}" for turn in marks.turns]
    return Chart(figure, alt, tabulate_readings([marks.line, *others]), list_signs(marks, palette), notes, fit)


def list_signs(marks: Marks, palette: Palette) -> list[Sign]:
    """Return the key of what is marked on the chart."""
    colour = marks.line.colour
    key = [Sign("line", marks.line.title, colour), Sign("area", "its interval", palette.quiet_text)]
    if len(marks.settled):
        key += [Sign("ring", "review", colour), Sign("full", "highest quarters", colour)]
    if marks.turns:
        key.append(Sign("full", "turning point", accent_of(marks.line, palette)))
    if marks.stretches:
        key.append(Sign("hatch", "not reviewed", palette.quiet_line))
    return key


def draw_marks(
    marks: Marks, palette: Palette, others: Sequence[Line] | None, layouts: Mapping[str, Layout]
) -> go.Figure:
    """Return the figure of one line with its marks, and the texts of some layouts by their names.

    A crosshair tells the values of the line and ``others``; with None there is none.
    """
    accent = accent_of(marks.line, palette)
    figure = scale_figure(marks.span, HEIGHT, [], palette)
    hatch_stretches(figure, marks, palette)
    add_line(figure, marks.line, True, True)
    figure.update_traces(hoverinfo="skip", hovertemplate=None)
    mark_readings(figure, marks, palette)
    figure.add_scatter(
        x=[turn.date for turn in marks.turns],
        y=[turn.score for turn in marks.turns],
        mode="markers",
        marker={"size": 11, "color": accent, "line": {"width": 1.5, "color": palette.ground}},
        hovertemplate=[f"<b>{escape_label(turn.label)}</b>, {turn.note}<extra></extra>" for turn in marks.turns],
        name="turning points",
    )
    if others is not None:
        tell_values(figure, marks, [marks.line, *others])
    named = layouts.items()
    words = [text for name, layout in named for text in write_words(name, layout, palette, accent)]
    leaders = [leader for name, layout in named for leader in draw_leaders(name, layout, accent)]
    direction = go.layout.Annotation(
        text="more tense ↑",
        x=0,
        xref="paper",
        xanchor="right",
        xshift=-8,
        y=1,
        yref="paper",
        yanchor="bottom",
        yshift=6,
        showarrow=False,
        font={"size": 11, "color": palette.quiet_text},
    )
    # All at once: Plotly goes through those before with each that is added.
    figure.layout.annotations = (*words, direction)
    figure.layout.shapes = (*figure.layout.shapes, *leaders, *rule_years(marks.span))
    figure.update_layout(
        margin={"l": BAND_ROOM, "r": SIDE, "t": TOP, "b": FOOT},
        hovermode="x unified",
        hoverdistance=8,
        xaxis={
            "showticklabels": False,
            "ticks": "",
            "fixedrange": False,
            "unifiedhovertitle": {"text": "<b>%{x|%-d %b %Y}</b>"},
        },
    )
    return figure


def plot_strip(marks: Marks, palette: Palette) -> go.Figure:
    """Return the strip of the events below the chart, on its time axis; each carries its id, turning points stand out."""
    figure = scale_figure(marks.span, STRIP_HEIGHT, [], palette, bands=False)
    days = marks.events["date"]
    figure.add_scatter(
        x=[place for day in days for place in (day, day, None)],
        y=[1.5, 8.5, None] * len(days),
        mode="lines",
        line={"width": 1.2, "color": palette.quiet_text},
        opacity=0.5,
        hoverinfo="skip",
        name="ticks",
    )
    named = marks.events.index.isin([turn.event for turn in marks.turns])
    # Plotly takes all points that lie within their own radius, and at least 3 pixels, for equally near.
    for events, size, opacity in ((marks.events[~named], 6, 0), (marks.events[named], 10, 1)):
        figure.add_scatter(
            x=events["date"],
            y=[5] * len(events),
            mode="markers",
            marker={"size": size, "color": accent_of(marks.line, palette), "opacity": opacity},
            selected={"marker": {"opacity": opacity}},
            unselected={"marker": {"opacity": opacity}},
            customdata=events.index.to_numpy(),
            text=[describe_event(row) for row in events.to_dict("records")],
            hovertemplate="%{text}<extra></extra>",
            name="events",
        )
    figure.update_layout(
        margin={"l": BAND_ROOM, "r": SIDE, "t": 0, "b": 30},
        hovermode="closest",
        hoverdistance=14,
        clickmode="event+select",
        yaxis={"showticklabels": False, "showgrid": False},
    )
    figure.add_annotation(
        text="events",
        x=0,
        xref="paper",
        xanchor="right",
        xshift=-8,
        y=5,
        showarrow=False,
        font={"size": 11, "color": palette.quiet_text},
    )
    return figure


def describe_event(event: Mapping[Any, Any]) -> str:
    """Return an event as it hovers: day, direction and fact, in lines."""
    lines = [escape_label(line) for line in textwrap.wrap(event["fact"], FACT)]
    return "<br>".join([f"<b>{format_date(event['date'])}</b> · {EFFECTS[event['effect']]}", *lines])


def accent_of(line: Line, palette: Palette) -> str:
    """Return the colour of turning points, which is never that of the line."""
    return palette.dimension(0) if line.colour == palette.index else palette.index


def lay_out_both(marks: Marks) -> tuple[Layout, Layout]:
    """Return the layout with names for wide plots, and that with numbers for narrow ones."""
    height = HEIGHT - TOP - FOOT
    return lay_out(marks, WIDE, height, False), lay_out(marks, NARROW, height, True)


def list_layouts(figure: go.Figure) -> dict[str, tuple[list[int], list[int]]]:
    """Return by layout which annotations and which shapes of a figure are its own."""
    return {
        name: (
            [number for number, text in enumerate(figure.layout.annotations) if text.name == name],
            [number for number, shape in enumerate(figure.layout.shapes) if shape.name == name],
        )
        for name in LAYOUTS
    }


def write_words(name: str, layout: Layout, palette: Palette, accent: str) -> list[go.layout.Annotation]:
    """Return the texts of a layout, and those of its leaders that run across."""
    # A shape sized in pixels would do for both, but with one in a figure Plotly fails to select a period by a drag.
    texts = [
        go.layout.Annotation(
            name=name,
            text="",
            x=pointer.date,
            y=pointer.score,
            ax=pointer.across,
            ay=0,
            arrowhead=0,
            arrowwidth=1,
            arrowcolor=accent,
        )
        for pointer in layout.leaders
        if pointer.across
    ]
    for word in layout.words:
        first, *rest = map(escape_label, word.lines)
        small = "".join(f'<br><span style="font-size:11px">{line}</span>' for line in rest)
        bold = word.kind in ("strong", "number", "reading")
        quiet = word.kind == "stretch"
        text = go.layout.Annotation(
            name=name,
            text=f"<b>{first}</b>{small}" if bold else f"{first}{small}",
            x=word.date,
            xanchor=word.anchor,
            xshift=word.shift,
            y=word.score,
            yanchor="middle",
            align=word.anchor,
            showarrow=False,
            borderpad=0,
            bgcolor=palette.ground if quiet else None,
            font={"size": 11 if quiet else 12, "color": palette.quiet_text if quiet else palette.index},
        )
        texts.append(text)
    return texts


def draw_leaders(name: str, layout: Layout, accent: str) -> list[go.layout.Shape]:
    """Return the leaders of a layout that run up and down."""
    return [
        go.layout.Shape(
            type="line",
            name=name,
            x0=pointer.date,
            x1=pointer.date,
            y0=pointer.score,
            y1=pointer.end,
            layer="below",
            line={"color": accent, "width": 1},
        )
        for pointer in layout.leaders
        if not pointer.across
    ]


def hatch_stretches(figure: go.Figure, marks: Marks, palette: Palette) -> None:
    """Hatch the stretches that no review has settled."""
    for stretch in marks.stretches:
        figure.add_scatter(
            x=[stretch.start, stretch.start, stretch.end, stretch.end],
            y=[0, 10, 10, 0],
            mode="none",
            fill="toself",
            fillpattern={
                "shape": "/",
                "fgcolor": palette.quiet_line,
                "bgcolor": "rgba(0,0,0,0)",
                "size": 7,
                "solidity": 0.2,
            },
            name=stretch.name,
        )


def mark_readings(figure: go.Figure, marks: Marks, palette: Palette) -> None:
    """Mark the reviews by small rings, the highest quarters by filled ones."""
    colour = marks.line.colour
    add_rings(figure, marks.settled.drop(marks.highest.index), colour, palette.ground)
    add_rings(figure, marks.highest, colour, colour, 8)


def tell_values(figure: go.Figure, marks: Marks, lines: Sequence[Line]) -> None:
    """Have a crosshair tell the values of all lines on a day, the interval with the first."""
    main = marks.line.readings.dropna(subset=["score"])
    first, last = max(main["date"].min(), marks.span[0]), min(main["date"].max(), marks.span[1])
    if main.empty or first > last:
        return
    step = max(1, -(-(last - first).days // HOVER_POINTS))
    days = pd.date_range(first, last, freq=f"{step}D").union(pd.DatetimeIndex([last]))
    ends = np.column_stack([_values(marks.line, days, name) for name in ("low", "high")])
    values = np.column_stack([*(_values(line, days, "score") for line in lines), ends]).round(2)
    count = len(lines)
    shown = [f"<b>{escape_label(lines[0].title)} %{{customdata[0]:.1f}}</b>"]
    shown[0] += f" (%{{customdata[{count}]:.1f}} to %{{customdata[{count + 1}]:.1f}})"
    shown += [f"{escape_label(line.title)} %{{customdata[{n}]:.1f}}" for n, line in enumerate(lines[1:], 1)]
    figure.add_scatter(
        x=days,
        y=values[:, 0],
        mode="lines",
        line={"width": 0, "color": marks.line.colour},
        customdata=values,
        hovertemplate="<br>".join(shown) + "<extra></extra>",
        name="readings",
    )


def rule_years(span: tuple[pd.Timestamp, pd.Timestamp]) -> list[go.layout.Shape]:
    """Return a light line at the beginning of each year."""
    days = [pd.Timestamp(year, 1, 1) for year in range(span[0].year + 1, span[1].year + 1)]
    line = {"color": SHADE.format(0.18), "width": 1}
    return [
        go.layout.Shape(type="line", x0=day, x1=day, y0=0, y1=1, xref="x", yref="y domain", layer="below", line=line)
        for day in days
    ]


def _values(line: Line, days: pd.DatetimeIndex, column: str) -> Array:
    rows = line.readings.dropna(subset=["score"])
    if rows.empty:
        return np.full(len(days), np.nan)
    known = rows["date"].to_numpy("datetime64[D]").astype(float)
    at = days.to_numpy("datetime64[D]").astype(float)
    values: Array = np.interp(at, known, rows[column].to_numpy(float), left=np.nan)
    return values


def keep_wide(chart: Chart) -> Chart:
    """Return a chart for pictures and pages elsewhere: with the names of the wide layout alone, and dates at its foot."""
    figure = go.Figure(chart.figure)
    figure.layout.annotations = [text for text in figure.layout.annotations if text.name != "narrow"]
    figure.layout.shapes = [shape for shape in figure.layout.shapes if shape.name != "narrow"]
    figure.update_layout(dragmode=False, height=HEIGHT + 24, margin={"b": FOOT + 24}, xaxis={"showticklabels": True})
    return replace(chart, figure=figure)
