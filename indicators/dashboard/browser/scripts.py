"""What the app has the browser do and show beyond Streamlit: scripts and a style of its own, each in a file beside this one."""

from pathlib import Path

import streamlit as st
from markupsafe import Markup

from indicators.show.text.html import GLOSSARY, show_script
from indicators.show.text.markup import read_own

TYPING = read_own(Path(__file__).with_name("typing.js"))
"""Tells of typing soon, and goes to the row that was opened."""

WHOLE_PERIOD = read_own(Path(__file__).with_name("whole_period.js"))
"""Takes the whole period on a double click."""

SLASH = read_own(Path(__file__).with_name("search.js"))
"""Leads to the search with the key /."""

VISIT = read_own(Path(__file__).with_name("visit.js"))
"""Has the browser keep when it was here and which data it saw."""

APP_STYLE = read_own(Path(__file__).with_name("app.css"))
"""The style of what the app alone draws."""

SCRIPTS = (TYPING, SLASH, WHOLE_PERIOD, VISIT, GLOSSARY)
"""All of them; the pages' content policy names each by its hash."""


def run_script(script: Markup) -> None:
    """Put a script into the page, where it runs once."""
    st.html(show_script(script), unsafe_allow_javascript=True)
