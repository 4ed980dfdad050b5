"""Questions are asked and answered on the page Outlook, and only their answer is ever added to them."""

import csv
import datetime as dt
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from indicators.records.checks.folder import check_folder
from indicators.records.folder import format_folder, read_folder
from tests.dashboard.looking import field, notices_of, open_app, press_button, words_of
from tests.folders import contents, write_sound_folder

pytestmark = pytest.mark.usefixtures("editor")

HEAD = "question,text,subject,test,threshold,criteria,opened,closes,resolves,resolution,event,resolved,recorded\n"
OPEN = (
    "channel,Will a channel for warnings be opened by the end of the century?,,,,"
    "Yes if an event on record says that a channel was opened.,2024-07-02,2999-08-15,2999-08-31,,,,2024-07-02T08:00:00Z\n"
)
TODAY = dt.datetime.now(dt.UTC).date().isoformat()


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny folder with one open question, on an event."""
    empty = "question,coder,date,probability,rationale,recorded\n"
    files = {"outlook/questions.csv": HEAD + OPEN, "outlook/forecasts.csv": empty}
    path = write_sound_folder(tmp_path / "asked", **files)
    monkeypatch.setenv("TENSION_DATA", str(path))
    return path


def rows_of(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((folder / "outlook/questions.csv").read_text(encoding="utf-8").splitlines()))


def open_form(name: str) -> AppTest:
    app = open_app("outlook")
    app.session_state[name] = True
    return app.run()


def fill(app: AppTest, **cells: str) -> AppTest:
    for name, cell in cells.items():
        field(app, name).set_value(cell)
        app.run()
    return app


NEW = {
    "text": "Will forces stand at 6.5 or higher at the end of 2998?",
    "subject": "mil_posture",
    "test": "above",
    "threshold": "6.5",
    "criteria": "Answered by the reading of that day once it is assessed.",
    "closes": "2998-12-30",
    "resolves": "2998-12-31",
    "question": "posture-2998",
}


def test_a_new_question_is_on_record_and_takes_forecasts(asked: Path) -> None:
    app = press_button(fill(open_form("question-new"), **NEW), "Ask the question")
    row = next(row for row in rows_of(asked) if row["question"] == "posture-2998")
    blank = {"resolution": "", "event": "", "resolved": ""}
    assert row == {**NEW, **blank, "opened": TODAY, "recorded": row["recorded"]}
    assert "The question is on record" in notices_of(app)
    assert NEW["text"] in app.selectbox(key="draft_question").options
    assert check_folder(read_folder(asked)) == []


def test_the_first_question_of_a_folder_without_any_brings_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    none = {"outlook/questions.csv": None, "outlook/forecasts.csv": None}
    path = write_sound_folder(tmp_path / "bare", **none)
    format_folder(path, write=True)
    monkeypatch.setenv("TENSION_DATA", str(path))
    app = press_button(fill(open_form("question-new"), **NEW), "Ask the question")
    assert "The question is on record" in notices_of(app)
    assert [row["question"] for row in rows_of(path)] == ["posture-2998"]
    assert check_folder(read_folder(path)) == []
    app.text_area(key="draft_forecast_reason").set_value("Nothing suggests that forces will grow.")
    assert "Saved: outlook/forecasts.csv, line 2." in notices_of(press_button(app, "Save forecast"))


def test_what_a_question_lacks_is_told_at_the_field_and_nothing_is_written(asked: Path) -> None:
    before = contents(asked)
    app = fill(open_form("question-new"), **{**NEW, "closes": "2999-01-01", "threshold": "", "question": "channel"})
    words = words_of(press_button(app, "Ask the question"))
    assert "Fill it in." in words
    assert "This is before 2999-01-01." in words
    assert "Another question has this id." in words
    assert contents(asked) == before


def test_a_yes_names_its_event_and_the_question_leaves_the_open_ones(asked: Path) -> None:
    app = press_button(fill(open_form("answer-channel"), resolution="yes"), "Record the answer")
    assert "Fill it in." in words_of(app)
    app = press_button(fill(app, event="E0011"), "Record the answer")
    first, last = rows_of(asked)
    assert last == {**first, "resolution": "yes", "event": "E0011", "resolved": TODAY, "recorded": last["recorded"]}
    assert "No question is open." in words_of(app)
    assert check_folder(read_folder(asked)) == []


def test_an_answer_that_comes_too_early_is_refused_and_stays_typed(asked: Path) -> None:
    before = contents(asked)
    app = press_button(fill(open_form("answer-channel"), resolution="no"), "Record the answer")
    assert "until then the answer may be yes" in words_of(app)
    assert field(app, "resolution").value == "no"
    assert contents(asked) == before


def test_readers_are_offered_neither(asked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from indicators.dashboard import access
    from tests.dashboard.circumstances import LOCAL

    monkeypatch.setattr(access, "read_circumstances", lambda: replace(LOCAL, key_held=False))
    assert not {"Ask a new question", "Answer this question"} & {box.label for box in open_app("outlook").expander}
