"""The shipped settings of nginx, run on this machine before servers of a test."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
REASON = "no nginx found; install it, or put its folder on PATH"
PATIENCE = 60  # seconds; a bound against hanging


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(process: "subprocess.Popen[bytes]", port: int) -> None:
    """Return once a server listens on a port; it must not have stopped by then."""
    deadline = time.monotonic() + PATIENCE
    while True:
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)


def settle_nginx(folder: Path, ports: Sequence[int], port: int, changes: Mapping[str, str]) -> Path:
    """The shipped settings with this machine's ports and a folder of the test's own."""
    text = (ROOT / "hosting" / "nginx.conf").read_text(encoding="utf-8")
    for number, replica in enumerate(ports, 1):
        text = text.replace(f"server app-{number}:8501", f"server 127.0.0.1:{replica}")
    text = text.replace("listen 8080", f"listen 127.0.0.1:{port}").replace("/run/", f"{folder}/")
    assert "app-" not in text.split("upstream")[1]
    for shipped, tried in changes.items():
        assert shipped in text
        text = text.replace(shipped, tried)
    path = folder / "nginx.conf"
    path.write_text(text, encoding="utf-8")
    return path


@contextlib.contextmanager
def run_nginx(folder: Path, ports: Sequence[int], changes: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run nginx before two servers on some ports, and give its address; ``changes`` are to the text of the settings."""
    if NGINX is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(REASON)
        pytest.skip(REASON)
    port = free_port()
    settings = settle_nginx(folder, ports, port, changes or {})
    process = subprocess.Popen([NGINX, "-e", "stderr", "-c", str(settings), "-g", "daemon off;"])
    try:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), PATIENCE):
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()
