"""Scoring in the browser: an assessment from the queue is saved, corrected and withdrawn, and shows where readers look."""

import csv
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from indicators.measures.headline import read_headline
from indicators.measures.narrative.dates import check_readings
from indicators.measures.panel import Panel
from indicators.records.dataset import load_dataset
from indicators.show.text.words import format_score
from tests.browser.visits import links, open_share, open_visit, wait_until_ready
from tests.running_app import Serve, Server

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
RATIONALE = "Nothing of the kind has been reported since the last review."
REASON = "The first entry overlooked what a later report says of it."


@pytest.fixture(scope="module")
def desk(serve: Serve) -> Iterator[Server]:
    """The app as an editor starts it on a machine of their own."""
    with serve(ROOT / "app.py", environment={"TENSION_CODER": "c1"}) as server:
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


def to_lowest(slider: Locator) -> None:
    """Move a slider's handle to the start of the scale by the keyboard."""
    slider.focus()
    slider.press("Home")


def give_reason(page: Page, label: str, words: str) -> None:
    """Type the rationale and cite the first event on offer."""
    page.get_by_label(label).fill(words)
    page.get_by_label(label).press("Control+Enter")
    wait_until_ready(page)
    page.get_by_role("combobox", name="Events that it rests on").click()
    page.get_by_role("option").filter(has_text=re.compile(r"^E\d{4} ")).first.click()  # "Select all" stands before them
    page.keyboard.press("Escape")
    wait_until_ready(page)


def save(page: Page, name: str) -> None:
    """Press the button and wait for the word that it is saved."""
    main = page.get_by_test_id("stMain")
    word = main.get_by_test_id("stAlert").filter(has_text=re.compile(r"Saved: scores/.*\.csv, line \d+"))
    expect(word).to_have_count(0)  # that of the save before
    main.get_by_role("button", name=name, exact=True).click()
    expect(word).to_be_visible()
    wait_until_ready(page)


def shown_index(page: Page, server: Server) -> str:
    """The index as Overview states it."""
    visit = open_visit(page, server.url)
    return visit.main.locator(".reading .number").inner_text()


def computed_index(server: Server) -> str:
    """The index that the files hold."""
    dataset = load_dataset(server.data, check_readings).dataset
    assert dataset is not None
    newest = dataset.assessments["date"].max().date()
    headline = read_headline(Panel(dataset), "index", newest)
    assert headline is not None
    return format_score(headline.score)


def test_an_assessment_is_saved_corrected_and_withdrawn_each_by_one_added_line(editor: Page, desk: Server) -> None:
    at_first, start = shown_index(editor, desk), lines_of(desk.data)

    visit = open_visit(editor, f"{desk.url}/update")
    score, low = visit.main.get_by_role("slider", name="Score"), visit.main.get_by_role("slider").nth(1)
    to_lowest(score)
    wait_until_ready(editor)
    to_lowest(low)
    wait_until_ready(editor)
    give_reason(editor, "Why this score", RATIONALE)
    expect(visit.main.get_by_role("table").filter(has_text="Readings on the date")).to_be_visible()
    save(editor, "Save")

    saved = lines_of(desk.data)
    (row,) = added(start, saved)
    assert (row["score"], row["low"], row["rationale"], row["coder"]) == ("0", "0", RATIONALE, "c1")
    assert shown_index(editor, desk) == computed_index(desk) == at_first  # the quarter of the row has not ended

    # The queue has moved on to another indicator.
    visit = open_visit(editor, f"{desk.url}/update?draft_indicator={row['indicator']}")
    visit.main.get_by_role("radio", name="Correct an earlier one").click()
    wait_until_ready(editor)
    give_reason(editor, "What was wrong, and why this instead", REASON)
    save(editor, "Save")
    corrected = lines_of(desk.data)
    (row_again,) = added(saved, corrected)
    assert (row_again["date"], row_again["indicator"]) == (row["date"], row["indicator"])
    assert (row_again["score"], row_again["rationale"]) == ("5", REASON)

    visit.main.get_by_role("radio", name="Withdraw an earlier one").click()
    wait_until_ready(editor)
    save(editor, "Withdraw")
    (gone,) = added(corrected, lines_of(desk.data))
    assert (gone["date"], gone["indicator"], gone["score"]) == (row["date"], row["indicator"], "")
    assert shown_index(editor, desk) == at_first


def test_the_address_with_the_key_leaves_nothing_in_the_window_and_its_browser_keeps_the_key(
    desk: Server, browser: Browser, browser_context_args: dict[str, Any]
) -> None:
    context = browser.new_context(**browser_context_args)
    visit = open_visit(context.new_page(), f"{desk.url}/update")
    expect(visit.main).to_contain_text("address with the key that the server printed")
    expect(visit.main.get_by_role("button", name="Save", exact=True)).to_have_count(0)

    visit = open_visit(context.new_page(), desk.entrance.replace("/?", "/update?mean=geometric&"))
    assert "key" not in visit.page.url
    assert visit.page.url.startswith(f"{desk.url}/update?mean=geometric")
    expect(visit.main.get_by_role("button", name="Save", exact=True)).to_be_visible()
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
    visit = open_visit(editor, f"{desk.url}/update?mean=geometric&w_energy=0&draft_rationale=Not+yet+said")
    now, cited = links(open_share(editor))
    assert now == f"{desk.url}/update?mean=geometric&w_energy=0"
    assert "draft" not in cited
    editor.keyboard.press("Escape")
    shown = visit.main.get_by_role("table").inner_text()
    assert open_visit(editor, now).main.get_by_role("table").inner_text() == shown


def test_what_was_typed_outlasts_a_refusal_a_reload_and_another_page(editor: Page, desk: Server) -> None:
    before = lines_of(desk.data)
    visit = open_visit(editor, f"{desk.url}/update?draft_indicator=cyb_response")
    reason = visit.main.get_by_label("Why this score")
    reason.fill("Too short")
    reason.press("Control+Enter")
    wait_until_ready(editor)
    visit.main.get_by_role("button", name="Save", exact=True).click()
    expect(editor.get_by_text("Nothing was saved. What you typed is still here.")).to_be_visible()
    expect(reason).to_have_value("Too short")
    editor.reload()
    wait_until_ready(editor)
    expect(reason).to_have_value("Too short")
    editor.get_by_role("link", name="Overview").click()
    expect(visit.main.locator(".reading .number")).to_be_visible()
    wait_until_ready(editor)
    editor.get_by_role("link", name="Update scores").click()
    expect(reason).to_have_value("Too short")
    expect(visit.main.get_by_role("combobox", name="Indicator")).to_have_value(re.compile("Cyber"))
    assert lines_of(desk.data) == before
