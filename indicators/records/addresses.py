"""Addresses of faults in a table's rows, and the ids that other files define."""

from indicators.records.cells import Fault
from indicators.records.csvtext import TextTable
from indicators.records.ledger import Folder
from indicators.records.problems import Problem


def problem_at(read: TextTable, row: int, column: str, value: str, fault: Fault) -> Problem:
    """Return a fault of a row's cell as a problem with its address."""
    return Problem(read.file, int(read.lines[row]), column, value, fault.code, fault.message)


def list_ids(folder: Folder, file: str, column: str) -> set[str] | None:
    """Return the ids that a file defines, or nothing where it could not be read."""
    """The ids that a file defines, or nothing where it could not be read."""
    read = folder.tables.get(file)
    return set(read.cells[column].to_pylist()) if read else None


def map_ids(folder: Folder, file: str, key: str, value: str) -> dict[str, str]:
    """Return one column of a file by another; empty where it could not be read."""
    read = folder.tables.get(file)
    if not read:
        return {}
    return dict(zip(read.cells[key].to_pylist(), read.cells[value].to_pylist(), strict=True))
