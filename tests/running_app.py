"""The app run as a server of its own, on a copy of the data, for tests and benchmarks."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEY = "the-key-of-all-servers-in-tests"
"""The key to recording on the machine of a server here; `Session` holds it unless told otherwise."""


@dataclass(frozen=True)
class Server:
    """A running app: its address without a slash at the end, the data folder that it may write to, process, log."""

    url: str
    data: Path
    process: int
    log: Path

    @property
    def entrance(self) -> str:
        """The address that an editor's browser opens first, as the server prints it."""
        return f"{self.url}/?key={KEY}"


Serve = Callable[..., contextlib.AbstractContextManager[Server]]
"""`run_server` with a folder to itself, as the fixture `serve` gives it."""


@contextlib.contextmanager
def run_server(
    script: Path,
    home: Path,
    address: str = "127.0.0.1",
    environment: Mapping[str, str] | None = None,
    secrets: str = "",
    source: Path = ROOT / "data",
    port: int = 0,
    before: Sequence[str] = (),
    settings: Path = ROOT,
) -> Iterator[Server]:
    """Run a Streamlit script on its own copy of the data in an empty folder, for as long as the `with` lasts.

    It may be bound to another address than loopback, get variables of the environment, and the text of a secrets file;
    listen on a given port, such as that of a server that died; be started by another command, given ``before`` it; and
    take its ``.streamlit`` settings from another folder than the repository.
    """
    data = home / "data"
    shutil.copytree(source, data)
    if not port:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    # A home of its own keeps the settings and secrets of whoever runs this out of it.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("STREAMLIT_", "TENSION_"))}
    own = {"HOME": str(home), "TENSION_DATA": str(data), "TENSION_KEY": KEY, "PYTHONUNBUFFERED": "1"}
    if secrets:
        (home / ".streamlit").mkdir()
        (home / ".streamlit" / "secrets.toml").write_text(secrets, encoding="utf-8")
    options = ["--server.address", address, "--server.port", str(port), "--server.headless", "true"]
    log = home / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*before, sys.executable, "-m", "streamlit", "run", str(script), *options],
            cwd=settings,
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


def wait_until_healthy(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Return once the server answers; `RuntimeError` with its own words if it stops, or says nothing for a minute."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # this machine needs no proxy to itself
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), opener.open(f"{url}/_stcore/health", timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    state = "still starts after a minute" if process.poll() is None else f"stopped with exit code {process.returncode}"
    raise RuntimeError(f"the app's server {state}:\n{log.read_text(errors='replace')[-4000:]}")
