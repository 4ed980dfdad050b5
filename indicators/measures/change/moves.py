"""The moves of the index from quarter to quarter, and what caused each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import pandas as pd

from indicators.measures.change.ledger import Point, explain_change, summarise_change
from indicators.measures.panel import Panel
from indicators.measures.quarters import CITED, read_settled, tell_evidence
from indicators.records.dataset import Dataset, split_ids

UNEXPLAINED = 1 / 3
"""Share of a move that its named causes may leave over."""

SLIGHT = 0.05
"""Points below which a move rounds to none; its causes may leave over as much as those of a move of this size."""

MOST_CAUSES = 10
LOOKED_AT = 12
"""Causes of which some are chosen: the largest."""

SIGNS = {"raises": 1, "lowers": -1}


@dataclass(frozen=True)
class Move:
    """The index between two settled quarters: their ends, the reading at the second, the change since the first
    (``since``), and the change ledger between the two.
    """

    date: pd.Timestamp
    since: pd.Timestamp
    score: float
    amount: float
    ledger: pd.DataFrame

    @property
    def before(self) -> float:
        """The reading at the first quarter's end."""
        return self.score - self.amount


@dataclass(frozen=True)
class Cause:
    """What one indicator (or where it is empty a dimension or the method) adds to a move.

    ``rows`` are its rows of the ledger, those that weigh most in its own direction first. ``event`` is the id of the
    event that tells the cause: of those that the rows cite and that lie within the move one that points in the cause's
    direction, before others a turning point, then the one that bears most of the amount, then the one that is cited
    first (empty: there is none). ``agrees`` says whether it points in that direction; ``evidence`` on what the
    first row rests, see ``tell_evidence``.
    """

    dimension: str
    indicator: str
    amount: float
    rows: pd.DataFrame
    event: str
    agrees: bool
    evidence: str

    @property
    def quiet(self) -> bool:
        """Whether the first row rests on no event of its quarter."""
        return self.evidence != CITED


def list_moves(panel: Panel) -> pd.Series:
    """Return the change of the index in each settled quarter on the settled one before, by the quarter's end."""
    changes: pd.Series = read_settled(panel)["index"].dropna().diff().dropna()
    return changes


def measure_move(panel: Panel, since: pd.Timestamp, date: pd.Timestamp) -> Move:
    """Return the move between the ends of two settled quarters; ``NoReadingError`` where the index has no reading."""
    ledger = explain_change(Point(panel, since), Point(panel, date))
    before, after = panel.composite(pd.DatetimeIndex([since, date])).index.tolist()
    return Move(date, since, after, after - before, ledger)


def move_of(panel: Panel, date: pd.Timestamp) -> Move | None:
    """Return the move in the quarter that ends on a day; nothing where it, or every one before, is not settled."""
    settled = read_settled(panel)["index"].dropna().index
    earlier = settled[settled < date]
    return measure_move(panel, earlier[-1], date) if date in settled and len(earlier) else None


def largest_moves(panel: Panel, span: tuple[pd.Timestamp, pd.Timestamp], most: int = 5) -> list[Move]:
    """Return the largest changes of the index from one settled quarter to the next within a period, oldest first."""
    changes = list_moves(panel)
    within = changes[(changes.index > span[0]) & (changes.index <= span[1])]
    chosen = within[within != 0].abs().nlargest(most).index.sort_values()
    return [move for date in pd.DatetimeIndex(chosen) if (move := move_of(panel, date))]


def focus(panel: Panel, id: str) -> Panel:
    """Return a panel whose index is a dimension alone, so that its moves are accounted for in its own points."""
    dimensions = panel.weights.dimensions.index
    if id not in dimensions:
        return panel
    return replace(panel, weights=panel.weights.with_dimensions({d: float(d == id) for d in dimensions}))


def choose_causes(dataset: Dataset, move: Move, most: int = 3) -> list[Cause]:
    """Return the causes that explain a move: two or three, more only where those leave over too much of it.

    Of the sets of at most ``most`` causes whose sum leaves at most a third of the move unexplained the one with the
    largest parts is taken, up and down; where there is none, one of more causes (up to ``MOST_CAUSES``); else the
    largest in the move's own direction. The largest part comes first, those in the move's own direction before others.
    """
    summary = summarise_change(move.ledger, "indicator").head(LOOKED_AT)
    amounts = summary["amount"].tolist()
    ahead = 1 if move.amount >= 0 else -1
    chosen = sorted(
        choose_parts(amounts, move.amount, most),
        key=lambda place: (amounts[place] * ahead < 0, -abs(amounts[place]), place),
    )
    return [_find_cause(dataset, move, row) for row in summary.iloc[chosen].to_dict("records")]


def share_explained(move: Move, causes: Sequence[Cause]) -> float:
    """Return the sum of some causes as a share of a move; NaN for none."""
    return sum(cause.amount for cause in causes) / move.amount if move.amount else float("nan")


def choose_parts(amounts: Sequence[float], whole: float, most: int) -> tuple[int, ...]:
    """Return the places of the amounts that are named for a whole, see ``choose_causes``."""
    left = max(abs(whole), SLIGHT) * UNEXPLAINED + 1e-9
    for numbers in (range(min(2, most), most + 1), *((n,) for n in range(most + 1, MOST_CAUSES + 1)), (1,)):
        fitting = [
            parts
            for number in numbers
            for parts in combinations(range(len(amounts)), number)
            if abs(whole - sum(amounts[part] for part in parts)) <= left
        ]
        if fitting:
            return max(fitting, key=lambda parts: (round(sum(abs(amounts[part]) for part in parts), 9), -len(parts)))
    return tuple(part for part, amount in enumerate(amounts) if amount * whole >= 0)[:MOST_CAUSES]


def _find_cause(dataset: Dataset, move: Move, part: Mapping[Any, Any]) -> Cause:
    own = move.ledger[(move.ledger["dimension"] == part["dimension"]) & (move.ledger["indicator"] == part["indicator"])]
    sign = 1 if part["amount"] >= 0 else -1
    rows = own.sort_values("amount", key=lambda amounts: -sign * amounts, kind="stable", ignore_index=True)
    first = rows.iloc[0]
    evidence = CITED
    if first["rationale"]:
        evidence = tell_evidence(dataset, first["indicator"], first["date"], first["events"])
    borne: dict[str, float] = {}
    for cell, amount in zip(rows["events"], rows["amount"].tolist(), strict=True):
        for id in split_ids(cell):
            borne[id] = borne.get(id, 0.0) + sign * amount
    known = dataset.event_rows
    within = [id for id in borne if id in known and move.since < known[id]["date"] <= move.date]

    def rank(id: str) -> tuple[bool, bool, float]:
        return not agrees(id), id not in dataset.turning_points.index, -round(borne[id], 9)

    def agrees(id: str) -> bool:
        return SIGNS.get(str(known[id]["effect"]), 0) == sign

    event = "" if evidence != CITED or not within else min(within, key=rank)
    return Cause(
        str(part["dimension"]),
        str(part["indicator"]),
        part["amount"],
        rows,
        event,
        bool(event) and agrees(event),
        evidence,
    )
