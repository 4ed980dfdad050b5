"""The sheet of a quarter: its indicators as rows, of which one is open, and what is due next."""

import pandas as pd
import streamlit as st

from indicators.dashboard.app import Desk, open_data
from indicators.dashboard.remember import remember
from indicators.dashboard.scoring.address import ADDRESSED, note_address, take_address
from indicators.dashboard.scoring.drafts import Slot, close_draft, list_drafts
from indicators.dashboard.scoring.save import PENDING, RowSave
from indicators.dashboard.widgets import choose_id
from indicators.measures.scoring import OPEN, choose_quarter, list_due, list_quarters, list_sheet
from indicators.show.links.parameters import DRAFT
from indicators.show.text.html import show_sources
from indicators.show.text.scoring.sheet import (
    DRAFT as DRAFTED,
)
from indicators.show.text.scoring.sheet import (
    SAVING,
    UNSAVED,
    WAITING,
    describe_due,
    describe_progress,
    label_row,
    show_group,
    show_sheet_head,
)
from indicators.show.text.words import name_quarter

QUARTER = f"{DRAFT}quarter"
READ_QUARTER = f"{DRAFT}read_quarter"
INDICATOR = f"{DRAFT}indicator"
OPENED, SKIPPED = "opened", "skipped"
"""Where a session keeps which row is open, and the rows that were skipped, by coder and quarter."""

Sheet = pd.DataFrame


def ask_quarter(desk: Desk, coder: str) -> pd.Timestamp:
    """Draw the choice of the quarter: first chosen is the newest that has ended and is not reviewed."""
    quarters = {f"{day:%Y-%m-%d}": day for day in remember(list_quarters)(desk.dataset, desk.today)}
    first = remember(choose_quarter)(desk.dataset, coder, desk.today)

    def name(id: str) -> str:
        ended = quarters[id] <= pd.Timestamp(desk.today)
        return f"{name_quarter(quarters[id])}{'' if ended else ' (open)'}"

    # A reader's choice is no coder's, whose first choice is another.
    key = QUARTER if coder else READ_QUARTER
    if (asked := take_address(key)) in quarters:
        st.session_state[key] = asked
    chosen = choose_id("Quarter", list(quarters), key, name, f"{first:%Y-%m-%d}", listed=True, drafted=bool(coder))
    st.session_state[ADDRESSED][key] = chosen
    return quarters[chosen]


def read_sheet(desk: Desk, coder: str, quarter: pd.Timestamp) -> Sheet:
    """Return the sheet with the state of each row, drafts, a row being saved and rows that wait to be sent among them."""
    sheet = remember(list_sheet)(desk.dataset, coder, quarter, desk.today)
    drafts = list_drafts(coder, f"{quarter:%Y-%m-%d}")
    waiting = {
        row["indicator"]
        for save in open_data().status().waiting
        for row in save.rows
        if save.author == coder and pd.Timestamp(row["date"]) + pd.offsets.QuarterEnd(0) == quarter
    }
    states = [
        WAITING if id in waiting and state == OPEN else state
        for id, state in zip(sheet["indicator"], sheet["state"], strict=True)
    ]
    save: RowSave | None = st.session_state.get(PENDING)
    slot = save and save.slot
    if slot and (slot.coder, slot.quarter) == (coder, f"{quarter:%Y-%m-%d}"):
        states = [SAVING if id == slot.name else state for id, state in zip(sheet["indicator"], states, strict=True)]
        drafts.discard(slot.name)
    shown = [DRAFTED if id in drafts else state for id, state in zip(sheet["indicator"], states, strict=True)]
    return sheet.assign(state=states, shown=shown)


def show_progress(sheet: Sheet) -> None:
    """Draw how far a sheet is done."""
    states = list(sheet["shown"])
    done = sum(state not in UNSAVED for state in states)
    st.progress(done / len(states), describe_progress(states))


def find_open(sheet: Sheet, coder: str, quarter: pd.Timestamp) -> str:
    """Return the row that is open: the one that was opened, here or by the address, else the first that is due."""
    ids = list(sheet["indicator"])
    kept: dict[tuple[str, pd.Timestamp], str] = st.session_state.setdefault(OPENED, {})
    key = (coder, quarter)
    if (asked := take_address(INDICATOR)) in ids:
        open_row(coder, quarter, asked)
    if key not in kept:
        due, given = list_due(sheet), st.query_params.get(INDICATOR, "")
        kept[key] = given if given in ids else due[0].indicator if due else ids[0]
    if coder:
        note_address(INDICATOR, kept[key])
    return kept[key]


def find_opened(coder: str, quarter: pd.Timestamp) -> str:
    """Return the row that this session has open; empty where it has opened none."""
    return str(st.session_state.get(OPENED, {}).get((coder, quarter), ""))


def open_row(coder: str, quarter: pd.Timestamp, indicator: str) -> None:
    """Open a row; the one that was open is read again when it is opened again."""
    kept = st.session_state.setdefault(OPENED, {})
    if before := kept.get((coder, quarter)):
        close_draft(Slot(coder, f"{quarter:%Y-%m-%d}", before))
    kept[coder, quarter] = indicator


def find_next(sheet: Sheet, coder: str, quarter: pd.Timestamp, indicator: str) -> str:
    """Return what is due after a row that is saved or skipped; empty where nothing is left."""
    return next(
        (due.indicator for due in list_due(sheet, skipped_of(coder, quarter)) if due.indicator != indicator), ""
    )


def skipped_of(coder: str, quarter: pd.Timestamp) -> set[str]:
    """Return the rows of a sheet that this session has skipped."""
    kept: set[str] = st.session_state.setdefault(SKIPPED, {}).setdefault((coder, quarter), set())
    return kept


def skip_row(coder: str, quarter: pd.Timestamp, indicator: str, following: str) -> None:
    """Leave a row for later, and open the next."""
    skipped_of(coder, quarter).add(indicator)
    open_row(coder, quarter, following)


def show_sheet(desk: Desk, sheet: Sheet, coder: str, quarter: pd.Timestamp, opened: str) -> None:
    """Draw each row of the sheet as a button that opens it."""
    with st.container(key="sheet-rows", gap=None):
        st.html(show_sheet_head())
        for dimension, rows in sheet.groupby("dimension", sort=False):
            st.html(show_group(desk.dataset.title(str(dimension))))
            for row in rows.to_dict("records"):
                id = row["indicator"]
                st.button(
                    label_row(desk.dataset.title(id), row, row["shown"]),
                    key=f"sheet-{'open' if id == opened else 'row'}-{id}",
                    type="tertiary",
                    width="stretch",
                    on_click=open_row,
                    args=(coder, quarter, id),
                )
    st.html(
        show_sources(
            "New events: on record about the indicator since your last review, up to the quarter's end; “none” means that "
            "none is on record. ‡ outside the range of the last score."
        )
    )


def tell_next(desk: Desk, sheet: Sheet, coder: str, quarter: pd.Timestamp, opened: str) -> str:
    """Return why the open row is next, or that nothing is left."""
    due = list_due(sheet, skipped_of(coder, quarter))
    if not due:
        return f"All {len(sheet)} indicators of the {name_quarter(quarter)} are scored."
    return f"Due next. {describe_due(due[0], desk.dataset)}" if due[0].indicator == opened else ""
