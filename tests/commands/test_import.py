"""The command import: what it says, how it ends, and that it writes nothing where something is wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indicators.__main__ import main
from indicators.records.dataset import load_dataset
from indicators.records.imports.formats import KINDS
from tests.folders import write_sound_folder
from tests.outside_files import FRED, GPR, TIDY

Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_sound_folder(tmp_path / "data")


@pytest.fixture
def run(folder: Path, tmp_path: Path) -> Run:
    """A function that runs the command on a file with some text, in the tiny folder unless another is named."""

    def import_text(kind: str, text: str, *options: str, data: str | None = None) -> Result:
        file = tmp_path / "download.csv"
        file.write_text(text, encoding="utf-8")
        command = ["import", kind, str(file), "--data", data or str(folder), *options]
        return CliRunner().invoke(main, command, env={"TENSION_DATA": None})

    return import_text


def test_a_good_file_ends_with_0_and_says_what_it_lacks(folder: Path, run: Run) -> None:
    result = run("fred", FRED)
    assert result.exit_code == 0
    assert "2 monthly values, 2024-01-31 to 2024-03-31; 1 missing: 2024-02-29; 1 blank" in result.stdout
    assert "benchmarks/fred.csv written" in result.stdout
    dataset = load_dataset(folder).dataset
    assert dataset is not None
    assert dataset.sources.at["EU_GAS_PNGASEUUSDM", "retrieved"].startswith("download.csv, imported 20")
    again = run("fred", FRED)
    assert again.exit_code == 0
    assert "Nothing new" in again.stdout


def test_a_faulty_file_ends_with_1_and_names_every_fault(folder: Path, run: Run) -> None:
    result = run("gpr", GPR.replace("100.5", "x").replace("3.5", "1e1"))
    assert result.exit_code == 1
    assert 'download.csv:3 GPR "x" is not a plain decimal number' in result.stderr
    assert 'download.csv:4 GPRC_USA "1e1"' in result.stderr
    assert result.stderr.endswith("2 problems in 1 file\n")
    assert not (folder / "benchmarks" / "gpr.csv").exists()


def test_a_dry_run_writes_nothing(folder: Path, run: Run) -> None:
    result = run("gpr", GPR, "--dry-run")
    assert result.exit_code == 0
    assert "benchmarks/outside.csv would be written" in result.stdout
    assert "GPR: replaces 2 earlier rows up to 2024-06-30 (Example Institute)." in result.stdout
    assert load_dataset(folder).report.problems == []
    assert not (folder / "benchmarks" / "gpr.csv").exists()


def test_rows_before_a_day_can_be_taken_in(folder: Path, run: Run) -> None:
    assert "GPR: 4 monthly values, 2018-12-31 to 2024-04-30" in run("gpr", GPR, "--from", "2010-01-01").stdout


def test_a_tidy_file_without_its_facts_is_refused(folder: Path, run: Run) -> None:
    result = run("tidy", TIDY, "--title", "Gas")
    assert result.exit_code == 1
    assert all(f"download.csv {name} is not given" in result.stderr for name in ("publisher", "licence", "url"))


@pytest.mark.parametrize("command", [["brent", "x.csv"], ["fred", "no-such-file.csv"], ["fred"]])
def test_a_wrong_use_ends_with_2(folder: Path, command: list[str]) -> None:
    assert CliRunner().invoke(main, ["import", *command, "--data", str(folder)]).exit_code == 2


def test_a_git_location_is_refused_with_the_way_that_works(run: Run) -> None:
    result = run("fred", FRED, data="git+https://example.org/repository#main")
    assert result.exit_code == 2
    assert "clone the repository, import there" in result.stderr


def test_the_help_names_every_kind() -> None:
    text = CliRunner().invoke(main, ["import", "--help"]).stdout
    assert all(kind in text for kind in KINDS)
