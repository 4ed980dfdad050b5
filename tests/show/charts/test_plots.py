"""Charts keep the house's manners: one scale, steps, honest dashes, labels apart, the same in words and as a table."""

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indicators.measures.change.ledger import Point, explain_change
from indicators.measures.panel import Panel
from indicators.measures.series import build_series
from indicators.records.dataset import Dataset
from indicators.show.charts.change import waterfall_bars
from indicators.show.charts.lines import chart_dates, claim_lines, coder_readings, draw_lines, level_lines
from indicators.show.charts.palette import DARK, LIGHT, THEMED
from indicators.show.charts.plots import (
    Chart,
    plot_claim,
    plot_coders,
    plot_distribution,
    plot_levels,
    plot_vintages,
    plot_waterfall,
)
from indicators.show.charts.scale import Line, label_ends, scale_figure
from indicators.show.text.tables import tabulate_readings

END = pd.Timestamp("2024-12-31")
SPAN = (pd.Timestamp("2024-03-01"), END)
NASTY = "<script>alert(1)</script> <img src=x onerror=alert(1)>"


def make_line(scores: list[float], fresh: list[bool] | None = None, label: str = "Index", id: str = "index") -> Line:
    """A line with a reading for each month from January 2024 on."""
    dates = pd.date_range("2024-01-31", periods=len(scores), freq="ME")
    values = np.array(scores, dtype=float)
    readings = pd.DataFrame(
        {
            "date": dates,
            "score": values,
            "low": np.clip(values - 1, 0, 10),
            "high": np.clip(values + 1, 0, 10),
            "fresh": [1.0] * len(scores) if fresh is None else [float(f) for f in fresh],
            "state": ["settled" if f else "carried" for f in fresh or [True] * len(scores)],
        }
    )
    return Line(id, label, label, "#1d2129", readings)


@pytest.fixture(scope="module")
def charts(panel: Panel, dataset: Dataset) -> dict[str, Chart]:
    """One chart of each kind that stands on the scale from 0 to 10."""
    draws = draw_lines(panel, END)
    dates = draws.dates
    levels = level_lines(panel, ["index", "military", "cyber"], LIGHT, draws)
    indicator = level_lines(panel, ["cyb_espionage"], LIGHT, draws)[0]
    claim = dataset.claims.loc["networks-worse"]
    return {
        "levels": plot_levels(levels, "index", LIGHT, SPAN, dataset.events),
        "coders": plot_coders(
            indicator, coder_readings(panel, dates)["cyb_espionage"], LIGHT, SPAN, dataset.events.head(3)
        ),
        "claim": plot_claim(claim_lines(panel, claim, LIGHT), LIGHT, (claim["start"], claim["end"]), 4.0),
    }


def test_each_coders_line_is_that_of_the_coder_alone_and_nothing_is_drawn_at_random_for_it(
    panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    dates = chart_dates(panel, END)
    expected = {c: build_series(replace(panel, coder=c), "indicator", dates) for c in ("c1", "c2")}
    monkeypatch.setattr("indicators.measures.uncertainty.draws.random_uniform", None)
    found = coder_readings(panel, dates)
    for coder, table in expected.items():
        for id, readings in table.groupby("id", sort=False):
            own = found[str(id)][coder]
            pd.testing.assert_frame_equal(own, readings[list(own)].reset_index(drop=True), check_dtype=False)
            assert list(own) == ["date", "id", "score", "fresh", "state"]


KINDS = pytest.mark.parametrize("kind", ["levels", "coders", "claim"])


def lines_in(figure: go.Figure) -> list[go.Scatter]:
    """The traces that are drawn as lines, ribbons included."""
    return [trace for trace in figure.data if trace.type == "scatter" and "lines" in trace.mode]


def texts_in(figure: go.Figure) -> list[str]:
    """All texts that the chart library reads as markup."""
    texts = [annotation.text for annotation in figure.layout.annotations]
    for trace in figure.data:
        texts += [trace.hovertemplate, *np.atleast_1d(trace.text if trace.text is not None else "")]
    texts += list(figure.layout.yaxis.ticktext or [])
    texts.append(figure.layout.xaxis.title.text)
    return [str(text) for text in texts if text]


@KINDS
def test_the_scale_is_always_0_to_10_and_cannot_be_zoomed(charts: dict[str, Chart], kind: str) -> None:
    axis = charts[kind].figure.layout.yaxis
    assert tuple(axis.range) == (0, 10)
    assert axis.fixedrange


@KINDS
def test_no_gap_is_bridged(charts: dict[str, Chart], kind: str) -> None:
    assert not any(trace.connectgaps for trace in lines_in(charts[kind].figure))


@KINDS
def test_alt_text_is_one_sentence(charts: dict[str, Chart], kind: str) -> None:
    alt = charts[kind].alt
    assert alt.endswith(".")
    assert not re.search(r"[.!?]\s|\n", alt)
    assert "nan" not in alt.lower()


@KINDS
def test_every_named_line_has_its_label_at_the_end_instead_of_a_legend(charts: dict[str, Chart], kind: str) -> None:
    figure = charts[kind].figure
    assert figure.layout.showlegend is False
    assert any(annotation.x == 1 and annotation.xanchor == "left" for annotation in figure.layout.annotations)


def test_the_alt_text_says_first_last_highest_and_lowest_reading_and_the_way_between() -> None:
    line = make_line([4, 8.5, 6, 6])
    chart = plot_levels([line], "index", LIGHT, (pd.Timestamp("2024-01-01"), pd.Timestamp("2024-06-30")))
    assert chart.alt == (
        "Index rose, from 4.0 on 31 Jan 2024 to 6.0 on 30 Apr 2024; its highest reading was 8.5 on 29 Feb 2024, its "
        "lowest 4.0 on 31 Jan 2024, on a scale from 0 to 10."
    )
    beside = plot_levels([line, make_line([5, 5, 7], id="cyber", label="Cyber")], "index", LIGHT, SPAN)
    assert beside.alt.endswith("; beside it at the end Cyber 7.0.")


def test_a_period_without_readings_is_said_and_drawn() -> None:
    chart = plot_levels([make_line([4, 5])], "index", LIGHT, (pd.Timestamp("2020-01-01"), pd.Timestamp("2020-06-30")))
    assert "no reading" in chart.alt


@KINDS
def test_the_table_says_the_same_as_the_lines(
    charts: dict[str, Chart], panel: Panel, dataset: Dataset, kind: str
) -> None:
    ids = {"levels": ["index", "military", "cyber"], "coders": ["cyb_espionage"], "claim": ["cyber", "military"]}[kind]
    table = charts[kind].table
    assert table["date"].is_monotonic_decreasing
    assert table["date"].is_unique
    # Readings from their definition, not from the lines: the composite on the table's own dates.
    dates = pd.DatetimeIndex(table["date"]).sort_values()
    composite = panel.composite(dates)
    for id in ids:
        expected = composite.level(dataset.level(id))[id]
        shown = table.set_index("date")[dataset.title(id)].sort_index()
        np.testing.assert_allclose(shown, expected, atol=1e-12)


def test_the_table_keeps_a_row_for_each_date_of_any_line() -> None:
    table = tabulate_readings([make_line([1, 2, 3]), make_line([4, 5], label="Cyber", id="cyber")])
    assert table["date"].dt.strftime("%m-%d").tolist() == ["03-31", "02-29", "01-31"]
    assert table["Index"].tolist() == [3, 2, 1]
    assert table["Cyber"].isna().tolist() == [True, False, False]
    assert table["Cyber"].tolist()[1:] == [5, 4]


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 10), st.booleans()), min_size=1, max_size=12))
def test_carried_stretches_are_dashed_and_every_reading_is_drawn(rows: list[tuple[float, bool]]) -> None:
    line = make_line([score for score, _ in rows], [fresh for _, fresh in rows])
    figure = plot_levels([line], "index", LIGHT, (pd.Timestamp("2024-01-01"), END)).figure
    drawn = {trace.line.dash: np.array(trace.y, dtype=float) for trace in lines_in(figure) if trace.name}
    blank = np.full(len(rows), np.nan)
    solid = drawn.pop("solid", blank)
    dashed = next(iter(drawn.values()), blank)
    fresh = (line.readings["state"] == "settled").to_numpy()
    scores = line.readings["score"].to_numpy()
    assert len(drawn) <= 1
    np.testing.assert_array_equal(solid, np.where(fresh, scores, np.nan))
    np.testing.assert_array_equal(dashed[~fresh], scores[~fresh])
    # A carried stretch is joined to the reading before it, and to no other.
    assert all(np.isnan(dashed[i]) == fresh[i + 1] for i in range(len(rows) - 1) if fresh[i])


@pytest.mark.parametrize("height", [190, 300, 400])
@settings(deadline=None)
@given(st.lists(st.floats(0, 10), min_size=1, max_size=6))
@example([10.0] * 6)
@example([0.0] * 6)
@example([0, 0, 5, 5, 10, 10])
@example([0.0, 0.1, 0.2, 9.8, 9.9, 10.0])
def test_labels_do_not_overlap_and_stay_on_the_scale(height: int, scores: list[float]) -> None:
    lines = [make_line([score], label=f"Line {n}", id=f"line{n}") for n, score in enumerate(scores)]
    figure = scale_figure(SPAN, height, [line.label for line in lines], LIGHT, bands=False)
    label_ends(figure, lines, "line0", height)
    labels = sorted((a.y, a.text) for a in figure.layout.annotations)
    assert len(labels) == len(lines)
    pixels = (height - figure.layout.margin.t - figure.layout.margin.b) / 10
    size = max(annotation.font.size for annotation in figure.layout.annotations)
    assert all((above - below) * pixels >= size for (below, _), (above, _) in pairwise(labels))
    assert all(0 <= place <= 10 for place, _ in labels)


@settings(deadline=None)
@given(st.lists(st.floats(0, 10), min_size=2, max_size=6, unique=True))
def test_labels_stand_in_the_order_of_their_lines(scores: list[float]) -> None:
    lines = [make_line([score], label=str(n), id=str(n)) for n, score in enumerate(scores)]
    figure = scale_figure(SPAN, 400, [], LIGHT, bands=False)
    label_ends(figure, lines, "none", 400)
    by_place = [int(a.text) for a in sorted(figure.layout.annotations, key=lambda a: a.y)]
    assert by_place == sorted(range(len(scores)), key=lambda n: scores[n])


def test_a_line_without_readings_gets_no_label() -> None:
    figure = scale_figure(SPAN, 400, [], LIGHT, bands=False)
    label_ends(figure, [make_line([np.nan]), make_line([4], label="Cyber", id="cyber")], "index", 400)
    assert [annotation.text for annotation in figure.layout.annotations] == ["Cyber"]


def test_one_line_is_strong_and_the_others_are_quiet() -> None:
    lines = [make_line([4, 5]), make_line([5, 6], label="Cyber", id="cyber")]
    figure = plot_levels(lines, "cyber", LIGHT, SPAN).figure
    widths = {trace.name: trace.line.width for trace in lines_in(figure)}
    assert widths["Cyber"] > widths["Index"]
    assert figure.data[-1].name == "Cyber", "the strong line lies on top"


def test_the_interval_lies_around_the_strong_line_only() -> None:
    lines = [make_line([4, 5]), make_line([5, 6], label="Cyber", id="cyber")]
    figure = plot_levels(lines, "index", LIGHT, SPAN).figure
    (upper,) = [trace for trace in lines_in(figure) if trace.fill == "tonexty"]
    lower = figure.data[list(figure.data).index(upper) - 1]
    assert list(lower.y) == lines[0].readings["low"].tolist()
    assert list(upper.y) == lines[0].readings["high"].tolist()


def test_each_event_is_marked_once_and_tells_its_fact(dataset: Dataset) -> None:
    figure = plot_levels([make_line([4, 5])], "index", LIGHT, SPAN, dataset.events).figure
    (rug,) = [trace for trace in figure.data if trace.name == "events"]
    assert list(pd.DatetimeIndex(rug.x)) == dataset.events["date"].tolist()
    assert "Two brigades moved" in rug.text[0]
    assert "10 Jan 2024" in rug.text[0]
    assert "raises" in rug.text[0]


def test_the_coders_chart_has_each_coders_own_scores(charts: dict[str, Chart]) -> None:
    table = charts["coders"].table.set_index("date")
    # From the tiny folder: c1 gives 4 and then 6, c2 gives 4.5 once.
    assert table.loc["2024-03-31", ["c1", "c2"]].tolist() == [4, 4.5]
    assert table.loc["2024-06-30", ["c1", "c2"]].tolist() == [6, 4.5]
    names = {trace.name: list(trace.y) for trace in charts["coders"].figure.data if trace.name in ("c1", "c2")}
    assert {name: values[0] for name, values in names.items()} == {"c1": 4, "c2": 4.5}


def test_a_claims_chart_shows_its_period_and_its_threshold(charts: dict[str, Chart], dataset: Dataset) -> None:
    claim = dataset.claims.loc["networks-worse"]
    shapes = charts["claim"].figure.layout.shapes
    periods = [
        (pd.Timestamp(s.x0), pd.Timestamp(s.x1)) for s in shapes if s.type == "rect" and s.yref.endswith("domain")
    ]
    assert periods == [(claim["start"], claim["end"])]
    (threshold,) = [s for s in shapes if s.type == "line"]
    assert threshold.y0 == threshold.y1 == 4


def test_the_waterfall_leads_from_one_reading_to_the_other(shipped: Dataset) -> None:
    panel = Panel(shipped)
    days = [pd.Timestamp("2024-12-31"), pd.Timestamp("2025-12-31")]
    start, end = panel.composite(pd.DatetimeIndex(days)).index
    bars = waterfall_bars(shipped, explain_change(*(Point(panel, day) for day in days)), LIGHT)
    assert sum(amount for _, amount, _ in bars) == pytest.approx(end - start, abs=1e-9)
    chart = plot_waterfall(("31 Dec 2024", start), bars, ("31 Dec 2025", end), LIGHT)
    assert chart.table["points"].sum() == pytest.approx(end - start, abs=1e-9)
    drawn = [(trace.base[0], trace.base[0] + trace.x[0]) for trace in chart.figure.data if trace.type == "bar"]
    assert drawn[0][0] == pytest.approx(start)
    assert drawn[-1][1] == pytest.approx(end)
    assert all(before[1] == pytest.approx(after[0]) for before, after in pairwise(drawn))
    low, high = chart.figure.layout.xaxis.range
    assert all(low <= edge <= high for bar in drawn for edge in bar)
    assert chart.alt.endswith(".")
    assert not re.search(r"[.!?]\s", chart.alt)


def test_a_waterfall_without_any_change_is_drawn() -> None:
    chart = plot_waterfall(("31 Dec 2024", 6.5), [], ("31 Dec 2025", 6.5), LIGHT)
    assert "no change" in chart.alt
    assert chart.table.empty


@settings(deadline=None)
@given(st.lists(st.floats(-10, 10), min_size=1, max_size=60))
def test_a_distribution_shows_all_draws(values: list[float]) -> None:
    chart = plot_distribution(np.array(values), 0.5, LIGHT, "change")
    assert chart.table["% of draws"].sum() == pytest.approx(100)
    assert chart.table["from"].iloc[0] <= min(values)
    assert chart.table["to"].iloc[-1] >= max(values)
    assert chart.alt.startswith("change")
    assert "-" not in chart.alt


def test_no_text_of_the_data_becomes_markup_in_a_chart(dataset: Dataset) -> None:
    events = dataset.events.assign(fact=NASTY)
    line = make_line([4, 5], label=NASTY, id="index")
    figures = [
        plot_levels([line], "index", LIGHT, SPAN, events).figure,
        plot_coders(line, {NASTY: line.readings}, LIGHT, SPAN, events).figure,
        plot_claim([line], LIGHT, SPAN, 4.0).figure,
        plot_waterfall((NASTY, 4.0), [(NASTY, 1.0, "#000000")], (NASTY, 5.0), LIGHT).figure,
        plot_distribution(np.array([1.0, 2.0]), None, LIGHT, NASTY).figure,
    ]
    for figure in figures:
        for text in texts_in(figure):
            assert set(re.findall(r"</?[a-zA-Z]+", text)) <= {
                "<b",
                "</b",
                "<br",
                "<extra",
                "</extra",
                "<span",
                "</span",
            }, text
            assert set(re.findall(r"<span[^>]*>", text)) <= {'<span style="font-size:11px">'}
        assert any("&lt;script" in text for text in texts_in(figure))


def test_lines_have_the_order_titles_and_colours_of_the_codebook(panel: Panel) -> None:
    for palette in (LIGHT, DARK, THEMED):
        lines = level_lines(panel, ["index", "military", "cyber", "cyb_sabotage"], palette, draw_lines(panel, END))
        assert [line.title for line in lines] == ["Index", "Military posture", "Cyber activity", "Sabotage"]
        assert [line.colour for line in lines] == [
            palette.index, palette.dimension(0), palette.dimension(1), palette.dimension(1)
        ]  # fmt: skip


def test_chart_dates_hold_every_step_and_the_end(panel: Panel) -> None:
    dates = chart_dates(panel, pd.Timestamp("2024-10-15"))
    assert dates.is_monotonic_increasing
    assert dates.is_unique
    assert set(panel.steps) <= set(dates)
    assert pd.Timestamp("2024-08-31") in dates, "month-ends show how a carried range widens"
    assert dates[-1] == pd.Timestamp("2024-10-15")


def test_a_vintage_without_rows_has_no_dates(dataset: Dataset) -> None:
    assert chart_dates(Panel(dataset, pd.Timestamp("2024-01-01").date()), END).empty


def test_a_reading_over_its_vintages_says_the_first_and_the_last() -> None:
    days = pd.to_datetime(["2024-07-01", "2024-07-05", "2024-07-06"])
    table = pd.DataFrame({"vintage": days, "score": [np.nan, 7.125, 5.3125]})
    chart = plot_vintages(table, "30 Jun 2024", LIGHT)
    assert chart.alt == "The reading of 30 Jun 2024 was 7.12 as of 5 Jul 2024 and 5.31 as of 6 Jul 2024."
    assert list(chart.figure.data[0].y) == [7.125, 5.3125]
    assert plot_vintages(table[:1], "30 Jun 2024", LIGHT).alt == "No vintage has a reading for 30 Jun 2024."


def test_every_chart_has_tooltips_in_the_colours_that_can_be_read(charts: dict[str, Chart]) -> None:
    labels = [chart.figure.layout.hoverlabel for chart in charts.values()]
    assert {(label.font.color, label.bgcolor) for label in labels} == {(THEMED.index, THEMED.ground)}
