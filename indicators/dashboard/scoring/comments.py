"""What coders and the lead write about an assessment, shown with its row, and the entry of a further comment."""

import pandas as pd
import streamlit as st

from indicators.dashboard.app import Desk
from indicators.dashboard.remember import remember
from indicators.dashboard.scoring.forms import SmallForm, Values
from indicators.measures.review import list_comments, list_requests
from indicators.records.encoding import DAY_FORMAT
from indicators.records.saving.entry import judge_cells, tidy
from indicators.records.tables.core import COMMENT, COMMENTS, COMMENTS_FILE, CORRECTION
from indicators.show.text.scoring.sheet import show_comments
from indicators.show.text.words import count_words, escape_markdown, format_date

SHOWN = 20
"""Requests that are listed at once."""

UNIT = ["indicator", "date", "coder"]
KINDS = {COMMENT: "Comment", CORRECTION: "Ask for a correction"}


def show_talk(desk: Desk, row: pd.Series, author: str) -> None:
    """Draw the comments on an assessment, and the entry of a further one; the lead may ask for a correction there."""
    indicator, date, coder = str(row["indicator"]), pd.Timestamp(row["date"]), str(row["coder"])
    comments = list_comments(desk.dataset, indicator, date, coder)
    asked = remember(list_requests)(desk.dataset)
    if len(asked) and (asked[UNIT] == [indicator, date, coder]).all(axis=1).any():
        st.warning("The lead asks for a correction of this assessment.")
    if len(comments):
        st.html(show_comments(desk.dataset, comments))
    day = date.strftime(DAY_FORMAT)
    with st.expander("Comment on it", key=f"talk-{indicator}-{day}-{coder}", on_change="rerun") as opened:
        if opened.open:
            write_comment(desk, indicator, day, coder, author)


def write_comment(desk: Desk, indicator: str, day: str, coder: str, author: str) -> None:
    """Draw the entry of a comment on an assessment."""
    leads = author == desk.dataset.topic.lead and author != coder
    start = {"kind": COMMENT}
    form = SmallForm(author, f"comment-{indicator}-{day}-{coder}", ("kind", "text"), judge_comment, start)
    if leads:
        form.choice("kind", "What it is", KINDS, label_visibility="collapsed")
    form.area("text", "Text")
    typed = form.read()
    kind = typed["kind"] if leads and typed["kind"] else COMMENT
    cells = {
        **{"indicator": indicator, "date": day, "coder": coder, "kind": kind},
        **{"text": tidy(typed["text"]), "author": author, "recorded": ""},
    }
    asks = kind == CORRECTION
    form.press(
        desk,
        "Ask for the correction" if asks else "Save the comment",
        lambda _: {"appended": ((COMMENTS_FILE, cells),)},
        f"{coder} is asked for a correction." if asks else "The comment is saved.",
    )


def judge_comment(typed: Values) -> dict[str, str]:
    """Return what is wrong with a comment, by field."""
    return judge_cells(COMMENTS, {"text": tidy(typed["text"])})


def show_requests(desk: Desk, coder: str = "") -> None:
    """Draw which corrections are asked for and open: those of a coder, or all."""
    asked = remember(list_requests)(desk.dataset)
    asked = asked[asked["coder"] == coder] if coder else asked
    for row in asked.head(SHOWN).to_dict("records"):
        whose = "your score" if coder else f"{row['coder']}'s score"
        unit = f"{desk.dataset.title(row['indicator'])}, {format_date(row['date'])}"
        st.warning(escape_markdown(f"{row['author']} asks for a correction of {whose} of {unit}: {row['text']}"))
    if len(asked) > SHOWN:
        st.caption(f"{SHOWN} of {count_words(len(asked), 'correction')} asked for; the others follow.")
