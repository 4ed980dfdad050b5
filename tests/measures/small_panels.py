"""Small panels from a few rows, for tests of what is measured on them."""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset
from tests.folders import TOPIC

SPREAD = 0.5
"""Points by which a plausible range reaches past a score on each side where a row names none."""

CLAIM_COLUMNS = ["claim", "section", "text", "test", "subject", "start", "end", "threshold"]


def build_panel(
    rows: Iterable[tuple[Any, ...]],
    dimensions: Mapping[str, Iterable[str]],
    claims: Iterable[tuple[Any, ...]] = (),
    review_days: int = 100,
    **options: Any,
) -> Panel:
    """A panel of some rows and claims.

    A row is (date, indicator, coder, score[, low, high]), a claim (id, test, subject, start, end, threshold). Each
    assessment is recorded on its date; the line of a claim is its place plus 2, as in a file.
    """
    table = pd.DataFrame(
        [fill_row(*row) for row in rows], columns=["date", "indicator", "coder", "score", "low", "high"]
    )
    table["date"] = pd.to_datetime(table["date"])
    table["recorded"] = table["date"]
    table["rationale"] = [f"Reason of {c} on {d:%Y-%m-%d}." for c, d in zip(table["coder"], table["date"], strict=True)]
    members = [(indicator, dimension) for dimension, ids in dimensions.items() for indicator in ids]
    said = pd.DataFrame([(c[0], "introduction", f"Claim {c[0]}.", *c[1:]) for c in claims], columns=CLAIM_COLUMNS)
    said = said.assign(start=pd.to_datetime(said["start"]), end=pd.to_datetime(said["end"]))
    said = said.assign(file="narrative/claims.csv", line=range(2, len(said) + 2)).astype({"threshold": float})
    tables: dict[str, Any] = {field.name: pd.DataFrame() for field in dataclasses.fields(Dataset)}
    tables |= {
        "topic": TOPIC,
        "dimensions": pd.DataFrame({"title": list(dimensions), "weight": 1.0}, index=list(dimensions)),
        "indicators": pd.DataFrame(
            {
                "dimension": [dimension for _, dimension in members],
                "title": [indicator for indicator, _ in members],
                "weight": 1.0,
                "review_days": review_days,
            },
            index=[indicator for indicator, _ in members],
        ),
        "assessments": table,
        "claims": said.set_index("claim"),
    }
    return Panel(Dataset(**tables), **options)


def fill_row(
    date: str, indicator: str, coder: str, score: float, low: float | None = None, high: float | None = None
) -> tuple[Any, ...]:
    """A row with its plausible range."""
    low = max(score - SPREAD, 0) if low is None else low
    high = min(score + SPREAD, 10) if high is None else high
    return (date, indicator, coder, score, low, high)
