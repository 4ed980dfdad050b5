"""Calibration as a picture: forecast probabilities against observed frequencies, each point with its count."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from markupsafe import Markup

from indicators.measures.index import Array
from indicators.show.charts.palette import Palette, css_colour
from indicators.show.charts.plots import Chart
from indicators.show.charts.scale import BARE, SHADE
from indicators.show.charts.svg import SVG, element
from indicators.show.text.words import count_words, format_share

FEW = 5
"""Forecasts in a bin below which its point is drawn hollow."""

SIDE = 340
"""Width and height of the still picture, in pixels."""

_ROOM = {"left": 60.0, "bottom": 66.0, "top": 12.0, "right": 22.0}
_COUNTS = -0.1
"""Where the counts stand, below a share of 0."""

_TICKS = (0, 0.25, 0.5, 0.75, 1)


def plot_calibration(table: pd.DataFrame, name: str, palette: Palette, height: int = 400) -> Chart:
    """Return a chart of a calibration table (that of ``calibrate``): the diagonal, the bins with counts and intervals.

    ``name`` says whose forecasts they are. A point on the diagonal came true as often as it was said to; its area
    grows with the number of forecasts, which stands below it along the axis.
    """
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        line={"color": palette.quiet_text, "width": 1, "dash": "dash"},
        hoverinfo="skip",
    )
    hover = (
        "mean forecast %{customdata[0]}<br>observed frequency %{customdata[1]}: %{customdata[2]} of %{customdata[3]}"
        "<br>95 % interval %{customdata[4]}<extra></extra>"
    )
    custom = [
        (
            format_share(row["forecast"]),
            format_share(row["share"]),
            row["yes"],
            row["count"],
            _span(row["share_low"], row["share_high"]),
        )
        for row in table.to_dict("records")
    ]
    few = (table["count"] < FEW).to_numpy()
    figure.add_scatter(
        x=table["forecast"],
        y=table["share"],
        mode="markers",
        error_y={
            "type": "data",
            "array": table["share_high"] - table["share"],
            "arrayminus": table["share"] - table["share_low"],
            "color": palette.quiet_text,
            "thickness": 1,
            "width": 3,
        },
        marker={
            "size": _diameters(table["count"]),
            "color": np.where(few, "rgba(0,0,0,0)", palette.index).tolist(),
            "opacity": 1,
            "line": {"width": 1.5, "color": palette.index},
        },
        customdata=custom,
        hovertemplate=hover,
    )
    # In a row along the bottom the counts cover no point, however near the bins lie.
    for place, text in [(0.0, "n ="), *zip(table["forecast"], table["count"].astype(str), strict=True)]:
        figure.add_annotation(
            x=place,
            y=_COUNTS,
            text=text,
            xanchor="center",
            showarrow=False,
            font={"size": 12, "color": palette.quiet_text if text == "n =" else palette.index},
        )
    axis = {
        "range": [-0.03, 1.05],
        "tickvals": list(_TICKS),
        "ticktext": [format_share(tick) for tick in _TICKS],
        "gridcolor": SHADE.format(0.18),
        "zeroline": False,
        "fixedrange": True,
    }
    figure.update_layout(
        BARE,
        height=height,
        margin={"l": 56, "r": 10, "t": 8, "b": 48},
        hovermode="closest",
        xaxis={**axis, "title": {"text": "Forecast probability", "standoff": 8}},
        yaxis={**axis, "range": [_COUNTS - 0.06, 1.05], "title": {"text": "Observed frequency", "standoff": 4}},
    )
    return Chart(figure, describe_calibration(table, name), calibration_table(table))


def draw_calibration(table: pd.DataFrame, name: str) -> Markup:
    """Return the same picture as an SVG that follows the page's light or dark colours."""
    own = {"role": "img", "aria-label": describe_calibration(table, name), "xmlns": SVG}
    style = f"max-width:100%;height:auto;color:{css_colour(None)}"
    parts = [*_draw_axes(), *_draw_points(table)]
    return element("svg", *parts, **own, viewBox=f"0 0 {SIDE} {SIDE}", width=SIDE, style=style)


def describe_calibration(table: pd.DataFrame, name: str) -> str:
    """Return in a sentence or two what a calibration table shows."""
    if table.empty:
        return f"{name}: no forecast has an answer yet."
    total = int(table["count"].sum())
    inside = int(((table["share_low"] <= table["forecast"]) & (table["forecast"] <= table["share_high"])).sum())
    largest = table.iloc[int(table["count"].to_numpy().argmax())]
    return (
        f"{name}, {count_words(total, 'forecast')} with an answer, in bins of ten per cent. In {inside} of "
        f"{count_words(len(table), 'bin')} the 95 % interval of the observed frequency includes the mean forecast. The "
        f"fullest bin has {count_words(int(largest['count']), 'forecast')} with a mean of {format_share(largest['forecast'])} "
        f"and an observed frequency of {format_share(largest['share'])}."
    )


def calibration_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return a calibration table for readers."""
    return pd.DataFrame(
        {
            "bin": [_span(low, high) for low, high in zip(table["low"], table["high"], strict=True)],
            "forecasts": table["count"].astype(str),
            "yes": table["yes"].astype(str),
            "mean forecast": table["forecast"].map(format_share),
            "observed frequency": table["share"].map(format_share),
            "95 % interval": [_span(a, b) for a, b in zip(table["share_low"], table["share_high"], strict=True)],
        }
    )


def _span(low: float, high: float) -> str:
    return f"{low * 100:.0f}–{high * 100:.0f} %"


def _diameters(count: pd.Series) -> Array:
    """Diameters whose areas are in the ratio of the counts, within what can be seen and told apart."""
    most = max(float(count.max()), 1.0) if len(count) else 1.0
    return np.asarray(np.maximum(20 * np.sqrt(count.to_numpy(float) / most), 6))


def _place(share: float, across: bool) -> float:
    if across:
        return _ROOM["left"] + share * (SIDE - _ROOM["left"] - _ROOM["right"])
    return SIDE - _ROOM["bottom"] - share * (SIDE - _ROOM["bottom"] - _ROOM["top"])


def _draw_axes() -> Iterator[Markup]:
    left, middle, below = _place(0, True), _place(0.5, True), _place(_COUNTS, False)

    def write(text: str, anchor: str, **place: object) -> Markup:
        quiet = {"fill": "currentColor", "font_size": 12, "opacity": "0.75"}
        return element("text", text, **place, text_anchor=anchor, **quiet)

    for tick in _TICKS:
        x, y = _place(tick, True), _place(tick, False)
        yield element("path", d=f"M{left:g} {y:.1f}H{_place(1, True):.1f}", stroke="currentColor", opacity="0.15")
        yield write(format_share(tick), "end", x=f"{left - 6:g}", y=y + 4)
        yield write(format_share(tick), "middle", x=x, y=SIDE - 24)
    yield write("n =", "end", x=f"{left - 6:g}", y=below)
    yield write("Forecast probability", "middle", x=middle, y=SIDE - 6)
    yield write("Observed frequency", "middle", transform=f"translate(10 {_place(0.5, False):.1f}) rotate(-90)")
    ends = [_place(end, across) for end in (0, 1) for across in (True, False)]
    diagonal = "M{:.1f} {:.1f}L{:.1f} {:.1f}".format(*ends)
    yield element("path", d=diagonal, stroke="currentColor", stroke_dasharray="4 4", opacity="0.6")


def _draw_points(table: pd.DataFrame) -> Iterator[Markup]:
    counted = _place(_COUNTS, False)
    for row, diameter in zip(table.to_dict("records"), _diameters(table["count"]), strict=True):
        x, y = _place(row["forecast"], True), _place(row["share"], False)
        low, high = _place(row["share_low"], False), _place(row["share_high"], False)
        fill = "none" if row["count"] < FEW else "currentColor"
        yield element("path", d=f"M{x:.1f} {low:.1f}V{high:.1f}", stroke="currentColor", opacity="0.6")
        yield element("circle", cx=x, cy=y, r=diameter / 2, fill=fill, stroke="currentColor")
        number = {"text_anchor": "middle", "fill": "currentColor", "font_size": 12}
        yield element("text", str(row["count"]), x=x, y=counted, **number)
