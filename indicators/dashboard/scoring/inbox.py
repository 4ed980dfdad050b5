"""The inbox: items that feeds brought, each of which becomes an event, a further source, or is dismissed."""

import datetime as dt
import uuid

import pandas as pd
import streamlit as st

from indicators.dashboard.access import may_edit
from indicators.dashboard.app import TURNS, Desk, open_data
from indicators.dashboard.remember import remember
from indicators.dashboard.scoring.save import show_outcome
from indicators.measures.inbox.likeness import Likeness, Proposal
from indicators.measures.inbox.waiting import find_copied, list_waiting
from indicators.records.dataset import Dataset
from indicators.records.encoding import write_moment
from indicators.records.inbox.items import list_agreed
from indicators.records.saving.submission import Failed, Saved, Submission
from indicators.records.tables.core import EVENTS, FACT
from indicators.records.tables.inbox import DECISIONS, DECISIONS_FILE, DISMISSED, FOUND_EVENT, SECOND_SOURCE
from indicators.show.links.parameters import DRAFT
from indicators.show.text.inbox import show_item, show_waiting_items
from indicators.show.text.words import count_words

REASONS = (
    "Not about the subject.",
    "Nothing has happened: opinion or announcement.",
    "On record already.",
    "Too small to count.",
)
"""Reasons that are offered for dismissing an item."""

SHOWN = 50
"""Items that are listed; filters lead to the others."""

PLACE, OUTCOME = f"{DRAFT}inbox_place", "inbox_outcome"


def show_inbox(desk: Desk) -> None:
    """Draw the items that wait, the one that is open beside the form of its event, and the outcome of the last decision."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        dimension = st.selectbox(
            "Dimension",
            ["", *desk.dataset.dimensions.index],
            format_func=lambda id: desk.dataset.title(id) if id else "All",
        )
        words = st.text_input("Words in the title")
    waiting = list_waiting(desk.dataset, dimension or "", words or "")
    show_last_outcome()
    if waiting.empty:
        st.info(
            "The inbox is empty. `python -m indicators gather` fetches new items from the feeds in inbox/feeds.csv."
            if not (dimension or words)
            else "No item matches the filters."
        )
        return
    place = min(st.session_state.get(PLACE, 0), len(waiting) - 1, SHOWN - 1)
    left, right = st.columns([5, 7], gap="large")
    with left:
        with st.container(horizontal=True):
            st.button("Previous", shortcut="k", on_click=move, args=(place - 1,), disabled=place == 0)
            last = place >= min(len(waiting), SHOWN) - 1
            st.button("Next", shortcut="j", on_click=move, args=(place + 1,), disabled=last)
        st.html(show_waiting_items(desk.dataset, waiting.head(SHOWN), place))
        if len(waiting) > SHOWN:
            st.caption(f"First {SHOWN} of {count_words(len(waiting), 'item')}; use the filters to see the others.")
    item, row = str(waiting.index[place]), waiting.iloc[place]
    proposal = remember(propose)(desk.dataset, str(row["said"]))
    with right:
        st.html(show_item(desk.dataset, row, proposal, list_agreed(desk.dataset)))
        show_dismissal(item)
        show_event_form(desk, item, row, proposal)
        show_same_event(desk, item, row, proposal)


def propose(dataset: Dataset, text: str) -> Proposal:
    """Return what an item is most like."""
    return remember(Likeness)(dataset).propose(text)


def move(place: int) -> None:
    """Go to another item."""
    st.session_state[PLACE] = max(place, 0)


def show_dismissal(item: str) -> None:
    """Draw the reason for dismissing an item and the button that does so."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        reason = st.selectbox("Reason", REASONS, accept_new_options=True, key=f"{DRAFT}inbox_reason")
        if st.button("Dismiss", shortcut="d"):
            decide(item, DISMISSED, reason=str(reason or "").strip())


def show_event_form(desk: Desk, item: str, row: pd.Series, proposal: Proposal) -> None:
    """Draw the form of the event that an item becomes, with all but the fact filled in."""
    dataset = desk.dataset
    proposed = [near.id for near in proposal.indicators]
    ids = [*proposed, *(str(id) for id in dataset.indicators.index if id not in proposed)]
    feed = dataset.feeds.loc[row["feed"]] if row["feed"] in dataset.feeds.index else None
    grades = EVENTS.column("reliability").rule.constraints["enum"]
    with st.form(f"{DRAFT}inbox_{item}", border=True):
        fact = st.text_area("What happened, in your own words", max_chars=FACT.longest, key=f"{DRAFT}fact_{item}")
        first, second = st.columns(2)
        with first:
            date = st.date_input("Day", row["date"].date(), max_value=desk.today, key=f"{DRAFT}day_{item}")
            indicator = st.selectbox("Indicator", ids, format_func=dataset.title, key=f"{DRAFT}of_{item}")
            effect = st.radio("Effect", ["raises", "lowers", "context"], horizontal=True, key=f"{DRAFT}effect_{item}")
        with second:
            grade = str(feed["reliability"]) if feed is not None else "F"
            reliability = st.selectbox("Reliability", grades, grades.index(grade), key=f"{DRAFT}grade_{item}")
            credibility = st.selectbox("Credibility", list("123456"), 1, key=f"{DRAFT}credibility_{item}")
            other = st.text_input("Second source", str(row["second"]), key=f"{DRAFT}second_{item}")
        if not st.form_submit_button("Save as event", type="primary", shortcut="ctrl+enter"):
            return
    text = " ".join(fact.split())
    if copied := find_copied(text, str(row["said"])):
        st.error(f"“{copied}” is copied from the title. Say what happened in your own words.")
        return
    event = {
        "date": f"{date:%Y-%m-%d}",
        "indicator": indicator,
        "effect": effect,
        "fact": text,
        "source_url": str(row["url"]),
        "source_title": str(row["title"]),
        "publisher": str(row["publisher"]),
        "reliability": reliability,
        "credibility": credibility,
        "second_source_url": other.strip(),
        "same_as": "",
    }
    decide(item, FOUND_EVENT, "new1", events=(event,))


def show_same_event(desk: Desk, item: str, row: pd.Series, proposal: Proposal) -> None:
    """Draw the choice of an event on record that an item tells, too."""
    events = desk.dataset.events
    facts = events["fact"].to_dict()
    near = [n.id for n in proposal.events]
    ids = [*near, *(str(id) for id in events.sort_values("date", ascending=False).index if id not in near)]
    with st.expander("It reports an event on record"):
        same = st.selectbox(
            "Event", ids, format_func=lambda id: f"{id} {str(facts[id])[:90]}", key=f"{DRAFT}same_{item}"
        )
        st.caption("Its address becomes the second source, if the event has none.")
        if st.button("Add as a source", key=f"{DRAFT}add_{item}") and same:
            decide(item, SECOND_SOURCE, same, sources=((same, str(row["url"])),))


def decide(
    item: str,
    decision: str,
    event: str = "",
    reason: str = "",
    events: tuple[dict[str, str], ...] = (),
    sources: tuple[tuple[str, str], ...] = (),
) -> None:
    """Save a decision if this session may edit now, as its own coder, and redraw the page with the outcome."""
    dataset = open_data().look().dataset
    permission = may_edit(dataset.people if dataset else ())
    if not permission.allowed:
        st.session_state[OUTCOME] = Failed(f"{permission.why} Nothing was changed.")
        st.rerun()
    now = write_moment(dt.datetime.now(dt.UTC))
    cells = {
        "item": item,
        "decision": decision,
        "event": event,
        "reason": reason,
        "coder": permission.coder,
        "recorded": now,
    }
    row = {name: cells[name] for name in DECISIONS.names}
    submission = Submission(
        (), permission.coder, str(uuid.uuid4()), events, inbox=((DECISIONS_FILE, row),), sources=sources
    )
    with TURNS.step_aside():
        st.session_state[OUTCOME] = open_data().save(submission)
    st.rerun()


def show_last_outcome() -> None:
    """Draw the outcome of the last decision, once."""
    outcome = st.session_state.pop(OUTCOME, None)
    if isinstance(outcome, Saved):
        st.success(f"Saved as {outcome.events[0]}." if outcome.events else "Saved.")
    elif outcome is not None:
        show_outcome(outcome)
