"""Scores of forecasts: right by hand and by another library, and they find forecasters out whose habits are known."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, log_loss

from indicators.measures.outlook.scores import (
    calibrate,
    decompose_brier,
    score_brier,
    score_log,
    score_pairs,
    tabulate_scores,
)

PROBABILITIES = st.lists(st.tuples(st.floats(0.01, 0.99), st.booleans()), min_size=2, max_size=60)


def record_of(forecast, outcome, base_rate=0.5, no_change=0.5, days=None, coder="c1", about="dimensions"):
    """Pairs of forecasts and answers as ``pair_forecasts`` gives them; each answer on a day of its own, or on ``days``."""
    number = np.arange(len(outcome)) if days is None else days
    return score_pairs(
        pd.DataFrame(
            {
                "coder": coder,
                "made": "ahead",
                "about": about,
                "resolves": pd.Timestamp("2024-01-01") + pd.to_timedelta(number, "D"),
                "outcome": np.asarray(outcome, float),
                "forecast": forecast,
                "base_rate": base_rate,
                "no_change": no_change,
                "even": 0.5,
            }
        )
    )


def draw(count, seed=3):
    """True probabilities of many questions and their answers."""
    generator = np.random.default_rng(seed)
    truth = generator.uniform(0.05, 0.95, count)
    return truth, (generator.uniform(size=count) < truth).astype(float)


# By hand, and by another library


def test_the_scores_of_four_forecasts_worked_by_hand():
    probability, outcome = np.array([0.9, 0.6, 0.25, 0.5]), np.array([1, 0, 0, 1])
    assert score_brier(probability, outcome) == pytest.approx([0.01, 0.36, 0.0625, 0.25])
    # -ln 0.9, -ln 0.4, -ln 0.75, -ln 0.5
    assert score_log(probability, outcome) == pytest.approx([0.105361, 0.916291, 0.287682, 0.693147], abs=1e-6)


@settings(deadline=None)
@given(PROBABILITIES)
def test_scores_are_those_of_scikit_learn(pairs):
    probability, outcome = np.array([p for p, _ in pairs]), np.array([int(o) for _, o in pairs])
    brier = brier_score_loss(outcome, probability, pos_label=1)
    assert score_brier(probability, outcome).mean() == pytest.approx(brier, abs=1e-12)
    both = log_loss(outcome, probability, labels=[0, 1])
    assert score_log(probability, outcome).mean() == pytest.approx(both, abs=1e-12)


@settings(deadline=None)
@given(PROBABILITIES)
def test_the_parts_of_the_brier_score_sum_to_it(pairs):
    probability, outcome = np.array([p for p, _ in pairs]), np.array([float(o) for _, o in pairs])
    parts = decompose_brier(probability, outcome)
    total = parts["reliability"] - parts["resolution"] + parts["uncertainty"] + parts["within"]
    assert total == pytest.approx(score_brier(probability, outcome).mean(), abs=1e-12)


def test_nothing_is_within_where_each_bin_has_one_probability():
    # 0.2 twice (one yes), 0.8 twice (both yes): shares 0.5 and 1, of all 0.75.
    parts = decompose_brier(np.array([0.2, 0.2, 0.8, 0.8]), np.array([1.0, 0, 1, 1]))
    assert parts["reliability"] == pytest.approx((0.3**2 + 0.2**2) / 2)
    assert parts["resolution"] == pytest.approx(0.25**2)
    assert parts["uncertainty"] == pytest.approx(0.75 * 0.25)
    assert parts["within"] == pytest.approx(0, abs=1e-12)


def test_the_calibration_table_counts_every_forecast_once_with_ends_in_the_bin_above():
    table = calibrate(np.array([0.01, 0.1, 0.3, 0.35, 0.99]), np.array([0.0, 0, 1, 0, 1]))
    assert table["low"].tolist() == [0, 0.1, 0.3, 0.9]
    assert table["count"].tolist() == [1, 1, 2, 1]
    assert table["yes"].tolist() == [0, 0, 1, 1]
    assert table["forecast"].tolist() == pytest.approx([0.01, 0.1, 0.325, 0.99])


def test_the_interval_of_a_share_is_wilsons():
    # 8 of 10: textbook values of the Wilson interval.
    table = calibrate(np.full(10, 0.75), np.array([1.0] * 8 + [0, 0]))
    assert table.loc[0, ["share_low", "share_high"]].tolist() == pytest.approx([0.4902, 0.9433], abs=1e-4)


# Forecasters whose habits are known


def test_a_calibrated_forecaster_is_recognised():
    truth, outcome = draw(20_000)
    row = tabulate_scores(record_of(truth, outcome, base_rate=0.5)).iloc[0]
    # Over 0.05 to 0.95 the mean of p (1 - p) is 0.1825; always saying a half scores 0.25.
    assert row["brier"] == pytest.approx(0.1825, abs=0.004)
    assert row["skill_base_rate"] == pytest.approx(1 - 0.1825 / 0.25, abs=0.016)
    assert row["skill_base_rate_low"] < 1 - 0.1825 / 0.25 < row["skill_base_rate_high"]
    assert row["reliability"] < 0.001
    assert row["sharpness"] == pytest.approx(0.9 / np.sqrt(12), abs=0.005)
    table = calibrate(truth, outcome)
    assert (table["share"] - table["forecast"]).abs().max() < 0.05
    assert ((table["share_low"] <= table["forecast"]) & (table["forecast"] <= table["share_high"])).mean() >= 0.8


def test_an_overconfident_forecaster_is_recognised():
    truth, outcome = draw(20_000)
    said = np.clip(0.5 + 2 * (truth - 0.5), 0.01, 0.99)  # twice as far from even as the evidence allows
    row = tabulate_scores(record_of(said, outcome)).iloc[0]
    error = float(np.mean((said - truth) ** 2))
    assert row["reliability"] == pytest.approx(error, abs=0.004)
    assert row["brier"] == pytest.approx(0.1825 + error, abs=0.006)
    table = calibrate(said, outcome)
    low, high = table[table["forecast"] < 0.3], table[table["forecast"] > 0.7]
    assert (low["share"] > low["forecast"]).all()
    assert (high["share"] < high["forecast"]).all()
    assert row["log"] > tabulate_scores(record_of(truth, outcome)).iloc[0]["log"]


def test_a_forecaster_who_always_says_the_base_rate_has_no_skill_and_no_resolution():
    _, outcome = draw(20_000)
    rate = float(outcome.mean())
    row = tabulate_scores(record_of(np.full(len(outcome), rate), outcome, base_rate=rate)).iloc[0]
    assert row["brier"] == pytest.approx(rate * (1 - rate), abs=1e-12)
    assert row["skill_base_rate"] == pytest.approx(0, abs=1e-12)
    assert row["skill_base_rate_low"] == pytest.approx(0, abs=1e-12)
    assert row["resolution"] == pytest.approx(0, abs=1e-12)
    assert row["reliability"] == pytest.approx(0, abs=1e-12)
    assert row["sharpness"] == pytest.approx(0, abs=1e-12)


def test_where_there_is_no_skill_the_interval_says_so_about_as_often_as_it_claims():
    generator = np.random.default_rng(11)
    inside = 0
    for _ in range(200):
        # Of 160 questions answered on 40 days, two forecasters err alike: by turns one and the other is nearer.
        truth = generator.uniform(0.2, 0.8, 160)
        outcome = (generator.uniform(size=160) < truth).astype(float)
        error = generator.normal(0, 0.1, (2, 160))
        one, other = np.clip(truth + error, 0.01, 0.99)
        row = tabulate_scores(record_of(one, outcome, base_rate=other, days=np.arange(160) // 4), 400).iloc[0]
        inside += row["skill_base_rate_low"] <= 0 <= row["skill_base_rate_high"]
    assert 0.85 <= inside / 200 <= 0.99


def test_worse_than_the_reference_is_said_as_a_skill_below_zero():
    truth, outcome = draw(400)
    row = tabulate_scores(record_of(1 - truth, outcome, base_rate=truth)).iloc[0]
    assert row["skill_base_rate_high"] < 0


# Too few


@pytest.mark.parametrize(
    ("count", "days", "note"), [(9, 9, "9 answered questions"), (40, 11, "answers of 11 days, 12 are needed")]
)
def test_too_few_answers_give_scores_but_no_skill(count, days, note):
    truth, outcome = draw(count)
    row = tabulate_scores(record_of(truth, outcome, days=np.arange(count) % days)).iloc[0]
    assert note in row["note"]
    assert row["brier"] == pytest.approx(np.mean((truth - outcome) ** 2))
    assert row[["skill_base_rate", "skill_base_rate_low", "skill_no_change"]].isna().all()


def test_twelve_days_of_answers_are_enough():
    truth, outcome = draw(40)
    row = tabulate_scores(record_of(truth, outcome, days=np.arange(40) % 12)).iloc[0]
    assert row["note"] == ""
    assert row["skill_base_rate_low"] <= row["skill_base_rate"] <= row["skill_base_rate_high"]


def test_an_even_chance_is_a_reference_of_a_quarter_point():
    truth, outcome = draw(60)
    row = tabulate_scores(record_of(truth, outcome)).iloc[0]
    assert (row["brier_even"], row["log_even"]) == pytest.approx((0.25, np.log(2)))
    assert row["skill_even"] == pytest.approx(1 - row["brier"] / 0.25)


def test_the_index_is_scored_apart_from_what_it_is_the_mean_of():
    truth, outcome = draw(60)
    one, other = record_of(truth, outcome, about="index"), record_of(1 - truth, outcome)
    together = tabulate_scores(pd.concat([other, one], ignore_index=True))
    assert together["about"].tolist() == ["index", "dimensions"]
    pd.testing.assert_frame_equal(together.iloc[[0]].reset_index(drop=True), tabulate_scores(one))


def test_no_forecast_gives_an_empty_table():
    assert tabulate_scores(record_of([], [])).empty
    assert calibrate(np.array([]), np.array([])).empty


def test_coders_and_back_casts_stand_apart_and_do_not_move_each_other():
    truth, outcome = draw(60)
    one, two = record_of(truth, outcome, coder="c1"), record_of(1 - truth, outcome, coder="c2")
    late = record_of(truth, outcome, coder="c1").assign(made="hindcast")
    together = tabulate_scores(pd.concat([two, late, one], ignore_index=True))
    assert list(zip(together["made"], together["coder"], strict=True)) == [
        ("ahead", "c1"),
        ("ahead", "c2"),
        ("hindcast", "c1"),
    ]
    alone = tabulate_scores(one)
    pd.testing.assert_frame_equal(together.iloc[[0]].reset_index(drop=True), alone)


def test_no_forecasts_have_no_parts_of_a_score():
    assert all(np.isnan(part) for part in decompose_brier(np.array([]), np.array([])).values())
