"""Text of the data stays text on every page of the publication, whatever it looks like."""

import pytest

from indicators.records.dataset import load_dataset
from indicators.show.publication.build import publish
from tests.hostile import LONG, Page, find_marks, write_hostile_folder

UNSEEN = {
    *("benchmarks.unit", "sources.notes", "sources.retrieved"),  # the app shows outside series below a chart
    *("forecasts.rationale", "questions.text", "questions.criteria"),  # the app shows questions one by one
    *(
        "feeds.title",
        "feeds.publisher",
        "feeds.must",
        "feeds.must_not",
        "feeds.note",
    ),  # of the inbox, which is not published
    *("items.title", "items.publisher", "decisions.reason", "looked.note"),
    *("events.source_title", "figures.publisher", "figures.unit", "methods.description"),  # in files alone
}
"""Text columns that no page shows."""


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Every page of a publication of the hostile folder, and the marks of its text columns."""
    home = tmp_path_factory.mktemp("hostile")
    marks = write_hostile_folder(home / "data")
    loaded = load_dataset(home / "data")
    assert loaded.dataset is not None, loaded.report.as_text()
    publish(loaded.dataset, home / "data", home / "out", "https://example.org/t")
    pages = {
        p.relative_to(home / "out").as_posix(): Page(p.read_text()) for p in sorted((home / "out").rglob("*.html"))
    }
    return pages, marks


def test_no_page_runs_a_script_of_the_data(published):
    pages, marks = published
    for path, page in pages.items():
        find_marks(page, marks)
        own = [script for script in page.scripts if "src" not in script]
        assert len(own) == ("/cards/" in f"/{path}")  # a card holds one script of its own


def test_every_text_column_is_shown_as_it_is_written(published):
    pages, marks = published
    shown = set().union(*(find_marks(page, marks) for page in pages.values()))
    assert set(marks.values()) - shown == UNSEEN
    for name in ("cyber.html", "method.html", "narrative.html"):
        assert LONG in pages[name].text
