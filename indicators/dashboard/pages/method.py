"""Method and data: how the numbers are made, how fresh they are, and every file."""

import streamlit as st

from indicators.dashboard.blocks import offer_files
from indicators.dashboard.frame import look_at_data, open_page
from indicators.measures.index import Weights
from indicators.measures.readings import list_freshness
from indicators.measures.series import tabulate_coverage
from indicators.show.markup import show_problems, show_table
from indicators.show.sharing import cite
from indicators.show.tables import file_table, freshness_table, weight_table

desk = open_page("Method and data", dated=False)
dataset, panel = desk.dataset, desk.panel

method, weights, freshness, files = st.tabs(["Method", "Weights and coverage", "Freshness", "Files and citation"])
with method:
    st.markdown(dataset.method)
with weights:
    st.html(show_table(weight_table(dataset, Weights.from_codebook(dataset.dimensions, dataset.indicators))))
    st.subheader("Coverage", anchor=False)
    st.write("First day with a reading, and the share of the weight assessed by then.")
    st.html(show_table(tabulate_coverage(panel)))
with freshness:
    table = list_freshness(panel.effective, dataset.indicators["review_days"], desk.today)
    st.html(show_table(freshness_table(dataset, table)))
with files:
    st.write("Check of the folder as it stands:")
    st.html(show_problems(look_at_data().report))
    st.html(show_table(file_table(dataset)))
    offer_files(dataset)
    st.subheader("Licence and citation", anchor=False)
    st.write("Data: Creative Commons Attribution 4.0 (CC BY 4.0). Code: MIT.")
    st.code(cite(dataset, desk.today), language=None, wrap_lines=True)
    with st.expander("Data dictionary, rulings and changelog"):
        st.markdown(dataset.readme)
