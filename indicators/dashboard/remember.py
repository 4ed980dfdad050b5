"""Results that sessions share: computed once for each view of each version of the data."""

from collections.abc import Callable
from operator import attrgetter
from threading import Condition
from typing import Any, TypeVar

from cachetools import LRUCache, cached

from indicators.dashboard.links import Links
from indicators.measures.narrative.claims import Statement
from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset

Function = TypeVar("Function", bound=Callable[..., Any])

MANY = 128
PANELS = 16
CHARTS = 16
"""A chart takes about a megabyte, its lines and marks half of one."""

PATHS = 4
DRAWS = 2
"""The draws of a view take some 40 MB, its paths less."""

_KEYS: dict[type[Any], Callable[[Any], Any]] = {
    Panel: attrgetter("key"),
    Dataset: attrgetter("digest"),
    Statement: attrgetter("key"),
    Links: attrgetter("key"),
}
_shared: dict[Callable[..., Any], Any] = {}


def remember_at_most(most: int) -> Callable[[Function], Function]:
    """Return what makes of a function one that computes each of its newest ``most`` results once, for all sessions.

    Arguments are told apart by their keys here, or else by their hash; whoever asks for what is computed at this
    moment waits for it. Results are handed out uncopied: many sessions read them, none may change them.
    """

    def share(function: Function) -> Function:
        if function not in _shared:
            # Streamlit's own cache takes ten times as long to look something up, and a page looks up forty.
            _shared[function] = cached(LRUCache(most), _find_key, condition=Condition())(function)
        shared: Function = _shared[function]
        return shared

    return share


def _find_key(*arguments: Any, **named: Any) -> tuple[Any, ...]:
    return (*map(_key_of, arguments), *((name, _key_of(named[name])) for name in sorted(named)))


def _key_of(argument: Any) -> Any:
    find = _KEYS.get(type(argument))
    return argument if find is None else find(argument)


def remember(function: Function) -> Function:
    """Return a function that computes each of its newest ``MANY`` results once, for all sessions.

    It stands above a function, or around one where it is called, as in ``remember(read_headline)(panel, id, today)``.
    """
    return remember_at_most(MANY)(function)
