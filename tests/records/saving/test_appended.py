"""Rulings and comments come in by the one door: signed by their author, the lead's by the lead alone, and once."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from indicators.records.checks.folder import check_folder
from indicators.records.dataset import load_dataset
from indicators.records.folder import format_folder, read_folder
from indicators.records.saving.save import save_submission
from indicators.records.saving.submission import Refused, Saved, Submission
from tests.folders import TOPIC_ROWS, contents, write_sound_folder
from tests.submissions import NOW, hand_in

RULING = {
    "indicator": "mil_posture",
    "point": "Does a brigade that may return count?",
    "ruling": "It counts as long as it stands where it stood.",
    "date": "2024-06-30",
    "coder": "c1",
    "recorded": "",
}
COMMENT = {
    "indicator": "mil_posture",
    "date": "2024-06-30",
    "coder": "c2",
    "kind": "comment",
    "text": "The second report came in July.",
    "author": "c1",
    "recorded": "",
}
RULINGS, COMMENTS = "codebook/rulings.csv", "review/comments.csv"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The tiny folder, whose lead is c1."""
    data = write_sound_folder(tmp_path / "data", **{"codebook/topic.csv": TOPIC_ROWS + "lead,c1\n"})
    format_folder(data, write=True)
    return data


def by(author: str, file: str, row: dict[str, str]) -> Submission:
    return hand_in(author=author, appended=((file, row),))


def rows_of(data: Path, file: str) -> list[dict[str, str]]:
    return list(csv.DictReader((data / file).read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize(("file", "row"), [(RULINGS, RULING), (COMMENTS, COMMENT)])
def test_a_row_is_appended_with_its_time_and_a_retry_writes_nothing(data: Path, file: str, row: dict[str, str]) -> None:
    outcome = save_submission(data, by("c1", file, row), NOW)
    assert isinstance(outcome, Saved)
    assert not outcome.already
    assert rows_of(data, file) == [{**row, "recorded": "2024-12-01T09:30:15Z"}]
    assert check_folder(read_folder(data), NOW) == []
    before = contents(data)
    again = save_submission(data, by("c1", file, row), NOW + dt.timedelta(hours=1))
    assert isinstance(again, Saved)
    assert again.already
    assert contents(data) == before


def test_a_save_cut_off_before_the_description_leaves_a_folder_that_is_read_and_the_next_one_completes_it(
    data: Path,
) -> None:
    package = data / "datapackage.json"
    before = package.read_bytes()
    save_submission(data, by("c1", COMMENTS, COMMENT), NOW)
    completed = contents(data)
    package.write_bytes(before)  # as if the process had died between the new file and its description
    loaded = load_dataset(data)
    assert [problem.code for problem in loaded.report] == ["package"]
    assert loaded.dataset is not None
    assert len(loaded.dataset.comments) == 1
    again = save_submission(data, by("c1", COMMENTS, COMMENT), NOW + dt.timedelta(hours=1))
    assert isinstance(again, Saved)
    assert contents(data) == completed


def test_two_comments_of_one_second_both_stand(data: Path) -> None:
    save_submission(data, by("c1", COMMENTS, COMMENT), NOW)
    save_submission(data, by("c1", COMMENTS, {**COMMENT, "text": "And a third one in August."}), NOW)
    assert [row["recorded"][-3:] for row in rows_of(data, COMMENTS)] == ["15Z", "16Z"]


@pytest.mark.parametrize(
    ("author", "file", "row", "column"),
    [
        ("c2", RULINGS, {**RULING, "coder": "c2"}, "coder"),
        ("c2", RULINGS, RULING, "coder"),
        ("c2", COMMENTS, {**COMMENT, "author": "c2", "kind": "correction"}, "author"),
        ("c2", COMMENTS, COMMENT, "author"),
        ("c1", COMMENTS, {**COMMENT, "date": "2024-06-29"}, "date"),
        ("c1", COMMENTS, {**COMMENT, "text": "Short."}, "text"),
        ("c1", "codebook/topic.csv", {"key": "lead", "value": "c2"}, "row"),
        ("c1", RULINGS, {"indicator": "mil_posture"}, "row"),
    ],
)
def test_what_may_not_be_written_is_refused_and_nothing_changes(
    data: Path, author: str, file: str, row: dict[str, str], column: str
) -> None:
    before = contents(data)
    outcome = save_submission(data, by(author, file, row), NOW)
    assert isinstance(outcome, Refused)
    assert column in {problem.column for problem in outcome.report}
    assert contents(data) == before


def test_without_a_lead_nobody_rules(tmp_path: Path) -> None:
    outcome = save_submission(write_sound_folder(tmp_path / "data"), by("c1", RULINGS, RULING), NOW)
    assert isinstance(outcome, Refused)
    assert "names none" in outcome.report.as_text()
