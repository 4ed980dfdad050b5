"""The inbox: items that feeds brought, each of which becomes an event, a further source, or is dismissed."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from indicators.dashboard.access import may_edit
from indicators.dashboard.app import TURNS, Desk, open_data
from indicators.dashboard.remember import remember
from indicators.dashboard.scoring.address import note_address, take_address
from indicators.dashboard.scoring.drafts import (
    Slot,
    close_draft,
    drop_draft,
    keep_changes,
    list_drafts,
    read_draft,
    start_fields,
)
from indicators.dashboard.scoring.fields import show_event_fields, warn_unkept
from indicators.dashboard.scoring.gathering import offer_gathering
from indicators.dashboard.scoring.save import show_outcome
from indicators.measures.inbox.likeness import Likeness, Proposal
from indicators.measures.inbox.waiting import find_copied, list_waiting
from indicators.records.dataset import Dataset
from indicators.records.inbox.items import list_agreed, list_decided
from indicators.records.saving.entry import EVENT_FIELDS, read_event
from indicators.records.saving.submission import Failed, Outcome, Queued, Saved, Submission
from indicators.records.tables.inbox import DECISIONS, DECISIONS_FILE, DISMISSED, FOUND_EVENT, REOPENED, SECOND_SOURCE
from indicators.show.links.parameters import DRAFT
from indicators.show.text.scoring.inbox import label_item, show_item
from indicators.show.text.scoring.sheet import describe_faults, show_fault
from indicators.show.text.words import count_words, escape_markdown

REASONS = (
    "Not about the subject.",
    "Nothing has happened: opinion or announcement.",
    "On record already.",
    "Too small to count.",
)
"""Reasons that are offered for dismissing an item."""

MISTAKEN = "Dismissed by mistake."
"""Why a dismissal is undone."""

SHOWN = 50
"""Items that are listed; filters lead to the others."""

INBOX = "inbox"
"""Stands for the quarter in the places of drafts, which belong to no quarter here."""

FIELDS = (*EVENT_FIELDS, "indicator")

ITEM = f"{DRAFT}item"
"""Name under which the open item stands in the address, so that a reload opens it again."""

REASON = "reason"
"""The draft of the reason for dismissing, which is the same for all items until it is changed."""

PLACE, OPENED = "inbox_place", "inbox_opened"
"""Where a session keeps the place of the item that is open, and the slot of its draft."""

PRESSED, TRIED, DECIDED = "inbox_pressed", "inbox_tried", "inbox_decided"
"""Where a session keeps a press that is to be carried out, the item whose form was refused, and the last decision."""


@dataclass(frozen=True)
class Decided:
    """A decision on an item, and its outcome."""

    item: str
    title: str
    decision: str
    outcome: Outcome


def show_inbox(desk: Desk, coder: str) -> None:
    """Draw the items that wait, the one that is open beside the form of its event, and the outcome of the last decision."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        dimension = st.selectbox(
            "Dimension",
            ["", *desk.dataset.dimensions.index],
            format_func=lambda id: desk.dataset.title(id) if id else "All",
        )
        words = st.text_input("Words in the title")
        with st.container(width="content"):
            offer_gathering(desk)
    waiting = list_waiting(desk.dataset, dimension or "", words or "")
    show_last_decision(coder)
    if waiting.empty:
        st.info(
            "No item matches the filters."
            if dimension or words
            else "The inbox is empty. “Fetch new items” and `python -m indicators gather` fetch from the feeds in inbox/feeds.csv."
        )
        return
    shown = waiting.head(SHOWN)
    place = find_place(list(map(str, shown.index)))
    left, right = st.columns([5, 7], gap="large")
    with left:
        show_list(desk.dataset, shown, place, list_drafts(coder, INBOX))
        if len(waiting) > SHOWN:
            st.caption(f"First {SHOWN} of {count_words(len(waiting), 'item')}; use the filters to see the others.")
    item, row = str(shown.index[place]), shown.iloc[place].to_dict()
    proposal = remember(propose)(desk.dataset, row["said"])
    with right:
        st.html(show_item(desk.dataset, item, row, proposal, list_agreed(desk.dataset)))
        show_dismissal(coder, item, row)
        with st.container(key="inbox-form"):
            show_event_form(desk, coder, item, row, proposal)
        show_same_event(desk, coder, item, row, proposal)
        st.caption(
            "Keys: j and k move through the list, Enter goes to the fact, Esc leaves it, Ctrl+Enter saves, d dismisses. "
            "Drafts are kept on the server, visible only to you, until they are saved."
        )


def find_place(items: list[str]) -> int:
    """Return the place of the open item: the one that the address asks for, or the one of this session, at first the first."""
    if (asked := take_address(ITEM)) in items:
        st.session_state[PLACE] = items.index(asked)
    place: int = min(st.session_state.get(PLACE, 0), len(items) - 1)
    note_address(ITEM, items[place])
    return place


@remember
def propose(dataset: Dataset, text: str) -> Proposal:
    """Return what an item is most like."""
    likeness: Likeness = remember(Likeness)(dataset)
    return likeness.propose(text)


def show_list(dataset: Dataset, shown: pd.DataFrame, place: int, drafts: set[str]) -> None:
    """Draw each item as a button that opens it, those with a draft marked, and the buttons of the next and the one before."""
    with st.container(horizontal=True):
        st.button("Previous", shortcut="k", on_click=move, args=(place - 1,), disabled=place == 0)
        st.button("Next", shortcut="j", on_click=move, args=(place + 1,), disabled=place == len(shown) - 1)
    with st.container(key="inbox-rows", gap=None):
        for number, (item, row) in enumerate(zip(shown.index, shown.to_dict("records"), strict=True)):
            st.button(
                label_item(dataset, row, str(item) in drafts),
                key=f"inbox-{'open' if number == place else 'row'}-{item}",
                type="tertiary",
                width="stretch",
                on_click=move,
                args=(number,),
            )


def move(place: int) -> None:
    """Go to another item."""
    st.session_state[PLACE] = max(place, 0)
    decided: Decided | None = st.session_state.get(DECIDED)
    if decided is not None and not isinstance(decided.outcome, Saved):
        del st.session_state[DECIDED]


def note_press(item: str, decision: str) -> None:
    """Note what was pressed for which item: a second press that comes before the page does not go to the next one."""
    st.session_state[PRESSED] = (item, decision)


def take_press(item: str, decision: str) -> bool:
    """Return whether that was pressed for that item; a press counts once."""
    if st.session_state.get(PRESSED) != (item, decision):
        return False
    del st.session_state[PRESSED]
    return True


def show_dismissal(coder: str, item: str, row: Mapping[Any, Any]) -> None:
    """Draw the reason for dismissing an item, kept as it is typed, and the button that does so."""
    slot, start = Slot(coder, INBOX, REASON), {REASON: REASONS[0]}
    st.session_state.setdefault("inbox_reason", read_draft(slot, start)[REASON])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        reason = st.selectbox("Reason", REASONS, accept_new_options=True, key="inbox_reason")
        keep_changes(slot, {REASON: str(reason or "")}, start)
        if take_press(item, DISMISSED):
            decide(coder, item, row, DISMISSED, reason=str(reason or "").strip())
        st.button("Dismiss", shortcut="d", on_click=note_press, args=(item, DISMISSED))


def show_event_form(desk: Desk, coder: str, item: str, row: Mapping[Any, Any], proposal: Proposal) -> None:
    """Draw the form of the event that an item becomes: all but what a person must judge is filled in."""
    dataset, slot = desk.dataset, Slot(coder, INBOX, item)
    proposed = [near.id for near in proposal.indicators]
    ids = [*proposed, *(str(id) for id in dataset.indicators.index if id not in proposed)]
    start = start_event(dataset, row) | {"indicator": ids[0]}
    if (before := st.session_state.get(OPENED)) not in (None, slot):
        close_draft(before)  # it may be changed elsewhere before it is opened again
    st.session_state[OPENED] = slot
    fields, noted = read_fields(slot, start), read_draft(slot, start)
    event, faults = judge_event(desk, row, fields)
    if take_press(item, FOUND_EVENT):
        st.session_state[TRIED] = item
        if event is not None and not faults:
            decide(coder, item, row, FOUND_EVENT, "new1", events=(event,))
    tried = st.session_state.get(TRIED) == item
    values = start_fields(slot, noted, "fact")
    more: dict[str, Any] = {"on_change": keep_fields, "args": (slot, start)}
    index = ids.index(values["indicator"]) if values["indicator"] in ids else 0
    st.selectbox("Indicator", ids, index, format_func=dataset.title, key=slot.key("indicator"), **more)
    show_event_fields(slot, values, {name: said for name, said in faults.items() if tried or fields[name]}, more)
    keep_fields(slot, start)
    warn_unkept()
    st.button(
        "Save as event",
        type="primary",
        shortcut="Ctrl+Enter",
        key=slot.key("save"),
        on_click=note_press,
        args=(item, FOUND_EVENT),
    )
    if tried and faults:
        st.html(show_fault([describe_faults(faults)]))


def read_fields(slot: Slot, start: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of an item's form as they stand."""
    noted, typed = read_draft(slot, start), st.session_state
    return {name: str(typed.get(slot.key(name), noted.get(name, "")) or "") for name in FIELDS}


def keep_fields(slot: Slot, start: Mapping[str, str]) -> None:
    """Keep what has changed in the controls of an item's form since this session last did."""
    keep_changes(slot, read_fields(slot, start), start)


def start_event(dataset: Dataset, row: Mapping[Any, Any]) -> dict[str, str]:
    """Return what an item says of its event: all but the fact, the effect and how credible it is."""
    feed = dataset.feeds.loc[row["feed"]] if row["feed"] in dataset.feeds.index else None
    return {
        "day": f"{row['date']:%Y-%m-%d}",
        "url": str(row["url"]),
        "title": str(row["title"]),
        "publisher": str(row["publisher"]),
        "reliability": "" if feed is None else str(feed["reliability"]),
        "second": str(row["second"]),
    }


def judge_event(
    desk: Desk, row: Mapping[Any, Any], fields: Mapping[str, str]
) -> tuple[dict[str, str] | None, dict[str, str]]:
    """Return the event as it stands in the form, and what is wrong with it, by field."""
    event, faults = read_event(fields, fields["indicator"], "")
    if "day" not in faults and fields["day"] > desk.today.isoformat():
        faults["day"] = "That day has not come yet."
    if "fact" not in faults and (copied := find_copied(fields["fact"], str(row["said"]))):
        faults["fact"] = f"“{copied}” is copied from the title. Say what happened in your own words."
    return event, faults


def show_same_event(desk: Desk, coder: str, item: str, row: Mapping[Any, Any], proposal: Proposal) -> None:
    """Draw the choice of an event on record that an item tells, too."""
    events = desk.dataset.events
    with st.expander("It reports an event on record", key=f"inbox-same-{item}", on_change="rerun") as place:
        if not place.open:
            return
        facts = events["fact"].to_dict()
        near = [n.id for n in proposal.events]
        ids = [*near, *(str(id) for id in events.sort_values("date", ascending=False).index if id not in near)]
        same = st.selectbox(
            "Event", ids, format_func=lambda id: f"{id} {str(facts[id])[:90]}", key=f"inbox_event_{item}"
        )
        st.caption("Its address becomes the second source, if the event has none.")
        if take_press(item, SECOND_SOURCE) and same:
            decide(coder, item, row, SECOND_SOURCE, same, sources=((same, str(row["url"])),))
        st.button("Add as a source", key=f"inbox_add_{item}", on_click=note_press, args=(item, SECOND_SOURCE))


def decide(
    coder: str,
    item: str,
    row: Mapping[Any, Any],
    decision: str,
    event: str = "",
    reason: str = "",
    events: tuple[dict[str, str], ...] = (),
    sources: tuple[tuple[str, str], ...] = (),
) -> None:
    """Save a decision if this session may edit now, as the coder of the page, and redraw it with the outcome."""
    outcome = save_decision(coder, item, decision, event, reason, events, sources)
    st.session_state[DECIDED] = Decided(item, str(row["title"]), decision, outcome)
    if isinstance(outcome, Saved | Queued) and decision != REOPENED:
        drop_draft(Slot(coder, INBOX, item))
    st.rerun()


def save_decision(
    coder: str,
    item: str,
    decision: str,
    event: str,
    reason: str,
    events: tuple[dict[str, str], ...],
    sources: tuple[tuple[str, str], ...],
) -> Outcome:
    """Save a decision through the one door, and return the outcome."""
    dataset = open_data().look().dataset
    permission = may_edit(dataset.people if dataset else ())
    if not permission.allowed:
        return Failed(f"{permission.why} Nothing was changed.")
    if permission.coder != coder:
        return Failed(f"This page is {coder}'s, but you now score as {permission.coder}. Nothing was changed.")
    if dataset is not None and (decision == REOPENED) != (item in list_decided(dataset.decisions)):
        return Failed("Someone else has decided on this item meanwhile. Nothing was changed.")
    cells = {
        "item": item,
        "decision": decision,
        "event": event,
        "reason": reason,
        "coder": coder,
        "recorded": "",  # the save gives it, later than that of the decision before
    }
    row = {name: cells[name] for name in DECISIONS.names}
    submission = Submission((), coder, str(uuid.uuid4()), events, appended=((DECISIONS_FILE, row),), sources=sources)
    with TURNS.step_aside():
        return open_data().save(submission)


def show_last_decision(coder: str) -> None:
    """Draw the outcome of the last decision, with a way to take a dismissal back."""
    decided: Decided | None = st.session_state.get(DECIDED)
    if decided is None:
        return
    if not isinstance(decided.outcome, Saved):
        show_outcome(decided.outcome)
        return
    title = escape_markdown(decided.title)
    said = {
        FOUND_EVENT: f"Saved as {', '.join(decided.outcome.events)}: {title}",
        SECOND_SOURCE: f"Added as a source: {title}",
        DISMISSED: f"Dismissed: {title}",
        REOPENED: f"It waits again: {title}",
    }
    with st.container(horizontal=True, vertical_alignment="center", key="sheet-saved"):
        st.success(said[decided.decision], width="stretch")
        if decided.decision == DISMISSED:
            if take_press(decided.item, REOPENED):
                decide(coder, decided.item, {"title": decided.title}, REOPENED, reason=MISTAKEN)
            st.button("Undo", key="inbox-undo", on_click=note_press, args=(decided.item, REOPENED))
