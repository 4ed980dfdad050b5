"""The scale on which every chart is drawn: axes, bands, lines with their ranges, end labels, events."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from markupsafe import escape

from indicators.measures.index import BANDS
from indicators.measures.quarters import CARRIED, OPEN, SETTLED
from indicators.show.charts.palette import THEMED, Palette
from indicators.show.text.words import EFFECTS, format_date

STATE_NOTES = {
    SETTLED: "",
    CARRIED: "<br>carried: the quarter was not reviewed",
    OPEN: "<br>open: the quarter is not reviewed yet",
}
SHADE = "rgba(128,128,128,{:.3f})"
_AXIS = {"tickfont": {"color": THEMED.quiet_text}, "title": {"font": {"color": THEMED.quiet_text}}}
BARE = {
    "showlegend": False,
    "dragmode": False,
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "hoverlabel": {"align": "left", "bgcolor": THEMED.ground, "font": {"size": 12, "color": THEMED.index}},
    "xaxis": _AXIS,
    "yaxis": _AXIS,
}
"""The layout of every chart: no legend, nothing to drag, the page's own ground, axes and tooltips that can be read.

Its colours are those that the browser, or whoever draws a picture, replaces.
"""

BAND_ROOM = 74
"""Room left of a plot for the numbers and names of its axis, in pixels."""

LABEL_GAP = 0.55
"""Least distance of two line labels, in points of the scale at the usual height."""


LABEL_LETTERS = 11
"""Letters in a line of a label at a line's end."""


def escape_label(text: str) -> str:
    """Return text that a chart shows as it is written, since Plotly takes some HTML in labels for markup."""
    return str(escape(text))


@dataclass(frozen=True)
class Line:
    """One line of a chart: ``readings`` has ``date, score, low, high, fresh``, a row for each step."""

    id: str
    title: str
    label: str
    colour: str
    readings: pd.DataFrame


@dataclass(frozen=True)
class Frame:
    """Where the plot of a picture lies, and which period it shows."""

    span: tuple[pd.Timestamp, pd.Timestamp]
    left: float
    top: float
    right: float
    bottom: float

    @cached_property
    def _length(self) -> pd.Timedelta:
        return max(self.span[1] - self.span[0], pd.Timedelta(days=1))

    def x(self, day: pd.Timestamp) -> float:
        """Return the place of a day, in pixels from the left; days outside the period lie on its edge."""
        share = (day - self.span[0]) / self._length
        return self.left + min(max(share, 0.0), 1.0) * (self.right - self.left)

    def along(self, days: pd.Series) -> list[float]:
        """Return the places of many days, each that of ``x``."""
        since = days.to_numpy("datetime64[ns]") - self.span[0].to_datetime64().astype("datetime64[ns]")
        shares = np.clip(since / self._length.to_timedelta64().astype("timedelta64[ns]"), 0.0, 1.0)
        places: list[float] = (self.left + shares * (self.right - self.left)).tolist()
        return places

    def y(self, score: float) -> float:
        """Return the place of a score, in pixels from the top."""
        return self.bottom - score / 10 * (self.bottom - self.top)


def scale_figure(
    span: tuple[pd.Timestamp, pd.Timestamp], height: int, labels: Sequence[str], palette: Palette, bands: bool = True
) -> go.Figure:
    """Return an empty figure from 0 to 10 over a period, with the bands shaded and named at the axis."""
    figure = go.Figure()
    room = 8 + 6.6 * max((len(part) for label in labels for part in wrap_label(label)), default=0)
    figure.update_layout(
        BARE,
        height=height,
        margin={"l": BAND_ROOM if bands else 22, "r": room, "t": 12, "b": 38},
        hovermode="closest",
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
            "tickfont": {"color": palette.quiet_text},
            "fixedrange": True,
            # The plot lies where the margins say, on which buttons over its points rely.
            "automargin": False,
        },
        yaxis={
            "range": [0, 10],
            "tickfont": {"color": palette.quiet_text},
            "tickvals": [0, 2, 4, 6, 8, 10],
            "showgrid": True,
            "gridcolor": SHADE.format(0.18),
            "gridwidth": 1,
            "zeroline": False,
            "fixedrange": True,
            "automargin": False,
        }
        | (_name_bands() if bands else {}),
        shapes=_draw_bands() if bands else (),
    )
    return figure


def _name_bands() -> dict[str, Any]:
    """The axis of a scale with bands: each named in its middle, between the numbers of its ends."""
    ends = [low for _, low, _ in BANDS] + [BANDS[-1][2]]
    middles = [(low + high) / 2 for _, low, high in BANDS]
    names = [f'<span style="font-size:11px">{name}</span>' for name, _, _ in BANDS]
    return {
        "tickvals": [*ends, *middles],
        "ticktext": [*(f"{end:g}" for end in ends), *names],
        "showgrid": False,
    }


@cache
def _draw_bands() -> tuple[Any, ...]:
    """The shapes of the bands and their ends, the same in every chart: Plotly takes long to add them one by one."""
    figure = go.Figure()
    for number, (_, low, high) in enumerate(BANDS):
        figure.add_hrect(y0=low, y1=high, fillcolor=SHADE.format(0.025 * number), line_width=0, layer="below")
    for end in [low for _, low, _ in BANDS] + [BANDS[-1][2]]:
        figure.add_shape(
            type="line",
            xref="paper",
            x0=0,
            x1=1,
            y0=end,
            y1=end,
            layer="below",
            line={"color": SHADE.format(0.18), "width": 1},
        )
    return tuple(figure.layout.shapes)


def add_line(figure: go.Figure, line: Line, strong: bool, ribbon: bool) -> None:
    """Draw a line, carried and open stretches dashed, with its interval as a light ribbon below it."""
    readings = line.readings
    if ribbon:
        for name, fill in (("low", None), ("high", "tonexty")):
            figure.add_scatter(
                x=readings["date"],
                y=readings[name],
                mode="lines",
                line={"width": 0, "color": line.colour},
                fill=fill,
                fillcolor=SHADE.format(0.24),
                hoverinfo="skip",
            )
    fresh = (readings["state"] == SETTLED).to_numpy()
    # A carried stretch starts at its first carried date and is joined to the line before it.
    solid = readings["score"].where(fresh)
    joined = ~fresh | np.append(~fresh[1:], False)
    dashed = readings["score"].where(joined)
    hover = (
        f"<b>{escape_label(line.title)}</b><br>%{{x|%-d %b %Y}}<br>reading %{{y:.1f}}"
        "<br>range %{customdata[0]:.1f} to %{customdata[1]:.1f}%{customdata[2]}<extra></extra>"
    )
    state = readings["state"].map(STATE_NOTES).to_numpy()
    # As an array: Plotly copies lists value by value.
    custom = np.column_stack([readings["low"].round(2).astype(object), readings["high"].round(2).astype(object), state])
    for values, dash in ((solid, "solid"), (dashed, "3px,3px")):
        if values.notna().any():
            figure.add_scatter(
                x=readings["date"],
                y=values,
                name=line.title,
                mode="lines",
                line={"width": 2.6 if strong else 1.2, "color": line.colour, "dash": dash},
                opacity=1 if strong else 0.7,
                customdata=custom,
                hovertemplate=hover,
                connectgaps=False,
            )


def add_rings(figure: go.Figure, readings: pd.Series, colour: str, ground: str, size: int = 6) -> None:
    """Mark readings, by day, with small rings of a colour on a ground."""
    figure.add_scatter(
        x=readings.index,
        y=readings.to_numpy(),
        mode="markers",
        marker={"size": size, "color": ground, "line": {"width": 1.4, "color": colour}},
        hoverinfo="skip",
        cliponaxis=False,
    )


def label_ends(figure: go.Figure, lines: Sequence[Line], strong: str, height: int) -> None:
    """Name the lines at their ends, moved apart where they would overlap."""
    ends = [
        (float(rows["score"].iloc[-1]), line) for line in lines if len(rows := line.readings.dropna(subset=["score"]))
    ]
    ends.sort(key=lambda end: end[0])
    wrapped = [wrap_label(line.label) for _, line in ends]
    gap = min(LABEL_GAP * 400 / height, 9.6 / max(sum(map(len, wrapped)), 1))
    heights = [gap * len(parts) for parts in wrapped]
    places = place_labels([value for value, _ in ends], heights, 0.2 - gap / 2, 9.8 + gap / 2)
    labels = []
    for place, (_, line), parts in zip(places, ends, wrapped, strict=True):
        text = "<br>".join(map(escape_label, parts))
        labels.append(
            go.layout.Annotation(
                text=f"<b>{text}</b>" if line.id == strong else text,
                x=1,
                xref="paper",
                xanchor="left",
                align="left",
                xshift=4,
                y=place,
                showarrow=False,
                font={"size": 12, "color": line.colour},
            )
        )
    # All at once: Plotly goes through those before with each that is added.
    figure.layout.annotations = (*figure.layout.annotations, *labels)


def wrap_label(label: str) -> list[str]:
    """Return the lines of a label at a line's end, short enough to leave room for the plot on a telephone."""
    return textwrap.wrap(label, LABEL_LETTERS, break_long_words=False) or [""]


def place_labels(wanted: Sequence[float], heights: Sequence[float], first: float, last: float) -> list[float]:
    """Return the middles of labels that do not overlap, each as near to where it is wanted as the others allow.

    ``wanted`` are places in rising order. The labels stay between ``first`` and ``last`` as far as their heights
    together leave room.
    """
    groups: list[tuple[list[int], float]] = []  # members, place of the group's first edge

    def edge_of(members: list[int]) -> float:
        offset, edges = 0.0, []
        for member in members:
            edges.append(wanted[member] - heights[member] / 2 - offset)
            offset += heights[member]
        return max(min(sum(edges) / len(edges), last - offset), first)

    for number in range(len(wanted)):
        members = [number]
        while groups:
            before, edge = groups[-1]
            if edge + sum(heights[m] for m in before) <= edge_of(members):
                break
            members = groups.pop()[0] + members
        groups.append((members, edge_of(members)))
    places = []
    for members, edge in groups:
        for member in members:
            places.append(edge + heights[member] / 2)
            edge += heights[member]
    return places


def add_rug(figure: go.Figure, events: pd.DataFrame, palette: Palette) -> None:
    """Mark events along the bottom; each tells what happened on hover."""
    texts = [
        f"<b>{format_date(row['date'])}</b> · {EFFECTS[row['effect']]}<br>"
        + "<br>".join(map(escape_label, textwrap.wrap(row["fact"], 62)))
        for row in events.to_dict("records")
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
