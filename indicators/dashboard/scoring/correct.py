"""Corrections and withdrawals: from the row on record, cell by cell, with what they replace and would change."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from indicators.dashboard.app import Desk
from indicators.dashboard.remember import remember
from indicators.dashboard.scoring.after_save import is_done, is_open_to, save_row, show_failed_save, show_last_row
from indicators.dashboard.scoring.comments import show_talk
from indicators.dashboard.scoring.drafts import Slot, drop_draft, keep_fields, read_draft, start_fields
from indicators.dashboard.scoring.fields import judge_form, make_form, read_form, show_fields
from indicators.dashboard.scoring.save import TOLD, note_press, show_effect, take_press
from indicators.dashboard.widgets import choose_id, expand_begun
from indicators.measures.panel import Panel
from indicators.measures.scoring import own_rows, quarter_end
from indicators.records.rules import SCORE
from indicators.records.saving.entry import as_cells, split_score, tidy
from indicators.records.saving.submission import withdraw
from indicators.records.tables.columns import RATIONALE
from indicators.show.links.parameters import DRAFT
from indicators.show.text.scoring.sheet import (
    describe_faults,
    describe_replacing,
    format_range,
    show_changes,
    show_fault,
    show_near_anchors,
    show_saved,
)
from indicators.show.text.words import format_date

ROW, DAY = f"{DRAFT}earlier", f"{DRAFT}earlier_day"
TRIED = "tried-correction"


def show_earlier_rows(desk: Desk, coder: str) -> None:
    """Draw the choice of one of the coder's rows in force, and what can be done with it; none is chosen at first."""
    show_last_row(desk, coder)
    own = remember(own_rows)(desk.dataset, coder)
    if own.empty:
        st.info("You have no assessment on record yet.")
        return
    scored = [id for id in desk.dataset.indicators.index if id in set(own["indicator"])]
    left, right = st.columns(2)
    with left:
        indicator = choose_id("Indicator", scored, ROW, desk.dataset.title, listed=True, drafted=True)
    rows = own[own["indicator"] == indicator].iloc[::-1]
    days = {f"{row['date']:%Y-%m-%d}": row for _, row in rows.iterrows()}
    chosen = right.selectbox(
        "Assessment",
        list(days),
        index=None,
        key=f"{DAY}-{indicator}",
        format_func=lambda day: f"{format_date(pd.Timestamp(day))}: {format_range(days[day].to_dict())}",
        placeholder="Choose the one to correct or withdraw",
    )
    if chosen in days:
        st.html(show_saved(desk.dataset, days[chosen]))
        show_talk(desk, days[chosen], coder)
        show_correction(desk, days[chosen])


def place_correction(row: pd.Series) -> Slot:
    """Return where the draft of a row's correction is kept: a row that has been replaced is another one."""
    name = f"{row['indicator']}-{row['date']:%Y-%m-%d}-{row['recorded']:%Y%m%dT%H%M%S}"
    return Slot(str(row["coder"]), f"{quarter_end(row['date']):%Y-%m-%d}", name)


def show_correction(desk: Desk, row: pd.Series) -> None:
    """Draw the correction of a row, which starts from its cells, and its withdrawal."""
    coder, date = str(row["coder"]), pd.Timestamp(row["date"])
    slot = place_correction(row)
    start = as_cells(row.to_dict())
    form = make_form(desk, slot, str(row["indicator"]), quarter_end(date), start)
    fields = read_form(form)
    entry = judge_form(desk, form, fields)
    if entry.row["date"] != start["date"]:
        entry.faults.setdefault(
            "date", f"A correction keeps its date, {start['date']}; to score another day, withdraw the row."
        )
    changes = [
        (name, start[name], new) for name, new in entry.row.items() if name != "indicator" and start[name] != new
    ]
    label = f"correct {slot}"
    if (seen := take_press(label)) is not None:
        st.session_state[TRIED] = slot
        if changes and not entry.faults:
            events = (entry.event,) if entry.event else ()
            if is_done(save_row(desk, seen, coder, label, entry.row, events)):
                drop_draft(slot)
            st.rerun()
    typed = split_score(fields)[0]
    anchors = desk.dataset.anchors[desk.dataset.anchors["indicator"] == row["indicator"]]
    st.html(show_near_anchors(anchors, float(typed) if typed and not SCORE.judge(typed) else float(row["score"])))
    show_fields(form, entry.faults)
    for warning in entry.warnings:
        st.warning(warning)
    if changes:
        st.html(show_changes(changes))
        st.caption(describe_replacing(row.to_dict()))
        show_possible_effect(desk, slot, entry.row, bool(entry.faults))
    tried = st.session_state.get(TRIED) == slot
    if tried and not changes:
        st.html(show_fault(["Nothing differs from the row on record: change what was wrong first."]))
    with st.container(horizontal=True):
        st.button(
            "Record the correction",
            type="primary",
            key=slot.key("correct"),
            on_click=note_press,
            args=(label, desk.dataset, st.session_state.get(TOLD)),
        )
    if tried and entry.faults:
        st.html(show_fault([describe_faults(entry.faults)]))
    show_failed_save(label, ((entry.row,), (entry.event,) if entry.event else (), ()))
    show_withdrawal(desk, row, slot)


def show_possible_effect(desk: Desk, slot: Slot, row: Mapping[str, str], wrong: bool) -> None:
    """Draw the button that shows what a correction would change, and on a press of it the readings and claims.

    By the coder's own scores, as long as the other coders have not all reviewed the quarter.
    """
    if not st.toggle("Preview the effect", key=slot.key("effect-shown"), disabled=wrong) or wrong:
        return
    date = pd.Timestamp(row["date"])
    both = is_open_to(slot.coder, date)
    frame = pd.DataFrame([{**row, "coder": slot.coder, "date": date, "method": desk.dataset.newest_method}])
    frame["recorded"] = pd.Timestamp.now("UTC").tz_localize(None)
    for name in ("score", "low", "high"):
        frame[name] = frame[name].astype(float)
    panel = desk.panel.as_published() if both else Panel(desk.dataset, coder=slot.coder)
    show_effect(desk, frame, panel)
    if not both:
        st.caption("From your own scores only, until all coders have reviewed the quarter.")


def show_withdrawal(desk: Desk, row: pd.Series, slot: Slot) -> None:
    """Draw the withdrawal of a row with its reason; once it is withdrawn, nothing is chosen any more."""
    draft = Slot(slot.coder, slot.quarter, f"{slot.name}-withdrawal")
    begun = read_draft(draft, {})
    with expand_begun("Withdraw this assessment", slot.key("withdraw-shown"), bool(begun.get("rationale"))) as opened:
        if not opened.open:
            return
        label = f"withdraw {slot}"
        reason = st.text_area(
            "Reason for the withdrawal",
            start_fields(draft, begun).get("rationale", ""),
            key=draft.key("rationale"),
            height=80,
            placeholder=f"{RATIONALE.shortest} to {RATIONALE.longest} characters",
        )
        keep_fields(draft, (), {})
        words = tidy(reason)
        cells = withdraw(str(row["indicator"]), slot.coder, f"{row['date']:%Y-%m-%d}", words)
        if (seen := take_press(label)) is not None:
            if fault := RATIONALE.judge(words):
                st.html(show_fault([f"The reason {fault.message}."]))
            else:
                if is_done(save_row(desk, seen, slot.coder, label, cells)):
                    drop_draft(slot)
                    drop_draft(draft)
                st.rerun()
        st.button(
            "Withdraw",
            key=slot.key("withdraw"),
            on_click=note_press,
            args=(label, desk.dataset, st.session_state.get(TOLD)),
        )
        show_failed_save(label, ((cells,), (), ()))
