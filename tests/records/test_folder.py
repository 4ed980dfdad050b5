"""Reading never fails and never guesses; the canonical form loses nothing but noise."""

import dataclasses
import io
import os
import zipfile
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.records.checks.folder import check_folder
from indicators.records.csvfile import canonical_bytes, parse_table
from indicators.records.dataset import build_dataset
from indicators.records.folder import (
    Folder,
    format_folder,
    list_files,
    lock_folder,
    pack_folder,
    read_file,
    read_folder,
    replace_file,
    stamp_folder,
)
from indicators.records.problems import Report
from indicators.records.tables.columns import VERSION, Table
from indicators.records.tables.core import ASSESSMENTS, CODEBOOK_FILES, TABLES
from tests.breakages import CODERS, CYBER, EVENTS, FILE_FAULTS, PACKAGE, Breakage, Place, places
from tests.folders import FILES, contents, write_folder

REPAIRED = {"byte-order-mark", "line-ending", "blank", "package"}
"""What ``format`` puts right by itself, since no content is in doubt."""

LEFT_ALONE = {"cell-count", "column-duplicate", "column-missing", "column-unknown", "delimiter", "encoding",
              "file-empty", "file-unreadable", "nul-byte", "quote"}  # fmt: skip
"""Faults of a file that only a person can put right: its bytes stay as they are."""

by_name = pytest.mark.parametrize("fault", FILE_FAULTS, ids=[b[0] for b in FILE_FAULTS])


def check(path: Path) -> list[Place]:
    return places(check_folder(read_folder(path)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return read_folder(write_folder(tmp_path_factory.mktemp("ledger") / "data"))


# Reading


@by_name
def test_a_fault_of_a_file_is_named_with_its_place_and_nothing_else_is(data: Path, fault: Breakage) -> None:
    _, change, expected = fault
    change(data)
    assert check(data) == sorted(expected)


def test_a_folder_that_is_not_there_is_all_absent_files(tmp_path: Path) -> None:
    found = check(tmp_path / "nowhere")
    assert {code for *_, code in found} == {"file-missing"}
    assert {file for file, *_ in found} >= {EVENTS, CODERS, "README.md", PACKAGE}


def test_a_last_line_without_line_end_is_read(data: Path) -> None:
    (data / CYBER).write_text(FILES[CYBER].rstrip("\n"))
    assert check(data) == []
    assert len(read_folder(data).tables[CYBER].lines) == 7


def test_an_open_quotation_mark_is_named_on_its_own_line(data: Path) -> None:
    (data / CYBER).write_text(FILES[CYBER].replace("Four agencies", '"Four agencies'))
    found = check(data)
    assert (CYBER, 4, "file", "quote") in found
    assert {line for file, line, *_ in found if file == CYBER} == {4}


def test_an_open_quotation_mark_is_named_also_where_it_swallows_more_than_the_parser_takes_at_once() -> None:
    row = "2024-06-30,cyb_sabotage,8,7,9,One of very many rows.,E0008,c1,2024-07-01T09:00:00Z,1.0\n"
    report = Report()
    parse_table(CYBER, ASSESSMENTS, (FILES[CYBER].replace("Four", '"Four') + row * 30_000).encode(), report)
    assert (CYBER, 4, "file", "quote") in places(report)


def test_a_doubled_quotation_mark_is_text(data: Path) -> None:
    (data / CYBER).write_text(
        FILES[CYBER].replace("Four agencies name", '"Four agencies ""name""').replace("together.", 'together."')
    )
    assert check(data) == []
    assert '"name"' in read_folder(data).tables[CYBER].cells["rationale"].to_pylist()[2]


def test_columns_may_stand_in_any_order(data: Path) -> None:
    (data / CODERS).write_text("description,coder\n" + "".join(
        ",".join(reversed(row.split(","))) + "\n" for row in FILES[CODERS].splitlines()[1:]
    ))  # fmt: skip
    assert check(data) == []
    assert format_folder(data, write=True) == [CODERS]
    assert (data / CODERS).read_text() == FILES[CODERS]


def test_a_line_break_in_an_unknown_column_keeps_later_rows_on_their_own_lines(data: Path) -> None:
    head, *rows = FILES[CODERS].splitlines()
    (data / CODERS).write_text("\n".join([f"{head},note", f'{rows[0]},"two\nlines"', f"{rows[1]},", "C3,Short.,", ""]))
    assert (CODERS, 5, "coder", "id-format") in check(data)


@pytest.mark.parametrize("form", ["utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings_are_refused_also_without_their_mark(data: Path, form: str) -> None:
    (data / CYBER).write_bytes(FILES[CYBER].encode(form))
    assert [p for p in check(data) if p[0] == CYBER] in (
        [(CYBER, 1, "file", "encoding")],
        [(CYBER, 1, "file", "nul-byte")],
    )


PIECES = [b'"', b'""', b",", b"\n", b"\r\n", b"\r", b"\0", b"\xff", b"\xef\xbb\xbf", b" ", b"-", b"=", b"9", b".5",
          b";", b"\t", b"2024-02-30", b"E0001", "٣".encode(), "\u202e".encode(), b"x" * 700]  # fmt: skip


@st.composite
def damaged_files(draw: st.DrawFn) -> bytes:
    """A valid score file with some pieces put in, taken out or repeated."""
    raw = FILES[CYBER].encode()
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.integers(0, 40)))
        middle = draw(st.one_of(st.sampled_from(PIECES), st.binary(max_size=4), st.just(raw[start:end] * 2)))
        raw = raw[:start] + middle + raw[end:]
    return raw


@settings(deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300), st.binary(max_size=300).map(lambda b: FILES[CYBER].encode() + b), damaged_files()
    )
)
def test_whatever_the_bytes_reading_gives_problems_or_typed_rows(folder: Folder, raw: bytes) -> None:
    report = Report()
    read = parse_table(CYBER, ASSESSMENTS, raw, report)
    if read is None:
        assert report
        return
    tables = {**folder.tables, CYBER: read}
    changed = dataclasses.replace(folder, tables=tables, report=report)
    problems = check_folder(changed)
    last = raw.count(b"\n") + raw.count(b"\r") + 1
    assert all(0 <= p.line <= last for p in problems)
    if not problems:
        rows = build_dataset(changed).assessments
        scores = rows["score"].dropna()
        assert scores.between(0, 10).all()
        assert rows["date"].notna().all()
        assert rows["recorded"].notna().all()


# Canonical form

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
numbers = st.one_of(
    st.decimals(-1000, 1000, places=2).map(str),
    st.integers(-99, 99).map(str),
    st.sampled_from(["", "-0.0", ".0", "-.0", "1.", "00.50"]),
)


@st.composite
def text_tables(draw: st.DrawFn) -> tuple[Table, pa.Table]:
    """A table of the format with arbitrary cells, none of its rows wholly blank."""
    table = draw(st.sampled_from(TABLES))
    size = draw(st.integers(0, 6))
    columns = {
        c.name: draw(st.lists(numbers if c.numeric else texts, min_size=size, max_size=size)) for c in table.columns
    }
    # A version that a spreadsheet wrote, 1 for 1.0, is read as what it was.
    for c in table.columns:
        if c.rule is VERSION:
            columns[c.name] = [f"v{cell}" for cell in columns[c.name]]
    first = next(c.name for c in table.columns if c.kind == "string")
    columns[first] = [f"x{cell}" for cell in columns[first]]
    return table, pa.table({name: pa.chunked_array([pa.array(v, pa.string())]) for name, v in columns.items()})


def parsed(table: Table, raw: bytes) -> pa.Table:
    read = parse_table("any.csv", table, raw, Report())
    assert read is not None
    return read.cells


def content(table: Table, cells: pa.Table) -> list[tuple[object, ...]]:
    """Rows in a fixed order, numbers by value."""

    def value(kind: str, cell: str) -> object:
        plain = kind in ("number", "integer") and cell.strip("-").replace(".", "", 1).isdigit() and cell.isascii()
        whole = plain and not cell.startswith(("-.", ".")) and not cell.endswith(".")
        return Decimal(cell) + 0 if whole else cell

    kinds = [c.kind for c in table.columns]
    rows = [tuple(value(k, row[n]) for k, n in zip(kinds, table.names, strict=True)) for row in cells.to_pylist()]
    return sorted(rows, key=lambda row: [(str(type(v)), v) for v in row])


@settings(deadline=None)
@given(text_tables())
def test_the_canonical_form_keeps_every_cell_up_to_trailing_zeros(example: tuple[Table, pa.Table]) -> None:
    table, cells = example
    assert content(table, parsed(table, canonical_bytes(table, cells))) == content(table, cells)


@settings(deadline=None)
@given(text_tables())
def test_the_canonical_form_of_the_canonical_form_is_itself(example: tuple[Table, pa.Table]) -> None:
    table, cells = example
    once = canonical_bytes(table, cells)
    assert canonical_bytes(table, parsed(table, once)) == once


def test_numbers_lose_trailing_zeros_only(data: Path) -> None:
    (data / CYBER).write_text(FILES[CYBER].replace(",10,9,10,", ",10.0,9.00,10,").replace(",4.5,3,6,", ",4.50,3.0,6.,"))
    format_folder(data, write=True)
    text = (data / CYBER).read_text()
    assert ",10,9,10," in text
    assert ",4.5,3,6.," in text  # "6." is a fault for the analyst to correct, not a number to rewrite


# Formatting a folder


def test_a_canonical_folder_is_left_alone(data: Path) -> None:
    before = stamp_folder(data)
    assert format_folder(data, write=False) == []
    assert format_folder(data, write=True) == []
    assert stamp_folder(data) == before


def test_looking_writes_nothing(data: Path) -> None:
    (data / CYBER).write_text(FILES[CYBER].replace("\n", "\r\n"))
    before = contents(data)
    assert format_folder(data, write=False) == [CYBER]
    assert contents(data) == before


def test_formatting_restores_the_bytes_of_shuffled_rows(data: Path) -> None:
    before = contents(data)
    for name in (CYBER, EVENTS, "benchmarks/outside.csv"):
        head, *rows = FILES[name].splitlines(keepends=True)
        (data / name).write_text("".join([head, *reversed(rows)]))
    assert format_folder(data, write=True) == ["benchmarks/outside.csv", EVENTS, CYBER]
    assert contents(data) == before


@pytest.mark.parametrize("name", sorted(CODEBOOK_FILES))
def test_the_order_of_the_codebook_is_the_analysts_own(data: Path, name: str) -> None:
    head, *rows = FILES[name].splitlines(keepends=True)
    (data / name).write_text("".join([head, *reversed(rows)]))
    format_folder(data, write=True)
    assert (data / name).read_text() == "".join([head, *reversed(rows)])


def test_the_files_of_a_folder_that_may_not_be_entered_stay_in_the_description(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Rights do not stop whoever runs the tests as root.
    listed = os.listdir
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "scores")
    monkeypatch.setattr(os, "listdir", lambda path: [] if Path(path).name == "scores" else listed(path))
    assert check(data) == [("scores", 0, "folder", "file-unreadable")]
    assert format_folder(data, write=False) == []


@by_name
def test_formatting_repairs_what_is_certain_and_touches_no_other_broken_file(data: Path, fault: Breakage) -> None:
    _, change, expected = fault
    change(data)
    before = contents(data)
    format_folder(data, write=True)
    codes = {code for *_, code in expected}
    missing_description = (PACKAGE, 0, "file", "file-missing") in expected
    if codes <= REPAIRED - {"byte-order-mark"} or missing_description:
        assert check(data) == []
    after = contents(data)
    broken = {file for file, *_, code in expected if code in LEFT_ALONE}
    assert {file: after.get(file) for file in broken} == {file: before.get(file) for file in broken}


def test_formatting_drops_the_byte_order_mark_of_a_table(data: Path) -> None:
    (data / CYBER).write_bytes(b"\xef\xbb\xbf" + FILES[CYBER].encode())
    assert format_folder(data, write=True) == [CYBER]
    assert (data / CYBER).read_text() == FILES[CYBER]


@by_name
def test_formatting_twice_changes_nothing_more(data: Path, fault: Breakage) -> None:
    fault[1](data)
    format_folder(data, write=True)
    assert format_folder(data, write=True) == []


# Files and their marks


def test_the_digest_is_that_of_the_content(data: Path, tmp_path: Path) -> None:
    assert read_folder(data).digest == read_folder(write_folder(tmp_path / "copy")).digest


@pytest.mark.parametrize("name", sorted([*FILES, PACKAGE]))
def test_the_digest_changes_with_every_file(data: Path, name: str) -> None:
    before = read_folder(data).digest
    with (data / name).open("a") as file:
        file.write(" ")
    assert read_folder(data).digest != before


@pytest.mark.parametrize("name", sorted([*FILES, PACKAGE]))
def test_the_stamp_changes_with_every_file(data: Path, name: str) -> None:
    before = stamp_folder(data)
    replace_file(data / name, (data / name).read_bytes() + b" ")
    assert stamp_folder(data) != before


def test_the_stamp_changes_with_the_rights_to_a_file(data: Path) -> None:
    before = stamp_folder(data)
    (data / CYBER).chmod(0o400)
    assert stamp_folder(data) != before


def test_a_lock_does_not_make_the_folder_that_it_is_for(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="absent"), lock_folder(tmp_path / "nowhere", 1):
        pass
    assert not (tmp_path / "nowhere").exists()


def test_files_of_the_format_are_listed_and_others_are_not(data: Path) -> None:
    (data / "notes.txt").write_text("not ours")
    (data / "scores/.cyber.csv.1.tmp").write_text("left by a crash")
    assert list_files(data) == sorted([*FILES, PACKAGE])


@pytest.mark.parametrize("name", ["notes.txt", "../data/events.csv", "/etc/hostname", "scores/absent.csv", ""])
def test_no_file_outside_the_format_is_handed_out(data: Path, name: str) -> None:
    (data / "notes.txt").write_text("not ours")
    with pytest.raises(ValueError, match="not a file of the data folder"):
        read_file(data, name)


def test_a_file_of_the_format_is_handed_out_as_it_is(data: Path) -> None:
    assert read_file(data, CYBER) == FILES[CYBER].encode()


def test_the_archive_holds_the_files_as_they_are_and_nothing_else(data: Path) -> None:
    before = contents(data)
    (data / "notes.txt").write_text("not ours")
    with zipfile.ZipFile(io.BytesIO(pack_folder(data))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == before


def test_the_same_files_make_the_same_archive(data: Path, tmp_path: Path) -> None:
    assert pack_folder(data) == pack_folder(write_folder(tmp_path / "copy"))


def test_a_replaced_file_has_the_new_content_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"old")
    replace_file(tmp_path / "a.csv", b"new")
    assert contents(tmp_path) == {"a.csv": b"new"}


def test_a_replacement_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(OSError, match=r"a\.csv"):
        replace_file(tmp_path / "a.csv", b"new")
    assert os.listdir(tmp_path) == ["a.csv"]
