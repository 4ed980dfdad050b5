"""Every fault that a person can write is named once, at its own file, line and column."""

import dataclasses
import datetime as dt
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.records.checks.folder import check_folder
from indicators.records.csvfile import canonical_bytes, parse_table
from indicators.records.folder import Folder, read_folder
from indicators.records.problems import Report
from indicators.records.tables.core import table_of
from tests.breakages import (
    CELLS,
    CLAIMS,
    CODERS,
    CYBER,
    EVENTS,
    MILITARY,
    ROWS,
    Change,
    Place,
    add,
    block,
    cells,
    places,
)
from tests.folders import FILES, write_folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return read_folder(write_folder(tmp_path_factory.mktemp("checks") / "data"))


def check(path: Path) -> list[Place]:
    return places(check_folder(read_folder(path)))


def with_file(folder: Folder, name: str, raw: bytes) -> Folder:
    """The folder with other bytes in one of its table files."""
    report = Report()
    table = table_of(name)
    assert table is not None
    read = parse_table(name, table, raw, report)
    assert read is not None
    return dataclasses.replace(folder, tables={**folder.tables, name: read}, report=report)


def test_a_folder_without_fault_has_no_problem(folder: Folder) -> None:
    assert check_folder(folder) == []


@pytest.mark.parametrize(("change", "expected"), [b[1:] for b in (*CELLS, *ROWS)], ids=[b[0] for b in (*CELLS, *ROWS)])
def test_a_fault_is_named_with_its_place_and_nothing_else_is(data: Path, change: Change, expected: list[Place]) -> None:
    change(data)
    assert check(data) == sorted(expected)


def test_an_act_may_be_cited_in_every_dimension_in_which_an_event_tells_it(data: Path) -> None:
    cells(CYBER, (2, "events", "E0002"))(data)  # a military event
    assert check(data) == [(CYBER, 2, "events", "event-foreign")]
    cells(EVENTS, (4, "same_as", "E0002"))(data)  # told as a cyber event too, a month later
    cells(CYBER, (2, "events", "E0002"))(data)
    assert check(data) == []


def test_a_replaced_row_may_cite_an_event_that_was_dated_later_since_and_its_correction_may_not(data: Path) -> None:
    row = "2024-03-31,mil_signals,{},3,7,A reason that is written for this test alone.,{},c1,2024-07-20T09:00:00Z,1.0"
    moved = cells(EVENTS, (3, "date", "2024-04-02"))  # E0002, cited by the row of 31 March
    moved(data)
    assert check(data) == [(MILITARY, 6, "events", "event-late")]
    add(MILITARY, row.format(4, "E0001"))(data)
    assert check(data) == []
    add(MILITARY, row.format(4, "E0002").replace("07-20", "07-21"))(data)
    assert [place for place in check(data) if place[3] == "event-late"] == [(MILITARY, 9, "events", "event-late")]


def test_the_day_of_now_decides_what_lies_in_the_future(folder: Folder) -> None:
    def found(now: dt.datetime) -> set[str]:
        return {problem.code for problem in check_folder(folder, now)}

    newest = dt.datetime(2024, 8, 21, 8, tzinfo=dt.UTC)  # the newest answer to a question
    assert "recorded-future" not in found(newest)
    assert "recorded-future" not in found(newest - dt.timedelta(hours=13))  # clocks differ
    assert "recorded-future" in found(newest - dt.timedelta(hours=15))
    last_event = dt.datetime(2024, 9, 10, tzinfo=dt.UTC)
    assert "date-future" not in found(last_event - dt.timedelta(hours=13))  # a day that has begun in the east
    assert "date-future" in found(last_event - dt.timedelta(hours=15))


def test_all_faults_are_named_at_once_by_file_and_line(data: Path) -> None:
    cells(MILITARY, (7, "score", "4,0"), (2, "date", "31/03/2024"), (2, "low", "12"))(data)
    cells(CYBER, (5, "events", "E9999"), (3, "coder", "c3"))(data)
    cells(EVENTS, (4, "source_url", "javascript:alert(1)"))(data)
    cells(CLAIMS, (3, "subject", "economy"))(data)
    expected = [
        (EVENTS, 4, "source_url", "url"),
        (CLAIMS, 3, "subject", "reference"),
        (CYBER, 3, "coder", "reference"),
        (CYBER, 5, "events", "reference"),
        (MILITARY, 2, "date", "date-format"),
        (MILITARY, 2, "low", "score-range"),
        (MILITARY, 7, "score", "number-format"),
    ]
    assert [(p.file, p.line, p.column, p.code) for p in check_folder(read_folder(data))] == expected


def test_the_problem_carries_the_value_as_it_is_written(data: Path) -> None:
    cells(CYBER, (3, "score", "4,50"))(data)
    assert [p.value for p in check_folder(read_folder(data))] == ["4,50"]


def test_a_fault_in_a_column_of_few_values_is_named_on_each_of_its_lines(folder: Folder) -> None:
    # Columns of repeated values are judged once for each value; the places must not be lost by that.
    head, *rows = FILES[CYBER].splitlines(keepends=True)
    many = [row.replace(",c1,", ",C1,") for row in rows if ",c1," in row] * 3
    found = places(check_folder(with_file(folder, CYBER, "".join([head, *many]).encode())))
    assert [p for p in found if p[3] == "id-format"] == [
        (CYBER, n, "coder", "id-format") for n in range(2, len(many) + 2)
    ]


def test_the_id_of_a_claim_that_stands_twice_does_not_move_the_lines_of_others(data: Path) -> None:
    head, *rows = FILES[CLAIMS].splitlines(keepends=True)
    last = rows[-1].replace("record-high", "record-low")
    (data / CLAIMS).write_text("".join([head, rows[0], *rows, last]))
    assert check(data) == [(CLAIMS, 3, "claim", "row-duplicate"), (CLAIMS, 7, "claim", "claim-place")]


@pytest.mark.parametrize("name", [CODERS, EVENTS, "codebook/indicators.csv", "codebook/methods.csv"])
def test_an_unreadable_file_hides_no_fault_elsewhere(data: Path, name: str) -> None:
    block(name)(data)
    cells(CYBER, (3, "score", "11"))(data)
    assert check(data) == [(name, 0, "file", "file-unreadable"), (CYBER, 3, "score", "score-range")]


@pytest.mark.parametrize("text", [FILES[CYBER].splitlines()[0] + "\n", FILES[CYBER].splitlines()[0]])
def test_a_header_alone_is_a_file_without_problems(folder: Folder, text: str) -> None:
    assert check_folder(with_file(folder, CYBER, text.encode())) == []


@settings(deadline=None, max_examples=20)
@given(st.sampled_from([CYBER, MILITARY, EVENTS, "benchmarks/outside.csv", "evidence/military.csv"]), st.randoms())
def test_the_order_of_rows_neither_matters_to_the_check_nor_survives_the_canonical_form(
    folder: Folder, name: str, order: random.Random
) -> None:
    head, *rows = FILES[name].splitlines(keepends=True)
    order.shuffle(rows)
    shuffled = with_file(folder, name, "".join([head, *rows]).encode())
    read = shuffled.tables[name]
    assert check_folder(shuffled) == []
    assert canonical_bytes(read.table, read.cells).decode() == FILES[name]


@settings(deadline=None, max_examples=20)
@given(st.permutations(range(7)))
def test_the_order_of_rows_does_not_change_which_rows_are_at_fault(folder: Folder, order: list[int]) -> None:
    head, *rows = FILES[CYBER].splitlines(keepends=True)
    broken = [rows[0].replace(",4,", ",11,"), *rows[1:3], rows[3].replace("E0008", "E9999"), *rows[4:]]
    found = places(check_folder(with_file(folder, CYBER, "".join([head, *(broken[i] for i in order)]).encode())))
    expected = [
        (CYBER, order.index(0) + 2, "score", "score-range"),
        (CYBER, order.index(3) + 2, "events", "reference"),
    ]
    assert found == sorted(expected)
