"""Events found by words and by what the data say of them: acts counted once, by quarter, and who cites them."""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Sequence
from threading import Lock
from typing import NamedTuple

import pandas as pd

from indicators.measures.panel import Panel
from indicators.measures.quarters import searched_until
from indicators.records.dataset import Dataset, split_ids

SEARCHED = ("event", "fact", "source_title", "publisher")
"""Columns that are searched."""

MOST_WORDS = 16
"""Words of a query that count; later ones are passed over, so that no query costs much."""

_MARK = "\x1f"


class Selection(NamedTuple):
    """Which events are asked for; what is empty narrows nothing down."""

    words: str = ""
    """Beginnings of words that must all occur in an event's searched columns."""

    dimension: str = "index"
    indicator: str = ""
    effect: str = ""
    reliability: str = ""
    """Grades of the source that are let in, as in ``AB``."""

    credibility: str = ""
    """Grades of the fact that are let in, as in ``12``."""

    cited: bool | None = None
    """Whether an assessment in force cites the act, in any of its tellings."""

    start: pd.Timestamp | None = None
    end: pd.Timestamp | None = None

    def without(self, name: str) -> "Selection":
        """Return the selection that a field no longer narrows down; ``start`` stands for the period."""
        plain = Selection()._asdict()
        return self._replace(**{field: plain[field] for field in (name, *(["end"] if name == "start" else []))})


class EventIndex:
    """The words of a dataset's events, in memory, for sessions to share."""

    def __init__(self, events: pd.DataFrame) -> None:
        self._lock = Lock()
        self._table = sqlite3.connect(":memory:", check_same_thread=False)
        self._table.execute(
            f"CREATE VIRTUAL TABLE events USING fts5({', '.join(SEARCHED)}, tokenize='unicode61 remove_diacritics 2')"
        )
        rows = events.reset_index()[list(SEARCHED)].itertuples(index=False, name=None)
        self._table.executemany("INSERT INTO events VALUES (?, ?, ?, ?)", rows)

    def find(self, words: str) -> set[str]:
        """Return the ids of the events in which every word, or one that begins with it, occurs."""
        return {event for (event,) in self._ask("SELECT event FROM events WHERE events MATCH ?", quote_words(words))}

    def list_unknown(self, words: str) -> list[str]:
        """Return the words with which no word of any event begins."""
        return [word for word in split_words(words) if not self.find(word)]

    def mark(self, words: str, ids: Sequence[str]) -> dict[str, dict[str, list[str]]]:
        """Return the searched columns of some events in parts, of which every second one is what was found."""
        columns = ", ".join(f"highlight(events, {number}, ?, ?)" for number in range(len(SEARCHED)))
        places = ", ".join("?" * len(ids))
        rows = self._ask(
            f"SELECT event, {columns} FROM events WHERE events MATCH ? AND event IN ({places})",  # noqa: S608
            *[_MARK] * (2 * len(SEARCHED)),
            quote_words(words),
            *ids,
        )
        return {id: {n: text.split(_MARK) for n, text in zip(SEARCHED, texts, strict=True)} for id, *texts in rows}

    def _ask(self, query: str, *values: str) -> list[tuple[str, ...]]:
        with self._lock:
            return self._table.execute(query, values).fetchall()


def index_events(dataset: Dataset) -> EventIndex:
    """Return the index of a dataset's events."""
    return EventIndex(dataset.events)


def split_words(text: str) -> list[str]:
    """Return the words of a query that count: those with a letter or a digit."""
    known = text.encode(errors="replace").decode().replace("\0", " ")  # half a character, or none, is no word's
    words = (word for word in known.split() if any(map(str.isalnum, word)))
    return list(dict.fromkeys(words))[:MOST_WORDS]


def quote_words(words: str) -> str:
    """Return a query in which what was typed is text: each word is a string, of which the last part may go on."""
    return " ".join('"{}"*'.format(word.replace('"', '""')) for word in split_words(words)) or '""'


def list_citations(panel: Panel) -> dict[str, list[int]]:
    """Return the labels of the assessments in force that cite each event, the newest first."""
    cited: defaultdict[str, list[int]] = defaultdict(list)
    rows = panel.effective.sort_values(["date", "coder"], ascending=[False, True], kind="stable")
    for label, cell in zip(rows.index.tolist(), rows["events"], strict=True):
        for id in split_ids(cell):
            cited[id].append(label)
    return dict(cited)


def find_events(dataset: Dataset, index: EventIndex, cited: Collection[str], selection: Selection) -> pd.DataFrame:
    """Return the events that a selection asks for, in the order of their ids; ``cited`` are the ids of cited ones."""
    events = dataset.events
    fits = pd.Series(True, events.index)
    if selection.words:
        fits &= events.index.isin(index.find(selection.words))
    if selection.dimension != "index":
        fits &= events["indicator"].isin(dataset.indicators_of(selection.dimension))
    if selection.indicator:
        fits &= events["indicator"] == selection.indicator
    if selection.effect:
        fits &= events["effect"] == selection.effect
    for column, grades in (("reliability", selection.reliability), ("credibility", selection.credibility)):
        if grades:
            fits &= events[column].isin(list(grades))
    if selection.cited is not None:
        fits &= dataset.acts.isin(dataset.acts.reindex(list(cited)).dropna()) == selection.cited
    if selection.start is not None:
        fits &= events["date"] >= selection.start
    if selection.end is not None:
        fits &= events["date"] <= selection.end
    return events[fits]


def first_tellings(dataset: Dataset, events: pd.DataFrame) -> pd.DataFrame:
    """Return for each act that some events tell the first of them, newest first."""
    first = events[~dataset.acts.reindex(events.index).duplicated()]
    return first.iloc[::-1].sort_values("date", ascending=False, kind="stable")


def tellings_of(dataset: Dataset, ids: Sequence[str]) -> dict[str, list[str]]:
    """Return for each of some events the other events that tell the same act."""
    acts = dataset.acts
    told = acts[acts.isin(acts.reindex(list(ids)))]
    together = {act: list(group) for act, group in told.groupby(told).groups.items()}
    return {id: [other for other in together[acts[id]] if other != id] for id in ids}


def count_quiet(dataset: Dataset, indicators: Sequence[str], start: pd.Timestamp, end: pd.Timestamp) -> tuple[int, int]:
    """Return how many quarters of some indicators, whole ones of a period, have no event, and how many of these were searched.

    Searched is a quarter that somebody has looked through from its first day to its last.
    """
    quarters = pd.period_range(start, end, freq="Q")
    whole = [quarter for quarter in quarters if quarter.start_time >= start and quarter.end_time.normalize() <= end]
    events = dataset.events
    had = set(zip(events["indicator"], events["date"].dt.to_period("Q"), strict=True))
    quiet = [(id, quarter) for id in indicators for quarter in whole if (id, quarter) not in had]
    searched = 0
    for id, quarter in quiet:
        until = searched_until(dataset, id, quarter.start_time)
        searched += until is not None and until >= quarter.end_time.normalize()
    return len(quiet), searched


def count_quarters(dataset: Dataset, events: pd.DataFrame) -> pd.Series:
    """Return how many of some events lie in each quarter, from the oldest to the newest of all events in the data."""
    if dataset.events.empty:
        return pd.Series([], index=pd.PeriodIndex([], freq="Q"), dtype="int64")
    every = dataset.events["date"]
    quarters = pd.period_range(every.min(), every.max(), freq="Q")
    counts: pd.Series = events["date"].dt.to_period("Q").value_counts().reindex(quarters, fill_value=0)
    return counts
