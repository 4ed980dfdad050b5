"""Pages as a reader's browser has them, each opened once for all tests that only look."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.visits import PAGES, Visit, open_visit
from tests.running_app import Server


@pytest.fixture(scope="module", params=PAGES)
def visit(
    request: pytest.FixtureRequest, server: Server, browser: Browser, browser_context_args: dict[str, Any]
) -> Iterator[Visit]:
    """One page after another, loaded, with all that its browser complained of and asked for."""
    context = browser.new_context(**browser_context_args)
    yield open_visit(context.new_page(), f"{server.url}/{PAGES[request.param]}")
    context.close()
