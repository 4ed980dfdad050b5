"""Bytes of a CSV file to its cells as text, and back: the canonical form."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv as arrow_csv

from indicators.records.problems import Report
from indicators.records.tables.columns import VERSION, Table

_QUOTED = re.compile(r'[",\r\n]')
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")
_WHOLE = re.compile("[0-9]+")

MOST_COLUMNS = 100
"""Columns of a table, ours or handed in; a header with more of them is damaged and is not looked at further."""

LONGEST_ROW = 1 << 20
"""Bytes of a row; one that is longer has lost a quotation mark or a line end."""

_SLICE = 1 << 24
_MARK, _COMMA, _LF, _CR = b'",\n\r'


@dataclass(frozen=True)
class TextTable:
    """A file's cells as text, and the file's own line number of each row."""

    file: str
    table: Table
    cells: pa.Table
    lines: NDArray[np.int64]


def parse_table(name: str, table: Table, raw: bytes, report: Report) -> TextTable | None:
    """Return the cells of a CSV file, or nothing where its structure is broken; every fault goes to the report."""
    raw = _drop_mark(name, raw, report)
    if not raw.strip():
        report.add(name, 1, "file", "", "file-empty", "is empty — restore the header row and the rows")
        return None
    if not _is_utf8(name, raw, report):
        return None
    if (at := raw.find(b"\r")) >= 0:
        message = "has CR line ends, and is read anyway — save with LF line ends, or run the format command"
        report.add(name, raw.count(b"\n", 0, at) + 1, "file", "", "line-ending", message)
    if not _check_rows(name, raw, report) or not _check_header(name, table, raw, report):
        return None
    _check_quotes(name, raw, report)
    read = _parse_rows(name, table, raw, report)
    return read and _restore_versions(read, report)


def make_cells(table: Table, rows: Iterable[Mapping[str, str]]) -> pa.Table:
    """Return some rows, text by column, as the cells of a table."""
    rows = list(rows)
    return pa.table({c: pa.chunked_array([pa.array([row[c] for row in rows], pa.string())]) for c in table.names})


def canonical_bytes(table: Table, cells: pa.Table) -> bytes:
    """Return the canonical form of a table: rows in order, minimal quoting, plain numbers, LF.

    Columns stand in the schema's order. Numbers lose trailing zeros only (``2.0`` becomes ``2``). Rows whose order
    rests on a cell that its rule refuses, such as a local date, stay in their places.
    """
    rows = list(zip(*(canonical_cells(table, cells, name) for name in table.names), strict=True))
    if table.order and not any(has_faults(table, cells, name) for name in table.order):
        positions = [table.names.index(name) for name in table.order]
        rows.sort(key=lambda row: tuple(row[p] for p in positions))
    return "".join(",".join(map(_quoted, row)) + "\n" for row in [tuple(table.names), *rows]).encode()


def sift_lines(raw: bytes, keep: Callable[[Mapping[str, str]], bool]) -> bytes:
    """Return a table's header and those of its lines whose cells by column are to be kept; nothing where a line is no row."""
    lines = raw.decode("utf-8-sig", errors="replace").splitlines(keepends=True)
    rows = [next(csv.reader([line]), []) for line in lines]
    header = rows[0] if rows else []
    if any(len(row) != len(header) for row in rows):
        return b""
    kept = [line for line, row in zip(lines[1:], rows[1:], strict=True) if keep(dict(zip(header, row, strict=True)))]
    return "".join([*lines[:1], *kept]).encode()


def canonical_cells(table: Table, cells: pa.Table, name: str) -> list[str]:
    """Return a column's cells in canonical form, so that equal numbers are equal texts."""
    texts: list[str] = cells[name].to_pylist()
    return [_plain_number(text) for text in texts] if table.column(name).numeric else texts


def has_faults(table: Table, cells: pa.Table, name: str) -> bool:
    """Return whether a column has a cell that its rule refuses."""
    rule = table.column(name).rule
    return any(text and rule.judge(text) for text in cells[name].unique().to_pylist())


def decode_text(name: str, raw: bytes, report: Report) -> str | None:
    """Return a text file's text, or nothing where it is not UTF-8; every fault goes to the report."""
    raw = _drop_mark(name, raw, report)
    return raw.decode().replace("\r\n", "\n") if _is_utf8(name, raw, report) else None


def _quoted(cell: str) -> str:
    # The csv module leaves a lone CR unquoted before Python 3.13, which would break the row in two.
    return '"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell


def _plain_number(text: str) -> str:
    if _DECIMAL.fullmatch(text):
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _drop_mark(name: str, raw: bytes, report: Report) -> bytes:
    if raw.startswith(codecs.BOM_UTF8):
        report.add(
            name,
            1,
            "file",
            "",
            "byte-order-mark",
            "starts with a byte order mark — save as plain UTF-8, or run the format command",
        )
    return raw.removeprefix(codecs.BOM_UTF8)


def _is_utf8(name: str, raw: bytes, report: Report) -> bool:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        report.add(name, 1, "file", "", "encoding", "is UTF-16 — save as UTF-8")
        return False
    if (at := raw.find(b"\0")) >= 0:
        line = raw.count(b"\n", 0, at) + 1
        report.add(name, line, "file", "", "nul-byte", "contains a NUL byte — the file is damaged; restore it")
        return False
    if raw.isascii():
        return True
    # Decoded in slices, so that a large file is never held twice.
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(raw), _SLICE):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(raw[start : start + _SLICE], final=start + _SLICE >= len(raw))
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, start - pending + error.start) + 1
            report.add(name, line, "file", "", "encoding", "is not UTF-8 here — save the file as UTF-8")
            return False
    return True


def _check_header(name: str, table: Table, raw: bytes, report: Report) -> bool:
    first = raw.split(b"\n", 1)[0].split(b"\r", 1)[0].decode()
    try:
        header = next(csv.reader([first], strict=True), [])
    except csv.Error as error:
        report.add(name, 1, "file", "", "quote", f"has a header that could not be parsed ({error}) — restore it")
        return False
    missing = [c for c in table.names if c not in header]
    for mark, word in ((";", "semicolons"), ("\t", "tabs")):
        if len(missing) > 1 and first.count(mark) >= max(1, len(table.names) - 2):
            report.add(name, 1, "file", "", "delimiter", f"has {word} between the cells — save with commas")
            return False
    if len(header) > MOST_COLUMNS:
        message = f"has {len(header)} columns — the table has {len(table.names)}; restore the header"
        report.add(name, 1, "file", "", "column-unknown", message)
        return False
    for column in missing:
        report.add(name, 1, column, "", "column-missing", "is not in the header — add the column")
    for column, times in Counter(header).items():
        if not column:
            message = "without a name — delete it (empty columns behind the last one come from spreadsheets)"
            report.add(name, 1, "column", "", "column-unknown", message)
        elif times > 1:
            report.add(name, 1, column, column, "column-duplicate", "occurs twice in the header — keep one")
            missing.append(column)
        elif column not in table.names:
            message = f"is not a column of this file — delete it or name it one of {', '.join(table.names)}"
            report.add(name, 1, column, column, "column-unknown", message)
    return not missing


def _check_rows(name: str, raw: bytes, report: Report) -> bool:
    """Whether no line is longer than a row may be."""
    if len(raw) <= LONGEST_ROW:
        return True
    start, line = 0, 1
    while start < len(raw):
        # Leaps from window to window: only a window without any line end needs a look.
        end = raw.rfind(b"\n", start, start + LONGEST_ROW)
        if end < 0 and len(raw) - start > LONGEST_ROW:
            message = f"is longer than {LONGEST_ROW:,} bytes — look for a lost line end, or shorten its texts"
            report.add(name, line, "row", "", "length", message)
            return False
        line += raw.count(b"\n", start, end + 1)
        start = len(raw) if end < 0 else end + 1
    return True


def _check_quotes(name: str, raw: bytes, report: Report) -> None:
    """Report quotation marks that RFC 4180 does not allow, each line once.

    Marks open and close by turns; a doubled mark closes and opens again. So one that opens must stand at the start of
    a cell or behind the one that closed, and one that closes at the end of a cell or before the one that opens.
    """
    content = np.frombuffer(raw, np.uint8)
    marks, ends = _find_bytes(content, _MARK), _find_bytes(content, _LF)
    opening, closing = marks[0::2], marks[1::2]
    before = np.where(opening == 0, _LF, content[np.maximum(opening - 1, 0)])
    after = np.where(closing == len(raw) - 1, _LF, content[np.minimum(closing + 1, len(raw) - 1)])
    edges = (_MARK, _COMMA, _LF, _CR)
    wrong = np.concatenate([opening[~np.isin(before, edges)], closing[~np.isin(after, edges)]])
    lines, counts = np.unique(np.searchsorted(ends, marks) + 1, return_counts=True)
    odd = lines[counts % 2 == 1].tolist()
    faulty = np.unique(np.searchsorted(ends, wrong) + 1).tolist()
    if odd:
        # No cell may hold a line break: behind the first line with an odd number of marks it is in doubt which of them
        # open and which close, and one more line says enough.
        faulty = [line for line in faulty if line <= odd[0]] + [line for line in faulty if line > odd[0]][:1]
    if len(marks) % 2:
        faulty = [line for line in faulty if line < odd[0]]
        report.add(name, odd[0], "file", "", "quote", "has a quotation mark that is never closed — close or double it")
    for line in faulty:
        message = (
            'has a quotation mark inside a cell — put marks around the cell and double those inside (""), no backslash'
        )
        report.add(name, line, "file", "", "quote", message)


def _find_bytes(content: NDArray[np.uint8], byte: int) -> NDArray[np.int64]:
    """Places of a byte, looked for in slices, so that no mask as large as the content lies beside it."""
    slices = range(0, len(content), _SLICE)
    return np.concatenate([np.flatnonzero(content[start : start + _SLICE] == byte) + start for start in slices])


def _parse_rows(name: str, table: Table, raw: bytes, report: Report) -> TextTable | None:
    refused: list[tuple[int, str, str]] = []

    def refuse(row: arrow_csv.InvalidRow) -> str:
        message = (
            f"has {row.actual_columns} cells, the header {row.expected_columns} — check commas and quotation marks"
        )
        refused.append((row.number, row.text, message))
        return "skip"

    if not raw.endswith(b"\n"):
        raw += b"\n"
    try:
        cells = arrow_csv.read_csv(
            pa.BufferReader(raw),
            # One thread: only then does a malformed row come with its number.
            read_options=arrow_csv.ReadOptions(use_threads=False),
            parse_options=arrow_csv.ParseOptions(
                newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=refuse
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={c: pa.string() for c in table.names}, strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        # A quoted cell of many lines may be longer than what is parsed at once.
        message = f"could not be parsed as CSV — look for a quotation mark that is never closed ({str(error)[:120]})"
        report.add(name, 1, "file", "", "file-unreadable", message)
        return None
    lines, refused_lines = _number_lines(cells, [(number, text) for number, text, _ in refused], raw)
    for line, (_, text, message) in zip(refused_lines, refused, strict=True):
        report.add(name, line, "row", text.split("\n", 1)[0], "cell-count", message)
    cells = cells.select(table.names)
    blank = np.logical_and.reduce([pc.equal(column, "").to_numpy() for column in cells.columns])
    for line in lines[blank].tolist():
        report.add(name, line, "row", "", "blank", "is blank — delete the line")
    if blank.any():
        cells, lines = cells.filter(pa.array(~blank)), lines[~blank]
    return TextTable(name, table, cells, lines)


def _restore_versions(read: TextTable, report: Report) -> TextTable:
    """The table with 1.0 where a spreadsheet has made 1 of a version of the method, which the report says once."""
    cells = read.cells
    for place, column in enumerate(read.table.columns):
        if column.rule is not VERSION:
            continue
        bare = [value for value in cells[column.name].unique().to_pylist() if _WHOLE.fullmatch(value)]
        if not bare:
            continue
        met = pc.is_in(cells[column.name], value_set=pa.array(bare, pa.string()))
        rows = np.flatnonzero(met.to_numpy())
        message = (
            f"is {bare[0]}.0 as a spreadsheet writes it, in {len(rows):,} row{'s' * (len(rows) != 1)}, and is read as such "
            "all the same — run the format command"
        )
        report.add(read.file, int(read.lines[rows[0]]), column.name, bare[0], "version-form", message)
        whole = pc.binary_join_element_wise(cells[column.name], pa.scalar(".0"), "")
        cells = cells.set_column(place, column.name, pc.if_else(met, whole, cells[column.name]))
    return TextTable(read.file, read.table, cells, read.lines)


def _number_lines(cells: pa.Table, refused: list[tuple[int, str]], raw: bytes) -> tuple[NDArray[np.int64], list[int]]:
    """The file's own line of each row and of each refused row; line breaks inside cells push later rows down."""
    skipped = np.array([number for number, _ in refused], dtype=np.int64)
    records = np.arange(2, cells.num_rows + len(refused) + 2, dtype=np.int64)
    kept = ~np.isin(records, skipped)
    breaks = np.zeros(len(records), dtype=np.int64)
    if raw.count(b"\n") > len(records) + 1:
        for column in cells.columns:
            if pa.types.is_string(column.type):
                breaks[kept] += pc.count_substring(column, "\n").to_numpy().astype(np.int64)
        breaks[~kept] = [text.count("\n") for _, text in refused]
    lines = records + np.cumsum(breaks) - breaks
    return lines[kept], lines[~kept].tolist()
