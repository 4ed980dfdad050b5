"""Draws beside the time in which NumPy only generates as many random numbers; a moved weight; a chart's picture."""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from indicators.measures.panel import Panel
from indicators.measures.uncertainty.draws import draw_panel
from indicators.measures.uncertainty.intervals import interval
from indicators.records.dataset import load_dataset
from indicators.show.charts.levels import chart_levels
from indicators.show.charts.lines import draw_lines, level_lines
from indicators.show.charts.palette import THEMED
from indicators.show.files.description import describe_download
from indicators.show.files.pictures import draw_picture, explain_no_pictures, start_browser
from indicators.show.links.parameters import View
from tests.perf.rounds import describe, median_ratio, time_in_rounds
from tests.perf.table import Row
from tests.running_app import ROOT

ANSWERS = ("draws", "weight", "picture-first", "picture-next")
COUNT, MONTHS = 10_000, 65


def measure(home: Path, quick: bool = False, count: int = COUNT) -> Iterator[Row]:
    """Yield the ratio of draws and interval to bare random numbers, of the first time to a moved weight, and pictures."""
    loaded = load_dataset(ROOT / "data")
    if loaded.dataset is None:
        raise RuntimeError(loaded.report.as_text())
    panel = Panel(loaded.dataset)
    rows, weights = len(panel.effective), panel.weights.dimensions
    dates = pd.date_range(end=panel.steps[-1] + pd.offsets.MonthEnd(0), periods=MONTHS, freq="ME")
    generator = np.random.default_rng(0)
    moved, draws = weights.to_numpy() * np.linspace(0.5, 2, len(weights)), draw_panel(panel, dates, count)
    works = {
        "numbers": lambda: generator.random((rows, count)),
        "all": lambda: interval(draw_panel(panel, dates, count).held_index()),
        "moved": lambda: interval(draws.held_index(moved)),
    }
    times = time_in_rounds(works, 3 if quick else 15)
    said = f"{rows} assessments in force, {count:,} draws, {MONTHS} month-ends: {describe(times, 'all', 'numbers')}"
    yield Row("draws", median_ratio(times["all"], times["numbers"]), said)
    yield Row("weight", median_ratio(times["all"], times["moved"]), describe(times, "all", "moved"))
    why = explain_no_pictures()
    span = (panel.steps[0], panel.steps[-1])
    lines = level_lines(panel, ("index", *loaded.dataset.dimensions.index), THEMED, draw_lines(panel, span[1]))
    chart = chart_levels(loaded.dataset, lines, "index", THEMED, span, 340)
    if not why:
        start_browser().join()  # as Share does when it is opened
    for name in ("picture-first", "picture-next"):
        start = time.perf_counter()
        if not why:
            draw_picture(chart, "png", describe_download(panel, View()))
        yield Row(name, None if why else time.perf_counter() - start, f"not run: {why}" if why else "")
