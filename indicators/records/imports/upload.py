"""Many rows at once: bytes of a file, or cells pasted from a spreadsheet, to rows and their problems.

What only concerns the form of the file (byte order mark, delimiter, empty edges) is taken as meant and noted. What
concerns content (dates, decimals, formulas) is never guessed: it is a problem at its cell, with advice.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from indicators.records.checks.folder import judge_cell
from indicators.records.csvfile import MOST_COLUMNS
from indicators.records.imports.text import DELIMITERS, decode_bytes, find_delimiter, split_lines
from indicators.records.problems import Problem
from indicators.records.rules import Fault
from indicators.records.tables.core import ASSESSMENTS

COLUMNS = ("date", "indicator", "score", "low", "high", "rationale", "events")
"""Columns of an upload; coder, time of recording and method are set by the save."""

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5_000
MOST_CELLS = 1_000_000
NAME = "upload"

_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_FORMULA = re.compile(r"[=+@]|-(?![0-9])")


@dataclass(frozen=True)
class Intake:
    """What an upload holds: rows as text, the problems of their cells (line as in the upload), and notes on its form."""

    rows: tuple[dict[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def read_upload(content: bytes | str, coder: str = "") -> Intake:
    """Return the rows of an upload or a paste; nothing raises, whatever the bytes are.

    A row that names another coder than ``coder`` is a problem, where that is given.
    """
    notes: list[str] = []
    if len(content) > MOST_BYTES:
        return _refuse(0, "length", f"is larger than {MOST_BYTES // 1024 // 1024} MiB — split it")
    text = content.removeprefix("\ufeff") if isinstance(content, str) else decode_bytes(NAME, content, notes)
    if isinstance(text, Problem):
        return Intake(problems=(text,))
    if not text.strip():
        return _refuse(1, "file-empty", "is empty — use the template")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    delimiter, skipped = _find_delimiter(text, notes)
    found = split_lines(NAME, text, delimiter, MOST_COLUMNS, MOST_CELLS)
    if isinstance(found, Problem):
        return Intake(problems=(found,))
    filled = [(line, cells) for line, cells in found if any(cell.strip() for cell in cells)]
    lines = [(line, cells) for line, cells in filled if line > skipped]
    if not lines:
        return _refuse(1, "file-empty", "is empty — use the template")
    if len(lines) - 1 > MOST_ROWS:
        return _refuse(lines[MOST_ROWS + 1][0], "length", f"has more than {MOST_ROWS} rows — split it")
    if len(filled) < len(found):
        notes.append("Empty rows were left out.")
    return _read_rows(lines, notes, coder)


def template() -> bytes:
    """Return an empty upload: the header row alone."""
    return (",".join(COLUMNS) + "\n").encode()


def check_rows(rows: Iterable[dict[str, str]]) -> list[Problem]:
    """Return what is wrong inside the cells of some rows; the first row has line 2, as in a file with a header."""
    return [problem for line, row in enumerate(rows, 2) for problem in _check_row(line, row)]


def _check_row(line: int, row: dict[str, str]) -> Iterable[Problem]:
    for name in COLUMNS:
        if fault := _judge(name, row[name]):
            yield Problem(NAME, line, name, row[name], fault.code, fault.message)


def _judge(name: str, cell: str) -> Fault | None:
    fault = judge_cell(ASSESSMENTS.column(name), cell)
    if fault and _FORMULA.match(cell):
        return Fault("formula", "starts like a formula — copy the sheet's values only, and reword a text's start")
    return fault


def _find_delimiter(text: str, notes: list[str]) -> tuple[str, int]:
    """The delimiter, and the number of lines before the header that only name it (``sep=;``)."""
    start = len(text) - len(text.lstrip("\n"))
    first = text[start:].partition("\n")[0]
    if (named := _SEPARATOR_LINE.fullmatch(first)) and named[1] in DELIMITERS:
        notes.append(f"The first line says that {DELIMITERS[named[1]]} stand between the cells; taken as such.")
        return named[1], start + 1
    # The delimiter that finds most of the columns' names in one line; commas where none does.
    best = find_delimiter(text, COLUMNS)
    if best != ",":
        notes.append(f"Cells are separated by {DELIMITERS[best]}; taken as such.")
    return best, 0


def _read_rows(lines: list[tuple[int, list[str]]], notes: list[str], coder: str) -> Intake:
    (first, cells), *below = lines
    header = [cell.strip().lower() for cell in cells]
    if header != cells and any(name in COLUMNS and name != cell for name, cell in zip(header, cells, strict=True)):
        notes.append("Names of columns were taken without their capitals and spaces.")
    while header and not header[-1]:
        header.pop()
    problems = [
        _problem(first, "column-missing", "is not in the header — use the template's header", name)
        for name in COLUMNS
        if name not in header
    ]
    seen: set[str] = set()
    for place, name in enumerate(header):
        if not name and any(place < len(c) and c[place].strip() for _, c in below):
            problems.append(_problem(first, "column-unknown", "has cells but no name — name or delete it", "column"))
        elif name in ASSESSMENTS.names and name in seen:
            problems.append(_problem(first, "column-duplicate", "occurs twice — keep one", name, name))
        elif name and name not in ASSESSMENTS.names:
            problems.append(_problem(first, "column-unknown", "is not a column of an upload — delete it", name, name))
        seen.add(name)
    if ignored := [name for name in ("coder", "recorded", "method") if name in header]:
        notes.append(f"{', '.join(ignored)}: set when saving; what the upload says of them is left out.")
    if problems:
        return Intake(problems=tuple(problems), notes=tuple(notes))
    if any(len(cells) > len(header) for _, cells in below):
        notes.append("Empty columns behind the last named one were left out.")
    rows = []
    for line, cells in below:
        if len(cells) < len(header) or any(cell.strip() for cell in cells[len(header) :]):
            message = f"has {len(cells)} cells, the header {len(header)} — check delimiters and quotation marks"
            problems.append(_problem(line, "cell-count", message, "row", cells[0]))
            continue
        row = {name: cells[header.index(name)] for name in COLUMNS}
        rows.append(row)
        problems += _check_row(line, row)
        said = cells[header.index("coder")].strip() if "coder" in header else ""
        if coder and said and said != coder:
            problems.append(_problem(line, "choice", f"is not {coder} — save rows of your own only", "coder", said))
    if not rows and not problems:
        problems.append(_problem(first + 1, "file-empty", "has no row below the header — add one"))
    return Intake(tuple(rows), tuple(problems), tuple(notes))


def _refuse(line: int, code: str, message: str) -> Intake:
    return Intake(problems=(_problem(line, code, message),))


def _problem(line: int, code: str, message: str, column: str = "file", value: str = "") -> Problem:
    return Problem(NAME, line, column, value, code, message)
