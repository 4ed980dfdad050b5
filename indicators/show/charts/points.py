"""The points of a chart that open something: reviews, turning points and quarters of a fan, with their places."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from indicators.show.charts.marks import Marks
from indicators.show.charts.scale import Frame
from indicators.show.text.words import format_change, format_date, format_score, name_quarter

NARROW, WIDE = 16, 24
"""Pixels across a button over a point: at least, and where there is room."""


@dataclass(frozen=True)
class Point:
    """A point that opens: the id of its event or the day of its quarter, its name, and where it lies.

    ``share`` is the part of the plot's width left of it, 0 to 1; ``top`` its distance from the upper edge of the figure,
    ``sides`` the room left and right of the plot, in pixels; ``strong`` tells a turning point.
    """

    id: str
    name: str
    share: float
    top: float
    sides: tuple[float, float]
    strong: bool = False

    @property
    def left(self) -> str:
        """Its distance from the left edge of the figure, as a length of a style sheet."""
        return f"calc({self.sides[0]:g}px + {self.across(self.share)})"

    def across(self, share: float) -> str:
        """Return a part of the plot's width as a length of a style sheet."""
        return f"(100% - {sum(self.sides):g}px) * {share:.4f}"


def list_widths(points: Sequence[Point]) -> list[str]:
    """Return how wide the button of each point is, as a length of a style sheet.

    As wide as a finger needs (WCAG 2.2), unless the nearest point is closer than that.
    """
    widths = []
    for point in points:
        beside = [other for other in points if other is not point and abs(other.top - point.top) < WIDE]
        room = min((abs(other.share - point.share) for other in beside), default=1)
        widths.append(f"clamp({NARROW}px, {point.across(room)}, {WIDE}px)")
    return widths


class Spots:
    """Where days and scores lie on a figure whose axes run over a period and from 0 to 10."""

    def __init__(self, figure: go.Figure) -> None:
        layout = figure.layout
        first, last = (pd.Timestamp(day) for day in layout.xaxis.range)
        self._frame = Frame((first, last), 0, layout.margin.t, 1, layout.height - layout.margin.b)
        self._sides = (layout.margin.l, layout.margin.r)
        self.span = (first, last)

    def place(self, id: str, name: str, day: pd.Timestamp, score: float, strong: bool = False) -> Point:
        """Return the point of a day and a score."""
        return Point(id, name, self._frame.x(day), self._frame.y(score), self._sides, strong)


def list_reviews(figure: go.Figure, settled: pd.Series, opens: str) -> list[Point]:
    """Return the points of settled quarters within a chart, by last day; ``opens`` says what each leads to.

    Its id is the last day of the quarter, as in ``2025-03-31``.
    """
    spots = Spots(figure)
    changes = settled.diff()
    points = []
    for day, score in settled.items():
        date = pd.Timestamp(str(day))
        if spots.span[0] <= date <= spots.span[1]:
            moved = "" if pd.isna(changes[date]) else f", {format_change(changes[date])} in the quarter"
            name = f"{name_quarter(date)}: {format_score(score)}{moved}. {opens}"
            points.append(spots.place(f"{date:%Y-%m-%d}", name, date, score))
    return points


def list_points(figure: go.Figure, marks: Marks) -> list[Point]:
    """Return the reviews and turning points of a chart in the order of their days."""
    spots = Spots(figure)
    reviews = list_reviews(figure, marks.settled, "What moved it")
    found = [(pd.Timestamp(point.id), point) for point in reviews]
    for turn in marks.turns:
        name = f"{turn.label}, {format_date(turn.date)}. The event"
        found.append((turn.date, spots.place(turn.event, name, turn.date, turn.score, True)))
    return [point for _, point in sorted(found, key=lambda pair: pair[0])]
