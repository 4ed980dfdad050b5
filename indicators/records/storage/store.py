"""Where the data folder lives, and the last good version of it that readers see."""

import contextlib
import datetime as dt
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from filelock import FileLock

from indicators.records.dataset import Dataset, Further, Loaded, load_dataset
from indicators.records.folder import replace_file, stamp_folder
from indicators.records.problems import Problem, Report
from indicators.records.saving.save import save_submission
from indicators.records.saving.submission import (
    Conflict,
    Failed,
    Outcome,
    Queued,
    Refused,
    Saved,
    Submission,
    describe_submission,
)
from indicators.records.storage.git import PREFIX, Clone, GitError, PushRefusedError, parse_remote
from indicators.records.storage.queue import Queue, Waiting, short_digest

Clock = Callable[[], dt.datetime]

TRIES = 12
"""How often a save is applied anew to a remote that keeps moving on, before it waits in the queue."""

SAVE_SECONDS = 10.0
"""What a save may take in all, the wait for others included; what is not sent by then waits in the queue."""


def locate_data(location: str, state: Path) -> Path:
    """Return the data folder of a location: a path itself, or the folder in the clone that ``open_store`` makes."""
    return _place_clone(location, state).data if location.startswith(PREFIX) else Path(location)


@dataclass(frozen=True)
class Edition:
    """What readers see: the newest good version, and the problems of the folder as it stands now."""

    dataset: Dataset | None
    report: Report


class Shelf:
    """Keeps the newest good version of a folder, checked with ``further`` besides; every look notices a change of a file.

    Safe to share between threads.
    """

    def __init__(self, data: Path, further: Further = lambda _: []) -> None:
        self.data = data
        self.further = further
        self._lock = threading.Lock()
        self._stamp: object = None
        self._edition = Edition(None, Report())

    def look(self) -> Edition:
        """Return the edition, read anew where a file has changed since the last look, or where none was good yet."""
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
        if not os.path.isdir(self.data):
            absent = Problem(str(self.data), 0, "folder", "", "file-missing", "is absent — restore the data folder")
            return Loaded(Report([absent]), "", None)
        return load_dataset(self.data, self.further)


@dataclass(frozen=True)
class Status:
    """The state of a store: seconds since its remote was last reached (nothing: never, or no remote), what waits."""

    age: float | None = None
    waiting: tuple[Waiting, ...] = ()
    error: str = ""
    unreadable: tuple[str, ...] = ()
    """Names of queue files that could not be read and were set aside."""


class Store(Protocol):
    """Where the data live, for reading and saving."""

    @property
    def data(self) -> Path:
        """The folder that holds the files."""

    def look(self) -> Edition:
        """Return what readers see now."""

    def save(self, submission: Submission) -> Outcome:
        """Save a submission and say what became of it."""

    def status(self) -> Status:
        """Return how fresh the data are and what waits to be sent."""

    def refresh(self) -> None:
        """Read the remote anew and send what waits."""

    def discard(self, id: str) -> None:
        """Give up a waiting submission."""


class DirectoryStore:
    """Data in a directory of this machine."""

    def __init__(self, data: Path, further: Further, clock: Clock) -> None:
        self.data = data
        self._shelf = Shelf(data, further)
        self._clock = clock

    def look(self) -> Edition:
        """Return what readers see now."""
        return self._shelf.look()

    def save(self, submission: Submission) -> Outcome:
        """Save a submission and say what became of it."""
        return save_submission(self.data, submission, self._clock(), self._shelf.further)

    def status(self) -> Status:
        """Return that nothing waits: a directory has no remote."""
        return Status()

    def refresh(self) -> None:
        """Do nothing: there is no remote."""

    def discard(self, id: str) -> None:
        """Do nothing: nothing waits."""


class GitStore:
    """Data in a branch of a git repository: read from a clone, saved as commits that are pushed.

    A save is on the disk's queue before it is tried, and leaves it when the remote has it; so one that cannot be
    sent now is sent at a later look or save, by this process or the next. Safe to share between threads, and
    between processes with the same state folder.
    """

    def __init__(
        self,
        clone: Clone,
        further: Further,
        clock: Clock,
        refresh: float,
        pause: Callable[[int], None],
        start: Callable[[Callable[[], None]], None],
        emails: Mapping[str, str],
    ) -> None:
        self.data = clone.data
        self.queue = Queue(clone.path.parent / "queue")
        self._clone = clone
        self._shelf = Shelf(clone.data, further)
        self._clock = clock
        self._refresh = refresh
        self._pause = pause
        self._start = start
        self._emails = emails
        self._tried: dt.datetime | None = None
        self._reached_file = clone.path.parent / "reached"
        self._error = ""

    def look(self) -> Edition:
        """Return what readers see now; a refresh that is due is started, and not waited for."""
        now = self._clock()
        if self._tried is None or (now - self._tried).total_seconds() >= self._refresh:
            self._tried = now
            self._start(self.refresh)
        if not self._clone.exists:
            where = f"git remote, branch {self._clone.remote.branch}"  # readers need not know the address
            why = f"cannot be read — {self._error or 'git is fetching it for the first time'}"
            return Edition(None, Report([Problem(where, 0, "remote", "", "remote", why)]))
        return self._shelf.look()

    def refresh(self) -> None:
        """Fetch the remote's state and send what waits; what fails is told by ``status``."""
        self._tried = self._clock()
        try:
            with self._lock(0), self._clone.within(self._clone.seconds):
                self._update()
                self._drain(None)
        except TimeoutError:  # another thread or process is at it
            return
        except (OSError, GitError) as error:
            self._error = str(error)

    def save(self, submission: Submission) -> Outcome:
        """Save a submission and say what became of it; ``Queued`` where the remote cannot be reached now."""
        try:
            self.queue.add(submission, self._clock())
        except OSError as error:
            return Failed(f"The queue of unsent saves could not be written ({error}). Nothing was changed.")
        over = time.monotonic() + SAVE_SECONDS
        try:
            with self._lock(SAVE_SECONDS / 2), self._clone.within(over - time.monotonic()):
                outcome = self._try_save(submission.id)
        except TimeoutError:
            outcome = None
        except (OSError, GitError) as error:
            self._error = str(error)
            outcome = None
        why = self._error or "other saves are being sent"
        return outcome or Queued(f"Your rows are kept on this machine and will be sent later: {why}")

    def status(self) -> Status:
        """Return how fresh the data are and what waits to be sent."""
        try:
            age = self._clock().timestamp() - float(self._reached_file.read_text(encoding="ascii"))
        except (OSError, ValueError):
            age = None
        return Status(age, tuple(self.queue.waiting()), self._error, tuple(self.queue.unreadable()))

    def discard(self, id: str) -> None:
        """Give up a waiting submission."""
        self.queue.remove(id)

    def _lock(self, seconds: float) -> FileLock:
        self._clone.path.parent.mkdir(parents=True, exist_ok=True)
        return FileLock(self._clone.path.parent / "lock", timeout=seconds, poll_interval=0.02)

    def _update(self) -> None:
        if self._clone.exists:
            try:
                self._clone.fetch()
                self._clone.reset()
            except GitError:
                if self._clone.is_sound():
                    raise
                self._clone.renew()
        else:
            self._clone.create()
        self._note_reached()

    def _note_reached(self) -> None:
        # A file, so that the age outlives this process and is one for all that share the clone.
        self._error = ""
        with contextlib.suppress(OSError):
            replace_file(self._reached_file, f"{self._clock().timestamp():.0f}".encode())

    def _try_save(self, id: str) -> Outcome | None:
        if not self._clone.exists:
            self._update()
        try:
            return self._drain(id)
        except GitError:
            if self._clone.is_sound():
                raise
            self._clone.renew()
            return self._drain(id)

    def _drain(self, own: str | None) -> Outcome | None:
        """Send what waits, oldest first, until the remote does not answer; return what became of one's own."""
        found: Outcome | None = None
        self._clone.reset()
        for submission in self.queue.pending():
            outcome = self._send(submission, submission.id == own)
            if isinstance(outcome, Queued):
                break
            if submission.id == own:
                found = outcome
            if isinstance(outcome, Saved) or submission.id == own:
                self.queue.remove(submission.id)
            elif isinstance(outcome, Refused | Conflict):
                self.queue.give_back(submission.id, _explain(outcome))
        return found

    def _send(self, submission: Submission, own: bool) -> Outcome:
        for attempt in range(TRIES):
            now = self._clock()
            outcome = save_submission(self.data, submission, now, self._shelf.further)
            if isinstance(outcome, Saved):
                if outcome.already:
                    return outcome
                email = self._emails.get(submission.author, f"{submission.author}@localhost")
                message = describe_submission(submission)
                self._clone.commit(outcome.files, message, submission.author, email, now)
                try:
                    if self._clone.push():
                        self._note_reached()
                        return outcome
                except PushRefusedError as refusal:
                    self._error = f"the remote did not take it: {refusal}"
                    self._clone.reset()
                    return Queued(self._error)
                except GitError as error:
                    self._error = f"the remote cannot be reached ({error})"
                    return Queued(self._error)
                self._pause(attempt)
            try:
                self._clone.fetch()
            except GitError as error:
                self._error = f"the remote cannot be reached ({error})"
                self._clone.reset()
                # Its author is told at once what is wrong with it; others' rows wait for the remote's newest state.
                return outcome if own and not isinstance(outcome, Saved) else Queued(self._error)
            if not isinstance(outcome, Saved) and not self._clone.moved():
                return outcome
            self._clone.reset()
        self._error = "the remote took no commit, though it can be reached"
        return Queued(self._error)


def open_store(
    location: str,
    state: Path,
    further: Further = lambda _: [],
    *,
    clock: Clock = lambda: dt.datetime.now(dt.UTC),
    refresh: float = 60,
    pause: Callable[[int], None] | None = None,
    start: Callable[[Callable[[], None]], None] | None = None,
    emails: Mapping[str, str] | None = None,
) -> DirectoryStore | GitStore:
    """Return the store at a location: a path, or ``git+https://host/repository#branch`` with its clone under ``state``.

    ``refresh``: seconds between fetches; ``pause`` waits before a further try at a remote that has moved on, ``start``
    runs a refresh beside the reading; ``emails`` are coders' addresses for commits. A remote that cannot be reached
    is told by ``status``. ``ValueError`` for a location that is not understood.
    """
    if not location.startswith(PREFIX):
        return DirectoryStore(Path(location), further, clock)
    clone = _place_clone(location, state)
    store = GitStore(clone, further, clock, refresh, pause or _wait, start or _run_beside, emails or {})
    if not clone.exists:
        clone.seconds, patience = min(clone.seconds, SAVE_SECONDS), clone.seconds
        store.refresh()
        clone.seconds = patience
    return store


def _place_clone(location: str, state: Path) -> Clone:
    return Clone(parse_remote(location), state / short_digest(location) / "clone")


def _run_beside(work: Callable[[], None]) -> None:
    threading.Thread(target=work, daemon=True).start()


def _wait(attempt: int) -> None:
    # A random share of a growing span: replicas that collided once do not collide again.
    time.sleep(os.urandom(1)[0] / 256 * min(0.05 * 2**attempt, 3))


def _explain(outcome: Refused | Conflict) -> str:
    if isinstance(outcome, Refused):
        return outcome.report.as_text()
    return "Other rows were recorded meanwhile for the same indicator or question, coder and date."
