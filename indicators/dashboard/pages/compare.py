"""Compare: two quarters, or days, picked on the chart or by input, and an exact account of the change between them."""

import streamlit as st

from indicators.dashboard.app import open_page
from indicators.dashboard.change import list_change, pick_ends, show_change
from indicators.dashboard.share import show_pinned, show_share

desk = open_page("compare", "Compare")

show_pinned(desk)
picked = pick_ends(desk)
with desk.place:
    show_share(desk, picked.chart)
ledger = show_change(desk, picked)
st.header("The assessments behind each part", anchor=False)
list_change(desk, ledger)
