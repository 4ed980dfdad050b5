"""Which indicator a text is most like: TF-IDF over facts, titles, codebook and anchors, nearest centroid (Rocchio).

Terms are words of two letters or more, years, and their parts of four letters, so that *sanctions* and *sanctioned* meet.
A text weighs each term by ``log(1 + count) * log((texts + 1) / (texts with it + 0.5))``, to length 1; likeness is the
cosine, 0 to 1. An indicator's centre is the sum of its events and, ``CODEBOOK_WEIGHT`` times, its codebook's text. What is
proposed is a likeness of words and judges nothing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from indicators.records.dataset import Dataset, split_ids

CODEBOOK_WEIGHT = 3.0
"""How many events the text of the codebook counts for in an indicator's centre."""

PROPOSED = 3
"""Indicators that are proposed."""

NEAREST = 2
"""Anchors and events that are named as the nearest."""

LONGEST_TEXT = 4000
"""Characters of a text that are looked at."""

_WORD = re.compile(r"[^\W\d_]{2,}|\d{4}")
_PART = 4

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Near:
    """Something that a text is like: an indicator's id, an event's id or an anchor's score, and the likeness (0 to 1)."""

    id: str
    likeness: float


@dataclass(frozen=True)
class Proposal:
    """What a text is most like: indicators, the likeliest first; anchors of the first of them; past events."""

    indicators: tuple[Near, ...]
    anchors: tuple[Near, ...]
    events: tuple[Near, ...]


def count_terms(text: str) -> Counter[str]:
    """Return the terms of a text with their counts."""
    words = [word.lower() for word in _WORD.findall(text[:LONGEST_TEXT])]
    parts = (f"<{word}>"[at : at + _PART] for word in words for at in range(len(word) + 3 - _PART))
    return Counter([*words, *(f"#{part}" for part in parts)])


class Texts:
    """Texts as weights of their terms: three flat arrays, of text, term and weight."""

    def __init__(self, texts: Sequence[str]) -> None:
        counted = [count_terms(text) for text in texts]
        having = Counter(term for counts in counted for term in counts)
        # A term of one text alone can be met by no other.
        self.terms = {term: at for at, term in enumerate(term for term, number in having.items() if number > 1)}
        counted = [Counter({t: c for t, c in counts.items() if t in self.terms}) for counts in counted]
        self.size = len(texts)
        self.rows: Places = np.repeat(np.arange(self.size), [len(counts) for counts in counted])
        self.columns: Places = np.array([self.terms[t] for counts in counted for t in counts], dtype=np.int64)
        self.counts: Numbers = np.log1p(np.array([c for counts in counted for c in counts.values()], dtype=float))
        self.document = np.bincount(self.columns, minlength=len(self.terms)).astype(float)
        self.starts = np.searchsorted(self.rows, np.arange(self.size + 1))

    def rarity(self, without: int | None = None) -> Numbers:
        """Return the weight of each term, by how few texts have it; as if one of the texts were not there."""
        having = self.document.copy()
        size = self.size
        if without is not None:
            having[self.columns[self.part(without)]] -= 1
            size -= 1
        return np.log((size + 1) / (having + 0.5))

    def part(self, row: int) -> slice:
        """Return where one text's terms stand."""
        return slice(int(self.starts[row]), int(self.starts[row + 1]))

    def weigh(self, rarity: Numbers) -> Numbers:
        """Return the weights of all terms of all texts, each text brought to length 1."""
        weights = self.counts * rarity[self.columns]
        length = np.sqrt(np.bincount(self.rows, weights**2, self.size))
        return weights / np.maximum(length, 1e-12)[self.rows]

    def query(self, text: str, rarity: Numbers) -> Numbers:
        """Return the weights of a text's terms by place, of length 1 over those that are known."""
        vector = np.zeros(len(self.terms))
        for term, count in count_terms(text).items():
            if (at := self.terms.get(term)) is not None:
                vector[at] = np.log1p(count) * rarity[at]
        length = float(np.linalg.norm(vector))
        return vector / length if length else vector


class Likeness:
    """The events, codebook and anchors of a dataset, to hold texts against."""

    def __init__(self, dataset: Dataset) -> None:
        self.ids = [str(id) for id in dataset.indicators.index]
        self.events = [str(id) for id in dataset.events.index]
        self._dataset = dataset
        place = {id: number for number, id in enumerate(self.ids)}
        codes = [_codebook_text(dataset, id) for id in self.ids]
        events = dataset.events
        told = [f"{fact} {title}" for fact, title in zip(events["fact"], events["source_title"], strict=True)]
        anchors = [str(text) for text in dataset.anchors["anchor"]]
        self._texts = Texts([*told, *codes, *anchors])
        # Anchors weigh in through their indicator's text; apart they are only compared with.
        self._group = np.array([*(place[i] for i in events["indicator"]), *place.values()], dtype=np.int64)
        shares = np.array([*[1.0] * len(told), *[CODEBOOK_WEIGHT] * len(codes)])
        counted = self._texts.rows < len(self._group)
        self._rows, self._columns = self._texts.rows[counted], self._texts.columns[counted]
        self._shares, self._counted = shares[self._rows], counted
        self._rarity = self._texts.rarity()
        self._weights = self._texts.weigh(self._rarity)
        self._centres = self._make_centres(self._weights)

    def propose(self, text: str) -> Proposal:
        """Return what a text is most like; nothing where it shares no term with the data."""
        if not self.ids:
            return Proposal((), (), ())
        query = self._texts.query(text, self._rarity)
        if not query.any():
            return Proposal((), (), ())
        indicators = _nearest(self.ids, _cosines(self._centres, query), PROPOSED)
        weights = self._weights * query[self._texts.columns]
        alike = np.bincount(self._texts.rows, weights, self._texts.size).astype(float)
        return Proposal(
            indicators,
            self._near_anchors(indicators[0].id, alike) if indicators else (),
            _nearest(self.events, alike[: len(self.events)], NEAREST),
        )

    def propose_without(self, event: str, text: str) -> tuple[Near, ...]:
        """Return the indicators that a text is most like, as if one of the events were not in the data."""
        row = self.events.index(event)
        rarity = self._texts.rarity(without=row)
        weights = self._texts.weigh(rarity)
        weights[self._texts.part(row)] = 0
        return _nearest(self.ids, _cosines(self._make_centres(weights), self._texts.query(text, rarity)), PROPOSED)

    def _make_centres(self, weights: Numbers) -> Numbers:
        size = len(self._texts.terms)
        places = self._group[self._rows] * size + self._columns
        sums = np.bincount(places, weights[self._counted] * self._shares, len(self.ids) * size)
        return sums.astype(float, copy=False).reshape(len(self.ids), size)

    def _near_anchors(self, indicator: str, alike: Numbers) -> tuple[Near, ...]:
        """The anchors of an indicator whose text, and the events that scores nearest it cite, are most alike."""
        anchors = self._dataset.anchors
        first = len(self._group)
        scores, values = [], []
        for place, (own, score) in enumerate(zip(anchors["indicator"], anchors["score"], strict=True)):
            if own == indicator:
                cited = self._cited.get((indicator, int(score)), [])
                past = float(np.mean(np.sort(alike[cited])[-3:])) if cited else 0.0
                scores.append(str(score))
                values.append((float(alike[first + place]) + past) / 2)
        return _nearest(scores, np.array(values), NEAREST)

    @cached_property
    def _cited(self) -> dict[tuple[str, int], list[int]]:
        """Places of the events that assessments cite, by indicator and the anchor nearest the score (the lower of two)."""
        place = {id: number for number, id in enumerate(self.events)}
        cited: dict[tuple[str, int], dict[int, None]] = {}
        rows = self._dataset.assessments.dropna(subset=["score"])
        for indicator, score, cell in zip(rows["indicator"], rows["score"], rows["events"], strict=True):
            anchor = int(np.ceil(score / 2 - 0.5)) * 2
            known = cited.setdefault((indicator, anchor), {})
            known.update((place[id], None) for id in split_ids(cell) if id in place)
        return {key: list(places) for key, places in cited.items()}


def hold_likeness(dataset: Dataset) -> pd.DataFrame:
    """Return what is proposed for each event's fact when that event is left out of the data.

    A row for each event: ``event``, ``indicator``, ``proposed`` (three ids with ; between them), ``first`` and ``among``
    (the own indicator is proposed first, or among the three), ``dimension`` (the first one's dimension is the own).
    """
    likeness = Likeness(dataset)
    dimensions = dataset.indicators["dimension"]
    rows = []
    for event, indicator, fact in zip(
        dataset.events.index, dataset.events["indicator"], dataset.events["fact"], strict=True
    ):
        ids = [near.id for near in likeness.propose_without(str(event), str(fact))]
        rows.append(
            {
                "event": event,
                "indicator": indicator,
                "proposed": ";".join(ids),
                "first": ids[:1] == [indicator],
                "among": indicator in ids,
                "dimension": bool(ids) and dimensions[ids[0]] == dimensions[indicator],
            }
        )
    return pd.DataFrame(rows, columns=["event", "indicator", "proposed", "first", "among", "dimension"])


def _codebook_text(dataset: Dataset, indicator: str) -> str:
    row = dataset.indicators.loc[indicator]
    anchors: Iterable[str] = dataset.anchors.loc[dataset.anchors["indicator"] == indicator, "anchor"]
    return " ".join([str(row["title"]), str(row["definition"]), *anchors])[:LONGEST_TEXT]


def _cosines(centres: Numbers, query: Numbers) -> Numbers:
    known = np.flatnonzero(query)
    lengths = np.maximum(np.sqrt((centres**2).sum(axis=1)), 1e-12)
    products: Numbers = centres[:, known] @ query[known] / lengths
    return products


def _nearest(ids: Sequence[str], values: Numbers, most: int) -> tuple[Near, ...]:
    order = np.argsort(-values, kind="stable")[:most]
    return tuple(Near(ids[at], float(values[at])) for at in order.tolist() if values[at] > 0)
