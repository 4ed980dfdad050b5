"""What a download says of itself: how its numbers were made, in the same words in every format.

A picture, a page and a table leave the app and are read elsewhere, so each carries the reader's settings, above all
where they differ from the published ones.
"""

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from indicators.measures.panel import Panel
from indicators.show.links.citation import list_conditions, name_doubt, name_weights
from indicators.show.links.kinds import Day
from indicators.show.links.parameters import (
    AS_OF,
    ASSUME,
    BASE,
    CODER,
    COMPARE,
    DIGEST,
    DIM,
    DOUBT,
    FREQ,
    FROM,
    INTERVAL,
    LEVERS,
    MEAN,
    NAMED,
    PARAMETERS,
    TAB,
    TO,
    WEIGHT,
    View,
    cite,
    settle_values,
)
from indicators.show.text.outlook.projection import lever_titles
from indicators.show.text.words import format_date, join_words

QUARTERS = (
    "calendar quarters; one is settled when it has ended and at least 75 % of the index's weight was reviewed, "
    "readings between reviews lie on the line from one to the next"
)
"""How a quarter is counted."""

NAMES = {BASE: "Compared from", COMPARE: "to", LEVERS: "Levers on", ASSUME: "Reader's own assumptions"}
"""What parameters are called whose control has no name of its own, or one that needs its page."""

_TOLD = {DIM, FROM, TO, CODER, FREQ, AS_OF, INTERVAL, MEAN, DOUBT, DIGEST, TAB}
"""Parameters that a description has in a row of its own, or that change no number."""


@dataclass(frozen=True)
class Description:
    """What a download shows, how it was made, and in which respects that is not as published."""

    title: str
    rows: tuple[tuple[str, str], ...]
    own: str
    """What differs from the published figures, in words; empty where nothing does."""

    citation: str

    @property
    def warning(self) -> str:
        """The sentence that stands first where something differs from the published figures."""
        return f"Not the published figures: {self.own}." if self.own else ""

    @property
    def line(self) -> str:
        """All of it in one line, for a note beside a table and a field of a picture."""
        said = "; ".join(f"{label}: {value}" for label, value in self.rows)
        return " ".join(filter(None, (f"{self.title}.", self.warning, f"{said}.")))

    @property
    def lines(self) -> list[str]:
        """It in a few short lines, for the foot of a picture."""
        said = dict(self.rows)
        how = f"Coders: {said['Coders']}; weights: {said['Weights']}; {said['Mean']} mean; interval: {said['Interval']}"
        more = [f"{label.lower()}: {value}" for label, value in self.rows if label not in _SHORT]
        return [*filter(None, [self.warning]), f"{'; '.join([how, *more])}.", f"{said['Quarters'].capitalize()}."]


_SHORT = {"Shows", "Coders", "Weights", "Mean", "Interval", "Quarters", "Licence", "Digest", "Cite", "Address"}
"""Rows that the foot of a picture has in its own words, or in its citation."""


def describe_download(
    panel: Panel, view: View, page: str = "", subject: str = "", link: str = "", today: dt.date | None = None
) -> Description:
    """Return what a download of a view says of itself.

    ``subject`` is the id shown (without it the view's own or the index), ``link`` the address that restores the view,
    ``today`` the day on which it is made, where that is to be said.
    """
    dataset = panel.dataset
    subject = subject or view.values.get(DIM) or "index"
    title = dataset.title(subject)
    recorded = pd.Timestamp(panel.recorded["recorded"].max()) if len(panel.recorded) else None
    rows = [
        ("Shows", title),
        ("Period", _name_period(view)),
        ("Coders", "all" if panel.coder is None else f"{panel.coder} alone"),
        ("Weights", name_weights(panel) or "as published"),
        ("Mean", panel.mean),
        ("Interval", f"{view.get(INTERVAL)} % of draws, doubt {name_doubt(panel)}"),
        ("Data", _name_data(panel, recorded)),
        ("Quarters", QUARTERS),
        *_list_choices(panel, view, page),
        ("Method", dataset.newest_method),
        ("Digest", dataset.digest),
        ("Licence", dataset.topic.licence),
        ("Made", "" if today is None else format_date(pd.Timestamp(today))),
        ("Cite", cite(dataset)),
        ("Address", link),
    ]
    name = dataset.topic.short_name
    return Description(
        f"{name}: {title.lower() if subject == 'index' else title}",
        tuple((label, value) for label, value in rows if value),
        join_words([*list_conditions(panel), *_list_scenario(panel, view, page)]),
        cite(dataset),
    )


def _name_period(view: View) -> str:
    start, end = view.day(FROM), view.day(TO)
    if start is None and end is None:
        return "the whole"
    first = "the beginning" if start is None else format_date(pd.Timestamp(start))
    return f"{first} to {'the newest data' if end is None else format_date(pd.Timestamp(end))}"


def _name_data(panel: Panel, recorded: pd.Timestamp | None) -> str:
    newest = "none" if recorded is None else format_date(recorded)
    if panel.as_of is None:
        return f"recorded up to {newest}, the newest"
    return f"as recorded up to {format_date(pd.Timestamp(panel.as_of))}"


def _list_scenario(panel: Panel, view: View, page: str) -> list[str]:
    """What makes a projection another one than that published."""
    settled = settle_values(view.values, page, panel.dataset)
    words = {LEVERS: "with levers on", ASSUME: "with the reader's own assumptions"}
    return [text for name, text in words.items() if page == "outlook" and name in settled]


def _list_choices(panel: Panel, view: View, page: str) -> list[tuple[str, str]]:
    """What else a reader has chosen on a page: days compared, levers, an outside series, filters."""
    settled = settle_values(view.values, page, panel.dataset)
    chosen = []
    for parameter in PARAMETERS:
        value = settled.get(parameter.name, "")
        if value and parameter.name not in _TOLD and parameter.name != WEIGHT and page in parameter.pages:
            label = NAMES.get(parameter.name) or parameter.label_on(page) or parameter.name.capitalize()
            chosen.append((label, _name_value(panel, parameter.name, value)))
    return chosen


def _name_value(panel: Panel, name: str, value: str) -> str:
    if name == LEVERS:
        titles = lever_titles(panel.dataset)
        return ", ".join(titles.get(lever, lever) for lever in value.split(","))
    return format_date(pd.Timestamp(value)) if isinstance(NAMED[name].kind, Day) else value
