"""A process that saves, and what of some processes still runs, as the system tells it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path


def list_group(group: int) -> list[int]:
    """The running processes of a group."""
    return [pid for pid, state, its_group in _list() if its_group == group and state not in "ZX"]


def group_of(process: int) -> int:
    """The group of a process."""
    return next(group for pid, _, group in _list() if pid == process)


def is_running(process: int) -> bool:
    """Whether a process runs; one that has ended and was not asked about does not."""
    return any(pid == process and state not in "ZX" for pid, state, _ in _list())


def wait_for(condition: Callable[[], object]) -> None:
    """Return once a condition holds; a bound of a minute against hanging, not a measure of speed."""
    over = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < over
        time.sleep(0.02)


def _list() -> list[tuple[int, str, int]]:
    """Number, state and group of each process."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, group = path.read_text().rpartition(")")[2].split()[:3]
        except OSError:  # it has ended meanwhile
            continue
        found.append((int(path.parent.name), state, int(group)))
    return found


def run_saver(bare: Path, state: Path, before: str = "pass", based: bool = False) -> subprocess.Popen[bytes]:
    """Start a process that saves a row through a clone of its own, after a statement of the test's own.

    ``based``: as the form hands it in, on the data that were seen.
    """
    code = (
        "import os, signal; from pathlib import Path; from submissions import ROW, hand_in; "
        "from indicators.records.saving.submission import note_base; "
        "from indicators.records.storage.queue import Queue; "
        "from indicators.records.storage.store import open_store; "
        f"store = open_store('git+file://{bare}#main:data', Path({str(state)!r})); "
        f"base = note_base(store.look().dataset, 'c1') if {based} else None; "
        f"{before}; store.save(hand_in(ROW, base=base))"
    )
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), str(root / "tests")])}
    return subprocess.Popen([sys.executable, "-c", code], env=environment)
