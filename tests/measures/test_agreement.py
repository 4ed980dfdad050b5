"""Agreement between coders: alpha by hand and by the reference package, its interval, and where coders differ."""

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.measures.agreement import (
    alpha_of_sums,
    compare_spans,
    compute_alpha,
    list_differences,
    measure_agreement,
    measure_overlap,
    sum_units,
    tabulate_units,
)
from indicators.measures.panel import Panel
from tests.measures.small_panels import build_panel

QUARTERS = [f"{day:%Y-%m-%d}" for day in pd.date_range("2020-03-31", periods=40, freq="QE")]
GENERATOR = np.random.default_rng(7)
SCORES = (GENERATOR.integers(0, 21, 40) / 2).tolist()

# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), the example with four observers and twelve units.
FOUR_OBSERVERS = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, np.nan, np.nan, np.nan],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, np.nan, 3],
        [np.nan, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, np.nan],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, np.nan],
    ]
).T


def double(first: list[float], second: list[float], indicator: str = "a") -> list[tuple[object, ...]]:
    """Rows of two coders who score one indicator at quarter-ends."""
    pairs = zip(QUARTERS, first, second, strict=False)
    return [row for day, x, y in pairs for row in ((day, indicator, "c1", x), (day, indicator, "c2", y))]


def panel_of(*rows: list[tuple[object, ...]], **options: object) -> Panel:
    return build_panel([row for part in rows for row in part], {"d": ["a", "b"], "e": ["c"]}, **options)


def row_of(table: pd.DataFrame, id: str) -> pd.Series:
    return table.set_index("id").loc[id]


def test_alpha_of_the_textbook_example() -> None:
    assert compute_alpha(FOUR_OBSERVERS, "interval") == pytest.approx(0.849, abs=5e-4)
    assert compute_alpha(FOUR_OBSERVERS, "ordinal") == pytest.approx(0.815, abs=5e-4)


def test_alpha_worked_out_by_hand() -> None:
    # Values 1 1 | 2 3: within units 2 × (3 - 2)² = 2; over all ordered pairs 22, divided by 4 - 1; 1 - 2 / (22 / 3).
    scores = np.array([[1.0, 1.0], [2.0, 3.0]])
    assert compute_alpha(scores) == pytest.approx(8 / 11)
    assert alpha_of_sums(sum_units(scores).sum(axis=0)) == pytest.approx(8 / 11)


@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.integers(0, 20)), min_size=3, max_size=3), min_size=2, max_size=12
    ).filter(lambda units: len({v for u in units if sum(x is not None for x in u) > 1 for v in u} - {None}) > 1)
)
@settings(max_examples=60, deadline=None)
def test_sums_of_units_give_the_alpha_of_the_reference_package(units: list[list[int | None]]) -> None:
    scores = np.array([[np.nan if v is None else v / 2 for v in unit] for unit in units])
    expected = krippendorff.alpha(reliability_data=scores.T, level_of_measurement="interval")
    assert alpha_of_sums(sum_units(scores).sum(axis=0)) == pytest.approx(expected, abs=1e-9)
    for level in ("interval", "ordinal"):
        expected = krippendorff.alpha(reliability_data=scores.T, level_of_measurement=level)
        assert compute_alpha(scores, level) == pytest.approx(expected, abs=1e-9)


def test_ordinal_alpha_worked_out_by_hand() -> None:
    # Values 1 1 | 2 3 | 3 3, given 2, 1 and 3 times: their middle places are 1, 2.5 and 4.5 of six.
    # Within units 2 × 2² = 8; over all ordered pairs 2 × (2 × 1.5² + 6 × 3.5² + 3 × 2²) = 180, by 6 - 1: 36.
    scores = np.array([[1.0, 1.0], [2.0, 3.0], [3.0, 3.0]])
    assert compute_alpha(scores, "ordinal") == pytest.approx(1 - 8 / 36)


@pytest.mark.parametrize(
    "scores", [[[1.0, 1.0], [1.0, 1.0]], [[1.0, np.nan], [2.0, np.nan]], [[1.0, 1.0], [2.0, np.nan]]]
)
def test_scores_that_do_not_vary_where_two_coders_scored_have_no_alpha(scores: list[list[float]]) -> None:
    for level in ("interval", "ordinal"):
        with pytest.raises(ValueError, match=r"vary|double-coded"):
            compute_alpha(np.array(scores), level)


def test_coders_who_always_agree_have_an_alpha_of_one_without_doubt() -> None:
    table = measure_agreement(panel_of(double(SCORES, SCORES), double(SCORES[::-1], SCORES[::-1], "c")))
    for id in ("index", "d", "e", "a", "c"):
        row = row_of(table, id)
        assert row[["alpha_interval", "low", "high", "alpha_ordinal"]].tolist() == pytest.approx([1, 1, 1, 1])
        assert row["note"] == ""


def test_scores_dealt_out_by_chance_have_an_alpha_near_zero() -> None:
    shuffled = GENERATOR.permutation(SCORES).tolist()
    row = row_of(measure_agreement(panel_of(double(SCORES, shuffled))), "a")
    assert abs(row["alpha_interval"]) < 0.35
    assert row["low"] < 0 < row["high"]


def test_opposed_coders_are_worse_than_chance() -> None:
    row = row_of(measure_agreement(panel_of(double(SCORES, [10 - s for s in SCORES]))), "a")
    assert row["high"] < 0


def test_levels_run_from_the_index_to_the_indicators_and_pool_their_units() -> None:
    table = measure_agreement(panel_of(double(SCORES[:12], SCORES[:12]), double(SCORES[:15], SCORES[:15], "c")))
    assert list(zip(table["level"], table["id"], table["units"], strict=True)) == [
        ("index", "index", 27),
        ("dimension", "d", 12),
        ("dimension", "e", 15),
        ("indicator", "a", 12),
        ("indicator", "b", 0),
        ("indicator", "c", 15),
    ]


def test_fewer_than_ten_units_are_too_few() -> None:
    nine = row_of(measure_agreement(panel_of(double(SCORES[:9], SCORES[:9]))), "a")
    ten = row_of(measure_agreement(panel_of(double(SCORES[:10], SCORES[:10]))), "a")
    assert nine["units"] == 9
    assert nine[["alpha_interval", "low", "high", "alpha_ordinal"]].isna().all()
    assert nine["note"].startswith("too few")
    assert ten["alpha_interval"] == 1


def test_scores_that_never_vary_have_no_alpha() -> None:
    row = row_of(measure_agreement(panel_of(double([6.0] * 12, [6.0] * 12))), "a")
    assert row["units"] == 12
    assert np.isnan(row["alpha_interval"])
    assert row["note"].startswith("no variation")


def test_one_coder_alone_is_too_few() -> None:
    table = measure_agreement(panel_of(double(SCORES, SCORES), coder="c1"))
    assert (table["units"] == 0).all()
    assert table["note"].str.startswith("too few").all()


def test_a_unit_is_a_quarter_that_two_coders_reviewed() -> None:
    rows = [
        ("2024-03-31", "a", "c1", 4.0),
        ("2023-12-31", "a", "c2", 5.0),  # the quarter before
        ("2024-06-29", "a", "c1", 4.0),  # no review
        ("2024-06-30", "a", "c2", 5.0),
        ("2024-06-30", "b", "c1", 4.0),
        ("2024-06-10", "b", "c2", 7.0),
        ("2024-06-30", "b", "c2", 5.0),
    ]
    units = tabulate_units(panel_of(rows))
    assert list(units.index) == [("b", pd.Timestamp("2024-06-30"))]
    assert units.to_numpy().tolist() == [[4.0, 5.0]]


def test_a_change_needs_the_reviews_of_two_quarters_in_a_row_by_two_coders() -> None:
    rows = [
        *double([2.0, 5.0], [1.0, 3.0]),  # March and June 2020: up 3, up 2
        ("2020-12-31", "a", "c1", 9.0),  # September was passed over
        ("2020-12-31", "a", "c2", 9.0),
        ("2020-03-31", "b", "c1", 1.0),
        *double([0.0, 4.0], [0.0, 4.0], "b")[2:],  # one coder alone reviewed March
    ]
    changes = tabulate_units(panel_of(rows), "changes")
    assert list(changes.index) == [("a", pd.Timestamp("2020-06-30"))]
    assert changes.to_numpy().tolist() == [[3.0, 2.0]]


def test_a_lasting_lean_lowers_the_agreement_of_levels_and_leaves_that_of_changes() -> None:
    first = [2.0, 3.0, 2.5, 4.0, 3.0, 3.5, 2.0, 3.0, 4.5, 3.0, 2.0, 2.5]
    panel = panel_of(double(first, [score + 2 for score in first]))
    assert row_of(measure_agreement(panel), "a")["alpha_interval"] < 0.5
    assert row_of(measure_agreement(panel, of="changes"), "a")["alpha_interval"] == 1


def test_spans_are_compared_before_and_after_a_jump() -> None:
    before, after = [1.0, 1.5] * 6, [8.0, 8.5] * 8
    noisy = [*before, *after[::-1]]  # after the jump, opposed within half a point
    table = compare_spans(panel_of(double([*before, *after], noisy)), pd.Timestamp(QUARTERS[12]))
    assert table["of"].tolist() == ["levels", "levels", "changes", "changes"]
    assert table["units"].tolist() == [28, 16, 27, 16]
    whole, later = table["alpha_interval"][:2]
    assert whole > 0.95
    assert later < 0
    assert table["exact"].tolist()[:2] == [12 / 28, 0]


def test_overlap_of_words_events_and_days_by_hand() -> None:
    rows = [
        ("2024-03-31", "a", "c1", 4.0),
        ("2024-03-31", "a", "c2", 4.0),
        ("2024-05-10", "a", "c1", 5.0),
        ("2024-05-10", "a", "c2", 6.0),
        ("2024-05-20", "a", "c2", 6.0),
    ]
    panel = panel_of(rows)
    table = panel.dataset.assessments
    table["rationale"] = ["red blue", "red blue", "Red, green!", "blue green", "white"]
    table["events"] = ["E1;E2", "E2;E1", "E1;E2", "E2;E3", "E4"]
    found = measure_overlap(panel).iloc[0]
    assert found[["coder_a", "coder_b", "shared"]].tolist() == ["c1", "c2", 2]
    red, blue, green = np.log(5 / 3), np.log(5 / 3), np.log(5 / 2)
    second = green**2 / np.sqrt((red**2 + green**2) * (blue**2 + green**2))
    assert found["cosine"] == pytest.approx((1 + second) / 2)
    # Other dates: red blue with blue green and with white; red green with red blue and with white.
    other = red * red / np.sqrt((red**2 + blue**2) * (red**2 + green**2))
    assert found["cosine_indicator"] == pytest.approx((other + 0 + other + 0) / 4)
    assert found["cosine_any"] == pytest.approx((1 + second + 2 * other) / 6)
    assert found["jaccard"] == pytest.approx((1 + 1 / 3) / 2)
    assert found["same_events"] == 0.5
    assert found["same_scores"] == 0.5
    assert found[["days_a", "days_b", "days_common"]].tolist() == [1, 2, 1]


def test_coders_without_an_assessment_in_common_have_no_overlap() -> None:
    panel = panel_of([("2024-03-31", "a", "c1", 4.0), ("2024-06-30", "b", "c2", 4.0)])
    panel.dataset.assessments["events"] = "E1"
    found = measure_overlap(panel).iloc[0]
    assert found["shared"] == 0
    assert found[["cosine", "cosine_indicator", "jaccard", "same_events", "same_scores"]].isna().all()
    panel = panel_of(double(SCORES[:2], SCORES[:2]), coder="c1")
    panel.dataset.assessments["events"] = "E1"
    assert measure_overlap(panel).empty


def test_the_interval_of_an_indicator_does_not_hang_on_the_others_or_on_the_order_of_rows() -> None:
    noisy = [min(s + 0.5, 10) if i % 3 else s for i, s in enumerate(SCORES)]
    rows = double(SCORES, noisy)
    alone = row_of(measure_agreement(panel_of(rows), seed=3), "a")
    beside = row_of(measure_agreement(panel_of(rows[::-1], double(noisy, noisy, "b")), seed=3), "a")
    pd.testing.assert_series_equal(alone, beside)
    assert alone["low"] < alone["alpha_interval"] < alone["high"]
    assert alone["low"] != row_of(measure_agreement(panel_of(rows), seed=4), "a")["low"]


def test_disagreement_that_lasts_widens_the_interval() -> None:
    """Eight years, every other one in dispute, tell less than the same quarters agreed and disputed in turn."""
    first = [2.0, 8.0] * 16
    second = [score + 1.5 if (place // 4) % 2 else score for place, score in enumerate(first)]
    in_turn = [8 * pair + place for pair in range(4) for place in (0, 4, 1, 5, 2, 6, 3, 7)]
    width = {}
    for name, places in {"lasting": range(32), "in turn": in_turn}.items():
        rows = double([first[place] for place in places], [second[place] for place in places])
        row = row_of(measure_agreement(panel_of(rows)), "a")
        width[name] = row["high"] - row["low"]
    assert width["lasting"] > 1.3 * width["in turn"]


def test_differences_are_listed_with_both_reasons_and_ranges() -> None:
    rows = [
        ("2024-03-31", "a", "c1", 4.0, 3.0, 5.0),
        ("2024-03-31", "a", "c2", 7.0, 5.5, 8.0),  # differs by 3, ranges apart
        ("2024-06-30", "a", "c1", 4.0, 3.0, 5.0),
        ("2024-06-30", "a", "c2", 7.0, 5.0, 8.0),  # differs by 3, ranges meet at 5
        ("2024-06-30", "b", "c1", 6.0, 5.0, 7.0),
        ("2024-06-30", "b", "c2", 6.0, 5.0, 7.0),  # no difference
        ("2024-09-30", "b", "c1", 6.0, 5.0, 7.0),
        ("2024-09-30", "b", "c2", 6.5, 5.0, 7.0),
    ]
    table = list_differences(panel_of(rows))
    assert table["difference"].tolist() == [3.0, 3.0, 0.5]
    assert table["overlap"].tolist() == [False, True, True]
    assert table["indicator"].tolist() == ["a", "a", "b"]
    assert table["date"].tolist() == list(pd.to_datetime(["2024-03-31", "2024-06-30", "2024-09-30"]))
    second = table.iloc[1]
    assert second[["coder_a", "score_a", "low_a", "high_a"]].tolist() == ["c1", 4.0, 3.0, 5.0]
    assert second[["coder_b", "score_b", "low_b", "high_b"]].tolist() == ["c2", 7.0, 5.0, 8.0]
    assert second["rationale_a"] == "Reason of c1 on 2024-06-30."
    assert second["rationale_b"] == "Reason of c2 on 2024-06-30."
    assert len(list_differences(panel_of(rows), most=2)) == 2


def test_each_pair_of_three_coders_is_compared() -> None:
    rows = [("2024-03-31", "a", coder, score) for coder, score in (("c1", 2.0), ("c2", 5.0), ("c3", 9.0))]
    table = list_differences(panel_of(rows))
    assert list(zip(table["coder_a"], table["coder_b"], table["difference"], strict=True)) == [
        ("c1", "c3", 7.0),
        ("c2", "c3", 4.0),
        ("c1", "c2", 3.0),
    ]


def test_without_assessments_there_is_nothing_to_compare() -> None:
    table = measure_agreement(panel_of([]))
    assert table["units"].tolist() == [0] * 6
    assert list_differences(panel_of([])).empty
