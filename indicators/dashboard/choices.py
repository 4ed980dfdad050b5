"""Choices among ids that readers see by title: the URL carries the id, where a bound widget would carry the title."""

from collections.abc import Callable, Sequence

import streamlit as st


def choose_id(
    label: str,
    ids: Sequence[str],
    key: str,
    title: Callable[[str], str],
    default: str | None = None,
    listed: bool = False,
    help: str | None = None,
) -> str:
    """Draw a choice of one id, as buttons or ``listed`` in a box, kept under ``key`` in the URL; return it."""
    standard = default or ids[0]
    if st.session_state.get(key) not in ids:
        given = st.query_params.get(key)
        st.session_state[key] = given if given in ids else standard

    def remember() -> None:
        chosen = st.session_state[key]
        if chosen == standard:
            st.query_params.pop(key, None)
        else:
            st.query_params[key] = chosen

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
    """Draw a choice of several ids, kept under ``key`` in the URL; return them in the order in which they were chosen."""
    if key not in st.session_state:
        st.session_state[key] = st.query_params.get_all(key)
    st.session_state[key] = [id for id in st.session_state[key] if id in ids]

    def remember() -> None:
        if st.session_state[key]:
            st.query_params[key] = st.session_state[key]
        else:
            st.query_params.pop(key, None)

    return list(st.multiselect(label, ids, key=key, format_func=title, on_change=remember, placeholder=placeholder))
