"""The entry of a note on a stretch in which a reading and an outside series part."""

import pandas as pd
import streamlit as st

from indicators.dashboard.access import may_edit
from indicators.dashboard.app import Desk
from indicators.dashboard.scoring.forms import SmallForm, Values, show_said
from indicators.records.saving.entry import judge_cells, tidy
from indicators.records.tables.core import NOTES_FILE
from indicators.records.tables.outside import NOTES
from indicators.show.text.html import show_sources
from indicators.show.text.outside.validity import name_series
from indicators.show.text.words import name_quarter

FIELDS = ("pair", "date", "text")


def write_note(desk: Desk, divergences: pd.DataFrame) -> None:
    """Draw the entry of a note for those who may record: on one of the divergences, or on another day of a pair."""
    permission = may_edit(desk.dataset.people)
    if not permission.allowed:
        st.html(show_sources("Coders add notes here; they stand in benchmarks/notes.csv."))
        return
    show_said()
    with st.expander("Write a note", key="note-new", on_change="rerun") as opened:
        if opened.open:
            enter_note(desk, divergences, permission.coder)


def enter_note(desk: Desk, divergences: pd.DataFrame, coder: str) -> None:
    """Draw the form of a note."""
    pairs = name_pairs(desk, divergences)
    if not pairs:
        st.info("No outside series is compared with a reading.")
        return
    form = SmallForm(coder, "note-new", FIELDS, judge_note)
    left, right = st.columns([3, 1])
    form.listed("pair", "Reading and series", pairs, left)
    form.text("date", "A day of the stretch", right, placeholder="2024-02-29")
    form.area("text", "Why they part there")
    row = {**read_note(form.read()), "author": coder, "recorded": ""}
    form.press(desk, "Save the note", lambda _: {"appended": ((NOTES_FILE, row),)}, "The note is saved.")


def name_pairs(desk: Desk, divergences: pd.DataFrame) -> dict[str, str]:
    """Return the pairs that are compared, by subject and series, with the quarters in which they part; those first."""
    dataset = desk.dataset
    parted: dict[str, list[str]] = {}
    for row in divergences.to_dict("records"):
        parted.setdefault(f"{row['subject']};{row['series']}", []).append(name_quarter(row["end"]))
    held = {
        f"{row['subject']};{row['series']}": row
        for row in dataset.pairs.to_dict("records")
        if row["series"] in dataset.sources.index
    }
    ids = [*(id for id in parted if id in held), *(id for id in held if id not in parted)]
    return {
        id: f"{dataset.title(held[id]['subject'])} and {name_series(dataset, held[id]['series'])}"
        + (f": part up to the {', '.join(parted[id])}" if id in parted else "")
        for id in ids
    }


def read_note(typed: Values) -> Values:
    """Return what was typed as cells."""
    subject, _, series = typed["pair"].partition(";")
    return {"date": tidy(typed["date"]), "subject": subject, "series": series, "text": tidy(typed["text"])}


def judge_note(typed: Values) -> dict[str, str]:
    """Return what is wrong with a note, by field."""
    faults = judge_cells(NOTES, read_note(typed))
    if "subject" in faults:
        faults["pair"] = "Choose which reading and series it is about."
    return faults
