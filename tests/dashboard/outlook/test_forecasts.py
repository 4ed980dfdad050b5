"""Forecasts on the page Outlook: read by all, entered by those who may, and nothing typed is lost in a refusal."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from indicators.dashboard import access
from indicators.records.tables.outlook import FORECASTS as TABLE
from tests.dashboard.circumstances import LOCAL
from tests.dashboard.looking import assert_sound, notices_of, open_app, press_button, start_app, words_of
from tests.folders import FILES, contents, write_sound_folder
from tests.running_app import Serve
from tests.socket_session import Session, press

ROOT = Path(__file__).parents[3]
REASON = "The last two readings have both moved up by more."
FORECASTS = "outlook/forecasts.csv"
OPEN = {
    "outlook/questions.csv": FILES["outlook/questions.csv"].replace("2024-12-30,2024-12-31", "2999-12-30,2999-12-31"),
}
"""The tiny folder's question about the index, open for as long as these tests will be run."""


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny folder with an open question, which the app reads."""
    path = write_sound_folder(tmp_path / "asked", **OPEN)
    monkeypatch.setenv("TENSION_DATA", str(path))
    return path


def fill_in(app: AppTest, reason: str, percent: int = 35) -> AppTest:
    app.slider(key="draft_probability").set_value(percent)
    app.text_area(key="draft_forecast_reason").set_value(reason)
    return app.run()


def save(app: AppTest) -> AppTest:
    return press_button(app, "Save forecast")


def test_readers_see_questions_record_and_no_form(asked):
    words = words_of(open_app("outlook"))
    assert "Index up by 0.5 or more" in words
    assert "Answered by the readings of both days once they are assessed." in words
    assert "25 %" in words
    assert "Coder c1, forecasts made ahead of events: 1 question answered" in words
    assert "too few" in words
    assert not [button for button in open_app("outlook").button if button.label == "Save forecast"]


def test_the_shipped_record_is_shown_though_it_is_worse_than_the_base_rate(shipped):
    assert "Coder baseline-2, hindcasts of the index: 34 questions" in words_of(open_app("outlook"))
    words = words_of(open_app("outlook", draft_record="baseline.hindcast.dimensions"))
    assert "Coder baseline, hindcasts of dimensions: 144 questions" in words
    assert "Against the base rate: worse" in words
    assert "Against an even chance: worse" in words
    assert "Hindcasts were written after the answers were known" in words


def test_the_form_lets_through_what_the_rules_of_the_columns_do_and_no_more(asked, editor):
    app = open_app("outlook")
    percent, reason = app.slider(key="draft_probability"), app.text_area(key="draft_forecast_reason")
    probability, rationale = (TABLE.column(name).rule for name in ("probability", "rationale"))
    assert [p for p in range(int(percent.min), int(percent.max) + 1) if probability.judge(f"{p / 100:g}")] == []
    assert probability.judge(f"{(percent.min - 1) / 100:g}")
    assert probability.judge(f"{(percent.max + 1) / 100:g}")
    assert not rationale.judge("x" * reason.max_chars)
    assert rationale.judge("x" * (reason.max_chars + 1))


def test_a_saved_forecast_is_one_added_line_and_stands_on_the_page(asked, editor):
    before = contents(asked)
    app = save(fill_in(open_app("outlook"), REASON))
    assert notices_of(app).startswith(f"Saved: {FORECASTS}, line ")
    after = contents(asked)
    assert [name for name in after if after[name] != before[name]] == [FORECASTS]
    added = set(after[FORECASTS].decode().splitlines()) - set(before[FORECASTS].decode().splitlines())
    assert len(added) == 1
    assert f",0.35,{REASON}," in added.pop()
    assert "35 %" in words_of(app)
    again = save(app)
    assert "Already saved" in notices_of(again)
    assert contents(asked) == after


def test_a_refusal_names_the_problem_and_keeps_what_was_typed(asked, editor):
    before = contents(asked)
    app = save(fill_in(open_app("outlook"), "Too short."))
    assert "Nothing was saved. What you typed is still here." in notices_of(app)
    assert "[length]" in words_of(app)
    assert app.text_area(key="draft_forecast_reason").value == "Too short."
    assert app.slider(key="draft_probability").value == 35
    assert contents(asked) == before


def test_the_right_is_asked_for_again_when_saving(asked, editor, monkeypatch):
    before = contents(asked)
    app = fill_in(open_app("outlook"), REASON)
    monkeypatch.setattr(access, "read_circumstances", lambda: replace(LOCAL, address="0.0.0.0"))
    app = save(app)
    assert "Nothing was changed." in notices_of(app) or "Ask the operator of this dashboard" in words_of(app)
    assert contents(asked) == before


def test_a_link_to_a_draft_opens_it(asked, editor):
    app = start_app(
        "outlook", draft_question="index-winter", draft_probability="20", draft_forecast_reason=REASON
    ).run()
    assert_sound(app)
    assert app.slider(key="draft_probability").value == 20
    assert app.text_area(key="draft_forecast_reason").value == REASON


def test_a_closed_question_takes_no_forecast(tmp_path, monkeypatch, editor):
    path = write_sound_folder(tmp_path / "closed")
    monkeypatch.setenv("TENSION_DATA", str(path))
    app = open_app("outlook")
    assert "Closed to new forecasts." in words_of(app)
    assert not [button for button in app.button if button.label == "Save forecast"]


def test_data_without_questions_say_so(tmp_path, monkeypatch):
    none = {name: FILES[name].splitlines()[0] + "\n" for name in ("outlook/questions.csv", FORECASTS)}
    path = write_sound_folder(tmp_path / "none", **none)
    monkeypatch.setenv("TENSION_DATA", str(path))
    assert "The data have no questions." in words_of(open_app("outlook"))


def test_forged_messages_save_nothing_where_recording_is_closed(serve: Serve):
    query = f"draft_forecast_reason={REASON.replace(' ', '+')}"
    with serve(ROOT / "app.py", environment={"TENSION_CODER": "c1"}) as server:
        shutil.rmtree(server.data)
        write_sound_folder(server.data, **OPEN)
        with Session(server.url, "outlook", query) as session:
            controls = session.run().controls
        assert "Save forecast" in controls
        forged = [
            press(controls["Save forecast"]),
            WidgetState(id=controls["draft_forecast_reason"].id, string_value=REASON),
        ]
        before = contents(server.data)
        with Session(server.url, "outlook", query, headers={"X-Forwarded-For": "203.0.113.9"}) as session:
            assert "Save forecast" not in session.run().controls
            session.run(forged)
            session.run(forged)
        assert contents(server.data) == before
        with Session(server.url, "outlook", query) as session:
            session.run()
            session.run(forged)
        after = contents(server.data)
        assert [name for name in after if after[name] != before.get(name)] == [FORECASTS]
