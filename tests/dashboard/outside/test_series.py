"""The pages about outside series: comparisons, context and notes, on whatever the folder holds."""

import csv
from pathlib import Path

import pytest

from indicators.records.folder import format_folder
from tests.dashboard.looking import open_app, press_button, warnings_of, words_of

TAB = "Outside series"


@pytest.mark.usefixtures("shipped")
def test_the_shipped_series_are_compared_and_the_others_are_said_to_be_absent() -> None:
    words = words_of(open_app("method", tab=TAB))
    assert "AIGPR_USA_RUS_SUM_V202603" in words
    assert "AIGPR_USA_RUS_SUM_V202610" in words
    assert "too few" in words
    assert "absent: the folder does not hold the series" in words
    assert "it follows the Middle East" in words
    assert "does not mean agreement" in words


@pytest.mark.usefixtures("read_only")
def test_notes_stand_on_the_method_page_and_on_their_dimensions_page() -> None:
    assert "a drill that had been announced" in words_of(open_app("method", tab=TAB))
    assert "a drill that had been announced" in words_of(open_app("dimension", dim="military"))
    assert "a drill that had been announced" not in words_of(open_app("dimension", dim="cyber"))


@pytest.mark.usefixtures("read_only")
def test_a_note_is_not_shown_in_a_vintage_before_it() -> None:
    assert "a drill that had been announced" not in words_of(open_app("method", tab=TAB, as_of="2024-07-02"))


@pytest.mark.usefixtures("editor")
def test_a_coder_writes_a_note_on_a_pair_and_it_stands_there(folder: Path) -> None:
    before = (folder / "benchmarks/notes.csv").read_text().splitlines()
    app = open_app("method", tab=TAB)
    app.session_state["note-new"] = True
    app.run()
    app = press_button(app, "Save the note")
    assert "Choose which reading and series it is about." in words_of(app)
    pair = next(box for box in app.selectbox if box.key and box.key.endswith("-pair"))
    pair.set_value(pair_of(folder))
    next(w for w in app.text_input if w.key and w.key.endswith("-date")).set_value("2024-06-30")
    next(w for w in app.text_area if w.key and w.key.endswith("-text")).set_value(
        "The series counts <i>words</i>, not deeds."
    )
    app = press_button(app, "Save the note")
    assert "The series counts <i>words</i>, not deeds." in words_of(app)
    (line,) = [line for line in (folder / "benchmarks/notes.csv").read_text().splitlines() if line not in before]
    assert line.startswith("2024-06-30,")
    assert ",c1," in line


def pair_of(folder: Path) -> str:
    """The first pair of a folder, as the choice of pairs has it."""
    row = next(csv.DictReader((folder / "benchmarks/pairs.csv").read_text().splitlines()))
    return f"{row['subject']};{row['series']}"


def test_a_folder_without_pairs_and_notes_has_the_tab_all_the_same(folder: Path) -> None:
    (folder / "benchmarks/pairs.csv").unlink()
    (folder / "benchmarks/notes.csv").unlink()
    format_folder(folder, write=True)
    app = open_app("method", tab=TAB)
    assert warnings_of(app) == ""
    assert "No outside series is listed for comparison." in words_of(app)
