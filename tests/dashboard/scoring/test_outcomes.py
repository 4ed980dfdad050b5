"""What the app says became of a save: kept and waiting, crossed by another's row, or failed; and what still waits."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from indicators.records.saving.submission import Conflict, Failed, Outcome, Queued, Saved
from tests.dashboard.looking import words_of
from tests.folders import write_sound_folder

THEIRS = {"date": "2024-09-30", "indicator": "mil_posture", "score": "6", "rationale": "<b>Theirs</b> says six."}
OURS = {"date": "2024-09-30", "indicator": "mil_posture", "score": "7", "rationale": "Ours says seven."}


def plain(markdown: str) -> str:
    """Return text that was escaped, so that nothing in it is Markdown, as a reader sees it."""
    return re.sub(r"\\(?=\W)", "", markdown)


@pytest.fixture
def show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Outcome], AppTest]:
    """A function that draws an outcome on an empty page."""
    monkeypatch.setenv("TENSION_DATA", str(write_sound_folder(tmp_path / "data")))

    def page(outcome: "Outcome") -> None:  # run from its text alone, so it imports what it needs
        from indicators.dashboard.scoring.save import show_outcome

        show_outcome(outcome)

    def run(outcome: Outcome) -> AppTest:
        app = AppTest.from_function(page, args=(outcome,)).run()
        assert [failure.message for failure in app.exception] == []
        return app

    return run


def test_a_saved_row_is_told_with_its_place_and_a_repeated_one_as_such(show: Callable[[Outcome], AppTest]) -> None:
    places = (("scores/military.csv", 6),)
    assert [s.value for s in show(Saved((), places, (), "")).success] == ["Saved: scores/military.csv, line 6."]
    assert [s.value for s in show(Saved((), places, (), "", already=True)).success] == [
        "Already saved: scores/military.csv, line 6."
    ]


def test_another_coders_row_stands_beside_ones_own_and_is_text(show: Callable[[Outcome], AppTest]) -> None:
    app = show(Conflict((THEIRS,), (OURS,)))
    assert [w.value for w in app.warning] == [
        "Nothing was saved: another row for the same date was recorded meanwhile. Both are shown below. "
        "If you save again, yours is the later row and replaces theirs if it is by the same coder."
    ]
    words = words_of(app)
    assert "<b>Theirs</b> says six." in words
    assert "Ours says seven." in words


def test_a_row_that_waits_is_no_error_and_a_failed_one_keeps_what_was_typed(show: Callable[[Outcome], AppTest]) -> None:
    waits = "Your rows are kept on this machine and will be sent later: the remote cannot be reached"
    app = show(Queued(waits))
    assert ([plain(w.value) for w in app.warning], len(app.error)) == ([waits], 0)
    app = show(Failed("The disk is full. Nothing was changed."))
    assert [plain(e.value) for e in app.error] == [
        "The disk is full. Nothing was changed. What you typed is still here."
    ]
