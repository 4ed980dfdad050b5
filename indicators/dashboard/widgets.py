"""Choices among ids that readers see by title: the URL carries the id, where a bound widget would carry the title."""

from collections.abc import Callable, Sequence

import streamlit as st

KEPT = "kept_"
"""Start of the names under which a session keeps a choice while its control is not on the page."""


def choose_id(
    label: str,
    ids: Sequence[str],
    key: str,
    title: Callable[[str], str],
    default: str | None = None,
    listed: bool = False,
    help: str | None = None,
    drafted: bool = False,
) -> str:
    """Draw a choice of one id, as buttons or ``listed`` in a box, kept under ``key`` in the URL; return it.

    A ``drafted`` choice belongs to what is being typed: it outlasts a visit to another page and stands in the URL also
    where it is the default, which may be another one tomorrow.
    """
    standard = default or ids[0]
    if st.session_state.get(key) not in ids:
        given = st.query_params.get(key) or (st.session_state.get(KEPT + key) if drafted else None)
        st.session_state[key] = given if given in ids else standard

    def remember() -> None:
        chosen = st.session_state[key]
        _note(key, [] if chosen == standard and not drafted else [chosen])

    if drafted:
        st.session_state[KEPT + key] = st.session_state[key]
        remember()
    chosen: str | None
    if listed:
        chosen = st.selectbox(label, ids, key=key, format_func=title, on_change=remember, help=help)
    else:
        chosen = st.segmented_control(
            label,
            ids,
            key=key,
            format_func=title,
            required=True,
            on_change=remember,
            help=help,
            label_visibility="collapsed",
        )
    return str(chosen or standard)


def choose_ids(label: str, ids: Sequence[str], key: str, title: Callable[[str], str], placeholder: str) -> list[str]:
    """Draw a choice of several ids and return them in the order in which they were chosen.

    They stand under ``key`` in the URL, and outlast a visit to another page.
    """
    if key not in st.session_state:
        st.session_state[key] = st.query_params.get_all(key) or st.session_state.get(KEPT + key, [])
    st.session_state[key] = [id for id in st.session_state[key] if id in ids]
    st.session_state[KEPT + key] = st.session_state[key]

    def remember() -> None:
        _note(key, st.session_state[key])

    remember()
    return list(st.multiselect(label, ids, key=key, format_func=title, on_change=remember, placeholder=placeholder))


def _note(key: str, chosen: list[str]) -> None:
    """Put a choice into the URL; nothing chosen takes it out."""
    if st.query_params.get_all(key) != chosen:
        st.query_params[key] = chosen
    if not chosen:
        st.query_params.pop(key, None)
