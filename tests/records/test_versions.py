"""A version of the method survives a spreadsheet, which takes it for a number and writes 1 for 1.0."""

from pathlib import Path

import pytest

from indicators.measures.narrative.dates import check_readings
from indicators.records.checks.folder import check_folder
from indicators.records.dataset import load_dataset
from indicators.records.folder import format_folder, read_folder
from indicators.records.saving.save import save_submission
from indicators.records.saving.submission import Saved
from indicators.records.tables.columns import VERSION
from tests.breakages import places
from tests.folders import write_sound_folder
from tests.submissions import NOW, ROW, hand_in

MILITARY, METHODS = "scores/military.csv", "codebook/methods.csv"


@pytest.fixture
def opened(tmp_path: Path) -> Path:
    """The tiny folder after a spreadsheet has opened and saved two of its files."""
    data = write_sound_folder(tmp_path / "opened")
    scores, methods = data / MILITARY, data / METHODS
    scores.write_text(scores.read_text().replace(",1.0\n", ",1\n"))
    methods.write_text(methods.read_text().replace("\n1.0,", "\n1,"))
    return data


def test_check_says_it_once_for_each_file(opened: Path) -> None:
    problems = check_folder(read_folder(opened))
    assert places(problems) == [(METHODS, 2, "method", "version-form"), (MILITARY, 2, "method", "version-form")]
    rows = (opened / MILITARY).read_text().count("\n") - 1
    assert f"in {rows} rows" in problems[1].message
    assert "run the format command" in problems[1].message


def test_format_takes_the_files_back_byte_for_byte(opened: Path, tmp_path: Path) -> None:
    plain = write_sound_folder(tmp_path / "plain")
    assert format_folder(opened, write=True) == [METHODS, MILITARY]
    for name in (METHODS, MILITARY):
        assert (opened / name).read_bytes() == (plain / name).read_bytes()


def test_the_data_are_read_and_saved_to_all_the_same(opened: Path) -> None:
    dataset = load_dataset(opened, check_readings).dataset
    assert dataset is not None
    assert set(dataset.assessments["method"]) == {"1.0"}
    assert isinstance(save_submission(opened, hand_in(ROW), NOW), Saved)
    assert "1.0\n" in (opened / MILITARY).read_text()


@pytest.mark.parametrize("version", ["1.10", "2.100", "1.", ".5", "1", "v1"])
def test_a_version_that_a_spreadsheet_would_turn_into_another_is_no_version(version: str) -> None:
    assert VERSION.judge(version) is not None


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.11", "10.0", "1.101"])
def test_other_versions_are_taken(version: str) -> None:
    assert VERSION.judge(version) is None
