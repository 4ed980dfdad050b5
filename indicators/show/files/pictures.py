"""Charts as pictures for print: PNG and SVG in the sizes that editors need, each with title, key and settings.

The browser that draws them is kept running between requests, since its start takes most of the time of a picture.
"""

import asyncio
import importlib
import importlib.util
import json
import math
import struct
import textwrap
import threading
import zlib
from collections.abc import Coroutine, Sequence
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from indicators.records.errors import IndicatorsError
from indicators.show.charts.key import add_key, count_rows
from indicators.show.charts.palette import DARK, LIGHT, THEMED, Palette
from indicators.show.charts.plots import Chart
from indicators.show.charts.scale import escape_label, place_labels
from indicators.show.charts.svg import element
from indicators.show.files.description import Description

PICTURE_SECONDS = 30
"""Seconds that the browser may take for one picture; after that it is given up and the next picture starts another."""

LETTER = 0.5
"""Width of a letter in parts of its height, as an average of a sentence in a common typeface."""

LINE = 1.35
"""Height of a line of text in parts of its letters' height."""

EDGE = 12
"""Pixels around a picture's contents."""

AXIS = 30
"""Pixels below a plot for its dates."""

LEAST_PLOT = 80
"""Pixels that a plot has at least, however much stands around it."""

TYPEFACE = "Helvetica Neue, Arial, Liberation Sans, sans-serif"
PNG = b"\x89PNG\r\n\x1a\n"
DOTS_PER_METRE = 11811
"""300 dots an inch."""

PALETTES = {"light": LIGHT, "dark": DARK}


class PictureError(IndicatorsError):
    """A picture that could not be drawn, and why."""


@dataclass(frozen=True)
class Size:
    """A size of a picture: its name, pixels of the drawing, and how many of the PNG's one of these is.

    ``height`` is that of the whole picture, or, where the picture may grow with its text, ``plot`` that of the plot.
    ``title`` and ``text`` are the heights of letters in pixels.
    """

    name: str
    width: int
    scale: float
    title: int
    text: float
    height: int = 0
    plot: int = 0

    @property
    def letters(self) -> int:
        """Letters of the small text that a line takes."""
        return int((self.width - 2 * EDGE) / (LETTER * self.text))


SIZES = (
    Size("Slide (16:9)", 960, 2, 21, 10.5, height=540),
    Size("Single column", 340, 3, 14, 8.5, plot=220),
    Size("Social card", 800, 1.5, 19, 9.5, height=420),
)
"""A slide is 1920 × 1080, a column 1020 pixels wide (86 mm at 300 dpi), a social card 1200 × 630."""


def explain_no_pictures() -> str:
    """Return why no PNG or SVG can be drawn here, or nothing where it can."""
    if importlib.util.find_spec("kaleido") is None:
        return "PNG and SVG need the package kaleido on the server (pip install kaleido)."
    chromium = importlib.import_module("choreographer.browsers.chromium").Chromium
    if chromium.find_browser(skip_local=False) is None:
        return "PNG and SVG need Chrome or Chromium on the server."
    return ""


def settle_colours(figure: go.Figure, palette: Palette = LIGHT) -> go.Figure:
    """Return a figure whose colours, left open for the app's light or dark, are those of a palette."""
    text = str(figure.to_json())
    opened = [*zip(THEMED.colours, palette.colours, strict=True), (THEMED.ground, palette.ground)]
    for open_colour, colour in opened:
        text = text.replace(f'"{open_colour}"', f'"{colour}"')
    return go.Figure(json.loads(text))


def draw_picture(
    chart: Chart,
    form: str,
    description: Description,
    sources: Sequence[str] = (),
    size: Size = SIZES[0],
    ground: str = "light",
) -> bytes:
    """Return a chart as ``png`` or ``svg`` with title, key, settings, sources and citation. Raises ``PictureError``.

    ``ground`` is ``light`` or ``dark``. The description stands in the picture's own fields as well, where programs
    find it.
    """
    if why := explain_no_pictures():
        raise PictureError(why)
    figure = compose_picture(chart, description, sources, size, PALETTES[ground])
    options = {
        "format": form,
        "width": size.width,
        "height": figure.layout.height,
        "scale": size.scale if form == "png" else 1,
    }
    content = _BROWSER.draw(figure.to_dict(), options)
    return _describe_png(content, chart, description) if form == "png" else _describe_svg(content, chart, description)


def compose_picture(
    chart: Chart, description: Description, sources: Sequence[str], size: Size, palette: Palette
) -> go.Figure:
    """Return the figure of a picture: title and key above the plot; numbered names, settings and sources below."""
    title = textwrap.wrap(description.title, max(10, int((size.width - 2 * EDGE) / (0.56 * size.title))))
    head = EDGE + size.title * 1.25 * len(title)
    letters = size.text + 1
    rows = count_rows(chart.key, size.width - 2 * EDGE, LETTER * letters)
    above = head + rows * (max(letters * 1.3, 16) + 3) + 8  # Plotly's own height of a row
    margin = chart.figure.layout.margin
    left, right = (margin.l or 8) + EDGE, margin.r or 8
    top = above + max((margin.t or 0), 10)
    own = (chart.figure.layout.height or 400) - (margin.t or 0) - (margin.b or 26)
    least = own if "yaxis2" in chart.figure.layout.to_plotly_json() else size.plot
    for numbered in (False, True):
        foot = _wrap_foot(chart, description, sources, size, numbered, palette)
        below = AXIS + len(foot) * size.text * LINE + EDGE
        height = size.height or math.ceil(top + below + least)
        plot = max(height - top - below, LEAST_PLOT)
        drawn = chart.figure if chart.fit is None else chart.fit(size.width - left - right, plot, numbered)
        if drawn is not None:
            break
    figure = go.Figure(drawn)
    add_key(figure, chart.key, THEMED)
    figure = settle_colours(figure, palette)
    if chart.fit is None and size.plot:
        right = _narrow_ends(figure, plot, letters)
    figure.add_annotation(
        text="<br>".join(foot),
        x=0,
        xref="paper",
        xanchor="left",
        xshift=EDGE - left,
        y=0,
        yref="paper",
        yanchor="top",
        yshift=-AXIS,
        align="left",
        showarrow=False,
        borderpad=0,
        font={"size": size.text, "color": palette.quiet_text},
    )
    figure.update_layout(
        width=size.width,
        height=height,
        dragmode=False,
        title={
            "text": "<br>".join(f"<b>{escape_label(line)}</b>" for line in title),
            "font": {"size": size.title, "color": palette.index},
            "x": EDGE / size.width,
            "xanchor": "left",
            "y": 1 - EDGE / height,
            "yanchor": "top",
            "yref": "container",
        },
        legend={
            "orientation": "h",
            "traceorder": "normal",
            "xref": "container",
            "x": EDGE / size.width,
            "xanchor": "left",
            "yref": "container",
            "y": 1 - head / height,
            "yanchor": "top",
            "bgcolor": "rgba(0,0,0,0)",
            "font": {"size": letters, "color": palette.index},
        },
        margin={"l": left, "r": right, "t": top, "b": below, "autoexpand": False},
        paper_bgcolor=palette.ground,
        font={"family": TYPEFACE, "color": palette.index},
        xaxis={"showticklabels": True},
    )
    return figure


def _wrap_foot(
    chart: Chart, description: Description, sources: Sequence[str], size: Size, numbered: bool, palette: Palette
) -> list[str]:
    """The lines below the plot, as labels; what differs from the published figures is bold."""
    notes = [f"{number} {note}" for number, note in enumerate(chart.notes, 1)] if numbered else []
    lines = [escape_label(line) for line in textwrap.wrap("; ".join(notes), size.letters)]
    for line in description.lines:
        wrapped = [escape_label(part) for part in textwrap.wrap(line, size.letters)]
        if line == description.warning:
            wrapped = [f'<b style="color:{palette.index}">{part}</b>' for part in wrapped]
        lines += wrapped
    for line in [*sources, f"Cite: {description.citation}"]:
        lines += [escape_label(part) for part in textwrap.wrap(line, size.letters)]
    return lines


def _narrow_ends(figure: go.Figure, plot: float, letters: float, most: int = 13) -> float:
    """Break the names at the ends of the lines to a few letters a line; return the room that they take, in pixels."""
    ends = [
        text
        for text in figure.layout.annotations
        if text.xref == "paper" and text.x == 1 and text.xanchor == "left" and text.yref in (None, "y")
    ]
    broken = []
    for text in ends:
        plain = str(text.text).removeprefix("<b>").removesuffix("</b>")
        broken.append((textwrap.wrap(plain, most, break_long_words=False) or [""], plain != text.text))
    heights = [len(lines) * letters * 1.25 * 10 / plot for lines, _ in broken]
    places = place_labels([float(text.y) for text in ends], heights, 0, 10)
    for text, (lines, bold), place in zip(ends, broken, places, strict=True):
        words = "<br>".join(lines)
        text.update(text=f"<b>{words}</b>" if bold else words, y=place, font={"size": letters}, align="left")
    longest = max((len(line) for lines, _ in broken for line in lines), default=0)
    return EDGE + 4 + 0.6 * letters * longest


def _describe_png(content: bytes, chart: Chart, description: Description) -> bytes:
    """Put texts and the resolution of print into a PNG; encoding it again would take longer than drawing it."""
    fields = {
        "Title": description.title,
        "Description": description.line,
        "Comment": chart.alt,
        "Copyright": dict(description.rows)["Licence"],
    }
    chunks = [_make_chunk(b"pHYs", struct.pack(">IIB", DOTS_PER_METRE, DOTS_PER_METRE, 1))]
    chunks += [_make_chunk(b"iTXt", name.encode() + bytes(5) + text.encode()) for name, text in fields.items()]
    header = len(PNG) + 25  # the first chunk of every PNG, its header, has 13 bytes and 12 around them
    return content[:header] + b"".join(chunks) + content[header:]


def _make_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _describe_svg(content: bytes, chart: Chart, description: Description) -> bytes:
    start, bracket, rest = content.decode().partition(">")
    said = element("title", description.title) + element("desc", f"{chart.alt} {description.line}")
    return f"{start}{bracket}{said}{rest}".encode()


class _Browser:
    """The browser that draws pictures, one at a time, started with the first and again after it has failed."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._drawing: Any = None

    def start(self) -> None:
        """Start it, unless it runs or is being started; a failure shows when a picture is asked for.

        It draws a picture without contents as well: the first one takes longer than those after it.
        """
        if explain_no_pictures() or self._drawing is not None or not self._turn.acquire(blocking=False):
            return
        try:
            self._drawing = self._run(self._open())
            self._run(self._drawing.calc_fig({"data": [], "layout": {}}, opts={"format": "png"}))
        except Exception:  # the browser's own failures have no common type
            self._give_up()
        finally:
            self._turn.release()

    def draw(self, figure: dict[str, Any], options: dict[str, Any]) -> bytes:
        """Return the picture of a figure. Raises ``PictureError``."""
        with self._turn:
            try:
                if self._drawing is None:
                    self._drawing = self._run(self._open())
                return bytes(self._run(self._drawing.calc_fig(figure, opts=options)))
            except Exception as error:  # the browser's own failures have no common type
                self._give_up()
                raise PictureError(f"The picture could not be drawn ({type(error).__name__}).") from error

    async def _open(self) -> Any:
        # Without MathJax, which the drawing page would fetch from another host.
        drawing = importlib.import_module("kaleido").Kaleido(n=1, mathjax=False, timeout=PICTURE_SECONDS)
        return await drawing.__aenter__()

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            threading.Thread(target=self._loop.run_forever, name="pictures", daemon=True).start()
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(PICTURE_SECONDS)
        except FutureTimeoutError:
            future.cancel()
            raise

    def _give_up(self) -> None:
        """Close a browser that has failed, as far as it lets itself be closed, and forget it."""
        drawing, self._drawing = self._drawing, None
        if drawing is not None and self._loop is not None:
            closing = asyncio.run_coroutine_threadsafe(drawing.__aexit__(None, None, None), self._loop)
            try:
                closing.result(PICTURE_SECONDS / 3)
            except Exception:  # it has failed once already
                closing.cancel()


_BROWSER = _Browser()


def start_browser() -> threading.Thread:
    """Have the browser started, so that it stands when a reader asks for a picture; nothing waits for it."""
    starting = threading.Thread(target=_BROWSER.start, name="pictures-start", daemon=True)
    starting.start()
    return starting
