"""A sixth dimension, a third coder and two years of rows by editing files of the data folder, and no code."""

import csv
import datetime as dt
import shutil
from pathlib import Path

import pytest

from indicators.measures.narrative.dates import check_readings
from indicators.records.dataset import Dataset, load_dataset
from indicators.records.folder import format_folder
from indicators.show.publication.build import publish
from tests.dashboard.looking import NAMES, open_app, words_of

ROOT = Path(__file__).parents[2]
DIMENSION = "space"
TITLE = "Conduct in orbit"
INDICATORS = {f"spa_{name}": f"Orbit {name}" for name in ("tests", "approaches", "talks", "jamming")}
CODERS = ("c1", "c2", "c3")
QUARTERS = [dt.date(year, month, day) for year in (2024, 2025) for month, day in ((3, 31), (6, 30), (9, 30), (12, 31))]


def append(path: Path, *rows: dict[str, object]) -> None:
    """Add rows at the end of a file, as a spreadsheet does; columns that are not named stay blank."""
    with path.open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, columns, restval="", lineterminator="\n").writerows(rows)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped folder with all that added."""
    data = Path(shutil.copytree(ROOT / "data", tmp_path_factory.mktemp("grown") / "data"))
    codebook = data / "codebook"
    question = "How far do the two states endanger each other's satellites?"
    append(codebook / "dimensions.csv", {"dimension": DIMENSION, "title": TITLE, "question": question, "weight": 1})
    append(codebook / "coders.csv", {"coder": "c3", "description": "A third scoring, for this test."})
    for number, (indicator, title) in enumerate(INDICATORS.items()):
        definition = f"{title}, read at the end of the quarter from what is on record."
        append(
            codebook / "indicators.csv",
            {
                "indicator": indicator,
                "dimension": DIMENSION,
                "title": title,
                "definition": definition,
                "weight": 1,
                "window": "quarter",
            },
        )
        anchors = [
            {"indicator": indicator, "score": score, "anchor": f"{title}: what a score of {score} stands for."}
            for score in range(0, 11, 2)
        ]
        append(codebook / "anchors.csv", *anchors)
        append(
            data / "events.csv",
            {
                "event": f"E09{number:02d}",
                "date": "2024-01-15",
                "indicator": indicator,
                "effect": "raises",
                "fact": f"A made-up fact about {title.lower()} for this test.",
                "source_url": "https://example.org/orbit",
                "source_title": "A made-up source",
                "publisher": "Example",
                "reliability": "B",
                "credibility": 2,
            },
        )
    with (data / "scores" / "cyber.csv").open(encoding="utf-8") as file:
        header = file.readline()
    (data / "scores" / f"{DIMENSION}.csv").write_text(header, encoding="utf-8")
    rows: list[dict[str, object]] = [
        {
            "date": day.isoformat(),
            "indicator": indicator,
            "score": 3 + place + step / 2,
            "low": 2 + place + step / 2,
            "high": 4 + place + step / 2,
            "rationale": "Made up for this test, one half higher each quarter.",
            "events": f"E09{number:02d}",
            "coder": coder,
            "recorded": "2026-11-24",
            "method": "1.0",
        }
        for number, indicator in enumerate(INDICATORS)
        for place, coder in enumerate(CODERS)
        for step, day in enumerate(QUARTERS)
    ]
    append(data / "scores" / f"{DIMENSION}.csv", *rows)
    format_folder(data, write=True)
    return data


@pytest.fixture(scope="module")
def dataset(grown: Path) -> Dataset:
    """The grown folder, read."""
    loaded = load_dataset(grown, check_readings)
    assert loaded.dataset is not None, loaded.report.as_text()
    return loaded.dataset


def test_the_grown_folder_has_no_problem(dataset: Dataset) -> None:
    assert len(dataset.dimensions) == 6
    assert len(dataset.indicators) == 24
    assert dataset.scorers == ["c1", "c2", "c3"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.usefixtures("dataset")
def test_every_page_opens(name: str, grown: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENSION_DATA", str(grown))
    open_app(name)


def test_the_new_dimension_is_shown_like_the_others(grown: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENSION_DATA", str(grown))
    assert TITLE in words_of(open_app("overview"))
    shown = words_of(open_app("dimension", dim=DIMENSION, indicator="spa_talks", coder="c3"))
    assert "Orbit talks" in shown
    assert "what a score of 8 stands for" in shown


def test_it_is_published(grown: Path, dataset: Dataset, tmp_path: Path) -> None:
    publish(dataset, grown, tmp_path / "site", "https://example.org")
    page = (tmp_path / "site" / f"{DIMENSION}.html").read_text(encoding="utf-8")
    assert TITLE in page
    assert all(title in page for title in INDICATORS.values())
    assert (tmp_path / "site" / "cards" / "spa_jamming.html").exists()
    assert TITLE in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
