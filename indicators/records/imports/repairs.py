"""Faults of a whole column that have one meaning only: what would be written instead, to be shown before it is done.

Nothing is guessed: a repair is there only where no cell that it would alter could be read in another way, and where the
column's rule takes what it would write.
"""

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from indicators.records.imports.rows import COLUMNS, Row, judge
from indicators.records.rules import DATE, SCORE
from indicators.records.tables.core import ASSESSMENTS

_BLANKS = " \t\u00a0\u2007\u202f\u200b\ufeff"
"""Characters that look like nothing or like a space, and come along when cells are copied."""

_SPACES = re.compile("[\u00a0\u2007\u202f]")
_LOCAL = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})([./-])([0-9]{1,2})\2([0-9]{1,2})")
_SERIAL = re.compile("[0-9]{5}")
_COMMA = re.compile("([0-9]{1,2}),([0-9])")
_LISTED = re.compile(r"[A-Za-z0-9]+([ ,;|/]+[A-Za-z0-9]+)*[ ,;|/]*")

FIRST_SERIAL = dt.date(1899, 12, 30)
"""Day 0 of the spreadsheets' count from 1900, as it stands for all days since March of that year."""

COUNTS_APART = 1462
"""Days between the spreadsheets' two counts, from 1900 and from 1904."""


@dataclass(frozen=True)
class Repair:
    """What would be written in a column: the kind of fault, the cells by the row's number, and the meaning in words."""

    kind: str
    column: str
    cells: Mapping[int, str]
    words: str


def find_repairs(rows: Sequence[Row], today: dt.date, dates: bool = False) -> tuple[Repair, ...]:
    """Return the repairs that some rows allow, each for one column.

    ``dates``: some days came as a spreadsheet's own. Then those that came as texts are what it could not read, and day
    and month of the others may have been swapped, so that days are not repaired.
    """
    found = []
    for column in COLUMNS:
        cells = [row[column] for row in rows]
        finders: list[Callable[[str, Sequence[str]], Repair | None]] = [_strip_blanks]
        if column == "date" and not dates:
            finders += [_read_local_days, _read_years_first, lambda c, cells: _read_serial_days(c, cells, today)]
        if ASSESSMENTS.column(column).rule is SCORE:
            finders.append(_read_commas)
        if column == "events":
            finders.append(_part_with_semicolons)
        found += [repair for find in finders if (repair := find(column, cells))]
    return tuple(found)


def repair_rows(rows: Sequence[Row], repair: Repair) -> tuple[Row, ...]:
    """Return the rows with one repair done; all other cells are as they were."""
    return tuple(
        {**row, repair.column: repair.cells[number]} if number in repair.cells else row
        for number, row in enumerate(rows)
    )


def _strip_blanks(column: str, cells: Sequence[str]) -> Repair | None:
    """Blanks at the ends go, and blanks that keep words together become plain ones."""
    stripped = {n: _SPACES.sub(" ", cell).strip(_BLANKS) for n, cell in enumerate(cells)}
    changed = {n: text for n, text in stripped.items() if text != cells[n]}
    return Repair("blanks", column, changed, "without the blanks at its ends") if changed else None


def _read_local_days(column: str, cells: Sequence[str]) -> Repair | None:
    met = _match(_LOCAL, cells)
    if met is None or len({m[2] for m in met.values()}) != 1:
        return None
    readings = {
        "day first": {n: _day(m[4], m[3], m[1]) for n, m in met.items()},
        "month first": {n: _day(m[4], m[1], m[3]) for n, m in met.items()},
    }
    possible = {order: days for order, days in readings.items() if all(days.values())}
    # A column of 3/3/2026 alone says the same in both orders.
    if not possible or len({tuple(days.values()) for days in possible.values()}) > 1:
        return None
    order, days = next(iter(possible.items()))
    words = "read with the " + order if len(possible) == 1 else "the same with day or month first"
    return Repair("days", column, days, f"{words}, as no cell allows another reading")


def _read_years_first(column: str, cells: Sequence[str]) -> Repair | None:
    met = _match(_YEAR_FIRST, cells)
    days = {n: _day(m[1], m[3], m[4]) for n, m in (met or {}).items()}
    return Repair("days", column, days, "read as year, month, day") if days and all(days.values()) else None


def _read_serial_days(column: str, cells: Sequence[str], today: dt.date) -> Repair | None:
    """A spreadsheet's count of days from 1900, if the count from 1904 would lead into the future or the other is past."""
    met = _match(_SERIAL, cells)
    if met is None:
        return None
    days = {n: FIRST_SERIAL + dt.timedelta(days=int(m[0])) for n, m in met.items()}
    if max(days.values()) > today or max(days.values()) + dt.timedelta(days=COUNTS_APART) <= today:
        return None
    words = "read as days counted from 1900; counted from 1904 they would lie in the future"
    return Repair("days", column, {n: day.isoformat() for n, day in days.items()}, words)


def _read_commas(column: str, cells: Sequence[str]) -> Repair | None:
    met = _match(_COMMA, cells)
    if met is None:
        return None
    points = {n: f"{int(m[1])}.{m[2]}".removesuffix(".0") for n, m in met.items()}
    if any(SCORE.judge(text) for text in points.values()):
        return None
    return Repair("commas", column, points, "with a decimal point")


def _part_with_semicolons(column: str, cells: Sequence[str]) -> Repair | None:
    parted = {}
    for n, cell in enumerate(cells):
        ids = [id for id in re.split("[ ,;|/]+", cell.strip()) if id]
        text = ";".join(ids)
        if text == cell or not ids or not _LISTED.fullmatch(cell.strip()):
            continue
        if judge(ASSESSMENTS, column, text, ids) is None:
            parted[n] = text
    return Repair("separators", column, parted, "with semicolons between the ids") if parted else None


def _match(pattern: re.Pattern[str], cells: Collection[str]) -> dict[int, re.Match[str]] | None:
    """The cells with a fault, by number, as a form reads them; none where one of them is not of that form."""
    rule = SCORE if pattern is _COMMA else DATE
    plain = {n: cell.strip(_BLANKS) for n, cell in enumerate(cells)}
    faulty = {n: pattern.fullmatch(cell) for n, cell in plain.items() if cell and rule.judge(cell)}
    met = {n: match for n, match in faulty.items() if match}
    return met if met and len(met) == len(faulty) else None


def _day(year: str, month: str, day: str) -> str:
    """The day as 2026-09-30, or nothing where the calendar does not have it."""
    try:
        return dt.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""
