"""The points of a chart that open something: rings of the reviews and dots of the turning points, with their places."""

from dataclasses import dataclass

import pandas as pd

from indicators.show.charts.marked import FOOT, HEIGHT, SIDE, TOP
from indicators.show.charts.marks import Marks
from indicators.show.charts.scale import BAND_ROOM, Frame
from indicators.show.text.words import format_change, format_date, format_score, name_quarter


@dataclass(frozen=True)
class Point:
    """A point that opens: the id of its event or the day of its quarter, its name, and where it lies.

    ``share`` is the part of the plot's width left of it, 0 to 1; ``top`` its distance from the upper edge of the figure
    in pixels; ``strong`` tells a turning point.
    """

    id: str
    name: str
    share: float
    top: float
    strong: bool

    @property
    def left(self) -> str:
        """Its distance from the left edge of the figure, as a length of a style sheet."""
        return f"calc({BAND_ROOM}px + (100% - {BAND_ROOM + SIDE}px) * {self.share:.4f})"


def list_points(marks: Marks) -> list[Point]:
    """Return the points of a chart in the order of their days."""
    frame = Frame(marks.span, 0, TOP, 1, HEIGHT - FOOT)
    changes = marks.settled.diff()
    found: list[tuple[pd.Timestamp, Point]] = []
    for day, score in marks.settled.items():
        date = pd.Timestamp(str(day))
        change = changes[date]
        moved = "" if pd.isna(change) else f", {format_change(change)} in the quarter"
        name = f"{name_quarter(date)}: {format_score(score)}{moved}. What moved it"
        found.append((date, Point(f"{date:%Y-%m-%d}", name, frame.x(date), frame.y(score), False)))
    for turn in marks.turns:
        name = f"{turn.label}, {format_date(turn.date)}. The event"
        found.append((turn.date, Point(turn.event, name, frame.x(turn.date), frame.y(turn.score), True)))
    return [point for _, point in sorted(found, key=lambda pair: pair[0])]
