"""Who scores: the coder of this session, how one says so on one's own machine, and what a reader is told instead."""

import streamlit as st

from indicators.dashboard.access import NO_CODER, WHO, Permission, may_edit, offer_sign_in
from indicators.dashboard.app import TURNS, Desk, open_data
from indicators.dashboard.scoring.drafts import open_drafts
from indicators.dashboard.scoring.forms import FORM_WIDTH, TRIED, SmallForm, Values
from indicators.dashboard.scoring.save import show_outcome, show_waiting
from indicators.dashboard.widgets import expand_begun
from indicators.records.dataset import Dataset
from indicators.records.saving.entry import judge_cells, tidy
from indicators.records.saving.submission import Queued, Refused, Saved, Submission
from indicators.records.settings import read_settings
from indicators.records.tables.core import CODERS
from indicators.show.text.scoring.sheet import describe_refusal, show_fault
from indicators.show.text.words import escape_markdown

JOINING = "joining"
"""Where a session notes that a new coder's button was pressed, until the page comes to it."""

SEEN = "seen_as"
"""Where a session keeps the coders as whom it has looked at scores."""


def name_coder(desk: Desk) -> str:
    """Draw as whom this session scores, and return it; empty where it may not."""
    permission = may_edit(desk.dataset.people)
    if not permission.allowed:
        return ""
    seen = st.session_state.setdefault(SEEN, [])
    if permission.coder not in seen:
        seen.append(permission.coder)
    st.caption(f"You score as **{escape_markdown(permission.coder)}**", width="content")
    if st.session_state.get(WHO) == permission.coder:
        st.button("Switch coder", type="tertiary", on_click=_forget_coder)
    return permission.coder


def _forget_coder() -> None:
    st.session_state[WHO] = ""
    open_drafts().note_coder("")


def _choose_coder(coder: str) -> None:
    st.session_state[WHO] = coder
    open_drafts().note_coder(coder)


def ask_coder(desk: Desk, coder: str) -> None:
    """Draw what waits to be sent for a coder; where there is none, ask who scores, or say how one gets the right to."""
    if coder:
        show_waiting(desk, coder)
        return
    permission = may_edit(desk.dataset.people)
    if permission.asks:
        offer_coders(desk, permission)
    else:
        st.info(permission.why)
        offer_sign_in()


def offer_coders(desk: Desk, permission: Permission) -> None:
    """Ask who scores: one of the codebook's people, or somebody who joins them."""
    st.header("Who scores?", anchor=False)
    if permission.why != NO_CODER:
        st.warning(escape_markdown(permission.why))
    for coder in st.session_state.get(SEEN, []):
        st.warning(
            f"The scores of {escape_markdown(coder)} were open in this window. Coders score independently: continue as "
            "someone else only if you have not looked at them."
        )
    with st.container(horizontal=True, key="sheet-people"):
        for coder in desk.dataset.people:
            st.button(
                coder,
                key=f"who-{coder}",
                on_click=_choose_coder,
                args=(coder,),
                help=escape_markdown(str(desk.dataset.coders.at[coder, "description"])),
            )
    with expand_begun("I am new", "who-new", make_joining(desk.dataset).begun) as new:
        if new.open:
            with st.container(width=FORM_WIDTH):
                join_coders(desk)


def join_coders(desk: Desk) -> None:
    """Draw the entry of a new coder, who becomes a row of the codebook, saved like any other row."""
    form = make_joining(desk.dataset)
    if pressed := st.session_state.pop(JOINING, False):
        st.session_state[TRIED] = form.name
    form.text("coder", "Id: a short name in lower case, such as c3")
    form.area("description", "How you work, in a sentence or two")
    st.button("Join the coders", type="primary", key="who-join", on_click=_note_joining)
    typed = form.read()
    if not pressed or form.judge(typed):
        return
    if not may_edit(desk.dataset.people).asks:
        st.error("You may no longer record here. Nothing was saved.")
        return
    row = tidy_all(typed)
    with TURNS.step_aside():
        outcome = open_data().save(Submission((), row["coder"], f"coder {row['coder']}", coders=(row,)))
    if isinstance(outcome, Saved):
        form.empty()
        _choose_coder(row["coder"])
        st.rerun()
    if isinstance(outcome, Refused):
        st.html(show_fault(describe_refusal(outcome.report)))
    else:
        show_outcome(outcome)
        if isinstance(outcome, Queued):
            st.caption("You can score once it is sent.")


def make_joining(dataset: Dataset) -> SmallForm:
    """Return the form of a new coder; what is typed in it is kept for whoever sits at this machine, who is nobody yet."""
    named = read_settings().coder
    known = set(dataset.coders.index)
    start = {"coder": "" if named in known else named}
    return SmallForm("", "new-coder", tuple(CODERS.names), lambda typed: judge_joining(typed, known), start)


def judge_joining(typed: Values, known: set[str]) -> dict[str, str]:
    """Return what is wrong with a new coder, by field; ``known`` are the ids that are taken."""
    cells = tidy_all(typed)
    faults = judge_cells(CODERS, cells)
    if cells["coder"] in known:
        faults["coder"] = (
            f"{cells['coder']} is in the codebook already: choose another id, or press its name if that is you."
        )
    return faults


def tidy_all(typed: Values) -> Values:
    """Return what was typed as cells."""
    return {name: tidy(text) for name, text in typed.items()}


def _note_joining() -> None:
    st.session_state[JOINING] = True
