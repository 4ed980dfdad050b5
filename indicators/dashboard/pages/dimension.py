"""Dimension: its indicators over time, the anchors, and every assessment with its reasons and sources."""

import streamlit as st

from indicators.dashboard.blocks import show_assessments, show_chart
from indicators.dashboard.frame import open_page
from indicators.dashboard.results import coders_of, headline_of, lines_of
from indicators.show.charts import plot_coders, plot_levels
from indicators.show.lines import chart_dates
from indicators.show.markup import show_anchors, show_events, show_reading
from indicators.show.palette import THEMED
from indicators.show.sharing import APART, DIM, INDICATOR
from indicators.show.tables import reading_table
from indicators.show.words import describe_age, describe_interval, escape_html

desk = open_page("Dimension", with_index=False)
dataset, panel = desk.dataset, desk.panel

dimension = st.segmented_control(
    "Dimension",
    dataset.dimensions.index.tolist(),
    default=dataset.dimensions.index[0],
    required=True,
    key=DIM,
    bind="query-params",
    format_func=dataset.title,
    label_visibility="collapsed",
)
members = dataset.indicators_of(dimension)
st.html(f'<p class="question">{escape_html(dataset.text(dimension, "question"))}</p>')
events = dataset.events[dataset.events["indicator"].isin(members) & dataset.events["date"].between(*desk.span)]
lines = lines_of(panel, (dimension, *members), THEMED, desk.end, desk.share)
headline = headline_of(panel, dimension, desk.today)
if headline is None:
    st.info("This dimension has no reading in this view: too few of its indicators are assessed.")
else:
    st.html(
        show_reading(
            headline, "it", describe_age(headline), describe_interval(lines[0].readings, headline.date, desk.share)
        )
    )

table = reading_table(panel, [dimension, *members], desk.freq, desk.span, desk.share, dimension)
show_chart(
    plot_levels(lines, dimension, THEMED, desk.span, events, height=360), "dimension-chart", dataset, events, table
)

st.subheader("Indicators", anchor=False)
indicator = st.segmented_control(
    "Indicator",
    members,
    default=members[0],
    required=True,
    key=INDICATOR,
    bind="query-params",
    format_func=dataset.title,
    label_visibility="collapsed",
)
st.html(f'<p class="question">{escape_html(dataset.text(indicator, "definition"))}</p>')
apart = st.toggle("Each coder apart", key=APART, bind="query-params")
own = events[events["indicator"] == indicator]
line = lines_of(panel, (indicator,), THEMED, desk.end, desk.share)[0]
coders = coders_of(panel, indicator, chart_dates(panel, desk.end)) if apart else {}
show_chart(plot_coders(line, coders, THEMED, desk.span, own), "indicator-chart", dataset, own)

reasons, anchors = st.tabs(["Assessments", "Anchors"])
with anchors:
    score = line.readings["score"].iloc[-1] if len(line.readings) else None
    st.html(show_anchors(dataset.anchors[dataset.anchors["indicator"] == indicator], score))
with reasons:
    show_assessments(panel, indicator, desk.span)

st.subheader("Events", anchor=False)
st.html(show_events(dataset, own))
