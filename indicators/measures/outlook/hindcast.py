"""Hindcasts: at each earlier settled quarter a projection from only what was dated before, compared with the outcome.

The rolling origin (Tashman, International Journal of Forecasting 16, 2000, 437-450). The scores themselves may have
been written later than their dates; with ``recorded`` a fan uses only what had been recorded by its origin as well.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from indicators.measures.index import Array
from indicators.measures.outlook.fan import AHEAD, DRAWS, RECENT, SHARES, draw_paths, read_history
from indicators.measures.panel import Panel
from indicators.measures.quarters import read_settled
from indicators.measures.readings import NoReadingError

MONTHS = tuple(3 * quarters for quarters in range(1, AHEAD + 1))
"""Months after its origin at which a hindcast is compared with the outcome."""

METHODS = ("", "_redrawn", "_last")
"""Ends of the columns with the CRPS: the fan, and its two references."""


def score_crps(draws: Array, came: float) -> float:
    """Return the continuous ranked probability score of equally likely values: 0 is best, in points of the scale.

    The mean distance of the values from the outcome, less half the mean distance between two of them; of a single value
    its distance (Gneiting and Raftery, Journal of the American Statistical Association 102, 2007, 359-378).
    """
    values = np.sort(np.asarray(draws, float))
    count = len(values)
    ranks = 2 * np.arange(1, count + 1) - count - 1
    return float(np.abs(values - came).mean() - (ranks * values).sum() / count**2)


def cast_back(panel: Panel, recorded: bool = False, count: int = DRAWS, seed: int = 0) -> pd.DataFrame:
    """Return the fans of all past origins beside the outcomes.

    Columns: ``id`` (the index and each dimension), ``origin`` (a settled quarter with enough history before it),
    ``months`` (one of ``MONTHS``), ``date`` (that many months later), ``quarters`` (changes drawn from), ``low_95`` and
    so on to ``high_95`` with ``median`` (the fan on the date), ``came`` (the settled reading), ``inside_50``,
    ``inside_80``, ``inside_95``, ``crps`` of the fan, and that of two references: ``crps_redrawn``, where each of the
    last eight settled readings up to the origin is as likely as any other, and ``crps_last``, where the last one is
    certain. Dates whose quarter is not settled are left out, since nothing has come yet.
    """
    ends = [name for s in SHARES for name in (f"low_{s}", f"high_{s}")]
    columns = ["id", "origin", "months", "date", "quarters", *ends, "median", "came", *(f"inside_{s}" for s in SHARES)]
    columns += [f"crps{method}" for method in METHODS]
    if panel.effective.empty:
        return pd.DataFrame(columns=columns)
    rows: list[Mapping[str, object]] = []
    history, known = read_history(panel), read_settled(panel)
    first = panel.dataset.assessments["recorded"].min().normalize()
    for origin in history.ends:
        if recorded and origin < first:
            continue
        seen = replace(panel, as_of=origin.date()) if recorded else panel
        try:
            paths = draw_paths(seen, origin, None if recorded else history, count, seed)
        except NoReadingError:  # too little history up to this origin
            continue
        if paths.start < origin:  # the quarter had not been recorded by its own end
            continue
        for id in ["index", *panel.weights.dimensions.index]:
            past = known.loc[:origin, id].dropna().to_numpy(float)[-RECENT:]
            for months, date, drawn in zip(MONTHS, paths.dates, paths.of(id), strict=True):
                if date not in known.index or np.isnan(drawn[0]) or pd.isna(known[id][date]) or not len(past):
                    continue
                came = float(known[id][date])
                row = {"id": id, "origin": origin, "months": months, "date": date, "quarters": paths.quarters}
                quantiles = np.quantile(drawn, [(100 + end * share) / 200 for share in SHARES for end in (-1, 1)])
                for share, (low, high) in zip(SHARES, quantiles.reshape(-1, 2), strict=True):
                    row |= {f"low_{share}": low, f"high_{share}": high}
                    # A reading that lies on an end of the fan counts as inside, whatever rounding made of the end.
                    row[f"inside_{share}"] = bool(low - 1e-9 <= came <= high + 1e-9)
                row |= {"median": float(np.median(drawn)), "came": came}
                said = (drawn, past, past[-1:])
                rows.append(
                    row | {f"crps{end}": score_crps(values, came) for end, values in zip(METHODS, said, strict=True)}
                )
    return pd.DataFrame(rows, columns=columns)


def score_fans(hindcasts: pd.DataFrame, id: str) -> pd.DataFrame:
    """Return how the hindcasts of an id performed, by months ahead.

    Columns: ``months``, ``origins`` (their number), ``apart`` (how many of them fit one after the other without
    overlap), ``inside_50``, ``inside_80``, ``inside_95`` (how many covered the outcome), ``width_80`` (mean width of
    the 80 % fan, points), ``crps``, ``crps_redrawn``, ``crps_last`` (means; lower is better), ``off`` (mean of the
    median minus the outcome: above 0 the fans lay too high) and ``distance`` (its mean without the sign).
    """
    own = hindcasts[hindcasts["id"] == id]
    rows = []
    for months in MONTHS:
        group = own[own["months"] == months]
        off = group["median"] - group["came"]
        rows.append(
            {"months": months, "origins": len(group), "apart": -(-len(group) // (months // 3))}
            | {f"inside_{share}": int(group[f"inside_{share}"].sum()) for share in SHARES}
            | {"width_80": _mean(group["high_80"] - group["low_80"])}
            | {f"crps{method}": _mean(group[f"crps{method}"]) for method in METHODS}
            | {"off": _mean(off), "distance": _mean(off.abs())}
        )
    return pd.DataFrame(rows)


def average_crps(record: pd.DataFrame) -> tuple[float, float, float]:
    """Return the mean CRPS over the months ahead of a record of ``score_fans``: of the fan, and of its two references."""
    fan, redrawn, last = (_mean(record[f"crps{method}"]) for method in METHODS)
    return fan, redrawn, last


def _mean(values: pd.Series) -> float:
    return float(values.mean()) if len(values) else float("nan")
