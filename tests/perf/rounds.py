"""How things are timed: side by side, in rounds, so that a busy machine slows all alike."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tests.running_app import ROOT

Times = dict[str, list[float]]
"""Seconds of each work in each round, of the processor, which other programs do not lengthen."""


def time_in_rounds(works: Mapping[str, Callable[[], object]], rounds: int) -> Times:
    """Return the seconds of each work in each round; in a round all are done one after another."""
    times: Times = {name: [] for name in works}
    for number in range(rounds):
        for name, work in works.items():
            start = time.process_time()
            work()
            times[name].append(time.process_time() - start)
        say(f"  round {number + 1} of {rounds}")
    return times


def describe(times: Times, *names: str) -> str:
    """Return the median seconds of some works in words."""
    return ", ".join(f"{name} {statistics.median(times[name]):.3g} s of processor" for name in names)


def median_ratio(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the median over rounds of the ratio of two times."""
    return statistics.median(a / b for a, b in zip(one, other, strict=True))


def fit_exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """Return the power of the size with which a cost grows, by least squares of the logarithms; 1 is linear."""
    return float(np.polyfit(np.log(sizes), np.log(costs), 1)[0])


@dataclass(frozen=True)
class Child:
    """A command that has ended: its seconds of processor, and its peak of memory in MiB."""

    processor: float
    peak: float


# A process's peak starts from the size of the one that made it, hence this small one between.
_SPAWN = """
import os, sys
child = os.posix_spawn(sys.executable, [sys.executable, *sys.argv[2:]], os.environ)
_, status, usage = os.wait4(child, 0)
with open(sys.argv[1], "w") as file:
    print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10), file=file)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def run_child(arguments: Sequence[str]) -> Child:
    """Run Python with some arguments in a process of its own; ``RuntimeError`` with its words where it fails."""
    with tempfile.NamedTemporaryFile("r") as usage:
        command = [sys.executable, "-I", "-c", _SPAWN, usage.name, *arguments]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if ran.returncode:
            raise RuntimeError(f"{' '.join(arguments)}: {(ran.stderr + ran.stdout)[-2000:]}")
        return Child(*map(float, usage.read().split()))


def say(words: str) -> None:
    """Tell how far the run is, apart from its result."""
    print(words, file=sys.stderr, flush=True)
