"""Workbooks that come in, xlsx and ods: their sheets as lines of cells, whatever the bytes are."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from indicators.records.problems import Problem

MEMORY = 512 * 1024 * 1024
"""Bytes that a workbook may take while it is read; 5,000 rows take a tenth of it."""

SECONDS = 30

SHEET_MARK = b"PK\x03\x04"
OLD_MARK = b"\xd0\xcf\x11\xe0"

_READER = Path(__file__).with_name("sheets.py")


@dataclass(frozen=True)
class Sheet:
    """One sheet: the number and the cells, as text, of each line that is not blank.

    ``dates``: some of its days were days to the spreadsheet, not texts.
    """

    name: str
    lines: tuple[tuple[int, list[str]], ...]
    dates: bool


@dataclass(frozen=True)
class Workbook:
    """The visible sheets of a workbook, and the cells whose formula failed, which are no values."""

    sheets: tuple[Sheet, ...] = ()
    problems: tuple[Problem, ...] = ()


def is_workbook(content: bytes) -> bool:
    """Return whether a file starts as workbooks do, those of old kinds too."""
    return content.startswith((SHEET_MARK, OLD_MARK))


def read_workbook(name: str, content: bytes, most_rows: int, most_cells: int) -> Workbook:
    """Return the sheets of an xlsx or ods file, or the problem that it cannot be read; nothing raises.

    It is read by a process of its own, which alone runs out of memory or time where the file is made to do that.
    """
    if content.startswith(OLD_MARK):
        return _refuse(name, "is in an old format or has a password — save it as xlsx or ods, without a password")
    command = [sys.executable, "-I", str(_READER), *map(str, (MEMORY, most_rows, most_cells))]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=True)  # noqa: S603
        found = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        return _refuse(
            name, "could not be read: it is damaged or far too large when unpacked — save the sheet as CSV UTF-8"
        )
    if "fault" in found:
        return _refuse(name, found["fault"])
    sheets = tuple(
        Sheet(s["name"], tuple((line, cells) for line, cells in s["lines"]), s["dates"]) for s in found["sheets"]
    )
    return Workbook(sheets, tuple(_name_error(*error) for error in found["errors"]))


def name_sheet(sheet: str) -> str:
    """Return what stands for the file in problems of a sheet."""
    return f"sheet {sheet}"


def _name_error(sheet: str, line: int, column: str, text: str) -> Problem:
    message = "is the error of a formula — correct it, or write the value"
    return Problem(name_sheet(sheet), line, column, text, "formula", message)


def _refuse(name: str, message: str) -> Workbook:
    return Workbook(problems=(Problem(name, 0, "file", "", "encoding", message),))
