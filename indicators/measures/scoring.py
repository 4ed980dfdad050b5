"""What a coder has to score: the sheet of a quarter, what is due next, and what was scored before."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pandas as pd

from indicators.measures.panel import Panel
from indicators.measures.readings import select_effective
from indicators.records.dataset import Dataset

OPEN, UNCHANGED, CHANGED, SAVED = "open", "unchanged", "changed", "saved"
"""States of a row of the sheet: not scored; scored as before or otherwise; scored for the first time."""

HISTORY = 8
"""Quarters that the history of an indicator shows."""


def own_rows(dataset: Dataset, coder: str) -> pd.DataFrame:
    """Return a coder's assessments in force, oldest first."""
    rows = dataset.assessments
    return select_effective(rows[rows["coder"] == coder]).sort_values(["date", "indicator"], kind="stable")


def list_quarters(dataset: Dataset, today: dt.date) -> list[pd.Timestamp]:
    """Return the last days of the quarters from the oldest event or assessment to that of today, newest first."""
    days = [pd.Timestamp(today), *dataset.assessments["date"], *dataset.events["date"]]
    first, last = quarter_end(min(days)), quarter_end(pd.Timestamp(today))
    return list(pd.date_range(first, last, freq="QE"))[::-1]


def quarter_end(day: pd.Timestamp) -> pd.Timestamp:
    """Return the last day of the quarter of a day."""
    return pd.Timestamp(day).normalize() + pd.offsets.QuarterEnd(0)


def quarter_start(day: pd.Timestamp) -> pd.Timestamp:
    """Return the first day of the quarter of a day."""
    return quarter_end(day) - pd.offsets.QuarterBegin(startingMonth=1)


def choose_quarter(dataset: Dataset, coder: str, today: dt.date) -> pd.Timestamp:
    """Return the newest quarter that has ended and of which the coder has not reviewed every indicator.

    The quarter of today where the newest that has ended is reviewed, or where there is no indicator.
    """
    current = quarter_end(pd.Timestamp(today))
    ended = current if current == pd.Timestamp(today) else quarter_end(quarter_start(current) - pd.Timedelta(days=1))
    return current if has_reviewed(dataset, coder, ended) else ended


def has_reviewed(dataset: Dataset, coder: str, quarter: pd.Timestamp) -> bool:
    """Return whether a coder has reviewed every indicator at the end of a quarter."""
    own = own_rows(dataset, coder)
    return set(dataset.indicators.index) <= set(own.loc[own["date"] == quarter, "indicator"])


def may_see_others(dataset: Dataset, coder: str, day: pd.Timestamp) -> bool:
    """Return whether a coder may see what the others make of the quarter of a day: all who score have reviewed it."""
    quarter = quarter_end(day)
    return all(has_reviewed(dataset, one, quarter) for one in {coder, *dataset.scorers})


def list_sheet(dataset: Dataset, coder: str, quarter: pd.Timestamp, today: dt.date) -> pd.DataFrame:
    """Return the sheet of a quarter for a coder: a row for each indicator, in the codebook's order.

    Columns: ``indicator``, ``dimension``, ``window``; ``last``, ``last_score``, ``last_low``, ``last_high`` (date and
    values of the coder's newest assessment before the quarter's); ``reviewed`` (day of the newest review before it; NaT
    where none); ``new`` (acts about the indicator after that review, else of the quarter, up to its end); ``date``, ``score``, ``low``, ``high`` (the quarter's assessment: that of its last day, or the
    newest where it has not ended; NaT and NaN where none) and ``state`` (``open``, ``unchanged``, ``changed``,
    ``saved``). Without a coder nothing was assessed.
    """
    start = quarter_start(quarter)
    ended = quarter <= pd.Timestamp(today)
    first = quarter if ended else start
    scored: defaultdict[str, list[Any]] = defaultdict(list)
    for own in own_rows(dataset, coder).itertuples():
        scored[str(own.indicator)].append(own)
    told: defaultdict[str, list[tuple[pd.Timestamp, str]]] = defaultdict(list)
    for event, indicator, day in dataset.events[["indicator", "date"]].itertuples():
        told[str(indicator)].append((day, dataset.act_of[str(event)]))
    rows = []
    for indicator, book in dataset.indicators.iterrows():
        now = [own for own in scored[str(indicator)] if first <= own.date <= quarter]
        before = [own for own in scored[str(indicator)] if own.date < first]
        reviewed = max((own.date for own in before if own.date.is_quarter_end), default=pd.NaT)
        since = start if pd.isna(reviewed) else reviewed + pd.Timedelta(days=1)
        row = {"indicator": indicator, "dimension": book["dimension"], "window": book["window"]}
        row |= _values(before, "last", "last_")
        row["reviewed"] = reviewed
        row["new"] = len({act for day, act in told[str(indicator)] if since <= day <= quarter})
        row |= _values(now, "date", "")
        rows.append(row | {"state": _tell_state(row)})
    return pd.DataFrame(rows)


def _values(rows: list[Any], date: str, prefix: str) -> dict[str, object]:
    """The date and values of the newest of some assessments."""
    names = ("score", "low", "high")
    newest = rows[-1] if rows else None
    values = {f"{prefix}{name}": float("nan") if newest is None else float(getattr(newest, name)) for name in names}
    return {date: pd.NaT if newest is None else newest.date, **values}


def _tell_state(row: dict[str, Any]) -> str:
    if pd.isna(row["score"]):
        return OPEN
    if pd.isna(row["last_score"]):
        return SAVED
    return UNCHANGED if row["score"] == row["last_score"] else CHANGED


def list_events(dataset: Dataset, indicator: str, quarter: pd.Timestamp) -> pd.DataFrame:
    """Return the events of a quarter about an indicator, oldest first."""
    events = dataset.events
    within = events["date"].between(quarter_start(quarter), quarter)
    return events[within & (events["indicator"] == indicator)].sort_values("date", kind="stable")


def list_citable(dataset: Dataset, indicator: str, quarter: pd.Timestamp) -> pd.DataFrame:
    """Return the other events up to a quarter's end that an assessment may cite: its own first, then the newest."""
    events = dataset.events
    members = dataset.indicators_of(dataset.text(indicator, "dimension"))
    near = events[events["indicator"].isin(members) & (events["date"] <= quarter)]
    near = near.drop(index=list_events(dataset, indicator, quarter).index)
    order = near.assign(other=near["indicator"] != indicator).sort_values(
        ["other", "date"], ascending=[True, False], kind="stable"
    )
    return order.drop(columns="other")


def list_others(dataset: Dataset, coder: str, indicator: str, quarter: pd.Timestamp) -> pd.DataFrame:
    """Return what other coders have scored for an indicator at a quarter's end, as far as the coder's dataset shows it."""
    rows = dataset.assessments
    same = rows[(rows["coder"] != coder) & (rows["indicator"] == indicator) & (rows["date"] == quarter)]
    return select_effective(same)


def list_history(dataset: Dataset, coder: str, indicator: str, quarter: pd.Timestamp) -> pd.DataFrame:
    """Return a coder's assessments of an indicator in the eight quarters before a quarter's own, newest first.

    Of a quarter that was reviewed the review, else its newest assessment.
    """
    own = own_rows(dataset, coder)
    own = own[(own["indicator"] == indicator) & (own["date"] < quarter_start(quarter))]
    newest = own.groupby(own["date"].map(quarter_end)).tail(1)
    return newest.iloc[::-1].head(HISTORY)


@dataclass(frozen=True)
class Due:
    """What is to be scored next: the indicator, its new events since it was reviewed (nothing: never)."""

    indicator: str
    new: int
    reviewed: pd.Timestamp | None
    skipped: bool = False


def list_due(sheet: pd.DataFrame, skipped: Collection[str] = ()) -> list[Due]:
    """Return what is left of a sheet: most new events first, then what was reviewed longest ago; skipped rows at the end."""
    columns = (sheet[name] for name in ("indicator", "state", "new", "reviewed"))
    left = [
        Due(indicator, new, None if pd.isna(reviewed) else reviewed, indicator in skipped)
        for indicator, state, new, reviewed in zip(*columns, strict=True)
        if state == OPEN
    ]
    # Never reviewed counts as longest ago.
    return sorted(left, key=lambda due: (due.skipped, -due.new, due.reviewed or pd.Timestamp.min))


def last_saved(dataset: Dataset, coder: str) -> pd.Series | None:
    """Return the row that a coder recorded last, if there is one."""
    rows = dataset.assessments[dataset.assessments["coder"] == coder]
    return None if rows.empty else rows.sort_values("recorded", kind="stable").iloc[-1]


def find_before(dataset: Dataset, row: pd.Series) -> pd.Series | None:
    """Return the row that a row replaced: the one recorded before it for the same indicator, coder and date."""
    rows = dataset.assessments
    same = rows[
        (rows["indicator"] == row["indicator"]) & (rows["coder"] == row["coder"]) & (rows["date"] == row["date"])
    ]
    earlier = same[same["recorded"] < row["recorded"]].sort_values("recorded", kind="stable")
    return None if earlier.empty else earlier.iloc[-1]


@dataclass(frozen=True)
class Effect:
    """What a save changed: the coder's score of the indicator, and points by which its dimension and the index moved.

    ``now`` is NaN after a withdrawal, the others where there was or is none. ``own``: the readings are of this coder's scores alone, since others still score.
    """

    was: float
    now: float
    dimension: float
    index: float
    own: bool


def measure_effect(
    before: Dataset, after: Dataset, coder: str, indicator: str, date: pd.Timestamp, own: bool
) -> Effect:
    """Return what a coder's newest row of an indicator and date changed on that date; ``own``: by this coder's scores alone."""
    dimension = after.text(indicator, "dimension")
    read = [
        Panel(dataset, coder=coder if own else None).composite(pd.DatetimeIndex([date])).table.iloc[0]
        for dataset in (before, after)
    ]
    moved = {id: float(read[1][id] - read[0][id]) for id in (dimension, "index")}
    past, present = own_rows(before, coder), own_rows(after, coder)
    past = past[(past["indicator"] == indicator) & (past["date"] <= date)]
    present = present[(present["indicator"] == indicator) & (present["date"] == date)]
    values = [float(rows["score"].iloc[-1]) if len(rows) else float("nan") for rows in (past, present)]
    return Effect(values[0], values[1], moved[dimension], moved["index"], own)
