"""A link opens what it was copied from, and the page's address follows what a reader chooses."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visits import open_visit, wait_until_ready
from tests.running_app import Server

pytestmark = pytest.mark.browser


def parameters(page: Page) -> dict[str, list[str]]:
    """What stands behind the question mark of the page's address."""
    return parse_qs(urlsplit(page.url).query)


def chosen(page: Page, name: str) -> None:
    """Hold that a choice among few stands on this one."""
    expect(page.get_by_role("radio", name=name, exact=True)).to_be_checked()


def test_a_chosen_dimension_stands_in_the_address_and_survives_a_reload(page: Page, server: Server) -> None:
    open_visit(page, server.url)
    page.get_by_test_id("stMain").get_by_role("radio", name="Cyber activity", exact=True).click()
    expect(page).to_have_url(re.compile(r"[?&]dim=cyber(&|$)"))
    page.reload()
    wait_until_ready(page)
    chosen(page, "Cyber activity")
    assert parameters(page) == {"dim": ["cyber"]}
    assert page.get_by_test_id("stPlotlyChart").first.get_attribute("aria-label").startswith("Cyber")  # type: ignore[union-attr]
    expect(page.get_by_test_id("stMain").get_by_role("alert")).to_have_count(0)


def test_a_tile_leads_to_its_dimension(page: Page, server: Server) -> None:
    open_visit(page, server.url)
    page.get_by_role("navigation", name="Dimensions").get_by_role("link", name=re.compile("Sanctions")).click()
    expect(page).to_have_url(re.compile(r"/dimension\?dim=sanctions$"))
    wait_until_ready(page)
    chosen(page, "Sanctions")


def test_a_deep_link_restores_dimension_indicator_and_coders(page: Page, server: Server) -> None:
    open_visit(page, f"{server.url}/dimension?dim=cyber&indicator=cyb_response&apart=true")
    chosen(page, "Cyber activity")
    chosen(page, "Cyber countermeasures")
    expect(page.get_by_label("Show coders separately")).to_be_checked()
    assert parameters(page) == {"dim": ["cyber"], "indicator": ["cyb_response"], "apart": ["true"]}


def test_a_deep_link_restores_the_period(page: Page, server: Server) -> None:
    visit = open_visit(page, f"{server.url}/?from=2024-01-01&to=2024-12-31")
    expect(visit.main).to_contain_text("1 Jan 2024 – 31 Dec 2024")
    assert parameters(page) == {"from": ["2024-01-01"], "to": ["2024-12-31"]}


def test_what_is_chosen_in_the_view_stands_in_the_address(page: Page, server: Server) -> None:
    visit = open_visit(page, f"{server.url}/method")
    visit.main.get_by_role("button", name=re.compile("View")).click()
    page.get_by_role("radio", name="c1", exact=True).click()
    expect(page).to_have_url(re.compile(r"[?&]coder=c1(&|$)"))
    expect(visit.main).to_contain_text("coder c1")


def test_a_wrong_parameter_is_named_and_the_page_shown(page: Page, server: Server) -> None:
    visit = open_visit(page, f"{server.url}/?dim=space&from=31/12/2024")
    expect(visit.main.get_by_role("alert")).to_contain_text("dim=space")
    expect(visit.main.get_by_role("alert")).to_contain_text("from=31/12/2024")
    expect(visit.main).to_contain_text("of 10")
    assert visit.complaints == []


def test_the_view_goes_along_with_the_navigation_and_with_links(page: Page, server: Server) -> None:
    view = {"from": ["2023-01-01"], "coder": ["c1"], "w_cyber": ["2"]}
    visit = open_visit(page, f"{server.url}/?from=2023-01-01&coder=c1&w_cyber=2")
    for name, title in (("Narrative", "Narrative"), ("Compare", "Compare")):
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
        wait_until_ready(page)
        expect(visit.main.get_by_role("button", name="coder c1")).to_be_visible()
        expect(visit.main.get_by_role("button", name="Cyber activity counts 2")).to_be_visible()
        assert {name: values for name, values in parameters(page).items() if name in view} == view
    expect(visit.main.get_by_role("button", name="from 1 Jan 2023")).to_be_visible()
    page.get_by_role("link", name="Overview", exact=True).click()
    wait_until_ready(page)
    page.get_by_role("navigation", name="Dimensions").get_by_role("link", name=re.compile("Sanctions")).click()
    expect(page).to_have_url(re.compile(r"/dimension\?"))
    wait_until_ready(page)
    assert parameters(page) == view | {"dim": ["sanctions"]}
    assert visit.complaints == []
