"""Blocks that several pages draw: a chart with its table and sources, tables with downloads."""

import pandas as pd
import streamlit as st

from indicators.dashboard.frame import Desk
from indicators.dashboard.results import headline_of, ledger_of
from indicators.measures.changes import summarise_change
from indicators.measures.headline import Headline
from indicators.measures.moves import Move
from indicators.measures.panel import Panel
from indicators.measures.readings import find_replaced
from indicators.records.dataset import Dataset
from indicators.show.charts import CONFIG, Chart
from indicators.show.markup import show_assessment, show_moves_list, show_table, show_tiles
from indicators.show.scale import Line
from indicators.show.sharing import BASE, COMPARE, DIM, build_link
from indicators.show.sparklines import draw_sparkline
from indicators.show.words import (
    describe_causes,
    describe_replaced,
    describe_sources,
    escape_html,
    format_change,
    format_date,
)


def show_chart(
    chart: Chart, key: str, dataset: Dataset, events: pd.DataFrame, table: pd.DataFrame | None = None
) -> None:
    """Draw a chart with its alt text, its sources line and its table twin with a download."""
    st.plotly_chart(chart.figure, key=key, config=CONFIG, alt=chart.alt)
    st.html(f'<p class="sources">{escape_html(describe_sources(dataset, events))}</p>')
    twin = chart.table if table is None else table
    with st.expander("The chart as a table"):
        st.html(f"<p>{escape_html(chart.alt)}</p>" + show_table(twin, caption="Readings, newest first"))
        st.download_button(
            "Download as CSV",
            twin.to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\n"),
            f"{key}.csv",
            "text/csv",
            key=f"{key}-csv",
            on_click="ignore",
        )


def show_assessments(panel: Panel, indicator: str, span: tuple[pd.Timestamp, pd.Timestamp], newest: int = 8) -> None:
    """Draw an indicator's assessments, newest first; older ones wait in an expander."""
    rows = panel.effective[(panel.effective["indicator"] == indicator) & panel.effective["date"].between(*span)]
    rows = rows.sort_values(["date", "coder"], ascending=[False, True])
    replaced = find_replaced(panel.dataset.assessments, rows)
    parts = [
        show_assessment(panel.dataset, row, describe_replaced(replaced.get(label))) for label, row in rows.iterrows()
    ]
    if not parts:
        st.info("No assessment in this period.")
        return
    st.html("".join(parts[:newest]))
    if len(parts) > newest:
        with st.expander(f"{len(parts) - newest} older assessments"):
            st.html("".join(parts[newest:]))


def choose_line(dataset: Dataset) -> str:
    """Draw the choice of the strong line: the index or a dimension."""
    chosen = st.segmented_control(
        "Strong line",
        ["index", *dataset.dimensions.index],
        default="index",
        required=True,
        key=DIM,
        bind="query-params",
        format_func=dataset.title,
        label_visibility="collapsed",
    )
    return chosen or "index"


def list_events(desk: Desk, id: str) -> pd.DataFrame:
    """Return the events of the period that bear on the index or a dimension."""
    events = desk.dataset.events[desk.dataset.events["date"].between(*desk.span)]
    return events if id == "index" else events[events["indicator"].isin(desk.dataset.indicators_of(id))]


def show_tile_row(desk: Desk, lines: list[Line]) -> None:
    """Draw a tile for each dimension that has a reading."""
    tiles = []
    for position, line in enumerate(lines):
        headline = headline_of(desk.panel, line.id, desk.today)
        if headline is not None:
            link = build_link("", "dimension", {DIM: line.id})
            tiles.append((headline, line.title, link, draw_sparkline(line.readings), position))
    st.html(show_tiles(tiles))


def show_moves(desk: Desk, moves: list[Move]) -> None:
    """Draw the numbered list of the index's largest moves."""
    st.subheader("The largest moves", anchor=False)
    st.html(show_moves_list(desk.dataset, moves))


def show_year(desk: Desk, headline: Headline) -> None:
    """Say what moved the index in the last year, and lead to the full account."""
    if headline.change is None:
        st.html(f'<p class="question">There was no reading on {format_date(headline.year_ago)}.</p>')
        return
    ledger = ledger_of(desk.panel, headline.year_ago, headline.date)
    causes = describe_causes(desk.dataset, summarise_change(ledger, "indicator"))
    days = {BASE: f"{headline.year_ago:%Y-%m-%d}", COMPARE: f"{headline.date:%Y-%m-%d}"}
    st.html(
        f'<p class="question">The index moved by {format_change(headline.change, 2)}: {escape_html(causes)}. '
        f'<a href="{escape_html(build_link("", "compare", days))}" target="_self">The full account</a></p>'
    )
