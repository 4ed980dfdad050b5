"""Injected divergences are found, and few in series that follow one process; the rates are those that the method states."""

import re
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from indicators.measures.outside.correlation import FEWEST
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
from tests.measures.outside_panels import QUARTERS, build_outside
from tests.measures.simulated_pairs import PROCESSES, mean_quarters, score_quarters, simulate_pair

PAIRS = 40
RELATED_PROCESSES = PROCESSES[:3]
METHOD = Path(__file__).parents[3] / "data" / "method.md"


@cache
def simulated(process: str) -> list[tuple[np.ndarray, np.ndarray]]:
    random = np.random.default_rng(2022)
    return [simulate_pair(random, process) for _ in range(PAIRS)]


@cache
def false_rate(process: str) -> float:
    """Share of the pairs in which a divergence is found though nothing was injected."""
    found = [scan_pair(score_quarters(own), mean_quarters(press)).stretches for own, press in simulated(process)]
    return float(np.mean([bool(stretches) for stretches in found]))


@cache
def found_rate(process: str, points: float) -> float:
    """Share of the pairs in which a parting injected into eight months is found, on its side and when it happens."""
    side = "above" if points > 0 else "below"
    hits = 0
    for own, press in simulated(process):
        parted = score_quarters(own, points)
        stretches = scan_pair(parted, mean_quarters(press)).stretches
        hits += any(s["side"] == side and parted.index[14] <= s["start"] <= parted.index[16] for s in stretches)
    return hits / PAIRS


# Rates (must hold): wide margins around what 300 pairs gave


@pytest.mark.parametrize("process", PROCESSES)
def test_pairs_of_one_process_are_rarely_said_to_part(process: str) -> None:
    assert false_rate(process) <= 0.15


@pytest.mark.parametrize("process", RELATED_PROCESSES)
def test_a_parting_of_four_points_is_found_in_most_pairs(process: str) -> None:
    assert found_rate(process, 4) >= 0.85
    assert found_rate(process, -4) >= 0.85


@pytest.mark.parametrize("process", RELATED_PROCESSES)
def test_a_larger_parting_is_found_more_often_than_a_small_one(process: str) -> None:
    assert false_rate(process) < found_rate(process, 2) <= 0.75
    assert found_rate(process, 4) >= found_rate(process, 2) + 0.2


def test_where_there_is_no_relation_hardly_any_quarter_is_judged() -> None:
    scans = [scan_pair(score_quarters(own), mean_quarters(press)) for own, press in simulated("unrelated")]
    judged, unrelated = sum(s.judged for s in scans), sum(s.unrelated for s in scans)
    assert unrelated > 2 * judged


def test_the_method_text_states_the_rule_and_its_rates() -> None:
    text = METHOD.read_text(encoding="utf-8").split("### Divergence")[1].split("\n## ")[0]
    assert f"at least {FAR:g} standard errors" in text
    assert f"at least {RELATED:g}" in text
    assert f"at least {FEWEST}" in text
    assert re.search(r"1 to 4 %", text)
    assert re.search(r"93 to 98 %", text)


# The rule, by hand


def line(values: list[float]) -> pd.Series:
    return pd.Series(values, QUARTERS[: len(values)], dtype=float)


def related(quarters: int = 28) -> tuple[list[float], list[float]]:
    """A reading that is the series with a small error of alternating sign, which no quarter shares with its neighbour."""
    series = [float((7 * t) % 11) for t in range(quarters)]
    reading = [3 + 0.3 * value + (0.1 if t % 2 else -0.1) for t, value in enumerate(series)]
    return reading, series


def test_two_quarters_far_off_are_a_divergence_and_one_is_none() -> None:
    reading, series = related()
    for long, expected in ((LONG - 1, []), (LONG, [LONG]), (LONG + 4, [LONG + 4])):
        parted = list(reading)
        for t in range(18, 18 + long):
            parted[t] += 4
        found = scan_pair(line(parted), line(series)).stretches
        assert [s["quarters"] for s in found] == expected
        if expected:
            assert (found[0]["start"], found[0]["side"], found[0]["open"]) == (QUARTERS[18], "above", False)
            assert found[0]["earlier"] == 18


def test_a_divergence_on_the_other_side_in_between_breaks_the_run() -> None:
    reading, series = related()
    for t, points in zip(range(18, 21), (4, -4, 4), strict=True):
        reading[t] += points
    assert scan_pair(line(reading), line(series)).stretches == []


def test_nothing_is_said_before_12_earlier_quarters() -> None:
    reading, series = related()
    for t in range(10, 12):
        reading[t] += 4
    scan = scan_pair(line(reading[:13]), line(series[:13]))
    assert (scan.stretches, scan.judged) == ([], 0)


def test_a_quarter_without_a_value_ends_a_divergence() -> None:
    reading, series = related()
    for t in range(18, 26):
        reading[t] += 4
    series[22] = np.nan
    found = scan_pair(line(reading), line(series)).stretches
    assert (found[0]["start"], found[0]["end"]) == (QUARTERS[18], QUARTERS[21])


def test_what_comes_later_does_not_change_what_was_found_earlier() -> None:
    reading, series = related()
    for t in range(17, 21):
        reading[t] += 4
    early = scan_pair(line(reading[:24]), line(series[:24])).stretches
    later = [*reading[:24], *(9.0 for _ in reading[24:])]
    assert scan_pair(line(later), line(series)).stretches[0] == early[0]


def test_a_divergence_that_lasts_to_the_newest_quarter_is_open() -> None:
    reading, series = related()
    for t in range(23, 28):
        reading[t] -= 2.5
    found = scan_pair(line(reading), line(series)).stretches
    assert (found[0]["side"], found[0]["open"], found[0]["quarters"]) == ("below", True, 5)


def test_without_a_relation_or_with_an_exact_one_there_is_no_fit() -> None:
    ups = np.array([float(t % 2) for t in range(30)])
    assert fit_relation(ups, np.arange(30.0) // 2) is None
    assert fit_relation(np.arange(30.0), np.full(30, 2.0)) is None
    assert fit_relation(np.full(30, 2.0), np.arange(30.0)) is None
    assert fit_relation(2 * np.arcsinh((np.arange(25.0) - 12) / 6), np.arange(25.0)) is None


def test_a_single_peak_six_times_the_rest_does_not_hide_a_parting() -> None:
    reading, series = related()
    series[10] = 60
    for t in range(18, 21):
        reading[t] += 4
    assert len(scan_pair(line(reading), line(series)).stretches) == 1


# Of a panel


def parted_panel(direction: int = 1):
    reading, series = related()
    readings = [round(2 * value) / 2 for value in reading]
    for t in range(18, 22):
        readings[t] = min(readings[t] + 4, 10)
    pairs = [("A", "military", "validation", "flow", direction), ("C", "military", "context", "flow", 1),
             ("B", "index", "validation", "flow", 1)]  # fmt: skip
    return build_outside(readings, {"A": [direction * v for v in series], "C": series}, pairs)


@pytest.mark.parametrize("direction", [1, -1])
def test_a_divergence_of_a_panel_names_pair_quarters_and_side(direction: int) -> None:
    found = find_divergences(parted_panel(direction))
    assert found[["subject", "series", "side"]].values.tolist() == [["military", "A", "above"]]
    assert found["start"].iloc[0] == QUARTERS[18]


def test_context_and_absent_series_are_not_scanned() -> None:
    assert count_judged(parted_panel())["series"].tolist() == ["A"]


def test_a_note_belongs_to_the_divergence_of_its_pair_and_quarters() -> None:
    found = find_divergences(parted_panel())
    start, end = found["start"].iloc[0], found["end"].iloc[0]
    notes = pd.DataFrame(
        [
            (start - pd.offsets.QuarterEnd() + pd.Timedelta(days=1), "military", "A", "first day"),
            (end, "military", "A", "last day"),
            (end + pd.Timedelta(days=1), "military", "A", "too late"),
            (start, "military", "B", "other series"),
            (start, "index", "A", "other subject"),
        ],
        columns=["date", "subject", "series", "text"],
    ).assign(author="c1", recorded=pd.Timestamp("2026-11-25"))
    assert [n["text"].tolist() for n in attach_notes(found, notes)] == [["first day", "last day"]]
