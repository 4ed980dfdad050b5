"""The chart of Overview: one line with its marks, the strip of events, ways to a period, the dimensions below."""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from indicators.dashboard.app import Desk
from indicators.dashboard.browser.scripts import WHOLE_PERIOD, run_script
from indicators.dashboard.charts.blocks import choose_line, list_multiples, list_sources, offer_csv, open_twin
from indicators.dashboard.charts.lines import Laid, draw_levels, draw_marked, draw_strip, find_marks, tabulate_levels
from indicators.dashboard.charts.points import (
    FOUND_LETTERS,
    hold_points,
    note_account,
    note_opened,
    open_noted,
    place_points,
)
from indicators.dashboard.outside.overlay import choose_overlay, show_overlay
from indicators.dashboard.remember import remember
from indicators.measures.outside.overlay import NO_OVERLAY
from indicators.measures.panel import Panel
from indicators.measures.quarters import members_of
from indicators.records.dataset import Dataset
from indicators.show.charts.levels import Span, events_about
from indicators.show.charts.marked import WIDE, keep_wide, list_layouts
from indicators.show.charts.marks import Marks
from indicators.show.charts.plots import CONFIG, Chart
from indicators.show.charts.points import Point, list_points
from indicators.show.charts.scale import BAND_ROOM
from indicators.show.links.parameters import FROM, TO
from indicators.show.text.html import (
    hide_layouts,
    show_chart_key,
    show_paragraph,
    show_turns,
)
from indicators.show.text.words import count_words, format_date

PLACE = "overview-chart"
"""Key of the block, by which its style finds it."""

WIDE_FROM = WIDE + BAND_ROOM + 30
"""Width of the block from which the chart has names."""

PERIOD = "period"
ALL = "All"
LEAST_DAYS = 7
"""Days below which a drag is taken for a slip."""

CLOSE = 3.5
"""Pixels within which events on the strip count as lying close, on a plot of the least width."""


class Shown(NamedTuple):
    """What the block has drawn: the id of its line, what makes the chart as it leaves the page, and its table."""

    strong: str
    chart: Callable[[], Chart]
    table: pd.DataFrame


def show_index_chart(desk: Desk, places: Mapping[str, DeltaGenerator]) -> Shown:
    """Draw the chart of the index or of a dimension with its choices, the dimensions in small, and what belongs below."""
    dataset, panel = desk.dataset, desk.panel
    ids = ("index", *dataset.dimensions.index)
    with places["choices"], st.container(key=f"{PLACE}-choices", horizontal=True, vertical_alignment="center"):
        st.html(show_paragraph("Line", "sources"), width="content")
        strong = choose_line(desk)
        st.html(show_paragraph("Period", "sources"), width="content")
        choose_span(desk)
    span = (desk.span[0], desk.end)
    with places["below"]:
        search = st.container()
        laid = choose_overlay(desk)
        twin_place = st.container()
    table = tabulate_levels(panel, ids, desk.freq, desk.span, desk.percent, strong, laid)
    with places["chart"], st.container(key=PLACE, gap=None):
        chart, leaving = draw_main(desk, ids, strong, span, laid)
    with places["cards"]:
        st.html(list_multiples(panel.for_dimensions(), desk.links, desk.today, desk.span, desk.end, desk.percent))
    with search:
        st.html(list_sources(panel, strong, desk.span))
        find_event(desk, strong)
    with twin_place:
        if twin := open_twin(f"{PLACE}-table", chart.alt, table, "Readings, newest first"):
            offer_csv(twin, desk, table, f"{PLACE}.csv", id=strong)
        show_overlay(desk, strong, laid)
    open_noted(desk)
    return Shown(strong, leaving, table)


def draw_main(
    desk: Desk, ids: tuple[str, ...], strong: str, span: Span, laid: Laid
) -> tuple[Chart, Callable[[], Chart]]:
    """Draw the chart with key, strip and the list that its numbers refer to; return it, and what makes the one that leaves the page."""
    panel = desk.panel
    if laid.overlay != NO_OVERLAY:
        chart = draw_levels(panel, (strong,), strong, desk.span, desk.percent, 340, laid)
        st.plotly_chart(chart.figure, key=f"{PLACE}-plot", config=CONFIG, alt=chart.alt)
        return chart, lambda: chart
    marks = find_marks(panel, strong, span, desk.percent)
    chart = draw_marked(panel, ids, strong, span, desk.percent, is_telephone())
    number = len(members_of(panel, strong))
    st.html(show_chart_key(desk.dataset.title(strong), number, desk.percent, list_key(marks)))
    st.html(hide_other_layout(panel, ids, strong, span, desk.percent, is_telephone()))
    with hold_points(PLACE):
        draw_plot(desk, chart, span)
        # A drag chooses a period, so the plot takes no clicks itself.
        points = find_points(panel, ids, strong, span, desk.percent, is_telephone())
        place_points(PLACE, "Reviews and turning points of the chart", points, lambda id: note_point(desk, strong, id))
    run_script(WHOLE_PERIOD)
    show_strip(desk, marks, strong, span)
    if marks.turns:
        st.html(show_turns(marks.turns))
    return chart, partial(keep_wide, chart)


def draw_plot(desk: Desk, chart: Chart, span: Span) -> None:
    """Draw the plot; a drag over it chooses a period."""
    key = f"{PLACE}-plot"

    def take_period() -> None:
        for box in st.session_state[key]["selection"]["box"]:
            days = sorted(pd.Timestamp(day).normalize() for day in box["x"])
            first, last = max(days[0], span[0]), min(days[1], span[1])
            if (last - first).days >= LEAST_DAYS:
                set_period(first.date(), None if last >= span[1] and desk.span[1] == span[1] else last.date())

    st.plotly_chart(chart.figure, key=key, config=CONFIG, alt=chart.alt, on_select=take_period, selection_mode=("box",))


def note_point(desk: Desk, strong: str, id: str) -> None:
    """Note what a point opens: a turning point its event, a review what moved its quarter."""
    if id in desk.dataset.events.index:
        note_opened([id])
    else:
        note_account(strong, id)


@remember
def hide_other_layout(panel: Panel, ids: tuple[str, ...], strong: str, span: Span, percent: int, touch: bool) -> str:
    """Return the style that hides the names on a narrow plot and the numbers on a wide one."""
    layouts = list_layouts(draw_marked(panel, ids, strong, span, percent, touch).figure)
    return hide_layouts(f"st-key-{PLACE}", WIDE_FROM, layouts)


@remember
def find_points(panel: Panel, ids: tuple[str, ...], strong: str, span: Span, percent: int, touch: bool) -> list[Point]:
    """Return the reviews and turning points of the plot, with their places."""
    figure = draw_marked(panel, ids, strong, span, percent, touch).figure
    return list_points(figure, find_marks(panel, strong, span, percent))


def show_strip(desk: Desk, marks: Marks, strong: str, span: Span) -> None:
    """Draw the strip of events; a click or tap opens the event, or a list where several lie close."""
    # A new key after each opening: the same event may be opened again.
    key = f"{PLACE}-events-{st.session_state.get('openings', 0)}"

    def take_event() -> None:
        points = st.session_state[key]["selection"]["points"]
        ids = [point["customdata"] for point in points if "customdata" in point]
        if ids:
            id = str(ids[0][0] if isinstance(ids[0], list) else ids[0])
            note_opened(list_close(marks.events, id, span))

    # Events are the same under all weights, so that whoever moves one waits for no new strip.
    figure = draw_strip(desk.panel.as_published(), strong, span, desk.percent)
    alt = f"{count_words(len(marks.events), 'event')} of the period on the same dates; a click opens an event."
    st.plotly_chart(figure, key=key, config=CONFIG, alt=alt, on_select=take_event, selection_mode=("points",))


def list_close(events: pd.DataFrame, id: str, span: Span) -> list[str]:
    """Return an event and those that lie so close to it on the strip that either may be meant, the nearest first."""
    if id not in events.index:
        return []
    day = pd.Timestamp(str(events["date"][id]))
    away = {str(other): abs(pd.Timestamp(date) - day) for other, date in events["date"].items()}
    least = (span[1] - span[0]) / WIDE * CLOSE
    near = sorted((other for other in away if away[other] <= least), key=lambda other: away[other])
    return [id, *(other for other in near if other != id)]


def list_key(marks: Marks) -> list[tuple[str, str]]:
    """Return the key of the marks that a chart has: kind and meaning of each."""
    key = [("ring", "review"), ("full", "highest quarters")] if len(marks.settled) else []
    if marks.turns:
        key.append(("turn" if marks.line.id == "index" else "turn plain", "turning point"))
    key += [("hatch", "not reviewed")] if marks.stretches else []
    key.append(("event", f"{count_words(len(marks.events), 'event')}, source on a click"))
    return key


def choose_span(desk: Desk) -> None:
    """Draw the buttons of the period: each year, since the most telling turning point, and all."""
    spans = list_spans(desk.dataset, desk.today)
    own = (desk.span[0].date(), desk.span[1].date())
    whole = (desk.dataset.oldest or desk.span[0]).date(), desk.today
    now = [name for name, (first, last) in spans.items() if (first or whole[0], last or whole[1]) == own]
    st.session_state[PERIOD] = now[0] if now else None

    def take() -> None:
        if chosen := st.session_state[PERIOD]:
            set_period(*spans[chosen])

    st.segmented_control("Period", list(spans), key=PERIOD, on_change=take, label_visibility="collapsed")


def list_spans(dataset: Dataset, today: dt.date) -> dict[str, tuple[dt.date | None, dt.date | None]]:
    """Return the periods that have a button, by its words; nothing stands for the beginning, or for today."""
    spans: dict[str, tuple[dt.date | None, dt.date | None]] = {}
    first = (dataset.oldest or pd.Timestamp(today)).year
    for year in range(first, today.year + 1):
        begin = None if year == first else dt.date(year, 1, 1)
        spans[str(year)] = (begin, None if year == today.year else dt.date(year, 12, 31))
    if len(dataset.turning_points):
        day = dataset.events.loc[dataset.turning_points.index, "date"].min()
        spans[f"Since {day:%b %Y}"] = (day.date(), None)
    spans[ALL] = (None, None)
    return spans


def set_period(first: dt.date | None, last: dt.date | None) -> None:
    """Set the period of the view, as its two fields do."""
    st.session_state[FROM], st.session_state[TO] = first, last


def find_event(desk: Desk, strong: str) -> None:
    """Draw a search among the events of the period by date or word, for whoever does not use the strip."""
    expander = st.expander("Find an event", key=f"{PLACE}-find", on_change="rerun")
    if not expander.open:
        return
    events = events_about(desk.dataset, strong, desk.span)[::-1]
    words = {str(id): f"{format_date(row['date'])}: {row['fact']}"[:FOUND_LETTERS] for id, row in events.iterrows()}
    key = f"{PLACE}-found-{st.session_state.get('openings', 0)}"

    def take() -> None:
        if id := st.session_state[key]:
            note_opened([id])

    expander.selectbox(
        "Type a date or a word", list(words), None, key=key, format_func=lambda id: words[id], on_change=take
    )


def is_telephone() -> bool:
    """Return whether a reader drags to move the page, so that a chart must not take the drag."""
    return "Mobi" in st.context.headers.get("User-Agent", "")
