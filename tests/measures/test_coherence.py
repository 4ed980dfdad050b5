"""How the parts of the index move together: alpha, correlations and shares worked out by hand."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from indicators.measures.coherence import measure_coherence
from indicators.measures.panel import Panel
from indicators.records.dataset import load_dataset
from tests.measures.small_panels import build_panel

DATA = Path(__file__).parents[2] / "data"
QUARTERS = [f"{day:%Y-%m-%d}" for day in pd.date_range("2020-03-31", periods=12, freq="QE")]
DIMENSIONS = {"military": ["mil_a", "mil_b"], "cyber": ["cyb_a"]}
UP = [2.0, 4.0] * 6
TURN = [2.0, 2.0, 4.0, 4.0] * 3  # of the same variance as UP, and unrelated to it


def panel_of(**series):
    rows = [
        (day, id, "c1", score) for id, scores in series.items() for day, score in zip(QUARTERS, scores, strict=False)
    ]
    return build_panel(rows, DIMENSIONS)


def test_parts_that_move_as_one_have_an_alpha_of_one_and_unrelated_ones_of_zero():
    found = measure_coherence(panel_of(mil_a=UP, mil_b=UP, cyb_a=TURN))
    alpha = found.alphas.set_index("id")
    assert alpha["items"].to_dict() == {"index": 2, "military": 2, "cyber": 1}
    assert alpha.loc["military", "alpha"] == pytest.approx(1)
    assert alpha.loc["index", "alpha"] == pytest.approx(0, abs=1e-12)
    assert np.isnan(alpha.loc["cyber", "alpha"])
    assert found.correlations.loc["military", "cyber"] == pytest.approx(0, abs=1e-12)
    assert found.quarters == 12


def test_alpha_and_shares_by_hand():
    # In units of the variance of UP: military (UP + TURN) / 2 has 1/2, cyber TURN has 1; their covariance is 1/2.
    found = measure_coherence(panel_of(mil_a=UP, mil_b=TURN, cyb_a=TURN))
    # The index is half of each: variance (1/2 + 1 + 2 · 1/2) / 4 = 5/8, of the parts alone 3/8: alpha 2 (1 - 3/5).
    assert found.alphas.set_index("id").loc["index", "alpha"] == pytest.approx(4 / 5)
    table = found.shares.set_index("id")
    # Covariances of the parts with the index: military (1/2 + 1/2) / 4 and cyber (1 + 1/2) / 4; UP makes 1/16.
    expected = {"military": 1 / 4, "cyber": 3 / 8, "mil_a": 1 / 16, "mil_b": 3 / 16, "cyb_a": 3 / 8}
    assert table["share"].to_dict() == pytest.approx({id: share / (5 / 8) for id, share in expected.items()})
    assert table["stated"].to_dict() == {"military": 0.5, "cyber": 0.5, "mil_a": 0.25, "mil_b": 0.25, "cyb_a": 0.5}
    assert table.loc["military", "rest"] == pytest.approx(0.5**0.5)
    assert table.loc["mil_a", "rest"] == pytest.approx(0, abs=1e-12)
    assert np.isnan(table.loc["cyb_a", "rest"])


def test_what_moves_against_the_index_has_a_share_below_zero():
    found = measure_coherence(panel_of(mil_a=[3 * s for s in UP], mil_b=[6 - s for s in UP], cyb_a=UP))
    table = found.shares.set_index("id")
    assert table.loc["mil_b", "share"] < 0
    assert table.loc["mil_b", "rest"] == pytest.approx(-1)
    for level in ("dimension", "indicator"):
        assert found.shares.loc[found.shares["level"] == level, "share"].sum() == pytest.approx(1)
    assert found.alphas.set_index("id").loc["military", "alpha"] < 0


def test_only_settled_quarters_since_a_day_count_and_eight_are_needed():
    panel = panel_of(mil_a=UP, mil_b=UP, cyb_a=[*UP[:11], 9.0])
    found = measure_coherence(panel, pd.Timestamp(QUARTERS[4]))
    assert (found.start, found.end, found.quarters) == (pd.Timestamp(QUARTERS[4]), pd.Timestamp(QUARTERS[-1]), 8)
    assert measure_coherence(panel, pd.Timestamp(QUARTERS[5])) is None
    short = panel_of(mil_a=UP, mil_b=UP, cyb_a=UP[:9])  # cyber was not reviewed in the last three quarters
    assert measure_coherence(short).quarters == 9


def test_what_has_no_weight_has_no_part():
    panel = panel_of(mil_a=UP, mil_b=TURN, cyb_a=UP)
    panel = dataclasses.replace(panel, weights=panel.weights.with_dimensions({"military": 0}))
    found = measure_coherence(panel)
    assert found.shares["id"].tolist() == ["cyber", "cyb_a"]
    assert found.shares["share"].tolist() == pytest.approx([1, 1])


def test_shares_of_the_geometric_mean_sum_to_one_as_well():
    panel = dataclasses.replace(panel_of(mil_a=UP, mil_b=TURN, cyb_a=TURN), mean="geometric")
    shares = measure_coherence(panel).shares
    for level in ("dimension", "indicator"):
        assert shares.loc[shares["level"] == level, "share"].sum() == pytest.approx(1)


def test_scores_that_never_vary_have_no_shares():
    found = measure_coherence(panel_of(mil_a=[3.0] * 12, mil_b=[3.0] * 12, cyb_a=[3.0] * 12))
    assert found.shares[["share", "rest"]].isna().all(axis=None)
    assert found.alphas["alpha"].isna().all()


def test_the_dimensions_of_the_shipped_data_moved_as_one_in_the_jump_only():
    panel = Panel(load_dataset(DATA).dataset)
    whole, later = measure_coherence(panel), measure_coherence(panel, panel.dataset.topic.since)
    assert (whole.quarters, later.quarters) == (23, 18)
    alpha = [found.alphas.set_index("id").loc["index", "alpha"] for found in (whole, later)]
    # Independently: covariances by NumPy.
    for found, value in zip((whole, later), alpha, strict=True):
        readings = panel.composite(pd.date_range(found.start, found.end, freq="QE")).dimensions.to_numpy(float)
        covariance = np.cov(readings.T)
        assert value == pytest.approx(5 / 4 * (1 - np.trace(covariance) / covariance.sum()))
    assert alpha[0] > 0.8
    assert alpha[1] < 0.3
