"""Small pictures are well-formed and stay inside their frame."""

from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.show.charts.svg import draw_claim, draw_multiple
from tests.show.charts.paths import read_points

scores = st.lists(st.one_of(st.floats(0, 10), st.just(float("nan"))), min_size=0, max_size=15)


def readings_of(values: list[float]) -> pd.DataFrame:
    """Readings on successive month-ends."""
    return pd.DataFrame(
        {"date": pd.date_range("2024-01-31", periods=len(values), freq="ME"), "score": np.array(values, float)}
    )


def points_of(path: str) -> list[tuple[float, float]]:
    """The places that a path visits."""
    assert "nan" not in path.lower()
    return read_points(path)


SPAN = (pd.Timestamp(2024, 1, 31), pd.Timestamp(2025, 12, 31))


@settings(deadline=None)
@given(scores, st.integers(80, 400), st.integers(40, 100))
def test_a_small_chart_is_well_formed_and_inside_its_frame(values: list[float], width: int, height: int) -> None:
    axes, line = draw_multiple(readings_of(values), SPAN, width, height)
    assert [text.text for text in ElementTree.fromstring(axes).iter("{http://www.w3.org/2000/svg}text")][:3] == [
        "0",
        "5",
        "10",
    ]
    points = points_of(ElementTree.fromstring(line)[0].attrib["d"])
    assert all(0 <= x <= width and 0 <= y <= height for x, y in points)


def test_small_charts_share_their_dates_and_the_full_scale() -> None:
    low, high = (
        points_of(ElementTree.fromstring(draw_multiple(readings_of(values), SPAN)[1])[0].attrib["d"])
        for values in ([2, 3], [8, 9, 10])
    )
    # 0 stands at 34 and 10 at 5 of 46 pixels, whatever the readings are.
    assert [y for _, y in low] == pytest.approx([34 - 2.9 * 2, 34 - 2.9 * 3], abs=0.06)
    assert [y for _, y in high] == pytest.approx([34 - 2.9 * score for score in (8, 9, 10)], abs=0.06)
    assert [x for x, _ in low] == [x for x, _ in high][:2]


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
        assert all(0 <= x <= 240 and 0 <= y <= 84 for x, y in points_of(path.attrib["d"]))
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
