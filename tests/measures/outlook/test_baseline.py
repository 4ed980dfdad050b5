"""The baseline follows its rule, knows nothing of the future, and the shipped rows are what it gives."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from indicators.measures.outlook.baseline import BASELINE, expect, make_baseline, round_half
from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset, load_dataset
from indicators.records.tables.outlook import FORECASTS, QUESTIONS

DATA = Path(__file__).parents[3] / "data"


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return load_dataset(DATA).dataset


def quarters(*readings: float) -> pd.Series:
    return pd.Series(readings, pd.date_range("2023-03-31", periods=len(readings), freq="QE"))


def same(readings: pd.Series) -> pd.Series:
    return pd.Series("1111", readings.index)


def test_the_probability_is_worked_by_hand():
    # Changes 1, -1, 0.5, 0.5, 0: added to 6 they give 7, 5, 6.5, 6.5, 6; three of five reach 6.5.
    readings = quarters(5, 6, 5, 5.5, 6, 6)
    said = expect(readings, same(readings), readings.index[-1] + pd.offsets.QuarterEnd(1), 6.5)
    assert (said.held, said.changes, said.probability) == (3, 5, 0.57)  # 4 / 7
    # Over two quarters: 0, -0.5, 1, 0.5; two of four reach 6.5.
    said = expect(readings, same(readings), readings.index[-1] + pd.offsets.QuarterEnd(2), 6.5)
    assert (said.held, said.changes, said.quarters, said.probability) == (2, 4, 2, 0.5)


def test_too_few_changes_give_no_forecast():
    readings = quarters(5, 6, 5, 5.5)
    assert expect(readings, same(readings), readings.index[-1] + pd.offsets.QuarterEnd(1), 5) is None


def test_a_change_of_composition_is_no_change_of_tension():
    readings = quarters(1, 9, 5, 5, 5, 5, 5)
    composition = same(readings)
    composition.iloc[0] = "1110"
    said = expect(readings, composition, readings.index[-1] + pd.offsets.QuarterEnd(1), 5.5)
    assert (said.held, said.changes) == (0, 5)


@pytest.mark.parametrize(("reading", "half"), [(6.24, 6), (6.25, 6.5), (6.74, 6.5), (6.75, 7), (6, 6), (5.75, 6)])
def test_thresholds_are_the_nearest_half(reading, half):
    assert round_half(reading) == half


def test_the_shipped_rows_are_what_the_rule_gives_from_the_data_of_their_day(dataset):
    own = dataset.forecasts[dataset.forecasts["coder"] == BASELINE]
    assert len(own) > 0
    for recorded in own["recorded"].unique():
        stamp = pd.Timestamp(recorded).tz_localize("UTC").to_pydatetime()
        made = make_baseline(Panel(dataset, stamp.date()), stamp)
        for shipped, rows, table in zip((dataset.questions, own), made, (QUESTIONS, FORECASTS), strict=True):
            shipped = shipped[shipped["recorded"] == recorded]
            keys = shipped["question"].tolist()
            assert set(keys) <= set(rows["question"])
            rows = rows.set_index("question").loc[keys].reset_index()
            for column in table.columns:
                written = shipped[column.name]
                if column.kind == "date":
                    written = written.dt.strftime("%Y-%m-%d").fillna("")
                elif column.kind == "moment":
                    written = written.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
                elif column.kind == "number":
                    written = written.map("{:g}".format)
                assert rows[column.name].tolist() == written.tolist(), column.name


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
