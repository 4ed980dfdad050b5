"""What is to be scored: the sheet of a quarter, its due rows, eight quarters before, and what a save moved."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from indicators.measures.scoring import (
    choose_quarter,
    find_before,
    has_reviewed,
    last_saved,
    list_citable,
    list_due,
    list_events,
    list_history,
    list_quarters,
    list_sheet,
    may_see_others,
    measure_effect,
)
from indicators.records.dataset import Dataset, load_dataset
from indicators.records.saving.save import save_submission
from tests.folders import write_sound_folder
from tests.submissions import NOW, ROW, hand_in

TODAY = dt.date(2024, 11, 20)
JUNE, SEPTEMBER, DECEMBER = (pd.Timestamp(day) for day in ("2024-06-30", "2024-09-30", "2024-12-31"))


def load(folder: Path) -> Dataset:
    """The folder's content."""
    dataset = load_dataset(folder).dataset
    assert dataset is not None
    return dataset


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny folder."""
    return write_sound_folder(tmp_path_factory.mktemp("scoring") / "data")


@pytest.fixture(scope="module")
def dataset(folder: Path) -> Dataset:
    """What it holds: c1 has reviewed all four indicators in June 2024, c2 two of them."""
    return load(folder)


def test_quarters_run_from_the_oldest_row_to_that_of_today(dataset: Dataset) -> None:
    assert [f"{day:%Y-%m-%d}" for day in list_quarters(dataset, TODAY)] == [
        "2024-12-31",
        "2024-09-30",
        "2024-06-30",
        "2024-03-31",
    ]


@pytest.mark.parametrize(
    ("coder", "today", "quarter"),
    [
        ("c1", dt.date(2024, 11, 20), SEPTEMBER),
        ("c1", dt.date(2024, 7, 20), SEPTEMBER),  # June is reviewed, so that the quarter of today is next
        ("c2", dt.date(2024, 7, 20), JUNE),
        ("c1", dt.date(2024, 9, 30), SEPTEMBER),  # on its last day a quarter can be reviewed
        ("", dt.date(2024, 7, 20), JUNE),
    ],
)
def test_the_first_quarter_is_the_newest_that_has_ended_and_is_not_reviewed(
    dataset: Dataset, coder: str, today: dt.date, quarter: pd.Timestamp
) -> None:
    assert choose_quarter(dataset, coder, today) == quarter


def test_a_sheet_has_the_last_values_new_events_and_state_of_each_indicator(dataset: Dataset) -> None:
    sheet = list_sheet(dataset, "c1", JUNE, TODAY).set_index("indicator")
    posture, sabotage = sheet.loc["mil_posture"], sheet.loc["cyb_sabotage"]
    assert (posture["last_score"], posture["last_low"], posture["last_high"], posture["score"]) == (6, 5, 7, 5)
    assert (posture["state"], sabotage["state"], posture["new"]) == ("changed", "saved", 1)
    september = list_sheet(dataset, "c1", SEPTEMBER, TODAY).set_index("indicator")
    assert set(september["state"]) == {"open"}
    assert september.loc["cyb_sabotage", "last_score"] == 7  # the corrected one


def test_new_events_of_missed_quarters_count_too_and_nobody_has_none_of_another_coder(dataset: Dataset) -> None:
    december = list_sheet(dataset, "c1", DECEMBER, TODAY).set_index("indicator")
    assert december.loc["mil_posture", "new"] == 1  # of July, after the review of June
    reader = list_sheet(dataset, "", SEPTEMBER, TODAY)
    assert reader["last_score"].isna().all()
    assert set(reader["state"]) == {"open"}


def test_what_is_due_comes_by_its_new_events_then_by_age_and_skipped_rows_at_the_end() -> None:
    sheet = pd.DataFrame(
        {
            "indicator": ["a", "b", "c", "d", "e"],
            "state": ["open", "open", "open", "open", "changed"],
            "new": [1, 4, 1, 9, 99],
            "reviewed": pd.to_datetime(["2024-06-30", "2024-06-30", "2024-03-31", "2024-06-30", None]),
        }
    )
    assert [due.indicator for due in list_due(sheet)] == ["d", "b", "c", "a"]
    assert [(due.indicator, due.skipped) for due in list_due(sheet, {"d", "b"})] == [
        ("c", False),
        ("a", False),
        ("d", True),
        ("b", True),
    ]


def test_events_of_the_quarter_and_what_else_may_be_cited_are_apart(dataset: Dataset) -> None:
    assert list(list_events(dataset, "mil_posture", SEPTEMBER).index) == ["E0009"]
    assert list(list_citable(dataset, "mil_posture", SEPTEMBER).index) == ["E0005", "E0001", "E0010", "E0006", "E0002"]


def test_the_history_is_the_coders_own_newest_first_one_a_quarter(dataset: Dataset) -> None:
    history = list_history(dataset, "c1", "mil_posture", SEPTEMBER)
    assert list(history["score"]) == [5, 6]
    assert list(list_history(dataset, "c1", "mil_posture", JUNE)["score"]) == [6]


def test_others_are_seen_once_all_who_score_have_reviewed_the_whole_quarter(dataset: Dataset) -> None:
    assert has_reviewed(dataset, "c1", JUNE)
    assert not has_reviewed(dataset, "c2", JUNE)
    assert not may_see_others(dataset, "c1", JUNE)


def test_a_save_moves_dimension_and_index_by_own_scores_until_all_have_reviewed(folder: Path, tmp_path: Path) -> None:
    grown = write_sound_folder(tmp_path / "data")
    before = load(grown)
    save_submission(grown, hand_in(ROW), NOW)
    effect = measure_effect(before, load(grown), "c1", "mil_posture", SEPTEMBER, own=True)
    # 5 becomes 7: military is the mean of two indicators, the index that of two dimensions.
    assert (effect.was, effect.now, effect.dimension, effect.index, effect.own) == (5, 7, 1, 0.5, True)


def test_the_last_row_of_a_coder_and_what_it_replaced(dataset: Dataset) -> None:
    newest = last_saved(dataset, "c2")
    assert newest is not None
    assert (newest["indicator"], pd.isna(newest["score"])) == ("cyb_sabotage", True)
    before = find_before(dataset, newest)
    assert before is not None
    assert before["score"] == 10
    assert last_saved(dataset, "nobody") is None
