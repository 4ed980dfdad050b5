"""Injected divergences are found, and few in series that follow one process; the rates are those that the method states."""

import re
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from indicators.measures.outside.divergence import (
    FAR,
    LONG,
    RELATED,
    attach_notes,
    count_judged,
    find_divergences,
    fit_relation,
    scan_pair,
)
from tests.measures.outside_panels import build_outside
from tests.measures.simulated_pairs import MONTHS, PROCESSES, part, simulate_pair

PAIRS = 60
RELATED_PROCESSES = PROCESSES[:3]
METHOD = Path(__file__).parents[3] / "data" / "method.md"


@cache
def simulated(process: str) -> list[tuple[pd.Series, pd.Series]]:
    random = np.random.default_rng(2022)
    return [simulate_pair(random, process) for _ in range(PAIRS)]


@cache
def false_rate(process: str) -> float:
    """Share of the pairs in which a divergence is found though nothing was injected."""
    return float(np.mean([bool(scan_pair(*pair).stretches) for pair in simulated(process)]))


def found_rate(process: str, points: float) -> float:
    """Share of the pairs in which an injected parting is found, on its side and when it happens."""
    hits = 0
    for reading, press in simulated(process):
        side = "above" if points > 0 else "below"
        stretches = scan_pair(part(reading, points), press).stretches
        hits += any(s["side"] == side and MONTHS[43] <= s["start"] <= MONTHS[50] for s in stretches)
    return hits / PAIRS


# Rates (must hold): wide margins around what 300 pairs gave


@pytest.mark.parametrize("process", PROCESSES)
def test_pairs_of_one_process_are_rarely_said_to_part(process: str) -> None:
    assert false_rate(process) <= 0.15


@pytest.mark.parametrize("process", RELATED_PROCESSES)
def test_a_parting_of_four_points_is_found_in_most_pairs(process: str) -> None:
    assert found_rate(process, 4) >= 0.65
    assert found_rate(process, -4) >= 0.6


@pytest.mark.parametrize("process", RELATED_PROCESSES)
def test_a_larger_parting_is_found_more_often_and_a_small_one_seldom(process: str) -> None:
    small = found_rate(process, 2)
    assert false_rate(process) <= small <= 0.45
    assert found_rate(process, 5) >= max(0.8, small + 0.3)


def test_where_there_is_no_relation_hardly_any_month_is_judged() -> None:
    scans = [scan_pair(*pair) for pair in simulated("unrelated")]
    judged, unrelated = sum(s.judged for s in scans), sum(s.unrelated for s in scans)
    assert unrelated > 2 * judged


def test_the_method_text_states_the_rule_and_its_rates() -> None:
    text = METHOD.read_text(encoding="utf-8").split("### Divergence")[1].split("\n## ")[0]
    assert f"at least {FAR:g} standard errors" in text
    assert f"at least {RELATED:g}" in text
    assert "24" in text
    assert re.search(r"4 to 7 %", text)
    assert re.search(r"77 to 90 %", text)


# The rule, by hand


def line(values: list[float]) -> pd.Series:
    return pd.Series(values, MONTHS[: len(values)], dtype=float)


def related(months: int = 40) -> tuple[list[float], list[float]]:
    """A reading that is the series with a small error of alternating sign, which no month shares with its neighbour."""
    series = [float((7 * t) % 11) for t in range(months)]
    reading = [3 + 0.3 * value + (0.1 if t % 2 else -0.1) for t, value in enumerate(series)]
    return reading, series


def test_three_months_far_off_are_a_divergence_and_two_are_none() -> None:
    reading, series = related()
    for long, expected in ((LONG - 1, []), (LONG, [LONG]), (LONG + 4, [LONG + 4])):
        parted = list(reading)
        for t in range(30, 30 + long):
            parted[t] += 4
        found = scan_pair(line(parted), line(series)).stretches
        assert [s["months"] for s in found] == expected
        if expected:
            assert (found[0]["start"], found[0]["side"], found[0]["open"]) == (MONTHS[30], "above", False)
            assert found[0]["earlier"] == 30


def test_a_divergence_on_the_other_side_in_between_breaks_the_run() -> None:
    reading, series = related()
    for t, points in zip(range(30, 33), (4, -4, 4), strict=True):
        reading[t] += points
    assert scan_pair(line(reading), line(series)).stretches == []


def test_nothing_is_said_before_24_earlier_months() -> None:
    reading, series = related()
    for t in range(20, 24):
        reading[t] += 4
    scan = scan_pair(line(reading[:24]), line(series[:24]))
    assert (scan.stretches, scan.judged) == ([], 0)


def test_a_month_without_a_value_ends_a_divergence() -> None:
    reading, series = related()
    for t in range(30, 38):
        reading[t] += 4
    series[34] = np.nan
    found = scan_pair(line(reading), line(series)).stretches
    assert (found[0]["start"], found[0]["end"]) == (MONTHS[30], MONTHS[33])


def test_what_comes_later_does_not_change_what_was_found_earlier() -> None:
    reading, series = related()
    for t in range(28, 33):
        reading[t] += 4
    early = scan_pair(line(reading[:36]), line(series[:36])).stretches
    later = [*reading[:36], *(9.0 for _ in reading[36:])]
    assert scan_pair(line(later), line(series)).stretches[0] == early[0]


def test_a_divergence_that_lasts_to_the_newest_month_is_open() -> None:
    reading, series = related()
    for t in range(35, 40):
        reading[t] -= 2.5
    found = scan_pair(line(reading), line(series)).stretches
    assert (found[0]["side"], found[0]["open"], found[0]["months"]) == ("below", True, 5)


def test_without_a_relation_or_with_an_exact_one_there_is_no_fit() -> None:
    ups = np.array([float(t % 2) for t in range(30)])
    assert fit_relation(ups, np.arange(30.0) // 2) is None
    assert fit_relation(np.arange(30.0), np.full(30, 2.0)) is None
    assert fit_relation(np.full(30, 2.0), np.arange(30.0)) is None
    assert fit_relation(2 * np.arcsinh((np.arange(25.0) - 12) / 6), np.arange(25.0)) is None


def test_a_single_peak_six_times_the_rest_does_not_hide_a_parting() -> None:
    reading, series = related()
    series[10] = 60
    for t in range(30, 34):
        reading[t] += 4
    assert len(scan_pair(line(reading), line(series)).stretches) == 1


# Of a panel


def parted_panel(direction: int = 1):
    reading, series = related()
    readings = [round(2 * value) / 2 for value in reading]
    for t in range(30, 36):
        readings[t] = min(readings[t] + 4, 10)
    pairs = [("A", "military", "validation", "flow", direction), ("C", "military", "context", "flow", 1),
             ("B", "index", "validation", "flow", 1)]  # fmt: skip
    return build_outside(readings, {"A": [direction * v for v in series], "C": series}, pairs)


@pytest.mark.parametrize("direction", [1, -1])
def test_a_divergence_of_a_panel_names_pair_months_and_side(direction: int) -> None:
    found = find_divergences(parted_panel(direction))
    assert found[["subject", "series", "side"]].values.tolist() == [["military", "A", "above"]]
    assert found["start"].iloc[0] == MONTHS[30]


def test_context_and_absent_series_are_not_scanned() -> None:
    assert count_judged(parted_panel())["series"].tolist() == ["A"]


def test_a_note_belongs_to_the_divergence_of_its_pair_and_months() -> None:
    found = find_divergences(parted_panel())
    start, end = found["start"].iloc[0], found["end"].iloc[0]
    notes = pd.DataFrame(
        [
            (start.replace(day=1), "military", "A", "first day"),
            (end, "military", "A", "last day"),
            (end + pd.Timedelta(days=1), "military", "A", "too late"),
            (start, "military", "B", "other series"),
            (start, "index", "A", "other subject"),
        ],
        columns=["date", "subject", "series", "text"],
    ).assign(author="c1", recorded=pd.Timestamp("2026-11-25"))
    assert [n["text"].tolist() for n in attach_notes(found, notes)] == [["first day", "last day"]]
