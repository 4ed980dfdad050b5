"""Names around a line: none covers another, a leader, the line or what is taken; the same ones always stand the same."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset
from indicators.show.charts.lines import draw_lines, level_lines
from indicators.show.charts.marked import NARROW, WIDE, lay_out_both
from indicators.show.charts.marks import BOLD, PLAIN, Marks, Word, lay_out, mark_line
from indicators.show.charts.notes import Box, Curve, Leader, Note, Place, list_edges, place_notes
from indicators.show.charts.palette import LIGHT
from tests.thorough import at_least

FRAME = Box(0, 0, 600, 300)
FLAT = Curve(np.array([0.0, 600.0]), np.array([120.0, 120.0]), np.array([110.0, 110.0]), np.array([130.0, 130.0]))


def assert_clear(places: list[Place | None], curve: Curve, frame: Box) -> None:
    found = [place for place in places if place is not None]
    for place in found:
        box = place.box
        assert box.left >= frame.left
        assert box.right <= frame.right
        assert box.top >= frame.top
        assert box.bottom <= frame.bottom
        assert not curve.covers(list_edges([box])).any()
    for a, b in combinations(found, 2):
        assert not a.box.meets(b.box)
        assert not a.box.meets(b.leader.box)
        assert not a.leader.box.meets(b.box)
        assert not a.leader.box.meets(b.leader.box)


def test_a_single_name_stands_above_or_below_in_the_nearest_free_place() -> None:
    (place,) = place_notes([Note(300, 120, 100, 30)], FLAT, FRAME, nearest=14)
    assert place is not None
    assert place.anchor == "center"
    assert place.box == Box(250, 76, 350, 106) or place.leader.down == 14


def test_a_name_at_the_edge_reaches_inwards() -> None:
    left, right = place_notes([Note(5, 120, 100, 30), Note(595, 120, 100, 30)], FLAT, FRAME)
    assert left is not None
    assert right is not None
    assert left.box.left >= 0
    assert right.box.right <= 600


def test_what_finds_no_room_is_left_out_and_the_others_stay() -> None:
    wall = Box(200, 0, 400, 300)
    places = place_notes([Note(100, 120, 80, 30), Note(300, 120, 80, 30)], FLAT, FRAME, [wall])
    assert places[0] is not None
    assert places[1] is None


def test_a_leader_does_not_run_along_a_step() -> None:
    # Up from 200 to 100 at x = 300: a leader down from the upper end would lie on the step.
    x, y = np.array([0.0, 299.7, 300.0, 600.0]), np.array([200.0, 200.0, 100.0, 100.0])
    step = Curve(x, y, y - 5, y + 5)
    assert step.crosses(Leader(300, 100, 0, 60))
    assert not step.crosses(Leader(300, 100, 0, -60))
    assert step.crosses(Leader(300, 100, 60, 0))


@given(
    st.lists(
        st.tuples(st.integers(0, 600), st.integers(20, 180), st.integers(14, 32)),
        min_size=1,
        max_size=8,
        unique_by=lambda n: n[0],
    ),
    st.lists(st.integers(60, 240), min_size=4, max_size=4),
)
@settings(max_examples=at_least(12, 40), deadline=None)
def test_names_never_meet_whatever_the_line(names: list[tuple[int, int, int]], heights: list[int]) -> None:
    x = np.linspace(0, 600, len(heights))
    y = np.array(heights, dtype=float)
    curve = Curve(x, y, y - 8, y + 8)
    notes = [Note(at, float(np.interp(at, x, y)), width, height) for at, width, height in names]
    places = place_notes(notes, curve, FRAME)
    assert_clear(places, curve, FRAME)
    assert places == place_notes(notes, curve, FRAME)


@pytest.fixture(scope="module")
def marks(shipped: Dataset) -> Marks:
    panel, end = Panel(shipped), pd.Timestamp(2026, 11, 30)
    line = level_lines(panel, ["index"], LIGHT, draw_lines(panel, end))[0]
    return mark_line(panel, line, (panel.steps[0], end))


def test_every_turning_point_of_the_shipped_data_is_named_at_both_widths(marks: Marks) -> None:
    assert 6 <= len(marks.turns) <= 8
    for layout in lay_out_both(marks):
        assert layout.unnamed == []
        assert sum(word.kind in ("turn", "strong", "number") for word in layout.words) == len(marks.turns)


def test_the_two_turning_points_that_moved_most_say_so(marks: Marks) -> None:
    strong = [turn for turn in marks.turns if turn.strong]
    assert len(strong) == 2
    assert all("in the quarter" in turn.note for turn in strong)
    others = [abs(turn.moved) for turn in marks.turns if not turn.strong]
    assert min(abs(turn.moved) for turn in strong) > max(others)


@pytest.mark.parametrize(("least", "numbered"), [(WIDE, False), (NARROW, True)])
@pytest.mark.parametrize("wider", [1, 1.12, 1.6])
def test_texts_do_not_meet_at_any_width_from_the_least_on(
    marks: Marks, least: int, numbered: bool, wider: float
) -> None:
    layout = lay_out(marks, least, 300, numbered)
    width = least * wider
    span = marks.span[1] - marks.span[0]

    def box(word: Word) -> Box:
        x = (word.date - marks.span[0]) / span * width + word.shift
        size = max(BOLD * len(word.lines[0]) * 0.8, *(PLAIN * len(line) for line in word.lines))
        left = {"left": x, "center": x - size / 2, "right": x - size}[word.anchor]
        middle = 300 - word.score * 30
        return Box(left, middle - 7 * len(word.lines), left + size, middle + 7 * len(word.lines))

    boxes = [box(word) for word in layout.words]
    assert [pair for pair in combinations(boxes, 2) if pair[0].meets(pair[1])] == []
