"""View and URL: which parameters a link has, and what is wrong with one that a link carries."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from indicators.measures.index import MEANS
from indicators.measures.readings import FREQUENCIES
from indicators.measures.uncertainty import INTERVALS
from indicators.records.cells import check_date, check_number
from indicators.records.dataset import Dataset

DIM = "dim"
FROM = "from"
TO = "to"
CODER = "coder"
FREQ = "freq"
AS_OF = "as_of"
CLAIM = "claim"
INDICATOR = "indicator"
APART = "apart"
INTERVAL = "interval"
MEAN = "mean"
WEIGHT = "w_"
BASE = "base"
COMPARE = "compare"
TAB = "tab"

TABS = ("Method", "Weights", "Uncertainty", "Agreement", "Freshness", "Corrections", "Files")
"""Tabs of the page Method and data."""

MOST_WEIGHT = 10
EARLIEST_VINTAGE = dt.date(2000, 1, 1)

DOCUMENTED = {
    DIM: "Dimension shown: an id of the codebook, or index (Overview only).",
    FROM: "First day of the period, as in 2024-02-29.",
    TO: "Last day of the period.",
    CODER: "One coder's assessments only: an id of the codebook; without it, all coders.",
    FREQ: "Period ends in tables and downloads: month (default), week or quarter.",
    AS_OF: "Data as recorded up to this day (UTC).",
    CLAIM: "Claim of the narrative that is shown in full.",
    INDICATOR: "Indicator shown in full on the page Dimension.",
    APART: "true: each coder's own scores beside the reading.",
    INTERVAL: "Percent of the draws between the ends of an interval: 50, 80 (default) or 95.",
    MEAN: "arithmetic (default) or geometric.",
    WEIGHT: "w_military and so on: the reader's weight of a dimension, 0 to 10.",
    BASE: "Earlier day of the page Compare.",
    COMPARE: "Later day of the page Compare.",
    TAB: "Tab of the page Method and data.",
}
"""Every parameter of a link and its meaning; each is the key of the control that it belongs to."""


@dataclass(frozen=True)
class Refusal:
    """A parameter of a link that was not used, and why."""

    name: str
    value: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name}={self.value}: {self.reason}"


@dataclass(frozen=True)
class View:
    """What a link restores, as far as it is valid, and what was refused."""

    values: Mapping[str, str] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()

    def day(self, name: str) -> dt.date | None:
        """Return a parameter that is a day."""
        return dt.date.fromisoformat(self.values[name]) if name in self.values else None


def read_view(
    parameters: Iterable[tuple[str, str]], dataset: Dataset, with_index: bool = True, today: dt.date | None = None
) -> View:
    """Return the view that some URL parameters describe; each one is valid, invalid with a reason, or absent.

    ``with_index`` tells whether the page shows the index as a line; ``today`` is the last day on offer.
    """
    rules = _rules(dataset, with_index, today)
    values: dict[str, str] = {}
    refusals = []
    for name, value in parameters:
        reason = rules[name](value) if name in rules else "is not a parameter of this page"
        if name in values:
            reason = "is given twice"
        if reason:
            refusals.append(Refusal(name, value, reason))
        else:
            values[name] = value
    for first, last in ((FROM, TO), (BASE, COMPARE)):
        if first in values and last in values and values[first] >= values[last]:
            refusals.append(Refusal(last, values.pop(last), f"is not after {first}={values[first]}"))
    return View(values, tuple(refusals))


def build_link(base: str, page: str, values: Mapping[str, str]) -> str:
    """Return the address of a page with a view's parameters."""
    query = urlencode(sorted(values.items()))
    return f"{base.rstrip('/')}/{page}" + (f"?{query}" if query else "")


def _rules(dataset: Dataset, with_index: bool, today: dt.date | None) -> dict[str, Callable[[str], str]]:
    first = dataset.assessments["date"].min().date() if len(dataset.assessments) else dt.date.min

    def one_of(*allowed: str) -> Callable[[str], str]:
        return lambda value: "" if value in allowed else f"is not one of {', '.join(allowed)}"

    def day(earliest: dt.date) -> Callable[[str], str]:
        def rule(value: str) -> str:
            if fault := check_date(value):
                return fault.message
            chosen = dt.date.fromisoformat(value)
            if chosen < earliest:
                return f"is before {earliest}"
            return f"is after today, {today}" if today is not None and chosen > today else ""

        return rule

    def weight(value: str) -> str:
        fault = check_number(0, MOST_WEIGHT)(value)
        return fault.message if fault else ""

    return {
        DIM: one_of(*(["index"] if with_index else []), *dataset.dimensions.index),
        **{name: day(first) for name in (FROM, TO, BASE, COMPARE)},
        CODER: one_of("all", *dataset.coders.index),
        FREQ: one_of(*FREQUENCIES),
        AS_OF: day(EARLIEST_VINTAGE),
        CLAIM: one_of(*dataset.claims.index),
        INDICATOR: one_of(*dataset.indicators.index),
        APART: one_of("true", "false"),
        INTERVAL: one_of(*map(str, INTERVALS)),
        MEAN: one_of(*MEANS),
        TAB: one_of(*TABS),
        **{WEIGHT + dimension: weight for dimension in dataset.dimensions.index},
    }


def cite(dataset: Dataset, today: dt.date) -> str:
    """Return how to cite the data as it stands."""
    return (
        f"US–Russia tension indicators, data of {dataset.assessments['recorded'].max():%Y-%m-%d}, "
        f"digest {dataset.digest[:8]}, CC BY 4.0, read {today:%Y-%m-%d}."
    )
