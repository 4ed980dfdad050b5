"""Pictures of the app, run by `make screenshots`: the overview for the README and, on demand, every page.

`SCREENSHOTS=folder` asks for all pages in all sizes and both themes, written to that folder.
"""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.visits import PAGES, open_visit
from tests.running_app import Server

pytestmark = pytest.mark.browser

OVERVIEW = Path(__file__).parents[2] / "docs" / "overview.png"
SIZES = {"laptop": (1280, 800), "desktop": (1600, 1000), "telephone": (390, 844)}
THEMES = ("light", "dark")


def photograph(
    browser: Browser, settings: dict[str, Any], address: str, size: str, theme: str, path: Path, whole: bool
) -> None:
    """Write a picture of a page: its first screen, or as far as it is long."""
    width, height = SIZES[size]
    context = browser.new_context(**settings | {"viewport": {"width": width, "height": height}, "color_scheme": theme})
    page = open_visit(context.new_page(), address).page
    if whole:
        # Streamlit scrolls inside its own frame, so the window grows to the length of the content.
        length = page.get_by_test_id("stMain").evaluate("e => e.scrollHeight")
        page.set_viewport_size({"width": width, "height": max(height, int(length) + 80)})
    page.mouse.move(0, 0)
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, animations="disabled")
    context.close()


def test_the_overview_for_the_readme(browser: Browser, server: Server, browser_context_args: dict[str, Any]) -> None:
    photograph(browser, browser_context_args, server.url, "laptop", "light", OVERVIEW, whole=False)
    assert OVERVIEW.stat().st_size > 10_000


@pytest.mark.skipif("SCREENSHOTS" not in os.environ, reason="SCREENSHOTS names no folder")
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_every_page(
    browser: Browser, server: Server, browser_context_args: dict[str, Any], name: str, size: str, theme: str
) -> None:
    path = Path(os.environ["SCREENSHOTS"]) / f"{name}-{size}-{theme}.png"
    photograph(browser, browser_context_args, f"{server.url}/{PAGES[name]}", size, theme, path, whole=True)
    assert path.stat().st_size > 10_000
