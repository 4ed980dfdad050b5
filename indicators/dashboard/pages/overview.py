"""Overview: how tense it is now, what moved, and what the article says of it."""

import pandas as pd
import streamlit as st

from indicators.dashboard.blocks import show_chart
from indicators.dashboard.frame import open_page
from indicators.measures.headline import read_headline
from indicators.show.charts import plot_levels
from indicators.show.lines import chart_dates, level_lines
from indicators.show.markup import show_events, show_passages, show_reading, show_tiles
from indicators.show.narrative import passages_about
from indicators.show.palette import THEMED
from indicators.show.sharing import DIM, build_link
from indicators.show.sparklines import draw_sparkline
from indicators.show.words import describe_age

desk = open_page("How tense are US–Russia relations?")
dataset, panel = desk.dataset, desk.panel
dimensions = dataset.dimensions.index.tolist()

headline = read_headline(panel, "index", desk.today)
if headline is None:
    st.info("The index has no reading in this view: too few dimensions are assessed.")
    st.stop()
st.html(show_reading(headline, "the index", describe_age(headline)))

lines = level_lines(
    panel, ["index", *dimensions], THEMED, chart_dates(panel, min(desk.span[1], pd.Timestamp(desk.today)))
)
tiles = []
for position, line in enumerate(lines[1:]):
    own = read_headline(panel, line.id, desk.today)
    if own is not None:
        tiles.append(
            (own, line.title, build_link("", "dimension", {DIM: line.id}), draw_sparkline(line.readings), position)
        )
st.html(show_tiles(tiles))

chart_side, text_side = st.columns([5, 2], gap="medium")
with chart_side:
    strong = st.segmented_control(
        "Strong line",
        ["index", *dimensions],
        default="index",
        required=True,
        key=DIM,
        bind="query-params",
        format_func=lambda id: "Index" if id == "index" else dataset.title(id),
        label_visibility="collapsed",
    )
    members = dataset.indicators_of(strong) if strong != "index" else dataset.indicators.index
    events = dataset.events[dataset.events["indicator"].isin(members) & dataset.events["date"].between(*desk.span)]
    chart = plot_levels(lines, strong, THEMED, desk.span, events, height=340)
    show_chart(chart, "overview-chart", dataset, events)
with text_side:
    st.subheader("The article", anchor=False)
    passages = passages_about(dataset, strong)
    st.html(
        show_passages([(p.section, p.text) for p in passages])
        if passages
        else "<p>The article does not speak of this.</p>"
    )

st.subheader("Events", anchor=False)
st.html(show_events(dataset, events.tail(12)))
