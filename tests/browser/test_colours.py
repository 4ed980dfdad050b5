"""The colours that stand on the screen: Streamlit puts those of the palette in the place of our charts' own."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

from indicators.show.charts.palette import DARK, LIGHT, Palette
from tests.browser.visits import open_visit
from tests.running_app import Server
from tests.thorough import thorough

pytestmark = pytest.mark.browser

PLACES = {"": "index", "?dim=cyber": 1, "?dim=energy": 4, "dimension?dim=military": 0, "compare": None, "outlook": None}
"""Pages with the position of the dimension that their strong line is about, as far as they have one."""

OFTEN = ("", "dimension?dim=military")
"""Those that are looked at in every run."""


def to_hex(colour: str) -> str:
    """A colour as the palette writes it, from how a browser tells it."""
    parts = re.findall(r"[\d.]+", colour)
    return "#" + "".join(f"{int(part):02x}" for part in parts[:3])


def strokes(page: Page) -> set[str]:
    """The colours of all lines that are drawn in the charts of a page, without shades that let the ground through."""
    lines: Locator = page.get_by_test_id("stPlotlyChart").locator(".scatterlayer path.js-line")
    lines.first.wait_for(state="attached")
    drawn = lines.evaluate_all(
        "all => all.map(line => getComputedStyle(line)).map(style => [style.stroke, style.strokeOpacity])"
    )
    return {to_hex(colour) for colour, opacity in drawn if float(opacity) == 1}


@pytest.mark.parametrize(("scheme", "palette"), [("light", LIGHT), ("dark", DARK)])
@pytest.mark.parametrize("place", [pytest.param(place, marks=() if place in OFTEN else thorough) for place in PLACES])
def test_lines_are_drawn_in_the_colours_of_the_palette(
    server: Server, browser: Browser, browser_context_args: dict[str, Any], place: str, scheme: Any, palette: Palette
) -> None:
    context = browser.new_context(**browser_context_args | {"color_scheme": scheme})
    drawn = strokes(open_visit(context.new_page(), f"{server.url}/{place}").page)
    context.close()
    assert drawn
    assert drawn <= set(palette.colours)
    strong = PLACES[place]
    if strong is not None:
        assert (palette.index if strong == "index" else palette.dimension(int(strong))) in drawn
