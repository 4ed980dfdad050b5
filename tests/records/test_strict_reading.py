"""No file is accepted with another content than a strict reader of RFC 4180 sees: Python's own."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.records.checks.folder import check_folder
from indicators.records.csvfile import LONGEST_ROW, MOST_COLUMNS, canonical_bytes, parse_table
from indicators.records.folder import format_folder, read_folder
from indicators.records.problems import Report, list_blocking
from indicators.records.rules import Text
from indicators.records.tables.columns import Column, Table
from tests.folders import FILES
from tests.thorough import at_least

EXAMPLES = at_least(400, 25_000)
"""Mutated files that are read."""

WORDS = Table("words", "Any words.", tuple(Column(name, "A word.", Text(0, 99), blank=True) for name in "abc"), ("a",))
SOUND = 'a,b,c\n1,"two, and ""three""",4\n"5",six,7\n8,"9",\n'
BITS = [*'",\n\r\\;\t xé\ufeff', '""', '",', ',"', '\\"', "\r\n", "\n\n", '"\n', '"x', "a,b,c\n"]

mutations = st.lists(
    st.tuples(st.integers(0, len(SOUND)), st.integers(0, 3), st.sampled_from([*BITS, ""])), min_size=1, max_size=5
)


def mutate(text: str, changes: list[tuple[int, int, str]]) -> str:
    """Put some bits in the place of some characters, one change after another."""
    for place, length, bit in changes:
        text = text[:place] + bit + text[place + length :]
    return text


def read(text: str) -> tuple[list[tuple[int, str]], list[list[str]]]:
    """Line and code of the faults of a file's form that block its use, and the cells as we read them."""
    report = Report()
    found = parse_table("words.csv", WORDS, text.encode(), report)
    rows = [list(row.values()) for row in found.cells.to_pylist()] if found else []
    return [(p.line, p.code) for p in sorted(list_blocking(report))], rows


def read_strictly(text: str) -> list[list[str]]:
    """The cells below the header as Python's strict reader has them, by the table's columns."""
    header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert all(len(row) == len(header) for row in rows)
    return [[row[header.index(name)] for name in WORDS.names] for row in rows]


@given(mutations)
@settings(max_examples=EXAMPLES, deadline=None)
def test_a_mutated_file_is_named_or_read_as_a_strict_reader_reads_it(changes: list[tuple[int, int, str]]) -> None:
    text = mutate(SOUND, changes)
    problems, rows = read(text)
    if not problems:
        assert rows == read_strictly(text)


@given(mutations)
@settings(max_examples=100, deadline=None)
def test_formatting_an_accepted_file_keeps_its_cells(changes: list[tuple[int, int, str]]) -> None:
    text = mutate(SOUND, changes)
    problems, rows = read(text)
    if not problems:
        found = parse_table("words.csv", WORDS, text.encode(), Report())
        assert found is not None
        assert read(canonical_bytes(WORDS, found.cells).decode()) == ([], rows)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_sound_file_is_read_whatever_its_line_ends(end: str) -> None:
    assert read(SOUND.replace("\n", end)) == ([], [["1", 'two, and "three"', "4"], ["5", "six", "7"], ["8", "9", ""]])


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (r'1,"called \"a warning\" twice",3', "a backslash before a mark, as R writes it"),
        ('1,"Warning" shots,3', "text behind a closing mark"),
        ('1,"Warning" ,3', "a space behind a closing mark"),
        ('1, "two",3', "a space before an opening mark"),
        ('1,a "two" b,3', "marks inside a cell without marks around it"),
        ('1,two"",3', "a doubled mark in a cell without marks around it"),
        ('1,"a"b"c",3', "a cell within a cell"),
        ('1,"two"\'s,3', "an ending behind a quoted word"),
    ],
)
def test_a_mark_that_the_standard_does_not_allow_is_named_at_its_line(row: str, why: str) -> None:
    problems, _ = read(f'a,b,c\n"x",y,z\n{row}\n4,"five",6\n')
    assert problems == [(3, "quote")], why


@pytest.mark.parametrize("cell", ['""', '""""', '"a ""b"""', '"""a"" b"', '"a,b"', '" "', '"\\"', "it's"])
def test_a_mark_that_the_standard_allows_is_none(cell: str) -> None:
    text = f"a,b,c\n1,{cell},3\n"
    assert read(text) == ([], read_strictly(text))


def test_every_faulty_line_is_named_at_once() -> None:
    text = 'a,b,c\n1,"x" y,3\n4,"five",6\n7,\\"x\\",9\n'
    assert read(text)[0] == [(2, "quote"), (4, "quote")]


def test_a_mark_that_is_never_closed_is_named_once_and_not_every_line_behind_it() -> None:
    text = "a,b,c\n" + '1,"two,3\n' + '4,"five",6\n' * 20
    assert [p for p in read(text)[0] if p[1] == "quote"] == [(2, "quote")]


def test_a_file_of_broken_quotes_is_left_alone_by_format_which_says_so(data: Path) -> None:
    report = Report()
    file = data / "codebook" / "coders.csv"
    file.write_text(FILES["codebook/coders.csv"].replace("The first of two", '"The first" of two', 1))
    before = file.read_bytes()
    assert format_folder(data, write=True, left=report) == []
    assert file.read_bytes() == before
    assert [(p.file, p.line, p.code) for p in report] == [("codebook/coders.csv", 2, "quote")]


def test_a_header_of_very_many_columns_is_one_problem() -> None:
    for names in (["a"] * 50_000, [f"n{n}" for n in range(50_000)], [""] * 50_000):
        problems, _ = read(",".join(["a", "b", "c", *names]) + "\n")
        assert problems == [(1, "column-unknown")]


def test_as_many_columns_as_are_looked_at_are_each_named() -> None:
    names = [f"n{n}" for n in range(MOST_COLUMNS - 3)]
    assert len(read(",".join(["a", "b", "c", *names]) + "\n")[0]) == MOST_COLUMNS - 3


def test_empty_columns_behind_the_last_one_are_named_as_such() -> None:
    report = Report()
    parse_table("words.csv", WORDS, b"a,b,c,,,\n1,2,3,,,\n", report)
    (problem,) = report
    assert (problem.line, problem.code) == (1, "column-unknown")
    assert "without a name" in problem.message


@pytest.mark.parametrize("start", ["x" * (LONGEST_ROW + 1), '"' + "x" * (LONGEST_ROW + 1) + '"'])
def test_a_cell_of_a_mebibyte_is_named_at_its_line_in_words(start: str) -> None:
    assert read(f"a,b,c\n1,2,3\n{start},y,z\n")[0] == [(3, "length")]


def test_many_rows_of_one_key_are_each_named(data: Path) -> None:
    rows = FILES["codebook/coders.csv"].splitlines(keepends=True)
    (data / "codebook" / "coders.csv").write_text("".join([*rows, *[rows[1]] * 3_000]))
    found = [p for p in check_folder(read_folder(data)) if p.code == "row-duplicate"]
    assert [(p.line, p.value) for p in found] == [(line, "c1") for line in range(4, 3_004)]
