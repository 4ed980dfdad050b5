"""Compare: two quarters, or days, picked on the chart or by input, and an exact account of the change between them."""

from functools import partial

import streamlit as st

from indicators.dashboard.app import open_page
from indicators.dashboard.change import list_change, pick_ends, show_change
from indicators.dashboard.head.share import show_pinned, show_share
from indicators.show.links.citation import say_change

desk = open_page("compare", "Compare")

show_pinned(desk)
picked = pick_ends(desk)
with desk.place:
    base, compare = picked.base, picked.compare
    say = partial(say_change, desk.panel, "index", base, compare, desk.percent)
    show_share(desk, lambda: picked.chart, say=say, change=(base, compare))
ledger = show_change(desk, picked)
st.header("The assessments behind each part", anchor=False)
list_change(desk, picked, ledger)
