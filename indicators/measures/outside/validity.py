"""Convergent validity: do outside series move with the readings? Like with like, by period, with lead and lag."""

from itertools import combinations

import numpy as np
import pandas as pd

from indicators.measures.outside.correlation import FEWEST, correlate, spearman
from indicators.measures.outside.monthly import (
    align,
    change_over,
    count_events,
    has_values,
    read_outside,
    read_subjects,
)
from indicators.measures.panel import Panel
from indicators.measures.uncertainty.random import Key
from indicators.records.dataset import Dataset
from indicators.records.topic import Topic

WHOLE = "whole"
"""The period of all the time that both sides have."""

CHANGE_MONTHS = 3
"""Months of a change: the scoring is quarterly."""

LAGS = range(-6, 7)
"""Months by which the reading is set against later (minus) or earlier (plus) values of the series."""

ABSENT = "absent: the folder does not hold the series"

Sides = tuple[pd.Series, pd.Series]

COLUMNS = [
    *("subject", "series", "nature", "direction", "comparison", "period", "start", "end"),
    *("n", "rho", "low", "high", "low95", "high95", "lag", "rho_at_lag", "note"),
]
AMONG_COLUMNS = ["first", "second", "comparison", "period", "n", "rho", "low", "high", "low95", "high95", "note"]


def list_periods(topic: Topic) -> dict[str, pd.Timestamp | None]:
    """Return the periods of comparison with their first days: the whole, and where the topic has it the time since a day."""
    since = topic.since
    return {WHOLE: None} | ({} if since is None else {f"from {since:%Y-%m}": since})


def measure_validity(panel: Panel, seed: int = 0) -> pd.DataFrame:
    """Return how each validation series of the pairs table moves with its subject.

    Three comparisons, each of like with like, with the series turned so that more of it means more tension:
    ``levels`` (readings at month-ends against the series), ``changes`` (both over three months), and ``flow`` (events
    that raise less events that lower tension in the month, against a flow series itself, or the monthly change of a
    level series). By period (``list_periods``).

    Columns: ``subject``, ``series``, ``nature``, ``direction``, ``comparison``, ``period``, ``start`` and ``end``
    (first and last month compared), ``n`` (months), ``rho`` (Spearman's), ``low`` and ``high`` (80 % interval),
    ``low95`` and ``high95``, ``lag`` (of −6 to +6 months the one with the highest correlation; plus: ours follows the
    series; a description, not a test, since it is the best of thirteen), ``rho_at_lag``, ``note`` (why there is no
    correlation: too few, no variation, or absent: then the pair has one row without comparison and period). Order: the
    pairs table, comparison, period.
    """
    rows = []
    readings = read_subjects(panel)
    for pair in _validating(panel.dataset).to_dict("records"):
        subject, series = pair["subject"], pair["series"]
        head = {name: pair[name] for name in ("subject", "series", "nature", "direction")}
        other = pair["direction"] * read_outside(panel.dataset, series)
        if not has_values(other):
            rows.append({**head, "comparison": "", "period": "", "n": 0, "note": ABSENT})
            continue
        flow = count_events(panel.dataset, subject)
        for comparison, sides in _pair_up(readings[subject], flow, other, pair["nature"]).items():
            for period, start in list_periods(panel.dataset.topic).items():
                both = align(*sides, start)
                found = correlate(both, Key(seed, "validity", subject, series, comparison, period))
                row = {**head, "comparison": comparison, "period": period, **found._asdict()}
                if len(both):
                    row |= {"start": both.index[0], "end": both.index[-1]}
                if not found.note:
                    row["lag"], row["rho_at_lag"] = find_lag(*sides, start)
                rows.append(row)
    table = pd.DataFrame(rows, columns=COLUMNS)
    numbers = ["rho", "low", "high", "low95", "high95", "lag", "rho_at_lag"]
    dates = {name: pd.to_datetime(table[name]) for name in ("start", "end")}
    return table.assign(**dates).astype(dict.fromkeys(numbers, "float64")).astype({"n": "int64"})


def compare_outside(dataset: Dataset, seed: int = 0) -> pd.DataFrame:
    """Return how the validation series that are present move with each other, in the same comparisons and periods.

    Each is turned so that more of it means more tension. Columns: ``first``, ``second`` (series), ``comparison``
    (levels, changes over three months), ``period``, ``n``, ``rho``, ``low``, ``high``, ``low95``, ``high95``, ``note``.
    """
    pairs = _validating(dataset).drop_duplicates("series")
    turned = {p["series"]: p["direction"] * read_outside(dataset, p["series"]) for p in pairs.to_dict("records")}
    present = {id: series for id, series in turned.items() if has_values(series)}
    rows = []
    for first, second in combinations(present, 2):
        one, two = present[first], present[second]
        changes = (change_over(one, CHANGE_MONTHS), change_over(two, CHANGE_MONTHS))
        for comparison, sides in {"levels": (one, two), "changes": changes}.items():
            for period, start in list_periods(dataset.topic).items():
                found = correlate(align(*sides, start), Key(seed, "among", first, second, comparison, period))
                rows.append(
                    {"first": first, "second": second, "comparison": comparison, "period": period} | found._asdict()
                )
    return pd.DataFrame(rows, columns=AMONG_COLUMNS)


def list_context(dataset: Dataset) -> pd.DataFrame:
    """Return the series that are context only: ``series``, ``subject``, ``reason``, ``present``."""
    pairs = dataset.pairs[dataset.pairs["role"] == "context"]
    table = pairs[["series", "subject", "reason"]].reset_index(drop=True)
    return table.assign(present=table["series"].isin(dataset.benchmarks["series"].unique()))


def find_lag(own: pd.Series, other: pd.Series, start: pd.Timestamp | None) -> tuple[int, float]:
    """Return the lag of −6 to +6 months with the highest rank correlation, and that correlation.

    At a lag of k months the reading of a month stands against the series k months before it; ``start`` is the first
    month of the reading. Lags that leave fewer than 24 months are not looked at; of equal ones the nearest to 0 counts.
    """
    ends = [end for side in (own.dropna(), other.dropna()) for end in (side.index[0], side.index[-1])]
    months = pd.date_range(min(ends), max(ends), freq="ME")
    first, second = own.reindex(months).to_numpy(float), other.reindex(months).to_numpy(float)
    counted = np.ones(len(months), bool) if start is None else np.asarray(months >= start)
    best = (0, np.nan)
    for lag in sorted(LAGS, key=abs):
        earlier = np.full(len(months), np.nan)
        earlier[max(lag, 0) : len(months) + min(lag, 0)] = second[max(-lag, 0) : len(months) - max(lag, 0)]
        known = counted & ~np.isnan(first) & ~np.isnan(earlier)
        if known.sum() < FEWEST:
            continue
        rho = float(spearman(first[known], earlier[known], np.ones((1, int(known.sum()))))[0])
        if np.isnan(best[1]) or rho > best[1]:
            best = (lag, rho)
    return best


def _validating(dataset: Dataset) -> pd.DataFrame:
    pairs = dataset.pairs
    return pairs[pairs["role"] == "validation"]


def _pair_up(reading: pd.Series, flow: pd.Series, other: pd.Series, nature: str) -> dict[str, Sides]:
    """The two sides of each comparison."""
    return {
        "levels": (reading, other),
        "changes": (change_over(reading, CHANGE_MONTHS), change_over(other, CHANGE_MONTHS)),
        "flow": (flow, other if nature == "flow" else change_over(other, 1)),
    }
