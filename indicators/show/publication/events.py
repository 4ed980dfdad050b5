"""Events in a publication: a page for each year, on which each event has an address, and one that leads to them."""

from collections.abc import Iterator

import pandas as pd

from indicators.show.publication.content import Publication
from indicators.show.publication.render import Sheet
from indicators.show.text.html import show_events
from indicators.show.text.words import count_words, name_quarter

FOLDER = "events"
NEWEST = 30
"""Events on the page that leads to the others."""


def compose_events(publication: Publication) -> Iterator[Sheet]:
    """Return the pages of the events: all by year, newest first, and what leads to them."""
    dataset = publication.dataset
    events = dataset.events.sort_values("date", kind="stable")
    topic = dataset.topic.title
    years = list_years(publication)
    newest = show_events(dataset, events.tail(NEWEST))
    values = {"heading": "Events", "years": years, "year": "", "groups": [("The newest", newest)]}
    summary = f"{count_words(dataset.count_acts(events), 'event')} with sources and grades, by year."
    yield Sheet(f"{FOLDER}/index.html", "events.html", f"Events · {topic}", summary, "index", values)
    for year, own in events.groupby(events["date"].dt.year):
        quarters = own.groupby(own["date"].dt.quarter)
        groups = [(name_quarter(rows["date"].iloc[0]), show_events(dataset, rows)) for _, rows in quarters]
        heading = f"Events of {year}"
        values = {"heading": heading, "years": years, "year": str(year), "groups": groups[::-1]}
        summary = f"{count_words(dataset.count_acts(own), 'event')} of {year}, with sources and grades."
        yield Sheet(f"{FOLDER}/{year}.html", "events.html", f"{heading} · {topic}", summary, "index", values)


def list_years(publication: Publication) -> list[tuple[str, int]]:
    """Return the years with events, newest first, and how many acts each has."""
    dataset = publication.dataset
    own = dataset.events.groupby(dataset.events["date"].dt.year)
    return [(str(year), dataset.count_acts(rows)) for year, rows in own][::-1]


def newest_about(publication: Publication, id: str, most: int) -> pd.DataFrame:
    """Return the newest events that bear on an id, oldest first."""
    return publication.events[id].tail(most)
