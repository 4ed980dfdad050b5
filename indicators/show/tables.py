"""Measures as tables that people read: titles for ids, words for states."""

import pandas as pd

from indicators.measures.index import Weights
from indicators.records.dataset import Dataset


def weight_table(dataset: Dataset, weights: Weights) -> pd.DataFrame:
    """Return each indicator's weight in its dimension and in the index, in per cent."""
    shares = weights.dimensions / weights.dimensions.sum()
    rows = []
    for dimension, share in shares.items():
        members = weights.indicators[weights.members(str(dimension))]
        for indicator, weight in (members / members.sum()).items():
            rows.append(
                {
                    "dimension": dataset.title(str(dimension)),
                    "indicator": dataset.title(str(indicator)),
                    "id": indicator,
                    "% of dimension": 100 * weight,
                    "% of index": 100 * weight * share,
                }
            )
    return pd.DataFrame(rows)


def freshness_table(dataset: Dataset, freshness: pd.DataFrame) -> pd.DataFrame:
    """Return the freshness of each indicator and coder with titles, most overdue first."""
    table = freshness.sort_values(["due", "indicator", "coder"], kind="stable")
    return pd.DataFrame(
        {
            "indicator": table["indicator"].map(dataset.title),
            "coder": table["coder"],
            "assessments": table["assessments"].astype(str),
            "newest": table["newest"],
            "days ago": table["age_days"].astype(str),
            "due for review": table["due"],
            "state": table["fresh"].map({True: "fresh", False: "carried"}),
        }
    )


def file_table(dataset: Dataset) -> pd.DataFrame:
    """Return the files of the folder with their numbers of rows."""
    return pd.DataFrame({"file": list(dataset.files), "rows": [f"{n:,}" for n in dataset.files.values()]})
