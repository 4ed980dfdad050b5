"""A problem has a place, a code that is documented, and one line of text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.records.problems import CODES, Problem, Report
from tests.breakages import BREAKAGES


def problem(file: str = "scores/cyber.csv", line: int = 14, column: str = "score", value: str = "11") -> Problem:
    return Problem(file, line, column, value, "score-range", "is above 10 — the scale runs 0 to 10 in halves")


# Whether a claim's dates have readings is for the measures to say, no file of the folder has a publisher's layout, and none is a remote;
# their own tests produce these codes.
MEASURED = {"claim-dates", "layout", "remote"}


def test_every_documented_code_is_produced_by_a_breakage_and_no_other_is() -> None:
    produced = {code for _, _, expected in BREAKAGES for *_, code in expected}
    assert produced == set(CODES) - MEASURED


def test_every_breakage_has_a_name_of_its_own() -> None:
    names = [name for name, *_ in BREAKAGES]
    assert len(set(names)) == len(names)


def test_an_undocumented_code_is_refused() -> None:
    with pytest.raises(ValueError, match="no-such-code"):
        Problem("a.csv", 1, "x", "", "no-such-code", "is wrong")


def test_a_problem_reads_place_column_value_advice_code() -> None:
    expected = 'scores/cyber.csv:14 score "11" is above 10 — the scale runs 0 to 10 in halves [score-range]'
    assert str(problem()) == expected


def test_a_problem_of_a_whole_file_names_no_line() -> None:
    assert str(problem(line=0)).startswith("scores/cyber.csv score ")


def test_a_blank_value_is_not_quoted() -> None:
    assert '"' not in str(problem(value=""))


@given(st.text())
def test_a_problem_is_one_printable_line_whatever_the_cell_holds(value: str) -> None:
    text = str(problem(value=value))
    assert text.isprintable()
    assert len(text) < 1000
    assert text.startswith("scores/cyber.csv:14 score ")
    assert text.endswith("[score-range]")


def test_a_record_has_the_fields_of_the_json_report() -> None:
    assert list(problem().as_record()) == ["file", "line", "column", "value", "code", "message"]


def test_a_report_stands_in_the_order_of_files_and_lines() -> None:
    report = Report()
    report.extend([problem("b.csv", 2), problem("a.csv", 10), problem("a.csv", 9)])
    assert [(p.file, p.line) for p in report] == [("a.csv", 9), ("a.csv", 10), ("b.csv", 2)]


def test_a_report_is_true_when_it_has_problems_and_ends_with_their_count() -> None:
    report = Report()
    assert not report
    assert report.as_text() == "0 problems"
    report.add("a.csv", 1, "score", "11", "score-range", "is above 10")
    assert report
    assert len(report) == 1
    assert report.as_text().splitlines()[-1] == "1 problem in 1 file"
    report.extend([problem("b.csv", 2), problem("b.csv", 3)])
    assert report.as_text().splitlines()[-1] == "3 problems in 2 files"
    assert len(report.as_text().splitlines()) == 4
