"""What the index, a dimension or an indicator did over a period that a reader chooses, and what moved it."""

from dataclasses import dataclass

import pandas as pd

from indicators.measures.change.ledger import Point, explain_change, summarise_change
from indicators.measures.panel import Panel
from indicators.measures.quarters import CITED, settled_quarters, tell_evidence

MOST_PARTS = 5
ENOUGH = 2 / 3
"""Share of a change that its named parts explain, as far as so few of them can."""


@dataclass(frozen=True)
class Period:
    """A subject's line over a period: its first and last day, the readings there, and the parts of the change.

    ``reviewed`` is the last settled quarter's end where the period goes beyond it; the period then ends there, since
    what comes after is not known. ``parts`` has a row for each indicator that the change is told by, the largest first:
    ``indicator``, ``amount`` (points of the subject) and ``quiet`` (whether all its assessments rest on no event of their
    quarter). Parts in the direction of the change stand first.
    """

    id: str
    start: pd.Timestamp
    end: pd.Timestamp
    before: float
    after: float
    reviewed: bool
    parts: pd.DataFrame

    @property
    def amount(self) -> float:
        """Points between the two readings."""
        return self.after - self.before


def read_period(panel: Panel, id: str, span: tuple[pd.Timestamp, pd.Timestamp]) -> Period | None:
    """Return what a subject did over a period, or nothing where it has not two readings in it."""
    settled = settled_quarters(panel, id)
    if not len(settled):
        return None
    end = min(span[1], settled[-1])
    days = pd.DatetimeIndex([max(span[0], panel.steps[0]), end])
    if days[0] >= days[1]:
        return None
    before, after = panel.composite(days).of(id).tolist()
    if pd.isna(before) or pd.isna(after):
        return None
    parts = list_parts(panel, id, (days[0], days[1]), after - before)
    return Period(id, days[0], days[1], before, after, end < span[1], parts)


def list_parts(panel: Panel, id: str, days: tuple[pd.Timestamp, pd.Timestamp], amount: float) -> pd.DataFrame:
    """Return the indicators that a change of the index or of a dimension is told by; none for an indicator itself.

    As many as explain two thirds of it, at most five, and the largest that went against it.
    """
    empty = pd.DataFrame({"indicator": [], "amount": [], "quiet": []})
    if panel.dataset.level(id) == "indicator" or panel.composite(pd.DatetimeIndex(days)).index.isna().any():
        return empty
    ledger = explain_change(Point(panel, days[0]), Point(panel, days[1]))
    own = ledger if id == "index" else ledger[ledger["dimension"] == id]
    total = own["amount"].sum()
    if id != "index":
        # What a dimension adds to the index, brought to the dimension's own points.
        own = own.assign(amount=own["amount"] * (amount / total if abs(total) > 1e-9 else 0.0))
    summary = summarise_change(own[own["indicator"] != ""], "indicator")
    along = summary[summary["amount"] * amount > 0]
    number = int((along["amount"].cumsum().abs() < ENOUGH * abs(amount) - 1e-9).sum()) + 1
    against = summary[(summary["amount"] * amount < 0) & (summary["amount"].abs() >= 0.1 * abs(amount))]
    chosen = pd.concat([along.head(min(number, MOST_PARTS)), against.head(1)])[["indicator", "amount"]]
    return chosen.assign(quiet=[is_quiet(panel, own, indicator) for indicator in chosen["indicator"]])


def is_quiet(panel: Panel, ledger: pd.DataFrame, indicator: str) -> bool:
    """Return whether all assessments of an indicator in a change ledger rest on no event of their quarter."""
    rows = ledger[(ledger["indicator"] == indicator) & (ledger["part"] == "assessment")]
    return len(rows) > 0 and all(
        tell_evidence(panel.dataset, indicator, row["date"], row["events"]) != CITED for row in rows.to_dict("records")
    )
