"""Coders compared: how far they agree beyond chance, and where they differ most."""

from typing import Literal

import numpy as np
import pandas as pd

from indicators.measures.index import Array
from indicators.measures.panel import Panel
from indicators.measures.uncertainty.random import resample_blocks

FEWEST_UNITS = 10
"""Doubled units below which agreement is not computed."""

BLOCK = 4
"""Consecutive units that a resample draws together: a year of quarters."""

RESAMPLES = 2_000

_COLUMNS = ["level", "id", "units", "alpha_interval", "low", "high", "alpha_ordinal", "note"]
_DIFFERENCE_COLUMNS = [
    *("indicator", "date", "difference", "overlap", "coder_a", "coder_b", "assessed_a", "assessed_b"),
    *("score_a", "score_b", "low_a", "high_a", "low_b", "high_b", "rationale_a", "rationale_b"),
]


def measure_agreement(panel: Panel, seed: int = 0) -> pd.DataFrame:
    """Return Krippendorff's alpha of all indicators together, of each dimension and of each indicator.

    A unit is an indicator and a quarter; it is doubled where at least two coders assessed it within the quarter, and
    each coder's reading at the quarter's end is compared. Columns: ``level`` (index for all indicators together,
    dimension, indicator), ``id``, ``units`` (doubled ones), ``alpha_interval`` (squared differences of scores; 1 is
    full agreement, 0 what chance gives, below 0 worse than chance), ``low`` and ``high`` (its 95 % bootstrap
    interval), ``alpha_ordinal`` (ranks only) and ``note``: why there is no alpha (too few doubled units, or
    scores that do not vary), else empty. Levels that pool indicators of different height show a higher alpha than
    their parts, since telling the indicators apart counts as agreement.

    The bootstrap resamples units within each indicator in circular blocks of four consecutive units, since a
    quarter's scores resemble the last one's; indicators are not resampled, as the codebook has no others. Resamples
    without any variation have no alpha and are left out. An indicator's resamples depend on its own units and
    ``seed`` only.

    Krippendorff, Computing Krippendorff's Alpha-Reliability (2011); Politis and Romano, A Circular Block-Resampling
    Procedure for Stationary Data (1992).
    """
    scores = tabulate_units(panel)
    codebook = panel.dataset.indicators
    resampled = {id: _resample(table.to_numpy(float), str(id), seed) for id, table in scores.groupby("indicator")}
    rows = []
    for kind, id, members in (
        ("index", "index", list(codebook.index)),
        *(("dimension", d, panel.dataset.indicators_of(d)) for d in panel.dataset.dimensions.index),
        *(("indicator", i, [i]) for i in codebook.index),
    ):
        table = scores[scores.index.isin(members, level="indicator")].to_numpy(float)
        note = _explain_missing(panel, table)
        interval = low = high = ordinal = np.nan
        if not note:
            interval, ordinal = compute_alpha(table, "interval"), compute_alpha(table, "ordinal")
            sums = np.sum([resampled[i] for i in members if i in resampled], axis=0)
            low, high = np.nanpercentile(alpha_of_sums(sums), [2.5, 97.5])
        rows.append((kind, id, len(table), interval, low, high, ordinal, note))
    return pd.DataFrame(rows, columns=_COLUMNS)


def list_differences(panel: Panel, most: int = 20) -> pd.DataFrame:
    """Return the doubled units in which two coders differ most, the widest difference first.

    Columns: ``indicator``, ``date`` (end of the quarter), ``difference`` (points, above 0), ``overlap`` (whether the
    plausible ranges meet), and for both coders ``coder_``, ``assessed_`` (day of the assessment), ``score_``,
    ``low_``, ``high_`` and ``rationale_``, each ending in ``a`` or ``b``. Of equal differences those whose ranges do
    not meet come first, then the newest.
    """
    held = _hold_units(panel)
    held = held.assign(rationale=panel.effective["rationale"].reindex(held["row"]).to_numpy())
    pairs = held.merge(held, on=["indicator", "date"], suffixes=("_a", "_b"))
    pairs = pairs[(pairs["coder_a"] < pairs["coder_b"]) & (pairs["score_a"] != pairs["score_b"])]
    pairs = pairs.assign(
        difference=(pairs["score_a"] - pairs["score_b"]).abs(),
        overlap=np.maximum(pairs["low_a"], pairs["low_b"]) <= np.minimum(pairs["high_a"], pairs["high_b"]),
    )
    order = ["difference", "overlap", "date", "indicator", "coder_a", "coder_b"]
    ascending = [False, True, False, True, True, True]
    return pairs.sort_values(order, ascending=ascending, ignore_index=True)[_DIFFERENCE_COLUMNS].head(most)


def tabulate_units(panel: Panel) -> pd.DataFrame:
    """Return the scores of the doubled units: rows by indicator and quarter-end, a column for each coder."""
    return _hold_units(panel).pivot(index=["indicator", "date"], columns="coder", values="score")


def compute_alpha(scores: Array, level: Literal["interval", "ordinal"] = "interval") -> float:
    """Return Krippendorff's alpha of a table of units (rows) by coders (columns, NaN where one did not score).

    ``level`` is interval or ordinal. Raises ``ValueError`` where no unit is doubled or the scores do not vary.
    """
    doubled = scores[np.sum(~np.isnan(scores), axis=1) >= 2]
    values = np.unique(doubled[~np.isnan(doubled)])
    if len(values) < 2:
        raise ValueError("the scores do not vary" if len(doubled) else "no unit is doubled")
    counts = np.sum(doubled[:, :, None] == values, axis=1).astype(float)  # how often each unit has each value
    pairs = counts / (counts.sum(axis=1, keepdims=True) - 1)
    coincidences = pairs.T @ counts - np.diag(pairs.sum(axis=0))
    totals = counts.sum(axis=0)
    # Between two values lie points of the scale, or as many scores as were given from one to the other.
    places = values if level == "interval" else np.cumsum(totals) - totals / 2
    distances = (places[:, None] - places) ** 2
    expected = (np.outer(totals, totals) * distances).sum() / (totals.sum() - 1)
    return float(1 - (coincidences * distances).sum() / expected)


def sum_units(scores: Array) -> Array:
    """Return what each unit adds to alpha: columns count, sum, sum of squares, disagreement within the unit.

    Disagreement is the sum of squared differences over ordered pairs of coders, divided by the count less 1. Units
    that fewer than two coders scored add nothing.
    """
    count = np.sum(~np.isnan(scores), axis=1).astype(float)
    total, squares = np.nansum(scores, axis=1), np.nansum(scores**2, axis=1)
    within = 2 * (count * squares - total**2) / np.maximum(count - 1, 1)
    return np.asarray(np.stack([count, total, squares, within], axis=1) * (count >= 2)[:, None])


def alpha_of_sums(sums: Array) -> Array:
    """Return alpha for interval data from sums of unit columns (last axis, as ``sum_units`` gives them).

    NaN where the scores do not vary.
    """
    count, total, squares, within = np.moveaxis(sums, -1, 0)
    spread = 2 * (count * squares - total**2)
    varied = spread > 1e-9
    return np.where(varied, 1 - within * (count - 1) / np.where(varied, spread, 1), np.nan)


def _hold_units(panel: Panel) -> pd.DataFrame:
    """The assessments of doubled units: fresh at the quarter's end and dated in the quarter."""
    held = panel.holdings(panel.dates("quarter"))
    if held.empty:
        return held
    opened = held["date"].dt.to_period("Q").dt.start_time
    held = held.loc[held["fresh"].astype(bool) & (held["assessed"] >= opened)]
    doubled: pd.DataFrame = held.loc[held.duplicated(["indicator", "date"], keep=False)]
    return doubled


def _resample(scores: Array, indicator: str, seed: int) -> Array:
    """Sums over the units of one indicator (ordered by date) in each resample: (resample, 4)."""
    units = sum_units(scores)
    return np.asarray(units[resample_blocks(len(units), BLOCK, RESAMPLES, seed, indicator)].sum(axis=1))


def _explain_missing(panel: Panel, scores: Array) -> str:
    coders = panel.effective["coder"].nunique()
    if coders < 2:
        return f"too few: {coders} coder{'s' * (coders != 1)}, agreement needs two"
    if len(scores) < FEWEST_UNITS:
        return f"too few: {len(scores)} doubled unit{'s' * (len(scores) != 1)}, {FEWEST_UNITS} are needed"
    values = np.unique(scores[~np.isnan(scores)])
    return f"no variation: every score is {values[0]:g}" if len(values) == 1 else ""
