"""Update scores: a quarter as a sheet, each indicator scored from its events; corrections; many rows at once."""

import streamlit as st

from indicators.dashboard.app import open_page
from indicators.dashboard.browser.scripts import TYPING, run_script
from indicators.dashboard.head.share import show_share
from indicators.dashboard.scoring.address import open_tabs
from indicators.dashboard.scoring.after_save import show_last_save
from indicators.dashboard.scoring.codebook import show_codebook_desk
from indicators.dashboard.scoring.comments import show_requests
from indicators.dashboard.scoring.correct import show_earlier_rows
from indicators.dashboard.scoring.events import show_event_desk
from indicators.dashboard.scoring.forms import show_said
from indicators.dashboard.scoring.inbox import show_inbox
from indicators.dashboard.scoring.review import show_review
from indicators.dashboard.scoring.row import press_row, show_row
from indicators.dashboard.scoring.rows import show_rows
from indicators.dashboard.scoring.sheet import ask_quarter, find_open, read_sheet, show_progress, show_sheet
from indicators.dashboard.scoring.who import ask_coder, name_coder

desk = open_page("update", "Update scores")
with desk.place, st.container(horizontal=True, vertical_alignment="center"):
    coder = name_coder(desk)
    show_share(desk)
ask_coder(desk, coder)
if coder:
    run_script(TYPING)

ways = open_tabs(["Quarter sheet", "Many rows", "Earlier rows", "Review", "Inbox", "Events", "Codebook"])
if ways[0].open:
    with ways[0], st.container(key="sheet"):
        left, right = st.columns([5, 7], gap="large")
        with left:
            with st.container(key="sheet-head", horizontal=True, vertical_alignment="bottom"):
                quarter = ask_quarter(desk, coder)
                sheet = read_sheet(desk, coder, quarter)
                opened = find_open(sheet, coder, quarter)
                if press_row(desk, sheet, coder, quarter, opened):
                    sheet = read_sheet(desk, coder, quarter)
                    opened = find_open(sheet, coder, quarter)
                show_progress(sheet)
            show_sheet(desk, sheet, coder, quarter, opened)
        with right:
            show_last_save(desk, coder)
            show_said()
            if coder:
                show_requests(desk, coder)
            show_row(desk, sheet, coder, quarter, opened)
if not coder:
    for way in ways[1:]:
        if way.open:
            way.caption("For coders only.")
if ways[1].open and coder:
    with ways[1]:
        show_rows(desk, coder)
if ways[2].open and coder:
    with ways[2]:
        show_last_save(desk, coder, offered=False)
        show_said()
        show_earlier_rows(desk, coder)
for way, show in zip(ways[3:], (show_review, show_inbox, show_event_desk, show_codebook_desk), strict=True):
    if way.open and coder:
        with way:
            show(desk, coder)
