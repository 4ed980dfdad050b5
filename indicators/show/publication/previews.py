"""Preview pictures of pages for links in messages, photographed with the system's Chromium where there is one."""

import io
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image

from indicators.show.charts.svg import draw_levels
from indicators.show.publication.content import Publication, lines_about, state_reading
from indicators.show.publication.render import CARD_STYLE, HERE, render
from indicators.show.text.markup import read_own

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SIZE = (1200, 630)
"""Width and height in pixels, as readers of Open Graph tags expect them."""

AT_ONCE = 12
"""Pictures in one photograph; the browser draws a page of about 16,000 pixels at most."""

PATIENCE = 60
"""Seconds that the browser may take for one photograph."""


def find_browser(named: str) -> str | None:
    """Return the path of the browser: the named one, without a name an installed one, else nothing."""
    return next(filter(None, map(shutil.which, [named] if named else BROWSERS)), None)


def take_previews(publication: Publication, say: Callable[[str], None], browser: str | None) -> dict[str, bytes]:
    """Return a PNG for each chart's id and for narrative and method; none without a browser, or where it fails.

    Two versions of a browser may draw the same page with other pixels: previews are no part of "same bytes".
    """
    if browser is None:
        return {}
    say("previews")
    shown = list(_list_previews(publication))
    pictures: dict[str, bytes] = {}
    for start in range(0, len(shown), AT_ONCE):
        part = shown[start : start + AT_ONCE]
        try:
            pictures |= _photograph(browser, part)
        except (OSError, subprocess.SubprocessError) as error:
            say(f"no previews: {browser} could not draw them ({error.__class__.__name__})")
            return {}
    return pictures


def _list_previews(publication: Publication) -> Iterator[dict[str, str]]:
    dataset = publication.dataset
    for id in [*publication.ids, "narrative", "method"]:
        chart = "index" if id in ("narrative", "method") else id
        title = {
            "index": dataset.topic.question,
            "narrative": dataset.article.title,
            "method": f"{dataset.topic.title}: method and data",
        }
        picture = draw_levels(
            lines_about(publication, chart),
            chart,
            publication.span,
            "",
            "middle",
            publication.events[chart],
        )
        yield {
            "id": id,
            "title": title.get(id) or dataset.title(id),
            "summary": state_reading(publication, chart),
            "picture": picture,
        }


def _photograph(browser: str, previews: list[dict[str, str]]) -> dict[str, bytes]:
    style = CARD_STYLE + read_own(HERE / "static" / "previews.css")
    with tempfile.TemporaryDirectory() as folder:
        page, target = Path(folder, "page.html"), Path(folder, "page.png")
        page.write_bytes(render("previews.html", previews=previews, style=style))
        # The page is of our own making and holds no script; without the sandbox it works for root on build machines too.
        command = [
            *(browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
            *("--disable-background-networking", "--no-first-run", "--force-device-scale-factor=1"),
            f"--user-data-dir={folder}/profile",
            f"--window-size={SIZE[0]},{SIZE[1] * len(previews) + 200}",
            *(f"--screenshot={target}", page.as_uri()),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)  # noqa: S603 - no shell, own arguments
        found = {}
        with Image.open(target) as whole:
            for number, preview in enumerate(previews):
                part = whole.crop((0, number * SIZE[1], SIZE[0], (number + 1) * SIZE[1])).convert("RGB")
                out = io.BytesIO()
                part.quantize(128).save(out, "PNG", optimize=True)
                found[preview["id"]] = out.getvalue()
        return found
