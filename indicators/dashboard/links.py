"""Links within the app: older names brought to today's, and the reader's view carried from page to page."""

import datetime as dt
from collections.abc import Mapping

import streamlit as st

from indicators.records.dataset import Dataset
from indicators.show.links.parameters import PARAMETERS, View, build_link, list_defaults, migrate_parameters, read_view

TRAVELS = "travels"
"""Where a session keeps the page that it was on last, and what of its view goes along to the next."""


def migrate_address() -> None:
    """Rewrite the page's address where its parameters have older names, and start again on the new one.

    To be called before any control is drawn: controls read the address as it was when the run began.
    """
    given = _address()
    moved = migrate_parameters(given)
    if moved != given:
        _start_again(moved)


def carry_view(dataset: Dataset, page: str) -> None:
    """Put the view into the address of a page to which a reader has just come from another one, and start again on it.

    What the address says itself goes first. Streamlit has taken out of it what controls of the other page were bound to.
    To be called before any control is drawn.
    """
    before, carried = st.session_state.get(TRAVELS, (page, {}))
    st.session_state[TRAVELS] = (page, carried)
    given = {name: st.query_params[name] for name in st.query_params}
    lost = {name: value for name, value in _fit(dataset, page, carried, given).items() if name not in given}
    if page != before and lost:
        _start_again([*_address(), *lost.items()])


def note_view(dataset: Dataset, page: str) -> None:
    """Keep what of the view goes along to other pages; to be called when the shared controls are drawn."""
    st.session_state[TRAVELS] = (page, travelling(dataset, page))


def link_to(dataset: Dataset, page: str, other: str, values: Mapping[str, str]) -> str:
    """Return the address of another page with some values of its own, that carries the reader's view on."""
    return build_link("", other, {**_fit(dataset, other, travelling(dataset, page), values), **values}, dataset)


def travelling(dataset: Dataset, page: str) -> dict[str, str]:
    """Return what of the view of a page goes along to others, without what says the default."""
    view = current_view(dataset, page).values
    standard = list_defaults(page, view, dataset)
    names = [name for p in PARAMETERS if p.travels for name in p.names(dataset)]
    return {name: view[name] for name in names if name in view and view[name] != standard.get(name)}


def current_view(dataset: Dataset, page: str) -> View:
    """Return what a page shows now, from its controls and for the rest from its address."""
    values = dict(migrate_parameters((name, st.query_params[name]) for name in st.query_params))
    for name in (name for p in PARAMETERS if p.pages for name in p.names(dataset)):
        if name in st.session_state:
            values[name] = _text_of(st.session_state[name])
    return View(read_view([(name, value) for name, value in values.items() if value], dataset, page).values)


def _fit(dataset: Dataset, page: str, carried: Mapping[str, str], own: Mapping[str, str]) -> Mapping[str, str]:
    """What of a view another page takes, beside what its address has of its own; that has no line of the index, say."""
    return read_view({**own, **carried, **own}.items(), dataset, page).values


def _address() -> list[tuple[str, str]]:
    return [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]


def _start_again(parameters: list[tuple[str, str]]) -> None:
    values: dict[str, list[str]] = {}
    for name, value in parameters:
        values.setdefault(name, []).append(value)
    st.query_params.from_dict(values)
    st.rerun()


def _text_of(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    return "" if value is None else str(value)
