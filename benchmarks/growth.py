"""How time and memory grow with the data, from the shipped folder to a hundred times as many assessments.

``python -m benchmarks.growth WORK FOLDER`` does one work in a process of its own and prints what it took.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import ROOT
from benchmarks.enlarged import DAYS, count_assessments, enlarge_folder
from benchmarks.rounds import fit_exponent, mebibytes, run_child, say
from benchmarks.table import Row, answer
from indicators.measures.narrative.dates import check_readings
from indicators.measures.panel import Panel
from indicators.measures.series import build_series
from indicators.measures.uncertainty.draws import draw_panel
from indicators.measures.uncertainty.intervals import interval
from indicators.records.dataset import Dataset, load_dataset

TARGETS = ("check-growth",)
TIMES, QUICK_TIMES = (1, 10, 30, 100), (1, 4, 10)
COUNT = 1_000

WORKS = {
    "check": "the check",
    "series": "the check, then series of the index and the dimensions, 1,000 draws",
    "draws": "1,000 draws of the index on all month-ends",
}
SHAPES = {"days": DAYS, "coders": 1}
"""What the further assessments are: first more days and then more coders, or coders only."""


def measure(home: Path, quick: bool = False) -> Iterator[Row]:
    """Yield the exponents of time and memory for each work and shape; sizes from ten times on are fitted."""
    shipped = count_assessments(ROOT / "data")
    sizes = [shipped * times for times in (QUICK_TIMES if quick else TIMES)]
    for shape, days in SHAPES.items():
        folders = {size: home / f"{shape}-{size}" for size in sizes}
        for size, folder in folders.items():
            enlarge_folder(ROOT / "data", folder, size, days)
        taken: dict[tuple[str, int], dict[str, float]] = {}
        for work in WORKS:
            say(f"  {work}, more {shape}")
            taken |= {(work, size): _measure_child(work, folder) for size, folder in folders.items()}
        for work, words in WORKS.items():
            seconds = [taken[work, s]["seconds"] for s in sizes]
            memory = [taken[work, s]["memory"] for s in sizes]
            detail = "; ".join(
                f"{size:,} assessments {s:.2f} s and {m:.0f} MiB"
                for size, s, m in zip(sizes, seconds, memory, strict=True)
            )
            exponent = fit_exponent(sizes[1:], seconds[1:])
            if (work, shape) == ("check", "days"):
                yield answer("check-growth", exponent, detail)
            else:
                yield Row(f"{words}, more {shape}: time", exponent, "exponent", detail)
            yield Row(f"{words}, more {shape}: memory", fit_exponent(sizes[1:], memory[1:]), "exponent")


def do_work(work: str, folder: Path) -> Callable[[], object]:
    """Return the work on a folder; what it needs besides is done already."""
    if work == "check":
        return lambda: _load(folder)
    if work == "series":
        return lambda: _build_series(Panel(_load(folder)))
    panel = Panel(_load(folder))
    dates = panel.dates("month")
    return lambda: interval(draw_panel(panel, dates, COUNT).index())


def _build_series(panel: Panel) -> None:
    for level in ("index", "dimension"):
        build_series(panel, level, panel.dates("month"), count=COUNT)


def _load(folder: Path) -> Dataset:
    loaded = load_dataset(folder, check_readings)
    if loaded.dataset is None:
        raise RuntimeError(loaded.report.as_text())
    return loaded.dataset


def _measure_child(work: str, folder: Path) -> dict[str, float]:
    measured: dict[str, float] = json.loads(run_child(["-m", "benchmarks.growth", work, str(folder)]).output)
    return measured


def _peak() -> float:
    return mebibytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def main() -> None:
    """Do the work that the arguments name, and print its seconds of processor and the MiB by which it raised the peak of memory."""
    before = _peak()
    run = do_work(sys.argv[1], Path(sys.argv[2]))
    start = time.process_time()
    run()
    seconds = time.process_time() - start
    # A small folder fits into what the imports have used up and freed; one MiB keeps its logarithm finite.
    print(json.dumps({"seconds": seconds, "memory": max(_peak() - before, 1)}))


if __name__ == "__main__":
    main()
