"""What one cell may hold: rules that take a cell's text and return a fault or nothing."""

import datetime as dt
import math
import re
from collections.abc import Callable
from typing import NamedTuple


class Fault(NamedTuple):
    """What is wrong with a cell: a problem code and a sentence that says what to do."""

    code: str
    message: str


Rule = Callable[[str], Fault | None]

# ASCII throughout: \d alone would let through the digits of other scripts.
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIMESTAMP = re.compile(r"\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ", re.ASCII)
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?", re.ASCII)
_URL = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?([/?#][^\s<>\"\\^`{|}]*)?", re.ASCII)
_FORMULA = re.compile(r"[=+\-@\t\r]")


def check_date(cell: str) -> Fault | None:
    """Accept ``2024-02-29``; refuse every other way of writing a date, and days that do not exist."""
    if not _DATE.fullmatch(cell):
        if re.fullmatch(r"\d{5}", cell):
            advice = "is a spreadsheet's serial number — format the column as text and write 2024-02-29"
        elif re.fullmatch(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}", cell):
            advice = "is a local date whose order of day and month is unclear — write year-month-day, as in 2024-02-29"
        else:
            advice = "is not a date — write year-month-day with zeros, as in 2024-02-09"
        return Fault("date-format", advice)
    try:
        dt.date.fromisoformat(cell)
    except ValueError:
        return Fault("date-impossible", "does not exist in the calendar — correct the day or month")
    return None


def check_recorded(cell: str) -> Fault | None:
    """Accept a date or a UTC timestamp such as ``2026-11-22T15:04:05Z``."""
    if _DATE.fullmatch(cell):
        return check_date(cell)
    if not _TIMESTAMP.fullmatch(cell):
        return Fault("timestamp-format", "is not a UTC time — write 2026-11-22T15:04:05Z or a date")
    return check_date(cell[:10])


def check_number(low: float = -math.inf, high: float = math.inf, whole: bool = False) -> Rule:
    """Return a rule that accepts plain decimals from ``low`` to ``high``."""

    def rule(cell: str) -> Fault | None:
        if fault := _number_form(cell):
            return fault
        value = float(cell)
        if not low <= value <= high:
            return Fault("number-range", f"is outside the allowed range {low:g} to {high:g}")
        if not math.isfinite(value):
            return Fault("number-range", "is too large to be a number")
        if whole and value != int(value):
            return Fault("number-range", "is not a whole number")
        return None

    return rule


LEAST_WEIGHT = 0.001
"""Smallest weight other than 0: sums and ratios of much smaller ones lose their digits."""


def check_weight(most: float) -> Rule:
    """Return a rule that accepts 0, for leaving out, and plain decimals from ``LEAST_WEIGHT`` to ``most``."""
    in_range = check_number(0, most)

    def rule(cell: str) -> Fault | None:
        if fault := in_range(cell):
            return fault
        # By its text: the smallest numbers are read as 0.
        if float(cell) < LEAST_WEIGHT and cell.strip("-0."):
            return Fault("number-range", f"is too small for a weight — write 0, or {LEAST_WEIGHT:g} to {most:g}")
        return None

    return rule


def check_score(cell: str) -> Fault | None:
    """Accept 0 to 10 in halves."""
    if fault := _number_form(cell):
        return fault
    value = float(cell)
    if value < 0 or value > 10:
        side = "below 0" if value < 0 else "above 10"
        return Fault("score-range", f"is {side} — the scale runs 0 to 10 in halves")
    if value * 2 != int(value * 2):
        return Fault("score-step", "is not a multiple of one half — the scale runs 0 to 10 in halves")
    return None


def starts_formula(cell: str) -> bool:
    """Return whether a spreadsheet might run a text as a formula."""
    return bool(_FORMULA.match(cell))


def check_text(shortest: int, longest: int) -> Rule:
    """Return a rule that accepts plain printable text of a given length."""

    def rule(cell: str) -> Fault | None:
        if not cell.isprintable():
            if "\n" in cell or "\r" in cell:
                return Fault("cell-newline", "contains a line break — write the cell on one line")
            bad = next(c for c in cell if not c.isprintable())
            return Fault("characters", f"contains the invisible character U+{ord(bad):04X} — delete or retype it")
        if not shortest <= len(cell) <= longest:
            return Fault("length", f"has {len(cell)} characters — write {shortest} to {longest}")
        if starts_formula(cell):
            return Fault("formula", f"starts with {cell[0]!r}, which spreadsheets run as a formula — reword the start")
        return None

    return rule


def check_id(pattern: str, shape: str) -> Rule:
    """Return a rule that accepts ids of a form; ``shape`` says the form in words."""
    compiled = re.compile(pattern, re.ASCII)

    def rule(cell: str) -> Fault | None:
        return None if compiled.fullmatch(cell) else Fault("id-format", f"is not an id of the form {shape}")

    return rule


def check_ids(pattern: str, shape: str) -> Rule:
    """Return a rule that accepts several ids with ``;`` between them, none of them twice."""
    one = check_id(pattern, shape)

    def rule(cell: str) -> Fault | None:
        parts = cell.split(";")
        if any(one(part) for part in parts):
            return Fault("id-format", f"is not a list of ids of the form {shape} with ; between them")
        if len(set(parts)) != len(parts):
            return Fault("event-twice", "names an id twice — keep it once")
        return None

    return rule


def reserve(rule: Rule, *words: str) -> Rule:
    """Return a rule that besides refuses some words, in capitals too: they mean something else where ids are named."""

    def reserved(cell: str) -> Fault | None:
        if cell.lower() in words:
            return Fault("id-reserved", "has a meaning of its own in links, commands or pages — give another id")
        return rule(cell)

    return reserved


def check_whole(*allowed: int) -> Rule:
    """Return a rule that accepts one of the listed whole numbers, however it is written (``2`` and ``2.0``)."""

    def rule(cell: str) -> Fault | None:
        if not _number_form(cell) and float(cell) in allowed:
            return None
        return Fault("choice", f"is not one of {', '.join(map(str, allowed))}")

    return rule


def check_choice(*allowed: str) -> Rule:
    """Return a rule that accepts one of the listed words."""

    def rule(cell: str) -> Fault | None:
        return None if cell in allowed else Fault("choice", f"is not one of {', '.join(allowed)}")

    return rule


def check_url(cell: str) -> Fault | None:
    """Accept http and https links without white space, quotes, brackets or invisible characters."""
    plain = cell.isprintable() and _URL.fullmatch(cell)
    return None if plain else Fault("url", "is not a plain link — start with http:// or https://")


def _number_form(cell: str) -> Fault | None:
    if _NUMBER.fullmatch(cell):
        return None
    if re.fullmatch(r"-?\d+,\d+", cell):
        return Fault("number-format", "has a decimal comma — write a decimal point, as in 7.5")
    return Fault("number-format", "is not a plain decimal number — write it as 7 or 7.5")
