"""Rows of files without a ledger are changed by the one door: as they were seen, with a reason, told in the changelog."""

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from indicators.records.changelog import add_lines
from indicators.records.checks.folder import check_folder
from indicators.records.folder import read_folder
from indicators.records.saving.save import save_submission
from indicators.records.saving.submission import Change, Conflict, Refused, Saved
from indicators.records.storage.queue import Queue
from tests.folders import contents
from tests.submissions import NOW, hand_in

WHY = "The report was read again in full."


def row_of(data: Path, file: str, **key: str) -> dict[str, str]:
    rows = csv.DictReader((data / file).read_text(encoding="utf-8").splitlines())
    return next(row for row in rows if all(row[name] == cell for name, cell in key.items()))


def event(data: Path) -> dict[str, str]:
    return row_of(data, "events.csv", event="E0005")


def correct(data: Path, reason: str = WHY, **cells: str) -> Any:
    before = event(data)
    return hand_in(changes=(Change("events.csv", before, {**before, **cells}, reason),))


def test_a_change_writes_its_row_and_one_line_and_a_retry_nothing(data: Path) -> None:
    before, submission = contents(data), correct(data, effect="context")
    outcome = save_submission(data, submission, NOW)
    assert isinstance(outcome, Saved)
    assert sorted(outcome.files) == ["README.md", "events.csv"]
    assert event(data)["effect"] == "context"
    said = f"- 2024-12-01: events, `E0005`: `effect` was `lowers`, is `context`. Changed by c1: {WHY}\n"
    assert (data / "README.md").read_text() == before["README.md"].decode() + f"\n## Changelog\n\n{said}"
    assert check_folder(read_folder(data), NOW) == []
    after = contents(data)
    again = save_submission(data, submission, NOW + dt.timedelta(days=1))
    assert isinstance(again, Saved)
    assert again.already
    assert contents(data) == after


def test_a_change_that_was_told_but_not_made_is_made_and_told_once(data: Path) -> None:
    submission = correct(data, effect="context")
    events = (data / "events.csv").read_bytes()
    save_submission(data, submission, NOW)
    told = (data / "README.md").read_bytes()
    (data / "events.csv").write_bytes(events)  # as where the process died between the two files
    save_submission(data, submission, NOW)
    assert event(data)["effect"] == "context"
    assert (data / "README.md").read_bytes() == told


def test_a_row_that_somebody_else_has_changed_meanwhile_is_a_conflict(data: Path) -> None:
    mine = correct(data, effect="context")
    save_submission(data, correct(data, publisher="Second Wire"), NOW)
    before = contents(data)
    outcome = save_submission(data, mine, NOW)
    assert isinstance(outcome, Conflict)
    assert [row["publisher"] for row in outcome.theirs] == ["Second Wire"]
    assert contents(data) == before


@pytest.mark.parametrize(
    ("cells", "reason", "column"),
    [
        ({"effect": "context"}, "Short.", "reason"),
        ({}, WHY, "event"),
        ({"event": "E0999"}, WHY, "event"),
        ({"credibility": "1", "second_source_url": ""}, WHY, "credibility"),
        ({"indicator": "mil_unknown"}, WHY, "indicator"),
        ({"source_url": "javascript:alert(1)"}, WHY, "source_url"),
        ({"date": "2024-07-05"}, WHY, "events"),  # of the assessments that would rest on hindsight
    ],
)
def test_a_change_that_is_not_clean_is_refused_and_nothing_changes(
    data: Path, cells: dict[str, str], reason: str, column: str
) -> None:
    before = contents(data)
    outcome = save_submission(data, correct(data, reason, **cells), NOW)
    assert isinstance(outcome, Refused)
    assert column in {problem.column for problem in outcome.report}
    assert contents(data) == before


def test_only_files_without_a_ledger_can_be_changed(data: Path) -> None:
    before = contents(data)
    score = row_of(data, "scores/military.csv", indicator="mil_posture", coder="c2")
    change = Change("scores/military.csv", score, {**score, "score": "10", "high": "10"}, WHY)
    assert isinstance(save_submission(data, hand_in(changes=(change,)), NOW), Refused)
    assert contents(data) == before


def test_a_change_waits_in_the_queue_as_it_was_handed_in(data: Path, tmp_path: Path) -> None:
    submission, queue = correct(data, effect="context"), Queue(tmp_path / "queue")
    queue.add(submission, NOW)
    assert [pending.submission for pending in queue.pending()] == [submission]


def test_lines_stand_newest_first_and_the_rest_of_the_text_stays() -> None:
    text = "# Data\n\n## Changelog\n\n- 2024-01-01: first.\n\n## Licence\n\nFree.\n"
    changed = add_lines(text, "2024-02-01", ["second.", "third."])
    assert changed == text.replace("- 2024-01-01", "- 2024-02-01: second.\n- 2024-02-01: third.\n- 2024-01-01")
    assert add_lines(changed, "2024-02-01", ["second.", "third."]) == changed
