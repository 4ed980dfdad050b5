"""Blocks that several pages draw: a chart with its table and sources, tables with downloads."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from indicators.dashboard.app import Desk
from indicators.dashboard.charts.lines import list_lines
from indicators.dashboard.head.share import describe_page
from indicators.dashboard.links import Links, current_view
from indicators.dashboard.remember import remember
from indicators.dashboard.widgets import choose_listed
from indicators.measures.change.ledger import Point, explain_change
from indicators.measures.change.periods import read_period
from indicators.measures.headline import Headline, read_headline
from indicators.measures.outside.divergence import find_divergences
from indicators.measures.outside.validity import measure_validity
from indicators.measures.panel import Panel
from indicators.measures.readings import find_replaced
from indicators.measures.series import build_series
from indicators.show.charts.levels import Span, events_about
from indicators.show.charts.plots import Chart
from indicators.show.charts.svg import draw_multiple
from indicators.show.files.tables import noted_csv
from indicators.show.links.parameters import BASE, COMPARE, DIM, FROM, TO
from indicators.show.text.html import (
    show_assessment,
    show_events,
    show_multiples,
    show_paragraph,
    show_points,
    show_sources,
    show_table,
)
from indicators.show.text.outside.comparison import show_divergences
from indicators.show.text.overview import describe_extremes
from indicators.show.text.period import show_period
from indicators.show.text.uncertainty.sure import list_certainty
from indicators.show.text.words import describe_replaced, describe_sources

NEWEST_EVENTS = 12
NEWEST_ASSESSMENTS = 8


def tell_more(chart: Chart, key: str, desk: Desk, id: str, table: pd.DataFrame | None = None) -> None:
    """Draw what stands below a chart of an id: its sources line and its table twin with a download."""
    st.html(list_sources(desk.panel, id, desk.span))
    twin = chart.table if table is None else table
    if place := open_twin(f"{key}-table", chart.alt, twin, "Readings, newest first"):
        offer_csv(place, desk, twin, f"{key}.csv", id=id)


def open_twin(
    key: str,
    alt: str,
    table: pd.DataFrame,
    caption: str = "",
    formats: Mapping[str, Callable[[Any], str]] | None = None,
    label: str = "The chart as a table",
) -> DeltaGenerator | None:
    """Draw the table twin of a chart with the alt text in an expander; return its place where a reader has opened it."""
    expander = st.expander(label, key=key, on_change="rerun")
    if not expander.open:
        return None
    expander.html(show_paragraph(alt) + show_table(table, formats, caption))
    return expander


def offer_csv(
    place: DeltaGenerator,
    desk: Desk,
    table: pd.DataFrame,
    file: str,
    label: str = "Download as CSV",
    id: str = "",
) -> None:
    """Offer a table of the page for download, with a note on how its numbers were made; ``id`` is what it is about."""
    note = describe_page(desk, id).line
    make = partial(noted_csv, table, note)
    place.download_button(label, make, file, "text/csv", key=f"{file}-csv", on_click="ignore")


def show_event_list(desk: Desk, id: str) -> None:
    """Draw the newest events that bear on an id; all of the period wait in an expander."""
    address = desk.links.to("events")
    st.html(list_events(desk.panel, id, desk.span, NEWEST_EVENTS, address))
    number = count_events(desk.panel, id, desk.span)
    if number > NEWEST_EVENTS:
        expander = st.expander(f"All {number} events of the period", key=f"events-{id}", on_change="rerun")
        if expander.open:
            expander.html(list_events(desk.panel, id, desk.span, number, address))


def show_assessments(panel: Panel, indicator: str, span: tuple[pd.Timestamp, pd.Timestamp]) -> None:
    """Draw an indicator's assessments, newest first; older ones wait in an expander."""
    parts = list_assessments(panel, indicator, span)
    if not parts:
        st.info("No assessment in this period.")
        return
    st.html(Markup("").join(parts[:NEWEST_ASSESSMENTS]))
    if older := parts[NEWEST_ASSESSMENTS:]:
        key = f"assessments-{indicator}"
        expander = st.expander(f"{len(older)} older assessments", key=key, on_change="rerun")
        if expander.open:
            expander.html(Markup("").join(older))


def choose_line(desk: Desk) -> str:
    """Draw the choice of the strong line: the index or a dimension."""
    return choose_listed(DIM, desk.scope, desk.dataset.title)


def show_chosen_period(desk: Desk, id: str) -> None:
    """Say what an id did in the period that a reader has chosen, and lead to the account; nothing without a choice."""
    if not {FROM, TO} & current_view(desk.dataset, desk.page).values.keys():
        return
    period = remember(read_period)(desk.panel, id, desk.span)
    if period is None:
        st.html(show_paragraph("No quarter of this period was reviewed.", "question"))
        return
    days = {BASE: f"{period.start:%Y-%m-%d}", COMPARE: f"{period.end:%Y-%m-%d}"}
    st.html(show_period(desk.dataset, period, desk.links.to("compare", days)))


def show_certainty(desk: Desk, headline: Headline) -> None:
    """Draw in one place how sure a reading is."""
    tell_certainty(lambda: tell_reading_certainty(desk, headline))


def tell_reading_certainty(desk: Desk, headline: Headline) -> list[str]:
    """Return how sure a reading is, in sentences."""
    ends = remember(read_ends_of)(desk.panel, headline.id, headline.date, desk.percent)
    return list_certainty(desk.panel, headline, ends, desk.percent, remember(measure_validity)(desk.panel))


def tell_certainty(tell: Callable[[], Iterable[str]]) -> None:
    """Draw the one place of a page that says how sure its subject is; ``tell`` is asked once a reader has opened it."""
    expander = st.expander("How sure is this?", key="how-sure", on_change="rerun")
    if expander.open:
        expander.html(show_points(tell()))


def read_ends_of(panel: Panel, id: str, day: pd.Timestamp, percent: int) -> tuple[float, float] | None:
    """Return the ends of the interval of an id on a day, whatever period is shown; nothing where it has none."""
    table = build_series(panel, panel.dataset.level(id), pd.DatetimeIndex([day]), percent)
    low, high = table.loc[table["id"] == id, ["low", "high"]].iloc[0].tolist()
    return None if pd.isna(low) else (low, high)


@remember
def explain(panel: Panel, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Return the change ledger between two days; ``ValueError`` where the index has no reading on one of them."""
    return explain_change(Point(panel, start), Point(panel, end))


@remember
def list_sources(panel: Panel, id: str, span: Span) -> str:
    """Return the sources line of a chart of an id, as a fragment of a page."""
    return show_sources(describe_sources(panel.dataset, events_about(panel.dataset, id, span)))


@remember
def count_events(panel: Panel, id: str, span: Span) -> int:
    """Return how many events of a period bear on an id."""
    return len(events_about(panel.dataset, id, span))


@remember
def list_divergences(panel: Panel, ids: tuple[str, ...]) -> str:
    """Return where outside series diverge from some ids, as a fragment of a page; empty where none does."""
    return show_divergences(panel, remember(find_divergences)(panel), ids)


@remember
def list_events(panel: Panel, id: str, span: Span, most: int, address: str = "") -> str:
    """Return the newest events that bear on an id, as a fragment of a page; each leads to the ``address`` of Events."""
    return show_events(panel.dataset, events_about(panel.dataset, id, span).tail(most), address)


@remember
def list_assessments(panel: Panel, indicator: str, span: Span) -> list[str]:
    """Return an indicator's assessments within a period, newest first, each as a fragment of a page."""
    rows = panel.effective[(panel.effective["indicator"] == indicator) & panel.effective["date"].between(*span)]
    rows = rows.sort_values(["date", "coder"], ascending=[False, True])
    replaced = find_replaced(panel.dataset.assessments, rows)
    return [
        show_assessment(panel.dataset, row, describe_replaced(replaced.get(label))) for label, row in rows.iterrows()
    ]


@remember
def list_multiples(panel: Panel, links: Links, today: dt.date, span: Span, end: pd.Timestamp, percent: int) -> str:
    """Return a small chart for each dimension that has a reading, with the link to its page, as a fragment of a page."""
    tiles = []
    dataset = panel.dataset
    ids = tuple(dataset.dimensions.index)
    for position, line in enumerate(list_lines(panel, ids, end, percent)):
        headline = remember(read_headline)(panel, line.id, today)
        if headline is not None:
            ring = None if headline.year_ago_score is None else (headline.year_ago, headline.year_ago_score)
            pictures = draw_multiple(line.readings, (span[0], end), ring=ring)
            question = dataset.text(line.id, "question")
            link = links.to("dimension", {DIM: line.id})
            tiles.append((headline, line.title, question, link, pictures, position))
    return show_multiples(tiles, describe_extremes(dataset, [headline for headline, *_ in tiles]))
