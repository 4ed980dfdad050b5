"""Past fans are made from what was there then, held against what came, and counted."""

import numpy as np
import pandas as pd

from indicators.measures.outlook.fan import draw_paths, summarise_fan
from indicators.measures.outlook.hindcast import cast_back, count_inside
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


def test_a_steady_past_that_goes_on_is_always_inside() -> None:
    # Twelve quarters of half a point: eight of them are history at four origins before the last day.
    cast = cast_back(panel_of([2 + 0.5 * n for n in range(13)]))
    table = count_inside(cast, "index").set_index("months")
    assert table["origins"].to_dict() == {3: 4, 6: 3, 9: 2, 12: 1}
    assert table["inside_50"].to_dict() == {3: 4, 6: 3, 9: 2, 12: 1}
    assert table["width_80"].tolist() == [0, 0, 0, 0]


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
    table = count_inside(cast, "index")
    assert table["origins"].tolist() == [0, 0, 0, 0]
    assert table["inside_80"].tolist() == [0, 0, 0, 0]


def test_origins_that_overlap_are_told_from_those_that_do_not() -> None:
    table = count_inside(cast_back(panel_of([4] * 20)), "index").set_index("months")
    # Eleven origins a quarter apart: of the fans of a year, at most two stand one after the other.
    assert table.loc[3, ["origins", "apart"]].tolist() == [11, 11]
    assert table.loc[12, ["origins", "apart"]].tolist() == [8, 2]
