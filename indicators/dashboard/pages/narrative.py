"""Narrative: the article as a reading column, each claim beside a chart of what it is bound to."""

import streamlit as st

from indicators.dashboard.app import open_page
from indicators.dashboard.narrative import say_claims, show_claim_row
from indicators.dashboard.remember import remember
from indicators.dashboard.share import show_pinned, show_share
from indicators.measures.narrative.claims import judge_claims
from indicators.show.text.article import passages_of
from indicators.show.text.claims import picture_claims
from indicators.show.text.html import show_article_paragraph, show_attribution

desk = open_page("narrative", "Narrative")
show_pinned(desk)
article = desk.dataset.article
st.html(show_attribution(article))
table = remember(judge_claims)(desk.panel)
verdicts = {row["claim"]: row for row in table.to_dict("records")}
with desk.place:
    show_share(desk, table=table, say=lambda: say_claims(desk, table))
fragments = remember(picture_claims)(desk.panel, table)

for section in article.sections:
    st.subheader(section.title, anchor=section.id)
    for passage in passages_of(section):
        text, charts = st.columns([5, 6], gap="large")
        text.html(show_article_paragraph(desk.dataset, passage))
        with charts.container(gap="xxsmall"):
            for claim in passage.claims:
                show_claim_row(desk.panel, verdicts[claim], fragments[claim])
