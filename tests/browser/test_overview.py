"""Overview as a reader uses it: from a movement to its reason and sources in a few steps, by mouse and by keyboard."""

import datetime as dt
import re

import pandas as pd
import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from indicators.records.dataset import Dataset, load_dataset
from tests.browser.visits import Visit, open_visit, wait_until_ready
from tests.running_app import ROOT, Server
from tests.thorough import at_least

pytestmark = pytest.mark.browser

QUARTER = "1st quarter of 2025"
CLICKS = at_least(4, 40)
"""Clicks on marks of events that are tried; each takes a run of the page."""


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """The data that the server shows."""
    dataset = load_dataset(ROOT / "data").dataset
    assert dataset is not None
    return dataset


def plot_of(visit: Visit, number: int = 0) -> FloatRect:
    """The place of a plot of the first screen: the chart's, or that of the strip of events below it."""
    box = visit.main.locator(".st-key-overview-chart .nsewdrag").nth(number).bounding_box()
    assert box
    return box


def point_of(visit: Visit, name: str) -> Locator:
    """The button over a point of the chart."""
    return visit.main.locator(".st-key-points-overview-chart").get_by_role("radio", name=re.compile(name))


def press_until(page: Page, there: str) -> None:
    """Press Tab until the focus is where it should be: moving is no step, only what is pressed there."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate(there):
            return
    pytest.fail(f"Tab does not lead there: {there}")


def press_within(page: Page, first: str, there: str) -> None:
    """Go to the first of a group of buttons, and with the arrow to another of them.

    A late drawing of the page takes the focus away; the way then begins again.
    """
    for _ in range(3):
        press_until(page, first)
        for _ in range(60):
            if page.evaluate(there):
                return
            page.keyboard.press("ArrowRight")
    pytest.fail(f"The arrow does not lead there: {there}")


def focus_on(name: str) -> str:
    """Whether one of a group of buttons has the focus, and a name that begins with a text."""
    return f"document.activeElement.role === 'radio' && document.activeElement.innerText.trim().startsWith({name!r})"


def source_in(dialog: Locator) -> Locator:
    """The first link of an account that leads out, to a publisher."""
    return dialog.locator('.account a[target="_blank"]').first


def test_two_clicks_lead_to_a_source_of_the_fall_of_early_2025(page: Page, server: Server, dataset: Dataset) -> None:
    visit = open_visit(page, server.url)
    point_of(visit, QUARTER).click()  # 1
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("From the 4th quarter of 2024 to the 1st quarter of 2025")
    expect(dialog.get_by_role("heading", level=3).first).to_contain_text("−")
    named = dialog.get_by_role("listitem").filter(has_text=re.compile(r"(Jan|Feb|Mar) 2025:"))
    assert named.count() >= 3
    address = source_in(dialog).get_attribute("href")  # the second click opens it
    assert address in dataset.events["source_url"].tolist()
    assert visit.complaints == []


def test_the_keyboard_leads_there_in_as_many_steps(page: Page, server: Server, dataset: Dataset) -> None:
    visit = open_visit(page, server.url)
    press_within(page, focus_on("1st quarter of 2021"), focus_on(QUARTER))
    page.keyboard.press("Enter")  # 1
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".account")).to_be_visible()
    wait_until_ready(page)
    press_until(page, "document.activeElement.matches('.account a[target=_blank]')")
    assert page.evaluate("document.activeElement.href") in dataset.events["source_url"].tolist()  # 2: Enter
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert visit.complaints == []


def test_a_cause_leads_to_its_event_in_one_click(page: Page, server: Server) -> None:
    visit = open_visit(page, server.url)
    cause = visit.main.locator(".why a").first
    told = (cause.get_attribute("title") or "").partition(": ")[2]
    cause.click()
    expect(page).to_have_url(re.compile(r"/events\?event=E\d{4}"))
    expect(visit.main.get_by_role("heading", level=2)).to_have_text(told)


def test_one_dimension_in_one_period_is_two_clicks_away(page: Page, server: Server) -> None:
    visit = open_visit(page, server.url)
    visit.main.get_by_role("radio", name="2025", exact=True).click()  # 1
    expect(page).to_have_url(re.compile("from=2025-01-01&to=2025-12-31"))
    wait_until_ready(page)
    visit.main.get_by_role("navigation", name="Dimensions").get_by_role("link", name="Energy").click()  # 2
    expect(page.get_by_role("heading", level=1, name="Dimension")).to_be_visible()
    expect(page).to_have_url(re.compile("dim=energy.*from=2025-01-01&to=2025-12-31"))


def test_the_keyboard_reaches_it_in_as_many_steps(page: Page, server: Server) -> None:
    visit = open_visit(page, server.url)
    press_within(page, focus_on("2021"), focus_on("2025"))
    page.keyboard.press("Space")  # 1
    expect(page).to_have_url(re.compile("from=2025-01-01&to=2025-12-31"))
    wait_until_ready(page)
    press_until(page, "document.activeElement.matches('.tile') && document.activeElement.innerText.includes('Energy')")
    page.keyboard.press("Enter")  # 2
    expect(page.get_by_role("heading", level=1, name="Dimension")).to_be_visible()
    expect(page).to_have_url(re.compile("dim=energy.*from=2025-01-01&to=2025-12-31"))
    assert visit.complaints == []


def test_a_drag_chooses_a_period_and_a_button_takes_the_whole_again(page: Page, server: Server) -> None:
    visit = open_visit(page, server.url)
    plot = plot_of(visit)
    low = plot["y"] + 0.85 * plot["height"]
    page.mouse.move(plot["x"] + 0.4 * plot["width"], low)
    page.mouse.down()
    page.mouse.move(plot["x"] + 0.55 * plot["width"], low, steps=4)
    page.mouse.move(plot["x"] + 0.7 * plot["width"], low, steps=4)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"\?from=2023-\d\d-\d\d&to=2025-\d\d-\d\d$"))
    wait_until_ready(page)
    visit.main.get_by_role("radio", name="All", exact=True).click()
    expect(page).to_have_url(f"{server.url}/")
    assert visit.complaints == []


def test_a_double_click_takes_the_whole_period_again(page: Page, server: Server) -> None:
    visit = open_visit(page, f"{server.url}/?from=2023-01-01&to=2024-12-31")
    plot = plot_of(visit)
    page.mouse.dblclick(plot["x"] + 0.5 * plot["width"], plot["y"] + 0.9 * plot["height"])
    expect(page).to_have_url(f"{server.url}/")
    assert visit.complaints == []


def test_a_turning_point_opens_its_event(page: Page, server: Server, dataset: Dataset) -> None:
    visit = open_visit(page, server.url)
    for id, label in dataset.turning_points["label"].head(2).items():
        point_of(visit, re.escape(str(label))).click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text(str(dataset.events.at[id, "fact"]))
        expect(dialog).to_contain_text("Cited by")
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        wait_until_ready(page)
    assert visit.complaints == []


def test_each_click_on_a_mark_opens_the_event_or_a_list_of_the_close_ones(
    page: Page, server: Server, dataset: Dataset
) -> None:
    visit = open_visit(page, server.url)
    events = dataset.events[dataset.events["date"] >= dataset.oldest]
    assert dataset.oldest is not None
    whole = pd.Timestamp(dt.datetime.now(dt.UTC).date()) - dataset.oldest
    chosen = events.iloc[:: max(1, len(events) // CLICKS)].head(CLICKS)
    wrong = []
    for id, event in chosen.iterrows():
        strip = plot_of(visit, 1)
        share = (event["date"] - dataset.oldest) / whole
        page.mouse.click(strip["x"] + share * strip["width"], strip["y"] + strip["height"] / 2)
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        wait_until_ready(page)
        shown = dialog.inner_text()
        if event["fact"][:60] not in " ".join(shown.split()):
            wrong.append((id, shown[:80]))
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        wait_until_ready(page)
    assert wrong == []


@pytest.mark.parametrize(("width", "height"), [(640, 400), (390, 844)])
def test_a_small_window_shows_level_and_chart_first(page: Page, server: Server, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    visit = open_visit(page, server.url)
    parts = (".standing .number", ".st-key-overview-chart .nsewdrag", ".why", ".doubt", ".multiples", ".brief")
    tops = []
    for part in parts:
        box = visit.main.locator(part).first.bounding_box()
        assert box
        tops.append(box["y"])
    if height < 500:  # level, causes and chart at twice the size
        assert max(tops[:3]) < height - 100
    else:
        assert tops[1] < height - 250
        assert tops == sorted(tops)


def test_a_term_tells_its_meaning_when_focused_and_escape_takes_it_away(page: Page, server: Server) -> None:
    visit = open_visit(page, server.url)
    term = visit.main.get_by_role("button", name="draws", exact=True)
    expect(term).to_have_accessible_description(re.compile("random readings"))
    shown = "term => getComputedStyle(term, '::after').display"
    assert term.evaluate(shown) == "none"
    term.focus()
    assert term.evaluate(shown) == "block"
    page.keyboard.press("Escape")
    assert term.evaluate(shown) == "none"
    assert visit.complaints == []
