"""The running app and the browser that look at it as a reader does."""

import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from running_app import ROOT, Serve, Server, run_server

expect.set_options(timeout=60_000)  # milliseconds; a bound against hanging, not a measure of speed

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """A function that runs a Streamlit script on its own copy of the data."""

    def run(script: Path, *arguments: Any, **options: Any) -> AbstractContextManager[Server]:
        return run_server(script, tmp_path_factory.mktemp("server"), *arguments, **options)

    return run


@pytest.fixture(scope="session")
def server(serve: Serve) -> Iterator[Server]:
    """The app on a copy of the shipped data, shared by all tests that do not write; others use `serve`."""
    with serve(ROOT / "app.py") as running:
        yield running


def find_browser() -> str | None:
    """Return the path of the system's Chromium, or None."""
    named = os.environ.get("CHROMIUM")
    return next(filter(None, map(shutil.which, ([named] if named else []) + list(BROWSERS))), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """How Playwright starts the system's Chromium, cut off from everything but this machine."""
    path = find_browser()
    if path is None:
        reason = f"no browser found: set CHROMIUM to its path, or install one of {', '.join(BROWSERS)}"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return {
        **browser_type_launch_args,
        "executable_path": path,
        "args": [
            "--no-sandbox",  # Chromium refuses its sandbox to root, who runs the tests on build machines
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """One laptop for all: the smallest window that the pages promise to fit, British English, UTC."""
    return {
        **browser_context_args,
        "viewport": {"width": 1280, "height": 800},
        "locale": "en-GB",
        "timezone_id": "UTC",
    }
