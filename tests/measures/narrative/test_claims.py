"""Claims tested on the data: what each test means, verdicts, and that each shipped claim could turn out either way."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.measures.narrative.claims import (
    CANNOT,
    NO_TEST,
    PARTLY,
    Statement,
    check_claims,
    decide_verdict,
    holds,
    judge_claims,
    less_certain,
    list_quarters,
    measure_statement,
    rate_confidence,
)
from indicators.measures.panel import Panel
from indicators.records.dataset import load_dataset, split_ids
from indicators.records.tables.core import BEFORE_CLAIMS, PAIR_CLAIMS, TESTS, UNTESTED
from tests.measures.small_panels import build_panel

DATA = Path(__file__).parents[3] / "data"
YEAR = ("2024-01-01", "2024-12-31")
BEFORE = ("2023-01-01", "2023-12-31")
NOTHING = ("", "")
QUARTERS = [f"{year}-{day}" for year in (2023, 2024) for day in ("03-31", "06-30", "09-30", "12-31")]


def panel_of(scores: dict[str, list[float]], *claims: tuple[Any, ...], spread: float = 0.0, **options: Any) -> Panel:
    """One dimension for each indicator, reviewed at the ends of 2023's and 2024's quarters."""
    rows = [
        (day, id, "c1", score, max(score - spread, 0), min(score + spread, 10))
        for id, values in scores.items()
        for day, score in zip(QUARTERS, values, strict=True)
    ]
    return build_panel(rows, {id[0]: [id] for id in scores}, claims, **options)


def judge(panel: Panel) -> dict[str, Any]:
    return judge_claims(panel, count=400).iloc[0].to_dict()


FLAT = [4.0] * 4
A = {"a1": [*FLAT, 4.0, 6.0, 5.0, 7.0], "b1": [*FLAT, 5.0, 5.0, 5.0, 5.0]}  # means of 2024: 5.5 and 5


@pytest.mark.parametrize(
    ("test", "subject", "before", "threshold", "value", "result"),
    [
        ("rises", "a1", BEFORE, 1.0, 1.5, True),
        ("rises", "a1", BEFORE, 2.0, 1.5, False),
        ("falls", "a1", BEFORE, 0.5, -1.5, False),
        ("remains", "a1", BEFORE, 0.5, 1.5, True),
        ("both_rise", "a1;b1", BEFORE, 1.0, 1.0, True),
        ("both_rise", "a1;b1", BEFORE, 1.5, 1.0, False),
        ("averages_above", "a1", NOTHING, 5.0, 5.5, True),
        ("averages_below", "a1", NOTHING, 5.0, 5.5, False),
        ("stays_above", "a1", NOTHING, 4.5, 4.0, False),
        ("stays_below", "a1", NOTHING, 7.0, 7.0, True),
        ("highest_since", "a1", BEFORE, None, 1.5, True),
        ("lowest_since", "a1", BEFORE, None, -1.5, False),
        ("varies", "a1", NOTHING, 3.0, 3.0, True),
        ("larger_than", "a1;b1", NOTHING, 0.5, 0.5, True),
        ("larger_than", "b1;a1", NOTHING, 0.5, -0.5, False),
    ],
)
def test_tests_by_hand(
    test: str, subject: str, before: tuple[str, str], threshold: float | None, value: float, result: bool
) -> None:
    judged = judge(panel_of(A, ("x", test, subject, *YEAR, *before, threshold)))
    assert judged["value"] == pytest.approx(value)
    assert judged["holds"] is result
    assert judged["probability"] == float(result)


def test_a_rank_correlation_needs_six_quarters_and_two_series_that_move() -> None:
    moving = {"a1": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], "b1": [2.0, 1.0, 4.0, 3.0, 6.0, 5.0, 8.0, 7.0]}
    both = ("x", "moves_together", "a1;b1", "2023-01-01", "2024-12-31", *NOTHING, 0.5)
    # 1 − 6·8/(8·63), four swapped neighbours.
    assert judge(panel_of(moving, both))["value"] == pytest.approx(1 - 48 / 504)
    short = ("x", "moves_together", "a1;b1", *YEAR, *NOTHING, 0.5)
    assert judge(panel_of(moving, short))["verdict"] == CANNOT
    still = judge(panel_of({"a1": moving["a1"], "b1": [4.0] * 8}, both))
    assert (still["verdict"], "does not vary" in still["why"]) == (CANNOT, True)


def test_dimensions_and_the_index_are_subjects_too() -> None:
    for subject, value in (("a", 1.5), ("index", 1.25)):
        assert judge(panel_of(A, ("x", "rises", subject, *YEAR, *BEFORE, 0.5)))["value"] == pytest.approx(value)


@pytest.mark.parametrize(
    ("threshold", "verdict"),
    [(1.0, "supported"), (2.5, "contradicted"), (1.25, "on the line"), (1.75, "on the line"), (1.24, "supported")],
)
def test_within_a_quarter_of_a_point_of_the_threshold_a_verdict_is_on_the_line(threshold: float, verdict: str) -> None:
    assert judge(panel_of(A, ("x", "rises", "a1", *YEAR, *BEFORE, threshold)))["verdict"] == verdict


def test_a_claim_that_says_more_than_its_test_is_only_partly_testable() -> None:
    judged = judge(panel_of(A, ("x", "rises", "a1", *YEAR, *BEFORE, 0.5, "Who caused it.")))
    assert (judged["verdict"], judged["tested"]) == (PARTLY, "supported")


def test_a_claim_without_a_test_is_not_testable_and_says_why() -> None:
    judged = judge(panel_of(A, ("x", UNTESTED, "", *YEAR, *NOTHING, None, "It is a condition.")))
    assert (judged["verdict"], judged["why"], judged["confidence"]) == (NO_TEST, "It is a condition.", "")


def test_the_verdict_is_shown_with_other_thresholds_and_quarters() -> None:
    # 4 4 4 4 | 4 6 5 7: a quarter earlier is 2023 Q4 to 2024 Q3, mean 4.75, against 2022 Q4 to 2023 Q3: not settled.
    judged = judge(panel_of(A, ("x", "rises", "a1", *YEAR, *BEFORE, 1.2)))
    assert judged["lower"] == "supported"  # by 0.7
    assert judged["higher"] == "contradicted"  # by 1.7
    assert (judged["earlier"], judged["later"]) == ("", "")
    level = judge(panel_of(A, ("x", "stays_above", "a1", "2024-04-01", "2024-12-31", *NOTHING, 4.5)))
    assert (level["earlier"], level["later"]) == ("contradicted", "")
    # Three quarters that all reach 4.5: only the last three of six stretches.
    assert (level["elsewhere"], level["windows"]) == (1, 6)


def test_how_often_a_test_on_levels_holds_anyway_is_counted() -> None:
    judged = judge(panel_of({"a1": [8.0] * 8}, ("x", "averages_above", "a1", *YEAR, *NOTHING, 4.0)))
    assert (judged["elsewhere"], judged["windows"]) == (5, 5)
    assert pd.isna(judge(panel_of(A, ("x", "rises", "a1", *YEAR, *BEFORE, 1.0)))["windows"])


def test_confidence_falls_with_fit_evidence_and_stability() -> None:
    assert rate_confidence(False, 0.6, 4, 4) == "high"
    assert rate_confidence(False, 0.4, 4, 4) == "moderate"
    assert rate_confidence(True, 0.6, 4, 4) == "moderate"
    assert rate_confidence(False, 0.6, 3, 4) == "moderate"
    assert rate_confidence(False, 0.6, 2, 4) == "low"
    assert rate_confidence(True, float("nan"), 4, 4) == "low"


def test_a_claim_on_a_quarter_that_is_not_settled_cannot_be_judged() -> None:
    panel = panel_of(A, ("x", "rises", "a1", "2024-07-01", "2025-03-31", *BEFORE, 0.5))
    judged = judge(panel)
    assert (judged["verdict"], judged["why"]) == (CANNOT, "the data do not reach the 1st quarter of 2025")
    (problem,) = check_claims(panel)
    assert (problem.file, problem.line, problem.column, problem.code) == (
        "narrative/claims.csv",
        2,
        "end",
        "claim-dates",
    )
    rows = [("2024-03-31", "a1", "c1", 4.0), ("2024-09-30", "a1", "c1", 5.0)]
    gap = build_panel(rows, {"a": ["a1"]}, [("x", "stays_above", "a1", *YEAR, *NOTHING, 4.0)])
    assert "2nd quarter of 2024: 75% of its weight must be reviewed, 0% is" in judge(gap)["why"]


def test_changes_take_the_doubt_that_says_less() -> None:
    assert less_certain(0.98, 0.91) == 0.91
    assert less_certain(0.02, 0.07) == 0.07
    assert less_certain(0.7) == 0.7


def test_more_assessments_between_the_reviews_change_no_verdict() -> None:
    claim = ("x", "stays_above", "a1", *YEAR, *NOTHING, 5.0)
    scores = {"a1": [6.0] * 8}
    sparse = panel_of(scores, claim, spread=2.0)
    rows = [
        tuple(row) for row in sparse.dataset.assessments[["date", "indicator", "coder", "score", "low", "high"]].values
    ]
    between = [(day, "a1", "c1", 6.0, 4.0, 8.0) for day in ("2024-02-01", "2024-02-15", "2024-05-05", "2024-08-01")]
    dense = build_panel([*rows, *between], {"a": ["a1"]}, [claim])
    assert judge(dense)["probability"] == judge(sparse)["probability"]


def test_a_claim_is_judged_alike_whatever_other_claims_there_are() -> None:
    claims = [
        ("x", "rises", "a1", *YEAR, *BEFORE, 1.4),
        ("y", "larger_than", "a1;b1", *YEAR, *NOTHING, 0.5),
        ("z", "stays_above", "index", *YEAR, *NOTHING, 4.2),
    ]
    together = judge_claims(panel_of(A, *claims, spread=1.0), count=400)
    for place, claim in enumerate(claims):
        alone = judge_claims(panel_of(A, claim, spread=1.0), count=400)
        pd.testing.assert_frame_equal(alone, together.iloc[[place]].reset_index(drop=True), check_dtype=False)


def test_without_claims_or_assessments_nothing_is_judged() -> None:
    assert judge_claims(panel_of(A)).empty
    empty = build_panel([], {"a": ["a1"]}, [("x", "stays_above", "a1", *YEAR, *NOTHING, 4.0)])
    assert judge(empty)["verdict"] == CANNOT


@pytest.mark.parametrize(
    ("probability", "verdict"),
    [(1, "supported"), (0.8, "supported"), (0.79, "mixed"), (0.21, "mixed"), (0.2, "contradicted"), (np.nan, CANNOT)],
)
def test_a_verdict_follows_from_the_share_of_draws(probability: float, verdict: str) -> None:
    assert decide_verdict(probability) == verdict


HALVES = st.lists(st.integers(0, 20), min_size=8, max_size=8)


@given(HALVES, HALVES, st.sampled_from([test for test in TESTS if test != UNTESTED]), st.integers(-4, 10))
@settings(max_examples=60, deadline=None)
def test_draws_and_points_are_judged_by_the_same_rule(first: list[int], second: list[int], test: str, t: int) -> None:
    a, b = (np.array(values, float)[:, None] / 2 for values in (first, second))
    statement = Statement(test, ("a", "b"), list_quarters(*YEAR), list_quarters(*BEFORE), t / 2)
    drawn = measure_statement(statement, [a[4:], b[4:]], [a[:4], b[:4]])
    point = measure_statement(statement, [a[4:, 0], b[4:, 0]], [a[:4, 0], b[:4, 0]])
    np.testing.assert_array_equal(drawn[0], point)
    assert holds(statement, drawn)[0] == holds(statement, float(point))


# The shipped claims: none is bound to a test that could not fail.

SHIPPED = load_dataset(DATA).dataset
assert SHIPPED is not None
TESTED = SHIPPED.claims[SHIPPED.claims["test"] != UNTESTED].to_dict("index")


def imagine(claim: dict[str, Any], bears_out: bool) -> dict[str, tuple[float, float]]:
    """Scores of each subject before and in the quarters of a claim that bear it out, or that speak against it."""
    first, *second = split_ids(claim["subject"])
    test, threshold = claim["test"], claim["threshold"]
    if test in BEFORE_CLAIMS:
        moved = (
            {"rises": 3.5, "both_rise": 3.5, "remains": 0.0}[test] if bears_out else {"remains": -2.5}.get(test, -1.0)
        )
        return dict.fromkeys((first, *second), (4.0, 4.0 + moved))
    if test == "larger_than":
        levels = (7.0, 4.0) if bears_out else (4.0, 7.0)
        return {id: (level, level) for id, level in zip((first, *second), levels, strict=True)}
    above = bears_out == (test in ("averages_above", "stays_above"))
    return {first: (threshold + (1.0 if above else -1.0),) * 2}


@pytest.mark.parametrize("id", list(TESTED))
def test_each_shipped_claim_can_be_borne_out_and_contradicted(id: str) -> None:
    claim = TESTED[id]
    line = [claim[name] for name in ("test", "subject", "start", "end", "before_start", "before_end", "threshold")]
    start = claim["start"] if pd.isna(claim["before_start"]) else claim["before_start"]
    quarters = pd.date_range(start, claim["end"], freq="QE")
    for bears_out, verdict in ((True, "supported"), (False, "contradicted")):
        if claim["test"] == "varies":
            swing = 2 * claim["threshold"] if bears_out else 0.0
            path = [4.0 + swing * (place % 2) for place, _ in enumerate(quarters)]
            scores = {split_ids(claim["subject"])[0]: path}
        else:
            levels = imagine(claim, bears_out)
            scores = {id: [pair[day >= claim["start"]] for day in quarters] for id, pair in levels.items()}
        rows = [
            (f"{day:%Y-%m-%d}", f"{subject}_x", "c1", score)
            for subject, values in scores.items()
            for day, score in zip(quarters, values, strict=True)
        ]
        # Each subject stands as a dimension of one indicator; the index is that of them all.
        named = {subject: ("d" if subject == "index" else subject) for subject in scores}
        dimensions = {named[subject]: [f"{subject}_x"] for subject in scores}
        judged = judge(build_panel(rows, dimensions, [(id, *line)]))
        assert judged["verdict"] == verdict, (id, bears_out, judged["value"])


def test_pairs_name_two_subjects_and_each_shipped_claim_its_quarters() -> None:
    for claim in TESTED.values():
        assert len(split_ids(claim["subject"])) == (2 if claim["test"] in PAIR_CLAIMS else 1)
        assert len(list_quarters(claim["start"], claim["end"])) >= 2
