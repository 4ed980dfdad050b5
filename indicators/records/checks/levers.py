"""Rules on the levers of the outlook: what they move, by how much, and what they refer to."""

from indicators.records.checks.references import Problems, check_references, list_ids, problem_at
from indicators.records.folder import Folder
from indicators.records.rules import Fault
from indicators.records.tables.outlook import EFFECT

FILE = "outlook/pathways.csv"


def check_pathways(folder: Folder) -> Problems:
    """Yield levers about unknown indicators or events, with effects out of order, or with two titles."""
    read = folder.tables.get(FILE)
    if not read:
        return
    yield from check_references(read, "indicator", folder, "codebook/indicators.csv")
    events = list_ids(folder, "events.csv")
    titles: dict[str, str] = {}
    for row, cells in enumerate(read.cells.to_pylist()):
        for event in filter(None, cells["instance"].split(";")):
            if events is not None and event not in events:
                fault = Fault("reference", "is not in events.csv — correct the id or add the event")
                yield problem_at(read, row, "instance", event, fault)
        effect = [cells[name] for name in ("low", "mode", "high")]
        if not any(map(EFFECT.judge, effect)):
            low, mode, high = map(float, effect)
            if not low <= mode <= high:
                fault = Fault("effect-order", f"is outside {low:g} to {high:g} — keep low <= mode <= high")
                yield problem_at(read, row, "mode", cells["mode"], fault)
        first = titles.setdefault(cells["lever"], cells["title"])
        if cells["title"] != first:
            fault = Fault("lever-title", f"is not {first!r}, the title of this lever in an earlier row — keep one")
            yield problem_at(read, row, "title", cells["title"], fault)
