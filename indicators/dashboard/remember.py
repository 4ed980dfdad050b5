"""Results that sessions share: computed once for each view of each version of the data."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeVar

import streamlit as st

from indicators.dashboard.links import Links
from indicators.measures.narrative.claims import Statement
from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset

Function = TypeVar("Function", bound=Callable[..., Any])

MANY = 128
PANELS = 24
CHARTS = 24
"""A chart takes about a megabyte."""

PATHS = 4
DRAWS = 2
"""The draws of a view take some 40 MB, its paths less."""

_KEYS: dict[str | type[Any], Callable[[Any], Any]] = {
    Panel: attrgetter("key"),
    Dataset: attrgetter("digest"),
    Statement: attrgetter("key"),
    Links: attrgetter("key"),
}
_shared: dict[Callable[..., Any], Any] = {}


def remember_at_most(most: int) -> Callable[[Function], Function]:
    """Return what makes of a function one that computes each of its newest ``most`` results once, for all sessions.

    Results are handed out uncopied: many sessions read them, none may change them.
    """

    def share(function: Function) -> Function:
        if function not in _shared:
            kept = st.cache_resource(show_spinner=False, max_entries=most, hash_funcs=_KEYS)
            _shared[function] = kept(function)
        shared: Function = _shared[function]
        return shared

    return share


def remember(function: Function) -> Function:
    """Return a function that computes each of its newest ``MANY`` results once, for all sessions.

    It stands above a function, or around one where it is called, as in ``remember(read_headline)(panel, id, today)``.
    """
    return remember_at_most(MANY)(function)
