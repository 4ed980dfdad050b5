"""Still pictures as SVG, the same bytes everywhere: charts coloured by the page's style, and small ones in a text."""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from indicators.measures.index import BANDS
from indicators.measures.outlook.fan import SHARES
from indicators.measures.quarters import SETTLED
from indicators.show.charts.marks import Marks, Word, lay_out
from indicators.show.charts.outlook import BEFORE
from indicators.show.charts.palette import LIGHT
from indicators.show.charts.scale import Frame, Line, place_labels

SVG = "http://www.w3.org/2000/svg"
SIZES = {"wide": (1080, 400), "middle": (600, 340), "narrow": (340, 300)}
"""Width and height in pixels, so that letters stay readable: for a laptop and paper, a frame in a text, a telephone."""

TICK_MONTHS = (1, 3, 6, 12, 24, 60, 120, 240)
HATCH = 7.0
"""Distance of the strokes of a hatched stretch, in pixels."""

LINE_HEIGHT = 13
LETTER = 7.0
"""Height of a line of text and width of a letter of a label, in pixels."""

SIDES = {"left": 70.0, "top": 8.0, "bottom": 24.0, "right": 4.0}
"""Room around the plot for the scale with the names of its bands, and for the dates."""

_OPEN, _CLOSE, _END, _EMPTY = Markup("<"), Markup("</"), Markup(">"), Markup("/>")
_IS, _QUOTE = Markup('="'), Markup('"')


def element(name: str, *children: str, **attributes: object) -> Markup:
    """Return an element; texts and attributes are escaped here, elements stand inside as they are.

    An underscore in an attribute's name stands for a hyphen, one at its end for nothing (``class_``); a float has one
    decimal.
    """
    parts: list[Any] = [_OPEN, name]
    for key, value in attributes.items():
        text = f"{value:.1f}" if isinstance(value, float) else value
        parts += (" ", key.rstrip("_").replace("_", "-"), _IS, text, _QUOTE)
    inside = (_END, *children, _CLOSE, name, _END) if children else (_EMPTY,)
    # A picture has hundreds of elements, and to format each takes ten times as long.
    return Markup("").join([*parts, *inside])


def draw_levels(
    lines: Sequence[Line],
    strong: str,
    span: tuple[pd.Timestamp, pd.Timestamp],
    alt: str,
    kind: str = "wide",
    events: pd.DataFrame | None = None,
) -> Markup:
    """Return an SVG of several lines on the 0 to 10 scale, one of them strong with its interval, the others quiet.

    Carried and open stretches are dashed, lines are named at their ends; ``kind`` is one of ``SIZES``; ``events`` are marks along the bottom and
    ``moves`` numbered points (date, reading) of the strong line. Colours are classes (``c0`` to ``c9``, positions of
    the palette) that the page's style sheet sets for light and dark.
    """
    width, height = SIZES[kind]
    longest = {"wide": 32, "middle": 18, "narrow": 12}[kind]
    labels = {line.id: textwrap.wrap(line.label, longest) or [""] for line in lines}
    room = 8 + LETTER * max(len(part) for parts in labels.values() for part in parts)
    right = width - room - SIDES["right"]
    frame = Frame(span, SIDES["left"], SIDES["top"], right, height - SIDES["bottom"])
    main = next(line for line in lines if line.id == strong)
    ordered = [*(line for line in lines if line is not main), main]
    parts = [_draw_scale(frame), _draw_dates(frame), _draw_ribbon(main, frame)]
    parts += [_draw_line(line, frame, line is main, _class_of(line, main)) for line in ordered]
    parts.append(_draw_labels(ordered, main, labels, frame))
    if events is not None:
        parts.append(_draw_rug(events, frame))
    return _wrap(parts, kind, alt)


def draw_marked(marks: Marks, alt: str, kind: str = "wide") -> Markup:
    """Return an SVG of one line with its interval and all that is marked on it, names where there is room for them.

    In the narrow size numbers stand in place of the names.
    """
    width, height = SIZES[kind]
    frame = Frame(marks.span, SIDES["left"], 22, width - 26, height - SIDES["bottom"])
    layout = lay_out(marks, frame.right - frame.left, frame.bottom - frame.top, kind == "narrow")
    parts = [_draw_scale(frame), _draw_dates(frame), _write("more tense ↑", "band", 0, 12, "start")]
    for stretch in marks.stretches:
        left, right = frame.x(stretch.start), frame.x(stretch.end)
        strokes = ""
        for y in np.arange(frame.top, frame.bottom, HATCH).tolist():
            foot = min(y + right - left, frame.bottom)
            strokes += f"M{right - foot + y:.1f} {foot:.1f}L{right:.1f} {y:.1f}"
        parts.append(element("path", class_="pointer hatch", d=strokes))
    parts += [_draw_ribbon(marks.line, frame), _draw_line(marks.line, frame, True, _class_of(marks.line, marks.line))]
    for pointer in layout.leaders:
        x, y = frame.x(pointer.date), frame.y(pointer.score)
        end = f"H{x + pointer.across:.1f}" if pointer.across else f"V{frame.y(pointer.end):.1f}"
        parts.append(element("path", class_="pointer", d=f"M{x:.1f} {y:.1f}{end}"))
    highest = set(marks.highest.index)
    for day, value in marks.settled.items():
        x, y = frame.x(pd.Timestamp(str(day))), frame.y(float(value))
        parts.append(element("circle", class_=f"review{' full' if day in highest else ''}", cx=x, cy=y, r=3.0))
    parts += [element("circle", class_="point", cx=frame.x(t.date), cy=frame.y(t.score), r=4.5) for t in marks.turns]
    parts += [_write_word(word, frame) for word in layout.words]
    parts.append(_draw_rug(marks.events, frame))
    return _wrap(parts, kind, alt)


def _write_word(word: Word, frame: Frame) -> Markup:
    x, middle = frame.x(word.date) + word.shift, frame.y(word.score)
    anchor = {"left": "start", "center": "middle", "right": "end"}[word.anchor]
    first = middle - LINE_HEIGHT * (len(word.lines) - 1) / 2 + 4
    lines = [
        _write(line, f"word {word.kind}" if number == 0 else "word note", x, first + LINE_HEIGHT * number, anchor)
        for number, line in enumerate(word.lines)
    ]
    return Markup("").join(lines)


def draw_fan(line: Line, fan: pd.DataFrame, alt: str, kind: str = "wide", today: pd.Timestamp | None = None) -> Markup:
    """Return an SVG of a fan: the line's readings up to its start, then nested areas and median; ``today`` is marked.

    ``fan`` has the columns of ``summarise_fan``; ``kind`` is one of ``SIZES``.
    """
    width, height = SIZES[kind]
    start, end, last = fan["date"].iloc[0], fan["date"].iloc[-1], fan.iloc[-1]
    names = {"median": f"median {last['median']:.1f}"} | {f"high_{share}": f"{share} %" for share in SHARES}
    ends = {id: Line(id, text, text, line.colour, fan[["date"]].assign(score=fan[id])) for id, text in names.items()}
    right = width - 8 - LETTER * max(map(len, names.values())) - SIDES["right"]
    first = start - BEFORE
    frame = Frame((first, end), SIDES["left"], SIDES["top"], right, height - SIDES["bottom"])
    x = frame.along(fan["date"])

    def levels(column: str) -> list[float]:
        return [frame.y(v) for v in fan[column].astype(float).tolist()]

    past = line.readings[line.readings["date"].between(first, start)]
    parts = [_draw_scale(frame), _draw_dates(frame)]
    for share in reversed(SHARES):
        area = _trace_area(x, levels(f"high_{share}"), levels(f"low_{share}"))
        parts.append(element("path", class_="ribbon", d=area))
    main, colour = ends["median"], _class_of(line, line)
    parts.append(element("path", class_=f"line strong {colour}", d=f"M{trace_points(x, levels('median'))}"))
    parts.append(_draw_line(replace(line, readings=past), frame, True, colour))
    marks = [x[0]]
    if today is not None and start < today <= end:
        marks.append(frame.x(today))
        parts.append(_write("today", "tick", marks[1] + 4, frame.bottom - 5, "start"))
    for place in marks:
        path = f"M{place:.1f} {frame.top:.1f}V{frame.bottom:.1f}"
        parts.append(element("path", class_="pointer", stroke_dasharray="2 3", d=path))
    parts.append(_draw_labels(list(ends.values()), main, {id: [text] for id, text in names.items()}, frame))
    return _wrap(parts, kind, alt)


def _wrap(parts: Sequence[Markup], kind: str, alt: str) -> Markup:
    width, height = SIZES[kind]
    own = {
        "class": f"picture {kind}",
        "role": "img",
        "aria-label": alt,
        "xmlns": SVG,
        "viewBox": f"0 0 {width} {height}",
    }
    return element("svg", *parts, **own)


def _class_of(line: Line, main: Line) -> str:
    # Lines of the strong line's own colour step back into grey, so that only one of that colour is seen.
    colour = LIGHT.quiet_text if line is not main and line.colour == main.colour else line.colour
    return f"c{list(LIGHT.colours).index(colour)}"


def _draw_scale(frame: Frame) -> Markup:
    parts = []
    left, across = f"{frame.left:g}", frame.right - frame.left
    for number, (name, low, high) in enumerate(BANDS):
        y, height = frame.y(high), frame.y(low) - frame.y(high)
        parts.append(element("rect", class_=f"shade{number}", x=left, y=y, width=across, height=height))
        parts.append(_write(name, "band", f"{frame.left - 5:g}", y + height / 2 + 3.5, "end"))
    for value in range(0, 11, 2):
        y = frame.y(value)
        parts.append(element("path", class_="grid", d=f"M{left} {y:.1f}H{frame.right:.1f}"))
        parts.append(_write(f"{value}", "tick", f"{frame.left - 5:g}", y + 4, "end"))
    return Markup("").join(parts)


def _write(text: str, kind: str, x: object, y: float, anchor: str) -> Markup:
    return element("text", text, class_=kind, x=x, y=y, text_anchor=anchor)


def _draw_dates(frame: Frame) -> Markup:
    start, end = frame.span
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    width = frame.right - frame.left
    shown = [s for s in TICK_MONTHS if s >= 12 or months <= 36]
    fitting = (s for s in shown if months / s <= max(width / (42 if s >= 12 else 80), 2))
    step = next(fitting, TICK_MONTHS[-1])
    first = pd.Timestamp(start.year, 1, 1)
    days = pd.date_range(first, end, freq=f"{step}MS")
    parts = []
    for day in days[days >= start]:
        x = frame.x(day)
        text = f"{day.year}" if step >= 12 else f"{day:%b %Y}"
        parts.append(element("path", class_="grid", d=f"M{x:.1f} {frame.bottom:.1f}v4"))
        parts.append(_write(text, "tick", x, frame.bottom + 16, "middle"))
    return Markup("").join(parts)


def _draw_ribbon(line: Line, frame: Frame) -> Markup:
    """The interval of a line as an area, a piece for each stretch with an interval."""
    rows = line.readings
    x = frame.along(rows["date"])
    low, high = (rows[name].astype(float).tolist() for name in ("low", "high"))
    known = [not (math.isnan(a) or math.isnan(b)) for a, b in zip(low, high, strict=True)]
    pieces = []
    start = 0
    for stop in range(len(x)):
        if known[stop] and (stop + 1 == len(x) or not known[stop + 1]):
            places = x[start : stop + 1]
            upper, lower = ([frame.y(v) for v in values[start : stop + 1]] for values in (high, low))
            pieces.append(_trace_area(places, upper, lower))
        if not known[stop]:
            start = stop + 1
    return element("path", class_="ribbon", d="".join(pieces)) if pieces else Markup("")


def _trace_area(places: list[float], upper: list[float], lower: list[float]) -> str:
    """The closed path along the upper ends and back along the lower ones."""
    return f"M{trace_points(places, upper)}L{trace_points(places[::-1], lower[::-1])}Z"


def trace_points(places: list[float], levels: list[float]) -> str:
    """A path through points, without its first letter; points on a level stretch are left out.

    The first point is where it stands, each further one how far it lies from the one before, which takes a third less.
    """
    x, y = _count_tenths(places), _count_tenths(levels)
    last = len(y) - 1
    kept = [i for i in range(len(y)) if i in (0, last) or not y[i - 1] == y[i] == y[i + 1]]
    steps = "".join(f"{_write_tenths(x[b] - x[a])}{_write_tenths(y[b] - y[a])}" for a, b in pairwise(kept))
    return f"{_write_tenths(x[0])}{_write_tenths(y[0])}{'l' * bool(steps)}{steps}".lstrip()


def _count_tenths(values: Sequence[float]) -> list[int]:
    return [round(10 * value) for value in values]


def _write_tenths(tenths: int) -> str:
    """A number of a path as short as it may be: the sign, or else a blank, parts it from the one before."""
    sign = "-" if tenths < 0 else " "
    return sign + f"{abs(tenths) / 10:g}".removeprefix("0" if 0 < abs(tenths) < 10 else "")


def _draw_line(line: Line, frame: Frame, strong: bool, colour: str) -> Markup:
    """A line: paths of its settled stretches and, dashed, of its carried and open ones."""
    rows = line.readings[line.readings["score"].notna()]
    x, y = frame.along(rows["date"]), [frame.y(v) for v in rows["score"].astype(float).tolist()]
    settled = [state == SETTLED for state in rows["state"].tolist()]
    # A stretch that leads out of the settled quarters is dashed, as in the interactive chart.
    kinds = [here and after for here, after in pairwise(settled)]
    # Readings that follow each other without a gap in the table are joined.
    joined = [after - here == 1 for here, after in pairwise(rows.index.tolist())]
    paths: dict[bool, list[str]] = {True: [], False: []}
    start = 0
    for i, kind in enumerate(kinds):
        if i + 1 == len(kinds) or kinds[i + 1] != kind or not joined[i + 1] or not joined[i]:
            if joined[i]:
                paths[kind].append(f"M{trace_points(x[start : i + 2], y[start : i + 2])}")
            start = i + 1
    weight = "strong" if strong else "quiet"
    return Markup("").join(
        element("path", class_=f"line {weight} {colour}{'' if state else ' carried'}", d="".join(path))
        for state, path in paths.items()
        if path
    )


def _draw_labels(lines: Sequence[Line], main: Line, labels: dict[str, list[str]], frame: Frame) -> Markup:
    ends = []
    for line in lines:
        known = line.readings["score"].dropna()
        if len(known):
            ends.append((frame.y(float(known.iloc[-1])), line))
    ends.sort(key=lambda end: end[0])
    heights = [float(LINE_HEIGHT * len(labels[line.id])) for _, line in ends]
    places = place_labels([y for y, _ in ends], heights, frame.top, frame.bottom)
    parts = []
    for place, height, (_, line) in zip(places, heights, ends, strict=True):
        weight = "strong" if line is main else "quiet"
        for number, text in enumerate(labels[line.id]):
            y = place - height / 2 + LINE_HEIGHT * (number + 0.76)
            kind = f"label {weight} {_class_of(line, main)}"
            parts.append(element("text", text, class_=kind, x=frame.right + 5, y=y))
    return Markup("").join(parts)


def _draw_rug(events: pd.DataFrame, frame: Frame) -> Markup:
    days = events["date"][events["date"].between(*frame.span)]
    places = sorted(set(_count_tenths(frame.along(days))))
    if not places:
        return Markup("")
    marks = "".join(f"m{_write_tenths(after - before)}-7v7" for before, after in pairwise(places))
    first = f"M{places[0] / 10:g} {frame.bottom - 9:.1f}v7"
    return element("path", class_="rug", d=first + marks)


def draw_multiple(
    readings: pd.DataFrame,
    span: tuple[pd.Timestamp, pd.Timestamp],
    width: int = 150,
    height: int = 46,
    ring: tuple[pd.Timestamp, float] | None = None,
) -> tuple[Markup, Markup]:
    """Return a small chart of a line over a period on the full 0 to 10 scale: its axes, and over them the line.

    A ``ring`` marks a score on a day of the period. Both pictures are black, to be used as masks of the same size.
    """
    frame = Frame(span, 2, 5, width - 16, height - 12)
    known = readings[readings["score"].notna() & (readings["date"] <= span[1])]
    own = {"xmlns": SVG, "viewBox": f"0 0 {width} {height}"}
    letters = {"font_family": "sans-serif", "font_size": "9"}
    axes = []
    for value in (0, 5, 10):
        y = frame.y(value)
        axes.append(element("path", d=f"M{frame.left:g} {y:.1f}H{frame.right:g}", stroke="#000", stroke_opacity=".3"))
        axes.append(element("text", f"{value}", x=frame.right + 3, y=y + 3, **letters))
    years = range(span[0].year + 1, span[1].year + 1)
    for year in years[:: max(1, math.ceil(len(years) / 3))]:
        x = frame.x(pd.Timestamp(year, 1, 1))
        axes.append(element("path", d=f"M{x:.1f} {frame.bottom:.1f}v3", stroke="#000", stroke_opacity=".6"))
        axes.append(element("text", f"{year}", x=x, y=height - 1.0, text_anchor="middle", **letters))
    line = element("path", d=_trace_known(known, frame), fill="none", stroke="#000", stroke_width="1.7")
    parts = [line]
    if ring is not None and span[0] <= ring[0] <= span[1]:
        place = {"cx": f"{frame.x(ring[0]):.1f}", "cy": f"{frame.y(ring[1]):.1f}", "r": "3.2"}
        parts.append(element("circle", fill="none", stroke="#000", stroke_width="1.6", **place))
    return element("svg", *axes, **own), element("svg", *parts, **own)


def draw_claim(
    lines: list[tuple[pd.DataFrame, str, str]],
    window: tuple[pd.Timestamp, pd.Timestamp],
    span: tuple[pd.Timestamp, pd.Timestamp],
    threshold: float | None,
    width: int = 240,
    height: int = 84,
) -> Markup:
    """Return a small picture of what a claim is bound to: its lines, its period (shaded), its threshold (dashed).

    ``lines`` are (readings, colour in light, colour in dark); the scale runs from 0 to 10. The picture follows the
    colour scheme of the page around it.
    """
    frame = Frame(span, 16, 3, width - 4, height - 3)
    left, right = map(frame.x, window)
    light = "".join(f".c{n}{{stroke:{colour}}}" for n, (_, colour, _) in enumerate(lines))
    dark = "".join(f".c{n}{{stroke:{colour}}}" for n, (_, _, colour) in enumerate(lines))
    style = f"text{{font:9px sans-serif;fill:#666}}{light}@media(prefers-color-scheme:dark){{text{{fill:#aaa}}{dark}}}"
    parts = [element("style", style)]
    shade = {"fill": "#888", "fill_opacity": ".18"}
    parts.append(element("rect", x=left, y=2, width=right - left, height=height - 4, **shade))

    def rule(score: float, **attributes: str) -> Markup:
        return element("path", d=f"M14 {frame.y(score):.1f}H{width - 2}", stroke="#888", **attributes)

    for value in (0, 5, 10):
        parts.append(rule(value, stroke_opacity=".25"))
        parts.append(element("text", f"{value}", x=10, y=frame.y(value) + 3, text_anchor="end"))
    if threshold is not None:
        parts.append(rule(threshold, stroke_dasharray="4 3"))
    for n, (readings, _, _) in enumerate(lines):
        known = readings[readings["score"].notna()]
        if len(known) > 1:
            parts.append(element("path", class_=f"c{n}", fill="none", stroke_width=2, d=_trace_known(known, frame)))
    return element("svg", *parts, xmlns=SVG, viewBox=f"0 0 {width} {height}", width=width, height=height)


def _trace_known(known: pd.DataFrame, frame: Frame) -> str:
    """Readings as a path over the frame's period; a line that begins before it enters at its edge."""
    before = known[known["date"] <= frame.span[0]].tail(1)
    inside = known[known["date"].between(*frame.span, inclusive="right")]
    if len(before) and len(inside):
        days = pd.concat([before, inside.head(1)])["date"].to_numpy("datetime64[D]").astype(float)
        values = [float(before["score"].iloc[0]), float(inside["score"].iloc[0])]
        edge = np.interp(frame.span[0].to_datetime64().astype("datetime64[D]").astype(float), days, values)
        before = before.assign(date=frame.span[0], score=edge)
    known = pd.concat([before, inside])
    if known.empty:
        return "M0 0"
    return f"M{trace_points(frame.along(known['date']), list(map(frame.y, known['score'].tolist())))}"
