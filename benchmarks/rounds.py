"""How things are timed: side by side, in rounds, so that a busy machine slows all alike."""

import os
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


def time_in_rounds(works: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Return the seconds of each work in each round; in a round all are done one after another."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds):
        for name, work in works.items():
            times[name].append(time_of(work))
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


def run_child(arguments: Sequence[str]) -> Child:
    """Run Python with some arguments in a process of its own; ``RuntimeError`` with its words where it fails."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, stdout=output, stderr=errors)  # noqa: S603 - own arguments, no shell
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode:
            raise RuntimeError(f"{' '.join(arguments)}: {(errors.read() + output.read())[-2000:]}")
        return Child(output.read(), seconds, usage.ru_utime + usage.ru_stime, mebibytes(usage.ru_maxrss))


def mebibytes(peak: int) -> float:
    """Return a peak that the system has told (kibibytes, on macOS bytes) in MiB."""
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def say(words: str) -> None:
    """Tell how far the run is, apart from its result."""
    print(words, file=sys.stderr, flush=True)
