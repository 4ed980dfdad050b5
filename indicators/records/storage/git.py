"""Git, as far as the data need it: a clone that follows one branch of a remote, and commits that are pushed to it."""

import contextlib
import datetime as dt
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from indicators.records.errors import IndicatorsError
from indicators.records.folder import replace_file

PREFIX = "git+"
PROTOCOLS = ("https", "ssh", "file")

_SETTINGS = {
    "core.hooksPath": "/dev/null",  # nothing that came with the data is run
    "core.fsmonitor": "false",
    "core.symlinks": "false",  # a link in the data is a file with its target's name, never a way out of the clone
    "core.autocrlf": "false",
    "core.attributesFile": "/dev/null",
    "core.quotePath": "false",
    "commit.gpgSign": "false",
    "submodule.recurse": "false",
    "fetch.recurseSubmodules": "false",
    "gc.autoDetach": "false",
    "protocol.allow": "never",
    "credential.interactive": "false",
    "http.lowSpeedLimit": "1000",
    "http.lowSpeedTime": "20",
    "advice.detachedHead": "false",
}
_LOCK_AGE = 5  # seconds; git works on these small files for a fraction of one
_SECRET = re.compile(r"(?<=//)[^/@\s]+@")
_RACE = re.compile(r"cannot lock ref|failed to update ref|incorrect old value|reference already exists", re.IGNORECASE)
_TROUBLE = re.compile(r"\((unpacker error|internal server error)", re.IGNORECASE)
_LASTING = re.compile(
    r"couldn't find remote ref|repository '[^']*' not found|^(remote: )?ERROR: |authentication failed"
    r"|could not read (username|password)|permission denied \(|host key verification failed|certificate"
    r"|returned error: 40[134]",
    re.IGNORECASE | re.MULTILINE,
)
_GUARD = """
exec 3<&0 </dev/null
{ read _ <&3; kill -9 0; } >/dev/null 2>&1 &
"$@" 3<&-
status=$?
exec 2>/dev/null
kill -9 $!
wait $!
exit $status
"""
# Run by sh around git on Linux: standard input is a pipe that only the server's process holds open, and closes however
# it ends. Then git and all that it has started, which are one group with this shell, are killed.


class GitError(IndicatorsError):
    """Git could not do something; the message holds no credentials."""


class RemoteError(GitError):
    """The remote could not be reached, or has no room for more now."""


class OutOfTimeError(RemoteError):
    """Git did not end in the time that it had."""


class LocationError(RemoteError):
    """There is no such repository or branch, or the remote does not let this machine in: waiting does not help."""


class PushRefusedError(GitError):
    """The remote can be reached and will not take the commit: a protected branch, a hook."""


@dataclass(frozen=True)
class Remote:
    """Where data live in git: the repository's address, the branch, and the folder in it."""

    url: str
    branch: str
    folder: str

    @property
    def protocol(self) -> str:
        """How the repository is reached: https, ssh or file."""
        return urlsplit(self.url).scheme


def parse_remote(location: str) -> Remote:
    """Return the parts of ``git+https://host/repository#branch``; ``#branch:folder`` where the data are in a folder.

    ``ValueError`` for another protocol, a password in the address, or no branch. Credentials belong in git's own
    configuration, where no log shows them.
    """
    url, _, fragment = location.removeprefix(PREFIX).partition("#")
    branch, _, folder = fragment.partition(":")
    if not url.isprintable() or not fragment.isprintable() or " " in location:
        raise ValueError("a git location must not contain spaces or invisible characters")
    parts = urlsplit(url)
    if not location.startswith(PREFIX) or parts.scheme not in PROTOCOLS:
        raise ValueError(f"a git location starts with {', '.join(f'{PREFIX}{p}://' for p in PROTOCOLS)}")
    if parts.password or (parts.username and parts.scheme == "https"):
        raise ValueError(
            "a git location must not contain credentials — put them in git's configuration (credential.helper)"
        )
    if parts.query:
        raise ValueError(
            "a git location must not contain a query — a token belongs in git's configuration (credential.helper)"
        )
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._/-]*", branch) or ".." in branch or branch.endswith((".lock", "/")):
        raise ValueError("a git location names its branch, as in git+https://host/repository#main")
    if folder.startswith("/") or {".."} & {*PurePosixPath(folder).parts} or ".git" in folder.lower().split("/"):
        raise ValueError("the folder of a git location is one inside the repository")
    return Remote(url, branch, folder)


class Clone:
    """A clone of a remote's branch; its working tree is only ever the remote's state, or that and one commit more.

    Not safe to share between threads or processes: the store that owns it holds a lock.
    """

    def __init__(self, remote: Remote, path: Path, seconds: float = 30) -> None:
        self.remote = remote
        self.path = path
        self.seconds = seconds
        self._deadline: float | None = None
        self._upstream = f"refs/remotes/origin/{remote.branch}"

    @property
    def data(self) -> Path:
        """The data folder in the working tree."""
        return self.path / self.remote.folder

    @property
    def exists(self) -> bool:
        """Whether the remote has been cloned."""
        return (self.path / ".git" / "index").is_file()

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Give all that git does inside the ``with`` so many seconds together; ``GitError`` once they are over."""
        self._deadline = time.monotonic() + seconds
        try:
            yield
        finally:
            self._deadline = None

    def is_sound(self) -> bool:
        """Return whether the clone holds together: its references, its index and all objects of its commit."""
        try:
            for check in (("rev-parse", "--verify", f"{self._upstream}^{{tree}}"), ("fsck", "--connectivity-only")):
                self._git(*check)
            self._git("status", "--porcelain", "--untracked-files=no")
            return self._git("config", "remote.origin.url").strip() == self.remote.url
        except GitError:
            return False

    def renew(self) -> None:
        """Clone again beside a damaged clone and put it in its place; ``GitError`` leaves the damaged one."""
        fresh = Clone(self.remote, self.path.with_name(f"{self.path.name}.new"), self.seconds)
        fresh._deadline = self._deadline
        spent = self.path.with_name(f"{self.path.name}.old")
        for left in (fresh.path, spent):
            shutil.rmtree(left, ignore_errors=True)
        fresh.create()
        if self.path.exists():
            self.path.rename(spent)
        fresh.path.rename(self.path)
        shutil.rmtree(spent, ignore_errors=True)

    def create(self) -> None:
        """Clone the remote; ``RemoteError`` where it cannot be reached or has no such branch."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        for step in (
            ("init", "--quiet", f"--initial-branch={self.remote.branch}", "--template=", str(self.path)),
            ("-C", str(self.path), "config", "remote.origin.url", self.remote.url),
        ):
            self._run(step, self.path.parent)
        self.fetch()
        self.reset()

    def fetch(self) -> None:
        """Learn the state of the remote's branch; ``RemoteError`` where it cannot be reached."""
        spec = f"+refs/heads/{self.remote.branch}:{self._upstream}"
        fetch = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "origin", spec)
        status, _, err = self._attempt(fetch, self.path)
        if status:
            raise self._name_failure(err, status)

    def reset(self) -> None:
        """Make the working tree the state of the remote as last fetched."""
        self._clear_locks()
        self._git("reset", "--quiet", "--hard", self._upstream)

    def moved(self) -> bool:
        """Return whether the remote as last fetched has another state than the working tree's commit."""
        return self._git("rev-parse", "--verify", "HEAD") != self._git("rev-parse", "--verify", self._upstream)

    def commit(self, files: Iterable[str], message: str, author: str, email: str, now: dt.datetime) -> None:
        """Commit some files of the data folder, with the message as it is."""
        names = [str(PurePosixPath(self.remote.folder) / file) for file in files]
        who = {"NAME": author, "EMAIL": email, "DATE": f"{int(now.timestamp())} +0000"}
        people = {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER") for part, value in who.items()}
        self._git("add", "--", *names)
        file = self.path / ".git" / "MESSAGE"
        replace_file(file, message.encode())
        said = ("--cleanup=verbatim", f"--file={file.absolute()}")
        self._run(("commit", "--quiet", "--no-verify", *said), self.path, people)

    def push(self) -> bool:
        """Send the commit; ``False`` where the remote has another state than the one it was made on.

        That holds for a branch that was set back as well: what others removed is not sent again. ``PushRefusedError`` with
        the remote's own sentence where it takes no commit; ``RemoteError`` where it cannot be reached or does not answer.
        """
        branch = f"refs/heads/{self.remote.branch}"
        expected = self._git("rev-parse", "--verify", self._upstream).strip()
        lease = f"--force-with-lease={branch}:{expected}"
        status, out, err = self._attempt(("push", "--porcelain", lease, "origin", f"HEAD:{branch}"), self.path)
        if status:
            line = next((line for line in out.splitlines() if line.startswith("!")), "")
            if "[rejected]" in line or (line and _RACE.search(f"{line} {err}")):
                return False
            if "[remote rejected]" in line and not _TROUBLE.search(line):
                said = " ".join(part.strip() for part in re.findall(r"^remote:(.*)$", err, re.MULTILINE))
                raise PushRefusedError(_clean(said or line.rpartition("\t")[2]))
            raise self._name_failure(err, status)
        self._git("update-ref", self._upstream, "HEAD")
        return True

    def _name_failure(self, err: str, status: int) -> RemoteError:
        lasting = _LASTING.search(err)
        # A folder that is not there may be one that is not mounted now.
        if self.remote.protocol != "file":
            lasting = lasting or re.search("does not appear to be a git repository", err)
        return (LocationError if lasting else RemoteError)(_clean(err) or f"git ended with status {status}")

    def _clear_locks(self) -> None:
        # Git that is killed leaves its lock files; nobody else works in this clone.
        for lock in (self.path / ".git").rglob("*.lock"):
            with contextlib.suppress(FileNotFoundError):
                if time.time() - lock.stat().st_mtime > _LOCK_AGE:
                    lock.unlink()

    def _git(self, *arguments: str) -> str:
        return self._run(arguments, self.path)

    def _run(self, arguments: Iterable[str], folder: Path, more: Mapping[str, str] | None = None) -> str:
        status, out, err = self._attempt(arguments, folder, more)
        if status:
            raise GitError(_clean(err) or f"git ended with status {status}")
        return out

    def _attempt(
        self, arguments: Iterable[str], folder: Path, more: Mapping[str, str] | None = None
    ) -> tuple[int, str, str]:
        """Run git and return its status and what it printed; ``OutOfTimeError`` where it does not end in time."""
        seconds = self.seconds if self._deadline is None else min(self.seconds, self._deadline - time.monotonic())
        if seconds <= 0:
            raise OutOfTimeError("the time for it is over")
        program = shutil.which("git")
        if program is None:
            raise GitError("git is not installed on this machine")
        settings = {**_SETTINGS, f"protocol.{self.remote.protocol}.allow": "always"}
        command = [program, *(part for name, value in settings.items() for part in ("-c", f"{name}={value}"))]
        environment = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
        environment |= {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", **(more or {})}
        # Where the clone is damaged, git must not take a repository around the state folder for it.
        environment["GIT_CEILING_DIRECTORIES"] = os.path.realpath(folder.parent)
        with _hold_open() as (guard, lifeline):
            # A session of its own: no terminal to ask for a password on, and one group to end when time is up.
            process = subprocess.Popen(  # noqa: S603 - no argument is taken from the data
                [*guard, *command, *arguments],
                cwd=folder,
                env=environment,
                stdin=lifeline,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
            try:
                out, err = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired as error:
                _end(process)
                raise OutOfTimeError(f"git did not finish within {seconds:.0f} seconds") from error
        return process.returncode, out.decode(errors="replace"), err.decode(errors="replace")


def _clean(said: str) -> str:
    return " ".join(_SECRET.sub("", said).split())[:300]


@contextlib.contextmanager
def _hold_open() -> Iterator[tuple[tuple[str, ...], int]]:
    """What stands before git in its command and what is its standard input, so that it ends with this process."""
    if sys.platform != "linux":
        yield (), subprocess.DEVNULL
        return
    reading, writing = os.pipe()
    try:
        yield ("/bin/sh", "-c", _GUARD, "sh"), reading
    finally:
        os.close(reading)
        os.close(writing)


_FOREIGN = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_NAMESPACE")
"""Variables that would point git at another repository, as inside a hook."""


def _end(process: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe:  # not read to its end, which a process outside the group could keep from coming
            pipe.close()
