"""Every download of every page names the settings under which its numbers were made, and every picture has a key."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.visits import PAGES, open_share, open_visit, wait_until_ready
from tests.running_app import Server

pytestmark = pytest.mark.browser

VIEWS = {
    "w_military=2&mean=geometric": (
        "as a geometric mean and with the reader's own weights (Military posture 2, Cyber activity 1,"
    ),
    "coder=c1&interval=95&doubt=strongly": "by coder c1 alone and with doubt strongly shared",
    "as_of=2026-11-28": "as recorded up to 28 Nov 2026",
}
"""Three views, each with what every download must say of it."""

CHARTED = ("overview", "dimension", "compare", "outlook")
KEYED = ("its interval", "% of the paths")
"""Words of the key of every chart with an interval, or with a fan."""


def fetch(popover: Locator, name: str) -> bytes:
    with popover.page.expect_download() as waiting:
        popover.get_by_role("button", name=name, exact=True).click()
    return Path(waiting.value.path()).read_bytes()


def list_offers(popover: Locator) -> list[str]:
    return [text.strip() for text in popover.get_by_test_id("stDownloadButton").all_inner_texts()]


def read_text(name: str, content: bytes) -> str:
    """What a download says, as one run of words."""
    if name == "PNG":
        with Image.open(io.BytesIO(content)) as picture:
            picture.load()
            text = picture.text["Description"]  # type: ignore[attr-defined]
    elif name == "SVG":
        text = " ".join(ElementTree.fromstring(content).itertext())
    elif name == "Evidence":
        with zipfile.ZipFile(io.BytesIO(content)) as bundle:
            assert json.loads(bundle.read("view.json"))["described"]["Digest"]
            text = bundle.read("README.md").decode()
    elif name == "CSV":
        text = next(csv.DictReader(io.StringIO(content.decode())))["note"]
    else:
        text = re.sub(r"<[^>]*>", " ", content.decode().replace("&#39;", "'").rpartition("</script>")[2])
        text += content.decode().replace("&#39;", "'").partition("<script")[0]
    return re.sub(r"\s+", " ", text.replace("\u00a0", " "))


@pytest.mark.slow
@pytest.mark.parametrize("view", VIEWS)
def test_every_download_names_its_settings_and_every_picture_has_a_key(page: Page, server: Server, view: str) -> None:
    for name, path in PAGES.items():
        visit = open_visit(page, f"{server.url}/{path}?{view}")
        popover = open_share(page)
        offers = list_offers(popover)
        charted = {"PNG", "SVG", "Web page", "CSV"} if name in CHARTED else set()
        assert charted | {"Evidence"} <= set(offers)
        digest = re.search(r"digest=(\w+)", popover.inner_text())
        assert digest is not None
        for offer in offers:
            content = fetch(popover, offer)
            said = read_text(offer, content)
            for part in (
                f"Not the published figures: {VIEWS[view]}",
                digest[1],
                "CC BY 4.0",
                "alendar quarters",
                "Made",
            ):
                assert part in said or (offer == "SVG" and part in content.decode()), (name, offer, part)
            if offer == "SVG":
                key = [text for text in ElementTree.fromstring(content).itertext() if any(k in text for k in KEYED)]
                assert key, f"the picture of {name} has no key"
        assert visit.complaints == []


def test_the_size_and_ground_that_are_chosen_are_those_of_the_picture(page: Page, server: Server) -> None:
    open_visit(page, f"{server.url}/")
    popover = open_share(page)
    for size, ground, width in (("Single column", "Dark", 1020), ("Social card", "Light", 1200)):
        for choice in (size, ground):
            popover.get_by_role("radio", name=choice, exact=True).click()
        expect(
            popover.get_by_text(re.compile(rf"PNG: {width:,}.* pixels, {ground.lower()} background"))
        ).to_be_visible()
        wait_until_ready(page)
        with Image.open(io.BytesIO(fetch(popover, "PNG"))) as picture:
            assert picture.width == width
            dark = picture.convert("L").getpixel((2, 2)) < 100  # type: ignore[operator]
            assert dark == (ground == "Dark")


def test_copy_buttons_are_seen_without_a_mouse_on_them(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_visit(page, f"{server.url}/compare")
    popover = open_share(page)
    buttons = popover.get_by_role("button", name="Copy to clipboard")
    expect(buttons.first).to_be_visible()
    box = buttons.first.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24  # WCAG 2.2, target size
