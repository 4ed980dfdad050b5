"""Quarters: which were reviewed, passed over or have not ended, and what has been assessed since the last review.

Headline, moves, claims, projections, questions and comparisons with outside series use settled quarters.
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from indicators.measures.panel import Panel, once_per_panel
from indicators.measures.readings import count_begun, count_ended
from indicators.records.dataset import Dataset, split_ids

SETTLED, CARRIED, OPEN = "settled", "carried", "open"
STATES = (SETTLED, CARRIED, OPEN)

SETTLED_COVERAGE = 0.75
"""Share of a subject's weight that must be reviewed for its quarter to be settled."""

NEVER = -(10**9)

CITED, UNCITED, QUIET, NOT_LOOKED = "cited", "not cited", "quiet", "not looked"
"""What an assessment says of its quarter: it cites an event of it; there are some, and it cites none; a search found none;
nobody has searched to its day."""


@once_per_panel
def share_reviewed(panel: Panel) -> pd.DataFrame:
    """Return the share of the weight that was reviewed, 0 to 1: a row for each quarter-end, a column for each id.

    From the quarter of the first assessment to that of the newest. An indicator counts as reviewed where any coder of
    the panel reviewed it.
    """
    weights = panel.weights
    ids = ["index", *weights.dimensions.index, *weights.indicators.index]
    own = panel.scores.reviewed.reindex(columns=weights.indicators.index, fill_value=0.0)
    table: pd.DataFrame = own.copy()
    for dimension in weights.dimensions.index:
        within = weights.indicators[weights.members(dimension)]
        table[dimension] = own[within.index].mul(within, axis=1).sum(axis=1) / (within.sum() or np.nan)
    across = weights.dimensions / weights.dimensions.sum()
    table["index"] = table[across.index].mul(across, axis=1).sum(axis=1)
    return table.reindex(columns=ids)


def list_settled(share: pd.Series) -> pd.DatetimeIndex:
    """Return the quarter-ends at which enough of the weight was reviewed, by a column of ``share_reviewed``."""
    return pd.DatetimeIndex(share.index[share >= SETTLED_COVERAGE - 1e-9])


def settled_quarters(panel: Panel, id: str) -> pd.DatetimeIndex:
    """Return the ends of the settled quarters of an id: those in which enough of its weight was reviewed."""
    return list_settled(share_reviewed(panel)[id])


@once_per_panel
def read_settled(panel: Panel) -> pd.DataFrame:
    """Return the readings at quarter-ends, a column for each id; blank (NaN) where its quarter is not settled."""
    share = share_reviewed(panel)
    return panel.composite(pd.DatetimeIndex(share.index)).table[share.columns].where(share >= SETTLED_COVERAGE - 1e-9)


def tell_states(settled: pd.DatetimeIndex, dates: pd.DatetimeIndex) -> list[str]:
    """Return for each date whether its quarter is settled, carried or open.

    *Settled*: its own quarter was reviewed. *Open*: no quarter has ended without a review since the last settled one,
    and none was settled later. *Carried*: every other, that is, a quarter that was passed over.
    """
    ends = count_ended(settled.to_numpy("datetime64[D]"))
    days = dates.to_numpy("datetime64[D]")
    own = count_begun(days)
    place = np.searchsorted(ends, own)
    exact = (place < len(ends)) & (np.append(ends, NEVER)[place] == own)
    later = place < len(ends)
    last = np.where(place > 0, np.append(ends, NEVER)[place - 1], NEVER)
    waits = ~later & (last != NEVER) & (count_ended(days) == last)
    return [str(state) for state in np.select([exact, waits], [SETTLED, OPEN], CARRIED)]


@dataclass(frozen=True)
class Since:
    """What has been assessed since the last settled quarter: numbers of indicators, by the direction of their scores.

    ``quarter`` is the last day of the settled one; ``rows`` the assessments since, newest first, with ``was`` (the
    coder's line before).
    """

    quarter: pd.Timestamp
    up: int
    down: int
    same: int
    untouched: int
    rows: pd.DataFrame


def assessed_since(panel: Panel, id: str = "index") -> Since | None:
    """Return what has been assessed of a subject since its last settled quarter; nothing where none is settled."""
    settled = settled_quarters(panel, id)
    if not len(settled):
        return None
    members = members_of(panel, id)
    quarter = settled[-1]
    rows = panel.effective
    rows = rows[(rows["date"] > quarter) & rows["indicator"].isin(members)]
    held = panel.holdings(pd.DatetimeIndex([quarter])).set_index(["indicator", "coder"])["score"]
    keys = pd.MultiIndex.from_frame(rows[["indicator", "coder"]])
    rows = rows.assign(was=held.reindex(keys).to_numpy(float))
    last = rows.sort_values("date", kind="stable").groupby(["indicator", "coder"]).tail(1)
    moved = (last["score"] - last["was"]).groupby(last["indicator"]).mean().dropna()
    up, down = int((moved > 0).sum()), int((moved < 0).sum())
    touched = rows["indicator"].nunique()
    return Since(
        quarter=quarter,
        up=up,
        down=down,
        same=touched - up - down,
        untouched=len(members) - touched,
        rows=rows.sort_values(["date", "indicator", "coder"], ascending=[False, True, True], kind="stable"),
    )


def members_of(panel: Panel, id: str) -> list[str]:
    """Return the indicators of a subject: all for the index, a dimension's own, an indicator itself."""
    if id == "index":
        return [str(i) for i in panel.weights.indicators.index]
    return panel.weights.members(id) if id in panel.weights.dimensions.index else [id]


def list_reviews(panel: Panel, today: dt.date) -> pd.DataFrame:
    """Return, for each indicator and coder, what was assessed last and which quarter is to be reviewed next.

    Columns: ``indicator``, ``coder``, ``assessments`` (their number), ``newest`` (day of the newest one), ``reviewed``
    (last day of the newest quarter with a review; NaT where none), ``age_days`` (from ``newest`` to ``today``), ``due``
    (last day of the first quarter after it; of the newest assessment's own where none was reviewed) and ``fresh``
    (whether that quarter has not ended).
    """
    rows = panel.effective
    grouped = rows.groupby(["indicator", "coder"], sort=False)["date"]
    table = grouped.agg(assessments="size", newest="max").reset_index()
    reviews = rows[rows["date"].dt.is_quarter_end].groupby(["indicator", "coder"])["date"].max().rename("reviewed")
    table = table.merge(reviews, "left", ["indicator", "coder"])
    table["age_days"] = (pd.Timestamp(today) - table["newest"]).dt.days
    after = table["reviewed"] + pd.Timedelta(days=1)
    table["due"] = after.fillna(table["newest"]) + pd.offsets.QuarterEnd(0)
    table["fresh"] = table["due"] >= pd.Timestamp(today)
    return table[["indicator", "coder", "assessments", "newest", "reviewed", "age_days", "due", "fresh"]]


def tell_evidence(dataset: Dataset, indicator: str, date: pd.Timestamp, events: str) -> str:
    """Return on what an assessment of a day rests: one of ``CITED``, ``UNCITED``, ``QUIET`` and ``NOT_LOOKED``.

    ``events`` are the ids that it cites, separated by semicolons. Quiet is a quarter without any event on record that
    was searched from its first day to the assessment's; without such a search, nothing is known of it.
    """
    day = pd.Timestamp(date)
    known = [dataset.event_rows[id]["date"] for id in split_ids(events) if id in dataset.event_rows]
    if any((date.year, date.quarter) == (day.year, day.quarter) for date in known):
        return CITED
    start = day.to_period("Q").start_time
    own = dataset.events.loc[dataset.events["indicator"] == indicator, "date"]
    if own.between(start, day).any():
        return UNCITED
    until = searched_until(dataset, indicator, start)
    return QUIET if until is not None and until >= day else NOT_LOOKED


def searched_until(dataset: Dataset, indicator: str, start: pd.Timestamp) -> pd.Timestamp | None:
    """Return the day up to which an indicator's events were searched without a gap from a day on; nothing where not at all."""
    looked = dataset.looked
    own = looked[looked["indicator"] == indicator].sort_values("start")
    until: pd.Timestamp | None = None
    for first, last in zip(own["start"], own["end"], strict=True):
        if first > (start if until is None else until + pd.Timedelta(days=1)):
            break
        if last >= start and (until is None or last > until):
            until = pd.Timestamp(last)
    return until
