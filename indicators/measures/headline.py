"""The reading in brief: where a line stands now, against a year ago and against its peak."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from indicators.measures.index import band_of
from indicators.measures.outside.monthly import members_of
from indicators.measures.panel import Panel


@dataclass(frozen=True)
class Headline:
    """The newest reading of the index, a dimension or an indicator, and two comparisons.

    ``date`` is the newest assessment's date, ``newest_event`` that of the newest event on record (NaT, and its age NaN,
    for an indicator without one); ``change`` is against ``year_ago`` (the same day a year earlier) and ``None`` where
    there was no reading. ``peak`` is the highest reading so far and ``peak_date`` the first day on which it was
    reached. ``highest_since`` is the last earlier day with a higher reading (``None``: never). ``carried`` is the share
    of the assessments behind the reading whose review is overdue on ``today``.
    """

    id: str
    date: pd.Timestamp
    score: float
    band: str
    year_ago: pd.Timestamp
    year_ago_score: float | None
    peak: float
    peak_date: pd.Timestamp
    newest_event: pd.Timestamp
    highest_since: pd.Timestamp | None
    score_age_days: int
    event_age_days: int
    carried: float

    @property
    def change(self) -> float | None:
        """Points since a year earlier."""
        return None if self.year_ago_score is None else self.score - self.year_ago_score


def read_headline(panel: Panel, id: str, today: dt.date) -> Headline | None:
    """Return the headline of the index, a dimension or an indicator, or nothing where there is no reading."""
    if panel.effective.empty:
        return None
    newest = panel.steps[-1]
    year_ago = newest - pd.DateOffset(years=1)
    # A reading holds until the next step.
    dates = panel.steps.union(pd.DatetimeIndex([year_ago]))
    line = panel.stepped.of(id).reindex(dates, method="ffill")
    if pd.isna(line[newest]):
        return None
    members = members_of(panel.dataset, id)
    now = panel.holdings(pd.DatetimeIndex([max(pd.Timestamp(today), newest)]))
    now = now[now["indicator"].isin(members)]
    events = panel.dataset.events
    own = events.loc[events["indicator"].isin(members), "date"]
    return Headline(
        id=id,
        date=newest,
        score=float(line[newest]),
        band=band_of(float(line[newest])),
        year_ago=year_ago,
        year_ago_score=float(line[year_ago]) if pd.notna(line[year_ago]) else None,
        peak=float(line.max()),
        peak_date=line.index[int(line.argmax())],
        newest_event=own.max(),
        highest_since=_last_day(line.index[line > line[newest] + 1e-9]),
        score_age_days=(pd.Timestamp(today) - newest).days,
        event_age_days=(pd.Timestamp(today) - own.max()).days,
        carried=float(1 - now["fresh"].mean()),
    )


def _last_day(days: pd.Index) -> pd.Timestamp | None:
    return pd.Timestamp(days[-1]) if len(days) else None
