"""Blocks about outside series: the choice of one, and what stands below it."""

import streamlit as st

from indicators.dashboard.app import Desk
from indicators.dashboard.charts.lines import Laid, lay
from indicators.dashboard.remember import remember
from indicators.dashboard.widgets import choose_flag, choose_listed
from indicators.measures.outside.overlay import NO_OVERLAY
from indicators.measures.panel import Panel
from indicators.show.charts.levels import Span
from indicators.show.charts.outside import title_choice
from indicators.show.links.parameters import OVERLAY, STANDARD
from indicators.show.text.outside.comparison import show_overlay_sources


def choose_overlay(desk: Desk) -> Laid:
    """Draw the choice of an outside series and of standard deviations, both kept in the URL."""

    def title(id: str) -> str:
        return "None" if id == NO_OVERLAY else title_choice(desk.dataset, id)

    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        with st.container(width=420):
            overlay = choose_listed(OVERLAY, desk.scope, title, listed=True)
        standardised = choose_flag(STANDARD, desk.scope, disabled=overlay == NO_OVERLAY)
    return Laid(overlay, standardised and overlay != NO_OVERLAY)


def show_overlay(desk: Desk, subject: str, laid: Laid) -> None:
    """Say of the series below a chart how to read it and where it is from."""
    if laid.overlay != NO_OVERLAY:
        st.html(list_overlay_sources(desk.panel, subject, desk.span, laid))


@remember
def list_overlay_sources(panel: Panel, subject: str, span: Span, laid: Laid) -> str:
    """Return what stands below an outside series: how to read it, and where it is from, as a fragment of a page."""
    return show_overlay_sources(panel.dataset, lay(panel, laid, subject, span))
