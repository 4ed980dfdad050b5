"""The change ledger as bars and tables that people read."""

import pandas as pd

from indicators.records.dataset import Dataset
from indicators.show.charts.palette import Palette

PART_TITLES = {
    "rescored": "Past re-scored",
    "coder": "Coders joining or leaving",
    "coverage": "Coverage",
    "weights": "Weights",
    "mean": "Mean",
}
"""Names of the parts that are not assessments."""


def waterfall_bars(dataset: Dataset, ledger: pd.DataFrame, palette: Palette) -> list[tuple[str, float, str]]:
    """Return (label, amount, colour) of each dimension's assessments in codebook order, then of the other parts."""
    scored = ledger[ledger["part"] == "assessment"].groupby("dimension")["amount"].sum()
    bars = [
        (dataset.title(dimension), float(scored.get(dimension, 0.0)), palette.dimension(position))
        for position, dimension in enumerate(dataset.dimensions.index)
        if dimension in scored
    ]
    rest = ledger[ledger["part"] != "assessment"].groupby("part")["amount"].sum()
    return bars + [
        (title, float(rest[part]), palette.quiet_text) for part, title in PART_TITLES.items() if part in rest
    ]


def part_title(dataset: Dataset, dimension: str) -> str:
    """Return the title of a dimension, or of what belongs to none."""
    return dataset.title(dimension) if dimension else "Method of aggregation"
