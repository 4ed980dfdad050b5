"""Outlook: where the index may go, what the article's levers would change, and how hindcasts and forecasts performed."""

import streamlit as st

from indicators.dashboard.app import open_page
from indicators.dashboard.charts.blocks import choose_line
from indicators.dashboard.head.share import show_pinned, show_share
from indicators.dashboard.outlook.forecasts import show_section
from indicators.dashboard.outlook.levers import (
    choose_levers,
    explain_no_fan,
    read_choice,
    say_projection,
    show_difference,
    show_fan,
    show_record,
)

desk = open_page("outlook", "Outlook")
show_pinned(desk)
strong = choose_line(desk)
levers, assumptions = read_choice(desk)
active = tuple(a for a in assumptions if a.lever in levers)
missing = explain_no_fan(desk.panel)
chart = None

fan_side, lever_side = st.columns([7, 5], gap="medium")
with lever_side, st.container(gap="xxsmall", key="levers"):
    choose_levers(desk, levers, assumptions)
with fan_side:
    if missing:
        st.info(missing.capitalize() + ".")
    else:
        chart = show_fan(desk, strong, active, assumptions)
with desk.place:
    show_share(desk, lambda: chart, say=None if missing else lambda: say_projection(desk, strong, active))
if not missing:
    st.header("Effects of the levers", anchor=False)
    show_difference(desk, active)
    st.header("How hindcasts performed", anchor=False)
    show_record(desk, strong)
show_section(desk)
