"""Workbooks as tests need them: written by another library's hand, changed in their parts, made hostile."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import xlsxwriter

from indicators.records.imports.rows import COLUMNS
from indicators.records.imports.upload import EVENT_NAMES
from tests.submissions import EVENT, ROW

FIRST: dict[str, Any] = {
    **{name: ROW[name] for name in COLUMNS},
    "date": dt.date(2024, 9, 30),
    "score": 7,
    "low": 6,
    "high": 8.0,
}
"""A row as a spreadsheet holds it: a day and numbers."""

FRESH: dict[str, Any] = {**EVENT, "event": "new1", "date": dt.date(2024, 9, 20), "credibility": 2}
SHEET = "xl/worksheets/sheet1.xml"


def write_book(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """Return an xlsx file of some sheets, each line a list of cells; a text that starts with ``=`` is a formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    for name, lines in sheets.items():
        sheet = book.add_worksheet(name)
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line)
    book.close()
    return out.getvalue()


def lines(*rows: Mapping[str, Any], columns: Sequence[str] = COLUMNS) -> list[list[Any]]:
    """Return rows below their header."""
    return [list(columns), *([row.get(name, "") for name in columns] for row in rows)]


def event_lines(*rows: Mapping[str, Any]) -> list[list[Any]]:
    """Return events below their header."""
    return lines(*rows, columns=EVENT_NAMES)


def change_part(book: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == part else content)
    return out.getvalue()
