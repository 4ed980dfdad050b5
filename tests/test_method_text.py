"""What the method text works out by hand is what the program computes."""

import datetime as dt
import math
from pathlib import Path

import pandas as pd
import pytest

from indicators.measures.change.ledger import Point, explain_change
from indicators.measures.outlook.questions import read_quarters
from indicators.measures.outlook.scores import pair_forecasts, tabulate_scores
from indicators.measures.outside.validity import measure_validity
from indicators.measures.panel import Panel
from indicators.measures.series import build_series
from indicators.records.dataset import load_dataset
from indicators.show.text.validity import format_correlation, format_interval

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
    vintage = Panel(panel.dataset, dt.date(2026, 11, 25))
    pairs = pair_forecasts(vintage).set_index("question")
    row = pairs.loc["index-2024-12-31-asked-2024-09-30"]
    text = panel.dataset.method.split("A worked back-cast, ")[1].split("\n\n")[0]
    assert row["forecast"] == pytest.approx(6 / 13, abs=0.005)
    assert row["brier_forecast"] == pytest.approx((0.46 - 1) ** 2)
    assert f"{row['brier_forecast']:.4f}" in text
    assert f"{row['log_forecast']:.4f}" in text
    assert row["base_rate"] == 2 / 16
    assert f"{row['brier_base_rate']:g}" in text
    assert f"{row['brier_no_change']:g}" in text
    readings = read_quarters(vintage)["index"].loc[:"2024-09-30"].dropna()
    assert (len(readings), int((readings >= 6.5).sum())) == (14, 1)
    assert f"{readings.iloc[-1]:g}" in text


def test_the_text_says_how_the_back_casts_did(panel):
    row = tabulate_scores(pair_forecasts(Panel(panel.dataset, dt.date(2026, 11, 25)))).iloc[0]
    said = f"({row['brier']:.2f} against {row['brier_base_rate']:.2f}) and better than no change ({row['brier_no_change']:.2f})"
    assert said in panel.dataset.method


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
