"""Blocks of the page Outlook: the fan, the levers with their assumptions, what they change, how hindcasts performed."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from indicators.dashboard.app import Desk
from indicators.dashboard.charts.blocks import list_sources, offer_csv, open_twin, read_ends_of, tell_certainty
from indicators.dashboard.charts.lines import finish, list_lines
from indicators.dashboard.charts.points import hold_points, place_points
from indicators.dashboard.overview import open_account
from indicators.dashboard.remember import CHARTS, PATHS, remember, remember_at_most
from indicators.dashboard.widgets import KEPT
from indicators.measures.headline import read_headline
from indicators.measures.outlook.fan import draw_paths, largest_quarter, read_history, summarise_fan
from indicators.measures.outlook.hindcast import cast_back, score_fans
from indicators.measures.outlook.levers import (
    Assumption,
    Scenario,
    explain_levers,
    follow_levers,
    list_assumptions,
    measure_reach,
    range_levers,
)
from indicators.measures.panel import Panel
from indicators.measures.quarters import read_settled
from indicators.measures.readings import NoReadingError
from indicators.records.tables.outlook import DELAY, EFFECT
from indicators.show.charts.outlook import list_fan_points, plot_fan, plot_levers, plot_record
from indicators.show.charts.palette import THEMED
from indicators.show.charts.plots import CONFIG, Chart
from indicators.show.charts.points import Point
from indicators.show.links.citation import name_subject
from indicators.show.links.levers import apply_entries, read_levers, refuse_effect, write_entries, write_levers
from indicators.show.links.parameters import ASSUME, LEVERS
from indicators.show.text.html import show_paragraph, show_points, show_sources, show_table
from indicators.show.text.outlook.projection import (
    FAN_WARNING,
    LEVER_WARNING,
    RECORD_CAPTION,
    describe_drawn,
    describe_fan,
    describe_fan_on,
    describe_off,
    describe_past_fans,
    describe_reach,
    ledger_table,
    lever_titles,
    record_table,
    show_assumed,
    show_assumed_head,
    show_reason,
)
from indicators.show.text.uncertainty.sure import list_fan_certainty
from indicators.show.text.words import format_change, format_date, name_quarter

SWITCH = "lever_"
"""Start of the keys of the levers' switches."""

EDIT = "edit_"
"""Start of the keys under which a reader's numbers stand until they are taken."""

QUARTER = "outlook-quarter"
"""Where a session notes the quarter of the fan that a reader has just chosen."""

FIELDS = ("low", "mode", "high", "delay_days")
A_YEAR_AHEAD = 12


@remember_at_most(PATHS)
def follow(panel: Panel, active: tuple[Assumption, ...]) -> Scenario:
    """Return the paths under some assumptions; the baseline's are drawn once for all of them."""
    baseline = remember_at_most(PATHS)(draw_paths)(panel)
    return follow_levers(baseline, active, {a.lever for a in active})


@remember
def summarise(panel: Panel, active: tuple[Assumption, ...], id: str) -> pd.DataFrame:
    """Return the fan of an id under some assumptions; ``NoReadingError`` where there is too little history for one."""
    return summarise_fan(follow(panel, active).paths, id)


@remember
def account(panel: Panel, active: tuple[Assumption, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the account of the levers and the range of each; ``NoReadingError`` where the index has no reading."""
    scenario = follow(panel, active)
    return explain_levers(scenario), range_levers(scenario)


@remember
def name_drawn(panel: Panel) -> str:
    """Return what the paths of a panel's fan are drawn from, in words."""
    history = read_history(panel)
    return describe_drawn(len(history.changed), largest_quarter(panel, history))


@remember_at_most(CHARTS)
def draw_fan(
    panel: Panel, active: tuple[Assumption, ...], id: str, end: pd.Timestamp, percent: int, today: pd.Timestamp
) -> Chart:
    """Return the chart of an id's fan; the baseline stands as an outline where levers are on."""
    line = list_lines(panel, (id,), end, percent)[0]
    fan = summarise(panel, active, id)
    baseline = summarise(panel, (), id) if active else None
    return finish(plot_fan(line, fan, THEMED, baseline, today=today))


@remember
def reach(panel: Panel, assumptions: tuple[Assumption, ...], id: str) -> float:
    """Return what all levers together change in the mean of an id on the last day of the fan."""
    return measure_reach(follow(panel, assumptions), id)


@remember_at_most(CHARTS)
def draw_record(panel: Panel, id: str) -> Chart:
    """Return the chart of an id's hindcasts over a year against the outcomes."""
    cast = remember(cast_back)(panel)
    own = cast[(cast["id"] == id) & (cast["months"] == A_YEAR_AHEAD)]
    return finish(plot_record(own, panel.dataset.title(id), THEMED))


def explain_no_fan(panel: Panel) -> str:
    """Return why a panel has no fan, or an empty string where it has one."""
    try:
        account(panel, ())
    except NoReadingError as error:
        return str(error)
    return ""


def read_choice(desk: Desk) -> tuple[tuple[str, ...], tuple[Assumption, ...]]:
    """Return the levers that are on and the assumptions, a reader's own among them, from the address."""
    for name in (LEVERS, ASSUME):
        if name not in st.query_params and (kept := st.session_state.get(KEPT + name)):
            st.query_params[name] = kept
    known = lever_titles(desk.dataset)
    levers = tuple(lever for lever in read_levers(st.query_params.get(LEVERS, "")) if lever in known)
    return levers, apply_entries(st.query_params.get(ASSUME, ""), list_assumptions(desk.dataset))


def show_fan(desk: Desk, id: str, active: tuple[Assumption, ...], assumptions: tuple[Assumption, ...]) -> Chart:
    """Draw the fan of an id with its sentence, warning and table twin; return the chart.

    The sentence also says what all levers together would do, and how far hindcasts were off.
    """
    dataset, panel = desk.dataset, desk.panel
    said = say_fan(desk, id, active, "The index" if id == "index" else dataset.title(id))
    together = (
        describe_reach(summarise(panel, active, id), desk.percent, reach(panel, assumptions, id)) if assumptions else ""
    )
    off = describe_off(read_record(panel, id))
    st.html(
        show_paragraph(
            " ".join(filter(None, (said, together, off))), "question", ["settled", "lever", "path", "median"]
        )
    )
    tell_certainty(lambda: tell_fan_certainty(desk, id))
    chart = draw_fan(panel, active, id, desk.end, desk.percent, pd.Timestamp(desk.today))
    with hold_points("outlook-fan"):
        st.plotly_chart(chart.figure, key="outlook-fan", config=CONFIG, alt=chart.alt)
        fan = summarise(panel, active, id)
        points = find_points(panel, active, id, desk.end, desk.percent, pd.Timestamp(desk.today))
        place_points(
            "outlook-fan", "Reviews and simulated quarters of the chart", points, lambda day: note_quarter(id, day)
        )
    open_quarter(desk, fan)
    warning = f"{FAN_WARNING} {LEVER_WARNING} Change them to see what would follow."
    st.html(show_sources(f"{warning} {name_drawn(panel)}"))
    st.html(list_sources(panel, id, desk.span))
    if place := open_twin("outlook-table", chart.alt, chart.table, "Simulated paths by quarter"):
        offer_csv(place, desk, chart.table, "outlook-fan.csv", id=id)
    return chart


@remember
def find_points(
    panel: Panel, active: tuple[Assumption, ...], id: str, end: pd.Timestamp, percent: int, today: pd.Timestamp
) -> list[Point]:
    """Return the reviews and the simulated quarters of the chart, with their places."""
    figure = draw_fan(panel, active, id, end, percent, today).figure
    return list_fan_points(figure, read_settled(panel)[id].dropna(), summarise(panel, active, id))


@remember
def read_record(panel: Panel, id: str) -> pd.DataFrame:
    """Return how hindcasts of an id performed, by horizon."""
    return score_fans(remember(cast_back)(panel), id)


@remember
def list_hindcasts(panel: Panel, id: str) -> str:
    """Return how hindcasts of an id performed beside the references, as a fragment of a page."""
    return show_table(record_table(read_record(panel, id)), caption=RECORD_CAPTION)


def tell_fan_certainty(desk: Desk, id: str) -> list[str]:
    """Return how sure a fan is, in sentences."""
    panel = desk.panel
    headline = remember(read_headline)(panel, id, desk.today)
    if headline is None:
        return []
    ends = remember(read_ends_of)(panel, id, headline.date, desk.percent)
    record = read_record(panel, id)
    return list_fan_certainty(panel, headline, ends, desk.percent, record, largest_quarter(panel, read_history(panel)))


def note_quarter(id: str, day: str) -> None:
    """Note the quarter, by its last day, that a reader has chosen on the fan, for the run that follows."""
    st.session_state[QUARTER] = (id, day)


def open_quarter(desk: Desk, fan: pd.DataFrame) -> None:
    """Open the quarter that a reader has just chosen: what moved it, or where the paths stand in it."""
    if QUARTER not in st.session_state:
        return
    id, day = st.session_state.pop(QUARTER)
    date = pd.Timestamp(day)
    rows = fan[fan["date"] == date]
    if date <= fan["date"].iloc[0] or rows.empty:
        open_account(desk, id, date)
        return

    @st.dialog(f"The simulated paths: {name_quarter(date)}", width="medium")
    def show() -> None:
        st.html(show_points(describe_fan_on(rows.iloc[0])))

    show()


def say_projection(desk: Desk, id: str, active: tuple[Assumption, ...]) -> str:
    """Return the sentence to quote: where the paths of an id lead, and what they are."""
    return f"{say_fan(desk, id, active, name_subject(desk.dataset, id))} {FAN_WARNING}"


def say_fan(desk: Desk, id: str, active: tuple[Assumption, ...], name: str) -> str:
    """Return where the paths of an id lead, with the levers that are on and without."""
    baseline = summarise(desk.panel, (), id) if active else None
    levers = {a.lever for a in active}
    titles = [title for lever, title in lever_titles(desk.dataset).items() if lever in levers]
    return describe_fan(name, summarise(desk.panel, active, id), desk.percent, titles, baseline)


def choose_levers(desk: Desk, levers: tuple[str, ...], assumptions: tuple[Assumption, ...]) -> None:
    """Draw the levers with their switches, their assumptions, and what lies behind these."""
    dataset = desk.dataset
    published = list_assumptions(dataset)
    if not published:
        st.info("The data folder names no levers (outlook/pathways.csv).")
        return
    own = set(assumptions) - set(published)
    titles = lever_titles(dataset)
    st.html(show_assumed_head())
    for lever, title in titles.items():
        st.session_state[SWITCH + lever] = lever in levers
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"):
            st.toggle(title, key=SWITCH + lever, on_change=_switch, args=(tuple(titles),))
            popover = st.popover("Details", key=f"why-{lever}", on_change="rerun", type="tertiary", width="content")
        mine = [a for a in assumptions if a.lever == lever]
        st.html(show_assumed(dataset, mine, own))
        if popover.open:
            with popover:
                _edit(desk, lever, mine, published)
    if own:
        st.html(show_sources("Your changes are in italics and in the link."))
        st.button("Reset to the published assumptions", on_click=_note, args=(ASSUME, ""))


def show_difference(desk: Desk, active: tuple[Assumption, ...]) -> None:
    """Draw what each lever changes in the index, and the account that sums to the difference."""
    ledger, ranges = account(desk.panel, active)
    if ledger.empty:
        st.html(show_paragraph("No lever is on, so there is no difference from the baseline.", "question"))
        return
    last = follow(desk.panel, active).paths.dates[-1]
    amount = format_change(ledger["amount"].sum(), 2)
    said = f"On {format_date(last)} the levers change the mean of the index across the paths by {amount}."
    st.html(show_paragraph(f"{said} Bars are means, thin lines show 80 % of the paths.", "question"))
    chart = finish(plot_levers(ranges, lever_titles(desk.dataset), THEMED))
    st.plotly_chart(chart.figure, key="outlook-levers", config=CONFIG, alt=chart.alt)
    parts, caption = ledger_table(desk.dataset, ledger), "The amounts sum to the difference"
    if place := open_twin("outlook-ledger", chart.alt, parts, caption, label="The breakdown as a table"):
        offer_csv(place, desk, ledger, "outlook-levers.csv")


def show_record(desk: Desk, id: str) -> None:
    """Draw how hindcasts of an id performed: what they covered, and their scores beside two references."""
    cast = remember(cast_back)(desk.panel)
    record = read_record(desk.panel, id)
    name = "the index" if id == "index" else desk.dataset.title(id)
    recorded = remember(cast_back)(desk.panel, recorded=True)
    st.html(show_paragraph(describe_past_fans(name, record, len(recorded)), "question", ["hindcast", "CRPS"]))
    if not record["origins"].iloc[-1]:
        return
    st.html(list_hindcasts(desk.panel, id))
    chart = draw_record(desk.panel, id)
    st.plotly_chart(chart.figure, key="outlook-record", config=CONFIG, alt=chart.alt)
    st.html(
        show_sources(
            "Hindcasts over a year: bars show 50, 80 and 95 % of the paths; the dot is the actual reading, hollow "
            "where it is outside 80 %."
        )
    )
    if place := open_twin("outlook-record-table", chart.alt, chart.table, "Hindcasts, newest first"):
        offer_csv(place, desk, cast[cast["id"] == id], "outlook-record.csv", id=id)


def _edit(desk: Desk, lever: str, mine: list[Assumption], published: tuple[Assumption, ...]) -> None:
    """Draw why a lever is assumed to do what it does, and a form to assume something else."""
    reasons = desk.dataset.pathways[desk.dataset.pathways["lever"] == lever].to_dict("records")
    with st.form(f"assume-{lever}", border=False):
        for a, row in zip(mine, reasons, strict=True):
            st.html(show_reason(desk.dataset, row))
            stem = f"{EDIT}{lever}.{a.indicator}."
            columns = st.columns(4)
            for column, field, label in zip(columns, FIELDS[:3], ("Low", "Likeliest", "High"), strict=False):
                column.number_input(label, EFFECT.low, EFFECT.high, float(getattr(a, field)), 0.25, key=stem + field)
            columns[3].number_input("Delay in days", DELAY.low, DELAY.high, a.delay_days, 30, key=stem + FIELDS[3])
        if refused := st.session_state.pop(f"{EDIT}refused", ""):
            st.warning(refused)
        st.form_submit_button("Apply", on_click=_take, args=(desk, lever, published))


def _take(desk: Desk, lever: str, published: tuple[Assumption, ...]) -> None:
    """Put a reader's numbers of one lever into the address, if they can be."""
    taken = []
    for a in read_choice(desk)[1]:
        if a.lever == lever:
            low, mode, high, days = (st.session_state[f"{EDIT}{lever}.{a.indicator}.{field}"] for field in FIELDS)
            a = replace(a, low=round(low, 2), mode=round(mode, 2), high=round(high, 2), delay_days=int(days))
            if reason := refuse_effect(a):
                st.session_state[f"{EDIT}refused"] = f"Not applied: {desk.dataset.title(a.indicator)}: {reason}."
                return
        taken.append(a)
    _note(ASSUME, write_entries(taken, published))


def _switch(known: tuple[str, ...]) -> None:
    _note(LEVERS, write_levers(lever for lever in known if st.session_state[SWITCH + lever]))


def _note(name: str, text: str) -> None:
    """Put a choice into the address, where it belongs to the link; an empty one takes it out."""
    st.session_state[KEPT + name] = text
    if text:
        st.query_params[name] = text
        return
    st.query_params.pop(name, None)
    if name == ASSUME:
        for key in [key for key in st.session_state if str(key).startswith(EDIT)]:
            del st.session_state[key]
