"""Past fans held against what came: at each earlier quarter end a fan from only what was dated before.

The rolling origin (Tashman, International Journal of Forecasting 16, 2000, 437-450). The scores themselves may have
been written later than their dates; with ``recorded`` a fan uses only what had been recorded by its origin as well.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from indicators.measures.outlook.fan import DRAWS, SHARES, draw_paths, read_history
from indicators.measures.panel import Panel
from indicators.measures.readings import NoReadingError

AHEAD = (3, 6, 9, 12)
"""Months after its origin at which a past fan is held against what came."""


def cast_back(panel: Panel, recorded: bool = False, count: int = DRAWS, seed: int = 0) -> pd.DataFrame:
    """Return the fans of all past origins beside what came.

    Columns: ``id`` (the index and each dimension), ``origin`` (a quarter end with enough history before it),
    ``months`` (one of ``AHEAD``), ``date`` (that many months later), ``quarters`` (of history), ``low_95`` and so on
    to ``high_95`` with ``median`` (the fan on the date), ``came`` (the reading), ``inside_50``, ``inside_80`` and
    ``inside_95``. Dates after the newest assessment are left out, since nothing has come yet.
    """
    ends = [name for s in SHARES for name in (f"low_{s}", f"high_{s}")]
    columns = ["id", "origin", "months", "date", "quarters", *ends, "median", "came", *(f"inside_{s}" for s in SHARES)]
    if panel.effective.empty:
        return pd.DataFrame(columns=columns)
    origins = panel.dates("quarter")
    rows = []
    history = read_history(panel)
    readings = panel.composite(origins)
    known = readings.dimensions.assign(index=readings.index)
    first = panel.dataset.assessments["recorded"].min().normalize()
    # The months between are not looked at.
    looked = np.array(AHEAD) - 1
    for origin in origins[origins < panel.steps[-1]]:
        if recorded and origin < first:
            continue
        seen = replace(panel, as_of=origin.date()) if recorded else panel
        try:
            paths = draw_paths(seen, origin, None if recorded else history, count, seed)
        except NoReadingError:  # too little history up to this origin
            continue
        paths = replace(paths, dates=paths.dates[looked], indicators=paths.indicators[looked])
        for id in ["index", *panel.weights.dimensions.index]:
            values = paths.of(id)
            for months in AHEAD:
                date = origin + pd.offsets.MonthEnd(months)
                if date > panel.steps[-1] or np.isnan(values[0, 0]) or pd.isna(known[id][date]):
                    continue
                drawn = values[paths.dates.get_loc(date)]
                came = float(known[id][date])
                row = {"id": id, "origin": origin, "months": months, "date": date, "quarters": paths.quarters}
                for share in SHARES:
                    low, high = np.quantile(drawn, [(100 - share) / 200, (100 + share) / 200])
                    row |= {f"low_{share}": low, f"high_{share}": high}
                    # A reading that lies on an end of the fan counts as inside, whatever rounding made of the end.
                    row[f"inside_{share}"] = bool(low - 1e-9 <= came <= high + 1e-9)
                rows.append(row | {"median": float(np.median(drawn)), "came": came})
    return pd.DataFrame(rows, columns=columns)


def count_inside(hindcasts: pd.DataFrame, id: str) -> pd.DataFrame:
    """Return how often the past fans of an id contained what came, by months ahead.

    Columns: ``months``, ``origins`` (their number), ``apart`` (how many of them fit one after the other without
    overlap), ``inside_50``, ``inside_80``, ``inside_95`` (counts) and ``width_80`` (mean width of the 80 % fan, points).
    """
    own = hindcasts[hindcasts["id"] == id]
    rows = []
    for months in AHEAD:
        group = own[own["months"] == months]
        apart = -(-len(group) // (months // 3))
        inside = {f"inside_{share}": int(group[f"inside_{share}"].sum()) for share in SHARES}
        width = float((group["high_80"] - group["low_80"]).mean()) if len(group) else float("nan")
        rows.append({"months": months, "origins": len(group), "apart": apart, **inside, "width_80": width})
    return pd.DataFrame(rows)
