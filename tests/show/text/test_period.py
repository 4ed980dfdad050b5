"""A chosen period: from which reading to which, and the indicators that the change is told by."""

import pandas as pd
import pytest

from indicators.measures.change.periods import read_period
from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset
from indicators.show.text.period import describe_period

SPRING = (pd.Timestamp("2025-01-01"), pd.Timestamp("2025-03-31"))


@pytest.mark.parametrize("id", ["index", "diplomacy", "mil_incidents"])
def test_it_goes_from_the_line_s_first_day_to_its_last(shipped: Dataset, id: str) -> None:
    panel = Panel(shipped)
    period = read_period(panel, id, SPRING)
    assert period
    expected = panel.composite(pd.DatetimeIndex(SPRING)).of(id).tolist()
    assert [period.before, period.after] == expected
    assert not period.reviewed


@pytest.mark.parametrize("id", ["index", "diplomacy"])
def test_its_parts_explain_two_thirds_and_are_points_of_the_subject(shipped: Dataset, id: str) -> None:
    period = read_period(Panel(shipped), id, SPRING)
    assert period
    along = period.parts.loc[period.parts["amount"] * period.amount > 0, "amount"].sum()
    assert along / period.amount >= 2 / 3


def test_a_dimension_s_parts_are_its_indicators_share_of_their_change(shipped: Dataset) -> None:
    panel = Panel(shipped)
    period = read_period(panel, "diplomacy", SPRING)
    assert period
    before, after = panel.composite(pd.DatetimeIndex(SPRING)).indicators.to_dict("records")
    for row in period.parts.to_dict("records"):
        # Four indicators of equal weight.
        assert row["amount"] == pytest.approx((after[row["indicator"]] - before[row["indicator"]]) / 4)


def test_it_ends_at_the_last_review_and_says_so(shipped: Dataset) -> None:
    period = read_period(Panel(shipped), "index", (pd.Timestamp("2026-01-01"), pd.Timestamp("2026-11-30")))
    assert period
    assert period.end == pd.Timestamp("2026-09-30")
    assert "What came later is not reviewed yet." in describe_period(shipped, period)


def test_a_period_without_two_readings_has_nothing_to_tell(shipped: Dataset) -> None:
    assert read_period(Panel(shipped), "index", (pd.Timestamp("2026-10-05"), pd.Timestamp("2026-11-30"))) is None


def test_the_sentence_names_days_readings_and_parts(shipped: Dataset) -> None:
    period = read_period(Panel(shipped), "diplomacy", SPRING)
    assert period
    said = describe_period(shipped, period)
    assert said.startswith(
        "In this period, 1 Jan 2025 to 31 Mar 2025: 6.6 → 5.2 (−1.4); most of it by Leader contact (−0"
    )
