"""Levers of the outlook are optional, typed, and held to the codebook and the events."""

from pathlib import Path

from indicators.records.dataset import load_dataset
from indicators.records.folder import format_folder
from tests.folders import write_folder


def test_a_folder_may_do_without_levers(tmp_path: Path) -> None:
    data = write_folder(tmp_path / "data", **{"outlook/pathways.csv": None})
    format_folder(data, write=True)
    dataset = load_dataset(data).dataset
    assert dataset is not None
    assert dataset.pathways.empty
    assert {"lever", "indicator", "low", "mode", "high", "delay_days", "instance"} <= set(dataset.pathways)


def test_levers_are_read_as_numbers_and_ids(tmp_path: Path) -> None:
    dataset = load_dataset(write_folder(tmp_path / "data")).dataset
    assert dataset is not None
    row = dataset.pathways.set_index(["lever", "indicator"]).loc[("hot-line", "mil_signals")]
    assert (row["low"], row["mode"], row["high"], row["delay_days"]) == (-2, -1, 0, 30)
    assert row["instance"] == "E0006"
    assert dataset.pathways["instance"].tolist()[0] == ""


def test_the_shipped_levers_cite_events_that_show_them(pytestconfig) -> None:
    # A lever without an instance must say so to its readers.
    dataset = load_dataset(pytestconfig.rootpath / "data").dataset
    assert dataset is not None
    levers = dataset.pathways
    assert levers["lever"].nunique() == 5
    for row in levers[levers["instance"] == ""].to_dict("records"):
        assert "no event" in row["rationale"].lower() or "no instance" in row["rationale"].lower()
        assert row["low"] < 0 < row["high"] or row["high"] == 0
