"""Events: search, filters and counts by quarter, the list with its download, and one event in full."""

import streamlit as st

from indicators.dashboard.app import open_page
from indicators.dashboard.charts.blocks import tell_certainty
from indicators.dashboard.events import (
    choose_selection,
    close_changed,
    say_events,
    show_list,
    show_opened,
    show_quarters,
    tell_events_certainty,
)
from indicators.dashboard.head.share import show_pinned, show_share

desk = open_page("events", "Events")
show_pinned(desk)
opened = st.container()
selection = choose_selection(desk)
close_changed(selection)
with opened:
    show_opened(desk)
show_quarters(desk, selection)
tell_certainty(lambda: tell_events_certainty(desk, selection))
show_list(desk, selection)
with desk.place:
    show_share(desk, say=lambda: say_events(desk, selection))
