"""Small datasets whose rows were recorded on different days, for tests of changes and vintages."""

import dataclasses
import math
from typing import Any

import pandas as pd

from indicators.records.dataset import Dataset
from tests.folders import TOPIC

COLUMNS = ["date", "indicator", "coder", "score", "recorded"]


def build_records(*rows, digest="first", **dimensions):
    """A dataset of rows (date, indicator, coder, score[, recorded[, low, high, rationale]]) and dimension="a b c".

    A score of None withdraws. Rows without a day of record were recorded on their date; their range is the score
    itself, and their rationale and event name the row's place.
    """
    filled = []
    for place, (date, indicator, coder, score, *rest) in enumerate(rows):
        number = math.nan if score is None else float(score)
        recorded, low, high, rationale = (*rest, *(date, number, number, f"reason {place}")[len(rest) :])
        filled.append((date, indicator, coder, number, recorded, low, high, rationale, f"E{place}"))
    table = pd.DataFrame(filled, columns=[*COLUMNS, "low", "high", "rationale", "events"])
    table = table.astype({"score": float, "low": float, "high": float})
    members = {indicator: dimension for dimension, ids in dimensions.items() for indicator in ids.split()}
    tables: dict[str, Any] = {field.name: pd.DataFrame() for field in dataclasses.fields(Dataset)}
    tables |= {
        "digest": digest,
        "topic": TOPIC,
        "dimensions": pd.DataFrame({"title": list(dimensions), "weight": 1.0}, index=list(dimensions)),
        "indicators": pd.DataFrame(
            {"dimension": list(members.values()), "title": list(members), "weight": 1.0, "window": "quarter"},
            index=list(members),
        ),
        "assessments": table.assign(
            date=pd.to_datetime(table["date"]), recorded=pd.to_datetime(table["recorded"], format="ISO8601")
        ),
    }
    return Dataset(**tables)
