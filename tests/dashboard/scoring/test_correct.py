"""Corrections and withdrawals start from the row on record, say what they change, and are taken back by a further row."""

from pathlib import Path

import pytest

from tests.dashboard.looking import notices_of, open_app, words_of
from tests.dashboard.scoring.form import SCORED, added, field, fill, has_field, open_row, press, rows_of
from tests.folders import contents

pytestmark = pytest.mark.usefixtures("editor")

JUNE = "2024-06-30"
OLD = "One brigade has returned and one remains in place."


def open_earlier(day: str = JUNE):
    """The page with one of the coder's earlier rows chosen."""
    app = open_app("update", draft_way="Earlier rows", draft_earlier="mil_posture")
    return app.selectbox(key="draft_earlier_day-mil_posture").set_value(day).run()


def test_a_correction_starts_from_score_range_reason_and_events_of_its_row(folder: Path) -> None:
    app = open_earlier()
    assert [field(app, name).value for name in ("score", "low", "high", "date")] == ["5", "4", "6", JUNE]
    assert field(app, "rationale").value == OLD
    assert field(app, "tick-E0005").value is True
    assert field(app, "others").value == ["E0001"]


def test_only_what_is_changed_changes_and_old_and_new_stand_side_by_side(folder: Path) -> None:
    before = rows_of(folder)
    app = fill(open_earlier(), rationale=f"{OLD} Nothing else is known.").run()
    words = words_of(app)
    assert "Corrected" in words
    assert f"{OLD} Nothing else is known." in words
    assert "Replaces your 5 (4–6) of 30 Jun 2024; that row stays on record." in words
    assert "index" not in words.casefold()  # what it moves is shown on demand
    press(app, "correct")
    (row,) = added(folder, before)
    kept = {"date": JUNE, "score": "5", "low": "4", "high": "6", "events": "E0001;E0005", "coder": "c1"}
    assert {name: row[name] for name in kept} == kept
    assert row["rationale"] == f"{OLD} Nothing else is known."


def test_what_a_correction_would_move_is_shown_on_demand_by_ones_own_scores(folder: Path) -> None:
    app = fill(open_earlier(), score="6", high="7").run()
    field(app, "effect-shown").set_value(True).run()
    words = words_of(app)
    assert "Readings on the date" in words
    assert "From your own scores only" in words


def test_a_correction_that_changes_nothing_or_has_a_fault_writes_nothing(folder: Path) -> None:
    before = contents(folder)
    app = press(open_earlier(), "correct")
    assert "Nothing differs from the row on record" in words_of(app)
    press(fill(app, score="6.3"), "correct")
    assert "halves" in words_of(app)
    press(fill(app, score="5", date="2024-06-29"), "correct")
    assert "A correction keeps its date" in words_of(app)
    assert {k: v for k, v in contents(folder).items() if k != ".lock"} == {
        k: v for k, v in before.items() if k != ".lock"
    }


def withdraw(app, reason: str = "The report that it rested on was taken back."):
    """Open the withdrawal of the chosen row, give the reason and press."""
    app.session_state[field(app, "score").key.removesuffix("score") + "withdraw-shown"] = True
    app.run()
    return press(fill(app, **{"withdrawal-rationale": reason}), "withdraw")


def test_a_withdrawal_is_one_press_after_which_nothing_is_chosen_any_more(folder: Path) -> None:
    before = rows_of(folder)
    app = withdraw(open_earlier())
    (row,) = added(folder, before)
    assert (row["date"], row["score"], row["rationale"]) == (JUNE, "", "The report that it rested on was taken back.")
    assert "Posture, 2nd quarter of 2024: 5 withdrawn; Military posture +0.50" in notices_of(app).replace("\\", "")
    assert not has_field(app, "withdraw")
    assert not has_field(app, "correct")
    after = rows_of(folder)
    app.run()
    assert rows_of(folder) == after


def test_a_withdrawal_without_a_reason_writes_nothing(folder: Path) -> None:
    before = rows_of(folder)
    app = withdraw(open_earlier(), "Wrong.")
    assert "has 6 characters" in words_of(app)
    assert rows_of(folder) == before


def test_a_save_is_taken_back_by_a_further_row(folder: Path) -> None:
    before = rows_of(folder)
    app = press(fill(open_row(), **SCORED))
    app.button(key="sheet-undo").click().run()
    first, second = added(folder, before)
    assert (first["score"], second["score"]) == ("5.5", "")
    assert second["rationale"] == "Taken back by its coder: it was saved by mistake."


def test_a_withdrawal_and_a_correction_are_taken_back_to_what_stood_before_in_a_later_session_too(folder: Path) -> None:
    before = rows_of(folder)
    withdraw(open_earlier())
    app = open_app("update", draft_way="Earlier rows")
    assert "Last recorded: Posture, 30 Jun 2024: withdrawn." in words_of(app).replace("\\", "")
    app.button(key="sheet-undo").click().run()
    gone, back = added(folder, before)
    assert gone["score"] == ""
    kept = ("date", "score", "low", "high", "rationale", "events", "method")
    original = next(
        row for row in before if row["date"] == JUNE and row["coder"] == "c1" and row["indicator"] == "mil_posture"
    )
    assert {name: back[name] for name in kept} == {name: original[name] for name in kept}


def test_a_row_of_the_sheet_that_is_saved_is_corrected_there(folder: Path) -> None:
    app = open_row(quarter=JUNE)
    assert OLD in words_of(app)
    app.session_state["sheet-correct-mil_posture"] = True
    app.run()
    assert field(app, "score").value == "5"
