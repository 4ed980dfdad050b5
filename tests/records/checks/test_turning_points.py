"""Turning points are optional, name events that are there, and each act once."""

from pathlib import Path

import pytest

from indicators.records.checks.narrative import check_turning_points
from indicators.records.dataset import load_dataset
from indicators.records.folder import format_folder, read_folder
from indicators.records.tables.core import TURNING_POINTS, TURNING_POINTS_FILE
from tests.breakages import EVENTS, Place, places
from tests.folders import FILES, change_cell, write_folder


def check(path: Path, *rows: str) -> list[Place]:
    (path / TURNING_POINTS_FILE).write_text("\n".join(["event,label", *rows, ""]))
    return places(list(check_turning_points(read_folder(path))))


def test_a_folder_may_do_without_them(data: Path) -> None:
    dataset = load_dataset(data).dataset
    assert dataset is not None
    assert dataset.turning_points.empty
    assert dataset.turning_points.columns[0] == "label"


def test_events_of_different_acts_are_no_problem(data: Path) -> None:
    assert check(data, "E0001,Brigades move", "E0002,A drill") == []


def test_an_event_must_be_known(data: Path) -> None:
    assert check(data, "E0001,Brigades move", "E9999,Nothing") == [(TURNING_POINTS_FILE, 3, "event", "reference")]


def test_an_act_is_named_once_whichever_of_its_events_stands_there(tmp_path: Path) -> None:
    told_again = change_cell(FILES[EVENTS], 3, "same_as", "E0001")
    path = write_folder(tmp_path / "data", **{EVENTS: told_again})
    assert check(path, "E0001,Brigades move", "E0002,Told again") == [(TURNING_POINTS_FILE, 3, "event", "act-twice")]
    assert check(path, "E0002,Told again") == []


@pytest.mark.parametrize(("label", "fits"), [("x" * 32, True), ("x" * 33, False)])
def test_a_name_has_up_to_32_characters(label: str, fits: bool) -> None:
    assert (TURNING_POINTS.column("label").rule.judge(label) is None) is fits


def test_the_data_package_describes_them(data: Path) -> None:
    check(data, "E0001,Brigades move")
    assert "datapackage.json" in format_folder(data, write=True)
    assert '"narrative-turning-points"' in (data / "datapackage.json").read_text()
