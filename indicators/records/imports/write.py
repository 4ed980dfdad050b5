"""The import of outside series: check the whole folder with them in it, then write all or nothing."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from indicators.records.checks.folder import check_folder
from indicators.records.csvfile import canonical_bytes, make_cells
from indicators.records.dataset import Further, build_dataset
from indicators.records.folder import Folder, lock_folder, parse_files, read_files, replace_files
from indicators.records.imports.series import Cells, Delivery
from indicators.records.problems import Report, list_blocking
from indicators.records.saving.save import explain_failure
from indicators.records.saving.submission import Failed, Refused
from indicators.records.tables.columns import Table
from indicators.records.tables.core import PACKAGE, table_of
from indicators.records.tables.outside import BENCHMARKS, SOURCES

SOURCES_FILE = "benchmarks/sources.csv"


@dataclass(frozen=True)
class Imported:
    """Series that are in the folder, and the files that were written for it (none where they were there already).

    ``replaced`` says in words which of them took the place of earlier rows; ``written`` is false where the folder was
    only asked what would be written.
    """

    series: tuple[str, ...]
    files: tuple[str, ...]
    replaced: tuple[str, ...] = ()
    written: bool = True


def import_delivery(
    data: Path,
    delivery: Delivery,
    dry_run: bool = False,
    further: Further = lambda _: [],
    lock_seconds: float = 10,
) -> Imported | Refused | Failed:
    """Put a delivery's series in the place of their earlier rows in a folder, with their source entries, all or none.

    The folder is locked, read again and checked as a whole with the new rows in it. A series keeps the file that it
    stands in; other series stay as they are. The same delivery again changes nothing, on another day neither.
    """
    if delivery.problems:
        return Refused(Report(list(delivery.problems)))
    series = tuple(entry["series"] for entry in delivery.sources)
    try:
        with lock_folder(data, lock_seconds):
            files, report = read_files(data)
            folder = parse_files(files, report)
            if problems := list_blocking(check_folder(folder)):
                return Refused(Report(problems))
            contents = _contents_with(folder, delivery)
            grown = parse_files({**files, **contents}, Report())
            if problems := list_blocking(check_folder(grown)) or further(build_dataset(grown)):
                return Refused(Report(problems))
            changed = {name: raw for name, raw in _in_order(contents) if files.get(name) != raw}
            if not dry_run:
                replace_files({data / name: raw for name, raw in changed.items()})
    except OSError as error:
        return Failed(explain_failure(error))
    return Imported(series, tuple(changed), _list_replaced(folder, series) if changed else (), not dry_run)


def _contents_with(folder: Folder, delivery: Delivery) -> dict[str, bytes]:
    """The contents of the files that hold the delivery once it is in the folder."""
    entries: list[Cells] = folder.tables[SOURCES_FILE].cells.to_pylist()
    earlier = {entry["series"]: entry for entry in entries}
    rows: dict[str, list[Cells]] = {
        name: read.cells.to_pylist() for name, read in folder.tables.items() if read.table is BENCHMARKS
    }
    before = {series: [row for name in rows for row in rows[name] if row["series"] == series] for series in earlier}
    delivered = {entry["series"]: entry for entry in delivery.sources}
    touched = {SOURCES_FILE}
    for name, cells in rows.items():
        rows[name] = [row for row in cells if row["series"] not in delivered]
        touched |= {name} if len(rows[name]) < len(cells) else set()
    for series, entry in delivered.items():
        own = [row for row in delivery.rows if row["series"] == series]
        kept = earlier.get(series)
        entry = {**entry, "file": _file_of(kept) or delivery.file}
        # The same rows under the same facts came with an earlier import: its day stays.
        if (
            kept
            and entry == {**kept, "retrieved": entry["retrieved"]}
            and _canonical(BENCHMARKS, own) == _canonical(BENCHMARKS, before[series])
        ):
            entry = kept
        earlier[series] = entry
        touched.add(name := f"benchmarks/{entry['file']}")
        rows.setdefault(name, []).extend(own)
    rows[SOURCES_FILE] = list(earlier.values())
    contents = {name: _canonical(SOURCES if name == SOURCES_FILE else BENCHMARKS, rows[name]) for name in touched}
    package = folder.describe(touched)
    return contents if package is None else {**contents, PACKAGE: package.encode()}


def _list_replaced(folder: Folder, series: tuple[str, ...]) -> tuple[str, ...]:
    entries = {entry["series"]: entry for entry in folder.tables[SOURCES_FILE].cells.to_pylist()}
    rows = Counter(
        row["series"] for read in folder.tables.values() if read.table is BENCHMARKS for row in read.cells.to_pylist()
    )
    return tuple(
        f"{id}: replaces {rows[id]} earlier rows up to {entries[id]['end']} ({entries[id]['publisher']})."
        for id in series
        if id in entries
    )


def _file_of(entry: Cells | None) -> str:
    """The file in which a series stands; an entry may name one that cannot hold series."""
    file = entry["file"] if entry else ""
    return file if table_of(f"benchmarks/{file}") is BENCHMARKS else ""


def _canonical(table: Table, cells: list[Cells]) -> bytes:
    return canonical_bytes(table, make_cells(table, cells))


def _in_order(contents: dict[str, bytes]) -> list[tuple[str, bytes]]:
    """Source entries first, then rows, then the description: a process that dies between leaves no unsourced row."""
    return sorted(contents.items(), key=lambda item: (item[0] != SOURCES_FILE, item[0] == PACKAGE, item[0]))
