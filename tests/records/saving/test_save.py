"""A save is on the disk whole, once, and checked; or nothing has changed and the reason is told."""

import contextlib
import datetime as dt
import errno
import multiprocessing.process
import os
import random
import shutil
import subprocess
from collections import Counter
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.__main__ import main
from indicators.records import folder as ledger
from indicators.records.checks.folder import check_folder
from indicators.records.dataset import load_dataset
from indicators.records.folder import format_folder, lock_folder, read_folder, replace_files
from indicators.records.problems import Problem, Report
from indicators.records.saving.save import check_submission, save_submission
from indicators.records.saving.submission import (
    NEW_EVENTS,
    NEW_ROWS,
    Base,
    Conflict,
    Failed,
    Outcome,
    Refused,
    Saved,
    note_base,
    withdraw,
)
from tests.folders import FILES, change_cell, contents, write_folder
from tests.submissions import EVENT, NOW, PLACES, ROW, count_lines, hand_in, number_submission, save_many
from tests.thorough import thorough

MILITARY, CYBER, EVENTS = "scores/military.csv", "scores/cyber.csv", "events.csv"
LINE = '2024-09-30,mil_posture,7,6,8,"Both ministers spoke, but brigades came back.",E0009,c1,2024-12-01T09:30:15Z,1.0'


def added_lines(before: dict[str, bytes], after: dict[str, bytes]) -> dict[str, list[str]]:
    """The lines that each changed file has more; fails where any line has gone or moved."""
    assert before.keys() == after.keys()
    found = {}
    for name, old in before.items():
        lines, rest = old.decode().splitlines(), iter(after[name].decode().splitlines())
        more = []
        for line in lines:
            while (met := next(rest)) != line:
                more.append(met)
        more += rest
        if more:
            found[name] = more
    return found


def places(outcome: Outcome) -> set[tuple[str, int, str, str]]:
    assert isinstance(outcome, Refused)
    return {(p.file, p.line, p.column, p.code) for p in outcome.report}


def base_of(data: Path, coder: str = "c1") -> Base:
    dataset = load_dataset(data).dataset
    assert dataset is not None
    return note_base(dataset, coder)


# What is written


def test_a_save_adds_one_line_in_its_place_and_says_where(data: Path) -> None:
    before = contents(data)
    outcome = save_submission(data, hand_in(ROW), NOW)
    assert added_lines(before, contents(data)) == {MILITARY: [LINE]}
    assert isinstance(outcome, Saved)
    assert (outcome.files, outcome.places, outcome.already) == ((MILITARY,), ((MILITARY, 6),), False)
    assert (data / MILITARY).read_text().splitlines()[5] == LINE
    assert outcome.digest == read_folder(data).digest


def test_correcting_and_withdrawing_add_one_line_each_and_leave_the_folder_canonical(data: Path) -> None:
    save_submission(data, hand_in(ROW), NOW)
    for hours, row in (
        (1, {**ROW, "score": "7.5"}),
        (2, withdraw("mil_posture", "c1", "2024-09-30", "Withdrawn because the report was misread.")),
    ):
        before = contents(data)
        assert isinstance(save_submission(data, hand_in(row), NOW + dt.timedelta(hours=hours)), Saved)
        assert [len(lines) for lines in added_lines(before, contents(data)).values()] == [1]
        assert format_folder(data, write=False) == []
        assert check_folder(read_folder(data)) == []
    dataset = load_dataset(data).dataset
    assert dataset is not None
    rows = dataset.assessments[dataset.assessments["date"] == "2024-09-30"]
    assert rows["score"].isna().tolist() == [False, False, True]
    assert rows["events"].tolist() == ["E0009"] * 3  # a withdrawal cites what it withdraws


def test_the_time_of_recording_is_now_in_utc_to_the_second(data: Path) -> None:
    east = dt.timezone(dt.timedelta(hours=3))
    save_submission(data, hand_in(ROW), dt.datetime(2024, 12, 1, 12, 30, 15, 999_999, tzinfo=east))
    assert LINE in (data / MILITARY).read_text().splitlines()


@pytest.mark.parametrize("back", [0, 1, 3600])
def test_a_row_is_recorded_later_than_the_one_it_replaces_whatever_the_clock_says(data: Path, back: int) -> None:
    save_submission(data, hand_in(ROW), NOW)
    save_submission(data, hand_in({**ROW, "score": "8"}), NOW - dt.timedelta(seconds=back))
    lines = (data / MILITARY).read_text().splitlines()
    assert lines[6] == LINE.replace(",7,6,8,", ",8,6,8,").replace("30:15Z", "30:16Z")


def test_a_new_event_gets_the_next_free_number_and_the_row_cites_it(data: Path) -> None:
    before = contents(data)
    outcome = save_submission(data, hand_in({**ROW, "events": "E0009;new1"}, events=(EVENT,)), NOW)
    assert isinstance(outcome, Saved)
    assert (outcome.events, outcome.files) == (("E0013",), (EVENTS, MILITARY))
    added = added_lines(before, contents(data))
    assert added[MILITARY] == [LINE.replace("E0009", "E0009;E0013")]
    assert [line[:17] for line in added[EVENTS]] == ["E0013,2024-09-20,"]


def test_an_event_may_come_without_a_row(data: Path) -> None:
    outcome = save_submission(data, hand_in(events=(EVENT,)), NOW)
    assert isinstance(outcome, Saved)
    assert (outcome.files, outcome.places, outcome.events) == ((EVENTS,), (), ("E0013",))


def test_many_rows_are_saved_together_each_in_its_dimensions_file(data: Path) -> None:
    other = {**ROW, "indicator": "cyb_sabotage", "events": "E0012"}
    outcome = save_submission(data, hand_in(other, ROW), NOW)
    assert isinstance(outcome, Saved)
    assert outcome.places == ((CYBER, 9), (MILITARY, 6))


def test_numbers_are_written_in_canonical_form(data: Path) -> None:
    save_submission(data, hand_in({**ROW, "score": "7.0", "low": "6.00"}), NOW)
    assert LINE in (data / MILITARY).read_text().splitlines()


def test_a_reader_that_meets_a_save_between_two_files_reads_again(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read, met = ledger._read_bytes, []

    def read_and_meet(folder: Path, name: str, report: Report) -> bytes | None:
        raw = read(folder, name, report)
        if name == EVENTS and not met:
            met.append(name)
            save_submission(data, hand_in({**ROW, "events": "new1"}, events=(EVENT,)), NOW)
        return raw

    monkeypatch.setattr(ledger, "_read_bytes", read_and_meet)
    folder = read_folder(data)
    assert met
    assert check_folder(folder) == []
    assert "E0013" in folder.tables[EVENTS].cells["event"].to_pylist()


# Once


def test_the_same_submission_again_writes_nothing_and_says_where_it_stands(data: Path) -> None:
    submission = hand_in({**ROW, "events": "E0009;new1"}, events=(EVENT,))
    first = save_submission(data, submission, NOW)
    before = contents(data)
    again = save_submission(data, submission, NOW + dt.timedelta(minutes=5))
    assert contents(data) == before
    assert isinstance(first, Saved)
    assert isinstance(again, Saved)
    assert (again.places, again.events, again.digest) == (first.places, first.events, first.digest)
    assert (again.already, again.files) == (True, ())


def test_a_withdrawal_again_writes_nothing(data: Path) -> None:
    row = withdraw("mil_posture", "c1", "2024-06-30", "Withdrawn because the report was misread.")
    for already in (False, True):
        outcome = save_submission(data, hand_in(row), NOW)
        assert isinstance(outcome, Saved)
        assert outcome.already == already


def test_a_submission_of_which_a_part_was_saved_is_completed(data: Path) -> None:
    other = {**ROW, "indicator": "cyb_sabotage", "events": "E0012"}
    save_submission(data, hand_in(events=(EVENT,)), NOW)  # as after a crash between the files
    save_submission(data, hand_in(other), NOW)
    before = contents(data)
    outcome = save_submission(data, hand_in({**ROW, "events": "new1"}, other, events=(EVENT,)), NOW)
    assert added_lines(before, contents(data)) == {MILITARY: [LINE.replace("E0009", "E0013")]}
    assert isinstance(outcome, Saved)
    assert outcome.places == ((MILITARY, 6), (CYBER, 9))


def test_returning_to_an_earlier_score_is_a_new_row(data: Path) -> None:
    for score in ("7", "8", "7"):
        save_submission(data, hand_in({**ROW, "score": score}), NOW)
    assert [line.split(",")[2] for line in (data / MILITARY).read_text().splitlines()[5:8]] == ["7", "8", "7"]


# Refused

BAD: list[tuple[dict[str, str], str, str]] = [
    ({"score": "11"}, "score", "score-range"),
    ({"score": "7,5"}, "score", "number-format"),
    ({"score": "7.3"}, "score", "score-step"),
    ({"score": "5"}, "score", "range-order"),
    ({"score": ""}, "score", "withdrawal"),
    ({"score": "", "low": "", "high": ""}, "score", "withdrawal"),
    ({"date": "30.09.2024"}, "date", "date-format"),
    ({"date": "2024-09-31"}, "date", "date-impossible"),
    ({"date": "2024-12-02"}, "date", "recorded-early"),
    ({"rationale": "Too short."}, "rationale", "length"),
    ({"rationale": "=HYPERLINK(A1) is what this one says."}, "rationale", "formula"),
    ({"rationale": "Turned round by \u202e this character."}, "rationale", "characters"),
    ({"rationale": "Half of a pair \ud800 cannot be written."}, "rationale", "characters"),
    ({"rationale": "On two lines,\nwhich no cell may be."}, "rationale", "cell-newline"),
    ({"events": ""}, "events", "blank"),
    ({"events": "E0099"}, "events", "reference"),
    ({"events": "E0012"}, "events", "event-foreign"),
    ({"events": "new1"}, "events", "id-format"),
    ({"date": "2024-05-01"}, "events", "event-late"),
    ({"indicator": "mil_nothing"}, "indicator", "reference"),
    ({"indicator": ""}, "indicator", "blank"),
    ({"coder": "c2"}, "coder", "choice"),
    ({"method": "7.7"}, "method", "reference"),
    ({"recorded": "2024-12-01"}, "recorded", "column-unknown"),
]


@pytest.mark.parametrize(("change", "column", "code"), BAD, ids=[code for *_, code in BAD])
def test_a_bad_row_is_named_with_its_number_and_column_and_nothing_is_written(
    data: Path, change: dict[str, str], column: str, code: str
) -> None:
    good = {**ROW, "indicator": "cyb_sabotage", "events": "E0012"}
    before = contents(data)
    found = places(save_submission(data, hand_in(good, {**ROW, **change}), NOW))
    assert (NEW_ROWS, 2, column, code) in found
    assert {(file, line) for file, line, *_ in found} == {(NEW_ROWS, 2)}
    assert contents(data) == before


def test_all_problems_of_rows_and_events_are_told_at_once(data: Path) -> None:
    event = {**EVENT, "source_url": "javascript:alert(1)", "reliability": "G"}
    rows = [{**ROW, "score": "11"}, {**ROW, "indicator": "mil_signals", "date": "1/9/2024", "events": "E0099"}]
    assert places(save_submission(data, hand_in(*rows, events=(event,)), NOW)) == {
        (NEW_EVENTS, 1, "source_url", "url"),
        (NEW_EVENTS, 1, "reliability", "choice"),
        (NEW_ROWS, 1, "score", "score-range"),
        (NEW_ROWS, 2, "date", "date-format"),
        (NEW_ROWS, 2, "events", "reference"),
    }


def test_two_rows_for_one_indicator_and_date_are_refused(data: Path) -> None:
    assert places(save_submission(data, hand_in(ROW, {**ROW, "score": "8"}), NOW)) >= {
        (NEW_ROWS, 2, "date", "row-duplicate")
    }


def test_a_submission_without_rows_is_refused(data: Path) -> None:
    assert {code for *_, code in places(save_submission(data, hand_in(), NOW))} == {"file-empty"}


def test_an_unknown_author_is_refused(data: Path) -> None:
    assert places(save_submission(data, hand_in(ROW, author="c9"), NOW)) == {(NEW_ROWS, 1, "coder", "reference")}


def test_a_folder_with_a_problem_takes_no_rows_and_tells_it_at_its_own_line(data: Path) -> None:
    (data / CYBER).write_text(change_cell(FILES[CYBER], 6, "score", "11"))
    before = contents(data)
    assert (CYBER, 6, "score", "score-range") in places(save_submission(data, hand_in(ROW), NOW))
    assert contents(data) == before


@pytest.mark.parametrize("name", [MILITARY, EVENTS, "codebook/indicators.csv", "codebook/dimensions.csv"])
def test_a_folder_without_one_of_its_files_takes_no_rows(data: Path, name: str) -> None:
    (data / name).unlink()
    before = contents(data)
    assert (name, 0, "file", "file-missing") in places(save_submission(data, hand_in(ROW), NOW))
    assert contents(data) == before


def test_rows_of_a_file_that_cannot_be_read_whole_are_never_dropped(data: Path) -> None:
    (data / MILITARY).write_text(FILES[MILITARY] + "2024-06-30,mil_signals,4\n")
    before = contents(data)
    assert (MILITARY, 8, "row", "cell-count") in places(save_submission(data, hand_in(ROW), NOW))
    assert contents(data) == before


def test_further_checks_see_the_new_rows_and_can_refuse_them(data: Path) -> None:
    seen = []

    def further(dataset: object) -> list[Problem]:
        seen.append(len(dataset.assessments))  # type: ignore[attr-defined]
        return [Problem("narrative/claims.csv", 2, "end", "", "claim-dates", "has no reading")]

    before = contents(data)
    found = places(save_submission(data, hand_in(ROW), NOW, further))
    assert found == {("narrative/claims.csv", 2, "end", "claim-dates")}
    assert (seen, contents(data)) == ([14], before)


@pytest.mark.parametrize("change", [{}, {"score": "11"}])
def test_trying_says_what_saving_would_and_touches_no_file(data: Path, change: dict[str, str]) -> None:
    before = contents(data)
    tried = check_submission(data, hand_in({**ROW, **change}), NOW)
    assert contents(data) == before
    outcome = save_submission(data, hand_in({**ROW, **change}), NOW)
    assert (tried is None) == isinstance(outcome, Saved)
    assert tried is None or places(tried) == places(outcome)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("shared") / "data")


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(ROW)), st.one_of(st.text(max_size=40), st.text(st.characters(categories=["L", "P", "Zs"]), min_size=20, max_size=60)))  # fmt: skip
def test_any_text_is_refused_or_kept_as_it_was_typed(shared: Path, column: str, text: str) -> None:
    before = contents(shared)
    outcome = save_submission(shared, hand_in({**ROW, column: text}), NOW)
    assert check_folder(read_folder(shared)) == []
    if isinstance(outcome, Saved):
        file, line = outcome.places[0]
        read = read_folder(shared).tables[file]
        assert read.cells[column].to_pylist()[read.lines.tolist().index(line)] == text
    else:
        assert isinstance(outcome, Refused)
        assert contents(shared) == before


# Made on older data


def test_a_save_made_on_older_data_goes_in_beside_what_others_recorded(data: Path) -> None:
    base = base_of(data)
    save_submission(data, hand_in(ROW, author="c2"), NOW)
    save_submission(data, hand_in({**ROW, "indicator": "mil_signals", "events": "E0010"}), NOW)
    assert isinstance(save_submission(data, hand_in(ROW, base=base), NOW), Saved)


def test_a_save_that_would_cover_an_unseen_row_shows_both_and_goes_in_once_it_was_seen(data: Path) -> None:
    base = base_of(data)
    save_submission(data, hand_in(ROW), NOW)
    before = contents(data)
    ours = {**ROW, "score": "8"}
    outcome = save_submission(data, hand_in(ours, base=base), NOW)
    assert isinstance(outcome, Conflict)
    assert [(row["score"], row["recorded"]) for row in outcome.theirs] == [("7", "2024-12-01T09:30:15Z")]
    assert outcome.ours == (ours,)
    assert contents(data) == before
    assert isinstance(save_submission(data, hand_in(ours, base=base_of(data)), NOW), Saved)


def test_a_retry_is_no_conflict_with_itself(data: Path) -> None:
    submission = hand_in(ROW, base=base_of(data))
    save_submission(data, submission, NOW)
    again = save_submission(data, submission, NOW)
    assert isinstance(again, Saved)
    assert again.already


def test_rows_recorded_on_a_day_without_a_time_count_as_seen(data: Path) -> None:
    base = base_of(data)
    save_submission(data, hand_in(ROW, author="c2"), NOW)  # another digest
    row = {**ROW, "indicator": "cyb_sabotage", "date": "2024-06-30", "events": "E0008"}
    assert isinstance(save_submission(data, hand_in(row, base=base), NOW), Saved)


# Failures outside the data

BOTH = hand_in({**ROW, "events": "E0009;new1"}, events=(EVENT,))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EIO])
@pytest.mark.parametrize("good", [0, 1, 2, 3])
def test_whenever_the_disk_fails_the_files_are_as_before(
    data: Path, monkeypatch: pytest.MonkeyPatch, number: int, good: int
) -> None:
    before = contents(data)
    sync, calls = os.fsync, []

    def fail(handle: int) -> None:
        calls.append(handle)
        if len(calls) == good + 1:
            raise OSError(number, os.strerror(number))
        sync(handle)

    monkeypatch.setattr(os, "fsync", fail)
    outcome = save_submission(data, BOTH, NOW)
    assert isinstance(outcome, Failed)
    assert outcome.message
    assert contents(data) == before


def test_where_a_second_file_cannot_be_replaced_the_first_is_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "c").mkdir()
    with pytest.raises(OSError, match="c"):
        replace_files({tmp_path / "a": b"new", tmp_path / "b": b"new", tmp_path / "c": b"new"})
    assert sorted(os.listdir(tmp_path)) == ["a", "c"]
    assert (tmp_path / "a").read_bytes() == b"old"


def test_a_replaced_file_keeps_its_rights(data: Path) -> None:
    (data / MILITARY).chmod(0o664)
    save_submission(data, hand_in(ROW), NOW)
    assert (data / MILITARY).stat().st_mode & 0o777 == 0o664


def test_a_lock_that_is_held_too_long_is_told(data: Path) -> None:
    before = contents(data)
    with lock_folder(data, 1):
        assert isinstance(save_submission(data, hand_in(ROW), NOW, lock_seconds=0), Failed)
    assert contents(data) == before
    assert isinstance(save_submission(data, hand_in(ROW), NOW, lock_seconds=0), Saved)


def test_what_a_dead_process_left_is_cleared_and_in_nobodys_way(data: Path) -> None:
    for name in (".events.csv.4711.tmp", "scores/.military.csv.1.tmp", f"scores/.military.csv.{os.getpid()}.tmp"):
        (data / name).write_bytes(b"half a fi")
    assert isinstance(save_submission(data, hand_in(ROW), NOW), Saved)
    assert not list(data.rglob("*.tmp"))


@pytest.fixture
def small_disk(tmp_path: Path):
    """A disk with a few kilobytes to spare."""
    place = tmp_path / "disk"
    place.mkdir()
    made = shutil.which("mount") and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=192k", "none", place]).returncode == 0  # fmt: skip
    if not made:
        pytest.skip("needs the right to mount a small disk")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_full_disk_is_told_and_changes_nothing(small_disk: Path) -> None:
    data = write_folder(small_disk / "data")
    with lock_folder(data, 1):
        pass
    with (data / "ballast").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(512)):
            pass
    before = contents(data)
    assert isinstance(save_submission(data, BOTH, NOW), Failed)
    assert contents(data) == before
    (data / "ballast").unlink()
    assert isinstance(save_submission(data, BOTH, NOW), Saved)


def test_a_read_only_disk_is_told_and_changes_nothing(small_disk: Path) -> None:
    data = write_folder(small_disk / "data")
    before = contents(data)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    assert isinstance(save_submission(data, hand_in(ROW), NOW), Failed)
    assert contents(data) == before


# Many processes


@pytest.mark.parametrize(
    ("savers", "saves", "kills"), [(3, 6, 8), pytest.param(8, 50, 200, marks=thorough, id="thorough")]
)
def test_processes_killed_at_random_lose_and_repeat_nothing(
    data: Path, tmp_path: Path, processes: ForkServerContext, savers: int, saves: int, kills: int
) -> None:
    chance = random.Random(4)
    logs = [tmp_path / f"log-{place}" for place in range(savers)]

    def start(place: int) -> multiprocessing.process.BaseProcess:
        process = processes.Process(target=save_many, args=(data, place, saves, logs[place]), daemon=True)
        process.start()
        return process

    running = [start(place) for place in range(savers)]
    killed = 0
    while any(process.is_alive() for process in running) or killed < kills:
        unfinished = [place for place in range(savers) if count_lines(logs[place]) < saves]
        if not unfinished:
            break
        place = chance.choice(unfinished)
        running[place].join(chance.uniform(0, 0.3))
        if killed < kills and running[place].is_alive():
            running[place].kill()
            running[place].join()
            killed += 1
        if not running[place].is_alive():
            running[place] = start(place)
        if killed % 4 == 0:
            assert check_folder(read_folder(data)) == []
    for process in running:
        process.join()
    assert killed > kills // 2
    assert isinstance(save_submission(data, hand_in({**ROW, "date": "2024-08-31"}), NOW, lock_seconds=1), Saved)
    assert [str(p) for p in data.rglob("*.tmp")] == []
    assert check_folder(read_folder(data)) == []
    assert format_folder(data, write=False) == []
    tables = read_folder(data).tables
    written = Counter(t for name in (MILITARY, CYBER) for t in tables[name].cells["rationale"].to_pylist())
    facts = Counter(tables[EVENTS].cells["fact"].to_pylist())
    for place in range(savers):
        for number in range(saves):
            submission = number_submission(place, number)
            assert written[submission.rows[0]["rationale"]] == 1
            assert [facts[event["fact"]] for event in submission.events] == [1] * len(submission.events)
    assert savers <= len(PLACES)


# The command


def run(data: Path, *arguments: str, **row: str) -> tuple[int, str, str]:
    cells = {"low": "6", "high": "8", "date": "2024-09-30", "rationale": ROW["rationale"], "event": "E0009", "coder": "c1"}  # fmt: skip
    options = [part for name, value in {**cells, **row}.items() if value for part in (f"--{name}", value)]
    result = CliRunner().invoke(main, ["record", *arguments, *options, "--data", str(data)], env={"TENSION_DATA": None})
    return result.exit_code, result.stdout, result.stderr


def cover_summer(data: Path) -> Path:
    """The tiny folder without claims about days on which it has no reading, which the command checks as well."""
    (data / "narrative/claims.csv").write_text(FILES["narrative/claims.csv"].splitlines()[0] + "\n")
    article = FILES["narrative/article.md"]
    for claim in ("stays-tense", "posture-eases", "networks-worse", "record-high"):
        article = article.replace(f" [claim:{claim}]", "")
    (data / "narrative/article.md").write_text(article)
    return data


def test_the_command_records_prints_the_place_and_ends_with_0(data: Path) -> None:
    code, out, err = run(cover_summer(data), "mil_posture", "7")
    assert (code, err) == (0, "")
    assert f"{MILITARY}:6" in out
    assert (data / MILITARY).read_text().splitlines()[5].startswith("2024-09-30,mil_posture,7,6,8,")


def test_the_command_refuses_with_all_problems_on_standard_error_and_1(data: Path) -> None:
    before = contents(cover_summer(data))
    code, out, err = run(data, "mil_posture", "11", rationale="Short.")
    assert (code, out) == (1, "")
    assert "[score-range]" in err
    assert "[length]" in err
    assert contents(data) == before


def test_the_command_withdraws(data: Path) -> None:
    run(cover_summer(data), "mil_posture", "7")
    code, out, _ = run(data, "mil_posture", "withdraw", low="", high="", event="")
    assert (code, f"{MILITARY}:7" in out) == (0, True)


def test_the_command_does_not_take_a_location_that_it_does_not_understand() -> None:
    assert run(Path("git+http://example.org/data"), "mil_posture", "7")[0] == 2


# The newest version of the method


METHODS_IN_ANY_ORDER = [
    ("1.0,2024-01-01\n1.1,2024-06-01", "1.1"),
    ("1.1,2024-06-01\n1.0,2024-01-01", "1.1"),
    ("1.9,2024-06-01\n1.11,2024-06-01\n1.2,2024-06-01", "1.11"),
    ("2.0,2024-01-01\n1.0,2024-06-01", "1.0"),
    ("1.0,2024-01-01", "1.0"),
]


@pytest.mark.parametrize(("rows", "newest"), METHODS_IN_ANY_ORDER)
def test_a_save_and_the_dataset_have_one_newest_method_whatever_the_order_of_its_file(
    data: Path, rows: str, newest: str
) -> None:
    lines = [f"{row},Quarterly scoring against the anchors.,,,\n" for row in rows.split("\n")]
    if not any(line.startswith("1.0,") for line in lines):
        lines.append("1.0,2023-01-01,The version that the tiny folder names.,,,\n")
    (data / "codebook/methods.csv").write_text(
        "method,date,description,doubt_indicator,doubt_dimension,doubt_all\n" + "".join(lines)
    )
    dataset = load_dataset(data).dataset
    assert dataset is not None
    assert dataset.newest_method == newest
    assert isinstance(save_submission(data, hand_in(ROW), NOW), Saved)
    (saved,) = (line for line in (data / MILITARY).read_text().splitlines() if line.startswith("2024-09-30"))
    assert saved.endswith(f",{newest}")


def test_a_save_into_a_file_that_is_a_link_is_refused_and_its_target_stays(data: Path, tmp_path: Path) -> None:
    (data / MILITARY).rename(tmp_path / "elsewhere.csv")
    (data / MILITARY).symlink_to(tmp_path / "elsewhere.csv")
    before = (tmp_path / "elsewhere.csv").read_bytes()
    assert (MILITARY, 0, "file", "file-unreadable") in places(save_submission(data, hand_in(ROW), NOW))
    assert (data / MILITARY).is_symlink()
    assert (tmp_path / "elsewhere.csv").read_bytes() == before
