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
from indicators.records.saving.save import find_saved, save_submission
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
from indicators.records.storage.git import (
    PREFIX,
    Clone,
    GitError,
    LocationError,
    OutOfTimeError,
    PushRefusedError,
    RemoteError,
    parse_remote,
)
from indicators.records.storage.queue import Pending, Queue, Waiting, short_digest

Clock = Callable[[], dt.datetime]

TRIES = 12
"""How often a save is applied again to a remote that keeps moving on, before it waits in the queue."""

SAVE_SECONDS = 8.0
"""What a save may take in all, the wait for others included; what is not sent by then waits in the queue."""

CLONE_SECONDS = 15.0
"""How long after a first clone that failed the next look tries again, where later fetches are further apart."""

_RESET_SECONDS = 5.0

_LOCATION = "location"
"""File beside a clone and its queue that names their location, of which the folder's name is a digest."""

_KEPT = "Your rows are kept on this machine"


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
        self._checked: Loaded | None = None

    def keep(self, checked: Loaded) -> None:
        """Take over what a save has checked: the next look that finds these very bytes does not check them again."""
        self._checked = checked

    @property
    def last(self) -> Edition:
        """The edition of the last look, without a look now."""
        return self._edition

    def look(self) -> Edition:
        """Return the edition, read again where a file has changed since the last look, or where none was good yet."""
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
                self._stamp, self._checked = stamp, None
            return self._edition

    def _load(self) -> Loaded:
        if not os.path.isdir(self.data):
            absent = Problem(str(self.data), 0, "folder", "", "file-missing", "is absent — restore the data folder")
            return Loaded(Report([absent]), "", None)
        return load_dataset(self.data, self.further, self._checked)


@dataclass(frozen=True)
class Elsewhere:
    """Saves that wait on this machine for another location than the one in use; its queue's folder, if it is unknown."""

    location: str
    count: int


@dataclass(frozen=True)
class Status:
    """The state of a store: seconds since its remote was last reached (nothing: never, or no remote), what waits."""

    age: float | None = None
    waiting: tuple[Waiting, ...] = ()
    error: str = ""
    unreadable: tuple[str, ...] = ()
    """Names of queue files that could not be read and were set aside."""
    elsewhere: tuple[Elsewhere, ...] = ()


class Store(Protocol):
    """Where the data live, for reading and saving."""

    @property
    def data(self) -> Path:
        """The folder that holds the files."""

    def look(self) -> Edition:
        """Return what readers see now."""

    def save(self, submission: Submission) -> Outcome:
        """Save a submission and return the outcome."""

    def status(self) -> Status:
        """Return how fresh the data are and what waits to be sent."""

    def refresh(self) -> None:
        """Read the remote again and send what waits."""

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
        """Save a submission and return the outcome."""
        return save_submission(self.data, submission, self._clock(), self._shelf.further, keep=self._shelf.keep)

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
    sent now is sent at a later look or save, by this process or the next. One that the remote will not take comes
    back to its author, and those behind it go on. Safe to share between threads, and between processes with the
    same state folder.
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
        location: str,
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
        self._location = location
        self._tried: dt.datetime | None = None
        self._sending = False
        self._reached_file = clone.path.parent / "reached"
        self._error = ""

    def look(self) -> Edition:
        """Return what readers see now; a refresh that is due is started, and not waited for."""
        now = self._clock()
        every = self._refresh if self._clone.exists else min(self._refresh, CLONE_SECONDS)
        if self._tried is None or (now - self._tried).total_seconds() >= every:
            self._tried = now
            self._start(self.refresh)
        if not self._clone.exists:
            # Readers need not know the address.
            problem = Problem(self._name_remote(), 0, "remote", "", "remote", self._explain_absence())
            return Edition(None, Report([problem]))
        if self._sending and self._shelf.last.dataset is not None:
            return self._shelf.last  # the files hold rows that the remote may never take
        return self._shelf.look()

    def _name_remote(self) -> str:
        return f"git remote, branch {self._clone.remote.branch}"

    def _explain_absence(self) -> str:
        if self._error:
            return f"cannot be read — {self._error.rstrip('.')}"
        return "has not answered yet — git is fetching it for the first time"

    def refresh(self) -> None:
        """Fetch the remote's state and send what waits; what fails is told by ``status``."""
        self._tried = self._clock()
        try:
            with self._lock(0), self._clone.within(self._clone.seconds):
                self._update()
                self._drain()
        except TimeoutError:  # another thread or process is at it
            return
        except (OSError, GitError) as error:
            self._error = str(error)

    def save(self, submission: Submission) -> Outcome:
        """Save a submission and return the outcome; ``Queued`` where the remote cannot be reached now.

        ``Failed`` where the remote has never been read: nothing could be checked, and the location may be wrong.
        """
        over = time.monotonic() + SAVE_SECONDS
        self._await_clone()
        if not self._clone.exists:
            return Failed(f"The {self._name_remote()}, {self._explain_absence()}. Nothing was saved.")
        try:
            with self._lock(SAVE_SECONDS / 2), self._clone.within(over - time.monotonic()):
                if isinstance(fresh := self._keep(submission), Failed):
                    return fresh
                return self._try_save(submission.id, fresh) or Queued(f"{_KEPT}, but the queue cannot be read")
        except TimeoutError:
            if isinstance(fresh := self._keep(submission), Failed):
                return fresh
            why = "another save or fetch is under way"
        except (OSError, GitError) as error:
            why = self._error = str(error)
        return Queued(f"{_KEPT} and will be sent later: {why}")

    def _await_clone(self) -> None:
        """Wait for a first clone, by another process too, for half of what a save may take."""
        if self._clone.exists:
            return
        try:
            with self._lock(SAVE_SECONDS / 2), self._clone.within(SAVE_SECONDS / 2):
                if not self._clone.exists:
                    self._update()
        except TimeoutError:  # another process is still at it
            return
        except (OSError, GitError) as error:
            self._error = str(error)

    def _keep(self, submission: Submission) -> bool | Failed:
        """Put a submission on the queue, under the lock where there is time: before, another save could send it."""
        try:
            return self.queue.add(submission, self._clock())
        except OSError as error:
            return Failed(f"The queue of unsent saves could not be written ({error}). Nothing was changed.")

    def status(self) -> Status:
        """Return how fresh the data are and what waits to be sent."""
        try:
            age = self._clock().timestamp() - float(self._reached_file.read_text(encoding="ascii"))
        except (OSError, ValueError):
            age = None
        waiting, unreadable = tuple(self.queue.waiting()), tuple(self.queue.unreadable())
        return Status(
            age, waiting, self._error, unreadable, find_elsewhere(self._clone.path.parents[1], self._location)
        )

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
            except OutOfTimeError:
                raise
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

    def _try_save(self, id: str, fresh: bool) -> Outcome | None:
        try:
            return self._drain(id, fresh)
        except RemoteError:
            raise
        except GitError:
            if self._clone.is_sound():
                raise
            self._clone.renew()
            return self._drain(id, fresh)

    def _drain(self, own: str = "", fresh: bool = False) -> Outcome | None:
        """Send what waits, oldest first, up to one's own, and return the outcome.

        Ends where the remote does not answer, so that saves reach it in their order. ``fresh``: one's own was not
        waiting before.
        """
        self._clone.reset()
        for pending in self.queue.pending():
            id = pending.submission.id
            try:
                self._sending = True
                outcome = self._send(pending, id == own)
            except RemoteError as error:
                return self._note_failure(error)
            finally:
                self._sending = False
            if isinstance(outcome, Queued):
                self.queue.give_back(id, f"The remote rejected it: {outcome.refusal}")
            elif isinstance(outcome, Saved) or (id == own and fresh):  # what waited before, its author has only here
                self.queue.remove(id)
            elif isinstance(outcome, Refused | Conflict):
                self.queue.give_back(id, _explain(outcome))
            if id == own:
                return outcome
        return None

    def _send(self, pending: Pending, own: bool) -> Outcome:
        """Save a submission and push it; ``Queued`` where the remote will not take it, ``RemoteError`` where it is away."""
        submission = pending.submission
        if pending.sent:  # and no answer was heard: the remote may have the rows, and others on top of them
            self._clone.fetch()
            self._clone.reset()
        for attempt in range(TRIES):
            now = self._clock()
            found = find_saved(self.data, submission, pending.sent)
            outcome = found or save_submission(self.data, submission, now, self._shelf.further, keep=self._shelf.keep)
            fresh = isinstance(outcome, Saved) and not outcome.already
            if isinstance(outcome, Saved) and fresh:
                self.queue.note_sending(submission.id, outcome.recorded)
                email = self._emails.get(submission.author, f"{submission.author}@localhost")
                self._clone.commit(outcome.files, describe_submission(submission), submission.author, email, now)
                try:
                    if self._clone.push():
                        self._note_reached()
                        return outcome
                except PushRefusedError as refusal:
                    self._clone.reset()
                    kept = f"{_KEPT} until you send them again, change or discard them"
                    return Queued(f"The remote rejected your rows: {str(refusal).rstrip('.')}. {kept}.", str(refusal))
                self._pause(attempt)
            try:
                self._clone.fetch()
            except RemoteError:
                # Its author is told at once what is known of it; others' rows wait for the remote's newest state.
                if own and not fresh:
                    return outcome
                raise
            if not fresh and not self._clone.moved():
                return outcome
            self._clone.reset()
        raise RemoteError("it accepted no commit in many tries")

    def _note_failure(self, error: RemoteError) -> Queued:
        """Take the row that could not be sent out of what readers see, and say that it waits."""
        self._error = f"the remote cannot be reached ({error})"
        with contextlib.suppress(GitError), self._clone.within(_RESET_SECONDS):
            self._clone.reset()
        return Queued(f"{_KEPT} and will be sent later: {self._error}", _tell_lasting(error))


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
    patience: float = 60,
) -> DirectoryStore | GitStore:
    """Return the store at a location: a path, or ``git+https://host/repository#branch`` with its clone under ``state``.

    ``refresh``: seconds between fetches; ``pause`` waits before a further try at a remote that has moved on, ``start``
    runs a refresh beside the reading; ``emails`` are coders' addresses for commits. A first clone is waited for for
    ``patience`` seconds, and goes on. A remote that cannot be reached is told by ``status``. ``ValueError`` for a
    location that is not understood.
    """
    if not location.startswith(PREFIX):
        return DirectoryStore(Path(location), further, clock)
    clone = _place_clone(location, state)
    store = GitStore(clone, further, clock, refresh, pause or _wait, start or _run_beside, emails or {}, location)
    if not clone.exists:
        with contextlib.suppress(OSError):  # a state folder that cannot be written is told by the clone
            clone.path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(clone.path.with_name(_LOCATION), location.encode())
        first = threading.Thread(target=store.refresh, daemon=True)
        first.start()
        first.join(patience)
    return store


def find_elsewhere(state: Path, location: str) -> tuple[Elsewhere, ...]:
    """Return what waits on this machine for other locations than this one, as after a change of ``TENSION_DATA``."""
    found = []
    for folder in sorted(state.glob("*/queue")):
        if folder.parent.name != short_digest(location) and (count := len(Queue(folder).waiting())):
            try:
                name = folder.with_name(_LOCATION).read_text(encoding="utf-8")
            except (OSError, ValueError):
                name = str(folder)
            found.append(Elsewhere(name, count))
    return tuple(found)


def _place_clone(location: str, state: Path) -> Clone:
    return Clone(parse_remote(location), state / short_digest(location) / "clone")


def _run_beside(work: Callable[[], None]) -> None:
    threading.Thread(target=work, daemon=True).start()


def _wait(attempt: int) -> None:
    # A random share of a growing span: replicas that collided once do not collide again.
    time.sleep(os.urandom(1)[0] / 256 * min(0.05 * 2**attempt, 3))


def _tell_lasting(error: Exception) -> str:
    return str(error) if isinstance(error, LocationError) else ""


def _explain(outcome: Refused | Conflict) -> str:
    if isinstance(outcome, Refused):
        return outcome.report.as_text()
    return (
        "Other rows were recorded meanwhile for the same indicator or question, coder and date, or the row was changed."
    )
