"""Where the data folder lives, and the last good version of it that readers see."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from indicators.records.dataset import Dataset, Loaded, load_dataset
from indicators.records.ledger import stamp_folder
from indicators.records.problems import Problem, Report


def locate_data(option: str | None, environment: Mapping[str, str]) -> Path:
    """Return the data folder: the option, else the environment's ``TENSION_DATA``, else ``data``."""
    return Path(option or environment.get("TENSION_DATA") or "data")


@dataclass(frozen=True)
class Edition:
    """What readers see: the newest good version, and the problems of the folder as it stands now."""

    dataset: Dataset | None
    report: Report


class Shelf:
    """Keeps the newest good version of a folder, checked with ``further`` besides; every look notices a change of a file.

    Safe to share between threads.
    """

    def __init__(self, data: Path, further: Callable[[Dataset], list[Problem]] = lambda _: []) -> None:
        self.data = data
        self.further = further
        self._lock = threading.Lock()
        self._stamp: object = None
        self._edition = Edition(None, Report())

    def look(self) -> Edition:
        """Return the edition, read anew where a file has changed since the last look."""
        stamp = stamp_folder(self.data)
        with self._lock:
            if stamp != self._stamp or self._edition.dataset is None:
                loaded = self._load()
                # A save replaces several files, one after another: read again if it happened meanwhile.
                for _ in range(5):
                    again = stamp_folder(self.data)
                    if again == stamp:
                        break
                    stamp, loaded = again, self._load()
                self._edition = Edition(loaded.dataset or self._edition.dataset, loaded.report)
                self._stamp = stamp
            return self._edition

    def _load(self) -> Loaded:
        if not self.data.is_dir():
            absent = Problem(str(self.data), 0, "folder", "", "file-missing", "is absent — restore the data folder")
            return Loaded(Report([absent]), "", None)
        return load_dataset(self.data, self.further)
