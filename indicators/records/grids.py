"""Files that other programs wrote, as lines of cells: form is taken as meant, what cannot be read is a problem."""

import codecs
import csv
import io
from dataclasses import dataclass

from indicators.records.problems import Problem

MOST_BYTES = 20 * 1024 * 1024

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
OPENING = 20
"""Lines that tell the delimiter."""


@dataclass(frozen=True)
class Grid:
    """The lines of a file that are not blank: its own line number and the cells without spaces around them."""

    lines: tuple[tuple[int, list[str]], ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def read_grid(name: str, content: bytes) -> Grid:
    """Return the cells of a text file with commas, semicolons or tabs; nothing raises, whatever the bytes are."""
    notes: list[str] = []
    if len(content) > MOST_BYTES:
        return Grid(problems=(_fault(name, 0, "length", f"is larger than {MOST_BYTES // 1024 // 1024} MiB"),))
    text = decode_bytes(name, content, notes)
    if isinstance(text, Problem):
        return Grid(problems=(text,))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    opening = text.lstrip("\n").split("\n", OPENING)[:OPENING]
    delimiter = max(DELIMITERS, key=lambda mark: max(line.count(mark) for line in opening))
    if delimiter != ",":
        notes.append(f"Cells are separated by {DELIMITERS[delimiter]}; taken as such.")
    lines = split_lines(name, text, delimiter)
    if isinstance(lines, Problem):
        return Grid(problems=(lines,))
    stripped = ((line, [cell.strip() for cell in cells]) for line, cells in lines)
    filled = tuple((line, cells) for line, cells in stripped if any(cells))
    if not filled:
        return Grid(problems=(_fault(name, 1, "file-empty", "is empty — download it again"),))
    return Grid(filled, (), tuple(notes))


def split_lines(name: str, text: str, delimiter: str) -> list[tuple[int, list[str]]] | Problem:
    """Return the number and the cells of each line of a text, or the problem that its quotation marks do not match."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines, line = [], 1
    try:
        for cells in reader:
            lines.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
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
        notes.append("The file is UTF-16, as its mark at the start says; taken as such.")
    elif content.startswith(codecs.BOM_UTF8):
        notes.append("A byte order mark at the start was left out.")
    return text


def _fault(name: str, line: int, code: str, message: str) -> Problem:
    return Problem(name, line, "file", "", code, message)
