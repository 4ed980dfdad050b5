"""Many rows at once: bytes of a file, or cells pasted from a spreadsheet, to rows and their problems.

What only concerns the form of the file (byte order mark, delimiter, empty edges) is taken as meant and noted. What
concerns content (dates, decimals, formulas) is never guessed: it is a problem at its cell, with advice. A workbook may
bring new events in a sheet of their own, which rows cite by the name in its column ``event`` (``new1``).
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from indicators.records.csvfile import MOST_COLUMNS
from indicators.records.imports.rows import COLUMNS, NAME, STATED, Place, Row, check_rows, is_on_record
from indicators.records.imports.text import DELIMITERS, decode_bytes, find_delimiter, split_lines
from indicators.records.imports.workbook import Sheet, is_workbook, name_sheet, read_workbook
from indicators.records.problems import Problem
from indicators.records.saving.submission import EVENT_COLUMNS
from indicators.records.tables.columns import Table
from indicators.records.tables.core import ASSESSMENTS, EVENTS

EVENT_NAMES = ("event", *EVENT_COLUMNS)
OPTIONAL = ("second_source_url", "same_as")
"""Columns that a sheet of events may do without."""

SET_BY_SAVE = ("coder", "recorded", "method")

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5_000
MOST_CELLS = 1_000_000

_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_REFERENCE = re.compile(r"\(.*\)")


@dataclass(frozen=True)
class Intake:
    """What an upload holds: rows as text, the problems of their cells (line as in the upload), and notes on its form.

    ``places`` are those of the rows. ``events`` are new events, each with its name (``new1``) or a blank in the column
    ``event``. ``dates``: some days came as a spreadsheet's own days, not as texts.
    """

    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    events: tuple[Row, ...] = ()
    event_places: tuple[Place, ...] = ()
    dates: bool = False


@dataclass
class Found:
    """Rows under headers as far as they have been read, with their places, faults, and notes on their form."""

    rows: list[Row] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_upload(content: bytes | str, coder: str = "", recorded: Mapping[str, Row] | None = None) -> Intake:
    """Return the rows of an upload or a paste; nothing raises, whatever the bytes are.

    A row that names another coder than ``coder`` is a problem, where that is given. ``recorded`` are the events on
    record by their ids: a workbook may list them again, but not alter them.
    """
    if len(content) > MOST_BYTES:
        return _refuse(0, "length", f"is larger than {MOST_BYTES // 1024 // 1024} MiB — split it")
    if isinstance(content, bytes) and is_workbook(content):
        return _read_book(content, coder, recorded or {})
    return _read_text(content, coder)


def template() -> bytes:
    """Return an empty upload: the header row alone."""
    return (",".join(COLUMNS) + "\n").encode()


def _read_text(content: bytes | str, coder: str) -> Intake:
    found = Found()
    text = content.removeprefix("\ufeff") if isinstance(content, str) else decode_bytes(NAME, content, found.notes)
    if isinstance(text, Problem):
        return Intake(problems=(text,))
    if not text.strip():
        return _refuse(1, "file-empty", "is empty — use the template")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    delimiter, skipped = _find_delimiter(text, found.notes)
    split = split_lines(NAME, text, delimiter, MOST_COLUMNS, MOST_CELLS)
    if isinstance(split, Problem):
        return Intake(problems=(split,))
    filled = [(line, cells) for line, cells in split if any(cell.strip() for cell in cells)]
    lines = [(line, cells) for line, cells in filled if line > skipped]
    if not lines:
        return _refuse(1, "file-empty", "is empty — use the template")
    if len(lines) - 1 > MOST_ROWS:
        return _refuse(lines[MOST_ROWS + 1][0], "length", f"has more than {MOST_ROWS} rows — split it")
    if len(filled) < len(split):
        found.notes.append("Empty rows were left out.")
    _take_rows(found, NAME, lines, ASSESSMENTS, COLUMNS, coder)
    if not found.rows and not found.problems:
        found.problems.append(_problem(lines[0][0] + 1, "file-empty", "has no row below the header — add one"))
    faults = [*found.problems, *check_rows(found.rows, found.places)]
    return Intake(tuple(found.rows), tuple(faults), tuple(found.notes), tuple(found.places))


def _read_book(content: bytes, coder: str, recorded: Mapping[str, Row]) -> Intake:
    """The rows of all sheets that have columns of an upload, and the new events of those that have columns of events."""
    book = read_workbook(NAME, content, MOST_ROWS, MOST_CELLS)
    scores, events, left = Found(problems=list(book.problems)), Found(), []
    kinds = [(sheet, _tell_kind(sheet)) for sheet in book.sheets]
    for sheet, kind in kinds:
        name, lines = name_sheet(sheet.name), list(sheet.lines)
        if kind is ASSESSMENTS:
            _take_rows(scores, name, lines, ASSESSMENTS, COLUMNS, coder)
        elif kind is EVENTS:
            _take_rows(events, name, lines, EVENTS, EVENT_NAMES)
        elif not _is_for_reading(sheet):
            left.append(sheet.name)
    if unscored := _drop_blank(scores, STATED):
        scores.notes.append(f"Indicators that are not filled in were left out: {unscored}.")
    _drop_blank(events, EVENT_COLUMNS)
    _drop_recorded(events, recorded)
    notes = [*scores.notes, *events.notes]
    problems = [*scores.problems, *events.problems]
    if left and any(kind for _, kind in kinds):
        notes.append(f"Sheets without rows or events were left out: {', '.join(left)}.")
    if not problems and not any(kind for _, kind in kinds):
        message = f"has no sheet with the columns {', '.join(COLUMNS)} — use the workbook of the quarter"
        problems.append(_problem(0, "file-empty", message))
    elif not problems and not scores.rows and not events.rows:
        message = "has no row that is filled in — score an indicator, or add an event"
        problems.append(_problem(0, "file-empty", message))
    return Intake(
        tuple(scores.rows),
        (*problems, *check_rows(scores.rows, scores.places, events.rows, events.places)),
        tuple(dict.fromkeys(notes)),
        tuple(scores.places),
        tuple(events.rows),
        tuple(events.places),
        any(sheet.dates for sheet, kind in kinds if kind is ASSESSMENTS),
    )


def _tell_kind(sheet: Sheet) -> Table | None:
    """What a sheet holds, by its header: rows, events, or neither."""
    header = {cell.strip().lower() for cell in sheet.lines[0][1]} if sheet.lines else set()
    scores, events = len(header & {*COLUMNS}), len(header & {*EVENT_NAMES})
    if max(scores, events) < 4:
        return None
    return ASSESSMENTS if scores >= events else EVENTS


def _is_for_reading(sheet: Sheet) -> bool:
    """Whether all columns of a sheet are named in brackets."""
    return not sheet.lines or all(_REFERENCE.fullmatch(cell.strip()) for cell in sheet.lines[0][1] if cell.strip())


def _drop_blank(found: Found, stating: Collection[str]) -> int:
    """Leave out the rows of a workbook in which nobody has written anything, and return how many."""
    kept = [number for number, row in enumerate(found.rows) if any(row[name].strip() for name in stating)]
    left = len(found.rows) - len(kept)
    found.rows, found.places = [found.rows[n] for n in kept], [found.places[n] for n in kept]
    return left


def _drop_recorded(found: Found, recorded: Mapping[str, Row]) -> None:
    """Leave out the events on record; where a sheet says something else of one, that is a problem."""
    kept = []
    for number, (place, row) in enumerate(zip(found.places, found.rows, strict=True)):
        known = recorded.get(row["event"])
        if not is_on_record(row["event"]):
            kept.append(number)
        elif known is None:
            message = "is not on record — name a new event new1, new2 and so on"
            found.problems.append(Problem(*place, "event", row["event"], "reference", message))
        for name in EVENT_COLUMNS if known else ():
            if known and row[name] != known[name]:
                message = "differs from the event on record — leave it as it was; only new events are imported"
                found.problems.append(Problem(*place, name, row[name], "reference", message))
    found.rows, found.places = [found.rows[n] for n in kept], [found.places[n] for n in kept]


def _find_delimiter(text: str, notes: list[str]) -> tuple[str, int]:
    """The delimiter, and the number of lines before the header that only name it (``sep=;``)."""
    start = len(text) - len(text.lstrip("\n"))
    first = text[start:].partition("\n")[0]
    if (named := _SEPARATOR_LINE.fullmatch(first)) and named[1] in DELIMITERS:
        notes.append(f"The first line declares {DELIMITERS[named[1]]} as the delimiter; read accordingly.")
        return named[1], start + 1
    # The delimiter that finds most of the columns' names in one line; commas where none does.
    best = find_delimiter(text, COLUMNS)
    if best != ",":
        notes.append(f"Cells are separated by {DELIMITERS[best]}; read accordingly.")
    return best, 0


def _take_rows(
    found: Found,
    name: str,
    lines: list[tuple[int, list[str]]],
    table: Table,
    columns: Collection[str],
    coder: str = "",
) -> None:
    """Add the rows below a header to what was found; with a header in doubt only what is wrong with it."""
    (first, cells), *below = lines
    header = [cell.strip().lower() for cell in cells]
    if header != cells and any(h in columns and h != cell for h, cell in zip(header, cells, strict=True)):
        found.notes.append("Capitals and spaces in column names were ignored.")
    while header and not header[-1]:
        header.pop()
    if faults := _check_header(name, first, header, below, table, columns):
        found.problems += faults
        return
    if ignored := [column for column in SET_BY_SAVE if table is ASSESSMENTS and column in header]:
        found.notes.append(f"{', '.join(ignored)}: set when saving; the values in the upload were ignored.")
    if any(len(cells) > len(header) for _, cells in below):
        found.notes.append("Empty columns behind the last named one were left out.")
    for line, cells in below:
        if len(cells) < len(header) or any(cell.strip() for cell in cells[len(header) :]):
            message = f"has {len(cells)} cells, the header {len(header)} — check delimiters and quotation marks"
            found.problems.append(_problem(line, "cell-count", message, "row", cells[0], name))
            continue
        found.rows.append({c: cells[header.index(c)] if c in header else "" for c in columns})
        found.places.append((name, line))
        said = cells[header.index("coder")].strip() if "coder" in header else ""
        if coder and said and said != coder:
            message = f"is not {coder} — save rows of your own only"
            found.problems.append(_problem(line, "choice", message, "coder", said, name))


def _check_header(
    name: str,
    line: int,
    header: list[str],
    below: list[tuple[int, list[str]]],
    table: Table,
    columns: Collection[str],
) -> list[Problem]:
    """Return what is wrong with a header; a name in brackets is a column that is only there to be read."""
    problems = [
        _problem(line, "column-missing", "is not in the header — use the template's header", column, "", name)
        for column in columns
        if column not in header and column not in OPTIONAL
    ]
    seen: set[str] = set()
    for place, column in enumerate(header):
        if not column and any(place < len(c) and c[place].strip() for _, c in below):
            message = "has cells but no name — name or delete it"
            problems.append(_problem(line, "column-unknown", message, "column", "", name))
        elif column in table.names and column in seen:
            problems.append(_problem(line, "column-duplicate", "occurs twice — keep one", column, column, name))
        elif column and column not in table.names and not _REFERENCE.fullmatch(column):
            message = "is not a column of an upload — delete it"
            problems.append(_problem(line, "column-unknown", message, column, column, name))
        seen.add(column)
    return problems


def _refuse(line: int, code: str, message: str) -> Intake:
    return Intake(problems=(_problem(line, code, message),))


def _problem(line: int, code: str, message: str, column: str = "file", value: str = "", file: str = NAME) -> Problem:
    return Problem(file, line, column, value, code, message)
