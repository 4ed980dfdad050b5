"""Share: links to the view, a sentence on the page to quote, citations, code to embed, and downloads."""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd
import streamlit as st

from indicators.dashboard.app import Desk, open_data, see_dataset
from indicators.dashboard.charts.lines import Laid, lay
from indicators.dashboard.links import current_view
from indicators.dashboard.remember import remember
from indicators.measures.blindness import PUBLIC, find_blindness
from indicators.measures.outside.overlay import NO_OVERLAY
from indicators.records.dataset import Dataset
from indicators.records.settings import read_settings
from indicators.show.charts.levels import Span, events_about
from indicators.show.charts.outside import source_lines
from indicators.show.charts.plots import Chart
from indicators.show.files.bundle import pack_evidence, write_chart_page
from indicators.show.files.card import NoCardError, embed_view, pin_card
from indicators.show.files.description import Description, describe_download
from indicators.show.files.pictures import SIZES, Size, draw_picture, explain_no_pictures, start_browser
from indicators.show.files.tables import ViewError, noted_csv
from indicators.show.http.resources import ask
from indicators.show.links.citation import (
    cite_bibtex,
    cite_csl,
    describe_pinned,
    embed_card,
    pin_values,
    quote,
    say_change,
    say_reading,
)
from indicators.show.links.parameters import (
    CARDS,
    CHARTED,
    DIGEST,
    DIM,
    FROM,
    OVERLAY,
    STANDARD,
    TO,
    View,
    build_link,
    cite,
    list_defaults,
)
from indicators.show.text.words import describe_sources

GROUNDS = {"Light": "light", "Dark": "dark"}


def show_share(
    desk: Desk,
    make: Callable[[], Chart | None] = lambda: None,
    table: pd.DataFrame | None = None,
    say: Callable[[], str] | None = None,
    change: Span | None = None,
) -> None:
    """Draw the button Share of a page: its content is made when a reader opens it.

    ``make`` returns the page's main chart as it leaves the page, where there is one, and ``table`` is what the chart's
    table twin shows; ``say`` makes the sentence on the page to quote, by default on the reading or on the period chosen.
    ``change`` is the two days of a page about a change, which are the period of its card.
    """
    popover = st.popover("Share", key="share", on_change="rerun")
    if not popover.open:
        return
    page, dataset, chart = desk.page, desk.dataset, make()
    view = current_view(dataset, page)
    # A page without a choice of the line is about the index, whatever its address names.
    standard = list_defaults(page, view.values, dataset).get(DIM)
    id = view.values.get(DIM, standard) if standard else "index"
    base = app_address(page)
    live = build_link(base, page, {name: value for name, value in view.values.items() if name != DIGEST}, dataset)
    pinned = build_link(base, page, pin_values(view.values, dataset), dataset)
    with popover, st.container(key="share-body", gap="xsmall"):
        sentence = say() if say is not None else say_page(desk, view, id)
        _show_text("To quote", quote(desk.panel, sentence, desk.today, pinned))
        _show_text("Live link: follows new data", live)
        _show_text("Permanent link: keeps to the data of today", pinned)
        _offer_downloads(desk, id, view, pinned, chart, table)
        show_citations(desk, pinned)
        if site := read_settings().site:
            _show_text("To embed the published chart", embed_card(site, dataset, id), wrap=False)
        if chart is not None and page in CHARTED and not read_settings().members_only:
            days = {} if change is None else {FROM: f"{change[0]:%Y-%m-%d}", TO: f"{change[1]:%Y-%m-%d}"}
            offer_card(desk, {**view.values, **days}, id, base)


def offer_card(desk: Desk, values: Mapping[str, str], id: str, base: str) -> None:
    """Draw the code that embeds this view as a card, once a reader asks for it.

    The card shows what everybody may see, so it is made from the public data whoever asks.
    """
    expander = st.expander("To embed this view as a card", key="card", on_change="rerun")
    if not expander.open:
        return
    whole = open_data().look().dataset
    with expander:
        if whole is None:
            st.caption("There are no valid data for a card.")
            return
        public = see_dataset(whole, remember(find_blindness)(whole, PUBLIC, desk.today))
        try:
            code = remember(write_code)(public, tuple(pin_card(values, public, id).items()), base, desk.today)
        except (NoCardError, ViewError) as error:
            st.caption(f"There is no card of this view: {error}.")
            return
        st.caption("Keeps showing today’s data, also on other sites, and says what has changed since.")
        st.code(code, language=None)


def write_code(dataset: Dataset, values: tuple[tuple[str, str], ...], base: str, today: dt.date) -> str:
    """Return the code that embeds the card of a view, given by the values of its address."""
    question = ask(dataset, CARDS, list(values), today, "")
    return str(embed_view(base, question.panel, question.view))


def show_pinned(desk: Desk) -> None:
    """Say that newer data exist where the page was opened by a permanent link and the data have moved on."""
    if notice := describe_pinned(desk.dataset, current_view(desk.dataset, desk.page)):
        st.info(notice)


def say_page(desk: Desk, view: View, id: str) -> str:
    """Return the sentence on a page of readings: how the reading changed in the period chosen, or where it stands."""
    if FROM in view.values or TO in view.values:
        return str(remember(say_change)(desk.panel, id, desk.span[0], desk.end, desk.percent))
    return str(remember(say_reading)(desk.panel, id, desk.percent, desk.today))


def show_citations(desk: Desk, link: str) -> None:
    """Draw the citation in the forms that editors and programs for literature take."""
    text, bibtex, csl = st.tabs(["Citation", "BibTeX", "CSL-JSON"])
    with text:
        st.code(f"{cite(desk.dataset, desk.today).removesuffix('.')}, {link}", language=None, wrap_lines=True)
    with bibtex:
        st.code(cite_bibtex(desk.dataset, desk.today, link), language=None)
    with csl:
        st.code(cite_csl(desk.dataset, desk.today, link), language=None)


def describe_page(desk: Desk, id: str = "") -> Description:
    """Return what a download of the page says of itself; ``id`` is the index, dimension or indicator that it shows."""
    view = current_view(desk.dataset, desk.page)
    link = build_link(app_address(desk.page), desk.page, pin_values(view.values, desk.dataset), desk.dataset)
    return describe_download(desk.panel, view, desk.page, id, link, desk.today)


def app_address(page: str) -> str:
    """Return the address of the app as this reader sees it, without the page."""
    return (st.context.url or "").rstrip("/").removesuffix(f"/{page}" if page else "")


def _show_text(label: str, text: str, wrap: bool = True) -> None:
    st.caption(label)
    st.code(text, language=None, wrap_lines=wrap)


def _offer_downloads(
    desk: Desk, id: str, view: View, link: str, chart: Chart | None, table: pd.DataFrame | None
) -> None:
    dataset = desk.dataset
    name = f"tension-{desk.page or 'overview'}-{id}-{dataset.digest[:8]}"
    said = describe_download(desk.panel, view, desk.page, id, link, desk.today)
    why = "" if chart is None else explain_no_pictures()
    drawn = chart is not None and not why
    size, ground = choose_picture() if drawn else (SIZES[0], "light")
    with st.container(horizontal=True, gap="small"):
        if chart is not None:
            sources = [describe_sources(dataset, events_about(dataset, id, desk.span)), *_list_outside(desk, id, view)]
            if drawn:
                start_browser()
                for form, kind in (("png", "image/png"), ("svg", "image/svg+xml")):
                    file = f"{name}-{size.name.split()[0].lower()}.{form}"
                    draw = partial(draw_picture, chart, form, said, sources, size, ground)
                    _offer(form.upper(), file, kind, draw)
            twin = chart.table if table is None else table
            _offer("Web page", f"{name}.html", "text/html", lambda: write_chart_page(chart, twin, said, sources))
            table = twin
        if table is not None:
            _offer("CSV", f"{name}.csv", "text/csv", lambda: noted_csv(table, said.line))
        evidence = f"{name}.zip"
        _offer("Evidence", evidence, "application/zip", lambda: pack_evidence(desk.panel, view, link, said))
    if why:
        st.caption(why)


def choose_picture() -> tuple[Size, str]:
    """Draw the choice of a picture's size and ground, and return both."""
    names = {size.name: size for size in SIZES}
    with st.container(horizontal=True, gap="small"):
        size = st.segmented_control("Picture", list(names), default=SIZES[0].name, required=True, key="share-size")
        ground = st.segmented_control("Background", list(GROUNDS), default="Light", required=True, key="share-ground")
    height = f" × {names[size].height * names[size].scale:,.0f}" if names[size].height else ""
    st.caption(f"PNG: {names[size].width * names[size].scale:,.0f}{height} pixels, {ground.lower()} background.")
    return names[size], GROUNDS[ground]


def _list_outside(desk: Desk, id: str, view: View) -> list[str]:
    """The sources of the outside series that a chart has, if it has one."""
    if (over := view.get(OVERLAY)) == NO_OVERLAY:
        return []
    return source_lines(desk.dataset, lay(desk.panel, Laid(over, view.get(STANDARD) == "true"), id, desk.span))


def _offer(label: str, file: str, kind: str, make: Callable[[], bytes]) -> None:
    st.download_button(label, make, file, kind, key=f"share-{label}", on_click="ignore")
