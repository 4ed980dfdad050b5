"""The section on forecasts: open questions, the record beside references, calibration, and the entry of a forecast."""

import datetime as dt
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from indicators.dashboard.access import may_edit
from indicators.dashboard.app import Desk
from indicators.dashboard.charts.blocks import offer_csv
from indicators.dashboard.charts.lines import finish
from indicators.dashboard.outlook.questions import answer_question, ask_question
from indicators.dashboard.remember import CHARTS, remember, remember_at_most
from indicators.dashboard.scoring.forms import show_said
from indicators.dashboard.scoring.save import offer_save, show_waiting
from indicators.dashboard.widgets import choose_id
from indicators.measures.outlook.scores import AHEAD, calibrate, list_current, pair_forecasts, tabulate_scores
from indicators.measures.panel import Panel
from indicators.records.tables.columns import RATIONALE
from indicators.records.tables.outlook import PROBABILITY, RULES
from indicators.show.charts.calibration import plot_calibration
from indicators.show.charts.palette import THEMED
from indicators.show.charts.plots import CONFIG, Chart
from indicators.show.links.parameters import DRAFT
from indicators.show.text.html import show_paragraph, show_sources, show_table
from indicators.show.text.outlook.forecasts import (
    BACK_CASTS,
    LEAD,
    NONE_AHEAD,
    REFERENCES,
    SCORE_HELP,
    current_table,
    describe_parts,
    describe_record,
    name_record,
    record_table,
    score_table,
    select_pairs,
    show_forecasts,
)
from indicators.show.text.words import format_date

QUESTION, PERCENT, REASON = f"{DRAFT}question", f"{DRAFT}probability", f"{DRAFT}forecast_reason"
LEAST, MOST = round(100 * PROBABILITY.low), round(100 * PROBABILITY.high)


@remember
def score_coders(panel: Panel) -> pd.DataFrame:
    """Return the record of each coder."""
    return tabulate_scores(remember(pair_forecasts)(panel))


@remember_at_most(CHARTS)
def draw_calibration(panel: Panel, coder: str, made: str, about: str) -> Chart:
    """Return the picture of one row of the record."""
    pairs = select_pairs(remember(pair_forecasts)(panel), coder, made, about)
    table = calibrate(pairs["forecast"].to_numpy(float), pairs["outcome"].to_numpy(float))
    return finish(plot_calibration(table, name_record(coder, made, about), THEMED))


def show_section(desk: Desk) -> None:
    """Draw the section; where the data has no questions, say so."""
    st.header("Forecasts on record", anchor=False)
    show_said()
    if desk.dataset.questions.empty:
        st.html(show_sources("The data have no questions."))
        ask_question(desk)
        return
    st.html(show_paragraph(LEAD, "question"))
    show_questions(desk)
    ask_question(desk)
    show_record(desk)


@remember
def list_questions(panel: Panel, today: dt.date) -> str:
    """Return the questions without an answer with their current forecasts, as a fragment of a page."""
    table = current_table(panel.dataset, remember(list_current)(panel, today))
    return show_table(table, caption="Questions without an answer, and current forecasts")


def show_questions(desk: Desk) -> None:
    """Draw the questions without an answer, one of them in full with what was said of it, and the entry of a forecast."""
    current = remember(list_current)(desk.panel, desk.today)
    if current.empty:
        st.html(show_sources("No question is open."))
        return
    st.html(list_questions(desk.panel, desk.today))
    texts = dict(zip(current["question"], current["text"], strict=True))
    # Only where a forecast may be typed does the question belong to a draft, which outlasts a visit to another page.
    typed = may_edit(tuple(desk.dataset.coders.index)).allowed
    chosen = choose_id("Question", list(texts), QUESTION, lambda id: texts[id], listed=True, drafted=typed)
    rows = current[current["question"] == chosen]
    left, right = st.columns(2, gap="large")
    with left:
        first = rows.iloc[0]
        taken = f"Open until {format_date(first['closes'])}." if first["open"] else "Closed to new forecasts."
        st.html(show_paragraph(first["criteria"], "question") + show_sources(taken))
        st.html(show_forecasts(row for row in rows.to_dict("records") if row["coder"]))
    with right:
        show_entry(desk, chosen, bool(first["open"]))
        answer_question(desk, chosen)


def show_entry(desk: Desk, question: str, open: bool) -> None:
    """Draw the form for those who may record; what was typed stays on the page whatever comes of the save."""
    permission = may_edit(tuple(desk.dataset.coders.index))
    if not permission.allowed:
        st.caption(permission.why)
        return
    show_waiting(desk, permission.coder)
    if open:
        percent = st.slider("Probability of yes, per cent", LEAST, MOST, 50, key=PERCENT, bind="query-params")
        reason = st.text_area(
            f"Reason, as coder {permission.coder}",
            max_chars=RATIONALE.longest,
            height=110,
            key=REASON,
            bind="query-params",
            placeholder=f"{RATIONALE.shortest} to {RATIONALE.longest} characters, in your own words",
        )
        row = {
            "question": question,
            "date": desk.today.isoformat(),
            "probability": f"{percent / 100:g}",
            "rationale": " ".join(reason.split()),
        }
        offer_save(desk, "Save forecast", forecasts=(row,))
        st.html(show_sources("An earlier forecast of yours stays on record; one made today is replaced."))


def show_record(desk: Desk) -> None:
    """Draw the scores beside the references, flattering or not, and how far what was said came true."""
    st.header("How forecasts performed", anchor=False)
    records = list_records(desk.panel)
    if AHEAD not in {row["made"] for row in records.values()}:
        st.html(show_sources(NONE_AHEAD))
    if not records:
        return
    key = next(iter(records))
    if len(records) > 1:
        titles = {id: name_record(row["coder"], row["made"], row["about"]) for id, row in records.items()}
        key = choose_id("Record", list(records), f"{DRAFT}record", lambda id: titles[id], listed=True)
    row = records[key]
    text, picture = st.columns([6, 5], gap="large")
    with text:
        st.html(tell_record(desk.panel, key))
        pairs = remember(pair_forecasts)(desk.panel)
        offer_csv(st.container(), desk, pairs, "forecasts.csv", "All answered forecasts as CSV")
    with picture:
        show_calibration(desk, row["coder"], row["made"], row["about"])


@remember
def list_records(panel: Panel) -> dict[str, dict[Any, Any]]:
    """Return the rows of the record by their keys; a rule that has been replaced comes last."""
    ordered = sorted(score_coders(panel).to_dict("records"), key=lambda row: row["coder"] in RULES[:-1])
    return {f"{row['coder']}.{row['made']}.{row['about']}": row for row in ordered}


@remember
def tell_record(panel: Panel, key: str) -> str:
    """Return one row of the record beside the references, and the others in short, as a fragment of a page."""
    records = list_records(panel)
    row = records[key]
    parts = [
        show_paragraph(describe_record(row), "question"),
        show_table(score_table(row), caption="Scores, 0 is best; skill with its 95 % interval"),
    ]
    if len(records) > 1:
        parts.append(show_table(record_table(score_coders(panel)), caption="All records"))
    parts += [show_sources(REFERENCES), show_sources(SCORE_HELP), show_sources(describe_parts(row))]
    if row["made"] != AHEAD:
        parts.append(show_sources(BACK_CASTS))
    return Markup("").join(parts)


def show_calibration(desk: Desk, coder: str, made: str, about: str) -> None:
    """Draw the calibration picture with its alt text and its table."""
    chart = draw_calibration(desk.panel, coder, made, about)
    st.plotly_chart(chart.figure, key=f"calibration-{coder}-{made}-{about}", config=CONFIG, alt=chart.alt)
    st.html(
        show_sources(
            "The dashed line is perfect calibration. Numbers are counts of forecasts; bars are 95 % intervals, too narrow "
            "where questions overlap; hollow points rest on fewer than five forecasts."
        )
    )
    with st.expander("The chart as a table"):
        st.html(show_paragraph(chart.alt) + show_table(chart.table, caption="Calibration in bins of ten per cent"))
