"""Links made under older names of the parameters: brought to today's before any control reads them."""

import streamlit as st

from indicators.show.links.parameters import migrate_parameters


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
