"""What holds for every page: quiet, self-contained, accessible, and narrow enough for a telephone."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.visits import Visit, open_visit
from tests.running_app import Server

pytestmark = pytest.mark.browser

# Rules whose violations lie in elements that Streamlit draws and that no page can change: rule -> selectors.
# Empty: at present all moderate, serious and critical rules hold, for Streamlit's own elements inside the content too.
STREAMLITS_OWN: dict[str, tuple[str, ...]] = {}


def test_nothing_goes_wrong_while_a_page_loads(visit: Visit) -> None:
    assert visit.complaints == []
    expect(visit.page.get_by_test_id("stException")).to_have_count(0)
    expect(visit.main.get_by_role("alert")).to_have_count(0)


def test_a_page_asks_no_other_host_for_anything(visit: Visit) -> None:
    hosts = {urlsplit(url).hostname for url in visit.requests if urlsplit(url).scheme in ("http", "https", "ws", "wss")}
    assert hosts == {"127.0.0.1"}


def test_every_chart_has_a_name_that_says_what_it_shows(visit: Visit) -> None:
    for chart in visit.page.get_by_test_id("stPlotlyChart").all():
        name = chart.get_attribute("aria-label") or ""
        assert len(name) > 30
        assert name.endswith(".")
        assert chart.get_attribute("role") in ("figure", "img")


def test_every_chart_has_a_table_that_says_the_same(visit: Visit) -> None:
    charts = visit.page.get_by_test_id("stPlotlyChart").count()
    twins = visit.main.get_by_test_id("stExpander").filter(has_text="as a table")
    # The strip of events below the index is told by the search that finds an event.
    strips = visit.main.get_by_test_id("stExpander").filter(has_text="Find an event").count()
    assert twins.count() + strips >= charts
    for twin in twins.all():
        twin.locator("summary").click()
        expect(twin.locator("tbody tr").first).to_be_visible()
        twin.locator("summary").click()


def test_every_picture_has_an_alternative_text(visit: Visit) -> None:
    assert all((image.get_attribute("alt") or "").strip() for image in visit.main.locator("img").all())


def test_no_rule_of_accessibility_is_violated_more_than_slightly(visit: Visit) -> None:
    # Contrast is that of a page at rest, not of one that still fades in.
    visit.page.evaluate(
        """() => Promise.allSettled(document.getAnimations()
            .filter(one => one.effect.getComputedTiming().iterations !== Infinity).map(one => one.finished))"""
    )
    found = Axe().run(visit.page, context="[data-testid='stMain']").response["violations"]
    broken = [
        f"{rule['id']}: {node['html'][:200]}"
        for rule in found
        if rule["impact"] in ("moderate", "serious", "critical")
        for node in rule["nodes"]
        if not any(own in str(node["target"]) for own in STREAMLITS_OWN.get(rule["id"], ()))
    ]
    assert broken == []


# A telephone, and a screen of 1280 x 1024 pixels at four times the size.
NARROW: tuple[ViewportSize, ...] = ({"width": 390, "height": 844}, {"width": 320, "height": 256})


def test_a_page_fits_a_telephone_and_a_screen_at_four_times_the_size(visit: Visit) -> None:
    page = visit.page
    usual = page.viewport_size
    assert usual
    try:
        for size in NARROW:
            page.set_viewport_size(size)
            # The chart takes its new width a moment later; a page that stays too wide fails after the bound.
            page.wait_for_function(FITS)
    finally:
        page.set_viewport_size(usual)


def test_the_sheet_fits_a_screen_at_four_times_the_size(page: Page, server: Server) -> None:
    page.set_viewport_size(NARROW[-1])
    visit = open_visit(page, f"{server.url}/update")
    page.wait_for_function(FITS)
    rows = visit.main.locator(".st-key-sheet-rows [data-testid='stButton'] p")
    expect(rows.first).to_be_visible()
    # The name in a line or two, and the figures: names are not broken into pieces.
    assert (
        max(rows.evaluate_all("all => all.map(p => p.offsetHeight / parseFloat(getComputedStyle(p).lineHeight))")) < 4
    )
    visit.main.get_by_role("button", name="Share", exact=True).click()
    popover = page.get_by_test_id("stPopoverBody")
    expect(popover).to_be_visible()
    page.wait_for_function("() => document.querySelector('[data-testid=stPopoverBody]').clientHeight > 200")


def test_with_forced_colours_what_is_drawn_or_chosen_is_seen_and_with_reduced_motion_nothing_moves(
    visit: Visit,
) -> None:
    page = visit.page
    try:
        page.emulate_media(forced_colors="active", reduced_motion="reduce")
        # What the page draws anew, as after a change of its width, has its looks a moment later.
        held = page.wait_for_function(f"() => !({UNSEEN})().length && !({MOVING})().length")
        assert held.json_value() is True
    finally:
        page.emulate_media(forced_colors="none", reduced_motion="no-preference")


def test_the_sources_of_an_outside_series_fit_a_telephone(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit = open_visit(page, f"{server.url}/compare?overlay=AIGPR_USA_RUS_SUM")
    expect(visit.main.locator("p.sources").filter(has_text="AI-GPR").first).to_be_visible()
    # An address has no blanks to break at.
    wide = visit.main.locator("p.sources").evaluate_all("all => all.filter(e => e.scrollWidth > e.clientWidth).length")
    assert wide == 0


def test_the_keyboard_reaches_navigation_and_controls_and_shows_where_it_is(visit: Visit) -> None:
    page = visit.page
    # A change of looks that takes its time would be measured before it is there.
    page.add_style_tag(content="*, *::before, *::after { transition: none !important; animation: none !important }")
    expect(page.get_by_role("navigation", name="App pages").get_by_role("link", name="Overview")).to_be_visible()
    page.evaluate(WATCH)
    # A late drawing of the frame takes the focus away; the way then begins again at the top of the page.
    page.get_by_role("link", name="Skip to main content").focus()
    for _ in range(40):
        page.keyboard.press("Tab")
        page.evaluate("watchFocus()")
    stops = page.evaluate("compareFocus()")
    names = [stop["name"] for stop in stops]
    for link in ("Overview", "Dimension", "Narrative", "Method and data"):
        assert any(link in name for name in names), f"no way to {link}"
    assert any("View" in name for name in names), "no way to the controls"
    assert [stop["name"] for stop in stops if stop["inside"] and not stop["seen"]] == []
    assert any(stop["inside"] for stop in stops)


FITS = """() => [document.documentElement, document.querySelector('[data-testid="stMain"]')]
    .every(e => e.scrollWidth <= innerWidth)"""

# What a background draws: small charts, marks of keys, verdicts, and what is chosen of a group or switched on.
UNSEEN = """() => {
  const probe = document.body.appendChild(document.createElement('div'));
  probe.style.background = 'Canvas';
  const empty = [getComputedStyle(probe).backgroundColor, 'rgba(0, 0, 0, 0)'];
  probe.remove();
  const drawn = ['.small .line', '.verdicts span:not(.not-testable)', '.chartkey :is(.stroke, .full, .turn, .event)',
    'button[aria-checked="true"]', '[data-testid="stCheckbox"] label:has(:checked) > span + *'];
  return [...document.querySelectorAll(drawn.join(', '))].filter(one => one.getClientRects().length)
    .filter(one => { const s = getComputedStyle(one);
      return s.backgroundImage === 'none' && empty.includes(s.backgroundColor); })
    .map(one => one.outerHTML.slice(0, 120));
}"""
MOVING = """() => [...document.querySelectorAll('button, summary, [data-testid]')].filter(one => { const s = getComputedStyle(one);
    return [s.transitionDuration, s.animationDuration].some(said => said.split(', ').some(d => parseFloat(d) > 0.001)); })
  .map(one => one.outerHTML.slice(0, 120))"""

# Focus is seen by a line, a shadow or a shade that an element, or what is drawn around it, has only while focused.
WATCH = """() => {
  const stops = [];
  const settled = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const look = (element) => {
    const found = [];
    for (let node = element, depth = 0; node && depth < 4; node = node.parentElement, depth++)
      for (const part of [null, '::before', '::after']) {
        const s = getComputedStyle(node, part);
        found.push(s.outlineStyle === 'none' ? '' : s.outline, s.boxShadow, s.borderColor, s.backgroundColor);
      }
    return found.join('|');
  };
  window.watchFocus = async () => {
    await settled();
    const element = document.activeElement;
    stops.push({element, look: look(element)});
  };
  window.compareFocus = async () => {
    document.activeElement.blur();
    await settled();
    return stops.map(({element, look: focused}) => ({
      name: (element.getAttribute('aria-label') || element.innerText || element.tagName).trim().slice(0, 60),
      // The scrolling frame around the content is Streamlit's, and a stop of the browser's own.
      inside: !!element.closest('[data-testid="stMain"]') && element.dataset.testid !== 'stMain',
      seen: look(element) !== focused,
    }));
  };
}"""
