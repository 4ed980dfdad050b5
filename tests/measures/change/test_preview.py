"""Two versions of the data are compared by the readings of settled quarters, as published."""

from pathlib import Path

import pandas as pd
import pytest

from indicators.measures.change.preview import compare_settled
from indicators.records.dataset import Dataset, load_dataset
from indicators.records.folder import format_folder
from tests.folders import FILES, write_sound_folder

MILITARY = "scores/military.csv"


def load(path: Path, scores: str) -> Dataset:
    data = write_sound_folder(path, **{MILITARY: scores})
    format_folder(data, write=True)
    found = load_dataset(data).dataset
    assert found is not None
    return found


def test_only_readings_that_differ_are_listed_newest_first(tmp_path: Path) -> None:
    before = load(tmp_path / "before", FILES[MILITARY])
    assert compare_settled(before, before).empty
    # Signals of June by one coder: two points more are one of the dimension, and half a point of the index.
    higher = FILES[MILITARY].replace("2024-06-30,mil_signals,4,3,5", "2024-06-30,mil_signals,6,5,7")
    table = compare_settled(before, load(tmp_path / "after", higher))
    assert list(table["id"]) == ["index", "military"]
    assert list(table["quarter"]) == [pd.Timestamp("2024-06-30")] * 2
    assert list(table["after"] - table["before"]) == pytest.approx([0.5, 1.0])
