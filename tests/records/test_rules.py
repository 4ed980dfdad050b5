"""What one cell may hold: accepted forms pass, every other form has a code."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.records.rules import (
    DATE,
    MOMENT,
    NUMBER,
    SCORE,
    URL,
    Choice,
    Id,
    Ids,
    Rule,
    Text,
    Weight,
    Whole,
    WholeChoice,
)

EVENT = Id("E[0-9]{4,}", "E0042")
EVENTS = Ids(EVENT)
CODER = Id("[a-z][a-z0-9_]*", "c1", ("all", "none"))
THOUSAND = Weight(high=1000)
DAYS = Whole(1, 3650)
RATIONALE = Text(20, 600)
EFFECT = Choice(("raises", "lowers", "context"))
DIRECTION = WholeChoice((1, -1))

ACCEPTED: list[tuple[Rule, list[str]]] = [
    (DATE, ["2024-02-29", "2000-02-29", "1999-12-31"]),
    (MOMENT, ["2026-11-22", "2026-11-22T15:04:05Z", "2024-02-29T00:00:00Z", "2024-12-31T23:59:59Z"]),
    (SCORE, ["0", "0.5", "7", "7.0", "7.50", "9.5", "10", "10.0"]),
    (THOUSAND, ["0", "0.00", "1", "0.25", "1000", "0.001"]),
    (DAYS, ["1", "100", "100.0", "3650"]),
    (NUMBER, ["-3", "0", "-0.75", "1234567.891"]),
    (RATIONALE, ["x" * 20, "x" * 600, 'Text with "quotes", commas; <b> and é, ф, 中 is text.',
                       "A sum of 1 + 1 = 2, and - so on."]),
    (EVENT, ["E0001", "E12345"]),
    (EVENTS, ["E0001", "E0001;E0002;E0003"]),
    (CODER, ["c1", "allied"]),
    (EFFECT, ["raises", "context"]),
    (DIRECTION, ["1", "-1", "1.0"]),
    (URL, ["https://example.org", "http://example.org:8080/a?b=c&d=e#f", "https://example.org/%D0%B0_(b)"]),
]  # fmt: skip

REFUSED: list[tuple[Rule, str, list[str]]] = [
    (DATE, "date-format", ["31/12/2024", "12/31/24", "31.12.2024", "45657", "2024-2-9", "2024-02", "20240229",
                                 "2024",
                                 "2024-02-29T00:00:00Z", "29 Feb 2024", "2024–02–29", "٢٠٢٤-02-29", "2024-02-29\n"]),
    (DATE, "date-impossible", ["2023-02-29", "1900-02-29", "2024-04-31", "2024-13-01", "2024-00-10",
                                     "0000-01-01"]),
    (MOMENT, "timestamp-format", ["2026-11-22T15:04:05", "2026-11-22T15:04:05+01:00", "2026-11-22 15:04:05Z",
                                          "2026-11-22T24:00:00Z", "2026-11-22T15:60:00Z", "2026-11-22T15:04Z", "now"]),
    (MOMENT, "date-impossible", ["2026-11-31", "2026-11-31T15:04:05Z"]),
    (SCORE, "score-range", ["11", "10.5", "-1", "-0.5", "100"]),
    (SCORE, "score-step", ["7.25", "0.1", "9.99", "5.50001"]),
    (SCORE, "number-format", ["7,5", "1e1", "NaN", "inf", " 7", "7 ", "+7", "07", "7.", ".5", "seven", "7/10",
                                    "0x7", "٧", "７", "7_0"]),
    (THOUSAND, "number-range", ["-1", "1000.5", "0.0009", f"0.{'0' * 323}5", f"0.{'0' * 400}1"]),
    (DAYS, "number-range", ["0", "99.5", "3651"]),
    (NUMBER, "number-range", ["9" * 400]),
    (RATIONALE, "length", ["x" * 19, "x" * 601]),
    (RATIONALE, "cell-newline", ["Two lines are\nnot a cell.", "Nor is an old\rMac line end."]),
    (RATIONALE, "characters", ["A \u202ereversed\u202c sentence.", "A zero\u200bwidth character.",
                                     "An escape \x1b[31m sequence.",
                                     "A soft\u00adhyphen in a word.", "A no-break\u00a0space in it.",
                                     "A tab\tin the sentence."]),
    (RATIONALE, "formula", ["=1+1 is what it starts with", "+1 is what it starts with",
                                  "-1 is what it starts with",
                                  "@SUM is what it starts with"]),
    (EVENT, "id-format", ["e0001", "E001", "E0001;E0002", "E٠٠٠١", "E0001\n"]),
    (EVENTS, "id-format", ["E0001,E0002", "E0001; E0002", "E0001;", ";E0001", "E0001;;E0002"]),
    (EVENTS, "event-twice", ["E0001;E0001", "E0001;E0002;E0001"]),
    (CODER, "id-format", ["1c", ""]),
    (CODER, "id-reserved", ["all", "none", "None"]),
    (DIRECTION, "choice", ["0", "2", "one"]),
    (EFFECT, "choice", ["Raises", "raise", "raises,lowers"]),
    (URL, "url", ["javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "//example.org",
                        "ftp://example.org",
                        "https://", "https://example.org/a b", 'https://example.org/"x', "https://example.org/<script>",
                        "https://user@example.org", "https://example.org:٨٠/", "https://example.org\\x", "https://example.org/\u202e",
                        " https://example.org"]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "cell"), [(rule, cell) for rule, cells in ACCEPTED for cell in cells])
def test_accepted(rule: Rule, cell: str) -> None:
    assert rule.judge(cell) is None


@pytest.mark.parametrize(
    ("rule", "code", "cell"), [(rule, code, cell) for rule, code, cells in REFUSED for cell in cells]
)
def test_refused_with_its_code(rule: Rule, code: str, cell: str) -> None:
    fault = rule.judge(cell)
    assert fault is not None
    assert fault.code == code


@given(st.dates())
def test_every_day_written_as_iso_is_a_date_and_a_time_of_recording(day: dt.date) -> None:
    assert DATE.judge(day.isoformat()) is None
    assert MOMENT.judge(day.isoformat()) is None
    assert MOMENT.judge(f"{day.isoformat()}T12:00:00Z") is None


@given(st.text())
def test_an_accepted_date_is_a_day_that_writes_itself_the_same_way(cell: str) -> None:
    if DATE.judge(cell) is None:
        assert dt.date.fromisoformat(cell).isoformat() == cell


@given(st.one_of(st.text(alphabet="0123456789.,-+eE ", max_size=6), st.floats(-20, 20).map(str)))
def test_exactly_the_half_points_of_the_scale_are_scores(cell: str) -> None:
    if SCORE.judge(cell) is None:
        assert float(cell) in [half / 2 for half in range(21)]


@given(st.integers(0, 20))
def test_every_half_point_of_the_scale_is_a_score(halves: int) -> None:
    assert SCORE.judge(f"{halves / 2:g}") is None
    assert SCORE.judge(f"{halves / 2:.1f}") is None


@given(st.text())
def test_accepted_text_can_neither_run_nor_reorder_what_stands_around_it(cell: str) -> None:
    if Text(1, 600).judge(cell) is None:
        assert cell.isprintable()
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.text())
def test_an_accepted_link_can_end_no_attribute(cell: str) -> None:
    link = f"https://example.org/{cell}"
    if URL.judge(link) is None:
        assert not set(link) & set('"<>\\`{}|^ \t\r\n')
