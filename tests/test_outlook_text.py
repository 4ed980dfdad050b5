"""What the method text says of the outlook, its examples and its record, is what the files and the draws give."""

import csv
import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from indicators.measures.outlook.fan import KEPT, draw_paths, read_history, summarise_fan
from indicators.measures.outlook.hindcast import average_crps, cast_back, score_fans
from indicators.measures.outlook.levers import explain_levers, follow_levers, list_assumptions, measure_reach
from indicators.measures.panel import Panel
from indicators.records.dataset import load_dataset

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(scope="module")
def panel() -> Panel:
    dataset = load_dataset(DATA).dataset
    assert dataset is not None
    return Panel(dataset, dt.date(2026, 11, 30))


@pytest.fixture(scope="module")
def outlook() -> str:
    """The method text's section on the outlook."""
    return (DATA / "method.md").read_text(encoding="utf-8").split("## Outlook\n")[1].split("\n## ")[0]


def test_the_worked_effect_can_be_redone_by_hand(outlook: str) -> None:
    with (DATA / "outlook" / "pathways.csv").open(encoding="utf-8", newline="") as file:
        rows = {(row["lever"], row["indicator"]): row for row in csv.DictReader(file)}
    row = rows["limited-economic-cooperation", "san_us_measures"]
    low, mode, high = (float(row[name]) for name in ("low", "mode", "high"))
    assert f"by −{-low:g} to {high:g} points, likeliest −{-mode:g}" in outlook
    mean = (low + mode + high) / 3
    assert f"= −{-mean:.3f}." in outlook
    assert f"= −{-mean / 20:.3f} through it" in outlook


def test_the_draws_give_what_the_text_says(outlook: str, panel: Panel) -> None:
    scenario = follow_levers(draw_paths(panel), list_assumptions(panel.dataset), ["limited-economic-cooperation"])
    ledger = explain_levers(scenario)
    own = ledger[(ledger["part"] == "lever") & (ledger["indicator"] == "san_us_measures")]
    assert f"the draws give −{-own['amount'].iloc[0]:.3f}." in outlook


def test_the_numbers_of_paths_and_changes_are_those_of_the_code(outlook: str, panel: Panel) -> None:
    paths = draw_paths(panel)
    assert f"{paths.indicators.shape[1]:,} paths" in outlook
    assert paths.quarters == 22
    assert "Twenty-two changes are few" in outlook
    assert f"keeps {KEPT:g} of its distance" in outlook


def test_the_worked_step_can_be_redone_by_hand(outlook: str, panel: Panel) -> None:
    history = read_history(panel)
    place = panel.weights.indicators.index.get_loc("dip_leader_contact")
    readings = pd.Series(history.readings[:, place], history.ends)
    level, mean = readings["2026-09-30"], readings.iloc[-8:].mean()
    change = readings["2022-03-31"] - readings["2021-12-31"]
    assert f"stood at {level:g} on 30 September 2026" in outlook
    assert f"settled quarters is {mean:g}" in outlook
    pulled = mean + 0.7 * (level - mean)
    assert f"keeps {mean:g} + 0.7 x ({level:g} - {mean:g}) = {pulled:g}." in outlook
    assert f"the reading rose by {change:g}, it goes to {pulled + change:g} with that sign" in outlook
    assert f"to {pulled - change:.1f}, which is capped at 0" in outlook
    # And the first step of some drawn paths is just that.
    first = set(draw_paths(panel).of("dip_leader_contact")[0].round(9))
    assert {round(pulled + change, 9), 0.0} <= first


def test_the_record_of_past_fans_is_the_one_that_the_text_prints(outlook: str, panel: Panel) -> None:
    casts = cast_back(panel)
    record = score_fans(casts, "index")
    for row in record.to_dict("records"):
        numbers = [f"{row[name]:.2f}" for name in ("crps", "crps_redrawn", "crps_last")]
        off = f"−{-row['off']:.2f}"
        cells = [row["months"], row["origins"], row["inside_80"], *numbers, off]
        assert f"| {' | '.join(map(str, cells))} |" in outlook
    fan, redrawn, last = average_crps(record)
    assert (
        f"the projection scores {fan:.2f}, the last reading {last:.2f}, and the last eight quarters resampled {redrawn:.2f}"
        in outlook
    )
    later = record[record["months"] > 3]
    assert f"{later['inside_80'].sum()} of {later['origins'].sum()} readings" in outlook
    origins = casts["origin"]
    assert f"from {origins.min():%B %Y} to {origins.max():%B %Y}" in outlook


def test_what_all_levers_can_do_is_said_beside_the_width(outlook: str, panel: Panel) -> None:
    assumptions = list_assumptions(panel.dataset)
    scenario = follow_levers(draw_paths(panel), assumptions, {a.lever for a in assumptions})
    last = summarise_fan(scenario.baseline, "index").iloc[-1]
    assert f"the index by −{-measure_reach(scenario, 'index'):.2f} after a year" in outlook
    assert f"is then {last['high_80'] - last['low_80']:.1f} points wide" in outlook
