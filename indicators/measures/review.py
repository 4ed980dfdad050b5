"""Where coders differ by more than their ranges allow for, and what has been ruled on it."""

from itertools import combinations

import pandas as pd

from indicators.measures.readings import select_effective
from indicators.records.dataset import Dataset

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
