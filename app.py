"""The server: ``streamlit run app.py`` opens the dashboard on the data folder."""

from pathlib import Path

import streamlit as st

app = st.App(Path(__file__).parent / "indicators" / "dashboard" / "pages" / "navigation.py")
