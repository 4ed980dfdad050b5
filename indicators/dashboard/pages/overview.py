"""Overview: how tense it is and how sure that is, what moved it, and what the article says of it."""

import streamlit as st

from indicators.dashboard.app import open_page, stop_page
from indicators.dashboard.charts.blocks import show_chosen_period, show_event_list
from indicators.dashboard.charts.overview import show_index_chart
from indicators.dashboard.head.share import show_pinned, show_share
from indicators.dashboard.head.visit import open_visit, tell_visit
from indicators.dashboard.narrative import show_headline_survival, show_own_weights
from indicators.dashboard.overview import (
    lay_out,
    list_largest,
    offer_more,
    read_index,
    tell_causes,
    tell_claims,
    tell_doubt,
    tell_finding,
    title_page,
)

desk = open_page("", title_page)
show_pinned(desk)
headline = read_index(desk)
if headline is None:
    st.info("The index has no reading in this view: too few dimensions are assessed.")
    stop_page()
visit = open_visit(desk)
show_own_weights(desk, headline)
show_chosen_period(desk, "index")

first = lay_out()
with first["standing"]:
    tell_finding(desk, headline)
with first["why"]:
    tell_causes(desk, headline.compared, headline.date)
shown = show_index_chart(desk, first)
with first["doubt"]:
    tell_doubt(desk, headline)
with first["more"]:
    offer_more(desk)
with first["claims"]:
    tell_claims(desk)

st.header("The largest moves", anchor=False)
list_largest(desk)
st.header("The last year", anchor=False)
tell_causes(desk, headline.year_ago if headline.change is not None else None, headline.date)
show_headline_survival(desk, headline)
st.header("Events", anchor=False)
show_event_list(desk, shown.strong)
with desk.place:
    show_share(desk, shown.chart, shown.table)
tell_visit(desk, visit)
