"""The fields of a row: events to tick, a new event, score, range, day and reason, each with what is wrong at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from indicators.dashboard.app import Desk
from indicators.dashboard.remember import remember
from indicators.dashboard.scoring.drafts import (
    OTHERS,
    TICK,
    UNKEPT,
    Slot,
    keep_fields,
    read_draft,
    read_fields,
    start_fields,
)
from indicators.measures.scoring import list_citable, list_events, quarter_start
from indicators.records.dataset import Dataset
from indicators.records.encoding import DAY_FORMAT
from indicators.records.saving.entry import EVENT_FIELDS, Entry, read_entry, shorten
from indicators.records.tables.columns import RATIONALE
from indicators.show.text.scoring.sheet import label_event, name_event, show_fault, show_legend
from indicators.show.text.words import CREDIBILITY, EFFECTS, RELIABILITY, escape_markdown, name_quarter

RANGE_HELP = "Where you would not be surprised to find the score: as wide as the evidence is weak."
DATE_HELP = "The day from which the score applies. A review is dated on the last day of its quarter."
SCORE_HELP = "0 to 10 in halves. “7 6 8” in this field gives score, low and high at once."


@dataclass(frozen=True)
class Form:
    """The form of a row: its slot, what it starts from, and the events of its quarter and others that it may cite."""

    slot: Slot
    indicator: str
    quarter: pd.Timestamp
    start: dict[str, str]
    events: pd.DataFrame
    others: dict[str, str]

    @property
    def ids(self) -> tuple[str, ...]:
        """The events that have a tick."""
        return tuple(self.events.index)


def make_form(desk: Desk, slot: Slot, indicator: str, quarter: pd.Timestamp, start: Mapping[str, str]) -> Form:
    """Return the form of a row of a quarter."""
    events = remember(list_events)(desk.dataset, indicator, quarter)
    return Form(slot, indicator, quarter, dict(start), events, name_others(desk.dataset, indicator, quarter))


def read_form(form: Form) -> dict[str, str]:
    """Return the form's fields as they stand, before anything of it is drawn."""
    return read_fields(form.slot, form.ids, read_draft(form.slot, form.start))


def judge_form(desk: Desk, form: Form, fields: Mapping[str, str]) -> Entry:
    """Return some fields of a form as a row, and what is wrong with it."""
    days = date_events(desk.dataset)
    last = min(form.quarter, pd.Timestamp(desk.today))
    span = (f"{quarter_start(form.quarter):%Y-%m-%d}", f"{last:%Y-%m-%d}")
    return read_entry(fields, form.indicator, days, span, name_quarter(form.quarter))


@remember
def date_events(dataset: Dataset) -> dict[str, str]:
    """Return the day of each event, as it is written."""
    days: dict[str, str] = dataset.events["date"].dt.strftime(DAY_FORMAT).to_dict()
    return days


@remember
def name_others(dataset: Dataset, indicator: str, quarter: pd.Timestamp) -> dict[str, str]:
    """Return the lines of the list of events to choose from, by id."""
    others = list_citable(dataset, indicator, quarter)
    return {
        str(id): shorten(name_event(str(id), event), 140)
        for id, event in zip(others.index, others.to_dict("records"), strict=True)
    }


def show_fields(form: Form, faults: Mapping[str, str], disabled: bool = False) -> None:
    """Draw the fields, and keep what is typed; a reader's are disabled and keep nothing."""
    values = start_fields(form.slot, read_draft(form.slot, form.start))
    more: dict[str, Any] = {"disabled": disabled, "on_change": keep_fields, "args": (form.slot, form.ids, form.start)}
    show_events(form, values, faults, more)
    if not disabled:
        show_new_event(form, values, faults, more)
    with st.container(key="sheet-score"):
        score, low, high, date = st.columns([1, 1, 1, 1.5], wrap=False)
    _text(score, form.slot, "score", "Score", values, faults, more | {"help": SCORE_HELP})
    _text(low, form.slot, "low", "Low", values, faults, more | {"help": RANGE_HELP})
    _text(high, form.slot, "high", "High", values, faults, more)
    _text(date, form.slot, "date", "Date", values, faults, more | {"help": DATE_HELP})
    st.text_area(
        "Why this score",
        values.get("rationale", ""),
        key=form.slot.key("rationale"),
        height=96,
        placeholder=f"{RATIONALE.shortest} to {RATIONALE.longest} characters, in your own words",
        **more,
    )
    _fault(st, faults, "rationale")
    keep_fields(form.slot, form.ids, form.start)
    warn_unkept()


def warn_unkept() -> None:
    """Say so where what is typed could not be kept."""
    if unkept := st.session_state.get(UNKEPT):
        st.warning(f"Your entry is not kept as a draft: {escape_markdown(unkept)}. Save it before you leave.")


def show_events(form: Form, values: Mapping[str, str], faults: Mapping[str, str], more: dict[str, Any]) -> None:
    """Draw the events of the quarter, each with its facts in full and a tick, and a search among those that came before."""
    before = values.get("events", "").split(";")
    st.markdown("**Events of the quarter: tick those that support the score**")
    if form.events.empty:
        st.caption("None is on record for this indicator. That does not mean that nothing happened.")
    with st.container(key="sheet-events", gap=None):
        for id, event in form.events.iterrows():
            st.checkbox(
                label_event(str(id), event.to_dict()), str(id) in before, key=form.slot.key(f"{TICK}{id}"), **more
            )
    st.html(show_legend())
    names = dict(form.others)
    for id in before:
        if id and id not in form.ids:
            names.setdefault(id, id)
    st.multiselect(
        "Earlier events, and those of the dimension's other indicators",
        list(names),
        [id for id in before if id in names],
        format_func=lambda id: names.get(id, id),
        key=form.slot.key(OTHERS),
        placeholder="Type a word of the event, or its id",
        filter_mode="contains",
        select_all=False,
        **more,
    )
    _fault(st, faults, "events")


def show_new_event(form: Form, values: Mapping[str, str], faults: Mapping[str, str], more: dict[str, Any]) -> None:
    """Draw the entry of a new event."""
    slot = form.slot
    begun = any(st.session_state.get(slot.key(field), values.get(field)) for field in EVENT_FIELDS)
    with st.expander("Add an event that is not on record", expanded=begun, key=slot.key("new-event")):
        show_event_fields(slot, values, faults, more)
        st.button("Clear the new event", on_click=_clear_event, args=(form,), key=slot.key("clear-event"))


def show_event_fields(slot: Slot, values: Mapping[str, str], faults: Mapping[str, str], more: dict[str, Any]) -> None:
    """Draw the fields of an event, its two grades apart from each other."""
    st.text_area("What happened, in your own words", values.get("fact", ""), key=slot.key("fact"), height=80, **more)
    _fault(st, faults, "fact")
    left, right = st.columns(2)
    _text(left, slot, "day", "Day of the event", values, faults, more | {"placeholder": "2024-02-29"})
    _choice(right, slot, "effect", "Effect on tension", EFFECTS, values, faults, more)
    _text(st, slot, "url", "Link to the source", values, faults, more | {"placeholder": "https://"})
    _text(st, slot, "title", "Title of the source", values, faults, more)
    _text(st, slot, "publisher", "Publisher", values, faults, more)
    label = "Reliability of the source, regardless of this report"
    _choice(st, slot, "reliability", label, RELIABILITY, values, faults, more)
    label = "Credibility of the fact, regardless of the source"
    _choice(st, slot, "credibility", label, CREDIBILITY, values, faults, more)
    label = "Link to another report that confirms it, if there is one"
    _text(st, slot, "second", label, values, faults, more | {"placeholder": "https://"})


def _clear_event(form: Form) -> None:
    for field in EVENT_FIELDS:
        st.session_state[form.slot.key(field)] = None if field in ("effect", "reliability", "credibility") else ""
    keep_fields(form.slot, form.ids, form.start)


def _text(
    place: Any,
    slot: Slot,
    field: str,
    label: str,
    values: Mapping[str, str],
    faults: Mapping[str, str],
    more: dict[str, Any],
) -> None:
    place.text_input(label, values.get(field, ""), key=slot.key(field), **more)
    _fault(place, faults, field)


def _choice(
    place: Any,
    slot: Slot,
    field: str,
    label: str,
    words: Mapping[str, str],
    values: Mapping[str, str],
    faults: Mapping[str, str],
    more: dict[str, Any],
) -> None:
    def name(option: str) -> str:
        return words[option] if words is EFFECTS else f"{option} {words[option]}"

    place.segmented_control(
        label, list(words), default=values.get(field) or None, format_func=name, key=slot.key(field), **more
    )
    _fault(place, faults, field)


def _fault(place: Any, faults: Mapping[str, str], field: str) -> None:
    if field in faults:
        place.html(show_fault([faults[field]]))
