"""What a vintage knows of some coders' scores, before any weight: the rows in force, and what they say from day to day."""

import datetime as dt
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from threading import RLock
from typing import Any, TypeVar

import pandas as pd
from cachetools import LRUCache, cached

from indicators.measures.readings import (
    Line,
    draw_line,
    hold_assessments,
    reading_dates,
    select_effective,
    select_recorded,
    step_dates,
)
from indicators.measures.uncertainty.widening import measure_widening, widen_ranges
from indicators.records.dataset import Dataset

Found = TypeVar("Found")

KEPT_SCORES = 8
"""Vintages and coders of which the scores are kept for the panels that share them."""

KEPT = 32
"""Sets of dates for which what holds is kept with each; a page asks for some twenty."""

DRAWN = 4
"""Sets of draws that are kept with each; see ``keep_drawn``."""

FEW, MANY = 32, 400
"""Dates up to which holdings, and readings, which are smaller, are kept: daily ones over years would take megabytes each."""


@dataclass(frozen=True, eq=False)
class Scores:
    """The assessments that a vintage knows of one coder, or of all; ``as_recorded`` as of a panel.

    Panels that differ in weights, mean or doubt alone share them, see ``find_scores``.
    """

    dataset: Dataset
    as_of: dt.date | None
    coder: str | None
    as_recorded: bool
    _kept: LRUCache[Hashable, Any] = field(default_factory=lambda: LRUCache(KEPT))
    _drawn: LRUCache[Hashable, Any] = field(default_factory=lambda: LRUCache(DRAWN))
    _lock: RLock = field(default_factory=RLock)

    @property
    def recorded(self) -> pd.DataFrame:
        """The rows that the vintage and the coder know, replaced and withdrawn ones among them."""
        rows = self.dataset.assessments
        return select_recorded(rows if self.coder is None else rows[rows["coder"] == self.coder], self.as_of)

    @cached_property
    def effective(self) -> pd.DataFrame:
        """The assessments in force."""
        return select_effective(self.recorded)

    @cached_property
    def steps(self) -> pd.DatetimeIndex:
        """Every date on which something was assessed."""
        return step_dates(self.effective)

    @cached_property
    def line(self) -> Line:
        """What each coder's scores make of each indicator from day to day."""
        return draw_line(self.effective, self.as_recorded)

    @cached_property
    def widening(self) -> pd.DataFrame:
        """Points by which a range widens for each missed review, by quarter-end and indicator."""
        return measure_widening(self.line, self.dataset.indicators.index)

    def hold(self, dates: pd.DatetimeIndex) -> pd.DataFrame:
        """Return ``hold_assessments`` on some dates; shared, so not to be altered."""
        return self._keep("hold", dates, FEW, lambda: hold_assessments(self.line, dates))

    def hold_widened(self, dates: pd.DatetimeIndex) -> pd.DataFrame:
        """Return what holds on some dates, with ranges widened where a review was missed; shared, so not to be altered."""
        held = self.hold(dates)
        # Few dates lie beyond a missed review, and experience takes longer to measure than all the rest.
        missed = bool((held["missed"] > 0).any())
        return self._keep("widened", dates, FEW, lambda: widen_ranges(held, self.widening if missed else None))

    def read(self, dates: pd.DatetimeIndex) -> pd.DataFrame:
        """Return the reading of each indicator, the mean over coders: a row for each date; shared, so not to be altered."""
        return self._keep("read", dates, MANY, lambda: average_coders(self.hold(dates), dates))

    def read_fresh(self, dates: pd.DatetimeIndex) -> pd.DataFrame:
        """Return for each indicator the share of its coders who reviewed it in the date's quarter; as ``read``."""
        return self._keep("fresh", dates, MANY, lambda: average_coders(self.hold(dates), dates, "fresh"))

    @cached_property
    def reviewed(self) -> pd.DataFrame:
        """Whether any coder reviewed an indicator (column) in the quarter that ends on a day (row): 1 or 0.

        From the quarter of the first assessment to that of the newest.
        """
        rows = self.effective
        done = rows.loc[rows["date"].dt.is_quarter_end, ["date", "indicator"]].drop_duplicates()
        own: pd.DataFrame = done.assign(done=1.0).pivot(index="date", columns="indicator", values="done")
        return own.reindex(index=reading_dates(rows, "quarter")).fillna(0.0).astype(float)

    def _keep(self, name: str, dates: pd.DatetimeIndex, most: int, compute: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        return compute() if len(dates) > most else self._look_up(self._kept, (name, *key_of(dates)), compute)

    def keep_drawn(self, key: Hashable, compute: Callable[[], Found]) -> Found:
        """Return random numbers that no weight changes, computed unless they are among the newest kept."""
        return self._look_up(self._drawn, key, compute)

    def _look_up(self, kept: LRUCache[Hashable, Any], key: Hashable, compute: Callable[[], Found]) -> Found:
        with self._lock:
            found: Found | None = kept.get(key)
        if found is None:
            found = compute()
            with self._lock:
                kept[key] = found
        return found


def key_of(dates: pd.DatetimeIndex) -> tuple[str, bytes]:
    """Return what tells some dates from others, in their order and unit."""
    return str(dates.dtype), dates.to_numpy().tobytes()


def average_coders(holdings: pd.DataFrame, dates: pd.Index, column: str = "score") -> pd.DataFrame:
    """Return the mean over coders of a column of some holdings: a row for each of ``dates``, a column for each indicator."""
    # The mean alone, as ``read_indicators`` gives it: its other columns take most of the time.
    return holdings.groupby(["date", "indicator"])[column].mean().unstack().reindex(dates).astype(float)


@cached(LRUCache(KEPT_SCORES), key=lambda dataset, *seen: (id(dataset), *seen), lock=RLock())
def find_scores(dataset: Dataset, as_of: dt.date | None, coder: str | None, as_recorded: bool) -> Scores:
    """Return the scores of a dataset under a vintage and a choice of coders, the same object for all who ask."""
    # It holds the dataset, so that no other can have the same id as long as it is kept.
    return Scores(dataset, as_of, coder, as_recorded)
