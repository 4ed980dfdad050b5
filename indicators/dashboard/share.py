"""Share: links to the view as it is now and as cited, a sentence to quote, code to embed, and downloads."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from indicators.dashboard.app import Desk
from indicators.dashboard.charts import Laid, lay
from indicators.dashboard.links import current_view
from indicators.dashboard.remember import remember
from indicators.measures.outside.overlay import NO_OVERLAY
from indicators.records.settings import read_settings
from indicators.show.charts.levels import events_about
from indicators.show.charts.outside import source_lines
from indicators.show.charts.plots import Chart
from indicators.show.files.bundle import draw_picture, explain_no_pictures, pack_evidence, write_chart_page
from indicators.show.files.tables import csv_bytes
from indicators.show.links.citation import describe_pinned, embed_card, pin_values, quote_reading
from indicators.show.links.parameters import (
    DIGEST,
    DIM,
    OVERLAY,
    STANDARD,
    View,
    build_link,
    cite,
    list_defaults,
)
from indicators.show.text.words import describe_sources

NO_SITE = "This app has no publication beside it (TENSION_SITE names its address), so there is no card to embed."


def show_share(desk: Desk, chart: Chart | None = None, table: pd.DataFrame | None = None) -> None:
    """Draw the button Share of a page: its content is made when a reader opens it.

    ``chart`` is the page's main chart and ``table`` what the chart's table twin shows; without a chart only links,
    sentence, code and evidence are offered.
    """
    popover = st.popover("Share", key="share", on_change="rerun")
    if not popover.open:
        return
    page, dataset = desk.page, desk.dataset
    view = current_view(dataset, page)
    # A page without a choice of the line is about the index, whatever its address names.
    standard = list_defaults(page, view.values, dataset).get(DIM)
    id = view.values.get(DIM, standard) if standard else "index"
    base = app_address(page)
    link = build_link(base, page, {name: value for name, value in view.values.items() if name != DIGEST}, dataset)
    with popover:
        _show_text("This view; it follows new data", link)
        _show_text(
            "This view as cited; it keeps to the data of today",
            build_link(base, page, pin_values(view.values, dataset), dataset),
        )
        _show_text("To quote", remember(quote_reading)(desk.panel, id, desk.percent, desk.today))
        site = read_settings().site
        if site:
            _show_text("To embed: the card of the publication", embed_card(site, dataset, id), "html")
        else:
            st.caption(NO_SITE)
        _offer_downloads(desk, id, view, link, chart, table)


def show_pinned(desk: Desk) -> None:
    """Say that newer data exist where the page was opened by a cited link and the data have moved on."""
    if notice := describe_pinned(desk.dataset, current_view(desk.dataset, desk.page)):
        st.info(notice)


def app_address(page: str) -> str:
    """Return the address of the app as this reader sees it, without the page."""
    return (st.context.url or "").rstrip("/").removesuffix(f"/{page}" if page else "")


def _show_text(label: str, text: str, language: str | None = None) -> None:
    st.caption(label)
    st.code(text, language=language, wrap_lines=True)


def _offer_downloads(
    desk: Desk, id: str, view: View, link: str, chart: Chart | None, table: pd.DataFrame | None
) -> None:
    dataset = desk.dataset
    name = f"tension-{desk.page or 'overview'}-{id}-{dataset.digest[:8]}"
    title = f"{dataset.topic.short_name}: {dataset.title(id).lower() if id == 'index' else dataset.title(id)}"
    citation = cite(dataset)
    why = "" if chart is None else explain_no_pictures()
    with st.container(horizontal=True):
        if chart is not None:
            twin = chart.table if table is None else table
            sources = describe_sources(dataset, events_about(dataset, id, desk.span))
            outside: list[str] = []
            if (over := view.get(OVERLAY)) != NO_OVERLAY:
                laid = lay(desk.panel, Laid(over, view.get(STANDARD) == "true"), id, desk.span)
                outside = source_lines(dataset, laid)
            sources = "\n".join([sources, *outside])
            credit = "\n".join([citation, *outside])
            _offer("CSV", f"{name}.csv", "text/csv", lambda: csv_bytes(twin))
            _offer(
                "Web page", f"{name}.html", "text/html", lambda: write_chart_page(chart, twin, title, sources, citation)
            )
            if not why:
                _offer("PNG", f"{name}.png", "image/png", lambda: draw_picture(chart, "png", title, credit))
                _offer("SVG", f"{name}.svg", "image/svg+xml", lambda: draw_picture(chart, "svg", title, credit))
        _offer("Evidence", f"{name}.zip", "application/zip", lambda: pack_evidence(desk.panel, view, link))
    if why:
        st.caption(why)


def _offer(label: str, file: str, kind: str, make: Callable[[], bytes]) -> None:
    st.download_button(label, make, file, kind, key=f"share-{label}", on_click="ignore")
