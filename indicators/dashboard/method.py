"""Blocks of the page Method and data."""

import pandas as pd
import streamlit as st

from indicators.dashboard.app import Desk, look_at_data, open_data, read_blindness
from indicators.dashboard.outside.imports import show_import
from indicators.dashboard.outside.notes import write_note
from indicators.dashboard.remember import remember
from indicators.measures.agreement import (
    compare_spans,
    estimate_from_units,
    list_differences,
    measure_agreement,
    measure_overlap,
)
from indicators.measures.change.vintages import list_corrections, reading_over_vintages
from indicators.measures.coherence import measure_coherence
from indicators.measures.index import Weights
from indicators.measures.outside.divergence import count_judged, find_divergences
from indicators.measures.outside.validity import compare_outside, list_context, measure_validity
from indicators.measures.quarters import list_reviews
from indicators.measures.series import tabulate_coverage
from indicators.measures.uncertainty.carried import count_held
from indicators.measures.uncertainty.choices import leave_out, vary_choices
from indicators.measures.uncertainty.sensitivity import carrying_assessments, effective_shares, queue_scoring
from indicators.records.folder import list_files, pack_folder, read_file
from indicators.show.charts.palette import THEMED
from indicators.show.charts.plots import CONFIG, plot_vintages
from indicators.show.links.parameters import cite
from indicators.show.text.html import show_difference, show_problems, show_sources, show_table
from indicators.show.text.outside.comparison import (
    LEGEND,
    show_among,
    show_context,
    show_divergences,
    show_findings,
    show_origins,
    show_validity,
)
from indicators.show.text.outside.validity import describe_divergences, describe_validity
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
from indicators.show.text.uncertainty.sensitivity import (
    choice_table,
    coherence_table,
    describe_agreement,
    describe_choices,
    describe_coherence,
    describe_left_out,
    describe_overlap,
    describe_record,
    left_out_table,
    record_table,
)
from indicators.show.text.words import format_date


def show_method(desk: Desk) -> None:
    """Draw the method text."""
    with st.container(key="method-text"):
        st.markdown(drop_title(desk.dataset.method))


def drop_title(text: str) -> str:
    """Return a Markdown text without the title on its first line: the page has one."""
    first, _, rest = text.partition("\n")
    return rest.lstrip() if first.startswith("# ") else text


def show_weights(desk: Desk) -> None:
    """Draw the published weights and the coverage."""
    dataset = desk.dataset
    st.html(show_table(weight_table(dataset, Weights.from_codebook(dataset.dimensions, dataset.indicators))))
    st.header("Coverage", anchor=False)
    st.write("First day with a reading, and the share of the weight assessed then and now.")
    st.html(show_table(tabulate_coverage(desk.panel)))


def show_uncertainty(desk: Desk) -> None:
    """Draw what the interval of the index rests on, and what to score next."""
    dataset, panel, today = desk.dataset, desk.panel, pd.Timestamp(desk.today)
    show_choices(desk)
    st.header("What to score next", anchor=False)
    st.write(
        "Expected narrowing of the 80 % interval of the index at the end of this quarter when an indicator is reviewed, or "
        "scored by a second coder."
    )
    st.html(show_table(queue_table(dataset, remember(queue_scoring)(panel, desk.today))))
    st.header("Stated weight and effective share", anchor=False)
    st.write(
        "The effective share is the part of the index's variance across the draws that comes from a dimension or an "
        "indicator today. It is large where ranges are wide, whatever the stated weight."
    )
    st.html(show_table(share_table(dataset, remember(effective_shares)(panel, today))))
    st.header("Assessments that contribute most to the interval", anchor=False)
    st.html(show_table(carrying_table(dataset, remember(carrying_assessments)(panel, today))))


def show_choices(desk: Desk) -> None:
    """Draw which choice matters most, what the index is without each part, and how carried intervals held."""
    dataset, panel = desk.dataset, desk.panel
    found = remember(vary_choices)(panel)
    if found is None:
        st.info("No quarter is settled yet.")
        return
    st.header("Which choice matters most", anchor=False)
    st.write(
        "Share of the variance due to each choice alone, and together with others, when all are varied at once. "
        "In brackets: the 95 % interval of the sampling error."
    )
    st.html(show_table(choice_table(found)))
    st.write(" ".join(describe_choices(found)))
    st.header("Leaving out one part", anchor=False)
    left = remember(leave_out)(panel)
    st.write(describe_left_out(left))
    st.html(show_table(left_out_table(dataset, left)))
    since = dataset.topic.since
    periods = [
        period
        for start in dict.fromkeys((None, since))
        if (period := remember(measure_coherence)(panel, start)) is not None
    ]
    if periods:
        st.header("How the dimensions move together", anchor=False)
        st.write(describe_coherence(dataset, periods))
    for period in periods:
        caption = f"Correlations of settled quarters since {format_date(period.start)}"
        st.html(show_table(coherence_table(dataset, period), caption=caption))
    st.header("How intervals of carried readings performed", anchor=False)
    record = remember(count_held)(panel, since)
    st.write(describe_record(record))
    st.html(show_table(record_table(record)))


def show_agreement(desk: Desk) -> None:
    """Draw how far the coders agree, and where they differ most."""
    st.write(
        "Krippendorff's alpha between the coders: 1 is full agreement, 0 is agreement by chance. It measures how clear the "
        "codebook is to those who score with it, not whether the scores are right. Corrections made after the scorings "
        "were compared may raise it; *Data as of* in View shows the agreement before them."
    )
    st.html(show_table(coder_table(desk.dataset)))
    if desk.panel.coder is not None:
        st.info("One coder is chosen in View; choose all coders to compare them.")
        return
    since = desk.dataset.topic.since
    later = remember(measure_agreement)(desk.panel, since=since)
    said = describe_agreement(
        remember(compare_spans)(desk.panel, since), later, desk.dataset, remember(estimate_from_units)(desk.panel)
    )
    st.write(" ".join(said))
    for sentence in describe_overlap(remember(measure_overlap)(desk.panel)):
        st.write(sentence)
    st.html(show_table(agreement_table(desk.dataset, remember(measure_agreement)(desk.panel))))
    st.header("Where the coders differ most", anchor=False)
    differences = remember(list_differences)(desk.panel)
    if differences.empty:
        st.info("No indicator is double-coded in any quarter.")
    for _, row in differences.head(8).iterrows():
        st.html(show_difference(desk.dataset, row))


def show_outside(desk: Desk) -> None:
    """Draw how far outside series move with the readings, and where they part."""
    dataset, panel = desk.dataset, desk.panel
    validity, among = remember(measure_validity)(panel), remember(compare_outside)(dataset)
    st.write(
        "Do outside series move with the readings? Each settled quarter is compared with the part of the series that "
        "covers the same time: levels, changes from the previous quarter, and the flow of events. The section *Outside "
        "series* of the method text explains how."
    )
    st.html(show_findings(describe_validity(dataset, validity, among)))
    if len(validity):
        st.html(show_sources(LEGEND))
        st.html(show_validity(dataset, validity))
    st.header("Divergences", anchor=False)
    st.write(describe_divergences(remember(count_judged)(panel)))
    divergences = remember(find_divergences)(panel)
    if parted := show_divergences(panel, divergences):
        st.html(parted)
    write_note(desk, divergences)
    st.header("Outside series with each other", anchor=False)
    st.html(show_among(desk.dataset, among))
    st.header("Context", anchor=False)
    st.write("Shown for context only; no evidence for or against the readings.")
    st.html(show_context(dataset, list_context(dataset)))
    if origins := show_origins(dataset):
        st.header("Sources of the series", anchor=False)
        st.html(origins)


def show_freshness(desk: Desk) -> None:
    """Draw when each indicator was assessed last, and when it is due."""
    table = list_reviews(desk.panel, desk.today)
    st.html(show_table(freshness_table(desk.dataset, table)))


def show_corrections(desk: Desk) -> None:
    """Draw every replaced or withdrawn row, and how one date's reading changed over the vintages."""
    corrections = remember(list_corrections)(desk.panel)
    st.write(
        "Every row of the record that a later one replaced or withdrew. Nothing is overwritten; both rows stay on record."
    )
    if corrections.empty:
        st.info("No corrections in this vintage.")
    else:
        st.html(show_table(correction_table(desk.dataset, corrections)))
    st.header("One date across vintages", anchor=False)
    days = desk.panel.dates("quarter")[::-1]
    day = st.selectbox("The index on", days, format_func=format_date)
    if day is not None:
        chart = plot_vintages(remember(reading_over_vintages)(desk.panel, "index", day), format_date(day), THEMED)
        st.plotly_chart(chart.figure, key="vintages", config=CONFIG, alt=chart.alt)
        st.html(show_table(chart.table, {"score": lambda v: f"{float(str(v)):.3f}"}))


def show_files(desk: Desk) -> None:
    """Draw the state of the folder, every file for download, the licence and how to cite."""
    st.write("Current check of the data folder:")
    st.html(show_problems(look_at_data().report))
    st.html(show_table(file_table(desk.dataset)))
    offer_files(desk)
    st.header("Import outside series", anchor=False)
    show_import(desk)
    st.header("Licence and citation", anchor=False)
    topic = desk.dataset.topic
    st.write(
        f"Data: {topic.licence_title} ({topic.licence}); outside series under the terms of their publishers. Code: MIT."
    )
    st.code(cite(desk.dataset, desk.today), language=None, wrap_lines=True)
    with st.expander("Data dictionary, rulings and changelog"), st.container(key="data-readme"):
        st.markdown(drop_title(desk.dataset.readme))


def offer_files(desk: Desk) -> None:
    """Offer the whole folder, and each file of it, for download."""
    store = open_data()
    data, whole = store.data, store.look().dataset
    if whole is None:
        return
    see = read_blindness(whole).see_file
    name = f"tension-data-{desk.dataset.digest[:8]}.zip"
    st.download_button("All files (zip)", lambda: pack_folder(data, see), name, "application/zip", on_click="ignore")
    chosen = st.selectbox("One file", list_files(data))
    if chosen:
        label = f"Download {chosen}"
        st.download_button(
            label,
            lambda: see(chosen, read_file(data, chosen)),
            chosen.replace("/", "-"),
            "text/plain",
            on_click="ignore",
        )
