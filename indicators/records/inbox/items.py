"""Entries of feeds that become items: which are new, which old ones go, and how often proposals were right."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from indicators.records.dataset import Dataset
from indicators.records.inbox.addresses import identify_address
from indicators.records.inbox.entry import Entry
from indicators.records.tables.inbox import FOUND_EVENT, REOPENED, SECOND_SOURCE

KEPT_DAYS = 90
"""Days after which an item that nobody has decided on leaves the inbox; older entries of feeds are not taken."""


class Found(NamedTuple):
    """A new entry with the feed that brought it."""

    feed: str
    publisher: str
    entry: Entry
    date: str


class Placed(NamedTuple):
    """The item that a new entry belongs to, and the indicators that its words are most like."""

    item: str
    proposed: str


Place = Callable[[Dataset, Sequence[Found]], Sequence[Placed]]
"""Tells for new entries which item each belongs to, with the indicators that are proposed."""


def choose_entries(dataset: Dataset, entries: Mapping[str, Sequence[Entry]], now: dt.datetime) -> list[Found]:
    """Return what is new among the feeds' entries and fits their words, in the order of the feeds, each address once.

    Not new is what is an item already, stands at an event as a source, or is older than ``KEPT_DAYS``. A day that has
    not come yet, or none, counts as the day on which it was found.
    """
    known = {identify_address(url) for url in dataset.items["url"]}
    for column in ("source_url", "second_source_url"):
        known |= {identify_address(url) for url in dataset.events[column] if url}
    today = now.date()
    found = []
    for id, feed in dataset.feeds.iterrows():
        for entry in entries.get(str(id), ()):
            date = entry.date if entry.date and entry.date <= today + dt.timedelta(days=1) else today
            page = identify_address(entry.url)
            if (
                page in known
                or (today - date).days > KEPT_DAYS
                or not fits_words(feed["must"], feed["must_not"], entry)
            ):
                continue
            known.add(page)
            found.append(Found(str(id), str(feed["publisher"]), entry, min(date, today).isoformat()))
    return found


def fits_words(must: str, must_not: str, entry: Entry) -> bool:
    """Return whether one of some words begins a word of an entry, or none is asked for, and none of others does."""
    text = f"{entry.title} {entry.summary}"
    return (not must or _has_word(must, text)) and not (must_not and _has_word(must_not, text))


def list_expired(dataset: Dataset, now: dt.datetime) -> list[str]:
    """Return the items on which there is no decision and whose newest address was found more than ``KEPT_DAYS`` days ago."""
    items = dataset.items[~dataset.items["item"].isin(dataset.decisions["item"])]
    newest = items.groupby("item", sort=False)["found"].max()
    return newest.index[newest < pd.Timestamp(expiry_day(now))].tolist()


def expiry_day(now: dt.datetime) -> str:
    """Return the first day whose items still stay."""
    return (now - dt.timedelta(days=KEPT_DAYS)).date().isoformat()


def list_decided(decisions: pd.DataFrame) -> set[str]:
    """Return the items whose last decision stands: all but those that were opened again."""
    last = decisions.sort_values("recorded", kind="stable").groupby("item").tail(1)
    return set(last.loc[last["decision"] != REOPENED, "item"])


def list_agreed(dataset: Dataset) -> tuple[int, int]:
    """Return of how many items that became events the own indicator was among those proposed, and of how many in all."""
    last = dataset.decisions.sort_values("recorded", kind="stable").groupby("item").tail(1)
    became = last[last["decision"].isin([FOUND_EVENT, SECOND_SOURCE])]
    proposed = dataset.items.drop_duplicates("item").set_index("item")["proposed"]
    pairs = [
        (str(dataset.events.at[event, "indicator"]), str(proposed[item]).split(";"))
        for item, event in zip(became["item"], became["event"], strict=True)
        if item in proposed.index and event in dataset.events.index
    ]
    return sum(indicator in ids for indicator, ids in pairs), len(pairs)


def _has_word(words: str, text: str) -> bool:
    wanted = "|".join(re.escape(word.strip()) for word in words.split(";") if word.strip())
    return bool(wanted and re.search(rf"\b(?:{wanted})", text, re.IGNORECASE))
