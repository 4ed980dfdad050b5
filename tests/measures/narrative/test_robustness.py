"""Headlines under other choices: hand-computed shares, and the smallest change of weights against brute force."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from indicators.measures.index import Weights
from indicators.measures.narrative.claims import Statement
from indicators.measures.narrative.robustness import (
    break_rise,
    headline_survival,
    smallest_breaking_weights,
    weigh_index,
)
from indicators.measures.panel import Panel
from indicators.measures.readings import NoReadingError
from indicators.records.tables.core import BEFORE_CLAIMS
from tests.measures.small_panels import build_panel

START, END = pd.Timestamp("2024-03-31"), pd.Timestamp("2024-06-30")


def panel_of(levels: dict[str, tuple[float | None, float | None]], coders: str = "c1", **options: object) -> Panel:
    """One indicator for each dimension, with exact reviews on START and END; None: no review."""
    rows = [
        (day, f"{name}1", coder, score, score, score)
        for coder in coders.split()
        for name, scores in levels.items()
        for day, score in zip(("2024-03-31", "2024-06-30"), scores, strict=True)
        if score is not None
    ]
    return build_panel(rows, {name: [f"{name}1"] for name in levels}, **options)


def survive(panel: Panel, test: str = "rises", subject: str = "index", threshold: float = 0, **options: object):
    quarters = pd.DatetimeIndex([END] if test in BEFORE_CLAIMS else [START, END])
    before = pd.DatetimeIndex([START] if test in BEFORE_CLAIMS else [])
    statement = Statement(test, tuple(subject.split(";")), quarters, before, threshold)
    return headline_survival(panel, statement, count=400, **options)


def test_what_every_dimension_shows_survives_everything() -> None:
    result = survive(panel_of({"a": (2, 5), "b": (3, 4)}, coders="c1 c2"))
    assert result.holds
    assert result.share == 1
    assert result.by == {"draws": 1, "weights": 1, "means": 1, "coders": 1}


def test_what_no_dimension_shows_survives_nothing() -> None:
    result = survive(panel_of({"a": (5, 2), "b": (3, 3)}))
    assert not result.holds
    assert result.share == 0
    assert set(result.by.values()) == {0}


def test_share_of_weights_by_hand() -> None:
    # a rises by 2 and b falls by 2: the index rises where a weighs more than b.
    weights = np.array([[3, 1], [1, 3], [1, 1], [5, 1]] * 100, float)
    result = survive(panel_of({"a": (4, 6), "b": (6, 4)}), weights=weights)
    assert result.by["weights"] == 0.5
    assert result.by["draws"] == 0  # equal weights: no change at all
    assert not result.holds


def test_share_of_means_by_hand() -> None:
    # Arithmetic: 5 to 5.25, a rise. Geometric of 1 + score: sqrt(6 × 6) to sqrt(1.5 × 11), a fall.
    result = survive(panel_of({"a": (5, 0.5), "b": (5, 10)}), weights=np.ones((400, 2)))
    assert result.by["means"] == result.share == 0.5
    assert result.holds


def test_the_mean_within_a_dimension_is_varied_too() -> None:
    scores = {"a1": (5, 0.5), "a2": (5, 10)}
    days = ("2024-03-31", "2024-06-30")
    rows = [(day, id, "c1", s, s, s) for id, pair in scores.items() for day, s in zip(days, pair, strict=True)]
    result = survive(build_panel(rows, {"a": ["a1", "a2"]}), subject="a")
    assert result.by["means"] == result.share == 0.5


def test_share_of_coders_by_hand() -> None:
    rows = [
        (day, indicator, coder, score, score, score)
        for indicator in ("a1", "b1")
        for coder, scores in {"c1": (2, 6), "c2": (4, 3), "c3": (4, 3)}.items()
        for day, score in zip(("2024-03-31", "2024-06-30"), scores, strict=True)
    ]
    result = survive(build_panel(rows, {"a": ["a1"], "b": ["b1"]}))
    # Together and c1 alone say it rose, c2 and c3 alone that it fell.
    assert result.by["coders"] == 0.5
    assert result.holds


def test_a_coder_without_a_reading_is_left_out_and_named() -> None:
    rows = [("2024-03-31", "a1", "c1", 2.0), ("2024-06-30", "a1", "c1", 6.0), ("2024-06-30", "a1", "c2", 6.0)]
    result = survive(build_panel(rows, {"a": ["a1"]}))
    assert result.by["coders"] == 1
    assert any("c2" in line and "1st quarter of 2024" in line for line in result.varied)


def test_one_coders_panel_varies_no_coders() -> None:
    panel = panel_of({"a": (2, 5)}, coders="c1 c2", coder="c1")
    assert not any("c2" in line for line in survive(panel).varied)


def test_doubtful_scores_lower_the_share_of_draws_only() -> None:
    rows = [("2024-03-31", "a1", "c1", 4.0, 2.0, 6.0), ("2024-06-30", "a1", "c1", 4.5, 2.5, 6.5)]
    result = survive(build_panel(rows, {"a": ["a1"]}))
    assert 0.5 < result.by["draws"] < 0.9
    assert result.by["weights"] == result.by["means"] == result.by["coders"] == 1


def test_weights_do_not_move_a_dimension() -> None:
    weights = np.array([[0, 1]] * 400, float)
    panel = panel_of({"a": (4, 6), "b": (6, 4)})
    assert survive(panel, subject="a", weights=weights).by["weights"] == 1
    assert survive(panel, subject="index", weights=weights).by["weights"] == 0


def test_a_dimension_that_starts_late_leaves_the_headline_judged() -> None:
    """Four of five equal weights just meet the index's coverage; drawn weights around them must not lose it."""
    levels = dict.fromkeys("abcd", (2.0, 6.0)) | {"e": (None, 6.0)}
    result = survive(panel_of(levels))
    assert result.share == result.by["weights"] == 1


def test_same_seed_same_answer() -> None:
    panel = panel_of({"a": (4, 6), "b": (6, 4.5)})
    assert survive(panel, seed=1) == survive(panel, seed=1)
    assert survive(panel, seed=1).by["weights"] != survive(panel, seed=2).by["weights"]


def test_a_headline_about_days_without_readings_is_refused() -> None:
    with pytest.raises(NoReadingError, match="1st quarter of 2024"):
        survive(panel_of({"a": (None, 5)}))


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9)), min_size=1, max_size=5),
    st.sampled_from(["arithmetic", "geometric"]),
)
def test_weighing_by_one_set_is_the_weighted_mean(parts: list[tuple[int, int]], mean: str) -> None:
    scores, weights = np.array(parts, float).T
    scores = scores / 2
    if mean == "arithmetic":
        expected = np.average(scores, weights=weights)
    else:
        expected = np.exp(np.average(np.log(1 + scores), weights=weights)) - 1
    blank = np.append(scores, np.nan)[:, None, None]
    got = weigh_index(blank, np.append(weights, 4.0)[None, :], mean)  # type: ignore[arg-type]
    assert got == pytest.approx(np.array([[expected]]))


def test_smallest_change_of_weights_by_hand() -> None:
    # a +2, b +1, c −1, equal weights: move w from a to c until 2 (1/3 − w) + 1/3 − (1/3 + w) = 0, w = 2/9.
    result = smallest_breaking_weights(panel_of({"a": (4, 6), "b": (4, 5), "c": (5, 4)}), START, END)
    assert result.distance == pytest.approx(4 / 9)
    assert result.weights is not None
    assert result.weights.tolist() == pytest.approx([1 / 9, 1 / 3, 5 / 9])
    assert list(result.weights.index) == ["a", "b", "c"]
    assert result.why == ""


def test_the_breaking_weights_do_break_the_index() -> None:
    for mean in ("arithmetic", "geometric"):
        panel = panel_of({"a": (4, 6), "b": (4, 5), "c": (5, 4)}, mean=mean)
        result = smallest_breaking_weights(panel, START, END)
        assert result.weights is not None
        changed = Panel(panel.dataset, weights=panel.weights.with_dimensions(result.weights.to_dict()), mean=panel.mean)
        before, after = changed.composite(pd.DatetimeIndex([START, END])).index
        assert after == pytest.approx(before)


def test_a_rise_of_every_dimension_cannot_be_broken() -> None:
    result = smallest_breaking_weights(panel_of({"a": (4, 6), "b": (4, 4.5)}), START, END)
    assert result.weights is None
    assert np.isnan(result.distance)
    assert result.why


def test_a_dimension_that_stands_still_can_carry_all_the_weight() -> None:
    result = smallest_breaking_weights(panel_of({"a": (4, 6), "b": (4, 4)}), START, END)
    assert result.distance == pytest.approx(1)
    assert result.weights is not None
    assert result.weights.tolist() == pytest.approx([0, 1])


@pytest.mark.parametrize("later", [4, 3])
def test_what_does_not_hold_needs_no_change(later: float) -> None:
    result = smallest_breaking_weights(panel_of({"a": (4, later)}), START, END)
    assert result.distance == 0
    assert result.why


def test_absent_dimensions_keep_the_index_covered() -> None:
    # e has no reading: at most a fifth of the weight may move to it, which alone breaks nothing.
    levels = {"a": (4.0, 6.0), "b": (4.0, 6.0), "c": (4.0, 6.0), "d": (4.0, 3.0), "e": (None, None)}
    result = smallest_breaking_weights(panel_of(levels), START, END)
    assert result.weights is not None
    assert result.weights["e"] <= 0.2 + 1e-9
    # Present changes +2 +2 +2 −1: w moved to d with 2 (0.6 − w) = 0.2 + w.
    assert result.distance == pytest.approx(2 * 1 / 3)


def test_a_dimension_read_on_one_date_only_is_no_matter_of_weights() -> None:
    levels = dict.fromkeys("abcd", (4.0, 6.0)) | {"e": (None, 3.0)}
    result = smallest_breaking_weights(panel_of(levels), START, END)
    assert result.weights is None
    assert "e" in result.why


def test_without_an_index_reading_there_is_no_answer() -> None:
    with pytest.raises(NoReadingError, match="2024-03-31"):
        smallest_breaking_weights(panel_of({"a": (None, 6)}), START, END)


GRID = np.array([p for p in itertools.product(range(21), repeat=3) if sum(p) <= 20], float) / 20
GRID = np.column_stack([GRID, 1 - GRID.sum(axis=1)])


@given(
    st.lists(st.integers(-20, 20), min_size=4, max_size=4),
    st.lists(st.integers(0, 10), min_size=4, max_size=4),
)
@settings(max_examples=80, deadline=None)
def test_no_weights_on_a_grid_over_the_simplex_break_a_rise_with_less(halves: list[int], parts: list[int]) -> None:
    assume(sum(parts) > 0)
    changes, weights = np.array(halves) / 2, np.array(parts) / sum(parts)
    assume(changes @ weights > 1e-9)
    found = break_rise(changes, weights, np.ones(4, dtype=bool))
    breaking = GRID[GRID @ changes <= 1e-9]
    assert (found is None) == (len(breaking) == 0)
    if found is not None:
        assert found.min() >= 0
        assert found.sum() == pytest.approx(1)
        assert changes @ found <= 1e-9
        assert np.abs(found - weights).sum() <= np.abs(breaking - weights).sum(axis=1).min() + 1e-9


def test_published_weights_are_where_the_change_starts_from() -> None:
    panel = panel_of({"a": (4, 6), "b": (5, 4)})
    heavier = Panel(panel.dataset, weights=panel.weights.with_dimensions({"a": 3}))
    assert isinstance(heavier.weights, Weights)
    # From 3/4 and 1/4 to 1/3 and 2/3.
    assert smallest_breaking_weights(heavier, START, END).distance == pytest.approx(2 * (3 / 4 - 1 / 3))
