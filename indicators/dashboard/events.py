"""Blocks of the page Events: search and filters, counts by quarter, the list, one event in full."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st
from markupsafe import Markup

from indicators.dashboard.app import Desk, first_day
from indicators.dashboard.charts.blocks import open_twin
from indicators.dashboard.charts.lines import finish
from indicators.dashboard.links import current_view, days_around, link_within
from indicators.dashboard.remember import CHARTS, remember, remember_at_most
from indicators.dashboard.widgets import choose_letters, choose_listed, choose_page, choose_text, choose_word
from indicators.measures.events import (
    EventIndex,
    Selection,
    count_quarters,
    count_quiet,
    find_events,
    first_tellings,
    index_events,
    list_citations,
    tellings_of,
)
from indicators.records.dataset import Dataset
from indicators.records.tables.core import EVENTS
from indicators.show.charts.events import plot_quarters
from indicators.show.charts.levels import Span
from indicators.show.charts.palette import THEMED
from indicators.show.charts.plots import CONFIG, Chart
from indicators.show.files.tables import csv_bytes
from indicators.show.links.parameters import (
    ANY,
    CITED,
    CREDIBILITY,
    DIM,
    EFFECT,
    EVENT,
    FROM,
    INDICATOR,
    PAGE,
    RELIABILITY,
    SEARCH,
    TO,
)
from indicators.show.text.events import describe_found, name_filters, show_event, show_found, show_nothing_found
from indicators.show.text.html import show_assessment, show_sources
from indicators.show.text.uncertainty.sure import list_events_certainty
from indicators.show.text.words import count_words, escape_markdown, format_date, name_quarter

ON_A_PAGE = 25
NEWEST_CITING = 4
BOX = 250
"""Pixels of a box in the row of filters."""

INDEXES = 3
"""Versions of the data whose words are held: the newest, and those that sessions still look at."""

FIELDS = {
    "words": (SEARCH,),
    "dimension": (DIM,),
    "indicator": (INDICATOR,),
    "effect": (EFFECT,),
    "reliability": (RELIABILITY,),
    "credibility": (CREDIBILITY,),
    "cited": (CITED,),
    "start": (FROM, TO),
}
"""The parameters that stand for a field of a selection."""

BLANKS: dict[str, str | None] = {SEARCH: "", EFFECT: ANY, CITED: ANY, FROM: None, TO: None}
"""What controls that are bound to the address stand on when they narrow nothing down."""

ASKED = "events-asked"
"""Where a session keeps what was asked for at the last run."""

CHART = "events-chart"
QUARTER = "events-quarter"


def choose_selection(desk: Desk) -> Selection:
    """Draw the search and the filters, and return what they ask for."""
    dataset, scope = desk.dataset, desk.scope
    choose_text(SEARCH, scope, "Words of the fact, of its source's title or publisher, or how they begin")
    with st.container(horizontal=True, gap="medium", key="events-filters"):
        with st.container(width=BOX):
            dimension = choose_listed(DIM, scope, lambda id: "All" if id == "index" else dataset.title(id), listed=True)
        with st.container(width=BOX):
            choose_indicator(desk, dimension)
        quarter = st.container(width=BOX)
        choose_word(EFFECT, scope)
        choose_word(CITED, scope)
        choose_letters(RELIABILITY, scope)
        choose_letters(CREDIBILITY, scope)
    values = current_view(dataset, desk.page).values
    selection = Selection(
        values.get(SEARCH, ""),
        dimension,
        values.get(INDICATOR, ""),
        values.get(EFFECT, ANY).removeprefix(ANY),
        values.get(RELIABILITY, ""),
        values.get(CREDIBILITY, ""),
        {"yes": True, "no": False}.get(values.get(CITED, ANY)),
        *desk.span,
    )
    with quarter:
        choose_quarter(desk, count_found(desk, selection))
    return selection


def choose_indicator(desk: Desk, dimension: str) -> None:
    """Draw the choice of an indicator of the dimension; one of another dimension is named where a link asks for it."""
    dataset = desk.dataset
    ids = dataset.indicators.index.tolist() if dimension == "index" else dataset.indicators_of(dimension)
    named = st.session_state.get(INDICATOR, st.query_params.get(INDICATOR))
    if named and named not in ids:
        if INDICATOR not in st.session_state:
            words = f"{INDICATOR}={named}: does not belong to {DIM}={dimension}"
            st.warning(f"Parts of this link were ignored:\n\n- `{words}`")
        forget(INDICATOR)
    choose_listed(INDICATOR, desk.scope, lambda id: dataset.title(id) if id else "All", ["", *ids], listed=True)


def choose_quarter(desk: Desk, counts: pd.Series) -> None:
    """Draw the choice of one quarter as the period, as a click on the chart makes it."""
    numbers = dict(zip(map(str, counts.index[::-1]), counts[::-1], strict=True))
    stands = next((id for id in numbers if period_of(desk, id) == desk.span), "")
    st.session_state[QUARTER] = stands
    st.selectbox(
        "Quarter",
        ["", *numbers],
        key=QUARTER,
        format_func=lambda id: f"{name_quarter(pd.Period(id).start_time)} ({numbers[id]})" if id else "Any",
        on_change=lambda: set_period(desk, st.session_state[QUARTER]),
    )


def period_of(desk: Desk, quarter: str) -> Span:
    """Return the days of a quarter that a reader may choose."""
    period, first = pd.Period(quarter), pd.Timestamp(first_day(desk.scope) or desk.today)
    return max(period.start_time, first), min(period.end_time.normalize(), pd.Timestamp(desk.today))


def set_period(desk: Desk, quarter: str) -> None:
    """Make a quarter the period, or the whole where none is named."""
    if not quarter:
        forget(FROM, TO)
        return
    st.session_state[FROM], st.session_state[TO] = (day.date() for day in period_of(desk, quarter))


def forget(*names: str) -> None:
    """Let parameters narrow nothing down any more."""
    for name in names:
        if name in BLANKS:
            st.session_state[name] = BLANKS[name]
        else:
            st.session_state.pop(name, None)
            st.query_params.pop(name, None)


def close_changed(selection: Selection) -> None:
    """Take event and page out of the address where the selection has changed: a reader who searches on is done with them."""
    if st.session_state.get(ASKED, selection) != selection:
        forget(EVENT, PAGE)
    st.session_state[ASKED] = selection


def show_opened(desk: Desk) -> None:
    """Draw the event that the address names: the fact with its source and grades, and the assessments that rest on it."""
    dataset = desk.dataset
    id = current_view(dataset, desk.page).values.get(EVENT)
    if id is None:
        return
    st.button("Close this event", icon=":material/close:", type="tertiary", on_click=forget, args=[EVENT])
    twins = tellings_of(dataset, [id])[id]
    indicator = str(dataset.events.at[id, "indicator"])
    place = {DIM: dataset.text(indicator, "dimension"), INDICATOR: indicator}
    span = days_around(dataset, pd.Timestamp(dataset.events["date"][id]), desk.today)
    st.html(
        show_event(
            dataset,
            id,
            twins,
            link_within(dataset, desk.page, EVENT),
            desk.links.to("dimension", place),
            desk.links.to("dimension", {**place, **span}),
        )
    )
    own = list_citing(desk, [id])
    parts = write_assessments(dataset, own)
    st.subheader("Assessments that cite it" if parts else "No current assessment cites it", anchor=False)
    st.html(Markup("").join(parts[:NEWEST_CITING]))
    others = [label for label in list_citing(desk, twins) if label not in own]
    for words, further in (
        ("{} that cite it, earlier", parts[NEWEST_CITING:]),
        ("{} that cite another record of this act", write_assessments(dataset, others)),
    ):
        if further:
            with st.expander(words.format(count_words(len(further), "assessment"))):
                st.html(Markup("").join(further))
    st.divider()


def write_assessments(dataset: Dataset, labels: list[int]) -> list[Markup]:
    """Return assessments, each with the indicator that it scores, as fragments of the page; the newest first."""
    rows = dataset.assessments.loc[labels].sort_values(["date", "coder"], ascending=[False, True])
    return [show_assessment(dataset, row, dataset.title(row["indicator"])) for _, row in rows.iterrows()]


def show_quarters(desk: Desk, selection: Selection) -> None:
    """Draw the counts by quarter; a click on a bar makes its quarter the period, another one takes that back."""

    def take_click() -> None:
        points = st.session_state[CHART]["selection"]["points"]
        chosen = str(points[-1]["customdata"]) if points else ""
        set_period(desk, "" if chosen == st.session_state.get(QUARTER) else chosen)

    counts = count_found(desk, selection)
    chart = draw_quarters(tuple(map(str, counts.index)), tuple(counts), desk.span)
    st.plotly_chart(
        chart.figure, key=CHART, config=CONFIG, alt=chart.alt, on_select=take_click, selection_mode="points"
    )
    open_twin(f"{CHART}-table", chart.alt, chart.table, formats={"events": str})


def tell_events_certainty(desk: Desk, selection: Selection) -> list[str]:
    """Return how sure the list of a selection is, in sentences."""
    dataset = desk.dataset
    acts = find_acts(desk, selection)[1]
    twins = tellings_of(dataset, acts.index.tolist())
    cited = sum(bool(list_citing(desk, [id, *twins[id]])) for id in acts.index)
    ids = dataset.indicators.index.tolist()
    if selection.dimension != "index":
        ids = dataset.indicators_of(selection.dimension)
    quiet = remember(count_quiet)(dataset, (selection.indicator,) if selection.indicator else tuple(ids), *desk.span)
    return list_events_certainty(acts, cited, quiet)


def show_list(desk: Desk, selection: Selection) -> None:
    """Draw what was found, page by page; or what to take away where nothing is."""
    dataset = desk.dataset
    found, acts = find_acts(desk, selection)
    values = current_view(dataset, desk.page).values
    names = name_filters(dataset, selection, FROM in values or TO in values)
    if acts.empty:
        st.html(show_nothing_found(read_index(dataset).list_unknown(selection.words), bool(names)))
        offer_less(names, {name: len(find_acts(desk, selection.without(name))[1]) for name in names})
        return
    offer_less(names)
    place = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
    listed = st.container()
    first = ON_A_PAGE * (choose_page(PAGE, -(-len(acts) // ON_A_PAGE), f"{hash(selection)}") - 1)
    shown = acts.iloc[first : first + ON_A_PAGE]
    with place:
        words = describe_found(len(acts), len(found), first + 1, first + len(shown))
        st.html(show_sources(words), width="content")
        table = found.reset_index()[EVENTS.names]
        # Rows as recorded, in the folder's columns: no setting of the view bears on them.
        st.download_button("Download as CSV", lambda: csv_bytes(table), "events.csv", "text/csv", on_click="ignore")
    listed.html(write_list(desk, shown, selection.words))


def say_events(desk: Desk, selection: Selection) -> str:
    """Return the sentence to quote: the event that is open, or how many events there are of the selection."""
    id = current_view(desk.dataset, desk.page).values.get(EVENT)
    if id is None:
        found = len(find_acts(desk, selection)[1])
        return (
            f"{count_words(found, 'event')} of this selection {'is' if found == 1 else 'are'} on record between "
            f"{format_date(desk.span[0])} and {format_date(desk.end)}."
        )
    event = desk.dataset.events.loc[id]
    return f"{format_date(pd.Timestamp(str(event['date'])))}: {event['fact']} ({event['publisher']}, {event['source_url']})."


def offer_less(names: Mapping[str, str], counts: Mapping[str, int] | None = None) -> None:
    """Draw what narrows the list down, each as a button that takes it away; ``counts`` says what is found then."""
    with st.container(horizontal=True, gap="small"):
        for name, words in names.items():
            label = escape_markdown(words) + (f" ({count_words(counts[name], 'event')})" if counts else "")
            st.button(
                label,
                key=f"without-{name}",
                icon=":material/close:",
                help="Remove",
                on_click=forget,
                args=FIELDS[name],
            )
        if len(names) > 1:
            every = [parameter for name in names for parameter in FIELDS[name]]
            st.button("Clear all", key="without-all", type="tertiary", on_click=forget, args=every)


def write_list(desk: Desk, shown: pd.DataFrame, words: str) -> Markup:
    """Return some of the events found as a fragment of the page."""
    dataset, ids = desk.dataset, shown.index.tolist()
    twins = tellings_of(dataset, ids)
    cited = {id: len(list_citing(desk, [id, *twins[id]])) for id in ids}
    parts = read_index(dataset).mark(words, ids) if words else {}
    return show_found(dataset, shown, parts, cited, twins, link_within(dataset, desk.page, EVENT))


def find_acts(desk: Desk, selection: Selection) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the events that a selection asks for, and of each act among them the first telling, newest first."""
    cited = remember(list_citations)(desk.panel).keys()
    found = find_events(desk.dataset, read_index(desk.dataset), cited, selection)
    return found, first_tellings(desk.dataset, found)


def count_found(desk: Desk, selection: Selection) -> pd.Series:
    """Return how many acts a selection finds in each quarter, whatever the period."""
    return count_quarters(desk.dataset, find_acts(desk, selection.without("start"))[1])


def list_citing(desk: Desk, ids: list[str]) -> list[int]:
    """Return the labels of the assessments that cite any of some events."""
    rows = remember(list_citations)(desk.panel)
    return list(dict.fromkeys(label for id in ids for label in rows.get(id, [])))


def read_index(dataset: Dataset) -> EventIndex:
    """Return the index of a version of the data, one for all sessions."""
    index: EventIndex = remember_at_most(INDEXES)(index_events)(dataset)
    return index


@remember_at_most(CHARTS)
def draw_quarters(quarters: tuple[str, ...], counts: tuple[int, ...], span: Span) -> Chart:
    """Return the chart of the counts by quarter."""
    return finish(plot_quarters(pd.Series(counts, pd.PeriodIndex(quarters, freq="Q")), span, THEMED))
