"""What the interval of the index rests on: effective shares of weights, the assessments that carry it, what to score next.

Computed in closed form, without random numbers. The index is a sum of terms (of the logarithms of 1 + score for the
geometric mean), and its variance the sum of their covariances: that of two assessments is the correlation of their
places in their ranges times their covariance if they had one place in common. A share of the variance is what a term's
covariances with all of them make of it, as Paruolo, Saisana & Saltelli (Ratings and rankings: voodoo or science?,
2013) set shares beside stated weights; where doubt is not shared it is the first-order sensitivity index.
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from indicators.measures.index import Array, indicator_shares
from indicators.measures.panel import Panel
from indicators.measures.readings import NONE
from indicators.measures.uncertainty.doubt import Shares, doubt_shares
from indicators.measures.uncertainty.draws import DRAWS, draw_panel
from indicators.measures.uncertainty.intervals import interval
from indicators.measures.uncertainty.triangular import triangular_mean, triangular_places, triangular_variance

NEW = -2
"""Label of an assessment that has not been made."""


def effective_shares(panel: Panel, date: pd.Timestamp) -> pd.DataFrame:
    """Return the stated weights beside the shares of the index's variance that they lead to on a date.

    Columns: ``level`` (dimension, indicator), ``id``, ``dimension``, ``stated`` (weight in the index among what has a
    reading) and ``effective`` (share of variance; exactly 0 for what cannot matter); both sum to 1 at each level. Both
    are NaN where the index is blank, ``effective`` also where nothing is uncertain. The variance is that of the draws on
    the date, for the geometric mean that of the logarithm of 1 + index.
    """
    inputs, blank = _list_inputs(panel, date)
    parts = _split_variance(inputs, panel)
    total = parts.sum()
    indicators = pd.DataFrame(
        {
            "dimension": panel.weights.dimension_of,
            "stated": inputs.groupby("indicator")["weight"].first(),
            "effective": (parts / total if total > 0 else parts * np.nan).groupby(inputs["indicator"]).sum(min_count=1),
        },
        index=panel.weights.indicators.index,
    )
    if not blank:
        absent = indicators["stated"].isna()
        indicators.loc[absent, "stated"] = 0.0
        indicators.loc[absent, "effective"] = 0.0 if total > 0 else np.nan
    members = indicators.groupby("dimension")
    dimensions = pd.DataFrame(
        {
            "dimension": panel.weights.dimensions.index,
            "stated": members["stated"].sum(min_count=1),
            "effective": members["effective"].sum(min_count=1),
        },
        index=panel.weights.dimensions.index,
    )
    table = pd.concat({"dimension": dimensions, "indicator": indicators}, names=["level", "id"]).reset_index()
    return table[["level", "id", "dimension", "stated", "effective"]]


def carrying_assessments(panel: Panel, date: pd.Timestamp) -> pd.DataFrame:
    """Return the assessments that the index's interval on a date rests on, the heaviest first.

    Columns: ``indicator``, ``coder``, ``row`` (label in the dataset's assessments), ``assessed``, ``score``, ``low``,
    ``high``, ``widening``, ``fresh`` and ``share``: of the index's variance, 0 to 1. Each of several coders answers for
    the spread of their own range, what it shares with others among it, and for their distance from the coders' mean.
    Between two reviews both stand in the table.
    """
    inputs, blank = _list_inputs(panel, date)
    parts = _split_variance(inputs, panel)
    known = not blank and parts.sum() > 0
    table = inputs.assign(share=parts / parts.sum() if known else np.nan)
    columns = ["indicator", "coder", "row", "assessed", "score", "low", "high", "widening", "fresh", "share"]
    return table.sort_values(["share", "indicator", "coder"], ascending=[False, True, True])[columns].reset_index(
        drop=True
    )


def _list_inputs(panel: Panel, date: pd.Timestamp) -> tuple[pd.DataFrame, bool]:
    """Return the assessments that the index rests on on a date, and whether it has no reading.

    Columns: ``indicator``, ``coder``, ``row``, ``assessed``, ``score``, ``low``, ``high`` (widened), ``widening``,
    ``missed`` (reviews), ``fresh``, ``weight`` (of the indicator in the index) and ``way``: the assessment's part in its coder's line, 1 but
    between two reviews.
    """
    dates = pd.DatetimeIndex([date])
    held = panel.holdings(dates)
    composite = panel.combine(held, dates)
    blank = bool(composite.index.isna().all())
    held["weight"] = np.nan if blank else held["indicator"].map(indicator_shares(composite, panel.weights))
    held["way"] = 1 - held["share"].astype(float)
    ahead = held[(held["next"] != NONE) & (held["share"] > 0)]
    # A line that has reached its next review rests on that alone.
    inputs = pd.concat([held[held["way"] > 0], ahead.assign(row=ahead["next"], way=ahead["share"].astype(float))])
    written = panel.effective.reindex(inputs["row"])
    points = inputs["widening"].to_numpy(float)
    inputs = inputs.assign(
        assessed=written["date"].to_numpy(),
        score=written["score"].to_numpy(float),
        low=np.maximum(written["low"].to_numpy(float) - points, 0),
        high=np.minimum(written["high"].to_numpy(float) + points, 10),
    )
    inputs = inputs.sort_values(["indicator", "coder", "assessed"], kind="stable", ignore_index=True)
    columns = ["indicator", "coder", "row", "assessed", "score", "low", "high", "widening", "missed"]
    return inputs[[*columns, "fresh", "weight", "way"]], blank


@dataclass(frozen=True, eq=False)
class _Terms:
    """What assessments add to the index: mean, variance and deviations at common places in their ranges, and what they share.

    ``chance`` is that of a draw to follow an assessment's coder, ``together`` that to follow the coders of both of two,
    ``alike`` the correlation of their places.
    """

    mean: Array
    variance: Array
    deviations: Array
    mass: Array
    chance: Array
    together: Array
    alike: Array


def _term(inputs: pd.DataFrame, panel: Panel) -> _Terms:
    low, score, high = (inputs[name].to_numpy(float) for name in ("low", "score", "high"))
    values, mass = triangular_places(low, score, high)
    centre = score.copy()
    if panel.mean == "geometric":
        values, centre = np.log1p(values), np.log1p(centre)
    # Measured from the score, so that a certain one deviates by exactly 0.
    values = values - centre[:, None]
    mean = (values * mass).sum(axis=1)
    factor = inputs["weight"].to_numpy(float) * inputs["way"].to_numpy(float)
    deviations = factor[:, None] * (values - mean[:, None])
    variance = (deviations**2 * mass).sum(axis=1)
    if panel.mean == "arithmetic":
        # Exact where there is a formula; the places are so to four digits.
        mean, variance = triangular_mean(low, score, high) - score, factor**2 * triangular_variance(low, score, high)
    together = _meet_coders(inputs)
    alike = _correlate(inputs, panel.weights.dimension_of, doubt_shares(panel.dataset.methods, panel.doubt))
    return _Terms(factor * (centre + mean), variance, deviations, mass, np.diag(together).copy(), together, alike)


def _split_variance(inputs: pd.DataFrame, panel: Panel) -> pd.Series:
    """Return what each assessment adds to the variance of the index; they sum to it."""
    parts = _weigh_terms(inputs, _term(inputs, panel)) if len(inputs) else np.empty(0)
    return pd.Series(parts, index=inputs.index, dtype=float)


def _weigh_terms(inputs: pd.DataFrame, terms: _Terms) -> Array:
    """Return what each assessment adds to the variance, by its covariances with all."""
    covariance = terms.alike * ((terms.deviations * terms.mass) @ terms.deviations.T)
    np.fill_diagonal(covariance, terms.variance)
    # A coder's line against the coders' mean of the indicator.
    number, places = np.unique(inputs["indicator"].to_numpy(str), return_inverse=True)
    centre = np.bincount(places, terms.mean * terms.chance, minlength=len(number))[places]
    apart = terms.mean - inputs["way"].to_numpy(float) * centre
    parts = (terms.together * (covariance + np.outer(apart, apart))).sum(axis=1)
    certain = (terms.deviations == 0).all(axis=1) & (apart == 0)
    return np.where(certain, 0.0, parts)


def _meet_coders(inputs: pd.DataFrame) -> Array:
    """Return the chance that a draw follows the coders of both of two assessments, each of their own indicator.

    A draw follows the coder of the largest random number among those present.
    """
    present: dict[str, set[str]] = {}
    pairs = list(zip(inputs["indicator"].tolist(), inputs["coder"].tolist(), strict=True))
    for indicator, coder in pairs:
        present.setdefault(indicator, set()).add(coder)
    keys = [(coder, frozenset(present[indicator])) for indicator, coder in pairs]
    kinds = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    chances = np.array([[_meet(*first, *second) for second in kinds] for first in kinds])
    places = np.array([kinds[key] for key in keys], dtype=np.intp)
    return np.asarray(chances[places[:, None], places])


def _meet(first: str, among: frozenset[str], second: str, others: frozenset[str]) -> float:
    """Return the chance that one coder has the largest number among some, and another among others."""
    whole = len(among | others)
    if first == second:
        return 1 / whole
    # The largest of all is one of the two: it must be absent where the other one wins.
    chance = 0.0
    if first not in others:
        chance += 1 / whole / len(others)
    if second not in among:
        chance += 1 / whole / len(among)
    return chance


def _correlate(inputs: pd.DataFrame, dimension_of: pd.Series, shares: Shares) -> Array:
    """Return how the places of two assessments in their ranges correlate."""
    indicator = inputs["indicator"].to_numpy(object)
    dimension = inputs["indicator"].map(dimension_of).to_numpy(object)
    row = inputs["row"].to_numpy()
    alike = np.full((len(inputs), len(inputs)), shares.indicator * shares.dimension * shares.every)
    alike[dimension[:, None] == dimension] = shares.indicator * shares.dimension
    alike[indicator[:, None] == indicator] = shares.indicator
    alike[row[:, None] == row] = 1.0
    return alike


def queue_scoring(panel: Panel, today: dt.date, count: int = DRAWS, seed: int = 0) -> pd.DataFrame:
    """Return what to score next, by how many points the 80 % interval of the index is expected to narrow.

    The interval is that of the last day of the running quarter if nothing more is scored: what is due for review by
    then has widened by experience, once for each review missed. Two actions are weighed for each indicator. *rescore*:
    a coder reviews it and finds the same score, with a range of the indicator's typical width (the median over its
    assessments) in the proportions of the one on record; what carrying has added is gone. *double-score*: where one
    coder stands alone, a second one scores with a range of typical width, above or below the first with equal chances by
    the typical difference between two coders (the median over the indicator's assessments of one date; over all
    indicators where it has none; else 0). A draw follows one coder in all indicators, so this narrows a carried or
    unusually wide range and may widen a fresh one. *score* stands for an indicator without an assessment; what it would
    do to the interval cannot be said.

    The width is expected to shrink as the standard deviation of the index does, computed in closed form with the doubt
    that is shared. Columns: ``indicator``, ``action``, ``coder``, ``reason``, ``current_width``, ``expected_width``,
    ``narrowing`` (points of the index; negative where the interval would widen; NaN where it has no reading). Sorted by
    narrowing, unknown ones and missing assessments first.
    """
    day = pd.Timestamp(today) + pd.offsets.QuarterEnd(0)
    low, high = interval(draw_panel(panel, pd.DatetimeIndex([day]), count, seed).index())
    current = float(high[0] - low[0])
    inputs, _ = _list_inputs(panel, day)
    written = panel.effective
    typical = (written["high"] - written["low"]).groupby(written["indicator"]).median()
    difference = _typical_differences(panel)
    now, level = _spread(inputs, panel)

    def shrink(imagined: pd.DataFrame) -> float:
        """Return by which factor the standard deviation changes with other assessments."""
        then, after = _spread(imagined, panel)
        # A product's spread is proportional to its mean.
        raised = float(np.exp(after - level)) if panel.mean == "geometric" else 1.0
        return raised * float(np.sqrt(then / now)) if now > 0 else np.nan

    coders = panel.dataset.scorers
    found: list[tuple[str, str, str, str, float]] = []
    for id in panel.weights.indicators.index:
        rows = inputs[inputs["indicator"] == id]
        for coder, own in rows.groupby("coder"):
            row = own.iloc[0]
            fresh = _imagine(row, written.loc[row["row"]], typical[id])
            imagined = pd.concat([inputs.drop(index=own.index), fresh], ignore_index=True)
            found.append((id, "rescore", str(coder), _reason(row, typical[id]), shrink(imagined)))
        if rows["coder"].nunique() == 1 and panel.coder is None:
            row = rows.iloc[0]
            second = next((coder for coder in coders if coder != row["coder"]), "second coder")
            factors = []
            for step in (-difference[id], difference[id]):
                other = _imagine(row, written.loc[row["row"]], typical[id], step).assign(coder=second)
                factors.append(shrink(pd.concat([inputs, other], ignore_index=True)))
            found.append((id, "double-score", second, "only one coder so far", float(np.mean(factors))))
        if rows.empty:
            found.append((id, "score", panel.coder or (coders or [""])[0], "no assessment yet", np.nan))
    table = pd.DataFrame(found, columns=["indicator", "action", "coder", "reason", "expected_width"])
    table.insert(4, "current_width", current)
    table["expected_width"] *= current
    table["narrowing"] = current - table["expected_width"]
    table = table.sort_values("action", key=lambda action: action != "score", kind="stable")
    return table.sort_values("narrowing", ascending=False, na_position="first", kind="stable").reset_index(drop=True)


def _spread(inputs: pd.DataFrame, panel: Panel) -> tuple[float, float]:
    """Return the variance of the sum of terms that assessments make, and its mean."""
    if inputs.empty:
        return 0.0, 0.0
    terms = _term(inputs, panel)
    return float(_weigh_terms(inputs, terms).sum()), float((terms.mean * terms.chance).sum())


def _imagine(row: pd.Series, written: pd.Series, width: float, step: float = 0.0) -> pd.DataFrame:
    """Return an assessment that has not been made: of some width, a step above the one on record."""
    score, low, high = np.clip([written["score"] + step, *np.add(_fresh_range(written, width), step)], 0, 10)
    made = row.to_frame().T.assign(row=NEW, score=score, low=low, high=high, way=1.0)
    return made.astype({"weight": float, "widening": float})


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
    width = f"{row['high'] - row['low']:.3g} points"
    if row["missed"] > 0:
        when = "due this quarter: without it the" if row["missed"] == 1 else "overdue: by the quarter's end the"
        return f"review {when} range is widened by {row['widening']:.2f} on each side, to {width}"
    return f"range of {width}, usually {typical:g}"
