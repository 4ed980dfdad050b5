"""New questions about what will be, and the answers of those that an event, not a reading, answers."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from indicators.dashboard.access import may_edit
from indicators.dashboard.app import Desk
from indicators.dashboard.remember import remember
from indicators.dashboard.scoring.forms import SmallForm, Values
from indicators.measures.outlook.questions import select_questions
from indicators.records.dataset import Dataset
from indicators.records.encoding import DAY_FORMAT
from indicators.records.saving.entry import judge_cells, shorten, tidy
from indicators.records.tables.outlook import QUESTIONS, QUESTIONS_FILE
from indicators.show.text.html import show_sources
from indicators.show.text.scoring.sheet import name_event

ASKED = ("question", "text", "subject", "test", "threshold", "criteria", "opened", "closes", "resolves")
MEASURED = ("subject", "test", "threshold")
TESTS = {"above": "is at or above", "below": "is below", "rises": "rises by at least", "falls": "falls by at least"}
ANSWERED = ("resolution", "event", "resolved")
ANSWERS = {"yes": "Yes", "no": "No", "void": "Void"}

EVENT = "No reading: an event answers it"
"""What the choice of a subject calls a question that has none."""


def ask_question(desk: Desk) -> None:
    """Draw the entry of a new question for those who may record."""
    permission = may_edit(desk.dataset.people)
    if not permission.allowed:
        return
    with st.expander("Ask a new question", key="question-new", on_change="rerun") as opened:
        if opened.open:
            enter_question(desk, permission.coder)


def enter_question(desk: Desk, coder: str) -> None:
    """Draw the form of a new question."""
    dataset = desk.dataset
    known = set(dataset.questions["question"])
    start = {"opened": desk.today.isoformat()}
    form = SmallForm(coder, "question-new", ASKED, lambda typed: judge_question(typed, known), start)
    form.text("text", "The question, in one sentence")
    left, middle, right = st.columns(3)
    subjects = {
        "": EVENT,
        **{id: dataset.title(id) for id in ("index", *dataset.dimensions.index, *dataset.indicators.index)},
    }
    form.listed("subject", "Reading that answers it", subjects, left)
    if form.read()["subject"]:
        form.choice("test", "Yes if it", TESTS, middle)
        form.text("threshold", "Points", right, placeholder="6.5")
    form.area("criteria", "By what it is answered yes, no or not at all")
    for field, label, place in zip(
        ("opened", "closes", "resolves", "question"),
        ("First day of forecasts", "Last day of forecasts", "Day that it is about", "Id, as in index-year-end"),
        st.columns(4),
        strict=True,
    ):
        form.text(field, label, place, placeholder="" if field == "question" else "2024-02-29")
    row = {**dict.fromkeys(QUESTIONS.names, ""), **read_question(form.read())}
    said = "The question is on record. Only its answer can be added to it."
    form.press(desk, "Ask the question", lambda _: {"appended": ((QUESTIONS_FILE, row),)}, said)


def read_question(typed: Values) -> Values:
    """Return what was typed as cells; one that an event answers has neither test nor threshold."""
    cells = {name: tidy(text) for name, text in typed.items()}
    return cells if cells["subject"] else cells | dict.fromkeys(MEASURED, "")


def judge_question(typed: Values, known: set[str]) -> dict[str, str]:
    """Return what is wrong with a new question, by field; ``known`` are the ids that are taken."""
    cells = read_question(typed)
    faults = judge_cells(QUESTIONS, cells)
    needed = ("criteria", *(MEASURED if cells["subject"] else ()))
    faults |= {name: "Fill it in." for name in needed if not cells[name]}
    if cells["question"] in known:
        faults["question"] = "Another question has this id."
    for early, late in (("opened", "closes"), ("closes", "resolves")):
        if early not in faults and late not in faults and cells[late] < cells[early]:
            faults[late] = f"This is before {cells[early]}."
    return faults


def answer_question(desk: Desk, id: str) -> None:
    """Draw the entry of a question's answer for those who may record; one on a reading can only be void."""
    permission = may_edit(desk.dataset.people)
    if not permission.allowed:
        return
    measured = read_cells(desk.dataset, id)["subject"]
    label = "Declare this question void" if measured else "Answer this question"
    with st.expander(label, key=f"answer-{id}", on_change="rerun") as opened:
        if opened.open:
            enter_answer(desk, id, permission.coder)


def enter_answer(desk: Desk, id: str, coder: str) -> None:
    """Draw the form of an answer."""
    question = read_cells(desk.dataset, id)
    measured = bool(question["subject"])
    options = {"void": ANSWERS["void"]} if measured else ANSWERS
    events = name_events(desk.dataset, question)
    start = {"resolved": desk.today.isoformat()}
    form = SmallForm(coder, f"answer-{id}", ANSWERED, judge_answer, start)
    if measured:
        st.html(show_sources("This question is answered by a reading; here it can only be declared void."))
    form.choice("resolution", "Answer", options)
    if form.read()["resolution"] == "yes":
        form.listed("event", "Event that answers it", events, placeholder="Type a word of the event, or its id")
    form.text("resolved", "Day of the answer", placeholder="2024-02-29")
    row = {**question, **read_answer(form.read()), "recorded": ""}
    form.press(desk, "Record the answer", lambda _: {"appended": ((QUESTIONS_FILE, row),)}, "The answer is on record.")


def read_answer(typed: Values) -> Values:
    """Return what was typed as cells; only a yes names an event."""
    cells = {name: tidy(text) for name, text in typed.items()}
    return cells if cells["resolution"] == "yes" else cells | {"event": ""}


def judge_answer(typed: Values) -> dict[str, str]:
    """Return what is wrong with an answer, by field."""
    cells = read_answer(typed)
    faults = judge_cells(QUESTIONS, cells)
    needed = ("resolution", "resolved", *(("event",) if cells["resolution"] == "yes" else ()))
    return faults | {name: "Fill it in." for name in needed if not cells[name]}


def read_cells(dataset: Dataset, id: str) -> Values:
    """Return a question's row in force as cells of its file."""
    row = remember(select_questions)(dataset).loc[id]
    cells = {"question": id}
    for column in QUESTIONS.columns[1:]:
        value = row[column.name]
        if pd.isna(value):
            cells[column.name] = ""
        elif column.kind == "date":
            cells[column.name] = f"{value:{DAY_FORMAT}}"
        else:
            cells[column.name] = f"{value:g}" if column.numeric else str(value)
    return cells


def name_events(dataset: Dataset, question: Mapping[str, str]) -> dict[str, str]:
    """Return the lines of the events within the days that a question speaks of, newest first, by id."""
    events = dataset.events[dataset.events["date"].between(question["opened"], question["resolves"])]
    newest = events.sort_values("date", ascending=False, kind="stable")
    return {
        str(id): shorten(name_event(str(id), row), 140)
        for id, row in zip(newest.index, newest.to_dict("records"), strict=True)
    }
