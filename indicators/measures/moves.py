"""The largest moves of the index, and what caused each."""

from dataclasses import dataclass

import pandas as pd

from indicators.measures.changes import Point, explain_change, summarise_change
from indicators.measures.panel import Panel


@dataclass(frozen=True)
class Move:
    """One step of the index: its date, the reading after it, its amount, and the change ledger of the step."""

    date: pd.Timestamp
    score: float
    amount: float
    ledger: pd.DataFrame


def largest_moves(panel: Panel, span: tuple[pd.Timestamp, pd.Timestamp], most: int = 5) -> list[Move]:
    """Return the largest steps of the index within a period, oldest first."""
    line = panel.composite(panel.steps).index
    steps = line.diff()
    within = steps[(steps.index > span[0]) & (steps.index <= span[1])].dropna()
    chosen = within[within != 0].abs().nlargest(most).index.sort_values()
    moves = []
    for date in chosen:
        before = line.index[line.index.get_loc(date) - 1]
        ledger = explain_change(Point(panel, before), Point(panel, date))
        moves.append(Move(date, float(line[date]), float(steps[date]), ledger))
    return moves


def leading_cause(move: Move) -> pd.Series | None:
    """Return the row of a move's ledger that weighs most in the move's own direction."""
    rows = summarise_change(move.ledger, "assessment")
    rows = rows[rows["amount"] * move.amount > 0]
    return rows.iloc[0] if len(rows) else None
