"""The buttons over the chart lie on its rings and dots."""

import pandas as pd
import pytest

from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset
from indicators.show.charts.lines import draw_lines, level_lines
from indicators.show.charts.marked import FOOT, HEIGHT, TOP, plot_marked
from indicators.show.charts.marks import mark_line
from indicators.show.charts.palette import LIGHT
from indicators.show.charts.points import Point, list_points, list_widths


def test_each_review_and_each_turning_point_has_its_place(shipped: Dataset) -> None:
    panel = Panel(shipped)
    span = (pd.Timestamp("2024-12-31"), pd.Timestamp("2025-12-31"))
    line = level_lines(panel, ["index"], LIGHT, draw_lines(panel, span[1]))[0]
    marks = mark_line(panel, line, span)
    points = {point.id: point for point in list_points(plot_marked(marks, LIGHT).figure, marks)}
    days = [day for day in points if day.startswith("20")]
    assert days == ["2024-12-31", "2025-03-31", "2025-06-30", "2025-09-30", "2025-12-31"]
    assert {id for id in points if id.startswith("E")} == {turn.event for turn in marks.turns}
    ring = points["2025-03-31"]
    assert ring.share == pytest.approx(90 / 365)
    # By hand: 5.875 of 10 on a plot that begins TOP pixels below the figure's upper edge.
    assert ring.top == pytest.approx(TOP + (1 - 5.875 / 10) * (HEIGHT - TOP - FOOT))
    assert ring.name == "1st quarter of 2025: 5.9, −0.9 in the quarter. What moved it"
    assert "calc(" in ring.left


def test_a_button_is_as_wide_as_a_finger_needs_unless_the_next_one_is_nearer() -> None:
    near, beside, above = Point("a", "", 0.5, 100, (60, 40)), Point("b", "", 0.52, 110, (60, 40)), 60.0
    apart = Point("c", "", 0.51, above, (60, 40))  # close in time, but not on the chart
    assert list_widths([near, beside, apart]) == [
        "clamp(16px, (100% - 100px) * 0.0200, 24px)",
        "clamp(16px, (100% - 100px) * 0.0200, 24px)",
        "clamp(16px, (100% - 100px) * 1.0000, 24px)",
    ]
