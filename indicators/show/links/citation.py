"""What a reader quotes and embeds: cited links that stay, a sentence with its reading, the code of a card."""

import datetime as dt
from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from indicators.measures.headline import read_headline
from indicators.measures.index import Weights
from indicators.measures.panel import Panel
from indicators.measures.series import build_series
from indicators.records.dataset import Dataset
from indicators.show.links.parameters import AS_OF, DIGEST, DIGEST_LENGTH, View, build_link, cite
from indicators.show.text.markup import fill_part
from indicators.show.text.words import count_words, describe_interval, format_date, format_score

FRAME_HEIGHT = 640
"""Pixels that a frame around a card needs at common widths."""


def pin_values(values: Mapping[str, str], dataset: Dataset) -> dict[str, str]:
    """Return a view's parameters as cited: with the vintage that it shows now, and the digest of the data."""
    newest = f"{dataset.assessments['recorded'].max():%Y-%m-%d}"
    return {AS_OF: newest, **values, DIGEST: dataset.digest[:DIGEST_LENGTH]}


def describe_pinned(dataset: Dataset, view: View) -> str:
    """Return what became of the data that a cited link names, or nothing where they are the ones on the page."""
    cited = view.values.get(DIGEST)
    if cited is None or dataset.digest.startswith(cited):
        return ""
    now = f"The digest was {cited} and is {dataset.digest[:DIGEST_LENGTH]}."
    day = view.day(AS_OF)
    if day is None:
        return f"This link cites earlier data and names no day as of which to show them; the newest are shown. {now}"
    recorded = dataset.assessments["recorded"]
    later = recorded[recorded >= pd.Timestamp(day) + pd.Timedelta(days=1)]
    if later.empty:
        return (
            f"The data have changed since this link was made, though no score was recorded after "
            f"{format_date(pd.Timestamp(day))}: the readings may differ from those cited. {now}"
        )
    were = "has been" if len(later) == 1 else "have been"
    return (
        f"Newer data exist: {count_words(len(later), 'row')} of scores {were} recorded since "
        f"{format_date(pd.Timestamp(day))}, the newest on {format_date(later.max())}. "
        f"The readings shown are those of the cited day. {now}"
    )


def describe_method_change(dataset: Dataset, view: View) -> str:
    """Return that the method has changed since the day of the data that a cited link names, or nothing."""
    cited, day = view.values.get(DIGEST), view.day(AS_OF)
    if cited is None or day is None or dataset.digest.startswith(cited):
        return ""
    methods = dataset.methods["date"].sort_values(kind="stable")
    then = methods[methods <= pd.Timestamp(day)]
    later = methods[methods > pd.Timestamp(day)]
    if then.empty or later.empty:
        return ""
    old, new = then.index[-1], later.index[-1]
    return (
        f"The method has changed since this link was made: {new} is in force since {format_date(later.iloc[-1])}. "
        f"The readings shown are computed by {new}, those cited by {old} may differ."
    )


def find_edition(site: str, view: View) -> str:
    """Return where the publication's archived editions are, at the one that a cited link names; nothing without a site."""
    cited, day = view.values.get(DIGEST), view.day(AS_OF)
    if not site or cited is None:
        return ""
    place = f"#{day:%Y-%m-%d}-{cited[:8]}" if day else ""
    return build_link(site, f"versions.html{place}", {})


def quote_reading(panel: Panel, id: str, percent: int, today: dt.date) -> str:
    """Return a sentence to quote: the newest reading with interval and date, what the view changes, the citation."""
    headline = read_headline(panel, id, today)
    dataset = panel.dataset
    what = dataset.topic.short_name
    name = f"The index of {what}" if id == "index" else f"{what} in “{dataset.title(id)}”"
    if headline is None:
        return f"{name} has no reading in this view. {cite(dataset, today)}"
    readings = build_series(panel, dataset.level(id), pd.DatetimeIndex([headline.date]), percent)
    interval = describe_interval(readings[readings["id"] == id], headline.date, percent)
    conditions = list_conditions(panel)
    return (
        f"{name} stood at {format_score(headline.score)} of 10 on {format_date(headline.date)}{interval}, "
        f"in the band {headline.band}{' — ' + ', '.join(conditions) if conditions else ''}. {cite(dataset, today)}"
    )


def list_conditions(panel: Panel) -> list[str]:
    """Return in which respects a panel differs from the published reading, in words."""
    published = Weights.from_codebook(panel.dataset.dimensions, panel.dataset.indicators)
    conditions = []
    if panel.as_of is not None:
        conditions.append(f"as recorded up to {format_date(pd.Timestamp(panel.as_of))}")
    if panel.coder is not None:
        conditions.append(f"by coder {panel.coder} alone")
    if panel.mean != "arithmetic":
        conditions.append(f"as a {panel.mean} mean")
    if not panel.weights.dimensions.equals(published.dimensions):
        conditions.append("with the reader's own weights")
    return conditions


def embed_card(site: str, dataset: Dataset, id: str) -> Markup:
    """Return the HTML that shows the publication's card of an id in another page; ``site`` is its address."""
    title = f"{dataset.topic.title}: {dataset.title(id)}"
    address = build_link(site, f"cards/{id}.html", {})
    return fill_part("parts.html", "frame", address=address, title=title, height=FRAME_HEIGHT)
