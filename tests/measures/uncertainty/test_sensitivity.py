"""What drives the index's uncertainty, and what to score next."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from indicators.measures.panel import Panel
from indicators.measures.uncertainty.draws import draw_panel
from indicators.measures.uncertainty.intervals import interval
from indicators.measures.uncertainty.sensitivity import (
    _list_inputs,
    _spread,
    carrying_assessments,
    effective_shares,
    queue_scoring,
)
from tests.measures.small_panels import build_panel

DIMENSIONS = {"military": ["mil_a", "mil_b"], "cyber": ["cyb_a"], "energy": ["ene_a"]}
DAY = pd.Timestamp("2024-03-31")
ROWS = [
    ("2024-03-31", "mil_a", "c1", 6.0, 4.0, 8.0),  # variance 12/18
    ("2024-03-31", "mil_b", "c1", 5.0, 4.0, 6.0),  # 3/18
    ("2024-03-31", "cyb_a", "c1", 2.0, 0.0, 3.0),  # (9 − 2·1)/18 = 7/18
    ("2024-03-31", "ene_a", "c1", 7.0, 7.0, 7.0),  # 0
]


def with_weights(panel, **changed):
    return dataclasses.replace(panel, weights=panel.weights.with_dimensions(changed))


def shares(panel, date=DAY):
    return effective_shares(panel, date).set_index("id")


def test_effective_shares_by_hand():
    table = shares(build_panel(ROWS, DIMENSIONS))
    np.testing.assert_allclose(table["stated"], [1 / 3, 1 / 3, 1 / 3, 1 / 6, 1 / 6, 1 / 3, 1 / 3])
    # w²·variance, times 36·18: military 12 + 3, cyber 4·7, energy 0
    assert table.loc["military", "effective"] == pytest.approx(15 / 43)
    assert table.loc["mil_a", "effective"] == pytest.approx(12 / 43)
    assert table.loc["cyber", "effective"] == table.loc["cyb_a", "effective"] == pytest.approx(28 / 43)
    assert table.loc["ene_a", "effective"] == 0
    assert list(table.loc[["military", "mil_a"], "dimension"]) == ["military", "military"]


@pytest.mark.parametrize("mean", ["arithmetic", "geometric"])
def test_what_cannot_matter_has_a_share_of_exactly_0(mean):
    panel = with_weights(build_panel(ROWS, DIMENSIONS, mean=mean), military=0)
    table = shares(panel)
    assert (table.loc[["military", "mil_a", "mil_b"], ["stated", "effective"]] == 0).all(axis=None)
    carrying = carrying_assessments(panel, DAY).set_index("indicator")["share"]
    assert (carrying[["mil_a", "mil_b", "ene_a"]] == 0).all()
    assert carrying["cyb_a"] == pytest.approx(1)
    queue = queue_scoring(panel, DAY + pd.Timedelta(days=300), count=200).set_index(["indicator", "action"])
    assert (queue.loc[["mil_a", "mil_b"], "narrowing"] == 0).all()


@pytest.mark.parametrize("mean", ["arithmetic", "geometric"])
def test_shares_agree_with_the_variance_of_the_draws(mean):
    rows = [*ROWS, ("2024-03-31", "cyb_a", "c2", 4.0, 3.0, 5.0)]
    panel = build_panel(rows, DIMENSIONS, mean=mean)
    count = 40_000
    index = draw_panel(panel, pd.DatetimeIndex([DAY]), count).index()[0]
    table = shares(panel)
    for id in ("mil_a", "mil_b", "cyb_a"):
        # What remains of the variance where the input is known: its first-order index is the rest.
        score = {"mil_a": 6.0, "mil_b": 5.0, "cyb_a": 3.0}[id]
        known = build_panel(
            [r for r in rows if r[1] != id] + [("2024-03-31", id, "c1", score, score, score)], DIMENSIONS, mean=mean
        )
        rest = draw_panel(known, pd.DatetimeIndex([DAY]), count).index()[0]
        # A variance of 40,000 draws errs by less than 1 percent; the geometric mean adds a little interaction.
        assert 1 - rest.var() / index.var() == pytest.approx(table.loc[id, "effective"], abs=0.03)
    assert table.loc[list(DIMENSIONS), "effective"].sum() == pytest.approx(
        1, abs=1e-9 if mean == "arithmetic" else 0.02
    )


def test_a_dimension_without_reading_hands_its_weight_to_the_others():
    panel = with_weights(build_panel(ROWS[:3], DIMENSIONS), energy=0.25)
    table = shares(panel)
    assert table.loc["energy", "stated"] == 0
    assert table.loc["energy", "effective"] == 0
    assert table.loc["cyber", "stated"] == pytest.approx(1 / 2)


def test_a_blank_index_has_no_shares():
    panel = build_panel(ROWS[:2], DIMENSIONS)
    assert shares(panel)[["stated", "effective"]].isna().all(axis=None)
    assert carrying_assessments(panel, DAY)["share"].isna().all()
    assert shares(panel, DAY - pd.Timedelta(days=1))["stated"].isna().all()


def test_carrying_assessments_share_out_the_variance_coder_by_coder():
    rows = [
        ("2024-03-31", "cyb_a", "c1", 3.0, 3.0, 3.0),
        ("2024-03-31", "cyb_a", "c2", 5.0, 5.0, 5.0),  # two certain coders 2 apart: variance 1, half from each
        ("2024-03-31", "ene_a", "c1", 7.0, 4.0, 10.0),  # 27/18 = 1.5
        ("2024-03-31", "mil_a", "c1", 1.0, 1.0, 1.0),
        ("2024-03-31", "mil_b", "c1", 1.0, 1.0, 1.0),
    ]
    table = carrying_assessments(build_panel(rows, DIMENSIONS), DAY)
    assert list(table["indicator"][:3]) == ["ene_a", "cyb_a", "cyb_a"]
    np.testing.assert_allclose(table["share"], [0.6, 0.2, 0.2, 0, 0])
    assert list(table["row"][:3]) == [2, 0, 1]


CARRIED = [
    *[("2024-03-31", id, "c1", 5.0, 4.0, 6.0) for id in ("mil_a", "mil_b", "ene_a")],
    ("2023-06-30", "cyb_a", "c1", 5.0, 4.0, 6.0),  # three reviews missed: widened by 1.5 on each side, to 2.5 … 7.5
]
# Variances of the index, in 1/36 of 1/18: energy 4 · 3, each half of military 3, cyber 4 · (25 - 6.25), or 4 · 3 anew.
AS_IT_IS = 12 + 3 + 3 + 75


def test_the_queue_names_the_carried_range_first_and_says_by_how_much():
    queue = queue_scoring(build_panel(CARRIED, DIMENSIONS), DAY, count=500)
    first = queue.iloc[0]
    assert (first["indicator"], first["action"], first["coder"]) == ("cyb_a", "rescore", "c1")
    assert first["reason"].startswith("review overdue: by the quarter's end the range is widened by 1.50 on each side")
    factor = np.sqrt((12 + 3 + 3 + 12) / AS_IT_IS)
    assert first["expected_width"] == pytest.approx(first["current_width"] * factor)
    assert first["narrowing"] == pytest.approx(first["current_width"] * (1 - factor))
    fresh = queue[(queue["action"] == "rescore") & (queue["indicator"] != "cyb_a")]
    np.testing.assert_allclose(fresh["narrowing"], 0, atol=1e-12)


def test_a_second_coder_narrows_half_of_a_carried_range_and_disagreement_widens():
    doubled = queue_scoring(build_panel(CARRIED, DIMENSIONS), DAY, count=500)
    doubled = doubled[doubled["action"] == "double-score"].set_index("indicator")
    # No doubled assessment yet, so no difference is assumed: a mixture of 75 and 12.
    factor = np.sqrt((12 + 3 + 3 + (75 + 12) / 2) / AS_IT_IS)
    assert doubled.loc["cyb_a", "expected_width"] == pytest.approx(doubled.loc["cyb_a", "current_width"] * factor)
    apart = [*CARRIED, ("2024-03-31", "mil_a", "c2", 7.0, 6.0, 8.0)]
    table = queue_scoring(build_panel(apart, DIMENSIONS), DAY, count=500).set_index(["indicator", "action"])
    assert ("mil_a", "double-score") not in table.index
    assert table.loc[("ene_a", "double-score"), "narrowing"] < 0


@pytest.mark.parametrize("doubt", ["own", "strongly"])
def test_what_is_due_for_review_comes_before_what_was_reviewed_this_quarter(doubt):
    rows = [
        *[("2024-03-31", id, "c1", 5.0, 4.0, 6.0) for id in ("mil_a", "mil_b", "cyb_a", "ene_a")],
        *[("2024-06-30", id, "c1", 5.0, 3.75, 6.25) for id in ("mil_a", "cyb_a")],
    ]
    panel = build_panel(rows, DIMENSIONS, doubt=doubt)
    queue = queue_scoring(panel, pd.Timestamp("2024-05-15"), count=2_000)
    queue = queue[queue["action"] == "rescore"]
    # Though cyber weighs twice as much as mil_b, and its range is wider than usual.
    assert queue["indicator"].tolist() == ["ene_a", "mil_b", "cyb_a", "mil_a"]
    due = queue.set_index("indicator").loc["ene_a"]
    assert due["reason"].startswith("review due this quarter: without it the range is widened by 0.50")
    # The promise is kept, but for the noise of 2,000 draws: energy reviewed, with the median of its widths.
    reviewed = build_panel([*rows, ("2024-06-30", "ene_a", "c1", 5.0, 4.0, 6.0)], DIMENSIONS, doubt=doubt)
    assert width_of(reviewed, pd.Timestamp("2024-06-30"), 40_000) == pytest.approx(due["expected_width"], rel=0.05)
    assert width_of(panel, pd.Timestamp("2024-06-30"), 40_000) > 1.05 * due["expected_width"]


def test_shared_doubt_adds_covariances_by_hand():
    rows = [("2024-03-31", id, "c1", 5.0, 4.0, 6.0) for id in ("mil_a", "mil_b", "cyb_a", "ene_a")]
    rows[3] = ("2024-03-31", "ene_a", "c1", 7.0, 7.0, 7.0)
    panel = build_panel(rows, DIMENSIONS, doubt="strongly")
    # Alike ranges: the comonotone covariance is the variance, 3/18. Weights 1/6, 1/6, 1/3; correlations 0.75 · 0.8 = 0.6
    # within military, and 0.5 across. In 1/36 of 3/18: each half of military 1 + 0.6 + 2 · 0.5, cyber 4 + 2 · 2 · 0.5.
    table = shares(panel)
    total = 2 * 2.6 + 6
    assert table.loc["mil_a", "effective"] == pytest.approx(2.6 / total, rel=1e-3)
    assert table.loc["cyber", "effective"] == pytest.approx(6 / total, rel=1e-3)
    assert table.loc["ene_a", "effective"] == 0
    assert table.loc[list(DIMENSIONS), "effective"].sum() == pytest.approx(1)


@pytest.mark.parametrize("doubt", ["own", "partly", "strongly"])
@pytest.mark.parametrize("mean", ["arithmetic", "geometric"])
@pytest.mark.parametrize("day", ["2024-03-31", "2024-05-15", "2024-06-30", "2024-12-31"])
def test_the_variance_in_closed_form_is_that_of_the_draws(doubt, mean, day):
    """Coders who are not all present, days between two reviews and beyond the last one."""
    rows = [
        *ROWS[:3],
        ("2024-03-31", "ene_a", "c1", 7.0, 5.0, 8.0),
        ("2024-06-30", "ene_a", "c1", 4.0, 3.0, 7.0),
        ("2024-03-31", "ene_a", "c2", 5.0, 4.0, 6.0),
        ("2024-06-30", "mil_a", "c2", 4.0, 3.0, 5.0),
        ("2024-03-31", "mil_b", "c3", 8.0, 7.0, 9.0),
    ]
    panel = build_panel(rows, DIMENSIONS, mean=mean, doubt=doubt)
    methods = pd.DataFrame([{"date": DAY, "doubt_indicator": 0.5, "doubt_dimension": 0.6, "doubt_all": 0.7}])
    panel = dataclasses.replace(panel, dataset=dataclasses.replace(panel.dataset, methods=methods))
    date = pd.Timestamp(day)
    drawn = draw_panel(panel, pd.DatetimeIndex([date]), 40_000).index()[0]
    drawn = np.log1p(drawn) if mean == "geometric" else drawn
    carrying = carrying_assessments(panel, date)
    assert carrying["share"].sum() == pytest.approx(1)
    variance, centre = _spread(_list_inputs(panel, date)[0], panel)
    # A variance of 40,000 draws errs by less than 1 percent; between two reviews logarithms are taken of both ends.
    assert variance == pytest.approx(drawn.var(), rel=0.03 if mean == "arithmetic" or day != "2024-05-15" else 0.08)
    assert centre == pytest.approx(drawn.mean(), abs=0.01)


def test_an_indicator_without_assessment_comes_first():
    queue = queue_scoring(build_panel(ROWS[:3], DIMENSIONS), DAY, count=200)
    assert (queue.loc[0, "indicator"], queue.loc[0, "action"]) == ("ene_a", "score")
    assert queue["narrowing"].isna().all()  # two of three dimensions are too few for an index


def test_one_coders_view_asks_for_no_second_coder():
    rows = [*ROWS, ("2024-03-31", "mil_a", "c2", 7.0, 6.0, 8.0)]
    queue = queue_scoring(build_panel(rows, DIMENSIONS, coder="c1"), DAY, count=200)
    assert set(queue["action"]) == {"rescore"}
    assert set(queue["coder"]) == {"c1"}


# --- following the queue


def random_panel(generator):
    """A panel of unequal weights, ages and widths: a history of two assessments for each indicator."""
    dimensions = {f"d{d}": [f"d{d}_{n}" for n in range(3)] for d in range(4)}
    rows = []
    for ids in dimensions.values():
        for id in ids:
            usual = generator.integers(1, 5) / 2
            for days in np.sort(generator.choice(np.arange(10, 1200), 2, replace=False))[::-1]:
                score = generator.integers(4, 17) / 2
                below, above = usual * generator.choice([0.5, 1, 1.5], 2)
                date = pd.Timestamp("2025-01-01") - pd.Timedelta(days=int(days))
                rows.append((date, id, "c1", score, max(score - below, 0), min(score + above, 10)))
    panel = build_panel(rows, dimensions)
    weights = {d: float(w) for d, w in zip(dimensions, generator.choice([0.5, 1, 2, 4], 4), strict=True)}
    return with_weights(panel, **weights)


def rescored(panel, indicator, today, generator):
    """The panel after a fresh look: the same score, a range as wide as one of the indicator's past ones."""
    table = panel.dataset.assessments
    own = table[table["indicator"] == indicator]
    last = own.loc[own["date"].idxmax()]
    width = own.loc[generator.choice(own.index.to_numpy())]
    row = last.copy()
    row["date"] = row["recorded"] = today
    row["low"] = max(last["score"] - (width["score"] - width["low"]), 0)
    row["high"] = min(last["score"] + (width["high"] - width["score"]), 10)
    grown = pd.concat([table, row.to_frame().T], ignore_index=True).astype(table.dtypes)
    return Panel(dataclasses.replace(panel.dataset, assessments=grown), weights=panel.weights)


def width_of(panel, today, count=1000):
    low, high = interval(draw_panel(panel, pd.DatetimeIndex([today]), count).index())
    return high[0] - low[0]


def mean_width(panel, choose, today, generator, steps=3):
    """The mean width of the interval over some steps of re-scoring what is chosen."""
    widths = []
    for _ in range(steps):
        panel = rescored(panel, choose(panel), today, generator)
        widths.append(width_of(panel, today))
    return np.mean(widths)


def test_following_the_queue_narrows_the_interval_faster_than_oldest_first_or_chance():
    today = pd.Timestamp("2025-01-01")
    queued, oldest, chance = [], [], []
    for seed in range(4):
        panel = random_panel(np.random.default_rng(seed))
        generator = np.random.default_rng(100 + seed)

        def first_in_queue(panel):
            queue = queue_scoring(panel, today, count=200)
            return queue.loc[queue["action"] == "rescore", "indicator"].iloc[0]

        def longest_ago(panel):
            return panel.dataset.assessments.groupby("indicator")["date"].max().idxmin()

        def by_chance(panel, generator=generator):
            return generator.choice(panel.weights.indicators.index.to_numpy())

        queued.append(mean_width(panel, first_in_queue, today, np.random.default_rng(seed)))
        oldest.append(mean_width(panel, longest_ago, today, np.random.default_rng(seed)))
        chance.append(mean_width(panel, by_chance, today, np.random.default_rng(seed)))
    assert np.mean(queued) < np.mean(oldest) < np.mean(chance)
    assert sum(np.less(queued, oldest)) >= 3
