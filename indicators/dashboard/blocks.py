"""Blocks that several pages draw: a chart with its table and sources, tables with downloads."""

import os

import pandas as pd
import streamlit as st

from indicators.measures.readings import find_replaced
from indicators.measures.series import Panel
from indicators.records.dataset import Dataset, split_ids
from indicators.records.ledger import list_files, pack_folder, read_file
from indicators.records.schema import LEVEL_TESTS
from indicators.records.store import locate_data
from indicators.show.charts import CONFIG, CLAIM_MARGIN, Chart, plot_claim
from indicators.show.lines import chart_dates, level_lines
from indicators.show.markup import escape_html, show_assessment, show_claim, show_table
from indicators.show.palette import THEMED
from indicators.show.words import describe_replaced, describe_sources


def show_chart(chart: Chart, key: str, dataset: Dataset, events: pd.DataFrame, table: pd.DataFrame | None = None) -> None:
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
    parts = [show_assessment(panel.dataset, row, describe_replaced(replaced.get(label))) for label, row in rows.iterrows()]
    if not parts:
        st.info("No assessment in this period.")
        return
    st.html("".join(parts[:newest]))
    if len(parts) > newest:
        with st.expander(f"{len(parts) - newest} older assessments"):
            st.html("".join(parts[newest:]))


def show_claim_chart(panel: Panel, claim: str) -> None:
    """Draw a claim, its test, and a small chart of exactly what it is bound to."""
    row = panel.dataset.claims.loc[claim]
    st.html(show_claim(panel.dataset, claim))
    window = (row["start"], row["end"])
    lines = level_lines(panel, split_ids(row["subject"]), THEMED, chart_dates(panel, row["end"] + CLAIM_MARGIN))
    threshold = row["threshold"] if row["test"] in LEVEL_TESTS else None
    chart = plot_claim(lines, THEMED, window, threshold)
    st.plotly_chart(chart.figure, key=f"claim-{claim}", config=CONFIG, alt=chart.alt)
    with st.expander("As a table"):
        st.html(f"<p>{escape_html(chart.alt)}</p>" + show_table(chart.table, caption="Readings, newest first"))


def offer_files(dataset: Dataset) -> None:
    """Offer the whole folder, and each file of it, for download."""
    data = locate_data(None, os.environ)
    st.download_button(
        "Download all files (zip)",
        lambda: pack_folder(data),
        f"tension-data-{dataset.digest[:8]}.zip",
        "application/zip",
        on_click="ignore",
    )
    name = st.selectbox("One file", list_files(data))
    if name:
        st.download_button(
            f"Download {name}", lambda: read_file(data, name), name.replace("/", "-"), "text/plain", on_click="ignore"
        )
