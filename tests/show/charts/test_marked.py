"""The chart of one line: its marks, its two layouts, what the crosshair tells, and the strip of its events."""

import pandas as pd
import pytest

from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset
from indicators.show.charts.lines import draw_lines, level_lines
from indicators.show.charts.marked import keep_wide, list_layouts, plot_marked, plot_strip
from indicators.show.charts.marks import Marks, list_stretches, mark_line
from indicators.show.charts.palette import LIGHT
from indicators.show.charts.plots import Chart
from indicators.show.charts.scale import Line
from indicators.show.charts.svg import draw_marked

END = pd.Timestamp(2026, 11, 30)


@pytest.fixture(scope="module")
def lines(shipped: Dataset) -> list[Line]:
    panel = Panel(shipped)
    return level_lines(panel, ["index", *shipped.dimensions.index], LIGHT, draw_lines(panel, END))


@pytest.fixture(scope="module")
def marks(shipped: Dataset, lines: list[Line]) -> Marks:
    panel = Panel(shipped)
    return mark_line(panel, lines[0], (panel.steps[0], END))


@pytest.fixture(scope="module")
def chart(marks: Marks, lines: list[Line]) -> Chart:
    return plot_marked(marks, LIGHT, lines[1:])


def test_turning_points_lie_on_the_line(marks: Marks) -> None:
    readings = marks.line.readings.set_index("date")["score"]
    for turn in marks.turns:
        known = readings[readings.index <= turn.date].iloc[-1], readings[readings.index >= turn.date].iloc[0]
        assert min(known) - 1e-9 <= turn.score <= max(known) + 1e-9


def test_a_dimension_has_the_turning_points_whose_act_bears_on_it(shipped: Dataset, lines: list[Line]) -> None:
    panel = Panel(shipped)
    found = {line.id: {t.event for t in mark_line(panel, line, (panel.steps[0], END)).turns} for line in lines}
    # New START's end is told as an event of diplomacy and, as the same act, of nuclear posture.
    assert "E0384" in found["military"]
    assert "E0384" in found["diplomacy"]
    assert "E0384" not in found["energy"]
    assert set.union(*(events for id, events in found.items() if id != "index")) == found["index"]


def test_what_is_not_settled_is_one_stretch_with_its_name(marks: Marks) -> None:
    (stretch,) = marks.stretches
    assert stretch.name == "4th quarter open"
    assert (stretch.start, stretch.end) == (pd.Timestamp(2026, 9, 30), END)


def test_a_passed_quarter_is_named_as_not_reviewed() -> None:
    days = pd.DatetimeIndex(["2024-03-31", "2024-05-31", "2024-06-30", "2024-09-30"])
    readings = pd.DataFrame(
        {"date": days, "score": 5.0, "low": 4.0, "high": 6.0, "state": ["settled", "carried", "carried", "settled"]}
    )
    (stretch,) = list_stretches(Line("index", "Index", "Index", "#000", readings), (days[0], days[-1]))
    assert (stretch.name, stretch.start, stretch.end) == ("2nd quarter not reviewed", days[0], days[2])


def test_each_layout_has_its_own_texts_and_no_shape_is_sized_in_pixels(chart: Chart) -> None:
    layouts = list_layouts(chart.figure)
    assert layouts["wide"][0]
    assert layouts["narrow"][0]
    assert not set(layouts["wide"][0]) & set(layouts["narrow"][0])
    # With one such shape in a figure, Plotly fails to select by a drag.
    assert not any(shape.xsizemode == "pixel" for shape in chart.figure.layout.shapes)


def test_a_picture_keeps_the_names_alone(chart: Chart, marks: Marks) -> None:
    texts = [text.text for text in keep_wide(chart).figure.layout.annotations]
    assert all(any(turn.label in text for text in texts) for turn in marks.turns)
    assert "<b>1</b>" not in texts
    assert "<b>1</b>" in [text.text for text in chart.figure.layout.annotations]


def test_the_crosshair_tells_the_values_of_all_lines(chart: Chart, lines: list[Line]) -> None:
    (told,) = [trace for trace in chart.figure.data if trace.name == "readings"]
    assert all(line.title in told.hovertemplate for line in lines)
    last = list(told.customdata)[-1]
    assert list(last[: len(lines)]) == pytest.approx([line.readings["score"].iloc[-1] for line in lines], abs=0.005)


def test_a_telephone_keeps_its_drag(marks: Marks) -> None:
    assert plot_marked(marks, LIGHT).figure.layout.dragmode == "select"
    assert plot_marked(marks, LIGHT, touch=True).figure.layout.dragmode is False


def test_every_event_of_the_period_is_on_the_strip_once_with_its_id(marks: Marks) -> None:
    ids = [id for trace in plot_strip(marks, LIGHT).data if trace.name == "events" for id in trace.customdata]
    assert sorted(ids) == sorted(marks.events.index)


def test_the_still_picture_has_the_names_and_for_telephones_their_numbers(marks: Marks) -> None:
    wide, narrow = draw_marked(marks, "What it shows."), draw_marked(marks, "What it shows.", "narrow")
    for number, turn in enumerate(marks.turns, 1):
        assert f">{turn.label}<" in wide
        assert f">{number}<" in narrow
        assert turn.label not in narrow
    assert 'aria-label="What it shows."' in wide
