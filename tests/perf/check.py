"""The check of the data folder, beside ``frictionless validate`` of the same package; its memory, growth and start."""

from collections.abc import Iterator
from pathlib import Path

from frictionless import Package

from indicators.measures.narrative.dates import check_readings
from indicators.records.dataset import load_dataset
from tests.perf.enlarged import count_assessments, enlarge_folder
from tests.perf.rounds import Times, describe, fit_exponent, median_ratio, run_child, time_in_rounds
from tests.perf.table import Row
from tests.running_app import ROOT

ANSWERS = ("start", "check-speed", "check-memory", "check-growth")


def measure(home: Path, quick: bool = False) -> Iterator[Row]:
    """Yield the start of a command, the ratio to frictionless, the growth, and the peak memory of a large folder."""
    few, many, times = (2_000, 10_000, (1, 4, 10)) if quick else (100_000, 1_000_000, (10, 30, 100))
    yield measure_start(3 if quick else 9)
    small = home / "small"
    enlarge_folder(ROOT / "data", small, few)
    package = str(small / "datapackage.json")

    def check() -> None:
        loaded = load_dataset(small, check_readings)
        if loaded.dataset is None:
            raise RuntimeError(loaded.report.as_text())

    def validate() -> None:
        if not (report := Package(package).validate()).valid:
            raise RuntimeError(str(report))

    taken = time_in_rounds({"check": check, "frictionless": validate}, 1 if quick else 4)
    said = f"{few:,} assessments, inside one process; ours types the tables too: {describe(taken, 'frictionless', 'check')}"
    yield Row("check-speed", median_ratio(taken["frictionless"], taken["check"]), said)
    start = run_child(["-m", "indicators", "--help"])
    sizes = [count_assessments(ROOT / "data") * n for n in times]
    children = []
    for size in sizes:
        enlarge_folder(ROOT / "data", home / str(size), size)
        children.append(run_child(["-m", "indicators", "check", str(home / str(size))]))
    costs = [child.processor - start.processor for child in children]
    said = "; ".join(f"{size:,} assessments {cost:.2f} s" for size, cost in zip(sizes, costs, strict=True))
    yield Row("check-growth", fit_exponent(sizes, costs), f"{said}, of processor, without the start")
    enlarge_folder(ROOT / "data", home / "large", many)
    child = run_child(["-m", "indicators", "check", str(home / "large")])
    size = sum(path.stat().st_size for path in (home / "large").rglob("*.csv")) / 2**20
    said = f"{many:,} assessments in {size:.0f} MiB of CSV; {start.peak:.0f} MiB of it are Python and imports"
    yield Row("check-memory", child.peak, said)


def measure_start(rounds: int) -> Row:
    """Return the processor time of a command that does nothing, beside that of the two largest imports alone."""
    commands = {"help": ["-m", "indicators", "--help"], "imports": ["-c", "import pandas, pyarrow"]}
    taken: Times = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            taken[name].append(run_child(command).processor)
    return Row("start", median_ratio(taken["help"], taken["imports"]), describe(taken, *commands))
