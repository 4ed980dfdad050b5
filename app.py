"""The server: ``streamlit run app.py`` opens the dashboard on the data folder, with the data over HTTP beside it."""

import os
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from indicators.dashboard.access import members_only
from indicators.dashboard.frame import open_data
from indicators.dashboard.inline import hash_inline_scripts
from indicators.show.api import build_health, build_routes
from indicators.show.protection import Protection, read_terms

SCRIPT = Path(__file__).parent / "indicators" / "dashboard" / "pages" / "navigation.py"

app = st.App(
    SCRIPT,
    # The routes know no account, so they are closed where the pages are for members only; health names no data.
    routes=build_health(open_data) if members_only() else build_routes(open_data),
    middleware=[Middleware(Protection, terms=read_terms(os.environ, hash_inline_scripts()))],
)
