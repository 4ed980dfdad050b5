"""A directory's save checks the whole folder, and the look after it need not do so again unless a byte has changed."""

from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest

from indicators.records.dataset import Dataset, load_dataset
from indicators.records.problems import Problem
from indicators.records.saving.submission import Saved
from indicators.records.storage.store import DirectoryStore
from tests.folders import change_cell
from tests.submissions import EVENT, NOW, ROW, hand_in

MILITARY = "scores/military.csv"


class Counting:
    """Further checks that find nothing and count how often they ran."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self, dataset: Dataset) -> list[Problem]:
        self.runs += 1
        return []


@pytest.fixture
def further() -> Counting:
    return Counting()


@pytest.fixture
def store(data: Path, further: Counting) -> DirectoryStore:
    store = DirectoryStore(data, further, lambda: NOW)
    assert store.look().dataset is not None
    further.runs = 0
    return store


def test_what_a_save_has_checked_is_shown_without_another_check_and_as_it_is_read_anew(
    store: DirectoryStore, further: Counting
) -> None:
    outcome = store.save(hand_in({**ROW, "events": "E0009;new1"}, events=(EVENT,)))
    assert isinstance(outcome, Saved)
    shown = store.look().dataset
    assert further.runs == 1
    read = load_dataset(store.data).dataset
    assert shown is not None
    assert read is not None
    for field in fields(Dataset):
        mine, anew = getattr(shown, field.name), getattr(read, field.name)
        if isinstance(anew, pd.DataFrame):
            pd.testing.assert_frame_equal(mine, anew)
        else:
            assert mine == anew, field.name
    assert shown.digest == outcome.digest


def test_what_another_writer_changes_after_a_save_is_read_and_checked(store: DirectoryStore, further: Counting) -> None:
    store.save(hand_in(ROW))
    path = store.data / MILITARY
    text = path.read_text(encoding="utf-8")
    path.write_text(change_cell(text, 2, "score", "11"), encoding="utf-8")
    edition = store.look()
    assert [(p.file, p.line, p.code) for p in edition.report] == [(MILITARY, 2, "score-range")]
    path.write_text(text, encoding="utf-8")
    assert store.look().report.problems == []
    assert further.runs == 2  # by the save, and by the last look


def test_a_save_that_failed_leaves_nothing_behind_that_a_look_could_take(
    store: DirectoryStore, further: Counting
) -> None:
    before = store.look().dataset
    store.save(hand_in({**ROW, "score": "11"}))
    assert store.look().dataset is before
    assert further.runs == 0
