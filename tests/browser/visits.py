"""A page in the browser: when it is ready, and what it asked for and complained of on the way."""

from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Locator, Page, expect

PAGES = {
    "overview": "",
    "dimension": "dimension",
    "events": "events",
    "narrative": "narrative",
    "compare": "compare",
    "outlook": "outlook",
    "method": "method",
}
"""Each page that only shows, with its path."""

PROBES = ("/_stcore/health", "/_stcore/host-config")
"""Streamlit's own search for its server below a deep link's path; it finds nothing there and goes on at the root."""


@dataclass
class Visit:
    """A page with its log."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @property
    def main(self) -> Locator:
        """The content, without Streamlit's own frame."""
        return self.page.get_by_test_id("stMain")

    def listen(self) -> None:
        """Note from now on what goes wrong and what is asked for."""
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def _note(self, message: ConsoleMessage) -> None:
        source = message.location.get("url", "")
        probed = source.endswith(PROBES) and "404" in message.text
        if message.type == "error" and not probed:
            self.complaints.append(f"{message.text} ({source})")


def open_visit(page: Page, address: str) -> Visit:
    """Open an address and return once the page stands."""
    visit = Visit(page)
    visit.listen()
    page.goto(address)
    wait_until_ready(page)
    return visit


def wait_until_ready(page: Page) -> None:
    """Return once the page's script has run and its title and charts are drawn."""
    expect(page.get_by_test_id("stMain").locator("h1").first).to_be_visible()
    expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_attached()
    # What an earlier run drew is faded until it is drawn anew, and readable only then.
    expect(page.locator('[data-stale="true"]')).to_have_count(0)
    # Parts of Streamlit come to the browser when they are first needed, grey boxes stand in their place.
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    charts = page.get_by_test_id("stPlotlyChart")
    for number in range(charts.count()):
        expect(charts.nth(number).locator(".main-svg").first).to_be_attached()


RESTED = """() => {
  const resting = document.querySelector('[data-testid="stApp"]').dataset.testScriptState === "notRunning";
  window.framesRested = resting ? (window.framesRested ?? 0) + 1 : 0;
  if (window.framesRested < 6) return false;
  window.framesRested = 0;
  return true;
}"""
"""Whether the script has rested for some frames in a row."""


def wait_until_settled(page: Page) -> None:
    """Return once the page is ready and stays so: between a run and the one that it asks for the script rests too."""
    page.wait_for_function(RESTED)
    wait_until_ready(page)


def open_share(page: Page) -> Locator:
    """Open the popover and return it."""
    page.get_by_test_id("stMain").get_by_role("button", name="Share", exact=True).click()
    popover = page.get_by_test_id("stPopoverBody")
    expect(popover.get_by_role("button", name="Evidence")).to_be_visible()
    wait_until_ready(page)
    for place in (0, 1):
        expect(popover.get_by_test_id("stCode").nth(place)).to_contain_text("http")
    return popover


def links(popover: Locator) -> list[str]:
    """The links on offer: to the view as it is now, and as cited."""
    found = [text for text in popover.get_by_test_id("stCode").all_inner_texts() if text.strip().startswith("http")]
    return ["".join(text.split()) for text in found]
