"""The running app and the browser that look at it as a reader does."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Server:
    """A running app: its address without a slash at the end, the data folder that it may write to, process, log."""

    url: str
    data: Path
    process: int
    log: Path


Serve = Callable[..., AbstractContextManager[Server]]


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """A function that runs a Streamlit script on its own copy of the data, for as long as its `with` lasts.

    It may be bound to another address than loopback, get variables of the environment, and the text of a secrets file;
    listen on a given port, such as that of a server that died; and be started by another command, given ``before`` it.
    """

    @contextlib.contextmanager
    def run(
        script: Path,
        address: str = "127.0.0.1",
        environment: Mapping[str, str] | None = None,
        secrets: str = "",
        port: int = 0,
        before: Sequence[str] = (),
    ) -> Iterator[Server]:
        home = tmp_path_factory.mktemp("server")
        data = home / "data"
        shutil.copytree(ROOT / "data", data)
        if not port:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = probe.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        # A home of its own keeps the settings and secrets of whoever runs the tests out of them.
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("STREAMLIT_", "TENSION_"))}
        own = {"HOME": str(home), "TENSION_DATA": str(data), "PYTHONUNBUFFERED": "1"}
        if secrets:
            (home / ".streamlit").mkdir()
            (home / ".streamlit" / "secrets.toml").write_text(secrets, encoding="utf-8")
        options = ["--server.address", address, "--server.port", str(port), "--server.headless", "true"]
        log = home / "server.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*before, sys.executable, "-m", "streamlit", "run", str(script), *options],
                cwd=ROOT,
                env={**kept, **own, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            wait_until_healthy(process, url, log)
            yield Server(url, data, process.pid, log)
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    return run


@pytest.fixture(scope="session")
def server(serve: Serve) -> Iterator[Server]:
    """The app on a copy of the shipped data, shared by all tests that do not write; others use `serve`."""
    with serve(ROOT / "app.py") as running:
        yield running


def wait_until_healthy(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Return once the server answers; fail with its own words if it stops, or says nothing for a minute."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # this machine needs no proxy to itself
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), opener.open(f"{url}/_stcore/health", timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    state = "still starts after a minute" if process.poll() is None else f"stopped with exit code {process.returncode}"
    pytest.fail(f"the app's server {state}:\n{log.read_text(errors='replace')[-4000:]}")


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
