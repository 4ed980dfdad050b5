"""The open row of the sheet: anchors, history and events to judge by, the form, and the presses that save it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from indicators.dashboard.app import PRESS, Desk
from indicators.dashboard.remember import remember
from indicators.dashboard.scoring.after_save import carry_out, is_done, show_failed_save
from indicators.dashboard.scoring.comments import show_talk
from indicators.dashboard.scoring.correct import place_correction, show_correction
from indicators.dashboard.scoring.drafts import ASKED, UNKEPT, Slot, drop_draft, list_drafts
from indicators.dashboard.scoring.fields import Form, judge_form, make_form, read_form, show_fields
from indicators.dashboard.scoring.save import PENDING, TOLD, RowSave, Told, note_press, take_press
from indicators.dashboard.scoring.sheet import Sheet, find_next, find_opened, open_row, skip_row, tell_next
from indicators.dashboard.widgets import expand_begun
from indicators.measures.scoring import OPEN, list_history, list_others, own_rows
from indicators.records.dataset import Dataset
from indicators.records.rules import SCORE
from indicators.records.saving.entry import Entry, carry_on, split_score
from indicators.show.text.html import show_sources
from indicators.show.text.scoring.sheet import (
    DRAFT as DRAFTED,
)
from indicators.show.text.scoring.sheet import (
    SAVING,
    WAITING,
    describe_apart,
    describe_faults,
    describe_quiet,
    describe_replacing,
    format_half,
    name_unchanged,
    show_fault,
    show_head,
    show_history,
    show_near_anchors,
    show_open_mark,
    show_saved,
    word_unchanged,
)

SAVE, UNCHANGED = "save", "unchanged"
TRIED = "tried"
"""Where a session keeps which press of a form was refused."""

KEPT_HINT = (
    "Your draft is kept on the server, visible only to you, until you save. Keys: Ctrl+Enter saves, Alt+U leaves the score "
    "unchanged, Alt+S skips."
)


def show_row(desk: Desk, sheet: Sheet, coder: str, quarter: pd.Timestamp, indicator: str) -> None:
    """Draw the open row: what was saved, or the form."""
    row = sheet[sheet["indicator"] == indicator].iloc[0].to_dict()
    st.html(show_open_mark(indicator) + show_head(desk.dataset, row))
    if coder and (why := tell_next(desk, sheet, coder, quarter, indicator)):
        st.caption(why)
    if row["state"] == OPEN:
        show_form(desk, sheet, row, coder, quarter)
        return
    if row["state"] == SAVING:
        return
    if row["state"] == WAITING:
        st.info("Your score of this quarter is kept on this machine and not yet sent; edit or discard it above.")
    else:
        show_scored(desk, row, coder, quarter)
    if following := find_next(sheet, coder, quarter, indicator):
        st.button(
            f"Next: {desk.dataset.title(following)}",
            type="primary",
            on_click=open_row,
            args=(coder, quarter, following),
            key="sheet-next",
        )
    if row["state"] != WAITING:
        show_another_day(desk, sheet, row, coder, quarter)


def show_another_day(desk: Desk, sheet: Sheet, row: dict[Any, Any], coder: str, quarter: pd.Timestamp) -> None:
    """Draw the form for a further day of a quarter that is scored already, as long as it lasts or where it was opened."""
    if quarter > pd.Timestamp(desk.today):
        st.subheader("Score it again from a later day", anchor=False)
        show_form(desk, sheet, row, coder, quarter)
        return
    with expand_begun(
        "Score another day of the quarter", f"sheet-again-{row['indicator']}", row["shown"] == DRAFTED
    ) as again:
        if again.open:
            show_form(desk, sheet, row, coder, quarter)


def show_scored(desk: Desk, row: Mapping[Any, Any], coder: str, quarter: pd.Timestamp) -> None:
    """Draw the assessment of the quarter, which can be corrected from itself."""
    own = remember(own_rows)(desk.dataset, coder)
    saved = own[(own["indicator"] == row["indicator"]) & (own["date"] == row["date"])].iloc[0]
    if quarter <= pd.Timestamp(desk.today):  # else they stand with the form for a further day
        show_grounds(desk, row, coder, quarter, float(saved["score"]))
    show_side_by_side(desk.dataset, saved, list_others(desk.dataset, coder, row["indicator"], quarter))
    show_talk(desk, saved, coder)
    slot = place_correction(saved)
    begun = any(name.startswith(slot.name) for name in list_drafts(coder, slot.quarter))
    with expand_begun("Correct or withdraw it", f"sheet-correct-{row['indicator']}", begun) as correct:
        if correct.open:
            show_correction(desk, saved)


def show_side_by_side(dataset: Dataset, own: pd.Series, others: pd.DataFrame) -> None:
    """Draw an assessment, and beside it those of the other coders once their quarter is open to its coder."""
    for place, (_, row) in zip(st.columns(1 + len(others)), [(0, own), *others.iterrows()], strict=True):
        place.html(show_saved(dataset, row, "" if row is own else describe_apart(own, row)))


def show_grounds(desk: Desk, row: Mapping[Any, Any], coder: str, quarter: pd.Timestamp, score: float | None) -> None:
    """Draw what a score is judged by: the anchors around it, and what was scored in the quarters before."""
    anchors = desk.dataset.anchors
    st.html(show_near_anchors(anchors[anchors["indicator"] == row["indicator"]], score))
    if history := draw_history(desk.dataset, coder, row["indicator"], quarter):
        st.html(history)


@remember
def draw_history(dataset: Dataset, coder: str, indicator: str, quarter: pd.Timestamp) -> str:
    """Return what a coder scored in the quarters before, as a fragment of a page; empty where that is nothing."""
    history = list_history(dataset, coder, indicator, quarter)
    return show_history(dataset, history) if len(history) else ""


def show_form(desk: Desk, sheet: Sheet, row: dict[Any, Any], coder: str, quarter: pd.Timestamp) -> None:
    """Draw the form of a row and carry out its presses; a reader without the right to score sees it disabled."""
    indicator = row["indicator"]
    slot = Slot(coder, f"{quarter:%Y-%m-%d}", indicator)
    form = start_form(desk, slot, quarter)
    fields = read_form(form)
    following = find_next(sheet, coder, quarter, indicator)
    way = press_form(desk, form, fields, row, following) if coder else SAVE
    if PENDING in st.session_state and find_opened(coder, quarter) != indicator:
        st.rerun()  # that of a further day, whose press the head of the page does not know
    entry = read_way(desk, form, fields, row, way)
    tried = st.session_state.get(TRIED) == (slot, way)
    typed = split_score(fields)[0]
    show_grounds(desk, row, coder, quarter, float(typed) if typed and not SCORE.judge(typed) else row["last_score"])
    show_fields(form, {f: said for f, said in entry.faults.items() if tried or fields.get(f)}, disabled=not coder)
    if not coder:
        return
    for warning in entry.warnings:
        st.warning(warning)
    replaced = remember(own_rows)(desk.dataset, coder)
    replaced = replaced[
        (replaced["indicator"] == indicator) & (replaced["date"].dt.strftime("%Y-%m-%d") == entry.row["date"])
    ]
    if len(replaced):
        st.warning(describe_replacing(replaced.iloc[0].to_dict()))
    if slot in st.session_state.get(ASKED, ()):
        st.info(describe_quiet(row))
    show_presses(desk, form, row, following, coder, quarter)
    if tried and entry.faults:
        st.html(show_fault([describe_faults(entry.faults)]))
    show_failed_save(name_press(slot, way), content_of(entry))
    st.html(show_sources(KEPT_HINT))


def name_press(slot: Slot, way: str) -> str:
    """Return the name by which a press of a form's button is noted."""
    return f"{way} {slot}"


def content_of(
    entry: Entry,
) -> tuple[tuple[dict[str, str], ...], tuple[dict[str, str], ...], tuple[dict[str, str], ...]]:
    """Return the rows that a form saves."""
    return (entry.row,), (entry.event,) if entry.event else (), ()


def press_row(desk: Desk, sheet: Sheet, coder: str, quarter: pd.Timestamp, indicator: str) -> bool:
    """Carry out a press of the open row's form before the page is drawn, and return whether the next row is open since."""
    if not coder or PRESS not in st.session_state:
        return False
    row = sheet[sheet["indicator"] == indicator].iloc[0].to_dict()
    if row["state"] != OPEN:
        return False
    form = start_form(desk, Slot(coder, f"{quarter:%Y-%m-%d}", indicator), quarter)
    press_form(desk, form, read_form(form), row, find_next(sheet, coder, quarter, indicator))
    return PENDING in st.session_state


def start_form(desk: Desk, slot: Slot, quarter: pd.Timestamp) -> Form:
    """Return the form of a row, dated on the quarter's last day, or today while it lasts."""
    day = min(quarter, pd.Timestamp(desk.today))
    return make_form(desk, slot, slot.name, quarter, {"date": f"{day:%Y-%m-%d}"})


def press_form(desk: Desk, form: Form, fields: Mapping[str, str], row: dict[Any, Any], following: str) -> str:
    """Carry out a press of one of the form's buttons, if there was one, and return which way the form is judged.

    What is wrong at a field keeps it from being saved, and is said at the field from then on. Where another row
    follows, that one is opened, and the save waits until it is on the screen: nobody waits for the disk or a remote.
    """
    slot = form.slot
    for way in (SAVE, UNCHANGED):
        seen = take_press(name_press(slot, way))
        if seen is None:
            continue
        asked: set[Slot] = st.session_state.setdefault(ASKED, set())
        if way == UNCHANGED and asks_first(row) and slot not in asked:
            asked.add(slot)
            return way
        entry = read_way(desk, form, fields, row, way)
        st.session_state[TRIED] = (slot, way)
        if entry.faults:
            return way
        content = content_of(entry)
        told = Told(name_press(slot, way), content=content)
        save = RowSave(told, slot.coder, seen, desk.dataset, content[0][0], content[1], slot)
        if following and not st.session_state.get(UNKEPT):  # else this form alone holds what is typed
            open_row(slot.coder, form.quarter, following)
            st.session_state[PENDING] = save
            return way
        if is_done(carry_out(save)):
            drop_draft(slot)
        st.rerun()
    before: tuple[Slot, str] | None = st.session_state.get(TRIED)
    return before[1] if before is not None and before[0] == slot else SAVE


def asks_first(row: Mapping[Any, Any]) -> bool:
    """Return whether leaving the score as it was needs a word first: a quarter's flow does not carry over in silence."""
    return bool(row["window"] == "quarter" and not row["new"])


def read_way(desk: Desk, form: Form, fields: Mapping[str, str], row: dict[Any, Any], way: str) -> Entry:
    """Return the form as a row, with the fields as typed or with the last score left as it was."""
    if way == SAVE or pd.isna(row["last_score"]):
        return judge_form(desk, form, fields)
    own = remember(own_rows)(desk.dataset, form.slot.coder)
    last = own[(own["indicator"] == form.indicator) & (own["date"] == row["last"])].iloc[0]
    cells = {name: format_half(last[name]) for name in ("score", "low", "high")}
    cells |= {"indicator": form.indicator, "events": last["events"]}
    reason = fields.get("rationale", "")
    ticked = [id for id in fields.get("events", "").split(";") if id]
    if not row["new"]:
        reason = reason or ("" if asks_first(row) else word_unchanged(row, form.quarter))
        kept = carry_on(cells, fields["date"], reason, ticked)
    else:
        kept = carry_on(cells | {"events": ""}, fields["date"], reason, ticked)
    entry = judge_form(desk, form, {**fields, **kept})
    if (typed := split_score(fields)[0]) and typed != cells["score"]:
        said = f"“{typed}” is typed here: clear it to leave the score at {cells['score']}, or press Save."
        return Entry(entry.row, entry.event, {**entry.faults, "score": said}, entry.warnings)
    return entry


def show_presses(
    desk: Desk, form: Form, row: dict[Any, Any], following: str, coder: str, quarter: pd.Timestamp
) -> None:
    """Draw the buttons of the form."""
    told, saving = st.session_state.get(TOLD), PENDING in st.session_state
    titles = desk.dataset.title
    with st.container(horizontal=True, key="sheet-presses"):
        st.button(
            f"Save, next: {titles(following)}" if following else "Save",
            type="primary",
            shortcut="Ctrl+Enter",
            key=form.slot.key(SAVE),
            on_click=note_press,
            args=(name_press(form.slot, SAVE), desk.dataset, told),
            disabled=saving,
        )
        if not pd.isna(row["last_score"]):
            asked = form.slot in st.session_state.get(ASKED, ())
            st.button(
                f"Record {format_half(row['last_score'])} again" if asked else name_unchanged(row, row["new"]),
                key=form.slot.key(UNCHANGED),
                shortcut="Alt+U",
                help=None if row["new"] or asks_first(row) else word_unchanged(row, quarter),
                on_click=note_press,
                args=(name_press(form.slot, UNCHANGED), desk.dataset, told),
                disabled=saving,
            )
        if following:
            st.button(
                "Skip",
                key=form.slot.key("skip"),
                shortcut="Alt+S",
                help="Leaves the row for later; the draft is kept.",
                on_click=skip_row,
                args=(coder, quarter, form.indicator, following),
            )
