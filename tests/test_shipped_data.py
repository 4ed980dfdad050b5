"""The data folder of this repository: without problems, canonical, complete and documented."""

import re
from pathlib import Path

import pytest
from frictionless import Package
from markdown_it import MarkdownIt

from indicators.records.dataset import Dataset, load_dataset
from indicators.records.ledger import format_folder
from indicators.records.problems import CODES
from indicators.records.schema import ANCHOR_SCORES, TABLES

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    loaded = load_dataset(DATA)
    assert loaded.dataset is not None, loaded.report.as_text()
    return loaded.dataset


@pytest.fixture(scope="module")
def documented() -> set[str]:
    """The words of the data dictionary."""
    return set(re.findall(r"[a-z0-9_]+(?:-[a-z0-9_]+)*", (DATA / "README.md").read_text(encoding="utf-8")))


def test_check_finds_no_problem() -> None:
    assert load_dataset(DATA).report.as_text() == "0 problems"


def test_every_file_is_canonical() -> None:
    assert format_folder(DATA, write=False) == []


def test_an_independent_reader_accepts_the_data_package() -> None:
    report = Package.from_descriptor(str(DATA / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "type"])[:10]


def test_there_are_five_dimensions_of_four_indicators(dataset: Dataset) -> None:
    assert dataset.dimensions.index.tolist() == ["military", "cyber", "diplomacy", "sanctions", "energy"]
    assert {d: len(dataset.indicators_of(d)) for d in dataset.dimensions.index} == dict.fromkeys(
        dataset.dimensions.index, 4
    )


def test_there_are_six_anchors_for_each_indicator(dataset: Dataset) -> None:
    assert len(dataset.anchors) == 120
    scores = dataset.anchors.groupby("indicator")["score"].apply(sorted)
    assert set(scores.index) == set(dataset.indicators.index)
    assert all(found == list(ANCHOR_SCORES) for found in scores)


def test_there_are_436_events_about_all_indicators(dataset: Dataset) -> None:
    assert len(dataset.events) == 436
    assert set(dataset.events["indicator"]) == set(dataset.indicators.index)


def test_every_indicator_has_assessments_by_two_coders(dataset: Dataset) -> None:
    coders = dataset.assessments.groupby("indicator")["coder"].agg(set)
    assert set(coders.index) == set(dataset.indicators.index)
    assert all(found == {"c1", "c2"} for found in coders)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_data_dictionary_names_every_column(documented: set[str], table) -> None:
    assert [name for name in table.names if name not in documented] == []


def test_the_data_dictionary_names_every_problem_code(documented: set[str]) -> None:
    assert sorted(set(CODES) - documented) == []


def test_the_data_dictionary_names_every_indicator_dimension_and_coder(documented: set[str], dataset: Dataset) -> None:
    ids = [*dataset.dimensions.index, *dataset.indicators.index, *dataset.coders.index]
    assert [id for id in ids if id not in documented] == []


@pytest.mark.parametrize("name", ["README.md", "method.md"])
def test_rows_of_tables_are_read_as_rows_and_nothing_else_is(name: str) -> None:
    text = (DATA / name).read_text(encoding="utf-8")
    tables = [token.map or [] for token in MarkdownIt().enable("table").parse(text) if token.type == "table_open"]
    inside = {number for start, end in tables for number in range(start, end)}
    assert inside == {number for number, line in enumerate(text.splitlines()) if line.startswith("|")}
