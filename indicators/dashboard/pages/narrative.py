"""Narrative: the article as a reading column, each claim with verdict and chart beside its paragraph."""

import streamlit as st

from indicators.dashboard.app import open_page
from indicators.dashboard.head.share import show_pinned, show_share
from indicators.dashboard.narrative import picture_all, say_claims, show_claim_row
from indicators.dashboard.remember import remember
from indicators.measures.narrative.claims import judge_claims
from indicators.show.text.html import show_article_paragraph, show_attribution, show_paragraph
from indicators.show.text.narrative.article import passages_of
from indicators.show.text.narrative.claims import describe_tally

desk = open_page("narrative", "Narrative")
show_pinned(desk)
article = desk.dataset.article
table = remember(judge_claims)(desk.panel)
verdicts = {row["claim"]: row for row in table.to_dict("records")}
with desk.place:
    show_share(desk, table=table, say=lambda: say_claims(desk, table))
fragments = picture_all(desk.panel)
st.html(show_attribution(article) + show_paragraph(describe_tally(table), "question", ["claim", "verdict"]))

for section in article.sections:
    st.header(section.title, anchor=section.id)
    for number, passage in enumerate(passages_of(section)):
        with st.container(key=f"passage-{section.id}-{number}"):
            text, charts = st.columns([5, 6], gap="medium")
        text.html(show_article_paragraph(desk.dataset, passage))
        with charts.container(gap="xxsmall"):
            for claim in passage.claims:
                show_claim_row(desk.panel, verdicts[claim], fragments[claim])
