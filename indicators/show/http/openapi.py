"""The HTTP routes described for programs, as an OpenAPI 3.1 document."""

from collections.abc import Mapping
from typing import Any

from indicators import __version__
from indicators.measures.index import MEANS
from indicators.measures.readings import FREQUENCIES
from indicators.measures.series import LEVELS
from indicators.measures.uncertainty.intervals import INTERVALS
from indicators.records.dataset import Dataset
from indicators.records.tables.core import ASSESSMENTS, EVENTS
from indicators.records.topic import Topic
from indicators.show.links.parameters import (
    AS_OF,
    CODER,
    DIM,
    DOCUMENTED,
    FREQ,
    FROM,
    INDICATOR,
    INTERVAL,
    LEVEL,
    MEAN,
    TO,
    WEIGHT,
)

CSV = "text/csv; charset=utf-8"
JSON = "application/json"
FEED = "application/atom+xml"

PANEL_PARAMETERS = (AS_OF, CODER, MEAN, WEIGHT)
SERIES_PARAMETERS = (LEVEL, DIM, INDICATOR, FROM, TO, FREQ, INTERVAL, *PANEL_PARAMETERS)
SCORE_PARAMETERS = (DIM, INDICATOR, FROM, TO, AS_OF, CODER)
EVENT_PARAMETERS = (DIM, INDICATOR, FROM, TO)

SUMMARIES = {
    "/api/series.csv": "Readings at period ends with their intervals: date, id, score, low, high, fresh.",
    "/api/series.json": "The same readings as JSON, with the citation and the view that made them.",
    "/api/scores.csv": f"The rows of the ledger, replaced and withdrawn ones too: {', '.join(ASSESSMENTS.names)}.",
    "/api/events.csv": f"Dated, sourced facts with their grades: {', '.join(EVENTS.names)}.",
    "/api/claims.json": "Each claim of the narrative with its verdict, probability and ICD 203 word.",
    "/feed.xml": "New assessments, corrections and changed verdicts as an Atom feed.",
    "/healthz": "Whether there are good data, which, how long ago a file changed and a remote was reached.",
    "/api/openapi.json": "This description.",
}
ABOUT = {
    LEVEL: "index, dimension or indicator; without it the level of what dim or indicator names, else the index.",
    DIM: "One dimension, at the level of indicators all of its own; or index.",
    INDICATOR: "One indicator.",
}
WEIGHT_PATTERN = r"^(0(\.0+)?|0\.0{0,2}[1-9][0-9]*|[1-9](\.[0-9]+)?|10(\.0+)?)$"


def describe_routes(routes: Mapping[str, tuple[str, tuple[str, ...]]], dataset: Dataset | None) -> dict[str, Any]:
    """Return the document for routes given as path: (media type, parameters), with the ids of a dataset where given."""
    paths = {path: {"get": _describe_route(path, *route, dataset)} for path, route in routes.items()}
    paths["/healthz"] = {"get": _describe_plain("/healthz", {"$ref": "#/components/schemas/Health"}, down="Health")}
    paths["/api/openapi.json"] = {"get": _describe_plain("/api/openapi.json", {"type": "object"})}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Indicators" if dataset is None else dataset.topic.title,
            "version": __version__,
            "summary": "Read-only access to the data behind the app.",
            "description": "Parameters have the names and meanings of the app's links. HEAD and OPTIONS are answered "
            "at every address, and any page may read the answers (CORS).",
            **({} if dataset is None else {"license": _describe_licence(dataset.topic)}),
        },
        "paths": paths,
        "components": {"schemas": _schemas()},
    }


def _describe_licence(topic: Topic) -> dict[str, str]:
    return {"name": f"Data: {topic.licence}", "url": topic.licence_url}


def _describe_route(path: str, media: str, parameters: tuple[str, ...], dataset: Dataset | None) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if media == JSON:
        schema = {"$ref": f"#/components/schemas/{'Series' if 'series' in path else 'Claims'}"}
    tag = {"ETag": {"description": "Changes with the data, the parameters and the code.", "schema": {"type": "string"}}}
    known = {"name": "If-None-Match", "in": "header", "description": "ETag of an earlier answer."}
    return {
        "operationId": _name(path),
        "summary": SUMMARIES[path],
        "parameters": [*_describe_parameters(parameters, dataset), known | {"schema": {"type": "string"}}],
        "responses": {
            "200": {"description": "As asked.", "headers": tag, "content": {media: {"schema": schema}}},
            "304": {"description": "The answer that the ETag names still holds.", "headers": tag},
            "400": _error("Some parameters were refused; each one is named with its reason."),
            "503": _error("There are no good data."),
        },
    }


def _describe_plain(path: str, schema: dict[str, Any], down: str = "") -> dict[str, Any]:
    responses: dict[str, Any] = {"200": {"description": "As asked.", "content": {JSON: {"schema": schema}}}}
    if down:
        content = {JSON: {"schema": {"$ref": f"#/components/schemas/{down}"}}}
        responses["503"] = {"description": "There are no good data.", "content": content}
    return {"operationId": _name(path), "summary": SUMMARIES[path], "responses": responses}


def _describe_parameters(names: tuple[str, ...], dataset: Dataset | None) -> list[dict[str, Any]]:
    described = []
    for name in names:
        if name != WEIGHT:
            described.append(_describe_parameter(name, ABOUT.get(name) or DOCUMENTED[name], _schema_of(name, dataset)))
        elif dataset is not None:
            for dimension in dataset.dimensions.index:
                about = f"The reader's weight of {dataset.title(dimension)}: 0, or 0.001 to 10; they may not all be 0."
                described.append(
                    _describe_parameter(WEIGHT + dimension, about, {"type": "string", "pattern": WEIGHT_PATTERN})
                )
    return described


def _describe_parameter(name: str, about: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": about, "schema": schema}


def _schema_of(name: str, dataset: Dataset | None) -> dict[str, Any]:
    choices: dict[str, list[str]] = {
        LEVEL: list(LEVELS),
        FREQ: list(FREQUENCIES),
        INTERVAL: [str(percent) for percent in INTERVALS],
        MEAN: list(MEANS),
    }
    if dataset is not None:
        choices |= {
            DIM: ["index", *dataset.dimensions.index],
            INDICATOR: dataset.indicators.index.tolist(),
            CODER: ["all", *dataset.scorers],
        }
    if name in choices:
        return {"type": "string", "enum": choices[name]}
    return {"type": "string", "format": "date"} if name in (FROM, TO, AS_OF) else {"type": "string"}


def _name(path: str) -> str:
    return path.strip("/").removeprefix("api/").replace(".", "_")


def _error(about: str) -> dict[str, Any]:
    return {"description": about, "content": {JSON: {"schema": {"$ref": "#/components/schemas/Error"}}}}


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


def _schemas() -> dict[str, Any]:
    text: dict[str, Any] = {"type": "string"}
    day: dict[str, Any] = {"type": "string", "format": "date"}
    number, score = {"type": ["number", "null"]}, {"type": ["number", "null"], "minimum": 0, "maximum": 10}
    problem = _object(["parameter", "value", "reason"], parameter=text, value=text, reason=text)
    reading: dict[str, Any] = {"date": day, "id": text, "score": score, "low": score, "high": score}
    reading["fresh"] = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
    claim: dict[str, Any] = dict.fromkeys(
        ("claim", "section", "text", "test", "subject", "verdict", "why", "word"), text
    )
    claim |= {"start": day, "end": day, "threshold": number, "value": number}
    claim |= {"probability": number, "holds": {"type": ["boolean", "null"]}}
    count, age = {"type": "integer", "minimum": 0}, {"type": ["integer", "null"], "minimum": 0}
    health: dict[str, Any] = {
        "data": {"enum": ["good", "last good version", "none"]},
        "digest": {"type": ["string", "null"]},
        "problems": count,
        "seconds_since_change": age,
        "seconds_since_remote": age,
        "remote": {"enum": ["none", "reached", "not reached"]},
        "waiting": count,
        "version": text,
    }
    frame = {"citation": text, "digest": text, "view": {"type": "object", "additionalProperties": text}}
    readings = {"type": "array", "items": _object(list(reading), **reading)}
    claims = {"type": "array", "items": _object(list(claim), **claim)}
    return {
        "Error": _object(
            ["status", "error", "problems"],
            status={"type": "integer"},
            error=text,
            problems={"type": "array", "items": problem},
        ),
        "Health": _object(list(health), **health),
        "Series": _object([*frame, "readings"], **frame, readings=readings, note=text),
        "Claims": _object([*frame, "claims"], **frame, claims=claims),
    }
