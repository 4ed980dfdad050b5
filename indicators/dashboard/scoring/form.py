"""Blocks of the page Update scores: the draft, what it would change, and the save."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd
import streamlit as st
from markupsafe import Markup

from indicators.dashboard.access import Permission, may_edit, offer_sign_in
from indicators.dashboard.app import Desk, stop_page
from indicators.dashboard.blocks import list_events
from indicators.dashboard.remember import remember
from indicators.dashboard.scoring.save import offer_save, show_effect, show_waiting
from indicators.dashboard.widgets import choose_id, choose_ids
from indicators.measures.uncertainty.sensitivity import queue_scoring
from indicators.records.rules import SCORE
from indicators.records.saving.submission import Saved, withdraw
from indicators.records.tables.columns import RATIONALE
from indicators.records.tables.core import FACT, PUBLISHER, SOURCE_TITLE
from indicators.show.links.parameters import DRAFT
from indicators.show.text.html import show_anchors, show_assessment, show_paragraph
from indicators.show.text.words import CREDIBILITY, EFFECTS, RELIABILITY, format_date

NEW, CORRECT, WITHDRAW = "New assessment", "Correct an earlier one", "Withdraw an earlier one"
ACTIONS = (NEW, CORRECT, WITHDRAW)
RANGE_HELP = "Where you would not be surprised to find the score: as wide as the evidence is weak."


@dataclass(frozen=True)
class Draft:
    """What has been typed so far: the cells of one row of the ledger, as text, without the time of recording."""

    indicator: str
    date: dt.date
    score: float | None
    low: float | None
    high: float | None
    rationale: str
    events: tuple[str, ...]
    coder: str
    new_event: dict[str, str] | None = None

    @property
    def withdrawal(self) -> bool:
        """Whether the row withdraws an earlier one."""
        return self.score is None

    def cells(self) -> dict[str, str]:
        """Return the row's cells as text."""

        def number(value: float | None) -> str:
            return "" if value is None else f"{value:g}"

        return {
            "date": self.date.isoformat(),
            "indicator": self.indicator,
            "score": number(self.score),
            "low": number(self.low),
            "high": number(self.high),
            "rationale": self.rationale,
            "events": ";".join(self.events),
            "coder": self.coder,
            "method": "",
        }


def require_editor(desk: Desk) -> Permission:
    """Return the editor, or say why nobody may edit here and draw nothing else."""
    permission = may_edit(desk.dataset.people)
    if not permission.allowed:
        st.info(permission.why)
        offer_sign_in()
        stop_page()
    st.caption(f"You record as coder {permission.coder}.")
    show_waiting(desk, permission.coder)
    return permission


def choose_indicator(desk: Desk) -> str:
    """Draw the choice of an indicator, with what to score next at hand."""
    queue = remember(queue_scoring)(desk.panel, desk.today)
    ids = desk.dataset.indicators.index.tolist()
    first = str(queue["indicator"].iloc[0]) if len(queue) else ids[0]
    return choose_id(
        "Indicator",
        ids,
        f"{DRAFT}indicator",
        lambda id: f"{desk.dataset.title(id)} — {desk.dataset.title(desk.dataset.text(id, 'dimension'))}",
        first,
        listed=True,
        drafted=True,
        help="The one whose scoring would narrow the interval of the index most stands first chosen.",
    )


def read_draft(desk: Desk, indicator: str, coder: str) -> Draft:
    """Draw the form, bound to the URL so that a reload keeps what was typed, and return the draft."""
    action = st.segmented_control(
        "What to do",
        ACTIONS,
        default=ACTIONS[0],
        required=True,
        key=f"{DRAFT}action",
        bind="query-params",
        help="A correction or withdrawal adds a row that replaces the one of the same date; the old row stays.",
    )
    earlier = own_rows(desk, indicator, coder)
    if action == NEW:
        date = st.date_input(
            "Date from which the score holds", desk.today, max_value=desk.today, key=f"{DRAFT}date", bind="query-params"
        )
    else:
        if earlier.empty:
            st.info("You have no assessment of this indicator to correct.")
            stop_page()
        days = [f"{day:%Y-%m-%d}" for day in earlier["date"][::-1]]
        chosen = choose_id(
            "Assessment", days, f"{DRAFT}old", lambda day: format_date(pd.Timestamp(day)), listed=True, drafted=True
        )
        date = dt.date.fromisoformat(chosen)
    score = low = high = None
    if action != WITHDRAW:
        score = st.slider("Score", SCORE.low, SCORE.high, 5.0, SCORE.step, key=f"{DRAFT}score", bind="query-params")
        low, high = st.slider(
            "Plausible range",
            SCORE.low,
            SCORE.high,
            (4.0, 6.0),
            SCORE.step,
            key=f"{DRAFT}range",
            bind="query-params",
            help=RANGE_HELP,
        )
    rationale = st.text_area(
        "Why this score" if action == NEW else "What was wrong, and why this instead",
        max_chars=RATIONALE.longest,
        height=120,
        key=f"{DRAFT}rationale",
        bind="query-params",
        placeholder=f"{RATIONALE.shortest} to {RATIONALE.longest} characters, in your own words",
    )
    cited = choose_events(desk, indicator, date)
    return Draft(indicator, date, score, low, high, " ".join(rationale.split()), cited, coder, add_event(indicator))


def choose_events(desk: Desk, indicator: str, date: dt.date) -> tuple[str, ...]:
    """Draw the choice of events: those of the dimension up to the date, newest and nearest first, found by typing."""
    members = desk.dataset.indicators_of(desk.dataset.text(indicator, "dimension"))
    events = desk.dataset.events
    events = events[events["indicator"].isin(members) & (events["date"] <= pd.Timestamp(date))]
    order = events.assign(other=events["indicator"] != indicator).sort_values(
        ["other", "date"], ascending=[True, False]
    )
    facts = {str(id): f"{id} · {row['date']:%Y-%m-%d} · {row['fact']}" for id, row in order.iterrows()}
    placeholder = "Type a word of the event, or its id"
    label = "Events that it rests on"
    return tuple(choose_ids(label, list(facts), f"{DRAFT}events", lambda id: facts.get(id, id), placeholder))


def add_event(indicator: str) -> dict[str, str] | None:
    """Draw the entry of a new event, the two grades apart from each other, and return it once it is complete."""
    with st.expander("Add an event that is not on record"):
        fact = st.text_area(
            "What happened, in your own words", max_chars=FACT.longest, key=f"{DRAFT}fact", bind="query-params"
        )
        left, right = st.columns(2)
        day = left.date_input("Day of the event", None, key=f"{DRAFT}fact_date", bind="query-params")
        effect = right.segmented_control("It", list(EFFECTS), key=f"{DRAFT}effect", bind="query-params")
        url = st.text_input("Link to the source", key=f"{DRAFT}url", bind="query-params", placeholder="https://")
        second = st.text_input(
            "Link to another report that confirms it, if there is one",
            key=f"{DRAFT}second",
            bind="query-params",
            placeholder="https://",
        )
        title = st.text_input(
            "Title of the source", max_chars=SOURCE_TITLE.longest, key=f"{DRAFT}title", bind="query-params"
        )
        publisher = st.text_input(
            "Publisher", max_chars=PUBLISHER.longest, key=f"{DRAFT}publisher", bind="query-params"
        )
        reliability = st.radio(
            "First: how reliable is the source, whatever it says here?",
            [f"{grade} {meaning}" for grade, meaning in RELIABILITY.items()],
            index=None,
            key=f"{DRAFT}reliability",
            bind="query-params",
            horizontal=True,
        )
        credibility = None
        if reliability:
            credibility = st.radio(
                "Then: how credible is this fact, whoever reports it?",
                [f"{grade} {meaning}" for grade, meaning in CREDIBILITY.items()],
                index=None,
                key=f"{DRAFT}credibility",
                bind="query-params",
                horizontal=True,
            )
    if not (fact and day and effect and url and title and publisher and reliability and credibility):
        return None
    return {
        "date": day.isoformat(),
        "indicator": indicator,
        "effect": effect,
        "fact": " ".join(fact.split()),
        "source_url": url.strip(),
        "source_title": " ".join(title.split()),
        "publisher": " ".join(publisher.split()),
        "reliability": reliability[0],
        "credibility": credibility[0],
        "second_source_url": second.strip(),
    }


def show_anchor_places(desk: Desk, indicator: str, draft: Draft) -> None:
    """Draw the definition and the anchors with the chosen score's place among them."""
    st.html(show_paragraph(desk.dataset.text(indicator, "definition"), "question"))
    anchors = desk.dataset.anchors
    st.html(show_anchors(anchors[anchors["indicator"] == indicator], draft.score))


def show_earlier(desk: Desk, indicator: str, coder: str) -> None:
    """Draw the coder's own last assessments and the newest events; the other coders' scores stay hidden at first."""
    st.subheader("Your last assessments", anchor=False)
    own = own_rows(desk, indicator, coder).iloc[::-1].head(4)
    if own.empty:
        st.caption("None yet.")
    else:
        st.html(Markup("").join(show_assessment(desk.dataset, row) for _, row in own.iterrows()))
    others = desk.panel.effective
    others = others[(others["indicator"] == indicator) & (others["coder"] != coder)]
    if len(others):
        if indicator in st.session_state.get("scored", set()):
            st.subheader("The other coders", anchor=False)
            newest = others.iloc[::-1].head(4)
            st.html(Markup("").join(show_assessment(desk.dataset, row) for _, row in newest.iterrows()))
        else:
            st.caption("The other coders' scores are hidden until you have saved your own.")
    st.subheader("Newest events", anchor=False)
    st.html(list_events(desk.panel, indicator, (desk.span[0], pd.Timestamp(desk.today)), 6))


def own_rows(desk: Desk, indicator: str, coder: str) -> pd.DataFrame:
    """Return a coder's assessments of an indicator that are in force, oldest first."""
    rows = desk.panel.effective
    return rows[(rows["indicator"] == indicator) & (rows["coder"] == coder)].sort_values("date")


def show_preview(desk: Desk, draft: Draft) -> None:
    """Draw the readings before and after, and the claims whose verdict would change."""
    st.subheader("What it would change", anchor=False)
    row = {
        **draft.cells(),
        "date": pd.Timestamp(draft.date),
        "score": draft.score,
        "low": draft.low,
        "high": draft.high,
        "recorded": pd.Timestamp(dt.datetime.now(dt.UTC)).tz_localize(None),
    }
    if draft.score is not None and not (draft.low or 0) <= draft.score <= (draft.high or 0):
        st.caption("The score lies outside its plausible range.")
        return
    rows = pd.DataFrame([row]).astype({"score": float, "low": float, "high": float})
    show_effect(desk, rows)


def show_save(desk: Desk, draft: Draft) -> None:
    """Draw the save button; what was typed stays on the page whatever comes of the save."""
    cells = draft.cells()
    events = [*draft.events, *(["new1"] if draft.new_event else [])]
    row = {**cells, "events": ";".join(events)}
    if draft.withdrawal and not events:
        row = withdraw(draft.indicator, draft.coder, cells["date"], draft.rationale)
    label = "Withdraw" if draft.withdrawal else "Save"
    outcome = offer_save(desk, label, (row,), (draft.new_event,) if draft.new_event else ())
    if isinstance(outcome, Saved):
        st.session_state.setdefault("scored", set()).add(draft.indicator)
