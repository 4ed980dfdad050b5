"""Blocks of the page Compare: the two days, the account of the change, the assessments behind it."""

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from indicators.dashboard.app import Desk, stop_page
from indicators.dashboard.charts.blocks import explain, offer_csv, open_twin, tell_certainty
from indicators.dashboard.charts.lines import draw_picking, finish, read_quarters
from indicators.dashboard.charts.points import KEYS_ONLY, hold_points, place_points
from indicators.dashboard.links import current_view
from indicators.dashboard.outside.overlay import choose_overlay, show_overlay
from indicators.dashboard.remember import CHARTS, remember, remember_at_most
from indicators.dashboard.widgets import choose_day, choose_id, order_days
from indicators.measures.change.doubt import measure_doubt
from indicators.measures.change.ledger import summarise_change
from indicators.measures.headline import read_headline
from indicators.measures.outside.overlay import NO_OVERLAY
from indicators.measures.outside.validity import measure_validity
from indicators.measures.panel import Panel
from indicators.measures.quarters import settled_quarters
from indicators.measures.readings import NoReadingError
from indicators.measures.uncertainty.intervals import Change, probability_of_change
from indicators.show.charts.change import part_title, waterfall_bars
from indicators.show.charts.palette import THEMED
from indicators.show.charts.plots import CONFIG, Chart, plot_waterfall
from indicators.show.charts.points import list_reviews
from indicators.show.links.parameters import BASE, COMPARE, FROM, NAMED, TO
from indicators.show.text.html import show_assessment, show_change_sentence, show_part, show_sources
from indicators.show.text.uncertainty.sure import list_change_certainty
from indicators.show.text.words import agree_digits, format_change, name_day, name_quarter

QUARTERS, DAYS = "Quarters", "Days"
UNIT = "unit"
"""Where a session keeps whether quarters or days are compared."""

CLICKS = "clicks"
"""Where a session counts the clicks on the chart."""


class Picked(NamedTuple):
    """The two ends of a change, earlier and later, the chart on which they are picked, and where its sentence goes."""

    base: pd.Timestamp
    compare: pd.Timestamp
    chart: Chart
    above: DeltaGenerator


def pick_ends(desk: Desk) -> Picked:
    """Draw the choice of two quarters, or days, and the index on which a click sets them as well."""
    headline = remember(read_headline)(desk.panel, "index", desk.today)
    if headline is None:
        st.info("The index has no reading in this view.")
        stop_page()
    first = first_reading(desk.panel)
    standard = {BASE: max(headline.year_ago.date(), first), COMPARE: headline.date.date()}
    left, right, side = st.columns([2, 2, 3])
    with side, st.container(horizontal=True, gap="medium"):
        daily = choose_unit(desk, standard)
        target = st.segmented_control("A click on the chart sets", ["From", "To"], default="To", required=True)
    order_days(BASE, COMPARE)
    ends = []
    for name, place in ((BASE, left), (COMPARE, right)):
        with place:
            ends.append(
                (choose_day(name, desk.scope, standard[name], first) or standard[name])
                if daily
                else choose_quarter(desk, name, standard[name])
            )
    chosen = BASE if target == "From" else COMPARE
    above = st.container()
    place = st.container()
    laid = choose_overlay(desk)
    chart = draw_picking(desk.panel, desk.span, desk.end, desk.percent, (ends[0], ends[1]), daily, laid)
    # An outside series has an axis of its own, on which no buttons lie.
    quarters = read_quarters(desk.panel, desk.end) if laid.overlay == NO_OVERLAY else pd.Series(dtype=float)
    with place:
        show_picking(chart, quarters, chosen, first)
    show_overlay(desk, "index", laid)
    return Picked(pd.Timestamp(ends[0]), pd.Timestamp(ends[1]), chart, above)


def choose_unit(desk: Desk, standard: Mapping[str, dt.date]) -> bool:
    """Draw the choice between quarters and days; days where the address names one that ends no quarter."""
    values = current_view(desk.dataset, desk.page).values
    days = [values.get(name, str(day)) for name, day in standard.items()]
    if any(not pd.Timestamp(day).is_quarter_end for day in days):
        st.session_state[UNIT] = DAYS

    def settle() -> None:
        quarters = pd.DatetimeIndex(read_quarters(desk.panel, pd.Timestamp(desk.today)).index)
        for name, day in zip(standard, days, strict=True):
            place = min(int(quarters.searchsorted(pd.Timestamp(day))), len(quarters) - 1)
            st.session_state[name] = day if st.session_state[UNIT] == DAYS else f"{quarters[place]:%Y-%m-%d}"

    st.session_state.setdefault(UNIT, QUARTERS)
    return st.segmented_control("Compare", [QUARTERS, DAYS], required=True, key=UNIT, on_change=settle) == DAYS


def choose_quarter(desk: Desk, name: str, standard: dt.date) -> dt.date:
    """Draw the choice of a quarter, newest first; it stands for its last day, and in the address as that."""
    settled = set(remember(settled_quarters)(desk.panel, "index"))
    quarters = pd.DatetimeIndex(read_quarters(desk.panel, pd.Timestamp(desk.today)).index)[::-1]
    titles = {f"{day:%Y-%m-%d}": f"{name_quarter(day)}{'' if day in settled else ', not reviewed'}" for day in quarters}
    label = NAMED[name].label_on(desk.page)
    return dt.date.fromisoformat(
        choose_id(label, list(titles), name, lambda id: titles[id], f"{standard:%Y-%m-%d}", listed=True)
    )


def show_picking(chart: Chart, quarters: pd.Series, chosen: str, first: dt.date) -> None:
    """Draw the chart; a click on it sets the chosen end, or the other one where the two would change places.

    By keyboard each of the ``quarters``, readings by last day, does so.
    """
    # A new key after each click: a place that is clicked again counts again.
    key = f"compare-chart-{st.session_state.get(CLICKS, 0)}"

    def take_click() -> None:
        points = st.session_state[key]["selection"]["points"]
        if points:
            st.session_state[CLICKS] = st.session_state.get(CLICKS, 0) + 1
            day = points[-1]["customdata"]
            set_end(chosen, max(str(day[0] if isinstance(day, list) else day), f"{first:%Y-%m-%d}"))

    place = f"{KEYS_ONLY}compare-chart"
    opens = f"Sets {'From' if chosen == BASE else 'To'}"
    with hold_points(place):
        st.plotly_chart(
            chart.figure, key=key, config=CONFIG, alt=chart.alt, on_select=take_click, selection_mode="points"
        )
        points = list_reviews(chart.figure, quarters, opens)
        place_points(place, "Quarters of the chart", points, lambda day: set_end(chosen, day))
    open_twin("compare-chart-table", chart.alt, chart.table, "Readings, newest first")


def set_end(chosen: str, day: str) -> None:
    """Set one end of the change; where it would not lie on its side of the other, the two change places."""
    other = COMPARE if chosen == BASE else BASE
    held = str(st.session_state[other])
    turned = day > held if chosen == BASE else day < held
    if turned:
        st.session_state[chosen], st.session_state[other] = held, day
    else:
        st.session_state[chosen] = day


def show_change(desk: Desk, picked: Picked) -> pd.DataFrame:
    """Say what changed and draw the way from one reading to the other; return the change ledger behind it."""
    base, compare = picked.base, picked.compare
    if base >= compare:
        st.info("“From” must be earlier than “To”.")
        stop_page()
    try:
        ledger = explain(desk.panel, base, compare)
    except NoReadingError as error:
        st.info(str(error))
        stop_page()
    before, after = read_index_on(desk.panel, base, compare)
    digits = agree_digits(before, after)
    sure, events = judge_change(desk.panel, base, compare), link_events(desk, base, compare)
    picked.above.html(show_change_sentence((base, before), (compare, after), digits, sure, events))
    with picked.above:
        tell_certainty(lambda: tell_change_certainty(desk, ledger, base, compare))
    st.header("What moved it", anchor=False)
    chart = draw_waterfall(desk.panel, base, compare)
    st.plotly_chart(chart.figure, key="waterfall", config=CONFIG, alt=chart.alt)
    points = {"points": lambda v: format_change(float(str(v)), 3)}
    if place := open_twin("waterfall-table", chart.alt, chart.table, formats=points):
        offer_csv(place, desk, ledger.drop(columns=["row"]), "change-ledger.csv", "Download the breakdown as CSV")
    return ledger


def tell_change_certainty(desk: Desk, ledger: pd.DataFrame, base: pd.Timestamp, compare: pd.Timestamp) -> list[str]:
    """Return how sure a change of the index is, in sentences."""
    labels = tuple(sorted({int(label) for label in ledger["row"].dropna()}))
    doubt = remember(measure_doubt)(desk.panel, base, compare, labels, desk.percent)
    return list_change_certainty(desk.panel, doubt, desk.percent, remember(measure_validity)(desk.panel))


def link_events(desk: Desk, base: pd.Timestamp, compare: pd.Timestamp) -> str:
    """Return the address of the events after one day up to another."""
    days = {FROM: f"{base + pd.Timedelta(days=1):%Y-%m-%d}", TO: f"{compare:%Y-%m-%d}"}
    # A single day is no period.
    return desk.links.to("events", days if days[FROM] < days[TO] else {FROM: days[FROM]})


def list_change(desk: Desk, picked: Picked, ledger: pd.DataFrame) -> None:
    """Draw, under each part of the change, its indicators and the assessments with reasons, events and sources."""
    if ledger.empty:
        st.info("Nothing changed between the two days.")
        return
    digits = agree_digits(*read_index_on(desk.panel, picked.base, picked.compare))
    for part in summarise_change(ledger, "dimension").to_dict("records"):
        own = ledger[ledger["dimension"] == part["dimension"]]
        title = f"{part_title(desk.dataset, part['dimension'])}  {format_change(part['amount'], digits)}"
        expander = st.expander(title, on_change="rerun", key=f"part-{part['dimension']}")
        if expander.open:
            with expander:
                for indicator, rows in own.groupby("indicator", sort=False):
                    list_indicator(desk, str(indicator), rows)


def list_indicator(desk: Desk, indicator: str, rows: pd.DataFrame) -> None:
    """Draw one indicator's rows of the ledger."""
    title = desk.dataset.title(indicator) if indicator else "The dimension as a whole"
    parts = []
    for row in rows.to_dict("records"):
        note = f"{row['part']}: {format_change(row['amount'], 3)} points of the index"
        if pd.notna(row["row"]):
            parts.append(show_assessment(desk.dataset, desk.dataset.assessment(int(row["row"])), note))
        else:
            parts.append(show_sources(note))
    st.html(show_part(title, rows["amount"].sum(), parts))


@remember
def read_index_on(panel: Panel, start: pd.Timestamp, end: pd.Timestamp) -> tuple[float, float]:
    """Return the index on two days."""
    before, after = panel.composite(pd.DatetimeIndex([start, end])).index.tolist()
    return before, after


@remember
def first_reading(panel: Panel) -> dt.date:
    """Return the first day on which the index has a reading."""
    first: pd.Timestamp = panel.composite(panel.steps).index.dropna().index[0]
    return first.date()


@remember_at_most(CHARTS)
def draw_waterfall(panel: Panel, start: pd.Timestamp, end: pd.Timestamp) -> Chart:
    """Return the chart of the parts of a change of the index, from one reading to the other."""
    before, after = read_index_on(panel, start, end)
    bars = waterfall_bars(panel.dataset, explain(panel, start, end), THEMED)
    return finish(plot_waterfall((name_day(start), before), bars, (name_day(end), after), THEMED))


@remember
def judge_change(panel: Panel, start: pd.Timestamp, end: pd.Timestamp) -> Change:
    """Return how probable it is that the index rose, fell or stayed between two days."""
    return probability_of_change(panel, "index", start, end)
