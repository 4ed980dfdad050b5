"""Outside series are held against readings like with like, with honest intervals, and no number where there is none."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from indicators.measures.outside.correlation import FEWEST, correlate
from indicators.measures.outside.quarterly import (
    align,
    change_over,
    count_events,
    read_closing,
    read_outside,
    read_window,
)
from indicators.measures.outside.tally import CHANCE, RARE, Tally, pick_middle, tally
from indicators.measures.outside.validity import compare_outside, find_lag, list_context, measure_validity
from indicators.measures.panel import Panel
from indicators.measures.ranks import correlate_ranks, rank_values
from indicators.records.dataset import Dataset, load_dataset
from tests.folders import write_folder
from tests.measures.outside_panels import MONTHS, QUARTERS, build_outside
from tests.measures.simulated_pairs import autoregress


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    loaded = load_dataset(write_folder(tmp_path_factory.mktemp("validity") / "data"))
    assert loaded.dataset is not None
    return loaded.dataset


def table(*values: tuple[float, float]) -> pd.DataFrame:
    return pd.DataFrame(values, columns=["own", "other"])


def noise(count: int = 28, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=count)


# A series over the stretch that a reading speaks of


def holding(series: dict[str, list[float]], dates: pd.DatetimeIndex, window: str = "quarter") -> Dataset:
    """A dataset with outside series on some dates and an indicator, arms, of a window."""
    return build_outside([5] * 3, series, [], dates=dates, window=window).dataset


def by_quarter(series: pd.Series) -> dict[str, float]:
    return {f"{day:%Y-%m-%d}": value for day, value in series.dropna().items()}


def test_a_quarters_value_is_the_mean_of_its_weeks_whether_they_are_thirteen_or_fourteen() -> None:
    weeks = pd.date_range("2023-10-01", "2024-03-31", freq="W-SUN")  # fourteen Sundays, then thirteen
    values = [float(n) for n in range(14)] + [7.0] * 13
    assert by_quarter(read_outside(holding({"GAS": values}, weeks), "GAS")) == {"2023-12-31": 6.5, "2024-03-31": 7}


def test_a_value_dated_on_the_first_day_belongs_to_that_quarter() -> None:
    days = pd.DatetimeIndex(["2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01", "2024-05-01", "2024-06-01"])
    found = read_outside(holding({"PRICE": [1, 2, 3, 4, 5, 6]}, days), "PRICE")
    assert by_quarter(found) == {"2024-03-31": 2, "2024-06-30": 5}


def test_a_quarter_that_the_series_covers_in_part_is_left_out_at_its_ends_and_within() -> None:
    # From February 2019 to July 2020, without May 2019.
    values = [np.nan, 2, 3, 4, np.nan, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]
    dataset = holding({"A": values}, MONTHS)
    whole = {"2019-09-30": 8, "2019-12-31": 11, "2020-03-31": 14, "2020-06-30": 17}
    assert by_quarter(read_outside(dataset, "A")) == whole
    assert by_quarter(read_closing(dataset, "A")) == {day: value + 1 for day, value in whole.items()}


def test_a_quarterly_series_covers_its_quarters_and_a_gap_stays_a_gap() -> None:
    series = read_outside(holding({"A": [1, np.nan, 3, 4]}, QUARTERS), "A")
    assert series.isna().tolist() == [False, True, False, False]
    assert change_over(series).dropna().tolist() == [1]


@pytest.mark.parametrize(
    ("window", "nature", "expected"),
    [
        # Months 1 to 9: means of the quarters 2, 5, 8; their last values 3, 6, 9.
        ("quarter", "flow", [2, 5, 8]),
        ("quarter", "level", [2, 5, 8]),
        ("trailing", "flow", [3.5, 6.5]),
        ("trailing", "level", [3.5, 6.5]),
        ("state", "level", [3, 6, 9]),
        ("state", "flow", [2, 5, 8]),  # a flow has no value at a moment
    ],
)
def test_the_window_of_an_indicator_says_over_what_stretch_a_series_is_read(
    window: str, nature: str, expected: list[float]
) -> None:
    dataset = holding({"A": list(range(1, 10))}, MONTHS, window)
    assert read_window(dataset, "A", "arms", nature).dropna().tolist() == expected
    for subject in ("military", "index"):
        assert read_window(dataset, "A", subject, nature).tolist() == [2, 5, 8]


def test_two_vintages_are_two_series() -> None:
    dataset = holding({"PAIR_V1": [1, 2], "PAIR_V2": [np.nan, 5, 6]}, QUARTERS)
    assert by_quarter(read_outside(dataset, "PAIR_V1")) == {"2019-03-31": 1, "2019-06-30": 2}
    assert by_quarter(read_outside(dataset, "PAIR_V2")) == {"2019-06-30": 5, "2019-09-30": 6}


def test_a_series_that_is_not_there_is_empty(tiny: Dataset) -> None:
    assert read_outside(tiny, "NONE").empty
    assert read_closing(tiny, "NONE").empty


def test_the_flow_of_events_is_what_raises_less_what_lowers_quarter_by_quarter(tiny: Dataset) -> None:
    # By hand from the tiny folder: posture January +1, signals February +1, April and May −1 each, context counts 0.
    panel = Panel(tiny)
    flow = count_events(panel, "military")
    assert flow.tolist() == [2, -2, 0]
    assert f"{flow.index[0]:%Y-%m-%d}" == "2024-03-31"
    assert count_events(panel, "cyb_espionage").tolist() == [1, 1, -1]
    assert count_events(panel, "index").sum() == 5 - 4


def test_an_act_told_under_two_indicators_counts_once_and_stays_with_each_of_them(tiny: Dataset) -> None:
    twins = tiny.events.copy()
    twins.loc["E0005", "same_as"] = "E0006"  # both lower tension, in military
    plain, once = Panel(tiny), Panel(dataclasses.replace(tiny, events=twins))
    assert count_events(once, "military").sum() == count_events(plain, "military").sum() + 1
    assert count_events(once, "index").sum() == count_events(plain, "index").sum() + 1
    for indicator in ("mil_posture", "mil_signals"):
        assert count_events(once, indicator).tolist() == count_events(plain, indicator).tolist()


# Correlation


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=4, max_size=30))
def test_the_rank_correlation_is_scipys(values: list[tuple[int, int]]) -> None:
    first, second = np.array(values, float).T
    found = float(correlate_ranks(first, second))
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        assert np.isnan(found)
    else:
        assert found == pytest.approx(spearmanr(first, second).statistic, abs=1e-9)


def test_many_pairs_at_once_are_each_pair_by_itself() -> None:
    first, second = (np.random.default_rng(seed).integers(0, 4, (9, 2, 3)).astype(float) for seed in (1, 2))
    found = correlate_ranks(first, second)
    assert found.shape == (2, 3)
    for at in np.ndindex(2, 3):
        assert found[at] == pytest.approx(float(correlate_ranks(first[:, *at], second[:, *at])))


def test_a_rounding_error_does_not_part_equal_values() -> None:
    assert rank_values(np.array([3.0, 1, 3, 2])).tolist() == [3.5, 1, 3.5, 2]
    assert correlate_ranks(np.array([0.1 + 0.2, 0.3, 1]), np.array([5.0, 5, 6])) == pytest.approx(1)


def test_below_12_quarters_there_is_a_count_and_no_number() -> None:
    both = table(*zip(noise(FEWEST - 1), noise(FEWEST - 1, 1), strict=True))
    found = correlate(both, "test")
    assert (found.n, found.note) == (11, "too few: 11 quarters, 12 are needed")
    assert all(np.isnan(v) for v in (found.rho, found.low, found.high, found.low95, found.high95))
    assert correlate(table(*zip(noise(12), noise(12, 1), strict=True)), "test").note == ""


def test_a_side_that_does_not_vary_has_no_correlation() -> None:
    assert correlate(table(*((1, v) for v in noise())), "test").note == "no variation"


def test_only_the_order_of_values_counts() -> None:
    x, y = noise(), noise(seed=1)
    plain, bent = (correlate(table(*zip(a, y, strict=True)), "test") for a in (x, np.exp(3 * x)))
    assert plain == bent


def test_a_series_turned_round_has_the_interval_turned_round() -> None:
    x, y = noise(), noise() + noise(seed=1)
    plain, turned = (correlate(table(*zip(x, sign * y, strict=True)), "test") for sign in (1, -1))
    assert (turned.rho, turned.low, turned.high95) == pytest.approx((-plain.rho, -plain.high, -plain.low95))
    assert plain.low95 < plain.low < plain.rho < plain.high < plain.high95


def test_the_interval_hangs_on_the_name_and_the_seed_alone() -> None:
    both = table(*zip(noise(), noise(seed=1), strict=True))
    assert correlate(both, "test") == correlate(both, "test")
    assert correlate(both, "test").low != correlate(both, "other").low
    assert correlate(both, "test").low != correlate(both, "test", 1).low


@pytest.mark.parametrize("likeness", [0.0, 0.5])
def test_of_unrelated_series_no_more_intervals_lie_above_zero_than_counts_are_held_against(likeness: float) -> None:
    random = np.random.default_rng(0)
    found = [
        correlate(table(*zip(*(autoregress(random, likeness, 16) for _ in range(2)), strict=True)), "test", 0, 200)
        for _ in range(250)
    ]
    above = np.mean([f.low > 0 for f in found])
    # Within three standard errors of what is allowed for, and not far below it.
    assert 0.04 <= above <= CHANCE + 3 * np.sqrt(CHANCE * (1 - CHANCE) / len(found))


# Comparisons


def waves(lag: int = 0) -> np.ndarray:
    """Twenty-eight quarters that rise and fall, ``lag`` quarters late."""
    quarter = np.arange(28) - lag
    return 5 + 3 * np.sin(quarter / 1.5) + np.sin(quarter / 0.6)


VALIDATION = [("A", "military", "validation", "flow", 1)]


def test_a_reading_is_held_against_the_series_of_its_own_quarter() -> None:
    # The score of a quarter counts its three months; the next month says something else.
    counts = np.random.default_rng(5).integers(0, 10, len(MONTHS)).astype(float)
    scores = np.round(counts.reshape(-1, 3).mean(axis=1) * 2) / 2
    found = measure_validity(build_outside(scores, {"A": counts}, VALIDATION, dates=MONTHS))
    levels = found[found["comparison"] == "levels"].set_index("period")
    assert levels.at["whole", "rho"] > 0.95
    assert (levels.at["whole", "n"], levels.at["whole", "lag"]) == (28, 0)
    assert levels["start"].dt.strftime("%Y-%m-%d").tolist() == ["2019-03-31", "2022-06-30"]


def test_a_quarter_without_a_review_is_not_compared() -> None:
    readings = np.round(waves() * 2) / 2
    readings[10] = np.nan
    found = measure_validity(build_outside(readings, {"A": waves()}, VALIDATION)).set_index(["comparison", "period"])
    assert found.at[("levels", "whole"), "n"] == 27
    assert found.at[("changes", "whole"), "n"] == 25


def test_a_reading_that_follows_the_series_is_found_with_its_lag() -> None:
    panel = build_outside(np.round(waves(2) * 2) / 2, {"A": waves()}, VALIDATION)
    found = measure_validity(panel).set_index(["comparison", "period"])
    assert found.at[("levels", "whole"), "lag"] == 2
    assert found.at[("levels", "whole"), "rho_at_lag"] > 0.97
    assert found.at[("levels", "whole"), "rho"] < 0.9


def test_a_lag_moves_no_quarter_out_of_the_count_while_the_series_has_it() -> None:
    own, other = pd.Series(waves(2)[:14], QUARTERS[:14]), pd.Series(waves(), QUARTERS)
    assert find_lag(own, other, None)[0] == 2
    # Two quarters earlier of a series as long as the reading leaves 12 of 14: looked at; of 13 it would not be.
    assert find_lag(own, pd.Series(waves()[:14], QUARTERS[:14]), None)[0] == 2
    assert find_lag(own[:13], pd.Series(waves()[:13], QUARTERS[:13]), None)[0] != 2


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
    # 28 quarters from the first of 2019; changes lose one; from the quarter to June 2022 there are 15.
    assert (n["levels", "whole"], n["changes", "whole"], n["levels", "from 2022-06"]) == (28, 27, 15)
    assert n["flow", "whole"] == 0  # there is no event


def test_where_both_periods_hold_the_same_quarters_they_have_the_same_interval() -> None:
    late = np.where(QUARTERS < "2022-06-01", np.nan, waves() + noise())
    found = measure_validity(build_outside(np.round(waves() * 2) / 2, {"A": late}, VALIDATION))
    whole, after = (found[found["period"] == p].drop(columns="period").reset_index(drop=True)
                    for p in ("whole", "from 2022-06"))  # fmt: skip
    pd.testing.assert_frame_equal(whole, after)


def test_the_flow_of_events_stands_against_a_flow_itself_and_against_the_change_of_a_level() -> None:
    counts = 1 + (np.arange(28) * 7) % 5
    days = QUARTERS - pd.Timedelta(days=10)
    events = [(f"{day:%Y-%m-%d}", "arms", "raises") for day, k in zip(days, counts, strict=True) for _ in range(k)]
    flow, level = counts.astype(float), np.cumsum(counts).astype(float)
    pairs = [("F", "arms", "validation", "flow", 1), ("L", "arms", "validation", "level", 1)]
    found = measure_validity(build_outside([5] * 28, {"F": flow, "L": level}, pairs, events))
    rows = found[(found["comparison"] == "flow") & (found["period"] == "whole")].set_index("series")
    assert rows["rho"].tolist() == pytest.approx([1, 1])
    assert rows["n"].tolist() == [28, 27]


def test_an_absent_series_is_one_row_that_says_so_and_a_short_one_is_too_few() -> None:
    pairs = [*VALIDATION, ("B", "index", "validation", "flow", 1), ("C", "index", "validation", "flow", 1)]
    found = measure_validity(build_outside(waves(), {"A": waves(), "C": [1.0]}, pairs))
    absent = found[found["series"] == "B"]
    assert len(absent) == 1
    assert absent["note"].iloc[0].startswith("absent")
    assert absent["n"].iloc[0] == 0
    assert found.loc[found["series"] == "C", "note"].str.startswith("too few").all()


def test_indicators_come_first_and_the_index_last() -> None:
    pairs = [(series, subject, "validation", "flow", 1)
             for series, subject in (("A", "index"), ("A", "military"), ("A", "arms"), ("B", "index"))]  # fmt: skip
    found = measure_validity(build_outside(waves(), {"A": waves(), "B": waves()}, pairs))
    assert found[["subject", "series"]].drop_duplicates().values.tolist() == [
        ["arms", "A"], ["military", "A"], ["index", "A"], ["index", "B"]
    ]  # fmt: skip


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
    found = compare_outside(build_outside([5] * 28, {"A": waves(), "B": -waves()}, pairs).dataset)
    assert found[["first", "second"]].drop_duplicates().values.tolist() == [["A", "B"]]
    assert found["comparison"].tolist() == ["levels", "levels", "changes", "changes"]
    assert found["rho"].tolist() == pytest.approx([1] * 4)


def test_quarters_that_only_one_side_has_do_not_count() -> None:
    own, other = pd.Series([1.0, 2, np.nan, 4], QUARTERS[:4]), pd.Series([5.0, np.nan, 7, 8, 9], QUARTERS[:5])
    assert align(own, other)["own"].tolist() == [1, 4]
    assert align(own, other, QUARTERS[3])["other"].tolist() == [8]


# What the comparisons come to


@pytest.mark.parametrize(
    ("above", "below", "number", "finding"),
    [
        (1, 2, 6, "against"),
        (1, 0, 2, "chance"),  # one or more of two: 1 − 0.85² = 28 %
        (2, 0, 2, "more"),  # both: 0.15² = 2 %
        (8, 0, 30, "chance"),  # eight or more of thirty: 7 %
        (9, 0, 30, "more"),  # nine or more of thirty: 3 %
        (3, 3, 5, "more"),
        (0, 0, 4, "chance"),
    ],
)
def test_counts_are_held_against_what_unrelated_series_would_give(
    above: int, below: int, number: int, finding: str
) -> None:
    assert Tally(number, above, below, 0.0).finding == finding


def test_the_chance_of_counts_is_the_binomial_one() -> None:
    # Two or more of three: 3 · 0.15² · 0.85 + 0.15³.
    assert Tally(3, 2, 0, 0.5).chance == pytest.approx(3 * 0.15**2 * 0.85 + 0.15**3)
    assert Tally(3, 0, 0, 0.5).chance == pytest.approx(1)
    assert (CHANCE, RARE) == (0.15, 0.05)


def test_intervals_wholly_on_one_side_are_counted_and_blanks_are_not() -> None:
    rows = pd.DataFrame(
        {"rho": [0.5, 0.1, -0.4, np.nan], "low": [0.2, -0.1, -0.6, np.nan], "high": [0.7, 0.3, -0.2, np.nan]}
    )
    assert tally(rows) == Tally(3, 1, 1, 0.1)


def test_a_subject_counts_once_by_the_series_in_the_middle() -> None:
    rows = pd.DataFrame(
        [("a", "S1", 0.9), ("a", "S2", 0.1), ("a", "S3", 0.5), ("b", "S1", 0.2), ("b", "S2", 0.8), ("c", "S1", np.nan)],
        columns=["subject", "series", "rho"],
    ).assign(comparison="levels", period="whole")
    found = pick_middle(rows, "levels", "whole")
    assert found[["subject", "series"]].values.tolist() == [["a", "S3"], ["b", "S1"]]
    assert pick_middle(rows, "changes", "whole").empty


def test_the_shipped_pairs_name_known_subjects_and_hold_context_apart() -> None:
    dataset = load_dataset(Path(__file__).parents[3] / "data").dataset
    assert dataset is not None
    role = dataset.pairs.set_index(["series", "subject"])["role"]
    assert (role.xs("AIGPR") == "context").all()
    assert (role.xs("GPR") == "context").all()
    assert role["AIGPR_THREATS", "index"] == "context"
    assert {"AIGPR_USA_RUS_SUM_V202603", "AIGPR_USA_RUS_SUM_V202610"} < set(dataset.pairs["series"])
    assert role["UST_US_ALLOC_MILITARY", "mil_arms_support"] == role["OFAC_RUSSIA_ADDED", "san_us_measures"]
