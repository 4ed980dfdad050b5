"""The script that Streamlit runs: the frame around the chosen page."""

from indicators.dashboard.app import run_app

run_app()
