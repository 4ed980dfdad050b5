"""What a reader quotes and embeds: cited links that stay, sentences with their source, citations, the code of a card."""

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from indicators.measures.headline import read_headline
from indicators.measures.index import Weights
from indicators.measures.panel import Panel
from indicators.measures.series import build_series
from indicators.measures.uncertainty.doubt import DEFAULT_DOUBT
from indicators.measures.uncertainty.intervals import probability_of_change
from indicators.records.dataset import Dataset
from indicators.show.links.parameters import AS_OF, DIGEST, DIGEST_LENGTH, View, build_link, cite
from indicators.show.text.markup import fill_part
from indicators.show.text.words import (
    agree_digits,
    count_words,
    describe_change_probability,
    describe_interval,
    describe_verdict,
    format_date,
    format_score,
    join_words,
    name_quarter,
    name_quarters,
    subtract_shown,
    word_verdicts,
)

FRAME_HEIGHT = 640
"""Pixels that a frame around a card needs at common widths."""


def pin_values(values: Mapping[str, str], dataset: Dataset) -> dict[str, str]:
    """Return a view's parameters as cited: with the vintage that it shows now, and the digest of the data."""
    newest = f"{dataset.assessments['recorded'].max():%Y-%m-%d}"
    return {AS_OF: newest, **values, DIGEST: dataset.digest[:DIGEST_LENGTH]}


def describe_pinned(dataset: Dataset, view: View) -> str:
    """Return how the data that a cited link names have changed, or nothing where they are the ones on the page."""
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


def quote(panel: Panel, sentence: str, today: dt.date, link: str = "") -> str:
    """Return a sentence to quote: with what the view changes, the source, and the address that shows the same again."""
    conditions = list_conditions(panel)
    said = f"{sentence.rstrip().removesuffix('.')}."
    if conditions:
        said = f"{said} Not the published figures: {join_words(conditions)}."
    return f"{said} Source: {cite(panel.dataset, today).removesuffix('.')}{f', {link}' if link else '.'}"


def quote_reading(panel: Panel, id: str, percent: int, today: dt.date, link: str = "") -> str:
    """Return a sentence to quote on the newest settled quarter of an id, with its interval."""
    return quote(panel, say_reading(panel, id, percent, today), today, link)


def say_reading(panel: Panel, id: str, percent: int, today: dt.date) -> str:
    """Return the reading of the newest settled quarter in a sentence, with its interval."""
    headline = read_headline(panel, id, today)
    name = name_subject(panel.dataset, id)
    if headline is None:
        return f"{name} has no reading in this view."
    readings = build_series(panel, panel.dataset.level(id), pd.DatetimeIndex([headline.date]), percent)
    interval = describe_interval(readings[readings["id"] == id], headline.date, percent)
    return (
        f"{name} stood at {format_score(headline.score)} of 10 in the {name_quarter(headline.date)}, "
        f"on {format_date(headline.date)}{interval}, in the band {headline.band}."
    )


def say_change(panel: Panel, id: str, start: pd.Timestamp, end: pd.Timestamp, percent: int) -> str:
    """Return how a reading changed between two days in a sentence, with both intervals and how sure the change is.

    The earlier day comes first; of one day it is the reading.
    """
    start, end = sorted([start, end])
    dates = pd.DatetimeIndex([start, end]).unique()
    readings = build_series(panel, panel.dataset.level(id), dates, percent)
    own = readings[readings["id"] == id].set_index("date")["score"].reindex(dates)
    name = name_subject(panel.dataset, id)
    if own.isna().any():
        return f"{name} has no reading on one of the days {format_date(start)} and {format_date(end)}."
    digits = agree_digits(float(own.iloc[0]), float(own.iloc[-1]))
    amount = subtract_shown(float(own.iloc[0]), float(own.iloc[-1]), digits)
    ends = [
        f"{format_score(float(own[day]), digits)} on {format_date(day)}"
        f"{describe_interval(readings[readings['id'] == id], day, percent)}"
        for day in dates
    ]
    if len(ends) == 1:
        return f"{name} stood at {ends[0]}, of 10."
    moved = {1: "rose", -1: "fell", 0: "did not change"}[int(np.sign(round(amount, digits)))]
    by = "" if moved == "did not change" else f" by {format_score(abs(amount), digits)} points of 10"
    sure = describe_change_probability(probability_of_change(panel, id, start, end))
    return f"{name} {moved}{by}, from {ends[0]} to {ends[1]}: {name_quarters(start, end)}. {sure}".rstrip()


def say_verdict(judged: Mapping[Any, Any], title: str) -> str:
    """Return the verdict on one claim of an article in a sentence, with the quarters of its test."""
    span = "" if not judged["subject"] else f" ({name_quarters(judged['start'], judged['end'])})"
    return f"“{judged['text']}” (a claim of “{title}”) is {describe_verdict(judged)}{span}."


def say_verdicts(verdicts: pd.DataFrame, title: str) -> str:
    """Return how many claims of an article have which verdict."""
    return (
        f"Tested on the readings, of the {count_words(len(verdicts), 'claim')} of “{title}” {word_verdicts(verdicts)}."
    )


def name_subject(dataset: Dataset, id: str) -> str:
    """Return the index, a dimension or an indicator as the subject of a sentence."""
    what = dataset.topic.short_name
    return f"The index of {what}" if id == "index" else f"{what} in “{dataset.title(id)}”"


def cite_bibtex(dataset: Dataset, today: dt.date, link: str) -> str:
    """Return the citation as a BibTeX entry; braces and backslashes, which would end it, are left out of texts."""
    newest = dataset.assessments["recorded"].max()
    title = re.sub(r"[{}\\]", "", dataset.topic.citation)
    fields = {
        "title": f"{{{title}}}",
        "year": f"{newest:%Y}",
        "month": f"{newest:%m}",
        "version": dataset.digest[:DIGEST_LENGTH],
        "url": link,
        "urldate": f"{today:%Y-%m-%d}",
        "note": f"Data of {newest:%Y-%m-%d}, digest {dataset.digest}, {dataset.topic.licence}",
    }
    rows = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@misc{{{_cite_key(dataset)},\n{rows}\n}}"


def cite_csl(dataset: Dataset, today: dt.date, link: str) -> str:
    """Return the citation as CSL-JSON, as programs for literature take it."""
    newest = dataset.assessments["recorded"].max()
    entry = {
        "id": _cite_key(dataset),
        "type": "dataset",
        "title": dataset.topic.citation,
        "version": dataset.digest[:DIGEST_LENGTH],
        "issued": {"date-parts": [[newest.year, newest.month, newest.day]]},
        "accessed": {"date-parts": [[today.year, today.month, today.day]]},
        "license": dataset.topic.licence,
        "note": f"Digest {dataset.digest}",
        "URL": link,
    }
    return json.dumps([{name: value for name, value in entry.items() if value}], ensure_ascii=False, indent=2)


def _cite_key(dataset: Dataset) -> str:
    return f"{dataset.topic.slug}-{dataset.assessments['recorded'].max():%Y-%m-%d}"


def list_conditions(panel: Panel) -> list[str]:
    """Return in which respects a panel differs from the published reading, in words."""
    conditions = []
    if panel.as_of is not None:
        conditions.append(f"as recorded up to {format_date(pd.Timestamp(panel.as_of))}")
    if panel.coder is not None:
        conditions.append(f"by coder {panel.coder} alone")
    if panel.mean != "arithmetic":
        conditions.append(f"as a {panel.mean} mean")
    if weights := name_weights(panel):
        conditions.append(f"with the reader's own weights ({weights})")
    if panel.doubt != DEFAULT_DOUBT:
        conditions.append(f"with doubt {name_doubt(panel)}")
    if panel.as_recorded:
        conditions.append("with each score applied until the next one")
    return conditions


def name_weights(panel: Panel) -> str:
    """Return a reader's weights in words, or nothing where they are the published ones."""
    published = Weights.from_codebook(panel.dataset.dimensions, panel.dataset.indicators).dimensions
    own = panel.weights.dimensions
    if own.equals(published):
        return ""
    return ", ".join(f"{panel.dataset.title(str(id))} {weight:g}" for id, weight in own.items())


def name_doubt(panel: Panel) -> str:
    """Return how far the doubt in scores is taken to be shared."""
    return {"own": "wholly own", "partly": "partly shared", "strongly": "strongly shared"}[panel.doubt]


def embed_card(site: str, dataset: Dataset, id: str) -> Markup:
    """Return the HTML that shows the publication's card of an id in another page; ``site`` is its address."""
    return frame_card(build_link(site, f"cards/{id}.html", {}), dataset, id)


def frame_card(address: str, dataset: Dataset, id: str) -> Markup:
    """Return the HTML, in three lines, that shows a card of an id in another page."""
    title = f"{dataset.topic.title}: {dataset.title(id)}"
    return fill_part("parts.html", "frame", address=address, title=title, height=FRAME_HEIGHT)
