"""The method text's example of a lever is what the file says and what the draws give."""

import csv
from pathlib import Path

import pytest

from indicators.measures.outlook.fan import draw_paths
from indicators.measures.outlook.levers import explain_levers, follow_levers, list_assumptions
from indicators.measures.panel import Panel
from indicators.records.dataset import load_dataset

DATA = Path(__file__).parents[1] / "data"


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


def test_the_draws_give_what_the_text_says(outlook: str) -> None:
    dataset = load_dataset(DATA).dataset
    assert dataset is not None
    scenario = follow_levers(draw_paths(Panel(dataset)), list_assumptions(dataset), ["limited-economic-cooperation"])
    ledger = explain_levers(scenario)
    own = ledger[(ledger["part"] == "lever") & (ledger["indicator"] == "san_us_measures")]
    assert f"the draws give −{-own['amount'].iloc[0]:.3f}." in outlook


def test_the_numbers_of_paths_and_quarters_are_those_of_the_code(outlook: str) -> None:
    dataset = load_dataset(DATA).dataset
    assert dataset is not None
    paths = draw_paths(Panel(dataset))
    assert f"{paths.indicators.shape[1]:,} paths" in outlook
    assert paths.quarters == 22
    assert "Twenty-two quarters are few" in outlook
