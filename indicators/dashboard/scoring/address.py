"""What of the page Update scores stands in the address: so a reload and the Back button of the browser find it again."""

from collections.abc import Sequence

import streamlit as st
from streamlit.elements.lib.mutable_tab_container import TabContainer

from indicators.show.links.parameters import DRAFT

WAY = f"{DRAFT}way"
"""Name under which the open tab stands in the address, where it is not the first one."""

KEPT_WAY = "kept_way"
"""Where a session keeps the tab that was open last, for one who comes back to the page by a link."""

ADDRESSED = "addressed"
"""Where a session keeps what it has put into the address itself: whatever else stands there, a reader went back to."""


def take_address(key: str) -> str:
    """Return what the address says, where that is not what this session has put there itself."""
    given = st.query_params.get(key, "")
    return given if given != st.session_state.setdefault(ADDRESSED, {}).get(key) else ""


def note_address(key: str, value: str) -> None:
    """Put a choice into the address, and keep that this session did; an empty one takes it out."""
    st.session_state.setdefault(ADDRESSED, {})[key] = value
    if st.query_params.get(key, "") == value:
        return
    if value:
        st.query_params[key] = value
    else:
        st.query_params.pop(key, None)


def open_tabs(labels: Sequence[str]) -> Sequence[TabContainer]:
    """Draw the tabs of the page; open is the one that was pressed or that the address says, at first the first."""
    given, noted = st.query_params.get(WAY, ""), st.session_state.setdefault(ADDRESSED, {}).get(WAY, "")
    if WAY not in st.session_state:  # the page was opened, or is come back to
        st.session_state[WAY] = given or st.session_state.get(KEPT_WAY)
    elif given != noted:
        st.session_state[WAY] = given
    if st.session_state[WAY] not in labels:
        st.session_state[WAY] = labels[0]
    opened = st.session_state[KEPT_WAY] = st.session_state[WAY]
    note_address(WAY, "" if opened == labels[0] else opened)
    return st.tabs(labels, key=WAY, on_change="rerun")
