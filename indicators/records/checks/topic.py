"""Rules on the topic: the keys that every subject needs, and the form of each value."""

from indicators.records.checks.references import Problems, problem_at
from indicators.records.folder import Folder
from indicators.records.problems import Problem
from indicators.records.tables.core import TOPIC_FILE
from indicators.records.topic import KEYS, OPTIONAL, PAIR


def check_topic(folder: Folder) -> Problems:
    """Yield keys of the topic that are lacking, and values that are not as their key wants them."""
    read = folder.tables.get(TOPIC_FILE)
    if not read:
        return
    rows = read.cells.to_pylist()
    for row, cells in enumerate(rows):
        rule = KEYS[cells["key"]][0] if cells["key"] in KEYS else None
        # What is wrong with any value at all is told already by the rule of the column.
        if (
            rule
            and read.table.column("value").rule.judge(cells["value"]) is None
            and (fault := rule.judge(cells["value"]))
        ):
            yield problem_at(read, row, "value", cells["value"], fault)
    given = {cells["key"] for cells in rows}
    needed = {*KEYS} - {*OPTIONAL} | ({*PAIR} if given & {*PAIR} else set())
    for key in (key for key in KEYS if key in needed - given):
        message = f"is missing — add a line {key},… ({KEYS[key][1]})"
        yield Problem(TOPIC_FILE, 0, "key", key, "topic-missing", message)
