"""What the record said earlier: a date's reading over the vintages, and every correction with its effect."""

import datetime as dt

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from indicators.measures.change.ledger import Held, average_coders, hold_on
from indicators.measures.index import build_composite
from indicators.measures.panel import Panel
from indicators.measures.readings import select_effective

KEYS = ["indicator", "coder", "date"]
WRITTEN = ["score", "low", "high", "rationale", "recorded"]


def reading_over_vintages(panel: Panel, id: str, date: dt.date | pd.Timestamp) -> pd.DataFrame:
    """Return what the record said about one date's reading, on each day on which rows were recorded.

    Columns: ``vintage`` (the day, as a timestamp, ascending) and ``score`` (0 to 10; NaN where there was no reading)
    of the index, a dimension or an indicator. Vintages after the panel's own are left out. Raises ``KeyError`` for an
    unknown id.
    """
    day = pd.Timestamp(date)
    rows = panel.recorded
    recorded = rows["recorded"].dt.normalize()
    vintages = pd.DatetimeIndex(recorded.unique()).sort_values()
    # Rows dated later cannot change the reading, so that the days which brought only those repeat the one before.
    telling = vintages[vintages.isin(recorded[rows["date"] <= day])]
    readings = [average_coders(hold_on(select_effective(rows, vintage.date()), day)) for vintage in telling]
    table = pd.DataFrame(readings, index=telling, dtype=float)
    scores = build_composite(table, panel.weights, panel.mean).of(id)
    places = telling.searchsorted(vintages, side="right") - 1
    held = np.where(places >= 0, scores.to_numpy()[places] if len(scores) else np.nan, np.nan)
    return pd.DataFrame({"vintage": vintages, "score": held.astype(float)})


def list_corrections(panel: Panel) -> pd.DataFrame:
    """Return every row of the record that a later one replaced or withdrew, oldest correction first.

    Columns: ``indicator``, ``coder``, ``date``; ``old_score``, ``old_low``, ``old_high``, ``old_rationale``,
    ``old_recorded`` and the same with ``new_``; ``kind`` (``replaced``; ``reworded`` where score and range stayed;
    ``withdrawn``; ``restored`` where a score follows a withdrawal); ``effect`` (points of the index on that date: with
    the new row less with the old one, all else as in the panel's vintage; NaN where the index is blank with either);
    ``old_row`` and ``new_row`` (labels among the dataset's assessments). A row corrected twice is listed twice.
    """
    rows = panel.recorded.sort_values([*KEYS, "recorded"], kind="stable").reset_index(names="row")
    later = np.flatnonzero(rows.duplicated(KEYS, keep="first"))
    values = [*WRITTEN, "row"]
    old, new = (rows.iloc[places].reset_index(drop=True) for places in (later - 1, later))
    corrections = pd.concat([new[KEYS], old[values].add_prefix("old_"), new[values].add_prefix("new_")], axis=1)
    gone = [end["score"].isna() for end in (old, new)]
    same = (old[["score", "low", "high"]] == new[["score", "low", "high"]]).all(axis=1) | (gone[0] & gone[1])
    corrections["kind"] = np.select([same, gone[1], gone[0]], ["reworded", "withdrawn", "restored"], "replaced")
    corrections["effect"] = _measure_effects(panel, corrections)
    order = [*KEYS, *(f"{end}_{c}" for end in ("old", "new") for c in WRITTEN), "kind", "effect", "old_row", "new_row"]
    return corrections[order].sort_values(["new_recorded", *KEYS], kind="stable", ignore_index=True)


def _measure_effects(panel: Panel, corrections: pd.DataFrame) -> NDArray[np.float64]:
    """Points of the index that each correction moved on its date."""
    effective = panel.effective
    holdings = {date: hold_on(effective, date) for date in corrections["date"].unique()}
    readings = []
    columns = ("indicator", "coder", "date", "old_score", "new_score")
    for indicator, coder, date, *scores in zip(*(corrections[c].tolist() for c in columns), strict=True):
        key = (indicator, coder)
        for score in scores:
            holding = dict(holdings[date])
            if not np.isnan(score):
                holding[key] = Held(-1, date, score)
            elif key in holding and holding[key].date == date:
                # Withdrawn, the row gives way to the coder's previous one, if there is any.
                holding = hold_on(effective.drop(holding[key].row), date)
            readings.append(average_coders(holding))
    index = build_composite(pd.DataFrame(readings, dtype=float), panel.weights, panel.mean).index.to_numpy()
    return np.asarray(index[1::2] - index[0::2], dtype=float)
