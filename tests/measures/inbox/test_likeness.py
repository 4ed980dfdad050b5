"""Likeness of words: proposals follow the events on record, and were right about them as often as is promised."""

from pathlib import Path

import pytest

from indicators.measures.inbox.likeness import Likeness, hold_likeness
from indicators.records.dataset import Dataset, load_dataset


@pytest.fixture(scope="module")
def shipped(pytestconfig: pytest.Config) -> Dataset:
    dataset = load_dataset(Path(pytestconfig.rootpath) / "data").dataset
    assert dataset is not None
    return dataset


def test_a_title_is_proposed_its_indicator_anchors_and_events(shipped: Dataset) -> None:
    proposal = Likeness(shipped).propose("Tomahawk missiles for Ukraine: Washington undecided")
    assert proposal.indicators[0].id == "mil_arms_support"
    assert (len(proposal.indicators), len(proposal.anchors), len(proposal.events)) == (3, 2, 2)
    assert all(0 < near.likeness <= 1 for near in (*proposal.indicators, *proposal.events))
    assert Likeness(shipped).propose("qqqq") == Likeness(shipped).propose("")


@pytest.mark.slow
def test_events_left_out_are_proposed_their_own_indicator_and_dimension(shipped: Dataset) -> None:
    held = hold_likeness(shipped)
    assert len(held) == len(shipped.events)
    assert held["among"].mean() >= 0.75
    assert held["dimension"].mean() >= 0.85
