"""The description of the folder is accepted by an independent reader of Data Packages, and is about this folder."""

import json
from pathlib import Path
from typing import Any

import pytest
from frictionless import Package

from indicators.records.folder import read_folder
from indicators.records.tables.core import table_of
from tests.folders import FILES, change_cell, write_folder


@pytest.fixture
def package(data: Path) -> dict[str, Any]:
    return json.loads((data / "datapackage.json").read_text())


def errors(data: Path) -> set[tuple[str, int | None, str | None]]:
    report = Package.from_descriptor(str(data / "datapackage.json")).validate()
    found = [(task.place, error.to_descriptor()) for task in report.tasks for error in task.errors]
    assert report.valid == (not found)
    return {(file, error.get("rowNumber"), error.get("fieldName")) for file, error in found}


def test_frictionless_accepts_the_folder(data: Path) -> None:
    assert errors(data) == set()


def test_frictionless_finds_a_score_above_the_scale_on_the_same_line(data: Path) -> None:
    (data / "scores/cyber.csv").write_text(change_cell(FILES["scores/cyber.csv"], 3, "score", "11"))
    assert errors(data) == {("scores/cyber.csv", 3, "score")}


def test_frictionless_finds_an_unknown_coder(data: Path) -> None:
    (data / "scores/cyber.csv").write_text(change_cell(FILES["scores/cyber.csv"], 3, "coder", "c9"))
    assert {(file, line) for file, line, _ in errors(data)} == {("scores/cyber.csv", 3)}


@pytest.mark.parametrize(
    ("file", "column"),
    [("events.csv", "source_url"), ("benchmarks/sources.csv", "url"), ("evidence/military.csv", "source_url")],
)
def test_frictionless_finds_a_link_that_runs_a_script(data: Path, file: str, column: str) -> None:
    (data / file).write_text(change_cell(FILES[file], 2, column, "javascript:alert(1)"))
    assert errors(data) == {(file, 2, column)}


@pytest.mark.parametrize(
    ("file", "line", "column", "cell"),
    [
        ("scores/cyber.csv", 3, "score", "7.25"),
        ("scores/cyber.csv", 3, "low", "-0.5"),
        ("scores/cyber.csv", 3, "rationale", "Too short."),
        ("scores/cyber.csv", 3, "rationale", "x" * 601),
        ("scores/cyber.csv", 3, "events", "E0001, E0002"),
        ("scores/cyber.csv", 3, "recorded", "2026-11-22 15:04:05"),
        ("scores/cyber.csv", 3, "date", "22.11.2026"),
        ("codebook/dimensions.csv", 2, "weight", "1000.5"),
        ("codebook/indicators.csv", 2, "window", "month"),
        ("codebook/anchors.csv", 2, "score", "3"),
        ("codebook/coders.csv", 2, "coder", "C1"),
        ("events.csv", 2, "event", "E1"),
        ("events.csv", 2, "effect", "raise"),
        ("events.csv", 2, "reliability", "G"),
        ("narrative/claims.csv", 2, "test", "grows"),
        ("benchmarks/pairs.csv", 2, "direction", "0"),
        ("outlook/pathways.csv", 2, "high", "10.5"),
        ("outlook/forecasts.csv", 2, "probability", "1"),
    ],
)
def test_frictionless_finds_what_the_rule_of_the_column_refuses(
    data: Path, file: str, line: int, column: str, cell: str
) -> None:
    table = table_of(file)
    assert table is not None
    assert table.column(column).rule.judge(cell) is not None
    (data / file).write_text(change_cell(FILES[file], line, column, cell))
    assert (file, line, column) in errors(data)


def test_each_limit_of_a_rule_is_a_constraint_of_its_column(package: dict[str, Any]) -> None:
    limits = {}
    for resource in package["resources"]:
        table = table_of(resource["path"])
        for field in resource["schema"]["fields"]:
            limits[table.name, field["name"]] = field.get("constraints", {}).keys() - {"required"}  # type: ignore[union-attr]
    without = {name for (_, name), found in limits.items() if not found}
    assert without == {
        "date",
        "start",
        "end",
        "before_start",
        "before_end",
        "opened",
        "closes",
        "resolves",
        "resolved",
        "value",
        "threshold",
    }
    assert limits["assessments", "score"] == {"minimum", "maximum", "enum"}
    assert limits["forecasts", "probability"] == {"minimum", "maximum"}
    assert limits["events", "fact"] == {"minLength", "maxLength"}
    assert limits["events", "source_url"] == limits["events", "event"] == {"pattern"}
    assert limits["events", "effect"] == {"enum"}


def test_the_columns_that_name_others_are_the_foreign_keys(package: dict[str, Any]) -> None:
    keys = {
        (r["path"].split("/")[-1], k["fields"][0], k["reference"]["resource"], k["reference"]["fields"][0])
        for r in package["resources"]
        for k in r["schema"].get("foreignKeys", [])
    }
    assert {key for key in keys if key[0] in ("cyber.csv", "forecasts.csv")} == {
        ("cyber.csv", "indicator", "codebook-indicators", "indicator"),
        ("cyber.csv", "coder", "codebook-coders", "coder"),
        ("cyber.csv", "method", "codebook-methods", "method"),
        ("forecasts.csv", "question", "outlook-questions", "question"),
        ("forecasts.csv", "coder", "codebook-coders", "coder"),
    }


def test_every_table_file_is_described_with_all_its_columns_in_order(package: dict[str, Any]) -> None:
    described = {r["path"]: [f["name"] for f in r["schema"]["fields"]] for r in package["resources"]}
    assert described == {n: table_of(n).names for n in FILES if n.endswith(".csv")}  # type: ignore[union-attr]
    assert list(described) == sorted(described)


def test_every_column_says_what_it_means(package: dict[str, Any]) -> None:
    assert all(f["description"] for r in package["resources"] for f in r["schema"]["fields"])


def test_resources_have_names_of_their_own_and_keys_point_to_them(package: dict[str, Any]) -> None:
    names = [r["name"] for r in package["resources"]]
    assert len(set(names)) == len(names)
    targets = {k["reference"]["resource"] for r in package["resources"] for k in r["schema"].get("foreignKeys", [])}
    assert targets
    assert targets <= set(names)


def test_blank_is_allowed_only_where_it_has_a_meaning(package: dict[str, Any]) -> None:
    optional = {
        (r["path"].split("/")[0], f["name"])
        for r in package["resources"]
        for f in r["schema"]["fields"]
        if not f.get("constraints", {}).get("required")
    }
    assert optional == {
        *(("scores", "score"), ("scores", "low"), ("scores", "high"), ("narrative", "threshold")),
        *(("narrative", name) for name in ("subject", "before_start", "before_end", "untested")),
        *(("codebook", f"doubt_{name}") for name in ("indicator", "dimension", "all")),
        *(("events.csv", "second_source_url"), ("events.csv", "same_as")),
    } | {
        ("outlook", name)
        for name in (
            *("subject", "test", "threshold", "criteria", "resolution", "event", "resolved", "probability"),
            "instance",
        )
    } | {("inbox", name) for name in ("must", "must_not", "note", "proposed", "event", "reason", "coder")}


def test_the_description_names_the_dimensions_and_the_licence(package: dict[str, Any]) -> None:
    assert "military, cyber" in package["description"]
    assert [licence["name"] for licence in package["licenses"]] == ["CC-BY-4.0"]


def test_the_same_folder_has_the_same_description(data: Path, tmp_path: Path) -> None:
    other = write_folder(tmp_path / "other")
    assert (data / "datapackage.json").read_bytes() == (other / "datapackage.json").read_bytes()


def test_an_unreadable_file_stays_in_the_description(data: Path) -> None:
    # Else one broken header would make the description stale as well, and formatting would drop the file from it.
    (data / "scores/cyber.csv").write_bytes(b"\0")
    folder = read_folder(data)
    assert folder.describe() == (data / "datapackage.json").read_text()
