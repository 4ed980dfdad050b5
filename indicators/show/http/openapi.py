"""The HTTP routes described for programs: ``openapi.json``, with the parameters of each route filled in."""

import json
from pathlib import Path
from typing import Any

from indicators import __version__
from indicators.records.dataset import Dataset
from indicators.records.topic import Topic
from indicators.show.links.kinds import Scope
from indicators.show.links.parameters import PARAMETERS, Parameter

DOCUMENT = Path(__file__).with_name("openapi.json").read_text(encoding="utf-8")


def describe_routes(dataset: Dataset | None) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document, with the ids of a dataset where there is one."""
    document: dict[str, Any] = json.loads(DOCUMENT)
    document["info"] |= {"version": __version__, **_describe_topic(None if dataset is None else dataset.topic)}
    for path, item in document["paths"].items():
        scope = Scope(dataset, path.lstrip("/"))
        taken = [parameter for parameter in PARAMETERS if scope.page in parameter.api]
        described = [entry for parameter in taken for entry in describe_parameter(parameter, scope)]
        item["get"]["parameters"] = [*described, *item["get"].get("parameters", [])]
    return document


def describe_parameter(parameter: Parameter, scope: Scope) -> list[dict[str, Any]]:
    """Return a parameter as OpenAPI has it; a spread one once for each dimension, so without data not at all."""
    about, data = parameter.api_help or parameter.help, scope.dataset
    entry = {"in": "query", "schema": parameter.kind.schema(scope)}
    if not parameter.spread:
        return [{"name": parameter.name, "description": about, **entry}]
    titles = {} if data is None else {id: data.title(id) for id in data.dimensions.index}
    return [
        {"name": f"{parameter.name}{id}", "description": about.format(title=title), **entry}
        for id, title in titles.items()
    ]


def _describe_topic(topic: Topic | None) -> dict[str, Any]:
    if topic is None:
        return {"title": "Indicators"}
    return {"title": topic.title, "license": {"name": f"Data: {topic.licence}", "url": topic.licence_url}}
