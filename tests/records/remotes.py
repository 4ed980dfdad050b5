"""A bare repository with the tiny folder, and what a colleague does to it with a plain git client."""

import datetime as dt
import subprocess
from collections.abc import Callable
from pathlib import Path

from indicators.records.storage.store import GitStore
from tests.submissions import NOW

MILITARY, CYBER, EVENTS = "scores/military.csv", "scores/cyber.csv", "events.csv"

Open = Callable[..., GitStore]
"""Opens a store on a clone of its own, by the clone's name."""


def git(folder: Path, *arguments: str) -> str:
    people = ("-c", "user.name=Colleague", "-c", "user.email=colleague@example.org")
    return subprocess.run(["git", *people, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


class Clock:
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> dt.datetime:
        return self.now


def on_remote(bare: Path, name: str = MILITARY) -> str:
    return git(bare, "show", f"main:data/{name}")


def edit(bare: Path, tmp_path: Path, name: str, change: Callable[[str], str]) -> None:
    """A colleague's change with a plain git client."""
    desk = tmp_path / "desk"
    if not desk.exists():
        git(tmp_path, "clone", "--quiet", str(bare), "desk")
    git(desk, "pull", "--quiet")
    path = desk / "data" / name
    path.write_text(change(path.read_text()))
    git(desk, "commit", "--quiet", "--all", "--message=By hand")
    git(desk, "push", "--quiet")


def make_bare(home: Path, bare: Path, write: Callable[[Path], Path]) -> Path:
    """Make a bare repository whose branch main has a folder in data/, as ``write`` makes it."""
    source = home / "source"
    write(source / "data")
    (source / "data/.lock").unlink(missing_ok=True)
    git(source, "init", "--quiet", "--initial-branch=main")
    git(source, "add", ".")
    git(source, "commit", "--quiet", "--message=First")
    git(home, "clone", "--quiet", "--bare", str(source), str(bare))
    return bare
