"""Panels that differ in weights alone share their scores, and what one of them computes alters nothing for another."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.measures.index import build_composite
from indicators.measures.panel import Panel
from indicators.measures.readings import hold_assessments, read_indicators
from indicators.measures.scores import FEW, KEPT, MANY, Scores
from indicators.records.dataset import Dataset, load_dataset

WEIGHT = st.floats(0.1, 5)


@pytest.fixture(scope="module")
def shipped() -> Dataset:
    """The data of this repository."""
    dataset = load_dataset(Path(__file__).parents[2] / "data").dataset
    assert dataset is not None
    return dataset


def compute_anew(panel: Panel, dates: pd.DatetimeIndex) -> pd.DataFrame:
    """The readings of all levels by scores that nobody else has used."""
    alone = Scores(panel.dataset, panel.as_of, panel.coder, panel.as_recorded)
    read = read_indicators(hold_assessments(alone.line, dates))
    wide = read.pivot(index="date", columns="indicator", values="score").reindex(dates).astype(float)
    return build_composite(wide, panel.weights, panel.mean).table


@given(weights=st.tuples(WEIGHT, WEIGHT), days=st.lists(st.integers(0, 1200), min_size=1, max_size=40, unique=True))
def test_a_panel_reads_the_same_as_one_that_shares_nothing(
    shipped: Dataset, weights: tuple[float, float], days: list[int]
) -> None:
    dates = pd.DatetimeIndex([pd.Timestamp("2021-03-31") + pd.Timedelta(days=day) for day in sorted(days)])
    published = Panel(shipped)
    changed = dict(zip(shipped.dimensions.index[:2], weights, strict=True))
    own = replace(published, weights=published.weights.with_dimensions(changed))
    assert own.scores is published.scores
    for panel in (published, own):
        pd.testing.assert_frame_equal(panel.composite(dates).table, compute_anew(panel, dates), check_freq=False)


def test_vintages_coders_and_datasets_have_scores_of_their_own(shipped: Dataset) -> None:
    panel = Panel(shipped)
    others = (
        replace(panel, coder="c1"),
        replace(panel, as_recorded=True),
        Panel(replace(shipped, assessments=shipped.assessments.head(40))),  # under the same digest
    )
    assert len({id(other.scores) for other in (panel, *others)}) == 4


def test_what_is_kept_is_bounded(shipped: Dataset) -> None:
    scores = Scores(shipped, None, None, False)
    first = pd.Timestamp("2022-01-01")
    for day in range(2 * KEPT):
        dates = pd.DatetimeIndex([first + pd.Timedelta(days=day)])
        assert scores.hold(dates) is scores.hold(dates)
    assert len(scores._kept) == KEPT
    for count, keeps in ((FEW + 1, scores.hold), (MANY + 1, scores.read)):
        dates = pd.date_range(first, periods=count)
        assert keeps(dates) is not keeps(dates)
