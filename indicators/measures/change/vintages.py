"""What the record said earlier: a date's reading over the vintages, and every correction with its effect."""

import datetime as dt

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from indicators.measures.change.ledger import Held, average_coders, average_scores, hold_on
from indicators.measures.index import build_composite
from indicators.measures.panel import Panel, once_per_panel
from indicators.measures.readings import NONE, draw_line, hold_assessments, select_effective

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
    readings = [
        average_coders(hold_on(draw_line(select_effective(rows, vintage.date()), panel.as_recorded), day))
        for vintage in vintages
    ]
    table = pd.DataFrame(readings, index=vintages, dtype=float)
    scores = build_composite(table, panel.weights, panel.mean).of(id)
    return pd.DataFrame({"vintage": vintages, "score": scores.to_numpy(dtype=float)})


@once_per_panel
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
    if corrections.empty:
        return np.empty(0)
    effective = panel.effective[["indicator", "coder", "date", "score", "low", "high"]]
    own = effective.groupby(["indicator", "coder"], sort=False).indices
    days = effective["date"].to_numpy("datetime64[ns]")
    columns = ("indicator", "coder", "date", "old_score", "new_score")
    dates = np.repeat(corrections["date"].to_numpy("datetime64[ns]"), 2)
    kept = []
    for place, key in enumerate(zip(corrections["indicator"].tolist(), corrections["coder"].tolist(), strict=True)):
        rows = own.get(key, np.empty(0, np.intp))
        rows = rows[days[rows] != dates[2 * place]]
        kept += [rows, rows]
    # Each variant stands as a coder of its own, so that one pass draws all their lines. Withdrawn, the row gives way to
    # the coder's others, if there are any.
    others = effective.iloc[np.concatenate(kept)].assign(coder=np.repeat(np.arange(len(kept)), list(map(len, kept))))
    scores = corrections[["old_score", "new_score"]].to_numpy(float).ravel()
    ends = corrections[["indicator", "date"]].loc[corrections.index.repeat(2)]
    ends = ends.assign(coder=np.arange(len(kept)), score=scores)[~np.isnan(scores)]
    numbered = pd.concat([others, ends], ignore_index=True)
    held = hold_assessments(draw_line(numbered, panel.as_recorded), pd.DatetimeIndex(np.unique(dates)))
    held = held[held["date"].to_numpy("datetime64[ns]") == dates[held["coder"].to_numpy(int)]]
    reached = dict(zip(held["coder"].tolist(), held["score"].tolist(), strict=True))
    holdings = {date: hold_on(panel.line, date) for date in corrections["date"].unique()}
    readings: list[dict[str, float]] = []
    for indicator, coder, date in zip(*(corrections[c].tolist() for c in columns[:3]), strict=True):
        for _ in range(2):
            holding = {key: h for key, h in holdings[date].items() if key != (indicator, coder)}
            if len(readings) in reached:
                holding[indicator, coder] = Held(NONE, date, reached[len(readings)])
            readings.append(average_scores(holding))
    index = build_composite(pd.DataFrame(readings, dtype=float), panel.weights, panel.mean).index.to_numpy()
    return np.asarray(index[1::2] - index[0::2], dtype=float)
