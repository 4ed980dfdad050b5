"""Simulated pairs of a reading and an outside series that follow one hidden tension, by several processes."""

import numpy as np
import pandas as pd

MONTHS = pd.date_range("2021-01-31", periods=60, freq="ME")
PROCESSES = ("lasting", "very lasting", "wandering", "unrelated")


def autoregress(random: np.random.Generator, likeness: float) -> np.ndarray:
    """Sixty months of variance 1, each like the last one to the degree ``likeness``."""
    shocks = random.normal(size=160) * np.sqrt(1 - likeness**2)
    values = np.zeros(160)
    for t in range(1, 160):
        values[t] = likeness * values[t - 1] + shocks[t]
    return values[100:]


def simulate_pair(random: np.random.Generator, process: str) -> tuple[pd.Series, pd.Series]:
    """A reading in quarterly steps and a skewed press series.

    The hidden tension lasts (0.8 from month to month), lasts longer (0.9) or wanders without bound; the reading adds
    a coder's own drift, the series noise. In the process ``unrelated`` the series follows something else.
    """
    if process == "wandering":
        tension = 0.3 * np.cumsum(random.normal(size=60))
    else:
        tension = autoregress(random, 0.8 if process == "lasting" else 0.9)
    heard = autoregress(random, 0.9) if process == "unrelated" else tension
    press = np.exp(0.5 * heard + 0.25 * random.normal(size=60))
    reading = 5 + 1.2 * tension + 0.4 * autoregress(random, 0.6)
    reading = reading[np.arange(60) // 3 * 3]
    return pd.Series(np.clip(np.round(reading * 8) / 8, 0, 10), MONTHS), pd.Series(press, MONTHS)


def part(reading: pd.Series, points: float, first: int = 45, months: int = 8) -> pd.Series:
    """The reading with some points more in some months."""
    parted = reading.copy()
    parted.iloc[first : first + months] += points
    return parted
