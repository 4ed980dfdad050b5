"""The reading in brief: the newest settled quarter, against the one before, a year before and its highest ones."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from indicators.measures.index import band_of
from indicators.measures.panel import Panel
from indicators.measures.quarters import members_of, read_settled

NEAR_HIGHEST = 0.1
"""Points below the highest settled quarter within which others are named with it."""


@dataclass(frozen=True)
class Headline:
    """The newest settled quarter of the index, a dimension or an indicator, and what it is compared with.

    ``date`` is the quarter's last day; ``quarter_ago`` and ``year_ago`` are those of the quarter before and of the same
    quarter a year earlier, their scores ``None`` where those are not settled. ``peak`` is the highest reading of the
    settled quarters, ``highest`` the quarters within ``NEAR_HIGHEST`` of it, oldest first. ``highest_since`` is the last
    earlier settled quarter with a higher reading (``None``: none). ``newest_event`` is the day of the newest event on
    record (NaT, and its age NaN, without one), ``newest_score`` that of the newest assessment; ages are days up to
    ``today``. ``due`` is the last day of the next quarter to review, and ``carried`` how many quarters have ended since
    without a review.
    """

    id: str
    date: pd.Timestamp
    score: float
    band: str
    quarter_ago: pd.Timestamp
    quarter_ago_score: float | None
    year_ago: pd.Timestamp
    year_ago_score: float | None
    peak: float
    highest: tuple[pd.Timestamp, ...]
    highest_since: pd.Timestamp | None
    newest_event: pd.Timestamp
    newest_score: pd.Timestamp
    score_age_days: int
    event_age_days: int
    due: pd.Timestamp
    carried: int

    @property
    def change(self) -> float | None:
        """Points since a year earlier."""
        return None if self.year_ago_score is None else self.score - self.year_ago_score

    @property
    def compared(self) -> pd.Timestamp | None:
        """The end of the quarter that causes are told against: the one before, else the year-earlier one, if settled."""
        if self.quarter_ago_score is not None:
            return self.quarter_ago
        return None if self.year_ago_score is None else self.year_ago

    @property
    def quarter_change(self) -> float | None:
        """Points since the quarter before."""
        return None if self.quarter_ago_score is None else self.score - self.quarter_ago_score


def read_headline(panel: Panel, id: str, today: dt.date) -> Headline | None:
    """Return the headline of the index, a dimension or an indicator, or nothing where no quarter is settled."""
    if panel.effective.empty:
        return None
    line = read_settled(panel)[id].dropna()
    if line.empty:
        return None
    newest = pd.Timestamp(line.index[-1])
    score = float(line.iloc[-1])
    members = members_of(panel, id)
    events, rows = panel.dataset.events, panel.effective
    newest_event = events.loc[events["indicator"].isin(members), "date"].max()
    newest_score = rows.loc[rows["indicator"].isin(members), "date"].max()
    earlier = {"quarter": newest - pd.offsets.QuarterEnd(), "year": newest - pd.offsets.QuarterEnd(4)}
    scores = {name: float(line[day]) if day in line.index else None for name, day in earlier.items()}
    now = pd.Timestamp(today)
    due = newest + pd.offsets.QuarterEnd()
    higher = line.index[line > score + 1e-9]
    return Headline(
        id=id,
        date=newest,
        score=score,
        band=band_of(score),
        quarter_ago=earlier["quarter"],
        quarter_ago_score=scores["quarter"],
        year_ago=earlier["year"],
        year_ago_score=scores["year"],
        peak=float(line.max()),
        highest=tuple(line.index[line >= line.max() - NEAR_HIGHEST - 1e-9]),
        highest_since=pd.Timestamp(higher[-1]) if len(higher) else None,
        newest_event=newest_event,
        newest_score=newest_score,
        score_age_days=(now - newest_score).days,
        event_age_days=(now - newest_event).days,
        due=due,
        carried=len(pd.date_range(due, now, freq="QE")),
    )
