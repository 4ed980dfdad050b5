"""Downloads that stand alone: a chart as a page, and a bundle of the evidence behind a view."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from markupsafe import Markup

from indicators import __version__
from indicators.measures.outside.overlay import NO_OVERLAY, list_overlays, list_values
from indicators.measures.panel import Panel
from indicators.measures.series import LEVELS, measure_levels, stack_levels
from indicators.measures.uncertainty.draws import DRAWS
from indicators.records.dataset import Dataset, cited_events
from indicators.records.encoding import pack_files, write_json
from indicators.records.tables.core import CODEBOOK_FILES, EVENTS
from indicators.records.tables.outside import SOURCES
from indicators.show.charts.key import add_key, count_rows
from indicators.show.charts.lines import table_dates
from indicators.show.charts.palette import THEMED
from indicators.show.charts.plots import CONFIG, Chart
from indicators.show.files.description import Description, describe_download
from indicators.show.files.pictures import settle_colours
from indicators.show.files.tables import csv_bytes, list_scores
from indicators.show.links.parameters import (
    ALL_CODERS,
    AS_OF,
    CODER,
    FREQ,
    FROM,
    INTERVAL,
    MEAN,
    NAMED,
    OVERLAY,
    PARAMETERS,
    TO,
    WEIGHT,
    View,
    cite,
)
from indicators.show.text.html import STYLE, show_table
from indicators.show.text.markup import fill
from indicators.show.text.words import CREDIBILITY, RELIABILITY

KEY_WIDTH, KEY_LETTER, KEY_ROW = 640, 6.4, 20
"""Width that the key of a page is reckoned with, and of its letters, and height of its rows, in pixels."""

README = Template(Path(__file__).with_name("evidence.md").read_text(encoding="utf-8"))


def write_chart_page(chart: Chart, table: pd.DataFrame, description: Description, sources: Sequence[str] = ()) -> bytes:
    """Return a chart as one HTML file that needs no other: interactive, with its key, settings, table and sources."""
    figure = go.Figure(chart.figure)
    add_key(figure, chart.key, THEMED)
    figure = settle_colours(figure)
    rows = count_rows(chart.key, KEY_WIDTH, KEY_LETTER)
    top = (figure.layout.margin.t or 0) + KEY_ROW * rows
    figure.update_layout(
        height=(figure.layout.height or 400) + KEY_ROW * rows,
        margin={"t": top},
        legend={
            "orientation": "h",
            "traceorder": "normal",
            "x": 0,
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "font": {"size": 12},
        },
    )
    picture = figure.to_html(full_html=False, include_plotlyjs=True, div_id="chart", config=CONFIG)
    page = fill(
        "text/chart_page.html",
        title=description.title,
        style=STYLE,
        alt=chart.alt,
        warning=description.warning,
        rows=description.rows,
        notes=chart.notes,
        chart=Markup(picture),  # noqa: S704 - Plotly escapes, in its JSON, what could end its script
        sources=sources,
        table=show_table(table, caption="The chart as a table"),
    )
    return f"{page}\n".encode()


def pack_evidence(panel: Panel, view: View, link: str = "", description: Description | None = None) -> bytes:
    """Return a zip of everything that the readings of a view rest on, from which a stranger can compute them again.

    The rows, their events with sources and grades, the codebook, the method, the view, the shown readings at all
    levels, the citation, an outside series where the view has one, and a README that says how; the same view of the same data gives the same bytes.
    ``description`` is what the download says of itself, by default without the day on which it is made.
    """
    dataset = panel.dataset
    scores = list_scores(panel, View({name: value for name, value in view.values.items() if name == CODER}))
    events = cited_events(dataset, scores["events"]).reset_index()[EVENTS.names]
    method = dataset.newest_method
    said = description or describe_download(panel, view, link=link)
    readme = README.substitute(
        title=dataset.topic.title,
        settings="\n".join(filter(None, [said.warning, *(f"- {label}: {value}" for label, value in said.rows)])),
        licence=dataset.topic.licence,
        citation=cite(dataset),
        link=link and f"The view: {link}",
        method=method,
        draws=f"{DRAWS:,}",
        reliability=_list_grades(RELIABILITY),
        credibility=_list_grades(CREDIBILITY),
    )
    return pack_files(
        {
            "README.md": readme.encode(),
            "citation.txt": (cite(dataset) + "\n").encode(),
            "method.md": dataset.method.encode(),
            "view.json": write_json(describe_view(panel, view, method, link) | {"described": dict(said.rows)}),
            "shown.csv": csv_bytes(tabulate_shown(panel, view)),
            "scores.csv": csv_bytes(scores),
            "events.csv": csv_bytes(events),
            **{name: csv_bytes(table) for name, table in _list_codebook(dataset).items()},
            **{name: csv_bytes(table) for name, table in _list_outside(dataset, view).items()},
        }
    )


def tabulate_shown(panel: Panel, view: View) -> pd.DataFrame:
    """Return the readings of a view at its period ends, at all levels: ``level, date, id, score, low, high, fresh``."""
    dates = table_dates(panel, view.get(FREQ), view.day(FROM), view.day(TO))
    return stack_levels(measure_levels(panel, LEVELS, dates, float(view.get(INTERVAL))))


def describe_view(panel: Panel, view: View, method: str, link: str) -> dict[str, Any]:
    """Return what made the readings: the data, each parameter of the view that bears on them, the method, the code."""
    as_of = "" if panel.as_of is None else panel.as_of.isoformat()
    shown = View({**view.values, AS_OF: as_of, CODER: panel.coder or ALL_CODERS, MEAN: panel.mean})
    described = {p.evidence: p.kind.typed(shown.get(p.name)) for p in PARAMETERS if p.evidence and not p.spread}
    return {
        "link": link,
        "digest": panel.dataset.digest,
        **described,
        NAMED[WEIGHT].evidence: {str(id): float(weight) for id, weight in panel.weights.dimensions.items()},
        "draws": DRAWS,
        "seed": 0,
        "method": method,
        "software": __version__,
    }


def _list_outside(dataset: Dataset, view: View) -> dict[str, pd.DataFrame]:
    id = view.get(OVERLAY)
    if id == NO_OVERLAY:
        return {}
    start, end = view.day(FROM) or pd.Timestamp.min, view.day(TO) or pd.Timestamp.max
    sources = dataset.sources.loc[list_overlays(dataset.sources.index)[id]].reset_index()
    return {
        "outside.csv": list_values(dataset, id, (pd.Timestamp(start), pd.Timestamp(end))),
        "outside-sources.csv": sources[SOURCES.names],
    }


def _list_codebook(dataset: Dataset) -> dict[str, pd.DataFrame]:
    tables = {
        "codebook/dimensions.csv": dataset.dimensions,
        "codebook/indicators.csv": dataset.indicators,
        "codebook/anchors.csv": dataset.anchors,
        "codebook/coders.csv": dataset.coders,
        "codebook/methods.csv": dataset.methods,
    }
    return {name: table.reset_index()[CODEBOOK_FILES[name].names] for name, table in tables.items()}


def _list_grades(grades: Mapping[str, str]) -> str:
    return "\n".join(f"| {grade} | {meaning} |" for grade, meaning in grades.items())
