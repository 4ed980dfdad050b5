"""Charts as still pictures: the lines of a panel as SVG, the same bytes everywhere, coloured by the page's style."""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import pandas as pd

from indicators.measures.index import BANDS
from indicators.measures.outlook.fan import SHARES
from indicators.show.charts.outlook import BEFORE
from indicators.show.charts.palette import LIGHT
from indicators.show.charts.scale import Line, place_labels
from indicators.show.text.words import escape_html

SIZES = {"wide": (1080, 400), "middle": (600, 340), "narrow": (340, 300)}
"""Width and height in pixels, so that letters stay readable: for a laptop and paper, a frame in a text, a telephone."""

TICK_MONTHS = (1, 3, 6, 12, 24, 60, 120, 240)
LINE_HEIGHT = 13
LETTER = 7.0
"""Height of a line of text and width of a letter of a label, in pixels."""

SIDES = {"left": 20.0, "top": 8.0, "bottom": 24.0, "band": 16.0}
"""Room around the plot for the scale, the dates and the names of the bands."""


@dataclass(frozen=True)
class Frame:
    """Where the plot of a picture lies, and which period it shows."""

    span: tuple[pd.Timestamp, pd.Timestamp]
    left: float
    top: float
    right: float
    bottom: float

    def x(self, day: pd.Timestamp) -> float:
        """Return the place of a day, in pixels from the left; days outside the period lie on its edge."""
        share = (day - self.span[0]) / max(self.span[1] - self.span[0], pd.Timedelta(days=1))
        return self.left + min(max(share, 0.0), 1.0) * (self.right - self.left)

    def y(self, score: float) -> float:
        """Return the place of a score, in pixels from the top."""
        return self.bottom - score / 10 * (self.bottom - self.top)


def draw_levels(
    lines: Sequence[Line],
    strong: str,
    span: tuple[pd.Timestamp, pd.Timestamp],
    alt: str,
    kind: str = "wide",
    events: pd.DataFrame | None = None,
    moves: Sequence[tuple[pd.Timestamp, float]] = (),
) -> str:
    """Return an SVG of several lines on the 0 to 10 scale, one of them strong with its interval, the others quiet.

    Scores step, carried stretches are dashed, lines are named at their ends; ``kind`` is one of ``SIZES``; ``events`` are marks along the bottom and
    ``moves`` numbered points (date, reading) of the strong line. Colours are classes (``c0`` to ``c9``, positions of
    the palette) that the page's style sheet sets for light and dark.
    """
    width, height = SIZES[kind]
    longest = {"wide": 32, "middle": 18, "narrow": 12}[kind]
    labels = {line.id: textwrap.wrap(line.label, longest) or [""] for line in lines}
    room = 8 + LETTER * max(len(part) for parts in labels.values() for part in parts)
    right = width - room - SIDES["band"]
    frame = Frame(span, SIDES["left"], SIDES["top"], right, height - SIDES["bottom"])
    main = next(line for line in lines if line.id == strong)
    ordered = [*(line for line in lines if line is not main), main]
    parts = [_draw_scale(frame, width), _draw_dates(frame), _draw_ribbon(main, frame)]
    parts += [_draw_line(line, frame, line is main, _class_of(line, main)) for line in ordered]
    parts.append(_draw_labels(ordered, main, labels, frame))
    if events is not None:
        parts.append(_draw_rug(events, frame))
    parts += [_draw_mark(number, day, value, frame) for number, (day, value) in enumerate(moves, 1)]
    return _wrap(parts, kind, alt)


def draw_fan(line: Line, fan: pd.DataFrame, alt: str, kind: str = "wide", today: pd.Timestamp | None = None) -> str:
    """Return an SVG of a fan: the line's readings up to its start, then nested areas and median; ``today`` is marked.

    ``fan`` has the columns of ``summarise_fan``; ``kind`` is one of ``SIZES``.
    """
    width, height = SIZES[kind]
    start, end, last = fan["date"].iloc[0], fan["date"].iloc[-1], fan.iloc[-1]
    names = {"median": f"median {last['median']:.1f}"} | {f"high_{share}": f"{share} %" for share in SHARES}
    ends = {id: Line(id, text, text, line.colour, fan[["date"]].assign(score=fan[id])) for id, text in names.items()}
    right = width - 8 - LETTER * max(map(len, names.values())) - SIDES["band"]
    first = start - BEFORE
    frame = Frame((first, end), SIDES["left"], SIDES["top"], right, height - SIDES["bottom"])
    x = [frame.x(day) for day in fan["date"]]

    def trace(column: str) -> list[str]:
        return [f"{a:.1f} {frame.y(b):.1f}" for a, b in zip(x, fan[column], strict=True)]

    past = line.readings[line.readings["date"].between(first, start)]
    parts = [_draw_scale(frame, width), _draw_dates(frame)]
    for share in reversed(SHARES):
        edge = [*trace(f"high_{share}"), *reversed(trace(f"low_{share}"))]
        parts.append(f'<path class="ribbon" d="M{"L".join(edge)}Z"/>')
    main, colour = ends["median"], _class_of(line, line)
    parts.append(f'<path class="line strong {colour}" d="M{"L".join(trace("median"))}"/>')
    parts.append(_draw_line(replace(line, readings=past), frame, True, colour))
    marks = [x[0]]
    if today is not None and start < today <= end:
        marks.append(frame.x(today))
        parts.append(f'<text class="tick" x="{marks[1] + 4:.1f}" y="{frame.bottom - 5:.1f}">today</text>')
    for place in marks:
        path = f"M{place:.1f} {frame.top:.1f}V{frame.bottom:.1f}"
        parts.append(f'<path class="pointer" stroke-dasharray="2 3" d="{path}"/>')
    parts.append(_draw_labels(list(ends.values()), main, {id: [text] for id, text in names.items()}, frame))
    return _wrap(parts, kind, alt)


def _wrap(parts: Sequence[str], kind: str, alt: str) -> str:
    width, height = SIZES[kind]
    return (
        f'<svg class="picture {kind}" role="img" aria-label="{escape_html(alt)}" xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="0 0 {width} {height}">{"".join(parts)}</svg>'
    )


def _class_of(line: Line, main: Line) -> str:
    # Lines of the strong line's own colour step back into grey, so that only one of that colour is seen.
    colour = LIGHT.quiet_text if line is not main and line.colour == main.colour else line.colour
    return f"c{list(LIGHT.colours).index(colour)}"


def _draw_scale(frame: Frame, width: float) -> str:
    parts = []
    for number, (name, low, high) in enumerate(BANDS):
        y, height = frame.y(high), frame.y(low) - frame.y(high)
        middle, edge = y + height / 2, width - SIDES["band"] / 2
        parts.append(
            f'<rect class="shade{number}" x="{frame.left:g}" y="{y:.1f}" width="{frame.right - frame.left:.1f}" '
            f'height="{height:.1f}"/><text class="band" text-anchor="middle" '
            f'transform="translate({edge:.1f} {middle:.1f}) rotate(90)" dy="3">{name}</text>'
        )
    for value in range(0, 11, 2):
        y = frame.y(value)
        parts.append(
            f'<path class="grid" d="M{frame.left:g} {y:.1f}H{frame.right:.1f}"/>'
            f'<text class="tick" x="{frame.left - 5:g}" y="{y + 4:.1f}" text-anchor="end">{value}</text>'
        )
    return "".join(parts)


def _draw_dates(frame: Frame) -> str:
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
        parts.append(
            f'<path class="grid" d="M{x:.1f} {frame.bottom:.1f}v4"/>'
            f'<text class="tick" x="{x:.1f}" y="{frame.bottom + 16:.1f}" text-anchor="middle">{text}</text>'
        )
    return "".join(parts)


def _draw_ribbon(line: Line, frame: Frame) -> str:
    """The interval of a line as an area between two stepped edges, a piece for each stretch with an interval."""
    rows = line.readings
    x = [frame.x(day) for day in rows["date"]]
    low, high = (rows[name].astype(float).tolist() for name in ("low", "high"))
    known = [not (math.isnan(a) or math.isnan(b)) for a, b in zip(low, high, strict=True)]
    pieces = []
    start = 0
    for stop in range(len(x)):
        if known[stop] and (stop + 1 == len(x) or not known[stop + 1]):
            # The stretch ends where its last row gives way to the next one.
            places = [*x[start : stop + 1], x[min(stop + 1, len(x) - 1)]]
            upper, lower = ([frame.y(v) for v in values[start : stop + 1]] for values in (high, low))
            pieces.append(f"{_step(places, upper)}L{_step_back(places, lower)}Z")
        if not known[stop]:
            start = stop + 1
    return f'<path class="ribbon" d="{"".join(pieces)}"/>' if pieces else ""


def _step(places: list[float], levels: list[float]) -> str:
    """A path in steps from left to right: each level holds from its place to the next one."""
    shown = f"{levels[0]:.1f}"
    text = f"M{places[0]:.1f} {shown}"
    for x, level in zip(places[1:-1], levels[1:], strict=True):
        if f"{level:.1f}" != shown:
            shown = f"{level:.1f}"
            text += f"H{x:.1f}V{shown}"
    return f"{text}H{places[-1]:.1f}"


def _step_back(places: list[float], levels: list[float]) -> str:
    """The same path from right to left, to close an area."""
    shown = f"{levels[-1]:.1f}"
    text = f"{places[-1]:.1f} {shown}"
    for x, before in zip(places[-2:0:-1], levels[-2::-1], strict=True):
        if f"{before:.1f}" != shown:
            shown = f"{before:.1f}"
            text += f"H{x:.1f}V{shown}"
    return f"{text}H{places[0]:.1f}"


def _draw_line(line: Line, frame: Frame, strong: bool, colour: str) -> str:
    """A line in steps: paths of its fresh stretches and, dashed, of its carried ones."""
    rows = line.readings
    x = [f"{frame.x(day):.1f}" for day in rows["date"]]
    y = [None if math.isnan(v) else f"{frame.y(v):.1f}" for v in rows["score"].astype(float).tolist()]
    fresh = (rows["fresh"].astype(float) >= 0.5).tolist()
    # A stretch at whose end the review is overdue counts as carried, as in the interactive chart.
    fresh = [here and after for here, after in pairwise(fresh)]
    paths: dict[bool, list[str]] = {True: [], False: []}
    run: bool | None = None
    level, end = "", ""
    for i in range(len(rows) - 1):
        here, after = y[i], y[i + 1]
        if here is None:
            run = None
            continue
        if run != fresh[i]:
            if run is not None and end:
                paths[run].append(end)
            run, level = fresh[i], here
            paths[run].append(f"M{x[i]} {here}")
        end = f"H{x[i + 1]}"
        if after is None:
            paths[run].append(end)
            end = ""
        elif after != level:
            paths[run].append(f"{end}V{after}")
            level, end = after, ""
    if run is not None and end:
        paths[run].append(end)
    weight = "strong" if strong else "quiet"
    return "".join(
        f'<path class="line {weight} {colour}{"" if state else " carried"}" d="{"".join(path)}"/>'
        for state, path in paths.items()
        if path
    )


def _draw_labels(lines: Sequence[Line], main: Line, labels: dict[str, list[str]], frame: Frame) -> str:
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
            parts.append(
                f'<text class="label {weight} {_class_of(line, main)}" x="{frame.right + 5:.1f}" y="{y:.1f}">'
                f"{escape_html(text)}</text>"
            )
    return "".join(parts)


def _draw_rug(events: pd.DataFrame, frame: Frame) -> str:
    places = sorted({f"{frame.x(day):.1f}" for day in events["date"] if frame.span[0] <= day <= frame.span[1]})
    marks = "".join(f"M{x} {frame.bottom - 9:.1f}v7" for x in places)
    return f'<path class="rug" d="{marks}"/>' if marks else ""


def _draw_mark(number: int, day: pd.Timestamp, value: float, frame: Frame) -> str:
    x, y = frame.x(day), frame.y(value)
    above = value < 8.6
    end, text = (y - 16, y - 19) if above else (y + 16, y + 28)
    return (
        f'<path class="pointer" d="M{x:.1f} {y:.1f}V{end:.1f}"/>'
        f'<text class="number" x="{x:.1f}" y="{text:.1f}" text-anchor="middle">{number}</text>'
    )
