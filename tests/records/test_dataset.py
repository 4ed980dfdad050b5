"""A folder without problems becomes typed tables; a folder with problems becomes none."""

from pathlib import Path

import pandas as pd
import pytest

from indicators.records.dataset import Dataset, cited_events, load_dataset, split_ids
from indicators.records.folder import format_folder, read_folder
from indicators.records.problems import HARMLESS
from tests.breakages import BREAKAGES, Breakage
from tests.folders import FILES, INDICATORS, write_folder


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    loaded = load_dataset(write_folder(tmp_path_factory.mktemp("dataset") / "data"))
    assert loaded.dataset is not None
    return loaded.dataset


def row(dataset: Dataset, file: str, line: int) -> pd.Series:
    table = dataset.assessments
    return table[(table["file"] == file) & (table["line"] == line)].iloc[0]


FAULTS = [b for b in BREAKAGES if {code for *_, code in b[2]} - {*HARMLESS}][::4]


@pytest.mark.parametrize("fault", FAULTS, ids=[b[0] for b in FAULTS])
def test_a_folder_with_a_problem_gives_no_dataset(data: Path, fault: Breakage) -> None:
    fault[1](data)
    loaded = load_dataset(data)
    assert loaded.report
    assert loaded.dataset is None
    assert loaded.digest == read_folder(data).digest


def test_codebook_stands_in_its_own_order(dataset: Dataset) -> None:
    assert dataset.dimensions.index.tolist() == ["military", "cyber"]
    assert dataset.indicators.index.tolist() == list(INDICATORS)
    assert dataset.indicators_of("cyber") == ["cyb_espionage", "cyb_sabotage"]
    assert dataset.indicators["window"].tolist() == ["quarter"] * 4
    assert len(dataset.anchors) == 24


def test_an_assessment_has_its_numbers_times_and_place(dataset: Dataset) -> None:
    found = row(dataset, "scores/cyber.csv", 3)
    assert (found["score"], found["low"], found["high"]) == (4.5, 3.0, 6.0)
    assert found["date"] == pd.Timestamp("2024-03-31")
    assert found["recorded"] == pd.Timestamp("2024-07-01 10:00:00")
    assert (found["coder"], found["events"], found["method"]) == ("c2", "E0003", "1.0")


def test_recorded_as_a_date_means_the_start_of_that_day(dataset: Dataset) -> None:
    assert row(dataset, "scores/cyber.csv", 6)["recorded"] == pd.Timestamp("2024-07-05 00:00:00")


def test_a_withdrawal_is_missing_and_never_zero(dataset: Dataset) -> None:
    found = row(dataset, "scores/cyber.csv", 8)
    assert pd.isna(found["score"])
    assert pd.isna(found["low"])
    assert pd.isna(found["high"])


def test_every_row_of_every_file_is_there(dataset: Dataset) -> None:
    assert len(dataset.assessments) == 13
    assert (len(dataset.events), len(dataset.figures), len(dataset.claims)) == (12, 2, 4)
    assert (len(dataset.benchmarks), len(dataset.sources)) == (3, 2)
    tables = {name: text.count("\n") - 1 for name, text in FILES.items() if name.endswith(".csv")}
    assert dataset.files == tables


def test_the_sources_of_outside_series_are_not_series(dataset: Dataset) -> None:
    assert dataset.benchmarks["series"].unique().tolist() == ["GPR", "TRADE"]
    assert dataset.sources.at["TRADE", "file"] == "outside.csv"
    assert dataset.benchmarks["value"].tolist() == [101.5, 99.0, -3.0]


def test_a_blank_threshold_is_missing(dataset: Dataset) -> None:
    assert dataset.claims.at["posture-eases", "threshold"] == 0.5
    assert pd.isna(dataset.claims.at["record-high", "threshold"])


def test_the_article_has_its_sections_and_claims(dataset: Dataset) -> None:
    assert dataset.article.title == "A short article"
    assert dataset.article.attribution == "Retold from an article of this title."
    assert [s.id for s in dataset.article.sections][:2] == ["introduction", "military-cyber"]
    assert dataset.article.sections[1].claims == ("posture-eases", "networks-worse")


def test_ids_have_titles_and_levels(dataset: Dataset) -> None:
    assert [dataset.title(id) for id in ("index", "cyber", "cyb_sabotage")] == ["Index", "Cyber activity", "Sabotage"]
    assert [dataset.level(id) for id in ("index", "cyber", "cyb_sabotage")] == ["index", "dimension", "indicator"]
    with pytest.raises(KeyError):
        dataset.level("economy")


def test_cited_events_come_once_and_oldest_first(dataset: Dataset) -> None:
    assert cited_events(dataset, ["E0007;E0003", "", "E0003;E0001"]).index.tolist() == ["E0001", "E0003", "E0007"]


def test_a_cell_of_ids_is_split_and_a_blank_one_has_none() -> None:
    assert split_ids("E0001;E0002") == ["E0001", "E0002"]
    assert split_ids("") == []


def test_a_folder_without_outside_series_figures_and_scores_has_empty_tables_with_their_columns(data: Path) -> None:
    (data / "evidence/military.csv").unlink()
    (data / "benchmarks/outside.csv").unlink()
    for name in ("benchmarks/sources.csv", "scores/cyber.csv", "scores/military.csv"):
        (data / name).write_text(FILES[name].splitlines()[0] + "\n")
    format_folder(data, write=True)
    loaded = load_dataset(data)
    assert loaded.dataset is not None
    assert loaded.dataset.assessments.empty
    assert loaded.dataset.figures.empty
    assert {"date", "series", "value", "unit", "file", "line"} <= set(loaded.dataset.benchmarks.columns)


def test_a_further_dimension_needs_no_code(data: Path) -> None:
    def append(name: str, row: str) -> None:
        with (data / name).open("a") as file:
            file.write(row + "\n")

    append("codebook/dimensions.csv", "space,Space,How far do the two states confront each other in orbit?,1")
    append(
        "codebook/indicators.csv",
        "spa_orbit,space,Orbit,What is observed in the quarter and what counts for it.,1,quarter",
    )
    for score in (0, 2, 4, 6, 8, 10):
        append(
            "codebook/anchors.csv", f"spa_orbit,{score},What must be the case in the quarter for a score of {score}."
        )
    (data / "scores/space.csv").write_text(FILES["scores/cyber.csv"].splitlines()[0] + "\n")
    assert format_folder(data, write=True) == ["datapackage.json"]
    loaded = load_dataset(data)
    assert loaded.dataset is not None
    assert loaded.dataset.level("space") == "dimension"
