"""Points of a chart as buttons, for mouse and keyboard, and what is opened by them: an event, or what moved a quarter."""

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from indicators.dashboard.app import Desk
from indicators.dashboard.charts.blocks import list_assessments, tell_more
from indicators.dashboard.overview import open_account
from indicators.show.charts.plots import CONFIG, Chart
from indicators.show.charts.points import Point, list_reviews
from indicators.show.text.html import place_buttons, show_opened, show_paragraph
from indicators.show.text.words import escape_markdown, format_date, name_quarter

FOUND_LETTERS = 90
OPENED = "opened"
"""Where a session notes what a reader has just opened."""

KEYS_ONLY = "keys-"
"""Start of the places of buttons that the mouse passes through, since the chart below takes its clicks."""


def hold_points(place: str) -> DeltaGenerator:
    """Return the container of a plot and the buttons over its points."""
    return st.container(key=f"plot-with-points-{place}", gap=None)


def place_points(place: str, label: str, points: Iterable[Point], take: Callable[[str], None]) -> None:
    """Lay buttons over the points of a plot that stands in the container of the same place; ``take`` gets the id pressed."""
    listed = list(points)
    names = {point.id: point.name for point in listed}
    if not names:
        return
    key = f"{place}-point"

    def press() -> None:
        if id := st.session_state[key]:
            st.session_state[key] = None  # the same one may be pressed again
            take(id)

    with st.container(key=f"points-{place}"):
        st.html(place_buttons(f"st-key-points-{place}", listed))
        st.segmented_control(
            label,
            list(names),
            key=key,
            format_func=lambda id: escape_markdown(names[id]),
            on_change=press,
            label_visibility="collapsed",
        )


def show_chart(
    chart: Chart,
    key: str,
    desk: Desk,
    id: str,
    settled: pd.Series,
    take: Callable[[str], None],
    table: pd.DataFrame | None = None,
) -> None:
    """Draw a chart of an id with its settled quarters as buttons, its sources line and its table twin with a download."""
    with hold_points(key):
        st.plotly_chart(chart.figure, key=key, config=CONFIG, alt=chart.alt)
        place_points(key, "Reviews of the chart", list_reviews(chart.figure, settled, "What moved it"), take)
    tell_more(chart, key, desk, id, table)


def note_opened(ids: list[str]) -> None:
    """Note the events that a reader has opened, for the run that follows."""
    _note({"events": ids})


def note_account(id: str, day: str) -> None:
    """Note the quarter, by its last day, of which a reader has asked for the account, for the run that follows."""
    _note({"account": (id, pd.Timestamp(day))})


def note_assessments(indicator: str, day: str) -> None:
    """Note the quarter, by its last day, of which a reader has asked for an indicator's assessments."""
    _note({"assessments": (indicator, pd.Timestamp(day))})


def _note(opened: dict[str, Any]) -> None:
    st.session_state[OPENED] = opened
    st.session_state["openings"] = st.session_state.get("openings", 0) + 1


def open_noted(desk: Desk) -> None:
    """Open what a reader has just chosen: events, the first of them unfolded, the account of a quarter, or its assessments."""
    noted = st.session_state.pop(OPENED, {})
    if "account" in noted:
        open_account(desk, *noted["account"])
    elif "assessments" in noted:
        open_assessments(desk, *noted["assessments"])
    elif ids := [id for id in noted.get("events", []) if id in desk.dataset.events.index]:
        open_events(desk, ids)


def open_events(desk: Desk, ids: list[str]) -> None:
    """Open events that lie close to each other, the first of them unfolded."""
    dataset = desk.dataset

    @st.dialog(f"Event {ids[0]}" if len(ids) == 1 else f"{len(ids)} events on nearby days", width="medium")
    def show() -> None:
        st.html(show_opened(dataset, ids[0]))
        for id in ids[1:]:
            event = dataset.events.loc[id]
            with st.expander(f"{format_date(pd.Timestamp(str(event['date'])))}: {event['fact']}"[:FOUND_LETTERS]):
                st.html(show_opened(dataset, id))

    show()


def open_assessments(desk: Desk, indicator: str, date: pd.Timestamp) -> None:
    """Open the assessments of an indicator in the quarter that ends on a day."""
    span = (date.to_period("Q").start_time, date)

    @st.dialog(f"{desk.dataset.title(indicator)}: {name_quarter(date)}", width="medium")
    def show() -> None:
        parts = list_assessments(desk.panel, indicator, span)
        for part in parts:
            st.html(part)
        if not parts:
            st.html(show_paragraph("No assessment in this quarter."))

    show()
