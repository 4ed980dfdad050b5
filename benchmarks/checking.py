"""The check of the data folder, beside ``frictionless validate`` of the same package; and its memory."""

import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

from frictionless import Package

from benchmarks import ROOT
from benchmarks.enlarged import enlarge_folder
from benchmarks.rounds import median_ratio, run_child, say, time_in_rounds
from benchmarks.table import Row, answer
from indicators.measures.narrative.dates import check_readings
from indicators.records.checks.folder import check_folder
from indicators.records.dataset import load_dataset
from indicators.records.folder import read_folder

TARGETS = ("check-speed", "check-memory")
ROWS, QUICK_ROWS = (100_000, 1_000_000), (2_000, 10_000)


def measure(home: Path, quick: bool = False) -> Iterator[Row]:
    """Yield the ratio to frictionless, inside one process and as commands, and the peak memory of the larger folder."""
    few, many = QUICK_ROWS if quick else ROWS
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

    works = {"records": lambda: check_folder(read_folder(small)), "check": check, "frictionless": validate}
    times = time_in_rounds(works, 1 if quick else 4)
    yield answer(
        "check-speed",
        times.ratio("frictionless", "check"),
        f"{few:,} assessments, the whole package, inside one process with all imported; the check includes the typed "
        f"tables and the claims' dates: {times.describe('frictionless', 'check')}",
    )
    yield Row(
        "  the rules on records alone: frictionless / check",
        times.ratio("frictionless", "records"),
        detail=f"reading, cells, keys and references, as in frictionless: {times.describe('frictionless', 'records')}",
    )
    commands = {
        "check": ["-m", "indicators", "check", str(small)],
        "frictionless": ["-m", "frictionless", "validate", package],
    }
    children = [{name: run_child(command) for name, command in commands.items()} for _ in range(1 if quick else 3)]
    yield Row(
        "  as commands, start included: frictionless / check",
        median_ratio([c["frictionless"].processor for c in children], [c["check"].processor for c in children]),
        detail="; ".join(
            f"{name} {statistics.median(c[name].seconds for c in children):.1f} s, "
            f"{statistics.median(c[name].processor for c in children):.1f} s of processor, "
            f"peak {children[-1][name].peak:.0f} MiB"
            for name in commands
        ),
    )
    say(f"  check of {many:,} assessments")
    large = home / "large"
    enlarge_folder(ROOT / "data", large, many)
    child = run_child([*commands["check"][:-1], str(large)])
    start = run_child(["-c", "import indicators.__main__"])
    size = sum(p.stat().st_size for p in large.rglob("*.csv")) / 2**20
    yield answer(
        "check-memory",
        child.peak,
        f"`indicators check` of {many:,} assessments in {size:.0f} MiB of CSV: peak of the process, {start.peak:.0f} MiB "
        f"of it Python and its imports; {child.seconds:.1f} s, {child.processor:.1f} s of processor; {sys.platform}",
    )
