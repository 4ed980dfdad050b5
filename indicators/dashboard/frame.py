"""The frame around every page: navigation, shared controls, notices, and the data as readers see it."""

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st

from indicators.measures.panel import Panel
from indicators.measures.readings import FREQUENCIES
from indicators.measures.soundness import check_readings
from indicators.records.dataset import Dataset
from indicators.records.problems import Report
from indicators.records.store import Edition, Shelf, locate_data
from indicators.show.markup import STYLE, escape_html, show_problems
from indicators.show.sharing import AS_OF, CODER, FREQ, FROM, TO, View, read_view
from indicators.show.words import format_date

PAGES = Path(__file__).parent / "pages"
ALL_CODERS = "all"
ICON = Path(__file__).with_name("icon.png")
NAME = "US–Russia tension"


@dataclass(frozen=True)
class Desk:
    """What a page works on: the data under the reader's view."""

    dataset: Dataset
    panel: Panel
    view: View
    today: dt.date
    span: tuple[pd.Timestamp, pd.Timestamp]
    freq: str
    key: str
    """Tells this panel from others in caches."""


@st.cache_resource(show_spinner=False)
def open_shelf(data: str) -> Shelf:
    """Return the shelf of a data folder, one for all sessions."""
    return Shelf(Path(data), check_readings)


@st.cache_resource(show_spinner=False, max_entries=24)
def keep_panel(_dataset: Dataset, digest: str, as_of: dt.date | None, coder: str | None) -> Panel:  # noqa: ARG001
    """Return the panel of a view, shared by the sessions that look at it."""
    return Panel(_dataset, as_of, coder)


def run_app() -> None:
    """Draw the app: navigation, then the chosen page, or the list of problems where there is no good version."""
    st.set_page_config(page_title=NAME, page_icon=str(ICON), layout="wide")
    st.html(f"<style>{STYLE}</style>")
    page = st.navigation(
        [
            st.Page(PAGES / "overview.py", title="Overview", default=True),
            st.Page(PAGES / "dimension.py", title="Dimension", url_path="dimension"),
            st.Page(PAGES / "narrative.py", title="Narrative", url_path="narrative"),
            st.Page(PAGES / "method.py", title="Method and data", url_path="method"),
        ],
        position="top",
    )
    edition = look_at_data()
    if edition.dataset is None:
        show_broken_folder(edition.report)
        return
    if edition.report:
        show_last_good(edition)
    page.run()


def look_at_data() -> Edition:
    """Return the data as readers see it now."""
    return open_shelf(str(locate_data(None, os.environ))).look()


def open_page(title: str, lead: str = "", dated: bool = True, with_index: bool = True) -> Desk:
    """Draw a page's head with the shared controls, and return what the page works on."""
    dataset = look_at_data().dataset
    if dataset is None:  # the folder broke for good between two looks
        st.stop()
    name_refusals(dataset, with_index)
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.title(title, anchor=False, width="content")
        controls = st.container(
            horizontal=True, vertical_alignment="center", horizontal_alignment="right", width="content"
        )
    if lead:
        st.caption(lead)
    with controls:
        desk = choose_view(dataset, dated)
    if desk.panel.effective.empty:
        st.info(
            f"Nothing was recorded up to {format_date(pd.Timestamp(desk.panel.as_of))}. Choose a later day in View."
        )
        st.stop()
    return desk


def choose_view(dataset: Dataset, dated: bool) -> Desk:
    """Draw the shared controls, bound to the URL, and return the view that they make."""
    first, today = dataset.assessments["date"].min().date(), dt.date.today()
    summary = st.empty()
    with st.popover("View", width="content"):
        if dated:
            left, right = st.columns(2)
            start = left.date_input("From", None, first, today, key=FROM, bind="query-params", format="YYYY-MM-DD")
            end = right.date_input("To", None, first, today, key=TO, bind="query-params", format="YYYY-MM-DD")
        else:
            start = end = None
        coder = st.segmented_control(
            "Coder",
            [ALL_CODERS, *dataset.coders.index],
            default=ALL_CODERS,
            required=True,
            key=CODER,
            bind="query-params",
            help="All coders: the mean of their scores. One coder: that coder's scores alone.",
        )
        freq = st.segmented_control(
            "Period ends in tables and downloads",
            list(FREQUENCIES),
            default="month",
            required=True,
            key=FREQ,
            bind="query-params",
        )
        as_of = st.date_input(
            "Data as of",
            None,
            dt.date(2000, 1, 1),
            today,
            key=AS_OF,
            bind="query-params",
            format="YYYY-MM-DD",
            help="Show the readings as they were recorded up to the end of this day (UTC). Empty: the newest data.",
        )
    chosen = None if coder in (ALL_CODERS, None) else coder
    panel = keep_panel(dataset, dataset.digest, as_of, chosen)
    span = (pd.Timestamp(start or first), pd.Timestamp(end or today))
    if span[0] >= span[1]:
        st.warning("From is not before To; the whole period is shown.")
        span = (pd.Timestamp(first), pd.Timestamp(today))
    parts = [f"{format_date(span[0])} – {format_date(span[1])}"] if dated else []
    parts.append("all coders" if chosen is None else f"coder {chosen}")
    if as_of:
        parts.append(f"data as of {format_date(pd.Timestamp(as_of))}")
    summary.html(f'<p class="viewline">{escape_html(" · ".join(parts))}</p>', width="content")
    key = f"{dataset.digest}|{as_of}|{chosen}"
    return Desk(dataset, panel, View(), today, span, freq or "month", key)


def name_refusals(dataset: Dataset, with_index: bool) -> None:
    """Name the parameters of the link that were not used, instead of dropping them in silence."""
    given = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    view = read_view(given, dataset, with_index)
    if view.refusals:
        st.warning(
            "This link has parameters that were not used:\n\n"
            + "\n".join(f"- `{_plain(str(refusal))}`" for refusal in view.refusals)
        )


def show_broken_folder(report: Report) -> None:
    """Draw the list of problems of a folder that never was good since the server started."""
    st.title("The data folder has problems", anchor=False)
    st.write("Nothing can be shown until they are mended. The page looks again on the next interaction.")
    st.html(show_problems(report))
    st.button("Look again")


def show_last_good(edition: Edition) -> None:
    """Say that the folder has problems and that the last good version is shown."""
    st.warning(
        f"The data folder has changed and has {edition.report.summary()}. The last good version is shown, "
        f"digest {edition.dataset.digest[:8]}."  # type: ignore[union-attr]
    )
    with st.expander("Problems"):
        st.html(show_problems(edition.report))


def _plain(text: str) -> str:
    return "".join(c for c in text if c.isprintable()).replace("`", "'")[:200]
