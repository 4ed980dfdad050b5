"""A bare repository with the tiny folder, and what a colleague does to it with a plain git client."""

import datetime as dt
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from indicators.records.saving.submission import Outcome
from indicators.records.storage.store import GitStore
from tests.submissions import NOW, ROW, hand_in

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


def set_hook(bare: Path, text: str, name: str = "pre-receive") -> Path:
    """Let the remote run a shell script when commits come."""
    path = bare / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def reach_over_ssh(bare: Path, home: Path) -> tuple[str, Path, dict[str, str]]:
    """A location as over ssh, a file, and variables for git.

    While the file is there, the remote takes connections and says nothing; who tries leaves a file ending in `.met`.
    """
    script, hangs = home / "ssh", home / "hangs"
    waits = f"while [ -e {hangs} ]; do touch {hangs}.met; sleep 0.1; done"
    script.write_text(f'#!/bin/sh\n{waits}\nfor last; do :; done\neval "$last"\n')
    script.chmod(0o755)
    variables = {"GIT_SSH_COMMAND": str(script), "GIT_SSH_VARIANT": "simple"}
    return f"git+ssh://host{bare}#main:data", hangs, variables


def save_at_once(store: GitStore) -> list[Outcome]:
    """Let two editors save a row each at the same time, and return what became of each."""
    with ThreadPoolExecutor(2) as editors:
        return list(editors.map(lambda coder: store.save(hand_in(ROW, author=coder, id=coder)), ("c1", "c2")))
