"""The data folder of this repository: without problems, canonical, complete and documented."""

import re
from pathlib import Path

import pandas as pd
import pytest
from frictionless import Package
from markdown_it import MarkdownIt

from indicators.records.dataset import Dataset, load_dataset
from indicators.records.folder import format_folder
from indicators.records.problems import CODES
from indicators.records.tables.core import ANCHOR_SCORES, TABLES

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


def test_there_are_812_events_about_all_indicators(dataset: Dataset) -> None:
    assert dataset.events.index.tolist() == [f"E{number:04d}" for number in range(1, 813)]
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


def rows_under(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading of the data's README."""
    text = (DATA / "README.md").read_text(encoding="utf-8").split(f"\n{heading}\n", 1)[1]
    table = re.search(r"(?:^\|.*\|\n)+", text, flags=re.MULTILINE)
    assert table is not None
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in table[0].splitlines()[2:]]


def test_the_share_of_well_graded_events_by_year_is_that_of_the_files(dataset: Dataset) -> None:
    events = dataset.events.assign(
        year=dataset.events["date"].dt.year.astype(str),
        good=dataset.events["reliability"].isin(["A", "B"]),
        confirmed=dataset.events["credibility"] == "1",
    )
    counts = events.groupby("year")[["good", "confirmed"]].sum().assign(all=events.groupby("year").size())
    assert rows_under("### Where the evidence is thin") == [
        [
            str(year),
            f"{row['all']}",
            f"{row['good']} ({row['good'] / row['all']:.0%})".replace("%", " %"),
            str(row["confirmed"]),
        ]
        for year, row in counts.iterrows()
    ]


def test_every_publisher_has_one_reliability_but_for_the_exceptions_on_record(dataset: Dataset) -> None:
    exceptions = {id for *_, ids in rows_under("#### Exceptions") for id in re.findall(r"E\d{4}", ids)}
    assert exceptions <= set(dataset.events.index)
    grades = dataset.events.drop(index=sorted(exceptions)).groupby("publisher")["reliability"].agg(set)
    assert {publisher: found for publisher, found in grades.items() if len(found) > 1} == {}


def test_every_source_is_a_lasting_page_with_a_title_of_its_own(dataset: Dataset) -> None:
    events = dataset.events
    for column in ("source_url", "second_source_url"):
        faulty = events[column].str.contains(r"\.json$|/tags?/|/feed/?$|[?&]utm_|/amp/?$|://(?:test|staging|admin)\.")
        assert events.index[faulty].tolist() == []
    untitled = (events["source_title"] == events["publisher"]) | events["source_title"].str.contains(
        r"headline|from the address|stored copy|\.\.\.$", case=False
    )
    assert events.index[untitled].tolist() == []


def test_the_quarters_without_an_event_are_those_that_the_readme_names(dataset: Dataset) -> None:
    text = (
        (DATA / "README.md").read_text(encoding="utf-8").split("### Where the evidence is thin\n")[1].split("\n## ")[0]
    )
    quarters = pd.period_range("2021Q1", "2026Q3", freq="Q")
    found = dataset.events.groupby([dataset.events["indicator"], dataset.events["date"].dt.to_period("Q")]).size()
    cells = pd.MultiIndex.from_product([dataset.indicators.index, quarters])
    empty = cells[found.reindex(cells).isna()]
    sentence = re.search(r"Indicators without an event in a quarter: (.+?)\.\n", text)
    assert sentence is not None
    assert sentence[1].split("; ") == [
        f"`{indicator}` in the {ORDINALS[q.quarter]} quarter of {q.year}" for indicator, q in empty
    ]


ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth"}
