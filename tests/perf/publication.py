"""The publication: time to build, bytes, growth of its archive; and the first chart of the app in a new browser."""

import re
import shutil
import statistics
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from indicators.records.dataset import Dataset, load_dataset
from indicators.records.folder import format_folder
from indicators.records.settings import read_settings
from indicators.show.publication.build import publish
from indicators.show.publication.previews import find_browser
from tests.perf.enlarged import count_assessments, enlarge_folder
from tests.perf.rounds import median_ratio
from tests.perf.table import Row
from tests.running_app import ROOT, run_server

ANSWERS = ("build", "front-page", "same-bytes", "archive", "archive-git", "without-scripts", "first-chart")
CHART = """\
import plotly.graph_objects as go
import streamlit as st

st.plotly_chart(go.Figure(go.Scatter(x=list(range(60)), y=[n % 7 for n in range(60)])))
"""
VERSIONS, NEW_ROWS = 50, 10


def measure(home: Path, quick: bool = False) -> Iterator[Row]:
    """Yield what the publication takes to build, its bytes, its growth, and what a browser waits for."""
    dataset = _load(ROOT / "data")
    outs, taken = [home / "one", home / "two"], []
    for out in outs:
        start = time.process_time()
        publish(dataset, ROOT / "data", out)
        taken.append(time.process_time() - start)
    files, other = ({p.relative_to(o).as_posix(): p.read_bytes() for p in o.rglob("*") if p.is_file()} for o in outs)
    said = f"without preview pictures: {len(files)} files, {sum(map(len, files.values())) / 1e6:.1f} MB"
    yield Row("build", statistics.median(taken), said)
    front = files["index.html"]
    linked = set(re.findall(r'(?:(?:href|src)=|url\()"([\w./-]+\.(?:css|js|woff2))"', front.decode()))
    own = sorted(name for name in linked if "plotly" not in name.lower())
    size = len(front) + sum(len(files[name]) for name in own)
    yield Row("front-page", size / 1000, f"HTML and {', '.join(own)}, not compressed")
    differing = sorted(n for n in files.keys() | other.keys() if files.get(n) != other.get(n))
    yield Row("same-bytes", len(differing), ", ".join(differing[:5]))
    yield from measure_archive(home, outs[1])
    yield from _look(outs[0], home, 1 if quick else 5, dataset)


def measure_archive(home: Path, out: Path) -> Iterator[Row]:
    """Yield what fifty versions of ten new rows each would take, as files and in the git branch of the site.

    Both are reckoned from what a second version adds, beside one version's files.
    """
    one = _space(out, "archive", "assets")
    before = _space(out)
    first = _commit(home / "branch", out)
    data = home / "later"
    enlarge_folder(ROOT / "data", data, count_assessments(ROOT / "data") + NEW_ROWS)
    format_folder(data, write=True)
    publish(_load(data), data, out)
    added = _space(out) - before
    said = (
        f"one version {one / 1e6:.2f} MB, a second one with {NEW_ROWS} more rows adds {added / 1e6:.2f} MB; reckoned on"
    )
    yield Row("archive", (one + (VERSIONS - 1) * added) / one, said)
    further = _commit(home / "branch", out) - first
    said = (
        f"the branch takes {first / 1e6:.2f} MB with one version, a second one adds {further / 1e6:.2f} MB; reckoned on"
    )
    yield Row("archive-git", (first + (VERSIONS - 1) * further) / one, said)


def _commit(branch: Path, out: Path) -> int:
    """Commit a site's archive and return the bytes of the branch, packed."""
    git = ("git", "-C", str(branch), "-c", "user.name=perf", "-c", "user.email=perf@localhost")
    branch.mkdir(exist_ok=True)
    shutil.copytree(out / "archive", branch / "archive", dirs_exist_ok=True)
    for command in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "-m", "A version"], ["gc", "--quiet"]):
        subprocess.run([*git, *command], check=True, capture_output=True)
    return _space(branch / ".git" / "objects")


def _space(folder: Path, *without: str) -> int:
    """Bytes of a folder's files, of several links to one file once."""
    files = [p for p in folder.rglob("*") if p.is_file() and p.relative_to(folder).parts[0] not in without]
    return sum({status.st_ino: status.st_size for status in map(Path.stat, files)}.values())


def _look(out: Path, home: Path, rounds: int, dataset: Dataset) -> Iterator[Row]:
    path = find_browser(read_settings().browser)
    if path is None:
        return
    for name in ("app", "bare"):
        (home / name).mkdir()
    (home / "chart.py").write_text(CHART, encoding="utf-8")
    with (
        run_server(ROOT / "app.py", home / "app") as app,
        run_server(home / "chart.py", home / "bare", settings=home / "bare") as bare,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(java_script_enabled=False).new_page()
        page.goto((out / "index.html").as_uri())
        text = page.locator("body").inner_text().casefold()
        lacking = [id for id in dataset.dimensions.index if dataset.title(id).casefold() not in text]
        shown = page.locator(".standing .number").first.is_visible()
        yield Row("without-scripts", len(lacking) + (not shown), "the index's reading and each dimension by title")
        waits = [[_wait_for_chart(browser, server.url) for server in (app, bare)] for _ in range(rounds + 1)]
        ours, theirs = zip(*waits[1:], strict=True)  # the first visits warm the servers
        said = f"{statistics.median(ours):.2f} s against {statistics.median(theirs):.2f} s"
        yield Row("first-chart", median_ratio(ours, theirs), said)


def _wait_for_chart(browser: Browser, url: str) -> float:
    """Seconds from opening a page in a new profile until its first chart is drawn."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    start = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.locator(".js-plotly-plot .main-svg").first.wait_for(timeout=60_000)
    taken = time.perf_counter() - start
    context.close()
    return taken


def _load(data: Path) -> Dataset:
    loaded = load_dataset(data)
    if loaded.dataset is None:
        raise RuntimeError(loaded.report.as_text())
    return loaded.dataset
