"""Uploads: files and pasted cells that a coder has handed in and not saved, with their rows as corrected since.

They stand beside the drafts, and outlast session and restart as those do. Each is a file of what was handed in and,
once its rows were changed, one of the rows; a list of them says which was changed last.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock

from indicators.records.encoding import MOMENT_FORMAT, write_json, write_moment
from indicators.records.folder import replace_file
from indicators.records.storage.queue import short_digest

MOST_UPLOADS = 5
"""Uploads of a coder; where there are more, the one that was changed longest ago goes."""

LARGEST_UPLOAD = 5 * 1024 * 1024
"""Bytes of a file or of pasted cells."""

LARGEST_ROWS = 16 * 1024 * 1024
"""Bytes of the rows of an upload, as they are kept."""

DAYS = 100
"""After so many days without a change an upload is forgotten: a quarter, and the days in which the next one begins."""

LONGEST_NAME = 100

LOCK_SECONDS = 5

_LIST = "list.json"
_ID = re.compile("[0-9a-f]{32}")

Rows = tuple[tuple[dict[str, str], tuple[str, int]], ...]
"""Rows of a grid, each with its place: what it stands in, and its line there."""


@dataclass(frozen=True)
class Upload:
    """What was handed in: ``name`` is that of the file, blank for pasted cells; ``changed`` is a time in UTC.

    ``rows`` are those of the grids of scores and of new events, ``None`` as long as nobody has changed them; ``notes``
    say what was done to them.
    """

    id: str
    name: str
    changed: dt.datetime
    content: bytes = b""
    rows: tuple[Rows, Rows] | None = None
    notes: tuple[str, ...] = ()


def make_upload(name: str, content: bytes, now: dt.datetime) -> Upload:
    """Return an upload with its id, which follows from its content and from whether it was pasted."""
    pasted = b"" if name else b"pasted"
    return Upload(hashlib.sha256(pasted + b"\0" + content).hexdigest()[:32], name[:LONGEST_NAME], now, content)


class Uploads:
    """The uploads of a coder in the folder of the drafts."""

    def __init__(self, folder: Path, coder: str) -> None:
        self.folder = folder / f"{short_digest(coder)}-uploads"

    def list_kept(self, now: dt.datetime) -> list[Upload]:
        """Return what is kept, without content and rows, that changed last first; a list that cannot be read holds none."""
        try:
            rows = json.loads((self.folder / _LIST).read_bytes())
            kept = [Upload(str(row["id"]), str(row["name"]), _read_moment(str(row["changed"]))) for row in rows]
        except (OSError, ValueError, KeyError, TypeError):
            return []
        return [
            upload for upload in kept if _ID.fullmatch(upload.id) and now - upload.changed < dt.timedelta(days=DAYS)
        ]

    def read(self, upload: Upload) -> Upload | None:
        """Return an upload of the list with its content and rows; nothing where that is gone."""
        try:
            content = (self.folder / upload.id).read_bytes()
        except OSError:
            return None
        try:
            kept = json.loads(self._rows_of(upload.id).read_bytes())
            scores, events = (tuple(map(_read_row, kept[name])) for name in ("scores", "events"))
            return replace(upload, content=content, rows=(scores, events), notes=tuple(map(str, kept["notes"])))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return replace(upload, content=content)

    def keep(self, upload: Upload, now: dt.datetime) -> str:
        """Keep an upload as the one changed last, and return why it could not be kept, or an empty text.

        Rows that are given take the place of those that are kept of it. Pasted cells take the place of others whose
        rows nobody has changed: that is the same field, typed into anew.
        """
        rows = b""
        if upload.rows is not None:
            tables = dict(zip(("scores", "events"), upload.rows, strict=True))
            rows = write_json({**tables, "notes": upload.notes}, indent=None, ascii_only=True)
        if len(upload.content) > LARGEST_UPLOAD or len(rows) > LARGEST_ROWS:
            return f"an upload holds up to {LARGEST_UPLOAD // 1024 // 1024} MiB"

        def put_first(kept: list[Upload]) -> list[Upload]:
            if not (self.folder / upload.id).exists():
                replace_file(self.folder / upload.id, upload.content)
            if rows:
                replace_file(self._rows_of(upload.id), rows)
            others = [other for other in kept if other.id != upload.id]
            if not upload.name:
                others = [other for other in others if other.name or self._rows_of(other.id).exists()]
            return [replace(upload, changed=now), *others][:MOST_UPLOADS]

        return self._change(put_first, now)

    def discard(self, id: str, now: dt.datetime) -> str:
        """Forget an upload, and return why that failed, or an empty text."""
        return self._change(lambda kept: [upload for upload in kept if upload.id != id], now)

    def _change(self, step: Callable[[list[Upload]], list[Upload]], now: dt.datetime) -> str:
        """Change the list; what is not in it any more loses its files."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / ".lock", timeout=LOCK_SECONDS, poll_interval=0.02):
                kept = step(self.list_kept(now))
                rows = [{"id": u.id, "name": u.name, "changed": write_moment(u.changed)} for u in kept]
                replace_file(self.folder / _LIST, write_json(rows, indent=1, ascii_only=True))
                staying = {upload.id for upload in kept}
                for file in self.folder.iterdir():
                    if _ID.fullmatch(file.stem) and file.stem not in staying:
                        file.unlink(missing_ok=True)
        except OSError as error:
            return f"the folder of drafts cannot be written ({error})"
        return ""

    def _rows_of(self, id: str) -> Path:
        return self.folder / f"{id}.json"


def _read_row(kept: tuple[dict[str, str], tuple[str, int]]) -> tuple[dict[str, str], tuple[str, int]]:
    row, (file, line) = kept
    return {str(name): str(cell) for name, cell in row.items()}, (str(file), int(line))


def _read_moment(text: str) -> dt.datetime:
    return dt.datetime.strptime(text, MOMENT_FORMAT).replace(tzinfo=dt.UTC)
