"""Frames to Plotly figures, each with its alt text and the table that says the same."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from indicators.measures.index import BANDS
from indicators.show.palette import Palette
from indicators.show.words import EFFECTS, escape_html, format_date, format_score

SHADE = "rgba(128,128,128,{:.3f})"
LABEL_GAP = 0.55
"""Least distance of two line labels, in points of the scale at the usual height."""

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


@dataclass(frozen=True)
class Line:
    """One line of a chart: ``readings`` has ``date, score, low, high, fresh``, a row for each step."""

    id: str
    title: str
    label: str
    colour: str
    readings: pd.DataFrame


def plot_levels(
    lines: Sequence[Line],
    strong: str,
    palette: Palette,
    span: tuple[pd.Timestamp, pd.Timestamp],
    events: pd.DataFrame | None = None,
    moves: Sequence[tuple[pd.Timestamp, float]] = (),
    ribbon: bool = True,
    height: int = 400,
    table: pd.DataFrame | None = None,
) -> Chart:
    """Return a chart of several lines on the 0 to 10 scale, one of them strong, the others quiet.

    ``moves`` are (date, reading) of numbered marks on the strong line; ``events`` appear as a rug along the bottom.
    """
    main = next(line for line in lines if line.id == strong)
    # Lines of the strong line's own colour step back into grey, so that only one of that colour is seen.
    quiet = [
        replace(line, colour=palette.quiet_text) if line.colour == main.colour else line for line in lines if line is not main
    ]
    ordered = [*quiet, main]
    figure = _scale_figure(span, height, [line.label for line in lines], palette)
    for line in ordered:
        _add_line(figure, line, line.id == strong, ribbon and line.id == strong)
    _label_ends(figure, ordered, strong, palette, height)
    if events is not None:
        _add_rug(figure, events, palette)
    _number_moves(figure, moves, palette)
    return Chart(figure, _describe_line(main, span), table if table is not None else tabulate_lines(lines))


def plot_coders(
    mean: Line,
    coders: Mapping[str, pd.DataFrame],
    palette: Palette,
    span: tuple[pd.Timestamp, pd.Timestamp],
    events: pd.DataFrame,
    height: int = 300,
) -> Chart:
    """Return a chart of one indicator: its reading, its plausible range and, thinner, each coder's own scores."""
    figure = _scale_figure(span, height, [mean.label, *coders], palette)
    for number, (coder, readings) in enumerate(coders.items()):
        figure.add_scatter(
            x=readings["date"],
            y=readings["score"],
            name=coder,
            mode="lines",
            line={"shape": "hv", "width": 1.4, "color": palette.quiet_text, "dash": ("dot", "dashdot", "dash")[number % 3]},
            hovertemplate=f"%{{x|%-d %b %Y}}<br>{escape_html(coder)}: %{{y:.1f}}<extra></extra>",
        )
    _add_line(figure, mean, True, True)
    ends = [
        Line(coder, coder, coder, palette.quiet_text, readings) for coder, readings in coders.items() if len(readings)
    ]
    _label_ends(figure, [*ends, mean], mean.id, palette, height)
    _add_rug(figure, events, palette)
    return Chart(figure, _describe_line(mean, span), tabulate_lines([mean, *ends]))


def plot_claim(
    lines: Sequence[Line],
    palette: Palette,
    window: tuple[pd.Timestamp, pd.Timestamp],
    threshold: float | None,
    height: int = 190,
) -> Chart:
    """Return a small chart of exactly what a claim is bound to: its lines, its period and its threshold."""
    span = (window[0] - CLAIM_MARGIN, window[1] + CLAIM_MARGIN)
    figure = _scale_figure(span, height, [line.label for line in lines], palette, bands=False)
    figure.add_vrect(x0=window[0], x1=window[1], fillcolor=SHADE.format(0.13), line_width=0, layer="below")
    for line in lines:
        _add_line(figure, line, True, len(lines) == 1)
    if threshold is not None:
        figure.add_hline(y=threshold, line={"color": palette.quiet_text, "width": 1, "dash": "dash"})
    _label_ends(figure, list(lines), lines[0].id, palette, height)
    shown = pd.concat([line.readings.assign(id=line.id) for line in lines])
    inside = shown[shown["date"].between(*window)]["score"]
    names = " and ".join(line.title for line in lines)
    spread = f"from {format_score(inside.min())} to {format_score(inside.max())}" if inside.notna().any() else "no reading"
    alt = f"{names}, {format_date(window[0])} to {format_date(window[1])}: {spread}."
    return Chart(figure, alt, tabulate_lines(lines))


def tabulate_lines(lines: Sequence[Line]) -> pd.DataFrame:
    """Return the readings of some lines side by side, a row for each date, newest first."""
    columns = {line.title: line.readings.set_index("date")["score"] for line in lines}
    table = pd.concat(columns, axis=1).sort_index(ascending=False)
    table.index.name = "date"
    return table.reset_index()


def draw_sparkline(readings: pd.DataFrame, width: int = 120, height: int = 28) -> str:
    """Return a small SVG of a line's readings on the full 0 to 10 scale, black, to be used as a mask."""
    known = readings[readings["score"].notna()]
    if len(known) < 2:
        return ""
    days = known["date"].to_numpy("datetime64[D]").astype(float)
    x = (days - days[0]) / max(days[-1] - days[0], 1) * (width - 4) + 2
    y = height - 2 - known["score"].to_numpy() / 10 * (height - 4)
    points = [f"M{x[0]:.1f} {y[0]:.1f}"]
    points += [f"H{b:.1f}V{v:.1f}" for b, v in zip(x[1:], y[1:], strict=True)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" preserveAspectRatio="none">'
        f'<path d="M2 {height - 1}H{width - 2}" stroke="#000" stroke-opacity=".3" vector-effect="non-scaling-stroke"/>'
        f'<path d="{"".join(points)}" fill="none" stroke="#000" stroke-width="1.6" vector-effect="non-scaling-stroke"/></svg>'
    )


def _scale_figure(
    span: tuple[pd.Timestamp, pd.Timestamp], height: int, labels: Sequence[str], palette: Palette, bands: bool = True
) -> go.Figure:
    figure = go.Figure()
    room = 8 + 6.6 * max(map(len, labels), default=0)
    figure.update_layout(
        height=height,
        margin={"l": 22, "r": room + (18 if bands else 0), "t": 12, "b": 26},
        showlegend=False,
        hovermode="closest",
        dragmode=False,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hoverlabel={"align": "left"},
        xaxis={
            "range": [span[0], span[1]],
            "showgrid": False,
            "zeroline": False,
            "ticks": "outside",
            "ticklen": 4,
            "tickcolor": SHADE.format(0.5),
            "tickformatstops": [
                {"dtickrange": [None, "M1"], "value": "%-d %b"},
                {"dtickrange": ["M1", "M6"], "value": "%b %Y"},
                {"dtickrange": ["M12", None], "value": "%Y"},
            ],
            "nticks": 6,
            "tickangle": 0,
            "fixedrange": True,
        },
        yaxis={
            "range": [0, 10],
            "tickvals": [0, 2, 4, 6, 8, 10],
            "showgrid": True,
            "gridcolor": SHADE.format(0.18),
            "gridwidth": 1,
            "zeroline": False,
            "fixedrange": True,
        },
    )
    if bands:
        for number, (name, low, high) in enumerate(BANDS):
            figure.add_hrect(y0=low, y1=high, fillcolor=SHADE.format(0.025 * number), line_width=0, layer="below")
            figure.add_annotation(
                text=name,
                x=1,
                xref="paper",
                xanchor="center",
                xshift=room + 8,
                y=(low + high) / 2,
                textangle=90,
                showarrow=False,
                font={"size": 10, "color": palette.quiet_text},
            )
    return figure


def _add_line(figure: go.Figure, line: Line, strong: bool, ribbon: bool) -> None:
    readings = line.readings
    if ribbon:
        for name, fill in (("low", None), ("high", "tonexty")):
            figure.add_scatter(
                x=readings["date"],
                y=readings[name],
                mode="lines",
                line={"shape": "hv", "width": 0, "color": line.colour},
                fill=fill,
                fillcolor=SHADE.format(0.24),
                hoverinfo="skip",
            )
    fresh = (readings["fresh"] >= 0.5).to_numpy()
    # A carried stretch starts at its first carried date and is joined to the line before it.
    solid = readings["score"].where(fresh)
    joined = ~fresh | np.append(~fresh[1:], False)
    dashed = readings["score"].where(joined)
    hover = (
        f"<b>{escape_html(line.title)}</b><br>%{{x|%-d %b %Y}}<br>reading %{{y:.1f}}"
        "<br>range %{customdata[0]:.1f} to %{customdata[1]:.1f}%{customdata[2]}<extra></extra>"
    )
    state = np.where(fresh, "", "<br>carried: review overdue")
    custom = list(zip(readings["low"].round(2), readings["high"].round(2), state, strict=True))
    for values, dash in ((solid, "solid"), (dashed, "3px,3px")):
        if values.notna().any():
            figure.add_scatter(
                x=readings["date"],
                y=values,
                name=line.title,
                mode="lines",
                line={"shape": "hv", "width": 2.6 if strong else 1.2, "color": line.colour, "dash": dash},
                opacity=1 if strong else 0.7,
                customdata=custom,
                hovertemplate=hover,
                connectgaps=False,
            )


def _label_ends(figure: go.Figure, lines: Sequence[Line], strong: str, palette: Palette, height: int) -> None:
    ends = [(float(rows["score"].iloc[-1]), line) for line in lines if len(rows := line.readings.dropna(subset=["score"]))]
    ends.sort(key=lambda end: end[0])
    places = _spread([value for value, _ in ends], LABEL_GAP * 400 / height)
    for place, (_, line) in zip(places, ends, strict=True):
        text = escape_html(line.label)
        figure.add_annotation(
            text=f"<b>{text}</b>" if line.id == strong else text,
            x=1,
            xref="paper",
            xanchor="left",
            xshift=4,
            y=place,
            showarrow=False,
            font={"size": 12, "color": line.colour},
        )


def _spread(values: list[float], gap: float) -> list[float]:
    """Move sorted label places apart by at least ``gap``, within the scale and as little as possible."""
    places = list(values)
    for _ in range(50):
        moved = False
        for i in range(len(places) - 1):
            short = gap - (places[i + 1] - places[i])
            if short > 1e-6:
                places[i] -= short / 2
                places[i + 1] += short / 2
                moved = True
        if places and places[0] < 0.2:
            places[0] = 0.2
        if places and places[-1] > 9.8:
            places[-1] = 9.8
        if not moved:
            break
    return places


def _add_rug(figure: go.Figure, events: pd.DataFrame, palette: Palette) -> None:
    texts = [
        f"<b>{format_date(row.date)}</b> · {EFFECTS[row.effect]}<br>" + "<br>".join(textwrap.wrap(escape_html(row.fact), 62))
        for row in events.itertuples()
    ]
    figure.add_scatter(
        x=events["date"],
        y=[0.22] * len(events),
        mode="markers",
        marker={"symbol": "line-ns", "size": 9, "line": {"width": 1.2, "color": palette.quiet_text}},
        opacity=0.8,
        text=texts,
        hovertemplate="%{text}<extra></extra>",
        name="events",
    )


def _number_moves(figure: go.Figure, moves: Sequence[tuple[pd.Timestamp, float]], palette: Palette) -> None:
    for number, (day, value) in enumerate(moves, 1):
        figure.add_annotation(
            text=str(number),
            x=day,
            y=value,
            showarrow=True,
            arrowhead=0,
            arrowwidth=1,
            arrowcolor=palette.quiet_text,
            ax=0,
            ay=-22 if value < 8.6 else 24,
            font={"size": 11, "color": palette.index},
        )


def _describe_line(line: Line, span: tuple[pd.Timestamp, pd.Timestamp]) -> str:
    rows = line.readings[line.readings["date"].between(*span)].dropna(subset=["score"])
    if rows.empty:
        return f"{line.title}: no reading between {format_date(span[0])} and {format_date(span[1])}."
    first, last = rows.iloc[0], rows.iloc[-1]
    top = rows.loc[rows["score"].idxmax()]
    return (
        f"{line.title} stood at {format_score(first.score)} on {format_date(first.date)} and at "
        f"{format_score(last.score)} on {format_date(last.date)}; its highest reading was {format_score(top.score)} "
        f"on {format_date(top.date)}, on a scale from 0 to 10."
    )
