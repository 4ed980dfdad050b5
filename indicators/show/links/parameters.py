"""The parameters of a view: one registry, how a link is read by it, and the one link builder.

Made from the registry: the reading of links, the controls of the app, its links, the parameters of the OpenAPI document,
the table of the README, the commands' options of the same meaning, and the description of the view in a bundle of
evidence. A new parameter is one entry, and whatever uses its value.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from indicators.measures.events import split_words
from indicators.measures.index import MEANS
from indicators.measures.outlook.levers import list_assumptions
from indicators.measures.outside.overlay import NO_OVERLAY, list_overlays
from indicators.measures.readings import FREQUENCIES
from indicators.measures.series import LEVELS
from indicators.measures.uncertainty.doubt import DEFAULT_DOUBT, DOUBTS
from indicators.measures.uncertainty.intervals import INTERVALS
from indicators.records.dataset import Dataset
from indicators.records.tables.columns import EVENT as EVENT_ID
from indicators.show.links.kinds import ID, Day, Flag, Id, Kind, Letters, Percent, Scope, Text, Weight, Words
from indicators.show.links.levers import read_entries, refuse_assumptions, refuse_levers, write_entries, write_levers
from indicators.show.text.words import CREDIBILITY as CREDIBILITIES
from indicators.show.text.words import EFFECTS
from indicators.show.text.words import RELIABILITY as RELIABILITIES

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
DOUBT = "doubt"
AS_RECORDED = "as_recorded"
WEIGHT = "w_"
BASE = "base"
COMPARE = "compare"
TAB = "tab"
LEVERS = "levers"
ASSUME = "assume"
DIGEST = "digest"
OVERLAY = "overlay"
STANDARD = "standard"
SEARCH = "q"
FIND = "find"
EFFECT = "effect"
RELIABILITY = "reliability"
CREDIBILITY = "credibility"
CITED = "cited"
PAGE = "page"
EVENT = "event"
LEVEL = "level"
DRAFT = "draft_"
"""Start of the names under which the page Update scores keeps what was typed; they are no part of a view."""

ALL_CODERS = "all"
ANY = "any"
LONGEST_SEARCH = 100
"""Characters of a search."""

MOST_PAGES = 9999
MOST_WEIGHT = 10
EARLIEST_VINTAGE = dt.date(2000, 1, 1)
DIGEST_LENGTH = 12
"""Characters of the data's digest that a cited link names."""

TABS = ("Method", "Weights", "Uncertainty", "Agreement", "Outside series", "Freshness", "Corrections", "Files")
"""Tabs of the page Method and data."""

PAGES = ("", "dimension", "events", "narrative", "compare", "outlook", "update", "method")
"""Paths of the app's pages; the empty one is Overview."""

CHARTED = ("", "dimension", "compare")
"""Pages with a chart of readings over time."""

DATED = (*CHARTED[:2], "events", *CHARTED[2:])
"""Pages that show a period."""

SERIES = ("api/series.csv", "api/series.json")
ROWS = ("api/scores.csv", "api/events.csv")
PANELS = (*SERIES, "api/claims.json")
"""Routes that answer with readings, with rows of the data folder, and with what is computed from a panel."""

CARDS = "cards/"
"""Start of the addresses of cards, which all take the same parameters."""

Pairs = list[tuple[str, str]]
Default = Callable[[Scope, Mapping[str, str]], str]
"""What a parameter stands for where a link leaves it out, by where that is and by the link's other parameters."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of a link, and all that is told or drawn of it anywhere."""

    name: str
    """Its name in links, and the key of its control; if it is ``spread``, the start of the names."""

    kind: Kind
    help: str
    """What it means: in the README, the OpenAPI document and the help of commands."""

    default: str | Default = ""
    """What it stands for where a link leaves it out; nothing: it is not set then."""

    label: str | Mapping[str, str] = ""
    """What its control is called, or by page if the pages differ; no label: it has no control of its own."""

    hint: str = ""
    """What its control says when asked."""

    pages: tuple[str, ...] = ()
    """Pages on which it changes something; every page takes it in its address."""

    api: tuple[str, ...] = ()
    """Routes that take it."""

    api_help: str = ""
    """What it means to a route, if that differs."""

    travels: bool = False
    """Whether it goes along when a reader follows a link to another page."""

    option: str = ""
    """The commands' option of the same meaning."""

    evidence: str = ""
    """Under which name a bundle of evidence tells its value."""

    spread: bool = False
    """Whether there is one for each dimension, whose id is the end of the name."""

    chip: str | Mapping[str, str] = ""
    """What says on the page that a reader has chosen a value, or by value; without it the control itself does."""

    def names(self, dataset: Dataset) -> list[str]:
        """Return the names in full."""
        return [f"{self.name}{id}" for id in dataset.dimensions.index] if self.spread else [self.name]

    def label_on(self, page: str) -> str:
        """Return what its control is called on a page."""
        return self.label if isinstance(self.label, str) else self.label.get(page, "")

    def default_in(self, scope: Scope, values: Mapping[str, str]) -> str:
        """Return what it stands for where a link with some values leaves it out."""
        return self.default if isinstance(self.default, str) else self.default(scope, values)


def _default_dim(scope: Scope, _: Mapping[str, str]) -> str:
    if scope.page == "dimension":
        return "" if scope.dataset is None else str(scope.dataset.dimensions.index[0])
    return "index" if scope.page in ("", "events", "outlook") else ""


def _default_indicator(scope: Scope, values: Mapping[str, str]) -> str:
    if scope.page != "dimension" or scope.dataset is None:
        return ""
    return next(iter(scope.dataset.indicators_of(values.get(DIM) or _default_dim(scope, values))), "")


def _list_lines(dataset: Dataset, scope: Scope) -> list[str]:
    return [*([] if scope.page == "dimension" else ["index"]), *dataset.dimensions.index]


def _refuse_levers(text: str, scope: Scope) -> str:
    known = None if scope.dataset is None else dict.fromkeys(a.lever for a in list_assumptions(scope.dataset))
    return refuse_levers(text, known)


def _refuse_assumptions(text: str, scope: Scope) -> str:
    return refuse_assumptions(text, None if scope.dataset is None else list_assumptions(scope.dataset))


def _write_assumptions(text: str, scope: Scope) -> str:
    return write_entries(read_entries(text), () if scope.dataset is None else list_assumptions(scope.dataset))


def _refuse_search(text: str, _: Scope) -> str:
    if len(text) > LONGEST_SEARCH:
        return f"is longer than {LONGEST_SEARCH} characters"
    return "" if split_words(text) else "has no letter or digit to search for"


def _refuse_page(text: str, _: Scope) -> str:
    known = re.fullmatch("[1-9][0-9]{0,3}", text)
    return "" if known else f"is not a number from 1 to {MOST_PAGES}"


def _refuse_event(text: str, scope: Scope) -> str:
    known = EVENT_ID.judge(text) is None and (scope.dataset is None or text in scope.dataset.events.index)
    return "" if known else "is not the id of an event"


def _refuse_digest(text: str, _: Scope) -> str:
    known = re.fullmatch(f"[0-9a-f]{{{DIGEST_LENGTH}}}", text)
    return "" if known else f"is not the first {DIGEST_LENGTH} characters of a digest"


def _explain(grades: Mapping[str, str]) -> str:
    return "; ".join(f"{grade} {meaning}" for grade, meaning in grades.items()) + ". None chosen: all."


PARAMETERS = (
    Parameter(
        LEVEL,
        Words(tuple(LEVELS)),
        "index, dimension or indicator.",
        api=SERIES,
        api_help="index, dimension or indicator; without it the level of what dim or indicator names, else the index.",
        option="--level",
    ),
    Parameter(
        DIM,
        Id(_list_lines),
        "Dimension shown: an id of the codebook, or index (Overview, and all events on Events).",
        _default_dim,
        label={"": "Line", "outlook": "Projection of", "dimension": "Dimension", "events": "Dimension"},
        pages=("", "dimension", "events", "outlook"),
        api=(*SERIES, *ROWS, CARDS),
        api_help="One dimension, at the level of indicators all of its own; or index.",
        travels=True,
        chip="{value}",
    ),
    Parameter(
        INDICATOR,
        Id(lambda dataset, _: dataset.indicators.index.tolist()),
        "Indicator shown in full on the page Dimension, or the only one listed on Events.",
        _default_indicator,
        label="Indicator",
        pages=("dimension", "events"),
        api=(*SERIES, *ROWS),
        api_help="One indicator.",
    ),
    Parameter(
        FROM,
        Day(),
        "First day of the period, as in 2024-02-29.",
        label="From",
        pages=DATED,
        api=(*SERIES, *ROWS, CARDS),
        travels=True,
        option="--from",
        evidence="from",
        chip="from {value}",
    ),
    Parameter(
        TO,
        Day(),
        "Last day of the period.",
        label="To",
        pages=DATED,
        api=(*SERIES, *ROWS, CARDS),
        travels=True,
        option="--to",
        evidence="to",
        chip="up to {value}",
    ),
    Parameter(
        CODER,
        Id(lambda dataset, _: (ALL_CODERS, *dataset.scorers)),
        "One coder's assessments only: an id of the codebook; without it, all coders.",
        ALL_CODERS,
        label="Coder",
        hint="All coders: the mean of their scores. One coder: that coder's scores alone.",
        pages=PAGES,
        api=(*PANELS, "api/scores.csv", CARDS),
        travels=True,
        option="--coder",
        evidence="coder",
        chip="coder {value}",
    ),
    Parameter(
        FREQ,
        Words(tuple(FREQUENCIES)),
        "Period ends in tables and downloads: quarter (default), month, week or day.",
        "quarter",
        label="Period ends in tables and downloads",
        pages=PAGES,
        api=SERIES,
        travels=True,
        option="--freq",
        evidence="freq",
        chip="tables by {value}",
    ),
    Parameter(
        AS_OF,
        Day(EARLIEST_VINTAGE),
        "Data as recorded up to this day (UTC).",
        label="Data as of",
        hint="Show the readings as they were recorded up to the end of this day (UTC). Empty: the newest data.",
        pages=PAGES,
        api=(*PANELS, "api/scores.csv", CARDS),
        travels=True,
        option="--as-of",
        evidence="as_of",
        chip="data as of {value}",
    ),
    Parameter(
        CLAIM,
        Id(lambda dataset, _: dataset.claims.index.tolist()),
        "Claim of the narrative that is shown in full.",
        pages=("narrative",),
    ),
    Parameter(
        APART,
        Flag(),
        "true: each coder's own scores beside the reading.",
        "false",
        label="Show coders separately",
        pages=("dimension",),
    ),
    Parameter(
        INTERVAL,
        Percent(tuple(str(percent) for percent in INTERVALS)),
        "Percent of the draws between the ends of an interval: 50, 80 (default) or 95.",
        "80",
        label="Interval, percent of draws",
        hint="The central part of the draws from the coders' plausible ranges. It does not cover errors that coders share.",
        pages=PAGES,
        api=(*SERIES, CARDS),
        travels=True,
        option="--interval",
        evidence="interval",
        chip="{value} % interval",
    ),
    Parameter(
        MEAN,
        Words(tuple(MEANS)),
        "arithmetic (default) or geometric.",
        "arithmetic",
        label="Mean",
        hint="The geometric mean gives low dimensions more pull.",
        pages=PAGES,
        api=(*PANELS, CARDS),
        travels=True,
        option="--mean",
        evidence="mean",
        chip="{value} mean",
    ),
    Parameter(
        DOUBT,
        Words(DOUBTS),
        "How far the doubt in scores is shared: own, partly (default) or strongly.",
        DEFAULT_DOUBT,
        label="Shared doubt",
        hint="Scores rest on one collection of evidence and one codebook, so part of their doubt is common and does not "
        "average out. Own: none of it is; partly: as the coders' differences suggest; strongly: most of it.",
        pages=PAGES,
        api=(*PANELS, CARDS),
        travels=True,
        option="--doubt",
        evidence="doubt",
        chip={"own": "doubt wholly own", "strongly": "doubt strongly shared"},
    ),
    Parameter(
        AS_RECORDED,
        Flag(),
        "true: each score applies until the next one, instead of the line through the reviews.",
        "false",
        label="Scores as recorded",
        hint="Each score applies from its date until that coder's next one, as in method 1.0.",
        pages=("dimension",),
        api=PANELS,
        option="--as-recorded",
        evidence="as_recorded",
    ),
    Parameter(
        WEIGHT,
        Weight(MOST_WEIGHT),
        "The reader's weight of a dimension: 0, or 0.001 to 10.",
        label="{title}",
        pages=PAGES,
        api=(*PANELS, CARDS),
        api_help="The reader's weight of {title}: 0, or 0.001 to 10; they may not all be 0.",
        travels=True,
        option="--weight",
        evidence="weights",
        spread=True,
        chip="{title} counts {value}",
    ),
    Parameter(BASE, Day(), "Earlier day of the page Compare.", label="From", pages=("compare",)),
    Parameter(COMPARE, Day(), "Later day of the page Compare.", label="To", pages=("compare",)),
    Parameter(
        OVERLAY,
        Id(
            lambda dataset, _: (NO_OVERLAY, *list_overlays(dataset.sources.index)),
            re.compile(r"[A-Za-z][A-Za-z0-9_]*"),
            "the id of a series",
        ),
        "Outside series below the chart: an id of benchmarks/sources.csv, without its vintage; none by default.",
        NO_OVERLAY,
        label="Outside series",
        hint="A series from elsewhere, in a panel of its own below the chart. Further series are imported on the page "
        "Method and data, tab Files.",
        pages=CHARTED,
        evidence="overlay",
    ),
    Parameter(
        STANDARD,
        Flag(),
        "true: reading and outside series in standard deviations from their own means.",
        "false",
        label="Standardised",
        hint="Reading and series as standard deviations from their own means in the period shown.",
        pages=CHARTED,
        evidence="standard",
    ),
    Parameter(
        SEARCH,
        Text(_refuse_search, lambda text, _: " ".join(text.split())),
        "Words searched for on the page Events, in facts, titles, publishers and ids; each may be the beginning of one.",
        label="Search",
        pages=("events",),
    ),
    Parameter(
        FIND,
        Text(_refuse_search, lambda text, _: " ".join(text.split())),
        "Words searched for in all that is written: events, assessments, rulings, article and method; each may be the "
        "beginning of one.",
        label="Search everything",
        pages=PAGES,
    ),
    Parameter(
        EFFECT,
        Words((ANY, *EFFECTS)),
        "Direction of the events listed: raises, lowers or context.",
        ANY,
        label="Effect",
        pages=("events",),
    ),
    Parameter(
        RELIABILITY,
        Letters("".join(RELIABILITIES)),
        "Grades of the sources of the events listed, as in AB.",
        label="Reliability of the source",
        hint=_explain(RELIABILITIES),
        pages=("events",),
    ),
    Parameter(
        CREDIBILITY,
        Letters("".join(CREDIBILITIES)),
        "Grades of the facts of the events listed, as in 12.",
        label="Credibility of the fact",
        hint=_explain(CREDIBILITIES),
        pages=("events",),
    ),
    Parameter(
        CITED,
        Words((ANY, "yes", "no")),
        "Whether an assessment cites the events listed: yes or no.",
        ANY,
        label="Cited",
        hint="Whether a current assessment cites the event, or another event that records the same act.",
        pages=("events",),
    ),
    Parameter(PAGE, Text(_refuse_page), "Page of the list of events.", "1", pages=("events",)),
    Parameter(EVENT, Text(_refuse_event), "Event shown in full, as in E0431.", pages=("events",)),
    Parameter(TAB, Words(TABS), "Tab of the page Method and data.", TABS[0], pages=("method",)),
    Parameter(
        LEVERS,
        Text(_refuse_levers, lambda text, _: write_levers(text.split(","))),
        "Levers of the page Outlook that are on: their ids with commas between them.",
        pages=("outlook",),
    ),
    Parameter(
        ASSUME,
        Text(_refuse_assumptions, _write_assumptions),
        "The reader's own assumptions: lever.indicator:low/likeliest/high/days, with commas between several.",
        pages=("outlook",),
    ),
    Parameter(
        DIGEST,
        Text(_refuse_digest),
        f"First {DIGEST_LENGTH} characters of the digest of the data that the link cites.",
        pages=tuple(page for page in PAGES if page != "update"),
        api=(CARDS,),
        travels=True,
    ),
)
"""Every parameter, in the order in which texts list them."""

NAMED = {parameter.name: parameter for parameter in PARAMETERS}
IN_ORDER = ((FROM, TO), (BASE, COMPARE))
"""Days of which the second must lie after the first."""

_FOREIGN = re.compile(r"utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|igshid|mc_[ce]id|_ga|_gl|_", re.ASCII)
"""Parameters that others append to links: trackers of shops and mails, and a number against caches."""

_PLACE = re.compile(r"([A-Za-z0-9._-][A-Za-z0-9._/-]*)?(#[A-Za-z0-9._-]+)?")


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

    def get(self, name: str) -> str:
        """Return a parameter that has a default of its own, the same on every page."""
        return self.values.get(name) or NAMED[name].default_in(Scope(), {})

    def day(self, name: str) -> dt.date | None:
        """Return a parameter that is a day."""
        return dt.date.fromisoformat(self.values[name]) if name in self.values else None

    @property
    def weights(self) -> dict[str, float]:
        """The reader's weights by dimension."""
        return {n.removeprefix(WEIGHT): float(v) for n, v in self.values.items() if n.startswith(WEIGHT)}


def list_taken(page: str) -> list[Parameter]:
    """Return the parameters that an address takes: a page those of all pages, a route its own."""
    route = CARDS if page.startswith(CARDS) else page
    if route.startswith(("api/", CARDS)) or route == "feed.xml":
        return [parameter for parameter in PARAMETERS if route in parameter.api]
    return [parameter for parameter in PARAMETERS if parameter.pages]


def find_parameter(name: str, scope: Scope) -> Parameter | None:
    """Return the parameter that a name in a link means, or None where its address takes none of that name."""
    for parameter in list_taken(scope.page):
        if not parameter.spread:
            found = name == parameter.name
        elif scope.dataset is None:
            found = name.startswith(parameter.name) and bool(ID.fullmatch(name.removeprefix(parameter.name)))
        else:
            found = name in parameter.names(scope.dataset)
        if found:
            return parameter
    return None


def migrate_parameters(parameters: Iterable[tuple[str, str]]) -> Pairs:
    """Return parameters with older names and spellings replaced by today's; others stay as they are."""
    pairs = list(parameters)
    for migrate in MIGRATIONS:
        pairs = migrate(pairs)
    return pairs


def read_view(
    parameters: Iterable[tuple[str, str]], dataset: Dataset, page: str = "", today: dt.date | None = None
) -> View:
    """Return the view that the parameters of an address describe; each one is valid, invalid with a reason, or absent.

    ``page`` is the path of the page or route, ``today`` the last day on offer. Older spellings are migrated first; what
    others append to links (``utm_source``, ``fbclid``) is not looked at.
    """
    given = [(name, value) for name, value in parameters if not _FOREIGN.fullmatch(name)]
    return _judge(migrate_parameters(given), Scope(dataset, page, today))


def build_link(base: str, page: str, values: Mapping[str, str], dataset: Dataset | None = None) -> str:
    """Return the address of a page with a view's parameters, in one order and without those that say the default.

    ``base`` is the address of the app or the publication, empty for a link within it; ``page`` a path in it. With
    ``dataset`` ids are compared with the codebook and its own defaults are left out as well. Raises ``ValueError``
    that names every parameter which a reader of the link would have to refuse.
    """
    if not _PLACE.fullmatch(page):
        raise ValueError(f"{page!r} is not the path of a page")
    scope = Scope(dataset, page)
    view = _judge(list(values.items()), scope)
    if view.refusals:
        raise ValueError("; ".join(map(str, view.refusals)))
    query = urlencode(settle_values(values, page, dataset))
    return f"{base.rstrip('/')}/{page}" + (f"?{query}" if query else "")


def add_event(address: str, id: str) -> str:
    """Return an address of the page Events that opens an event of the data."""
    return f"{address}{'&' if '?' in address else '?'}{EVENT}={id}"


def settle_values(values: Mapping[str, str], page: str, dataset: Dataset | None = None) -> dict[str, str]:
    """Return valid values in the one order and spelling that links have, without those that say a page's default."""
    defaults = list_defaults(page, values, dataset)
    plain = {name: _plain(name, value, Scope(dataset, page)) for name, value in sorted(values.items())}
    return {name: value for name, value in plain.items() if value and value != defaults.get(name)}


def list_defaults(page: str, values: Mapping[str, str], dataset: Dataset | None = None) -> dict[str, str]:
    """Return what each parameter stands for where a link to a page leaves it out."""
    scope = Scope(dataset, page)
    defaults = {p.name: p.default_in(scope, values) for p in PARAMETERS if not p.spread}
    if dataset is not None:
        weights = dataset.dimensions["weight"].items()
        defaults |= {f"{WEIGHT}{id}": NAMED[WEIGHT].kind.plain(str(weight), scope) for id, weight in weights}
    return {name: default for name, default in defaults.items() if default}


def cite(dataset: Dataset, today: dt.date | None = None) -> str:
    """Return how to cite the data as it stands, with the day of reading where one is given."""
    topic, newest = dataset.topic, dataset.assessments["recorded"].max()
    return (
        f"{topic.citation}, data of {newest:%Y-%m-%d}, digest {dataset.digest[:8]}, {topic.licence}"
        f"{'' if today is None else f', read {today:%Y-%m-%d}'}."
    )


def _judge(pairs: Pairs, scope: Scope) -> View:
    values: dict[str, str] = {}
    refusals = []
    for name, value in pairs:
        parameter = find_parameter(name, scope)
        reason = "is not a parameter here" if parameter is None else parameter.kind.refuse(value, scope)
        if name in values:
            reason = "is given twice"
        if reason:
            refusals.append(Refusal(name, value, reason))
        else:
            values[name] = value
    for first, last in IN_ORDER:
        if first in values and last in values and values[first] >= values[last]:
            refusals.append(Refusal(last, values.pop(last), f"is not after {first}={values[first]}"))
    return View(values, tuple(refusals))


def _plain(name: str, value: str, scope: Scope) -> str:
    parameter = find_parameter(name, scope)
    return value if parameter is None else parameter.kind.plain(value, scope)
