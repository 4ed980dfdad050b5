"""The script that Streamlit runs: the frame around the chosen page."""

from indicators.dashboard.app import run_app
from indicators.dashboard.scoring.after_save import save_pending

run_app()
save_pending()
