"""View and URL: which parameters a link has, what is wrong with one that a link carries, and the one link builder."""

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from indicators.measures.index import MEANS
from indicators.measures.outlook.levers import list_assumptions
from indicators.measures.outside.overlay import NO_OVERLAY, list_overlays
from indicators.measures.readings import FREQUENCIES
from indicators.measures.series import LEVELS
from indicators.measures.uncertainty.intervals import INTERVALS
from indicators.records.dataset import Dataset
from indicators.records.rules import check_date, check_weight
from indicators.show.links.levers import read_entries, refuse_assumptions, refuse_levers, write_entries, write_levers

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
LEVERS = "levers"
ASSUME = "assume"
DIGEST = "digest"
OVERLAY = "overlay"
STANDARD = "standard"
LEVEL = "level"
DRAFT = "draft_"
"""Start of the names under which the page Update scores keeps what was typed; they are no part of a view."""

TABS = ("Method", "Weights", "Uncertainty", "Agreement", "Outside series", "Freshness", "Corrections", "Files")
"""Tabs of the page Method and data."""

MOST_WEIGHT = 10
EARLIEST_VINTAGE = dt.date(2000, 1, 1)
DIGEST_LENGTH = 12
"""Characters of the data's digest that a cited link names."""

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
    WEIGHT: "w_military and so on: the reader's weight of a dimension: 0, or 0.001 to 10.",
    BASE: "Earlier day of the page Compare.",
    COMPARE: "Later day of the page Compare.",
    OVERLAY: "Outside series below the chart: an id of benchmarks/sources.csv, without its vintage; none by default.",
    STANDARD: "true: reading and outside series in standard deviations from their own means.",
    TAB: "Tab of the page Method and data.",
    LEVERS: "Levers of the page Outlook that are on: their ids with commas between them.",
    ASSUME: "The reader's own assumptions: lever.indicator:low/likeliest/high/days, with commas between several.",
    DIGEST: "First 12 characters of the digest of the data that the link cites.",
}
"""Every parameter of a link and its meaning; each is the key of the control that it belongs to, if it has one."""

Pairs = list[tuple[str, str]]
Check = Callable[[str], str]
"""A rule for one parameter: takes a value, returns why it is refused, or an empty string."""

_FOREIGN = re.compile(r"utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|igshid|mc_[ce]id|_ga|_gl|_", re.ASCII)
"""Parameters that others hang on links: trackers of shops and mails, and a number against caches."""

_PLACE = re.compile(r"([A-Za-z0-9._-][A-Za-z0-9._/-]*)?(#[A-Za-z0-9._-]+)?")
_ID = re.compile(r"[a-z][a-z0-9_-]*")
_SERIES = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_DIGEST = re.compile(f"[0-9a-f]{{{DIGEST_LENGTH}}}")


def _migrate_option_names(pairs: Pairs) -> Pairs:
    """Names in the spelling of the command line's options: ``as-of=…``, ``w-military=…``."""
    return [(name.replace("-", "_", 1) if name == "as-of" or name.startswith("w-") else name, v) for name, v in pairs]


def _migrate_period_names(pairs: Pairs) -> Pairs:
    """The period's days as ``start`` and ``end``, as the claims' columns call them."""
    return [({"start": FROM, "end": TO}.get(name, name), value) for name, value in pairs]


MIGRATIONS: tuple[Callable[[Pairs], Pairs], ...] = (_migrate_option_names, _migrate_period_names)
"""Older and other spellings to today's, applied in this order; a name that links once had goes here, never away."""


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

    @property
    def weights(self) -> dict[str, float]:
        """The reader's weights by dimension."""
        return {n.removeprefix(WEIGHT): float(v) for n, v in self.values.items() if n.startswith(WEIGHT)}


def migrate_parameters(parameters: Iterable[tuple[str, str]]) -> Pairs:
    """Return parameters with older names and spellings replaced by today's; others stay as they are."""
    pairs = list(parameters)
    for migrate in MIGRATIONS:
        pairs = migrate(pairs)
    return pairs


def read_view(
    parameters: Iterable[tuple[str, str]],
    dataset: Dataset,
    with_index: bool = True,
    today: dt.date | None = None,
    names: Collection[str] | None = None,
) -> View:
    """Return the view that some URL parameters describe; each one is valid, invalid with a reason, or absent.

    ``with_index`` tells whether the page shows the index as a line; ``today`` is the last day on offer; ``names`` are
    the parameters that the address takes (``w_`` for all weights), by default those of a page. Older spellings are
    migrated first; what others hang on links (``utm_source``, ``fbclid``) is not looked at.
    """
    given = [(name, value) for name, value in parameters if not _FOREIGN.fullmatch(name)]
    return _judge(
        migrate_parameters(given), list_rules(dataset, with_index, today, DOCUMENTED if names is None else names)
    )


def build_link(base: str, page: str, values: Mapping[str, str], dataset: Dataset | None = None) -> str:
    """Return the address of a page with a view's parameters, in one order and without those that say the default.

    ``base`` is the address of the app or the publication, empty for a link within it; ``page`` a path in it. With
    ``dataset`` ids are held against the codebook and its own defaults are left out as well. Raises ``ValueError``
    that names every parameter which a reader of the link would have to refuse.
    """
    if not _PLACE.fullmatch(page):
        raise ValueError(f"{page!r} is not the path of a page")
    names = [*DOCUMENTED, LEVEL] if page.startswith("api/") else DOCUMENTED
    view = _judge(list(values.items()), list_rules(dataset, page != "dimension", None, names))
    if view.refusals:
        raise ValueError("; ".join(map(str, view.refusals)))
    defaults = list_defaults(page, values, dataset)
    kept = {name: _plain(name, value, dataset) for name, value in values.items()}
    query = urlencode(sorted((name, value) for name, value in kept.items() if value and value != defaults.get(name)))
    return f"{base.rstrip('/')}/{page}" + (f"?{query}" if query else "")


def list_defaults(page: str, values: Mapping[str, str], dataset: Dataset | None = None) -> dict[str, str]:
    """Return what each parameter stands for where a link to a page leaves it out."""
    defaults = {CODER: "all", FREQ: "month", INTERVAL: "80", MEAN: "arithmetic", APART: "false", TAB: TABS[0]}
    defaults |= {OVERLAY: NO_OVERLAY, STANDARD: "false"}
    if page in ("", "outlook"):
        defaults[DIM] = "index"
    if dataset is None:
        return defaults
    if page == "dimension":
        first = str(dataset.dimensions.index[0])
        defaults[DIM] = first
        members = dataset.indicators_of(values.get(DIM, first))
        defaults |= {INDICATOR: members[0]} if members else {}
    weights = dataset.dimensions["weight"].items()
    return defaults | {f"{WEIGHT}{id}": _plain(WEIGHT, str(weight)) for id, weight in weights}


def list_rules(
    dataset: Dataset | None, with_index: bool = True, today: dt.date | None = None, names: Collection[str] = DOCUMENTED
) -> dict[str, Check]:
    """Return the rule of each parameter among ``names``; without a dataset, ids are held against their form only."""
    if dataset is None:
        ids: dict[str, Check] = dict.fromkeys((DIM, CODER, CLAIM, INDICATOR), _of_form(_ID, "is not an id"))
        ids[OVERLAY] = _of_form(_SERIES, "is not the id of a series")
        weights, first = {WEIGHT: _check_weight}, dt.date.min
    else:
        dimensions = dataset.dimensions.index.tolist()
        ids = {
            DIM: _one_of(*(["index"] if with_index else []), *dimensions),
            CODER: _among(lambda: ("all", *dataset.scorers)),
            CLAIM: _among(lambda: dataset.claims.index),
            INDICATOR: _among(lambda: dataset.indicators.index),
            OVERLAY: _among(lambda: (NO_OVERLAY, *list_overlays(dataset.sources.index))),
        }
        weights = dict.fromkeys((WEIGHT + dimension for dimension in dimensions), _check_weight)
        first = dt.date.min if dataset.oldest is None else dataset.oldest.date()
    rules = ids | {
        **dict.fromkeys((FROM, TO, BASE, COMPARE), _day(first, today)),
        FREQ: _one_of(*FREQUENCIES),
        AS_OF: _day(EARLIEST_VINTAGE, today),
        **dict.fromkeys((APART, STANDARD), _one_of("true", "false")),
        INTERVAL: _one_of(*map(str, INTERVALS)),
        MEAN: _one_of(*MEANS),
        TAB: _one_of(*TABS),
        LEVERS: lambda text: refuse_levers(text, None if dataset is None else _list_levers(dataset)),
        ASSUME: lambda text: refuse_assumptions(text, None if dataset is None else list_assumptions(dataset)),
        DIGEST: _of_form(_DIGEST, f"is not the first {DIGEST_LENGTH} characters of a digest"),
        LEVEL: _one_of(*LEVELS),
    }
    chosen = {name: rule for name, rule in rules.items() if name in names}
    return chosen | weights if WEIGHT in names else chosen


def cite(dataset: Dataset, today: dt.date | None = None) -> str:
    """Return how to cite the data as it stands, with the day of reading where one is given."""
    topic, newest = dataset.topic, dataset.assessments["recorded"].max()
    return (
        f"{topic.citation}, data of {newest:%Y-%m-%d}, digest {dataset.digest[:8]}, {topic.licence}"
        f"{'' if today is None else f', read {today:%Y-%m-%d}'}."
    )


def _judge(pairs: Pairs, rules: Mapping[str, Check]) -> View:
    values: dict[str, str] = {}
    refusals = []
    for name, value in pairs:
        rule = rules.get(name) if name != WEIGHT else None
        if rule is None and name.startswith(WEIGHT) and _ID.fullmatch(name.removeprefix(WEIGHT)):
            rule = rules.get(WEIGHT)  # there without a codebook only
        reason = "is not a parameter here" if rule is None else rule(value)
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


def _one_of(*allowed: str) -> Check:
    return lambda value: "" if value in allowed else f"is not one of {', '.join(allowed)}"


def _among(allowed: Callable[[], Iterable[str]]) -> Check:
    # Ids are gathered when a value is judged: most links have few parameters.
    return lambda value: _one_of(*allowed())(value)


def _day(earliest: dt.date, latest: dt.date | None) -> Check:
    def rule(value: str) -> str:
        if fault := check_date(value):
            return fault.message
        chosen = dt.date.fromisoformat(value)
        if chosen < earliest:
            return f"is before {earliest}"
        return f"is after today, {latest}" if latest is not None and chosen > latest else ""

    return rule


def _list_levers(dataset: Dataset) -> dict[str, None]:
    return dict.fromkeys(a.lever for a in list_assumptions(dataset))


def _check_weight(value: str) -> str:
    fault = check_weight(MOST_WEIGHT)(value)
    return fault.message if fault else ""


def _of_form(pattern: re.Pattern[str], reason: str) -> Check:
    return lambda value: "" if pattern.fullmatch(value) else reason


def _plain(name: str, value: str, dataset: Dataset | None = None) -> str:
    # Two spellings of one value are one view, and one view has one address.
    if name == LEVERS:
        return write_levers(value.split(","))
    if name == ASSUME:
        return write_entries(read_entries(value), () if dataset is None else list_assumptions(dataset))
    if not name.startswith(WEIGHT):
        return value
    text = value.removeprefix("-")  # minus nothing is the only negative weight
    return text.rstrip("0").rstrip(".") if "." in text else text
