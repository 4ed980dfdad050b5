"""What a submission would change: readings before and after, and claims whose verdict would turn."""

from dataclasses import dataclass, replace

import pandas as pd

from indicators.measures.narrative.claims import judge_claims
from indicators.measures.panel import Panel
from indicators.measures.quarters import read_settled
from indicators.records.dataset import Dataset

TOLERANCE = 1e-9
"""Points within which two readings are the same."""


@dataclass(frozen=True)
class Preview:
    """The effect of some new rows.

    ``readings`` has ``id``, ``date``, ``before``, ``after`` for the scored indicators, their dimensions and the index,
    on each row's date and on the newest date; ``claims`` has ``claim``, ``text``, ``before``, ``after`` for those whose
    verdict would change.
    """

    readings: pd.DataFrame
    claims: pd.DataFrame


def compare_settled(before: Dataset, after: Dataset) -> pd.DataFrame:
    """Return the readings of settled quarters, as published, that differ between two versions of the data, newest first.

    Columns: ``quarter`` (last day), ``id`` (index or dimension), ``before``, ``after``; blank where the quarter is not
    settled or the reading rests on too little.
    """
    one, other = (read_settled(Panel(dataset)) for dataset in (before, after))
    ids = ["index", *after.dimensions.index]
    days = one.index.union(other.index)
    old, new = (table.reindex(index=days, columns=ids) for table in (one, other))
    same = ((old - new).abs() <= TOLERANCE) | (old.isna() & new.isna())
    found = [(day, id, old.at[day, id], new.at[day, id]) for day in days[::-1] for id in ids if not same.at[day, id]]
    return pd.DataFrame(found, columns=["quarter", "id", "before", "after"])


def preview_rows(panel: Panel, rows: pd.DataFrame, verdicts: pd.DataFrame) -> Preview:
    """Return what some assessments would change.

    ``rows`` has the columns of the assessments table, with dates as timestamps and numbers as such; ``verdicts`` are
    the claims as judged now.
    """
    dataset = panel.dataset
    grown = pd.concat([dataset.assessments, rows], ignore_index=True)
    # Another digest: nothing computed for the old rows may be taken for the new ones.
    after = replace(panel, dataset=replace(dataset, assessments=grown, digest=f"{dataset.digest}+preview"), as_of=None)
    indicators = list(dict.fromkeys(rows["indicator"]))
    dimensions = list(dict.fromkeys(dataset.indicators.loc[indicators, "dimension"]))
    newest = max(after.steps[-1], panel.steps[-1]) if len(panel.steps) else after.steps[-1]
    dates = pd.DatetimeIndex(rows["date"].unique()).union(pd.DatetimeIndex([newest]))
    composites = {"before": panel.composite(dates), "after": after.composite(dates)}
    table = [
        {
            "id": id,
            "date": date,
            **{name: composite.of(id).at[date] for name, composite in composites.items()},
        }
        for id in [*indicators, *dimensions, "index"]
        for date in dates
    ]
    judged = judge_claims(after).set_index("claim")
    was = verdicts.set_index("claim")
    turned = judged.index[judged["verdict"] != was["verdict"].reindex(judged.index)].tolist()
    claims = pd.DataFrame(
        {
            "claim": turned,
            "text": [was.at[claim, "text"] for claim in turned],
            "before": [was.at[claim, "verdict"] for claim in turned],
            "after": [judged.at[claim, "verdict"] for claim in turned],
        }
    )
    return Preview(pd.DataFrame(table), claims)
