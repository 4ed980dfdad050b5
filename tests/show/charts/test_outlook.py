"""The charts of the outlook say what the numbers say, in picture, sentence and table alike."""

import numpy as np
import pandas as pd
import pytest

from indicators.measures.outlook.levers import list_assumptions
from indicators.records.dataset import Dataset
from indicators.show.charts.outlook import plot_fan, plot_levers, plot_record
from indicators.show.charts.palette import LIGHT
from indicators.show.charts.scale import Line
from indicators.show.charts.svg import SIZES, draw_fan
from indicators.show.text.outlook.projection import (
    assumption_table,
    describe_drawn,
    describe_fan,
    describe_off,
    describe_past_fans,
    describe_reach,
    record_table,
    show_assumed,
    show_reason,
)

NASTY = "<script>alert(1)</script>"
COLUMNS = ["low_95", "low_80", "low_50", "median", "high_50", "high_80", "high_95"]


def make_fan(shift: float = 0.0) -> pd.DataFrame:
    """A fan from 6 on 30 June 2024 that widens by a tenth of a point a month on each side and step."""
    dates = pd.date_range("2024-06-30", periods=13, freq="ME")
    table = pd.DataFrame({"date": dates})
    for place, name in enumerate(COLUMNS):
        table[name] = 6 + np.arange(13) * ((place - 3) * 0.1 + shift)
    return table.assign(mean=table["median"])


def make_line(label: str = "Index") -> Line:
    """Readings at five quarter ends, the last on a day after the fan's start, which belongs to no history."""
    dates = pd.DatetimeIndex(["2023-09-30", "2023-12-31", "2024-03-31", "2024-06-30", "2024-09-30"])
    readings = pd.DataFrame({"date": dates, "score": [5.0, 5.5, 6.5, 6.0, 9.0], "fresh": 1.0, "state": "settled"})
    return Line("index", label, label, "#1d2129", readings.assign(low=readings["score"], high=readings["score"]))


def areas(figure) -> list[np.ndarray]:
    """The upper less the lower edge of each filled area, in the order of drawing."""
    traces = list(figure.data)
    pairs = [(traces[n - 1], t) for n, t in enumerate(traces) if t.fill == "tonexty"]
    return [np.array(upper.y) - np.array(lower.y) for lower, upper in pairs]


def test_the_fans_are_nested_and_the_history_steps_up_to_their_start() -> None:
    figure = plot_fan(make_line(), make_fan(), LIGHT).figure
    assert figure.layout.yaxis.range == (0, 10)
    widest, middle, inner = areas(figure)
    assert (widest >= middle).all()
    assert (middle >= inner).all()
    assert inner[0] == 0
    history = [t for t in figure.data if t.name == "Index" and t.line.dash == "solid"]
    assert [max(t.x) for t in history] == [pd.Timestamp("2024-06-30").to_datetime64()]


def test_with_levers_the_baseline_stands_as_a_quiet_outline() -> None:
    plain = plot_fan(make_line(), make_fan(-0.05), LIGHT)
    chart = plot_fan(make_line(), make_fan(-0.05), LIGHT, make_fan())
    outlined = [t for t in chart.figure.data if t.line.dash == "dot"]
    assert len(outlined) == 3
    assert not [t for t in plain.figure.data if t.line.dash == "dot"]
    assert {t.line.color for t in outlined} == {LIGHT.quiet_text}
    # A year on the baseline stands at 6, the fan at 6 - 12 x 0.05.
    assert "median of 5.4" in chart.alt
    assert "Without levers the median is 6.0" in chart.alt
    assert [name for name in chart.table if name.startswith("without levers")] == [
        "without levers: median",
        "without levers: low (80 %)",
        "without levers: high (80 %)",
    ]


def test_sentence_table_and_picture_have_the_same_numbers() -> None:
    chart = plot_fan(make_line(), make_fan(), LIGHT)
    # 12 months x 0.2 points to either side of 6.
    assert "80 % between 3.6 and 8.4" in chart.alt
    assert chart.table.iloc[-1][["low (80 %)", "high (80 %)"]].round(9).tolist() == [3.6, 8.4]
    said = describe_fan("The index", make_fan(), 80)
    assert said == (
        "The index stood at 6.0 in the last settled quarter, on 30 Jun 2024. Without levers 80 % of the simulated paths are "
        "between 3.6 and 8.4 on 30 Jun 2025; the median is 6.00."
    )
    for kind in SIZES:
        picture = draw_fan(make_line(), make_fan(), chart.alt, kind)
        assert picture.count('class="ribbon"') == 3
        assert "median 6.0" in picture


def test_levers_are_named_in_the_sentence_with_the_difference() -> None:
    said = describe_fan("The index", make_fan(-0.05), 50, ["Hot line", "Observers", "Talks"], make_fan())
    assert "With hot line, observers and talks they are between 4.2 and 6.6; the median is 5.40 (−0.60)." in said
    assert "50 % of the simulated paths" in said


def test_no_text_of_the_data_becomes_markup() -> None:
    ranges = pd.DataFrame({"lever": ["a"], "amount": [-0.2], "low": [-0.4], "high": [0.0]})
    chart = plot_levers(ranges, {"a": NASTY}, LIGHT)
    assert "<script>" not in chart.figure.to_json()
    assert "<script>" not in draw_fan(make_line(NASTY), make_fan(), NASTY)


def test_the_bars_of_the_levers_are_told_in_words_and_table() -> None:
    ranges = pd.DataFrame({"lever": ["a", "b"], "amount": [-0.2, 0.05], "low": [-0.4, 0.0], "high": [0.0, 0.1]})
    chart = plot_levers(ranges, {"a": "Hot line", "b": "Talks"}, LIGHT)
    assert "Hot line −0.20 (−0.40 to ±0.00), Talks +0.05" in chart.alt
    assert chart.table["points of the index"].tolist() == [-0.2, 0.05]


def test_a_reading_outside_its_past_fan_is_a_hollow_dot() -> None:
    casts = pd.DataFrame(
        {
            "id": "index",
            "origin": pd.to_datetime(["2023-03-31", "2023-06-30"]),
            "months": 12,
            "date": pd.to_datetime(["2024-03-31", "2024-06-30"]),
            "quarters": [8, 9],
            **{f"low_{s}": [5.0, 5.0] for s in (50, 80, 95)},
            **{f"high_{s}": [7.0, 7.0] for s in (50, 80, 95)},
            "came": [6.0, 8.0],
            "inside_80": [True, False],
        }
    )
    chart = plot_record(casts, "Index", LIGHT)
    assert list(chart.figure.data[-1].marker.symbol) == ["circle", "circle-open"]
    assert "the outcome was within the 80 % interval 1 time." in chart.alt
    assert chart.table["within 80 %"].tolist() == ["no", "yes"]  # the newest first


@pytest.fixture
def counts() -> pd.DataFrame:
    """Past fans of two horizons."""
    return pd.DataFrame(
        {
            "months": [3, 12],
            "origins": [12, 9],
            "apart": [12, 3],
            "inside_50": [4, 7],
            "inside_80": [10, 7],
            "inside_95": [11, 8],
            "width_80": [1.38, 2.83],
            "crps": [0.2, 0.3],
            "crps_redrawn": [0.2, 0.24],
            "crps_last": [0.3, 0.4],
            "off": [-0.04, 0.66],
            "distance": [0.3, 0.8],
        }
    )


def test_the_record_is_counts_with_what_limits_them(counts: pd.DataFrame) -> None:
    said = describe_past_fans("the index", counts, recorded=0)
    assert "Of 9 hindcasts of the index over 12 months, 7 had the outcome within the 80 % interval." in said
    assert "only 3 of them" in said
    assert "recorded later than their dates" in said
    assert "recorded later" not in describe_past_fans("the index", counts, recorded=4)
    table = record_table(counts)
    assert table["in 80 %"].tolist() == ["10 of 12", "7 of 9"]
    assert table["CRPS"].tolist() == ["0.20", "0.30"]
    assert table["bias"].tolist() == ["−0.04", "+0.66"]


def test_the_score_stands_beside_its_references_better_or_worse(counts: pd.DataFrame) -> None:
    said = describe_past_fans("the index", counts, recorded=0)
    assert "Mean CRPS over 3 to 12 months (in points, 0 is best): the projection 0.25" in said
    assert "quarters resampled 0.22, the last reading alone 0.35." in said
    assert "The projection was worse than the first reference and better than the second." in said


def test_how_far_past_fans_lay_off_is_said_with_its_side(counts: pd.DataFrame) -> None:
    assert describe_off(counts) == (
        "Over 12 months the medians of 9 hindcasts were 0.7 too high on average; the mean absolute error was 0.8."
    )
    assert "were 0.7 too low" in describe_off(counts.assign(off=-0.66))
    assert "neither too high nor too low" in describe_off(counts.assign(off=0.04))
    assert describe_off(counts.assign(origins=0)) == ""


def test_what_levers_can_do_stands_beside_the_width_of_the_interval() -> None:
    # A year on, 80 % of the paths lie between 3.6 and 8.4.
    assert describe_reach(make_fan(), 80, -0.31) == (
        "All levers together would change the mean by −0.31 by then; the 80 % interval is 4.8 points wide."
    )


def test_today_is_marked_where_it_lies_within_the_fan() -> None:
    def marks(today: str) -> list[str]:
        figure = plot_fan(make_line(), make_fan(), LIGHT, today=pd.Timestamp(today)).figure
        return [a.text for a in figure.layout.annotations if "today" in a.text or "settled" in a.text]

    assert marks("2024-08-20") == ["last settled quarter, 30 Jun 2024", "today, 20 Aug 2024"]
    assert marks("2026-08-20") == ["last settled quarter, 30 Jun 2024"]
    picture = draw_fan(make_line(), make_fan(), "", today=pd.Timestamp("2024-08-20"))
    assert ">today<" in picture
    assert ">today<" not in draw_fan(make_line(), make_fan(), "")


def test_no_past_fan_is_said_plainly(counts: pd.DataFrame) -> None:
    none = counts.assign(origins=0, inside_50=0, inside_80=0, inside_95=0, apart=0, width_80=np.nan)
    assert "too little history" in describe_past_fans("the index", none, 0)
    assert record_table(none)["in 80 %"].tolist() == ["–", "–"]


def test_what_the_paths_are_drawn_from_is_said_with_the_largest_move() -> None:
    said = describe_drawn(20, (pd.Timestamp("2022-03-31"), 2.54))
    assert "20 changes between settled quarters" in said
    assert "keeps 0.7 of its distance" in said
    assert "31 Mar 2022 (+2.5)" in said
    assert "largest" not in describe_drawn(8, None)


def test_assumptions_are_shown_with_reason_and_instance_or_its_absence(dataset: Dataset) -> None:
    published = list_assumptions(dataset)
    table = assumption_table(dataset, published)
    assert table["instance"].tolist() == ["No instance in the data.", "E0006", "E0005, E0006"]
    assert table["low"].tolist() == ["−0.50", "−2.00", "−1.00"]
    assert table["high"].tolist() == ["+0.50", "0.00", "0.00"]
    lines = show_assumed(dataset, published, published[1:2])
    assert lines.count('class="own"') == 1
    reasons = [show_reason(dataset, row) for row in dataset.pathways.to_dict("records")]
    assert "No instance in the data." in reasons[0]
    assert 'href="https://example.org/6"' in reasons[1]
