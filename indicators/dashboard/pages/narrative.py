"""Narrative: the article as a reading column, each claim beside a chart of what it is bound to."""

import streamlit as st

from indicators.dashboard.blocks import show_claim_chart
from indicators.dashboard.frame import open_page
from indicators.show.markup import escape_html, show_article_paragraph
from indicators.show.narrative import passages_of

desk = open_page("Narrative", dated=False)
article = desk.dataset.article
st.html(f'<p class="attribution"><strong>{escape_html(article.title)}.</strong> {escape_html(article.attribution)}</p>')

for section in article.sections:
    st.subheader(section.title, anchor=section.id)
    for passage in passages_of(section):
        text, charts = st.columns([6, 5], gap="large")
        text.html(show_article_paragraph(desk.dataset, passage))
        with charts:
            for claim in passage.claims:
                show_claim_chart(desk.panel, claim)
