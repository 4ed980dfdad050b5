"""Any event known by a word is found in three steps; the chart filters; all of it works by keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visits import open_visit, wait_until_ready
from tests.running_app import Server

pytestmark = pytest.mark.browser

KNOWN = {"colonial": "pipeline", "navalny": "Navalny", "oreshnik": "Oreshnik"}
"""A word that a reader remembers, and one that the event's fact then has."""


@pytest.mark.parametrize("word", KNOWN)
def test_an_event_known_by_a_word_is_opened_in_three_steps(page: Page, server: Server, word: str) -> None:
    visit = open_visit(page, server.url)
    page.get_by_role("link", name="Events", exact=True).click()  # 1
    expect(page.get_by_role("heading", level=1, name="Events")).to_be_visible()
    wait_until_ready(page)
    page.get_by_label("Search", exact=True).fill(word)
    page.keyboard.press("Enter")  # 2
    first = visit.main.locator(".events .fact").first
    expect(visit.main.locator(".events mark").first).to_be_visible()
    wait_until_ready(page)
    fact = first.inner_text()
    first.click()  # 3
    expect(page).to_have_url(re.compile(r"[?&]event=E\d{4}"))
    heading = visit.main.get_by_role("heading", level=2)
    expect(heading).to_have_text(fact)
    expect(heading).to_contain_text(re.compile(KNOWN[word], re.IGNORECASE))
    assert visit.complaints == []


def test_an_event_is_found_and_opened_by_keyboard_alone(page: Page, server: Server) -> None:
    visit = open_visit(page, f"{server.url}/events")
    press_until(page, "document.activeElement.getAttribute('aria-label') === 'Search'")
    page.keyboard.type("witkoff kushner")
    page.keyboard.press("Enter")
    expect(visit.main.locator(".events mark").first).to_be_visible()
    wait_until_ready(page)
    press_until(page, "document.activeElement.classList.contains('fact')")
    page.keyboard.press("Enter")
    expect(visit.main.get_by_role("heading", level=2)).to_contain_text("Witkoff")
    wait_until_ready(page)
    press_until(
        page,
        "document.activeElement.matches('button') && document.activeElement.innerText.includes('Close this event')",
    )
    page.keyboard.press("Enter")
    expect(visit.main.get_by_role("heading", level=2)).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/events\?q=witkoff\+kushner$"))


def test_the_key_slash_searches_everything_from_any_page_and_a_place_opens_with_the_view(
    page: Page, server: Server
) -> None:
    visit = open_visit(page, f"{server.url}/outlook?mean=geometric")
    field = page.get_by_label("Search everything", exact=True)
    page.keyboard.press("/")
    expect(field).to_be_focused()
    page.keyboard.type("tomahawk/")  # in a field the key is a letter
    page.keyboard.press("Enter")
    results = page.get_by_role("region", name="Search results")
    expect(results).to_contain_text(re.compile(r"Found in \d+ events, \d+ assessments"))
    wait_until_ready(page)
    place = results.get_by_role("link", name=re.compile("Tomahawk")).first
    fact = place.inner_text()
    place.click()
    expect(page).to_have_url(re.compile(r"/(events|dimension)\?.*mean=geometric"))
    expect(results).to_have_count(0)
    expect(visit.main).to_contain_text(re.sub("^…|…$", "", fact))
    assert visit.complaints == []


def press_until(page: Page, there: str) -> None:
    """Press Tab until the focus is where it should be."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(there):
            return
    pytest.fail(f"Tab does not lead there: {there}")


def test_a_bar_makes_its_quarter_the_period_and_a_second_click_takes_that_back(page: Page, server: Server) -> None:
    visit = open_visit(page, f"{server.url}/events")
    bars = page.locator(".bars .point path")
    for number, period in ((16, "from=2025-01-01&to=2025-03-31"), (0, "from=2021-01-05&to=2021-03-31")):
        box = bars.nth(number).bounding_box()
        assert box
        place = box["x"] + box["width"] / 2, box["y"] + box["height"] - 3
        page.mouse.click(*place)
        expect(page).to_have_url(re.compile(f"/events\\?{period}$"))
        wait_until_ready(page)
        page.mouse.click(*place)
        expect(page).to_have_url(re.compile(r"/events$"))
        wait_until_ready(page)
    assert visit.complaints == []


def test_an_event_leads_back_to_the_chart_at_its_date(page: Page, server: Server) -> None:
    visit = open_visit(page, f"{server.url}/events?event=E0283")
    visit.main.get_by_role("link", name=re.compile("around 5 Mar 2025")).click()
    expect(page.get_by_role("heading", level=1, name="Dimension")).to_be_visible()
    wait_until_ready(page)
    expect(visit.main).to_contain_text("3 Sep 2024 – 4 Sep 2025")
    expect(page.get_by_role("radio", name="US arms support", exact=True)).to_be_checked()


def test_what_is_shown_can_be_downloaded_in_the_folder_s_columns(page: Page, server: Server) -> None:
    visit = open_visit(page, f"{server.url}/events?q=witkoff&reliability=B")
    number = visit.main.locator(".events > li").count()
    with page.expect_download() as download:
        visit.main.get_by_role("button", name="Download as CSV").click()
    lines = download.value.path().read_text(encoding="utf-8").splitlines()
    assert lines[0] == (server.data / "events.csv").read_text(encoding="utf-8").splitlines()[0]
    rows = (server.data / "events.csv").read_text(encoding="utf-8").splitlines()
    assert number == len(lines) - 1 > 0
    assert set(lines) <= set(rows)
