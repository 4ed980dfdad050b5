"""The save of a row of the sheet: as the coder of the form, and the message afterwards."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from indicators.dashboard.access import may_edit
from indicators.dashboard.app import Desk, look_at_data, open_data
from indicators.dashboard.scoring.drafts import drop_draft, list_drafts
from indicators.dashboard.scoring.save import (
    PENDING,
    TOLD,
    Rows,
    RowSave,
    Told,
    note_press,
    save_as_editor,
    show_outcome,
    take_press,
)
from indicators.dashboard.scoring.sheet import find_opened, open_row
from indicators.measures.scoring import find_before, last_saved, may_see_others, measure_effect
from indicators.records.dataset import Dataset
from indicators.records.saving.entry import undo
from indicators.records.saving.submission import Failed, Outcome, Queued, Refused, Saved
from indicators.show.text.scoring.sheet import describe_effect, describe_refusal, format_range, show_fault
from indicators.show.text.words import count_words, escape_markdown, format_date

UNDO = "undo"


def save_row(desk: Desk, seen: Dataset, coder: str, label: str, row: dict[str, str], events: Rows = ()) -> Outcome:
    """Save a row as a coder whom this session still scores as, and keep the outcome for the next run."""
    told = Told(label, content=((row,), events, ()))
    return carry_out(RowSave(told, coder, seen, desk.dataset, row, events))


def carry_out(save: RowSave) -> Outcome:
    """Save a row unless that was done, and keep the outcome for the next run with what it moved."""
    told = save.told
    if told.outcome is None:
        told.outcome = _store(save)
    st.session_state[TOLD] = told
    after = look_at_data().dataset
    if isinstance(told.outcome, Saved) and after is not None:
        date = pd.Timestamp(save.row["date"])
        own = not is_open_to(save.coder, date)
        effect = measure_effect(save.before, after, save.coder, save.row["indicator"], date, own)
        sentence = describe_effect(after, save.row["indicator"], date, effect)
        if ids := told.outcome.events:
            sentence += f" {count_words(len(ids), 'new event')} on record: {', '.join(ids)}."
        newest = last_saved(after, save.coder)
        if newest is not None and not told.outcome.already:
            told.undo = undo_row(after, newest)
        told.sentence = sentence
    return told.outcome


def _store(save: RowSave) -> Outcome:
    permission = may_edit(save.before.people)
    if permission.allowed and permission.coder != save.coder:
        return Failed(f"This form is {save.coder}'s, but you now score as {permission.coder}. Nothing was saved.")
    return save_as_editor(save.before, save.seen, (save.row,), save.events, ())


def save_pending() -> None:
    """Carry out the save that waits until the next row was shown, at the end of a run; it leads back where it failed.

    Whatever its coder does meanwhile may cut the run off: the save waits until it is done, and is done once.
    """
    save: RowSave | None = st.session_state.get(PENDING)
    if save is None or save.slot is None:
        return
    if is_done(carry_out(save)):
        drop_draft(save.slot)
    else:
        coder, quarter = save.slot.coder, pd.Timestamp(save.slot.quarter)
        save.told.elsewhere = find_opened(coder, quarter) in list_drafts(coder, save.slot.quarter)
        if not save.told.elsewhere:
            open_row(coder, quarter, save.slot.name)
    del st.session_state[PENDING]
    st.rerun()


def is_open_to(coder: str, date: pd.Timestamp) -> bool:
    """Return whether a coder may be shown what others make of a quarter, by the whole data, hidden rows among them."""
    whole = open_data().look().dataset
    return whole is not None and may_see_others(whole, coder, date)


def undo_row(dataset: Dataset, newest: pd.Series) -> dict[str, str]:
    """Return the row that takes a row back."""
    before = find_before(dataset, newest)
    return undo(newest.to_dict(), None if before is None else before.to_dict())


def is_done(outcome: Outcome) -> bool:
    """Return whether a form's row is safe, so that the form may be emptied."""
    return isinstance(outcome, Saved) or (isinstance(outcome, Queued) and not outcome.refusal)


def show_last_save(desk: Desk, coder: str, offered: bool = True) -> None:
    """Say what was saved last in this session; where it is ``offered``, with a way to take it back by a further row."""
    told: Told | None = st.session_state.get(TOLD)
    pending: RowSave | None = st.session_state.get(PENDING)
    if pending is not None:
        st.info(f"Saving {escape_markdown(desk.dataset.title(pending.row['indicator']))}…")
        return
    if told is None or told.outcome is None:
        return
    if not is_done(told.outcome):
        if told.elsewhere and told.content:
            title = escape_markdown(desk.dataset.title(told.content[0][0]["indicator"]))
            st.error(f"{title} was not saved; what you typed there is kept as a draft. Open it to see why.")
        return
    if not isinstance(told.outcome, Saved):
        show_outcome(told.outcome)
        return
    if not told.sentence:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="sheet-saved"):
        already = "Already saved: " if told.outcome.already else "Saved. "
        st.success(f"{already}{escape_markdown(told.sentence)}", width="stretch")
        if told.undo and offered:
            offer_undo(desk, coder, told.undo)


def offer_undo(desk: Desk, coder: str, row: Mapping[str, str]) -> None:
    """Draw the button that takes the coder's last row back, by the further row that is given."""
    label = f"{UNDO} {row}"
    if (seen := take_press(label)) is not None:
        save_row(desk, seen, coder, label, dict(row))
        st.rerun()
    st.button(
        "Undo",
        key="sheet-undo",
        help="Records a row that restores the previous values; nothing is erased.",
        on_click=note_press,
        args=(label, desk.dataset, st.session_state.get(TOLD)),
    )


def is_one_of_many(dataset: Dataset, row: pd.Series) -> bool:
    """Return whether other rows were recorded with a row, in one save: no single one of them is the last."""
    rows = dataset.assessments
    return int(((rows["coder"] == row["coder"]) & (rows["recorded"] == row["recorded"])).sum()) > 1


def show_last_row(desk: Desk, coder: str) -> None:
    """Draw what the coder recorded last, in any session, with the button that takes it back."""
    newest = last_saved(desk.dataset, coder)
    if newest is None or is_one_of_many(desk.dataset, newest):
        return
    row = newest.to_dict()
    said = "withdrawn" if pd.isna(row["score"]) else format_range(row)
    title = escape_markdown(f"{desk.dataset.title(row['indicator'])}, {format_date(row['date'])}: {said}")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"Last recorded: {title}.", width="content")
        offer_undo(desk, coder, undo_row(desk.dataset, newest))


def show_failed_save(label: str, content: tuple[Rows, Rows, Rows]) -> None:
    """Say why the form above was not saved, as long as the same stands in it."""
    told: Told | None = st.session_state.get(TOLD)
    if told is None or told.label != label or told.outcome is None or told.content != content or is_done(told.outcome):
        return
    if isinstance(told.outcome, Refused):
        st.error("Nothing was saved. What you typed is still here.")
        st.html(show_fault(describe_refusal(told.outcome.report)))
    else:
        show_outcome(told.outcome)
