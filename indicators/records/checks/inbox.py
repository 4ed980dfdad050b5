"""Rules on the inbox: decisions rest on items, events and reasons; searches cover days that have passed."""

from collections.abc import Iterator

from indicators.records.checks.references import Problems, check_references, list_ids, problem_at
from indicators.records.folder import Folder
from indicators.records.rules import DATE, Fault
from indicators.records.tables.inbox import (
    DECISIONS_FILE,
    DISMISSED,
    FEEDS_FILE,
    FOUND_EVENT,
    ITEMS_FILE,
    LOOKED_FILE,
    REOPENED,
    SECOND_SOURCE,
)

Cells = dict[str, str]


def check_items(folder: Folder) -> Problems:
    """Yield items of unknown feeds or indicators, and decisions without their item, event or reason."""
    if read := folder.tables.get(ITEMS_FILE):
        known = list_ids(folder, "codebook/indicators.csv")
        if FEEDS_FILE in folder.tables:
            yield from check_references(read, "feed", folder, FEEDS_FILE)
        for row, cell in enumerate(read.cells["proposed"].to_pylist()):
            if known is not None and cell and not known.issuperset(cell.split(";")):
                fault = Fault("reference", "names an indicator that is not in codebook/indicators.csv — correct it")
                yield problem_at(read, row, "proposed", cell, fault)
    if not (read := folder.tables.get(DECISIONS_FILE)):
        return
    yield from check_references(read, "coder", folder, "codebook/coders.csv")
    yield from check_references(read, "event", folder, "events.csv")
    items = folder.tables.get(ITEMS_FILE)
    unread = not items and any(p.file == ITEMS_FILE for p in folder.report)  # that problem says enough
    came = set(items.cells["item"].to_pylist()) if items else set()
    for row, decided in enumerate(read.cells.to_pylist()):
        if decided["item"] and not unread and decided["item"] not in came:
            fault = Fault("reference", f"is not in {ITEMS_FILE} — a decided item stays there; restore its row")
            yield problem_at(read, row, "item", decided["item"], fault)
        for column, fault in _judge_decision(decided):
            yield problem_at(read, row, column, decided[column], fault)


def check_looked(folder: Folder) -> Problems:
    """Yield searches of unknown indicators, by unknown coders, or over days out of order or yet to come."""
    if not (read := folder.tables.get(LOOKED_FILE)):
        return
    yield from check_references(read, "indicator", folder, "codebook/indicators.csv")
    yield from check_references(read, "coder", folder, "codebook/coders.csv")
    for row, search in enumerate(read.cells.to_pylist()):
        if DATE.judge(search["start"]) or DATE.judge(search["end"]):
            continue
        if search["end"] < search["start"]:
            fault = Fault("search-days", f"is before start, {search['start']} — write the last day that was searched")
            yield problem_at(read, row, "end", search["end"], fault)
        elif not DATE.judge(search["recorded"][:10]) and search["recorded"][:10] < search["end"]:
            fault = Fault("recorded-early", f"is before the last day searched, {search['end']} — correct one of them")
            yield problem_at(read, row, "recorded", search["recorded"], fault)


def _judge_decision(row: Cells) -> Iterator[tuple[str, Fault]]:
    needs_event = row["decision"] in (FOUND_EVENT, SECOND_SOURCE)
    if needs_event and not row["event"]:
        yield "event", Fault("decision-form", "is blank — name the event that the item became, or is a source of")
    if not needs_event and row["event"]:
        yield "event", Fault("decision-form", "is named without need — only event and source have one")
    if row["decision"] in (DISMISSED, REOPENED) and not row["reason"]:
        yield "reason", Fault("decision-form", "is blank — say why in a few words")
