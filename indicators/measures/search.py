"""Search over all that is written: events, assessments, rulings, article and method; by the beginnings of words."""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from threading import Lock
from typing import NamedTuple

from indicators.measures.events import quote_words, split_words
from indicators.records.article import plain_text
from indicators.records.dataset import Dataset
from indicators.records.tables.core import RULINGS_FILE

KINDS = ("event", "assessment", "ruling", "article", "method")
"""What is searched, in the order in which kinds are listed."""

MOST_FOUND = 200
"""Places that a search returns at most."""

MOST_RANKED = 5000
"""Places among which the best are sought and which are counted; of more, the newest events come first."""

_MARK = "\x1f"
_RULINGS = re.compile(r"^#+ Rulings.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+\s+(.*?)(?:\s*\{#[\w-]+\})?\s*$")


class Place(NamedTuple):
    """One place that was found: its kind, its id (of an event or a section; else a file and line), what it is about, when.

    ``parts`` is the passage around what was found, in parts of which every second one was asked for.
    """

    kind: str
    id: str
    indicator: str
    date: str
    title: str
    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """The passage as one text."""
        return "".join(self.parts)


class SearchIndex:
    """The words of a dataset, in memory, for sessions to share."""

    def __init__(self, dataset: Dataset) -> None:
        self._lock = Lock()
        self._table = sqlite3.connect(":memory:", check_same_thread=False)
        # With first letters in the index, one letter does not gather all the words that begin with it at every search.
        self._table.execute(
            "CREATE VIRTUAL TABLE places USING fts5(kind UNINDEXED, id UNINDEXED, indicator, date UNINDEXED, title, text,"
            " tokenize='unicode61 remove_diacritics 2', prefix='1')"
        )
        self._table.executemany("INSERT INTO places VALUES (?, ?, ?, ?, ?, ?)", _list_places(dataset))

    def find(self, words: str, kinds: Sequence[str] = KINDS, most: int = MOST_FOUND) -> list[Place]:
        """Return the places in which every word, or one that begins with it, occurs: the best matches first (BM25).

        Words that occur nearly everywhere tell nothing apart: of more than ``MOST_RANKED`` places the newest events come.
        """
        if not split_words(words):
            return []
        among = ", ".join("?" * len(kinds))
        matching = f"FROM places WHERE places MATCH ? AND kind IN ({among})"
        asked = (quote_words(words), *kinds)
        with self._lock:
            number = self._table.execute(
                f"SELECT count(*) FROM (SELECT 1 {matching} LIMIT {MOST_RANKED + 1})",  # noqa: S608
                asked,
            ).fetchone()[0]
            order = "bm25(places), rowid" if number <= MOST_RANKED else "rowid"
            rows = self._table.execute(
                "SELECT kind, id, indicator, date, title, snippet(places, 5, ?, ?, '…', 40)"
                f" {matching} ORDER BY {order} LIMIT ?",
                (_MARK, _MARK, *asked, min(most, MOST_FOUND)),
            ).fetchall()
        return [
            Place(kind, id, indicator, date, title, tuple(text.split(_MARK)))
            for kind, id, indicator, date, title, text in rows
        ]

    def count(self, words: str) -> dict[str, int]:
        """Return in how many places of each kind the words occur, up to ``MOST_RANKED`` in all; no kind without any."""
        if not split_words(words):
            return {}
        with self._lock:
            rows = self._table.execute(
                f"SELECT kind, count(*) FROM (SELECT kind FROM places WHERE places MATCH ? LIMIT {MOST_RANKED})"  # noqa: S608
                " GROUP BY kind",
                (quote_words(words),),
            ).fetchall()
        counts = dict(rows)
        return {kind: counts[kind] for kind in KINDS if kind in counts}


def index_texts(dataset: Dataset) -> SearchIndex:
    """Return the index of all that is written in a dataset."""
    return SearchIndex(dataset)


def _list_places(dataset: Dataset) -> Iterator[tuple[str, ...]]:
    titles = dataset.indicators["title"].to_dict()
    events = dataset.events.sort_values("date", ascending=False, kind="stable")
    columns = (events[name] for name in ("indicator", "fact", "source_title", "publisher"))
    days = events["date"].dt.strftime("%Y-%m-%d")
    for id, day, indicator, fact, title, publisher in zip(events.index, days, *columns, strict=True):
        yield "event", id, indicator, day, titles.get(indicator, ""), f"{fact} — {title}, {publisher}"
    rows = dataset.assessments.sort_values("date", ascending=False, kind="stable")
    days = rows["date"].dt.strftime("%Y-%m-%d")
    columns = (rows[name] for name in ("file", "line", "indicator", "coder", "rationale"))
    for day, file, line, indicator, coder, rationale in zip(days, *columns, strict=True):
        yield "assessment", f"{file}:{line}", indicator, day, f"{titles.get(indicator, '')}, {coder}", rationale
    for row in dataset.rulings.to_dict("records"):
        about, day = str(row["indicator"]), f"{row['date']:%Y-%m-%d}"
        text = f"{row['point']} {row['ruling']}"
        yield "ruling", RULINGS_FILE, about, day, f"{titles.get(about, '')}, {row['coder']}", text
    for section in _RULINGS.findall(dataset.readme):
        for row in re.findall(r"^\| (.+) \|$", section, re.MULTILINE):
            cells = [cell.strip() for cell in row.split(" | ")]
            if len(cells) == 3 and not set(cells[0]) <= {"-", "|"} and cells[0] != "indicator":
                about = cells[0].replace("`", "")
                yield "ruling", "README.md", about.split()[0], "", about, f"{cells[1]} {cells[2]}"
    for passage in dataset.article.sections:
        for paragraph in passage.paragraphs:
            yield "article", passage.id, "", "", passage.title, plain_text(paragraph)
    heading = ""
    for block in re.split(r"\n{2,}", dataset.method):
        if found := _HEADING.match(block.strip()):
            heading = found[1]
        elif block.strip():
            yield "method", "method.md", "", "", heading, " ".join(block.split())
