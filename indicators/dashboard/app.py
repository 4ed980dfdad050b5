"""The frame around every page: navigation, shared controls, notices, and the data as readers see it."""

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.errors import StreamlitAPIException

from indicators.dashboard.access import decide_viewing, offer_sign_in, read_circumstances
from indicators.dashboard.admission import Turns
from indicators.dashboard.links import migrate_address
from indicators.measures.index import MEANS, Mean, Weights
from indicators.measures.narrative.dates import check_readings
from indicators.measures.panel import Panel
from indicators.measures.readings import FREQUENCIES
from indicators.measures.series import explain_empty
from indicators.measures.uncertainty.intervals import INTERVALS
from indicators.records.clock import tell_today
from indicators.records.dataset import Dataset
from indicators.records.problems import Report
from indicators.records.rules import LEAST_WEIGHT
from indicators.records.storage.store import Edition, Store, find_location, locate_state, open_store
from indicators.show.links.parameters import (
    AS_OF,
    CODER,
    DRAFT,
    EARLIEST_VINTAGE,
    FREQ,
    FROM,
    INTERVAL,
    MEAN,
    MOST_WEIGHT,
    TO,
    WEIGHT,
    read_view,
)
from indicators.show.text.html import STYLE, show_problems
from indicators.show.text.words import escape_html, format_date

PAGES = Path(__file__).parent / "pages"
ALL_CODERS = "all"
ICON = Path(__file__).with_name("icon.png")
PRESS = "press"
"""Where a session notes the press of a save button until the page comes to its form."""

TURNS = Turns(4)
"""Pages drawn at the same time; more would not be ready sooner, and would keep the server from taking connections."""

MOST_REFUSALS = 20
"""Refused parameters of a link that a notice names."""

CODER_HELP = "All coders: the mean of their scores. One coder: that coder's scores alone."
INTERVAL_HELP = (
    "The central part of the draws from the coders' plausible ranges. It does not cover errors that coders share."
)
MEAN_HELP = "The geometric mean gives low dimensions more pull."


@dataclass(frozen=True)
class Desk:
    """What a page works on: the data under the reader's view."""

    dataset: Dataset
    panel: Panel
    today: dt.date
    span: tuple[pd.Timestamp, pd.Timestamp]
    freq: str
    percent: int
    """Share of the draws between the ends of an interval."""
    own_weights: bool
    place: DeltaGenerator
    """Where a page puts what it offers beside its title."""

    @property
    def end(self) -> pd.Timestamp:
        """Last day that a chart shows."""
        return min(self.span[1], pd.Timestamp(self.today))


def open_data() -> Store:
    """Return the store that the environment names, one for all sessions."""
    return _open_store(find_location(None, os.environ))


@st.cache_resource(show_spinner="Opening the data")
def _open_store(location: str) -> Store:
    return open_store(location, locate_state(os.environ), check_readings)


@st.cache_resource(show_spinner=False, max_entries=24)
def keep_panel(
    _dataset: Dataset,
    digest: str,  # noqa: ARG001
    as_of: dt.date | None,
    coder: str | None,
    weights: tuple[float, ...],
    mean: Mean,
) -> Panel:
    """Return the panel of a view, shared by the sessions that look at it; ``digest`` tells datasets apart."""
    published = Weights.from_codebook(_dataset.dimensions, _dataset.indicators)
    chosen = dict(zip(_dataset.dimensions.index, weights, strict=True))
    return Panel(_dataset, as_of, coder, published.with_dimensions(chosen), mean)


def run_app() -> None:
    """Draw the app: navigation, then the chosen page, or the list of problems where there is no good version."""
    st.set_page_config(page_title="Indicators", page_icon=str(ICON), layout="wide")
    st.html(f"<style>{STYLE}</style>")
    page = st.navigation(
        [
            st.Page(PAGES / "overview.py", title="Overview", default=True),
            st.Page(PAGES / "dimension.py", title="Dimension", url_path="dimension"),
            st.Page(PAGES / "narrative.py", title="Narrative", url_path="narrative"),
            st.Page(PAGES / "compare.py", title="Compare", url_path="compare"),
            st.Page(PAGES / "outlook.py", title="Outlook", url_path="outlook"),
            st.Page(PAGES / "update.py", title="Update scores", url_path="update"),
            st.Page(PAGES / "method.py", title="Method and data", url_path="method"),
        ],
        position="top",
    )
    viewing = decide_viewing(read_circumstances())
    if not viewing.allowed:
        st.info(viewing.why)
        offer_sign_in()
        stop_page()
    open_data()  # a first clone takes a while, and must not take a turn
    with TURNS:
        edition = look_at_data()
        if edition.dataset is None:
            show_broken_folder(edition.report)
            stop_page()
        st.set_page_config(page_title=edition.dataset.topic.short_name)
        if edition.report.blocking:
            show_last_good(edition)
        page.run()
        drop_press()


def stop_page() -> NoReturn:
    """End the run of a page before its end."""
    drop_press()
    st.stop()


def drop_press() -> None:
    """Forget the press of a save button: a whole run has not come upon its form, which is gone."""
    st.session_state.pop(PRESS, None)


def look_at_data() -> Edition:
    """Return the data as readers see it now."""
    return open_data().look()


def open_page(title: str = "", dated: bool = True, with_index: bool = True) -> Desk:
    """Draw a page's head with the shared controls, and return what the page works on.

    Without a ``title`` it is the question of the topic. ``dated`` tells whether the page has a period, ``with_index`` whether it shows the index as a line.
    """
    dataset = look_at_data().dataset
    if dataset is None:  # the folder broke for good between two looks
        stop_page()
    migrate_address()
    name_refusals(dataset, with_index)
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.title(title or dataset.topic.question, anchor=False, width="content")
        controls = st.container(
            horizontal=True, vertical_alignment="center", horizontal_alignment="right", width="content"
        )
    with controls:
        desk = choose_view(dataset, dated)
    if desk.panel.effective.empty:
        st.info(explain_empty(desk.panel, "index", None, None).capitalize() + ".")
        stop_page()
    return desk


def choose_view(dataset: Dataset, dated: bool) -> Desk:
    """Draw the shared controls, bound to the URL, and return the view that they make."""
    today = tell_today()
    first = today if dataset.oldest is None else dataset.oldest.date()
    summary = st.empty()
    with st.popover("View", width="content"):
        start, end = choose_period(first, today) if dated else (None, None)
        coder = choose_one("Coder", [ALL_CODERS, *dataset.scorers], CODER, CODER_HELP)
        share = choose_one("Interval, percent of draws", [str(i) for i in INTERVALS], INTERVAL, INTERVAL_HELP, "80")
        freq = choose_one("Period ends in tables and downloads", list(FREQUENCIES), FREQ)
        as_of = st.date_input(
            "Data as of",
            None,
            EARLIEST_VINTAGE,
            today,
            key=AS_OF,
            bind="query-params",
            format="YYYY-MM-DD",
            help="Show the readings as they were recorded up to the end of this day (UTC). Empty: the newest data.",
        )
        mean, weights = choose_weights(dataset)
    published = Weights.from_codebook(dataset.dimensions, dataset.indicators)
    if sum(weights.values()) == 0:
        st.warning("All weights are 0; the published weights are used.")
        weights = {}
    own = published.with_dimensions(weights)
    chosen = None if coder == ALL_CODERS else coder
    panel = keep_panel(dataset, dataset.digest, as_of, chosen, tuple(own.dimensions), mean)
    span = (pd.Timestamp(start or first), pd.Timestamp(end or today))
    if span[0] >= span[1] and (start or end):
        st.warning("From is not before To; the whole period is shown.")
        span = (pd.Timestamp(first), pd.Timestamp(today))
    desk = Desk(
        dataset,
        panel,
        today,
        span,
        freq,
        int(share),
        not own.dimensions.equals(published.dimensions),
        st.container(width="content"),
    )
    summary.html(f'<p class="viewline">{escape_html(describe_view(desk, dated))}</p>', width="content")
    return desk


def choose_period(first: dt.date, today: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """Draw the two days of the period; empty ones stand for the whole."""
    left, right = st.columns(2)
    start = left.date_input("From", None, first, today, key=FROM, bind="query-params", format="YYYY-MM-DD")
    end = right.date_input("To", None, first, today, key=TO, bind="query-params", format="YYYY-MM-DD")
    return start, end


def choose_one(label: str, options: list[str], key: str, help: str | None = None, default: str | None = None) -> str:
    """Draw a choice of one among few, bound to the URL."""
    standard = default or options[0]
    chosen = st.segmented_control(
        label, options, default=standard, required=True, key=key, bind="query-params", help=help
    )
    return chosen or standard


def choose_weights(dataset: Dataset) -> tuple[Mean, dict[str, float]]:
    """Draw the mean and the dimensions' weights, which are the published ones until a reader moves them."""
    weights = {}
    with st.expander("Weights and mean"):
        mean: Mean = "geometric" if choose_one("Mean", list(MEANS), MEAN, MEAN_HELP) == "geometric" else "arithmetic"
        for id in dataset.dimensions.index.tolist():
            published = float(dataset.text(id, "weight"))
            weights[id] = st.number_input(
                dataset.title(id), 0.0, float(MOST_WEIGHT), published, 0.5, key=f"{WEIGHT}{id}", bind="query-params"
            )
            if not (weights[id] == 0 or LEAST_WEIGHT <= weights[id] <= MOST_WEIGHT):
                st.warning(
                    f"The weight of {dataset.title(id)} is not 0 and below {LEAST_WEIGHT:g}; the published one is used."
                )
                weights[id] = published
    return mean, weights


def describe_view(desk: Desk, dated: bool) -> str:
    """Return the view in a few words."""
    panel = desk.panel
    parts = [f"{format_date(desk.span[0])} – {format_date(desk.span[1])}"] if dated else []
    parts.append("all coders" if panel.coder is None else f"coder {panel.coder}")
    if panel.as_of:
        parts.append(f"data as of {format_date(pd.Timestamp(panel.as_of))}")
    if panel.mean != "arithmetic":
        parts.append(f"{panel.mean} mean")
    if desk.own_weights:
        parts.append("your weights")
    return " · ".join(parts)


def name_refusals(dataset: Dataset, with_index: bool) -> None:
    """Name the parameters of the link that were not used, instead of dropping them in silence."""
    given = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    given = [(name, value) for name, value in given if not name.startswith(DRAFT)]
    view = read_view(given, dataset, with_index, tell_today())
    if view.refusals:
        for refusal in view.refusals:
            _drop_parameter(refusal.name)
        named = [f"- `{_plain(str(refusal))}`" for refusal in view.refusals[:MOST_REFUSALS]]
        if (more := len(view.refusals) - MOST_REFUSALS) > 0:
            named.append(f"- and {more} more")
        st.warning("This link has parameters that were not used:\n\n" + "\n".join(named))


def _drop_parameter(name: str) -> None:
    """Take a refused parameter out of the address, since a control might read its value less strictly than we do."""
    try:
        st.query_params.pop(name, None)
    except StreamlitAPIException:  # its control stands already, and has refused the value itself
        return


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
