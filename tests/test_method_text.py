"""What the method text works out by hand is what the program computes."""

import datetime as dt
import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from indicators.measures.agreement import compare_spans, estimate_from_units, list_units
from indicators.measures.change.ledger import Point, explain_change
from indicators.measures.outlook.scores import pair_forecasts, tabulate_scores
from indicators.measures.outside.validity import measure_validity
from indicators.measures.panel import Panel
from indicators.measures.quarters import read_settled
from indicators.measures.series import build_series
from indicators.measures.uncertainty.choices import leave_out
from indicators.records.dataset import load_dataset
from indicators.show.text.outside.validity import format_correlation, format_interval

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


@pytest.fixture(scope="module")
def written(panel):
    """The data that the newer examples are about."""
    return Panel(panel.dataset, dt.date(2026, 11, 30))


def test_the_worked_widening_is_by_the_formula_what_the_panel_has(written):
    text = written.dataset.method.split("A worked widening, ")[1].split("\n\n")[0]
    ends = pd.date_range("2021-03-31", "2026-09-30", freq="QE")
    readings = written.composite(ends).indicators
    own = readings["mil_nuclear_posture"].tail(9).tolist()
    assert f"{', '.join(f'{value:g}' for value in own[:-1])} and {own[-1]:g}" in text
    changes = sorted(abs(b - a) for a, b in pairwise(own))
    assert f"{', '.join(f'{change:g}' for change in changes[:-1])} and {changes[-1]:g}" in text
    own_part = changes[5] + 0.6 * (changes[6] - changes[5])
    mean = readings.diff().abs().tail(8).quantile(0.8).mean()
    assert f"is {own_part:g}. The mean of all indicators' is {mean:g}" in text
    widening = written.scores.widening.loc["2026-09-30", "mil_nuclear_posture"]
    assert widening == pytest.approx((own_part + mean) / 2)
    assert f"= {widening:.3f}" in text
    held = written.holdings(pd.DatetimeIndex(["2026-09-30", "2026-12-31"]))
    held = held[held["indicator"] == "mil_nuclear_posture"]
    for day, told in (("2026-09-30", "6 to 8"), ("2026-12-31", "4.76 to 9.24")):
        ends_ = held.loc[held["date"] == day, ["low", "high"]].round(2).drop_duplicates().to_numpy().tolist()
        assert [f"{low:g} to {high:g}" for low, high in ends_] == [told]
        assert told in text


def test_the_index_without_a_dimension_by_hand(written):
    text = written.dataset.method.split("**Left out.**")[1].split("\n\n")[0]
    readings = written.composite(pd.DatetimeIndex(["2026-09-30"])).dimensions.iloc[0]
    told = [f"{value:g}" for value in readings]
    assert f"{', '.join(told[:-1])} and {told[-1]}" in text
    table = leave_out(written)
    table = table[table["date"] == "2026-09-30"].set_index("id")
    assert f"the index {table.loc['', 'score']:g}" in text
    rest = readings.drop("sanctions")
    assert f"({' + '.join(f'{value:g}' for value in rest)}) / 4 = {rest.mean():g}" in text
    assert table.loc["sanctions", "score"] == pytest.approx(rest.mean())


def test_the_estimate_of_shared_doubt_by_hand(written):
    text = written.dataset.method.split("mean squared difference of ")[1].split("\n\n")[0]
    units = list_units(written).set_index(["indicator", "date", "coder"])
    score = units["score"].unstack()
    found = ((score["c1"] - score["c2"]) ** 2).mean()
    a, c, b = units["low"], units["score"], units["high"]
    stated = ((a**2 + b**2 + c**2 - a * b - a * c - b * c) / 18).unstack().sum(axis=1).mean()
    assert text.startswith(f"{len(score)} units is {found:.4f}")
    assert f"1 - {found:.4f} / {stated:.4f} = {1 - found / stated:.2f}" in text
    assert estimate_from_units(written).share == pytest.approx(1 - found / stated)
    # The parameter in force is this estimate.
    newest = written.dataset.methods.sort_values("date").iloc[-1]
    assert newest["doubt_indicator"] == pytest.approx(1 - found / stated, abs=0.005)


def test_what_the_readme_says_of_the_first_scorings_agreement(panel):
    text = panel.dataset.readme.split("### What the agreement figure says")[1].split("###")[0]
    spans = compare_spans(Panel(panel.dataset, dt.date(2026, 11, 22)), panel.dataset.topic.since)
    whole, later, changes = (spans.iloc[place] for place in (0, 1, 2))
    assert f"{whole['units']} quarter-end units) between them is {whole['alpha_interval']:.2f}" in text
    assert f"since mid-2022 it is {later['alpha_interval']:.2f} ({later['units']} units)" in text
    assert f"no level in them, {changes['alpha_interval']:.2f}." in text


def test_the_worked_account_is_the_ledger(panel):
    written = rows_under("A worked decomposition", panel.dataset.method)
    ledger = explain_change(Point(panel, dt.date(2024, 9, 30)), Point(panel, dt.date(2024, 12, 31)))
    assert ledger["amount"].sum() == pytest.approx(0.3625, abs=1e-9)
    ledger = ledger[ledger["indicator"].isin(["mil_nuclear_posture", "san_enforcement_counter"])]
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
    text = panel.dataset.method.split("A worked hindcast, ")[1].split("\n\n")[0]
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


def test_what_is_found_of_the_outside_series_in_the_folder_is_what_the_program_finds(panel):
    found = measure_validity(Panel(panel.dataset, dt.date(2026, 11, 30)))
    levels = found[(found["comparison"] == "levels") & (found["note"] == "")]
    said = {
        (row.subject, row.period): f"{format_correlation(row.rho)} ({format_interval(row.low, row.high)}; {row.n})"
        for row in levels[levels["series"].isin(["AIGPR_THREATS", "AIGPR_USA_RUS_SUM_V202603"])].itertuples()
    }
    rows = {tuple(row[:2]): row[2:] for row in rows_under("### What is found", panel.dataset.method)}
    for series, subject in (
        ("AI-GPR threats", "mil_nuclear_posture"),
        ("AI-GPR, United States and Russia", "military"),
        ("AI-GPR, United States and Russia", "index"),
    ):
        assert rows[series, subject] == [said[subject, period] for period in ("whole", "from 2022-06")]
    assert {row[1] for row in rows} - {"military", "sanctions", "energy", "index"} <= set(
        panel.dataset.indicators.index
    )


def test_the_rule_in_use_is_no_worse_than_it_must_be(panel):
    pairs = pair_forecasts(Panel(panel.dataset, dt.date(2026, 11, 30)))
    assert pairs.loc[pairs["coder"] == "baseline-2", "brier_forecast"].mean() <= 0.22
