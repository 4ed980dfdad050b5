"""Overview: how tense it is now, what moved it, and what the article says of it."""

import streamlit as st

from indicators.dashboard.app import open_page, stop_page
from indicators.dashboard.blocks import choose_line, show_chart, show_event_list, show_year
from indicators.dashboard.narrative import show_headline_survival, show_own_weights
from indicators.dashboard.outside.overlay import choose_overlay, show_overlay
from indicators.dashboard.results import (
    headline_of,
    levels_chart_of,
    lines_of,
    moves_list_of,
    overlaid_table_of,
    tiles_of,
)
from indicators.dashboard.share import show_pinned, show_share
from indicators.show.charts.palette import THEMED
from indicators.show.text.article import passages_about
from indicators.show.text.html import show_passages, show_reading
from indicators.show.text.words import describe_age, describe_interval

desk = open_page()
show_pinned(desk, "")
dataset, panel = desk.dataset, desk.panel
ids = ("index", *dataset.dimensions.index)

headline = headline_of(panel, "index", desk.today)
if headline is None:
    st.info("The index has no reading in this view: too few dimensions are assessed.")
    stop_page()
lines = lines_of(panel, ids, THEMED, desk.end, desk.percent)
interval = describe_interval(lines[0].readings, headline.date, desk.percent)
st.html(show_reading(headline, "the index", describe_age(headline), interval))
show_own_weights(desk, headline)
st.html(tiles_of(panel, ids, desk.today, desk.end, desk.percent))

chart_side, text_side = st.columns([5, 2], gap="medium")
with chart_side:
    strong = choose_line(dataset)
    place = st.container()
    laid = choose_overlay(desk)
    chart = levels_chart_of(panel, ids, strong, desk.span, desk.percent, 340, strong == "index", laid)
    table = overlaid_table_of(panel, ids, desk.freq, desk.span, desk.percent, strong, laid)
    with place:
        show_chart(chart, "overview-chart", desk, strong, table)
    show_overlay(desk, strong, laid)
    if strong == "index":
        st.subheader("The largest moves", anchor=False)
        st.html(moves_list_of(panel, desk.span))
    st.subheader("The last year", anchor=False)
    show_year(desk, headline)
    show_headline_survival(desk, headline)
with text_side:
    st.subheader("The article", anchor=False)
    st.html(show_passages(passages_about(dataset, strong)))

st.subheader("Events", anchor=False)
show_event_list(desk, strong)
with desk.place:
    show_share(desk, "", chart, table)
