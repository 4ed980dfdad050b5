"""A workbook gives its rows and new events as they would stand in the data, or problems at sheet, line and column."""

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from indicators.records.dataset import load_dataset
from indicators.records.imports import workbook
from indicators.records.imports.rows import (
    COLUMNS,
    check_rows,
    compare_rows,
    list_events,
    list_in_force,
    number_events,
)
from indicators.records.imports.upload import MOST_ROWS, Intake, read_upload
from indicators.records.saving.save import save_submission
from indicators.records.saving.submission import Saved
from tests.records.imports.workbooks import FIRST, FRESH, SHEET, change_part, event_lines, lines, write_book
from tests.submissions import EVENT, NOW, ROW, hand_in

PLAIN = {name: ROW[name] for name in COLUMNS}


def places(intake: Intake) -> list[tuple[str, int, str, str]]:
    return sorted((p.file, p.line, p.column, p.code) for p in intake.problems)


def read(*rows: dict[str, Any], **more: Any) -> Intake:
    return read_upload(write_book({"scores": lines(*rows), **more}))


# What is taken


def test_days_and_numbers_of_a_spreadsheet_are_taken_as_they_are() -> None:
    intake = read(FIRST, {**FIRST, "indicator": "mil_signals", "score": 6.5, "date": "2024-09-30"})
    assert intake.problems == ()
    assert intake.rows == (PLAIN, {**PLAIN, "indicator": "mil_signals", "score": "6.5"})
    assert intake.places == (("sheet scores", 2), ("sheet scores", 3))
    assert intake.dates


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7.0, "7"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (1e20, "100000000000000000000"),
        (dt.datetime(2024, 9, 30, 12), "2024-09-30 12:00:00"),
        (True, "TRUE"),
        ("7,5", "7,5"),
        (" 7", " 7"),
    ],
)
def test_a_cell_is_written_as_a_person_would_have_typed_it_and_never_mended(value: Any, text: str) -> None:
    assert read({**FIRST, "score": value}).rows[0]["score"] == text


def test_a_formula_counts_by_the_value_that_it_had() -> None:
    book = write_book({"scores": lines({**FIRST, "score": "=6+1"})})
    assert read_upload(change_part(book, SHEET, lambda raw: raw.replace(b"</f><v>0</v>", b"</f><v>7</v>"))).rows == (
        PLAIN,
    )


def test_a_formula_that_failed_is_a_problem_at_its_cell_and_no_blank() -> None:
    book = write_book({"scores": lines({**FIRST, "score": "=1/0"})})
    failed = change_part(
        book,
        SHEET,
        lambda raw: raw.replace(b'<c r="C2"><f>1/0</f><v>0</v>', b'<c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v>'),
    )
    intake = read_upload(failed)
    assert ("sheet scores", 2, "C", "formula") in places(intake)
    assert "#DIV/0!" in {problem.value for problem in intake.problems}


def test_columns_in_brackets_are_only_there_to_be_read() -> None:
    columns = ("date", "(title)", *COLUMNS[1:], "(last score)")
    intake = read_upload(write_book({"scores": lines({**FIRST, "(title)": "Posture"}, columns=columns)}))
    assert (intake.problems, intake.rows) == ((), (PLAIN,))


def test_rows_that_nobody_has_filled_in_are_left_out_and_counted() -> None:
    empty = {"date": FIRST["date"], "indicator": "mil_signals"}
    intake = read(FIRST, empty, empty)
    assert (intake.problems, intake.rows) == ((), (PLAIN,))
    assert "Indicators that are not filled in were left out: 2." in intake.notes


def test_rows_of_several_sheets_come_together_and_other_sheets_are_named() -> None:
    second = {**FIRST, "indicator": "cyb_sabotage"}
    book = write_book({"military": lines(FIRST), "notes": [["anything"]], "cyber": [[], *lines(second)]})
    intake = read_upload(book)
    assert [row["indicator"] for row in intake.rows] == ["mil_posture", "cyb_sabotage"]
    assert intake.places == (("sheet military", 2), ("sheet cyber", 3))
    assert intake.notes == ("Sheets without rows or events were left out: notes.",)


def test_new_events_are_saved_with_the_rows_that_cite_them(data: Path) -> None:
    row = {**FIRST, "events": "new7;E0009"}
    intake = read(row, events=event_lines({**FRESH, "event": "new7"}))
    assert intake.problems == ()
    rows, events = number_events(intake.rows, intake.events)
    assert events == ({**EVENT, "second_source_url": "", "same_as": ""},)
    outcome = save_submission(data, hand_in(*rows, events=events), NOW)
    assert isinstance(outcome, Saved)
    assert outcome.events == ("E0013",)
    assert "E0013;E0009" in (data / "scores/military.csv").read_text()


def test_several_new_events_come_without_a_score(data: Path) -> None:
    other = {**FRESH, "event": "", "fact": "A fourth brigade moved towards the border."}
    intake = read(events=event_lines(FRESH, other, {"event": "new3"}))
    assert (intake.problems, intake.rows, len(intake.events)) == ((), (), 2)
    outcome = save_submission(data, hand_in(events=number_events((), intake.events)[1]), NOW)
    assert isinstance(outcome, Saved)
    assert outcome.events == ("E0013", "E0014")


def test_events_on_record_may_stand_in_the_workbook_but_not_be_altered(data: Path) -> None:
    dataset = load_dataset(data).dataset
    assert dataset is not None
    recorded = list_events(dataset)
    book = {"scores": lines(FIRST), "events": event_lines(*recorded.values())}
    intake = read_upload(write_book(book), "c1", recorded)
    assert (intake.problems, intake.events) == ((), ())
    altered = {**recorded["E0009"], "effect": "raises"}
    unknown = {**recorded["E0009"], "event": "E9999"}
    book["events"] = event_lines(altered, unknown)
    assert places(read_upload(write_book(book), "c1", recorded)) == [
        ("sheet events", 2, "effect", "reference"),
        ("sheet events", 3, "event", "reference"),
    ]


# What is a problem


CELLS = [
    ("score", 11, "score-range"),
    ("date", 45565, "date-format"),
    ("date", dt.datetime(2024, 9, 30, 12), "date-format"),
    ("events", "E0009, E0005", "id-format"),
    ("events", "new1", "reference"),
    ("rationale", "short", "length"),
    ("rationale", 7, "length"),
]


@pytest.mark.parametrize(("column", "value", "code"), CELLS)
def test_a_cell_in_doubt_is_a_problem_with_sheet_line_and_column(column: str, value: Any, code: str) -> None:
    intake = read(FIRST, {**FIRST, column: value})
    assert places(intake) == [("sheet scores", 3, column, code)]
    assert "—" in intake.problems[0].message or code == "id-format"


EVENT_CELLS = [
    ("event", "first", "id-format"),
    ("date", "20/09/2024", "date-format"),
    ("effect", "up", "choice"),
    ("source_url", "javascript:alert(1)", "url"),
    ("credibility", 9, "choice"),
    ("fact", "=cmd|' /C calc'!A1", "formula"),
]


@pytest.mark.parametrize(("column", "value", "code"), EVENT_CELLS)
def test_a_new_event_in_doubt_is_a_problem_with_sheet_line_and_column(column: str, value: Any, code: str) -> None:
    if str(value).startswith("="):
        # As a text, which is what a spreadsheet keeps of a cell that was typed with an apostrophe.
        intake = read(events=event_lines({**FRESH, column: "X" + value[1:] + " and so on"}))
        assert intake.problems == ()
        event = {**intake.events[0], column: value}
        assert [p.code for p in check_rows((), (), (event,), intake.event_places)] == [code]
        return
    assert places(read(events=event_lines({**FRESH, column: value}))) == [("sheet events", 2, column, code)]


def test_two_events_of_one_name_and_a_workbook_without_rows_are_problems() -> None:
    twice = read(events=event_lines(FRESH, {**FRESH, "fact": "A fourth brigade moved towards the border."}))
    assert places(twice) == [("sheet events", 3, "event", "row-duplicate")]
    assert places(read_upload(write_book({"Sheet1": [["anything", 1]]}))) == [("upload", 0, "file", "file-empty")]
    assert places(read({"date": FIRST["date"], "indicator": "mil_posture"})) == [("upload", 0, "file", "file-empty")]


# Hostile files: refused with one sentence, and the process that reads them is the only one that they end


def _with_cell_at(place: bytes) -> bytes:
    return change_part(
        write_book({"scores": lines(FIRST)}), SHEET, lambda raw: raw.replace(b'r="G2"', b'r="%s"' % place)
    )


def _unpacking_to(size: int) -> bytes:
    book = write_book({"scores": lines(FIRST)})
    return change_part(book, SHEET, lambda raw: raw.replace(b"</sheetData>", b" " * size + b"</sheetData>"))


def _one_text_many_times() -> bytes:
    book = write_book({"scores": lines(FIRST)})
    book = change_part(book, "xl/sharedStrings.xml", lambda raw: raw.replace(b">date<", b">" + b"x" * 1_000_000 + b"<"))
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(5, 3000))
    return change_part(book, SHEET, lambda raw: raw.replace(b"</sheetData>", cells + b"</sheetData>"))


def _foreign_archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    return out.getvalue()


HOSTILE = {
    "a cell at the far corner": lambda: _with_cell_at(b"XFD1048576"),
    "a cell far to the right": lambda: _with_cell_at(b"XFD2"),
    "half a gigabyte of blanks": lambda: _unpacking_to(500_000_000),
    "one long text in thousands of cells": _one_text_many_times,
    "too many rows": lambda: write_book({"scores": lines(*[FIRST] * (MOST_ROWS + 1))}),
    "no workbook": _foreign_archive,
    "cut off": lambda: write_book({"scores": lines(FIRST)})[:2000],
    "only a mark": lambda: b"PK\x03\x04",
    "old kind": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_broken_workbook_is_refused_with_one_problem(name: str) -> None:
    intake = read_upload(HOSTILE[name]())
    assert places(intake) == [("upload", 0, "file", "encoding")]
    assert intake.rows == ()
    assert "—" in intake.problems[0].message


def test_a_workbook_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "SECONDS", 0)
    assert places(read(FIRST)) == [("upload", 0, "file", "encoding")]


# What a save would do


def test_rows_are_counted_as_new_replacing_withdrawing_or_the_same(data: Path) -> None:
    dataset = load_dataset(data).dataset
    assert dataset is not None
    in_force = list_in_force(dataset, "c1")
    # The later of two rows of one day is the last word.
    assert in_force["cyb_sabotage", "2024-06-30"]["score"] == "7"
    assert ("cyb_sabotage", "2024-06-30") not in list_in_force(dataset, "c2")  # withdrawn
    same = in_force["mil_posture", "2024-03-31"]
    rows = [
        PLAIN,
        same,
        {**same, "score": "6.0"},
        {**same, "rationale": "Two brigades near the border, in other words."},
        {**same, "date": "2024-06-30", "score": "", "low": "", "high": ""},
    ]
    compared = compare_rows(rows, in_force)
    assert (compared.new, compared.same, compared.replacing, compared.withdrawing) == ((0,), (1, 2), (3,), (4,))
    assert str(compared) == "1 new, 1 replaces an earlier one, 1 withdraws an earlier one, 2 the same as before"
