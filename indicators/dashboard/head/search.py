"""Search in all that is written, from the head of every page: the field, and what was found with where it leads."""

import datetime as dt

import pandas as pd
import streamlit as st

from indicators.dashboard.browser.scripts import SLASH, run_script
from indicators.dashboard.links import Links, days_around
from indicators.dashboard.remember import remember_at_most
from indicators.dashboard.widgets import choose_text
from indicators.measures.search import Place, index_texts
from indicators.records.dataset import Dataset
from indicators.show.links.kinds import Scope
from indicators.show.links.parameters import DIM, EVENT, FIND, INDICATOR, NAMED, SEARCH, TAB
from indicators.show.text.search import show_found_places

SHOWN = 30
"""Places that are listed; the best ones."""

WIDTH = 190
"""Pixels of the field."""

INDEXES = 3
"""Versions of the data whose words are held: the newest, and those that sessions still look at."""


def ask_words(scope: Scope) -> str:
    """Draw the field, to which the key / goes, and return the words."""
    run_script(SLASH)
    words = choose_text(FIND, scope, "Search (key /)", WIDTH)
    return "" if NAMED[FIND].kind.refuse(words, scope) else words  # nothing to search for, as in a link


def show_places(links: Links, today: dt.date, words: str) -> None:
    """Draw where some words occur; nothing, and nothing is computed, where none are asked for."""
    if not words:
        return
    index = remember_at_most(INDEXES)(index_texts)(links.dataset)
    found, counts = index.find(words, most=SHOWN), index.count(words)
    listed = links.to("events", {SEARCH: words}) if counts.get("event") else ""
    addresses = [find_address(links, today, place) for place in found]
    st.html(show_found_places(found, addresses, counts, listed))


def find_address(links: Links, today: dt.date, place: Place) -> str:
    """Return where in the app a place stands, with the reader's view."""
    other, values = lead_to(links.dataset, place)
    if other == "dimension":
        values |= days_around(links.dataset, pd.Timestamp(place.date), today)
    return links.to(other, values) + (f"#{place.id}" if place.kind == "article" else "")


def lead_to(dataset: Dataset, place: Place) -> tuple[str, dict[str, str]]:
    """Return the page on which a place stands, and the parameters that open it there."""
    if place.kind == "event":
        return "events", {EVENT: place.id}
    if place.kind == "assessment":
        return "dimension", {DIM: dataset.text(place.indicator, "dimension"), INDICATOR: place.indicator}
    if place.kind == "article":
        return "narrative", {}
    return "method", {TAB: "Files"} if place.kind == "ruling" else {}
