"""Forecasts pass the same door as scores: all or nothing, held against the whole folder, written once."""

import datetime as dt
from pathlib import Path

import pytest

from indicators.records.checks.folder import check_folder
from indicators.records.dataset import load_dataset
from indicators.records.folder import format_folder, read_folder
from indicators.records.saving.save import save_submission
from indicators.records.saving.submission import (
    NEW_FORECASTS,
    Conflict,
    Refused,
    Saved,
    describe_submission,
    note_base,
)
from indicators.records.storage.queue import Queue
from indicators.records.tables.outlook import FORECASTS_FILE, QUESTIONS_FILE
from tests.folders import contents, write_folder
from tests.submissions import EVENT, ROW, hand_in

NOW = dt.datetime(2024, 12, 1, 9, 30, 15, tzinfo=dt.UTC)
FORECAST = {
    "question": "index-winter",
    "date": "2024-12-01",
    "probability": "0.35",
    "rationale": "Two of the four indicators have moved up since the summer.",
}
LINE = "index-winter,c1,2024-12-01,0.35,Two of the four indicators have moved up since the summer.,2024-12-01T09:30:15Z"


def hand_in_forecast(**changes: str):
    return hand_in(forecasts=({**FORECAST, **changes},))


def places(outcome) -> set[tuple[str, int, str, str]]:
    assert isinstance(outcome, Refused)
    return {(p.file, p.line, p.column, p.code) for p in outcome.report}


def test_a_forecast_is_one_added_line_and_the_folder_stays_canonical(data: Path) -> None:
    before = contents(data)
    outcome = save_submission(data, hand_in_forecast(), NOW)
    assert isinstance(outcome, Saved)
    assert outcome.files == (FORECASTS_FILE,)
    file, line = outcome.places[0]
    assert (data / file).read_text().splitlines()[line - 1] == LINE
    assert {name for name, raw in contents(data).items() if before[name] != raw} == {FORECASTS_FILE}
    assert format_folder(data, write=False) == []
    assert check_folder(read_folder(data)) == []


def test_the_same_forecast_again_writes_nothing(data: Path) -> None:
    save_submission(data, hand_in_forecast(), NOW)
    before = contents(data)
    again = save_submission(data, hand_in_forecast(), NOW + dt.timedelta(hours=1))
    assert isinstance(again, Saved)
    assert again.already
    assert contents(data) == before


def test_a_later_row_replaces_and_a_blank_one_withdraws(data: Path) -> None:
    save_submission(data, hand_in_forecast(), NOW)
    save_submission(data, hand_in_forecast(probability="0.5"), NOW)  # the same second: still later
    save_submission(data, hand_in_forecast(probability="", rationale="Withdrawn: the question was misread."), NOW)
    dataset = load_dataset(data).dataset
    assert dataset is not None
    rows = dataset.forecasts[dataset.forecasts["date"] == "2024-12-01"]
    assert rows["recorded"].is_monotonic_increasing
    assert rows["recorded"].is_unique
    assert rows["probability"].fillna(0).tolist() == [0.35, 0.5, 0]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("probability", "1", "number-range"),
        ("probability", "35", "number-range"),
        ("probability", "0,35", "number-format"),
        ("question", "who-wins", "reference"),
        ("question", "channel-opens", "forecast-dates"),
        ("rationale", "Because.", "length"),
        ("date", "1/12/2024", "date-format"),
        ("date", "2024-12-02", "recorded-early"),
    ],
)
def test_a_refusal_names_the_cell_and_changes_nothing(data: Path, column: str, value: str, code: str) -> None:
    before = contents(data)
    found = places(save_submission(data, hand_in_forecast(**{column: value}), NOW))
    assert {place[0] for place in found} == {NEW_FORECASTS}
    assert code in {place[3] for place in found}
    assert contents(data) == before


def test_after_the_close_nothing_is_taken_whatever_date_it_bears(data: Path) -> None:
    late = dt.datetime(2025, 1, 2, tzinfo=dt.UTC)
    before = contents(data)
    for forecast in (hand_in_forecast(), hand_in_forecast(date="2024-07-02", probability="")):
        assert (NEW_FORECASTS, 1, "recorded", "forecast-hindsight") in places(save_submission(data, forecast, late))
    assert contents(data) == before


def test_a_wrong_forecast_keeps_the_score_beside_it_out(data: Path) -> None:
    before = contents(data)
    both = hand_in(ROW, forecasts=({**FORECAST, "probability": "2"},))
    assert places(save_submission(data, both, NOW)) == {(NEW_FORECASTS, 1, "probability", "number-range")}
    assert contents(data) == before


def test_a_score_and_a_forecast_are_saved_together(data: Path) -> None:
    outcome = save_submission(data, hand_in(ROW, forecasts=(FORECAST,)), NOW)
    assert isinstance(outcome, Saved)
    assert [file for file, _ in outcome.places] == ["scores/military.csv", FORECASTS_FILE]


def test_a_folder_without_questions_refuses_forecasts_and_stays_as_it_is(tmp_path: Path) -> None:
    data = write_folder(tmp_path / "data", **{QUESTIONS_FILE: None, FORECASTS_FILE: None})
    format_folder(data, write=True)
    before = contents(data)
    found = places(save_submission(data, hand_in_forecast(), NOW))
    assert (NEW_FORECASTS, 1, "question", "reference") in found
    assert contents(data) == before


def test_a_row_recorded_meanwhile_for_the_same_day_is_a_conflict(data: Path) -> None:
    base = note_base(load_dataset(data).dataset, "c1")
    save_submission(data, hand_in_forecast(), NOW)
    other = hand_in(forecasts=({**FORECAST, "probability": "0.6"},), base=base)
    outcome = save_submission(data, other, NOW + dt.timedelta(hours=1))
    assert isinstance(outcome, Conflict)
    assert [row["probability"] for row in outcome.theirs] == ["0.35"]
    assert [row["probability"] for row in outcome.ours] == ["0.6"]


def test_a_forecast_waits_in_the_queue_word_for_word(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "queue")
    submission = hand_in_forecast()
    queue.add(submission, NOW)
    assert [pending.submission for pending in queue.pending()] == [submission]
    assert queue.waiting()[0].summary.startswith("index-winter 2024-12-01: 0.35")


def test_a_commit_says_what_was_forecast() -> None:
    assert describe_submission(hand_in_forecast()) == f"index-winter 2024-12-01: 0.35\n\n{FORECAST['rationale']}\n"
    assert describe_submission(hand_in(ROW, forecasts=(FORECAST,))).startswith("1 assessment and 1 forecast by c1\n")
    assert describe_submission(hand_in(events=(EVENT,))) == "1 event by c1\n"
    assert describe_submission(hand_in(events=(EVENT, EVENT))) == "2 events by c1\n"
