"""The search in the head of every page: what is found leads on with the reader's view, and costs only who searches."""

import html
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from indicators.dashboard.head import search
from tests.dashboard.looking import NAMES, open_app, words_of

pytestmark = pytest.mark.usefixtures("read_only")


def addresses_of(app: AppTest) -> list[str]:
    """Where the places that were found lead."""
    (found,) = [e.proto.body for e in app.get("html") if 'aria-label="Search results"' in e.proto.body]
    return list(map(html.unescape, re.findall(r'class="fact" href="([^"]+)"', found)))


@pytest.mark.parametrize("name", NAMES)
def test_every_page_finds_places_and_leads_to_them_with_the_view(name: str) -> None:
    app = open_app(name, find="brigades border", mean="geometric")
    assert re.search(r"Found in \d events?, \d assessments?\.", words_of(app))
    found = addresses_of(app)
    assert "/events?event=E0001&mean=geometric" in found
    assert any(re.match(r"/dimension\?.*from=.*to=", address) for address in found)
    assert all("mean=geometric" in address and "find=" not in address for address in found)


def test_a_place_opens_where_it_leads(read_only: Path) -> None:
    for address in addresses_of(open_app("overview", find="brigades")):
        page, _, query = address.removeprefix("/").partition("?")
        app = open_app(page, **dict(pair.split("=") for pair in query.split("&")))
        assert "not used" not in words_of(app)


def test_words_that_occur_nowhere_and_no_words_at_all_find_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Nothing on record has all of these words." in words_of(open_app("overview", find="xylophone"))
    monkeypatch.setattr(search, "index_texts", None)  # nothing is read for who does not search
    assert "Found in" not in words_of(open_app("overview"))
