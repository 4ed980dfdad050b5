"""A row is saved once the next one is on the screen: nobody waits for the disk, and nothing is lost or written twice."""

from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from indicators.dashboard.scoring import after_save
from indicators.records.saving.submission import Failed
from tests.dashboard.looking import assert_sound, notices_of
from tests.dashboard.scoring.form import REASON, SCORED, added, field, fill, has_field, open_row, press, rows_of

pytestmark = pytest.mark.usefixtures("editor")
NEXT = "mil_signals"
SAVE = after_save.save_as_editor


def opened(app: AppTest) -> str:
    """The indicator whose row is open."""
    return next(b.key.split("-")[2] for b in app.button if b.key and b.key.startswith("sheet-open-"))


def test_the_next_row_is_drawn_before_the_save_begins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[list[str]] = []

    def save(*given: Any) -> Any:
        drawn.append([str(key) for key in st.session_state if f"-{NEXT}-" in str(key)])
        return SAVE(*given)

    monkeypatch.setattr(after_save, "save_as_editor", save)
    app = press(fill(open_row(), **SCORED))
    assert opened(app) == NEXT
    assert [
        sorted(key.rpartition("-")[2] for key in keys if key.endswith(("score", "rationale"))) for keys in drawn
    ] == [["rationale", "score"]]


def cut_off(folder: Path, monkeypatch: pytest.MonkeyPatch, before: bool) -> tuple[AppTest, int]:
    """A row pressed on a run that its coder's next click cuts off, before or right after the row is on the disk."""
    saves: list[int] = []

    def save(*given: Any) -> Any:
        saves.append(1)
        if len(saves) == 1 and before:
            st.rerun()
        return SAVE(*given)

    monkeypatch.setattr(after_save, "save_as_editor", save)
    looked: list[int] = []

    def look(effect: Any = after_save.measure_effect) -> Any:
        def measure(*given: Any) -> Any:
            looked.append(1)
            if len(looked) == 1 and not before:
                st.rerun()
            return effect(*given)

        return measure

    monkeypatch.setattr(after_save, "measure_effect", look())
    return press(fill(open_row(), **SCORED)), len(saves)


@pytest.mark.parametrize("before", [True, False], ids=["before the save", "after the save"])
def test_a_run_that_is_cut_off_saves_once_and_says_so(
    before: bool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = rows_of(folder)
    app, saves = cut_off(folder, monkeypatch, before)
    assert saves == 1 + before
    assert [row["rationale"] for row in added(folder, rows)] == [REASON]
    assert "Saved. Posture" in notices_of(app).replace("\\", "")
    assert "5 → 5.5" in notices_of(app).replace("\\", "")
    assert opened(app) == NEXT


def test_while_a_row_is_saved_the_next_can_be_filled_in_but_not_pressed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wait(*_: Any) -> Any:
        st.stop()

    monkeypatch.setattr(after_save, "save_as_editor", wait)
    app = open_row()
    field(fill(app, **SCORED), "save").click().run()
    assert_sound(app)
    assert [notice.value for notice in app.info if "Saving" in notice.value] == ["Saving Posture…"]
    assert opened(app) == NEXT
    assert field(app, "save").disabled
    assert field(app, "unchanged").disabled
    assert not field(app, "rationale").disabled
    fill(app, rationale="Typed while the other row is being saved.").run()
    rows = rows_of(folder)
    monkeypatch.setattr(after_save, "save_as_editor", SAVE)
    app.run()
    assert len(added(folder, rows)) == 1
    assert field(app, "rationale").value == "Typed while the other row is being saved."
    assert not field(app, "save").disabled


def fail(*_: Any) -> Failed:
    return Failed("The disk is full. Nothing was changed.")


def test_a_save_that_fails_leads_back_to_its_row_with_what_was_typed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(after_save, "save_as_editor", fail)
    app = press(fill(open_row(), **SCORED))
    assert opened(app) == "mil_posture"
    assert field(app, "rationale").value == REASON
    assert "The disk is full" in notices_of(app)


def test_a_save_that_fails_takes_nobody_away_from_the_row_that_they_are_at(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = fill(open_row(NEXT), rationale="Begun before.").run()
    app.button(key="sheet-row-mil_posture").click().run()
    monkeypatch.setattr(after_save, "save_as_editor", fail)
    app = press(fill(app, **SCORED))
    assert opened(app) == NEXT
    assert "Posture was not saved; what you typed there is kept as a draft" in notices_of(app)
    app.button(key="sheet-row-mil_posture").click().run()
    assert field(app, "rationale").value == REASON
    assert "The disk is full" in notices_of(app)


def test_where_no_draft_could_be_kept_the_form_stays_until_its_row_is_safe(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = fill(open_row(), **SCORED)
    monkeypatch.setattr("indicators.records.storage.drafts.replace_file", _full_disk)
    monkeypatch.setattr(after_save, "save_as_editor", fail)
    app = press(app)
    assert opened(app) == "mil_posture"
    assert has_field(app, "rationale")
    assert field(app, "rationale").value == REASON


def _full_disk(*_: Any) -> None:
    raise OSError(28, "No space left on device")
