"""Frames to Plotly figures, each with its alt text and the table that says the same."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from indicators.measures.index import Array
from indicators.measures.quarters import SETTLED
from indicators.show.charts.key import Sign
from indicators.show.charts.palette import Palette
from indicators.show.charts.scale import (
    BARE,
    SHADE,
    Line,
    add_line,
    add_rings,
    add_rug,
    escape_label,
    label_ends,
    scale_figure,
)
from indicators.show.charts.shape import describe_course
from indicators.show.text.tables import tabulate_readings
from indicators.show.text.words import agree_digits, format_change, format_date, format_score, join_words

CLAIM_MARGIN = pd.Timedelta(days=180)
"""What a claim's chart shows before and after the claim's period."""

CONFIG = {"displaylogo": False, "displayModeBar": False, "scrollZoom": False, "doubleClick": "reset"}
"""Plotly's own buttons stay hidden: downloads and ranges have their place on the page."""


@dataclass(frozen=True)
class Chart:
    """A figure, one sentence that says what it shows, and its table twin."""

    figure: go.Figure
    alt: str
    table: pd.DataFrame
    key: Sequence[Sign] = ()
    """What its signs mean."""

    notes: Sequence[str] = ()
    """What the numbers 1, 2, … on it stand for where it is too narrow for names."""

    fit: Callable[[float, float, bool], go.Figure | None] | None = None
    """Returns the figure laid out again for a plot of a width and height in pixels, with names or with the numbers of
    ``notes``, or nothing where not all names have room. None: it fits any."""


def plot_levels(
    lines: Sequence[Line],
    strong: str,
    palette: Palette,
    span: tuple[pd.Timestamp, pd.Timestamp],
    events: pd.DataFrame | None = None,
    height: int = 400,
    marked: Sequence[dt.date] = (),
    reviews: pd.Series | None = None,
) -> Chart:
    """Return a chart of several lines on the 0 to 10 scale, one of them strong, the others quiet.

    ``events`` appear as a rug along the bottom; ``marked`` days get a vertical line; ``reviews``, the strong line's
    settled readings by last day of the quarter, get rings.
    """
    main = next(line for line in lines if line.id == strong)
    # Lines of the strong line's own colour step back into grey, so that only one of that colour is seen.
    quiet = [
        replace(line, colour=palette.quiet_text) if line.colour == main.colour else line
        for line in lines
        if line is not main
    ]
    ordered = [*quiet, main]
    figure = scale_figure(span, height, [line.label for line in lines], palette)
    for line in ordered:
        add_line(figure, line, line is main, line is main)
    label_ends(figure, ordered, strong, height)
    if reviews is not None:
        add_rings(figure, reviews, main.colour, palette.ground)
    if events is not None:
        add_rug(figure, events, palette)
    for day in marked:
        figure.add_vline(x=day, line={"color": palette.index, "width": 1, "dash": "dot"})
    key = [
        *_key_of(main, palette),
        *([Sign("thin", "parts, named at their ends", palette.quiet_text)] if quiet else []),
    ]
    if reviews is not None:
        key.append(Sign("ring", "review", main.colour))
    if events is not None:
        key.append(Sign("event", "event", palette.quiet_text))
    if marked:
        key.append(Sign("dotted", "the days compared", palette.index))
    return Chart(figure, describe_lines(main, quiet, span), tabulate_readings(lines), key)


def _key_of(line: Line, palette: Palette) -> list[Sign]:
    """The signs of a strong line: its stroke, its interval, and its dashes where it has them."""
    signs = [Sign("line", line.title, line.colour), Sign("area", "its interval", palette.quiet_text)]
    if (line.readings["state"] != SETTLED).any():
        signs.append(Sign("dashed", "not reviewed", line.colour))
    return signs


def plot_coders(
    mean: Line,
    coders: Mapping[str, pd.DataFrame],
    palette: Palette,
    span: tuple[pd.Timestamp, pd.Timestamp],
    events: pd.DataFrame,
    height: int = 300,
    reviews: pd.Series | None = None,
) -> Chart:
    """Return a chart of one indicator: its reading, its plausible range and, thinner, each coder's own scores.

    ``reviews``, its settled readings by last day of the quarter, get rings.
    """
    figure = scale_figure(span, height, [mean.label, *coders], palette)
    for number, (coder, readings) in enumerate(coders.items()):
        figure.add_scatter(
            x=readings["date"],
            y=readings["score"],
            name=coder,
            mode="lines",
            line={
                "shape": "hv",
                "width": 1.4,
                "color": palette.quiet_text,
                "dash": ("dot", "dashdot", "dash")[number % 3],
            },
            hovertemplate=f"%{{x|%-d %b %Y}}<br>{escape_label(coder)}: %{{y:.1f}}<extra></extra>",
        )
    add_line(figure, mean, True, True)
    ends = [
        Line(coder, coder, coder, palette.quiet_text, readings) for coder, readings in coders.items() if len(readings)
    ]
    label_ends(figure, [*ends, mean], mean.id, height)
    if reviews is not None:
        add_rings(figure, reviews, mean.colour, palette.ground)
    add_rug(figure, events, palette)
    key = [*_key_of(mean, palette), *([Sign("dotted", "each coder's scores", palette.quiet_text)] if ends else [])]
    if reviews is not None:
        key.append(Sign("ring", "review", mean.colour))
    key.append(Sign("event", "event", palette.quiet_text))
    return Chart(figure, describe_lines(mean, ends, span), tabulate_readings([mean, *ends]), key)


def plot_claim(
    lines: Sequence[Line],
    palette: Palette,
    window: tuple[pd.Timestamp, pd.Timestamp],
    threshold: float | None,
    height: int = 190,
) -> Chart:
    """Return a small chart of exactly what a claim is bound to: its lines, its period and its threshold."""
    span = claim_span(window)
    figure = scale_figure(span, height, [line.label for line in lines], palette, bands=False)
    figure.add_vrect(x0=window[0], x1=window[1], fillcolor=SHADE.format(0.13), line_width=0, layer="below")
    for line in lines:
        add_line(figure, line, True, len(lines) == 1)
    if threshold is not None:
        figure.add_hline(y=threshold, line={"color": palette.quiet_text, "width": 1, "dash": "dash"})
    label_ends(figure, list(lines), lines[0].id, height)
    inside = [(line.title, line.readings.set_index("date")["score"].loc[window[0] : window[1]]) for line in lines]
    return Chart(figure, describe_claim(inside, window), tabulate_readings(lines))


def describe_claim(inside: Sequence[tuple[str, pd.Series]], window: tuple[pd.Timestamp, pd.Timestamp]) -> str:
    """Return in a sentence what the lines of a claim did in its period: (title, readings) of each."""
    scores = pd.concat([readings for _, readings in inside]).dropna()
    names = " and ".join(title for title, _ in inside)
    spread = f"from {format_score(scores.min())} to {format_score(scores.max())}" if len(scores) else "no reading"
    return f"{names}, {format_date(window[0])} to {format_date(window[1])}: {spread}."


def claim_span(window: tuple[pd.Timestamp, pd.Timestamp]) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the period that a claim's chart shows: the claim's own with a margin on both sides."""
    return window[0] - CLAIM_MARGIN, window[1] + CLAIM_MARGIN


def describe_lines(line: Line, others: Sequence[Line], span: tuple[pd.Timestamp, pd.Timestamp]) -> str:
    """Return in one sentence the shape of a line in a period, and where the other lines of its chart end."""
    rows = line.readings[line.readings["date"].between(*span)].dropna(subset=["score"])
    if rows.empty:
        return f"{line.title}: no reading between {format_date(span[0])} and {format_date(span[1])}."
    ends = []
    for other in others:
        known = other.readings[other.readings["date"].between(*span)].dropna(subset=["score"])
        ends += [] if known.empty else [f"{other.title} {format_score(known['score'].iloc[-1])}"]
    beside = f"; beside it at the end {join_words(ends)}" if ends else ""
    return f"{describe_course(line.title, rows.set_index('date')['score'])}, on a scale from 0 to 10{beside}."


def plot_waterfall(
    start: tuple[str, float], bars: Sequence[tuple[str, float, str]], end: tuple[str, float], palette: Palette
) -> Chart:
    """Return the way from one reading to another as floating bars, top to bottom: (label, amount, colour) each.

    All numbers have as many decimals as the readings and their difference need to agree. The axis is in points of the index and shows the stretch between the readings, not the whole scale.
    """
    figure = go.Figure()
    digits = agree_digits(start[1], end[1])
    level = start[1]
    edges = [level]
    labels = [f"<b>{escape_label(start[0])}</b>", *(escape_label(b[0]) for b in bars), f"<b>{escape_label(end[0])}</b>"]
    for number, (label, amount, colour) in enumerate(bars, 1):
        figure.add_bar(
            y=[number],
            x=[amount],
            base=[level],
            orientation="h",
            marker={"color": colour, "line": {"width": 0}},
            width=0.62,
            hovertemplate=f"{escape_label(label)}: {format_change(amount, digits)}<extra></extra>",
        )
        figure.add_annotation(
            x=max(level, level + amount),
            y=number,
            text=format_change(amount, digits),
            xanchor="left",
            xshift=5,
            showarrow=False,
            font={"size": 12, "color": palette.index},
        )
        figure.add_shape(
            type="line",
            x0=level + amount,
            x1=level + amount,
            y0=number + 0.31,
            y1=number + 0.69,
            line={"color": palette.quiet_text, "width": 1},
        )
        level += amount
        edges.append(level)
    for place, (_, value) in ((0, start), (len(bars) + 1, end)):
        figure.add_scatter(
            x=[value],
            y=[place],
            mode="markers+text",
            marker={"symbol": "line-ns", "size": 18, "line": {"width": 3, "color": palette.index}},
            text=f"<b>{format_score(value, digits)}</b>",
            textposition="middle right",
            textfont={"color": palette.index, "size": 13},
            cliponaxis=False,
            hoverinfo="skip",
        )
    spread = max(max(edges) - min(edges), 0.1)
    label_rows(figure, labels)
    figure.update_yaxes(tickfont={"size": 13, "color": palette.index})
    figure.update_layout(
        height=34 * len(labels) + 44,
        margin={"l": 8, "r": 64, "t": 4, "b": 36},
        bargap=0,
        xaxis={"range": [min(edges) - 0.08 * spread, max(edges) + 0.06 * spread], "zeroline": False},
    )
    parts = ", ".join(f"{label} {format_change(amount, digits)}" for label, amount, _ in bars)
    alt = f"From {format_score(start[1], digits)} ({start[0]}) to {format_score(end[1], digits)} ({end[0]}): {parts or 'no change'}."
    return Chart(figure, alt, pd.DataFrame(bars, columns=["part", "points", "colour"]).drop(columns="colour"))


def label_rows(figure: go.Figure, labels: Sequence[str]) -> None:
    """Name the rows of horizontal bars, the first on top, over an axis in points of the index."""
    figure.update_layout(
        BARE,
        xaxis={
            "title": {"text": "points of the index", "font": {"size": 11}},
            "gridcolor": SHADE.format(0.18),
            "fixedrange": True,
            "nticks": 6,
        },
        yaxis={
            "tickvals": list(range(len(labels))),
            "ticktext": labels,
            "range": [len(labels) - 0.4, -0.6],
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "automargin": True,
        },
    )


def plot_vintages(vintages: pd.DataFrame, day: str, palette: Palette) -> Chart:
    """Return how the reading of one day changed from vintage to vintage; ``vintages`` has ``vintage, score``."""
    known = vintages.dropna(subset=["score"])
    figure = go.Figure(
        go.Scatter(
            x=known["vintage"].dt.strftime("%-d %b %Y"),
            y=known["score"],
            mode="lines+markers",
            line={"shape": "hv", "color": palette.index, "width": 2},
            marker={"size": 8, "color": palette.index},
            hovertemplate="as of %{x}: %{y:.3f}<extra></extra>",
        )
    )
    figure.update_layout(
        BARE,
        height=200,
        margin={"l": 22, "r": 8, "t": 8, "b": 30},
        xaxis={"type": "category", "showgrid": False, "fixedrange": True},
        yaxis={"range": [0, 10], "tickvals": [0, 2, 4, 6, 8, 10], "gridcolor": SHADE.format(0.18), "fixedrange": True},
    )
    if known.empty:
        return Chart(figure, f"No vintage has a reading for {day}.", vintages)
    first, last = known.iloc[0], known.iloc[-1]
    alt = (
        f"The reading of {day} was {format_score(first['score'], 2)} as of {format_date(first['vintage'])} and "
        f"{format_score(last['score'], 2)} as of {format_date(last['vintage'])}."
    )
    return Chart(figure, alt, vintages)


def plot_distribution(values: Array, threshold: float | None, palette: Palette, label: str) -> Chart:
    """Return how some draws are distributed, with the threshold that they are compared with."""
    heights, edges = np.histogram(values, bins=min(40, max(len(np.unique(values)), 1)))
    shares = 100 * heights / len(values)
    figure = go.Figure(
        go.Bar(
            x=(edges[:-1] + edges[1:]) / 2,
            y=shares,
            width=np.diff(edges),
            marker={"color": palette.quiet_text, "line": {"width": 0}},
            hovertemplate="around %{x:.2f}: %{y:.1f} % of draws<extra></extra>",
        )
    )
    if threshold is not None:
        figure.add_vline(x=threshold, line={"color": palette.index, "width": 1.5, "dash": "dash"})
    figure.update_layout(
        BARE,
        height=170,
        margin={"l": 36, "r": 8, "t": 8, "b": 36},
        bargap=0,
        xaxis={"title": {"text": escape_label(label), "font": {"size": 11}}, "showgrid": False, "fixedrange": True},
        yaxis={
            "title": {"text": "% of draws", "font": {"size": 11}},
            "gridcolor": SHADE.format(0.18),
            "fixedrange": True,
        },
    )
    low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
    alt = f"{label}: in the draws {middle:.2f} in the middle, 80 % of them between {low:.2f} and {high:.2f}."
    table = pd.DataFrame({"from": edges[:-1], "to": edges[1:], "% of draws": shares})
    return Chart(figure, alt.replace("-", "−"), table)
