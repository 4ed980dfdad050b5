"""Rules on the comparison with outside series: what is paired with what, and the notes on where they part."""

from indicators.records.checks.references import Problems, check_references, list_subjects, problem_at
from indicators.records.csvfile import TextTable
from indicators.records.folder import Folder
from indicators.records.rules import DATE, MOMENT, Fault
from indicators.records.tables.core import NOTES_FILE


def check_pairs(folder: Folder) -> Problems:
    """Yield pairs whose subject is unknown, and series that are said to be of two natures."""
    read = folder.tables.get("benchmarks/pairs.csv")
    if not read:
        return
    yield from _check_subjects(read, folder)
    first: dict[str, str] = {}
    for row, pair in enumerate(read.cells.to_pylist()):
        if pair["nature"] not in ("flow", "level"):  # its own problem says enough
            continue
        nature = first.setdefault(pair["series"], pair["nature"])
        if pair["nature"] != nature:
            fault = Fault("pair-nature", f"contradicts an earlier row of {pair['series']}, {nature} — keep one")
            yield problem_at(read, row, "nature", pair["nature"], fault)


def check_notes(folder: Folder) -> Problems:
    """Yield notes on pairs that are not compared, by unknown authors, or recorded before their date."""
    read = folder.tables.get(NOTES_FILE)
    if not read:
        return
    yield from _check_subjects(read, folder)
    yield from check_references(read, "author", folder, "codebook/coders.csv")
    pairs = folder.tables.get("benchmarks/pairs.csv")
    compared = {(p["series"], p["subject"]) for p in pairs.cells.to_pylist()} if pairs else set()
    unread = not pairs and any(p.file == "benchmarks/pairs.csv" for p in folder.report)  # that problem says enough
    for row, note in enumerate(read.cells.to_pylist()):
        if note["series"] and not unread and (note["series"], note["subject"]) not in compared:
            message = f"is not compared with {note['subject']} in benchmarks/pairs.csv — correct it or add the pair"
            yield problem_at(read, row, "series", note["series"], Fault("reference", message))
        dated = not DATE.judge(note["date"]) and not MOMENT.judge(note["recorded"])
        if dated and note["recorded"][:10] < note["date"]:
            fault = Fault(
                "recorded-early", f"is before the date {note['date']} — a note is recorded on its date or later"
            )
            yield problem_at(read, row, "recorded", note["recorded"], fault)


def _check_subjects(read: TextTable, folder: Folder) -> Problems:
    known = list_subjects(folder)
    if known is None:  # the codebook's own problem says enough
        return
    for row, subject in enumerate(read.cells["subject"].to_pylist()):
        if subject and subject not in known:
            fault = Fault("reference", "is neither index nor a dimension or indicator of the codebook — correct it")
            yield problem_at(read, row, "subject", subject, fault)
