"""How much wider a range is once a review was missed, worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from indicators.measures.uncertainty.widening import UNKNOWN
from tests.measures.small_panels import build_panel

QUARTERS = [f"{day:%Y-%m-%d}" for day in pd.date_range("2020-03-31", periods=14, freq="QE")]


def panel_of(**series):
    rows = [
        (day, id, "c1", score) for id, scores in series.items() for day, score in zip(QUARTERS, scores, strict=False)
    ]
    return build_panel(rows, {"d": list(series)})


def test_half_of_an_indicators_own_changes_and_half_of_the_mean_of_all():
    # Changes of 0.5, 0.5, 0.5 and 1.5: the 80th percentile, at place 2.4, is 0.9. The calm one has 0.
    panel = panel_of(a=[4.0, 4.5, 4.0, 4.5, 6.0], b=[5.0] * 5)
    row = panel.scores.widening.loc[QUARTERS[4]]
    assert row["a"] == pytest.approx(0.9 / 2 + 0.45 / 2)
    assert row["b"] == pytest.approx(0.45 / 2)


def test_before_four_changes_an_indicator_takes_the_mean_and_without_any_a_convention():
    panel = panel_of(a=[4.0, 4.5, 4.0, 4.5, 6.0], b=[5.0] * 3)
    assert panel.scores.widening.loc[QUARTERS[3]].tolist() == [UNKNOWN, UNKNOWN]
    assert panel.scores.widening.loc[QUARTERS[4], "b"] == pytest.approx(0.9)


def test_the_last_eight_changes_count():
    panel = panel_of(a=[0.0, 10.0, *[5.0] * 9])
    assert panel.scores.widening.loc[QUARTERS[8], "a"] > 0
    assert panel.scores.widening.loc[QUARTERS[10], "a"] == 0


def test_a_later_review_alters_no_earlier_widening():
    scores = [4.0, 4.5, 4.0, 4.5, 6.0, 5.0]
    early, late = panel_of(a=scores).scores.widening, panel_of(a=[*scores, 10.0, 0.0]).scores.widening
    np.testing.assert_array_equal(late.loc[early.index], early)


def test_ranges_widen_once_for_each_missed_review_and_stay_on_the_scale():
    panel = panel_of(a=[4.0, 4.5, 4.0, 4.5, 6.0])
    held = panel.holdings(pd.DatetimeIndex([QUARTERS[4], "2021-06-29", *QUARTERS[5:8]]))
    assert held["missed"].tolist() == [0, 0, 1, 2, 3]
    assert held["widening"].tolist() == pytest.approx([0, 0, 0.9, 1.8, 2.7])
    assert held["low"].tolist() == pytest.approx([5.5, 5.5, 4.6, 3.7, 2.8])
    assert held["high"].tolist() == pytest.approx([6.5, 6.5, 7.4, 8.3, 9.2])
    far = panel.holdings(pd.DatetimeIndex([QUARTERS[12]]))
    assert far[["low", "high"]].to_numpy().tolist() == [[0, 10]]
