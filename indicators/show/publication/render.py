"""How a page of the publication is filled in: its place, its head and foot, and what it may load."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from indicators.show.links.parameters import build_link
from indicators.show.publication.content import Publication, cite_version
from indicators.show.text.html import STYLE
from indicators.show.text.markup import fill, read_own
from indicators.show.text.words import format_date

HERE = Path(__file__).parent
CARD_STYLE = read_own(HERE / "static" / "card.css")
PAGE_STYLE = STYLE + CARD_STYLE + read_own(HERE / "static" / "page.css")
NEWER = read_own(HERE / "static" / "newer.js")
FONTS = {path.stem: path.read_bytes() for path in sorted((HERE / "fonts").glob("*.woff2"))}
"""The publication's own type, by name: pages look the same wherever they are read."""

FONT_FILES = {name: f"{name}-{sha256(content).hexdigest()[:8]}.woff2" for name, content in FONTS.items()}

# Plotly and the tiles set style attributes, hence 'unsafe-inline' for styles; scripts come from files alone.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)


def hash_inline(text: str) -> str:
    """Return the source expression that allows exactly this inline script or style."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


CARD_POLICY = (
    f"default-src 'none'; script-src {hash_inline(NEWER)}; style-src {hash_inline(CARD_STYLE)}; img-src data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True)
class Place:
    """Where a page stands: ``root`` leads from its version's folder to the publication's (empty at the root itself).

    ``base_url`` is the address of the publication, or empty; ``previews`` are the ids that have a preview picture;
    ``plotly`` is the name of the chart library's file.
    """

    root: str = ""
    base_url: str = ""
    previews: frozenset[str] = field(default_factory=frozenset)
    plotly: str = ""
    news: str = ""
    """What changed since the version before, for the newest one alone."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Where a version in the archive has the files that are no pages: by name, the address from the publication's root."""

    def find(self, name: str, here: str) -> str:
        """Return where a page finds a file that is no page; ``here`` leads to its version's folder."""
        return f"{here}{self.root}{self.files[name]}" if self.root else f"{here}{name}"


@dataclass(frozen=True)
class Sheet:
    """A page wherever it stands: its path, template, title and summary, the id of its preview, and what it says.

    ``kept`` tells whether the archive has it as well.
    """

    path: str
    template: str
    title: str
    summary: str
    preview: str
    values: dict[str, Any]
    kept: bool = True


def compose_card(publication: Publication, id: str, title: str, summary: str, preview: str, **values: Any) -> Sheet:
    """Return the card of a chart; ``values`` are its ``heading``, its ``chart`` and the ``page`` that it leads to."""
    shared = {"policy": CARD_POLICY, "style": CARD_STYLE, "script": NEWER, "own": None, "table": ""}
    title = f"{title} · {publication.dataset.topic.title}"
    return Sheet(f"cards/{id}.html", "card.html", title, summary, preview, shared | values)


def fill_sheet(sheet: Sheet, publication: Publication, place: Place) -> bytes:
    """Return the HTML of a page in its place."""
    folder = f"archive/{publication.version}/" if place.root else ""
    here = "../" * sheet.path.count("/")
    address = build_link(place.base_url, folder + sheet.path, {}) if place.base_url else ""
    kept = ""
    if place.base_url and sheet.kept:
        kept = build_link(place.base_url, f"archive/{publication.version}/{sheet.path}", {})
    image = ""
    if place.base_url and sheet.preview in place.previews:
        image = build_link(place.base_url, place.find(f"previews/{sheet.preview}.png", "").removeprefix(place.root), {})
    dataset = publication.dataset
    shared = {
        "title": sheet.title,
        "topic": dataset.topic,
        "summary": sheet.summary,
        "here": here,
        "site": here + place.root,
        "path": sheet.path,
        "file": partial(place.find, here=here),
        "address": address,
        "base": place.base_url or "https://…",
        "image": image,
        "archived": bool(place.root),
        "kept": sheet.kept,
        "version": publication.version,
        "recorded": format_date(publication.recorded),
        "digest": dataset.digest[:8],
        "cite": cite_version(publication, kept),
        "policy": POLICY,
        "whole": bool(place.base_url),
        "folder": folder,
        "review": publication.headlines["index"] is not None,
        "news": "" if place.root else place.news,
        "plotly": place.plotly,
        "fonts": FONT_FILES,
        "dimensions": [(id, dataset.title(id)) for id in dataset.dimensions.index],
        "id": sheet.preview if sheet.preview in publication.ids else "index",
    }
    return render(sheet.template, **shared | sheet.values)


def render(name: str, **values: Any) -> bytes:
    """Return a template of a page filled in."""
    return (fill(f"publication/{name}", **values).rstrip("\n") + "\n").encode()
