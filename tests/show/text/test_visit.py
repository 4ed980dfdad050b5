"""What changed since a reader's last visit: what is read from their browser, and what is said."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from indicators.measures.change.since import find_moment, measure_since
from indicators.records.dataset import Dataset, load_dataset
from indicators.show.text.visit import Visit, describe_visit, read_visit, show_visit, write_seen
from tests.folders import MILITARY, SOUND_CLAIMS, write_sound_folder

TODAY = dt.date(2024, 10, 20)
ROWS = """\
2024-09-30,mil_posture,8,7,9,Both brigades are back and a third one came.,E0009,c1,2024-10-02T09:00:00Z,1.0
2024-06-30,mil_signals,6,5,7,The drill ended but another one was announced.,E0006,c1,2024-10-03T09:00:00Z,1.0
"""


def read(data: Path) -> Dataset:
    loaded = load_dataset(data)
    assert loaded.dataset is not None, loaded.report.as_text()
    return loaded.dataset


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The tiny folder with a new assessment and a correction of October."""
    folder = tmp_path_factory.mktemp("visit") / "data"
    return read(write_sound_folder(folder, **{"scores/military.csv": MILITARY + ROWS}))


def test_the_last_visit_of_an_earlier_day_counts_and_a_reload_does_not() -> None:
    seen = "20240706T100000"
    earlier = Visit(dt.date(2024, 9, 1), pd.Timestamp("2024-07-06 10:00"))
    assert read_visit(f"2024-09-01.{seen}", TODAY) == earlier
    assert read_visit(f"2024-10-20.20241003T090000_2024-09-01.{seen}", TODAY) == earlier
    assert read_visit(f"2024-10-20.{seen}", TODAY) is None


@pytest.mark.parametrize("cookie", ["", "x", "2024-13-01.20240706T100000", "2024-09-01.20249906T100000", "_" * 4000])
def test_a_cookie_that_says_nothing_sound_is_no_visit(cookie: str) -> None:
    assert read_visit(cookie, TODAY) is None


def test_what_was_recorded_since_is_counted_and_the_index_is_told(dataset: Dataset) -> None:
    moment = find_moment(dataset, pd.Timestamp("2024-08-01"))
    assert moment == pd.Timestamp("2024-07-06 10:00")
    since = measure_since(dataset, moment)
    assert (since.new, since.corrected) == (1, 1)
    said = describe_visit(Visit(dt.date(2024, 9, 1), moment), since)
    assert said.startswith(
        "Since your last visit, on 1 Sep 2024: 1 score recorded and 1 score corrected or withdrawn; "
    )
    # June: posture 5, signals 4 then 6 now; cyber 6.125.
    assert "reads 5.81, it was 5.31" in said


def test_where_nothing_was_recorded_since_nothing_is_told(dataset: Dataset) -> None:
    assert find_moment(dataset, pd.Timestamp(write_seen(dataset))) is None
    assert find_moment(dataset, pd.Timestamp("2020-01-01")) is None


def test_a_claim_with_another_verdict_is_counted_and_corrections_are_linked(tmp_path: Path) -> None:
    folder = write_sound_folder(tmp_path / "data", **{"narrative/claims.csv": SOUND_CLAIMS})
    (folder / "scores" / "military.csv").write_text(MILITARY + ROWS)
    dataset = read(folder)
    moment = find_moment(dataset, pd.Timestamp("2024-08-01"))
    assert moment is not None
    since = measure_since(dataset, moment)
    shown = show_visit(Visit(TODAY, moment), since, "/method?tab=Corrections")
    assert '<a href="/method?tab=Corrections" target="_self">The corrections</a>' in shown
