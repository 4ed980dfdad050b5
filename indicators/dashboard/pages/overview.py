"""Overview: how tense it is now, what moved it, and what the article says of it."""

import streamlit as st

from indicators.dashboard.blocks import choose_line, list_events, show_chart, show_moves, show_tile_row, show_year
from indicators.dashboard.frame import open_page
from indicators.dashboard.results import headline_of, lines_of, moves_of
from indicators.dashboard.statements import show_headline_survival, show_own_weights
from indicators.show.charts import plot_levels
from indicators.show.markup import show_events, show_passages, show_reading
from indicators.show.narrative import passages_about
from indicators.show.palette import THEMED
from indicators.show.tables import reading_table
from indicators.show.words import describe_age, describe_interval

desk = open_page("How tense are US–Russia relations?")
dataset, panel = desk.dataset, desk.panel
dimensions = dataset.dimensions.index.tolist()

headline = headline_of(panel, "index", desk.today)
if headline is None:
    st.info("The index has no reading in this view: too few dimensions are assessed.")
    st.stop()
lines = lines_of(panel, ("index", *dimensions), THEMED, desk.end, desk.share)
st.html(
    show_reading(
        headline, "the index", describe_age(headline), describe_interval(lines[0].readings, headline.date, desk.share)
    )
)
show_own_weights(desk, headline)
show_tile_row(desk, lines[1:])

chart_side, text_side = st.columns([5, 2], gap="medium")
with chart_side:
    strong = choose_line(dataset)
    events = list_events(desk, strong)
    moves = moves_of(panel, desk.span) if strong == "index" else []
    chart = plot_levels(lines, strong, THEMED, desk.span, events, [(m.date, m.score) for m in moves], height=340)
    table = reading_table(panel, ["index", *dimensions], desk.freq, desk.span, desk.share, strong)
    show_chart(chart, "overview-chart", dataset, events, table)
    if moves:
        show_moves(desk, moves)
    st.subheader("The last year", anchor=False)
    show_year(desk, headline)
    show_headline_survival(desk, headline)
with text_side:
    st.subheader("The article", anchor=False)
    st.html(show_passages(passages_about(dataset, strong)))

st.subheader("Newest events", anchor=False)
st.html(show_events(dataset, events.tail(12)))
