"""An upload or a paste gives rows as they are written, or problems at their cells; the habits of spreadsheets are met."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.records.csvfile import MOST_COLUMNS
from indicators.records.folder import stamp_folder
from indicators.records.imports.rows import COLUMNS, check_rows
from indicators.records.imports.upload import MOST_BYTES, MOST_ROWS, Intake, read_upload, template
from indicators.records.saving.save import check_submission, save_submission
from indicators.records.saving.submission import Saved
from tests.folders import FILES
from tests.submissions import NOW, ROW, hand_in

FIRST = {name: ROW[name] for name in COLUMNS}
SECOND = {**FIRST, "indicator": "cyb_sabotage", "events": "E0008;E0012", "score": "6.5", "rationale": 'So "they" say; at last, for now.'}  # fmt: skip


def sheet(*rows: dict[str, str], delimiter: str = ",", end: str = "\n", columns: tuple[str, ...] = COLUMNS) -> str:
    """The text of an upload."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerows([columns, *([row[name] for name in columns] for row in rows)])
    return out.getvalue()


PLAIN = sheet(FIRST, SECOND)


def places(intake: Intake) -> list[tuple[int, str, str]]:
    return sorted((p.line, p.column, p.code) for p in intake.problems)


# What is taken as meant

HABITS = {
    "plain": PLAIN,
    "as bytes": PLAIN.encode(),
    "byte order mark": b"\xef\xbb\xbf" + PLAIN.encode(),
    "byte order mark in a paste": "\ufeff" + PLAIN,
    "semicolons": sheet(FIRST, SECOND, delimiter=";"),
    "pasted cells": sheet(FIRST, SECOND, delimiter="\t"),
    "Windows line ends": sheet(FIRST, SECOND, end="\r\n"),
    "old Macintosh line ends": sheet(FIRST, SECOND, end="\r"),
    "no last line end": PLAIN.rstrip("\n"),
    "UTF-16, as 'Unicode text' is saved": sheet(FIRST, SECOND, delimiter="\t", end="\r\n").encode("utf-16"),
    "line that names the delimiter": "sep=;\r\n" + sheet(FIRST, SECOND, delimiter=";", end="\r\n"),
    "quoted line that names the delimiter": '"sep=,"\n' + PLAIN,
    "empty rows at the end": PLAIN + ",,,,,,\n,,,,,,\n\n",
    "empty rows in between": PLAIN.replace("\n", "\n,,,,,,\n\n"),
    "empty rows before the header": "\n,,,,,,\n" + PLAIN,
    "empty rows of semicolons before the header": ";;;;;;\n" + sheet(FIRST, SECOND, delimiter=";"),
    "empty columns at the end": "".join(f"{line},,\n" for line in PLAIN.splitlines()),
    "rows longer than the header, but empty there": "\n".join(
        [PLAIN.splitlines()[0], *(f"{line},," for line in PLAIN.splitlines()[1:])]
    ),
    "capitals and spaces in the header": PLAIN.replace("date,indicator,", " Date ,INDICATOR,", 1),
    "everything quoted": "\n".join(
        ",".join(f'"{c}"' for c in line) for line in csv.reader(["date,indicator,score,low,high,rationale,events"])
    )
    + "\n"
    + PLAIN.partition("\n")[2],
    "columns in another order": sheet(FIRST, SECOND, columns=tuple(reversed(COLUMNS))),
    "columns that the save sets": sheet(
        *({**r, "coder": "c1", "recorded": "2024-12-01", "method": "1.0"} for r in (FIRST, SECOND)),
        columns=(*COLUMNS, "coder", "recorded", "method"),
    ),
}
SILENT = {"plain", "as bytes", "byte order mark in a paste", "Windows line ends", "old Macintosh line ends",
          "no last line end", "everything quoted", "columns in another order"}  # fmt: skip


@pytest.mark.parametrize("name", HABITS)
def test_what_only_concerns_the_form_is_taken_as_meant_and_noted(name: str) -> None:
    intake = read_upload(HABITS[name])
    assert intake.problems == ()
    assert intake.rows == (FIRST, SECOND)
    assert bool(intake.notes) == (name not in SILENT)


def test_the_template_is_an_upload_without_rows() -> None:
    assert template().decode().strip().split(",") == list(COLUMNS)
    assert places(read_upload(template())) == [(2, "file", "file-empty")]


def test_rows_read_are_rows_that_can_be_saved(data: Path) -> None:
    outcome = save_submission(data, hand_in(*read_upload(PLAIN).rows), NOW)
    assert isinstance(outcome, Saved)
    assert len(outcome.places) == 2


def test_rows_of_another_coder_are_not_taken_as_ones_own() -> None:
    text = sheet({**FIRST, "coder": "c1"}, {**SECOND, "coder": "c2"}, columns=(*COLUMNS, "coder"))
    assert places(read_upload(text, "c1")) == [(3, "coder", "choice")]
    assert places(read_upload(text)) == []


# What is a problem, never a guess

CELLS = [
    ("date", "30/09/2024", "date-format"),
    ("date", "9/30/24", "date-format"),
    ("date", "30.9.2024", "date-format"),
    ("date", "30-09-2024", "date-format"),
    ("date", "45565", "date-format"),
    ("date", "45565.5", "date-format"),
    ("date", "30-Sep-24", "date-format"),
    ("date", "30 September 2024", "date-format"),
    ("date", "2024-9-30", "date-format"),
    ("date", "2024/09/30", "date-format"),
    ("date", "20240930", "date-format"),
    ("date", "2024-09-30 00:00:00", "date-format"),
    ("date", "2024-09-30T00:00:00Z", "date-format"),
    ("date", "2024-09-31", "date-impossible"),
    ("date", "'2024-09-30", "date-format"),
    ("date", "٢٠٢٤-٠٩-٣٠", "date-format"),
    ("date", "2024\u201109\u201130", "date-format"),
    ("date", "########", "date-format"),
    ("date", "=TODAY()", "formula"),
    ("date", "", "blank"),
    ("date", " 2024-09-30", "spaces"),
    ("date", "2024-09-30\u00a0", "spaces"),
    *((column, value, code) for column in ("score", "low", "high") for value, code in (
        ("7,5", "number-format"),
        ("7,0", "number-format"),
        ("1.000,5", "number-format"),
        ("7;5", "number-format"),
        ("1e1", "number-format"),
        ("7.", "number-format"),
        (".5", "number-format"),
        ("07", "number-format"),
        ("NaN", "number-format"),
        ("inf", "number-format"),
        ("#DIV/0!", "number-format"),
        ("#N/A", "number-format"),
        ("n/a", "number-format"),
        ("7 %", "number-format"),
        ("07. Okt", "number-format"),
        ("6–8", "number-format"),
        ("٧", "number-format"),
        ("−7", "number-format"),
        ("7\u00a0", "spaces"),
        (" 7", "spaces"),
        ("7 ", "spaces"),
        ("7\t", "spaces"),
        ("=B2+1", "formula"),
        ("+7", "formula"),
        ("@SUM(B2)", "formula"),
        ("-B2", "formula"),
        ("-7", "score-range"),
        ("11", "score-range"),
        ("100", "score-range"),
        ("7.3", "score-step"),
    )),
    ("indicator", "Posture", "id-format"),
    ("indicator", "MIL_POSTURE", "id-format"),
    ("indicator", "mil_posture\u00a0", "spaces"),
    ("indicator", "mil\u00a0posture", "id-format"),
    ("indicator", "", "blank"),
    ("indicator", "=A1", "formula"),
    ("rationale", "", "blank"),
    ("rationale", "Too short.", "length"),
    ("rationale", "x" * 601, "length"),
    ("rationale", "Two\u00a0words that no break may part here.", "characters"),
    ("rationale", "A word\u200b with nothing in its middle.", "characters"),
    ("rationale", "Turned \u202e round from here to the end.", "characters"),
    ("rationale", "A first line, and\na second line of it.", "cell-newline"),
    ("rationale", "=CONCATENATE(A1;B1) would be a formula.", "formula"),
    ("rationale", "+ brigades came back in the quarter.", "formula"),
    ("rationale", "- brigades came back in the quarter.", "formula"),
    ("rationale", "@ministers spoke in the quarter again.", "formula"),
    ("rationale", " Both ministers spoke, they say here.", "spaces"),
    ("rationale", "\u00a0Both ministers spoke, they say here.", "spaces"),
    ("events", "", "blank"),
    ("events", "E0009, E0005", "id-format"),
    ("events", "E0009; E0005", "id-format"),
    ("events", "E0009;", "id-format"),
    ("events", "9", "id-format"),
    ("events", "e0009", "id-format"),
    ("events", "E0009;E0009", "event-twice"),
    ("events", "=E9", "formula"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "value", "code"), CELLS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_cell_in_doubt_is_a_problem_at_its_place_and_stays_as_it_was(
    column: str, value: str, code: str, delimiter: str
) -> None:
    rows = (FIRST, {**SECOND, column: value})
    intake = read_upload(sheet(*rows, delimiter=delimiter))
    assert places(intake) == [(3, column, code)]
    assert intake.problems[0].value == value
    assert intake.rows == rows
    assert [(p.line, p.column, p.code) for p in check_rows(intake.rows)] == places(intake)


FILES_IN_DOUBT: list[tuple[str, bytes | str, tuple[int, str, str]]] = [
    ("nothing", b"", (1, "file", "file-empty")),
    ("blanks", b" \r\n \n", (1, "file", "file-empty")),
    ("commas only", ",,,,\n,,,\n", (1, "file", "file-empty")),
    ("mark only", b"\xef\xbb\xbf", (1, "file", "file-empty")),
    ("workbook", b"PK\x03\x04\x14\x00\x06\x00", (0, "file", "encoding")),
    ("old workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", (0, "file", "encoding")),
    ("UTF-16 without its mark", PLAIN.encode("utf-16-le"), (1, "file", "nul-byte")),
    ("half of UTF-16", PLAIN.encode("utf-16")[:-1], (3, "file", "encoding")),
    ("Windows-1252", PLAIN.replace("brigades", "brigádes").encode("cp1252"), (2, "file", "encoding")),
    ("NUL byte", PLAIN.encode() + b"\0", (4, "file", "nul-byte")),
    ("picture", b"\x89PNG\r\n\x1a\n\0\0", (3, "file", "nul-byte")),
    ("open quotation mark", PLAIN + '"2024-09-30,mil_posture', (4, "file", "quote")),
    ("text behind a quotation mark", PLAIN.replace('"Both', '"B"oth'), (2, "file", "quote")),
    ("no header", PLAIN.partition("\n")[2], (1, "events", "column-missing")),
    ("column missing", sheet(FIRST, columns=COLUMNS[:-1]), (1, "events", "column-missing")),
    ("column unknown", PLAIN.replace("low,high,", "low,high,colour,", 1), (1, "colour", "column-unknown")),
    ("column twice", PLAIN.replace("low,high", "low,low,high", 1), (1, "low", "column-duplicate")),
    ("cells without a name", sheet(FIRST).replace("low,high,", "low,,high,", 1).replace(",6,8,", ",6,x,8,"), (1, "column", "column-unknown")),
    ("a cell too many", PLAIN.replace("E0009", "E0009,E0005"), (2, "row", "cell-count")),
    ("a cell too few", PLAIN.replace(",E0009", ""), (2, "row", "cell-count")),
    ("row cut short", sheet(FIRST, columns=("date", "indicator", "rationale", "events", "score", "low", "high")).replace(",7,6,8", ""), (2, "row", "cell-count")),
    ("decimal commas between commas", sheet(FIRST).replace(",7,6,8,", ",7,5,6,0,8,0,"), (2, "row", "cell-count")),
    ("too many rows", sheet(*[FIRST] * (MOST_ROWS + 1)), (MOST_ROWS + 2, "file", "length")),
    ("too many bytes", b"x" * (MOST_BYTES + 1), (0, "file", "length")),
    ("too long a paste", "x" * (MOST_BYTES + 1), (0, "file", "length")),
    ("one endless cell", sheet({**FIRST, "rationale": "x" * 200_000}), (2, "file", "length")),
    ("a web page", "<!doctype html><title>Sign in</title>", (1, "date", "column-missing")),
    ("lone half of a pair", sheet({**FIRST, "rationale": "Half \ud800 of a pair cannot be kept."}), (2, "rationale", "characters")),
]  # fmt: skip


@pytest.mark.parametrize(("content", "place"), [f[1:] for f in FILES_IN_DOUBT], ids=[f[0] for f in FILES_IN_DOUBT])
def test_a_file_in_doubt_is_a_problem_at_its_line(content: bytes | str, place: tuple[int, str, str]) -> None:
    assert place in places(read_upload(content))


def test_later_rows_keep_their_own_lines_behind_a_cell_of_two_lines() -> None:
    rows = ({**FIRST, "rationale": "A first line, and\na second line of it."}, {**SECOND, "score": "11"})
    assert places(read_upload(sheet(*rows))) == [(2, "rationale", "cell-newline"), (4, "score", "score-range")]


def test_the_corpus_is_large_and_touches_no_file(data: Path) -> None:
    corpus = [content for _, content, _ in FILES_IN_DOUBT]
    corpus += [sheet({**FIRST, column: value}) for column, value, _ in CELLS]
    assert len(corpus) >= 150
    before = stamp_folder(data)
    for content in corpus:
        intake = read_upload(content)
        assert intake.problems
        if len(intake.rows) == 1 and intake.problems[0].column in COLUMNS:
            assert check_submission(data, hand_in(*intake.rows), NOW) is not None
    assert stamp_folder(data) == before


@pytest.mark.parametrize(
    "content",
    [
        sheet(FIRST, columns=(*COLUMNS, *["date"] * 100_000)),
        PLAIN.partition("\n")[0] + "," + ",".join(f"n{n}" for n in range(100_000)) + "\n",
        "date," * 1_000_000,
        ";" * 4_900_000,
        "sep=;\n" + ";" * 4_900_000,
        PLAIN + "\t" * 4_900_000,
        PLAIN + "," * 2_001,
        PLAIN + ("," * 999 + "\n") * 1_100,
        "\n" * 300_000 + PLAIN,
        (PLAIN + "," * 101 + "x\n").encode("utf-16"),
        sheet(FIRST, columns=COLUMNS).replace("\n", ",x" * 94 + "\n", 1),
    ],
    ids=["one name", "names", "only names", "semicolons", "named delimiter", "tabs below", "blank cells", "blank sheet",
         "blank lines", "wide row", "one column too many"],
)  # fmt: skip
def test_an_upload_of_very_many_columns_or_cells_is_refused_with_one_problem(content: str | bytes) -> None:
    (problem,) = read_upload(content).problems
    assert problem.code == "length"


def test_as_many_columns_as_an_upload_may_have_are_each_looked_at() -> None:
    wide = PLAIN.partition("\n")[0] + "".join(f",n{n}" for n in range(MOST_COLUMNS - len(COLUMNS))) + "\n"
    assert len(read_upload(wide).problems) == MOST_COLUMNS - len(COLUMNS)


PIECES = ['"', '""', ",", ";", "\t", "\n", "\r\n", "\r", "\0", "\ufeff", "\u00a0", "=", "sep=;\n", "7,5", "45565",
          "\ud800", "x" * 140_000, "date", "٣"]  # fmt: skip


@given(
    st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=100).map(lambda raw: PLAIN.encode() + raw),
        st.text(max_size=200),
        st.tuples(st.integers(0, len(PLAIN)), st.lists(st.sampled_from(PIECES), max_size=4)).map(
            lambda cut: PLAIN[: cut[0]] + "".join(cut[1]) + PLAIN[cut[0] :]
        ),
    )
)
def test_whatever_is_uploaded_gives_rows_or_problems(content: bytes | str) -> None:
    intake = read_upload(content)
    assert intake.rows or intake.problems
    assert all(set(row) == set(COLUMNS) for row in intake.rows)
    assert all(str(problem) for problem in intake.problems)
    if not intake.problems:
        assert check_rows(intake.rows) == []


@given(st.lists(st.tuples(*[st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=8)] * 7), min_size=1, max_size=4), st.sampled_from(",;\t"))  # fmt: skip
def test_cells_are_never_altered(rows: list[tuple[str, ...]], delimiter: str) -> None:
    written = [dict(zip(COLUMNS, cells, strict=True)) for cells in rows if any(cell.strip() for cell in cells)]
    assert list(read_upload(sheet(*written, delimiter=delimiter)).rows) == written


def test_a_score_file_of_the_folder_is_an_upload_too() -> None:
    intake = read_upload(FILES["scores/military.csv"])
    assert intake.problems == ()
    rows = csv.DictReader(io.StringIO(FILES["scores/military.csv"]))
    assert list(intake.rows) == [{name: row[name] for name in COLUMNS} for row in rows]
