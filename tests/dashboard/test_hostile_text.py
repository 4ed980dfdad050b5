"""Text of the data stays text in every block of the app, whatever it looks like."""

from pathlib import Path

import pytest
import streamlit as st

from indicators.dashboard.browser.scripts import SCRIPTS
from indicators.show.links.parameters import TABS
from indicators.show.text.html import show_script
from tests.dashboard.looking import NAMES, open_app
from tests.hostile import Page, find_marks, write_hostile_folder

VIEWS = [
    *((name, {}) for name in NAMES if name != "method"),
    *(("method", {"tab": tab}) for tab in TABS),
    ("overview", {"overlay": "GPR"}),
    ("events", {"event": "E0001"}),
    ("narrative", {"claim": "stays-tense"}),
    ("outlook", {"levers": "observers"}),
]


UNSEEN = {
    *("pathways.title", "questions.text", "benchmarks.unit"),  # labels of controls and charts
    *("method.md", "README.md"),  # Markdown, which Streamlit renders without HTML
    "pathways.rationale",  # behind a button
    *("figures.publisher", "figures.unit", "methods.description"),  # in files alone
    *("items.title", "items.publisher"),  # behind the tab Inbox
    *("feeds.title", "feeds.publisher", "feeds.must", "feeds.must_not", "feeds.note"),  # in files alone
    *("decisions.reason", "looked.note"),  # in files alone
}
"""Texts that no block of HTML shows at first."""


@pytest.fixture(scope="module")
def marks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A hostile folder, and the marks of its text columns."""
    path = tmp_path_factory.mktemp("hostile") / "data"
    return path, write_hostile_folder(path)


@pytest.mark.usefixtures("editor")
def test_no_block_runs_a_script_of_the_data_and_texts_are_shown(
    marks: tuple[Path, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, columns = marks
    st.cache_resource.clear()
    monkeypatch.setenv("TENSION_DATA", str(folder))
    shown: set[str] = set()
    for page, parameters in VIEWS:
        for element in open_app(page, **parameters).get("html"):
            block = Page(element.proto.body)
            # This project's own script, which holds no data, is the only one.
            own = element.proto.body in map(show_script, SCRIPTS)
            assert own or block.scripts == []
            assert element.proto.unsafe_allow_javascript == own
            shown |= find_marks(block, columns)
    assert set(columns.values()) - shown == UNSEEN
