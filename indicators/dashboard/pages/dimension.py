"""Dimension: its indicators over time, the anchors, and every assessment with its reasons and sources."""

from functools import partial

import streamlit as st

from indicators.dashboard.app import open_page
from indicators.dashboard.charts.blocks import (
    list_divergences,
    read_ends_of,
    show_assessments,
    show_certainty,
    show_chosen_period,
    show_event_list,
)
from indicators.dashboard.charts.lines import draw_indicator, draw_levels, read_rows, tabulate_levels
from indicators.dashboard.charts.points import note_account, note_assessments, open_noted, show_chart
from indicators.dashboard.head.share import show_pinned, show_share
from indicators.dashboard.narrative import show_claims_about
from indicators.dashboard.outside.overlay import choose_overlay, show_overlay
from indicators.dashboard.remember import remember
from indicators.dashboard.widgets import choose_flag, choose_listed
from indicators.measures.headline import read_headline
from indicators.measures.outside.overlay import NO_OVERLAY
from indicators.show.charts.levels import settled_within
from indicators.show.links.parameters import APART, AS_RECORDED, DIM, INDICATOR
from indicators.show.text.html import show_anchors, show_paragraph, show_reading
from indicators.show.text.words import describe_age, word_interval

desk = open_page("dimension", "Dimension")
show_pinned(desk)
dataset, panel = desk.dataset, desk.panel

dimension = choose_listed(DIM, desk.scope, dataset.title)
members = dataset.indicators_of(dimension)
st.html(show_paragraph(dataset.text(dimension, "question"), "question"))
headline = remember(read_headline)(panel, dimension, desk.today)
if headline is None:
    st.info("This dimension has no reading in this view: too few of its indicators are assessed.")
else:
    ends = remember(read_ends_of)(panel, dimension, headline.date, desk.percent)
    st.html(show_reading(headline, "it", describe_age(headline), word_interval(ends, desk.percent)))
show_chosen_period(desk, dimension)
if headline is not None:
    show_certainty(desk, headline)

ids = (dimension, *members)
place = st.container()
laid = choose_overlay(desk)
chart = draw_levels(panel, ids, dimension, desk.span, desk.percent, 360, laid)
table = tabulate_levels(panel, ids, desk.freq, desk.span, desk.percent, dimension, laid)
with place:
    reviews = settled_within(panel, dimension, desk.span)
    # An outside series has an axis of its own, on which no buttons lie.
    shown = reviews if laid.overlay == NO_OVERLAY else reviews.iloc[:0]
    show_chart(chart, "dimension-chart", desk, dimension, shown, partial(note_account, dimension), table)
show_overlay(desk, dimension, laid)
with desk.place:
    show_share(desk, lambda: chart, table)

parted = list_divergences(panel, ids)
if parted:
    st.header("Where outside series diverge", anchor=False)
    st.html(parted)

st.header("Indicators", anchor=False)
indicator = choose_listed(INDICATOR, desk.scope, dataset.title, members)
st.html(show_paragraph(dataset.text(indicator, "definition"), "question"))
left, right = st.columns(2)
with left:
    apart = choose_flag(APART, desk.scope)
with right:
    recorded = read_rows(panel, choose_flag(AS_RECORDED, desk.scope))
chart = draw_indicator(recorded, indicator, desk.span, desk.percent, apart)
reviews = settled_within(recorded, indicator, desk.span)
show_chart(chart, "indicator-chart", desk, indicator, reviews, partial(note_assessments, indicator))
open_noted(desk)

reasons, anchors = st.tabs(["Assessments", "Anchors"])
with anchors:
    now = remember(read_headline)(panel, indicator, desk.today)
    st.html(show_anchors(dataset.anchors[dataset.anchors["indicator"] == indicator], now.score if now else None))
with reasons:
    show_assessments(panel, indicator, desk.span)

st.header("Events", anchor=False)
show_event_list(desk, indicator)
show_claims_about(desk, dimension)
