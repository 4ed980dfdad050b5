"""The queue of saves that wait to be sent to a remote: on the disk, so that they survive a restart."""

import contextlib
import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from indicators.records.encoding import write_json, write_moment
from indicators.records.folder import replace_file
from indicators.records.saving.submission import Base, Change, Row, Submission, describe_submission

LOCK_SECONDS = 5
"""How long an entry waits for another that is being written."""


@dataclass(frozen=True)
class Waiting:
    """A submission that is not yet sent; ``reason`` says why it came back, where it cannot be sent as it is.

    ``rows`` and ``events`` are those of assessments and new events, as they were handed in.
    """

    id: str
    author: str
    since: str
    summary: str
    reason: str = ""
    rows: tuple[Row, ...] = ()
    events: tuple[Row, ...] = ()
    forecasts: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Pending:
    """A submission to send; ``sent`` are the times of recording under which its rows may have reached the remote."""

    submission: Submission
    sent: tuple[str, ...] = ()


class Queue:
    """Submissions that wait to be sent, one JSON file each, oldest first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, submission: Submission, now: dt.datetime) -> bool:
        """Put a submission at the end and return ``True``.

        One that is here already keeps its place, and waits again if it had come back.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        entry = {"since": write_moment(now), "reason": "", **asdict(submission)}
        if submission.base:
            entry["base"] = {"digest": submission.base.digest, "rows": sorted(submission.base.rows)}
        with FileLock(self.folder.with_name(f"{self.folder.name}.lock"), timeout=LOCK_SECONDS, poll_interval=0.02):
            for path, before in self._entries():
                if before["id"] == submission.id:
                    self._write(path, entry | {"since": before["since"]} if before["reason"] else before)
                    return False
            numbers = (path.name.partition("-")[0] for path in self.folder.glob("[0-9]*-*"))
            last = max((int(number) for number in numbers if number.isdecimal()), default=0)
            self._write(self.folder / f"{last + 1:08d}-{short_digest(submission.id)}.json", entry)
        return True

    def waiting(self) -> list[Waiting]:
        """Return what waits, and what came back and needs a person."""
        found = []
        for _, entry in self._entries():
            handed = _read_submission(entry)
            summary = describe_submission(handed)
            found.append(
                Waiting(
                    handed.id,
                    handed.author,
                    entry["since"],
                    summary,
                    entry["reason"],
                    handed.rows,
                    handed.events,
                    handed.forecasts,
                )
            )
        return found

    def pending(self) -> list[Pending]:
        """Return the submissions to send, oldest first."""
        return [
            Pending(_read_submission(entry), tuple(entry.get("sent", ())))
            for _, entry in self._entries()
            if not entry["reason"]
        ]

    def remove(self, id: str) -> None:
        """Take a submission out, sent or given up."""
        for path in self._find(id):
            path.unlink(missing_ok=True)

    def give_back(self, id: str, reason: str) -> None:
        """Keep a submission that cannot be sent as it is, with the reason, until a person removes it or saves again."""
        for path, entry in self._entries():
            if entry["id"] == id:
                self._write(path, entry | {"reason": reason})

    def note_sending(self, id: str, recorded: Iterable[str]) -> None:
        """Note, before the rows are sent, under which times of recording: the answer of the remote may never come."""
        for path, entry in self._entries():
            if entry["id"] == id:
                self._write(path, entry | {"sent": sorted({*entry.get("sent", ()), *recorded})})

    def _write(self, path: Path, entry: Mapping[str, Any]) -> None:
        replace_file(path, write_json(entry, indent=1, ascii_only=True))

    def _find(self, id: str) -> list[Path]:
        return list(self.folder.glob(f"[0-9]*-{short_digest(id)}.json"))

    def unreadable(self) -> list[str]:
        """Return the names of files that could not be read and were set aside; a person looks into them."""
        return sorted(path.name for path in self.folder.glob("*.bad"))

    def _entries(self) -> list[tuple[Path, dict[str, Any]]]:
        found = []
        for path in sorted(self.folder.glob("[0-9]*.json")):
            try:
                entry = json.loads(path.read_bytes())
                _read_submission(entry)
                if not all(isinstance(entry[name], str) for name in ("id", "author", "since", "reason")):
                    raise TypeError
            except FileNotFoundError:  # sent by another process meanwhile
                continue
            except (ValueError, KeyError, TypeError, AttributeError):
                # A half-written or foreign file must stop neither saving nor the pages; nothing of it is lost.
                with contextlib.suppress(OSError):
                    path.rename(path.with_name(f"{path.name}.bad"))
                continue
            found.append((path, entry))
        return found


def short_digest(text: str) -> str:
    """Return 16 hexadecimal digits that stand for a text in a file's name."""
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:16]


def _read_submission(entry: Mapping[str, Any]) -> Submission:
    base = entry["base"] and Base(entry["base"]["digest"], frozenset(tuple(row) for row in entry["base"]["rows"]))
    return Submission(
        tuple(entry["rows"]),
        entry["author"],
        entry["id"],
        tuple(entry["events"]),
        base,
        tuple(entry.get("forecasts", ())),
        tuple((file, row) for file, row in entry.get("appended", entry.get("inbox", ()))),
        tuple((event, url) for event, url in entry.get("sources", ())),
        entry.get("expire", ""),
        tuple(entry.get("coders", ())),
        tuple(Change(**change) for change in entry.get("changes", ())),
    )
