"""Share in the browser: what is copied opens the same view, and what is downloaded holds what was shown."""

import csv
import html
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.visits import links, open_share, open_visit, wait_until_ready
from tests.running_app import Serve, Server
from tests.thorough import thorough

pytestmark = pytest.mark.browser

SCRIPT = """
from indicators.dashboard.charts.blocks import choose_line
from indicators.dashboard.app import look_at_data, open_page
from indicators.dashboard.charts.lines import draw_levels, tabulate_levels
from indicators.dashboard.head.share import show_pinned, show_share
import streamlit as st

st.set_page_config(layout="wide")
desk = open_page("", "Trial")
show_pinned(desk)
strong = choose_line(desk)
ids = ("index", *desk.dataset.dimensions.index)
chart = draw_levels(desk.panel, ids, strong, desk.span, desk.percent, 340)
table = tabulate_levels(desk.panel, ids, desk.freq, desk.span, desk.percent, strong)
st.plotly_chart(chart.figure, alt=chart.alt)
st.write(chart.alt)
show_share(desk, lambda: chart, table)
"""
"""A page with a chart and the button; the app's own pages call it in the same way."""


@pytest.fixture(scope="module")
def trial(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    script = tmp_path_factory.mktemp("share") / "page.py"
    script.write_text(SCRIPT)
    with serve(script) as server:
        yield server


def test_a_copied_link_opens_the_same_view_in_a_new_profile(
    page: Page, trial: Server, browser: Browser, browser_context_args: dict[str, Any]
) -> None:
    visit = open_visit(page, f"{trial.url}/?from=2022-01-01&w_cyber=2")
    visit.main.get_by_role("radio", name="Cyber activity", exact=True).click()
    expect(page).to_have_url(re.compile("dim=cyber"))
    wait_until_ready(page)
    shown = visit.main.get_by_test_id("stPlotlyChart").get_attribute("aria-label")
    now, cited = links(open_share(page))
    assert parse_qs(urlsplit(now).query) == {"from": ["2022-01-01"], "w_cyber": ["2"], "dim": ["cyber"]}
    assert set(parse_qs(urlsplit(cited).query)) == {"from", "w_cyber", "dim", "as_of", "digest"}
    for link in (now, cited):
        context = browser.new_context(**browser_context_args)
        other = open_visit(context.new_page(), link)
        assert other.main.get_by_test_id("stPlotlyChart").get_attribute("aria-label") == shown
        expect(other.main.get_by_role("alert")).to_have_count(0)
        assert other.complaints == []
        context.close()


def test_a_cited_link_keeps_its_reading_and_one_of_an_earlier_day_shows_the_earlier(
    page: Page, serve: Serve, tmp_path: Path
) -> None:
    script = tmp_path / "page.py"
    script.write_text(SCRIPT)
    with serve(script) as server:
        visit = open_visit(page, server.url)
        shown = visit.main.get_by_test_id("stPlotlyChart").get_attribute("aria-label")
        now, cited = links(open_share(page))
        assert open_visit(page, now).main.get_by_test_id("stPlotlyChart").get_attribute("aria-label") == shown
        assert open_visit(page, cited).main.get_by_test_id("stPlotlyChart").get_attribute("aria-label") == shown
        # Cited two days before the newest rows of the shipped data were recorded.
        older = re.sub(r"as_of=[\d-]+", "as_of=2026-11-28", cited)
        assert older != cited
        old = open_visit(page, older)
        assert old.main.get_by_test_id("stPlotlyChart").get_attribute("aria-label") != shown


def fetch(popover: Locator, name: str) -> bytes:
    """Press a button that downloads, and return what comes."""
    with popover.page.expect_download() as waiting:
        popover.get_by_role("button", name=name, exact=True).click()
    return Path(waiting.value.path()).read_bytes()


def test_downloads_hold_what_is_shown(page: Page, trial: Server) -> None:
    visit = open_visit(page, f"{trial.url}/?from=2024-01-01&freq=quarter")
    popover = open_share(page)
    table = list(csv.DictReader(io.StringIO(fetch(popover, "CSV").decode())))
    assert table[-1]["date"] == "2024-03-31"
    with zipfile.ZipFile(io.BytesIO(fetch(popover, "Evidence"))) as bundle:
        rows = list(csv.DictReader(io.StringIO(bundle.read("shown.csv").decode())))
    # The evidence also has the end of a quarter that has begun, which a chart does not reach yet.
    index = {r["date"]: r["score"] for r in rows if r["level"] == "index" and r["date"] <= table[0]["date"]}
    assert {row["date"]: row["Index"] for row in table} == index
    assert b"<!doctype html>" in fetch(popover, "Web page")[:40]
    assert visit.complaints == []


@pytest.mark.parametrize("path", ["", "compare"])
def test_downloads_hold_the_outside_series_and_its_source(page: Page, server: Server, path: str) -> None:
    visit = open_visit(page, f"{server.url}/{path}?from=2025-01-01&overlay=AIGPR_USA_RUS_SUM")
    popover = open_share(page)
    table = list(csv.DictReader(io.StringIO(fetch(popover, "CSV").decode())))
    assert "Index" in table[0]
    vintages = {name: [row["date"] for row in table if row[name]] for name in table[0] if "vintage" in name}
    assert [len(days) for days in vintages.values()] == [12, 11]
    with zipfile.ZipFile(io.BytesIO(fetch(popover, "Evidence"))) as bundle:
        rows = list(csv.DictReader(io.StringIO(bundle.read("outside.csv").decode())))
        assert b"Iacoviello and Tong" in bundle.read("outside-sources.csv")
    assert sorted(row["date"] for row in rows) == sorted(day for days in vintages.values() for day in days)
    assert b"vintage October 2026. Iacoviello and Tong" in fetch(popover, "Web page")
    assert visit.complaints == []


def test_a_view_can_be_embedded_as_a_card_of_three_lines_that_fits_a_phone(
    page: Page, server: Server, browser: Browser, browser_context_args: dict[str, Any]
) -> None:
    visit = open_visit(page, f"{server.url}/?w_military=2&from=2024-06-01")
    popover = open_share(page)
    popover.get_by_text("To embed this view as a card").click()
    code = popover.get_by_test_id("stExpander").get_by_test_id("stCode")
    expect(code).to_contain_text("/cards/")
    lines = code.inner_text().strip().splitlines()
    assert [line.strip()[:6] for line in lines] == ["<ifram", "title=", "style="]
    address = re.search('src="([^"]+)"', html.unescape(lines[0]))
    assert address
    context = browser.new_context(**browser_context_args | {"viewport": {"width": 390, "height": 700}})
    reader = context.new_page()
    embedding = code.inner_text()
    reader.route("**/elsewhere", lambda route: route.fulfill(content_type="text/html", body=embedding))
    reader.goto(f"{server.url}/elsewhere")
    card = reader.frame_locator("iframe")
    expect(card.get_by_text("Not the published figures")).to_contain_text("Military posture 2")
    expect(card.get_by_role("img").first).to_be_visible()
    assert card.locator("html").evaluate("page => page.scrollWidth <= page.clientWidth")
    assert "from=2024-06-01" in address[1]
    context.close()
    assert visit.complaints == []


def test_a_reader_who_comes_back_is_told_what_has_changed_and_only_their_browser_knows(
    page: Page, server: Server
) -> None:
    name = "seen_us-russia-tension-indicators"
    page.context.add_cookies([{"name": name, "value": "2026-11-24.20261123T235959", "url": server.url}])
    told = open_visit(page, server.url).main.locator("p.visit")
    expect(told).to_contain_text("Since your last visit, on 24 Nov 2026:")
    expect(page.locator("#visit")).to_be_attached()  # comes with the script that notes the visit
    kept = next(cookie for cookie in page.context.cookies() if cookie.get("name") == name)
    assert re.fullmatch(r"20[\d-]{8}\.\d{8}T\d{6}_2026-11-24\.20261123T235959", str(kept.get("value")))
    expect(open_visit(page, server.url).main.locator("p.visit")).to_be_visible()  # a reload does not take it away
    page.context.clear_cookies()
    expect(open_visit(page, server.url).main.locator("p.visit")).to_have_count(0)


VIEWS = {
    "": "coder=c1&dim=energy&from=2022-01-01&interval=95&overlay=AIGPR_USA_RUS_SUM&to=2025-12-31",
    "dimension": "apart=true&dim=cyber&indicator=cyb_response&mean=geometric&overlay=AIGPR_OIL_RUSSIA&standard=true",
    "narrative": "coder=c2&w_military=3",
    "compare": "base=2024-12-31&compare=2025-12-31&overlay=AIGPR&w_energy=0",
    "method": "as_of=2026-11-23&tab=Corrections",
}
"""Each page of the app with what a reader has set up on it."""

OFTEN = ("compare",)
"""Pages that are tried at every run."""


@pytest.mark.parametrize("path", [pytest.param(path, marks=() if path in OFTEN else thorough) for path in VIEWS])
def test_the_link_of_every_page_opens_the_same_controls_and_figures(
    path: str, page: Page, server: Server, browser: Browser, browser_context_args: dict[str, Any]
) -> None:
    visit = open_visit(page, f"{server.url}/{path}?{VIEWS[path]}")
    now, cited = links(open_share(page))
    assert now == f"{server.url}/{path}?{VIEWS[path]}"
    assert set(parse_qs(urlsplit(cited).query)) == {*parse_qs(VIEWS[path]), "as_of", "digest"}
    for link in (now, cited):
        context = browser.new_context(**browser_context_args)
        other = open_visit(context.new_page(), link)
        expect(drawn(other.main)).to_have_count(drawn(visit.main).count())
        for role in ("radio", "tab", "checkbox"):
            number = visit.main.get_by_role(role).count()  # type: ignore[arg-type]
            expect(other.main.get_by_role(role)).to_have_count(number)  # type: ignore[arg-type]
            assert states(other.main, role) == states(visit.main, role)
        assert figures(other.main) == figures(visit.main)
        expect(other.main.get_by_role("alert")).to_have_count(0)
        context.close()


def states(main: Locator, role: str) -> list[tuple[str | None, ...]]:
    """How the controls of a kind stand."""
    marks = ("aria-checked", "aria-selected", "aria-label")
    return [tuple(one.get_attribute(mark) for mark in marks) for one in main.get_by_role(role).all()]  # type: ignore[arg-type]


def drawn(main: Locator) -> Locator:
    """The charts that the browser has finished drawing."""
    return main.locator(".js-plotly-plot .cartesianlayer")


def figures(main: Locator) -> list[str]:
    """The data of every chart, as the browser holds them."""
    return main.get_by_test_id("stPlotlyChart").evaluate_all(
        """charts => charts.map(chart => JSON.stringify(chart.querySelector('.js-plotly-plot')._fullData.map(
            trace => [trace.name, Array.from(trace.x ?? []), Array.from(trace.y ?? [])])))"""
    )
