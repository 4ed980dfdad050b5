"""Blocks of the page Method and data."""

import pandas as pd
import streamlit as st

from indicators.dashboard.app import Desk, look_at_data, open_data
from indicators.dashboard.outside.imports import show_import
from indicators.dashboard.results import (
    agreement_of,
    carrying_of,
    corrections_of,
    differences_of,
    divergences_of,
    judged_of,
    outside_of,
    queue_of,
    shares_of,
    validity_of,
    vintages_of,
)
from indicators.measures.index import Weights
from indicators.measures.outside.validity import list_context
from indicators.measures.readings import list_freshness
from indicators.measures.series import tabulate_coverage
from indicators.records.folder import list_files, pack_folder, read_file
from indicators.show.charts.palette import THEMED
from indicators.show.charts.plots import CONFIG, plot_vintages
from indicators.show.links.parameters import cite
from indicators.show.text.html import show_difference, show_problems, show_sources, show_table
from indicators.show.text.outside import (
    LEGEND,
    show_among,
    show_context,
    show_divergences,
    show_findings,
    show_origins,
    show_validity,
)
from indicators.show.text.tables import (
    agreement_table,
    carrying_table,
    coder_table,
    correction_table,
    file_table,
    freshness_table,
    queue_table,
    share_table,
    weight_table,
)
from indicators.show.text.validity import describe_divergences, describe_validity
from indicators.show.text.words import format_date


def show_method(desk: Desk) -> None:
    """Draw the method text."""
    st.markdown(desk.dataset.method)


def show_weights(desk: Desk) -> None:
    """Draw the published weights and the coverage."""
    dataset = desk.dataset
    st.html(show_table(weight_table(dataset, Weights.from_codebook(dataset.dimensions, dataset.indicators))))
    st.subheader("Coverage", anchor=False)
    st.write("First day with a reading, and the share of the weight assessed then and now.")
    st.html(show_table(tabulate_coverage(desk.panel)))


def show_uncertainty(desk: Desk) -> None:
    """Draw what the interval of the index rests on, and what to score next."""
    dataset, panel, today = desk.dataset, desk.panel, pd.Timestamp(desk.today)
    st.subheader("What to score next", anchor=False)
    st.write(
        "By how much today's 80 % interval of the index is expected to narrow when an indicator is scored anew, "
        "or by a second coder."
    )
    st.html(show_table(queue_table(dataset, queue_of(panel, desk.today))))
    st.subheader("Stated weight and effective share", anchor=False)
    st.write(
        "The effective share is the part of the index's variance across the draws that comes from a dimension or an "
        "indicator today. It is large where ranges are wide, whatever the stated weight."
    )
    st.html(show_table(share_table(dataset, shares_of(panel, today))))
    st.subheader("The assessments that carry the interval", anchor=False)
    st.html(show_table(carrying_table(dataset, carrying_of(panel, today))))


def show_agreement(desk: Desk) -> None:
    """Draw how far the coders agree, and where they differ most."""
    st.write(
        "Krippendorff's alpha between the coders: 1 is full agreement, 0 what chance gives. It measures how clear the "
        "codebook is to those who score by it, not whether the scores are right. Corrections made after the scorings "
        "were compared may bring them closer; *Data as of* in View shows the agreement before them."
    )
    st.html(show_table(coder_table(desk.dataset)))
    if desk.panel.coder is not None:
        st.info("One coder is chosen in View; choose all coders to compare them.")
        return
    st.html(show_table(agreement_table(desk.dataset, agreement_of(desk.panel))))
    st.subheader("Where the coders differ most", anchor=False)
    differences = differences_of(desk.panel)
    if differences.empty:
        st.info("No indicator was scored by two coders in one quarter.")
    for _, row in differences.head(8).iterrows():
        st.html(show_difference(desk.dataset, row))


def show_outside(desk: Desk) -> None:
    """Draw how far outside series move with the readings, and where they part."""
    dataset, panel = desk.dataset, desk.panel
    validity, among = validity_of(panel), outside_of(panel)
    st.write(
        "Do series that others make move with the readings? Levels, changes over three months, and the monthly flow of "
        "events are each compared. The section *Outside series* of the method text says how."
    )
    st.html(show_findings(describe_validity(dataset, validity, among)))
    if len(validity):
        st.html(show_sources(LEGEND))
        st.html(show_validity(dataset, validity))
    st.subheader("Divergences", anchor=False)
    st.write(describe_divergences(judged_of(panel)))
    if parted := show_divergences(panel, divergences_of(panel)):
        st.html(parted)
    st.write(
        "A note on a divergence is a row of `benchmarks/notes.csv`, written in the file itself: a day of the stretch, "
        "subject, series, text, the author's coder id, and when it was recorded. `python -m indicators check` holds it "
        "against the rest of the data. Notes appear here, on the dimension's page, and in the publication."
    )
    st.subheader("Outside series with each other", anchor=False)
    st.html(show_among(desk.dataset, among))
    st.subheader("Context", anchor=False)
    st.write("Shown beside the readings at most; never counted for or against them.")
    st.html(show_context(dataset, list_context(dataset)))
    if origins := show_origins(dataset):
        st.subheader("Where the series are from", anchor=False)
        st.html(origins)


def show_freshness(desk: Desk) -> None:
    """Draw when each indicator was assessed last, and when it is due."""
    table = list_freshness(desk.panel.effective, desk.dataset.indicators["review_days"], desk.today)
    st.html(show_table(freshness_table(desk.dataset, table)))


def show_corrections(desk: Desk) -> None:
    """Draw every replaced or withdrawn row, and how one date's reading changed over the vintages."""
    corrections = corrections_of(desk.panel)
    st.write("Every row of the record that a later one replaced or withdrew. Nothing is overwritten: both rows stand.")
    if corrections.empty:
        st.info("Nothing was corrected in this vintage.")
    else:
        st.html(show_table(correction_table(desk.dataset, corrections)))
    st.subheader("One date over the vintages", anchor=False)
    days = desk.panel.dates("quarter")[::-1]
    day = st.selectbox("The index on", days, format_func=format_date)
    if day is not None:
        chart = plot_vintages(vintages_of(desk.panel, "index", day), format_date(day), THEMED)
        st.plotly_chart(chart.figure, key="vintages", config=CONFIG, alt=chart.alt)
        st.html(show_table(chart.table, {"score": lambda v: f"{float(str(v)):.3f}"}))


def show_files(desk: Desk) -> None:
    """Draw the state of the folder, every file for download, the licence and how to cite."""
    st.write("Check of the folder as it stands:")
    st.html(show_problems(look_at_data().report))
    st.html(show_table(file_table(desk.dataset)))
    offer_files(desk)
    st.subheader("Import outside series", anchor=False)
    show_import(desk)
    st.subheader("Licence and citation", anchor=False)
    topic = desk.dataset.topic
    st.write(
        f"Data: {topic.licence_title} ({topic.licence}); outside series under the terms of their publishers. Code: MIT."
    )
    st.code(cite(desk.dataset, desk.today), language=None, wrap_lines=True)
    with st.expander("Data dictionary, rulings and changelog"):
        st.markdown(desk.dataset.readme)


def offer_files(desk: Desk) -> None:
    """Offer the whole folder, and each file of it, for download."""
    data = open_data().data
    name = f"tension-data-{desk.dataset.digest[:8]}.zip"
    st.download_button("All files (zip)", lambda: pack_folder(data), name, "application/zip", on_click="ignore")
    chosen = st.selectbox("One file", list_files(data))
    if chosen:
        label = f"Download {chosen}"
        st.download_button(
            label, lambda: read_file(data, chosen), chosen.replace("/", "-"), "text/plain", on_click="ignore"
        )
