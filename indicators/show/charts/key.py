"""The key of a chart: each kind of sign on it with its meaning, for a picture that leaves its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import plotly.graph_objects as go

from indicators.show.charts.palette import Palette
from indicators.show.charts.scale import SHADE, escape_label

Kind = Literal["line", "thin", "dashed", "dotted", "area", "ring", "full", "hatch", "event"]

GLYPH_ROOM = 48.0
"""Pixels that the legend takes for a sign and the gaps around it."""


@dataclass(frozen=True)
class Sign:
    """A kind of sign on a chart, in a colour of the chart's palette, and what it means."""

    kind: Kind
    words: str
    colour: str


def add_key(figure: go.Figure, key: Sequence[Sign], palette: Palette) -> None:
    """Write the key into a figure as its legend; where it stands is left to whoever lays the picture out."""
    figure.update_traces(showlegend=False)
    for sign in key:
        # A trace without a point draws its sign in the legend alone.
        figure.add_scatter(x=[None], y=[None], name=escape_label(sign.words), **_style(sign, palette))
    figure.update_layout(showlegend=True, legend={"itemclick": False, "itemdoubleclick": False})


def count_rows(key: Sequence[Sign], width: float, letter: float) -> int:
    """Return the rows that a key takes in a legend ``width`` pixels wide, with letters of ``letter`` pixels.

    As Plotly lays them out: in one row where all fit, else in columns as wide as the widest.
    """
    widths = [GLYPH_ROOM + letter * len(sign.words) for sign in key]
    if not widths or sum(widths) <= width:
        return 1 if widths else 0
    columns = max(1, int(width // max(widths)))
    return -(-len(widths) // columns)


def _style(sign: Sign, palette: Palette) -> dict[str, Any]:
    colour = sign.colour
    if sign.kind in ("line", "thin", "dashed", "dotted"):
        width = {"line": 2.6, "thin": 1.2}.get(sign.kind, 1.6)
        dash = {"dashed": "3px,3px", "dotted": "dot"}.get(sign.kind, "solid")
        return {"mode": "lines", "line": {"width": width, "color": colour, "dash": dash}}
    if sign.kind == "area":
        return {"mode": "none", "fill": "toself", "fillcolor": SHADE.format(0.3)}
    if sign.kind == "hatch":
        pattern = {"shape": "/", "fgcolor": palette.quiet_line, "bgcolor": "rgba(0,0,0,0)", "size": 5, "solidity": 0.2}
        return {"mode": "none", "fill": "toself", "fillpattern": pattern}
    marker: dict[str, Any] = {
        "ring": {"size": 7, "color": palette.ground, "line": {"width": 1.4, "color": colour}},
        "full": {"size": 9, "color": colour},
        "event": {"symbol": "line-ns", "size": 9, "line": {"width": 1.2, "color": colour}},
    }[sign.kind]
    return {"mode": "markers", "marker": marker}
