"""Answers to other programs: which addresses there are, what may be asked of each, and the bytes that answer."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from indicators.measures.index import Mean, Weights
from indicators.measures.panel import Panel
from indicators.measures.series import explain_empty
from indicators.measures.uncertainty.doubt import DOUBTS
from indicators.records.dataset import Dataset
from indicators.records.encoding import write_json
from indicators.show.files.card import SEAL_LENGTH, NoCardError, write_card
from indicators.show.files.feed import list_changes, write_feed
from indicators.show.files.tables import (
    ViewError,
    csv_bytes,
    json_records,
    list_claims,
    list_events,
    list_scores,
    read_series,
)
from indicators.show.links.parameters import (
    ALL_CODERS,
    AS_OF,
    AS_RECORDED,
    CARDS,
    CLAIM,
    CODER,
    DIM,
    DOUBT,
    FROM,
    INDICATOR,
    LEVEL,
    MEAN,
    TO,
    WEIGHT,
    Refusal,
    View,
    build_link,
    cite,
    list_defaults,
    read_view,
)

CSV = "text/csv; charset=utf-8"
JSON = "application/json"
FEED = "application/atom+xml"
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Question:
    """What one request asks of the data: the panel and the view that its parameters make, and the site's address."""

    panel: Panel
    view: View
    site: str

    @property
    def dataset(self) -> Dataset:
        """The data that it is asked of."""
        return self.panel.dataset

    @property
    def asked(self) -> dict[str, str]:
        """The parameters that say something other than the default, in one order."""
        defaults = list_defaults("api", {}, self.dataset)
        return {name: value for name, value in sorted(self.view.values.items()) if value != defaults.get(name)}


@dataclass(frozen=True)
class Resource:
    """One address, and how its bytes are made from a question."""

    path: str
    media: str
    make: Callable[[Question], bytes]


def answer_series(question: Question) -> bytes:
    """Return readings as JSON, with the view that made them, the citation, and why there are none."""
    table = read_series(question.panel, question.view)
    level = question.view.values.get(LEVEL, "index")
    why = explain_empty(question.panel, level, question.view.day(FROM), question.view.day(TO))
    return write_json(_frame(question, "readings", json_records(table)) | ({"note": why} if table.empty else {}))


def answer_claims(question: Question) -> bytes:
    """Return the claims of the narrative with their verdicts as JSON."""
    return write_json(_frame(question, "claims", json_records(list_claims(question.panel))))


def answer_feed(question: Question) -> bytes:
    """Return the Atom feed; its links lead to the publication, or where there is none to the app's own pages."""
    entries, topic = list_changes(Panel(question.dataset)), question.dataset.topic
    if question.site:
        return write_feed(entries, topic.title, topic.licence, question.site)
    return write_feed(
        [replace(entry, page=_app_page(entry.page)) for entry in entries], topic.title, topic.licence, front="."
    )


RESOURCES = (
    Resource("/api/series.csv", CSV, lambda q: csv_bytes(read_series(q.panel, q.view))),
    Resource("/api/series.json", JSON, answer_series),
    Resource("/api/scores.csv", CSV, lambda q: csv_bytes(list_scores(q.panel, q.view))),
    Resource("/api/events.csv", CSV, lambda q: csv_bytes(list_events(q.panel, q.view))),
    Resource("/api/claims.json", JSON, answer_claims),
    Resource("/feed.xml", FEED, answer_feed),
)


def show_card(seal: str) -> Resource:
    """Return the address of the card with a seal. Raises ``NoCardError`` for what cannot be one."""
    if not re.fullmatch(f"[0-9a-f]{{{SEAL_LENGTH}}}", seal):
        raise NoCardError(f"the address of a card has a seal of {SEAL_LENGTH} characters, 0 to 9 and a to f")
    return Resource(f"/{CARDS}{seal}.html", HTML, lambda q: write_card(q.panel, q.view, seal, q.site))


def ask(dataset: Dataset, path: str, parameters: list[tuple[str, str]], today: dt.date, site: str) -> Question:
    """Return the question that an address asks. Raises ``ViewError`` with every parameter that is refused."""
    view = read_view(parameters, dataset, path.lstrip("/"), today)
    if view.refusals:
        raise ViewError(*view.refusals)
    coder = view.get(CODER)
    mean: Mean = "geometric" if view.get(MEAN) == "geometric" else "arithmetic"
    try:
        weights = Weights.from_codebook(dataset.dimensions, dataset.indicators).with_dimensions(view.weights)
    except ValueError as error:
        given = [Refusal(name, value, str(error)) for name, value in view.values.items() if name.startswith(WEIGHT)]
        raise ViewError(*given) from error
    doubt = next(doubt for doubt in DOUBTS if doubt == view.get(DOUBT))
    one, recorded = None if coder == ALL_CODERS else coder, view.get(AS_RECORDED) == "true"
    return Question(Panel(dataset, view.day(AS_OF), one, weights, mean, doubt, recorded), view, site)


def _frame(question: Question, name: str, records: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "citation": cite(question.dataset),
        "digest": question.dataset.digest,
        "view": question.asked,
        name: records,
    }


def _app_page(page: str) -> str:
    """The app's page for that of an entry, of a claim, the index, a dimension or an indicator, as a relative link."""
    file, _, part = page.partition("#")
    name = file.removesuffix(".html")
    if name == "narrative":
        return build_link("", name, {CLAIM: part}).lstrip("/")
    if name == "index":
        return "."
    return build_link("", "dimension", {DIM: name} | ({INDICATOR: part} if part else {})).lstrip("/")
