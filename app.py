"""The server: ``streamlit run app.py`` opens the dashboard on the data folder, with the data over HTTP beside it."""

from pathlib import Path

import streamlit as st

from indicators.dashboard.access import members_only
from indicators.dashboard.frame import open_data
from indicators.show.api import build_routes

SCRIPT = Path(__file__).parent / "indicators" / "dashboard" / "pages" / "navigation.py"

# The routes know no account, so they are closed where the pages are for members only.
app = st.App(SCRIPT, routes=[] if members_only() else build_routes(open_data))
