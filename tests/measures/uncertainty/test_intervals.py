"""Draws, intervals and probabilities, tested from what they mean."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare, gamma, kstest

from indicators.measures.index import DIMENSION_COVERAGE, INDEX_COVERAGE, build_composite, weighted_mean
from indicators.measures.uncertainty.draws import draw_panel, draw_weights
from indicators.measures.uncertainty.intervals import (
    INTERVALS,
    interval,
    interval_of_change,
    probability_of_change,
    probability_word,
)
from indicators.measures.uncertainty.random import Key, random_gamma, resample_blocks
from indicators.measures.uncertainty.triangular import (
    triangular_mean,
    triangular_places,
    triangular_quantile,
    triangular_variance,
)
from tests.measures.small_panels import build_panel

DIMENSIONS = {"military": ["mil_a", "mil_b"], "cyber": ["cyb_a", "cyb_b"], "energy": ["ene_a"]}
INDICATORS = [id for ids in DIMENSIONS.values() for id in ids]
MARCH, JUNE, SEPTEMBER, DECEMBER = pd.to_datetime(["2024-03-31", "2024-06-30", "2024-09-30", "2024-12-31"])
QUARTERS = pd.DatetimeIndex([MARCH, JUNE, SEPTEMBER, DECEMBER])
COUNT = 400

ROWS = [
    ("2024-03-31", "mil_a", "c1", 6.0, 5.0, 7.5),
    ("2024-03-31", "mil_a", "c2", 4.0, 3.0, 5.0),
    ("2024-03-31", "mil_b", "c1", 5.0, 4.5, 7.0),
    ("2024-03-31", "cyb_a", "c1", 0.5, 0.0, 2.0),
    ("2024-03-31", "cyb_b", "c1", 9.5, 8.0, 10.0),
    ("2024-03-31", "ene_a", "c1", 3.0, 2.0, 3.0),
    ("2024-09-30", "mil_a", "c1", 7.0, 6.0, 8.0),
]


def draw(rows=ROWS, dates=QUARTERS, count=COUNT, seed=0, together=False, **options):
    return draw_panel(build_panel(rows, DIMENSIONS, **options), dates, count, seed, together)


# --- one assessment is one random quantity


def test_one_assessment_on_two_dates_differs_by_exactly_0_when_dates_are_compared():
    draws = draw([row for row in ROWS if row[1] != "mil_a" or row[2] == "c1"], together=True)
    for id in ("mil_b", "cyber", "energy"):
        values = draws.of(id)
        assert not (values - values[0]).any()
    rows = [row for row in ROWS if row[1] != "mil_a" or row[2] == "c1"]
    assert probability_of_change(build_panel(rows, DIMENSIONS), "cyber", MARCH, DECEMBER) == (0.0, 0.0, 1.0)
    index = draws.of("index")
    assert not (index[3] - index[2]).any()  # September and December rest on the same assessments
    assert (index[2] != index[1]).any()


def test_between_two_reviews_a_draw_lies_on_the_way_from_one_draw_to_the_other():
    values = draw([row for row in ROWS if row[2] == "c1"], together=True).of("mil_a")
    way = 91 / 183  # days from 31 March to 30 June and to 30 September
    np.testing.assert_allclose(values[1], (1 - way) * values[0] + way * values[2], atol=1e-5)


def test_a_carried_range_widens_with_each_missed_review_and_moves_with_the_same_random_number():
    values = draw().of("mil_b")  # 4.5 to 7; half a point for each review, as too few changes are known
    assert values[0].min() > 4.5
    for missed in (1, 2, 3):
        assert 4.5 - missed / 2 <= values[missed].min() < 4.5 - missed / 2 + 0.4
    assert (np.argsort(values[0]) == np.argsort(values[3])).all()


def test_together_takes_the_widest_range_of_the_given_dates():
    alone = draw(dates=pd.DatetimeIndex([DECEMBER])).of("mil_b")
    both = draw(dates=pd.DatetimeIndex([MARCH, DECEMBER]), together=True).of("mil_b")
    np.testing.assert_array_equal(both, np.vstack([alone, alone]))


def test_several_coders_are_a_mixture_and_a_draw_keeps_its_coder_over_dates_and_indicators():
    values = draw([*ROWS, ("2024-09-30", "mil_a", "c2", 4.0, 3.0, 5.0), ("2024-03-31", "ene_a", "c2", 8.0, 7.0, 9.0)])
    second = values.of("mil_a")[0] < 5  # c2's range ends at 5, where c1's begins
    assert 0.4 < second.mean() < 0.6
    np.testing.assert_array_equal(values.of("mil_a")[2] < 5.5, second)
    np.testing.assert_array_equal(values.of("ene_a")[0] > 5, second)


def test_a_new_coder_leaves_alone_the_draws_that_it_does_not_win():
    before = draw().of("mil_a")[0]
    after = draw([*ROWS, ("2024-03-31", "mil_a", "c0", 9.0, 8.5, 9.5)]).of("mil_a")[0]
    won = after > 8
    assert 0.25 < won.mean() < 0.42
    np.testing.assert_array_equal(after[~won], before[~won])


@pytest.mark.parametrize("range_", [(7, 7, 7), (7, 7, 9), (5, 7, 7)])
def test_degenerate_ranges_are_exact(range_):
    low, score, high = range_
    uniform = np.array([2**-24, 0.25, 0.75, 1 - 2**-24], dtype=np.float32)
    values = triangular_quantile(uniform, low, score, high)
    expected = {
        (7, 7, 7): [7, 7, 7, 7],
        (7, 7, 9): [7, 9 - np.sqrt(0.75) * 2, 8, 9],
        (5, 7, 7): [5, 6, 5 + np.sqrt(0.75) * 2, 7],
    }[range_]
    np.testing.assert_allclose(values, expected, atol=6e-4)
    if low == high:
        assert (values == 7).all()


def test_quantiles_of_a_triangle_by_hand():
    # A fifth of the probability lies below the score. At 0.05: x² = 0.05·10·2; at 0.8: (10 − x)² = 0.2·10·8.
    np.testing.assert_allclose(
        triangular_quantile(np.array([0.05, 0.2, 0.8], dtype=np.float32), 0, 2, 10), [1, 2, 6], rtol=1e-6
    )


def test_constant_assessments_have_an_interval_of_no_width():
    dates = pd.DatetimeIndex([MARCH, JUNE - pd.Timedelta(days=1)])  # no review was missed yet
    draws = draw([("2024-03-31", id, "c1", 7.0, 7.0, 7.0) for id in INDICATORS], dates)
    low, high = interval(draws.index())
    assert (low == 7).all()
    assert (high == 7).all()


# --- content decides, not place

halves = st.integers(0, 20).map(lambda n: n / 2)
row = st.tuples(
    st.sampled_from(["2024-01-31", "2024-02-29", "2024-03-31", "2024-07-31"]),
    st.sampled_from(INDICATORS),
    st.sampled_from(["c1", "c2", "c3"]),
    st.lists(halves, min_size=3, max_size=3).map(sorted),
)
ledgers = st.lists(row, min_size=1, max_size=12, unique_by=lambda r: r[:3]).map(
    lambda rows: [(date, id, coder, score, low, high) for date, id, coder, (low, score, high) in rows]
)


@given(ledgers, st.randoms(use_true_random=False), st.booleans())
@settings(max_examples=25, deadline=None)
def test_row_order_changes_no_bit(rows, random, together):
    shuffled = random.sample(rows, len(rows))
    one, other = draw(rows, count=50, together=together), draw(shuffled, count=50, together=together)
    for id in (*DIMENSIONS, *INDICATORS):
        np.testing.assert_array_equal(one.of(id), other.of(id))


@given(ledgers, row)
@settings(max_examples=25, deadline=None)
def test_adding_a_row_changes_no_bit_of_the_other_indicators(rows, extra):
    date, id, coder, (low, score, high) = extra
    rows = [r for r in rows if r[:3] != (date, id, coder)]
    if not rows:
        return
    one, other = draw(rows, count=50), draw([*rows, (date, id, coder, score, low, high)], count=50)
    for unrelated in INDICATORS:
        if unrelated != id:
            np.testing.assert_array_equal(one.of(unrelated), other.of(unrelated))


@given(ledgers)
@settings(max_examples=25, deadline=None)
def test_draws_lie_within_the_scale_and_intervals_are_nested(rows):
    draws = draw(rows, count=101)
    for values in (*(draws.of(id) for id in INDICATORS), draws.index()):
        known = values[~np.isnan(values)]
        assert ((known >= 0) & (known <= 10)).all()
    ends = [interval(draws.index(), level) for level in INTERVALS]
    for (low, high), (wider_low, wider_high) in pairwise(ends):
        assert ((wider_low <= low) | np.isnan(low)).all()
        assert ((wider_high >= high) | np.isnan(high)).all()


def test_rewording_or_recording_again_changes_no_draw_but_another_range_does():
    panel = build_panel(ROWS, DIMENSIONS)
    table = panel.dataset.assessments
    table["rationale"] = "Other words for the same judgement."
    table["recorded"] += pd.Timedelta(days=3)
    np.testing.assert_array_equal(draw_panel(panel, QUARTERS, COUNT).index(), draw().index())
    changed = draw([*ROWS[:2], ("2024-03-31", "mil_b", "c1", 5.0, 4.5, 6.5), *ROWS[3:]])
    assert (changed.of("mil_b")[0] != draw().of("mil_b")[0]).all()


def test_seeds_differ_and_fewer_draws_are_the_first_of_more():
    assert (draw(seed=1).of("mil_b") != draw(seed=0).of("mil_b")).all()
    np.testing.assert_array_equal(draw(count=7).index(), draw(count=COUNT).index()[:, :7])


def test_the_numbers_are_the_same_on_every_machine():
    # Recorded once; a change here changes every published interval.
    np.testing.assert_allclose(draw(count=3).of("mil_b")[0], [5.148016, 4.924671, 6.591106], rtol=0, atol=1e-6)


# --- dimensions and the index


@pytest.mark.parametrize("mean", ["arithmetic", "geometric"])
def test_each_draw_is_combined_as_the_readings_are(mean):
    # energy starts in June and carries a third of the weight, so the index does too
    late = [("2024-06-30", *r[1:]) if r[1] == "ene_a" else r for r in ROWS]
    draws = draw(late, mean=mean)
    for id, ids in DIMENSIONS.items():
        members = np.stack([draws.of(id) for id in ids], axis=-1)
        expected, _ = weighted_mean(members, np.ones(len(ids)), mean, DIMENSION_COVERAGE)
        np.testing.assert_allclose(draws.of(id), expected, rtol=1e-12)
    dimensions = np.stack([draws.of(id) for id in DIMENSIONS], axis=-1)
    for weights in ([1, 1, 1], [2, 0.5, 0], [0, 0, 3]):
        expected, _ = weighted_mean(dimensions, np.array(weights, float), mean, INDEX_COVERAGE)
        np.testing.assert_allclose(draws.index(weights), expected, rtol=1e-12)
    assert np.isnan(draws.index()[0]).all()
    assert not np.isnan(draws.index([2, 0.5, 0])[0]).any()


def test_weights_and_mean_can_be_moved_afterwards():
    arithmetic, geometric = draw(), draw(mean="geometric")
    for id in ("index", *DIMENSIONS):
        np.testing.assert_array_equal(arithmetic.under(arithmetic.weights, "geometric").of(id), geometric.of(id))
    named = pd.Series({"energy": 0.0, "cyber": 1.0, "military": 3.0})
    np.testing.assert_array_equal(arithmetic.index(named), arithmetic.index([3, 1, 0]))
    np.testing.assert_allclose(arithmetic.index(named), arithmetic.index(named * 10), rtol=1e-14)


@pytest.mark.parametrize("weights", [[1, 1], [-1, 1, 1], [0, 0, 0], [np.nan, 1, 1], {"military": 1.0}])
def test_impossible_weights_are_refused(weights):
    with pytest.raises(ValueError):  # noqa: PT011 — the message is for people
        draw().index(pd.Series(weights) if isinstance(weights, dict) else weights)


def test_an_indicator_of_a_dimension_without_weight_leaves_the_index_draws_as_they_are():
    other = [("2024-03-31", "ene_a", "c1", 9.0, 8.0, 10.0) if r[1] == "ene_a" else r for r in ROWS]
    np.testing.assert_array_equal(draw().index([1, 1, 0]), draw(other).index([1, 1, 0]))
    assert (draw().index() != draw(other).index()).all()


def test_unknown_ids_are_refused():
    with pytest.raises(KeyError):
        draw().of("weather")


def test_dates_before_the_first_assessment_are_blank():
    draws = draw(dates=pd.DatetimeIndex(["2023-12-31", "2024-03-31"]))
    for id in ("index", "military", "mil_a"):
        np.testing.assert_array_equal(np.isnan(draws.of(id)).all(axis=1), [True, False])
    low, high = interval(draws.index())
    np.testing.assert_array_equal(np.isnan(low), [True, False])
    np.testing.assert_array_equal(np.isnan(high), [True, False])
    panel = build_panel(ROWS, DIMENSIONS)
    assert all(np.isnan(probability_of_change(panel, "index", draws.dates[0], MARCH)))


def test_weights_drawn_for_each_draw_stay_around_the_set_ones():
    set_ = pd.Series({"military": 2.0, "cyber": 1.0, "energy": 0.0})
    drawn = draw_weights(set_, count=4000, concentration=50, seed=3)
    np.testing.assert_allclose(drawn.sum(axis=1), 1)
    assert (drawn["energy"] == 0).all()
    # Variance w(1 − w)/(50 + 1): 0.066 for a weight of 2/3; the mean of 4,000 then errs by 0.001
    np.testing.assert_allclose(drawn.mean(), [2 / 3, 1 / 3, 0], atol=0.005)
    np.testing.assert_allclose(drawn["military"].std(), np.sqrt(2 / 9 / 51), rtol=0.05)


def test_each_draw_can_have_its_own_weights():
    draws = draw()
    weights = draw_weights(pd.Series(1.0, DIMENSIONS), count=COUNT)
    index = draws.index(weights)
    for number in (0, 17, COUNT - 1):
        np.testing.assert_allclose(index[:, number], draws.index(weights.iloc[number])[:, number], rtol=1e-12)


# --- against the definition


def expect_readings(panel, dates):
    """What the draws of the arithmetic mean tend to: readings from the means of the triangles, in closed form."""
    held = panel.holdings(dates)
    held = held.assign(mean=triangular_mean(held["low"], held["score"], held["high"]))
    wide = held.groupby(["date", "indicator"])["mean"].mean().unstack().reindex(dates).astype(float)
    return build_composite(wide, panel.weights, "arithmetic")


@pytest.mark.parametrize("doubt", ["own", "strongly"])
def test_the_mean_of_the_draws_is_that_of_the_triangles(doubt):
    count = 20_000
    draws = draw(count=count, doubt=doubt)
    expected = expect_readings(build_panel(ROWS, DIMENSIONS), QUARTERS)
    for level in ("index", "dimension", "indicator"):
        for id, readings in expected.level(level).items():
            values = draws.of(id)
            # Four standard errors of a mean of 20,000 draws.
            error = 4 * values.std(axis=1) / np.sqrt(count) + 1e-6
            assert (np.abs(values.mean(axis=1) - readings) < error).all()


def test_the_expected_reading_by_hand():
    expected = expect_readings(build_panel(ROWS, DIMENSIONS), pd.DatetimeIndex([MARCH]))
    # mil_a: (5 + 6 + 7.5)/3 = 6.1667 and 4, of two coders 5.0833; mil_b: (4.5 + 5 + 7)/3 = 5.5
    assert expected.indicators.at[MARCH, "mil_a"] == pytest.approx(61 / 12)
    assert expected.dimensions.at[MARCH, "military"] == pytest.approx((61 / 12 + 5.5) / 2)


def draw_once(generator, low, mode, high):
    """One value of a triangle, by NumPy's own generator."""
    return generator.triangular(low, mode, high) if low < high else mode


def test_the_interval_covers_as_often_as_it_says():
    # The truth at 300 reviews, each with assessments of its own, drawn from their triangles by another generator.
    days = pd.date_range("1950-03-31", periods=300, freq="QE")
    generator = np.random.default_rng(5)
    ranges = np.sort(generator.integers(0, 21, (len(days), len(INDICATORS), 3)) / 2, axis=2)
    rows = [
        (day, id, "c1", score, low, high)
        for day, of_day in zip(days, ranges, strict=True)
        for id, (low, score, high) in zip(INDICATORS, of_day, strict=True)
    ]
    truth = []
    for of_day in ranges:
        scores = {id: draw_once(generator, *range_) for id, range_ in zip(INDICATORS, of_day, strict=True)}
        truth.append(np.mean([np.mean([scores[id] for id in ids]) for ids in DIMENSIONS.values()]))
    index = draw(rows, days, count=500).index()
    for level in INTERVALS:
        low, high = interval(index, level)
        share = level / 100
        # Within three standard errors of a binomial share.
        error = np.sqrt(share * (1 - share) / len(days))
        assert abs(np.mean((low <= truth) & (truth <= high)) - share) < 3 * error


def test_moments_of_triangles():
    low, mode, high = np.array([0.0, 4, 7, 2]), np.array([2.0, 4, 7.5, 2]), np.array([10.0, 4, 8, 5])
    np.testing.assert_allclose(triangular_mean(low, mode, high), [4, 4, 7.5, 3])
    np.testing.assert_allclose(triangular_variance(low, mode, high), [84 / 18, 0, 0.75 / 18, 0.5])


def test_common_places_give_moments_and_covariances():
    low, mode, high = np.array([0.0, 4, 7, 2]), np.array([2.0, 4, 7.5, 2]), np.array([10.0, 4, 8, 5])
    values, mass = triangular_places(low, mode, high)
    assert mass.sum() == pytest.approx(1)
    assert (values[1] == 4).all()
    means = (values * mass).sum(axis=1)
    np.testing.assert_allclose(means, [4, 4, 7.5, 3], atol=1e-3)
    apart = values - means[:, None]
    covariance = (apart * mass) @ apart.T
    np.testing.assert_allclose(np.diag(covariance), [84 / 18, 0, 0.75 / 18, 0.5], atol=1e-3)
    # Against the quantiles at a hundred thousand even places.
    even = ((np.arange(100_000) + 0.5) / 100_000).astype(np.float32)
    drawn = np.array([triangular_quantile(even, *ends) for ends in zip(low, mode, high, strict=True)], float)
    np.testing.assert_allclose(covariance, np.cov(drawn), atol=2e-3)


# --- intervals, probabilities, words


@given(
    st.integers(1, 60) | st.integers(500, 5000),
    st.sampled_from([5, 50, 80, 95, 99.9]),
    st.sampled_from([2, 20, 10**9]),
    st.sampled_from(["as drawn", "in order", "every eighth high"]),
    st.integers(0, 2**32 - 1),
)
@settings(max_examples=100, deadline=None)
def test_intervals_are_the_quantiles_of_numpy(count, level, different, order, seed):
    values = np.random.default_rng(seed).integers(0, different + 1, (2, 3, count)) * 10 / different
    if order == "in order":
        values.sort()
    elif order == "every eighth high":
        values[..., ::8] += 10
    low, high = interval(values, level)
    expected = np.quantile(values, [0.5 - level / 200, 0.5 + level / 200], axis=-1)
    np.testing.assert_allclose([low, high], expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("level", [0, 100, -5, 180])
def test_an_interval_lies_between_nothing_and_everything(level):
    with pytest.raises(ValueError):  # noqa: PT011 — the message is for people
        interval(np.zeros((1, 5)), level)


def test_probability_of_change_of_ranges_that_do_not_overlap():
    rows = [("2024-03-31", "ene_a", "c1", 3.0, 2.0, 4.0), ("2024-06-30", "ene_a", "c1", 5.0, 4.5, 6.0)]
    panel = build_panel(rows, DIMENSIONS)
    assert probability_of_change(panel, "ene_a", MARCH, JUNE) == (1.0, 0.0, 0.0)
    assert probability_of_change(panel, "energy", JUNE, MARCH) == (0.0, 1.0, 0.0)
    low, high = interval_of_change(panel, "ene_a", MARCH, JUNE)
    assert 0 < low < high
    assert interval_of_change(panel, "energy", JUNE, MARCH) == pytest.approx((-high, -low))
    with pytest.raises(KeyError):
        probability_of_change(panel, "weather", MARCH, JUNE)


@pytest.mark.parametrize(
    ("p", "word", "range_"),
    [
        (0.0, "almost no chance", "under 1 %"),
        (0.009, "almost no chance", "under 1 %"),
        (0.01, "almost no chance", "1–5 %"),
        (0.05, "almost no chance", "1–5 %"),
        (0.051, "very unlikely", "5–20 %"),
        (0.20, "very unlikely", "5–20 %"),
        (0.45, "unlikely", "20–45 %"),
        (0.5, "roughly even chance", "45–55 %"),
        (0.549, "roughly even chance", "45–55 %"),
        (0.55, "likely", "55–80 %"),
        (0.80, "very likely", "80–95 %"),
        (0.95, "almost certain", "95–99 %"),
        (0.99, "almost certain", "95–99 %"),
        (1.0, "almost certain", "over 99 %"),
    ],
)
def test_probability_words_carry_their_range(p, word, range_):
    assert probability_word(p) == f"{word} ({range_})"


@given(st.floats(0, 1))
def test_the_words_for_and_against_mirror_each_other(p):
    below = ["almost no chance", "very unlikely", "unlikely", "roughly even chance"]
    above = ["almost certain", "very likely", "likely", "roughly even chance"]
    opposite = dict(zip(below + above, above + below, strict=True))
    word, mirrored = (probability_word(q).partition(" (")[0] for q in (p, 1 - p))
    assert opposite[word] == mirrored


@pytest.mark.parametrize("p", [-0.01, 1.01, np.nan])
def test_what_is_no_probability_has_no_word(p):
    with pytest.raises(ValueError):  # noqa: PT011 — the message is for people
        probability_word(p)


@pytest.mark.parametrize("wrong", [{"dates": QUARTERS[[0, 0]]}, {"count": 0}])
def test_repeated_dates_and_no_draws_are_refused(wrong):
    with pytest.raises(ValueError):  # noqa: PT011 — the message is for people
        draw(**wrong)


@pytest.mark.parametrize(("weights", "concentration"), [([1, -1, 3], 50), ([1, 1, 1], 0), ([1, 1, 1], -5)])
def test_weights_are_drawn_around_proper_weights_only(weights, concentration):
    with pytest.raises(ValueError, match="0 or more and the concentration above 0"):
        draw_weights(pd.Series(weights, list("abc"), dtype=float), 10, concentration)


@pytest.mark.parametrize("shape", [0.05, 0.5, 1.0, 4.0, 40.0])
def test_gamma_numbers_have_the_distribution_of_their_shape(shape):
    numbers = random_gamma(Key(3, "weight", "a"), shape, 20_000)
    assert kstest(numbers, gamma(shape).cdf).pvalue > 1e-4
    assert numbers.min() >= 0


def test_fewer_gamma_numbers_are_the_first_of_more():
    more = random_gamma(Key(3, "weight", "a"), 0.7, 1_000)
    assert (random_gamma(Key(3, "weight", "a"), 0.7, 10) == more[:10]).all()
    assert (random_gamma(Key(4, "weight", "a"), 0.7, 10) != more[:10]).all()


def test_published_random_numbers_rest_on_the_stream_of_bits_alone(monkeypatch):
    # NumPy keeps its bit streams over releases, and its distributions not (NEP 19).
    def fail(*_, **__):
        raise AssertionError("a distribution of NumPy was asked")

    monkeypatch.setattr(np.random, "Generator", fail)
    monkeypatch.setattr(np.random, "default_rng", fail)
    weights = draw_weights(pd.Series({"a": 1.0, "b": 3.0, "c": 0.0}), 4)
    assert weights.sum(axis=1).to_numpy() == pytest.approx([1] * 4)
    assert (weights["c"] == 0).all()
    assert weights["a"].round(6).tolist() == [0.198221, 0.275817, 0.15237, 0.24887]  # recorded once
    assert resample_blocks(5, 4, 3, 0, "a").tolist() == [[1, 2, 3, 4, 3], [2, 3, 4, 0, 4], [0, 1, 2, 3, 2]]


@pytest.mark.parametrize("count", [1, 3, 7, 40])
def test_each_place_begins_a_block_as_often(count):
    places = resample_blocks(count, 1, 20_000 // count + 1, 0, "a").ravel()
    assert set(places.tolist()) == set(range(count))
    assert count == 1 or chisquare(np.bincount(places, minlength=count)).pvalue > 1e-4
