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

CLAIM_COLUMNS = [
    *("claim", "section", "text", "test", "subject", "start", "end", "before_start", "before_end", "threshold"),
    "untested",
]
NO_EVENTS = {"indicator": "str", "date": "datetime64[us]", "reliability": "str", "credibility": "str"}


def build_panel(
    rows: Iterable[tuple[Any, ...]],
    dimensions: Mapping[str, Iterable[str]],
    claims: Iterable[tuple[Any, ...]] = (),
    **options: Any,
) -> Panel:
    """A panel of some rows and claims.

    A row is (date, indicator, coder, score[, low, high]), a claim (id, test, subject, start, end, before start, before
    end, threshold[, untested]), days blank where the test takes none. Each
    assessment is recorded on its date; the line of a claim is its place plus 2, as in a file.
    """
    table = pd.DataFrame(
        [fill_row(*row) for row in rows], columns=["date", "indicator", "coder", "score", "low", "high"]
    )
    table["date"] = pd.to_datetime(table["date"])
    table["recorded"] = table["date"]
    table["events"] = ""
    table["rationale"] = [f"Reason of {c} on {d:%Y-%m-%d}." for c, d in zip(table["coder"], table["date"], strict=True)]
    members = [(indicator, dimension) for dimension, ids in dimensions.items() for indicator in ids]
    lines = [(c[0], "introduction", f"Claim {c[0]}.", *c[1:8], *(c[8:] or ("",))) for c in claims]
    said = pd.DataFrame(lines, columns=CLAIM_COLUMNS)
    said = said.assign(**{day: pd.to_datetime(said[day]) for day in ("start", "end", "before_start", "before_end")})
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
                "window": "quarter",
            },
            index=[indicator for indicator, _ in members],
        ),
        "assessments": table,
        "claims": said.set_index("claim"),
        "events": pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in NO_EVENTS.items()}),
    }
    return Panel(Dataset(**tables), **options)


def fill_row(
    date: str, indicator: str, coder: str, score: float, low: float | None = None, high: float | None = None
) -> tuple[Any, ...]:
    """A row with its plausible range."""
    low = max(score - SPREAD, 0) if low is None else low
    high = min(score + SPREAD, 10) if high is None else high
    return (date, indicator, coder, score, low, high)
