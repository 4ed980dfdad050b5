"""Still pictures: steps at their places, labels that do not meet, and every part inside the frame."""

import re
import xml.etree.ElementTree as ET
from itertools import accumulate, pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.show.charts.palette import LIGHT
from indicators.show.charts.scale import Line, place_labels
from indicators.show.charts.svg import SIZES, draw_levels, trace_points
from tests.show.charts.paths import read_points

SVG = "{http://www.w3.org/2000/svg}"
DAYS = pd.to_datetime(["2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01"])
SPAN = (DAYS[0], DAYS[-1])


def line(scores, fresh=None, low=None, high=None, id="index", label="Index", colour=LIGHT.index):
    readings = pd.DataFrame(
        {
            "date": DAYS,
            "score": scores,
            "low": low or [None if s is None else max(s - 1, 0) for s in scores],
            "high": high or [None if s is None else min(s + 1, 10) for s in scores],
            "fresh": fresh or [1.0] * len(scores),
            "state": ["settled" if f == 1 else "carried" for f in fresh or [1.0] * len(scores)],
        }
    ).astype({"score": float, "low": float, "high": float})
    return Line(id, label, label, colour, readings)


def draw(*lines, kind="wide", **options):
    return ET.fromstring(draw_levels(lines, lines[0].id, SPAN, "What it shows.", kind, **options))


def paths(svg, name):
    return [p.get("d") for p in svg.iter(f"{SVG}path") if name in p.get("class").split()]


def levels(path):
    """The scores that a path stands at, read off its vertical places in a wide picture: 0 at 376, 10 at 8."""
    return [round((376 - y) / 36.8, 2) for _, y in read_points(path)]


def test_a_line_runs_straight_from_score_to_score():
    assert levels(paths(draw(line([4, 6, 6, 5])), "strong")[0]) == [4, 6, 6, 5]


def test_a_score_that_stays_adds_no_corner():
    assert levels(paths(draw(line([4, 4, 4, 4])), "strong")[0]) == [4, 4]


def test_a_stretch_without_a_reading_is_a_gap():
    path = paths(draw(line([4, None, 6, 6])), "strong")[0]
    assert path.count("M") == 1
    assert levels(path) == [6, 6]


def test_carried_stretches_are_drawn_apart():
    svg = draw(line([4, 5, 6, 7], fresh=[1, 1, 0, 0]))
    carried = paths(svg, "carried")
    assert len(carried) == 1
    # The stretch that leads out of the settled quarter is dashed: from February on.
    assert levels(carried[0]) == [5, 6, 7]


def test_the_interval_runs_along_its_two_ends_and_closes():
    ribbon = paths(draw(line([5, 5, 5, 5], low=[4, 3, 3, 3], high=[6, 6, 8, 8])), "ribbon")[0]
    assert ribbon.endswith("Z")
    assert levels(ribbon) == [6, 6, 8, 8, 3, 3, 4]


def test_events_beyond_the_period_are_left_out():
    events = pd.DataFrame({"date": pd.to_datetime(["2023-01-01", "2024-02-10", "2024-02-10", "2025-01-01"])})
    assert paths(draw(line([4, 4, 4, 4]), events=events), "rug")[0].count("v7") == 1


def test_events_are_marked_at_their_days_in_order():
    days = ["2024-03-20", "2024-02-10", "2024-02-11", "2024-02-10"]
    (rug,) = paths(draw(line([4, 4, 4, 4]), events=pd.DataFrame({"date": pd.to_datetime(days)})), "rug")
    alone = [
        read_points(
            paths(draw(line([4, 4, 4, 4]), events=pd.DataFrame({"date": [pd.Timestamp(day)]})), "rug")[0].split("v")[0]
        )[0]
        for day in ("2024-02-10", "2024-02-11", "2024-03-20")
    ]
    steps = [float(n) for n in re.findall(r"[Mm] ?(-?[\d.]+)", rug)]
    assert list(accumulate(steps)) == pytest.approx([x for x, _ in alone], abs=0.06)
    assert rug.count("-7v7") == 2  # each begins where the one before it began


@given(st.lists(st.tuples(st.floats(0, 1080), st.floats(0, 400)), min_size=1, max_size=30))
def test_a_path_leads_through_its_points(places):
    read = read_points("M" + trace_points([x for x, _ in places], [y for _, y in places]))
    kept = iter(places)
    for x, y in read:  # all that is left out lies between points of the same height
        assert any(abs(a - x) < 0.051 and abs(b - y) < 0.051 for a, b in kept)
    assert read[0] == pytest.approx(places[0], abs=0.051)
    assert read[-1] == pytest.approx(places[-1], abs=0.051)


def test_names_stand_as_text_and_the_picture_has_its_alt_text():
    svg = draw(line([4, 4, 4, 4], label="A <b> & c"))
    assert svg.get("aria-label") == "What it shows."
    assert "A <b> & c" in [t.text for t in svg.iter(f"{SVG}text")]


@pytest.mark.parametrize("kind", SIZES)
def test_everything_lies_inside_the_picture(kind):
    lines = [
        line([1, 2, 3, 4]),
        line([10, 10, 10, 10], id="a", label="Enforcement and countermeasures", colour=LIGHT.dimension(0)),
        line([0, 0, 0, 0], id="b", label="Financial isolation", colour=LIGHT.dimension(1)),
    ]
    svg = draw(*lines, kind=kind)
    width, height = SIZES[kind]
    for text in svg.iter(f"{SVG}text"):
        if text.get("x"):
            assert 0 <= float(text.get("x")) <= width
            assert 0 <= float(text.get("y")) <= height
    label = next(t for t in svg.iter(f"{SVG}text") if t.text.startswith("Enforcement"))
    assert float(label.get("x")) + 6 * len(label.text) <= width


wanted = st.lists(st.floats(0, 400), min_size=1, max_size=12).map(sorted)


@given(wanted)
def test_labels_never_meet_where_there_is_room(places):
    found = place_labels(places, [13.0] * len(places), 0, 400)
    assert all(b - a >= 13 - 1e-6 for a, b in pairwise(found))
    assert found[0] >= 6.5 - 1e-6
    assert found[-1] <= 400 - 6.5 + 1e-6


@given(wanted)
def test_labels_that_meet_no_other_stay_where_they_are_wanted(places):
    apart = [p for p in places if 7 <= p <= 393]
    apart = [p for n, p in enumerate(apart) if all(abs(p - q) > 14 for m, q in enumerate(apart) if m != n)]
    assert place_labels(apart, [13.0] * len(apart), 0, 400) == pytest.approx(apart)
