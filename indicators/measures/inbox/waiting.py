"""Items that wait for a decision, and whether a fact was copied from what an item says."""

import re

import pandas as pd

from indicators.records.dataset import Dataset
from indicators.records.inbox.items import list_decided

COPIED_WORDS = 6
"""Words in a row that a fact may not share with a title; shorter titles may not stand in it as a whole."""

LEAST_WORDS = 4

_WORD = re.compile(r"\w+")


def list_waiting(dataset: Dataset, dimension: str = "", words: str = "") -> pd.DataFrame:
    """Return the undecided items, newest first, of one day those with the most sources first.

    Indexed by item: ``date``, ``title``, ``url``, ``publisher``, ``feed``, ``proposed`` of the first address, ``sources``
    (number of addresses) and ``second`` (address at another publisher, or blank). ``dimension`` keeps items that are
    proposed for one of its indicators, ``words`` those in whose titles each word occurs.
    """
    items = dataset.items[~dataset.items["item"].isin(list_decided(dataset.decisions))]
    rows = []
    for item, group in items.groupby("item", sort=False):
        first = group.iloc[0]
        others = group.loc[group["publisher"] != first["publisher"], "url"]
        rows.append(
            {
                "item": item,
                **{name: first[name] for name in ("date", "title", "url", "publisher", "feed", "proposed")},
                "sources": len(group),
                "second": others.iloc[0] if len(others) else "",
                "said": " ".join(group["title"]),
            }
        )
    columns = ["item", "date", "title", "url", "publisher", "feed", "proposed", "sources", "second", "said"]
    table = pd.DataFrame(rows, columns=columns).set_index("item")
    if dimension:
        own = {*dataset.indicators_of(dimension)}
        table = table[[not own.isdisjoint(cell.split(";")) for cell in table["proposed"]]]
    for word in words.lower().split():
        table = table[table["said"].str.lower().str.contains(word, regex=False)]
    return table.sort_values(["date", "sources"], ascending=[False, False], kind="stable")


def find_copied(fact: str, said: str) -> str:
    """Return the words in a row that a fact shares with a text, from ``COPIED_WORDS`` on; nothing where it has its own."""
    own, theirs = _WORD.findall(fact.lower()), _WORD.findall(said.lower())
    size = min(COPIED_WORDS, len(theirs))
    if size < LEAST_WORDS:
        return ""
    known = {tuple(theirs[at : at + size]) for at in range(len(theirs) - size + 1)}
    run = next(
        (tuple(own[at : at + size]) for at in range(len(own) - size + 1) if tuple(own[at : at + size]) in known), ()
    )
    return " ".join(run)
