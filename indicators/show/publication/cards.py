"""Cards: one self-contained HTML file for each chart, to be embedded and cited."""

from collections.abc import Iterator

from indicators.show.links.citation import FRAME_HEIGHT
from indicators.show.publication.content import Publication, state_reading
from indicators.show.publication.pages import Figures
from indicators.show.publication.render import Sheet, compose_card


def compose_cards(publication: Publication, figures: Figures, with_outlook: bool) -> Iterator[Sheet]:
    """Return the cards of all ids, and the page that lists them and the outlook's where there is one."""
    dataset = publication.dataset
    for id in publication.ids:
        title, page = dataset.title(id), _page_of(publication, id)
        heading = f"{dataset.topic.short_name}: index" if id == "index" else title
        state = state_reading(publication, id)
        yield compose_card(publication, id, title, state, id, heading=heading, chart=figures[id], page=page)
    named = {id: dataset.title(id) for id in publication.ids}
    groups = [
        ("Index", {"index": named["index"]} | ({"outlook": "Outlook"} if with_outlook else {})),
        *((named[d], {id: named[id] for id in (d, *dataset.indicators_of(d))}) for d in dataset.dimensions.index),
    ]
    listed = {"groups": groups, "height": FRAME_HEIGHT}
    yield Sheet(
        "embed.html", "embed.html", f"Embed a chart · {dataset.topic.title}", "Every chart as a card.", "index", listed
    )


def _page_of(publication: Publication, id: str) -> str:
    level = publication.dataset.level(id)
    if level == "index":
        return "../index.html"
    if level == "dimension":
        return f"../{id}.html"
    dimension = str(publication.dataset.indicators.at[id, "dimension"])
    return f"../{dimension}.html#{id}"
