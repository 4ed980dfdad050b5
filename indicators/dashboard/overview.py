"""Blocks of the first screen: the finding, what moved it, how sure it is, the article's claims, the account of a quarter."""

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from indicators.dashboard.app import Desk
from indicators.dashboard.charts.lines import list_lines
from indicators.dashboard.links import Links
from indicators.dashboard.remember import remember
from indicators.measures.change.moves import (
    Cause,
    Move,
    choose_causes,
    focus,
    largest_moves,
    measure_move,
    move_of,
)
from indicators.measures.headline import Headline, read_headline
from indicators.measures.narrative.claims import judge_claims
from indicators.measures.outside.validity import measure_validity
from indicators.measures.panel import Panel
from indicators.measures.quarters import assessed_since
from indicators.measures.uncertainty.choices import vary_choices
from indicators.show.charts.levels import Span
from indicators.show.links.parameters import BASE, CLAIM, COMPARE, add_event
from indicators.show.text.html import show_lines, show_paragraph
from indicators.show.text.outside.validity import describe_outside
from indicators.show.text.overview import (
    Address,
    choose_claims,
    describe_doubt,
    describe_finding,
    list_coders,
    show_account,
    show_claims_brief,
    show_doubt,
    show_moves,
    show_standing,
    show_why,
)
from indicators.show.text.uncertainty.sensitivity import describe_choices
from indicators.show.text.words import describe_age, describe_since, find_interval, name_quarter

AREAS = ("standing", "why", "doubt", "more", "choices", "chart", "cards", "claims")
"""Parts of the first screen in the order in which they are read; the style sheet says where each stands."""


def lay_out() -> dict[str, DeltaGenerator]:
    """Draw the empty parts of the first screen and return them by name, with ``below``, the place after it."""
    with st.container(key="first"):
        parts = {name: st.container(key=f"first-{name}", gap=None) for name in AREAS}
    return {**parts, "below": st.container()}


def read_index(desk: Desk) -> Headline | None:
    """Return the headline of the index in the reader's view."""
    headline: Headline | None = remember(read_headline)(desk.panel, "index", desk.today)
    return headline


def title_page(desk: Desk) -> str:
    """Return the topic's question with the finding that answers it."""
    headline = read_index(desk)
    question = desk.dataset.topic.question
    return question if headline is None else f"{question} {describe_finding(headline)}"


@remember
def read_ends(panel: Panel, date: pd.Timestamp, end: pd.Timestamp, percent: int) -> tuple[float, float] | None:
    """Return the ends of the interval of the index on a day, from the draws of the chart that ends on another."""
    return find_interval(list_lines(panel, ("index",), max(end, date), percent)[0].readings, date)


def tell_finding(desk: Desk, headline: Headline) -> None:
    """Draw the reading with its interval, and what it is compared with."""
    st.html(show_standing(headline, read_ends(desk.panel, headline.date, desk.end, desk.percent), desk.percent))


def tell_causes(desk: Desk, since: pd.Timestamp | None, date: pd.Timestamp) -> None:
    """Say what moved the index since an earlier quarter; without one, that there is none to compare with."""
    st.html(_tell_causes(desk.panel, desk.links, since, date))


@remember
def _tell_causes(panel: Panel, links: Links, since: pd.Timestamp | None, date: pd.Timestamp) -> str:
    move, causes = (None, []) if since is None else explain_move(panel, since, date)
    account = "" if since is None else link_account(links, since, date)
    return show_why(panel.dataset, move, causes, account, event_address(links))


def tell_doubt(desk: Desk, headline: Headline) -> None:
    """Say how sure the reading is and what is not in that, and how fresh it is."""
    ends = read_ends(desk.panel, headline.date, desk.end, desk.percent)
    st.html(_tell_doubt(desk.panel, headline, ends, desk.percent))


@remember
def _tell_doubt(panel: Panel, headline: Headline, ends: tuple[float, float] | None, percent: int) -> str:
    said = describe_doubt(panel.dataset, headline, list_coders(panel))
    return show_doubt(ends, percent, said, word_outside(panel.as_published()), describe_age(headline))


@remember
def word_outside(panel: Panel) -> str:
    """Return in a sentence whether outside series agree."""
    return describe_outside(panel.dataset, remember(measure_validity)(panel))


def offer_more(desk: Desk) -> None:
    """Offer what else there is to say on how sure the reading is, and what has been assessed since."""
    more = st.popover("More about the uncertainty", type="tertiary", key="more-doubt", on_change="rerun")
    if more.open:
        varied = remember(vary_choices)(desk.panel.as_published())
        since = assessed_since(desk.panel)
        lines = [*(describe_choices(varied) if varied else []), *([describe_since(since)] if since else [])]
        more.html(show_lines(lines))


def tell_claims(desk: Desk) -> None:
    """Draw the article with the counts of its verdicts, and some of its claims."""
    if told := _tell_claims(desk.panel.as_published(), desk.links):
        st.html(told)


@remember
def _tell_claims(panel: Panel, links: Links) -> str:
    claims = choose_claims(remember(judge_claims)(panel))
    if not claims.counts:
        return ""
    return show_claims_brief(
        panel.dataset, claims, links.to("narrative"), lambda id: links.to("narrative", {CLAIM: id})
    )


def list_largest(desk: Desk) -> None:
    """Draw the largest moves of the period, each with the causes that explain it."""
    st.html(_list_largest(desk.panel, desk.links, desk.span))


@remember
def _list_largest(panel: Panel, links: Links, span: Span) -> str:
    moves = largest_moves(panel, span)
    if not moves:
        return show_paragraph("No quarter of this period follows a settled one.", "empty")
    told = [(move, choose_causes(panel.dataset, move), link_account(links, move.since, move.date)) for move in moves]
    return show_moves(panel.dataset, told, event_address(links))


def open_account(desk: Desk, id: str, date: pd.Timestamp) -> None:
    """Open what moved the index, or a dimension, in the quarter that ends on a day."""
    panel = focus(desk.panel, id)
    move = remember(move_of)(panel, date)

    @st.dialog(f"What moved it: {name_quarter(date)}", width="medium")
    def show() -> None:
        if move is None:
            st.html(show_paragraph("No earlier quarter is settled, so there is nothing to compare it with."))
            return
        st.html(
            show_account(
                desk.dataset,
                move,
                explain_move(panel, move.since, move.date)[1],
                desk.dataset.title(id),
                link_account(desk.links, move.since, move.date),
                event_address(desk.links),
            )
        )

    show()


@remember
def explain_move(panel: Panel, since: pd.Timestamp, date: pd.Timestamp) -> tuple[Move, list[Cause]]:
    """Return the move between two settled quarters with the causes that explain it."""
    move = measure_move(panel, since, date)
    return move, choose_causes(panel.dataset, move)


def link_account(links: Links, since: pd.Timestamp, date: pd.Timestamp) -> str:
    """Return the address of the exact account of a change."""
    return links.to("compare", {BASE: f"{since:%Y-%m-%d}", COMPARE: f"{date:%Y-%m-%d}"})


def event_address(links: Links) -> Address:
    """Return what gives an event's id its address; what the address carries of the view is worked out once."""
    page = links.to("events")
    return lambda id: add_event(page, id)
