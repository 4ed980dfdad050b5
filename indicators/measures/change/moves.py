"""The largest moves of the index from quarter to quarter, and what caused each."""

from dataclasses import dataclass

import pandas as pd

from indicators.measures.change.ledger import Point, explain_change, summarise_change
from indicators.measures.panel import Panel
from indicators.measures.quarters import read_settled


@dataclass(frozen=True)
class Move:
    """The index over one settled quarter: its end, the reading there, the change since the settled quarter before
    (``since``), and the change ledger between the two.
    """

    date: pd.Timestamp
    since: pd.Timestamp
    score: float
    amount: float
    ledger: pd.DataFrame


def largest_moves(panel: Panel, span: tuple[pd.Timestamp, pd.Timestamp], most: int = 5) -> list[Move]:
    """Return the largest changes of the index from one settled quarter to the next within a period, oldest first."""
    line = read_settled(panel)["index"].dropna()
    changes = line.diff()
    within = changes[(changes.index > span[0]) & (changes.index <= span[1])].dropna()
    chosen = within[within != 0].abs().nlargest(most).index.sort_values()
    moves = []
    for date in pd.DatetimeIndex(chosen):
        before = line.index[line.index < date][-1]
        ledger = explain_change(Point(panel, before), Point(panel, date))
        moves.append(Move(date, before, float(line[date]), float(changes[date]), ledger))
    return moves


def leading_causes(move: Move, most: int = 3) -> pd.DataFrame:
    """Return the indicators that weigh most in a move's own direction: ``dimension``, ``indicator``, ``amount``."""
    summary = summarise_change(move.ledger, "indicator")
    return summary[summary["amount"] * move.amount > 0].head(most)


def leading_reason(move: Move) -> pd.Series | None:
    """Return the row of a move's ledger that weighs most in the move's own direction."""
    rows = summarise_change(move.ledger, "assessment")
    rows = rows[rows["amount"] * move.amount > 0]
    return rows.iloc[0] if len(rows) else None
