"""The index: weighted means over indicators and dimensions, coverage."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.measures.index import Weights, build_composite, explain_blank, weighted_mean

DAY = pd.Timestamp("2024-03-31")
BLANK = math.nan


def codebook(**dimensions):
    """Weights from a codebook given as dimension=(weight, indicator weights); indicators are called x1, x2 ..."""
    table = pd.DataFrame({"weight": {name: weight for name, (weight, _) in dimensions.items()}})
    members = {f"{d}{n}": (d, w) for d, (_, ws) in dimensions.items() for n, w in enumerate(ws, 1)}
    indicators = pd.DataFrame.from_dict(members, orient="index", columns=["dimension", "weight"])
    return Weights.from_codebook(table, indicators)


def composite(weights, mean="arithmetic", **scores):
    """The composite on one day, from the scores of each dimension's indicators."""
    row = {f"{d}{n}": float(v) for d, values in scores.items() for n, v in enumerate(values, 1)}
    return build_composite(pd.DataFrame([row], index=[DAY]), weights, mean)


def test_arithmetic_mean_by_hand():
    weights = codebook(a=(1, [1, 1, 1, 1]), b=(3, [2, 1, 1]))
    found = composite(weights, a=[2, 4, 6, 8], b=[9, 6, 0])
    assert found.dimensions.loc[DAY].to_dict() == {"a": 5, "b": 6}  # (18 + 6 + 0) / 4
    assert found.index[DAY] == 5.75  # (5 + 3 x 6) / 4


def test_geometric_mean_by_hand_is_taken_of_one_plus_score():
    weights = codebook(a=(1, [1, 1]), b=(1, [1, 3]))
    found = composite(weights, "geometric", a=[1, 7], b=[0, 0])
    # a: sqrt(2 x 8) - 1 = 3; b: 0; index: sqrt(4 x 1) - 1 = 1
    assert found.dimensions.at[DAY, "a"] == pytest.approx(3, abs=1e-12)
    assert found.dimensions.at[DAY, "b"] == 0
    assert found.index[DAY] == pytest.approx(1, abs=1e-12)


def test_geometric_mean_uses_the_weights():
    weights = codebook(a=(1, [1, 2]))
    found = composite(weights, "geometric", a=[7, 0])
    assert found.index[DAY] == pytest.approx(1, abs=1e-12)  # cube root of 8 x 1 x 1, less 1


def test_a_missing_indicators_weight_is_shared_among_the_rest():
    weights = codebook(a=(1, [1, 1, 1, 1]))
    assert composite(weights, a=[2, 4, 9, BLANK]).index[DAY] == 5


def test_a_missing_dimensions_weight_is_shared_among_the_rest():
    weights = codebook(a=(3, [1]), b=(1, [1]), c=(1, [1]))
    found = composite(weights, a=[6], b=[2], c=[BLANK])
    assert found.index[DAY] == 5  # (3 x 6 + 2) / 4
    assert found.index_coverage[DAY] == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("indicator_weights", "present", "expected"),
    [
        ([1, 1, 1, 1], [1, 1, 1, 0], True),  # 75 % exactly
        ([1, 1, 1, 1], [1, 1, 0, 0], False),
        ([0.1, 0.2, 0.3, 0.2], [1, 1, 1, 0], True),  # 0.6 / 0.8, not exact in binary
        ([74, 26], [1, 0], False),
        ([76, 24], [1, 0], True),
        ([1, 1, 1, 1.01], [1, 1, 1, 0], False),
    ],
)
def test_a_dimension_needs_three_quarters_of_its_weight(indicator_weights, present, expected):
    weights = codebook(a=(1, indicator_weights))
    found = composite(weights, a=[5 if held else BLANK for held in present])
    assert pd.notna(found.dimensions.at[DAY, "a"]) == expected
    share = sum(w for w, held in zip(indicator_weights, present, strict=True) if held) / sum(indicator_weights)
    assert found.dimension_coverage.at[DAY, "a"] == pytest.approx(share)
    assert (explain_blank(found, "a", DAY) == "") == expected


@pytest.mark.parametrize(
    ("dimension_weights", "present", "expected"),
    [
        ([1, 1, 1, 1, 1], [1, 1, 1, 1, 0], True),  # 80 % exactly
        ([1, 1, 1, 1, 1], [1, 1, 1, 0, 0], False),
        ([0.1, 0.7, 0.2], [1, 1, 0], True),  # 0.8 / 1.0, not exact in binary
        ([79, 21], [1, 0], False),
        ([81, 19], [1, 0], True),
    ],
)
def test_the_index_needs_four_fifths_of_its_weight(dimension_weights, present, expected):
    names = "abcde"[: len(present)]
    weights = codebook(**{n: (w, [1]) for n, w in zip(names, dimension_weights, strict=True)})
    scores = {n: [5 if held else BLANK] for n, held in zip(names, present, strict=True)}
    found = composite(weights, **scores)
    assert pd.notna(found.index[DAY]) == expected
    assert (explain_blank(found, "index", DAY) == "") == expected


def test_a_dimension_with_too_little_weight_counts_as_missing_for_the_index():
    weights = codebook(a=(1, [1, 1]), b=(1, [1, 1]))
    found = composite(weights, a=[4, 4], b=[8, BLANK])
    assert found.index_coverage[DAY] == 0.5
    assert pd.isna(found.index[DAY])


def test_an_indicator_without_a_row_of_readings_counts_as_missing():
    weights = codebook(a=(1, [1, 1, 1, 1]))
    found = build_composite(pd.DataFrame({"a1": [3.0], "a2": [3.0], "a3": [6.0]}, index=[DAY]), weights)
    assert found.index[DAY] == 4
    assert explain_blank(found, "a4", DAY) != ""
    assert explain_blank(found, "a1", DAY) == ""


def test_a_dimension_of_weight_zero_is_read_but_does_not_count():
    weights = codebook(a=(1, [1]), b=(1, [1])).with_dimensions({"b": 0})
    assert composite(weights, a=[4], b=[10]).index[DAY] == 4
    assert composite(weights, a=[4], b=[10]).dimensions.at[DAY, "b"] == 10
    assert composite(weights, a=[4], b=[BLANK]).index[DAY] == 4


def test_adding_a_dimension_needs_only_a_row_of_the_codebook():
    scores = {"a": [4, 4, 4, 4], "b": [7]}
    assert composite(codebook(a=(1, [1] * 4), b=(1, [1])), **scores).index[DAY] == 5.5
    wider = composite(codebook(a=(1, [1] * 4), b=(1, [1]), new=(2, [1, 1])), **scores, new=[9, 10])
    assert wider.dimensions.at[DAY, "new"] == 9.5
    assert wider.index[DAY] == 7.5  # (4 + 7 + 2 x 9.5) / 4


@pytest.mark.parametrize(
    "changed",
    [{"nowhere": 1}, {"a": -1}, {"a": math.nan}, {"a": math.inf}, {"a": 0, "b": 0}, {"a": 5e-324}, {"a": 0.0009}],
)
def test_weights_that_mean_nothing_are_refused(changed):
    with pytest.raises(ValueError, match=r"weight|dimension"):
        codebook(a=(1, [1]), b=(1, [1])).with_dimensions(changed)


def test_changing_weights_leaves_the_published_ones_alone():
    published = codebook(a=(1, [1]), b=(1, [1]))
    assert published.with_dimensions({"a": 5}).dimensions.to_dict() == {"a": 5, "b": 1}
    assert published.dimensions.to_dict() == {"a": 1, "b": 1}


def test_each_date_is_reckoned_on_its_own():
    values = np.array([[2.0, 4.0], [BLANK, 6.0], [BLANK, BLANK]])
    means, shares = weighted_mean(values, np.array([1.0, 3.0]), "arithmetic", 0.75)
    assert means[:2].tolist() == [3.5, 6]
    assert np.isnan(means[2])
    assert shares.tolist() == [1, 0.75, 0]


# Rules that hold for all inputs: five dimensions of three indicators, some of them blank.

briefly = settings(max_examples=50, deadline=None)
NAMES = "abcde"
WEIGHT = st.floats(0.01, 100)
SCORE = st.integers(0, 20).map(lambda n: n / 2)
MEAN = st.sampled_from(["arithmetic", "geometric"])


@st.composite
def cases(draw):
    """Weights and scores, with about one score in eight blank."""
    book = {n: (draw(WEIGHT), draw(st.lists(WEIGHT, min_size=3, max_size=3))) for n in NAMES}
    cell = st.one_of(*[SCORE] * 7, st.just(BLANK))
    return book, {n: draw(st.lists(cell, min_size=3, max_size=3)) for n in NAMES}


@briefly
@given(cases(), MEAN, st.floats(0.01, 100))
def test_only_the_ratios_of_weights_matter(case, mean, factor):
    book, scores = case
    scaled = {n: (w * factor, [v * factor for v in ws]) for n, (w, ws) in book.items()}
    one, other = (composite(codebook(**b), mean, **scores) for b in (book, scaled))
    pd.testing.assert_frame_equal(one.dimensions, other.dimensions, rtol=1e-9)
    pd.testing.assert_series_equal(one.index, other.index, rtol=1e-9)


@briefly
@given(cases(), MEAN)
def test_a_mean_lies_between_the_lowest_and_the_highest_of_its_parts(case, mean):
    book, scores = case
    found = composite(codebook(**book), mean, **scores)
    for name in NAMES:
        value = found.dimensions.at[DAY, name]
        if pd.notna(value):
            parts = [v for v in scores[name] if pd.notna(v)]
            assert min(parts) - 1e-9 <= value <= max(parts) + 1e-9
    if pd.notna(found.index[DAY]):
        parts = found.dimensions.loc[DAY]
        assert parts.min() - 1e-9 <= found.index[DAY] <= parts.max() + 1e-9


@briefly
@given(cases())
def test_the_geometric_mean_is_never_above_the_arithmetic(case):
    book, scores = case
    arithmetic, geometric = (
        composite(codebook(**book), mean, **scores).index[DAY] for mean in ("arithmetic", "geometric")
    )
    assert pd.isna(arithmetic) == pd.isna(geometric)
    assert pd.isna(arithmetic) or geometric <= arithmetic + 1e-9


@briefly
@given(cases(), MEAN, st.permutations(NAMES))
def test_the_order_of_dimensions_leaves_the_index_unchanged(case, mean, order):
    book, scores = case
    shuffled = composite(codebook(**{n: book[n] for n in order}), mean, **scores)
    straight = composite(codebook(**book), mean, **scores)
    pd.testing.assert_series_equal(shuffled.index, straight.index, rtol=1e-9)
