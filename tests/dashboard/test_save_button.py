"""The save button: what stands on the page is saved, on the data that its reader saw, and the outcome stays to be read."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from indicators.dashboard import access
from indicators.dashboard import app as frame
from indicators.dashboard.app import PRESS
from indicators.dashboard.scoring.save import Press
from indicators.records.dataset import load_dataset
from indicators.records.saving.save import save_submission
from indicators.records.saving.submission import Saved
from indicators.records.tables.core import ASSESSMENTS, EVENTS
from tests.dashboard.circumstances import LOCAL
from tests.dashboard.looking import assert_sound, notices_of, open_app, press_button
from tests.folders import contents
from tests.submissions import NOW, ROW, hand_in

MILITARY = "scores/military.csv"
REASON = "One brigade is still at the border, as the last review found."

pytestmark = pytest.mark.usefixtures("editor")


def open_form() -> AppTest:
    return open_app(
        "update",
        draft_indicator="mil_posture",
        draft_date=ROW["date"],
        draft_score="5",
        draft_rationale=REASON,
        draft_events="E0009",
    )


def rows_of(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((folder / MILITARY).read_text(encoding="utf-8").splitlines()))


def test_the_form_lets_through_what_the_rules_of_the_columns_do_and_no_more(read_only):
    app = open_form()
    score = app.slider(key="draft_score")
    places = [score.min + step * score.step for step in range(int((score.max - score.min) / score.step) + 1)]
    rule = ASSESSMENTS.column("score").rule
    assert [place for place in places if rule.judge(f"{place:g}")] == []
    assert rule.judge(f"{score.min - score.step:g}")
    assert rule.judge(f"{score.max + score.step:g}")
    assert rule.judge(f"{score.min + score.step / 2:g}")
    for key, table, column in (
        ("rationale", ASSESSMENTS, "rationale"),
        ("fact", EVENTS, "fact"),
        ("title", EVENTS, "source_title"),
        ("publisher", EVENTS, "publisher"),
    ):
        area = (app.text_area if key in ("rationale", "fact") else app.text_input)(key=f"draft_{key}")
        assert not table.column(column).rule.judge("x" * area.max_chars)
        assert table.column(column).rule.judge("x" * (area.max_chars + 1))


def test_a_change_made_just_before_the_press_is_what_is_saved(folder):
    before = rows_of(folder)
    app = open_form()
    app.slider(key="draft_score").set_value(5.5)
    app.text_area(key="draft_rationale").set_value(f"{REASON} A second one is on its way.")
    press_button(app, "Save")
    assert notices_of(app).startswith(f"Saved: {MILITARY}, line ")
    (row,) = [row for row in rows_of(folder) if row not in before]
    assert (row["score"], row["rationale"]) == ("5.5", f"{REASON} A second one is on its way.")


def test_the_outcome_stays_until_the_draft_changes(folder):
    app = press_button(open_form(), "Save")
    saved = notices_of(app)
    assert saved.startswith("Saved: ")
    app.run()
    assert notices_of(app) == saved
    app.slider(key="draft_score").set_value(4.5).run()
    assert notices_of(app) == ""
    app.slider(key="draft_score").set_value(5.0).run()
    assert notices_of(app) == saved


def test_a_row_recorded_since_the_page_was_drawn_is_a_conflict_and_a_second_press_saves(folder):
    app = open_form()
    theirs = hand_in({**ROW, "score": "8", "low": "7", "high": "9"})
    assert isinstance(save_submission(folder, theirs, NOW), Saved)
    between = contents(folder)
    press_button(app, "Save")
    assert "another row for the same date was recorded meanwhile" in notices_of(app)
    assert contents(folder) == between
    press_button(app, "Save")
    assert notices_of(app).startswith("Saved: ")
    assert len(rows_of(folder)) == len(between[MILITARY].decode().splitlines())


@pytest.mark.parametrize("lost", [{"local_coder": ""}, {"members_only": True, "address": "0.0.0.0"}])
def test_a_press_whose_form_has_gone_is_void(folder, monkeypatch, lost):
    before = contents(folder)
    app = open_form()
    with monkeypatch.context() as meanwhile:
        for room in (access, frame):
            meanwhile.setattr(room, "read_circumstances", lambda: replace(LOCAL, **lost))
        next(button for button in app.button if button.label == "Save").click().run()
    assert not app.exception
    assert not [button for button in app.button if button.label == "Save"]
    app.run()
    assert_sound(app)
    assert notices_of(app) == ""
    assert PRESS not in app.session_state
    assert contents(folder) == before


def test_a_press_that_leads_away_from_the_page_saves_nothing_on_return(folder):
    before = contents(folder)
    app = open_form()
    next(button for button in app.button if button.label == "Save").click()
    app.switch_page("overview.py").run()
    app.switch_page("update.py").run()
    assert_sound(app)
    assert "Saved" not in notices_of(app)
    assert contents(folder) == before


def test_a_withdrawal_is_confirmed_though_its_assessment_has_left_the_form(folder):
    app = open_app("update", draft_indicator="mil_posture", draft_action="Withdraw an earlier one")
    app.text_area(key="draft_rationale").set_value("The report that it rested on was taken back.")
    press_button(app, "Withdraw")
    assert notices_of(app).startswith(f"Saved: {MILITARY}, line ")
    assert [row["date"] for row in rows_of(folder) if not row["score"]] == ["2024-06-30"]
    assert app.selectbox(key="draft_old").value == "2024-03-31"


def test_the_second_press_of_a_double_click_withdraws_nothing_more(folder):
    before = load_dataset(folder).dataset
    assert before is not None
    app = open_app("update", draft_indicator="mil_posture", draft_action="Withdraw an earlier one")
    app.text_area(key="draft_rationale").set_value("The report that it rested on was taken back.")
    saved = notices_of(press_button(app, "Withdraw"))
    after = contents(folder)
    app.session_state[PRESS] = Press("Withdraw", before, None)  # pressed when the page still was as before the save
    app.run()
    assert_sound(app)
    assert notices_of(app) == saved
    assert contents(folder) == after
