"""What is known of publishers and the series that can be imported from their own files: facts for source entries."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Fact:
    """A series as its publisher describes it: ``columns`` are the names that it has in the publisher's files.

    Of several columns the series is the sum. Without a ``frequency`` the file's own dates tell it.
    """

    series: str
    columns: tuple[str, ...]
    title: str
    unit: str
    publisher: str
    licence: str
    url: str
    notes: str
    frequency: str = ""


def read_facts(path: Path) -> Mapping[str, tuple[Fact, ...]]:
    """Return the facts of a table by the layout in which the series come, in the table's order."""
    facts: dict[str, tuple[Fact, ...]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            layout, columns = row.pop("layout"), tuple(row.pop("columns").split(";"))
            facts[layout] = (*facts.get(layout, ()), Fact(columns=columns, **row))
    return facts


FACTS = read_facts(Path(__file__).with_name("publishers.csv"))
FRED_SERIES = "https://fred.stlouisfed.org/series/"
