"""Compare in a publication: the readings of all settled quarters, and what between any two of them moved the index."""

from typing import Any

import pandas as pd

from indicators.measures.quarters import read_settled
from indicators.records.encoding import write_json
from indicators.show.publication.content import Publication
from indicators.show.publication.render import Sheet
from indicators.show.text.html import show_table
from indicators.show.text.words import format_change, format_score, name_quarter

DIGITS = 6
A_YEAR = 4


def compose_compare(publication: Publication) -> Sheet:
    """Return the page: a table of the quarters that needs no script, and a choice of any two where there is one."""
    dataset = publication.dataset
    table = tabulate_quarters(publication)
    values = {"table": show_table(table, caption="Settled quarters, newest first; parts in points of the index")}
    summary = "The settled quarters, and what moved the index between any two of them."
    return Sheet("compare.html", "compare.html", f"Compare · {dataset.topic.title}", summary, "index", values)


def tabulate_quarters(publication: Publication) -> pd.DataFrame:
    """Return the settled quarters as a table for readers: index, its change on the quarter before, each dimension's part."""
    dataset = publication.dataset
    readings = read_settled(publication.panel)
    readings = readings[readings["index"].notna()]
    parts = readings[dataset.dimensions.index].diff() * share_dimensions(publication)
    changes = readings["index"].diff()
    columns: dict[str, list[str]] = {
        "quarter": [name_quarter(day) for day in readings.index],
        "index": [format_score(value, 2) for value in readings["index"]],
        "change": [format_change(value, 2) for value in changes],
    }
    columns |= {dataset.title(str(id)): [format_change(value, 2) for value in parts[id]] for id in parts}
    return pd.DataFrame(columns)[::-1].reset_index(drop=True)


def share_dimensions(publication: Publication) -> pd.Series:
    """Return the share of the index's weight that each dimension has."""
    weights = publication.panel.weights.dimensions
    shares: pd.Series = weights / weights.sum()
    return shares


def share_indicators(publication: Publication) -> dict[str, float]:
    """Return the share of the index's weight that each indicator has."""
    weights, dimensions = publication.panel.weights, share_dimensions(publication)
    shares: dict[str, float] = {}
    for dimension, share in dimensions.items():
        own = weights.indicators[weights.members(str(dimension))]
        shares |= {str(id): float(share * weight / own.sum()) for id, weight in own.items()}
    return shares


def write_quarters(publication: Publication) -> bytes:
    """Return as JSON what a comparison of any two settled quarters needs.

    ``parts`` are the dimensions with title and indicators, these with title and share of the index's weight;
    ``quarters`` have ``date``, ``name`` and ``readings`` by id. An indicator's part in a change is its share times the
    change of its reading.
    """
    dataset, shares = publication.dataset, share_indicators(publication)
    readings = read_settled(publication.panel)
    readings = readings[readings["index"].notna()]
    quarters: list[dict[str, Any]] = [
        {
            "date": f"{day:%Y-%m-%d}",
            "name": name_quarter(pd.Timestamp(str(day))),
            "readings": {id: round(float(value), DIGITS) for id, value in row.dropna().items()},
        }
        for day, row in readings.iterrows()
    ]
    parts = [
        {
            "id": id,
            "title": dataset.title(id),
            "indicators": [
                {"id": i, "title": dataset.title(i), "share": round(shares[i], 9)} for i in dataset.indicators_of(id)
            ],
        }
        for id in dataset.dimensions.index
    ]
    return write_json({"parts": parts, "quarters": quarters}, indent=None)
