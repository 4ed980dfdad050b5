"""The server: ``streamlit run app.py`` opens the dashboard on the data folder, with the data over HTTP beside it."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from indicators.dashboard.access import local_key, tell_uploads
from indicators.dashboard.app import open_data, today_utc
from indicators.dashboard.browser.scripts import SCRIPTS
from indicators.dashboard.start import announce
from indicators.dashboard.streamlit_internals import (
    comes_from_page,
    find_chart_script,
    hash_inline_scripts,
    hash_script,
    pass_over_unreadable_states,
    write_figures_once,
)
from indicators.records.settings import read_settings
from indicators.show.http.middleware import Protection
from indicators.show.http.routes import build_health, build_routes
from indicators.show.text.terms import read_terms

SCRIPT = Path(__file__).parent / "indicators" / "dashboard" / "pages" / "navigation.py"
TERMS = read_terms(read_settings(), [*hash_inline_scripts(), *map(hash_script, SCRIPTS)])

pass_over_unreadable_states()
write_figures_once()

app = st.App(
    SCRIPT,
    lifespan=announce,
    # The routes know no account, so they are closed where the pages are for members only; health names no data.
    routes=build_health(open_data, with_digest=False)
    if TERMS.members_only
    else build_routes(open_data, today_utc, site=lambda: read_settings().site),
    middleware=[
        Middleware(
            Protection,
            terms=TERMS,
            key=local_key(),
            uploads=tell_uploads,
            is_message=comes_from_page,
            modules=find_chart_script(),
        )
    ],
)
