"""Simulated pairs of a reading and an outside series that follow one hidden tension, by several processes."""

import numpy as np
import pandas as pd

QUARTERS = pd.date_range("2021-03-31", periods=20, freq="QE")
PROCESSES = ("lasting", "very lasting", "wandering", "unrelated")


def autoregress(random: np.random.Generator, likeness: float, count: int = 60) -> np.ndarray:
    """Values of variance 1, each like the last one to the degree ``likeness``."""
    shocks = random.normal(size=count + 100) * np.sqrt(1 - likeness**2)
    values = np.zeros(count + 100)
    for t in range(1, count + 100):
        values[t] = likeness * values[t - 1] + shocks[t]
    return values[100:]


def simulate_pair(random: np.random.Generator, process: str) -> tuple[np.ndarray, np.ndarray]:
    """Sixty months of what a reading is about, and of a skewed press series.

    The hidden tension lasts (0.8 from month to month), lasts longer (0.9) or wanders without bound; the reading adds
    a coder's own drift, the series noise. In the process ``unrelated`` the series follows something else.
    """
    if process == "wandering":
        tension = 0.3 * np.cumsum(random.normal(size=60))
    else:
        tension = autoregress(random, 0.8 if process == "lasting" else 0.9)
    heard = autoregress(random, 0.9) if process == "unrelated" else tension
    press = np.exp(0.5 * heard + 0.25 * random.normal(size=60))
    return 5 + 1.2 * tension + 0.4 * autoregress(random, 0.6), press


def score_quarters(months: np.ndarray, points: float = 0, first: int = 46, length: int = 8) -> pd.Series:
    """The scores of twenty quarters, some points higher in a stretch of months that need not begin with a quarter."""
    parted = months.copy()
    parted[first : first + length] += points
    scored = np.round(mean_quarters(months) * 8) / 8
    return np.clip(scored, 0, 10) + (mean_quarters(parted) - mean_quarters(months))


def mean_quarters(months: np.ndarray) -> pd.Series:
    """The means of twenty quarters."""
    return pd.Series(months.reshape(20, 3).mean(axis=1), QUARTERS)
