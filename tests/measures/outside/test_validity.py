"""Outside series are held against readings like with like, with honest intervals, and no number where there is none."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from indicators.measures.outside.monthly import align, change_over, count_events, read_outside
from scipy.stats import spearmanr

from indicators.measures.outside.correlation import FEWEST, correlate, count_draws, spearman
from indicators.measures.outside.validity import compare_outside, find_lag, list_context, measure_validity
from indicators.measures.uncertainty.random import Key
from indicators.records.dataset import Dataset, load_dataset
from tests.folders import write_folder
from tests.measures.outside_panels import MONTHS, build_outside, outside_rows

KEY = Key(0, "test")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    loaded = load_dataset(write_folder(tmp_path_factory.mktemp("validity") / "data"))
    assert loaded.dataset is not None
    return loaded.dataset


def table(*values: tuple[float, float]) -> pd.DataFrame:
    return pd.DataFrame(values, columns=["own", "other"])


def noise(count: int = 60, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=count)


# Monthly values


def test_a_months_value_is_the_mean_of_its_weeks_whether_they_are_four_or_five() -> None:
    weeks = pd.date_range("2023-01-01", "2023-02-26", freq="W-SUN")  # five Sundays in January, four in February
    rows = outside_rows({"GAS": [10, 20, 30, 40, 50, 7, 7, 7, 7]}, weeks)
    assert read_series(rows, "GAS") == {"2023-01-31": 30, "2023-02-28": 7}


def read_series(rows: pd.DataFrame, series: str) -> dict[str, float]:
    panel = build_outside([5] * 3, {"X": [1]}, [])
    found = read_outside(dataclasses.replace(panel.dataset, benchmarks=rows), series)
    return {f"{day:%Y-%m-%d}": value for day, value in found.items()}


def test_a_value_dated_on_the_first_day_belongs_to_that_month() -> None:
    rows = outside_rows({"PRICE": [3, 4]}, pd.DatetimeIndex(["2024-01-01", "2024-02-01"]))
    assert read_series(rows, "PRICE") == {"2024-01-31": 3, "2024-02-29": 4}


def test_a_gap_stays_a_gap_and_so_does_each_change_across_it() -> None:
    rows = outside_rows({"A": [1, np.nan, 3, 4]})
    panel = build_outside([5] * 3, {"X": [1]}, [])
    series = read_outside(dataclasses.replace(panel.dataset, benchmarks=rows), "A")
    assert series.isna().tolist() == [False, True, False, False]
    assert change_over(series, 1).dropna().tolist() == [1]


def test_two_vintages_are_two_series() -> None:
    rows = outside_rows({"PAIR_V1": [1, 2], "PAIR_V2": [np.nan, 5, 6]})
    assert read_series(rows, "PAIR_V1") == {"2021-01-31": 1, "2021-02-28": 2}
    assert read_series(rows, "PAIR_V2") == {"2021-02-28": 5, "2021-03-31": 6}


def test_a_series_that_is_not_there_is_empty(tiny: Dataset) -> None:
    assert read_outside(tiny, "NONE").empty


def test_the_flow_of_events_is_what_raises_less_what_lowers_month_by_month(tiny: Dataset) -> None:
    # By hand from the tiny folder: posture January +1, signals February +1, April and May −1 each, context counts 0.
    flow = count_events(tiny, "military")
    assert flow.tolist() == [1, 1, 0, -1, -1, 0, 0, 0, 0]
    assert f"{flow.index[0]:%Y-%m-%d}" == "2024-01-31"
    assert count_events(tiny, "cyb_espionage").tolist() == [0, 0, 1, 0, 1, 0, 0, -1, 0]
    assert count_events(tiny, "index").sum() == 5 - 4


def test_an_act_told_under_two_indicators_counts_once_and_stays_with_each_of_them(tiny: Dataset) -> None:
    twins = tiny.events.copy()
    twins.loc["E0005", "same_as"] = "E0006"  # both lower tension, in military
    once = dataclasses.replace(tiny, events=twins)
    assert count_events(once, "military").sum() == count_events(tiny, "military").sum() + 1
    assert count_events(once, "index").sum() == count_events(tiny, "index").sum() + 1
    for indicator in ("mil_posture", "mil_signals"):
        assert count_events(once, indicator).tolist() == count_events(tiny, indicator).tolist()


# Correlation


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=4, max_size=30), st.integers(0, 9))
def test_the_correlation_of_a_resample_is_scipys_of_the_months_drawn(values: list[tuple[int, int]], seed: int) -> None:
    first, second = np.array(values, float).T
    counts = count_draws(len(values), Key(seed, "x"), 3, 2)
    for row, found in zip(counts, spearman(first, second, counts), strict=True):
        drawn = np.repeat(np.arange(len(values)), row.astype(int))
        a, b = first[drawn], second[drawn]
        if np.ptp(a) == 0 or np.ptp(b) == 0:
            assert np.isnan(found)
        else:
            assert found == pytest.approx(spearmanr(a, b).statistic, abs=1e-9)


@pytest.mark.parametrize(("n", "block"), [(24, 6), (25, 6), (60, 6), (5, 6)])
def test_a_resample_has_as_many_months_as_the_series_and_they_hang_together(n: int, block: int) -> None:
    counts = count_draws(n, KEY, 500, block)
    assert (counts.sum(axis=1) == n).all()
    # Every month is as likely as any other, since the blocks go round the end.
    assert counts.mean(axis=0) == pytest.approx(np.ones(n), abs=0.25)


def test_below_24_months_there_is_a_count_and_no_number() -> None:
    both = table(*zip(noise(FEWEST - 1), noise(FEWEST - 1, 1), strict=True))
    found = correlate(both, KEY)
    assert (found.n, found.note) == (23, "too few: 23 months, 24 are needed")
    assert all(np.isnan(v) for v in (found.rho, found.low, found.high, found.low95, found.high95))
    assert correlate(table(*zip(noise(24), noise(24, 1), strict=True)), KEY).note == ""


def test_a_side_that_does_not_vary_has_no_correlation() -> None:
    assert correlate(table(*((1, v) for v in noise())), KEY).note == "no variation"


def test_only_the_order_of_values_counts() -> None:
    x, y = noise(), noise(seed=1)
    plain, bent = (correlate(table(*zip(a, y, strict=True)), KEY) for a in (x, np.exp(3 * x)))
    assert plain == bent


def test_a_series_turned_round_has_the_interval_turned_round() -> None:
    x, y = noise(), noise() + noise(seed=1)
    plain, turned = (correlate(table(*zip(x, sign * y, strict=True)), KEY) for sign in (1, -1))
    assert (turned.rho, turned.low, turned.high95) == pytest.approx((-plain.rho, -plain.high, -plain.low95))
    assert plain.low95 < plain.low < plain.rho < plain.high < plain.high95


def test_the_interval_of_unrelated_series_holds_zero_about_as_often_as_it_says() -> None:
    # 80 % of intervals, in 200 pairs: within four standard errors, and a little less as bootstraps of 60 months are.
    found = [
        correlate(table(*zip(noise(seed=2 * s), noise(seed=2 * s + 1), strict=True)), KEY, 300) for s in range(200)
    ]
    share = np.mean([f.low <= 0 <= f.high for f in found])
    assert 0.66 <= share <= 0.91


# Comparisons


def waves(lag: int = 0) -> np.ndarray:
    """Sixty months that rise and fall, ``lag`` months late."""
    month = np.arange(60) - lag
    return 5 + 3 * np.sin(month / 4) + np.sin(month / 1.7)


VALIDATION = [("A", "military", "validation", "flow", 1)]


def test_a_reading_that_follows_the_series_is_found_with_its_lag() -> None:
    panel = build_outside(np.round(waves(4) * 2) / 2, {"A": waves()}, VALIDATION)
    found = measure_validity(panel).set_index(["comparison", "period"])
    assert found.at[("levels", "whole"), "lag"] == 4
    assert found.at[("levels", "whole"), "rho_at_lag"] > 0.97
    assert found.at[("levels", "whole"), "rho"] < 0.9


def test_a_lag_moves_no_month_out_of_the_count_while_the_series_has_it() -> None:
    own, other = pd.Series(waves(3)[:30], MONTHS[:30]), pd.Series(waves(), MONTHS)
    assert find_lag(own, other, None)[0] == 3
    # Six months earlier of a series as long as the reading leaves 24 of 30: looked at; of 29 it would not be.
    assert find_lag(own, pd.Series(waves(-3)[:30], MONTHS[:30]), None)[0] == 6


def test_direction_minus_turns_the_sign() -> None:
    readings = np.round(waves() * 2) / 2
    plain = measure_validity(build_outside(readings, {"A": waves()}, VALIDATION))
    turned = measure_validity(build_outside(readings, {"A": -waves()}, [("A", "military", "validation", "flow", -1)]))
    assert plain["rho"].tolist() == pytest.approx(turned["rho"].tolist(), nan_ok=True)
    assert plain.loc[plain["comparison"] == "levels", "rho"].min() > 0.95


def test_levels_changes_and_flow_are_each_compared_in_each_period() -> None:
    panel = build_outside(np.round(waves() * 2) / 2, {"A": waves()}, VALIDATION)
    found = measure_validity(panel)
    assert list(zip(found["comparison"], found["period"], strict=True)) == [
        (c, p) for c in ("levels", "changes", "flow") for p in ("whole", "from 2022-06")
    ]
    n = found.set_index(["comparison", "period"])["n"]
    # 60 months from January 2021; changes over three months lose three; from June 2022 there are 43.
    assert (n["levels", "whole"], n["changes", "whole"], n["levels", "from 2022-06"]) == (60, 57, 43)
    assert n["flow", "whole"] == 0  # there is no event


def test_the_flow_of_events_stands_against_a_flow_itself_and_against_the_change_of_a_level() -> None:
    counts = 1 + (np.arange(60) * 7) % 5
    events = [(f"{day:%Y-%m-%d}", "arms", "raises") for day, k in zip(MONTHS, counts, strict=True) for _ in range(k)]
    flow, level = counts.astype(float), np.cumsum(counts).astype(float)
    pairs = [("F", "arms", "validation", "flow", 1), ("L", "arms", "validation", "level", 1)]
    found = measure_validity(build_outside([5] * 60, {"F": flow, "L": level}, pairs, events))
    rows = found[(found["comparison"] == "flow") & (found["period"] == "whole")].set_index("series")
    assert rows["rho"].tolist() == pytest.approx([1, 1])
    assert rows["n"].tolist() == [60, 59]


def test_an_absent_series_is_one_row_that_says_so() -> None:
    found = measure_validity(
        build_outside(waves(), {"A": waves()}, [*VALIDATION, ("B", "index", "validation", "flow", 1)])
    )
    absent = found[found["series"] == "B"]
    assert len(absent) == 1
    assert absent["note"].iloc[0].startswith("absent")
    assert absent["n"].iloc[0] == 0


def test_context_is_never_compared_and_says_why() -> None:
    pairs = [*VALIDATION, ("OIL", "military", "context", "level", 1), ("GOLD", "index", "context", "level", 1)]
    panel = build_outside(waves(), {"A": waves(), "OIL": waves()}, pairs)
    assert set(measure_validity(panel)["series"]) == {"A"}
    assert compare_outside(panel.dataset).empty
    context = list_context(panel.dataset).set_index("series")
    assert context["present"].to_dict() == {"OIL": True, "GOLD": False}
    assert (context["reason"].str.len() > 10).all()


def test_another_series_leaves_the_numbers_of_the_first_as_they_are() -> None:
    one = measure_validity(build_outside(waves(1), {"A": waves()}, VALIDATION))
    pairs = [("B", "index", "validation", "level", -1), *VALIDATION]
    both = measure_validity(build_outside(waves(1), {"A": waves(), "B": noise()}, pairs))
    pd.testing.assert_frame_equal(both[both["series"] == "A"].reset_index(drop=True), one)


def test_outside_series_are_held_against_each_other_turned_towards_tension() -> None:
    pairs = [("A", "military", "validation", "flow", 1), ("B", "index", "validation", "level", -1)]
    found = compare_outside(build_outside([5] * 60, {"A": waves(), "B": -waves()}, pairs).dataset)
    assert found[["first", "second"]].drop_duplicates().values.tolist() == [["A", "B"]]
    assert found["comparison"].tolist() == ["levels", "levels", "changes", "changes"]
    assert found["rho"].tolist() == pytest.approx([1] * 4)


def test_months_that_only_one_side_has_do_not_count() -> None:
    own, other = pd.Series([1.0, 2, np.nan, 4], MONTHS[:4]), pd.Series([5.0, np.nan, 7, 8, 9], MONTHS[:5])
    assert align(own, other)["own"].tolist() == [1, 4]
    assert align(own, other, MONTHS[3])["other"].tolist() == [8]


def test_the_shipped_pairs_name_known_subjects_and_hold_context_apart() -> None:
    dataset = load_dataset(Path(__file__).parents[3] / "data").dataset
    assert dataset is not None
    roles = dataset.pairs.groupby("series")["role"].unique().map(list)
    assert all(len(role) == 1 for role in roles)
    assert roles["AIGPR"] == roles["GPR"] == roles["BRENT_MONTHLY"] == roles["AIGPR_OIL_RUSSIA"] == ["context"]
    assert {"AIGPR_USA_RUS_SUM_V202603", "AIGPR_USA_RUS_SUM_V202610"} < set(roles.index)
