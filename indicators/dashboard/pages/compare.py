"""Compare: two days picked on the chart or by input, and an exact account of the change between them."""

import streamlit as st

from indicators.dashboard.app import open_page
from indicators.dashboard.change import list_change, pick_days, require_order, show_change
from indicators.dashboard.share import show_pinned, show_share
from indicators.show.links.citation import say_change

desk = open_page("compare", "Compare")

show_pinned(desk)
base, compare, chart = pick_days(desk)
with desk.place:
    show_share(desk, chart, say=lambda: say_change(desk.panel, "index", base, compare, desk.percent))
require_order(base, compare)
ledger = show_change(desk, base, compare)
st.subheader("The assessments behind each part", anchor=False)
list_change(desk, ledger)
