"""Rules on comments: each speaks of an assessment that is on record, and was written when it could be read."""

import pyarrow as pa
import pyarrow.compute as pc

from indicators.records.checks.references import Problems, check_references, problem_at
from indicators.records.folder import Folder
from indicators.records.rules import DATE, Fault
from indicators.records.tables.core import ASSESSMENTS, COMMENTS_FILE

ABOUT = ("indicator", "date", "coder")
"""Columns that tell of which assessment a comment speaks."""


def check_comments(folder: Folder) -> Problems:
    """Yield comments by unknown people, on assessments that are not on record, or recorded before their date."""
    if not (read := folder.tables.get(COMMENTS_FILE)):
        return
    for column, file in (("indicator", "indicators"), ("coder", "coders"), ("author", "coders")):
        yield from check_references(read, column, folder, f"codebook/{file}.csv")
    rows = read.cells.to_pylist()
    wanted = _name_units(read.cells)
    scores = [scored for scored in folder.tables.values() if scored.table is ASSESSMENTS]
    known = {unit for scored in scores for unit in _list_known(_name_units(scored.cells), wanted)}
    for row, (cells, unit) in enumerate(zip(rows, wanted.to_pylist(), strict=True)):
        if unit not in known and scores and not DATE.judge(cells["date"]):
            fault = Fault(
                "reference", f"is no day of which {cells['coder']} has scored {cells['indicator']} — correct it"
            )
            yield problem_at(read, row, "date", cells["date"], fault)
        elif (
            not DATE.judge(cells["date"])
            and not DATE.judge(cells["recorded"][:10])
            and cells["recorded"][:10] < cells["date"]
        ):
            fault = Fault("recorded-early", f"is before the date {cells['date']} — correct one of them")
            yield problem_at(read, row, "recorded", cells["recorded"], fault)


def _name_units(cells: pa.Table) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(*(cells[name] for name in ABOUT), "|")


def _list_known(units: pa.ChunkedArray, wanted: pa.ChunkedArray) -> list[str]:
    found: list[str] = units.filter(pc.is_in(units, value_set=wanted.combine_chunks())).unique().to_pylist()
    return found
