"""Levers: nothing on changes nothing, an effect counts with its weight, and the account has no remainder."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.measures.index import Weights, indicator_shares
from indicators.measures.outlook.fan import Paths, draw_paths
from indicators.measures.outlook.levers import (
    Assumption,
    Scenario,
    explain_levers,
    follow_levers,
    list_assumptions,
    measure_reach,
)
from indicators.measures.panel import Panel
from indicators.records.dataset import load_dataset
from tests.measures.small_panels import build_panel

DIMENSIONS = {"military": ["mil_a", "mil_b"], "cyber": ["cyb_a"]}
QUARTERS = [f"{day:%Y-%m-%d}" for day in pd.date_range(end="2024-03-31", periods=10, freq="QE")]
SWINGS = {"mil_a": [5, 6, 5, 4, 5, 6, 6, 5, 5, 6], "mil_b": [4, 4, 5, 5, 4, 5, 6, 5, 4, 4], "cyb_a": [7, 6] * 5}
FIXED = Assumption("talks", "mil_a", -1, -1, -1, 0)
WIDE = Assumption("talks", "cyb_a", -2, -0.5, 0.5, 90)
LINE = Assumption("line", "mil_a", -1, -0.5, 0, 100)
EDGE = Assumption("edge", "mil_b", -10, -10, -10, 0)
EVERYTHING = (FIXED, WIDE, LINE, EDGE)
LEVERS = ["talks", "line", "edge"]


def baseline(mean: str = "arithmetic", **weights: float) -> Paths:
    """Paths of three indicators in two dimensions."""
    rows = [(day, id, "c1", s) for id, scores in SWINGS.items() for day, s in zip(QUARTERS, scores, strict=True)]
    panel = build_panel(rows, DIMENSIONS)
    changed = Weights.from_codebook(panel.dataset.dimensions, panel.dataset.indicators).with_dimensions(weights)
    return draw_paths(Panel(panel.dataset, weights=changed, mean=mean), count=500)


def shift(scenario: Scenario, at: int = -1) -> float:
    """What the levers change in the mean of the index."""
    return float(scenario.paths.index[at].mean() - scenario.baseline.index[at].mean())


def test_what_levers_can_do_is_the_shift_of_the_mean_of_each_subject() -> None:
    scenario = follow_levers(baseline(), [FIXED], ["talks"])
    assert measure_reach(scenario, "index") == pytest.approx(-0.25, abs=1e-12)
    assert measure_reach(scenario, "military") == pytest.approx(-0.5, abs=1e-12)
    assert measure_reach(scenario, "cyber") == 0


def test_without_a_lever_the_fan_is_the_baseline_bit_for_bit() -> None:
    base = baseline()
    scenario = follow_levers(base, EVERYTHING, [])
    assert scenario.paths.indicators.tobytes() == base.indicators.tobytes()
    assert scenario.paths.index.tobytes() == base.index.tobytes()
    assert explain_levers(scenario).empty


def test_a_lever_of_no_effect_leaves_the_baseline_too() -> None:
    base = baseline()
    scenario = follow_levers(base, [Assumption("none", "mil_a", 0, 0, 0, 0)], ["none"])
    assert np.array_equal(scenario.paths.index, base.index)


def test_a_certain_effect_appears_with_its_weight() -> None:
    # One of two indicators of one of two dimensions: a quarter of the index. One point less makes 0.25.
    scenario = follow_levers(baseline(), [FIXED], ["talks"])
    assert shift(scenario) == pytest.approx(-0.25, abs=1e-12)
    # With cyber three times as heavy as military: half of a quarter.
    assert shift(follow_levers(baseline(cyber=3), [FIXED], ["talks"])) == pytest.approx(-0.125, abs=1e-12)


def test_a_drawn_effect_appears_with_its_weight_times_its_mean() -> None:
    # Triangular: the mean is (-2 - 0.5 + 0.5) / 3; cyber is half of the index and has one indicator.
    scenario = follow_levers(baseline(), [WIDE], ["talks"])
    drawn = scenario.effects["talks", "cyb_a"][-1]
    assert shift(scenario) == pytest.approx(0.5 * drawn.mean(), abs=1e-12)
    assert drawn.mean() == pytest.approx(-2 / 3, abs=0.08)
    assert drawn.min() >= -2
    assert drawn.max() <= 0.5


def test_an_effect_begins_after_its_delay() -> None:
    # 100 days after 31 March is 9 July: the end of June has no effect, the end of September the whole.
    scenario = follow_levers(baseline(), [LINE], ["line"])
    assert shift(scenario, 0) == 0
    assert shift(scenario, 1) == pytest.approx(0.25 * scenario.effects["line", "mil_a"][1].mean(), abs=1e-12)
    assert np.array_equal(scenario.effects["line", "mil_a"][1], scenario.effects["line", "mil_a"][-1])


@given(st.permutations(LEVERS), st.permutations(EVERYTHING))
@settings(max_examples=30, deadline=None)
def test_the_order_of_switching_does_not_matter(levers: list[str], assumptions: list[Assumption]) -> None:
    base = baseline()
    first, second = follow_levers(base, EVERYTHING, LEVERS), follow_levers(base, assumptions, levers)
    assert first.paths.indicators.tobytes() == second.paths.indicators.tobytes()
    assert explain_levers(first).equals(explain_levers(second))


def test_one_lever_leaves_the_draws_of_another_alone() -> None:
    alone = follow_levers(baseline(), EVERYTHING, ["talks"]).effects["talks", "cyb_a"]
    among = follow_levers(baseline(), EVERYTHING, LEVERS).effects["talks", "cyb_a"]
    assert np.array_equal(alone, among)


effect = st.tuples(*[st.integers(-20, 20)] * 3).map(lambda three: sorted(n / 2 for n in three))
assumed = st.builds(
    lambda lever, id, three, delay: Assumption(lever, id, *three, delay),
    st.sampled_from(LEVERS),
    st.sampled_from(list(SWINGS)),
    effect,
    st.integers(0, 400),
)


@given(
    st.lists(assumed, min_size=1, max_size=6, unique_by=lambda a: (a.lever, a.indicator)),
    st.sampled_from(["arithmetic", "geometric"]),
    st.integers(0, 4),
)
@settings(max_examples=60, deadline=None)
def test_the_account_sums_to_the_difference_that_the_levers_make(
    assumptions: list[Assumption], mean: str, cyber: int
) -> None:
    base = baseline(mean, cyber=cyber)
    scenario = follow_levers(base, assumptions, {a.lever for a in assumptions})
    ledger = explain_levers(scenario)
    assert ledger["amount"].sum() == pytest.approx(shift(scenario), abs=1e-9)
    assert scenario.paths.indicators.min() >= 0
    assert scenario.paths.indicators.max() <= 10


def test_what_the_scale_cuts_off_has_its_own_row() -> None:
    # Ten points less: all paths end on 0, and a quarter of ten points is the lever's own row.
    scenario = follow_levers(baseline(), [EDGE], ["edge"])
    ledger = explain_levers(scenario).set_index("part")
    assert set(scenario.paths.of("mil_b")[-1]) == {0}
    assert ledger.at["lever", "amount"] == pytest.approx(-2.5, abs=1e-9)
    assert ledger.at["clipped", "amount"] > 0
    assert ledger["amount"].sum() == pytest.approx(-0.25 * scenario.baseline.of("mil_b")[-1].mean(), abs=1e-9)
    assert ledger.at["clipped", "dimension"] == "military"


def test_a_certain_effect_under_the_geometric_mean_is_the_whole_difference() -> None:
    scenario = follow_levers(baseline("geometric"), [FIXED], ["talks"])
    ledger = explain_levers(scenario)
    assert len(ledger) == 1
    assert ledger["amount"].iloc[0] == pytest.approx(shift(scenario), abs=1e-12)


def test_shares_count_what_has_a_reading_and_sum_to_one() -> None:
    base = baseline(cyber=3)
    assert indicator_shares(base.start_readings, base.weights).tolist() == [0.125, 0.125, 0.75]
    # Half of military's weight is too little: the dimension drops out, and with it the index here.
    holed = replace(base, origin=np.array([np.nan, 4.0, 7.0]))
    assert indicator_shares(holed.start_readings, holed.weights).tolist() == [0, 0, 1]


def test_an_effect_on_an_indicator_without_a_reading_is_left_out() -> None:
    dimensions = {"military": ["mil_a", "mil_b", "mil_c", "mil_d"]}
    rows = [(day, f"mil_{x}", "c1", 5.0) for day in QUARTERS for x in "abc"]
    base = draw_paths(build_panel(rows, dimensions))
    assert follow_levers(base, [Assumption("talks", "mil_d", -1, -1, -1, 0)], ["talks"]).paths is base
    # Three of four have a reading: each is a third of the index.
    assert shift(follow_levers(base, [FIXED], ["talks"])) == pytest.approx(-1 / 3, abs=1e-12)


def test_an_unknown_lever_is_refused() -> None:
    with pytest.raises(ValueError, match="magic"):
        follow_levers(baseline(), EVERYTHING, ["magic"])


def test_every_shipped_lever_appears_in_the_account_with_its_weight(pytestconfig) -> None:
    dataset = load_dataset(pytestconfig.rootpath / "data").dataset
    assert dataset is not None
    base = draw_paths(Panel(dataset), count=1000)
    assumptions = list_assumptions(dataset)
    for lever in {a.lever for a in assumptions}:
        own = [a for a in assumptions if a.lever == lever]
        ledger = explain_levers(follow_levers(base, own, [lever]))
        rows = ledger[ledger["part"] == "lever"].set_index("indicator")["amount"]
        # Equal weights: each indicator is a quarter of a fifth of the index.
        for a in own:
            assert rows[a.indicator] == pytest.approx((a.low + a.mode + a.high) / 3 / 20, abs=0.003)


def test_a_folder_without_levers_has_no_assumptions() -> None:
    assert list_assumptions(build_panel([], DIMENSIONS).dataset) == ()
