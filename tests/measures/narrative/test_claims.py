"""Claims: what each test means, the verdict, claims that cannot be judged, and which claims a change of data flips."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.measures.narrative.claims import (
    Statement,
    check_claims,
    decide_verdict,
    holds,
    judge_claims,
    list_dates,
    measure_statement,
)
from indicators.measures.panel import Panel
from indicators.records.dataset import load_dataset
from indicators.records.tables.core import OPEN_TESTS, PAIR_TESTS, TESTS
from tests.measures.small_panels import build_panel

DATA = Path(__file__).parents[3] / "data"
DIMENSIONS = {"d": ["a", "b"], "e": ["c"]}

# Scores of three indicators by one coder; b stands still, c arrives in February.
ROWS = [
    ("2024-01-10", "a", "c1", 2.0),
    ("2024-01-10", "b", "c1", 5.0),
    ("2024-02-10", "c", "c1", 1.0),
    ("2024-02-20", "a", "c1", 7.0),
    ("2024-03-05", "a", "c1", 4.0),
    ("2024-03-20", "c", "c1", 3.0),
    ("2024-04-20", "a", "c1", 6.0),
    ("2024-04-20", "c", "c1", 8.0),
]


class FixedDraws:
    """Draws that a test sets: one array (date, draw) for each id."""

    def __init__(self, **values: list[list[float]]) -> None:
        self.values = {id: np.array(rows, float) for id, rows in values.items()}

    def of(self, id: str) -> np.ndarray:
        return self.values[id]


def judge(*claims: tuple[object, ...], rows: list[tuple[object, ...]] = ROWS, **options: object) -> pd.DataFrame:
    """The verdicts on some claims (test, subject, start, end, threshold), called k1, k2 and so on."""
    named = [(f"k{number}", *claim) for number, claim in enumerate(claims, 1)]
    return judge_claims(build_panel(rows, DIMENSIONS, named, **options), count=200).set_index("claim")


def statement(test: str, threshold: float = 0.0) -> Statement:
    return Statement(test, ("a",), pd.Timestamp("2024-01-31"), pd.Timestamp("2024-04-30"), threshold)


@pytest.mark.parametrize(
    ("test", "start", "end", "threshold", "value", "true"),
    [
        ("rises", "2024-01-31", "2024-04-30", 4, 4.0, True),
        ("rises", "2024-01-31", "2024-04-30", 4.5, 4.0, False),
        ("falls", "2024-02-29", "2024-03-31", 3, 3.0, True),
        ("falls", "2024-01-31", "2024-04-30", 0.5, -4.0, False),
        # The peak of 7 and the return to 4 lie between the ends.
        ("stays_above", "2024-02-29", "2024-04-30", 4, 4.0, True),
        ("stays_above", "2024-02-29", "2024-04-30", 4.5, 4.0, False),
        ("stays_below", "2024-01-31", "2024-04-30", 7, 7.0, True),
        ("stays_below", "2024-01-31", "2024-04-30", 6.5, 7.0, False),
        ("highest_since", "2024-01-31", "2024-04-30", np.nan, -1.0, False),
        ("highest_since", "2024-03-10", "2024-04-30", np.nan, 0.0, True),
        ("highest_since", "2024-01-31", "2024-02-29", np.nan, 0.0, True),
        ("highest_since", "2024-03-10", "2024-03-31", np.nan, 0.0, True),  # as high as all before, not higher
        ("lowest_since", "2024-02-29", "2024-03-31", np.nan, 0.0, True),
        ("lowest_since", "2024-01-31", "2024-03-31", np.nan, -2.0, False),
        ("varies", "2024-01-31", "2024-04-30", 5, 5.0, True),
        ("varies", "2024-01-31", "2024-04-30", 5.5, 5.0, False),
    ],
)
def test_tests_of_one_subject_by_hand(
    test: str, start: str, end: str, threshold: float, value: float, true: bool
) -> None:
    row = judge((test, "a", start, end, threshold)).loc["k1"]
    assert (row["value"], row["holds"]) == (value, true)


def test_dimensions_and_the_index_are_subjects_too() -> None:
    # d goes from (2 + 5) / 2 to (6 + 5) / 2, the index from ((4 + 5) / 2 + 3) / 2 to ((6 + 5) / 2 + 8) / 2.
    table = judge(("rises", "d", "2024-01-31", "2024-04-30", 2), ("rises", "index", "2024-03-31", "2024-04-30", 3))
    assert table["value"].tolist() == pytest.approx([2.0, 3.0])
    assert table["holds"].tolist() == [True, True]


def test_a_change_far_beyond_the_plausible_ranges_holds_in_every_draw() -> None:
    span = ("2024-03-31", "2024-04-30", 1)
    table = judge(("rises", "index", *span), ("rises", "d", "2024-01-31", "2024-04-30", 0.5), ("rises", "c", *span))
    assert table["probability"].tolist() == [1, 1, 1]


def test_comparisons_use_month_ends() -> None:
    # Month-ends from February: a is 7, 4, 6 and c is 1, 3, 8.
    table = judge(
        ("larger_than", "a;c", "2024-02-29", "2024-04-30", 1.5),
        ("larger_than", "a;c", "2024-02-29", "2024-04-30", 2),
        ("larger_than", "c;a", "2024-02-29", "2024-04-30", -2),
        ("moves_together", "a;c", "2024-02-29", "2024-04-30", 0.5),
    )
    # Ranks of a: 3 1 2, of c: 1 2 3; Spearman 1 - 6 × (4 + 1 + 1) / (3 × 8).
    assert table["value"].tolist() == pytest.approx([5 / 3, 5 / 3, -5 / 3, -0.5])
    assert table["holds"].tolist() == [True, False, True, False]


@given(
    st.sampled_from([t for t in TESTS if t not in (*OPEN_TESTS, *PAIR_TESTS)]),
    st.lists(st.integers(0, 20), min_size=2, max_size=8),
    st.integers(1, 20),
)
@settings(max_examples=80, deadline=None)
def test_draws_and_point_readings_are_judged_by_the_same_rule(test: str, halves: list[int], threshold: int) -> None:
    said = statement(test, threshold / 2)
    readings = np.array(halves) / 2
    draws = np.stack([readings, 10 - readings], axis=1)
    quantity = measure_statement(said, [draws])
    for draw in (0, 1):
        assert quantity[draw] == measure_statement(said, [draws[:, draw]])
        assert holds(said, quantity)[draw] == holds(said, measure_statement(said, [draws[:, draw]]))


def test_every_test_of_the_vocabulary_can_be_measured() -> None:
    readings = [np.array([1.0, 3.0, 2.0]), np.array([2.0, 5.0, 4.0])]
    for test in TESTS:
        assert np.isfinite(measure_statement(statement(test), readings)), test
    with pytest.raises(ValueError, match="soars"):
        measure_statement(statement("soars"), readings)


def test_no_change_is_neither_a_rise_nor_a_fall() -> None:
    table = judge(
        ("rises", "b", "2024-01-31", "2024-04-30", 0),
        ("falls", "b", "2024-01-31", "2024-04-30", 0),
        ("varies", "b", "2024-01-31", "2024-04-30", 0),
    )
    assert table["holds"].tolist() == [False, False, False]
    # One assessment holds throughout, so no draw shows a change, however wide its range.
    assert table["probability"].tolist() == [0, 0, 0]
    assert set(table["verdict"]) == {"contradicted"}


def test_rounding_errors_do_not_decide() -> None:
    assert holds(statement("rises", 0.3), 0.1 + 0.2)
    assert holds(statement("rises", 0.3), 0.3 - 1e-13)
    assert holds(statement("stays_below", 0.3), 0.1 + 0.2)
    assert not holds(statement("rises"), 1e-15)
    # Equal ranks: 0.1 + 0.2 and 0.3 are the same reading.
    ties = [np.array([0.3, 0.1 + 0.2, 1.0]), np.array([2.0, 1.0, 3.0])]
    assert measure_statement(statement("moves_together"), ties) == pytest.approx(np.sqrt(3) / 2)


@pytest.mark.parametrize(
    ("probability", "verdict"),
    [
        (1.0, "supported"),
        (0.80, "supported"),
        (0.79, "mixed"),
        (0.21, "mixed"),
        (0.20, "contradicted"),
        (0.0, "contradicted"),
        (float("nan"), "cannot be judged"),
    ],
)
def test_verdict_follows_from_the_probability(probability: float, verdict: str) -> None:
    assert decide_verdict(probability) == verdict


def test_probability_is_the_share_of_draws_in_which_the_test_holds() -> None:
    panel = build_panel(ROWS, DIMENSIONS, [("k", "rises", "a", "2024-01-31", "2024-04-30", 1)])
    asked = []

    def draws_of(seen: Panel, dates: pd.DatetimeIndex) -> FixedDraws:
        asked.append(list(dates))
        return FixedDraws(a=[[2, 2, 2, 2], [3, 2.5, 6, 1]])

    row = judge_claims(panel, draws_of).iloc[0]
    assert asked == [[pd.Timestamp("2024-01-31"), pd.Timestamp("2024-04-30")]]
    assert row["probability"] == 0.5
    assert row["verdict"] == "mixed"
    assert row["holds"]  # on the point readings


def test_a_draw_without_a_correlation_does_not_hold() -> None:
    panel = build_panel(ROWS, DIMENSIONS, [("k", "moves_together", "a;c", "2024-02-29", "2024-04-30", 0.5)])
    draws = FixedDraws(a=[[1, 1], [2, 1], [3, 1]], c=[[1, 1], [2, 2], [3, 3]])
    assert judge_claims(panel, lambda *_: draws).at[0, "probability"] == 0.5


def test_a_series_that_does_not_move_has_no_correlation() -> None:
    row = judge(("moves_together", "a;b", "2024-01-31", "2024-04-30", 0.5)).loc["k1"]
    assert row["verdict"] == "cannot be judged"
    assert row["why"]
    assert pd.isna(row["value"])
    assert pd.isna(row["holds"])
    assert pd.isna(row["probability"])


@pytest.mark.parametrize(
    ("claim", "named"),
    [
        (("rises", "a", "2023-12-31", "2024-04-30", 1), "2023-12-31"),  # before the first assessment
        (("rises", "e", "2024-02-09", "2024-04-30", 1), "2024-02-09"),  # the day before it
        (("rises", "index", "2024-01-31", "2024-04-30", 1), "2024-01-31"),  # one of two dimensions is not enough
        (("larger_than", "a;c", "2024-01-31", "2024-04-30", 1), "2024-01-31"),  # the second subject is missing
        (("moves_together", "a;c", "2024-03-01", "2024-04-30", 0.5), "2"),  # two month-ends
        (("larger_than", "a;c", "2024-04-01", "2024-04-29", 1), "0"),  # none
        (("rises", "a", "2024-01-31", "2024-12-31", 1), "2024-07-29"),  # 100 days past the newest assessment
    ],
)
def test_claims_beyond_the_readings_cannot_be_judged(claim: tuple[object, ...], named: str) -> None:
    row = judge(claim).loc["k1"]
    assert row["verdict"] == "cannot be judged"
    assert named in row["why"]
    assert pd.isna(row["probability"])
    assert pd.isna(row["holds"])


def test_a_vintage_says_nothing_about_days_after_it() -> None:
    claim = ("stays_above", "a", "2024-03-10", "2024-04-10", 3)
    assert judge(claim).at["k1", "verdict"] == "supported"
    assert judge(claim, as_of=dt.date(2024, 4, 10)).at["k1", "verdict"] == "supported"
    assert judge(claim, as_of=dt.date(2024, 4, 9)).at["k1", "verdict"] == "cannot be judged"


def test_claims_are_checked_with_their_line() -> None:
    claims = [
        ("fine", "rises", "a", "2024-01-31", "2024-04-30", 1),
        ("early", "rises", "a", "2023-12-31", "2024-04-30", 1),
        ("late", "stays_above", "a", "2024-01-31", "2025-04-30", 1),
        ("still", "moves_together", "a;b", "2024-01-31", "2024-04-30", 0.5),  # no matter of dates
    ]
    found = check_claims(build_panel(ROWS, DIMENSIONS, claims))
    assert [(p.file, p.line, p.column, p.value, p.code) for p in found] == [
        ("narrative/claims.csv", 3, "start", "2023-12-31", "claim-dates"),
        ("narrative/claims.csv", 4, "end", "2025-04-30", "claim-dates"),
    ]


def test_without_claims_or_assessments_nothing_is_judged() -> None:
    assert judge_claims(build_panel(ROWS, DIMENSIONS)).empty
    assert judge(("rises", "a", "2024-01-31", "2024-04-30", 1), rows=[]).at["k1", "verdict"] == "cannot be judged"


def test_a_claim_is_judged_alike_whatever_other_claims_there_are() -> None:
    claims = [
        ("rises", "a", "2024-01-31", "2024-04-30", 4),
        ("falls", "c", "2024-02-29", "2024-04-30", 0.5),
        ("stays_above", "a", "2024-02-29", "2024-07-20", 3.8),
        ("stays_above", "index", "2024-02-29", "2024-07-20", 3),
    ]
    together = judge(*claims)
    for number, claim in enumerate(claims, 1):
        alone = judge(claim).loc["k1", ["verdict", "probability", "value", "holds"]]
        assert alone.tolist() == together.loc[f"k{number}", ["verdict", "probability", "value", "holds"]].tolist()


def test_stretches_are_compared_on_every_date_of_a_change() -> None:
    panel = build_panel(ROWS, DIMENSIONS)
    days = [f"{day:%m-%d}" for day in list_dates(panel, replace(statement("varies"), end=pd.Timestamp("2024-03-31")))]
    assert days == ["01-31", "02-10", "02-20", "03-05", "03-20", "03-31"]


@pytest.fixture(scope="module")
def shipped() -> Panel:
    loaded = load_dataset(DATA)
    assert loaded.dataset is not None, loaded.report.as_text()
    return Panel(loaded.dataset)


@pytest.fixture(scope="module")
def verdicts(shipped: Panel) -> pd.DataFrame:
    return judge_claims(shipped, count=300).set_index("claim")


def mirror(panel: Panel, indicators: list[str]) -> Panel:
    """The panel with the scores of some indicators turned over: 0 for 10, 1 for 9 and so on."""
    rows = panel.dataset.assessments.copy()
    turned = rows["indicator"].isin(indicators)
    rows.loc[turned, "score"] = 10 - rows.loc[turned, "score"]
    rows.loc[turned, ["low", "high"]] = 10 - rows.loc[turned, ["high", "low"]].to_numpy()
    return Panel(replace(panel.dataset, assessments=rows))


def members(panel: Panel, subject: str) -> list[str]:
    """The indicators that a subject of a claim rests on."""
    table = panel.dataset.indicators
    if subject == "index":
        return table.index.tolist()
    return [id for id, dimension in table["dimension"].items() if subject in (id, dimension)]


def write_out(panel: Panel) -> dict[str, dict[str, list[tuple[pd.Timestamp, float]]]]:
    """Each indicator's scores by coder, as plain lists."""
    plain: dict[str, dict[str, list[tuple[pd.Timestamp, float]]]] = {}
    for row in panel.dataset.assessments.itertuples():
        plain.setdefault(row.indicator, {}).setdefault(row.coder, []).append((row.date, row.score))
    return plain


def score_on(
    panel: Panel, plain: dict[str, dict[str, list[tuple[pd.Timestamp, float]]]], id: str, day: object
) -> float:
    """A reading on one day, worked out from the lists; the shipped weights are equal and all parts are present."""
    if id in plain:
        last = [max((row for row in rows if row[0] <= day), default=None) for rows in plain[id].values()]
        return float(np.mean([row[1] for row in last if row]))
    parts = list(panel.dataset.dimensions.index) if id == "index" else members(panel, id)
    return float(np.mean([score_on(panel, plain, part, day) for part in parts]))


def list_truths(panel: Panel) -> dict[str, bool]:
    """Whether each claim about a change, or about the level on each day of a stretch, is true."""
    plain, truths = write_out(panel), {}
    steps = sorted(set(panel.dataset.assessments["date"]))
    for id, claim in panel.dataset.claims.iterrows():
        test, subject, start, end, threshold = claim[["test", "subject", "start", "end", "threshold"]]
        days = [start, *(day for day in steps if start < day < end), end]
        if test in ("rises", "falls"):
            before, after = (score_on(panel, plain, subject, day) for day in (start, end))
            truths[id] = (after - before if test == "rises" else before - after) >= threshold - 1e-9
        elif test in ("stays_above", "stays_below"):
            readings = [score_on(panel, plain, subject, day) for day in days]
            truths[id] = min(readings) > threshold - 1e-9 if test == "stays_above" else max(readings) < threshold + 1e-9
    return truths


@pytest.mark.parametrize("turned", ["diplomacy", "mil_nuclear_posture", "ene_decoupling"])
def test_turning_over_scores_flips_the_claims_whose_truth_changed_and_no_others(
    shipped: Panel, verdicts: pd.DataFrame, turned: str
) -> None:
    before = verdicts
    changed = mirror(shipped, members(shipped, turned))
    after = judge_claims(changed, count=300).set_index("claim")
    truths, new_truths = list_truths(shipped), list_truths(changed)
    flipped = {id for id, true in truths.items() if new_truths[id] != true}
    assert flipped
    assert {id for id in truths if after.at[id, "holds"] != before.at[id, "holds"]} == flipped
    assert all(before.at[id, "holds"] == true for id, true in truths.items())
    for id, claim in before.iterrows():
        rests_on = {indicator for subject in claim["subject"].split(";") for indicator in members(shipped, subject)}
        if not rests_on & set(members(shipped, turned)):
            pd.testing.assert_series_equal(after.loc[id], claim)
