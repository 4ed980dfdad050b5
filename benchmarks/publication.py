"""Size, requests and first paint of the publication, against the app's in the same run: python benchmarks/publication.py [DATA].

Needs Chromium. Times are medians over rounds in which the pages are opened one after another, each in a new profile, so
that a busy machine slows all alike; only their ratios mean something.
"""

import contextlib
import functools
import http.server
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser, Request, sync_playwright

from indicators.records.dataset import load_dataset
from indicators.show.previews import find_browser
from indicators.show.publish import publish

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 5
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
TEXT = {"publication": ".reading .number", "card": "svg.picture", "app": ".reading .number"}
"""What a reader came for: the moment when it stands on the page counts as well."""


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and keeps quiet."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def serve_folder(folder: Path) -> Iterator[str]:
    """Serve the publication; give its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@contextlib.contextmanager
def serve_app(data: Path) -> Iterator[str]:
    """Run the app; give its address once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--server.address", "127.0.0.1", "--server.port", str(port), "--server.headless", "true"]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *options]
    environment = {**os.environ, "TENSION_DATA": str(data)}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, **quiet)  # noqa: S603 - own arguments, no shell
    url = f"http://127.0.0.1:{port}"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), opener.open(f"{url}/_stcore/health", timeout=5):
                break
            time.sleep(0.1)
        yield url + "/"
    finally:
        process.terminate()
        process.wait()


def visit(browser: Browser, url: str, text: str) -> tuple[float, float, int, int]:
    """Open a page in a new profile; return first paint and reading shown (ms), requests and bytes."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    requests: list[Request] = []
    page.on("requestfinished", lambda request: requests.append(request))
    start = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.locator(text).first.wait_for(timeout=60_000)
    shown = 1000 * (time.perf_counter() - start)
    page.wait_for_load_state("networkidle")
    loaded = [r for r in requests if r.url.startswith("http")]
    size = sum(r.sizes()["responseBodySize"] for r in loaded)
    paint = float(page.evaluate(PAINT) or shown)
    context.close()
    return paint, shown, len(loaded), size


def main() -> None:
    """Print the figures."""
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "data"
    loaded = load_dataset(data)
    if loaded.dataset is None:
        sys.exit(loaded.report.as_text())
    path = find_browser()
    if path is None:
        sys.exit("no browser found: set CHROMIUM to its path")
    with tempfile.TemporaryDirectory() as home:
        out = Path(home, "out")
        start = time.perf_counter()
        publish(loaded.dataset, data, out)
        print(f"built in {time.perf_counter() - start:.1f} s without previews, {sum(1 for _ in out.rglob('*'))} files")
        front = (out / "index.html").stat().st_size
        print(
            f"front page: {front / 1000:.0f} kB (to reach: 200), with its style and scripts "
            f"{sum((out / n).stat().st_size for n in ('index.html', 'style.css', 'newer.js', 'charts.js')) / 1000:.0f} kB"
        )
        with serve_folder(out) as site, serve_app(data) as app, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
            pages = {"publication": site, "card": f"{site}cards/index.html", "app": app}
            visits = [{name: visit(browser, url, TEXT[name]) for name, url in pages.items()} for _ in range(ROUNDS + 1)]
            browser.close()
    visits = visits[1:]  # the first one warms the server
    for name in pages:
        _, _, requests, size = visits[-1][name]
        print(f"{name:12} {requests:3} requests, {size / 1000:6.0f} kB")
    for number, what in enumerate(("first paint", "reading shown")):
        for name in ("publication", "card"):
            ratio = statistics.median(v["app"][number] / v[name][number] for v in visits)
            print(f"{what}, app / {name}: {ratio:.1f}")


if __name__ == "__main__":
    main()
