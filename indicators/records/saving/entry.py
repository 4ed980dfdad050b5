"""What is typed into a form, as the cells of rows, and what is wrong with it at which field."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from indicators.records.rules import DATE, SCORE
from indicators.records.tables.columns import RATIONALE, REASON, Table
from indicators.records.tables.core import EVENTS

ROW_FIELDS = ("date", "score", "low", "high", "rationale", "events")
EVENT_FIELDS = {
    "fact": "fact",
    "day": "date",
    "effect": "effect",
    "url": "source_url",
    "title": "source_title",
    "publisher": "publisher",
    "reliability": "reliability",
    "credibility": "credibility",
    "second": "second_source_url",
}
"""Fields of a new event, with the column of each; the last one may stay blank."""

FIELDS = (*ROW_FIELDS, *EVENT_FIELDS)

NAMED_EVENT = re.compile(r"\bE[0-9]{4,}\b")

Fields = Mapping[str, str]


@dataclass(frozen=True)
class Entry:
    """A form as it stands: cells of the row and of the new event, and what is wrong at which field.

    ``warnings`` are sentences that do not keep it from being saved.
    """

    row: dict[str, str]
    event: dict[str, str] | None
    faults: dict[str, str]
    warnings: tuple[str, ...] = ()


def read_entry(
    fields: Fields,
    indicator: str,
    days: Mapping[str, str],
    span: tuple[str, str],
    quarter: str,
) -> Entry:
    """Return a form's fields as rows with their faults.

    ``days`` gives the day of each known event; ``span`` are the first and last day that a score may have, of the
    quarter whose name is ``quarter``.
    """
    score, low, high = split_score(fields)
    reason = tidy(fields.get("rationale", ""))
    date = fields.get("date", "").strip()
    events = [id for id in fields.get("events", "").split(";") if id]
    event, faults = read_event(fields, indicator, date)
    faults |= judge_date(date, span, quarter)
    faults |= judge_score(score, low, high)
    if fault := RATIONALE.judge(reason) if reason else None:
        faults["rationale"] = f"The reason {fault.message}."
    elif not reason:
        faults["rationale"] = f"Write why, in {RATIONALE.shortest} to {RATIONALE.longest} characters."
    late = [id for id in events if "date" not in faults and days.get(id, "") > date]
    if late:
        faults["events"] = " ".join(
            f"{id} is dated {days[id]}, after the score's date {date}: untick it, or date the score later."
            for id in late
        )
    elif not events and event is None:
        faults["events"] = "Tick at least one event that supports the score."
    named = [id for id in dict.fromkeys(NAMED_EVENT.findall(reason)) if id not in events]
    warnings = tuple(f"The reason cites {id}, which is not ticked." for id in named)
    row = {"date": date, "indicator": indicator, "score": score, "low": low, "high": high, "rationale": reason}
    row["events"] = ";".join([*events, *(["new1"] if event else [])])
    return Entry(row, event, faults, warnings)


def judge_cells(table: Table, cells: Fields) -> dict[str, str]:
    """Return what is wrong with some cells of a table, as a sentence for each column."""
    faults = {}
    for name, cell in cells.items():
        column = table.column(name)
        if not cell and not column.blank:
            faults[name] = "Fill it in."
        elif fault := column.rule.judge(cell) if cell else None:
            faults[name] = f"“{shorten(cell)}” {fault.message}."
    return faults


def judge_reason(typed: str) -> dict[str, str]:
    """Return what is wrong with the reason of a change, under its name."""
    reason = tidy(typed)
    if not reason:
        return {"reason": f"Write why, in {REASON.shortest} to {REASON.longest} characters."}
    return {"reason": f"The reason {fault.message}."} if (fault := REASON.judge(reason)) else {}


def judge_sources(event: Fields) -> dict[str, str]:
    """Return what is wrong with the two sources of an event and its credibility, by column."""
    first, second = event["source_url"], event["second_source_url"]
    if event["credibility"] == "1" and not second:
        return {"credibility": "1 means confirmed by another report: give the link to it, or choose 2."}
    return (
        {"second_source_url": "This is the first source again: give another report, or leave it blank."}
        if second and second == first
        else {}
    )


def tidy(text: str) -> str:
    """Return a text on one line, with single spaces."""
    return " ".join(text.split())


def split_score(fields: Fields) -> tuple[str, str, str]:
    """Return score, low and high as typed, each in its field or all in the first one, as in ``7 6 8``."""
    score, low, high = (fields.get(name, "").strip() for name in ("score", "low", "high"))
    parts = score.split()
    if len(parts) == 3 and not low and not high:
        return parts[0], parts[1], parts[2]
    return score, low, high


def judge_score(score: str, low: str, high: str) -> dict[str, str]:
    """Return what is wrong with a score and its plausible range, by field."""
    cells = {"score": score, "low": low, "high": high}
    faults = {}
    for name, cell in cells.items():
        if not cell:
            faults[name] = "Type 0 to 10, in halves."
        elif fault := SCORE.judge(cell):
            faults[name] = f"“{cell}” {fault.message}."
    if faults:
        return faults
    if float(low) > float(high):
        return {"low": f"The low end, {low}, is above the high end, {high}."}
    if float(score) < float(low):
        return {"low": f"The score {score} lies below its range, which starts at {low}."}
    return (
        {"high": f"The score {score} lies above its range, which ends at {high}."} if float(score) > float(high) else {}
    )


def judge_date(date: str, span: tuple[str, str], quarter: str) -> dict[str, str]:
    """Return what is wrong with the day of a score, by field."""
    if not date:
        return {"date": "Write the day, as in 2024-02-29."}
    if fault := DATE.judge(date):
        return {"date": f"“{date}” {fault.message}."}
    if not span[0] <= date <= span[1]:
        return {"date": f"{date} is outside the {quarter}, which so far runs from {span[0]} to {span[1]}."}
    return {}


def read_event(fields: Fields, indicator: str, date: str) -> tuple[dict[str, str] | None, dict[str, str]]:
    """Return the new event of a form, or nothing where none was begun, and what is wrong with it, by field."""
    typed = {field: tidy(fields.get(field, "")) for field in EVENT_FIELDS}
    if not any(typed.values()):
        return None, {}
    faults = {}
    for field, column in EVENT_FIELDS.items():
        rule, cell = EVENTS.column(column), typed[field]
        if not cell:
            if not rule.blank:
                faults[field] = "Fill this in for the new event."
        elif fault := rule.rule.judge(cell):
            faults[field] = f"“{shorten(cell)}” {fault.message}."
    if "day" not in faults and DATE.judge(date) is None and typed["day"] > date:
        faults["day"] = f"The event is dated {typed['day']}, after the score's date {date}."
    return {EVENT_FIELDS[field]: cell for field, cell in typed.items()} | {
        "indicator": indicator,
        "same_as": "",
    }, faults


def shorten(text: str, most: int = 40) -> str:
    """Return the start of a long text."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def carry_on(last: Mapping[str, str], date: str, reason: str, events: Sequence[str] = ()) -> dict[str, str]:
    """Return the row that leaves a score as it was: ``last``'s score and range, with its events where none is given."""
    kept = {name: last[name] for name in ("indicator", "score", "low", "high")}
    return {**kept, "date": date, "rationale": tidy(reason), "events": ";".join(events) or last["events"]}


def as_cells(row: Mapping[Any, Any]) -> dict[str, str]:
    """Return a row of the assessments as cells of a form; a withdrawn one has blank numbers."""

    def number(value: Any) -> str:
        return f"{value:g}" if value == value else ""  # not so for NaN

    return {
        "date": f"{row['date']:%Y-%m-%d}",
        "indicator": str(row["indicator"]),
        **{name: number(row[name]) for name in ("score", "low", "high")},
        "rationale": str(row["rationale"]),
        "events": str(row["events"]),
    }


def undo(row: Mapping[Any, Any], before: Mapping[Any, Any] | None) -> dict[str, str]:
    """Return the row that takes a row back: what it replaced once more, or a withdrawal where it replaced nothing."""
    cells = as_cells(row)
    if before is not None:
        return as_cells(before) | {"method": str(before["method"])}
    taken_back = "Taken back by its coder: it was saved by mistake."
    return cells | {"score": "", "low": "", "high": "", "rationale": taken_back}
