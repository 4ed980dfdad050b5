"""Files that other programs wrote, as lines of cells: form is taken as meant, what cannot be read is a problem."""

import codecs
import csv
import io
from collections.abc import Collection
from dataclasses import dataclass

from indicators.records.problems import Problem

MOST_BYTES = 20 * 1024 * 1024

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
OPENING = 20
"""Lines that tell the delimiter."""

MOST_LINES = 200_000
MOST_COLUMNS, MOST_CELLS = 5_000, 3_000_000
"""Of a publisher's file: a bilateral index has a column for each pair of countries."""

_WIDEST = 20_000
"""Characters of a line that are looked at for the names of columns."""


@dataclass(frozen=True)
class Grid:
    """The lines of a file that are not blank: its own line number and the cells without spaces around them."""

    lines: tuple[tuple[int, list[str]], ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def read_grid(name: str, content: bytes, names: Collection[str]) -> Grid:
    """Return the cells of a text file with commas, semicolons or tabs; nothing raises, whatever the bytes are.

    The delimiter is the one that parts the names of columns (in lower case) from each other; texts may hold any.
    """
    notes: list[str] = []
    if len(content) > MOST_BYTES:
        return Grid(problems=(_fault(name, 0, "length", f"is larger than {MOST_BYTES // 1024 // 1024} MiB"),))
    text = decode_bytes(name, content, notes)
    if isinstance(text, Problem):
        return Grid(problems=(text,))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text[:200].lstrip().lower().startswith(("<!doctype html", "<html")):
        return Grid(problems=(_fault(name, 1, "encoding", "is a web page — download the CSV file itself"),))
    delimiter = find_delimiter(text, names, 2)
    if delimiter != ",":
        notes.append(f"Cells are separated by {DELIMITERS[delimiter]}; read accordingly.")
    lines = split_lines(name, text, delimiter, MOST_COLUMNS, MOST_CELLS)
    if isinstance(lines, Problem):
        return Grid(problems=(lines,))
    stripped = ((line, [cell.strip() for cell in cells]) for line, cells in lines)
    filled = tuple((line, cells) for line, cells in stripped if any(cells))
    if not filled:
        return Grid(problems=(_fault(name, 1, "file-empty", "is empty — download it again"),))
    return Grid(filled, (), tuple(notes))


def find_delimiter(text: str, names: Collection[str], fewest: int = 1) -> str:
    """Return the delimiter that finds most names of columns in one opening line of ``fewest`` cells; else the comma."""
    opening = [line[:_WIDEST] for line in text.lstrip("\n").split("\n", OPENING)[:OPENING]]

    def count(mark: str) -> int:
        lines = [line.split(mark) for line in opening]
        found = [{cell.strip().strip('"').strip().lower() for cell in cells} for cells in lines if len(cells) >= fewest]
        return max((len(cells.intersection(names)) for cells in found), default=0)

    return max(DELIMITERS, key=count)


def split_lines(
    name: str, text: str, delimiter: str, most_columns: int, most_cells: int
) -> list[tuple[int, list[str]]] | Problem:
    """Return the number and the cells of each line of a text, or the problem that it is malformed or too large."""
    if text.count("\n") > MOST_LINES:
        return _fault(name, MOST_LINES + 1, "length", f"is beyond {MOST_LINES:,} lines — split the file")
    # Before a line is taken apart: a cell may hold delimiters, but not that many.
    for number, content in enumerate(io.StringIO(text), 1):
        if content.count(delimiter) > 20 * most_columns:
            return _fault(name, number, "length", f"has more than {most_columns:,} columns — delete what is not needed")
    count = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines, line = [], 1
    try:
        for cells in reader:
            count += len(cells)
            if len(cells) > most_columns and any(cells[most_columns:]):
                message = f"has more than {most_columns:,} columns — delete what is not needed"
                return _fault(name, line, "length", message)
            if count > most_cells:
                return _fault(name, line, "length", f"is beyond {most_cells:,} cells — delete empty columns, or split")
            lines.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        if "field limit" in str(error):
            return _fault(
                name,
                line,
                "length",
                f"has a cell of more than {csv.field_size_limit():,} characters — is a quotation mark left open?",
            )
        return _fault(name, line, "quote", f"could not be parsed from here ({error}) — check the quotation marks")
    return lines


def decode_bytes(name: str, content: bytes, notes: list[str]) -> str | Problem:
    """Return the text of a file, or the problem that it is none; what was taken as meant is noted."""
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _fault(name, 0, "encoding", "is a workbook, not a text file — save the sheet as CSV UTF-8")
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if not wide and b"\0" in content:
        line = content.count(b"\n", 0, content.index(b"\0")) + 1
        return _fault(name, line, "nul-byte", "is not a text file — save the sheet as CSV UTF-8")
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return _fault(name, line, "encoding", "is not UTF-8 here — save the sheet as CSV UTF-8")
    if wide:
        notes.append("The file is UTF-16, by its byte order mark; read accordingly.")
    elif content.startswith(codecs.BOM_UTF8):
        notes.append("A byte order mark at the start was left out.")
    return text


def _fault(name: str, line: int, code: str, message: str) -> Problem:
    return Problem(name, line, "file", "", code, message)
