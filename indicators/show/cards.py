"""Cards: one self-contained HTML file for each chart, to be embedded and cited."""

from collections.abc import Iterator, Mapping

from indicators.show.publication import Publication, state_reading
from indicators.show.sharing import build_link
from indicators.show.site import CARD_STYLE, NEWER, TITLE, Place, hash_inline, head_of, render, show_figure

CARD_POLICY = (
    f"default-src 'none'; script-src {hash_inline(NEWER)}; style-src {hash_inline(CARD_STYLE)}; img-src data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)
HEIGHT = 560
"""Pixels that a frame around a card needs at common widths."""


def build_cards(publication: Publication, place: Place) -> Iterator[tuple[str, bytes]]:
    """Return the paths and bytes of all cards and of the page that lists them."""
    dataset = publication.dataset
    for id in publication.ids:
        title = f"{dataset.title(id)} · {TITLE}"
        head = head_of(publication, place, f"cards/{id}.html", title, state_reading(publication, id), id)
        yield (
            f"cards/{id}.html",
            render(
                "card.html",
                **head | {"policy": CARD_POLICY},
                heading="US–Russia tension: index" if id == "index" else dataset.title(id),
                chart=show_figure(publication, id, "../"),
                style=CARD_STYLE,
                script=NEWER,
                page=_page_of(publication, id),
                id=id,
            ),
        )
    head = head_of(publication, place, "embed.html", f"Embed a chart · {TITLE}", "Every chart as a card.", "index")
    yield "embed.html", render("embed.html", **head, groups=_list_cards(publication, place), height=HEIGHT)


def _page_of(publication: Publication, id: str) -> str:
    level = publication.dataset.level(id)
    if level == "index":
        return "../index.html"
    if level == "dimension":
        return f"../{id}.html"
    return f"../{publication.dataset.indicators.at[id, 'dimension']}.html#{id}"


def _list_cards(publication: Publication, place: Place) -> list[tuple[str, list[Mapping[str, str]]]]:
    dataset = publication.dataset
    base = place.base_url or "https://…"

    def card(id: str) -> Mapping[str, str]:
        return {
            "id": id,
            "title": dataset.title(id),
            "cited": build_link(base, f"archive/{publication.version}/cards/{id}.html", {}),
            "newest": build_link(base, f"cards/{id}.html", {}),
        }

    groups = [(dataset.title(d), [card(d), *map(card, dataset.indicators_of(d))]) for d in dataset.dimensions.index]
    return [("Index", [card("index")]), *groups]
