"""Ratios of the cost of draws, each measured within this run: python benchmarks/draws.py [DATA].

The measure is the time in which NumPy only generates as many random numbers as there are assessments x draws. The
ratios are medians over rounds in which all parts are timed one after another, so that a busy machine slows all alike.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import pandas as pd

from indicators.measures.panel import Panel
from indicators.measures.uncertainty import draw_panel, interval
from indicators.records.dataset import load_dataset

COUNT, MONTHS, ROUNDS = 10_000, 65, 15


def time_of(work: Callable[[], object]) -> float:
    """Return the seconds that some work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Print the ratios."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1] / "data"
    loaded = load_dataset(folder)
    if loaded.dataset is None:
        sys.exit(loaded.report.as_text())
    panel = Panel(loaded.dataset)
    rows = len(panel.effective)
    last = panel.steps[-1] + pd.offsets.MonthEnd(0)
    dates = pd.date_range(end=last, periods=MONTHS, freq="ME")
    generator = np.random.default_rng(0)
    draws = draw_panel(panel, dates, COUNT)
    moved = panel.weights.dimensions.to_numpy() * np.linspace(0.5, 2, len(panel.weights.dimensions))
    other = Panel(loaded.dataset, mean="geometric")
    geometric = draw_panel(other, dates, COUNT)
    geometric.index()

    def ratio(one: list[float], other: list[float]) -> float:
        return statistics.median(a / b for a, b in zip(one, other, strict=True))

    times: dict[str, list[float]] = {
        name: [] for name in ("numbers", "holdings", "all", "moved", "all geometric", "moved geometric")
    }
    for _ in range(ROUNDS):
        times["numbers"].append(time_of(lambda: generator.random((rows, COUNT))))
        times["holdings"].append(time_of(lambda: panel.holdings(dates)))
        times["all"].append(time_of(lambda: interval(draw_panel(panel, dates, COUNT).index())))
        times["moved"].append(time_of(lambda: interval(draws.index(moved))))
        times["all geometric"].append(time_of(lambda: interval(draw_panel(other, dates, COUNT).index())))
        times["moved geometric"].append(time_of(lambda: interval(geometric.index(moved))))
    print(f"{rows} assessments in force, {COUNT} draws, {len(dates)} month-ends")
    print(f"draws and 80 % interval / random numbers alone: {ratio(times['all'], times['numbers']):.2f} (to reach: 3)")
    print(f"  of which finding what holds on each date:     {ratio(times['holdings'], times['numbers']):.2f}")
    print(f"first time / moving a weight:                   {ratio(times['all'], times['moved']):.1f} (to reach: 10)")
    print(
        f"first time / moving a weight, geometric mean:   {ratio(times['all geometric'], times['moved geometric']):.1f}"
    )


if __name__ == "__main__":
    main()
