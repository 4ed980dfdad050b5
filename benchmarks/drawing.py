"""Draws of the index, beside the time in which NumPy only generates as many random numbers; and a moved weight."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import ROOT
from benchmarks.rounds import time_in_rounds
from benchmarks.table import Row, answer
from indicators.measures.panel import Panel
from indicators.measures.uncertainty.draws import draw_panel
from indicators.measures.uncertainty.intervals import interval
from indicators.records.dataset import load_dataset

TARGETS = ("draws", "weight")
COUNT, MONTHS = 10_000, 65


def measure(home: Path, quick: bool = False, count: int = COUNT) -> Iterator[Row]:  # noqa: ARG001 - writes nothing
    """Yield the ratio of draws and interval to bare random numbers, and of the first time to a moved weight."""
    loaded = load_dataset(ROOT / "data")
    if loaded.dataset is None:
        raise RuntimeError(loaded.report.as_text())
    panel, other = Panel(loaded.dataset), Panel(loaded.dataset, mean="geometric")
    rows = len(panel.effective)
    dates = pd.date_range(end=panel.steps[-1] + pd.offsets.MonthEnd(0), periods=MONTHS, freq="ME")
    generator = np.random.default_rng(0)
    moved = panel.weights.dimensions.to_numpy() * np.linspace(0.5, 2, len(panel.weights.dimensions))
    draws, geometric = draw_panel(panel, dates, count), draw_panel(other, dates, count)
    geometric.held_index()  # its logarithms are kept from the first time on
    times = time_in_rounds(
        {
            "numbers": lambda: generator.random((rows, count)),
            "holdings": lambda: panel.holdings(dates),
            "all": lambda: interval(draw_panel(panel, dates, count).held_index()),
            "moved": lambda: interval(draws.held_index(moved)),
            "all geometric": lambda: interval(draw_panel(other, dates, count).held_index()),
            "moved geometric": lambda: interval(geometric.held_index(moved)),
        },
        3 if quick else 15,
    )
    yield answer(
        "draws",
        times.ratio("all", "numbers"),
        f"{rows} assessments in force, {count:,} draws, {MONTHS} month-ends, 80 % interval; numbers are {rows} × {count:,} "
        f"uniform ones: {times.describe('all', 'numbers')}",
    )
    yield answer("weight", times.ratio("all", "moved"), times.describe("all", "moved"))
    yield Row("  finding what holds on each date / random numbers alone", times.ratio("holdings", "numbers"))
    yield Row("  first draws / moving a weight, geometric mean", times.ratio("all geometric", "moved geometric"))
