"""CR LF line ends alone never take the data away: a plain clone on Windows shows what it holds."""

import shutil
import subprocess
from pathlib import Path

import pytest

from indicators.measures.narrative.dates import check_readings
from indicators.records.checks.folder import check_folder
from indicators.records.dataset import load_dataset
from indicators.records.folder import format_folder, list_files, read_folder
from indicators.records.imports.write import Imported, import_delivery
from indicators.records.saving.save import save_submission
from indicators.records.saving.submission import Saved
from indicators.records.storage.store import Shelf
from tests.breakages import places
from tests.folders import write_sound_folder
from tests.outside_files import deliver
from tests.submissions import NOW, ROW, hand_in

REPOSITORY = Path(__file__).parents[2]
MILITARY = "scores/military.csv"


@pytest.fixture(params=["\r\n", "\r"], ids=["CR LF", "CR"])
def windows(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The tiny folder as an editor or a clone with other line ends leaves it."""
    data = write_sound_folder(tmp_path / "windows")
    for name in list_files(data):
        end = request.param if name.endswith(".csv") else "\r\n"
        (data / name).write_bytes((data / name).read_bytes().replace(b"\n", end.encode()))
    return data


def tables(data: Path) -> list[str]:
    return [name for name in list_files(data) if name.endswith(".csv")]


def test_the_data_are_those_of_the_folder_with_plain_line_ends(windows: Path, tmp_path: Path) -> None:
    plain = load_dataset(write_sound_folder(tmp_path / "plain"), check_readings).dataset
    found = load_dataset(windows, check_readings).dataset
    assert plain is not None
    assert found is not None
    assert found.assessments.equals(plain.assessments)
    assert found.events.equals(plain.events)
    assert found.method == plain.method


def test_check_still_names_it_once_in_each_file(windows: Path) -> None:
    found = places(check_folder(read_folder(windows)))
    assert found == [(name, 1, "file", "line-ending") for name in tables(windows)]


def test_readers_see_the_folder_as_it_stands_and_no_last_good_version(windows: Path) -> None:
    edition = Shelf(windows, check_readings).look()
    assert edition.dataset is not None
    assert len(edition.report) == len(tables(windows))
    assert edition.report.blocking == []


def test_another_problem_beside_it_takes_the_data_away_as_ever(windows: Path) -> None:
    raw = (windows / MILITARY).read_bytes()
    (windows / MILITARY).write_bytes(raw.replace(b",6,5,7,", b",11,5,7,"))
    loaded = load_dataset(windows)
    assert loaded.dataset is None
    assert {p.code for p in loaded.report.blocking} == {"score-range"}


def test_a_save_is_taken_and_leaves_its_file_in_canonical_form(windows: Path) -> None:
    outcome = save_submission(windows, hand_in(ROW), NOW, check_readings)
    assert isinstance(outcome, Saved)
    assert b"\r" not in (windows / MILITARY).read_bytes()
    assert load_dataset(windows).dataset is not None
    assert outcome.digest == read_folder(windows).digest


def test_an_import_is_taken(windows: Path) -> None:
    assert isinstance(import_delivery(windows, deliver("fred")), Imported)


def test_format_puts_it_right(windows: Path) -> None:
    assert set(format_folder(windows, write=True)) == {*tables(windows), "datapackage.json"}
    assert check_folder(read_folder(windows)) == []


def test_a_line_break_inside_a_cell_is_no_line_end(tmp_path: Path) -> None:
    data = write_sound_folder(tmp_path)
    raw = (data / MILITARY).read_bytes()
    (data / MILITARY).write_bytes(raw.replace(b"Two brigades near", b"Two brigades\r\nnear"))
    assert {p.code for p in load_dataset(data).report.blocking} == {"cell-newline"}


@pytest.mark.parametrize("setting", ["true", "input", "false"])
def test_a_clone_holds_plain_line_ends_whatever_git_is_set_to(tmp_path: Path, setting: str) -> None:
    # A repository of its own: of the project's only what a clone depends on here.
    origin = tmp_path / "origin"
    shutil.copytree(REPOSITORY / "data" / "codebook", origin / "data" / "codebook")
    shutil.copy(REPOSITORY / ".gitattributes", origin)
    (origin / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\r\n")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@localhost", "-C", str(origin)]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "Data"]):
        subprocess.run([*git, *command], check=True)
    clone = ["git", "clone", "-q", "-c", f"core.autocrlf={setting}", str(origin), str(tmp_path / "clone")]
    subprocess.run(clone, check=True)
    files = list((tmp_path / "clone" / "data").rglob("*.csv"))
    assert files
    assert all(b"\r" not in file.read_bytes() for file in files)
    assert (tmp_path / "clone" / "picture.png").read_bytes() == b"\x89PNG\r\n\x1a\n\r\n"
