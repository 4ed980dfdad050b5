"""What the method text works out by hand is what the program computes."""

import datetime as dt
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from indicators.measures.change.ledger import Point, explain_change
from indicators.measures.outlook.scores import pair_forecasts, tabulate_scores
from indicators.measures.panel import Panel
from indicators.measures.quarters import read_settled
from indicators.measures.series import build_series
from indicators.records.dataset import load_dataset

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(scope="module")
def panel():
    return Panel(load_dataset(DATA).dataset)


def rows_under(heading, text):
    """The cells of the first table behind a heading."""
    table = text.split(heading, 1)[1].split("|---", 1)[1].split("\n\n", 1)[0].split("\n")[1:]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in table if line.startswith("|")]


def test_the_worked_interval_is_the_formula_and_the_draws_come_near(panel):
    low, mode, high, p = 7.0, 8.0, 8.5, 0.1
    below = low + math.sqrt(p * (high - low) * (mode - low))
    above = high - math.sqrt(p * (high - low) * (high - mode))
    assert f"{below:.3f}" in panel.dataset.method
    assert f"{above:.3f}" in panel.dataset.method
    own = Panel(panel.dataset, coder="c1")
    table = build_series(own, "indicator", pd.DatetimeIndex(["2024-12-31"])).set_index("id")
    row = table.loc["mil_nuclear_posture"]
    held = own.holdings(pd.DatetimeIndex(["2024-12-31"])).set_index("indicator").loc["mil_nuclear_posture"]
    assert (held["low"], held["score"], held["high"]) == (low, mode, high)
    assert row["low"] == pytest.approx(below, abs=0.02)
    assert row["high"] == pytest.approx(above, abs=0.02)


def test_the_worked_account_is_the_ledger(panel):
    written = rows_under("A worked account", panel.dataset.method)
    ledger = explain_change(Point(panel, dt.date(2024, 10, 31)), Point(panel, dt.date(2024, 11, 30)))
    found = [
        (r.indicator, r.coder, f"{r.date:%Y-%m-%d}", r.old, r.new, pytest.approx(r.amount, abs=1e-9))
        for r in ledger.itertuples()
    ]
    assert [(i, c, d, float(a), float(b), float(x)) for i, c, d, a, b, x in written] == found
    by_hand = [(float(b) - float(a)) / 2 / 4 / 5 for _, _, _, a, b, _ in written]
    assert [float(x) for *_, x in written] == pytest.approx(by_hand, abs=1e-12)


def test_the_worked_back_cast_is_what_the_record_held(panel):
    vintage = Panel(panel.dataset, dt.date(2026, 11, 30))
    pairs = pair_forecasts(vintage).set_index(["question", "coder"])
    row = pairs.loc[("index-2024-12-31-asked-2024-09-30", "baseline-2")]
    text = panel.dataset.method.split("A worked back-cast, ")[1].split("\n\n")[0]
    readings = read_settled(vintage)["index"].loc[:"2024-09-30"].dropna().to_numpy()
    assert f"It stood at {readings[-1]:g}" in text
    changes = np.diff(readings)
    reach = [readings[-1] + sign * change >= 6.5 for change in changes for sign in (1, -1)]
    there = readings >= 6.5
    stayed = there[1:] == there[:-1]
    assert f"Of {len(changes)} earlier changes over one quarter, in both signs, {sum(reach)} of {len(reach)}" in text
    assert f"Of {len(there)} settled quarters {there.sum()} had been there" in text
    assert f"{stayed.sum()} of {len(stayed)} pairs" in text
    halves = (sum(reach) + 1) / (len(reach) + 2), (there.sum() + 1) / (len(there) + 2)
    assert row["forecast"] == pytest.approx(sum(halves) / 2, abs=0.005)
    assert row["base_rate"] == halves[1]
    assert row["no_change"] == 1 - (stayed.sum() + 1) / (len(stayed) + 2)
    assert row["brier_forecast"] == pytest.approx((0.36 - 1) ** 2)
    for name in ("brier_forecast", "log_forecast", "brier_base_rate", "brier_no_change"):
        assert f"{row[name]:.4f}" in text


def test_the_text_says_how_the_back_casts_did(panel):
    scores = tabulate_scores(pair_forecasts(Panel(panel.dataset, dt.date(2026, 11, 30))))
    names = {"index": "the index", "dimensions": "dimensions"}
    for row in scores.to_dict("records"):
        numbers = [f"{row[name]:.2f}" for name in ("brier", "brier_base_rate", "brier_no_change", "brier_even")]
        cells = [f"`{row['coder']}`", names[row["about"]], row["questions"], *numbers]
        assert f"| {' | '.join(map(str, cells))} |" in panel.dataset.method
    new = scores.set_index(["coder", "about"]).loc[("baseline-2", "dimensions")]
    low, high = new["skill_base_rate_low"], new["skill_base_rate_high"]
    assert (
        f"(skill +{new['skill_base_rate']:.2f}, −{-low:.2f} to +{high:.2f} on the dimensions)" in panel.dataset.method
    )


def test_the_rule_in_use_is_no_worse_than_it_must_be(panel):
    pairs = pair_forecasts(Panel(panel.dataset, dt.date(2026, 11, 30)))
    assert pairs.loc[pairs["coder"] == "baseline-2", "brier_forecast"].mean() <= 0.22
