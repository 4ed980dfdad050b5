"""The tab Events: a new event, or the correction of one on record, cell by cell, with its reason in the data changelog."""

import pandas as pd
import streamlit as st

from indicators.dashboard.app import Desk
from indicators.dashboard.remember import remember
from indicators.dashboard.scoring.forms import FORM_WIDTH, SmallForm, Values, show_said
from indicators.dashboard.widgets import choose_id
from indicators.measures.events import list_citations
from indicators.records.dataset import Dataset
from indicators.records.encoding import DAY_FORMAT
from indicators.records.saving.entry import judge_cells, judge_reason, judge_sources, shorten, tidy
from indicators.records.saving.submission import EVENT_COLUMNS, Change
from indicators.records.tables.core import EVENTS
from indicators.show.links.parameters import DRAFT
from indicators.show.text.html import show_sources
from indicators.show.text.scoring.sheet import FIELDS, name_event, show_changes
from indicators.show.text.words import CREDIBILITY, EFFECTS, RELIABILITY, count_words

EVENT = f"{DRAFT}event"
FILE = "events.csv"


def show_event_desk(desk: Desk, coder: str) -> None:
    """Draw the choice of an event, or of a new one, and its form."""
    show_said()
    names = {"": "A new event", **remember(name_events)(desk.dataset)}
    chosen = choose_id("Event", list(names), EVENT, names.__getitem__, listed=True, drafted=True)
    with st.container(width=FORM_WIDTH):
        if chosen:
            correct_event(desk, chosen, coder)
        else:
            enter_event(desk, coder)


def name_events(dataset: Dataset) -> dict[str, str]:
    """Return the lines of the list of events, newest first, by id."""
    newest = dataset.events.sort_values("date", ascending=False, kind="stable")
    return {
        str(id): shorten(name_event(str(id), row), 140)
        for id, row in zip(newest.index, newest.to_dict("records"), strict=True)
    }


def enter_event(desk: Desk, coder: str) -> None:
    """Draw the form of a new event, which no score needs to cite."""
    form = SmallForm(coder, "event-new", EVENT_COLUMNS, judge_event)
    show_event_fields(desk, form)
    row = _read(form)
    form.press(desk, "Save the event", lambda _: {"events": (row,)}, "The event is on record.")


def correct_event(desk: Desk, id: str, coder: str) -> None:
    """Draw the form of an event on record, which starts from its cells, with what is changed and the reason for it."""
    start = read_event_cells(desk.dataset, id)
    form = SmallForm(coder, f"event-{id}", (*EVENT_COLUMNS, "reason"), judge_correction, start)
    show_event_fields(desk, form)
    after = {"event": id, **_read(form)}
    changes = [(name, start[name], after[name]) for name in EVENT_COLUMNS if start[name] != after[name]]
    if changes:
        st.html(show_changes(changes))
    form.area("reason", "Why it is changed")
    cited = len(remember(list_citations)(desk.panel).get(id, []))
    reason = tidy(form.read()["reason"])
    form.press(
        desk,
        "Record the correction",
        lambda seen: {"changes": (Change(FILE, {"event": id, **read_event_cells(seen, id)}, after, reason),)},
        f"{id} is corrected; the changelog of the data lists the old and the new values.",
        disabled=not changes,
    )
    rests = (
        f"{count_words(cited, 'assessment')} in force cite{'s' if cited == 1 else ''} it"
        if cited
        else "No assessment cites it"
    )
    st.html(show_sources(f"{rests}. The changelog of the data records old and new values, and the reason."))


def read_event_cells(dataset: Dataset, id: str) -> Values:
    """Return an event's cells as they stand in the file, without its id; none where it has gone."""
    if id not in dataset.events.index:
        return {}
    row = dataset.event_rows[id]
    return {
        name: f"{pd.Timestamp(row[name]):{DAY_FORMAT}}" if name == "date" else str(row[name]) for name in EVENT_COLUMNS
    }


def show_event_fields(desk: Desk, form: SmallForm) -> None:
    """Draw the fields of an event."""
    indicators = {str(id): desk.dataset.title(str(id)) for id in desk.dataset.indicators.index}
    form.area("fact", "What happened, in your own words")
    left, middle, right = st.columns([1, 2, 2])
    form.text("date", "Day of the event", left, placeholder="2024-02-29")
    form.listed("indicator", FIELDS["indicator"], indicators, middle)
    form.choice("effect", FIELDS["effect"], EFFECTS, right)
    left, right = st.columns(2)
    form.text("source_url", "Link to the source", left, placeholder="https://")
    form.text("source_title", "Title of the source", right)
    left, right = st.columns(2)
    form.text("publisher", FIELDS["publisher"], left)
    form.text(
        "second_source_url", "Link to another report that confirms it, if there is one", right, placeholder="https://"
    )
    form.choice("reliability", "How reliable is the source, whatever it says here?", _grade(RELIABILITY))
    form.choice("credibility", "How credible is the fact, whoever says so?", _grade(CREDIBILITY))
    form.text("same_as", "First event that records the same act, if there is one", placeholder="E0042")


def judge_event(typed: Values) -> dict[str, str]:
    """Return what is wrong with a new event, by field."""
    cells = {name: tidy(typed[name]) for name in EVENT_COLUMNS}
    return {**judge_sources(cells), **judge_cells(EVENTS, cells)}


def judge_correction(typed: Values) -> dict[str, str]:
    """Return what is wrong with the correction of an event, by field."""
    return {**judge_event(typed), **judge_reason(typed["reason"])}


def _read(form: SmallForm) -> Values:
    return {name: tidy(text) for name, text in form.read().items() if name in EVENT_COLUMNS}


def _grade(words: dict[str, str]) -> dict[str, str]:
    return {grade: f"{grade} {meaning}" for grade, meaning in words.items()}
