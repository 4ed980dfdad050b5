"""The Data Package description of the folder (frictionless Table Schema)."""

import re
from typing import Any

from indicators.records.encoding import write_json
from indicators.records.tables.columns import Column, Table
from indicators.records.tables.core import table_of
from indicators.records.topic import Topic


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
    return write_json(package).decode()


def _resource(file: str, table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.key),
    }
    if keys := [_foreign_key(column) for column in table.columns if column.refers]:
        schema["foreignKeys"] = keys
    return {
        "name": _name(file),
        "path": file,
        "description": table.about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _name(file: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", file.removesuffix(".csv").lower())


def _foreign_key(column: Column) -> dict[str, Any]:
    target = table_of(column.refers)
    assert target is not None, column.refers
    return {"fields": [column.name], "reference": {"resource": _name(column.refers), "fields": [target.key[0]]}}


def _field(column: Column) -> dict[str, Any]:
    constraints = ({} if column.blank else {"required": True}) | column.rule.constraints
    return {
        "name": column.name,
        "type": column.rule.type,
        **({"format": column.rule.format} if column.rule.format else {}),
        "description": column.about,
        **({"constraints": constraints} if constraints else {}),
    }
