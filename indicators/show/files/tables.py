"""Tables as files for other programs: CSV and JSON of readings, scores, events and claims, and nothing lost in them.

A spreadsheet runs no cell of theirs: texts come from a checked folder, whose rules refuse texts that start with one of
``= + - @``; ids, days and words of this project never do; a number may be negative.
"""

from typing import Any

import pandas as pd

from indicators.measures.narrative.claims import judge_claims
from indicators.measures.panel import Panel
from indicators.measures.readings import select_recorded
from indicators.measures.series import build_series
from indicators.measures.uncertainty.intervals import probability_word
from indicators.records.dataset import Dataset
from indicators.records.encoding import DAY_FORMAT, MOMENT_FORMAT
from indicators.records.errors import IndicatorsError
from indicators.records.tables.core import ASSESSMENTS, EVENTS
from indicators.show.links.parameters import (
    ALL_CODERS,
    CODER,
    DIM,
    FREQ,
    FROM,
    INDICATOR,
    INTERVAL,
    LEVEL,
    TO,
    Refusal,
    View,
)

NOTE = "note"
"""Column that says how the numbers of a downloaded table were made."""

DECIMALS = 12
"""Decimals of exported readings: sums of hundreds of them hold to 1e-9, and the text is the same on every machine."""


class ViewError(IndicatorsError):
    """Parameters that are refused, each by itself or because they do not go together."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__("; ".join(map(str, refusals)))
        self.refusals = refusals


def read_series(panel: Panel, view: View) -> pd.DataFrame:
    """Return the readings of a view at period ends: ``date, id, score, low, high, fresh``.

    ``level``, ``dim`` and ``indicator`` say which ones (see ``choose_ids``). Raises ``ViewError``.
    """
    level, ids = choose_ids(panel.dataset, view)
    dates = panel.dates(view.get(FREQ), view.day(FROM), view.day(TO))
    table = build_series(panel, level, dates, float(view.get(INTERVAL)))
    return table[table["id"].isin(ids)].reset_index(drop=True)


def choose_ids(dataset: Dataset, view: View) -> tuple[str, list[str]]:
    """Return the level and the ids that a view asks for; without a level the one of what it names, else the index.

    A dimension at the level of indicators stands for its indicators. Raises ``ViewError`` where the level, the
    dimension and the indicator do not go together.
    """
    dim, indicator, level = (view.values.get(name) for name in (DIM, INDICATOR, LEVEL))
    named = indicator or dim
    level = level or (dataset.level(named) if named else "index")
    refusals = []
    if indicator and level != "indicator":
        refusals.append(Refusal(INDICATOR, indicator, f"does not go with {LEVEL}={level}"))
    if dim and (level == "index") != (dim == "index"):
        refusals.append(Refusal(DIM, dim, f"does not go with {LEVEL}={level}"))
    if indicator and dim and dim != "index" and indicator not in dataset.indicators_of(dim):
        refusals.append(Refusal(INDICATOR, indicator, f"does not belong to {DIM}={dim}"))
    if refusals:
        raise ViewError(*refusals)
    if indicator:
        return level, [indicator]
    if level == "indicator":
        return level, dataset.indicators_of(dim) if dim else dataset.indicators.index.tolist()
    if level == "dimension":
        return level, [dim] if dim else dataset.dimensions.index.tolist()
    return level, ["index"]


def list_scores(panel: Panel, view: View) -> pd.DataFrame:
    """Return the rows of the ledger that a view covers, as written, replaced ones and withdrawals among them.

    Columns as in the data folder; vintage, coder, dimension, indicator and the period of ``date`` narrow them.
    """
    rows = select_recorded(panel.dataset.assessments, panel.as_of)
    if (coder := view.get(CODER)) != ALL_CODERS:
        rows = rows[rows["coder"] == coder]
    rows = _narrow(panel.dataset, rows, view).sort_values(list(ASSESSMENTS.order), kind="stable")
    shown = write_times(rows[ASSESSMENTS.names])
    for column in ("score", "low", "high"):
        shown[column] = [("" if pd.isna(value) else f"{value:g}") for value in shown[column]]
    return shown.reset_index(drop=True)


def list_events(panel: Panel, view: View) -> pd.DataFrame:
    """Return the events that a view covers, oldest first; columns as in the data folder."""
    rows = panel.dataset.events.reset_index()
    return _narrow(panel.dataset, rows, view).sort_values(["date", "event"])[EVENTS.names].reset_index(drop=True)


def list_claims(panel: Panel) -> pd.DataFrame:
    """Return each claim with its verdict, probability, the ICD 203 word and what the test measured."""
    judged = judge_claims(panel)
    judged["word"] = [("" if pd.isna(p) else probability_word(p)) for p in judged["probability"]]
    return judged


def csv_bytes(table: pd.DataFrame, decimals: int = DECIMALS) -> bytes:
    """Return a table as CSV: UTF-8, LF, times as text, blank where there is no value."""
    return write_times(table).round(decimals).to_csv(index=False, lineterminator="\n").encode()


def noted_csv(table: pd.DataFrame, note: str, decimals: int = DECIMALS) -> bytes:
    """Return a table as CSV with a note on it in a last column, in the first row.

    A column is skipped by whoever reads the others by name, opens in a spreadsheet beside the numbers and stays with
    them when the file is saved there. Comment lines before the header would make it no CSV by RFC 4180, and a second
    file would be lost on the way.
    """
    if table.empty:
        return csv_bytes(table, decimals)
    return csv_bytes(table.assign(**{NOTE: [note, *[""] * (len(table) - 1)]}), decimals)


def json_records(table: pd.DataFrame, decimals: int = DECIMALS) -> list[dict[str, Any]]:
    """Return a table as records whose values JSON knows: times as text, ``None`` where there is no value."""
    rows = write_times(table).round(decimals).to_dict("records")
    return [{str(name): _plain(value, decimals) for name, value in row.items()} for row in rows]


def write_times(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with days as in 2024-02-29, and when rows were recorded to the second, in UTC."""
    formats = {name: MOMENT_FORMAT if name == "recorded" else DAY_FORMAT for name in table.select_dtypes("datetime")}
    return table.assign(**{str(name): table[name].dt.strftime(form) for name, form in formats.items()})


def _narrow(dataset: Dataset, rows: pd.DataFrame, view: View) -> pd.DataFrame:
    named = {name: view.values[name] for name in (DIM, INDICATOR) if name in view.values}
    if named and named != {DIM: "index"}:
        rows = rows[rows["indicator"].isin(choose_ids(dataset, View({**named, LEVEL: "indicator"}))[1])]
    start, end = view.day(FROM), view.day(TO)
    if start is not None:
        rows = rows[rows["date"] >= pd.Timestamp(start)]
    return rows if end is None else rows[rows["date"] <= pd.Timestamp(end)]


def _plain(value: Any, decimals: int) -> Any:
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return None
    if isinstance(value, float):
        return round(value, decimals)
    return value.item() if hasattr(value, "item") else value
