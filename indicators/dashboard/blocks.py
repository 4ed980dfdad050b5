"""Blocks that several pages draw: a chart with its table and sources, tables with downloads."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from indicators.dashboard.app import Desk
from indicators.dashboard.links import link_to
from indicators.dashboard.results import assessments_of, causes_of, events_list_of, sources_of
from indicators.dashboard.widgets import choose_listed
from indicators.measures.headline import Headline
from indicators.measures.panel import Panel
from indicators.show.charts.levels import events_about
from indicators.show.charts.plots import CONFIG, Chart
from indicators.show.files.tables import csv_bytes
from indicators.show.links.parameters import BASE, COMPARE, DIM
from indicators.show.text.html import show_table
from indicators.show.text.words import escape_html, format_change, format_date

NEWEST_EVENTS = 12
NEWEST_ASSESSMENTS = 8


def show_chart(chart: Chart, key: str, desk: Desk, id: str, table: pd.DataFrame | None = None) -> None:
    """Draw a chart of an id with its alt text, its sources line and its table twin with a download."""
    st.plotly_chart(chart.figure, key=key, config=CONFIG, alt=chart.alt)
    st.html(sources_of(desk.panel, id, desk.span))
    twin = chart.table if table is None else table
    if place := open_twin(f"{key}-table", chart.alt, twin, "Readings, newest first"):
        offer_csv(place, twin, f"{key}.csv")


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
    expander.html(f"<p>{escape_html(alt)}</p>" + show_table(table, formats, caption))
    return expander


def offer_csv(place: DeltaGenerator, table: pd.DataFrame, file: str, label: str = "Download as CSV") -> None:
    """Offer a table for download."""
    place.download_button(label, csv_bytes(table), file, "text/csv", key=f"{file}-csv", on_click="ignore")


def show_event_list(desk: Desk, id: str) -> None:
    """Draw the newest events that bear on an id; all of the period wait in an expander."""
    st.html(events_list_of(desk.panel, id, desk.span, NEWEST_EVENTS))
    number = len(events_about(desk.dataset, id, desk.span))
    if number > NEWEST_EVENTS:
        expander = st.expander(f"All {number} events of the period", key=f"events-{id}", on_change="rerun")
        if expander.open:
            expander.html(events_list_of(desk.panel, id, desk.span, number))


def show_assessments(panel: Panel, indicator: str, span: tuple[pd.Timestamp, pd.Timestamp]) -> None:
    """Draw an indicator's assessments, newest first; older ones wait in an expander."""
    parts = assessments_of(panel, indicator, span)
    if not parts:
        st.info("No assessment in this period.")
        return
    st.html("".join(parts[:NEWEST_ASSESSMENTS]))
    if older := parts[NEWEST_ASSESSMENTS:]:
        key = f"assessments-{indicator}"
        expander = st.expander(f"{len(older)} older assessments", key=key, on_change="rerun")
        if expander.open:
            expander.html("".join(older))


def choose_line(desk: Desk) -> str:
    """Draw the choice of the strong line: the index or a dimension."""
    return choose_listed(DIM, desk.scope, desk.dataset.title)


def show_year(desk: Desk, headline: Headline) -> None:
    """Say what moved the index in the last year, and lead to the full account."""
    if headline.change is None:
        st.html(f'<p class="question">There was no reading on {format_date(headline.year_ago)}.</p>')
        return
    causes = causes_of(desk.panel, headline.year_ago, headline.date)
    days = {BASE: f"{headline.year_ago:%Y-%m-%d}", COMPARE: f"{headline.date:%Y-%m-%d}"}
    st.html(
        f'<p class="question">The index moved by {format_change(headline.change, 2)}: {escape_html(causes)}. '
        f'<a href="{escape_html(link_to(desk.dataset, desk.page, "compare", days))}" target="_self">The full account</a></p>'
    )
