"""The update desk in words: rows of the sheet, what is due, what a quiet quarter means, what was saved."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import pandas as pd
from markupsafe import Markup

from indicators.measures.scoring import CHANGED, OPEN, Due, Effect
from indicators.records.dataset import Dataset
from indicators.records.problems import Report
from indicators.records.saving.entry import EVENT_FIELDS
from indicators.records.storage.uploads import Upload
from indicators.show.text.html import show_assessment, word_evidence
from indicators.show.text.markup import fill_part
from indicators.show.text.words import (
    CREDIBILITY,
    EFFECTS,
    RELIABILITY,
    count_words,
    escape_markdown,
    format_change,
    format_date,
    name_quarter,
)

WINDOWS = {
    "quarter": "counts what happens in the quarter",
    "trailing": "looks back over several months up to the quarter's end",
    "state": "says how things stand at the quarter's end",
}
STATES = {OPEN: "not looked at", CHANGED: "changed"}
DRAFT, SAVING, WAITING = "draft", "saving", "not yet sent"
UNSAVED = (OPEN, DRAFT, SAVING)
"""States in which a row's score is not on record."""

COLOURS = {
    **dict.fromkeys((DRAFT, SAVING, WAITING), "orange"),
    **dict.fromkeys(("unchanged", "changed", "saved"), "green"),
}
FIELDS = {
    "date": "Date",
    "score": "Score",
    "low": "Low",
    "high": "High",
    "rationale": "Why this score",
    "events": "Events",
    "fact": "What happened",
    "source_url": "Link to the source",
    "source_title": "Title of the source",
    "publisher": "Publisher",
    "effect": "Direction",
    "reliability": "Reliability of the source",
    "credibility": "Credibility of the fact",
    "second_source_url": "Link to another report",
    "indicator": "Indicator",
    "same_as": "Same act as",
    "reason": "Reason",
    "question": "Id",
    "subject": "Reading",
    "test": "Test",
    "threshold": "Points",
    "criteria": "Criteria",
    "opened": "First day of forecasts",
    "closes": "Last day of forecasts",
    "resolves": "Day that it is about",
    "resolution": "Answer",
    "event": "Event",
    "resolved": "Day of the answer",
    "series": "Series",
    "dimension": "Dimension",
    "definition": "Definition",
    "weight": "Weight",
    "window": "Window",
    "anchor": "Anchor",
    "coder": "Id",
    "description": "Description",
    "point": "Point at issue",
    "ruling": "Ruling",
    "text": "Text",
}
"""What the form calls the columns of a row, of a new event and of a new coder."""


def format_half(value: float) -> str:
    """Return a score as it is typed: without a zero behind the point."""
    return "–" if pd.isna(value) else f"{value:g}"


def format_range(row: Mapping[Any, Any], prefix: str = "") -> str:
    """Return a score with its range, as in 5.5 (5–7)."""
    score, low, high = (row[f"{prefix}{name}"] for name in ("score", "low", "high"))
    return "–" if pd.isna(score) else f"{format_half(score)} ({format_half(low)}–{format_half(high)})"


def label_row(title: str, row: Mapping[Any, Any], state: str) -> str:
    """Return a row of the sheet as the Markdown of its button: title, last, new events, now, status."""
    last = f"**{format_half(row['last_score'])}**"
    if not pd.isna(row["last_score"]):
        last += f" :small[{format_half(row['last_low'])}–{format_half(row['last_high'])}]"
    now = "–" if pd.isna(row["score"]) else f"**{format_half(row['score'])}**{mark_change(row)}"
    status = STATES.get(state, state)
    coloured = f":{COLOURS[state]}[{status}]" if state in COLOURS else f":gray[{status}]"
    new = str(row["new"]) if row["new"] else ":gray[none]"
    # A span for each cell of the line, which the style sheet sets in columns.
    cells = (last, new, now)
    return f"{escape_markdown(title)} {' '.join(f':gray[{cell}]' for cell in cells)} {coloured}"


def mark_change(row: Mapping[Any, Any]) -> str:
    """Return the change since the last score in small type, with a mark where it leaves the last range."""
    if pd.isna(row["score"]) or pd.isna(row["last_score"]):
        return ""
    outside = not row["last_low"] <= row["score"] <= row["last_high"]
    change = format_change(row["score"] - row["last_score"]) if row["score"] != row["last_score"] else "±0"
    return f" :small[{change}{' ‡' if outside else ''}]"


def describe_progress(states: Sequence[str]) -> str:
    """Return how much of a sheet is done."""
    drafts = states.count(DRAFT)
    text = f"{sum(state not in UNSAVED for state in states)} of {len(states)} saved"
    return f"{text}, {count_words(drafts, 'draft')}" if drafts else text


def describe_due(due: Due, dataset: Dataset) -> str:
    """Return why a row is next."""
    since = f"since the review of {format_date(due.reviewed)}" if due.reviewed is not None else "in the quarter"
    if due.skipped:
        return f"{dataset.title(due.indicator)}: skipped before, and still due."
    if due.new:
        return f"{dataset.title(due.indicator)}: {count_words(due.new, 'new event')} {since}, the most of those left."
    return (
        f"{dataset.title(due.indicator)}: reviewed longest ago of those left."
        if due.reviewed is not None
        else (f"{dataset.title(due.indicator)}: never reviewed by you.")
    )


def describe_indicator(dataset: Dataset, row: Mapping[Any, Any]) -> str:
    """Return the dimension of an indicator, which span a score covers, and what was scored last."""
    parts = [dataset.title(row["dimension"]), WINDOWS[row["window"]]]
    if pd.isna(row["last_score"]):
        parts.append("not scored by you before")
    else:
        parts.append(f"last {format_range(row, 'last_')} of {format_date(row['last'])}")
    return " · ".join(parts)


def name_unchanged(row: Mapping[Any, Any], new: int) -> str:
    """Return what the button says that leaves a score as it was."""
    score = format_half(row["last_score"])
    if new:
        return f"Unchanged at {score} despite these events"
    return f"Quiet quarter: {score} again?" if row["window"] == "quarter" else f"Unchanged at {score}, nothing new"


def word_unchanged(row: Mapping[Any, Any], quarter: pd.Timestamp) -> str:
    """Return the reason of a score that stays because nothing is on record."""
    return (
        f"Unchanged since {format_date(row['last'])}: no event of the {name_quarter(quarter)} on this indicator is on "
        "record, and none was found."
    )


def describe_quiet(row: Mapping[Any, Any]) -> str:
    """Return what a quarter without an event means for an indicator that counts what happens in it."""
    return (
        f"This indicator counts what happens in the quarter, so {format_range(row, 'last_')} reflects earlier events and "
        "does not carry over by itself. No event on record may mean that little happened, or that what happened is not on "
        "record. If you searched and found that it continued at the same level, give the evidence below and press again; "
        "otherwise enter the score that this quarter supports, with a wide range."
    )


def describe_replacing(row: Mapping[Any, Any]) -> str:
    """Return which assessment a save would replace."""
    return f"Replaces your {format_range(row)} of {format_date(row['date'])}; that row stays on record."


def describe_effect(dataset: Dataset, indicator: str, date: pd.Timestamp, effect: Effect) -> str:
    """Return what was saved, and what it moved, in a sentence."""
    name = f"{dataset.title(indicator)}, {name_quarter(date)}"
    if math.isnan(effect.now):
        said = f"{format_half(effect.was)} withdrawn"
    elif math.isnan(effect.was):
        said = f"{format_half(effect.now)}, your first score"
    else:
        same = effect.was == effect.now
        said = (
            f"{format_half(effect.now)}, unchanged"
            if same
            else f"{format_half(effect.was)} → {format_half(effect.now)}"
        )
    dimension = dataset.title(dataset.text(indicator, "dimension"))
    moved = [
        f"{title} {format_change(points, 2)}"
        for title, points in ((dimension, effect.dimension), ("index", effect.index))
        if not math.isnan(points)
    ]
    if not moved or effect.was == effect.now:
        return f"{name}: {said}."
    if not date.is_quarter_end and max(abs(effect.dimension), abs(effect.index)) < 1e-9:
        return f"{name}: {said}; the readings follow with the review of the quarter."
    alone = ", from your own scores only until all coders have reviewed the quarter" if effect.own else ""
    return f"{name}: {said}; {', '.join(moved)}{alone}."


def describe_faults(fields: Iterable[str]) -> str:
    """Return which fields of a form keep it from being saved."""
    names = [FIELDS[EVENT_FIELDS.get(field, field)] for field in fields]
    return f"Not saved. First correct the errors shown above at: {', '.join(names)}."


def describe_refusal(report: Report) -> list[str]:
    """Return problems of a form that was refused, each with the name of its field instead of a file and line."""
    return [
        f"{FIELDS.get(problem.column, problem.column)}{f': “{problem.value}”' if problem.value else ''} {problem.message}."
        for problem in report
    ]


def describe_upload(upload: Upload, kept: bool, others: Sequence[Upload]) -> str:
    """Return what was handed in, whether it is kept, and what others are, as Markdown."""
    text = f"**{name_upload(upload) if upload.name else 'Pasted cells'}**"
    if kept:
        text += (
            f", changed last {_name_moment(upload)}. Kept on the server, for you alone, until it is saved or discarded."
        )
    if others:
        named = ", ".join(f"{name_upload(other)} ({_name_moment(other)})" for other in others)
        text += f" Also kept, and shown once this is {'saved or discarded' if kept else 'closed'}: {named}."
    return text


def name_upload(upload: Upload) -> str:
    """Return the name of a file as Markdown, or what was handed in without one."""
    return escape_markdown(upload.name) if upload.name else "pasted cells"


def _name_moment(upload: Upload) -> str:
    return f"{format_date(pd.Timestamp(upload.changed))}, {upload.changed:%H:%M} UTC"


def label_event(id: str, event: Mapping[Any, Any]) -> str:
    """Return an event as the Markdown of its tick: day, fact in full, source with its two grades."""
    link = f"[{escape_markdown(event['publisher'])}]({quote(event['source_url'], safe=':/?#@!&+,;=%.-')})"
    grades = f"source {event['reliability']}, fact {event['credibility']}"
    return (
        f"**{format_date(event['date'])}** {escape_markdown(event['fact'])} {link} "
        f":gray[{EFFECTS[event['effect']]} · {grades} · {id}]"
    )


def name_event(id: str, event: Mapping[Any, Any]) -> str:
    """Return an event in one line of a list to choose from."""
    return f"{id} · {format_date(event['date'])} · {event['fact']}"


def show_head(dataset: Dataset, row: Mapping[Any, Any]) -> Markup:
    """Return the head of an opened row: title, what kind of indicator it is, definition."""
    words = {"title": dataset.title(row["indicator"]), "about": describe_indicator(dataset, row)}
    return fill_part("scoring.html", "head", **words, definition=dataset.text(row["indicator"], "definition"))


def show_sheet_head() -> Markup:
    """Return the names of the sheet's columns."""
    return fill_part("scoring.html", "sheet_head")


def show_group(title: str) -> Markup:
    """Return the name of a dimension between rows of the sheet."""
    return fill_part("scoring.html", "group", title=title)


def show_near_anchors(anchors: pd.DataFrame, score: float | None) -> Markup:
    """Return the anchors around a score in full, the others folded; all of them in full where there is no score."""
    rows = anchors.sort_values("score", ascending=False).to_dict("records")
    place = None if score is None or pd.isna(score) else score
    # A score on an anchor has one below and one above, beside its own.
    reach = 2.0 if place in [row["score"] for row in rows] else 1.5
    near = [row for row in rows if place is None or abs(row["score"] - place) <= reach]
    far = [row for row in rows if row not in near]
    return fill_part("scoring.html", "near_anchors", near=near, far=far, score=place)


def show_history(dataset: Dataset, rows: pd.DataFrame) -> Markup:
    """Return a coder's scores of earlier quarters in a line, and on opening with their reasons."""
    shown = [
        (
            name_quarter(row["date"]),
            format_range(row.to_dict()),
            row["rationale"],
            word_evidence(dataset, row),
        )
        for _, row in rows.iterrows()
    ]
    return fill_part("scoring.html", "history", rows=shown)


def show_legend() -> Markup:
    """Return what the two grades of an event mean."""
    return fill_part("scoring.html", "legend", reliability=RELIABILITY, credibility=CREDIBILITY)


def show_fault(sentences: Sequence[str]) -> Markup:
    """Return what is wrong with the field above."""
    return fill_part("scoring.html", "fault", sentences=sentences)


def show_changes(changes: Sequence[tuple[str, str, str]]) -> Markup:
    """Return the cells of a correction, old beside new."""
    named = [(FIELDS[column], old, new) for column, old, new in changes]
    return fill_part("scoring.html", "changes", changes=named)


def show_comments(dataset: Dataset, comments: pd.DataFrame) -> Markup:
    """Return what was written about an assessment: who, when, what, and whether a correction is asked for."""
    return fill_part("scoring.html", "comments", rows=comments.to_dict("records"), lead=dataset.topic.lead)


def show_saved(dataset: Dataset, row: pd.Series, note: str = "") -> Markup:
    """Return an assessment that is on record."""
    return show_assessment(dataset, row, note)


def describe_apart(own: pd.Series, other: pd.Series) -> str:
    """Return how another coder's score lies beside one's own."""
    apart = float(other["score"] - own["score"])
    words = f"{format_half(abs(apart))} {'above' if apart > 0 else 'below'} yours" if apart else "the same as yours"
    meet = max(own["low"], other["low"]) <= min(own["high"], other["high"])
    return words if meet else f"{words}, and the ranges do not meet"


def show_open_mark(name: str) -> Markup:
    """Return an empty element that tells the browser which row is open."""
    return fill_part("scoring.html", "open_mark", name=name)
