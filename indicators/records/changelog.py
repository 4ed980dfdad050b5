"""The changelog of the data in ``README.md``: a dated line for each change of a file that keeps no earlier rows."""

import re
from collections.abc import Mapping

from indicators.records.rules import Text
from indicators.records.tables.columns import Table

HEADING = "## Changelog"

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~$:&!])")


def describe_change(table: Table, before: Mapping[str, str], after: Mapping[str, str], reason: str, author: str) -> str:
    """Return a change of a row as one line of Markdown: what was, what is, why and by whom; without ``before`` it is new."""
    name = f"{table.name}, {' '.join(_show(table, column, after[column]) for column in table.key)}"
    if not before:
        return f"{name}: added by {author}. {_escape(reason)}"
    cells = [
        f"`{column}` was {_show(table, column, before[column])}, is {_show(table, column, after[column])}"
        for column in table.names
        if before[column] != after[column]
    ]
    return f"{name}: {'; '.join(cells)}. Changed by {author}: {_escape(reason)}"


def add_lines(readme: str, day: str, lines: list[str]) -> str:
    """Return the text with lines under a day, the newest first, in the section that it gets where it has none.

    Where they head the section already they are not written again: so a retry writes once.
    """
    entries = "".join(f"- {day}: {line}\n" for line in lines)
    before, heading, after = f"\n{readme}".partition(f"\n{HEADING}\n")
    if not heading:
        return f"{readme.rstrip()}\n\n{HEADING}\n\n{entries}"
    if after.lstrip().startswith(entries):
        return readme
    return f"{before}{heading}\n{entries}{after.lstrip()}".removeprefix("\n")


def _show(table: Table, column: str, cell: str) -> str:
    if not cell:
        return "blank"
    if isinstance(table.column(column).rule, Text) or "`" in cell:
        return f"“{_escape(cell)}”"
    return f"`{cell}`"


def _escape(text: str) -> str:
    """Text that Markdown shows as it is written."""
    return _MARKDOWN.sub(r"\\\1", text)
