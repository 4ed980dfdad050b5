"""The causes that are named explain at least two thirds of the move that they are named for."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from indicators.measures.change.moves import (
    SLIGHT,
    choose_causes,
    choose_parts,
    focus,
    largest_moves,
    list_moves,
    measure_move,
    move_of,
    share_explained,
)
from indicators.measures.panel import Panel
from indicators.measures.quarters import read_settled
from indicators.records.dataset import Dataset, load_dataset

DATA = Path(__file__).parents[3] / "data"


@pytest.fixture(scope="module")
def shipped() -> Dataset:
    """The data of this repository."""
    dataset = load_dataset(DATA).dataset
    assert dataset is not None
    return dataset


@pytest.mark.parametrize(
    ("amounts", "whole", "chosen"),
    [
        # 0.09 + 0.08 − 0.09 is 0.08, a third of 0.06 more than it at most; of the sets that fit it has the largest parts.
        ([0.09, -0.09, 0.08, -0.06, 0.05], 0.06, {0, 1, 2}),
        # Two make 0.30 of 0.40, three make 0.36 with larger parts.
        ([0.2, 0.1, 0.06, 0.04], 0.4, {0, 1, 2}),
        # The largest three make half, so a fourth and a fifth are needed.
        ([0.2, 0.2, 0.2, 0.2, 0.2, 0.2], 1.2, {0, 1, 2, 3}),
        # One part is the whole.
        ([0.5], 0.5, {0}),
        ([], 0.0, set()),
    ],
)
def test_the_parts_with_the_largest_amounts_that_explain_the_whole(
    amounts: list[float], whole: float, chosen: set[int]
) -> None:
    assert set(choose_parts(amounts, whole, 3)) == chosen


def test_each_move_of_the_shipped_data_is_explained_to_two_thirds(shipped: Dataset) -> None:
    panel = Panel(shipped)
    for date in list_moves(panel).index:
        move = move_of(panel, date)
        assert move is not None
        causes = choose_causes(shipped, move)
        assert 1 <= len(causes) <= 10
        left = abs(move.amount - sum(cause.amount for cause in causes))
        assert left <= max(abs(move.amount), SLIGHT) / 3 + 1e-9
        if abs(move.amount) >= SLIGHT:
            assert share_explained(move, causes) >= 2 / 3 - 1e-9


def test_a_cause_names_an_event_of_its_indicator_s_reasons_in_the_time_of_the_move(shipped: Dataset) -> None:
    for move in largest_moves(Panel(shipped), (pd.Timestamp("2021-01-01"), pd.Timestamp("2026-12-31"))):
        for cause in choose_causes(shipped, move):
            assert cause.rows["indicator"].eq(cause.indicator).all()
            assert cause.amount == pytest.approx(cause.rows["amount"].sum())
            assert cause.quiet == (cause.event == "") or not cause.event
            if cause.event:
                assert move.since < shipped.events["date"][cause.event] <= move.date
                assert any(cause.event in cell.split(";") for cell in cause.rows["events"])


def test_the_fall_of_early_2025_names_its_turning_point(shipped: Dataset) -> None:
    move = move_of(Panel(shipped), pd.Timestamp("2025-03-31"))
    assert move is not None
    assert move.amount == pytest.approx(-0.875)
    assert "E0283" in [cause.event for cause in choose_causes(shipped, move)]


def test_absence_of_evidence_is_marked(shipped: Dataset) -> None:
    move = move_of(Panel(shipped), pd.Timestamp("2022-09-30"))
    assert move is not None
    quiet = {cause.indicator: cause.quiet for cause in choose_causes(shipped, move)}
    assert quiet["mil_incidents"]
    assert not quiet["cyb_espionage"]


def test_a_dimension_is_accounted_for_in_its_own_points(shipped: Dataset) -> None:
    panel = Panel(shipped)
    move = move_of(focus(panel, "military"), pd.Timestamp("2025-03-31"))
    readings = read_settled(panel)["military"]
    assert move is not None
    assert move.score == pytest.approx(readings["2025-03-31"])
    assert move.amount == pytest.approx(readings["2025-03-31"] - readings["2024-12-31"])
    assert set(move.ledger["dimension"]) == {"military"}
    assert focus(panel, "index") is panel


def test_the_first_quarter_and_one_that_is_not_settled_have_no_move(shipped: Dataset) -> None:
    panel = Panel(shipped)
    first = read_settled(panel)["index"].dropna().index[0]
    assert move_of(panel, first) is None
    assert move_of(panel, pd.Timestamp(dt.date(2030, 3, 31))) is None


def test_a_move_says_what_was_before(shipped: Dataset) -> None:
    move = measure_move(Panel(shipped), pd.Timestamp("2024-12-31"), pd.Timestamp("2025-03-31"))
    assert move.before == pytest.approx(6.75)
    assert move.before + move.ledger["amount"].sum() == pytest.approx(move.score)
