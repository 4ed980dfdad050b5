"""The server: ``streamlit run app.py`` opens the dashboard on the data folder, with the data over HTTP beside it."""

import os
from pathlib import Path

import streamlit as st

from indicators.dashboard.frame import open_shelf
from indicators.records.store import Shelf, locate_data
from indicators.show.api import build_routes


def _open_shelf() -> Shelf:
    return open_shelf(str(locate_data(None, os.environ)))


app = st.App(
    Path(__file__).parent / "indicators" / "dashboard" / "pages" / "navigation.py", routes=build_routes(_open_shelf)
)
