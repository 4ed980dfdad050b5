"""Convergent validity: do outside series move with the readings? Like with like, by period, with lead and lag."""

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from indicators.measures.outside.correlation import FEWEST, correlate
from indicators.measures.outside.quarterly import (
    align,
    change_over,
    count_events,
    is_present,
    read_closing,
    read_outside,
    read_window,
)
from indicators.measures.panel import Panel
from indicators.measures.quarters import read_settled
from indicators.measures.ranks import correlate_ranks
from indicators.records.dataset import Dataset
from indicators.records.topic import Topic

WHOLE = "whole"
"""The period of all the time that both sides have."""

COMPARISONS = ("levels", "changes", "flow")

LAGS = range(-2, 3)
"""Quarters by which the reading is set against later (minus) or earlier (plus) values of the series."""

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
    """Return how each validation series of the pairs table moves with its subject, quarter by quarter.

    Only settled quarters of the subject count. Three comparisons, each of like with like, with the series turned so
    that more of it means more tension: ``levels`` (the reading at the quarter's end against the series over the stretch
    that it covers, see ``read_window``), ``changes`` (both on the quarter before), and ``flow`` (events of the
    quarter that raise less those that lower tension, against the mean of a flow series, or the change of a level series
    from the last value of one quarter to that of the next). By period (``list_periods``).

    Columns: ``subject``, ``series``, ``nature``, ``direction``, ``comparison``, ``period``, ``start`` and ``end``
    (last days of the first and last quarter compared), ``n`` (quarters), ``rho`` (Spearman's), ``low`` and ``high``
    (80 % interval), ``low95`` and ``high95``, ``lag`` (of −2 to +2 quarters the one with the highest correlation; plus:
    ours follows the series; a description, not a test, since it is the best of five), ``rho_at_lag``, ``note`` (why
    there is no correlation: too few, no variation, or absent: then the pair has one row without comparison and period).
    Order: indicators, dimensions, index; then the pairs table, comparison, period.
    """
    rows = []
    dataset = panel.dataset
    readings = read_settled(panel)
    for pair in list_pairs(dataset):
        subject, series, nature = pair["subject"], pair["series"], pair["nature"]
        head = {name: pair[name] for name in ("subject", "series", "nature", "direction")}
        if not is_present(dataset, series):
            rows.append({**head, "comparison": "", "period": "", "n": 0, "note": ABSENT})
            continue
        own, other = readings[subject], pair["direction"] * read_window(dataset, series, subject, nature)
        met = read_outside(dataset, series) if nature == "flow" else change_over(read_closing(dataset, series))
        compared: dict[str, Sides] = {
            "levels": (own, other),
            "changes": (change_over(own), change_over(other)),
            # Events are on record as far as somebody has looked, which a review shows.
            "flow": (count_events(panel, subject).where(own.notna()), pair["direction"] * met),
        }
        for comparison, sides in compared.items():
            for period, start in list_periods(dataset.topic).items():
                both = align(*sides, start)
                found = correlate(both, f"{subject}|{series}|{comparison}", seed)
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
    """Return how the validation series that are present move with each other: means of quarters, and their changes.

    Each is turned so that more of it means more tension. Columns: ``first``, ``second`` (series), ``comparison``
    (levels, changes), ``period``, ``n`` (quarters), ``rho``, ``low``, ``high``, ``low95``, ``high95``, ``note``.
    """
    signs = {pair["series"]: pair["direction"] for pair in list_pairs(dataset)}
    present = {id: sign * read_outside(dataset, id) for id, sign in signs.items() if is_present(dataset, id)}
    rows = []
    for first, second in combinations(present, 2):
        one, two = present[first], present[second]
        changes = (change_over(one), change_over(two))
        for comparison, sides in {"levels": (one, two), "changes": changes}.items():
            for period, start in list_periods(dataset.topic).items():
                found = correlate(align(*sides, start), f"{first}|{second}|{comparison}", seed)
                rows.append(
                    {"first": first, "second": second, "comparison": comparison, "period": period} | found._asdict()
                )
    return pd.DataFrame(rows, columns=AMONG_COLUMNS)


def list_context(dataset: Dataset) -> pd.DataFrame:
    """Return the series that are context only: ``series``, ``subject``, ``reason``, ``present``."""
    pairs = dataset.pairs[dataset.pairs["role"] == "context"]
    table = pairs[["series", "subject", "reason"]].reset_index(drop=True)
    return table.assign(present=[is_present(dataset, series) for series in table["series"]])


def find_lag(own: pd.Series, other: pd.Series, start: pd.Timestamp | None) -> tuple[int, float]:
    """Return the lag of −2 to +2 quarters with the highest rank correlation, and that correlation.

    At a lag of k quarters the reading of a quarter stands against the series k quarters before it; ``start`` is the
    first day of the reading. Lags that leave fewer than 12 quarters are not looked at; of equal ones the nearest to 0
    counts.
    """
    ends = [end for side in (own.dropna(), other.dropna()) for end in (side.index[0], side.index[-1])]
    quarters = pd.date_range(min(ends), max(ends), freq="QE")
    first, second = own.reindex(quarters).to_numpy(float), other.reindex(quarters)
    counted = ~np.isnan(first) & np.asarray(start is None or quarters >= start)
    best = (0, np.nan)
    for lag in sorted(LAGS, key=abs):
        earlier = second.shift(lag).to_numpy(float)
        known = counted & ~np.isnan(earlier)
        if known.sum() < FEWEST:
            continue
        rho = float(correlate_ranks(first[known], earlier[known]))
        if np.isnan(best[1]) or rho > best[1]:
            best = (lag, rho)
    return best


def list_pairs(dataset: Dataset) -> list[Mapping[Any, Any]]:
    """Return the validation pairs: those of indicators first, then of dimensions, the index last, as in the codebook."""
    pairs = dataset.pairs[dataset.pairs["role"] == "validation"]
    order = [*dataset.indicators.index, *dataset.dimensions.index, "index"]
    places = {id: place for place, id in enumerate(order)}
    ordered = pairs.sort_values("subject", key=lambda ids: ids.map(places), kind="stable")
    return [*ordered.to_dict("records")]
