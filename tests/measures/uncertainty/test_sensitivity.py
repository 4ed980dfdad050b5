"""What drives the index's uncertainty, and what to score next."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from indicators.measures.panel import Panel
from indicators.measures.uncertainty.draws import draw_panel
from indicators.measures.uncertainty.intervals import interval
from indicators.measures.uncertainty.sensitivity import carrying_assessments, effective_shares, queue_scoring
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


def test_the_queue_names_the_carried_range_first_and_says_by_how_much():
    rows = [
        *[("2024-03-31", id, "c1", 5.0, 4.0, 6.0) for id in ("mil_a", "mil_b", "ene_a")],
        ("2023-06-30", "cyb_a", "c1", 5.0, 4.0, 6.0),  # 275 days at 100 of review: widened by 1 on each side
    ]
    queue = queue_scoring(build_panel(rows, DIMENSIONS), DAY, count=500)
    first = queue.iloc[0]
    assert (first["indicator"], first["action"], first["coder"]) == ("cyb_a", "rescore", "c1")
    # Variances of the index: energy and each half of military 3/18 at 1/3, 1/6, 1/6; cyber 12/18, then 3/18, at 1/3
    factor = np.sqrt((4 + 1 + 1 + 4) / (4 + 1 + 1 + 16))
    assert first["expected_width"] == pytest.approx(first["current_width"] * factor)
    assert first["narrowing"] == pytest.approx(first["current_width"] * (1 - factor))
    fresh = queue[(queue["action"] == "rescore") & (queue["indicator"] != "cyb_a")]
    np.testing.assert_allclose(fresh["narrowing"], 0, atol=1e-12)


def test_a_second_coder_narrows_half_of_a_carried_range_and_disagreement_widens():
    rows = [
        *[("2024-03-31", id, "c1", 5.0, 4.0, 6.0) for id in ("mil_a", "mil_b", "ene_a")],
        ("2023-06-30", "cyb_a", "c1", 5.0, 4.0, 6.0),
    ]
    doubled = queue_scoring(build_panel(rows, DIMENSIONS), DAY, count=500)
    doubled = doubled[doubled["action"] == "double-score"].set_index("indicator")
    # No doubled assessment yet, so no difference is assumed: the mixture has half of 12/18 and half of 3/18
    factor = np.sqrt((4 + 1 + 1 + 4 * 2.5) / (4 + 1 + 1 + 16))
    assert doubled.loc["cyb_a", "expected_width"] == pytest.approx(doubled.loc["cyb_a", "current_width"] * factor)
    apart = [*rows, ("2024-03-31", "mil_a", "c2", 7.0, 6.0, 8.0)]
    table = queue_scoring(build_panel(apart, DIMENSIONS), DAY, count=500).set_index(["indicator", "action"])
    assert ("mil_a", "double-score") not in table.index
    assert table.loc[("ene_a", "double-score"), "narrowing"] < 0


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


def width_of(panel, today):
    low, high = interval(draw_panel(panel, pd.DatetimeIndex([today]), 1000).index())
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
