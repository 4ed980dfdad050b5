"""Blocks of the page Compare: the two days, the account of the change, the assessments behind it."""

import datetime as dt

import pandas as pd
import streamlit as st

from indicators.dashboard.app import Desk, stop_page
from indicators.dashboard.blocks import explain, offer_csv, open_twin
from indicators.dashboard.charts import draw_picking, finish
from indicators.dashboard.outside.overlay import choose_overlay, show_overlay
from indicators.dashboard.remember import CHARTS, remember, remember_at_most
from indicators.dashboard.widgets import choose_day
from indicators.measures.change.ledger import summarise_change
from indicators.measures.headline import read_headline
from indicators.measures.panel import Panel
from indicators.measures.readings import NoReadingError
from indicators.measures.uncertainty.intervals import Change, probability_of_change
from indicators.show.charts.change import part_title, waterfall_bars
from indicators.show.charts.palette import THEMED
from indicators.show.charts.plots import CONFIG, Chart, plot_waterfall
from indicators.show.links.parameters import BASE, COMPARE
from indicators.show.text.html import show_assessment, show_change_sentence, show_part, show_sources
from indicators.show.text.words import format_change, format_date


def pick_days(desk: Desk) -> tuple[pd.Timestamp, pd.Timestamp, Chart]:
    """Draw the index with a way to click two days on it, and the same two days as inputs; return days and chart."""
    headline = remember(read_headline)(desk.panel, "index", desk.today)
    if headline is None:
        st.info("The index has no reading in this view.")
        stop_page()
    first = first_reading(desk.panel)
    left, right, side = st.columns([2, 2, 3], vertical_alignment="bottom")
    with left:
        standard = max(headline.year_ago.date(), first)
        base = choose_day(BASE, desk.scope, standard, first) or standard
    with right:
        compare = choose_day(COMPARE, desk.scope, headline.date.date(), first) or headline.date.date()
    target = side.segmented_control("A click on the chart sets", ["From", "To"], default="To", required=True)
    place = st.container()
    laid = choose_overlay(desk)
    chart = draw_picking(desk.panel, desk.span, desk.end, desk.percent, (base, compare), laid)

    def set_day() -> None:
        points = st.session_state["compare-chart"]["selection"]["points"]
        if points:
            day = dt.date.fromisoformat(str(points[-1]["x"])[:10])
            st.session_state[BASE if target == "From" else COMPARE] = max(day, first)

    with place:
        st.plotly_chart(
            chart.figure, key="compare-chart", config=CONFIG, alt=chart.alt, on_select=set_day, selection_mode="points"
        )
        open_twin("compare-chart-table", chart.alt, chart.table, "Readings, newest first")
    show_overlay(desk, "index", laid)
    return pd.Timestamp(base), pd.Timestamp(compare), chart


def require_order(base: pd.Timestamp, compare: pd.Timestamp) -> None:
    """Draw nothing further where the first day is not before the second, and say so."""
    if base >= compare:
        st.info("From is not before To. Choose an earlier day for From or a later one for To.")
        stop_page()


def show_change(desk: Desk, base: pd.Timestamp, compare: pd.Timestamp) -> pd.DataFrame:
    """Draw the waterfall from one reading to the other, and return the change ledger behind it."""
    try:
        ledger = explain(desk.panel, base, compare)
    except NoReadingError as error:
        st.info(str(error))
        stop_page()
    before, after = read_ends(desk.panel, base, compare)
    st.html(show_change_sentence(base, compare, after - before, judge_change(desk.panel, base, compare)))
    chart = draw_waterfall(desk.panel, base, compare)
    st.plotly_chart(chart.figure, key="waterfall", config=CONFIG, alt=chart.alt)
    points = {"points": lambda v: format_change(float(str(v)), 3)}
    if place := open_twin("waterfall-table", chart.alt, chart.table, formats=points):
        offer_csv(place, desk, ledger.drop(columns=["row"]), "change-ledger.csv", "Download the ledger as CSV")
    return ledger


def list_change(desk: Desk, ledger: pd.DataFrame) -> None:
    """Draw, under each part of the change, its indicators and the assessments with reasons, events and sources."""
    if ledger.empty:
        st.info("Nothing changed between the two days.")
        return
    for part in summarise_change(ledger, "dimension").to_dict("records"):
        own = ledger[ledger["dimension"] == part["dimension"]]
        title = f"{part_title(desk.dataset, part['dimension'])}  {format_change(part['amount'], 2)}"
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
def read_ends(panel: Panel, start: pd.Timestamp, end: pd.Timestamp) -> tuple[float, float]:
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
    before, after = read_ends(panel, start, end)
    bars = waterfall_bars(panel.dataset, explain(panel, start, end), THEMED)
    return finish(plot_waterfall((format_date(start), before), bars, (format_date(end), after), THEMED))


@remember
def judge_change(panel: Panel, start: pd.Timestamp, end: pd.Timestamp) -> Change:
    """Return how probable it is that the index rose, fell or stayed between two days."""
    return probability_of_change(panel, "index", start, end)
