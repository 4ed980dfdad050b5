"""How things are timed: side by side, in rounds, so that a busy machine slows all alike."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks import ROOT


def time_of(work: Callable[[], object]) -> float:
    """Return the seconds that some work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@dataclass(frozen=True)
class Times:
    """Seconds of each work in each round: of the processor, which other programs do not lengthen, and on the clock."""

    processor: dict[str, list[float]]
    clock: dict[str, list[float]]

    def ratio(self, one: str, other: str) -> float:
        """Return the median over rounds of the ratio of two works, by seconds of the processor."""
        return median_ratio(self.processor[one], self.processor[other])

    def describe(self, *names: str) -> str:
        """Return the median seconds of some works, and their ratio on the clock where they are two."""
        parts = [
            f"{name} {statistics.median(self.processor[name]):.3g} s of processor, "
            f"{statistics.median(self.clock[name]):.3g} s on the clock"
            for name in names
        ]
        if len(names) == 2:
            parts.append(f"ratio on the clock {median_ratio(*(self.clock[name] for name in names)):.2f}")
        return "; ".join(parts)


def time_in_rounds(works: Mapping[str, Callable[[], object]], rounds: int) -> Times:
    """Return the seconds of each work in each round; in a round all are done one after another."""
    times = Times({name: [] for name in works}, {name: [] for name in works})
    for number in range(rounds):
        for name, work in works.items():
            start = time.process_time()
            times.clock[name].append(time_of(work))
            times.processor[name].append(time.process_time() - start)
        say(f"  round {number + 1} of {rounds}")
    return times


def median_ratio(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the median over rounds of the ratio of two times."""
    return statistics.median(a / b for a, b in zip(one, other, strict=True))


def fit_exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """Return the power of the size with which a cost grows, by least squares of the logarithms; 1 is linear."""
    return float(np.polyfit(np.log(sizes), np.log(costs), 1)[0])


@dataclass(frozen=True)
class Child:
    """A command that has ended: its output, seconds on the clock and of the processor, and peak memory in MiB."""

    output: str
    seconds: float
    processor: float
    peak: float


# A process's peak starts from the size of the one that made it, hence this small one between.
_SPAWN = """
import os, sys, time
start = time.perf_counter()
child = os.posix_spawn(sys.executable, [sys.executable, *sys.argv[2:]], os.environ)
_, status, usage = os.wait4(child, 0)
with open(sys.argv[1], "w") as file:
    print(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, file=file)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def run_child(arguments: Sequence[str]) -> Child:
    """Run Python with some arguments in a process of its own; ``RuntimeError`` with its words where it fails."""
    with tempfile.NamedTemporaryFile("r") as usage:
        command = [sys.executable, "-I", "-c", _SPAWN, usage.name, *arguments]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - own arguments, no shell
        if ran.returncode:
            raise RuntimeError(f"{' '.join(arguments)}: {(ran.stderr + ran.stdout)[-2000:]}")
        seconds, processor, peak = map(float, usage.read().split())
    return Child(ran.stdout, seconds, processor, mebibytes(peak))


def mebibytes(peak: float) -> float:
    """Return a peak that the system has told (kibibytes, on macOS bytes) in MiB."""
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def say(words: str) -> None:
    """Tell how far the run is, apart from its result."""
    print(words, file=sys.stderr, flush=True)
