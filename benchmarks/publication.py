"""The publication: time to build, bytes, and what a reader waits for in Chromium, beside the app's page.

Pages are opened one after another in each round, each in a new browser profile.
"""

import contextlib
import functools
import http.server
import re
import statistics
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Request, sync_playwright

from benchmarks import ROOT
from benchmarks.rounds import say, time_of
from benchmarks.table import Row, answer
from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset, load_dataset
from indicators.records.settings import read_settings
from indicators.show.charts.levels import chart_levels
from indicators.show.charts.lines import draw_lines, level_lines
from indicators.show.charts.palette import THEMED
from indicators.show.publication.build import publish
from indicators.show.publication.previews import find_browser
from tests.running_app import run_server

TARGETS = ("build", "front-page", "without-scripts", "same-bytes")
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
READING = {"publication": ".reading .number", "card": "svg.picture", "app": ".reading .number"}
"""What a reader came for: the moment when it stands on the page counts beside the first paint."""
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


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


def measure(home: Path, quick: bool = False) -> Iterator[Row]:
    """Yield what the publication takes to build, its bytes, and the ratios of the app's waits to its own."""
    loaded = load_dataset(ROOT / "data")
    if loaded.dataset is None:
        raise RuntimeError(loaded.report.as_text())
    outs = [home / f"out{number}" for number in range(2)]
    clock, taken = [], []
    for out in outs:
        start = time.process_time()
        clock.append(time_of(functools.partial(publish, loaded.dataset, ROOT / "data", out)))
        taken.append(time.process_time() - start)
    chart = min(time_of(functools.partial(_draw_chart, loaded.dataset)) for _ in range(3))
    files = [{p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()} for out in outs]
    whole = sum(map(len, files[0].values()))
    yield answer(
        "build",
        statistics.median(taken),
        f"without preview pictures, which need Chromium: {len(files[0])} files, {whole / 1e6:.1f} MB; on the clock "
        f"{clock[0]:.1f} and {clock[1]:.1f} s, {statistics.median(clock) / chart:.0f} times one chart of all levels",
    )
    front = files[0]["index.html"]
    library = [name for name in files[0] if "plotly" in name.lower()]
    own = sorted({n for n in re.findall(r'(?:href|src)="([\w./-]+\.(?:css|js))"', front.decode()) if n not in library})
    beside = sum(len(files[0][name]) for name in own)
    yield answer(
        "front-page",
        (len(front) + beside) / 1000,
        f"{len(front) / 1000:.0f} kB of HTML and {beside / 1000:.0f} kB of {', '.join(own)}, not compressed",
    )
    differing = {n for n in files[0].keys() | files[1].keys() if files[0].get(n) != files[1].get(n)}
    yield answer("same-bytes", len(differing), ", ".join(sorted(differing)[:5]))
    yield from _visit_all(outs[0], home, 1 if quick else 5, loaded.dataset)


def _draw_chart(dataset: Dataset) -> None:
    panel = Panel(dataset)
    span = (panel.steps[0], panel.steps[-1])
    lines = level_lines(panel, ("index", *dataset.dimensions.index), THEMED, draw_lines(panel, span[1]))
    chart_levels(dataset, lines, "index", THEMED, span, 340)


def _visit_all(out: Path, home: Path, rounds: int, dataset: Dataset) -> Iterator[Row]:
    path = find_browser(read_settings().browser)
    if path is None:
        yield Row(
            "  first paint, app / publication", None, detail="not run: no Chromium is here; set CHROMIUM to its path"
        )
        return
    (home / "app").mkdir()
    with (
        serve_folder(out) as site,
        run_server(ROOT / "app.py", home / "app") as app,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield answer("without-scripts", *_read_without_scripts(browser, site, dataset))
        pages = {"publication": site, "card": f"{site}cards/index.html", "app": f"{app.url}/"}
        visits = []
        for number in range(rounds + 1):
            visits.append({name: visit(browser, url, READING[name]) for name, url in pages.items()})
            say(f"  visit {number + 1} of {rounds + 1}")
        browser.close()
    visits = visits[1:]  # the first one warms the server
    sizes = "; ".join(f"{n}: {visits[-1][n][2]} requests, {visits[-1][n][3] / 1000:.0f} kB" for n in pages)
    for number, what in enumerate(("first paint", "reading shown")):
        for name in ("publication", "card"):
            ratio = statistics.median(v["app"][number] / v[name][number] for v in visits)
            times = [statistics.median(v[n][number] for v in visits) for n in ("app", name)]
            detail = f"{times[0]:.0f} ms against {times[1]:.0f} ms"
            yield Row(f"  {what}, app / {name}", ratio, detail=detail if number else f"{detail}. {sizes}")


def _read_without_scripts(browser: Browser, site: str, dataset: Dataset) -> tuple[int, str]:
    """How many of the index's and the dimensions' titles the front page lacks where JavaScript is off."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    text = page.locator("body").inner_text().casefold()
    shown = page.locator(READING["publication"]).first.is_visible()
    context.close()
    lacking = [id for id in dataset.dimensions.index if dataset.title(id).casefold() not in text]
    return len(lacking) + (not shown), "the index's reading and each dimension by title, in Chromium"


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
