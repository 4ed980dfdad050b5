"""The workbook of a quarter: what one coder needs to score it, read back by the upload cell for cell."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest

from indicators.records.dataset import Dataset, load_dataset
from indicators.records.imports.rows import compare_rows, list_events, list_in_force
from indicators.records.imports.upload import Intake, read_upload
from indicators.records.imports.workbook import Sheet, read_workbook
from indicators.show.files.workbook import HEADER, NEW_EVENTS, name_workbook, write_workbook
from tests.folders import write_sound_folder

END = dt.date(2024, 9, 30)


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    found = load_dataset(write_sound_folder(tmp_path / "data")).dataset
    assert found is not None
    return found


def sheets(book: bytes) -> dict[str, Sheet]:
    return {sheet.name: sheet for sheet in read_workbook("upload", book, 5000, 10**6).sheets}


def read(book: bytes, dataset: Dataset) -> Intake:
    return read_upload(book, "c1", list_events(dataset))


def test_each_indicator_has_a_row_with_the_coders_own_last_score_beside_blank_cells(dataset: Dataset) -> None:
    (_, header), *rows = sheets(write_workbook(dataset, "c1", END))["scores"].lines
    assert tuple(header) == HEADER
    assert [dict(zip(HEADER, cells, strict=True))["indicator"] for _, cells in rows] == list(dataset.indicators.index)
    first = dict(zip(HEADER, rows[0][1], strict=True))
    assert first == {
        "date": "2024-09-30", "indicator": "mil_posture", "(title)": dataset.title("mil_posture"),
        "(last day)": "2024-06-30", "(last score)": "5", "(last range)": "4 to 6",
        "(events of the quarter)": "E0009", "score": "", "low": "", "high": "", "rationale": "", "events": "",
    }  # fmt: skip


def test_nothing_in_it_is_another_coders(dataset: Dataset) -> None:
    book = write_workbook(dataset, "c1", END)
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        content = b"".join(archive.read(name) for name in archive.namelist()).decode(errors="replace")
    others = dataset.assessments[dataset.assessments["coder"] == "c2"]
    assert not [reason for reason in others["rationale"] if reason in content]
    assert "c2" not in content


def test_the_anchors_and_the_events_of_the_quarter_stand_beside(dataset: Dataset) -> None:
    book = sheets(write_workbook(dataset, "c1", END))
    assert list(book) == ["scores", "anchors", "events", "new events"]
    texts = [cells[3] for _, cells in book["anchors"].lines[1:]]
    assert set(texts) == {*dataset.anchors["anchor"], *dataset.indicators["definition"]}
    assert [cells[0] for _, cells in book["events"].lines[1:]] == ["E0009", "E0010", "E0011", "E0012"]
    assert len(book["new events"].lines) == NEW_EVENTS + 1


def test_as_it_comes_it_says_nothing_new(dataset: Dataset) -> None:
    unfilled = read(write_workbook(dataset, "c1", END), dataset)
    assert [p.code for p in unfilled.problems] == ["file-empty"]
    scored = read(write_workbook(dataset, "c1", dt.date(2024, 6, 30)), dataset)
    assert scored.problems == ()
    own = list_in_force(dataset, "c1")
    assert set(compare_rows(scored.rows, own).same) == set(range(len(scored.rows)))
    assert len(scored.rows) == sum(day == "2024-06-30" for _, day in own)


def test_the_same_data_give_the_same_bytes(dataset: Dataset) -> None:
    assert write_workbook(dataset, "c1", END) == write_workbook(dataset, "c1", END)


def test_no_cell_is_a_formula_and_texts_are_typed_as_text(dataset: Dataset) -> None:
    rows = dataset.assessments.assign(rationale="=HYPERLINK(1) would run, were it no text.")
    hostile = Dataset(**{**vars(dataset), "assessments": rows})
    with zipfile.ZipFile(io.BytesIO(write_workbook(hostile, "c1", dt.date(2024, 6, 30)))) as archive:
        parts = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
        styles = archive.read("xl/styles.xml")
    assert not [part for part in parts if b"<f>" in part]
    assert b'numFmtId="49"' in styles  # the format that is called text


def test_the_drop_downs_offer_scores_as_numbers_and_the_words_of_the_codebook(dataset: Dataset) -> None:
    with zipfile.ZipFile(io.BytesIO(write_workbook(dataset, "c1", END))) as archive:
        scores, fresh = archive.read("xl/worksheets/sheet1.xml"), archive.read("xl/worksheets/sheet4.xml")
        lists = archive.read("xl/worksheets/sheet5.xml")
    assert scores.count(b"lists!$A$1:$A$21") == 3
    assert {f"lists!${column}$1".encode() in fresh for column in "BCDE"} == {True}
    assert b"<v>9.5</v>" in lists


def test_its_name_says_whose_and_which_quarter() -> None:
    assert name_workbook("c1", END) == "scores-c1-2024-Q3.xlsx"
