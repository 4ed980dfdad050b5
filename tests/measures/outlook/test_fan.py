"""The fan repeats the ledger's own past quarters, in pairs and with both signs, pulled to the recent mean."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.measures.index import Weights
from indicators.measures.outlook.fan import draw_paths, largest_quarter, read_history, step_ahead, summarise_fan
from indicators.measures.panel import Panel
from indicators.measures.readings import NoReadingError
from tests.measures.small_panels import build_panel

TWO = {"military": ["mil_a"], "cyber": ["cyb_a"]}
START = pd.Timestamp("2024-03-31")


def quarters(count: int, last: pd.Timestamp = START) -> list[str]:
    """The last days of some quarters up to one of them."""
    return [f"{day:%Y-%m-%d}" for day in pd.date_range(end=last, periods=count, freq="QE")]


def panel_of(military: list[float], cyber: list[float]) -> Panel:
    """A panel of two indicators scored at quarter ends, the last of them on the start."""
    rows = [
        (day, id, "c1", score)
        for id, scores in (("mil_a", military), ("cyb_a", cyber))
        for day, score in zip(quarters(len(scores)), scores, strict=True)
    ]
    return build_panel(rows, TWO)


def test_a_step_is_worked_by_hand() -> None:
    # Half a point up in each of eight quarters, 2, 2.5, ... 6: the mean of the last eight readings is 4.25, of the
    # distance 1.75 seven tenths are kept, 1.225; the change comes with either sign.
    rising = [2 + 0.5 * n for n in range(9)]
    paths = draw_paths(panel_of(rising, rising))
    drawn = paths.of("mil_a")
    assert set(drawn[0].round(9)) == {4.975, 5.975}
    assert abs((drawn[0] > 5).mean() - 0.5) < 0.03
    # A pair of quarters has one sign: 4.25 + 0.7 x 1.725 + 0.5 and 4.25 + 0.7 x 0.725 - 0.5.
    assert set(drawn[1].round(9)) == {5.9575, 4.2575}
    # The next pair may turn.
    assert len(set(drawn[2].round(9))) == 4


def test_the_fan_starts_on_the_last_settled_quarter_and_has_four_quarters() -> None:
    panel = panel_of([4.0] * 12, [6.0] * 12)
    fan = summarise_fan(draw_paths(panel), "index")
    days = ["2024-03-31", "2024-06-30", "2024-09-30", "2024-12-31", "2025-03-31"]
    assert fan["date"].dt.strftime("%Y-%m-%d").tolist() == days
    assert (fan.drop(columns="date") == 5).all(axis=None)


def test_a_score_on_an_event_day_moves_neither_start_nor_paths() -> None:
    scores = [3, 4, 4, 5, 5, 6, 4, 5, 6]
    rows = [(day, id, "c1", s) for id in ("mil_a", "cyb_a") for day, s in zip(quarters(9), scores, strict=True)]
    later = build_panel([*rows, ("2024-05-20", "mil_a", "c1", 9.0)], TWO)
    plain, moved = draw_paths(build_panel(rows, TWO)), draw_paths(later)
    assert moved.start == START
    assert np.array_equal(plain.indicators, moved.indicators)
    assert draw_paths(later, pd.Timestamp("2024-05-20")).start == START


def test_paths_are_held_at_the_ends_of_the_scale() -> None:
    # From 10 with a mean of 5 the pull leads to 8.5, and a change of 10 to either end.
    swing = [0, 10] * 5
    assert set(draw_paths(panel_of(swing, swing)).of("mil_a")[0]) == {0, 10}
    assert step_ahead(np.array([10.0]), np.array([5.0]), np.array([1.0])).tolist() == [9.5]


def test_two_quarters_that_followed_each_other_are_drawn_together() -> None:
    # Up and down by turns, now at 5, mean 5.5: 5.15 + 1 is followed by - 1, 5.15 - 1 by + 1, and never the same twice.
    swing = [5, 6, 5, 6, 5, 6, 5, 6, 5]
    drawn = draw_paths(panel_of(swing, swing)).of("mil_a")
    assert set(drawn[0].round(9)) == {6.15, 4.15}
    # 5.5 + 0.7 x 0.65 - 1 and 5.5 - 0.7 x 1.35 + 1.
    assert set(drawn[1].round(9)) == {4.955, 5.555}


def test_quarters_across_a_gap_are_neither_a_change_nor_a_block() -> None:
    days = [day for n, day in enumerate(quarters(14)) if n != 4]
    rows = [(day, id, "c1", 2 + 0.5 * n) for n, day in enumerate(days) for id in ("mil_a", "cyb_a")]
    history = read_history(build_panel(rows, TWO))
    # Thirteen settled quarters: three changes before the gap and eight after it; a block less than changes on each side.
    assert (len(history.ends), len(history.changes), len(history.blocks)) == (13, 11, 9)
    assert set(history.changes.ravel()) == {0.5}


def test_the_pull_is_to_the_mean_of_the_last_eight_settled_quarters() -> None:
    history = read_history(panel_of([1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1] * 3 + [5] * 8))
    assert history.recent.tolist() == [5.5, 5]


def test_indicators_move_together_as_they_did() -> None:
    rng = np.random.default_rng(1)
    up = 5 + rng.integers(-2, 3, 12) / 2
    paths = draw_paths(panel_of(list(up), list(10 - up)))
    assert np.ptp(paths.of("mil_a")[-1]) > 0
    assert np.allclose(paths.index, 5, atol=1e-12)


def test_only_what_is_dated_up_to_the_start_counts() -> None:
    scores = [3, 4, 4, 5, 5, 6, 4, 5, 6, 7, 9, 2]
    whole = panel_of(scores, scores[::-1])
    start = pd.Timestamp("2023-09-30")
    before = build_panel(
        [(day, "mil_a", "c1", s) for day, s in zip(quarters(12)[:10], scores[:10], strict=True)]
        + [(day, "cyb_a", "c1", s) for day, s in zip(quarters(12)[:10], scores[::-1][:10], strict=True)],
        TWO,
    )
    assert np.array_equal(draw_paths(whole, start).indicators, draw_paths(before).indicators)


def test_other_weights_keep_the_same_paths_of_the_indicators() -> None:
    scores = [3, 4, 4, 5, 5, 6, 4, 5, 6]
    panel = panel_of(scores, scores[::-1])
    weights = Weights.from_codebook(panel.dataset.dimensions, panel.dataset.indicators).with_dimensions({"cyber": 3})
    heavier = Panel(panel.dataset, weights=weights)
    first, second = draw_paths(panel), draw_paths(heavier)
    assert np.array_equal(first.indicators, second.indicators)
    assert np.allclose(second.index, (first.of("mil_a") + 3 * first.of("cyb_a")) / 4, atol=1e-12)


def test_an_indicator_that_joined_late_stays_put_in_quarters_before() -> None:
    # Five dimensions; the fifth has readings from the fifth quarter on. Before, four fifths of the weight suffice.
    dimensions = {name: [f"{name}_a"] for name in ("one", "two", "three", "four", "five")}
    rows = [
        (day, f"{name}_a", "c1", 2 + 0.5 * n)
        for n, day in enumerate(quarters(10))
        for name in dimensions
        if name != "five" or n >= 4
    ]
    panel = build_panel(rows, dimensions)
    history = read_history(panel)
    assert len(history.ends) == 10
    assert history.changes[:, 0].tolist() == [0.5] * 9
    assert history.changes[:, 4].tolist() == [0] * 4 + [0.5] * 5


def test_quarters_with_too_little_weight_are_not_drawn() -> None:
    rows = [(day, "mil_a", "c1", 4.0) for day in quarters(12)]
    rows += [(day, "cyb_a", "c1", 4.0) for day in quarters(10)]
    assert len(read_history(build_panel(rows, TWO)).ends) == 10


def test_an_indicator_without_a_reading_at_the_start_has_no_paths() -> None:
    dimensions = {"military": ["mil_a", "mil_b", "mil_c", "mil_d"]}
    rows = [(day, f"mil_{x}", "c1", 4.0) for day in quarters(10) for x in "abc"]
    paths = draw_paths(build_panel(rows, dimensions))
    assert np.isnan(paths.of("mil_d")).all()
    assert set(paths.index.ravel()) == {4}


@pytest.mark.parametrize("count", [1, 2, 8])
def test_too_little_history_is_said_with_the_number_of_quarters(count: int) -> None:
    with pytest.raises(NoReadingError, match=f"there (is|are) {count - 1}$"):
        draw_paths(panel_of([4.0] * count, [4.0] * count))


def test_the_quarter_behind_the_widest_move_is_named() -> None:
    panel = panel_of([3, 3, 3, 3, 7, 7, 7, 7, 7], [3, 3, 3, 3, 5, 5, 5, 5, 5])
    end, change = largest_quarter(panel, read_history(panel))
    assert (f"{end:%Y-%m-%d}", change) == ("2023-03-31", 3)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 20), min_size=9, max_size=14), st.lists(st.integers(0, 20), min_size=9, max_size=14))
def test_paths_stay_on_the_scale_and_the_fans_are_nested(first: list[int], second: list[int]) -> None:
    panel = panel_of([n / 2 for n in first], [n / 2 for n in second])
    paths = draw_paths(panel, count=200)
    assert paths.indicators.min() >= 0
    assert paths.indicators.max() <= 10
    for id in ("index", "military", "mil_a"):
        fan = summarise_fan(paths, id)
        ends = fan[["low_95", "low_80", "low_50", "median", "high_50", "high_80", "high_95"]].to_numpy()
        assert (np.diff(ends, axis=1) >= 0).all()
        assert len(set(ends[0])) == 1


def test_the_same_data_give_the_same_paths_and_another_seed_others() -> None:
    scores = [3, 4, 4, 5, 5, 6, 4, 5, 6]
    panel = panel_of(scores, scores[::-1])
    assert np.array_equal(draw_paths(panel).indicators, draw_paths(panel_of(scores, scores[::-1])).indicators)
    assert not np.array_equal(draw_paths(panel).indicators, draw_paths(panel, seed=1).indicators)


def test_a_ledger_without_assessments_has_no_quarters_and_no_largest_one() -> None:
    panel = build_panel([], TWO)
    history = read_history(panel)
    assert (len(history.ends), len(history.changes), len(history.blocks)) == (0, 0, 0)
    assert largest_quarter(panel, history) is None
