"""Method and data: how the numbers are made, how sure and how fresh they are, what was corrected, and every file."""

import streamlit as st

from indicators.dashboard.app import open_page
from indicators.dashboard.head.share import show_pinned, show_share
from indicators.dashboard.method import (
    show_agreement,
    show_corrections,
    show_files,
    show_freshness,
    show_method,
    show_outside,
    show_uncertainty,
    show_weights,
)
from indicators.show.links.parameters import TAB, TABS

desk = open_page("method", "Method and data")
show_pinned(desk)
with desk.place:
    show_share(desk)
blocks = (
    show_method,
    show_weights,
    show_uncertainty,
    show_agreement,
    show_outside,
    show_freshness,
    show_corrections,
    show_files,
)
for tab, show in zip(st.tabs(TABS, key=TAB, bind="query-params"), blocks, strict=True):
    if tab.open:
        with tab:
            show(desk)
