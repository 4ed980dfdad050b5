"""Scoring in the browser: how few actions it takes, what the keyboard does, and that nothing typed is lost."""

import csv
import json
import os
import re
import shutil
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from indicators.records.dataset import load_dataset
from tests.browser.visits import links, open_share, open_visit, wait_until_ready, wait_until_settled
from tests.dashboard.scoring.test_many_rows import fill
from tests.dashboard.scoring.test_whole_quarter import QUARTER, write_unreviewed
from tests.running_app import Serve, Server

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
REASON = "Much as the last review found it, with nothing that points the other way."


@pytest.fixture(scope="module")
def desk(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app as a coder starts it on a machine of their own, who is named by the environment, with a quarter to review."""
    source = write_unreviewed(tmp_path_factory.mktemp("unreviewed") / "data")
    with serve(ROOT / "app.py", environment={"TENSION_CODER": "c1"}, source=source) as server:
        yield server


@pytest.fixture(scope="module")
def editor(desk: Server, browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """One editor's window, opened by the address that the server printed, and kept from test to test."""
    context = browser.new_context(**browser_context_args)
    page = context.new_page()
    page.goto(desk.entrance)
    yield page
    context.close()


def lines_of(data: Path) -> dict[str, list[str]]:
    """The lines of all score files."""
    return {path.name: path.read_text(encoding="utf-8").splitlines() for path in (data / "scores").glob("*.csv")}


def added(before: dict[str, list[str]], after: dict[str, list[str]]) -> list[dict[str, str]]:
    """The rows that came in between; no line may have gone or changed its place among the others."""
    rows = []
    for name, lines in after.items():
        new = [line for line in lines if line not in before[name]]
        assert [line for line in lines if line not in new] == before[name]
        rows += list(csv.DictReader([lines[0], *new]))
    return rows


def save_button(main: Locator) -> Locator:
    """The button that saves the open row."""
    return main.get_by_role("button", name=re.compile("^Save"))


def wait_for(holds: Callable[[], bool]) -> None:
    """Return once something holds; it must within a bound against hanging."""
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


class Hands:
    """A coder's hands on a page: each click, field filled in or combination of keys counts as one action."""

    def __init__(self, page: Page) -> None:
        self.page, self.main, self.actions = page, page.get_by_test_id("stMain"), 0

    def click(self, what: Locator) -> None:
        """Click something, and wait for the page."""
        what.click()
        self._count()

    def type(self, label: str, text: str) -> None:
        """Fill in a field and go on to the next by Tab, as part of the same action."""
        field = self.main.get_by_label(label, exact=True)
        field.fill(text)
        field.press("Tab")
        self._count()

    def tick(self, place: int = 0) -> None:
        """Tick an event."""
        self.main.get_by_role("checkbox").nth(place).press("Space")
        self._count()

    def upload(self, file: Path) -> None:
        """Hand in a file."""
        self.main.locator('input[type="file"]').set_input_files(file)
        self._count()

    def press(self, keys: str) -> None:
        """Press keys together."""
        self.page.keyboard.press(keys)
        self._count()

    def _count(self) -> None:
        self.actions += 1
        wait_until_settled(self.page)


def score_row(hands: Hands) -> None:
    """Score the open row, and wait for the word that it is saved."""
    hands.type("Score", "6 5 7.5")
    hands.tick()
    hands.type("Why this score", REASON)
    hands.press("Control+Enter")
    expect(hands.main.get_by_test_id("stAlert").filter(has_text="Saved. ")).to_be_visible()


def test_a_fresh_server_takes_a_first_score_in_few_actions_as_one_added_line(
    serve: Serve, browser: Browser, browser_context_args: dict[str, Any]
) -> None:
    with serve(ROOT / "app.py") as server:
        for new in (False, True):
            before = lines_of(server.data)
            context = browser.new_context(**browser_context_args)
            hands = Hands(open_visit(context.new_page(), server.entrance).page)
            hands.click(hands.page.get_by_role("link", name="Update scores"))
            if new:
                # The first round's coder is remembered on this machine.
                hands.click(hands.main.get_by_role("button", name="Switch coder"))
                hands.click(hands.main.get_by_text("I am new"))
                hands.type("Id: a short name in lower case, such as c3", "ana")
                hands.type("How you work, in a sentence or two", "Reads official sources of both sides.")
                hands.click(hands.main.get_by_role("button", name="Join the coders"))
            else:
                hands.click(hands.main.get_by_role("button", name="c1", exact=True))
            expect(save_button(hands.main)).to_be_visible()
            if new:
                hands.click(hands.main.get_by_role("button", name=re.compile("^Military incidents")))
            score_row(hands)
            (row,) = added(before, lines_of(server.data))
            assert (row["score"], row["low"], row["high"], row["rationale"]) == ("6", "5", "7.5", REASON)
            assert row["coder"] == ("ana" if new else "c1")
            assert hands.actions <= (11 if new else 8)
            context.close()


def test_a_quarter_is_scored_in_few_actions_by_form_and_by_workbook(
    desk: Server, browser: Browser, browser_context_args: dict[str, Any], tmp_path: Path
) -> None:
    before = lines_of(desk.data)
    context = browser.new_context(**browser_context_args)
    page = context.new_page()
    page.goto(desk.entrance)
    by_form = Hands(open_visit(page, f"{desk.url}/update").page)
    for number in (1, 2):
        score_row(by_form)  # the next row opens by itself
        wait_for(lambda saved=number: len(added(before, lines_of(desk.data))) == saved)
    assert [row["date"] for row in added(before, lines_of(desk.data))] == [QUARTER] * 2
    assert 20 * by_form.actions / 2 <= 110

    dataset = load_dataset(desk.data).dataset
    assert dataset is not None
    newest = dataset.events.sort_values("date").reset_index().groupby("indicator")["event"].first()
    cells = {"score": 6, "low": 5, "high": 7.5, "rationale": f"{REASON} By workbook."}
    by_workbook = Hands(page)
    by_workbook.click(page.get_by_role("tab", name="Many rows"))
    with page.expect_download() as download:
        by_workbook.click(page.get_by_role("button", name="Workbook of the quarter"))
    book = tmp_path / "filled-in.xlsx"
    filled = {str(id): {**cells, "events": newest[id]} for id in dataset.indicators.index}
    book.write_bytes(fill(download.value.path().read_bytes(), filled))
    by_workbook.upload(book)
    by_workbook.click(page.get_by_role("button", name="Save 20 rows"))
    expect(page.get_by_test_id("stAlert").filter(has_text="Saved: 18 new, 2 replace earlier ones")).to_be_visible()
    assert len(added(before, lines_of(desk.data))) == 22
    assert by_workbook.actions <= 6
    context.close()


def test_the_address_with_the_key_leaves_nothing_in_the_window_and_its_browser_keeps_the_key(
    desk: Server, browser: Browser, browser_context_args: dict[str, Any]
) -> None:
    context = browser.new_context(**browser_context_args)
    visit = open_visit(context.new_page(), f"{desk.url}/update")
    expect(visit.main).to_contain_text("address with the key that the server printed")
    expect(save_button(visit.main)).to_have_count(0)

    visit = open_visit(context.new_page(), desk.entrance.replace("/?", "/update?mean=geometric&"))
    assert "key" not in visit.page.url
    assert visit.page.url.startswith(f"{desk.url}/update?mean=geometric")
    expect(save_button(visit.main)).to_be_visible()
    assert "tension_key" not in str(visit.page.evaluate("document.cookie"))
    (cookie,) = [c for c in context.cookies() if c["name"].startswith("tension_key")]
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["expires"]) == (True, "Strict", -1)

    # A page of another origin on the same machine, which the browser sends its cookies to as well.
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        page = context.new_page()
        page.route("**/*", lambda route: route.fulfill(body="<title>another page</title>", content_type="text/html"))
        page.goto(f"http://127.0.0.1:{port}/")
        opened = page.evaluate(
            "address => new Promise(tell => { const s = new WebSocket(address, 'streamlit');"
            " s.onopen = () => tell('opened'); s.onerror = () => tell('refused'); })",
            f"{desk.url.replace('http', 'ws')}/_stcore/stream",
        )
    assert opened == "refused"
    context.close()


def test_the_link_carries_the_view_and_leaves_the_draft_with_its_coder(editor: Page, desk: Server) -> None:
    open_visit(editor, f"{desk.url}/update?mean=geometric&w_energy=0&draft_indicator=mil_incidents")
    now, cited = links(open_share(editor))
    assert now == f"{desk.url}/update?mean=geometric&w_energy=0"
    assert "draft" not in cited
    editor.keyboard.press("Escape")
    expect(open_visit(editor, now).main.get_by_role("button", name="geometric mean")).to_be_visible()


def test_typing_is_kept_through_a_reload_the_back_button_a_closed_tab_another_browser_and_a_killed_server(
    serve: Serve, browser: Browser, browser_context_args: dict[str, Any], tmp_path: Path
) -> None:
    data = Path(shutil.copytree(ROOT / "data", tmp_path / "data"))
    environment = {"TENSION_DATA": str(data), "TENSION_STATE": str(tmp_path / "state"), "TENSION_CODER": "c1"}
    contexts: list[BrowserContext] = [browser.new_context(**browser_context_args) for _ in range(2)]
    address = "/update?draft_indicator=dip_missions&draft_quarter=2026-12-31"
    reason = "Визы " * 100  # in an address it would be far too long

    def kept() -> str:
        drafts = [json.loads(file.read_bytes()) for file in (tmp_path / "state").glob("*/drafts/*.json")]
        return str(drafts[0][0]["fields"].get("rationale", "")) if drafts else ""

    many = "/update?draft_way=Many+rows"
    cells = f'date,indicator,score,low,high,rationale,events\n9/30/2026,mil_incidents,6,5,7.5,"{REASON}",E0430'

    def mended() -> bool:
        kept = (tmp_path / "state").glob("*/drafts/*-uploads/*.json")
        return any('"2026-09-30"' in file.read_text(encoding="utf-8") for file in kept)

    def expect_mended_cells(page: Page) -> None:
        expect(page.get_by_role("button", name="Discard")).to_be_visible()
        expect(page.get_by_label("Or cells pasted", exact=False)).to_have_value(cells)
        expect(page.get_by_role("button", name="Fix date")).to_have_count(0)

    with serve(ROOT / "app.py", environment=environment) as server:
        page = contexts[0].new_page()
        page.goto(server.entrance)
        main = open_visit(page, f"{server.url}/update").main
        page.get_by_role("tab", name="Many rows").click()
        main.get_by_label("Or cells pasted", exact=False).fill(cells)  # without ever leaving the field
        main.get_by_role("button", name="Fix date").click()
        wait_for(mended)
        page.get_by_role("link", name="Overview").click()
        expect(main.locator(".standing .number")).to_be_visible()
        page.go_back()  # to the tab that was open
        expect(page.get_by_role("tab", name="Many rows")).to_have_attribute("aria-selected", "true")
        expect_mended_cells(page)
        page.go_back()  # to the tab before
        expect(page.get_by_role("tab", name="Quarter sheet")).to_have_attribute("aria-selected", "true")
        page.go_forward()
        expect_mended_cells(page)
        page.close()

        page = contexts[0].new_page()
        expect_mended_cells(open_visit(page, f"{server.url}{many}").page)
        main = open_visit(page, f"{server.url}{address}").main
        field = main.get_by_label("Why this score", exact=True)
        field.fill(reason)
        wait_for(lambda: kept().endswith("Визы "))
        assert len(page.url) < 300
        page.reload()  # without ever leaving the field
        wait_until_ready(page)
        expect(field).to_have_value(reason)
        field.press("Enter")
        wait_for(lambda: kept().endswith("\n"))
        assert added(lines_of(ROOT / "data"), lines_of(data)) == []  # Enter makes a new line, and saves nothing

        page.get_by_role("link", name="Overview").click()
        expect(main.locator(".standing .number")).to_be_visible()
        page.go_back()
        expect(field).to_have_value(re.compile("^Визы Визы"))

        correction = "What is typed in the next field before the server has heard of the first one stays as well."
        main = open_visit(page, f"{server.url}/update?draft_indicator=mil_incidents&draft_quarter=2026-09-30").main
        main.get_by_text("Correct or withdraw it").click()
        main.get_by_label("Score", exact=True).fill("7")
        main.get_by_label("Why this score", exact=True).fill(correction)
        wait_for(lambda: any(correction in f.read_text() for f in (tmp_path / "state").glob("*/drafts/*.json")))
        expect(main.get_by_label("Score", exact=True)).to_have_value("7")

        other = contexts[1].new_page()
        other.goto(server.entrance)
        expect(open_visit(other, f"{server.url}{address}").main.get_by_label("Why this score")).to_have_value(
            re.compile("^Визы Визы")
        )
        os.kill(server.process, signal.SIGKILL)
    with serve(ROOT / "app.py", environment=environment, port=urlsplit(server.url).port) as server:
        page.goto(server.entrance)
        expect(open_visit(page, f"{server.url}{address}").main.get_by_label("Why this score")).to_have_value(
            re.compile("^Визы Визы")
        )
        expect_mended_cells(open_visit(page, f"{server.url}{many}").page)
    for context in contexts:
        context.close()
