"""Which choice matters most: shares against closed forms, and nothing from what cannot matter."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from indicators.measures.panel import Panel
from indicators.measures.uncertainty.choices import CHOICES, estimate_shares, leave_out, vary_choices
from indicators.measures.uncertainty.draws import CONCENTRATION, Seeds, draw_panel
from indicators.records.dataset import load_dataset
from tests.measures.small_panels import build_panel

DATA = Path(__file__).parents[3] / "data"
DIMENSIONS = {"military": ["mil_a", "mil_b"], "cyber": ["cyb_a"]}
NOW, BEFORE = pd.Timestamp("2024-12-31"), pd.Timestamp("2023-12-31")
ROWS = [
    ("2023-12-31", "mil_a", "c1", 5.0, 4.0, 6.0),
    ("2023-12-31", "mil_b", "c1", 3.0, 2.0, 5.0),
    ("2023-12-31", "cyb_a", "c1", 6.0, 5.0, 7.0),
    ("2024-12-31", "mil_a", "c1", 8.0, 7.0, 9.0),
    ("2024-12-31", "mil_b", "c1", 4.0, 3.0, 6.0),
    ("2024-12-31", "cyb_a", "c1", 6.5, 5.0, 7.0),
]


def certain(rows):
    """The same scores without doubt."""
    return [(*row[:4], row[3], row[3]) for row in rows]


def table_of(varied):
    return varied.shares.set_index("choice")


def assert_shares(table, first, total):
    """Each share lies within its sampling error (or 0.02, where that is smaller) of the closed form."""
    for kind, expected in (("first", first), ("total", total)):
        for choice, share in expected.items():
            reach = max(0.02, 2 * (table.loc[choice, f"{kind}_high"] - table.loc[choice, f"{kind}_low"]))
            assert table.loc[choice, kind] == pytest.approx(share, abs=reach)
            assert reach < 0.2


def test_shares_of_a_linear_function_are_those_of_its_terms():
    # 3x + 4y of two equal variances: 9/25 and 16/25, whichever is known first; z is nowhere in it.
    generator = np.random.default_rng(3)
    first, second = generator.uniform(size=(2, 3, 4_000))

    def index(x, y, _):
        return 3 * x + 4 * y

    swapped = {name: index(*np.where(np.arange(3)[:, None] == n, second, first)) for n, name in enumerate("xyz")}
    table = estimate_shares(index(*first), index(*second), swapped).set_index("choice")
    assert_shares(table, {"x": 9 / 25, "y": 16 / 25}, {"x": 9 / 25, "y": 16 / 25})
    assert (table.loc["z"] == 0).all()
    for kind in ("first", "total"):
        assert (table[f"{kind}_low"] <= table[kind]).all()
        assert (table[kind] <= table[f"{kind}_high"]).all()


def test_the_bootstrap_tells_the_sampling_error():
    def index(x, y):
        return x * y

    found = []
    for seed in range(60):
        first, second = np.random.default_rng(seed).uniform(size=(2, 2, 500))
        swapped = {"x": index(second[0], first[1]), "y": index(first[0], second[1])}
        found.append(estimate_shares(index(*first), index(*second), swapped, seed).iloc[0])
    table = pd.DataFrame(found)
    # Of xy with both uniform: variance 1/9 - 1/16, of which x alone makes 1/48.
    held = (table["first_low"] <= 3 / 7) & (table["first_high"] >= 3 / 7)
    assert held.mean() >= 0.85
    assert table["first"].mean() == pytest.approx(3 / 7, abs=0.02)


def test_doubt_and_weights_by_hand():
    """Two dimensions of one indicator each: index wX + (1 - w)Y, w from Beta(25, 25)."""
    rows = [("2024-12-31", "a", "c1", 6.0, 3.0, 9.0), ("2024-12-31", "b", "c1", 2.0, 1.0, 3.0)]
    panel = build_panel(rows, {"d": ["a"], "e": ["b"]})
    varied = vary_choices(panel, 4_000, varied=("weights",))
    x, y, w = 36 / 24, 4 / 24, 1 / 4 / (CONCENTRATION + 1)  # variances of X, Y and w; X and Y differ by 4 on average
    scores, weights, both = (x + y) / 4, 16 * w, w * (x + y)
    total = scores + weights + both
    assert_shares(
        table_of(varied.level),
        {"scores": scores / total, "weights": weights / total},
        {"scores": (scores + both) / total, "weights": (weights + both) / total},
    )
    assert varied.level.value == 4
    others = table_of(varied.level).loc[["shared", "coder", "mean", "left_out", "spacing"]]
    assert (others == 0).all(axis=None)


def test_own_and_shared_doubt_by_hand():
    # A place is shared with probability s = √r. Known shared doubt explains s² of the variance, own doubt 1 - s.
    panel = build_panel([("2024-12-31", "a", "c1", 5.0, 3.0, 7.0)], {"d": ["a"]}, doubt="strongly")
    table = table_of(vary_choices(panel, 4_000, varied=()).level)
    s = 0.75**0.5
    assert_shares(table, {"scores": 1 - s, "shared": s * s}, {"scores": 1 - s * s, "shared": s})


def test_leaving_out_and_the_mean_by_hand():
    rows = [("2024-12-31", "a", "c1", 3.0, 3.0, 3.0), ("2024-12-31", "b", "c1", 8.0, 8.0, 8.0)]
    panel = build_panel(rows, {"d": ["a"], "e": ["b"]})
    # Without either: 8 or 3; with both 5.5, or √(4 · 9) - 1 = 5 by the geometric mean.
    cases = np.array([[5.5, 8, 3], [5, 8, 3]])
    total = cases.var()
    table = table_of(vary_choices(panel, 4_000, varied=("left_out", "mean")).level)
    assert_shares(
        table,
        {"left_out": cases.mean(axis=0).var() / total, "mean": cases.mean(axis=1).var() / total},
        {"left_out": cases.var(axis=1).mean() / total, "mean": cases.var(axis=0).mean() / total},
    )


def test_the_spacing_of_anchors_by_hand():
    # At the anchor 4 two of five steps lie below: 10 · Beta(10, 15), of variance 100 · 0.4 · 0.6 / 26. Ends stay.
    panel = build_panel(
        [("2024-12-31", "a", "c1", 4.0, 4.0, 4.0), ("2024-12-31", "b", "c1", 10.0, 10.0, 10.0)], {"d": ["a", "b"]}
    )
    varied = vary_choices(panel, 4_000, varied=("spacing",)).level
    sd = np.sqrt(100 * 0.4 * 0.6 / 26) / 2
    assert varied.high - varied.low == pytest.approx(2 * 1.2816 * sd, rel=0.06)
    assert table_of(varied).loc["spacing", "total"] == pytest.approx(1, abs=0.05)
    assert varied.leading == "spacing"
    assert (varied.doubt_low, varied.doubt_high) == (7, 7)


def test_what_cannot_matter_has_a_share_of_exactly_0():
    # One coder, doubt that is not shared, one dimension with weight, and one indicator in it.
    rows = [("2024-12-31", id, "c1", 0.0, 0.0, 0.0) for id in ("mil_a", "mil_b")]
    panel = build_panel([*rows, ("2024-12-31", "cyb_a", "c1", 5.0, 4.0, 6.0)], DIMENSIONS)
    panel = dataclasses.replace(panel, weights=panel.weights.with_dimensions({"military": 0}))
    table = table_of(vary_choices(panel, 500).level)
    # Cyber cannot be left out, for there would be no index.
    assert (table.loc[["shared", "coder", "weights", "left_out"]] == 0).all(axis=None)
    assert table.loc["mean", "total"] < 1e-12  # 5 by either, but for the rounding of logarithms
    assert table.loc["scores", "total"] > 0.1
    assert table.loc["spacing", "total"] > 0.1


def test_where_nothing_varies_there_is_no_share():
    varied = vary_choices(build_panel(certain(ROWS), DIMENSIONS), 100, varied=()).level
    assert varied.shares[["first", "total"]].isna().all(axis=None)
    assert varied.leading == ""
    assert not varied.clear
    assert (varied.low, varied.high) == (varied.value, varied.value)


def test_persistent_shared_doubt_cancels_in_a_change_and_that_of_a_quarter_does_not():
    panel = build_panel(ROWS, DIMENSIONS, doubt="strongly")
    by_quarter, persistent = (vary_choices(panel, 1_000, varied=(), by_quarter=b) for b in (True, False))
    assert by_quarter.year_ago == BEFORE
    assert by_quarter.change.value == persistent.change.value == pytest.approx(1.25)
    width = [v.change.high - v.change.low for v in (by_quarter, persistent)]
    assert width[0] > 1.5 * width[1]


def test_coders_matter_where_they_differ():
    rows = [("2024-12-31", id, coder, s, s, s) for id in ("mil_a", "cyb_a") for coder, s in (("c1", 4.0), ("c2", 6.0))]
    table = table_of(
        vary_choices(build_panel(rows, {"military": ["mil_a"], "cyber": ["cyb_a"]}), 1_000, varied=()).level
    )
    assert table.loc["coder", "first"] == pytest.approx(1, abs=0.05)
    assert (table.loc["scores"] == 0).all()


def test_each_run_gives_the_same_bits_and_each_seed_others():
    panel = build_panel(ROWS, DIMENSIONS, doubt="strongly")
    one, again, other = (vary_choices(panel, 300, seed) for seed in (0, 0, 1))
    pd.testing.assert_frame_equal(one.level.shares, again.level.shares, check_exact=True)
    assert (one.level.low, one.change.high) == (again.level.low, again.change.high)
    assert one.level.low != other.level.low


def test_the_doubt_alone_is_that_of_the_published_draws():
    panel = build_panel([*ROWS, ("2024-12-31", "mil_a", "c2", 5.0, 4.0, 6.0)], DIMENSIONS, doubt="strongly")
    dates = pd.DatetimeIndex([NOW])
    one, each = (draw_panel(panel, dates, 50, seeds).index() for seeds in (3, Seeds(3, 3, 3)))
    np.testing.assert_array_equal(one, each)
    for seeds in (Seeds(4, 3, 3), Seeds(3, 4, 3), Seeds(3, 3, 4)):
        assert (draw_panel(panel, dates, 50, seeds).index() != one).any()


def test_without_a_settled_quarter_there_is_nothing_and_without_the_year_before_no_change():
    assert vary_choices(build_panel(ROWS[:1], DIMENSIONS), 50) is None
    assert leave_out(build_panel(ROWS[:1], DIMENSIONS)).empty
    alone = vary_choices(build_panel(ROWS[3:], DIMENSIONS), 50)
    assert (alone.date, alone.year_ago, alone.change) == (NOW, None, None)
    assert leave_out(build_panel(ROWS[3:], DIMENSIONS))["change"].isna().all()


def test_leaving_out_by_hand():
    table = leave_out(build_panel(ROWS, DIMENSIONS)).set_index("id")
    assert list(table.index) == ["", "military", "cyber", "mil_a", "mil_b", "cyb_a"]
    # Now military (8 + 4) / 2 and cyber 6.5; a year before 4 and 6.
    assert table["score"].tolist() == pytest.approx([6.25, 6.5, 6, 5.25, 7.25, 6])
    assert table["change"].tolist() == pytest.approx([1.25, 0.5, 2, 0.75, 1.75, 2])
    assert set(table["highest"]) == {(NOW,)}
    flat = leave_out(build_panel([*ROWS[:3], *(("2024-12-31", *row[1:]) for row in ROWS[:3])], DIMENSIONS))
    assert set(flat["highest"]) == {(BEFORE, NOW)}


def test_the_shipped_data_have_an_answer_to_each_choice():
    panel = Panel(load_dataset(DATA).dataset)
    found = vary_choices(panel, 1_024)
    for varied in (found.level, found.change):
        table = table_of(varied)
        assert list(table.index) == list(CHOICES)
        # Each alone makes no more than with all the others, but for the sampling error.
        assert (table["first_low"] <= table["total_high"]).all()
        assert table["first"].sum() < 1.1
        assert table["total"].sum() > 0.9
        assert varied.low < varied.value < varied.high
        assert varied.high - varied.low > varied.doubt_high - varied.doubt_low
