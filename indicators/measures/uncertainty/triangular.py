"""The triangular distribution of a score on its plausible range: quantiles and moments.

Simple closed forms: Kotz & van Dorp, Beyond Beta (2004), chapter 1. The score is the mode.
"""

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


def triangular_places(low: Array, mode: Array, high: Array) -> tuple[Array, Array]:
    """Return values of triangular quantities at common places of their distributions, and the mass of each place.

    Values are (quantity, place); sums over the places give moments, of products too. Gauss-Legendre quadrature over an
    angle whose squared sine is the place: either root of the quantile function is smooth in it. Exactly the mode for
    degenerate ranges.
    """
    nodes, weights = np.polynomial.legendre.leggauss(16)
    angle = (nodes + 1) * (np.pi / 4)
    mass = weights * (np.pi / 4) * np.sin(2 * angle)
    below, above = mode - low, high - mode
    span = below + above
    rising = low[:, None] + np.sin(angle) * np.sqrt(span * below)[:, None]
    falling = high[:, None] - np.cos(angle) * np.sqrt(span * above)[:, None]
    values = np.where(np.sin(angle) ** 2 * span[:, None] < below[:, None], rising, falling)
    return np.where(span[:, None] > 0, values, mode[:, None]), mass
