"""What changed in the data since an earlier moment: rows, the newest settled quarter, verdicts."""

from dataclasses import dataclass, replace

import pandas as pd

from indicators.measures.headline import Headline, read_headline
from indicators.measures.narrative.claims import judge_claims
from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset

_KEYS = ["indicator", "coder", "date"]


@dataclass(frozen=True)
class Since:
    """What was recorded after a moment, and the index and verdicts of then and now.

    ``new`` counts assessments that are the first of their indicator, coder and date, ``corrected`` rows that replace or
    withdraw one. ``then`` and ``now`` are the headlines of the index (None without a settled quarter); ``verdicts`` the
    ids of the claims whose verdict is another one.
    """

    new: int
    corrected: int
    then: Headline | None
    now: Headline | None
    verdicts: tuple[str, ...]


def find_moment(dataset: Dataset, seen: pd.Timestamp) -> pd.Timestamp | None:
    """Return when the newest row that was there at a moment was recorded; None where there was none, or is none newer.

    However many moments are asked for, there are no more answers than rows.
    """
    recorded = dataset.assessments["recorded"]
    before = recorded[recorded <= seen]
    if before.empty or len(before) == len(recorded):
        return None
    return pd.Timestamp(before.max())


def measure_since(dataset: Dataset, moment: pd.Timestamp) -> Since:
    """Return what changed in the data after a moment, as published."""
    rows = dataset.assessments
    later = rows["recorded"] > moment
    ordered = rows.sort_values([*_KEYS, "recorded"], kind="stable")
    corrects = ordered.duplicated(_KEYS, keep="first").reindex(rows.index)
    earlier = replace(
        dataset, assessments=rows[~later].reset_index(drop=True), digest=f"{dataset.digest}@{moment:%Y%m%dT%H%M%S}"
    )
    today = rows["recorded"].max().date()
    panels = Panel(earlier), Panel(dataset)
    then, now = (read_headline(panel, "index", today) for panel in panels)
    was, is_ = (judge_claims(panel).set_index("claim")["verdict"] for panel in panels)
    return Since(
        int((later & ~corrects).sum()),
        int((later & corrects).sum()),
        then,
        now,
        tuple(str(claim) for claim in is_.index if is_[claim] != was[claim]),
    )
