"""Submissions for the tiny folder, and a process that saves them one after another."""

import datetime as dt
import os
from pathlib import Path
from typing import Any

from indicators.records.saving.save import save_submission
from indicators.records.saving.submission import Row, Saved, Submission
from indicators.records.storage.store import open_store

NOW = dt.datetime(2024, 12, 1, 9, 30, 15, tzinfo=dt.UTC)

ROW = {
    "date": "2024-09-30",
    "indicator": "mil_posture",
    "score": "7",
    "low": "6",
    "high": "8",
    "rationale": "Both ministers spoke, but brigades came back.",
    "events": "E0009",
}
"""A row that the tiny folder takes from either coder."""

EVENT = {
    "date": "2024-09-20",
    "indicator": "mil_posture",
    "effect": "raises",
    "fact": "A third brigade moved towards the border.",
    "source_url": "https://example.org/13",
    "source_title": "Third brigade",
    "publisher": "Example Wire",
    "reliability": "A",
    "credibility": "2",
}

PLACES = [
    (indicator, event, coder)
    for indicator, event in (
        ("mil_posture", "E0001"),
        ("mil_signals", "E0002"),
        ("cyb_espionage", "E0003"),
        ("cyb_sabotage", "E0004"),
    )
    for coder in ("c1", "c2")
]
"""Indicators, an event of each, and coders: as many as there are processes that save at once."""


def hand_in(*rows: Row, author: str = "c1", id: str = "s1", **more: Any) -> Submission:
    """Return a submission of some rows."""
    return Submission(rows, author, id, **more)


def number_submission(place: int, number: int) -> Submission:
    """Return one of many submissions that are all different; every fifth brings an event of its own."""
    indicator, event, coder = PLACES[place]
    date = f"{dt.date(2024, 9, 1) + dt.timedelta(days=number)}"
    fresh = {**EVENT, "date": date, "indicator": indicator, "fact": f"Event {number} of the observers at {place}."}
    row = {
        "date": date,
        "indicator": indicator,
        "score": "5",
        "low": "4",
        "high": "6",
        "rationale": f"Assessment {number} of the observers at {place}.",
        "events": f"{event};new1" if number % 5 == 0 else event,
    }
    return hand_in(row, author=coder, id=f"{place}-{number}", events=(fresh,) if number % 5 == 0 else ())


def save_many(data: Path, place: int, count: int, log: Path) -> None:
    """Save submissions one after another, and note each in the log once it is acknowledged; go on where the log ends."""
    for number in range(count_lines(log), count):
        while not isinstance(save_submission(data, number_submission(place, number), NOW), Saved):
            pass  # the lock was held for too long: again
        with log.open("a") as file:
            file.write(f"{number}\n")
            file.flush()
            os.fsync(file.fileno())


def save_to_remote(location: str, state: Path, place: int, count: int) -> None:
    """Save submissions one after another through a clone, and end once nothing waits there."""
    store = open_store(location, state, clock=lambda: NOW)
    for number in range(count):
        store.save(number_submission(place, number))
    while waiting := store.status().waiting:
        assert not [w.reason for w in waiting if w.reason]
        store.refresh()


def count_lines(log: Path) -> int:
    """Return how many saves a log acknowledges."""
    return log.read_text().count("\n") if log.exists() else 0
