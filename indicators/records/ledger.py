"""The only room that opens data files: read a folder, tell its digest, write canonical bytes."""

import codecs
import csv
import hashlib
import os
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv as arrow_csv

from indicators.records.package import describe_package
from indicators.records.problems import Report
from indicators.records.schema import ARTICLE, FOLDERS, METHOD, PACKAGE, SINGLE_FILES, Table, table_of

TEXT_FILES = (ARTICLE, METHOD, "README.md", PACKAGE)

_QUOTED = re.compile(r'[",\r\n]')
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")
_LOSSY = ("cell-count", "column-unknown", "quote")
"""Codes of faults whose rows or cells are not in the parsed table: rewriting such a file would lose them."""


@dataclass(frozen=True)
class TextTable:
    """A file's cells as text, and the file's own line number of each row."""

    file: str
    table: Table
    cells: pa.Table
    lines: NDArray[np.int64]


@dataclass(frozen=True)
class Folder:
    """What a data folder holds, as text, with the problems met in reading it."""

    tables: dict[str, TextTable] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    digest: str = ""
    report: Report = field(default_factory=Report)

    @property
    def dimensions(self) -> list[str]:
        """Ids of the dimensions, in their order, as far as they could be read."""
        table = self.tables.get("codebook/dimensions.csv")
        return table.cells["dimension"].to_pylist() if table else []

    @property
    def files(self) -> list[str]:
        """Table files that the folder has or must have, sorted; also those that are absent or could not be read."""
        return sorted({*self.tables, *(p.file for p in self.report if table_of(p.file))})


def list_files(data: Path) -> list[str]:
    """Return the files of the format that stand in a folder, sorted; missing ones are not listed."""
    found = [name for name in (*SINGLE_FILES, *TEXT_FILES) if (data / name).is_file()]
    for folder in FOLDERS:
        found += [f"{folder}/{p.name}" for p in (data / folder).glob("*.csv") if f"{folder}/{p.name}" not in found]
    return sorted(found)


def stamp_folder(data: Path) -> tuple[tuple[str, int, int, int], ...]:
    """Return a cheap mark of the folder's state: any change of a file changes it."""
    marks = []
    for name in list_files(data):
        try:
            status = (data / name).stat()
        except OSError:
            continue
        marks.append((name, status.st_mtime_ns, status.st_size, status.st_ino))
    return tuple(marks)


def read_folder(data: Path) -> Folder:
    """Return all tables and texts of a folder; what could not be read is a problem in its report.

    Three outcomes of a file stay apart: present, absent (``file-missing``), could not read (``file-unreadable``
    and the codes of malformed files).
    """
    report = Report()
    tables: dict[str, TextTable] = {}
    texts: dict[str, str] = {}
    hashed = hashlib.sha256()
    expected = [
        *SINGLE_FILES,
        *TEXT_FILES,
        *(f for f in list_files(data) if f not in SINGLE_FILES and f not in TEXT_FILES),
    ]
    for name in expected:
        raw = _read_bytes(data, name, report)
        if raw is None:
            continue
        hashed.update(f"{name}\0{len(raw)}\0".encode())
        hashed.update(raw)
        if name in TEXT_FILES:
            text = _decode(name, raw, report)
            if text is not None:
                texts[name] = text
        elif (table := table_of(name)) is not None:
            read = parse_table(name, table, raw, report)
            if read is not None:
                tables[name] = read
    folder = Folder(tables, texts, hashed.hexdigest(), report)
    _compare_score_files(folder, report)
    return folder


def parse_table(name: str, table: Table, raw: bytes, report: Report) -> TextTable | None:
    """Return the cells of a CSV file, or nothing where its structure is broken; every fault goes to the report."""
    raw = _drop_mark(name, raw, report)
    if not raw.strip():
        report.add(name, 1, "file", "", "file-empty", "is empty — restore the header row and the rows")
        return None
    if not _is_utf8(name, raw, report):
        return None
    if (at := raw.find(b"\r")) >= 0:
        message = "has CR line ends — save with LF line ends, or run the format command"
        report.add(name, raw.count(b"\n", 0, at) + 1, "file", "", "line-ending", message)
    if not _check_header(name, table, raw, report):
        return None
    return _parse_rows(name, table, raw, report)


def canonical_bytes(table: Table, cells: pa.Table) -> bytes:
    """Return the canonical form of a table: rows in order, minimal quoting, plain numbers, LF.

    Columns stand in the schema's order. Numbers lose trailing zeros only (``2.0`` becomes ``2``).
    """
    columns = [
        [_plain_number(v) for v in cells[c.name].to_pylist()]
        if c.kind in ("number", "integer")
        else cells[c.name].to_pylist()
        for c in table.columns
    ]
    rows = list(zip(*columns, strict=True))
    if table.order:
        positions = [table.names.index(name) for name in table.order]
        rows.sort(key=lambda row: tuple(row[p] for p in positions))
    return "".join(",".join(map(_quoted, row)) + "\n" for row in [tuple(table.names), *rows]).encode()


def format_folder(data: Path, write: bool) -> list[str]:
    """Return the files whose bytes are not canonical, and rewrite them if asked.

    Files whose structure is broken are left alone, so that nothing written is lost; ``check`` names them.
    """
    folder = read_folder(data)
    broken = {p.file for p in folder.report if p.code in (*_LOSSY, "file-unreadable")}
    wanted = {n: canonical_bytes(read.table, read.cells) for n, read in folder.tables.items() if n not in broken}
    if PACKAGE not in broken and "codebook/dimensions.csv" in folder.tables:
        wanted[PACKAGE] = describe_package(folder.dimensions, folder.files).encode()
    changed = [
        name for name in sorted(wanted) if not (data / name).exists() or (data / name).read_bytes() != wanted[name]
    ]
    if write:
        for name in changed:
            replace_file(data / name, wanted[name])
    return changed


def read_file(data: Path, name: str) -> bytes:
    """Return the bytes of a file of the folder; ``ValueError`` for a name that the format does not list there."""
    if name not in list_files(data):
        raise ValueError(f"{name!r} is not a file of the data folder")
    return (data / name).read_bytes()


def pack_folder(data: Path) -> bytes:
    """Return all files of the folder as a zip archive; the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in list_files(data):
            archive.writestr(zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0)), read_file(data, name))
    return out.getvalue()


def replace_file(path: Path, content: bytes) -> None:
    """Put new content in a file's place in one step: readers see the old bytes or the new ones, never a part."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    if hasattr(os, "O_DIRECTORY"):  # only then can a directory entry be forced to disk
        handle = os.open(path.parent, os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _quoted(cell: str) -> str:
    # The csv module leaves a lone CR unquoted before Python 3.13, which would break the row in two.
    return '"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell


def _plain_number(text: str) -> str:
    if _DECIMAL.fullmatch(text):
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _read_bytes(data: Path, name: str, report: Report) -> bytes | None:
    try:
        return (data / name).read_bytes()
    except FileNotFoundError:
        report.add(name, 0, "file", "", "file-missing", "is absent — restore it")
    except OSError as error:
        report.add(name, 0, "file", "", "file-unreadable", f"could not be read ({error.strerror}) — check its rights")
    return None


def _drop_mark(name: str, raw: bytes, report: Report) -> bytes:
    if raw.startswith(codecs.BOM_UTF8):
        report.add(name, 1, "file", "", "byte-order-mark", "starts with a byte order mark — save as plain UTF-8")
    return raw.removeprefix(codecs.BOM_UTF8)


def _decode(name: str, raw: bytes, report: Report) -> str | None:
    raw = _drop_mark(name, raw, report)
    return raw.decode().replace("\r\n", "\n") if _is_utf8(name, raw, report) else None


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
    size = 1 << 24
    for start in range(0, len(raw), size):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(raw[start : start + size], final=start + size >= len(raw))
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
        if len(missing) > 1 and first.count(mark) >= len(table.names) - 2:
            message = f"has {word} between the cells — save with commas"
            report.add(name, 1, "file", "", "delimiter", message)
            return False
    for column in missing:
        report.add(name, 1, column, "", "column-missing", "is not in the header — add the column")
    for column in dict.fromkeys(header):
        if header.count(column) > 1:
            report.add(name, 1, column, column, "column-duplicate", "occurs twice in the header — keep one")
            missing.append(column)
        elif column not in table.names:
            message = f"is not a column of this file — delete it or name it one of {', '.join(table.names)}"
            report.add(name, 1, column or "column", column, "column-unknown", message)
    return not missing


def _parse_rows(name: str, table: Table, raw: bytes, report: Report) -> TextTable | None:
    refused: list[tuple[int, str, str]] = []

    def refuse(row: arrow_csv.InvalidRow) -> str:
        message = (
            f"has {row.actual_columns} cells, the header {row.expected_columns} — check commas and quotation marks"
        )
        refused.append((row.number, row.text, message))
        return "skip"

    if raw.count(b'"') % 2:
        # No cell may hold a line break, so the first line with an odd number of marks is the one at fault.
        line = next(n for n, text in enumerate(raw.split(b"\n"), 1) if text.count(b'"') % 2)
        report.add(name, line, "file", "", "quote", "has a quotation mark that is never closed — close or double it")
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
        report.add(name, 1, "file", "", "file-unreadable", f"could not be parsed as CSV ({str(error)[:120]})")
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


def _compare_score_files(folder: Folder, report: Report) -> None:
    if "codebook/dimensions.csv" not in folder.tables:
        return
    present = {f for f in folder.tables if f.startswith("scores/")}
    seen = present | {p.file for p in report}
    expected = {f"scores/{d}.csv" for d in folder.dimensions}
    for name in sorted(expected - seen):
        report.add(name, 0, "file", "", "file-missing", "is absent — restore it (a header row alone is enough)")
    for name in sorted(present - expected):
        report.add(name, 0, "file", "", "file-unknown", "is not the file of a dimension — rename or remove it")
