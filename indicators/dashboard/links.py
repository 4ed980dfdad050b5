"""Links within the app: older names brought to today's, and the reader's view carried from page to page."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st
from streamlit.errors import StreamlitAPIException

from indicators.records.dataset import Dataset
from indicators.show.links.parameters import (
    FROM,
    PARAMETERS,
    TO,
    View,
    build_link,
    migrate_parameters,
    read_view,
    settle_values,
)

AROUND = pd.Timedelta(days=183)
"""What a chart that is opened for a day shows before and after it."""

TRAVELS = "travels"
"""Where a session keeps the page that it was on last, and what of its view goes along to the next."""


@dataclass(frozen=True)
class Links:
    """Addresses of pages that carry a reader's view on: (name, value) of all that travels."""

    dataset: Dataset
    carried: tuple[tuple[str, str], ...]

    @property
    def key(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """What the addresses depend on."""
        return self.dataset.digest, self.carried

    def to(self, page: str, values: Mapping[str, str] | None = None) -> str:
        """Return the address of a page, with some values of its own that go before what is carried."""
        own = values or {}
        return build_link("", page, {**_fit(self.dataset, page, dict(self.carried), own), **own}, self.dataset)


def migrate_address() -> None:
    """Rewrite the page's address where its parameters have older names, and start again on the new one.

    To be called before any control is drawn: controls read the address as it was when the run began.
    """
    given = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    moved = migrate_parameters(given)
    if moved == given:
        return
    values: dict[str, list[str]] = {}
    for name, value in moved:
        values.setdefault(name, []).append(value)
    st.query_params.from_dict(values)
    st.rerun()


def carry_view(dataset: Dataset, page: str) -> None:
    """Put the view into the address of a page to which a reader has just come from another one, and start again on it.

    What the address says itself goes first. Streamlit has taken out of it what controls of the other page were bound to.
    Whoever goes back in the history of the browser gets the page as it was. To be called before any control is drawn.
    """
    before, carried = st.session_state.get(TRAVELS, (page, {}))
    st.session_state[TRAVELS] = (page, carried)
    given = {name: st.query_params[name] for name in st.query_params}
    lost = {name: value for name, value in _fit(dataset, page, carried, given).items() if name not in given}
    if page == before or not lost:
        return
    try:
        st.query_params.update(lost)
    except StreamlitAPIException:  # the address is of another time, and controls of the page left hold the names
        return
    st.rerun()


def note_view(dataset: Dataset, page: str) -> Links:
    """Keep what of the view goes along to other pages, and return the links that carry it.

    To be called when the shared controls are drawn.
    """
    carried = travelling(dataset, page)
    st.session_state[TRAVELS] = (page, carried)
    return Links(dataset, tuple(carried.items()))


def page_of_session() -> str:
    """Return the path of the page that a session is on."""
    page: str = st.session_state.get(TRAVELS, ("", {}))[0]
    return page


def days_around(dataset: Dataset, day: pd.Timestamp, today: dt.date) -> dict[str, str]:
    """Return the period that shows a day in a chart of readings; the whole where it would lie outside of them."""
    start = day - AROUND if dataset.oldest is None else max(day - AROUND, dataset.oldest)
    end = min(max(day, start) + AROUND, pd.Timestamp(today))
    return {FROM: f"{start:%Y-%m-%d}", TO: f"{end:%Y-%m-%d}"} if start < end else {}


def link_within(dataset: Dataset, page: str, *dropped: str) -> str:
    """Return the address of a page as it stands, without some of its parameters."""
    values = current_view(dataset, page).values
    return build_link("", page, {name: value for name, value in values.items() if name not in dropped}, dataset)


def travelling(dataset: Dataset, page: str) -> dict[str, str]:
    """Return what of the view of a page goes along to others, without what says the default."""
    view = settle_values(current_view(dataset, page).values, page, dataset)
    names = {name for p in PARAMETERS if p.travels for name in p.names(dataset)}
    return {name: value for name, value in view.items() if name in names}


def current_view(dataset: Dataset, page: str) -> View:
    """Return what a page shows now, from its controls and for the rest from its address."""
    values = dict(migrate_parameters((name, st.query_params[name]) for name in st.query_params))
    for name in (name for p in PARAMETERS if page in p.pages for name in p.names(dataset)):
        if name in st.session_state:
            values[name] = _text_of(st.session_state[name])
    return View(read_view([(name, value) for name, value in values.items() if value], dataset, page).values)


def _fit(dataset: Dataset, page: str, carried: Mapping[str, str], own: Mapping[str, str]) -> Mapping[str, str]:
    """What of a view another page takes, beside what its address has of its own; that has no line of the index, say."""
    return read_view({**own, **carried, **own}.items(), dataset, page).values


def _text_of(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list):
        return "".join(value)
    return "" if value is None else str(value)
