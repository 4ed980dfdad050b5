"""What a search in all that is written has found, as text."""

from collections.abc import Mapping, Sequence

import pandas as pd
from markupsafe import Markup

from indicators.measures.search import MOST_RANKED, Place
from indicators.show.text.markup import fill_part
from indicators.show.text.words import count_words

KINDS = {
    "event": "event",
    "assessment": "assessment",
    "ruling": "ruling",
    "article": "paragraph of the article",
    "method": "paragraph of the method",
}
"""What each kind of place is called."""


def describe_counts(counts: Mapping[str, int]) -> str:
    """Return in how many places of each kind some words were found."""
    if not counts:
        return "Nothing on record has all of these words."
    more = ", and more" if sum(counts.values()) >= MOST_RANKED else ""
    return f"Found in {', '.join(_count(number, KINDS[kind]) for kind, number in counts.items())}{more}."


def show_found_places(
    places: Sequence[Place], addresses: Sequence[str], counts: Mapping[str, int], listed: str
) -> Markup:
    """Return places as a list that leads to each by its address; ``listed`` leads to the page with all events found."""
    said = describe_counts(counts)
    if sum(counts.values()) > len(places):
        said += f" The {len(places)} best are listed."
    kinds = [KINDS[place.kind].split()[-1].capitalize() for place in places]
    days = [pd.Timestamp(place.date) if place.date else None for place in places]
    rows = list(zip(places, kinds, days, addresses, strict=True))
    return fill_part("search.html", "found", places=rows, said=said, listed=listed)


def _count(number: int, words: str) -> str:
    first, _, rest = words.partition(" ")
    return f"{count_words(number, first)}{f' {rest}' if rest else ''}"
