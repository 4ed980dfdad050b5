"""The record is told as it is, too few is said, every text is escaped, and the picture shows its counts."""

import datetime as dt
import html
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

from indicators.measures.outlook.scores import calibrate, list_current, pair_forecasts, tabulate_scores
from indicators.measures.panel import Panel
from indicators.records.dataset import load_dataset
from indicators.show.charts.calibration import describe_calibration, draw_calibration, plot_calibration
from indicators.show.charts.palette import LIGHT
from indicators.show.text.outlook.forecasts import (
    BACK_CASTS,
    NONE_AHEAD,
    current_table,
    describe_parts,
    describe_record,
    score_table,
    show_forecasts,
    show_record_section,
)
from tests.folders import FILES, write_folder

DATA = Path(__file__).parents[4] / "data"
TODAY = dt.date(2024, 12, 1)
ROW = {
    "coder": "c1",
    "made": "ahead",
    "about": "dimensions",
    "questions": 40,
    "days": 14,
    "share_yes": 0.5,
    "brier": 0.3,
    "brier_base_rate": 0.2,
    "brier_no_change": 0.6,
    "brier_even": 0.25,
    "log": 0.8,
    "log_base_rate": 0.6,
    "log_no_change": 2.0,
    "log_even": 0.69,
    "skill_base_rate": -0.5,
    "skill_base_rate_low": -0.8,
    "skill_base_rate_high": -0.1,
    "skill_no_change": 0.5,
    "skill_no_change_low": -0.1,
    "skill_no_change_high": 0.7,
    "skill_even": -0.2,
    "skill_even_low": -0.4,
    "skill_even_high": -0.05,
    "note": "",
}


@pytest.fixture
def panel(tmp_path: Path) -> Panel:
    return Panel(load_dataset(write_folder(tmp_path / "data")).dataset)


@pytest.fixture(scope="module")
def table():
    probability = np.array([0.1] * 4 + [0.55] * 20 + [0.85] * 10)
    outcome = np.array([0.0] * 3 + [1] + [1] * 9 + [0] * 11 + [1] * 10)
    return calibrate(probability, outcome)


def test_a_worse_record_is_called_worse_and_an_open_one_open():
    text = describe_record(ROW)
    assert "Against the base rate: worse, skill −0.50 (−0.80 to −0.10)." in text
    assert "Against no change: no clear difference, skill +0.50 (−0.10 to +0.70)." in text
    assert "Against an even chance: worse, skill −0.20 (−0.40 to −0.05)." in text
    assert text.startswith(
        "Coder c1, forecasts made ahead of dimensions: 40 questions answered on 14 days, 50 % of them yes."
    )
    assert "Brier score 0.30; base rate 0.20, no change 0.60, even chance 0.25." in text


def test_a_better_record_is_called_better():
    assert "Against no change: better" in describe_record(ROW | {"skill_no_change_low": 0.1})


def test_too_few_answers_are_not_called_better_or_worse(panel):
    scores = tabulate_scores(pair_forecasts(panel)).to_dict("records")
    for row in scores:
        text = describe_record(row)
        assert "No comparison is possible: too few: 1 answered question, 10 are needed" in text
        assert "Against" not in text
        assert score_table(row)["skill against it"].tolist() == ["", "too few", "too few", "too few"]


def test_the_parts_of_the_score_are_told_with_their_signs():
    parts = {"reliability": 0.04, "resolution": 0.012, "uncertainty": 0.25, "within": -0.001, "sharpness": 0.13}
    text = describe_parts(ROW | parts)
    assert "reliability 0.040" in text
    assert "minus resolution 0.012" in text
    assert "plus uncertainty 0.250" in text
    assert "−0.001 within" in text


def test_open_questions_show_forecasts_beside_references(panel):
    shown = current_table(panel.dataset, list_current(panel, TODAY))
    assert shown.columns.tolist() == ["question", "on", "coder c1", "coder c2", "base rate", "no change", "even chance"]
    # Two quarters lie between the days of the question, and no such change is known: one of two.
    told = [["Index up by 0.5 or more", "25 %", "60 %", "50 %", "50 %", "50 %"]]
    assert shown.drop(columns="on").values.tolist() == told


def test_every_text_from_the_data_is_text(tmp_path):
    evil = "<img src=x onerror=alert(1)> & more of this kind of reason"
    forecasts = FILES["outlook/forecasts.csv"].replace("Three of four indicators rose, and none fell much.", evil)
    questions = FILES["outlook/questions.csv"].replace("Will a channel for warnings be opened by", "<b>Will</b> it by")
    folder = write_folder(tmp_path / "data", **{"outlook/forecasts.csv": forecasts, "outlook/questions.csv": questions})
    panel = Panel(load_dataset(folder).dataset)
    row = list_current(panel, TODAY).iloc[1].to_dict()
    assert "<img" not in show_forecasts([row])
    assert "&lt;img" in show_forecasts([row])
    assert "<b>Will" not in show_record_section(Panel(panel.dataset, dt.date(2024, 8, 1)), dt.date(2024, 8, 1))


def test_the_picture_has_a_point_and_a_count_for_each_bin_and_says_so(table):
    chart = plot_calibration(table, "Coder c1", LIGHT)
    points = chart.figure.data[1]
    assert list(points.x) == pytest.approx([0.1, 0.55, 0.85])
    assert list(points.y) == pytest.approx([0.25, 0.45, 1])
    assert [note.text for note in chart.figure.layout.annotations] == ["n =", "4", "20", "10"]
    sizes = np.array(points.marker.size)
    assert (sizes[1] / sizes[2]) ** 2 == pytest.approx(2)  # areas as the counts
    assert [colour == LIGHT.index for colour in points.marker.color] == [False, True, True]  # four are few
    assert chart.table["forecasts"].tolist() == ["4", "20", "10"]
    assert chart.table["yes"].tolist() == ["1", "9", "10"]
    assert "34 forecasts with an answer" in chart.alt


def test_the_still_picture_shows_the_same_counts_and_is_whole(table):
    picture = ElementTree.fromstring(draw_calibration(table, "Coder <c1>"))
    texts = [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[-3:] == ["4", "20", "10"]
    assert picture.get("aria-label") == describe_calibration(table, "Coder <c1>")
    circles = list(picture.iter("{http://www.w3.org/2000/svg}circle"))
    assert [circle.get("fill") for circle in circles] == ["none", "currentColor", "currentColor"]


def test_no_answered_forecast_gives_an_empty_picture_and_says_so():
    empty = calibrate(np.array([]), np.array([]))
    assert "no forecast has an answer yet" in plot_calibration(empty, "Coder c1", LIGHT).alt
    ElementTree.fromstring(draw_calibration(empty, "Coder c1"))


def test_the_section_of_the_publication_tells_back_casts_from_forecasts_made_ahead():
    panel = Panel(load_dataset(DATA).dataset, dt.date(2026, 11, 30))
    section = html.unescape(show_record_section(panel, dt.date(2026, 11, 30)))
    assert NONE_AHEAD in section
    assert BACK_CASTS in section
    assert "Coder baseline, hindcasts of dimensions: 144 questions" in section
    assert "Coder baseline-2, hindcasts of the index: 34 questions" in section
    assert "Index at 6.5 or higher" in section
    assert section.count("<svg") == 4


def test_a_folder_without_questions_has_no_section(panel):
    assert show_record_section(Panel(panel.dataset, dt.date(2024, 6, 1)), TODAY) == ""
