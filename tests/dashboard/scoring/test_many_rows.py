"""Many rows at once, as the page takes them: all problems at their cells, nothing written before all is well."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from indicators.records.dataset import load_dataset
from indicators.records.imports.workbook import read_workbook
from indicators.records.saving.submission import EVENT_COLUMNS
from indicators.show.files.workbook import HEADER as COLUMNS
from indicators.show.files.workbook import write_workbook
from tests.dashboard.looking import assert_sound, notices_of, open_app, press_button, words_of
from tests.folders import contents
from tests.records.imports.workbooks import write_book
from tests.running_app import Serve
from tests.socket_session import Run, Session, press
from tests.submissions import EVENT

ROOT = Path(__file__).parents[3]
PASTE = "draft_pasted-0"
HEADER = "date,indicator,score,low,high,rationale,events"
GOOD = "2026-11-20,cyb_response,5,4,6,Nothing of the kind since the last review.,E0430"
BAD = "2026-11-20,cyb_espionage,55,4,6,Nothing of the kind since the last review.,E9999"


@pytest.fixture
def desk(serve: Serve) -> Iterator[Any]:
    """The app as an editor starts it on a machine of their own."""
    with serve(ROOT / "app.py", environment={"TENSION_CODER": "c1"}) as server:
        yield server


def paste(session: Session, *rows: str) -> tuple[Run, WidgetState]:
    """Paste rows into the page, and return what it then shows."""
    area = session.run().controls[PASTE]
    state = WidgetState(id=area.id, string_value="\n".join([HEADER, *rows]))
    return session.run([state]), state


def test_problems_in_cells_and_with_the_folder_come_at_once_and_nothing_is_written(desk: Any) -> None:
    before = contents(desk.data)
    with Session(desk.url, "update", "draft_way=Many+rows") as session:
        run, _ = paste(session, GOOD.replace("E0430", "E0431"), BAD)
        assert not run.failures
        assert "[score-range]" in run.text
        assert "upload:3 events" in run.text
        assert not [name for name in run.controls if name.startswith("Save")]
    assert contents(desk.data) == before


def test_good_rows_are_saved_all_together(desk: Any) -> None:
    before = contents(desk.data)
    second = GOOD.replace("cyb_response", "cyb_espionage")
    with Session(desk.url, "update", "draft_way=Many+rows") as session:
        run, state = paste(session, GOOD.replace("E0430", "E0001"), second.replace("E0430", "E0001"))
        assert not run.failures
        run = session.run([state, press(run.controls["Save 2 rows"])])
        assert not run.failures
        assert "Saved: 2 new." in run.text
    after = contents(desk.data)
    changed = [name for name in after if after[name] != before.get(name)]
    assert changed == ["scores/cyber.csv"]
    assert len(after[changed[0]].splitlines()) == len(before[changed[0]].splitlines()) + 2


# A workbook, and what is repaired or shown before the save


def upload(app: AppTest, name: str, content: bytes) -> AppTest:
    """Return the page after a file was handed in."""
    app.file_uploader[0].upload(name, content, "application/octet-stream")
    app.run()
    assert_sound(app)
    return app


def open_many() -> AppTest:
    return open_app("update", draft_way="Many rows")


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def fill(book: bytes, rows: Mapping[str, Mapping[str, Any]], events: Sequence[Mapping[str, Any]] = ()) -> bytes:
    """Return a quarter's workbook as an analyst has filled it in: a row by its indicator, and new events."""
    sheets = {
        sheet.name: [cells for _, cells in sheet.lines] for sheet in read_workbook("upload", book, 5000, 10**6).sheets
    }
    for cells in sheets["scores"][1:]:
        for name, value in rows.get(cells[1], {}).items():
            cells[COLUMNS.index(name)] = value
    for cells, event in zip(sheets["new events"][1:], events, strict=False):
        cells[1:] = [event.get(name, "") for name in EVENT_COLUMNS]
    return write_book(sheets)


SCORED = {
    "score": 7,
    "low": 6,
    "high": 8,
    "rationale": "Both ministers spoke, but brigades came back.",
    "events": "E0009",
}


@pytest.mark.usefixtures("editor")
def test_a_whole_quarter_comes_by_workbook_in_three_actions(folder: Path) -> None:
    app = open_many()  # the first: the tab
    dataset = load_dataset(folder).dataset
    assert dataset is not None
    end = dt.date(2024, 9, 30)
    cited = {"mil_posture": "new1;E0009", "mil_signals": "E0010", "cyb_espionage": "E0011", "cyb_sabotage": "E0012"}
    rows = {id: {**SCORED, "events": events} for id, events in cited.items()}
    book = fill(write_workbook(dataset, "c1", end), rows, [EVENT])
    before = (folder / "scores/military.csv").read_text().count("\n")
    upload(app, "scores-c1-2024-Q3.xlsx", book)  # the second
    assert "4 new, 1 new event" in words_of(app)
    press_button(app, "Save 4 rows and 1 event")  # the third
    assert "Saved: 4 new, 1 new event" in notices_of(app)
    assert (folder / "scores/military.csv").read_text().count("\n") == before + 2
    assert "E0013;E0009" in (folder / "scores/military.csv").read_text()


@pytest.mark.usefixtures("editor")
def test_the_same_workbook_again_says_that_nothing_is_new_and_a_change_is_shown_old_beside_new(folder: Path) -> None:
    dataset = load_dataset(folder).dataset
    assert dataset is not None
    book = write_workbook(dataset, "c1", dt.date(2024, 6, 30))
    app = upload(open_many(), "as-it-was.xlsx", book)
    assert "4 the same as before" in words_of(app)
    assert not [label for label in labels(app) if label.startswith("Save")]
    app = upload(open_many(), "changed.xlsx", fill(book, {"mil_posture": {"score": 5.5}}))
    assert "1 replaces an earlier one, 3 the same as before" in words_of(app)
    assert "5 (4 to 6)" in words_of(app)
    assert "5.5 (4 to 6)" in words_of(app)
    press_button(app, "Save 1 row")
    assert "Saved: 1 replaces an earlier one" in notices_of(app)


SPOILT = (
    "date;indicator;score;low;high;rationale;events\n"
    "9/30/2024;mil_posture;7,0;6;8;Both ministers spoke, but brigades came back.;E0009, E0005\n"
    "9/30/2024;mil_signals;6,5;6;7;Inspections stayed suspended, and no more. ;E0010\n"
)


@pytest.mark.usefixtures("editor")
def test_a_fault_of_a_column_is_shown_first_and_repaired_at_one_press(folder: Path) -> None:
    before = contents(folder)
    app = upload(open_many(), "spoilt.csv", SPOILT.encode())
    assert {"Fix date", "Fix score", "Fix rationale", "Fix events"} <= {*labels(app)}
    assert "“9/30/2024” → “2024\\-09\\-30”" in words_of(app)
    assert "upload:2 date" in words_of(app)
    press_button(app, "Fix date")
    assert "Fix date" not in labels(app)
    assert "upload:2 date" not in words_of(app)
    assert "upload:2 score" in words_of(app)
    press_button(app, "Fix all of these")
    assert "2 new" in words_of(app)
    assert contents(folder) == before
    press_button(app, "Save 2 rows")
    assert "2024-09-30,mil_posture,7,6,8," in (folder / "scores/military.csv").read_text()


@pytest.mark.usefixtures("editor", "folder")
def test_problems_name_lines_of_the_file_and_filter_the_grid() -> None:
    good = "2024-09-30,mil_posture,7,6,8,Both ministers spoke and brigades came back.,E0009\n"
    rows = [good.replace("2024-09-30", f"2024-09-{day:02}") for day in range(10, 28)]
    text = HEADER + "\n\n" + "".join(rows[:8]) + rows[8].replace(",7,", ",77,") + "".join(rows[9:])
    app = upload(open_many(), "one-fault.csv", text.encode())
    assert "upload:11 score" in words_of(app)
    (grid,) = app.dataframe or [app.get("arrow_data_frame")[0]]
    assert grid.value["line"].tolist()[:2] == ["3", "4"]
    press_button(app, "Show only the 1 row with problems")
    (grid,) = app.dataframe or [app.get("arrow_data_frame")[0]]
    assert grid.value["line"].tolist() == ["11"]
    press_button(app, "Show all rows")
    (grid,) = app.dataframe or [app.get("arrow_data_frame")[0]]
    assert len(grid.value) == 18
