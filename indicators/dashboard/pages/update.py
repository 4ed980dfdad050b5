"""Update scores: score an indicator, see what it would change, and save it; correct, withdraw, or take in many rows."""

import streamlit as st

from indicators.dashboard.app import open_page
from indicators.dashboard.scoring.form import (
    choose_indicator,
    read_draft,
    require_editor,
    show_anchor_places,
    show_earlier,
    show_preview,
    show_save,
)
from indicators.dashboard.scoring.inbox import show_inbox
from indicators.dashboard.scoring.review import show_review
from indicators.dashboard.scoring.rows import show_rows
from indicators.dashboard.share import show_share
from indicators.show.links.parameters import DRAFT

desk = open_page("update", "Update scores")
with desk.place:
    show_share(desk)
editor = require_editor(desk)

one, many, review, inbox = st.tabs(
    ["One assessment", "Many rows", "Review", "Inbox"], key=f"{DRAFT}way", bind="query-params"
)
if one.open:
    with one:
        indicator = choose_indicator(desk)
        form, guide = st.columns([5, 4], gap="large")
        with form:
            draft = read_draft(desk, indicator, editor.coder)
            show_preview(desk, draft)
            show_save(desk, draft)
        with guide:
            show_anchor_places(desk, indicator, draft)
            show_earlier(desk, indicator, editor.coder)
if many.open:
    with many:
        show_rows(desk, editor.coder)
if review.open:
    with review:
        show_review(desk)
if inbox.open:
    with inbox:
        show_inbox(desk)
