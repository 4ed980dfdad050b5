"""What is due from whom: reviews of the newest quarter that has ended and of the next one, and corrections asked for."""

import datetime as dt

import pandas as pd

from indicators.measures.blindness import quarter_ends
from indicators.measures.review import list_requests
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


def list_due(dataset: Dataset, today: dt.date, coder: str = "") -> pd.DataFrame:
    """Return all that is due: the corrections that are asked for and open, oldest first, then the reviews.

    Columns: ``kind`` (correction or review), those of ``list_due_reviews``, and of a correction the ``indicator`` and
    ``date`` of the assessment, the ``author`` who asks and the ``text``. Its ``quarter`` is that of the assessment, its
    ``start`` the day on which it was asked for.
    """
    asked = list_requests(dataset)
    asked = asked[asked["coder"] == coder] if coder else asked
    asked = asked.assign(kind="correction", quarter=quarter_ends(asked["date"]), start=asked["recorded"].dt.normalize())
    reviews = list_due_reviews(dataset, today, coder)
    reviews = reviews.assign(kind="review", indicator="", date=pd.Timestamp("NaT"), author="", text="")
    columns = ["kind", "coder", "quarter", "start", "left", "of", "ended", "indicator", "date", "author", "text"]
    return pd.concat([asked.assign(left=1, of=1, ended=True)[columns], reviews[columns]], ignore_index=True)
