"""What one publication says: the readings, lines, tables and verdicts of a dataset, gathered once for all pages."""

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd
from markupsafe import Markup

from indicators.measures.change.moves import Move, largest_moves, measure_move
from indicators.measures.headline import Headline, read_headline
from indicators.measures.narrative.claims import judge_claims
from indicators.measures.outside.divergence import find_divergences
from indicators.measures.outside.validity import measure_validity
from indicators.measures.panel import Panel
from indicators.measures.quarters import members_of
from indicators.measures.series import LEVELS, measure_levels
from indicators.records.dataset import Dataset
from indicators.records.errors import IndicatorsError
from indicators.show.charts.levels import events_about
from indicators.show.charts.lines import chart_dates, coder_readings, colour_of, draw_lines, level_lines
from indicators.show.charts.marked import keep_wide, plot_marked
from indicators.show.charts.marks import Marks, mark_line
from indicators.show.charts.palette import LIGHT, THEMED
from indicators.show.charts.plots import Chart, plot_coders, plot_levels
from indicators.show.charts.scale import Line
from indicators.show.charts.svg import SIZES, draw_levels, draw_marked
from indicators.show.text.tables import tabulate_readings
from indicators.show.text.words import count_words, describe_interval, format_date, format_score, name_quarter

SHARE = 80
"""Percent of the draws in every interval of the publication."""


class NothingToPublishError(IndicatorsError):
    """The data have nothing that could be published as of the day; the message says why."""


@dataclass(frozen=True)
class Publication:
    """A dataset as it is published: the day on which ages count, and everything that pages show.

    ``lines`` and ``headlines`` are by id of the index, dimensions and indicators (no headline where there is no
    reading); ``months`` are the readings at month-ends by level; ``coders`` each coder's own readings by indicator.
    """

    panel: Panel
    today: pd.Timestamp
    lines: dict[str, Line]
    headlines: dict[str, Headline | None]
    months: dict[str, pd.DataFrame]
    coders: dict[str, dict[str, pd.DataFrame]]
    verdicts: pd.DataFrame

    @property
    def dataset(self) -> Dataset:
        """The data behind the publication."""
        return self.panel.dataset

    @cached_property
    def recorded(self) -> pd.Timestamp:
        """When the newest row was recorded."""
        return pd.Timestamp(self.dataset.assessments["recorded"].max())

    @cached_property
    def version(self) -> str:
        """The name of this version: the day of the newest row and the beginning of the data's digest."""
        return f"{self.recorded:%Y-%m-%d}-{self.dataset.digest[:8]}"

    @cached_property
    def ids(self) -> list[str]:
        """Every id that has a chart: the index, the dimensions, the indicators, in codebook order."""
        return list(self.lines)

    @cached_property
    def span(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """The period of every chart: from the first assessment to the day of publication."""
        return self.panel.steps[0], self.today

    @cached_property
    def events(self) -> dict[str, pd.DataFrame]:
        """The events that bear on each id, by date."""
        return {id: events_about(self.dataset, id, self.span) for id in self.ids}

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The table of each chart, see ``tabulate_chart``."""
        return {id: tabulate_chart(self, id) for id in self.ids}

    @cached_property
    def newest_move(self) -> Move | None:
        """What moved the index to its newest settled quarter, against the quarter that it is compared with."""
        headline = self.headlines["index"]
        if headline is None or headline.compared is None:
            return None
        return measure_move(self.panel, headline.compared, headline.date)

    @cached_property
    def moves(self) -> list[Move]:
        """The largest moves of the index, numbered on its chart."""
        return largest_moves(self.panel, self.span)

    @cached_property
    def validity(self) -> pd.DataFrame:
        """How outside series move with the readings."""
        return measure_validity(self.panel)

    @cached_property
    def divergences(self) -> pd.DataFrame:
        """The stretches in which a reading and an outside series part."""
        return find_divergences(self.panel)

    @cached_property
    def marks(self) -> Marks:
        """What is marked on the chart of the index."""
        return mark_line(self.panel, self.lines["index"], self.span)

    @cached_property
    def charts(self) -> dict[str, Chart]:
        """The interactive chart of each id."""
        return {id: plot_chart(self, id) for id in self.ids}


def gather_publication(dataset: Dataset, today: dt.date | None = None) -> Publication:
    """Return everything that a publication of this dataset shows.

    ``today`` is the day on which ages count, by default that of the newest recorded row, so that the same data give
    the same bytes. Raises ``NothingToPublishError`` for a day before that row, and where there is no assessment in force.
    """
    panel = Panel(dataset)
    if panel.effective.empty:
        raise NothingToPublishError("nothing to publish: no assessment is in force")
    recorded = pd.Timestamp(dataset.assessments["recorded"].max()).normalize()
    day = recorded if today is None else pd.Timestamp(today)
    if day < recorded:
        raise NothingToPublishError(f"{day:%Y-%m-%d} is before the newest row was recorded ({recorded:%Y-%m-%d})")
    draws = draw_lines(panel, day)
    ids = ["index", *dataset.dimensions.index, *dataset.indicators.index]
    bends = {id: _list_bends(panel, id).union(draws.dates) for id in ids}
    lines = {
        line.id: replace(line, readings=_keep_bends(line.readings, bends[line.id]))
        for line in level_lines(panel, ids, LIGHT, draws, SHARE)
    }
    coders = {
        id: {coder: _keep_bends(readings, bends[id]) for coder, readings in own.items()}
        for id, own in coder_readings(panel, chart_dates(panel, day)).items()
    }
    months = measure_levels(panel, LEVELS, panel.dates("month"), SHARE)
    return Publication(
        panel,
        day,
        lines,
        {id: read_headline(panel, id, day.date()) for id in ids},
        months,
        coders,
        judge_claims(panel),
    )


def _list_bends(panel: Panel, id: str) -> pd.DatetimeIndex:
    """The days on which a subject was assessed, and the days before: between them its line is straight."""
    rows = panel.effective
    own = pd.DatetimeIndex(rows.loc[rows["indicator"].isin(members_of(panel, id)), "date"].unique())
    return own.union(own - pd.Timedelta(days=1))


def _keep_bends(readings: pd.DataFrame, bends: pd.DatetimeIndex) -> pd.DataFrame:
    """Readings without those that lie on a straight line between others, so that a chart changes with its own rows alone."""
    state = readings["state"]
    kept = readings["date"].isin(bends) | readings["score"].isna() | (state != state.shift())
    return readings[kept].reset_index(drop=True)


def lines_about(publication: Publication, id: str) -> list[Line]:
    """Return the lines of an id's chart, its own first: the index's or a dimension's parts, an indicator's coders."""
    dataset = publication.dataset
    own = publication.lines[id]
    if id == "index":
        return [own, *(publication.lines[d] for d in dataset.dimensions.index)]
    if id in dataset.dimensions.index:
        return [own, *(publication.lines[i] for i in dataset.indicators_of(id))]
    own = replace(own, label="Reading")
    coders = publication.coders[id].items()
    return [
        own,
        *(Line(coder, f"Coder {coder}", f"coder {coder}", LIGHT.quiet_text, readings) for coder, readings in coders),
    ]


def plot_chart(publication: Publication, id: str) -> Chart:
    """Return the interactive chart of an id, in the colours that follow a page's light or dark."""
    events = publication.events[id]
    panel = publication.panel
    themed = [
        replace(line, colour=colour_of(panel, line.id, THEMED) if line.id in publication.lines else THEMED.quiet_text)
        for line in lines_about(publication, id)
    ]
    if id == "index":
        return keep_wide(plot_marked(mark_line(panel, themed[0], publication.span), THEMED, themed[1:]))
    if id in publication.dataset.indicators.index:
        return plot_coders(themed[0], publication.coders[id], THEMED, publication.span, events)
    return plot_levels(themed, id, THEMED, publication.span, events)


def draw_chart(publication: Publication, id: str, alt: str) -> dict[str, Markup]:
    """Return the still pictures of an id's chart, one for each size."""
    lines = lines_about(publication, id)
    events = publication.events[id]
    if id == "index":
        return {kind: draw_marked(publication.marks, alt, kind) for kind in SIZES}
    return {kind: draw_levels(lines, id, publication.span, alt, kind, events) for kind in SIZES}


def tabulate_chart(publication: Publication, id: str) -> pd.DataFrame:
    """Return an id's readings at month-ends, newest first, with the interval and the readings of its parts."""
    months = pd.DatetimeIndex(publication.months[publication.dataset.level(id)]["date"].unique())
    table = tabulate_readings(lines_about(publication, id), months, id, SHARE)
    return table.dropna(how="all", subset=table.columns[1:], ignore_index=True)


def state_reading(publication: Publication, id: str) -> str:
    """Return the newest reading of an id in one sentence, with its interval."""
    headline = publication.headlines[id]
    title = publication.dataset.title(id)
    if headline is None:
        return f"{title} has no reading: too little of its weight is assessed."
    return (
        f"{title} stood at {format_score(headline.score)} of 10 on {format_date(headline.date)}"
        f"{describe_interval(publication.lines[id].readings, headline.date, SHARE)}, in the band {headline.band}."
    )


def cite_version(publication: Publication, address: str = "") -> str:
    """Return how to cite this version, with the address at which it stays if there is one."""
    topic = publication.dataset.topic
    return f"{topic.citation}, version {publication.version}, {topic.licence}{f', {address}' if address else ''}."


def describe_age(publication: Publication, headline: Headline) -> str:
    """Return how old scores and evidence were when this was published; it must stay true when read years later."""
    text = (
        f"When this was published ({format_date(publication.today)}), the {name_quarter(headline.date)} was the newest "
        "that had been reviewed"
    )
    if pd.notna(headline.newest_event):
        text += (
            f", and the newest event, of {format_date(headline.newest_event)}, was "
            f"{count_words(headline.event_age_days, 'day')} old"
        )
    if headline.carried:
        passed = count_words(headline.carried, "quarter")
        text += f". Since then {passed} had ended without a review"
    return text + "."
