"""Downloads that stand alone: a chart as a page or picture, and a bundle of the evidence behind a view."""

import importlib
import importlib.util
import json
import textwrap
from collections.abc import Mapping
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
from indicators.records.errors import IndicatorsError
from indicators.records.tables.core import CODEBOOK_FILES, EVENTS
from indicators.records.tables.outside import SOURCES
from indicators.show.charts.lines import table_dates
from indicators.show.charts.palette import LIGHT, THEMED
from indicators.show.charts.plots import CONFIG, Chart
from indicators.show.charts.scale import escape_label
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

README = Template(Path(__file__).with_name("evidence.md").read_text(encoding="utf-8"))
PICTURE_WIDTH = 900
PICTURE_SECONDS = 60
CREDIT_WIDTH = 150
"""Characters of a line below a picture."""


class PictureError(IndicatorsError):
    """A picture that could not be drawn, and why."""


def write_chart_page(chart: Chart, table: pd.DataFrame, title: str, sources: str, citation: str) -> bytes:
    """Return a chart as one HTML file that needs no other: interactive, with its sentence, table, sources, citation."""
    figure = settle_colours(chart.figure)
    picture = figure.to_html(full_html=False, include_plotlyjs=True, div_id="chart", config=CONFIG)
    page = fill(
        "text/chart_page.html",
        title=title,
        style=STYLE,
        alt=chart.alt,
        chart=Markup(picture),  # noqa: S704 - Plotly escapes, in its JSON, what could end its script
        sources=[*sources.splitlines(), citation],
        table=show_table(table, caption="The chart as a table"),
    )
    return f"{page}\n".encode()


def settle_colours(figure: go.Figure) -> go.Figure:
    """Return a figure whose colours, left open for the app's light or dark, are those on light ground."""
    text = str(figure.to_json())
    for open_colour, colour in zip(THEMED.colours, LIGHT.colours, strict=True):
        text = text.replace(f'"{open_colour}"', f'"{colour}"')
    return go.Figure(json.loads(text))


def explain_no_pictures() -> str:
    """Return why no PNG or SVG can be drawn here, or nothing where it can."""
    if importlib.util.find_spec("kaleido") is None:
        return "PNG and SVG need the package kaleido on the server (pip install kaleido)."
    chromium = importlib.import_module("choreographer.browsers.chromium").Chromium
    if chromium.find_browser(skip_local=False) is None:
        return "PNG and SVG need Chrome or Chromium on the server."
    return ""


def draw_picture(chart: Chart, form: str, title: str, citation: str) -> bytes:
    """Return a chart as ``png`` or ``svg`` on white, with title and citation. Raises ``PictureError``.

    The first line of the citation stands under the title, further ones below the chart.
    """
    if why := explain_no_pictures():
        raise PictureError(why)
    figure = settle_colours(chart.figure)
    citation, *below = citation.splitlines() or [""]
    lines = [escape_label(part) for line in below for part in textwrap.wrap(line, CREDIT_WIDTH)]
    foot = 14 * len(lines) + (12 if lines else 0)
    height = (figure.layout.height or 400) + 56 + foot
    if lines:
        figure.add_annotation(
            text="<br>".join(lines),
            x=0,
            xref="paper",
            xanchor="left",
            y=0,
            yref="paper",
            yanchor="top",
            yshift=-30,
            align="left",
            showarrow=False,
            font={"size": 10, "color": LIGHT.quiet_text},
        )
    figure.update_layout(
        title={
            "text": escape_label(title),
            "subtitle": {"text": escape_label(citation), "font": {"size": 11}},
            "x": 0.01,
            "xanchor": "left",
        },
        margin={"t": 64, "b": (figure.layout.margin.b or 26) + foot},
        paper_bgcolor="#ffffff",
        font={"family": "sans-serif", "color": LIGHT.index},
    )
    options = {"format": form, "width": PICTURE_WIDTH, "height": height, "scale": 2 if form == "png" else 1}
    try:
        # Without MathJax, which the drawing page would fetch from another host.
        return bytes(
            importlib.import_module("kaleido").calc_fig_sync(
                figure.to_dict(), options, kopts={"mathjax": False, "timeout": PICTURE_SECONDS}
            )
        )
    except Exception as error:  # the browser's own failures have no common type
        raise PictureError(f"The picture could not be drawn ({type(error).__name__}).") from error


def pack_evidence(panel: Panel, view: View, link: str = "") -> bytes:
    """Return a zip of everything that the readings of a view rest on, from which a stranger can compute them again.

    The rows, their events with sources and grades, the codebook, the method, the view, the shown readings at all
    levels, the citation, an outside series where the view has one, and a README that says how; the same view of the same data gives the same bytes.
    """
    dataset = panel.dataset
    scores = list_scores(panel, View({name: value for name, value in view.values.items() if name == CODER}))
    events = cited_events(dataset, scores["events"]).reset_index()[EVENTS.names]
    method = dataset.newest_method
    readme = README.substitute(
        title=dataset.topic.title,
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
            "view.json": write_json(describe_view(panel, view, method, link)),
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
