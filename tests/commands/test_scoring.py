"""Scoring from the command line: titles, ranges, new events, lists, and the workbook of a quarter."""

import csv
import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indicators.__main__ import main
from indicators.commands.scoring import newest_ended
from indicators.records.folder import format_folder
from indicators.records.imports.upload import read_upload
from tests.folders import contents, write_sound_folder
from tests.submissions import EVENT

MILITARY = "scores/military.csv"
SAID = ("--date", "2024-09-30", "--rationale", "Both ministers spoke, but brigades came back.", "--coder", "c1")
NEW = ("--fact", EVENT["fact"], "--event-date", EVENT["date"], "--effect", "raises", "--source-url", EVENT["source_url"],
       "--source-title", EVENT["source_title"], "--publisher", EVENT["publisher"], "--reliability", "A",
       "--credibility", "2")  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_sound_folder(tmp_path / "data")


def run(data: Path, *arguments: object) -> Result:
    environment = {"TENSION_DATA": None, "TENSION_CODER": None}
    return CliRunner().invoke(main, [*map(str, arguments), "--data", str(data)], env=environment)


def added(data: Path, name: str, before: dict[str, bytes]) -> list[str]:
    """The lines that a file has now and had not before."""
    old = before[name].decode().splitlines()
    return [line for line in (data / name).read_text(encoding="utf-8").splitlines() if line not in old]


@pytest.mark.parametrize("named", ["mil_posture", "Posture", "posture"])
def test_an_indicator_is_named_by_id_or_title(data: Path, named: str) -> None:
    before = contents(data)
    result = run(data, "record", named, 7, "--low", 6, "--high", 8, "--event", "E0009", *SAID)
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    (line,) = added(data, MILITARY, before)
    assert line.startswith("2024-09-30,mil_posture,7,6,8,")


def test_an_unknown_title_is_wrong_usage_and_the_nearest_one_is_named(data: Path) -> None:
    result = run(data, "record", "Posturre", 7, "--event", "E0009", *SAID)
    assert result.exit_code == 2
    assert "did you mean 'Posture'?" in result.stderr


@pytest.mark.parametrize(
    ("score", "given", "range"),
    [
        (7, (), "6,8"),
        (10, (), "9,10"),
        (0.5, (), "0,1.5"),
        (7, ("--low", 6.5), "6.5,8"),
        (7, ("--high", 10), "6,10"),
    ],
)
def test_a_range_that_is_left_out_is_a_point_on_each_side_and_said(
    data: Path, score: float, given: tuple[object, ...], range: str
) -> None:
    before = contents(data)
    result = run(data, "record", "mil_posture", score, *given, "--event", "E0009", *SAID)
    assert result.exit_code == 0, result.stderr
    assert f"plausible range: {range.replace(',', ' to ')}" in result.stderr
    assert f",{score:g},{range}," in added(data, MILITARY, before)[0]


def test_a_withdrawal_and_a_faulty_score_get_no_range(data: Path) -> None:
    faulty = run(data, "record", "mil_posture", "seven", "--event", "E0009", *SAID)
    assert faulty.exit_code == 1
    assert "plausible range" not in faulty.stderr
    earlier = ("--date", "2024-06-30", *SAID[2:])
    withdrawn = run(data, "record", "mil_posture", "withdraw", *earlier)
    assert withdrawn.exit_code == 0, withdrawn.stderr


def test_new_events_are_recorded_and_cited_with_the_score(data: Path) -> None:
    before = contents(data)
    second = [EVENT["fact"] + " Twice." if value == EVENT["fact"] else value for value in NEW]
    result = run(data, "record", "mil_posture", 7, "--event", "E0009", *NEW, *second, *SAID)
    assert result.exit_code == 0, result.stderr
    assert [line.split(",")[0] for line in added(data, "events.csv", before)] == ["E0013", "E0014"]
    assert "E0009;E0013;E0014" in added(data, MILITARY, before)[0]
    assert "events.csv: E0014 is the id of a new event" in result.stdout


def test_half_an_event_is_wrong_usage_and_nothing_is_written(data: Path) -> None:
    before = contents(data)
    result = run(data, "record", "mil_posture", 7, *NEW[:-2], *SAID)
    assert result.exit_code == 2
    assert "--credibility is given 0 times for 1 new events" in result.stderr
    assert contents(data) == before


@pytest.mark.parametrize("left_out", ["indicator", "score", "--date", "--rationale", "--coder"])
def test_what_is_left_out_is_named(data: Path, left_out: str) -> None:
    said = [part for option in zip(SAID[::2], SAID[1::2], strict=True) if option[0] != left_out for part in option]
    places = [
        *([] if left_out == "indicator" else ["mil_posture"]),
        *([] if left_out in ("indicator", "score") else ["7"]),
    ]
    result = run(data, "record", *places, "--event", "E0009", *said)
    assert result.exit_code == 2
    assert left_out.strip("-").upper() in result.stderr.upper()


def test_the_list_names_indicators_or_the_newest_events_of_one(data: Path) -> None:
    listed = run(data, "record", "--list").stdout.splitlines()
    assert listed[0] == "mil_posture  Posture (Military posture)"
    assert len(listed) == 4
    events = run(data, "record", "posture", "--list").stdout.splitlines()
    assert [line.split()[:2] for line in events] == [
        ["E0009", "2024-07-10"],
        ["E0005", "2024-04-10"],
        ["E0001", "2024-01-10"],
    ]


# The workbook


def test_the_workbook_of_a_quarter_is_written_once_and_not_over_a_filled_in_one(data: Path, tmp_path: Path) -> None:
    result = run(data, "workbook", tmp_path, "--coder", "c1", "--quarter", "2024-Q2")
    assert result.exit_code == 0, result.stderr
    book = tmp_path / "scores-c1-2024-Q2.xlsx"
    assert {row["date"] for row in read_upload(book.read_bytes()).rows} == {"2024-06-30"}
    book.write_bytes(b"filled in")
    again = run(data, "workbook", book, "--coder", "c1", "--quarter", "2024-Q2")
    assert again.exit_code == 2
    assert book.read_bytes() == b"filled in"


def test_a_workbook_for_nobody_or_no_quarter_is_wrong_usage(data: Path, tmp_path: Path) -> None:
    assert run(data, "workbook", tmp_path, "--coder", "c9").exit_code == 2
    assert run(data, "workbook", tmp_path, "--coder", "c1", "--quarter", "2024-Q5").exit_code == 2
    assert run(data, "workbook", tmp_path / "no folder" / "x.xlsx", "--coder", "c1").exit_code == 1


@pytest.mark.parametrize(
    ("today", "ended"),
    [("2026-11-30", "2026-09-30"), ("2026-12-31", "2026-09-30"), ("2027-01-01", "2026-12-31")],
)
def test_the_newest_quarter_that_has_ended(today: str, ended: str) -> None:
    assert newest_ended(dt.date.fromisoformat(today)) == dt.date.fromisoformat(ended)


# What is due


def test_due_says_what_is_left_of_the_ended_quarter_and_when_the_next_one_begins(data: Path) -> None:
    said = run(data, "due", "--today", "2024-08-15").stdout.splitlines()
    assert said == [
        "c2: 2nd quarter of 2024, 2 of 4 indicators, due since 2024-07-01",
        "c1: 3rd quarter of 2024, 4 of 4 indicators, from 2024-10-01",
        "c2: 3rd quarter of 2024, 4 of 4 indicators, from 2024-10-01",
    ]
    assert len(run(data, "due", "--today", "2024-08-15", "--coder", "c1").stdout.splitlines()) == 1
    # Years later nobody scores any more; who is named is asked all the same.
    assert run(data, "due", "--today", "2027-08-15").stdout == "nothing is due\n"
    assert "c1: 2nd quarter of 2027" in run(data, "due", "--today", "2027-08-15", "--coder", "c1").stdout
    assert run(data, "due", "--coder", "c9").exit_code == 2


def test_due_as_a_calendar_has_an_entry_for_each_and_the_same_bytes_again(data: Path) -> None:
    arguments = ("due", "--today", "2024-08-15", "--format", "ical")
    text = run(data, *arguments).stdout_bytes
    assert text == run(data, *arguments).stdout_bytes
    lines = text.replace(b"\r\n ", b"").split(b"\r\n")
    assert [lines[0], lines[-2], lines[-1]] == [b"BEGIN:VCALENDAR", b"END:VCALENDAR", b""]
    assert lines.count(b"BEGIN:VEVENT") == lines.count(b"END:VEVENT") == 3
    assert b"DTSTART;VALUE=DATE:20240701" in lines
    assert b"UID:review-c2-2024-06-30@two-state-tension-indicators" in lines
    assert b"SUMMARY:Two-state tension: review of the 2nd quarter of 2024\\, coder c2" in lines
    assert max(map(len, text.split(b"\r\n"))) <= 75


def test_due_names_the_corrections_that_the_lead_asks_for_until_they_are_made(data: Path) -> None:
    head = "indicator,date,coder,kind,text,author,recorded\n"
    asked = 'mil_posture,2024-06-30,c1,correction,"The anchor of 6 fits, not that of 7.",c2,2024-08-02T09:00:00Z\n'
    (data / "review").mkdir()
    (data / "review/comments.csv").write_text(head + asked, encoding="utf-8")
    topic = data / "codebook/topic.csv"
    topic.write_text(f"{topic.read_text(encoding='utf-8')}lead,c2\n", encoding="utf-8")
    format_folder(data, write=True)
    arguments = ("due", "--today", "2024-08-15", "--coder", "c1")
    said = run(data, *arguments).stdout.splitlines()
    assert said == [
        "c1: correction of Posture, 2024-06-30, asked for by c2 on 2024-08-02: The anchor of 6 fits, not that of 7.",
        "c1: 3rd quarter of 2024, 4 of 4 indicators, from 2024-10-01",
    ]
    calendar = run(data, *arguments, "--format", "ical").stdout_bytes.replace(b"\r\n ", b"").split(b"\r\n")
    assert calendar.count(b"BEGIN:VEVENT") == 2
    assert b"SUMMARY:Two-state tension: correction of Posture\\, 30 Jun 2024\\, coder c1" in calendar
    assert b"DESCRIPTION:c2 asks: The anchor of 6 fits\\, not that of 7." in calendar
    listed = list(csv.DictReader(run(data, *arguments, "--format", "csv").stdout.splitlines()))
    assert [(row["kind"], row["indicator"]) for row in listed] == [("correction", "mil_posture"), ("review", "")]
    corrected = ("--date", "2024-06-30", *SAID[2:])
    assert run(data, "record", "mil_posture", 6, "--event", "E0005", *corrected).exit_code == 0
    assert "correction" not in run(data, *arguments).stdout
