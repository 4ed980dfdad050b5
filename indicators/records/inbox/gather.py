"""Ask the feeds for what is new and save it: a few at a time, each within its limits, none in the way of another."""

import contextlib
import datetime as dt
import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from indicators.records.dataset import Dataset
from indicators.records.encoding import write_json, write_moment
from indicators.records.folder import replace_file
from indicators.records.inbox.apart import FeedError, read_apart
from indicators.records.inbox.entry import Entry
from indicators.records.inbox.fetch import Answer, FetchError, Validators
from indicators.records.inbox.items import Found, Place, choose_entries, expiry_day, list_expired
from indicators.records.saving.submission import Outcome, Saved, Submission
from indicators.records.tables.inbox import ITEMS_FILE

AT_ONCE = 4
"""Feeds that are asked at the same time."""

MOST_TIMES = 3
"""How often saving is tried again where the data change meanwhile."""

STATE_FILE = "feeds.json"
"""File of the state folder with what the servers gave to make the next request conditional."""

GATHERER = "gather"
"""Author of what the feeds bring; no coder, since nothing is judged."""


Ask = Callable[[str, Validators], Answer]
"""Fetches an address, conditionally."""


@dataclass(frozen=True)
class Outcomes:
    """The outcome of one feed: entries that are new, or the fault; ``unchanged`` where its server said so."""

    feed: str
    new: int = 0
    fault: str = ""
    unchanged: bool = False


@dataclass
class Gathered:
    """The outcome of all feeds.

    ``addresses`` new rows make ``items`` new items; ``expired`` items left undecided; ``outcome`` is that of saving,
    nothing where there was nothing to save or saving was not asked for.
    """

    feeds: list[Outcomes] = field(default_factory=list)
    addresses: int = 0
    items: int = 0
    expired: int = 0
    outcome: Outcome | None = None


def gather(
    look: Callable[[], Dataset],
    save: Callable[[Submission], Outcome] | None,
    ask: Ask,
    place: Place,
    now: dt.datetime,
    state: Path,
    tell: Callable[[Outcomes], None] = lambda _: None,
) -> Gathered:
    """Ask each feed that is on, tell how each went, and save what is new.

    Without ``save`` nothing is written. What makes requests conditional is kept in ``state`` only once the items are
    safely saved: whoever is killed before that asks again, and rows that are there already are not written again.
    """
    dataset = look()
    kept = read_validators(state)
    feeds = dataset.feeds[dataset.feeds["state"] == "on"]
    entries: dict[str, list[Entry]] = {}
    fresh: dict[str, Validators] = {}
    outcomes = {}
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="feed")
    try:
        waiting = {
            pool.submit(_ask_feed, ask, str(url), kept.get(str(url), Validators())): str(id)
            for id, url in feeds["url"].items()
        }
        for done in as_completed(waiting):
            id = waiting[done]
            result = done.result()
            if isinstance(result, str):
                outcomes[id] = Outcomes(id, fault=result)
            elif result is None:
                outcomes[id] = Outcomes(id, unchanged=True)
            else:
                entries[id], fresh[str(feeds.at[id, "url"])] = result
                outcomes[id] = Outcomes(id, len(choose_entries(dataset, {id: entries[id]}, now)))
            tell(outcomes[id])
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    gathered = Gathered([outcomes[id] for id in feeds.index])
    gathered.expired = len(list_expired(dataset, now))
    rows = _make_rows(dataset, choose_entries(dataset, entries, now), place, now)
    gathered.addresses, gathered.items = len(rows), len({r["item"] for r in rows} - {*dataset.items["item"]})
    if save is None:
        return gathered
    if rows or gathered.expired:
        gathered.outcome = save(_submit(rows, now))
        if not isinstance(gathered.outcome, Saved):
            return gathered
    write_validators(state, kept | fresh)
    return gathered


def read_validators(state: Path) -> dict[str, Validators]:
    """Return what the servers gave last time, by address; nothing where that is lost, so that all is asked in full."""
    try:
        kept = json.loads((state / STATE_FILE).read_bytes())
        return {str(url): Validators(str(etag), str(modified)) for url, (etag, modified) in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def write_validators(state: Path, validators: dict[str, Validators]) -> None:
    """Keep what the servers gave; where that fails, the next run only asks in full."""
    with contextlib.suppress(OSError):
        state.mkdir(parents=True, exist_ok=True)
        replace_file(
            state / STATE_FILE, write_json({url: [v.etag, v.modified] for url, v in sorted(validators.items())})
        )


def _ask_feed(ask: Ask, url: str, known: Validators) -> tuple[list[Entry], Validators] | str | None:
    """The entries of a feed, what is wrong with it, or nothing where nothing has changed."""
    try:
        answer = ask(url, known)
        if answer.body is None:
            return None
        return read_apart(answer.body, answer.url, answer.content_type), answer.validators
    except (FetchError, FeedError) as error:
        return str(error)
    except Exception as error:  # a fault of one feed, however strange, must not end the others
        return f"could not be read ({type(error).__name__})"


def _make_rows(dataset: Dataset, found: Sequence[Found], place: Place, now: dt.datetime) -> list[dict[str, str]]:
    return [
        {
            "item": placed.item,
            "date": new.date,
            "title": new.entry.title,
            "url": new.entry.url,
            "publisher": new.publisher,
            "feed": new.feed,
            "found": write_moment(now),
            "proposed": placed.proposed,
        }
        for new, placed in zip(found, place(dataset, found) if found else (), strict=True)
    ]


def _submit(rows: Iterable[dict[str, str]], now: dt.datetime) -> Submission:
    stamp = write_moment(now)
    return Submission(
        (), GATHERER, f"gather-{stamp}", appended=tuple((ITEMS_FILE, row) for row in rows), expire=expiry_day(now)
    )
