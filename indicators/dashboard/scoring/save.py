"""Blocks about rows to be saved: their effect, the save itself, and its outcome."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from indicators.dashboard.access import may_edit
from indicators.dashboard.app import PRESS, TURNS, Desk, open_data
from indicators.dashboard.remember import remember
from indicators.dashboard.scoring.drafts import Slot
from indicators.measures.change.preview import preview_rows
from indicators.measures.narrative.claims import judge_claims
from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset
from indicators.records.saving.submission import (
    SCORES,
    Conflict,
    Failed,
    Outcome,
    Queued,
    Refused,
    Saved,
    Submission,
    note_base,
)
from indicators.records.storage.queue import Waiting
from indicators.records.storage.store import Store
from indicators.show.text.html import show_problems, show_table
from indicators.show.text.words import count_words, escape_markdown, format_change, format_score


def show_effect(desk: Desk, rows: pd.DataFrame, panel: Panel | None = None) -> None:
    """Draw the readings of a panel, the reader's own at first, before and after some rows, and the claims that would turn."""
    panel = panel or desk.panel
    preview = preview_rows(panel, rows, remember(judge_claims)(panel))
    table = preview.readings.assign(
        reading=preview.readings["id"].map(desk.dataset.title),
        change=preview.readings["after"] - preview.readings["before"],
    )[["reading", "date", "before", "after", "change"]]
    two = {
        "before": lambda v: format_score(v, 2),
        "after": lambda v: format_score(v, 2),
        "change": lambda v: format_change(v, 2),
    }
    st.html(show_table(table, two, "Readings on the date and on the newest date"))
    if len(preview.claims):
        st.html(show_table(preview.claims.drop(columns="claim"), caption="Claims whose verdict would change"))
    else:
        st.caption("No claim would change its verdict.")


Rows = tuple[dict[str, str], ...]

TOLD = "told"
"""Where a session keeps the outcome of its last save."""


@dataclass
class Told:
    """The outcome of a save: the button, the result, and what stood on the page when that was first drawn.

    ``sentence`` says what a saved row of the sheet says and moved, ``undo`` is the row that takes it back. ``elsewhere``:
    its coder is at work on another row by now.
    """

    label: str
    outcome: Outcome | None = None
    content: tuple[Rows, Rows, Rows] | None = None
    sentence: str = ""
    undo: dict[str, str] | None = None
    elsewhere: bool = False


PENDING = "pending"
"""Where a session keeps the save of a row that is carried out once the next row is on the screen."""


@dataclass(frozen=True)
class RowSave:
    """A row of the sheet to be saved as a coder, with the data that its reader saw and those that its effect starts from.

    ``slot`` is the draft that it comes from, if that is to be dropped once the row is safe.
    """

    told: Told
    coder: str
    seen: Dataset
    before: Dataset
    row: dict[str, str]
    events: Rows = ()
    slot: Slot | None = None


@dataclass(frozen=True)
class Press:
    """The press of a save button: its label, and the data and the outcome of the last save that its reader saw."""

    label: str
    seen: Dataset
    told: Told | None


def offer_save(desk: Desk, label: str, rows: Rows = (), events: Rows = (), forecasts: Rows = ()) -> Outcome | None:
    """Draw the button that saves what stands on the page; draw and return the outcome until the page changes.

    A press is noted before the page is drawn and carried out here: a button hands on what it was given when last
    drawn, which lacks a change made just before the press.
    """
    content = (rows, events, forecasts)
    told: Told | None = st.session_state.get(TOLD)
    st.button(label, type="primary", on_click=note_press, args=(label, desk.dataset, told))
    if (press := st.session_state.get(PRESS)) is not None and press.label == label:
        if (seen := take_press(label)) is not None:
            told = st.session_state[TOLD] = Told(label)
            told.outcome = save_as_editor(desk.dataset, seen, *content)
        st.rerun()
    if told is None or told.outcome is None or told.label != label or (told.content or content) != content:
        return None
    show_outcome(told.outcome)
    told.content = content  # that of the form after the save, which a withdrawn assessment has left
    return told.outcome


def note_press(label: str, seen: Dataset, told: Told | None) -> None:
    """Note that a button was pressed, and what its reader saw; the run that follows carries it out."""
    st.session_state[PRESS] = Press(label, seen, told)


def take_press(label: str) -> Dataset | None:
    """Return the data that whoever pressed a button saw, if it was pressed; a press counts once.

    The second press of a double click does not count: the form may have moved on since the first.
    """
    press: Press | None = st.session_state.get(PRESS)
    if press is None or press.label != label:
        return None
    # Forgotten before the save: a run cut off after it must not save once more.
    del st.session_state[PRESS]
    return press.seen if press.told is st.session_state.get(TOLD) else None


def save_as_editor(dataset: Dataset, seen: Dataset, rows: Rows, events: Rows, forecasts: Rows) -> Outcome:
    """Save rows if this session may edit these data now, as its own coder; the form's word for it does not count."""
    permission = may_edit(dataset.people)
    if not permission.allowed:
        return Failed(f"{permission.why} Nothing was changed.")
    submission = make_submission(seen, permission.coder, rows, events, forecasts)
    with TURNS.step_aside():  # readers must not wait for a remote
        return open_data().save(submission)


def save_parts(desk: Desk, coder: str, parts: Mapping[str, Any]) -> Outcome:
    """Save what stands in a form, given as fields of a ``Submission``, if this session may edit now as the form's coder."""
    permission = may_edit(desk.dataset.people)
    if not permission.allowed:
        return Failed(f"{permission.why} Nothing was changed.")
    if permission.coder != coder:
        return Failed(f"This form is {coder}'s, and you score as {permission.coder} now. Nothing was saved.")
    submission = Submission((), coder, _name_content(coder, sorted(parts.items())), **parts)
    with TURNS.step_aside():
        return open_data().save(submission)


def make_submission(seen: Dataset, coder: str, rows: Rows, events: Rows = (), forecasts: Rows = ()) -> Submission:
    """Return rows, new events and forecasts as a coder's submission, based on the data that the coder saw."""
    own = tuple(
        {name: value for name, value in row.items() if name in SCORES.columns and name != "coder"} for row in rows
    )
    name = _name_content(coder, own, events, forecasts)
    return Submission(own, coder, name, events, note_base(seen, coder), forecasts)


def _name_content(*content: object) -> str:
    """One id for all tries at the same content: a retry after a lost answer writes once."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, repr(content)))


def show_waiting(desk: Desk, coder: str) -> None:
    """Say which saves wait to be sent to the remote, and why."""
    store = open_data()
    status = store.status()
    if status.unreadable:
        names = escape_markdown(", ".join(status.unreadable))
        st.warning(f"Saves that could not be read were set aside in the queue's folder: {names}.")
    for other in status.elsewhere:
        count = count_words(other.count, "save")
        st.warning(f"{count} kept on this machine for another location: {escape_markdown(other.location)}.")
    if not status.waiting:
        return
    said = escape_markdown(status.error)
    st.warning(f"{count_words(len(status.waiting), 'save')} kept on this machine, not yet sent. {said}")
    table = pd.DataFrame([{"since": w.since, "rows": w.summary, "reason": w.reason} for w in status.waiting])
    st.html(show_table(table))
    for waiting in (w for w in status.waiting if w.author == coder):
        with st.expander(f"Your save of {waiting.since}: send again, edit or discard"):
            show_waiting_rows(desk, store, waiting)


def show_waiting_rows(desk: Desk, store: Store, waiting: Waiting) -> None:
    """Draw one's own unsent rows in a grid with what can be done: send as they are or as edited, or give them up."""
    given = pd.DataFrame(list(waiting.rows), dtype="str")
    grid = st.data_editor(given, key=f"waiting-{waiting.id}", hide_index=True) if len(given) else given
    with st.container(horizontal=True):
        if st.button("Send again", key=f"send-{waiting.id}"):
            rows = tuple({str(k): str(v) for k, v in row.items()} for row in grid.fillna("").to_dict("records"))
            more = [tuple(dict(row) for row in given) for given in (waiting.events, waiting.forecasts)]
            outcome = save_as_editor(desk.dataset, desk.dataset, rows, *more)
            if isinstance(outcome, Saved | Queued):
                again = make_submission(desk.dataset, waiting.author, rows, *more)
                if again.id != waiting.id:  # else it is the same entry, which left the queue or waits in it
                    store.discard(waiting.id)
            show_outcome(outcome)
        if st.button("Discard", key=f"discard-{waiting.id}"):
            store.discard(waiting.id)
            st.rerun()


def show_outcome(outcome: Outcome) -> None:
    """Show the outcome of a save."""
    if isinstance(outcome, Saved):
        places = ", ".join(f"{file}, line {line}" for file, line in outcome.places[:5])
        st.success(f"{'Already saved' if outcome.already else 'Saved'}: {places}.")
    elif isinstance(outcome, Refused):
        st.error("Nothing was saved. What you typed is still here.")
        st.html(show_problems(outcome.report))
    elif isinstance(outcome, Conflict):
        st.warning(
            "Nothing was saved: another row for the same date was recorded meanwhile. Both are shown below. "
            "If you save again, yours is the later row and replaces theirs if it is by the same coder."
        )
        both = [
            {"from": who, **row} for who, rows in (("theirs", outcome.theirs), ("yours", outcome.ours)) for row in rows
        ]
        st.html(show_table(pd.DataFrame(both).fillna("")))
    elif isinstance(outcome, Queued):
        st.warning(escape_markdown(outcome.message))
    else:
        st.error(f"{escape_markdown(outcome.message)} What you typed is still here.")
