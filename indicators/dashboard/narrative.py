"""Blocks about sentences: a claim with its verdict, and how far a headline holds."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from markupsafe import Markup

from indicators.dashboard.app import Desk
from indicators.dashboard.remember import remember
from indicators.measures.headline import Headline, read_headline
from indicators.measures.narrative.claims import Statement, draw_quantity, judge_claims
from indicators.measures.narrative.robustness import headline_survival, smallest_breaking_weights
from indicators.measures.panel import Panel
from indicators.measures.quarters import settled_quarters
from indicators.records.tables.core import LEVEL_CLAIMS, OPEN_CLAIMS
from indicators.show.charts.lines import claim_lines
from indicators.show.charts.palette import THEMED
from indicators.show.charts.plots import CONFIG, plot_claim, plot_distribution
from indicators.show.links.citation import say_verdict, say_verdicts
from indicators.show.links.parameters import CLAIM
from indicators.show.text.html import show_claim_list, show_paragraph, show_sources, show_survival, show_table
from indicators.show.text.narrative.article import claims_about
from indicators.show.text.narrative.claims import picture_claims
from indicators.show.text.words import (
    describe_breaking,
    describe_confidence,
    describe_own_weights,
    describe_quantity,
    describe_stability,
    describe_test,
    describe_verdict,
    escape_markdown,
    name_quantity,
    name_quarter,
)


def show_claim_row(panel: Panel, judged: dict[Any, Any], fragment: Markup) -> None:
    """Draw a claim, and a way to everything behind it."""
    with st.container(key=f"row-{judged['claim']}", gap="xxsmall"):
        st.html(fragment)
        if not judged["subject"]:  # nothing is tested
            return
        pressed = st.button("Readings and draws", key=f"open-{judged['claim']}", type="tertiary")
    # A link that names the claim opens it, too.
    if pressed or st.query_params.get(CLAIM) == judged["claim"]:
        st.query_params[CLAIM] = judged["claim"]
        open_claim(panel, judged)


def show_claims_about(desk: Desk, id: str) -> None:
    """Draw the claims about an id, as the page Narrative has them; nothing where there are none."""
    claims = claims_about(desk.dataset, id)
    if not claims:
        return
    fragments = picture_all(desk.panel)
    st.header("What the article says about it", anchor=False)
    st.html(show_claim_list([fragments[claim] for claim in claims], desk.links.to("narrative")))


@remember
def picture_all(panel: Panel) -> dict[str, Markup]:
    """Return every claim of the article with its verdict and picture, as a fragment of a page."""
    return picture_claims(panel, remember(judge_claims)(panel))


def say_claims(desk: Desk, verdicts: pd.DataFrame) -> str:
    """Return the sentence to quote: the verdict on the claim that is open, or how many claims have which verdict."""
    title = desk.dataset.article.title
    claim = st.query_params.get(CLAIM)
    for judged in verdicts.to_dict("records"):
        if judged["claim"] == claim:
            return say_verdict(judged, title)
    return say_verdicts(verdicts, title)


def close_claim() -> None:
    """Take the claim out of the address when its dialog is closed."""
    st.query_params.pop(CLAIM, None)


@st.dialog("Claim", width="large", on_dismiss=close_claim)
def open_claim(panel: Panel, judged: dict[Any, Any]) -> None:
    """Show the chart, the readings and the draws behind one claim."""
    st.subheader(escape_markdown(judged["text"]), anchor=False)
    st.html(show_paragraph(describe_verdict(judged), "verdict"))
    window = (judged["start"], judged["end"])
    chart = plot_claim(claim_lines(panel, judged, THEMED), THEMED, window, _level(judged), height=240)
    st.plotly_chart(chart.figure, key=f"claim-{judged['claim']}", config=CONFIG, alt=chart.alt)
    st.write(escape_markdown(f"{describe_test(judged, panel.dataset)}. {describe_quantity(judged)}"))
    for sentence in (describe_stability(judged), describe_confidence(judged)):
        st.write(escape_markdown(sentence))
    if judged["untested"]:
        st.write(escape_markdown(f"Not tested: {judged['untested']}"))
    if pd.notna(judged["value"]):
        values = draw_quantity(panel, judged)
        threshold = 0.0 if judged["test"] in OPEN_CLAIMS else float(judged["threshold"])
        drawn = plot_distribution(values[~np.isnan(values)], threshold, THEMED, name_quantity(judged["test"]))
        st.plotly_chart(drawn.figure, key=f"draws-{judged['claim']}", config=CONFIG, alt=drawn.alt)
        st.html(show_sources(f"{drawn.alt} The dashed line is the threshold."))
    st.html(show_table(chart.table, caption="Readings, newest first"))


def show_headline_survival(desk: Desk, headline: Headline) -> None:
    """Say how far the sentences about the index hold when draws, weights, means and coders vary."""
    sentences: list[tuple[str, str, tuple[pd.Timestamp, ...]]] = []
    if headline.change is not None and round(headline.change, 1) > 0:
        sentences.append(("Higher than a year before", "rises", (headline.year_ago,)))
    elif headline.change is not None and round(headline.change, 1) < 0:
        sentences.append(("Lower than a year before", "falls", (headline.year_ago,)))
    settled = remember(settled_quarters)(desk.panel, "index")
    if headline.highest_since is not None and headline.highest_since < headline.quarter_ago:
        between = settled[(settled > headline.highest_since) & (settled < headline.date)]
        sentences.append((f"Highest since the {name_quarter(headline.highest_since)}", "highest_since", tuple(between)))
    for sentence, test, before in sentences:
        statement = Statement(test, ("index",), pd.DatetimeIndex([headline.date]), pd.DatetimeIndex(before))
        survival = remember(headline_survival)(desk.panel, statement)
        st.html(show_survival(sentence, survival))
        varied = st.popover("What was varied", type="tertiary", key=f"varied-{test}", on_change="rerun")
        if varied.open:
            lines = list(survival.varied)
            if test == "rises":
                breaking = remember(smallest_breaking_weights)(desk.panel, headline.year_ago, headline.date)
                lines.append(describe_breaking(desk.dataset, breaking))
            for line in lines:
                varied.write(escape_markdown(line))


def show_own_weights(desk: Desk, headline: Headline) -> None:
    """Say that the reader's weights or mean are in use, and how far that is from the published reading."""
    if not desk.own_weights and desk.panel.mean == "arithmetic":
        return
    published = remember(read_headline)(desk.panel.as_published(), "index", desk.today)
    if published is not None:
        st.info(describe_own_weights(headline, published, desk.dataset, desk.panel))


def _level(judged: dict[Any, Any]) -> float | None:
    return float(judged["threshold"]) if judged["test"] in LEVEL_CLAIMS else None
