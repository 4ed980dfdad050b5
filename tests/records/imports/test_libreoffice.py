"""The real LibreOffice opens and saves what we write, in two languages, and nothing is lost or turned into another thing."""

import csv
import datetime as dt
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from indicators.measures.narrative.dates import check_readings
from indicators.records.dataset import Dataset, load_dataset
from indicators.records.folder import format_folder
from indicators.records.imports.rows import COLUMNS, compare_rows, list_events, list_in_force
from indicators.records.imports.upload import read_upload
from indicators.records.imports.workbook import read_workbook
from indicators.show.files.workbook import HEADER, write_workbook
from tests.records.imports.workbooks import write_book

SHIPPED = Path(__file__).parents[3] / "data"
END = dt.date(2026, 9, 30)
PATIENCE = 180  # seconds; a bound against hanging

LANGUAGE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>{}</value></prop></item>
</oor:items>
"""

AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"  # commas, quotation marks, UTF-8, as shown
Office = Callable[..., list[Path]]


@pytest.fixture(scope="module", params=["en-US", "de-DE"])
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A function that opens files in LibreOffice and saves them in a format, as a user of a language does."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed: apt-get install libreoffice-calc-nogui")
    home = tmp_path_factory.mktemp("office")
    (home / "user").mkdir()
    (home / "user/registrymodifications.xcu").write_text(LANGUAGE.format(request.param))

    def save(kind: str, *files: Path) -> list[Path]:
        out = tmp_path_factory.mktemp("saved")
        opened = ["--infilter=CSV:44,34,UTF8"] if files[0].suffix == ".csv" else []
        subprocess.run(
            [
                program,
                "--headless",
                f"-env:UserInstallation=file://{home}",
                *opened,
                "--convert-to",
                kind,
                "--outdir",
                out,
                *files,
            ],
            check=True,
            capture_output=True,
            timeout=PATIENCE,
        )
        return [out / file.with_suffix(f".{kind.partition(':')[0]}").name for file in files]

    return save


@pytest.fixture(scope="module")
def shipped() -> Dataset:
    found = load_dataset(SHIPPED, check_readings).dataset
    assert found is not None
    return found


def test_score_files_and_events_come_back_byte_for_byte_after_format(
    office: Office, tmp_path: Path, shipped: Dataset
) -> None:
    data = Path(shutil.copytree(SHIPPED, tmp_path / "data"))
    files = [*sorted((data / "scores").glob("*.csv")), data / "events.csv"]
    for file, saved in zip(files, office(AS_CSV, *files), strict=True):
        file.write_bytes(saved.read_bytes())
    loaded = load_dataset(data, check_readings)
    assert loaded.dataset is not None
    assert loaded.dataset.assessments.equals(shipped.assessments)
    # Nothing but the version that a spreadsheet takes for a number, once for each file.
    assert {problem.code for problem in loaded.report} <= {"version-form"}
    assert len({problem.file for problem in loaded.report}) == len(loaded.report)
    format_folder(data, write=True)
    after = load_dataset(data, check_readings)
    assert (len(after.report), after.digest) == (0, shipped.digest)


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_score_file_saved_as_a_workbook_is_an_upload_with_the_same_cells(office: Office, kind: str) -> None:
    file = SHIPPED / "scores/military.csv"
    (saved,) = office(kind, file)
    intake = read_upload(saved.read_bytes())
    assert intake.problems == ()
    with file.open(encoding="utf-8", newline="") as rows:
        assert list(intake.rows) == [{name: row[name] for name in COLUMNS} for row in csv.DictReader(rows)]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_quarters_workbook_comes_back_with_only_the_edited_cells_changed(
    office: Office, kind: str, tmp_path: Path, shipped: Dataset
) -> None:
    book = tmp_path / "quarter.xlsx"
    book.write_bytes(write_workbook(shipped, "c1", END))
    own, recorded = list_in_force(shipped, "c1"), list_events(shipped)
    (saved,) = office(kind, book)
    intake = read_upload(saved.read_bytes(), "c1", recorded)
    assert (intake.problems, intake.events) == ((), ())
    assert len(compare_rows(intake.rows, own).same) == len(intake.rows) == 20
    edited = _edit(saved.read_bytes())
    book.write_bytes(edited)
    (again,) = office(kind, book)
    changed = read_upload(again.read_bytes(), "c1", recorded)
    assert changed.problems == ()
    compared = compare_rows(changed.rows, own)
    assert [changed.rows[n]["low"] for n in compared.replacing] == ["0.5"]
    assert len(compared.same) == 19


def _edit(book: bytes) -> bytes:
    """The workbook with one cell of the sheet of scores typed anew."""
    sheets = {
        sheet.name: [list(cells) for _, cells in sheet.lines] for sheet in read_workbook("", book, 5000, 10**6).sheets
    }
    sheets["scores"][3][HEADER.index("low")] = 0.5
    return write_book(sheets)
