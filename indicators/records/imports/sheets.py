"""The cells of a workbook as text, read in a process of its own: ``python sheets.py MEMORY ROWS CELLS < workbook``.

A workbook of a few kilobytes may unpack to gigabytes, or put one cell so far out that the library asks for more memory
than there is, which ends the process. So this file is run as a program with little memory and time, and imports nothing
of this project. It prints ``{"sheets": [{"name", "lines": [[number, [cells]]], "dates"}], "errors": [[sheet, line, column, text]]}``
or ``{"fault": sentence}``.
"""

import contextlib
import datetime as dt
import io
import json
import re
import sys
import zipfile
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import python_calamine

MOST_SHEETS = 30
MOST_COLUMNS = 200

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(rb'<c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]+)([0-9]+)"[^>]*>(.*?)</c>', re.DOTALL)
_VALUE = re.compile(rb"<v>([^<]*)</v>")
_ODS = re.compile(
    rb'<table:table\b[^>]*\btable:name="(?P<sheet>[^"]*)"'
    rb"|<table:table-row\b(?P<row>[^>]*)>"
    rb'|calcext:value-type="error"[^>]*>\s*<text:p>(?P<error>[^<]*)</text:p>'
)
_REPEATED = re.compile(rb'table:number-rows-repeated="([0-9]+)"')


class UnfitError(Exception):
    """What is wrong with the workbook as a whole, in a sentence that says what to do."""


def read_workbook(content: bytes, most_rows: int, most_cells: int) -> dict[str, Any]:
    """Return the cells of each visible sheet whose lines are not blank, and the formulas that failed."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        names = set(archive.namelist())
        if "xl/workbook.xml" not in names and "content.xml" not in names:
            raise UnfitError("is not a workbook of Excel or LibreOffice — save it as xlsx or ods")
        errors = _find_errors_ods(archive) if "content.xml" in names else _find_errors_xlsx(archive)
        book = python_calamine.load_workbook(io.BytesIO(content))
        sheets = []
        for entry in book.sheets_metadata[:MOST_SHEETS]:
            if entry.visible is python_calamine.SheetVisibleEnum.Visible:
                sheets.append(_read_sheet(entry.name, book, most_rows, most_cells))
                most_cells -= sum(len(cells) for _, cells in sheets[-1]["lines"])
    except python_calamine.PasswordError as error:
        raise UnfitError("is protected by a password — save it without one") from error
    except (python_calamine.CalamineError, zipfile.BadZipFile, ElementTree.ParseError, KeyError, ValueError) as error:
        raise UnfitError(
            "could not be read as a workbook — open it and save it again, or save the sheet as CSV"
        ) from error
    return {"sheets": sheets, "errors": errors}


def write_cell(value: object) -> str:
    """Return a cell's value as the text that a person would have typed in the data: days and plain decimals."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{Decimal(f'{value:.15g}').normalize():f}"  # fifteen digits, as spreadsheets show
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d}" if value.time() == dt.time() else f"{value:%Y-%m-%d %H:%M:%S}"
    return str(value)  # texts, and what no column takes: times and spans of time


def _read_sheet(name: str, book: Any, most_rows: int, most_cells: int) -> dict[str, Any]:
    sheet = book.get_sheet_by_name(name)
    lines: list[tuple[int, list[str]]] = []
    dates = False
    if sheet.total_width > MOST_COLUMNS:
        raise UnfitError(f"has more than {MOST_COLUMNS} columns in the sheet {name!r} — delete what is not needed")
    for number, values in enumerate(sheet.iter_rows(), 1):
        if not any(value != "" for value in values):
            continue
        most_cells -= len(values)
        if len(lines) > most_rows or most_cells < 0:
            raise UnfitError(f"has too many rows or cells in the sheet {name!r} — delete empty columns, or split it")
        dates = dates or any(isinstance(value, dt.date) for value in values)
        lines.append((number, [write_cell(value) for value in values]))
    return {"name": name, "lines": lines, "dates": dates}


def _find_errors_xlsx(archive: zipfile.ZipFile) -> list[tuple[str, int, str, str]]:
    """Cells whose formula failed, which the library gives as blank."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314, for this process may end
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314, likewise
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    errors = []
    for sheet in book.iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(_RELATION), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        for cell in _CELL.finditer(archive.read(path)):
            value = _VALUE.search(cell[3])
            text = value[1].decode("utf-8", "replace") if value else ""
            errors.append((sheet.get("name", ""), int(cell[2]), cell[1].decode(), text))
    return errors


def _find_errors_ods(archive: zipfile.ZipFile) -> list[tuple[str, int, str, str]]:
    errors, sheet, line, following = [], "", 0, 1
    for part in _ODS.finditer(archive.read("content.xml")):
        if part["sheet"] is not None:
            sheet, line, following = part["sheet"].decode("utf-8", "replace"), 0, 1
        elif part["row"] is not None:
            line = following
            repeated = _REPEATED.search(part["row"])
            following += int(repeated[1]) if repeated else 1
        else:
            errors.append((sheet, line, "cell", part["error"].decode("utf-8", "replace")))
    return errors


def _limit_memory(most: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # not where the system has no such limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(memory: int, most_rows: int, most_cells: int) -> None:
    """Read standard input and print what it holds."""
    _limit_memory(memory)
    try:
        found = read_workbook(sys.stdin.buffer.read(), most_rows, most_cells)
    except UnfitError as error:
        found = {"fault": str(error)}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
