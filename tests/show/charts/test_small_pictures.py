"""Small pictures are well-formed and stay inside their frame."""

import re
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.show.charts.svg import draw_claim, draw_sparkline

scores = st.lists(st.one_of(st.floats(0, 10), st.just(float("nan"))), min_size=0, max_size=15)


def readings_of(values: list[float]) -> pd.DataFrame:
    """Readings on successive month-ends."""
    return pd.DataFrame(
        {"date": pd.date_range("2024-01-31", periods=len(values), freq="ME"), "score": np.array(values, float)}
    )


def places(path: str) -> tuple[list[float], list[float]]:
    """The points of a path."""
    points = re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path)
    return [float(x) for x, _ in points], [float(y) for _, y in points]


@settings(deadline=None)
@given(scores, st.integers(40, 400), st.integers(20, 100))
def test_a_sparkline_is_well_formed_and_inside_its_frame(values: list[float], width: int, height: int) -> None:
    drawn = draw_sparkline(readings_of(values), width, height)
    if sum(not np.isnan(v) for v in values) < 2:
        assert drawn == ""
        return
    svg = ElementTree.fromstring(drawn)
    assert svg.tag == "{http://www.w3.org/2000/svg}svg"
    x, y = places(list(svg)[1].attrib["d"])
    assert all(0 <= v <= width for v in x)
    assert all(0 <= v <= height for v in y)
    assert x == sorted(x)


def test_a_higher_reading_is_drawn_higher_and_a_level_stretch_has_two_points() -> None:
    (_, path) = ElementTree.fromstring(draw_sparkline(readings_of([2, 8, 8, 5]), 120, 28))
    x, y = places(path.attrib["d"])
    # The scale is the full 0 to 10, whatever the readings are: 25 for 0 and 3 for 10; the line goes straight.
    assert y == pytest.approx([25 - 22 * score / 10 for score in (2, 8, 8, 5)], abs=0.06)
    assert (x[0], x[-1]) == (2, 118)


@settings(deadline=None)
@given(
    st.lists(scores, min_size=1, max_size=3),
    st.one_of(st.none(), st.floats(0, 10)),
    st.integers(0, 400),
    st.integers(1, 400),
)
def test_a_claims_picture_is_well_formed_and_inside_its_frame(
    lines: list[list[float]], threshold: float | None, offset: int, length: int
) -> None:
    span = (pd.Timestamp("2024-01-01"), pd.Timestamp("2025-03-31"))
    start = span[0] + pd.Timedelta(days=offset)
    window = (start, start + pd.Timedelta(days=length))
    drawn = draw_claim([(readings_of(values), "#1d2129", "#e6e8ea") for values in lines], window, span, threshold)
    svg = ElementTree.fromstring(drawn)
    space = "{http://www.w3.org/2000/svg}"
    paths = [e for e in svg.iter(f"{space}path") if "class" in e.attrib]
    for path in paths:
        x, y = places(path.attrib["d"])
        assert all(0 <= v <= 240 for v in x)
        assert all(0 <= v <= 84 for v in y)
    (period,) = svg.iter(f"{space}rect")
    assert float(period.attrib["width"]) >= 0
    assert 14 <= float(period.attrib["x"]) <= 240
    dashed = [e for e in svg.iter(f"{space}path") if "stroke-dasharray" in e.attrib]
    assert len(dashed) == (threshold is not None)


def test_a_claims_picture_follows_light_and_dark() -> None:
    drawn = draw_claim(
        [(readings_of([2, 8]), "#123456", "#abcdef")],
        *[(pd.Timestamp("2024-01-01"), pd.Timestamp("2024-06-30"))] * 2,
        4,
    )
    light, dark = drawn.split("prefers-color-scheme:dark")
    assert "#123456" in light
    assert "#abcdef" in dark
