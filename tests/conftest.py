"""The running app, the browser that looks at it as a reader does, and what each part of the suite takes."""

import os
import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import expect

from tests.running_app import ROOT, Serve, Server, run_server
from tests.thorough import THOROUGH

# How long an example takes says nothing of what must hold.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

expect.set_options(timeout=60_000)  # milliseconds; a bound against hanging, not a measure of speed

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


SLOW = ("hosting", "load")
"""Parts that put a server under load, break it, or run several: last in `make test`, left out of `make test-fast`."""

seconds: defaultdict[str, float] = defaultdict(float)


def part_of(path: Path) -> str:
    """The part of the suite that a file belongs to: its folder, or its name beside the folders."""
    parts = path.relative_to(Path(__file__).parent).parts
    return parts[0].removesuffix(".py").removeprefix("test_")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow by its folder, and bound each test at night by an hour instead of minutes."""
    for item in items:
        if THOROUGH:
            item.add_marker(pytest.mark.timeout(3600))
        if part_of(item.path) in SLOW:
            item.add_marker(pytest.mark.slow)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up what each part takes, also where several processes share the work."""
    seconds[part_of(ROOT / report.nodeid.partition("::")[0])] += report.duration


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how long each part took, the longest first."""
    longest = sorted(seconds.items(), key=lambda entry: -entry[1])
    terminalreporter.write_line("Seconds: " + ", ".join(f"{part} {took:.0f}" for part, took in longest if took >= 0.5))


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
