"""Questions are answered by the readings alone, and references know no more than a forecaster of their day could."""

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from indicators.measures.outlook.questions import answer_questions, judge_reading, measure_references
from indicators.measures.outlook.scores import list_current, pair_forecasts, tabulate_scores
from indicators.measures.panel import Panel
from indicators.records.dataset import load_dataset
from tests.folders import FILES, write_folder
from tests.measures.small_panels import build_panel

QUESTIONS, FORECASTS, MILITARY = "outlook/questions.csv", "outlook/forecasts.csv", "scores/military.csv"


@pytest.fixture
def panel(tmp_path: Path) -> Panel:
    return panel_of(tmp_path)


def panel_of(path: Path, as_of: dt.date | None = None, **more: str) -> Panel:
    """The tiny folder with rows appended to some of its files."""
    grown = {file: FILES[file] + rows for file, rows in more.items()}
    loaded = load_dataset(write_folder(path / f"data{len(list(path.iterdir()))}", **grown))
    assert loaded.dataset is not None, loaded.report.as_text()
    return Panel(loaded.dataset, as_of)


def question(id: str, subject: str, test: str, threshold: float, opened: str, resolves: str) -> str:
    closes = f"{pd.Timestamp(resolves) - pd.Timedelta(days=1):%Y-%m-%d}"
    return (
        f"{id},Will this be so at the end of the period?,{subject},{test},{threshold},Answered by the readings alone."
        f",{opened},{closes},{resolves},,,,2024-12-01\n"
    )


def test_the_tiny_folders_questions_have_the_answers_that_its_files_give(panel):
    answers = answer_questions(panel)
    # posture-spring: (5 + 5) / 2 on 30 June is at 5; the channel opened with E0011; winter is not scored yet.
    assert answers["answer"].to_dict() == {"posture-spring": "yes", "channel-opens": "yes", "index-winter": ""}
    assert answers.loc["posture-spring", ["start", "end"]].tolist() == [5.75, 5]
    assert answers.loc["index-winter", "why"] == "awaits the review of its quarter"


@pytest.mark.parametrize(
    ("test", "threshold", "reading", "start", "holds"),
    [
        ("above", 6, 6, 0, True),
        ("above", 6, 5.99, 0, False),
        ("below", 6, 6, 0, False),
        ("below", 6, 5.99, 0, True),
        ("rises", 0.5, 6, 5.5, True),
        ("rises", 0.5, 5.99, 5.5, False),
        ("rises", 0, 5.5, 5.5, False),
        ("falls", 0, 5.25, 5.5, True),
        ("falls", 0.5, 5.25, 5.5, False),
        ("above", 0.3, 0.1 + 0.2, 0, True),
        ("below", 0.3, 0.1 + 0.2, 0, False),
        ("above", 6, np.nan, 0, None),
        ("falls", 0.5, 5, np.nan, None),
        ("above", 6, 7, np.nan, True),
    ],
)
def test_a_test_asks_what_its_word_says(test, threshold, reading, start, holds):
    assert judge_reading(test, threshold, reading, start) is holds


def test_a_score_that_is_merely_carried_answers_nothing(tmp_path):
    asked = question("posture-autumn", "mil_posture", "above", 4, "2024-07-02", "2024-09-30")
    assert answer_questions(panel_of(tmp_path, **{QUESTIONS: asked})).loc["posture-autumn", "answer"] == ""
    row = "2024-09-15,mil_posture,6,5,7,Both ministers spoke but brigades came back.,E0009,c1,2024-12-01,1.0\n"
    # An assessment on an event day is no review.
    assert (
        answer_questions(panel_of(tmp_path, **{QUESTIONS: asked, MILITARY: row})).loc["posture-autumn", "answer"] == ""
    )
    review = row.replace("2024-09-15", "2024-09-30")
    answered = answer_questions(panel_of(tmp_path, **{QUESTIONS: asked, MILITARY: review})).loc["posture-autumn"]
    assert (answered["answer"], answered["end"]) == ("yes", 5.5)  # with the other coder's 5 that still holds


def test_a_day_within_a_quarter_is_read_from_the_line_once_the_quarter_is_settled(tmp_path):
    asked = question("posture-summer", "mil_posture", "above", 5.25, "2024-07-02", "2024-08-15")
    assert answer_questions(panel_of(tmp_path, **{QUESTIONS: asked})).loc["posture-summer", "answer"] == ""
    row = "2024-09-30,mil_posture,7,6,8,Both ministers spoke but brigades came back.,E0009,c1,2024-12-01,1.0\n"
    found = answer_questions(panel_of(tmp_path, **{QUESTIONS: asked, MILITARY: row})).loc["posture-summer"]
    # 46 of 92 days from 5 to 7, and the other coder's 5; on the day of opening the last settled quarter stands at 5.
    assert (found["end"], found["start"], found["answer"]) == (5.5, 5, "yes")


def test_a_dimension_waits_until_its_coverage_rule_is_met_anew(tmp_path):
    asked = question("military-autumn", "military", "above", 4, "2024-07-02", "2024-09-30")
    row = "2024-09-30,mil_posture,6,5,7,Both ministers spoke but brigades came back.,E0009,c1,2024-12-01,1.0\n"
    more = "2024-09-30,mil_signals,5,4,6,The inspections stayed suspended for longer.,E0010,c1,2024-12-01,1.0\n"
    half = answer_questions(panel_of(tmp_path, **{QUESTIONS: asked, MILITARY: row}))
    assert half.loc["military-autumn", "answer"] == ""  # one of two indicators, 75 % are needed
    whole = answer_questions(panel_of(tmp_path, **{QUESTIONS: asked, MILITARY: row + more}))
    assert whole.loc["military-autumn", "answer"] == "yes"


def test_an_answer_is_that_of_the_vintage(tmp_path):
    early = answer_questions(panel_of(tmp_path, dt.date(2024, 8, 1)))
    assert early["answer"].to_dict() == {"posture-spring": "yes", "channel-opens": "", "index-winter": ""}
    assert answer_questions(panel_of(tmp_path, dt.date(2024, 7, 2))).index.tolist() == ["channel-opens", "index-winter"]


def test_answers_do_not_hang_on_the_readers_coder_and_weights(panel):
    own = Panel(panel.dataset, coder="c2", mean="geometric", weights=panel.weights.with_dimensions({"cyber": 0}))
    pd.testing.assert_frame_equal(answer_questions(own), answer_questions(panel))


def test_the_references_are_worked_by_hand(panel):
    asked = pd.DataFrame(
        [("posture-spring", "2024-03-31"), ("posture-spring", "2024-06-29"), ("channel-opens", "2024-08-01")],
        columns=["question", "date"],
    ).astype({"date": "datetime64[ns]"})
    found = measure_references(panel, answer_questions(panel), asked)
    # One settled quarter by then, at 5.75: (1 + 1) / (1 + 2), on both days; no event question was answered before.
    assert found["base_rate"].tolist() == pytest.approx([2 / 3, 2 / 3, 1 / 2])
    # No two quarters are known that a reading could have stayed over; nor an event question.
    assert found["no_change"].tolist() == [0.5, 0.5, 0.5]
    assert found["even"].tolist() == [0.5, 0.5, 0.5]


@pytest.mark.parametrize(
    ("test", "threshold", "resolves", "base_rate", "no_change"),
    [
        # Below, above, below, below, above, above: two of five stayed over a quarter, and the last is above.
        ("above", 5.5, "2024-06-30", (3 + 1) / (6 + 2), 3 / 7),
        ("below", 5.5, "2024-06-30", (3 + 1) / (6 + 2), 1 - 3 / 7),
        # Over two quarters one of four.
        ("above", 5.5, "2024-09-30", (3 + 1) / (6 + 2), 2 / 6),
        # Half a point above the last 6 none ever stood, and all stayed; two of five changes were so large.
        ("rises", 0.5, "2024-06-30", (2 + 1) / (5 + 2), 1 - 6 / 7),
        # At 5.5 or lower three stood: as above, and the last one does not.
        ("falls", 0.5, "2024-06-30", (1 + 1) / (5 + 2), 1 - 3 / 7),
    ],
)
def test_no_change_is_how_often_readings_stayed_on_their_side(test, threshold, resolves, base_rate, no_change):
    days = pd.date_range(end="2024-03-31", periods=6, freq="QE")
    rows = [(f"{day:%Y-%m-%d}", "mil_a", "c1", s) for day, s in zip(days, (5, 6, 5, 5, 6, 6), strict=True)]
    panel = build_panel(rows, {"military": ["mil_a"]})
    asked = pd.DataFrame({"question": ["q"], "date": [days[-1]]})
    questions = pd.DataFrame(
        {"subject": "mil_a", "test": test, "threshold": threshold, "start": 6.0, "opened": days[-1]}, index=["q"]
    ).assign(resolves=pd.Timestamp(resolves))
    found = measure_references(panel, questions, asked).iloc[0]
    assert found.tolist() == pytest.approx([base_rate, no_change, 0.5])


def test_a_reference_does_not_know_what_comes_after_its_day(tmp_path):
    asked = question("posture-autumn", "mil_posture", "rises", 0.5, "2024-06-30", "2024-09-30")
    day = pd.DataFrame({"question": ["posture-autumn"], "date": [pd.Timestamp("2024-06-30")]})
    later = "2024-09-30,mil_posture,9,8,10,Brigades came back and were joined by more.,E0009,c1,2024-12-01,1.0\n"
    found = []
    for more in ({}, {MILITARY: later}):
        panel = panel_of(tmp_path, **{QUESTIONS: asked, **more})
        found.append(measure_references(panel, answer_questions(panel), day).iloc[0].tolist())
    # One change over a quarter is known, a fall: (0 + 1) / (1 + 2). Half a point above the last 5 the first reading stood
    # and the last does not: none of one stayed, (0 + 1) / (1 + 2), and to stay is to answer no.
    assert found[0] == found[1] == pytest.approx([1 / 3, 2 / 3, 0.5])


def test_the_last_forecast_before_the_close_is_scored_once_for_each_coder(panel):
    pairs = pair_forecasts(panel).set_index(["question", "coder"])
    assert len(pairs) == 3
    first, second = pairs.loc[("channel-opens", "c1")], pairs.loc[("channel-opens", "c2")]
    assert (first["forecast"], first["lead"]) == (0.8, 30)
    assert first["brier_forecast"] == pytest.approx(0.04)
    assert second["brier_forecast"] == pytest.approx(0.49)
    assert second["log_forecast"] == pytest.approx(-np.log(0.3))
    assert first["brier_no_change"] == pytest.approx(0.25)


def test_back_casts_are_told_from_forecasts_made_ahead(panel):
    pairs = pair_forecasts(panel)
    made = dict(zip(zip(pairs["question"], pairs["coder"], strict=True), pairs["made"], strict=True))
    assert made == {
        ("channel-opens", "c1"): "ahead",
        ("channel-opens", "c2"): "ahead",
        ("posture-spring", "c1"): "hindcast",
    }
    assert tabulate_scores(pairs)[["made", "coder", "about", "questions"]].values.tolist() == [
        ["ahead", "c1", "events", 1],
        ["ahead", "c2", "events", 1],
        ["hindcast", "c1", "indicators", 1],
    ]


def test_open_questions_show_each_coders_forecast_in_force(panel):
    table = list_current(panel, dt.date(2024, 12, 1))
    assert table[["question", "coder", "probability"]].values.tolist() == [
        ["index-winter", "c1", 0.25],  # the corrected row
        ["index-winter", "c2", 0.6],
    ]
    assert table["open"].all()
    assert not list_current(panel, dt.date(2025, 1, 1))["open"].any()


def test_a_void_question_is_neither_open_nor_scored(tmp_path):
    row = FILES[QUESTIONS].splitlines()[-1].replace(",,,,2024-07-02T08:00:00Z", ",void,,2024-11-01,2024-11-02")
    panel = panel_of(tmp_path, **{QUESTIONS: row + "\n"})
    assert answer_questions(panel).loc["index-winter", "answer"] == "void"
    assert list_current(panel, dt.date(2024, 12, 1)).empty
    assert "index-winter" not in set(pair_forecasts(panel)["question"])


def test_a_folder_without_questions_has_an_empty_record(tmp_path):
    folder = write_folder(tmp_path / "data")
    for file in (QUESTIONS, FORECASTS):
        (folder / file).write_text(FILES[file].splitlines()[0] + "\n")
    panel = Panel(load_dataset(folder).dataset)
    assert answer_questions(panel).empty
    assert pair_forecasts(panel).empty
    assert tabulate_scores(pair_forecasts(panel)).empty
    assert list_current(panel, dt.date(2024, 12, 1)).empty
