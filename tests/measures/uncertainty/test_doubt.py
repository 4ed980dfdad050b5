"""Doubt that scores share: what the settings mean, what the draws make of them, and the estimate from the coders."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kstest

from indicators.measures.uncertainty.doubt import OWN, STRONG, Shares, doubt_shares, estimate_shared_doubt
from indicators.measures.uncertainty.draws import draw_panel
from indicators.measures.uncertainty.random import Key, random_shared, random_uniform
from tests.measures.small_panels import build_panel

DAY = "2024-03-31"
DIMENSIONS = {"military": ["mil_a", "mil_b"], "cyber": ["cyb_a"]}
ROWS = [(DAY, id, "c1", 5.0, 4.0, 6.0) for ids in DIMENSIONS.values() for id in ids]


def methods(*rows):
    return pd.DataFrame(rows, columns=["date", "doubt_indicator", "doubt_dimension", "doubt_all"])


def test_the_newest_method_tells_how_far_doubt_is_partly_shared():
    known = methods(("2026-11-30", 0.56, 0.6, 0.667), ("2026-11-22", np.nan, np.nan, np.nan))
    assert doubt_shares(known, "partly") == Shares(0.56, 0.6, 0.667)
    assert doubt_shares(known[1:], "partly") == OWN
    assert doubt_shares(methods(), "partly") == OWN
    assert doubt_shares(known, "own") == OWN
    assert doubt_shares(known, "strongly") == STRONG
    assert STRONG.indicator * STRONG.dimension * STRONG.every == pytest.approx(0.5)


@given(st.floats(0, 1))
@settings(max_examples=20, deadline=None)
def test_shared_numbers_stay_uniform_and_correlate_by_the_share(share):
    count = 40_000
    shared = random_uniform(Key(0, "all"), count)
    numbers = random_shared(Key(0, "own"), count, share, shared)
    assert kstest(numbers, "uniform").pvalue > 1e-4
    assert np.corrcoef(shared, numbers)[0, 1] == pytest.approx(share, abs=0.02)


def test_draws_correlate_as_the_shares_say():
    drawn = draw_panel(build_panel(ROWS, DIMENSIONS, doubt="strongly"), pd.DatetimeIndex([DAY]), 40_000)
    values = {id: drawn.of(id)[0] for id in ("mil_a", "mil_b", "cyb_a")}
    within = np.corrcoef(values["mil_a"], values["mil_b"])[0, 1]
    across = np.corrcoef(values["mil_a"], values["cyb_a"])[0, 1]
    assert within == pytest.approx(STRONG.indicator * STRONG.dimension, abs=0.02)
    assert across == pytest.approx(0.5, abs=0.02)


def test_sharing_changes_sums_and_no_indicator_and_persists_unless_it_is_of_the_quarter():
    dates = pd.DatetimeIndex(["2024-03-31", "2024-06-30"])
    rows = [(day, *row[1:]) for day in ("2024-03-31", "2024-06-30") for row in ROWS]
    own, shared = (draw_panel(build_panel(rows, DIMENSIONS, doubt=d), dates, 20_000) for d in ("own", "strongly"))
    assert own.of("mil_a").std() == pytest.approx(shared.of("mil_a").std(), rel=0.02)
    assert shared.index().std() > 1.3 * own.index().std()
    quarterly = draw_panel(build_panel(rows, DIMENSIONS, doubt="strongly"), dates, 20_000, by_quarter=True)
    changes = {
        name: np.diff(drawn.index(), axis=0).std() for name, drawn in (("persistent", shared), ("new", quarterly))
    }
    assert changes["new"] > 1.4 * changes["persistent"]
    np.testing.assert_allclose(quarterly.index().std(), shared.index().std(), rtol=0.03)


def test_an_indicator_that_goes_leaves_the_others_shared_draws_alone():
    dates = pd.DatetimeIndex([DAY])
    whole, less = (draw_panel(build_panel(r, DIMENSIONS, doubt="strongly"), dates, 100) for r in (ROWS, ROWS[:2]))
    np.testing.assert_array_equal(whole.of("mil_a"), less.of("mil_a"))


def units_of(differences, half=1.0):
    """Reviews of two coders of one indicator who differ by so much, with ranges of a half-width."""
    days = pd.date_range("2015-03-31", periods=len(differences), freq="QE")
    rows = [
        (day, "a", coder, score, score - half, score + half)
        for day, difference in zip(days, differences, strict=True)
        for coder, score in (("c1", 5.0), ("c2", 5.0 + difference))
    ]
    return pd.DataFrame(rows, columns=["date", "indicator", "coder", "score", "low", "high"])


def test_the_estimate_by_hand():
    # Stated variances 1/6 each, so 1/3 is expected; squares of 0.5 in half of the units: 1/8. 1 - 3/8.
    estimate = estimate_shared_doubt(units_of([0.5, 0.0] * 12))
    assert estimate.share == pytest.approx(5 / 8)
    assert estimate.units == 24
    assert estimate.low == estimate.high == pytest.approx(5 / 8)  # each block of four quarters is alike


def test_coders_who_differ_as_their_ranges_say_share_nothing_and_alike_ones_all():
    generator = np.random.default_rng(2)
    apart = generator.triangular(-1, 0, 1, 2_000) - generator.triangular(-1, 0, 1, 2_000)
    estimate = estimate_shared_doubt(units_of(apart))
    assert estimate.share < 0.06
    assert estimate_shared_doubt(units_of(np.zeros(24))).share == 1
    assert estimate_shared_doubt(units_of([3.0] * 24)).share == 0  # more than stated is not less than nothing


def test_the_interval_of_the_estimate_covers():
    generator = np.random.default_rng(4)
    held = 0
    for _ in range(60):
        # Half of the stated variance, 1/6, is each coder's own; what they have in common shows in no difference.
        own = generator.normal(0, (1 / 12) ** 0.5, (2, 80))
        estimate = estimate_shared_doubt(units_of(own[0] - own[1]), resamples=300)
        held += estimate.low <= 0.5 <= estimate.high
    assert held / 60 > 0.6


def test_too_few_units_have_no_estimate():
    assert np.isnan(estimate_shared_doubt(units_of([0.5] * 19)).share)
    assert estimate_shared_doubt(units_of([0.5] * 20)).units == 20
    assert np.isnan(estimate_shared_doubt(units_of([0.0] * 24, half=0.0)).share)  # no doubt was stated
