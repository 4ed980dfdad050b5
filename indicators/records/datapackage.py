"""The Data Package description of the folder (frictionless Table Schema)."""

import json
import re
from typing import Any

from indicators.records.rules import check_url
from indicators.records.tables.columns import Column, Table
from indicators.records.tables.core import ASSESSMENTS, table_of
from indicators.records.topic import Topic

FOREIGN_KEYS = {
    "indicators": (("dimension", "codebook-dimensions", "dimension"),),
    "anchors": (("indicator", "codebook-indicators", "indicator"),),
    "events": (("indicator", "codebook-indicators", "indicator"),),
    "assessments": (
        ("indicator", "codebook-indicators", "indicator"),
        ("coder", "codebook-coders", "coder"),
        ("method", "codebook-methods", "method"),
    ),
    "pathways": (("indicator", "codebook-indicators", "indicator"),),
    "forecasts": (
        ("question", "outlook-questions", "question"),
        ("coder", "codebook-coders", "coder"),
    ),
    "benchmarks": (("series", "benchmarks-sources", "series"),),
    "notes": (("author", "codebook-coders", "coder"),),
}


def describe_package(topic: Topic, dimensions: list[str], files: list[str]) -> str:
    """Return the text of ``datapackage.json`` for the files of a folder."""
    package = {
        "name": topic.slug,
        "title": topic.title,
        "description": (
            f"{topic.description} in {len(dimensions)} dimensions ({', '.join(dimensions)}), "
            "with the events that each score rests on."
        ),
        "licenses": [{"name": topic.licence_id, "title": topic.licence_title, "path": topic.licence_url}],
        "resources": [_resource(file, table) for file in files if (table := table_of(file))],
    }
    return json.dumps(package, indent=2, ensure_ascii=False) + "\n"


def _resource(file: str, table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(table, column) for column in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.key),
    }
    if keys := FOREIGN_KEYS.get(table.name):
        schema["foreignKeys"] = [
            {"fields": [own], "reference": {"resource": resource, "fields": [other]}} for own, resource, other in keys
        ]
    return {
        "name": re.sub(r"[^a-z0-9]+", "-", file.removesuffix(".csv").lower()),
        "path": file,
        "description": table.about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(table: Table, column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {} if column.blank else {"required": True}
    if table is ASSESSMENTS and column.kind == "number":
        constraints |= {"minimum": 0, "maximum": 10}
    if column.rule is check_url:
        constraints |= {"pattern": "https?://.+"}
    return {
        "name": column.name,
        "type": column.kind,
        "description": column.about,
        **({"constraints": constraints} if constraints else {}),
    }
