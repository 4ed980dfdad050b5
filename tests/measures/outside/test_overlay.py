"""Outside series are laid over readings as published: vintages apart, gaps open, standardised only on demand."""

import dataclasses
import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.measures.outside.overlay import (
    explain_context,
    find_nature,
    lay_over,
    list_overlays,
    list_values,
    name_vintage,
)
from indicators.measures.panel import Panel
from tests.measures.small_panels import build_panel

SPAN = (pd.Timestamp("2024-01-01"), pd.Timestamp("2024-12-31"))
ROWS = [
    ("2024-01-31", "PAIR_V202403", 1.0),
    ("2024-02-29", "PAIR_V202403", 2.0),
    ("2024-05-31", "PAIR_V202403", 6.0),
    ("2024-05-31", "PAIR_V202410", 60.0),
    ("2023-12-31", "GAS", 9.0),
    ("2024-01-31", "GAS", 5.0),
    ("2024-02-29", "GAS", 5.0),
    ("2024-03-31", "GAS", 5.0),
]
READINGS = [("2024-01-31", "a", "c1", 2.0), ("2024-02-29", "a", "c1", 4.0), ("2024-03-31", "a", "c1", 6.0)]


@pytest.fixture(scope="module")
def panel() -> Panel:
    """One dimension with one indicator: readings 2, 4 and 6; a pair in two vintages, and a series that stands still."""
    plain = build_panel(READINGS, {"d": ["a"]})
    rows = pd.DataFrame(ROWS, columns=["date", "series", "value"]).assign(unit="points")
    rows["date"] = pd.to_datetime(rows["date"])
    sources = pd.DataFrame(
        {"title": ["The pair", "The pair", "Gas"], "frequency": "monthly", "notes": "Counts articles."},
        index=["PAIR_V202403", "PAIR_V202410", "GAS"],
    )
    return dataclasses.replace(plain, dataset=dataclasses.replace(plain.dataset, benchmarks=rows, sources=sources))


def test_vintages_of_a_series_are_one_choice_and_two_strands(panel: Panel) -> None:
    assert list_overlays(panel.dataset.sources.index) == {"PAIR": ["PAIR_V202403", "PAIR_V202410"], "GAS": ["GAS"]}
    overlay = lay_over(panel, "PAIR", "index", SPAN)
    assert [(s.series, s.vintage) for s in overlay.strands] == [
        ("PAIR_V202403", "2024-03"),
        ("PAIR_V202410", "2024-10"),
    ]
    first, second = (s.values.dropna() for s in overlay.strands)
    assert first["value"].tolist() == [1, 2, 6]
    assert second["value"].tolist() == [60]


def test_a_gap_stays_open(panel: Panel) -> None:
    strand = lay_over(panel, "PAIR", "index", SPAN).strands[0]
    # March and April are missing: one blank between February and May.
    assert [math.isnan(v) for v in strand.values["value"]] == [False, False, True, False]
    assert strand.missing == 1


def test_values_outside_the_period_are_not_shown(panel: Panel) -> None:
    assert lay_over(panel, "GAS", "index", SPAN).strands[0].values["value"].tolist() == [5, 5, 5]
    assert list_values(panel.dataset, "GAS", SPAN)["value"].tolist() == [5, 5, 5]


def test_standardised_each_is_measured_from_its_own_mean_in_the_period(panel: Panel) -> None:
    overlay = lay_over(panel, "PAIR", "index", SPAN, True)
    # By hand: 1, 2, 6 have mean 3 and deviation sqrt(14 / 3).
    strand = overlay.strands[0]
    deviation = math.sqrt(14 / 3)
    assert (strand.mean, strand.deviation) == (3, pytest.approx(deviation))
    assert strand.values["value"].dropna().tolist() == pytest.approx([-2 / deviation, -1 / deviation, 3 / deviation])
    assert overlay.reading is not None
    # By hand: month-ends read 2, 4 and then 6 for ten months; mean 5.5, variance (3.5² + 1.5² + 10 · 0.5²) / 12.
    spread = math.sqrt((3.5**2 + 1.5**2 + 10 * 0.5**2) / 12)
    assert overlay.reading["value"].iloc[[0, 1, 2]].tolist() == pytest.approx(
        [-3.5 / spread, -1.5 / spread, 0.5 / spread]
    )


def test_the_reading_stands_on_the_days_of_its_line_with_the_mean_of_its_month_ends(panel: Panel) -> None:
    rows = [*READINGS[:2], ("2024-02-10", "a", "c1", 3.0), *READINGS[2:]]
    dense = dataclasses.replace(build_panel(rows, {"d": ["a"]}).dataset, benchmarks=panel.dataset.benchmarks,
                                sources=panel.dataset.sources)  # fmt: skip
    reading = lay_over(Panel(dense), "PAIR", "index", SPAN, True).reading
    plain = lay_over(panel, "PAIR", "index", SPAN, True).reading
    assert reading is not None
    assert plain is not None
    assert pd.Timestamp("2024-02-10") in reading["date"].tolist()
    ends = reading[reading["date"].dt.is_month_end].reset_index(drop=True)
    pd.testing.assert_frame_equal(ends, plain)


@pytest.mark.parametrize(("id", "place"), [("PAIR", 1), ("GAS", 0)])
def test_too_few_values_and_values_that_stand_still_are_not_standardised(panel: Panel, id: str, place: int) -> None:
    strand = lay_over(panel, id, "index", SPAN, True).strands[place]
    assert strand.values["value"].isna().all()
    assert strand.mean is None


def test_without_standard_deviations_nothing_is_computed(panel: Panel) -> None:
    overlay = lay_over(panel, "PAIR", "index", SPAN)
    assert overlay.reading is None
    assert not overlay.standardised
    assert all(s.mean is None for s in overlay.strands)


def test_an_unknown_series_is_an_error(panel: Panel) -> None:
    with pytest.raises(KeyError):
        lay_over(panel, "PAIR_V202403", "index", SPAN)


@given(st.lists(st.from_regex(r"[A-Z]{2,4}(_V20[0-9]{4})?", fullmatch=True), unique=True))
def test_every_series_is_in_exactly_one_choice(series: list[str]) -> None:
    groups = list_overlays(series)
    assert sorted(id for ids in groups.values() for id in ids) == sorted(series)
    # Under one name stand vintages of one series, and never two series of the same vintage.
    assert all(len({name_vintage(id) for id in ids}) == len(ids) for ids in groups.values())


def test_the_pairs_say_whether_a_series_is_context(panel: Panel) -> None:
    pairs = pd.DataFrame(
        {"series": ["WORLD", "PAIR"], "role": ["context", "validation"], "reason": ["All wars.", "Two."]}
    )
    dataset = dataclasses.replace(panel.dataset, pairs=pairs)
    assert explain_context(dataset, "WORLD") == "All wars."
    assert explain_context(dataset, "PAIR") == explain_context(dataset, "OTHER") == ""


def test_whether_a_series_is_a_flow_is_said_by_the_pairs_and_by_no_word_of_its_note(panel: Panel) -> None:
    pairs = pd.DataFrame({"series": ["TRADE", "PAIR_V202410"], "nature": ["level", "flow"]})
    dataset = dataclasses.replace(panel.dataset, pairs=pairs)
    assert find_nature(dataset, ["TRADE"]) == "level"
    assert find_nature(dataset, ["PAIR_V202403", "PAIR_V202410"]) == "flow"
    assert find_nature(dataset, ["GAS"]) == ""  # its note counts articles, but nobody has paired it


@pytest.mark.parametrize(("days", "gaps"), [((7, 8, 6), 0), ((7, 4, 10), 0), ((7, 14, 7), 1), ((7, 11, 21), 2)])
def test_a_week_that_a_holiday_shifts_is_no_gap_and_a_week_that_is_absent_is_one(
    panel: Panel, days: tuple[int, ...], gaps: int
) -> None:
    dates = pd.Timestamp("2024-03-06") + pd.to_timedelta(pd.Series([0, *days]).cumsum(), unit="D")
    rows = pd.DataFrame({"date": dates, "series": "GAS", "value": 1.0, "unit": "points"})
    sources = panel.dataset.sources.assign(frequency="weekly")
    weekly = dataclasses.replace(panel.dataset, benchmarks=rows, sources=sources)
    strand = lay_over(dataclasses.replace(panel, dataset=weekly), "GAS", "index", SPAN).strands[0]
    assert strand.missing == gaps
