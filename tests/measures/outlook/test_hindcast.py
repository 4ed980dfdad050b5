"""Past fans are made from what was there then, held against what came, and counted."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.measures.outlook.fan import draw_paths, summarise_fan
from indicators.measures.outlook.hindcast import average_crps, cast_back, score_crps, score_fans
from indicators.measures.panel import Panel
from tests.measures.small_panels import build_panel

DIMENSIONS = {"military": ["mil_a"], "cyber": ["cyb_a"]}


def panel_of(scores: list[float], recorded: str = "") -> Panel:
    """Two indicators with the same scores at quarter ends up to March 2024."""
    days = [f"{day:%Y-%m-%d}" for day in pd.date_range(end="2024-03-31", periods=len(scores), freq="QE")]
    panel = build_panel(
        [(day, id, "c1", s) for id in ("mil_a", "cyb_a") for day, s in zip(days, scores, strict=True)], DIMENSIONS
    )
    if recorded:
        panel.dataset.assessments["recorded"] = pd.Timestamp(recorded)
    return panel


def test_the_crps_is_worked_by_hand() -> None:
    # Distances 1 and 1 from 2; two of four pairs lie 2 apart: 1 - 1 / 2.
    assert score_crps(np.array([1, 3]), 2) == 0.5
    assert score_crps(np.array([4.0]), 6.5) == 2.5


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12), st.integers(0, 40))
def test_the_crps_is_the_area_between_the_distributions(values: list[int], came: int) -> None:
    # The squared distance of the share of values up to x from 0 before and 1 after what came, over steps of a unit.
    steps = np.arange(0, 40)
    shares = np.array([np.mean(np.array(values) <= x) for x in steps])
    assert score_crps(np.array(values), came) == pytest.approx(((shares - (came <= steps)) ** 2).sum(), abs=1e-9)


def test_a_past_without_moves_that_goes_on_is_met_exactly() -> None:
    # Twelve changes: eight of them are history at four origins before the last day.
    table = score_fans(cast_back(panel_of([4] * 13)), "index").set_index("months")
    assert table["origins"].to_dict() == {3: 4, 6: 3, 9: 2, 12: 1}
    assert table["inside_50"].to_dict() == {3: 4, 6: 3, 9: 2, 12: 1}
    assert (table[["width_80", "crps", "crps_redrawn", "crps_last", "off", "distance"]] == 0).all(axis=None)


def test_the_references_are_the_last_eight_readings_and_the_last_one() -> None:
    scores = [3, 7, 4, 6, 5, 5, 6, 4, 5, 6, 7, 6, 4]
    row = cast_back(panel_of(scores)).query("id == 'index' and months == 6").iloc[-1]
    assert f"{row['origin']:%Y-%m-%d}" == "2023-09-30"
    # Up to then 3, 7, 4, 6, 5, 5, 6, 4, 5, 6, 7; the last eight of them, against the 4 that came.
    assert row["came"] == 4
    assert row["crps_redrawn"] == score_crps(np.array([6, 5, 5, 6, 4, 5, 6, 7]), 4)
    assert row["crps_last"] == 3


def test_what_is_averaged_is_the_time_ahead_and_the_sign_of_the_error_is_kept() -> None:
    record = pd.DataFrame({"crps": [0.1, 0.3], "crps_redrawn": [0.2, 0.2], "crps_last": [0.4, 0.8]})
    assert average_crps(record) == pytest.approx((0.2, 0.2, 0.6))
    table = score_fans(cast_back(panel_of([4] * 12 + [7])), "index")
    # Of four fans a quarter ahead the last lay three points too low.
    assert table.loc[0, ["off", "distance", "crps"]].tolist() == [-0.75, 0.75, 0.75]


def test_a_day_whose_quarter_is_not_settled_is_held_against_nothing() -> None:
    panel = panel_of([4] * 13)
    rows = panel.dataset.assessments
    cut = rows[(rows["date"] < "2024-03-31") | (rows["indicator"] != "mil_a")]
    table = score_fans(cast_back(Panel(replace(panel.dataset, assessments=cut))), "index")
    assert table["origins"].tolist() == [3, 2, 1, 0]


def test_a_break_that_no_past_quarter_shows_is_outside_every_fan() -> None:
    # Flat, then three points up in the last quarter: every fan is flat and misses it.
    cast = cast_back(panel_of([4] * 12 + [7]))
    last = cast[(cast["id"] == "index") & (cast["date"] == "2024-03-31")]
    assert last["months"].tolist() == [12, 9, 6, 3]
    assert last["came"].tolist() == [7] * 4
    assert not last[["inside_50", "inside_80", "inside_95"]].to_numpy().any()
    earlier = cast[(cast["id"] == "index") & (cast["date"] < "2024-03-31")]
    assert earlier["inside_50"].all()


def test_a_past_fan_is_the_one_that_would_have_been_drawn() -> None:
    rng = np.random.default_rng(3)
    panel = panel_of(list(rng.integers(6, 14, 16) / 2))
    row = cast_back(panel).query("id == 'military' and months == 6").iloc[0]
    fan = summarise_fan(draw_paths(panel, row["origin"]), "military").set_index("date").loc[row["date"]]
    assert [row[name] for name in ("low_95", "low_50", "median", "high_80")] == [
        fan[name] for name in ("low_95", "low_50", "median", "high_80")
    ]
    assert row["quarters"] == 8


def test_with_records_only_what_had_been_recorded_counts() -> None:
    scores = [2 + 0.5 * n for n in range(13)]
    on_time, in_hindsight = panel_of(scores), panel_of(scores, recorded="2024-04-15")
    assert cast_back(on_time, recorded=True).equals(cast_back(on_time))
    assert cast_back(in_hindsight, recorded=True).empty
    assert len(cast_back(in_hindsight)) == len(cast_back(on_time))


def test_without_origins_the_table_says_none() -> None:
    cast = cast_back(panel_of([4] * 5))
    table = score_fans(cast, "index")
    assert table["origins"].tolist() == [0, 0, 0, 0]
    assert table["inside_80"].tolist() == [0, 0, 0, 0]


def test_origins_that_overlap_are_told_from_those_that_do_not() -> None:
    table = score_fans(cast_back(panel_of([4] * 20)), "index").set_index("months")
    # Eleven origins a quarter apart: of the fans of a year, at most two stand one after the other.
    assert table.loc[3, ["origins", "apart"]].tolist() == [11, 11]
    assert table.loc[12, ["origins", "apart"]].tolist() == [8, 2]
