"""Results of the measures that sessions share: computed once for each view of each version of the data."""

import datetime as dt
from dataclasses import replace
from operator import attrgetter
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from indicators.measures.agreement import (
    compare_spans,
    estimate_from_units,
    list_differences,
    measure_agreement,
    measure_overlap,
)
from indicators.measures.change.ledger import Point, explain_change, summarise_change
from indicators.measures.change.moves import largest_moves
from indicators.measures.change.vintages import list_corrections, reading_over_vintages
from indicators.measures.coherence import measure_coherence
from indicators.measures.headline import read_headline
from indicators.measures.index import Weights
from indicators.measures.narrative.claims import judge_claims
from indicators.measures.narrative.robustness import headline_survival, smallest_breaking_weights
from indicators.measures.outside.divergence import count_judged, find_divergences
from indicators.measures.outside.overlay import NO_OVERLAY, lay_over
from indicators.measures.outside.validity import compare_outside, measure_validity
from indicators.measures.panel import Panel
from indicators.measures.readings import find_replaced
from indicators.measures.uncertainty.carried import count_held
from indicators.measures.uncertainty.choices import leave_out, vary_choices
from indicators.measures.uncertainty.draws import Draws, draw_panel
from indicators.measures.uncertainty.intervals import Change, probability_of_change
from indicators.measures.uncertainty.sensitivity import carrying_assessments, effective_shares, queue_scoring
from indicators.show.charts.change import waterfall_bars
from indicators.show.charts.levels import Span, chart_indicator, chart_levels, events_about
from indicators.show.charts.lines import draw_lines, level_lines, table_dates
from indicators.show.charts.outside import add_overlay, join_table, show_overlay_sources
from indicators.show.charts.palette import THEMED, Palette
from indicators.show.charts.plots import Chart, plot_levels, plot_waterfall
from indicators.show.charts.scale import Line
from indicators.show.charts.sparklines import draw_sparkline
from indicators.show.links.parameters import DIM, build_link
from indicators.show.text.claims import picture_claims
from indicators.show.text.html import show_assessment, show_events, show_moves_list, show_sources, show_tiles
from indicators.show.text.tables import reading_table
from indicators.show.text.words import describe_causes, describe_replaced, describe_sources, format_date

# Resources are handed out uncopied: many sessions read them, none may change them.
share = st.cache_resource(show_spinner=False, max_entries=128, hash_funcs={Panel: attrgetter("key")})
# A chart takes about a megabyte, the draws of a view some forty.
share_chart = st.cache_resource(show_spinner=False, max_entries=24, hash_funcs={Panel: attrgetter("key")})
share_draws = st.cache_resource(show_spinner=False, max_entries=2, hash_funcs={Panel: attrgetter("key")})

headline_of = share(read_headline)
verdicts_of = share(judge_claims)
moves_of = share(largest_moves)
survival_of = share(headline_survival)
breaking_of = share(smallest_breaking_weights)
queue_of = share(queue_scoring)
shares_of = share(effective_shares)
carrying_of = share(carrying_assessments)
agreement_of = share(measure_agreement)
differences_of = share(list_differences)
spans_of = share(compare_spans)
overlap_of = share(measure_overlap)
shared_doubt_of = share(estimate_from_units)
choices_of = share(vary_choices)
left_out_of = share(leave_out)
coherence_of = share(measure_coherence)
record_of = share(count_held)
validity_of = share(measure_validity)
divergences_of = share(find_divergences)
judged_of = share(count_judged)
corrections_of = share(list_corrections)
vintages_of = share(reading_over_vintages)
pictures_of = share(picture_claims)
overlay_of = share(lay_over)


class Laid(NamedTuple):
    """Which outside series a reader has laid over a chart, and whether in standard deviations."""

    overlay: str = NO_OVERLAY
    standardised: bool = False


PLAIN = Laid()


class Drawn(go.Figure):  # type: ignore[misc]
    """A figure that is finished: what a browser gets of it is made once, not at each rerun of a page."""

    def to_dict(self) -> dict[str, Any]:
        """Return the figure as a dictionary, the same one each time."""
        if getattr(self, "_made", None) is None:
            self._made: dict[str, Any] = super().to_dict()
        return self._made


@share
def outside_of(panel: Panel) -> pd.DataFrame:
    """Return how the outside series of a panel's data move with each other."""
    return compare_outside(panel.dataset)


@share_draws
def draws_of(panel: Panel, end: pd.Timestamp) -> Draws:
    """Return the draws behind the lines up to a day."""
    return draw_lines(panel, end)


@share
def all_lines_of(panel: Panel, palette: Palette, end: pd.Timestamp, percent: int, indicators: bool) -> dict[str, Line]:
    """Return the lines of the index and the dimensions, or of the indicators, up to a day; all from the same draws."""
    dataset = panel.dataset
    ids = dataset.indicators.index.tolist() if indicators else ["index", *dataset.dimensions.index]
    # A reader who moves a weight waits for no new draws.
    draws = draws_of(publish_weights(panel), end).under(panel.weights, panel.mean)
    return {line.id: line for line in level_lines(panel, ids, palette, draws, percent)}


def lines_of(panel: Panel, ids: tuple[str, ...], palette: Palette, end: pd.Timestamp, percent: int) -> list[Line]:
    """Return the lines of some ids up to a day, with intervals that hold ``percent`` of the draws."""
    return [all_lines_of(panel, palette, end, percent, id in panel.dataset.indicators.index)[id] for id in ids]


@share_chart
def levels_chart_of(
    panel: Panel,
    ids: tuple[str, ...],
    strong: str,
    span: Span,
    percent: int,
    height: int,
    numbered: bool,
    laid: Laid = PLAIN,
) -> Chart:
    """Return the chart of some ids, with the numbered moves of the index and an outside series where asked."""
    lines = lines_of(panel, ids, THEMED, span[1], percent)
    if laid.overlay != NO_OVERLAY:
        plain = levels_chart_of(panel, ids, strong, span, percent, height, numbered)
        overlay = overlay_of(panel, laid.overlay, strong, span, laid.standardised)
        return finish(add_overlay(plain, overlay, lines[ids.index(strong)], THEMED, span))
    moves = moves_of(panel, span) if numbered else []
    return finish(chart_levels(panel.dataset, lines, strong, THEMED, span, height, moves))


@share
def table_of(panel: Panel, ids: tuple[str, ...], freq: str, span: Span, percent: int, strong: str) -> pd.DataFrame:
    """Return the readings of some ids at period ends, newest first, the interval beside the strong one."""
    dates = table_dates(panel, freq, *span)
    if freq == "week":
        lines = level_lines(panel, ids, THEMED, draw_panel(panel, dates), percent)
    else:  # the lines have points at the ends of months, so of quarters too
        lines = lines_of(panel, ids, THEMED, span[1], percent)
    return reading_table(lines, dates, percent, strong)


@share
def overlaid_table_of(
    panel: Panel, ids: tuple[str, ...], freq: str, span: Span, percent: int, strong: str, laid: Laid
) -> pd.DataFrame:
    """Return the readings of some ids at period ends, with the values of an outside series where asked."""
    table = table_of(panel, ids, freq, span, percent, strong)
    if laid.overlay == NO_OVERLAY:
        return table
    overlay = overlay_of(panel, laid.overlay, strong, span, laid.standardised)
    return join_table(table, overlay, panel.dataset.title(strong))


@share
def overlay_sources_of(panel: Panel, subject: str, span: Span, laid: Laid) -> str:
    """Return what stands below an outside series: how to read it, and where it is from, as a fragment of a page."""
    return show_overlay_sources(panel.dataset, overlay_of(panel, laid.overlay, subject, span, laid.standardised))


@share_chart
def indicator_chart_of(panel: Panel, indicator: str, span: Span, percent: int, apart: bool) -> Chart:
    """Return the chart of an indicator, with each coder's own scores where asked."""
    line = lines_of(panel, (indicator,), THEMED, span[1], percent)[0]
    return finish(chart_indicator(panel, line, THEMED, span, apart))


@share
def moves_list_of(panel: Panel, span: Span) -> str:
    """Return the list of the index's largest moves as a fragment of a page."""
    return show_moves_list(panel.dataset, moves_of(panel, span))


@share
def tiles_of(panel: Panel, ids: tuple[str, ...], today: dt.date, end: pd.Timestamp, percent: int) -> str:
    """Return a tile for each id that has a reading, as a fragment of a page."""
    tiles = []
    for position, line in enumerate(lines_of(panel, ids, THEMED, end, percent)[1:]):
        headline = headline_of(panel, line.id, today)
        if headline is not None:
            link = build_link("", "dimension", {DIM: line.id}, panel.dataset)
            tiles.append((headline, line.title, link, draw_sparkline(line.readings), position))
    return show_tiles(tiles)


@share
def assessments_of(panel: Panel, indicator: str, span: Span) -> list[str]:
    """Return an indicator's assessments within a period, newest first, each as a fragment of a page."""
    rows = panel.effective[(panel.effective["indicator"] == indicator) & panel.effective["date"].between(*span)]
    rows = rows.sort_values(["date", "coder"], ascending=[False, True])
    replaced = find_replaced(panel.dataset.assessments, rows)
    return [
        show_assessment(panel.dataset, row, describe_replaced(replaced.get(label))) for label, row in rows.iterrows()
    ]


@share
def readings_of(panel: Panel, days: tuple[pd.Timestamp, ...]) -> list[float]:
    """Return the index on some days."""
    return panel.composite(pd.DatetimeIndex(days)).index.tolist()


@share
def first_reading_of(panel: Panel) -> dt.date:
    """Return the first day on which the index has a reading."""
    first: pd.Timestamp = panel.stepped.index.dropna().index[0]
    return first.date()


@share_chart
def picking_chart_of(
    panel: Panel, span: Span, end: pd.Timestamp, percent: int, marked: tuple[dt.date, dt.date], laid: Laid
) -> Chart:
    """Return the chart of the index on which two days are picked and marked, with an outside series where asked."""
    lines = lines_of(panel, ("index",), THEMED, end, percent)
    chart = plot_levels(lines, "index", THEMED, span, height=300, marked=marked, clickable=True)
    if laid.overlay != NO_OVERLAY:
        overlay = overlay_of(panel, laid.overlay, "index", span, laid.standardised)
        chart = add_overlay(chart, overlay, lines[0], THEMED, span)
    return finish(chart)


@share_chart
def waterfall_of(panel: Panel, start: pd.Timestamp, end: pd.Timestamp) -> Chart:
    """Return the chart of the parts of a change of the index, from one reading to the other."""
    before, after = readings_of(panel, (start, end))
    bars = waterfall_bars(panel.dataset, ledger_of(panel, start, end), THEMED)
    return finish(plot_waterfall((format_date(start), before), bars, (format_date(end), after), THEMED))


@share
def causes_of(panel: Panel, start: pd.Timestamp, end: pd.Timestamp) -> str:
    """Return what moved the index between two days, in words."""
    return describe_causes(panel.dataset, summarise_change(ledger_of(panel, start, end), "indicator"))


@share
def sources_of(panel: Panel, id: str, span: Span) -> str:
    """Return the sources line of a chart of an id, as a fragment of a page."""
    return show_sources(describe_sources(panel.dataset, events_about(panel.dataset, id, span)))


@share
def events_list_of(panel: Panel, id: str, span: Span, most: int) -> str:
    """Return the newest events that bear on an id as a fragment of a page."""
    return show_events(panel.dataset, events_about(panel.dataset, id, span).tail(most))


@share
def ledger_of(panel: Panel, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Return the change ledger between two days; ``ValueError`` where the index has no reading on one of them."""
    return explain_change(Point(panel, start), Point(panel, end))


@share
def change_of(panel: Panel, start: pd.Timestamp, end: pd.Timestamp) -> Change:
    """Return how probable it is that the index rose, fell or stayed between two days."""
    draws = draw_panel(panel, pd.DatetimeIndex([start, end]), together=True)
    return probability_of_change(draws, "index", start, end)


def publish_weights(panel: Panel) -> Panel:
    """Return a panel with the published weights and mean in place of the reader's."""
    dataset = panel.dataset
    return replace(panel, weights=Weights.from_codebook(dataset.dimensions, dataset.indicators), mean="arithmetic")


def finish(chart: Chart) -> Chart:
    """Return a chart whose figure is finished."""
    return replace(chart, figure=Drawn(chart.figure))
