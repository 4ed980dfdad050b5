"""Blocks about outside series: the choice of one, and what stands below it."""

import streamlit as st

from indicators.dashboard.app import Desk
from indicators.dashboard.results import Laid, overlay_sources_of
from indicators.dashboard.widgets import choose_id
from indicators.measures.outside.overlay import NO_OVERLAY, list_overlays
from indicators.show.charts.outside import title_choice
from indicators.show.links.parameters import OVERLAY, STANDARD

OVERLAY_HELP = (
    "A series from elsewhere, in a panel of its own below the chart. Further series are imported on the page Method "
    "and data, tab Files."
)
STANDARD_HELP = "Reading and series as standard deviations from their own means in the period shown."


def choose_overlay(desk: Desk) -> Laid:
    """Draw the choice of an outside series and of standard deviations, both kept in the URL."""
    dataset = desk.dataset
    ids = [NO_OVERLAY, *list_overlays(dataset.sources.index)]

    def title(id: str) -> str:
        return "None" if id == NO_OVERLAY else title_choice(dataset, id)

    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        with st.container(width=420):
            overlay = choose_id("Outside series", ids, OVERLAY, title, listed=True, help=OVERLAY_HELP)
        standardised = st.toggle(
            "Standardised", key=STANDARD, bind="query-params", disabled=overlay == NO_OVERLAY, help=STANDARD_HELP
        )
    return Laid(overlay, standardised and overlay != NO_OVERLAY)


def show_overlay(desk: Desk, subject: str, laid: Laid) -> None:
    """Say of the series below a chart how to read it and where it is from."""
    if laid.overlay != NO_OVERLAY:
        st.html(overlay_sources_of(desk.panel, subject, desk.span, laid))
