"""The baseline follows its rule, knows nothing of the future, and the shipped rows are what it gives."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from indicators.measures.outlook.baseline import BASELINE, expect, make_baseline, round_half
from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset, load_dataset
from indicators.records.tables.outlook import FORECASTS, QUESTIONS, RULES

DATA = Path(__file__).parents[3] / "data"


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return load_dataset(DATA).dataset


def quarters(*readings: float) -> pd.Series:
    return pd.Series(readings, pd.date_range("2023-03-31", periods=len(readings), freq="QE"))


def same(readings: pd.Series) -> pd.Series:
    return pd.Series("1111", readings.index)


def test_the_probability_is_worked_by_hand():
    # Changes 1, -1, 0.5, 0.5, 0, added to 6 and taken from it: 7, 5, 5, 7, 6.5, 5.5, 6.5, 5.5, 6, 6. Four of ten reach
    # 6.5, none of six readings does: the mean of 5 / 12 and 1 / 8.
    readings = quarters(5, 6, 5, 5.5, 6, 6)
    said = expect(readings, same(readings), readings.index[-1] + pd.offsets.QuarterEnd(1), 6.5)
    assert (said.held, said.sums, said.above, said.known, said.probability) == (4, 10, 0, 6, 0.27)
    # Over two quarters 0, -0.5, 1, 0.5: three of eight; at 6 five of eight and three of six.
    said = expect(readings, same(readings), readings.index[-1] + pd.offsets.QuarterEnd(2), 6.5)
    assert (said.held, said.sums, said.quarters, said.probability) == (3, 8, 2, 0.26)
    said = expect(readings, same(readings), readings.index[-1] + pd.offsets.QuarterEnd(2), 6)
    assert (said.held, said.above, said.probability) == (5, 3, 0.55)  # (6 / 10 + 4 / 8) / 2


def test_too_few_changes_give_no_forecast():
    readings = quarters(5, 6, 5, 5.5)
    assert expect(readings, same(readings), readings.index[-1] + pd.offsets.QuarterEnd(1), 5) is None


def test_a_change_of_composition_is_no_change_of_tension():
    readings = quarters(1, 9, 5, 5, 5, 5, 5)
    composition = same(readings)
    composition.iloc[0] = "1110"
    said = expect(readings, composition, readings.index[-1] + pd.offsets.QuarterEnd(1), 5.5)
    # Minus 4 and four times nothing: of ten sums only 5 + 4 reaches it. The readings are what they are.
    assert (said.held, said.sums, said.above) == (1, 10, 1)


@pytest.mark.parametrize(("reading", "half"), [(6.24, 6), (6.25, 6.5), (6.74, 6.5), (6.75, 7), (6, 6), (5.75, 6)])
def test_thresholds_are_the_nearest_half(reading, half):
    assert round_half(reading) == half


def test_the_shipped_rows_are_what_the_rule_gives_from_the_data_of_their_day(dataset):
    own = dataset.forecasts[dataset.forecasts["coder"] == BASELINE]
    assert len(own) > 200
    for recorded in own["recorded"].unique():
        stamp = pd.Timestamp(recorded).tz_localize("UTC").to_pydatetime()
        made = make_baseline(Panel(dataset, stamp.date()), stamp)
        for shipped, rows, table in zip((dataset.questions, own), made, (QUESTIONS, FORECASTS), strict=True):
            shipped = shipped[shipped["recorded"] == recorded]
            rows = rows.set_index("question").loc[shipped["question"]].reset_index()
            for column in table.columns:
                written = shipped[column.name]
                if column.kind == "date":
                    written = written.dt.strftime("%Y-%m-%d").fillna("")
                elif column.kind == "moment":
                    written = written.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
                elif column.kind == "number":
                    written = written.map("{:g}".format)
                assert rows[column.name].tolist() == written.tolist(), column.name


def test_the_rows_of_the_earlier_rule_stay_on_record(dataset):
    old = dataset.forecasts[dataset.forecasts["coder"] == RULES[0]]
    assert (len(old), old["recorded"].nunique()) == (182, 1)
    assert set(old["question"]) <= set(dataset.questions["question"])


def test_a_question_on_record_is_forecast_and_not_asked_again(dataset):
    stamp = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)
    questions, forecasts = make_baseline(Panel(dataset), stamp)
    assert not set(questions["question"]) & set(dataset.questions["question"])
    # What asks the same and still takes forecasts gets one of the day; another threshold is another question.
    ahead = forecasts[forecasts["date"] == "2026-11-30"].set_index("question")
    assert len(ahead) == 12
    assert "index-2026-12-31-asked-2026-11-25" in ahead.index
    assert "energy-2026-12-31-asked-2026-11-30" in ahead.index


def test_a_back_cast_does_not_know_what_came_after_its_day(dataset):
    stamp = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
    _, whole = make_baseline(Panel(dataset), stamp)
    cut = replace(dataset, assessments=dataset.assessments[dataset.assessments["date"] <= "2024-12-31"])
    _, early = make_baseline(Panel(cut), stamp)
    early = early[early["date"] < "2026"].set_index("question")
    assert len(early) > 50
    pd.testing.assert_frame_equal(early, whole.set_index("question").loc[early.index])


def test_questions_about_the_coming_quarter_ends_were_asked_before_them(dataset):
    ahead = dataset.questions[dataset.questions["recorded"].dt.normalize() <= dataset.questions["closes"]]
    assert set(ahead["resolves"].dt.strftime("%Y-%m-%d")) >= {"2026-12-31", "2027-03-31"}
    assert set(ahead["subject"]) >= {"index", *dataset.dimensions.index}


def test_the_same_data_give_the_same_rows(dataset):
    stamp = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
    for one, two in zip(make_baseline(Panel(dataset), stamp), make_baseline(Panel(dataset), stamp), strict=True):
        pd.testing.assert_frame_equal(one, two)
