"""The section on forecasts: open questions, the record beside references, calibration, and the entry of a forecast."""

import pandas as pd
import streamlit as st

from indicators.dashboard.access import may_edit
from indicators.dashboard.app import Desk
from indicators.dashboard.results import finish, share, share_chart
from indicators.dashboard.scoring.save import offer_save, show_waiting
from indicators.dashboard.widgets import choose_id
from indicators.measures.outlook.scores import AHEAD, calibrate, list_current, pair_forecasts, tabulate_scores
from indicators.measures.panel import Panel
from indicators.records.clock import tell_today
from indicators.records.tables.outlook import RULES
from indicators.show.charts.calibration import plot_calibration
from indicators.show.charts.palette import THEMED
from indicators.show.charts.plots import CONFIG, Chart
from indicators.show.files.tables import csv_bytes
from indicators.show.links.parameters import DRAFT
from indicators.show.text.forecasts import (
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
    show_forecast,
)
from indicators.show.text.html import show_sources, show_table
from indicators.show.text.words import escape_html, format_date

QUESTION, PROBABILITY, REASON = f"{DRAFT}question", f"{DRAFT}probability", f"{DRAFT}forecast_reason"

current_of = share(list_current)
pairs_of = share(pair_forecasts)


@share
def scores_of(panel: Panel) -> pd.DataFrame:
    """Return the record of each coder."""
    return tabulate_scores(pairs_of(panel))


@share_chart
def calibration_of(panel: Panel, coder: str, made: str, about: str) -> Chart:
    """Return the picture of one row of the record."""
    pairs = select_pairs(pairs_of(panel), coder, made, about)
    table = calibrate(pairs["forecast"].to_numpy(float), pairs["outcome"].to_numpy(float))
    return finish(plot_calibration(table, name_record(coder, made, about), THEMED))


def show_forecasts(desk: Desk) -> None:
    """Draw the section; where the data has no questions, say so."""
    st.subheader("Forecasts on the record", anchor=False)
    if desk.dataset.questions.empty:
        st.html(show_sources("The data has no questions."))
        return
    st.html(f'<p class="question">{LEAD}</p>')
    show_questions(desk)
    show_record(desk)


def show_questions(desk: Desk) -> None:
    """Draw the questions without an answer, one of them in full with what was said of it, and the entry of a forecast."""
    current = current_of(desk.panel, tell_today())
    if current.empty:
        st.html(show_sources("No question is open."))
        return
    st.html(
        show_table(
            current_table(desk.dataset, current), caption="Questions without an answer, and the forecasts in force"
        )
    )
    texts = dict(zip(current["question"], current["text"], strict=True))
    # Only where a forecast may be typed does the question belong to a draft, which outlasts a visit to another page.
    typed = may_edit(tuple(desk.dataset.coders.index)).allowed
    chosen = choose_id("Question", list(texts), QUESTION, lambda id: texts[id], listed=True, drafted=typed)
    rows = current[current["question"] == chosen]
    left, right = st.columns(2, gap="large")
    with left:
        first = rows.iloc[0]
        taken = (
            f"Takes forecasts until {format_date(first['closes'])}." if first["open"] else "Takes no more forecasts."
        )
        st.html(f'<p class="question">{escape_html(first["criteria"])}</p><p class="sources">{taken}</p>')
        st.html(
            "".join(show_forecast(row) for row in rows.to_dict("records") if row["coder"]) or "<p>No forecast yet.</p>"
        )
    with right:
        show_entry(desk, chosen, bool(first["open"]))


def show_entry(desk: Desk, question: str, open: bool) -> None:
    """Draw the form for those who may record; what was typed stays on the page whatever comes of the save."""
    permission = may_edit(tuple(desk.dataset.coders.index))
    if not permission.allowed:
        st.html(show_sources(permission.why))
        return
    show_waiting(desk, permission.coder)
    if open:
        percent = st.slider("Probability of yes, per cent", 1, 99, 50, key=PROBABILITY, bind="query-params")
        reason = st.text_area(
            f"Why, as coder {permission.coder}",
            max_chars=600,
            height=110,
            key=REASON,
            bind="query-params",
            placeholder="20 to 600 characters, in your own words",
        )
        row = {
            "question": question,
            "date": f"{tell_today()}",
            "probability": f"{percent / 100:g}",
            "rationale": " ".join(reason.split()),
        }
        offer_save(desk, "Save forecast", forecasts=(row,))
        st.html(show_sources("Your forecast of an earlier day stays on record; one of today is replaced."))


def show_record(desk: Desk) -> None:
    """Draw the scores beside the references, flattering or not, and how far what was said came true."""
    st.subheader("How forecasts did", anchor=False)
    scores = scores_of(desk.panel)
    if AHEAD not in set(scores["made"]):
        st.html(show_sources(NONE_AHEAD))
    if scores.empty:
        return
    # A rule that has been replaced comes last, so that the page opens on one that is in use.
    ordered = sorted(scores.to_dict("records"), key=lambda row: row["coder"] in RULES[:-1])
    records = {f"{row['coder']}.{row['made']}.{row['about']}": row for row in ordered}
    key = next(iter(records))
    if len(records) > 1:
        titles = {id: name_record(row["coder"], row["made"], row["about"]) for id, row in records.items()}
        key = choose_id("Record", list(records), f"{DRAFT}record", lambda id: titles[id], listed=True)
    row = records[key]
    text, picture = st.columns([6, 5], gap="large")
    with text:
        st.html(f'<p class="question">{escape_html(describe_record(row))}</p>')
        st.html(show_table(score_table(row), caption="Scores, 0 is best; skill with its 95 % interval"))
        if len(records) > 1:
            st.html(show_table(record_table(scores), caption="All records"))
        st.html(
            f'<p class="sources">{REFERENCES}</p><p class="sources">{SCORE_HELP}</p>'
            f'<p class="sources">{describe_parts(row)}</p>'
        )
        if row["made"] != AHEAD:
            st.html(f'<p class="sources">{BACK_CASTS}</p>')
        pairs = pairs_of(desk.panel)
        st.download_button(
            "Every answered forecast as CSV", csv_bytes(pairs), "forecasts.csv", "text/csv", on_click="ignore"
        )
    with picture:
        show_calibration(desk, row["coder"], row["made"], row["about"])


def show_calibration(desk: Desk, coder: str, made: str, about: str) -> None:
    """Draw the calibration picture with its alt text and its table."""
    chart = calibration_of(desk.panel, coder, made, about)
    st.plotly_chart(chart.figure, key=f"calibration-{coder}-{made}-{about}", config=CONFIG, alt=chart.alt)
    st.html(
        '<p class="sources">On the dashed line things came true as often as was said. Numbers count forecasts; bars are '
        "95 % intervals, too narrow where questions overlap; a hollow point rests on fewer than five.</p>"
    )
    with st.expander("The picture as a table"):
        st.html(f"<p>{escape_html(chart.alt)}</p>" + show_table(chart.table, caption="Said and come true, by tenths"))
