"""The triangular distribution of a score on its plausible range: quantiles and moments.

Simple closed forms: Kotz & van Dorp, Beyond Beta (2004), chapter 1. The score is the mode.
"""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]
Uniform = NDArray[np.float32]
Values = TypeVar("Values", float, Array, "pd.Series[float]")


def triangular_quantile(uniform: Uniform, low: float, mode: float, high: float) -> Uniform:
    """Return the values of the triangular distribution at some probabilities between 0 and 1.

    Values stay within low and high, and a degenerate range ``low = mode = high`` gives the score itself: exactly for
    scores in halves, to single precision for others.
    """
    below, above = mode - low, high - mode
    span = below + above
    # Each of the two roots is held at its end beyond the mode, so that no draw needs a branch:
    # low + sqrt(u·span·below) rises to the mode, high − sqrt((1 − u)·span·above) goes on from it.
    rising = np.multiply(uniform, np.float32(span * below))
    # NumPy takes the minimum of two arrays three times faster than that of an array and a number.
    limit = np.full_like(rising, below * below)
    np.minimum(rising, limit, out=rising)
    np.sqrt(rising, out=rising)
    falling = np.multiply(uniform, np.float32(-span * above))
    falling += np.float32(span * above)
    limit.fill(above * above)
    np.minimum(falling, limit, out=falling)
    np.sqrt(falling, out=falling)
    rising -= falling
    rising += np.float32(low + above)
    return rising


def triangular_mean(low: Values, mode: Values, high: Values) -> Values:
    """Return the mean of the triangular distribution: the mean of low, mode and high."""
    return (low + mode + high) / 3


def triangular_variance(low: Values, mode: Values, high: Values) -> Values:
    """Return the variance of the triangular distribution, exactly 0 for a degenerate range."""
    return ((high - low) * (high - low) - (mode - low) * (high - mode)) / 18


def triangular_moments(low: Array, mode: Array, high: Array, function: Callable[[Array], Array]) -> tuple[Array, Array]:
    """Return the mean and the variance of a smooth function of triangular quantities, exactly 0 for degenerate ranges.

    ``function`` takes and returns (quantity, point). Gauss-Legendre quadrature on either side of the mode.
    """
    nodes, weights = np.polynomial.legendre.leggauss(16)
    place, share = (nodes + 1) / 2, weights / 2
    span = np.where(high > low, high - low, 1.0)
    points, masses = [], []
    for end in (low, high):
        side = np.abs(mode - end)
        # The density rises linearly from the end to the mode.
        points.append(end[:, None] + place * (mode - end)[:, None])
        masses.append((side / span)[:, None] * 2 * place * share)
    mass = np.concatenate(masses, axis=1)
    certain = high <= low
    mass[certain] = 1 / mass.shape[1]
    values = function(np.concatenate(points, axis=1))
    mean = (values * mass).sum(axis=1)
    mean[certain] = values[certain, 0]
    variance = (mass * (values - mean[:, None]) ** 2).sum(axis=1)
    return mean, variance
