"""Drafts: what a coder has typed and not saved, kept on the server's disk so that it outlasts session and restart.

They stand beside the queue of unsent saves, never among the data. One file for each coder, which other browsers of the
same coder read and write as well.
"""

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path

from filelock import FileLock

from indicators.records.encoding import write_json
from indicators.records.folder import replace_file
from indicators.records.storage.queue import short_digest

Fields = dict[str, str]

MOST_DRAFTS = 200
"""Drafts of a coder; where there are more, the one that was changed longest ago goes."""

LONGEST_DRAFT = 12_000
"""Characters of all fields of a draft: several times what a valid one can hold."""

LOCK_SECONDS = 5

_CODER = "coder"


class Drafts:
    """The drafts in a folder, by coder, quarter (its last day) and name, such as the indicator."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, coder: str, quarter: str) -> dict[str, Fields]:
        """Return the fields of a coder's drafts of a quarter, by name; a file that cannot be read holds none."""
        return {name: fields for (of, name), fields in self._load(coder).items() if of == quarter}

    def note(self, coder: str, quarter: str, name: str, fields: Mapping[str, str]) -> str:
        """Keep some fields of a draft beside its others, and return why they could not be kept, or an empty text.

        A blank field is no longer part of it, and a draft without fields is none.
        """
        return self._change(coder, quarter, name, fields, again=False)

    def discard(self, coder: str, quarter: str, name: str) -> str:
        """Forget a draft, and return why that failed, or an empty text."""
        return self._change(coder, quarter, name, {}, again=True)

    def read_coder(self) -> str:
        """Return who was said to score on this machine; empty where nobody was."""
        try:
            return (self.folder / _CODER).read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            return ""

    def note_coder(self, coder: str) -> None:
        """Note who scores on this machine; a folder that cannot be written means that it is asked again."""
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            replace_file(self.folder / _CODER, coder.encode())

    def _change(self, coder: str, quarter: str, name: str, fields: Mapping[str, str], again: bool) -> str:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self._path(coder).with_suffix(".lock"), timeout=LOCK_SECONDS, poll_interval=0.02):
                kept = self._load(coder)
                before = kept.pop((quarter, name), {})
                after = {} if again else {key: text for key, text in {**before, **fields}.items() if text}
                if sum(map(len, after.values())) > LONGEST_DRAFT:
                    return f"a draft holds up to {LONGEST_DRAFT:,} characters"
                if after:
                    kept[quarter, name] = after
                newest = list(kept.items())[-MOST_DRAFTS:]
                rows = [{"quarter": of, "name": about, "fields": held} for (of, about), held in newest]
                replace_file(self._path(coder), write_json(rows, indent=1, ascii_only=True))
        except OSError as error:
            return f"the folder of drafts cannot be written ({error})"
        return ""

    def _path(self, coder: str) -> Path:
        return self.folder / f"{short_digest(coder)}.json"

    def _load(self, coder: str) -> dict[tuple[str, str], Fields]:
        try:
            return {
                (str(row["quarter"]), str(row["name"])): {str(k): str(v) for k, v in row["fields"].items()}
                for row in json.loads(self._path(coder).read_bytes())
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}


def place_drafts(location: str, state: Path) -> Path:
    """Return the folder of the drafts for the data at a location."""
    whole = location if "://" in location else str(Path(location).absolute())
    return state / short_digest(whole) / "drafts"
