"""The queue of saves that wait to be sent to a remote: on the disk, so that they survive a restart."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from indicators.records.ledger import replace_file
from indicators.records.submission import Base, Submission, describe_submission


@dataclass(frozen=True)
class Waiting:
    """A submission that is not yet sent; ``reason`` says why it came back, where it cannot be sent as it is."""

    id: str
    author: str
    since: str
    summary: str
    reason: str = ""


class Queue:
    """Submissions that wait to be sent, one JSON file each, oldest first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, submission: Submission, now: dt.datetime) -> None:
        """Put a submission at the end; one that waits already stays where it is."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self._find(submission.id):
            entry = {"since": f"{now.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}", "reason": "", **asdict(submission)}
            if submission.base:
                entry["base"] = {"digest": submission.base.digest, "rows": sorted(submission.base.rows)}
            last = max((int(path.name.partition("-")[0]) for path, _ in self._entries()), default=0)
            self._write(self.folder / f"{last + 1:08d}-{short_digest(submission.id)}.json", entry)

    def waiting(self) -> list[Waiting]:
        """Return what waits, and what came back and needs a person."""
        return [
            Waiting(e["id"], e["author"], e["since"], describe_submission(_read_submission(e)), e["reason"])
            for _, e in self._entries()
        ]

    def pending(self) -> list[Submission]:
        """Return the submissions to send, oldest first."""
        return [_read_submission(entry) for _, entry in self._entries() if not entry["reason"]]

    def remove(self, id: str) -> None:
        """Take a submission out, sent or given up."""
        for path in self._find(id):
            path.unlink(missing_ok=True)

    def give_back(self, id: str, reason: str) -> None:
        """Keep a submission that cannot be sent as it is, with the reason, until a person removes it or saves anew."""
        for path, entry in self._entries():
            if entry["id"] == id:
                self._write(path, entry | {"reason": reason})

    def _write(self, path: Path, entry: Mapping[str, Any]) -> None:
        replace_file(path, json.dumps(entry, ensure_ascii=True, indent=1).encode())

    def _find(self, id: str) -> list[Path]:
        return list(self.folder.glob(f"[0-9]*-{short_digest(id)}.json"))

    def _entries(self) -> list[tuple[Path, dict[str, Any]]]:
        found = []
        for path in sorted(self.folder.glob("[0-9]*.json")):
            try:
                found.append((path, json.loads(path.read_bytes())))
            except FileNotFoundError:  # sent by another process meanwhile
                continue
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
    )
