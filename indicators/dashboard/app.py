"""The frame around every page: navigation, shared controls, notices, and the data as readers see it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.errors import StreamlitAPIException

from indicators.dashboard.access import decide_viewing, may_edit, offer_sign_in, read_circumstances
from indicators.dashboard.admission import Turns
from indicators.dashboard.browser.scripts import APP_STYLE, run_script
from indicators.dashboard.head.chips import show_chips
from indicators.dashboard.head.search import ask_words, show_places
from indicators.dashboard.links import Links, carry_view, current_view, migrate_address, note_view
from indicators.dashboard.remember import PANELS, remember, remember_at_most
from indicators.dashboard.widgets import choose_day, choose_weight, choose_word, order_days
from indicators.measures.blindness import PUBLIC, Blindness, find_blindness
from indicators.measures.index import Mean, Weights
from indicators.measures.narrative.dates import check_readings
from indicators.measures.panel import Panel
from indicators.measures.series import explain_empty
from indicators.measures.uncertainty.doubt import DOUBTS, Doubt
from indicators.records.dataset import Dataset
from indicators.records.problems import Report
from indicators.records.settings import read_settings
from indicators.records.storage.store import Edition, Store, open_store
from indicators.show.links.citation import describe_method_change, find_edition
from indicators.show.links.kinds import Day, Scope
from indicators.show.links.parameters import (
    ALL_CODERS,
    AS_OF,
    CODER,
    DOUBT,
    DRAFT,
    FREQ,
    FROM,
    INTERVAL,
    MEAN,
    NAMED,
    TO,
    read_view,
)
from indicators.show.text.glossary import terms_on
from indicators.show.text.html import GLOSSARY, show_problems, show_style, show_terms
from indicators.show.text.words import describe_hidden, escape_markdown

PAGES = Path(__file__).parent / "pages"
ICON = Path(__file__).with_name("icon.png")
SEEN = "seen"
"""Where a run keeps the data that it has looked at until the page opens on them."""

PRESS = "press"
"""Where a session notes the press of a save button until the page comes to its form."""

TURNS = Turns(3)
"""Pages drawn at the same time; more would not be ready sooner, and would keep the server from taking connections."""

CLONE_PATIENCE = 5.0
"""Seconds that the first page waits for a first clone of the data before it says that it waits for the remote."""

LOOK_SECONDS = 3
"""Seconds between two looks for data that are on their way."""

MOST_REFUSALS = 30
"""Refused parameters of a link that a notice names."""


@dataclass(frozen=True)
class Desk:
    """What a page works on: the data under the reader's view."""

    page: str
    """Path of the page; empty for Overview."""

    dataset: Dataset
    panel: Panel
    today: dt.date
    span: tuple[pd.Timestamp, pd.Timestamp]
    freq: str
    percent: int
    """Share of the draws between the ends of an interval."""
    own_weights: bool
    links: Links
    """Ways to other pages that carry the view on."""
    place: DeltaGenerator
    """Where a page puts what it offers beside its title."""

    @property
    def end(self) -> pd.Timestamp:
        """Last day that a chart shows."""
        return min(self.span[1], pd.Timestamp(self.today))

    @property
    def scope(self) -> Scope:
        """Where the page reads its parameters."""
        return Scope(self.dataset, self.page, self.today)


def today_utc() -> dt.date:
    """Return the day by UTC, as rows are recorded, wherever the server or a reader stands."""
    return dt.datetime.now(dt.UTC).date()


def open_data() -> Store:
    """Return the store that the environment names, one for all sessions."""
    return _open_store(read_settings().data)


@st.cache_resource(show_spinner="Opening the data")
def _open_store(location: str) -> Store:
    return open_store(location, read_settings().state_folder, check_readings, patience=CLONE_PATIENCE)


@remember_at_most(PANELS)
def make_panel(
    dataset: Dataset,
    as_of: dt.date | None,
    coder: str | None,
    weights: tuple[float, ...],
    mean: Mean,
    doubt: Doubt,
    as_recorded: bool = False,
) -> Panel:
    """Return the panel of a view, shared by the sessions that look at it."""
    published = Weights.from_codebook(dataset.dimensions, dataset.indicators)
    chosen = dict(zip(dataset.dimensions.index, weights, strict=True))
    return Panel(dataset, as_of, coder, published.with_dimensions(chosen), mean, doubt, as_recorded)


def run_app() -> None:
    """Draw the app: navigation, then the chosen page, or the list of problems where there is no good version."""
    st.set_page_config(page_title="Indicators", page_icon=str(ICON), layout="wide")
    st.html(show_style(APP_STYLE))
    page = st.navigation(
        [
            st.Page(PAGES / "overview.py", title="Overview", default=True),
            st.Page(PAGES / "dimension.py", title="Dimension", url_path="dimension"),
            st.Page(PAGES / "events.py", title="Events", url_path="events"),
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
        seen = see_data()
        edition, _ = seen
        if edition.dataset is None:
            show_broken_folder(edition.report)
            stop_page()
        st.session_state[SEEN] = seen
        st.set_page_config(page_title=edition.dataset.topic.short_name)
        if edition.report.blocking:
            show_last_good(edition)
        page.run()
        show_terms_of(page.url_path)
        drop_press()


def show_terms_of(page: str) -> None:
    """Draw what the terms of art on a page mean, at its foot, for a reader who asks."""
    expander = st.expander("Terms on this page", key="terms", on_change="rerun")
    if expander.open:
        expander.html(show_terms(terms_on(page)))
    run_script(GLOSSARY)


def stop_page() -> NoReturn:
    """End the run of a page before its end."""
    drop_press()
    st.stop()


def drop_press() -> None:
    """Forget the press of a save button: a whole run has not come upon its form, which is gone."""
    st.session_state.pop(PRESS, None)


def look_at_data() -> Edition:
    """Return the data as the reader of this session may see it now."""
    return see_data()[0]


def see_data() -> tuple[Edition, str]:
    """Return the data as the reader of this session may see it now, and which quarters are hidden, if any, in words."""
    edition = open_data().look()
    if edition.dataset is None:
        return edition, ""
    blindness = read_blindness(edition.dataset)
    hidden = describe_hidden(blindness, edition.dataset.topic.embargo) if blindness.hidden else ""
    return replace(edition, dataset=see_dataset(edition.dataset, blindness)), hidden


def read_blindness(dataset: Dataset) -> Blindness:
    """Return what the reader of this session may not see of the whole data, decided by the account now."""
    return remember(find_blindness)(dataset, may_edit(dataset.people, uploads=False).coder or PUBLIC, today_utc())


@remember_at_most(PANELS)
def see_dataset(dataset: Dataset, blindness: Blindness) -> Dataset:
    """Return the data without what is hidden, shared by the sessions of one reader."""
    return blindness.see(dataset)


def open_page(page: str, title: str | Callable[[Desk], str]) -> Desk:
    """Draw the head of a page, given by its path, with the shared controls, and return what the page works on.

    A ``title`` may depend on what it works on.
    """
    # Not kept: a session at rest must hold no older version of the data.
    edition, hidden = st.session_state.pop(SEEN, None) or see_data()
    dataset = edition.dataset
    if dataset is None:  # the folder broke for good between two looks
        stop_page()
    migrate_address()
    carry_view(dataset, page)
    scope = Scope(dataset, page, today_utc())
    name_refusals(dataset, scope)
    with st.container(key="head", horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        head = st.container()
        controls = st.container(
            horizontal=True, vertical_alignment="center", horizontal_alignment="right", width="content"
        )
    with controls:
        words = ask_words(scope)
        desk = choose_view(dataset, scope)
    head.title(title if isinstance(title, str) else title(desk), anchor=False)
    show_chips(scope)
    show_places(desk.links, desk.today, words)
    name_changed_method(dataset, page)
    if hidden:
        st.caption(hidden)
    if desk.panel.effective.empty:
        show_no_reading(desk)
        if page != "update":  # where the first assessment is made
            stop_page()
    return desk


def show_no_reading(desk: Desk) -> None:
    """Say why there is nothing to show; in a folder without any assessment, also what comes first."""
    if not desk.dataset.assessments.empty:
        st.info(explain_empty(desk.panel, "index", None, None).capitalize() + ".")
        return
    dimensions, indicators = len(desk.dataset.dimensions), len(desk.dataset.indicators)
    st.info(
        f"Nothing has been scored yet. The codebook has {dimensions} dimension{'s' * (dimensions != 1)} and {indicators} "
        f"indicator{'s' * (indicators != 1)}. Write their definitions and anchors in the data folder, enter the first "
        "event, and record the first assessment."
    )
    if desk.page != "update":
        st.page_link(str(PAGES / "update.py"), label="Record the first assessment")


def choose_view(dataset: Dataset, scope: Scope) -> Desk:
    """Draw the shared controls, bound to the URL, and return the view that they make."""
    today = scope.today or today_utc()
    first = first_day(scope) or today
    dated = scope.page in NAMED[FROM].pages
    with st.popover("View", width="content"):
        start, end = choose_period(scope) if dated else (None, None)
        coder = choose_word(CODER, scope)
        share = choose_word(INTERVAL, scope)
        shared = choose_word(DOUBT, scope)
        freq = choose_word(FREQ, scope)
        as_of = choose_day(AS_OF, scope)
        mean, weights = choose_weights(dataset, scope)
    doubt = next(doubt for doubt in DOUBTS if doubt == shared)
    published = Weights.from_codebook(dataset.dimensions, dataset.indicators)
    if sum(weights.values()) == 0:
        st.warning("All weights are 0; the published weights are used.")
        weights = {}
    own = published.with_dimensions(weights)
    chosen = None if coder == ALL_CODERS else coder
    panel = make_panel(dataset, as_of, chosen, tuple(own.dimensions), mean, doubt)
    span = (pd.Timestamp(start or first), pd.Timestamp(end or today))
    if span[0] >= span[1] and (start or end):
        st.warning("“From” must be earlier than “To”; the whole period is shown.")
        span = (pd.Timestamp(first), pd.Timestamp(today))
    return Desk(
        scope.page,
        dataset,
        panel,
        today,
        span,
        freq,
        int(share),
        not own.dimensions.equals(published.dimensions),
        note_view(dataset, scope.page),
        st.container(width="content"),
    )


def first_day(scope: Scope) -> dt.date | None:
    """Return the first day that a page shows, unless there is nothing to show."""
    kind = NAMED[FROM].kind
    first = kind.first(scope) if isinstance(kind, Day) else dt.date.min
    return None if first == dt.date.min else first


def choose_period(scope: Scope) -> tuple[dt.date | None, dt.date | None]:
    """Draw the two days of the period; empty ones stand for the whole."""
    order_days(FROM, TO)
    left, right = st.columns(2)
    with left:
        start = choose_day(FROM, scope)
    with right:
        return start, choose_day(TO, scope)


def choose_weights(dataset: Dataset, scope: Scope) -> tuple[Mean, dict[str, float]]:
    """Draw the mean and the dimensions' weights, which are the published ones until a reader moves them."""
    with st.expander("Weights and mean"):
        mean: Mean = "geometric" if choose_word(MEAN, scope) == "geometric" else "arithmetic"
        return mean, {id: choose_weight(dataset, id) for id in dataset.dimensions.index.tolist()}


def name_refusals(dataset: Dataset, scope: Scope) -> None:
    """Name the parameters of the link that were not used, instead of dropping them in silence."""
    given = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    given = [(name, value) for name, value in given if not name.startswith(DRAFT)]
    refusals = [
        refusal
        for refusal in read_view(given, dataset, scope.page, scope.today).refusals
        if st.session_state.get(refusal.name) != refusal.value  # what a reader sets on the page is no link's
    ]
    if refusals:
        for refusal in refusals:
            _drop_parameter(refusal.name)
        named = [f"- `{_plain(str(refusal))}`" for refusal in refusals[:MOST_REFUSALS]]
        if (more := len(refusals) - MOST_REFUSALS) > 0:
            named.append(f"- and {more} more")
        st.warning("Parts of this link were ignored:\n\n" + "\n".join(named))


def name_changed_method(dataset: Dataset, page: str) -> None:
    """Say of a cited link that the method has changed since it was made, and lead to the edition that it cites."""
    view = current_view(dataset, page)
    if notice := describe_method_change(dataset, view):
        edition = find_edition(read_settings().site, view)
        where = f" [The archived version]({edition})" if edition else " The publication keeps that version unchanged."
        st.info(escape_markdown(notice) + where)


def _drop_parameter(name: str) -> None:
    """Take a refused parameter out of the address, since a control might read its value less strictly than we do."""
    try:
        st.query_params.pop(name, None)
    except StreamlitAPIException:  # its control stands already, and has refused the value itself
        return


def show_broken_folder(report: Report) -> None:
    """Draw the list of problems of a folder that never was good since the server started."""
    if any(problem.code == "remote" for problem in report):
        st.title("Waiting for the git remote", anchor=False)
        st.write("The data have not arrived from the git repository yet. The page shows them as soon as they do.")
        st.html(show_problems(report))
        await_data()
        return
    st.title("The data folder has problems", anchor=False)
    st.write("Fix these problems to see the dashboard. The page checks again on the next interaction.")
    st.html(show_problems(report))
    st.button("Check again")


@st.fragment(run_every=LOOK_SECONDS)
def await_data() -> None:
    """Redraw the page once there are data, or something else to say of them."""
    if "remote" not in {problem.code for problem in look_at_data().report}:
        st.rerun()


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
