"""The tab Codebook: a new wording of an anchor, indicator or coder, as a proposal that shows what it would change first."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st

from indicators.dashboard.app import Desk, open_data, read_blindness
from indicators.dashboard.scoring.forms import FORM_WIDTH, SmallForm, Values, show_said, show_unsaved
from indicators.measures.change.preview import compare_settled
from indicators.measures.narrative.dates import check_readings
from indicators.measures.review import count_near
from indicators.records.dataset import Dataset
from indicators.records.saving.entry import judge_cells, judge_reason, tidy
from indicators.records.saving.save import preview_submission
from indicators.records.saving.submission import CODERS_FILE, Change, Submission
from indicators.records.tables.columns import Table
from indicators.records.tables.core import (
    ANCHOR_SCORES,
    ANCHORS,
    ANCHORS_FILE,
    CODERS,
    INDICATORS,
    INDICATORS_FILE,
    WINDOWS,
)
from indicators.show.links.parameters import DRAFT
from indicators.show.text.html import show_sources, show_table
from indicators.show.text.scoring.sheet import show_changes
from indicators.show.text.words import count_words, format_change, format_score, name_quarter

KINDS = ("Wording of an anchor", "New indicator", "New coder")
SHOWN = 12
"""Quarters of a preview that are listed; all are counted."""

SPANS = dict(zip(WINDOWS, ("the quarter alone", "several months up to its end", "the state at its end"), strict=True))

NEW = ("indicator", "dimension", "title", "definition", "weight", "window")


def show_codebook_desk(desk: Desk, coder: str) -> None:
    """Draw the choice of what is proposed, and its form."""
    show_said()
    st.markdown(
        "A change of the codebook is saved only if `check` finds no problem, with a line in the changelog of the data."
    )
    kind = st.segmented_control(
        "What is proposed", KINDS, default=KINDS[0], required=True, key=f"{DRAFT}proposal", label_visibility="collapsed"
    )
    with st.container(width=FORM_WIDTH):
        {KINDS[0]: propose_anchor, KINDS[1]: propose_indicator, KINDS[2]: propose_coder}[kind](desk, coder)


def propose_anchor(desk: Desk, coder: str) -> None:
    """Draw the form of another wording of an anchor, which starts from the one in force."""
    dataset = desk.dataset
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    indicator = left.selectbox(
        "Indicator", list(dataset.indicators.index), format_func=dataset.title, key=f"{DRAFT}anchor_of"
    )
    score = right.segmented_control("Score", ANCHOR_SCORES, default=0, required=True, key=f"{DRAFT}anchor_score")
    before = read_anchor(dataset, indicator, score)
    form = SmallForm(coder, f"anchor-{indicator}-{score}", ("anchor", "reason"), judge_anchor, before)
    form.area("anchor", "What must be the case for this score", height=120)
    after = {**before, "anchor": tidy(form.read()["anchor"])}
    if after != before:
        st.html(show_changes([("anchor", before["anchor"], after["anchor"])]))
    near = count_near(dataset, indicator, score)
    given = count_words(near, "assessment") if near else "No assessment"
    st.html(
        show_sources(
            f"{given} in force of this indicator within a point of {score}. A new wording changes no score on record."
        )
    )
    offer(
        desk,
        form,
        "Save the wording",
        lambda seen: [(ANCHORS_FILE, read_anchor(seen, indicator, score), after)],
        "The new wording is in force.",
        after == before,
    )


def propose_indicator(desk: Desk, coder: str) -> None:
    """Draw the form of a new indicator with its six anchors."""
    dataset = desk.dataset
    anchors = [f"anchor{score}" for score in ANCHOR_SCORES]
    form = SmallForm(coder, "indicator-new", (*NEW, *anchors, "reason"), judge_indicator, {"weight": "1"})
    id, title, dimension = st.columns([2, 3, 3])
    form.text("indicator", "Id", id, placeholder="border_incidents")
    form.text("title", "Title", title)
    form.listed("dimension", "Dimension", {str(d): dataset.title(str(d)) for d in dataset.dimensions.index}, dimension)
    form.area("definition", "Definition: what is observed, over which period, what counts")
    weight, window = st.columns([1, 3])
    form.text("weight", "Weight in its dimension", weight)
    form.choice("window", "A score covers", SPANS, window)
    for score, field, place in zip(ANCHOR_SCORES, anchors, _pair_columns(), strict=True):
        form.area(field, f"Anchor for {score}", place)
    typed = {name: tidy(text) for name, text in form.read().items()}
    rows: Proposed = [(INDICATORS_FILE, {}, {name: typed[name] for name in NEW})]
    rows += [
        (ANCHORS_FILE, {}, {"indicator": typed["indicator"], "score": str(score), "anchor": typed[field]})
        for score, field in zip(ANCHOR_SCORES, anchors, strict=True)
    ]
    offer(desk, form, "Add the indicator", lambda _: rows, "The indicator is in the codebook and can be scored.")


def propose_coder(desk: Desk, coder: str) -> None:
    """Draw the form of a new coder."""
    form = SmallForm(coder, "coder-new", ("coder", "description", "reason"), judge_coder)
    form.text("coder", "Id: a short name, never a person's own")
    form.area("description", "How the coder works, in a sentence or two")
    typed = {name: tidy(text) for name, text in form.read().items()}
    row = {name: typed[name] for name in CODERS.names}
    offer(desk, form, "Add the coder", lambda _: [(CODERS_FILE, {}, row)], "The coder is in the codebook.")


Proposed = list[tuple[str, Values, Values]]
"""Rows of a proposal: file, cells as they were (none where the row is new), cells as they are to be."""


def offer(
    desk: Desk, form: SmallForm, label: str, rows: Callable[[Dataset], Proposed], said: str, unchanged: bool = False
) -> None:
    """Draw the reason of a proposal, what it would change, and the button that saves it."""
    form.area("reason", "Why")
    reason = tidy(form.read()["reason"])

    def build(seen: Dataset) -> tuple[Change, ...]:
        return tuple(Change(file, before, after, reason) for file, before, after in rows(seen))

    ready = not unchanged and not form.judge(form.read())
    if st.toggle("Show what it would change", key=form.key("shown"), disabled=not ready) and ready:
        preview_changes(desk, Submission((), form.coder, "preview", changes=build(desk.dataset)))
    form.press(desk, label, lambda seen: {"changes": build(seen)}, said, disabled=unchanged)


def preview_changes(desk: Desk, submission: Submission) -> None:
    """Draw the readings of settled quarters that a proposal would change, or why it could not be saved."""
    after = preview_submission(open_data().data, submission, dt.datetime.now(dt.UTC), check_readings)
    if not isinstance(after, Dataset):
        show_unsaved(after)
        return
    seen = read_blindness(after).see(after)
    table = compare_settled(desk.dataset, seen)
    if table.empty:
        st.info("No reading of a settled quarter changes, of the index or of a dimension.")
        return
    said = count_words(table["quarter"].nunique(), "settled quarter")
    shown = table.head(SHOWN).assign(
        reading=lambda t: t["id"].map(seen.title),
        quarter=lambda t: t["quarter"].map(name_quarter),
        change=lambda t: t["after"] - t["before"],
    )[["reading", "quarter", "before", "after", "change"]]
    two = {name: lambda v: format_score(v, 2) for name in ("before", "after")}
    st.html(
        show_table(shown, {**two, "change": lambda v: format_change(v, 2)}, f"Readings change in {said}; newest first")
    )


def read_anchor(dataset: Dataset, indicator: str, score: int) -> Values:
    """Return the row of an anchor as cells of its file."""
    rows = dataset.anchors
    row = rows[(rows["indicator"] == indicator) & (rows["score"] == score)].iloc[0]
    return {"indicator": indicator, "score": str(score), "anchor": str(row["anchor"])}


def judge_anchor(typed: Values) -> dict[str, str]:
    """Return what is wrong with a wording, by field."""
    return _judge(typed, ("anchor",), ANCHORS)


def judge_coder(typed: Values) -> dict[str, str]:
    """Return what is wrong with a new coder, by field."""
    return _judge(typed, CODERS.names, CODERS)


def judge_indicator(typed: Values) -> dict[str, str]:
    """Return what is wrong with a new indicator, by field."""
    faults = _judge(typed, NEW, INDICATORS)
    for score in ANCHOR_SCORES:
        said = judge_cells(ANCHORS, {"anchor": tidy(typed[f"anchor{score}"])})
        faults |= {f"anchor{score}": sentence for sentence in said.values()}
    return faults


def _pair_columns() -> list[Any]:
    """Places in two columns, row by row: on a phone the anchors stay in their order."""
    return [place for _ in range(len(ANCHOR_SCORES) // 2) for place in st.columns(2)]


def _judge(typed: Values, columns: Iterable[str], table: Table) -> dict[str, str]:
    return {**judge_cells(table, {name: tidy(typed[name]) for name in columns}), **judge_reason(typed["reason"])}
