"""The data of a publication as files: tables for analysis, charts' tables and figures, the data folder itself."""

import json
from collections.abc import Iterator

import pandas as pd
import plotly.graph_objects as go

from indicators.measures.outlook.scores import pair_forecasts, tabulate_calibration, tabulate_scores
from indicators.measures.series import stack_levels
from indicators.records.encoding import write_json, write_moment
from indicators.show.charts.palette import DARK, LIGHT
from indicators.show.files.tables import csv_bytes, json_records
from indicators.show.publication.content import Publication
from indicators.show.text.words import format_date

DIGITS = 6
"""Decimals in files: the last bits of a sum differ between processors, six decimals do not."""


def build_downloads(publication: Publication) -> Iterator[tuple[str, bytes]]:
    """Return the paths and bytes of the tables as CSV and JSON, and of each chart's table and interactive figure."""
    dataset, panel = publication.dataset, publication.panel
    series = stack_levels(publication.months)[["date", "level", "id", "score", "low", "high", "fresh"]]
    assessments = panel.effective.drop(columns=["file", "line"]).reset_index(drop=True)
    events = dataset.events.drop(columns=["file", "line"]).reset_index()
    pairs = pair_forecasts(panel)
    for name, table in (
        ("series", series),
        ("assessments", assessments),
        ("verdicts", publication.verdicts),
        ("validity", publication.validity),
        ("forecasts", pairs),
        ("forecast-scores", tabulate_scores(pairs)),
        ("forecast-calibration", tabulate_calibration(pairs)),
    ):
        yield f"data/{name}.csv", csv_bytes(table, DIGITS)
        yield f"data/{name}.json", _write_records(table)
    yield "data/events.json", _write_records(events)
    for id in publication.ids:
        yield f"data/charts/{id}.csv", csv_bytes(publication.tables[id], DIGITS)
        yield f"figures/{id}.json", write_figure(publication.charts[id].figure)


def write_version(publication: Publication) -> bytes:
    """Return what later versions must know of this one: its name, days and readings."""
    readings = {
        id: {
            "score": round(h.score, 4),
            "date": f"{h.date:%Y-%m-%d}",
            "date_words": format_date(h.date),
            "title": publication.dataset.title(id),
        }
        for id, h in publication.headlines.items()
        if h is not None
    }
    recorded = publication.recorded
    return write_json(
        {
            "version": publication.version,
            "digest": publication.dataset.digest,
            "recorded": write_moment(recorded),
            "recorded_words": format_date(recorded),
            "published": f"{publication.today:%Y-%m-%d}",
            "rows": len(publication.panel.effective),
            "readings": readings,
        },
        indent=1,
    )


def _write_records(table: pd.DataFrame) -> bytes:
    return write_json(json_records(table, DIGITS), indent=1)


def write_figure(drawn: go.Figure) -> bytes:
    """Return an interactive figure with the colours that a page puts in for light and dark."""
    figure = json.loads(drawn.to_json(engine="json"))
    figure["layout"].pop("template", None)
    return write_json(
        {"palettes": {"light": list(LIGHT.colours), "dark": list(DARK.colours)}, "figure": figure}, indent=None
    )
