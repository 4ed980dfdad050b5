"""The save button: what stands on the page is saved, on the data that its reader saw, and a press counts once."""

from dataclasses import replace
from pathlib import Path

import pytest

from indicators.dashboard import access
from indicators.dashboard import app as frame
from indicators.dashboard.app import PRESS
from indicators.dashboard.scoring.drafts import Slot
from indicators.dashboard.scoring.save import Press
from indicators.records.dataset import load_dataset
from indicators.records.saving.save import save_submission
from indicators.records.saving.submission import Saved
from tests.dashboard.circumstances import LOCAL
from tests.dashboard.looking import assert_sound, notices_of, words_of
from tests.dashboard.scoring.form import SCORED, added, field, fill, has_field, open_row, press, rows_of
from tests.folders import contents
from tests.records.saving.test_entry import NEW_EVENT
from tests.submissions import NOW, ROW, hand_in

pytestmark = pytest.mark.usefixtures("editor")


def test_a_change_made_just_before_the_press_is_what_is_saved(folder: Path) -> None:
    before = rows_of(folder)
    app = fill(open_row(), **SCORED).run()
    reason = f"{SCORED['rationale']} A second one is on its way."
    press(fill(app, score="6 4.5 6.5", rationale=reason))
    (row,) = added(folder, before)
    assert (row["score"], row["rationale"]) == ("6", reason)


def test_a_refusal_by_the_rules_of_the_folder_is_told_in_the_words_of_the_form(folder: Path) -> None:
    before = contents(folder)
    app = press(fill(open_row(), **SCORED, **{**NEW_EVENT, "credibility": "1"}))  # and no second report
    assert "Nothing was saved. What you typed is still here." in notices_of(app)
    words = words_of(app)
    assert "Credibility of the fact: “1”" in words
    assert "new events:" not in words
    assert {name: text for name, text in contents(folder).items() if name != ".lock"} == before
    assert field(app, "fact").value == NEW_EVENT["fact"]


def test_a_row_recorded_since_the_page_was_drawn_is_a_conflict_and_a_second_press_saves(folder: Path) -> None:
    app = fill(open_row(), **SCORED).run()
    theirs = hand_in({**ROW, "score": "8", "low": "7", "high": "9"})
    assert isinstance(save_submission(folder, theirs, NOW), Saved)
    between = contents(folder)
    press(app)
    assert "another row for the same date was recorded meanwhile" in notices_of(app)
    assert contents(folder) == between
    assert field(app, "score").value == SCORED["score"]
    assert "Replaces your 8 (7–9) of 30 Sep 2024" in notices_of(app)
    press(app)
    assert "Saved. " in notices_of(app)
    assert len(rows_of(folder)) == len(between["scores/military.csv"].decode().splitlines())


@pytest.mark.parametrize("lost", [{"key_held": False}, {"members_only": True, "address": "0.0.0.0"}])
def test_a_press_whose_form_has_gone_is_void(
    folder: Path, monkeypatch: pytest.MonkeyPatch, lost: dict[str, object]
) -> None:
    before = contents(folder)
    app = fill(open_row(), **SCORED).run()
    with monkeypatch.context() as meanwhile:
        for room in (access, frame):
            meanwhile.setattr(room, "read_circumstances", lambda: replace(LOCAL, **lost))
        field(app, "save").click().run()
    assert not app.exception
    assert not has_field(app, "save")
    app.run()
    assert_sound(app)
    assert notices_of(app) == ""
    assert PRESS not in app.session_state
    assert contents(folder) == before


def test_a_press_that_leads_away_from_the_page_saves_nothing_on_return_and_the_form_stands_as_it_was(
    folder: Path,
) -> None:
    before = contents(folder)
    app = fill(open_row(), **SCORED).run()
    field(app, "save").click()
    app.switch_page("overview.py").run()
    app.switch_page("update.py").run()
    assert_sound(app)
    assert "Saved" not in notices_of(app)
    assert contents(folder) == before
    assert field(app, "score").value == SCORED["score"]


def test_the_second_press_of_a_double_click_saves_nothing_more(folder: Path) -> None:
    seen = load_dataset(folder).dataset
    assert seen is not None
    app = press(fill(open_row(), **SCORED))
    after, said = contents(folder), notices_of(app)
    label = f"save {Slot('c1', '2024-09-30', 'mil_posture')}"
    app.session_state[PRESS] = Press(label, seen, None)  # pressed when the page still was as before the save
    app.run()
    assert_sound(app)
    assert notices_of(app) == said
    assert contents(folder) == after
