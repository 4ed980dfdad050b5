"""Overview: how tense it is now, what moved it, and what the article says of it."""

import streamlit as st

from indicators.dashboard.app import open_page, stop_page
from indicators.dashboard.blocks import list_moves, show_causes, show_chosen_period, show_event_list
from indicators.dashboard.charts import list_lines
from indicators.dashboard.narrative import show_headline_survival, show_own_weights
from indicators.dashboard.overview_chart import show_index_chart
from indicators.dashboard.remember import remember
from indicators.dashboard.share import show_pinned, show_share
from indicators.measures.headline import read_headline
from indicators.measures.quarters import assessed_since
from indicators.show.text.article import passages_about
from indicators.show.text.html import show_passages, show_reading
from indicators.show.text.words import describe_age, describe_interval, describe_since

desk = open_page("")
show_pinned(desk)
dataset, panel = desk.dataset, desk.panel
ids = ("index", *dataset.dimensions.index)

headline = remember(read_headline)(panel, "index", desk.today)
if headline is None:
    st.info("The index has no reading in this view: too few dimensions are assessed.")
    stop_page()
lines = list_lines(panel, ids, desk.end, desk.percent)
interval = describe_interval(lines[0].readings, headline.date, desk.percent)
since = assessed_since(panel)
age = f"{describe_age(headline)} {describe_since(since) if since else ''}".strip()
st.html(show_reading(headline, "the index", age, interval))
show_own_weights(desk, headline)
show_chosen_period(desk, "index")
show_causes(desk, headline, headline.quarter_ago, headline.quarter_change)

chart_side, text_side = st.columns([5, 2], gap="medium")
with chart_side:
    strong, chart, table = show_index_chart(desk)
    if strong == "index":
        st.subheader("The largest moves", anchor=False)
        st.html(list_moves(panel, desk.span))
    st.subheader("The last year", anchor=False)
    show_causes(desk, headline, headline.year_ago, headline.change)
    show_headline_survival(desk, headline)
with text_side:
    st.subheader("The article", anchor=False)
    st.html(show_passages(passages_about(dataset, strong)))

st.subheader("Events", anchor=False)
show_event_list(desk, strong)
with desk.place:
    show_share(desk, chart, table)
