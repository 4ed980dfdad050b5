"""The pages about outside series: comparisons, context and notes, on whatever the folder holds."""

from pathlib import Path

import pytest

from indicators.records.folder import format_folder
from tests.dashboard.looking import open_app, warnings_of, words_of

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


def test_a_folder_without_pairs_and_notes_has_the_tab_all_the_same(folder: Path) -> None:
    (folder / "benchmarks/pairs.csv").unlink()
    (folder / "benchmarks/notes.csv").unlink()
    format_folder(folder, write=True)
    app = open_app("method", tab=TAB)
    assert warnings_of(app) == ""
    assert "No outside series is listed for comparison." in words_of(app)
