"""Where coders differ by more than their ranges allow for, and what has been ruled on it."""

from itertools import combinations

import numpy as np
import pandas as pd

from indicators.measures.readings import select_effective
from indicators.records.dataset import Dataset
from indicators.records.tables.core import CORRECTION

APART = 2.0
"""Points between two scores of one indicator and date from which on they are looked at: a step between anchors."""


def list_differences(dataset: Dataset) -> pd.DataFrame:
    """Return the pairs of scores in force that differ and on which nothing was ruled, newest and widest first.

    Scores of one indicator and date differ where they lie ``APART`` points or more apart, or where their plausible ranges
    do not meet. Columns: ``indicator``, ``date``, ``apart`` (points between the scores), ``meet`` (whether the ranges
    do), ``first`` and ``second`` (labels of the dataset's assessments, in the order of the coders).

    A reader who may not see a row has a dataset without it, so no open quarter stands here.
    """
    ruled = set(zip(dataset.rulings["indicator"], dataset.rulings["date"], strict=True))
    rows = select_effective(dataset.assessments)
    shared = rows[rows.duplicated(["indicator", "date"], keep=False)]
    found = []
    for (indicator, date), unit in shared.groupby(["indicator", "date"], sort=False):
        if (indicator, date) in ruled:
            continue
        unit = unit.sort_values("coder")
        cells = zip(unit.index, *(unit[name].to_numpy(float) for name in ("score", "low", "high")), strict=True)
        for (one, score, low, high), (other, theirs, bottom, top) in combinations(cells, 2):
            apart, meet = abs(score - theirs), max(low, bottom) <= min(high, top)
            if apart >= APART or not meet:
                found.append((indicator, date, apart, bool(meet), one, other))
    table = pd.DataFrame(found, columns=["indicator", "date", "apart", "meet", "first", "second"])
    return table.sort_values(["date", "apart", "indicator"], ascending=[False, False, True], ignore_index=True)


def list_comments(dataset: Dataset, indicator: str, date: pd.Timestamp, coder: str) -> pd.DataFrame:
    """Return what was written about an assessment, oldest first, in the columns of the comments."""
    rows = dataset.comments
    about = (rows["indicator"] == indicator) & (rows["date"] == date) & (rows["coder"] == coder)
    return rows[about].sort_values("recorded", kind="stable")


def list_requests(dataset: Dataset) -> pd.DataFrame:
    """Return the corrections that were asked for and are open, oldest first, in the columns of the comments.

    One is settled once a later row replaces or withdraws the assessment, or a later ruling names its indicator and date.
    """
    asked = dataset.comments[dataset.comments["kind"] == CORRECTION].sort_values("recorded", kind="stable")
    unit = ["indicator", "date", "coder"]
    scored = dataset.assessments.groupby(unit)["recorded"].max()
    ruled = dataset.rulings.groupby(unit[:2])["recorded"].max()
    settled = [
        row["recorded"]
        < max(scored.get(tuple(row[unit]), row["recorded"]), ruled.get(tuple(row[unit[:2]]), row["recorded"]))
        for _, row in asked.iterrows()
    ]
    return asked[~np.array(settled, dtype=bool)]


def count_near(dataset: Dataset, indicator: str, score: float) -> int:
    """Return how many assessments in force of an indicator lie within a point of a score."""
    rows = select_effective(dataset.assessments)
    return int(((rows["indicator"] == indicator) & ((rows["score"] - score).abs() <= 1)).sum())
