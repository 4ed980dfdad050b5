"""What is typed and not saved: read from and kept on the server's disk, for each coder, quarter and row of the sheet."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import streamlit as st

from indicators.records.saving.entry import FIELDS
from indicators.records.settings import read_settings
from indicators.records.storage.drafts import Drafts, place_drafts
from indicators.records.storage.uploads import Uploads
from indicators.show.links.parameters import DRAFT

TICK, OTHERS = "tick-", "others"
NOTED = "noted"
"""Where a session keeps what it last read or kept of each draft, so that it writes only what changed here."""

FIRST = "first"
"""Where a session keeps what each form was first drawn with, which its controls are given at every run."""

EMPTIED = "emptied"
"""Where a session counts how often each form was emptied: a browser would go on showing what stood in its controls."""

ASKED = "asked"
"""Where a session keeps the forms that were asked what their quiet means."""

UNKEPT = "unkept"
"""Where a session keeps why the last change could not be kept."""


@dataclass(frozen=True)
class Slot:
    """The place of a draft: a reader without the right to score, who has no coder, keeps none."""

    coder: str
    quarter: str
    name: str

    def key(self, field: str) -> str:
        """Return the name of a field's control."""
        if not self.coder:
            return f"read-{self.quarter}-{self.name}-{field}"
        emptied = st.session_state.get(EMPTIED, {}).get(self, 0)
        return f"{DRAFT}{f'{emptied}-' if emptied else ''}{self.coder}-{self.quarter}-{self.name}-{field}"


def open_drafts() -> Drafts:
    """Return the drafts for the data in use."""
    settings = read_settings()
    return Drafts(place_drafts(settings.data, settings.state_folder))


def open_uploads(coder: str) -> Uploads:
    """Return what a coder has handed in and not saved, for the data in use."""
    return Uploads(open_drafts().folder, coder)


def read_draft(slot: Slot, start: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a slot as they stood when its form was first drawn here: ``start``, and over it its draft."""
    noted = st.session_state.setdefault(NOTED, {})
    if slot not in noted:
        kept = open_drafts().read(slot.coder, slot.quarter).get(slot.name, {}) if slot.coder else {}
        noted[slot] = {**start, **kept}
    return dict(noted[slot])


def start_fields(slot: Slot, noted: Mapping[str, str], always: str = "rationale") -> dict[str, str]:
    """Return what the controls of a slot start from: what is noted, as it was when they were first drawn.

    ``always`` is a field that has a control whenever the form is drawn.
    """
    first = st.session_state.setdefault(FIRST, {})
    if slot not in first or slot.key(always) not in st.session_state:
        first[slot] = dict(noted)
    return dict(first[slot])


def read_fields(slot: Slot, ids: Collection[str], noted: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a slot as they stand in the controls; ``ids`` are the events that have a tick."""
    typed = st.session_state
    fields = {
        field: str(typed.get(slot.key(field), noted.get(field, "")) or "") for field in FIELDS if field != "events"
    }
    before = [id for id in noted.get("events", "").split(";") if id]
    ticked = [id for id in ids if typed.get(slot.key(TICK + id), id in before)]
    others = typed.get(slot.key(OTHERS), [id for id in before if id not in ids])
    cited = [*ticked, *others]
    # Nobody chose another order by ticking the same events.
    return {**fields, "events": ";".join(before if set(cited) == set(before) else cited)}


def keep_fields(slot: Slot, ids: Collection[str], start: Mapping[str, str]) -> None:
    """Keep what has changed in the controls of a score's form since this session last did."""
    if slot.coder:
        keep_changes(slot, read_fields(slot, ids, read_draft(slot, start)), start)


def keep_changes(slot: Slot, now: Mapping[str, str], start: Mapping[str, str]) -> None:
    """Keep what has changed in a slot's fields since this session last did; a field as at the start needs no keeping."""
    noted = read_draft(slot, start)
    changed = {field: text for field, text in now.items() if text != noted.get(field, "")}
    if changed:
        kept = {field: "" if text == start.get(field, "") else text for field, text in changed.items()}
        st.session_state[UNKEPT] = open_drafts().note(slot.coder, slot.quarter, slot.name, kept)
        st.session_state[NOTED][slot] = {**noted, **changed}


def close_draft(slot: Slot) -> None:
    """Forget the controls of a form that is no longer drawn: whoever opens it again reads its draft again."""
    for kept in (NOTED, FIRST):
        st.session_state.get(kept, {}).pop(slot, None)


def drop_draft(slot: Slot) -> None:
    """Forget a draft that was saved or given up, with what its controls hold."""
    st.session_state[UNKEPT] = open_drafts().discard(slot.coder, slot.quarter, slot.name)
    close_draft(slot)
    st.session_state.get(ASKED, set()).discard(slot)
    emptied = st.session_state.setdefault(EMPTIED, {})
    emptied[slot] = emptied.get(slot, 0) + 1


def list_drafts(coder: str, quarter: str) -> set[str]:
    """Return the names of a coder's drafts of a quarter."""
    return set(open_drafts().read(coder, quarter)) if coder else set()
