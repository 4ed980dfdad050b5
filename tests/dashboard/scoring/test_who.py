"""Who scores: asked on one's own machine, told by the environment, and read-only for everybody else."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from indicators.dashboard import access
from tests.dashboard.circumstances import LOCAL
from tests.dashboard.looking import notices_of, open_app, press_button, words_of
from tests.dashboard.scoring.form import QUARTER, SCORED, added, field, fill, has_field, open_row, press, rows_of
from tests.folders import contents


def sit_down(monkeypatch: pytest.MonkeyPatch, **changed: object) -> None:
    """Whoever asks sits at the server's own machine, which names no coder."""
    monkeypatch.setattr(access, "read_circumstances", lambda: replace(LOCAL, **{"local_coder": "", **changed}))


def coders_of(folder: Path) -> list[dict[str, str]]:
    """The rows of coders.csv."""
    return list(csv.DictReader((folder / "codebook" / "coders.csv").read_text(encoding="utf-8").splitlines()))


def join(app: AppTest, id: str, description: str) -> AppTest:
    """Fill in the entry of a new coder and press its button."""
    app.session_state["who-new"] = True
    app.run()
    fill(app, coder=id, description=description)
    return press_button(app, "Join the coders")


def test_on_ones_own_machine_the_page_asks_who_scores_and_offers_people_only(shipped, monkeypatch) -> None:
    sit_down(monkeypatch)
    app = open_app("update")
    assert "Who scores?" in words_of(app)
    offered = [button.label for button in app.button if button.key and button.key.startswith("who-")]
    assert offered == ["c1", "c2"]  # not the rules of the codebook
    assert "TENSION_CODER" not in words_of(app)


def test_who_was_chosen_scores_from_then_on_also_after_a_reload(folder, monkeypatch) -> None:
    sit_down(monkeypatch)
    before = rows_of(folder)
    press_button(open_app("update"), "c2")
    app = open_row()  # a new session
    assert "You score as **c2**" in words_of(app)
    press(fill(app, **SCORED))
    assert [row["coder"] for row in added(folder, before)] == ["c2"]


def test_going_on_as_somebody_else_asks_again_and_says_whose_scores_were_open(folder, monkeypatch) -> None:
    sit_down(monkeypatch)
    app = press_button(press_button(open_app("update"), "c2"), "Switch coder")
    assert "Who scores?" in words_of(app)
    assert "The scores of c2 were open in this window" in notices_of(app)
    assert not has_field(app, "score")


def test_the_environment_names_the_coder_and_then_nobody_is_asked(read_only, monkeypatch) -> None:
    sit_down(monkeypatch, local_coder="c2")
    app = open_app("update")
    assert "You score as **c2**" in words_of(app)
    assert "Switch coder" not in [button.label for button in app.button]


def test_a_new_coder_joins_by_a_row_of_the_codebook_and_scores(folder, monkeypatch) -> None:
    sit_down(monkeypatch)
    before, scores = coders_of(folder), rows_of(folder)
    join(
        open_app("update", draft_quarter=QUARTER, draft_indicator="mil_posture"),
        "ana",
        "Reads official sources of both sides.",
    )
    assert coders_of(folder) == [*before, {"coder": "ana", "description": "Reads official sources of both sides."}]
    press(fill(open_row(), **SCORED))
    assert [row["coder"] for row in added(folder, scores)] == ["ana"]


@pytest.mark.parametrize(
    ("id", "description", "said"),
    [
        ("Ana", "Reads official sources of both sides.", "is not an id of the form c1"),
        ("", "Reads official sources of both sides.", "Fill it in."),
        ("ana", "Short", "write 20 to 600"),
        ("c1", "Reads official sources of both sides.", "c1 is in the codebook already"),
        ("all", "Reads official sources of both sides.", "is reserved for links"),
    ],
)
def test_a_new_coder_whom_the_codebook_cannot_have_is_refused_with_the_reason(
    folder, monkeypatch, id, description, said
) -> None:
    sit_down(monkeypatch)
    before = contents(folder)
    app = join(open_app("update"), id, description)
    assert said in words_of(app)
    assert field(app, "coder").value == id
    assert contents(folder) == before


@pytest.mark.parametrize("rule", ["baseline", "baseline-2"])
def test_a_rule_can_never_score_whatever_the_environment_says(shipped, monkeypatch, rule) -> None:
    sit_down(monkeypatch, local_coder=rule)
    app = open_app("update")
    assert not has_field(app, "score")
    assert f"TENSION_CODER is {rule}, who is not a coder of the codebook" in notices_of(app).replace("\\", "")


def test_an_unknown_coder_of_the_environment_is_offered_to_join_under_that_id(folder, monkeypatch) -> None:
    sit_down(monkeypatch, local_coder="newbie")
    monkeypatch.setenv("TENSION_CODER", "newbie")
    app = open_app("update")
    app.session_state["who-new"] = True
    assert field(app.run(), "coder").value == "newbie"


def test_without_the_right_the_page_is_to_be_read_and_says_in_a_sentence_how_one_gets_it(shipped, monkeypatch) -> None:
    sit_down(monkeypatch, address="0.0.0.0")
    app = open_app("update")
    words = words_of(app)
    assert "Ask the operator of this dashboard for an account" in words
    assert "TENSION" not in words
    assert "Anchors" in words
    assert all(area.disabled for area in app.text_area)
    assert [box.disabled for box in app.checkbox] == [True] * len(app.checkbox)
    assert not [button.label for button in app.button if button.label.startswith(("Save", "Skip", "Unchanged"))]


def test_a_form_that_was_opened_as_one_coder_is_never_saved_as_another(folder, monkeypatch) -> None:
    sit_down(monkeypatch, local_coder="c1")
    before = contents(folder)
    app = fill(open_row(), **SCORED).run()
    field(app, "save").click()
    calls = iter(["c1"])
    monkeypatch.setattr(access, "read_circumstances", lambda: replace(LOCAL, local_coder=next(calls, "c2")))
    app.run()
    assert contents(folder) == before
