"""Blocks that several pages draw: a chart with its table and sources, tables with downloads."""

import os

import pandas as pd
import streamlit as st

from indicators.measures.claims import judge_claims
from indicators.measures.panel import Panel
from indicators.measures.readings import find_replaced
from indicators.records.dataset import Dataset
from indicators.records.ledger import list_files, pack_folder, read_file
from indicators.records.schema import LEVEL_TESTS
from indicators.records.store import locate_data
from indicators.show.charts import CONFIG, Chart, claim_span, plot_claim
from indicators.show.lines import claim_lines
from indicators.show.markup import escape_html, show_assessment, show_claim, show_table
from indicators.show.palette import DARK, LIGHT, THEMED
from indicators.show.sparklines import draw_claim
from indicators.show.words import (
    describe_quantity,
    describe_replaced,
    describe_sources,
    describe_test,
    describe_verdict,
    escape_markdown,
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


@st.cache_data(show_spinner="Testing the claims", max_entries=24)
def judge_for(_panel: Panel, key: str) -> pd.DataFrame:  # noqa: ARG001
    """Return the verdicts on all claims, indexed by claim; ``key`` tells panels apart."""
    return judge_claims(_panel).set_index("claim", drop=False)


def show_claim_row(panel: Panel, judged: pd.Series) -> None:
    """Draw a claim with its verdict and a small picture, and a way to everything behind it."""
    light, dark = (claim_lines(panel, judged, palette) for palette in (LIGHT, DARK))
    pictured = [(a.readings, a.colour, b.colour) for a, b in zip(light, dark, strict=True)]
    threshold = judged["threshold"] if judged["test"] in LEVEL_TESTS else None
    window = (judged["start"], judged["end"])
    picture = draw_claim(pictured, window, claim_span(window), threshold)
    st.html(show_claim(panel.dataset, judged, picture, plot_claim(light, LIGHT, window, threshold).alt))
    if st.button("Readings and draws", key=f"open-{judged['claim']}", type="tertiary"):
        open_claim(panel, judged)


@st.dialog("Claim", width="large")
def open_claim(panel: Panel, judged: pd.Series) -> None:
    """Show the chart, the readings and the draws behind one claim."""
    st.subheader(escape_markdown(judged["text"]), anchor=False)
    st.html(f'<p class="verdict">{escape_html(describe_verdict(judged))}</p>')
    window = (judged["start"], judged["end"])
    threshold = judged["threshold"] if judged["test"] in LEVEL_TESTS else None
    chart = plot_claim(claim_lines(panel, judged, THEMED), THEMED, window, threshold, height=260)
    st.plotly_chart(chart.figure, key=f"claim-{judged['claim']}", config=CONFIG, alt=chart.alt)
    st.write(escape_markdown(describe_test(judged, panel.dataset) + ". " + describe_quantity(judged)))
    st.html(show_table(chart.table, caption="Readings, newest first"))


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
