"""The publication in a browser: readable without scripts, alive with them, the same in five years."""

import functools
import http.server
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from indicators.records.dataset import load_dataset
from indicators.show.publication.build import publish
from tests.folders import write_folder
from tests.show.published import append_row, publish_folder
from tests.thorough import thorough

pytestmark = pytest.mark.browser

PAGES = ["index.html", "military.html", "narrative.html", "outlook.html", "method.html", "embed.html", "versions.html"]
CARDS = ["cards/index.html", "cards/outlook.html", "cards/military.html", "cards/mil_incidents.html"]

OFTEN = ("index.html", "military.html", "method.html", "cards/index.html")
"""One page of each kind, which is looked at in every run."""

EVERY_PAGE = pytest.mark.parametrize(
    "path", [pytest.param(path, marks=() if path in OFTEN else thorough) for path in [*PAGES, *CARDS]]
)


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and keeps quiet."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def host() -> Iterator[Callable[[Path], str]]:
    """A function that serves a folder as any static host does, and returns its address."""
    servers = []

    def serve(folder: Path) -> str:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def site(host: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> str:
    """The address of the publication of the shipped data."""
    out = tmp_path_factory.mktemp("publication") / "out"
    publish_folder(pytestconfig.rootpath / "data", out)
    return host(out)


@pytest.fixture
def still(browser: Browser) -> Iterator[Page]:
    """A page in a browser that runs no scripts."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


@pytest.fixture
def watched(page: Page, site: str) -> Iterator[Page]:
    """A page that fails the test if it complains, or asks another host or for what is not there."""
    faults: list[str] = []
    page.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: faults.append(str(e)))
    page.on("request", lambda r: None if r.url.startswith((site, "data:", "blob:")) else faults.append(r.url))
    page.on("response", lambda r: faults.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    yield page
    assert faults == []


@pytest.mark.parametrize("path", ["index.html", "cards/index.html"])
def test_without_scripts_a_page_shows_reading_interval_picture_and_table(still: Page, site: str, path: str) -> None:
    still.goto(site + path)
    expect(still.get_by_text(re.compile(r"80 % interval|\(80 %\)")).first).to_be_visible()
    expect(still.locator("svg.picture:visible")).to_have_count(1)
    assert still.locator("svg.picture:visible .line.strong").count() >= 1
    still.locator("figure summary").click()
    expect(still.locator("figure table")).to_be_visible()
    assert still.locator("figure table tbody tr").count() > 50


@EVERY_PAGE
def test_with_scripts_a_page_neither_complains_nor_asks_another_host(watched: Page, site: str, path: str) -> None:
    watched.goto(site + path)
    watched.wait_for_load_state("networkidle")
    if path == "index.html":
        expect(watched.locator("figure.alive .main-svg").first).to_be_visible()
        expect(watched.locator("figure.alive svg.picture:visible")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@EVERY_PAGE
def test_accessibility_rules_find_nothing(page: Page, site: str, path: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(site + path)
    page.wait_for_load_state("networkidle")
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []


@pytest.mark.parametrize("width", [320, pytest.param(390, marks=thorough), pytest.param(640, marks=thorough)])
@EVERY_PAGE
def test_nothing_runs_off_a_narrow_window(page: Page, site: str, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(site + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_the_front_page_prints_as_two_pages(page: Page, site: str, size: str) -> None:
    page.goto(site)
    page.wait_for_load_state("networkidle")
    printed = page.pdf(format=size)
    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") == 2


def test_each_page_gets_a_preview_of_the_size_that_messages_expect(
    tmp_path: Path, browser_type_launch_args: dict[str, Any]
) -> None:
    data, out = write_folder(tmp_path / "data"), tmp_path / "out"
    dataset = load_dataset(data).dataset
    assert dataset is not None
    publish(dataset, data, out, "https://example.org/t", browser=browser_type_launch_args["executable_path"])
    pictures = {p.stem: Image.open(p) for p in (out / "previews").glob("*.png")}
    assert {"index", "military", "mil_posture", "narrative", "method"} <= pictures.keys()
    assert {picture.size for picture in pictures.values()} == {(1200, 630)}
    assert all(len(picture.getcolors() or []) > 4 for picture in pictures.values())
    assert 'content="https://example.org/t/previews/military.png"' in (out / "military.html").read_text()


def test_an_old_card_keeps_its_number_and_says_that_a_newer_one_exists(
    page: Page, host: Callable[[Path], str], tmp_path: Path
) -> None:
    data, out = write_folder(tmp_path / "data"), tmp_path / "out"
    old = publish_folder(data, out)
    address = host(out)
    page.goto(f"{address}archive/{old}/cards/mil_posture.html")
    page.wait_for_load_state("networkidle")
    expect(page.locator(".newer")).to_be_hidden()
    append_row(data)
    copy = Path(shutil.copytree(out, tmp_path / "served"))
    publish_folder(data, copy)
    page.goto(f"{host(copy)}archive/{old}/cards/mil_posture.html")
    expect(page.get_by_text("Posture stood at 5.0 of 10")).to_be_visible()
    note = page.locator(".newer")
    expect(note).to_contain_text("it reads 7.00 on 30 Sep 2024, here 5.00")
    expect(page.get_by_role("link", name="What changed since")).to_have_attribute(
        "href", f"../../../versions.html#{old}"
    )
