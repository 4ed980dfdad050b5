"""The tab Review: both reasons side by side, what is said of them, what the lead asks for and rules, and what is settled."""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from indicators.dashboard import access
from indicators.records.folder import format_folder
from tests.dashboard.circumstances import LOCAL
from tests.dashboard.looking import assert_sound, notices_of, open_app, press_button, words_of
from tests.folders import contents

JUNE = "2024-06-30"
THEIRS = f"mil_posture-{JUNE}-c2"


@pytest.fixture
def apart(folder: Path, editor: None) -> Path:
    """The tiny folder with c2's score of June three points from c1's, who is the lead; both have reviewed the quarter."""
    with (folder / "codebook/topic.csv").open("a") as file:
        file.write(f"released,{JUNE}\nlead,c1\n")
    scores = folder / "scores/military.csv"
    scores.write_text(
        scores.read_text().replace("2024-06-30,mil_posture,5,4,6,Half", "2024-06-30,mil_posture,8,7,9,Half")
    )
    return folder


@pytest.fixture
def as_c2(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sit down as c2 from now on, when called."""
    return lambda: monkeypatch.setattr(access, "read_circumstances", lambda: replace(LOCAL, local_coder="c2"))


def open_review() -> AppTest:
    return open_app("update", draft_way="Review")


def field(app: AppTest, name: str) -> Any:
    """The control whose key ends with a name."""
    kinds = (app.text_input, app.text_area, app.button_group)
    return next(w for kind in kinds for w in kind if w.key and w.key.endswith(name))


def rows_of(folder: Path, file: str) -> list[dict[str, str]]:
    path = folder / file
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines())) if path.exists() else []


def rule(app: AppTest, point: str, ruling: str) -> AppTest:
    field(app, "-point").set_value(point)
    field(app, "-ruling").set_value(ruling)
    return press_button(app, "Record the ruling")


def talk(app: AppTest, about: str) -> AppTest:
    """Open the entry of a comment on an assessment."""
    app.session_state[f"talk-{about}"] = True
    return app.run()


def test_both_reasons_stand_side_by_side(apart: Path) -> None:
    app = open_review()
    (pair,) = app.selectbox(key="draft_pair").options
    assert pair == "Posture, 30 Jun 2024: 3 apart, ranges do not overlap"
    words = words_of(app)
    assert "One brigade has returned and one remains in place." in words
    assert "Half of the build-up has been taken back again." in words


def test_a_ruling_of_the_lead_is_recorded_and_the_pair_leaves_the_list(apart: Path) -> None:
    app = rule(open_review(), "Does a brigade that may return count?", "It counts as long as it stands there.")
    (row,) = rows_of(apart, "codebook/rulings.csv")
    about = {"indicator": "mil_posture", "date": JUNE, "coder": "c1", "point": "Does a brigade that may return count?"}
    assert {name: row[name] for name in about} == about
    assert row["recorded"].endswith("Z")
    assert format_folder(apart, write=False) == []  # the description names the new file too
    words = words_of(app)
    assert "No two scores that you may see differ that much" in words
    assert "It counts as long as it stands there." in words
    assert "is recorded; the pair has left the list" in notices_of(app)


def test_a_ruling_that_lacks_something_is_told_at_the_field_and_writes_nothing(apart: Path) -> None:
    before = contents(apart)
    app = rule(open_review(), "", "Too short.")
    words = words_of(app)
    assert "Fill it in." in words
    assert "“Too short.” has 10 characters — write 20 to 600." in words
    assert field(app, "-ruling").value == "Too short."
    assert contents(apart) == before
    # What was typed is there in a new session, too.
    assert field(open_review(), "-ruling").value == "Too short."


def test_who_is_not_the_lead_can_neither_rule_nor_ask_for_a_correction(apart: Path, as_c2: Any) -> None:
    as_c2()
    app = talk(open_review(), f"mil_posture-{JUNE}-c1")
    assert "c1 rules on it." in words_of(app)
    assert "Record the ruling" not in [button.label for button in app.button]
    assert [group.key for group in app.button_group if group.key.endswith("-kind")] == []


def test_a_comment_stands_with_its_assessment_under_its_author(apart: Path, as_c2: Any) -> None:
    as_c2()
    app = talk(open_review(), THEIRS)
    field(app, "-text").set_value("The second report came in *July* <b>only</b>.")
    app = press_button(app, "Save the comment")
    (row,) = rows_of(apart, "review/comments.csv")
    said = {"indicator": "mil_posture", "date": JUNE, "coder": "c2", "author": "c2", "kind": "comment"}
    assert {name: row[name] for name in said} == said
    assert "The second report came in *July* <b>only</b>." in words_of(app)
    earlier = open_app("update", draft_way="Earlier rows", draft_earlier="mil_posture")
    earlier.selectbox(key="draft_earlier_day-mil_posture").set_value(JUNE).run()
    assert "The second report came in *July* <b>only</b>." in words_of(earlier)


def test_a_correction_that_the_lead_asks_for_is_found_by_the_coder_until_it_is_made(apart: Path, as_c2: Any) -> None:
    app = talk(open_review(), THEIRS)
    field(app, "-kind").set_value("correction").run()
    field(app, "-text").set_value("E0005 speaks of one brigade, not of half.")
    press_button(app, "Ask for the correction")
    assert [row["kind"] for row in rows_of(apart, "review/comments.csv")] == ["correction"]
    as_c2()
    app = open_app("update")
    asks = "c1 asks for a correction of your score of Posture, 30 Jun 2024: E0005 speaks of one brigade, not of half."
    assert asks in notices_of(app).replace("\\", "")
    comments, scores = apart / "review/comments.csv", apart / "scores/military.csv"
    (asked,) = rows_of(apart, "review/comments.csv")
    comments.write_text(comments.read_text().replace(asked["recorded"], "2025-01-01T09:00:00Z"))
    later = "2025-01-02T09:00:00Z"
    scores.write_text(
        scores.read_text() + f"{JUNE},mil_posture,5,4,6,One brigade alone has been taken back.,E0005,c2,{later},1.0\n"
    )
    app = open_app("update")
    assert_sound(app)
    assert "asks for a correction" not in notices_of(app)
