"""A fault of a whole column is repaired at once where it has one meaning only; where it has two, nothing is offered."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.records.imports.repairs import COUNTS_APART, FIRST_SERIAL, Repair, find_repairs, repair_rows
from indicators.records.imports.rows import COLUMNS, Row, check_rows
from tests.submissions import ROW

TODAY = dt.date(2026, 11, 30)
SOUND: Row = {name: ROW[name] for name in COLUMNS}


def column(name: str, *cells: str) -> list[Row]:
    return [{**SOUND, name: cell} for cell in cells]


def offered(name: str, *cells: str, dates: bool = False) -> list[list[str]]:
    """What the column would hold after each repair that is offered for it."""
    rows = column(name, *cells)
    repairs = find_repairs(rows, TODAY, dates)
    assert {repair.column for repair in repairs} <= {name}
    return [[row[name] for row in repair_rows(rows, repair)] for repair in repairs]


ONE_MEANING = [
    ("date", ("9/30/2026", "6/30/2026"), ["2026-09-30", "2026-06-30"]),
    ("date", ("9/30/2026", "3/4/2026"), ["2026-09-30", "2026-03-04"]),
    ("date", ("30.09.2026", "04.03.2026"), ["2026-09-30", "2026-03-04"]),
    ("date", ("30-9-2026", "2026-06-30"), ["2026-09-30", "2026-06-30"]),
    ("date", ("3/3/2026",), ["2026-03-03"]),
    ("date", ("2026/9/30",), ["2026-09-30"]),
    ("date", ("46295", "46203"), ["2026-09-30", "2026-06-30"]),
    ("score", ("7,5", "6", "7,0"), ["7.5", "6", "7"]),
    ("low", ("10,0", ""), ["10", ""]),
    ("events", ("E0425, E0430", "E0001"), ["E0425;E0430", "E0001"]),
    ("events", ("E0425 E0430", "new1, E0001"), ["E0425;E0430", "new1;E0001"]),
    ("events", ("E0425;", "E0425|E0430"), ["E0425", "E0425;E0430"]),
    ("rationale", ("Both\u00a0ministers spoke, and no more.\u00a0",), ["Both ministers spoke, and no more."]),
    ("indicator", (" mil_posture", "mil_posture\u00a0"), ["mil_posture", "mil_posture"]),
]


@pytest.mark.parametrize(("name", "cells", "repaired"), ONE_MEANING)
def test_a_fault_with_one_meaning_is_repaired_in_the_whole_column(
    name: str, cells: tuple[str, ...], repaired: list[str]
) -> None:
    assert offered(name, *cells) == [repaired]


MORE_MEANINGS = [
    ("date", ("3/4/2026",)),
    ("date", ("3/4/2026", "5/6/2026", "2026-03-31")),
    ("date", ("9/30/2026", "30/9/2026")),  # neither order reads both
    ("date", ("9/30/26",)),
    ("date", ("9/30/2026", "46295")),  # two kinds of fault in one column
    ("date", ("30.9.2026", "30/6/2026")),
    ("date", ("31/02/2026",)),
    ("date", ("44286",)),  # 2021-03-31 from 1900, 2025-04-01 from 1904: both past
    ("date", ("46500",)),  # in the future
    ("date", ("soon",)),
    ("score", ("7,3",)),
    ("score", ("1.000,5",)),
    ("score", ("7,5", "about 6")),
    ("score", ("75",)),
    ("events", ("E0425 and E0430",)),
    ("events", ("E0425, E0425",)),
    ("events", ("E425",)),
]


@pytest.mark.parametrize(("name", "cells"), MORE_MEANINGS)
def test_nothing_is_offered_where_a_cell_could_mean_something_else(name: str, cells: tuple[str, ...]) -> None:
    assert offered(name, *cells) == []


def test_days_beside_those_that_a_spreadsheet_took_for_days_are_left_alone() -> None:
    # It has read 12/06/2026 in its own order, and what it could not read stayed a text.
    assert offered("date", "2026-12-06", "13/06/2026", dates=True) == []
    assert offered("date", "2026-12-06", "13/06/2026") == [["2026-12-06", "2026-06-13"]]


def test_rows_without_faults_are_offered_nothing() -> None:
    assert find_repairs([SOUND, SOUND], TODAY) == ()


DAYS = st.dates(dt.date(2020, 1, 1), TODAY)
WRITTEN = {
    "month first": lambda day: f"{day.month}/{day.day}/{day.year}",
    "day first": lambda day: f"{day.day:02}.{day.month:02}.{day.year}",
    "counted": lambda day: str((day - FIRST_SERIAL).days),
    "counted from 1904": lambda day: str((day - FIRST_SERIAL).days - COUNTS_APART),
}


@given(st.lists(DAYS, min_size=1, max_size=8), st.sampled_from(sorted(WRITTEN)))
def test_a_repaired_day_is_the_day_that_was_meant(days: list[dt.date], way: str) -> None:
    rows = column("date", *(WRITTEN[way](day) for day in days))
    for repair in find_repairs(rows, TODAY):
        repaired = [row["date"] for row in repair_rows(rows, repair)]
        if way == "counted from 1904":  # never taken for that, and only for the other count where that alone is past
            assert max(repaired) <= TODAY.isoformat()
        else:
            assert repaired == [day.isoformat() for day in days]


CELLS = st.one_of(
    st.sampled_from(
        ["7,5", " 7", "7\u00a0", "46295", "9/30/2026", "30.09.2026", "E0425, E0430", "new1 E0001", "", "x;y"]
    ),
    st.text(max_size=12),
)


@given(st.lists(st.tuples(*[CELLS] * len(COLUMNS)), max_size=5))
def test_a_repair_alters_only_the_cells_that_it_shows_and_is_done_once(cells: list[tuple[str, ...]]) -> None:
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in cells]
    for repair in find_repairs(rows, TODAY):
        repaired = repair_rows(rows, repair)
        for number, (before, after) in enumerate(zip(rows, repaired, strict=True)):
            altered = {name for name in COLUMNS if before[name] != after[name]}
            assert altered == ({repair.column} if number in repair.cells else set())
        assert _of_kind(find_repairs(repaired, TODAY), repair) == []
        if repair.kind != "blanks":  # what is written then is what the column takes
            events = [{"event": f"new{n}"} for n in range(1, 2)]
            labels = {event["event"] for event in events}
            faults = {p.line - 2 for p in check_rows(_without_labels(repaired, labels)) if p.column == repair.column}
            assert not faults & set(repair.cells)


def _of_kind(repairs: tuple[Repair, ...], done: Repair) -> list[Repair]:
    return [repair for repair in repairs if (repair.kind, repair.column) == (done.kind, done.column)]


def _without_labels(rows: tuple[Row, ...], labels: set[str]) -> list[Row]:
    return [
        {**row, "events": ";".join("E9999" if id in labels else id for id in row["events"].split(";"))} for row in rows
    ]
