"""Many rows at once: bytes of a file, or cells pasted from a spreadsheet, to rows and their problems.

What only concerns the form of the file (byte order mark, delimiter, empty edges) is taken as meant and noted. What
concerns content (dates, decimals, formulas) is never guessed: it is a problem at its cell, with advice.
"""

import csv
import io
from dataclasses import dataclass

from indicators.records.checks import judge_cell
from indicators.records.problems import Problem
from indicators.records.schema import ASSESSMENTS

COLUMNS = ("date", "indicator", "score", "low", "high", "rationale", "events")
"""Columns of an upload; coder, time of recording and method are set by the save."""

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5_000
NAME = "upload"


@dataclass(frozen=True)
class Intake:
    """What an upload holds: rows as text, the problems of their cells (line as in the upload), and notes on its form."""

    rows: tuple[dict[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def read_upload(content: bytes | str) -> Intake:
    """Return the rows of an upload or a paste; nothing raises, whatever the bytes are."""
    notes: list[str] = []
    text = _decode(content, notes)
    if isinstance(text, Problem):
        return Intake(problems=(text,))
    if not text.strip():
        return Intake(problems=(_problem(1, "file", "", "file-empty", "is empty — use the template"),))
    delimiter = _find_delimiter(text, notes)
    try:
        lines = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        return Intake(problems=(_problem(1, "file", "", "file-unreadable", f"could not be parsed ({error})"),))
    return _read_rows(lines, notes)


def template() -> bytes:
    """Return an empty upload: the header row alone."""
    return (",".join(COLUMNS) + "\n").encode()


def check_rows(rows: tuple[dict[str, str], ...]) -> list[Problem]:
    """Return what is wrong inside the cells of some rows; the first row has line 2, as in a file with a header."""
    return [
        _problem(line, name, row[name], fault.code, fault.message)
        for line, row in enumerate(rows, 2)
        for name in COLUMNS
        if (fault := judge_cell(ASSESSMENTS.column(name), row[name]))
    ]


def _decode(content: bytes | str, notes: list[str]) -> str | Problem:
    if isinstance(content, str):
        return content.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if len(content) > MOST_BYTES:
        return _problem(0, "file", "", "length", f"is larger than {MOST_BYTES // 1024 // 1024} MiB — split it")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _problem(1, "file", "", "encoding", "is UTF-16 — save as CSV UTF-8")
    if b"\0" in content or content.startswith(b"PK\x03\x04"):
        return _problem(1, "file", "", "nul-byte", "is not a text file — save the sheet as CSV UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return _problem(line, "file", "", "encoding", "is not UTF-8 here — save as CSV UTF-8")
    if content.startswith(b"\xef\xbb\xbf"):
        notes.append("A byte order mark at the start was left out.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _find_delimiter(text: str, notes: list[str]) -> str:
    header = text.lstrip("\n").split("\n", 1)[0]
    counts = {mark: header.count(mark) for mark in (",", ";", "\t")}
    best = max(counts, key=lambda mark: counts[mark])
    if best != "," and counts[best] > counts[","]:
        notes.append(f"Cells are separated by {'semicolons' if best == ';' else 'tabs'}; taken as such.")
        return best
    return ","


def _read_rows(lines: list[list[str]], notes: list[str]) -> Intake:
    first = next((n for n, cells in enumerate(lines) if any(c.strip() for c in cells)), 0)
    header = [cell.strip().lower() for cell in lines[first]]
    problems = [
        _problem(first + 1, name, "", "column-missing", "is not in the header — use the template's header")
        for name in COLUMNS
        if name not in header
    ]
    for name in dict.fromkeys(header):
        if name in COLUMNS and header.count(name) > 1:
            problems.append(_problem(first + 1, name, name, "column-duplicate", "occurs twice — keep one"))
        elif name and name not in COLUMNS and name not in ASSESSMENTS.names:
            problems.append(
                _problem(first + 1, name, name, "column-unknown", "is not a column of an upload — delete it")
            )
    if ignored := [name for name in ("coder", "recorded", "method") if name in header]:
        notes.append(f"{', '.join(ignored)} are set when saving; what the upload says of them is left out.")
    if problems:
        return Intake(problems=tuple(problems), notes=tuple(notes))
    rows, found = [], []
    for line, cells in enumerate(lines[first + 1 :], first + 2):
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[len(header) :]):
            found.append(
                _problem(line, "row", "", "cell-count", "has more cells than the header — check the delimiters")
            )
            continue
        row = {name: cells[header.index(name)] if header.index(name) < len(cells) else "" for name in COLUMNS}
        rows.append(row)
        for name in COLUMNS:
            if fault := judge_cell(ASSESSMENTS.column(name), row[name]):
                found.append(_problem(line, name, row[name], fault.code, fault.message))
        if len(rows) > MOST_ROWS:
            return Intake(
                problems=(_problem(line, "file", "", "length", f"has more than {MOST_ROWS} rows — split it"),)
            )
    if not rows and not found:
        found.append(_problem(first + 2, "file", "", "file-empty", "has no row below the header — add one"))
    return Intake(tuple(rows), tuple(found), tuple(notes))


def _problem(line: int, column: str, value: str, code: str, message: str) -> Problem:
    return Problem(NAME, line, column, value, code, message)
