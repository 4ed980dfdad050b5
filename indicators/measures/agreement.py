"""Coders compared: how far they agree beyond chance, where they differ most, and how far they share words and events.

A unit is an indicator and a quarter that at least two coders reviewed. Coders made by one procedure are two runs of
it: their agreement says that procedure and codebook are repeatable, not that their scores are right.
"""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import combinations
from typing import Literal, get_args

import numpy as np
import pandas as pd

from indicators.measures.index import Array
from indicators.measures.panel import Panel
from indicators.measures.uncertainty.doubt import Estimate, estimate_shared_doubt
from indicators.measures.uncertainty.random import resample_blocks
from indicators.records.dataset import split_ids

FEWEST_UNITS = 10
"""Units below which agreement is not computed."""

BLOCK = 4
"""Consecutive units that a resample draws together: a year of quarters."""

RESAMPLES = 2_000

Compared = Literal["levels", "changes"]

_COLUMNS = ["level", "id", "units", "alpha_interval", "low", "high", "alpha_ordinal", "exact", "note"]
_DIFFERENCE_COLUMNS = [
    *("indicator", "date", "difference", "overlap", "coder_a", "coder_b"),
    *("score_a", "score_b", "low_a", "high_a", "low_b", "high_b", "rationale_a", "rationale_b"),
]

_OVERLAP_COLUMNS = [
    *("coder_a", "coder_b", "shared", "cosine", "cosine_indicator", "cosine_any"),
    *("jaccard", "same_events", "same_scores", "days_a", "days_b", "days_common"),
]


def measure_agreement(
    panel: Panel, seed: int = 0, since: pd.Timestamp | None = None, of: Compared = "levels"
) -> pd.DataFrame:
    """Return Krippendorff's alpha of all indicators together, of each dimension and of each indicator.

    Compared are the coders' reviews since a day (all by default), or ``of`` their changes on the quarter before, which
    have no height in them. Columns: ``level`` (index for all indicators together, dimension, indicator), ``id``,
    ``units``, ``alpha_interval`` (squared differences of scores; 1 is full agreement, 0 what chance gives, below 0 worse
    than chance), ``low`` and ``high`` (its 95 % bootstrap interval), ``alpha_ordinal`` (ranks only), ``exact`` (share of
    the units in which all coders said the same) and ``note``: why there is no alpha (too few units, or scores that do
    not vary), else empty. Levels that pool indicators of different height show a higher alpha than their parts, since
    telling the indicators apart counts as agreement.

    The bootstrap resamples units within each indicator in circular blocks of four consecutive units, since a
    quarter's scores resemble the last one's; indicators are not resampled, as the codebook has no others. Resamples
    without any variation have no alpha and are left out. An indicator's resamples depend on its own units and
    ``seed`` only.

    Krippendorff, Computing Krippendorff's Alpha-Reliability (2011); Politis and Romano, A Circular Block-Resampling
    Procedure for Stationary Data (1992).
    """
    scores = tabulate_units(panel, of)
    if since is not None:
        scores = scores[scores.index.get_level_values("date") >= since]
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
        exact = float(np.mean(np.nanmax(table, axis=1) == np.nanmin(table, axis=1))) if len(table) else np.nan
        rows.append((kind, id, len(table), interval, low, high, ordinal, exact, note))
    return pd.DataFrame(rows, columns=_COLUMNS)


def list_differences(panel: Panel, most: int = 20) -> pd.DataFrame:
    """Return the units in which two coders differ most, the widest difference first.

    Columns: ``indicator``, ``date`` (end of the quarter), ``difference`` (points, above 0), ``overlap`` (whether the
    plausible ranges meet), and for both coders ``coder_``, ``score_``, ``low_``, ``high_`` and ``rationale_``, each
    ending in ``a`` or ``b``. Of equal differences those whose ranges do not meet come first, then the newest.
    """
    held = list_units(panel)
    pairs = held.merge(held, on=["indicator", "date"], suffixes=("_a", "_b"))
    pairs = pairs[(pairs["coder_a"] < pairs["coder_b"]) & (pairs["score_a"] != pairs["score_b"])]
    pairs = pairs.assign(
        difference=(pairs["score_a"] - pairs["score_b"]).abs(),
        overlap=np.maximum(pairs["low_a"], pairs["low_b"]) <= np.minimum(pairs["high_a"], pairs["high_b"]),
    )
    order = ["difference", "overlap", "date", "indicator", "coder_a", "coder_b"]
    ascending = [False, True, False, True, True, True]
    return pairs.sort_values(order, ascending=ascending, ignore_index=True)[_DIFFERENCE_COLUMNS].head(most)


def list_units(panel: Panel) -> pd.DataFrame:
    """Return the reviews of indicators and quarters that at least two coders reviewed: rows of the assessments."""
    rows = panel.effective
    reviews = rows[rows["date"].dt.is_quarter_end]
    doubled: pd.DataFrame = reviews[reviews.duplicated(["indicator", "date"], keep=False)]
    return doubled


def tabulate_units(panel: Panel, of: Compared = "levels") -> pd.DataFrame:
    """Return the scores of the units, or their changes on the quarter before: a column for each coder.

    Rows by indicator and quarter-end. A change needs the coder's reviews of both quarters, and a second coder's.
    """
    table = list_units(panel).pivot(index=["indicator", "date"], columns="coder", values="score")
    if of == "levels" or table.empty:
        return table
    before = [(indicator, date - pd.offsets.QuarterEnd()) for indicator, date in table.index]
    changes = table - table.reindex(pd.MultiIndex.from_tuples(before, names=table.index.names)).to_numpy()
    return changes[changes.notna().sum(axis=1) >= 2]


def compare_spans(panel: Panel, since: pd.Timestamp | None) -> pd.DataFrame:
    """Return alpha of all indicators together: of levels and of changes, of the whole time and since a day, if one is given.

    Columns: ``of`` (levels, changes), ``since`` (NaT for the whole time), and ``units`` to ``note`` of
    ``measure_agreement``. A jump that all coders saw raises the alpha of levels over the whole time.
    """
    kinds: tuple[Compared, ...] = get_args(Compared)
    rows = [
        {"of": of, "since": start, **measure_agreement(panel, since=start, of=of).iloc[0][_COLUMNS[2:]].to_dict()}
        for of in kinds
        for start in dict.fromkeys((None, since))
    ]
    return pd.DataFrame(rows).astype({"since": "datetime64[ns]"})


def estimate_from_units(panel: Panel) -> Estimate:
    """Return the shared part of the doubt within an indicator as the coders' differences tell it."""
    return estimate_shared_doubt(list_units(panel))


def measure_overlap(panel: Panel) -> pd.DataFrame:
    """Return how far pairs of coders share words, events and days: signs of how independent they are.

    One row for each pair. Columns: ``coder_a``, ``coder_b``; ``shared`` (assessments of one indicator and date by both);
    ``cosine`` (likeness of their rationales, 0 to 1: cosine of word counts weighted by rarity) beside
    ``cosine_indicator`` (same indicator, other dates) and ``cosine_any`` (all pairs of rationales); ``jaccard`` (cited
    events in common over events cited by either, mean), ``same_events`` and ``same_scores`` (share of the shared
    assessments with the identical set of events, and with score, low and high alike); ``days_a``, ``days_b`` and
    ``days_common``: days other than a quarter's last on which they assessed, which are freely chosen. Means are NaN
    without a shared assessment.

    Salton and Buckley, Term-weighting Approaches in Automatic Text Retrieval (1988).
    """
    rows = panel.effective.reset_index(drop=True)
    vectors = _weigh_words(rows["rationale"])
    cited = [frozenset(split_ids(events)) for events in rows["events"]]
    free = rows[~rows["date"].dt.is_quarter_end].groupby("coder")["date"].agg(set).to_dict()
    found = []
    for a, b in combinations(sorted(rows["coder"].unique()), 2):
        first, second = ({key: place for place, key in _list_keys(rows, coder)} for coder in (a, b))
        both = [(place, second[key]) for key, place in first.items() if key in second]
        cosines = [_multiply(vectors[x], vectors[y]) for x, y in both]
        unions = [(cited[x] & cited[y], cited[x] | cited[y]) for x, y in both]
        jaccards = [len(common) / len(union) for common, union in unions if union]
        judged = rows[["score", "low", "high"]].to_numpy(float)
        days = [free.get(coder, set()) for coder in (a, b)]
        found.append(
            {
                "coder_a": a,
                "coder_b": b,
                "shared": len(both),
                "cosine": _mean(cosines),
                "cosine_indicator": _compare_groups(vectors, first, second, both, sum(cosines)),
                "cosine_any": _multiply(_add(vectors, first.values()), _add(vectors, second.values()))
                / (len(first) * len(second)),
                "jaccard": _mean(jaccards),
                "same_events": _mean([float(cited[x] == cited[y]) for x, y in both]),
                "same_scores": _mean([float((judged[x] == judged[y]).all()) for x, y in both]),
                "days_a": len(days[0]),
                "days_b": len(days[1]),
                "days_common": len(days[0] & days[1]),
            }
        )
    return pd.DataFrame(found, columns=_OVERLAP_COLUMNS)


Words = dict[str, float]


def _weigh_words(texts: pd.Series) -> list[Words]:
    """Return each text as counts of its words, weighted by the logarithm of their rarity, of length 1."""
    counted = [Counter(re.findall(r"\w+", text.lower())) for text in texts]
    known = Counter(word for words in counted for word in words)
    vectors = []
    for words in counted:
        weighed = {word: count * np.log(len(counted) / known[word]) for word, count in words.items()}
        length = sum(weight**2 for weight in weighed.values()) ** 0.5
        vectors.append({word: weight / length for word, weight in weighed.items()} if length > 0 else {})
    return vectors


def _multiply(first: Words, second: Words) -> float:
    """Return the product of two vectors of words: the cosine, where both have length 1."""
    return float(sum(weight * second.get(word, 0.0) for word, weight in first.items()))


def _add(vectors: list[Words], places: Iterable[int]) -> Words:
    """Return the sum of some vectors. Its product with another sum is the sum over all pairs of both."""
    total: Counter[str] = Counter()
    for place in places:
        total.update(vectors[place])
    return dict(total)


def _list_keys(rows: pd.DataFrame, coder: str) -> list[tuple[int, tuple[str, pd.Timestamp]]]:
    own = rows[rows["coder"] == coder]
    return list(zip(own.index.tolist(), zip(own["indicator"], own["date"], strict=True), strict=True))


def _compare_groups(
    vectors: list[Words],
    first: dict[tuple[str, pd.Timestamp], int],
    second: dict[tuple[str, pd.Timestamp], int],
    both: list[tuple[int, int]],
    same: float,
) -> float:
    """Return the mean cosine of two coders' rationales on one indicator and different dates."""
    products, pairs = -same, -len(both)
    for indicator in {indicator for indicator, _ in first}:
        groups = [[place for (id, _), place in keys.items() if id == indicator] for keys in (first, second)]
        products += _multiply(*(_add(vectors, group) for group in groups))
        pairs += len(groups[0]) * len(groups[1])
    return products / pairs if pairs else np.nan


def _mean(values: list[float]) -> float:
    return float(np.mean(values)) if values else np.nan


def compute_alpha(scores: Array, level: Literal["interval", "ordinal"] = "interval") -> float:
    """Return Krippendorff's alpha of a table of units (rows) by coders (columns, NaN where one did not score).

    ``level`` is interval or ordinal. Raises ``ValueError`` where no unit is doubled or the scores do not vary.
    """
    doubled = scores[np.sum(~np.isnan(scores), axis=1) >= 2]
    values = np.unique(doubled[~np.isnan(doubled)])
    if len(values) < 2:
        raise ValueError("the scores do not vary" if len(doubled) else "no quarter is double-coded")
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


def _resample(scores: Array, indicator: str, seed: int) -> Array:
    """Sums over the units of one indicator (ordered by date) in each resample: (resample, 4)."""
    units = sum_units(scores)
    return np.asarray(units[resample_blocks(len(units), BLOCK, RESAMPLES, seed, indicator)].sum(axis=1))


def _explain_missing(panel: Panel, scores: Array) -> str:
    coders = panel.effective["coder"].nunique()
    if coders < 2:
        return f"too few: {coders} coder{'s' * (coders != 1)}, agreement needs two"
    if len(scores) < FEWEST_UNITS:
        return f"too few: {len(scores)} double-coded quarter{'s' * (len(scores) != 1)}, {FEWEST_UNITS} are needed"
    values = np.unique(scores[~np.isnan(scores)])
    return f"no variation: every score is {values[0]:g}" if len(values) == 1 else ""
