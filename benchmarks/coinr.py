"""The uncertainty run of COINr (an R package for composite indicators), where R has it: beside ours, same shape."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import ROOT
from benchmarks.rounds import time_of
from benchmarks.table import Row
from indicators.measures.panel import Panel
from indicators.measures.uncertainty.draws import draw_panel, draw_weights
from indicators.measures.uncertainty.intervals import interval
from indicators.records.dataset import load_dataset

TARGETS: tuple[str, ...] = ()
WHAT = "COINr's run of 1,000 draws of weights / ours with draws of scores too"
SCRIPT = """
suppressPackageStartupMessages(library(COINr))
coin <- build_example_coin(quietly = TRUE)
specs <- list(Weights = list(Address = "$Log$Aggregate$w",
  Distribution = get_noisy_weights(w = coin$Meta$Weights$Original,
    noise_specs = data.frame(Level = c(2, 3), NoiseFactor = c(0.25, 0.25)), Nrep = 100), Type = "discrete"))
taken <- system.time(get_sensitivity(coin, SA_specs = specs, N = 1000, SA_type = "UA",
  dset = "Aggregated", iCode = "Index", quietly = TRUE))
cat(taken[["elapsed"]])
"""


def measure(home: Path, quick: bool = False) -> Iterator[Row]:  # noqa: ARG001 - writes nothing
    """Yield one row: the ratio of times, or why there is none."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        yield Row(WHAT, None, detail="not run: R is not here")
        return
    asked = subprocess.run([rscript, "-e", "library(COINr)"], capture_output=True, check=False)  # noqa: S603 - fixed words
    if asked.returncode:
        yield Row(WHAT, None, detail="not run: R is here, COINr is not")
        return
    start = time.perf_counter()
    ran = subprocess.run([rscript, "-e", SCRIPT], capture_output=True, text=True, check=False)  # noqa: S603 - fixed words
    if ran.returncode:
        yield Row(WHAT, None, detail=f"not run: {ran.stderr.strip()[-200:]}")
        return
    theirs, whole = float(ran.stdout.split()[-1]), time.perf_counter() - start
    dataset = load_dataset(ROOT / "data").dataset
    if dataset is None:
        raise RuntimeError("the shipped data has problems")
    panel = Panel(dataset)
    dates = panel.dates("month")

    def ours() -> object:
        return interval(draw_panel(panel, dates, 1_000).index(draw_weights(panel.weights.dimensions, 1_000)))

    ours()
    seconds = time_of(ours)
    detail = (
        f"COINr's own example (51 units, 49 indicators): {theirs:.1f} s, with R's start {whole:.1f} s; ours: shipped "
        f"data, {len(dates)} month-ends, {seconds:.3f} s. Two different indices: an order of magnitude, no more"
    )
    yield Row(WHAT, theirs / seconds, detail=detail)
