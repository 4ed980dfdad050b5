"""The outlook in a publication: its page, its card, and the files of its chart."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from indicators.measures.outlook.fan import Paths, draw_paths, largest_quarter, read_history, summarise_fan
from indicators.measures.outlook.hindcast import cast_back, score_fans
from indicators.measures.outlook.levers import Assumption, follow_levers, list_assumptions, measure_reach, range_levers
from indicators.measures.readings import NoReadingError
from indicators.show.charts.outlook import plot_fan, tabulate_record
from indicators.show.charts.palette import THEMED
from indicators.show.charts.plots import Chart
from indicators.show.charts.svg import SIZES, draw_fan
from indicators.show.files.tables import csv_bytes
from indicators.show.publication.content import SHARE, Publication
from indicators.show.publication.files import DIGITS, write_figure
from indicators.show.publication.render import Sheet, compose_card
from indicators.show.text.html import show_table
from indicators.show.text.outlook.forecasts import show_record_section
from indicators.show.text.outlook.projection import (
    FAN_WARNING,
    LEVER_WARNING,
    RECORD_CAPTION,
    assumption_table,
    describe_drawn,
    describe_fan,
    describe_off,
    describe_past_fans,
    describe_reach,
    lever_titles,
    range_table,
    record_table,
)
from indicators.show.text.words import describe_sources, format_change

NAME = "outlook"


@dataclass(frozen=True, eq=False)
class Outlook:
    """What a publication says of the year ahead: the fan of the index, its chart and words; or why there is none."""

    why: str
    assumptions: tuple[Assumption, ...]
    paths: Paths | None = None
    fan: pd.DataFrame | None = None
    chart: Chart | None = None
    casts: pd.DataFrame | None = None
    said: str = ""


def gather_outlook(publication: Publication) -> Outlook:
    """Return the outlook of a publication, without levers."""
    panel = publication.panel
    assumptions = list_assumptions(publication.dataset)
    line = replace(publication.lines["index"], colour=THEMED.index)
    try:
        paths = draw_paths(panel)
        fan = summarise_fan(paths, "index")
    except NoReadingError as error:
        return Outlook(f"{error}.".capitalize(), assumptions)
    if fan["median"].isna().any():
        return Outlook("The index has no reading from which a projection could start.", assumptions)
    # The last bits of a sum differ between processors.
    numbers = fan.columns.drop("date")
    fan[numbers] = fan[numbers].round(DIGITS)
    casts = cast_back(panel)
    said = [describe_fan("The index", fan, SHARE)]
    if assumptions:
        all_on = follow_levers(paths, assumptions, {a.lever for a in assumptions})
        said.append(describe_reach(fan, SHARE, measure_reach(all_on, "index")))
    said.append(describe_off(score_fans(casts, "index")))
    chart = plot_fan(line, fan, THEMED, today=pd.Timestamp(publication.today.date()))
    return Outlook("", assumptions, paths, fan, chart, casts, " ".join(filter(None, said)))


def compose_outlook(publication: Publication, outlook: Outlook) -> Iterator[Sheet]:
    """Return the page of the outlook and, where there is a fan, its card."""
    dataset = publication.dataset
    chart = _show_figure(publication, outlook)
    values: dict[str, Any] = {
        "said": outlook.said or outlook.why,
        "chart": chart,
        "warning": f"{FAN_WARNING} {LEVER_WARNING}",
        "drawn": "",
        "levers": "",
        "ranges": "",
        "record": "",
        "forecasts": show_record_section(publication.panel, publication.today.date()),
    }
    if outlook.assumptions:
        table = assumption_table(dataset, outlook.assumptions)
        values["levers"] = show_table(table, caption="Assumed changes of the scores, in points")
    if outlook.paths is not None:
        history = read_history(publication.panel)
        values["drawn"] = describe_drawn(len(history.changed), largest_quarter(publication.panel, history))
        scenario = follow_levers(outlook.paths, outlook.assumptions, lever_titles(dataset))
        if scenario.effects:
            points = {name: lambda v: format_change(v, 2) for name in ("mean", "low (80 %)", "high (80 %)")}
            table = range_table(dataset, range_levers(scenario))
            values["ranges"] = show_table(
                table, points, "What each lever would change in the index a year on, in points"
            )
        values |= _show_record(publication, outlook)
    yield Sheet(f"{NAME}.html", f"{NAME}.html", f"Outlook · {dataset.topic.title}", values["said"], "index", values)
    if chart:
        state, heading = f"{outlook.said} {FAN_WARNING}", f"{dataset.topic.short_name}: outlook"
        yield compose_card(
            publication, NAME, "Outlook", state, "index", heading=heading, chart=chart, page=f"../{NAME}.html"
        )


def build_outlook_files(outlook: Outlook) -> Iterator[tuple[str, bytes]]:
    """Return the paths and bytes of the chart's table and interactive figure."""
    if outlook.fan is not None and outlook.chart is not None:
        yield f"data/charts/{NAME}.csv", csv_bytes(outlook.fan, DIGITS)
        yield f"figures/{NAME}.json", write_figure(outlook.chart.figure)


def _show_figure(publication: Publication, outlook: Outlook) -> dict[str, Any]:
    if outlook.chart is None or outlook.fan is None:
        return {}
    line, fan, alt = publication.lines["index"], outlook.fan, outlook.chart.alt
    return {
        "id": NAME,
        "alt": alt,
        "turns": "",
        "pictures": {kind: draw_fan(line, fan, alt, kind, pd.Timestamp(publication.today.date())) for kind in SIZES},
        "table": show_table(outlook.chart.table, caption="Simulated paths of the index by quarter"),
        "sources": describe_sources(publication.dataset, publication.events["index"]),
    }


def _show_record(publication: Publication, outlook: Outlook) -> dict[str, Any]:
    casts = outlook.casts
    if casts is None:
        return {}
    record = score_fans(casts, "index")
    recorded = cast_back(publication.panel, recorded=True)
    shown = {"record_said": describe_past_fans("the index", record, len(recorded)), "record_rows": ""}
    if record["origins"].iloc[-1]:
        shown["record"] = show_table(record_table(record), caption=RECORD_CAPTION)
        shown["record_rows"] = show_table(
            tabulate_record(casts[casts["id"] == "index"]), caption="Hindcasts, newest first"
        )
    return shown
