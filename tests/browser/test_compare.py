"""Compare in a browser: every click on its chart sets an end of the change, and so does the keyboard."""

import datetime as dt
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.visits import open_visit, wait_until_ready
from tests.running_app import Server
from tests.thorough import at_least

pytestmark = pytest.mark.browser

CLICKS = at_least(4, 20)
HEIGHTS = (0.06, 0.3, 0.52, 0.94)
"""Where a reader clicks: above and below the line as well as on it, as a share of the plot's height."""


def plot_of(page: Page) -> Locator:
    """The area of the first chart that takes the mouse."""
    return page.get_by_test_id("stPlotlyChart").first.locator(".nsewdrag").first


@pytest.mark.parametrize("unit", ["Quarters", "Days"])
def test_every_click_on_the_chart_sets_the_place_that_was_clicked(page: Page, server: Server, unit: str) -> None:
    # The newest quarter is what the field stands on anyway, which no address says.
    first, last = dt.date(2022, 1, 1), dt.date(2026, 6, 30)
    visit = open_visit(page, f"{server.url}/compare?base=2021-12-31&from={first}&to={last}")
    page.get_by_role("radio", name=unit, exact=True).click()
    # The chart takes clicks by days once the fields are those of days.
    expect(page.get_by_role("combobox" if unit == "Quarters" else "textbox", name="From", exact=True)).to_be_visible()
    wait_until_ready(page)
    for number in range(CLICKS):
        box = plot_of(page).bounding_box()
        assert box
        # A step that is prime to the number visits all places, none beside the one before.
        share = (7 * number % CLICKS + 0.5) / CLICKS
        page.mouse.click(box["x"] + share * box["width"], box["y"] + HEIGHTS[number % 4] * box["height"])
        day = first + share * (last - first)
        if unit == "Quarters":
            ends = [dt.date(day.year, month, 1) for month in range(1, 13) if (month - 1) // 3 == (day.month - 1) // 3]
            day = (ends[-1] + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        near = [day + dt.timedelta(days=away) for away in ((0,) if unit == "Quarters" else range(-4, 5))]
        expect(page).to_have_url(re.compile(rf"[?&]compare=({'|'.join(map(str, near))})(&|$)"))
        wait_until_ready(page)
    assert visit.complaints == []


def test_a_quarter_is_chosen_by_keyboard(page: Page, server: Server) -> None:
    visit = open_visit(page, f"{server.url}/compare")
    page.get_by_role("combobox", name="From", exact=True).focus()
    page.keyboard.type("4th quarter of 2024")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("base=2024-12-31"))
    expect(visit.main).to_contain_text("From the 4th quarter of 2024 to")


def test_a_typed_day_is_taken_on_enter(page: Page, server: Server) -> None:
    visit = open_visit(page, f"{server.url}/dimension")
    visit.main.get_by_role("button", name=re.compile("View")).click()
    field = page.get_by_test_id("stPopoverBody").get_by_label("From", exact=True)
    field.fill("2025-02-01")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("from=2025-02-01"))
