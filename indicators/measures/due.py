"""Which reviews are due from whom: the newest quarter that has ended, as far as it was not reviewed, and the next one."""

import datetime as dt

import pandas as pd

from indicators.measures.blindness import quarter_ends
from indicators.records.dataset import Dataset

SCORED_LATELY = 2
"""Quarters before the newest that has ended in which somebody must have scored to be reminded still."""


def list_due_reviews(dataset: Dataset, today: dt.date, coder: str = "") -> pd.DataFrame:
    """Return the reviews that are due, soonest first; those of one coder, where that is given.

    Columns: ``coder``; ``quarter`` (its last day); ``start`` (day from which it can be reviewed); ``left`` and ``of``
    (indicators to review still, and all); ``ended``. Who has not scored lately is asked for nothing, unless named.
    """
    rows = dataset.assessments
    of = len(dataset.indicators)
    current = pd.Timestamp(today) + pd.offsets.QuarterEnd(0)
    quarters = [current - pd.offsets.QuarterEnd(1), current]
    since = quarters[0] - pd.offsets.QuarterEnd(SCORED_LATELY)
    lately = {*rows.loc[quarter_ends(rows["date"]) >= since, "coder"]}
    found = []
    for one in dataset.people:
        if one != coder and (coder or one not in lately):
            continue
        own = rows[rows["coder"] == one]
        for quarter in quarters:
            left = of - own.loc[own["date"] == quarter, "indicator"].nunique()
            start = quarter + pd.Timedelta(days=1)
            found.append((one, quarter, start, left, of, quarter < pd.Timestamp(today)))
    table = pd.DataFrame(found, columns=["coder", "quarter", "start", "left", "of", "ended"])
    return table[table["left"] > 0].sort_values(["quarter", "coder"], ignore_index=True)
