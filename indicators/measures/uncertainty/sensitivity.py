"""What drives the uncertainty of the index: effective shares of weights, the assessments that carry its interval.

Shares of variance are first-order sensitivity indices (Sobol 1993) of independent inputs, set beside the stated
weights as Paruolo, Saisana & Saltelli (Ratings and rankings: voodoo or science?, 2013) propose; here the variance is
that of the draws on one date. They are computed in closed form, without random numbers: the arithmetic index is a sum
of independent terms, 1 + the geometric index a product of independent factors (1 + score) to the power of its weight.
"""

import datetime as dt

import numpy as np
import pandas as pd

from indicators.measures.index import Array, Mean, indicator_shares
from indicators.measures.panel import Panel
from indicators.measures.uncertainty.draws import draw_panel
from indicators.measures.uncertainty.intervals import interval
from indicators.measures.uncertainty.triangular import triangular_mean, triangular_moments, triangular_variance


def effective_shares(panel: Panel, date: pd.Timestamp) -> pd.DataFrame:
    """Return the stated weights beside the shares of the index's variance that they lead to on a date.

    Columns: ``level`` (dimension, indicator), ``id``, ``dimension``, ``stated`` (weight in the index among what has a
    reading; sums to 1 at each level) and ``effective`` (share of variance, 0 to 1; exactly 0 for what cannot matter).
    For the arithmetic mean the shares of a level sum to 1, for the geometric one to slightly less, the rest being
    interaction. Both are NaN where the index is blank, ``effective`` also where nothing is uncertain.
    """
    inputs = _inputs(panel, date)
    indicators = pd.DataFrame(
        {
            "dimension": panel.weights.dimension_of,
            "stated": inputs.groupby("indicator")["weight"].first(),
            "part": inputs.groupby("indicator")["part"].sum(),
        },
        index=panel.weights.indicators.index,
    )
    if not inputs.attrs["blank"]:
        indicators = indicators.fillna({"stated": 0.0, "part": 0.0})
    members = indicators.groupby("dimension")
    dimensions = pd.DataFrame(
        {
            "dimension": panel.weights.dimensions.index,
            "stated": members["stated"].sum(min_count=1),
            "part": members["part"].apply(_joined, panel.mean),
        },
        index=panel.weights.dimensions.index,
    )
    total = _joined(indicators["part"], panel.mean)
    table = pd.concat({"dimension": dimensions, "indicator": indicators}, names=["level", "id"]).reset_index()
    table["effective"] = table["part"] / total if total > 0 else np.nan
    return table[["level", "id", "dimension", "stated", "effective"]]


def carrying_assessments(panel: Panel, date: pd.Timestamp) -> pd.DataFrame:
    """Return the assessments that the index's interval on a date rests on, the heaviest first.

    Columns: ``indicator``, ``coder``, ``row`` (label in the dataset's assessments), ``assessed``, ``score``, ``low``,
    ``high``, ``widening``, ``fresh`` and ``share``: of the index's variance, 0 to 1. Each of several coders answers for
    the spread of their own range and for their distance from the coders' mean.
    """
    inputs = _inputs(panel, date)
    total = _joined(inputs.groupby("indicator")["part"].sum(), panel.mean)
    known = total > 0 and not inputs.attrs["blank"]
    table = inputs.assign(share=inputs["part"] / total if known else np.nan)
    columns = ["indicator", "coder", "row", "assessed", "score", "low", "high", "widening", "fresh", "share"]
    return table.sort_values(["share", "indicator", "coder"], ascending=[False, True, True])[columns].reset_index(
        drop=True
    )


def _inputs(panel: Panel, date: pd.Timestamp) -> pd.DataFrame:
    """Return the assessments that hold on a date with their weight in the index and their part of its variance.

    For the geometric mean the part is a share of the squared mean, as products need it. Attribute ``blank`` tells
    whether the index has no reading.
    """
    dates = pd.DatetimeIndex([date])
    held = panel.holdings(dates)
    composite = panel.combine(held, dates)
    blank = bool(composite.index.isna().all())
    held["weight"] = np.nan if blank else held["indicator"].map(indicator_shares(composite, panel.weights))
    held["part"] = np.nan
    for _, rows in held.groupby("indicator"):
        held.loc[rows.index, "part"] = _spread(rows, float(rows["weight"].iloc[0]), panel.mean)[1]
    held.attrs["blank"] = blank
    return held


def _spread(rows: pd.DataFrame, weight: float, mean: Mean) -> tuple[float, Array]:
    """Return the mean of an indicator's term in the index, and each coder's part of its variance.

    ``rows`` has ``score``, ``low``, ``high`` of each coder. The term is weight · score, or (1 + score)^weight with its
    variance as a share of the squared mean.
    """
    low, score, high = (rows[name].to_numpy(float) for name in ("low", "score", "high"))
    if mean == "arithmetic":
        means, variances = weight * triangular_mean(low, score, high), weight**2 * triangular_variance(low, score, high)
    elif weight == 0:
        means, variances = np.ones(len(rows)), np.zeros(len(rows))
    else:
        means, variances = triangular_moments(low, score, high, lambda x: (1 + x) ** weight)
    centre = float(means.mean())
    parts = (variances + (means - centre) ** 2) / len(rows)
    return centre, parts if mean == "arithmetic" else parts / centre**2


def _joined(parts: pd.Series | Array, mean: str) -> float:
    """Return the variance of independent inputs together; for a product as a share of its squared mean."""
    values = np.asarray(parts, float)
    return float(values.sum() if mean == "arithmetic" else np.expm1(np.log1p(values).sum()))


def queue_scoring(panel: Panel, today: dt.date, count: int = 10_000, seed: int = 0) -> pd.DataFrame:
    """Return what to score next, by how many points the 80 % interval of today's index is expected to narrow.

    Two actions are weighed for each indicator. *rescore*: a coder looks again and finds the same score, with a range
    of the indicator's typical width (the median over its assessments) in the proportions of the one on record; what
    carrying has added is gone. *double-score*: where one coder stands alone, a second one scores with a range of
    typical width, above or below the first with equal chances by the typical difference between two coders (the
    median over the indicator's assessments of one date; over all indicators where it has none; else 0). The two are
    then a mixture, so this narrows a carried or unusually wide range and may widen a fresh one. *score* stands for an
    indicator without an assessment; what it would do to the interval cannot be said.

    The width is expected to shrink as the standard deviation of the index does, which is computed in closed form.
    Columns: ``indicator``, ``action``, ``coder``, ``reason``, ``current_width``, ``expected_width``, ``narrowing``
    (points of the index; negative where the interval would widen; NaN where it has no reading). Sorted by narrowing,
    unknown ones and missing assessments first.
    """
    day = pd.Timestamp(today)
    low, high = interval(draw_panel(panel, pd.DatetimeIndex([day]), count, seed).index())
    current = float(high[0] - low[0])
    inputs = _inputs(panel, day)
    written = panel.effective
    typical = (written["high"] - written["low"]).groupby(written["indicator"]).median()
    difference = _typical_differences(panel)
    parts = inputs.groupby("indicator")["part"].sum()
    now = _joined(parts, panel.mean)

    def shrink(rows: pd.DataFrame, imagined: pd.DataFrame) -> float:
        """Return by which factor the standard deviation changes when an indicator's assessments do."""
        weight = float(rows["weight"].iloc[0])
        before, _ = _spread(rows, weight, panel.mean)
        after, spread = _spread(imagined, weight, panel.mean)
        then = _joined(parts.where(parts.index != rows["indicator"].iloc[0], spread.sum()), panel.mean)
        # A product's spread is proportional to its mean.
        level = after / before if panel.mean == "geometric" else 1.0
        return level * float(np.sqrt(then / now)) if now > 0 else np.nan

    coders = panel.dataset.scorers
    found: list[tuple[str, str, str, str, float]] = []
    for id in panel.weights.indicators.index:
        rows = inputs[inputs["indicator"] == id].reset_index(drop=True)
        for place, row in rows.iterrows():
            fresh = rows.copy()
            fresh.loc[place, ["low", "high"]] = _fresh_range(written.loc[row["row"]], typical[id])
            found.append((id, "rescore", row["coder"], _reason(row, typical[id]), shrink(rows, fresh)))
        if len(rows) == 1 and panel.coder is None:
            second = next((coder for coder in coders if coder != rows["coder"].iloc[0]), "second coder")
            both = pd.concat([rows, rows], ignore_index=True)
            factors = []
            for step in (-difference[id], difference[id]):
                other = np.clip(
                    [row["score"] + step, *np.add(_fresh_range(written.loc[row["row"]], typical[id]), step)], 0, 10
                )
                both.loc[1, ["score", "low", "high"]] = other
                factors.append(shrink(rows, both))
            found.append((id, "double-score", second, "only one coder so far", float(np.mean(factors))))
        if rows.empty:
            found.append((id, "score", panel.coder or (coders or [""])[0], "no assessment yet", np.nan))
    table = pd.DataFrame(found, columns=["indicator", "action", "coder", "reason", "expected_width"])
    table.insert(4, "current_width", current)
    table["expected_width"] *= current
    table["narrowing"] = current - table["expected_width"]
    table = table.sort_values("action", key=lambda action: action != "score", kind="stable")
    return table.sort_values("narrowing", ascending=False, na_position="first", kind="stable").reset_index(drop=True)


def _typical_differences(panel: Panel) -> pd.Series:
    """Return the median difference between the highest and the lowest score of one date, for each indicator."""
    scores = panel.effective.groupby(["indicator", "date"])["score"].agg(["min", "max", "size"])
    doubled = scores[scores["size"] > 1]
    difference = doubled["max"] - doubled["min"]
    overall = difference.median() if len(difference) else 0.0
    return difference.groupby("indicator").median().reindex(panel.weights.indicators.index).fillna(overall)


def _fresh_range(row: pd.Series, width: float) -> tuple[float, float]:
    """Return a range of some width around a score, in the proportions of the range on record, within 0 to 10."""
    written = row["high"] - row["low"]
    below = (row["score"] - row["low"]) / written if written > 0 else 0.5
    return max(row["score"] - below * width, 0.0), min(row["score"] + (1 - below) * width, 10.0)


def _reason(row: pd.Series, typical: float) -> str:
    width = f"{row['high'] - row['low']:g} points"
    if row["widening"] > 0:
        return f"review overdue: range widened by {row['widening']:g} on each side, to {width}"
    return f"range of {width}, usually {typical:g}"
