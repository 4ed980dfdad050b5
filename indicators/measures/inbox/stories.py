"""The same story from several outlets: new entries are joined to items whose titles are much alike and near in time."""

from collections.abc import Sequence

import numpy as np

from indicators.measures.inbox.likeness import Likeness, Texts
from indicators.records.dataset import Dataset
from indicators.records.inbox.addresses import name_item
from indicators.records.inbox.items import Found, Placed

ALIKE = 0.45
"""Likeness of two titles (cosine, 0 to 1) from which they tell one story: a convention, chosen on pairs of the shipped
events that lie within three days of each other."""

DAYS = 3
"""Days by which two reports of one story may be dated apart."""


def place_entries(dataset: Dataset, found: Sequence[Found]) -> list[Placed]:
    """Return for each new entry the item that it belongs to, its own or another's, and the indicators that it is like.

    Entries of one publisher are one story only where their titles are the same: official bodies give many acts much the
    same title.
    """
    items = dataset.items
    likeness = Likeness(dataset)
    days = items["date"].to_numpy("datetime64[D]").astype(int).tolist()
    known: list[tuple[str, str, str, int]] = list(
        zip(*(items[name].astype(str) for name in ("item", "title", "publisher")), days, strict=True)
    )
    told = [*(title for _, title, _, _ in known), *(new.entry.title for new in found)]
    texts = Texts([*told, *map(str, dataset.events["source_title"])])
    weights = texts.weigh(texts.rarity())
    vector = np.zeros(len(texts.terms))
    placed: list[Placed] = []
    for number, new in enumerate(found, len(known)):
        part = texts.part(number)
        vector[texts.columns[part]] = weights[part]
        before = slice(0, int(texts.starts[number]))
        alike = np.bincount(texts.rows[before], weights[before] * vector[texts.columns[before]], number)
        vector[texts.columns[part]] = 0
        day = int(np.datetime64(new.date, "D").astype(int))
        item = name_item(new.entry.url)
        for at in np.argsort(-alike, kind="stable").tolist():
            if alike[at] < ALIKE and known[at][1].lower() != new.entry.title.lower():
                break
            other, title, publisher, other_day = known[at]
            same = title.lower() == new.entry.title.lower()
            if abs(other_day - day) <= DAYS and (same or publisher != new.publisher):
                item = other
                break
        known.append((item, new.entry.title, new.publisher, day))
        proposal = likeness.propose(f"{new.entry.title} {new.entry.summary}")
        placed.append(Placed(item, ";".join(near.id for near in proposal.indicators)))
    return placed
