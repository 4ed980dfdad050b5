"""A save that came back from the remote: its author sends it again, edits it or gives it up on the page."""

import os
from pathlib import Path

import pytest

from indicators.records.storage.store import open_store
from tests.dashboard.looking import open_app, press_button, warnings_of, words_of
from tests.folders import write_sound_folder
from tests.records.remotes import git, make_bare, on_remote
from tests.submissions import NOW, ROW, hand_in

pytestmark = pytest.mark.usefixtures("editor")


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A remote with the tiny folder, and one save of c1 that came back from it."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    bare = make_bare(tmp_path, tmp_path / "bare.git", write_sound_folder)
    location = f"git+file://{bare}#main:data"
    monkeypatch.setenv("TENSION_DATA", location)
    monkeypatch.setenv("TENSION_STATE", str(tmp_path / "state"))
    queue = open_store(location, tmp_path / "state").queue  # type: ignore[union-attr]
    queue.add(hand_in(ROW), NOW)
    queue.give_back("s1", "Other rows were *recorded* meanwhile.")
    return bare


def test_a_save_that_came_back_is_shown_to_its_author_and_sent_again(bare: Path) -> None:
    app = open_app("update")
    assert "1 save kept on this machine" in app.warning[0].value
    assert "recorded* meanwhile" in words_of(app)
    press_button(app, "Send again")
    assert on_remote(bare).count("Both ministers spoke") == 1
    assert not [warning for warning in open_app("update").warning if "kept on this machine" in warning.value]


def test_a_save_that_came_back_can_be_given_up(bare: Path) -> None:
    app = press_button(open_app("update"), "Discard")
    assert not [warning for warning in app.warning if "kept on this machine" in warning.value]
    assert "Both ministers spoke" not in on_remote(bare)


def test_saves_for_another_location_are_named(bare: Path, tmp_path: Path) -> None:
    git(bare, "branch", "trunk")
    earlier = f"git+file://{bare}#trunk:data"
    queue = open_store(earlier, tmp_path / "state").queue  # type: ignore[union-attr]
    queue.add(hand_in(ROW), NOW)
    app = open_app("update")
    assert f"1 save kept on this machine for another location: {earlier}." in warnings_of(app).replace("\\", "")
