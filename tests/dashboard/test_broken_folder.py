"""A broken data folder never breaks the app: it says where the problem is, and shows the last good version."""

import html
from pathlib import Path

import pytest
from click.testing import CliRunner

from indicators.__main__ import main
from tests.breakages import BREAKAGES, Change, Place
from tests.dashboard.looking import assert_sound, open_app, start_app, warnings_of, words_of
from tests.folders import FILES, change_cell

CYBER = "scores/cyber.csv"

# What people most often do to a folder by hand, by the names in breakages.py.
NAMED = [
    "local date", "score above the scale", "decimal comma", "unknown indicator", "unknown event",
    "event after the assessment", "missing column", "extra column", "duplicate row", "UTF-16", "semicolons",
    "NUL byte", "empty file", "absent scores of a dimension",
]  # fmt: skip
CASES = {name: (change, places) for name, change, places in BREAKAGES if name in NAMED}


def squeezed(text: str) -> str:
    """Text with each run of white space as one space."""
    return " ".join(text.split())


def break_score(folder: Path) -> None:
    """Put a score beyond the scale into the third line."""
    (folder / CYBER).write_text(change_cell(FILES[CYBER], 3, "score", "11"))


def test_every_named_breakage_exists() -> None:
    assert sorted(CASES) == sorted(NAMED)


@pytest.mark.parametrize(("change", "places"), CASES.values(), ids=CASES)
def test_the_page_names_file_and_line_in_the_words_of_check(folder: Path, change: Change, places: list[Place]) -> None:
    change(folder)
    app = open_app()
    shown = squeezed(words_of(app))
    for file, line, _, code in places:
        assert (f"{file}:{line} " if line else f"{file} ") in shown
        assert f"[{code}]" in shown
    checked = CliRunner().invoke(main, ["check", str(folder)])
    assert checked.exit_code == 1
    for said in checked.output.splitlines():
        assert squeezed(html.unescape(said)) in shown


@pytest.mark.parametrize("name", ["dimension", "narrative", "method"])
def test_a_link_to_any_page_of_a_broken_folder_shows_its_problems(folder: Path, name: str) -> None:
    break_score(folder)
    assert f"{CYBER}:3" in words_of(open_app(name, dim="cyber"))


def test_a_folder_that_is_absent_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENSION_DATA", str(tmp_path / "nowhere"))
    assert "[file-missing]" in words_of(open_app())


def test_the_last_good_version_stays_until_the_folder_is_mended(folder: Path) -> None:
    app = start_app().run()
    assert_sound(app)
    good = words_of(app)
    assert "5.3 of 10" in " ".join(good.split())
    assert warnings_of(app) == ""

    break_score(folder)
    app.run()
    assert_sound(app)
    assert "5.3 of 10" in " ".join(words_of(app).split())
    assert "last good version" in warnings_of(app)
    assert f"{CYBER}:3" in words_of(app)

    # Mended with another score: c2's 4.5 becomes 6.5, so cyber is (6.25 + 7) / 2 and the index 5.5625.
    (folder / CYBER).write_text(change_cell(change_cell(FILES[CYBER], 3, "score", "6.5"), 3, "high", "7"))
    app.run()
    assert_sound(app)
    assert warnings_of(app) == ""
    assert "5.6 of 10" in " ".join(words_of(app).split())


def test_a_folder_that_was_broken_from_the_start_opens_once_it_is_mended(folder: Path) -> None:
    break_score(folder)
    app = open_app()
    assert "of 10" not in words_of(app)
    (folder / CYBER).write_text(FILES[CYBER])
    app.run()
    assert_sound(app)
    assert "5.3 of 10" in " ".join(words_of(app).split())


def test_another_reader_meets_the_last_good_version_too(folder: Path) -> None:
    open_app()
    break_score(folder)
    app = open_app("method")
    assert "last good version" in warnings_of(app)


def test_text_in_a_problem_stays_text(folder: Path) -> None:
    (folder / CYBER).write_text(change_cell(FILES[CYBER], 3, "score", "<img src=x onerror=alert(1)>"))
    app = open_app()
    assert all("<img" not in element.proto.body for element in app.get("html"))
    assert "<img src=x onerror=alert(1)>" in words_of(app)
