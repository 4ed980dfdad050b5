"""The quarter sheet: which quarter and row it opens on, what each row says, and where a save leads."""

import datetime as dt
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from indicators.dashboard import app as frame
from indicators.records.folder import format_folder
from indicators.records.saving.save import save_submission
from indicators.records.saving.submission import Saved
from tests.dashboard.looking import notices_of, open_app, words_of
from tests.dashboard.scoring.form import (
    QUARTER,
    REASON,
    SCORED,
    added,
    field,
    fill,
    open_row,
    press,
    rows_of,
    use_window,
)
from tests.submissions import NOW, ROW, hand_in

pytestmark = pytest.mark.usefixtures("editor")


def labels(app: AppTest) -> dict[str, str]:
    """The rows of the sheet by indicator."""
    rows = {b.key: b.label for b in app.button if b.key and b.key.startswith("sheet-")}
    return {key.split("-")[2]: label for key, label in rows.items() if key.split("-")[1] in ("row", "open")}


def opened(app: AppTest) -> str:
    """The indicator whose row is open."""
    return next(b.key.split("-")[2] for b in app.button if b.key and b.key.startswith("sheet-open-"))


def test_it_opens_on_the_newest_quarter_that_has_ended_and_is_not_reviewed(folder: Path, monkeypatch) -> None:
    monkeypatch.setattr(frame, "today_utc", lambda: dt.date(2024, 11, 20))
    app = open_app("update")
    assert app.selectbox(key="draft_quarter").value == QUARTER
    assert {"mil_posture", "mil_signals", "cyb_espionage", "cyb_sabotage"} == set(labels(app))


def test_where_that_quarter_is_reviewed_it_opens_on_the_one_that_has_not_ended(folder: Path, monkeypatch) -> None:
    monkeypatch.setattr(frame, "today_utc", lambda: dt.date(2024, 7, 20))
    assert open_app("update").selectbox(key="draft_quarter").value == QUARTER


def test_a_row_says_last_score_and_range_new_events_and_status(read_only: Path) -> None:
    said = labels(open_row())
    assert "**5** :small[4–6]" in said["mil_posture"]
    assert ":gray[1]" in said["mil_posture"]
    assert "not looked at" in said["mil_posture"]


def test_nothing_is_preset_and_an_untouched_form_is_not_saved(folder: Path) -> None:
    before = rows_of(folder)
    app = open_row()
    assert [field(app, name).value for name in ("score", "low", "high", "rationale")] == [""] * 4
    press(app)
    assert rows_of(folder) == before
    words = words_of(app)
    assert "Type 0 to 10, in halves." in words
    assert "Write why, in 20 to 600 characters." in words
    assert "Tick at least one event that supports the score." in words


def test_what_is_in_error_at_a_field_blocks_the_save(folder: Path) -> None:
    before = rows_of(folder)
    app = press(fill(open_row(), date="2027-12-31", **SCORED))
    assert rows_of(folder) == before
    assert "2024-07-01 to 2024-09-30" in words_of(app)
    assert "Not saved. First correct the errors shown above at: Date." in words_of(app)
    assert field(app, "date").value == "2027-12-31"


def test_a_paste_that_is_too_long_stays_and_is_said_at_the_field(folder: Path) -> None:
    before = rows_of(folder)
    app = fill(open_row(), **SCORED | {"rationale": "Brigades. " * 80}).run()
    assert field(app, "rationale").value == "Brigades. " * 80
    assert "The reason has 799 characters — write 20 to 600" in words_of(app)
    press(app)
    assert rows_of(folder) == before


def test_no_score_of_the_other_coder_and_no_effect_is_shown_before_the_save(read_only: Path) -> None:
    app = fill(open_row("cyb_espionage"), score="6 5 7").run()
    words = words_of(app)
    assert "service stayed unnamed" not in words  # c2's reason of the quarter before
    assert "index" not in words.casefold()


def test_three_numbers_in_one_field_are_score_low_and_high(folder: Path) -> None:
    before = rows_of(folder)
    press(fill(open_row(), **SCORED))
    (row,) = added(folder, before)
    assert (row["date"], row["score"], row["low"], row["high"]) == (QUARTER, "5.5", "4.5", "6.5")
    assert (row["coder"], row["events"], row["rationale"]) == ("c1", "E0009", REASON)


def test_a_save_says_what_it_moved_and_leads_to_an_empty_form_of_the_next_row(folder: Path) -> None:
    app = press(fill(open_row(), **SCORED))
    # Own scores: military 4.5 (5 and 4) becomes 4.75; the index, half of it, moves by half as much.
    assert "Posture, 3rd quarter of 2024: 5 → 5.5; Military posture +0.25, index +0.12" in notices_of(app).replace(
        "\\", ""
    )
    assert opened(app) != "mil_posture"
    assert [field(app, name).value for name in ("score", "low", "high", "rationale")] == [""] * 4
    assert "changed" in labels(app)["mil_posture"]


def test_what_was_typed_for_one_indicator_never_stands_in_another(folder: Path) -> None:
    app = fill(open_row(), **SCORED, fact="A third brigade moved towards the border.").run()
    app.button(key="sheet-row-mil_signals").click().run()
    assert [field(app, name).value for name in ("score", "rationale", "fact")] == [""] * 3
    app.button(key="sheet-row-mil_posture").click().run()
    assert field(app, "score").value == SCORED["score"]
    assert field(app, "tick-E0009").value is True


def test_next_goes_where_most_is_new_says_why_and_comes_back_to_what_was_skipped(folder: Path) -> None:
    app = open_app("update", draft_quarter=QUARTER)
    first = opened(app)
    assert "1 new event since the review of 30 Jun 2024" in words_of(app)
    seen = [first]
    for _ in range(3):
        seen.append(opened(press(app, "skip")))
    assert sorted(seen) == sorted(labels(app))
    assert opened(press(app, "skip")) == first
    assert "skipped before, and still due" in words_of(app)


@pytest.fixture
def quiet(folder: Path) -> Path:
    """A folder whose military posture was reviewed at 7 (6 to 8), with no event in the quarter after that."""
    assert isinstance(save_submission(folder, hand_in(ROW), NOW), Saved)
    return folder


def test_a_quiet_quarter_of_a_flow_is_asked_about_before_its_score_is_carried(quiet: Path) -> None:
    before = rows_of(quiet)
    app = open_row(quarter="2024-12-31")
    assert "That does not mean that nothing happened" in words_of(app)
    assert field(app, "unchanged").label == "Quiet quarter: 7 again?"
    press(app, "unchanged")
    assert "counts what happens in the quarter" in words_of(app)
    press(app, "unchanged")
    assert rows_of(quiet) == before
    assert "Write why" in words_of(app)
    reason = "Searched the pages of both ministries: brigades stayed where they were."
    press(fill(app, rationale=reason), "unchanged")
    (row,) = added(quiet, before)
    assert (row["date"], row["score"], row["low"], row["high"]) == ("2024-12-31", "7", "6", "8")
    assert (row["events"], row["rationale"]) == ("E0009", reason)


def test_unchanged_with_nothing_new_is_one_press_that_writes_one_sentence(quiet: Path) -> None:
    use_window(quiet, "mil_posture", "state")
    before = rows_of(quiet)
    app = open_row(quarter="2024-12-31")
    assert field(app, "unchanged").label == "Unchanged at 7, nothing new"
    press(app, "unchanged")
    (row,) = added(quiet, before)
    assert (row["score"], row["events"]) == ("7", "E0009")
    assert row["rationale"].startswith("Unchanged since 30 Sep 2024: no event of the 4th quarter of 2024")
    assert "unchanged" in labels(app)["mil_posture"]


def test_unchanged_despite_events_wants_the_events_and_a_reason(folder: Path) -> None:
    before = rows_of(folder)
    app = open_row()
    assert field(app, "unchanged").label == "Unchanged at 5 despite these events"
    press(app, "unchanged")
    assert "at least one event" in words_of(app)
    press(fill(app, events="E0009", rationale="The ministers only spoke, and no forces moved."), "unchanged")
    (row,) = added(folder, before)
    assert (row["score"], row["low"], row["high"], row["events"]) == ("5", "4", "6", "E0009")


def test_unchanged_is_refused_while_another_score_is_typed(folder: Path) -> None:
    before = rows_of(folder)
    app = press(fill(open_row(), **SCORED), "unchanged")
    assert rows_of(folder) == before
    assert "clear it to leave the score at 5" in words_of(app)


def test_an_open_quarter_is_scored_from_today_or_an_earlier_day_and_again(folder: Path, monkeypatch) -> None:
    monkeypatch.setattr(frame, "today_utc", lambda: dt.date(2024, 9, 20))
    app = open_row()
    assert field(app, "date").value == "2024-09-20"
    before = rows_of(folder)
    press(fill(app, date="2024-09-02", **SCORED))
    assert [row["date"] for row in added(folder, before)] == ["2024-09-02"]
    assert field(open_row(), "date").value == "2024-09-20"


def test_the_others_score_stands_beside_ones_own_once_both_have_reviewed_the_quarter(folder: Path) -> None:
    theirs = "Half of the build-up has been taken back again."
    assert theirs not in words_of(open_row(quarter="2024-06-30"))
    rows = [
        f"2024-06-30,{indicator},9,8,10,Two reasons of c2 for it.,{event},c2,2024-07-02T10:00:00Z,1.0\n"
        for indicator, event in (("mil_signals", "E0006"), ("cyb_espionage", "E0007"), ("cyb_sabotage", "E0008"))
    ]
    for name, new in (("military", rows[:1]), ("cyber", rows[1:])):
        with (folder / f"scores/{name}.csv").open("a") as file:
            file.writelines(new)
    format_folder(folder, write=True)
    words = words_of(open_row(quarter="2024-06-30"))
    assert "One brigade has returned and one remains in place." in words
    assert theirs in words
    assert "the same as yours" in words
    assert "5 above yours, and the ranges do not meet" in words_of(open_row("mil_signals", "2024-06-30"))


def test_a_row_that_would_be_replaced_is_named_beside_the_button(folder: Path, monkeypatch) -> None:
    monkeypatch.setattr(frame, "today_utc", lambda: dt.date(2024, 9, 20))
    press(fill(open_row(), **SCORED))
    app = open_row()
    assert "Replaces your 5.5 (4.5–6.5) of 20 Sep 2024" in notices_of(app)
