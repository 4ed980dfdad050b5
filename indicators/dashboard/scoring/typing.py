"""What the update desk asks of the browser beyond Streamlit: to tell of typing soon, and to go to the row that was opened."""

from pathlib import Path

import streamlit as st

from indicators.show.text.html import show_script
from indicators.show.text.markup import read_own

TYPING = read_own(Path(__file__).with_name("typing.js"))


def watch_typing() -> None:
    """Put the script into the page, where it runs once; the page's content policy names it by its hash."""
    st.html(show_script(TYPING), unsafe_allow_javascript=True)
