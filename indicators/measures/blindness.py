"""Which rows a reader may see while a quarter is being scored: the one rule, for pages, downloads, addresses and files.

Coders score apart from each other: until a quarter's coders have reviewed it, each sees the own rows of it alone, and no
reading that the others' rows went into. Where the topic says ``embargo``, nobody else sees any of them either, until
the quarter is reviewed, or released by ``released``.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from indicators.records.csvfile import sift_lines
from indicators.records.dataset import Dataset
from indicators.records.tables.core import COMMENTS_FILE, RULINGS_FILE
from indicators.records.tables.outlook import FORECASTS_FILE, RULES

TABLES = {FORECASTS_FILE: "forecasts", COMMENTS_FILE: "comments", RULINGS_FILE: "rulings"}
"""Files beside the scores that may tell of them, with the table of the dataset that each one is."""

PUBLIC = ""
"""The reader who is no coder."""


@dataclass(frozen=True)
class Blindness:
    """What one reader may not see of a dataset: rows of other coders in the quarters that are ``hidden`` (last days)."""

    reader: str
    hidden: tuple[pd.Timestamp, ...]

    @cached_property
    def _ends(self) -> frozenset[pd.Timestamp]:
        return frozenset(self.hidden)

    def hides(self, coders: pd.Series, dates: pd.Series) -> pd.Series:
        """Return for each row, by coder and date, whether it is hidden."""
        return (coders != self.reader) & quarter_ends(dates).isin(self._ends)

    def see(self, dataset: Dataset) -> Dataset:
        """Return the dataset without the hidden rows; the same one where none is hidden.

        Forecasts of a rule are hidden with the readings that they were made from, comments with the assessments that
        they speak of, rulings with the scores that they settle.
        """
        rows, forecasts = dataset.assessments, dataset.forecasts
        scores = self.hides(rows["coder"], rows["date"])
        further = {
            FORECASTS_FILE: forecasts["coder"].isin(RULES) & self.hides(forecasts["coder"], forecasts["date"]),
            COMMENTS_FILE: self.hides(dataset.comments["coder"], dataset.comments["date"]),
            RULINGS_FILE: self.hides(dataset.rulings["coder"], dataset.rulings["date"]),
        }
        if not scores.any() and not any(hidden.any() for hidden in further.values()):
            return dataset
        seen = rows[~scores].reset_index(drop=True)
        kept = {
            name: getattr(dataset, TABLES[name])[~hidden].reset_index(drop=True) for name, hidden in further.items()
        }
        left = seen["file"].value_counts()
        counts = {
            name: int(left.get(name, 0)) if name.startswith("scores/") else len(kept[name]) if name in kept else n
            for name, n in dataset.files.items()
        }
        mark = f"{dataset.digest}+{self.reader or 'public'}"
        tables = {TABLES[name]: table for name, table in kept.items()}
        return replace(dataset, assessments=seen, files=counts, digest=mark, **tables)

    def see_file(self, name: str, content: bytes) -> bytes:
        """Return a file of the folder without the hidden rows; a table that cannot be read is not shown at all.

        A file that changes while it is asked for is judged by what it holds then, not by lines noted before.
        """
        scores = name.startswith("scores/")
        if not self.hidden or not (scores or name in TABLES):
            return content

        def keep(row: Mapping[str, str]) -> bool:
            day = pd.to_datetime(row.get("date", ""), format="%Y-%m-%d", errors="coerce")
            if name == FORECASTS_FILE and row.get("coder") not in RULES:
                return True
            known = "coder" in row and not pd.isna(day)
            return known and not (row["coder"] != self.reader and day + pd.offsets.QuarterEnd(0) in self._ends)

        return sift_lines(content, keep)


def find_blindness(dataset: Dataset, reader: str, today: dt.date) -> Blindness:
    """Return what a reader may not see: a coder's id, or ``PUBLIC`` for everybody else.

    A quarter is closed once each of its coders has reviewed every indicator that anybody had assessed by then, and with it
    every quarter before, which some may have passed over; what is withdrawn later opens nothing again. Its coders are
    those who scored before it and in it or in the quarter before it; where there are none, those who scored in it: so
    somebody who joins does not open again what was closed, but sees the quarter of their first scores (or the newest
    that has ended) once they have reviewed it. A lead who does not score sees everything.
    """
    topic, rows = dataset.topic, dataset.assessments
    everybody = reader not in dataset.people
    ends = quarter_ends(rows["date"])
    starts = ends.groupby(rows["coder"]).min()
    leads = reader == topic.lead != PUBLIC and reader not in starts.index
    if leads or (everybody and not topic.embargo):
        return Blindness(reader, ())
    reviewed = _list_reviewed(rows, ends)
    newest_ended = (pd.Timestamp(today).to_period("Q") - 1).end_time.normalize()
    mine = newest_ended if reader not in starts.index else starts[reader]
    scored = {pd.Timestamp(end): {*coders} for end, coders in rows["coder"].groupby(ends)}
    past, first = sorted(scored), {str(coder): pd.Timestamp(end) for coder, end in starts.items()}
    closed = [end for end in past if all((coder, end) in reviewed for coder in _coders_of(end, scored, first))]
    last = max([*closed, *([topic.released] if topic.released is not None else [])], default=None)
    hidden = [end for end in past if last is None or end > last]
    # Who has scored before is one of the quarters' coders, or has stopped and reads as others do.
    joins = not everybody and mine in past and (reader, mine) not in reviewed
    if joins and mine not in hidden and (topic.released is None or mine > topic.released):
        hidden = [end for end in past if end >= mine] if reader not in starts.index else [mine, *hidden]
    return Blindness(reader, tuple(hidden))


def quarter_ends(dates: pd.Series) -> pd.Series:
    """Return the last day of the quarter of each date."""
    return dates + pd.offsets.QuarterEnd(0)


def _list_reviewed(rows: pd.DataFrame, ends: pd.Series) -> set[tuple[str, pd.Timestamp]]:
    """Coders and ends of the quarters that they have reviewed: every indicator that had an assessment by then."""
    first = ends.groupby(rows["indicator"]).min().sort_values().to_numpy()
    counts = rows[rows["date"] == ends].groupby(["coder", "date"])["indicator"].nunique()
    needed = np.searchsorted(first, counts.index.get_level_values("date").to_numpy(), side="right")
    return {(str(coder), pd.Timestamp(end)) for coder, end in counts.index[counts.to_numpy() >= needed]}


def _coders_of(
    end: pd.Timestamp, scored: Mapping[pd.Timestamp, set[str]], starts: Mapping[str, pd.Timestamp]
) -> set[str]:
    """The coders whose review closes a quarter; ``scored`` in each quarter, since they started in one."""
    lately = scored[end] | scored.get(end - pd.offsets.QuarterEnd(1), set())
    return {coder for coder in lately if starts[coder] < end} or scored[end]
