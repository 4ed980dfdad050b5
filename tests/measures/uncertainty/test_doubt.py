"""Shared doubt: how far draws of different assessments go together, and that each keeps its own distribution."""

import dataclasses
import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kstest, triang

from indicators.measures.panel import Panel
from indicators.measures.uncertainty.doubt import OWN, STRONG, Shares, doubt_shares, estimate_shared_doubt
from indicators.measures.uncertainty.draws import draw_panel
from indicators.records.dataset import load_dataset
from tests.measures.small_panels import build_panel

DATA = Path(__file__).parents[3] / "data"
DIMENSIONS = {"military": ["mil_a", "mil_b"], "cyber": ["cyb_a"]}
MARCH, JUNE = pd.to_datetime(["2024-03-31", "2024-06-30"])
ENDS = pd.DatetimeIndex([MARCH, JUNE])
COUNT = 40_000
ROWS = [(day, id, "c1", 5.0, 0.0, 10.0) for day in ("2024-03-31", "2024-06-30") for id in ("mil_a", "mil_b", "cyb_a")]


def with_doubt(panel: Panel, indicator: float, dimension: float, every: float) -> Panel:
    """The panel under a method with these parameters."""
    names = ("doubt_indicator", "doubt_dimension", "doubt_all")
    row = {"date": pd.Timestamp("2024-01-01"), **dict(zip(names, (indicator, dimension, every), strict=True))}
    methods = pd.DataFrame([row], index=["2.0"])
    return dataclasses.replace(panel, dataset=dataclasses.replace(panel.dataset, methods=methods))


def places(panel: Panel, by_quarter: bool = False) -> dict[str, np.ndarray]:
    """The draws of the indicators as places in their range, 0 to 1, (date, draw)."""
    draws = draw_panel(panel, ENDS, COUNT, by_quarter=by_quarter)
    return {id: triang.cdf(draws.of(id), 0.5, 0, 10) for id in ("mil_a", "mil_b", "cyb_a")}


@pytest.mark.parametrize("by_quarter", [False, True])
def test_each_assessment_keeps_its_distribution(by_quarter: bool) -> None:
    for values in places(with_doubt(build_panel(ROWS, DIMENSIONS), 0.56, 0.6, 0.667), by_quarter).values():
        for place in values:
            assert kstest(place, "uniform").pvalue > 0.001


def test_places_correlate_as_the_parameters_say() -> None:
    r_ind, r_dim, r_all = 0.56, 0.6, 0.667
    found = places(with_doubt(build_panel(ROWS, DIMENSIONS), r_ind, r_dim, r_all))
    pairs = {
        "same indicator": (found["mil_a"][0], found["mil_a"][1], r_ind),
        "same dimension": (found["mil_a"][0], found["mil_b"][0], r_ind * r_dim),
        "another dimension": (found["mil_a"][0], found["cyb_a"][1], r_ind * r_dim * r_all),
    }
    for name, (one, other, expected) in pairs.items():
        assert np.corrcoef(one, other)[0, 1] == pytest.approx(expected, abs=0.02), name


def test_doubt_of_each_quarters_own_does_not_reach_the_next_quarter() -> None:
    found = places(with_doubt(build_panel(ROWS, DIMENSIONS), 0.56, 0.6, 0.667), by_quarter=True)
    assert np.corrcoef(found["mil_a"][0], found["mil_a"][1])[0, 1] == pytest.approx(0, abs=0.02)
    assert np.corrcoef(found["mil_a"][0], found["mil_b"][0])[0, 1] == pytest.approx(0.56 * 0.6, abs=0.02)


def test_shared_doubt_widens_sums_and_leaves_indicators_as_they_are() -> None:
    own = draw_panel(build_panel(ROWS, DIMENSIONS), ENDS, COUNT)
    shared = draw_panel(with_doubt(build_panel(ROWS, DIMENSIONS), 0.56, 0.6, 0.667), ENDS, COUNT)
    assert shared.of("mil_a")[0].std() == pytest.approx(own.of("mil_a")[0].std(), rel=0.02)
    # Variance of a mean of two: half of one's, times 1 + r.
    assert shared.of("military")[0].var() == pytest.approx(own.of("military")[0].var() * (1 + 0.56 * 0.6), rel=0.05)


def test_removing_or_adding_an_indicators_rows_leaves_all_other_draws_bit_identical() -> None:
    whole = with_doubt(build_panel(ROWS, DIMENSIONS), 0.56, 0.6, 0.667)
    part = with_doubt(build_panel([row for row in ROWS if row[1] != "mil_b"], DIMENSIONS), 0.56, 0.6, 0.667)
    one, other = draw_panel(whole, ENDS, 1000), draw_panel(part, ENDS, 1000)
    for id in ("mil_a", "cyb_a"):
        np.testing.assert_array_equal(one.of(id), other.of(id))


def test_a_draw_follows_one_coder_in_all_indicators() -> None:
    rows = [(day, id, c, s, s, s) for day, id, *_ in ROWS for c, s in (("c1", 2.0), ("c2", 8.0))]
    draws = draw_panel(build_panel(rows, DIMENSIONS), ENDS, 1000)
    first = draws.of("mil_a")[0]
    assert 0.45 < (first == 8).mean() < 0.55
    for id in ("mil_b", "cyb_a"):
        for values in draws.of(id):
            np.testing.assert_array_equal(values, first)


def test_with_doubt_of_its_own_only_the_draws_are_those_of_method_1_0() -> None:
    panel = dataclasses.replace(with_doubt(build_panel(ROWS, DIMENSIONS), 0.56, 0.6, 0.667), doubt="own")
    draws = draw_panel(panel, ENDS, 1000)
    digest = hashlib.blake2b(digest_size=8)
    for id in ("mil_a", "mil_b", "cyb_a"):
        digest.update(draws.of(id).tobytes())
    # Recorded under 1.0, for the same rows.
    assert digest.hexdigest() == "fb03af9662335b53"
    zero = draw_panel(with_doubt(build_panel(ROWS, DIMENSIONS), 0, 0, 0), ENDS, 1000)
    np.testing.assert_array_equal(zero.index(), draws.index())


def test_the_settings_are_own_partly_and_strongly() -> None:
    methods = pd.DataFrame(
        {
            "date": pd.to_datetime(["2026-11-30", "2026-11-22"]),
            "doubt_indicator": [0.5, np.nan],
            "doubt_dimension": [0.6, np.nan],
            "doubt_all": [0.667, np.nan],
        },
        index=["2.0", "1.0"],
    )
    assert doubt_shares(methods, "own") == OWN
    assert doubt_shares(methods, "partly") == Shares(0.5, 0.6, 0.667)
    assert doubt_shares(methods, "strongly") == STRONG
    assert doubt_shares(methods.loc[["1.0"]], "partly") == OWN


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


def test_the_shipped_parameter_lies_within_the_interval_of_its_estimate() -> None:
    loaded = load_dataset(DATA).dataset
    assert loaded is not None
    panel = Panel(loaded)
    held = panel.holdings(panel.dates("quarter"))
    found = estimate_shared_doubt(held[held["fresh"] & (held["share"] == 0)])
    assert found.low <= doubt_shares(loaded.methods, "partly").indicator <= found.high
