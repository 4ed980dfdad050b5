"""What one cell may hold: accepted forms pass, every other form has a code."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.records.rules import (
    Rule,
    check_choice,
    check_date,
    check_id,
    check_ids,
    check_number,
    check_recorded,
    check_score,
    check_text,
    check_url,
    check_weight,
)

check_event = check_id(r"E\d{4,}", "E0042")
check_events = check_ids(r"E\d{4,}", "E0042")
check_thousand = check_weight(1000)
check_days = check_number(1, 3650, whole=True)
check_rationale = check_text(20, 600)
check_effect = check_choice("raises", "lowers", "context")

ACCEPTED: list[tuple[Rule, list[str]]] = [
    (check_date, ["2024-02-29", "2000-02-29", "1999-12-31"]),
    (check_recorded, ["2026-11-22", "2026-11-22T15:04:05Z", "2024-02-29T00:00:00Z", "2024-12-31T23:59:59Z"]),
    (check_score, ["0", "0.5", "7", "7.0", "7.50", "9.5", "10", "10.0"]),
    (check_thousand, ["0", "0.00", "1", "0.25", "1000", "0.001"]),
    (check_days, ["1", "100", "100.0", "3650"]),
    (check_number(), ["-3", "0", "-0.75", "1234567.891"]),
    (check_rationale, ["x" * 20, "x" * 600, 'Text with "quotes", commas; <b> and é, ф, 中 is text.',
                       "A sum of 1 + 1 = 2, and - so on."]),
    (check_event, ["E0001", "E12345"]),
    (check_events, ["E0001", "E0001;E0002;E0003"]),
    (check_effect, ["raises", "context"]),
    (check_url, ["https://example.org", "http://example.org:8080/a?b=c&d=e#f", "https://example.org/%D0%B0_(b)"]),
]  # fmt: skip

REFUSED: list[tuple[Rule, str, list[str]]] = [
    (check_date, "date-format", ["31/12/2024", "12/31/24", "31.12.2024", "45657", "2024-2-9", "2024-02", "20240229",
                                 "2024",
                                 "2024-02-29T00:00:00Z", "29 Feb 2024", "2024–02–29", "٢٠٢٤-02-29", "2024-02-29\n"]),
    (check_date, "date-impossible", ["2023-02-29", "1900-02-29", "2024-04-31", "2024-13-01", "2024-00-10",
                                     "0000-01-01"]),
    (check_recorded, "timestamp-format", ["2026-11-22T15:04:05", "2026-11-22T15:04:05+01:00", "2026-11-22 15:04:05Z",
                                          "2026-11-22T24:00:00Z", "2026-11-22T15:60:00Z", "2026-11-22T15:04Z", "now"]),
    (check_recorded, "date-impossible", ["2026-11-31", "2026-11-31T15:04:05Z"]),
    (check_score, "score-range", ["11", "10.5", "-1", "-0.5", "100"]),
    (check_score, "score-step", ["7.25", "0.1", "9.99", "5.50001"]),
    (check_score, "number-format", ["7,5", "1e1", "NaN", "inf", " 7", "7 ", "+7", "07", "7.", ".5", "seven", "7/10",
                                    "0x7", "٧", "７", "7_0"]),
    (check_thousand, "number-range", ["-1", "1000.5", "0.0009", f"0.{'0' * 323}5", f"0.{'0' * 400}1"]),
    (check_days, "number-range", ["0", "99.5", "3651"]),
    (check_number(), "number-range", ["9" * 400]),
    (check_rationale, "length", ["x" * 19, "x" * 601]),
    (check_rationale, "cell-newline", ["Two lines are\nnot a cell.", "Nor is an old\rMac line end."]),
    (check_rationale, "characters", ["A \u202ereversed\u202c sentence.", "A zero\u200bwidth character.",
                                     "An escape \x1b[31m sequence.",
                                     "A soft\u00adhyphen in a word.", "A no-break\u00a0space in it.",
                                     "A tab\tin the sentence."]),
    (check_rationale, "formula", ["=1+1 is what it starts with", "+1 is what it starts with",
                                  "-1 is what it starts with",
                                  "@SUM is what it starts with"]),
    (check_event, "id-format", ["e0001", "E001", "E0001;E0002", "E٠٠٠١", "E0001\n"]),
    (check_events, "id-format", ["E0001,E0002", "E0001; E0002", "E0001;", ";E0001", "E0001;;E0002"]),
    (check_events, "event-twice", ["E0001;E0001", "E0001;E0002;E0001"]),
    (check_effect, "choice", ["Raises", "raise", "raises,lowers"]),
    (check_url, "url", ["javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "//example.org",
                        "ftp://example.org",
                        "https://", "https://example.org/a b", 'https://example.org/"x', "https://example.org/<script>",
                        "https://user@example.org", "https://example.org:٨٠/", "https://example.org\\x", "https://example.org/\u202e",
                        " https://example.org"]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "cell"), [(rule, cell) for rule, cells in ACCEPTED for cell in cells])
def test_accepted(rule: Rule, cell: str) -> None:
    assert rule(cell) is None


@pytest.mark.parametrize(
    ("rule", "code", "cell"), [(rule, code, cell) for rule, code, cells in REFUSED for cell in cells]
)
def test_refused_with_its_code(rule: Rule, code: str, cell: str) -> None:
    fault = rule(cell)
    assert fault is not None
    assert fault.code == code


@given(st.dates())
def test_every_day_written_as_iso_is_a_date_and_a_time_of_recording(day: dt.date) -> None:
    assert check_date(day.isoformat()) is None
    assert check_recorded(day.isoformat()) is None
    assert check_recorded(f"{day.isoformat()}T12:00:00Z") is None


@given(st.text())
def test_an_accepted_date_is_a_day_that_writes_itself_the_same_way(cell: str) -> None:
    if check_date(cell) is None:
        assert dt.date.fromisoformat(cell).isoformat() == cell


@given(st.one_of(st.text(alphabet="0123456789.,-+eE ", max_size=6), st.floats(-20, 20).map(str)))
def test_exactly_the_half_points_of_the_scale_are_scores(cell: str) -> None:
    if check_score(cell) is None:
        assert float(cell) in [half / 2 for half in range(21)]


@given(st.integers(0, 20))
def test_every_half_point_of_the_scale_is_a_score(halves: int) -> None:
    assert check_score(f"{halves / 2:g}") is None
    assert check_score(f"{halves / 2:.1f}") is None


@given(st.text())
def test_accepted_text_can_neither_run_nor_reorder_what_stands_around_it(cell: str) -> None:
    if check_text(1, 600)(cell) is None:
        assert cell.isprintable()
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.text())
def test_an_accepted_link_can_end_no_attribute(cell: str) -> None:
    link = f"https://example.org/{cell}"
    if check_url(link) is None:
        assert not set(link) & set('"<>\\`{}|^ \t\r\n')
