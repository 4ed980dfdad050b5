"""Outlook by hand: assumptions in sight, switches and numbers that go into the address and come back from it."""

from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.visits import open_visit, wait_until_ready
from tests.running_app import Server

pytestmark = pytest.mark.browser


def address(page: Page) -> dict[str, list[str]]:
    """The parameters of the page's address."""
    return parse_qs(urlsplit(page.url).query)


def test_every_assumption_is_in_sight_beside_the_fan(page: Page, server: Server) -> None:
    open_visit(page, f"{server.url}/outlook")
    rows = page.locator(".assumed tr")
    assert rows.count() == 16  # fifteen effects and the head
    boxes = [row.bounding_box() for row in rows.all()]
    fan = page.get_by_test_id("stPlotlyChart").first.bounding_box()
    assert fan
    assert all(box and box["y"] + box["height"] <= 800 and box["x"] > fan["x"] + fan["width"] for box in boxes)
    assert fan["y"] + fan["height"] <= 800


def test_a_switch_and_a_number_stand_in_the_address_and_come_back(page: Page, server: Server) -> None:
    open_visit(page, f"{server.url}/outlook")
    page.get_by_test_id("stCheckbox").filter(has_text="Military deconfliction").locator("label").click()
    expect(page.get_by_text("With military deconfliction")).to_be_visible()
    wait_until_ready(page)
    assert address(page) == {"levers": ["military-deconfliction"]}
    page.get_by_role("button", name="Details").nth(1).click()
    popover = page.get_by_test_id("stPopoverBody")
    number = popover.get_by_label("Likeliest").first
    expect(number).to_have_value("-0.50")
    expect(popover.get_by_role("link").first).to_have_attribute(
        "href",
        "https://www.internazionale.it/ultime-notizie-reuters/2026/02/05/us-russia-to-reestablish-high-level-military-to-military-dialogue-us-military-says",
    )
    number.fill("-1.5")
    number.press("Tab")
    popover.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("button", name="Reset to the published assumptions")).to_be_visible()
    wait_until_ready(page)
    assert address(page)["assume"] == ["military-deconfliction.mil_incidents:-2/-1.5/0.5/90"]
    said = page.locator("p.question").first.inner_text()
    link = page.url
    again = open_visit(page, link).page
    expect(again.locator("p.question").first).to_have_text(said)
    expect(again.locator(".assumed .own")).to_have_count(1)
    again.get_by_role("button", name="Reset to the published assumptions").click()
    expect(again.locator(".assumed .own")).to_have_count(0)
    assert address(again) == {"levers": ["military-deconfliction"]}


def test_no_serious_rule_is_violated_with_levers_on(page: Page, server: Server) -> None:
    own = "levers=crisis-hotlines&assume=crisis-hotlines.dip_channels:-3/-2/0/30"
    open_visit(page, f"{server.url}/outlook?{own}")
    page.get_by_role("button", name="Details").first.click()
    expect(page.get_by_test_id("stPopoverBody").get_by_role("button", name="Apply")).to_be_visible()
    wait_until_ready(page)
    found = Axe().run(page, context="[data-testid='stMain']").response["violations"]
    assert [(r["id"], r["nodes"][0]["html"][:150]) for r in found if r["impact"] in ("serious", "critical")] == []
