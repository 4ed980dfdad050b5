"""How far the doubt in scores is shared, and what the coders' differences say of it.

Scores rest on one collection of evidence, one codebook and one set of rulings, so part of the doubt in them is common
and does not average out. In each draw an assessment's place in its range is its own or its indicator's, that is its own
or its dimension's, and that is its own or that of all: a nested mixture in which each place keeps its distribution. Two
assessments of one indicator then correlate by ``indicator``, two of one dimension by ``indicator * dimension``, others
by ``indicator * dimension * every``.
"""

from typing import Literal, NamedTuple, get_args

import numpy as np
import pandas as pd

from indicators.measures.uncertainty.random import resample_blocks
from indicators.measures.uncertainty.triangular import triangular_variance

Doubt = Literal["own", "partly", "strongly"]
DOUBTS: tuple[Doubt, ...] = get_args(Doubt)
DEFAULT_DOUBT: Doubt = "partly"


class Shares(NamedTuple):
    """Correlations of the doubt: within an indicator, of indicators in a dimension, of dimensions; each 0 to 1."""

    indicator: float
    dimension: float
    every: float


OWN = Shares(0.0, 0.0, 0.0)
STRONG = Shares(0.75, 0.8, 5 / 6)
"""The strongly shared setting, by convention: doubt that correlates by 0.5 across dimensions."""


def doubt_shares(methods: pd.DataFrame, doubt: Doubt) -> Shares:
    """Return the parameters of a setting; those of ``partly`` stand beside the newest method of the codebook.

    ``methods`` has ``date, doubt_indicator, doubt_dimension, doubt_all`` (0 to 1; blank: 0).
    """
    if doubt == "own" or (doubt == "partly" and methods.empty):
        return OWN
    if doubt == "strongly":
        return STRONG
    newest = methods.sort_values("date", kind="stable").iloc[-1]
    return Shares(*(float(v) for v in newest[["doubt_indicator", "doubt_dimension", "doubt_all"]].fillna(0.0)))


class Estimate(NamedTuple):
    """The shared part of the doubt within an indicator as the coders' differences tell it, with an 80 % interval.

    ``units`` is the number of indicators and quarters that two coders reviewed. NaN where there are too few.
    """

    share: float
    low: float
    high: float
    units: int


FEWEST_UNITS = 20


def estimate_shared_doubt(units: pd.DataFrame, resamples: int = 2_000, seed: int = 0) -> Estimate:
    """Return which part of the doubt that coders state is doubt in which they do not differ.

    ``units`` has ``date, indicator, coder, score, low, high``: the reviews, several coders of one indicator and date. If
    plausible ranges are honest, two coders of independent doubt would differ by the sum of their variances on average:
    the share is 1 less the mean squared difference over the mean of that sum, over all pairs of coders, within 0 to 1.
    The interval resamples quarters in circular blocks of four.
    """
    pairs = units.merge(units, on=["date", "indicator"], suffixes=("_a", "_b"))
    pairs = pairs[pairs["coder_a"] < pairs["coder_b"]]
    stated = sum(
        triangular_variance(pairs[f"low_{end}"], pairs[f"score_{end}"], pairs[f"high_{end}"]) for end in ("a", "b")
    )
    table = pd.DataFrame({"date": pairs["date"], "found": (pairs["score_a"] - pairs["score_b"]) ** 2, "stated": stated})
    sums = table.groupby("date", sort=True)[["found", "stated"]].sum().to_numpy()
    if len(pairs) < FEWEST_UNITS or not sums[:, 1].sum() > 0:
        return Estimate(np.nan, np.nan, np.nan, len(pairs))
    drawn = sums[resample_blocks(len(sums), 4, resamples, seed, "doubt")].sum(axis=1)
    shares = np.clip(1 - drawn[:, 0] / drawn[:, 1], 0, 1)
    low, high = np.quantile(shares, [0.1, 0.9])
    found, expected = sums.sum(axis=0)
    return Estimate(float(np.clip(1 - found / expected, 0, 1)), float(low), float(high), len(pairs))
