"""Addresses of faults in a table's rows, and the ids of other files that they refer to."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from indicators.records.csvfile import TextTable
from indicators.records.folder import Folder
from indicators.records.problems import Problem
from indicators.records.rules import Fault

Problems = Iterator[Problem]


def problem_at(read: TextTable, row: int, column: str, value: str, fault: Fault) -> Problem:
    """Return a fault of a row's cell as a problem with its address."""
    return Problem(read.file, int(read.lines[row]), column, value, fault.code, fault.message)


def list_ids(folder: Folder, file: str) -> set[str] | None:
    """Return the ids that a file defines, or nothing where it could not be read."""
    read = folder.tables.get(file)
    return set(read.cells[read.table.key[0]].to_pylist()) if read else None


def list_subjects(folder: Folder) -> set[str] | None:
    """Return the ids of all that has readings, or nothing where the codebook could not be read."""
    dimensions, indicators = (list_ids(folder, f"codebook/{name}.csv") for name in ("dimensions", "indicators"))
    return None if dimensions is None or indicators is None else {"index", *dimensions, *indicators}


def map_ids(folder: Folder, file: str, value: str) -> dict[str, str]:
    """Return a column of a file by the ids that the file defines; empty where it could not be read."""
    read = folder.tables.get(file)
    if not read:
        return {}
    return dict(zip(read.cells[read.table.key[0]].to_pylist(), read.cells[value].to_pylist(), strict=True))


def rows_with(cells: pa.ChunkedArray, values: set[str]) -> list[int]:
    """Return the rows whose cell is one of some values."""
    if not values:
        return []
    return np.flatnonzero(pc.is_in(cells, value_set=pa.array(sorted(values), pa.string())).to_numpy()).tolist()


def check_references(read: TextTable, column: str, folder: Folder, file: str) -> Problems:
    """Yield ids in a column that another file does not define."""
    known = list_ids(folder, file)
    if known is None:  # the other file's own problem says enough
        return
    unknown = {v for v in read.cells[column].unique().to_pylist() if v and v not in known}
    for row in rows_with(read.cells[column], unknown):
        fault = Fault("reference", f"is not in {file} — correct it or add it there")
        yield problem_at(read, row, column, read.cells[column][row].as_py(), fault)
