"""An outside series never shares a scale with a reading, and says where it is from in every form of the chart."""

from dataclasses import replace

import pandas as pd
import pytest

from indicators.measures.outside.overlay import Overlay, lay_over
from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset
from indicators.show.charts.levels import chart_levels
from indicators.show.charts.lines import draw_lines, level_lines
from indicators.show.charts.outside import (
    add_overlay,
    describe_manner,
    format_value,
    source_lines,
)
from indicators.show.charts.palette import LIGHT
from indicators.show.charts.plots import Chart
from indicators.show.charts.scale import Line
from indicators.show.files.bundle import write_chart_page
from indicators.show.files.description import describe_download
from indicators.show.files.pictures import draw_picture, explain_no_pictures
from indicators.show.files.tables import csv_bytes
from indicators.show.links.parameters import View
from indicators.show.text.outside.comparison import show_overlay_sources

SPAN = (pd.Timestamp("2021-03-31"), pd.Timestamp("2026-09-30"))
PAIR = "AIGPR_USA_RUS_SUM"


@pytest.fixture(scope="module")
def whole(shipped: Dataset) -> Panel:
    return Panel(shipped)


@pytest.fixture(scope="module")
def plain(whole: Panel) -> Chart:
    lines = level_lines(whole, ["index", "military"], LIGHT, draw_lines(whole, SPAN[1]))
    return chart_levels(whole.dataset, lines, "index", LIGHT, SPAN)


@pytest.fixture(scope="module")
def line(whole: Panel) -> Line:
    return level_lines(whole, ["index"], LIGHT, draw_lines(whole, SPAN[1]))[0]


def laid(whole: Panel, id: str = PAIR, standardised: bool = False) -> Overlay:
    """The overlay on the index."""
    return lay_over(whole, id, "index", SPAN, standardised)


@pytest.mark.parametrize("standardised", [False, True])
def test_series_and_readings_have_axes_that_do_not_meet(
    whole: Panel, plain: Chart, line: Line, standardised: bool
) -> None:
    figure = add_overlay(plain, laid(whole, standardised=standardised), line, LIGHT, SPAN).figure
    assert figure.layout.yaxis2.overlaying is None
    assert figure.layout.yaxis2.domain[1] < figure.layout.yaxis.domain[0]
    assert tuple(figure.layout.yaxis.range) == (0, 10)
    below = [trace for trace in figure.data if trace.yaxis == "y2"]
    assert len(below) == (3 if standardised else 2)
    assert len(figure.data) - len(below) == len(plain.figure.data)
    # The picture of the readings keeps its height in pixels.
    main = figure.layout.yaxis.domain[1] - figure.layout.yaxis.domain[0]
    margins = plain.figure.layout.margin.t + plain.figure.layout.margin.b
    assert main * (figure.layout.height - margins) == pytest.approx(plain.figure.layout.height - margins)


def test_the_plain_chart_is_left_as_it_was(whole: Panel, plain: Chart, line: Line) -> None:
    before = plain.figure.to_json()
    add_overlay(plain, laid(whole), line, LIGHT, SPAN)
    assert plain.figure.to_json() == before


def test_two_vintages_are_two_lines_with_their_own_dashes_and_names(whole: Panel, plain: Chart, line: Line) -> None:
    chart = add_overlay(plain, laid(whole), line, LIGHT, SPAN)
    below = [trace for trace in chart.figure.data if trace.yaxis == "y2"]
    assert len({trace.line.dash for trace in below}) == 2
    assert max(below[0].x) == pd.Timestamp("2025-12-31")
    assert min(below[1].x) == pd.Timestamp("2025-11-30")
    said = " ".join(note.text for note in chart.figure.layout.annotations)
    for text in ("March 2026 solid", "October 2026 dashed", "not joined", "own axis", "AIGPR index points"):
        assert text in said
    assert "vintage March 2026 went from" in chart.alt
    assert "on an axis of its own" in chart.alt


def test_the_table_has_the_values_as_published(whole: Panel, plain: Chart, line: Line) -> None:
    table = add_overlay(plain, laid(whole), line, LIGHT, SPAN).table.set_index("date")
    own = whole.dataset.benchmarks
    for vintage, name in (("V202603", "March 2026"), ("V202610", "October 2026")):
        column = next(c for c in table if name in c)
        rows = own[(own["series"] == f"{PAIR}_{vintage}") & own["date"].between(*SPAN)].set_index("date")["value"]
        assert table[column].dropna().sort_index().to_dict() == rows.to_dict()
    assert table.index.is_monotonic_decreasing


def test_sources_name_publisher_licence_coverage_transformation_and_citation(whole: Panel) -> None:
    first, second = source_lines(whole.dataset, laid(whole))[1:]
    for text in ("Iacoviello and Tong", "free to use with citation", "31 Jan 2019 to 31 Dec 2025", "84 values"):
        assert text in first
    for text in (
        "monthly values as published",
        "https://www.matteoiacoviello.com/ai_gpr.html",
        "Cite:",
        "@7072798c461d",
    ):
        assert text in second
    manner = source_lines(whole.dataset, laid(whole, standardised=True))
    assert "counts what happens in each period, a flow" in manner[0]
    assert "standard deviations (" in manner[1]


def test_global_indices_are_said_to_be_context_and_the_pair_is_not(whole: Panel) -> None:
    for id in ("AIGPR", "AIGPR_THREATS", "AIGPR_ACTS", "AIGPR_OIL_RUSSIA"):
        assert source_lines(whole.dataset, laid(whole, id))[0].startswith("Context, not validation. ")
    assert "Context" not in " ".join(source_lines(whole.dataset, laid(whole)))


def test_texts_of_a_source_stay_text(whole: Panel) -> None:
    sources = whole.dataset.sources.copy()
    sources.loc["AIGPR", ["title", "licence", "notes"]] = "<script>alert(1)</script>"
    panel = Panel(replace(whole.dataset, sources=sources))
    page = show_overlay_sources(panel.dataset, laid(panel, "AIGPR"))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_downloads_hold_the_series_and_its_sources(whole: Panel, plain: Chart, line: Line) -> None:
    overlay = laid(whole)
    chart = add_overlay(plain, overlay, line, LIGHT, SPAN)
    lines = source_lines(whole.dataset, overlay)
    said = describe_download(whole, View())
    page = write_chart_page(chart, chart.table, said, lines).decode()
    assert page.count("vintage October 2026. Iacoviello") == 1
    assert "vintage October 2026 (contribution to AIGPR index points)" in csv_bytes(chart.table).decode()
    if why := explain_no_pictures():
        pytest.skip(why)
    assert b"Iacoviello and Tong" in draw_picture(chart, "svg", said, lines)


@pytest.mark.parametrize(
    ("value", "text"),
    [(1234.5, "1,234"), (107, "107"), (98.23, "98.23"), (-3, "−3"), (0, "0"), (-0.004, "0"), (115.44, "115.4")],
)
def test_values_are_written_with_about_four_figures(value: float, text: str) -> None:
    assert format_value(value) == text


@pytest.mark.parametrize(("nature", "said"), [("level", "is a level"), ("flow", "a flow"), ("", "is given by period")])
@pytest.mark.parametrize("note", ["See the publisher's article on coverage.", "Counts articles.", "Goods only."])
def test_whether_a_series_counts_or_measures_is_told_by_the_pairs_and_not_by_a_word_of_its_note(
    dataset: Dataset, nature: str, said: str, note: str
) -> None:
    pairs = dataset.pairs[dataset.pairs["series"] == "TRADE"].assign(nature=nature or "level")
    told = replace(dataset, pairs=pairs if nature else pairs.iloc[:0], sources=dataset.sources.assign(notes=note))
    words = describe_manner(told, lay_over(Panel(told), "TRADE", "index", SPAN))
    assert said in words
    assert "press" not in words
