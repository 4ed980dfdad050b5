"""What the other browser tests rely on: a browser, a server on a copy of the data, and accessibility rules."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.running_app import Serve

pytestmark = pytest.mark.browser

SCRIPT = """
import os
import streamlit as st
st.write("Data: " + os.environ["TENSION_DATA"])
"""


def test_a_served_script_shows_its_page_and_works_on_a_copy_of_the_data(
    page: Page, serve: Serve, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    script = tmp_path / "app.py"
    script.write_text(SCRIPT)
    with serve(script) as server:
        page.goto(server.url)
        expect(page.get_by_text(f"Data: {server.data}")).to_be_visible()
        assert (server.data / "events.csv").read_bytes() == (pytestconfig.rootpath / "data/events.csv").read_bytes()
        assert not server.data.is_relative_to(pytestconfig.rootpath)


def test_a_script_that_cannot_start_is_reported_and_not_waited_for(serve: Serve, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"absent\.py"), serve(tmp_path / "absent.py"):
        pass


def test_accessibility_rules_find_an_image_without_alternative_text(page: Page) -> None:
    image = '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" {}>'
    document = '<!doctype html><html lang="en"><title>Chart</title><main><h1>Chart</h1>{}</main></html>'
    page.set_content(document.format(image.format("")))
    assert [rule["id"] for rule in Axe().run(page).response["violations"]] == ["image-alt"]
    page.set_content(document.format(image.format('alt="A chart"')))
    assert Axe().run(page).response["violations"] == []
