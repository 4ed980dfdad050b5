"""Panels with outside series, for tests of what is held against them."""

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from indicators.measures.panel import Panel
from tests.measures.small_panels import build_panel

QUARTERS = pd.date_range("2019-03-31", periods=28, freq="QE")
MONTHS = pd.date_range("2019-01-31", periods=84, freq="ME")
PAIR_COLUMNS = ["series", "subject", "role", "nature", "direction", "reason"]


def outside_rows(series: Mapping[str, Sequence[float]], dates: pd.DatetimeIndex = QUARTERS) -> pd.DataFrame:
    """Rows of outside series, each from the first date on; NaN leaves a date out."""
    parts = [
        pd.DataFrame({"date": dates[: len(values)], "series": name, "value": np.asarray(values, float), "unit": "x"})
        for name, values in series.items()
    ]
    return pd.concat(parts, ignore_index=True).dropna(ignore_index=True)


def build_outside(
    readings: Sequence[float],
    series: Mapping[str, Sequence[float]],
    pairs: Sequence[tuple[str, str, str, str, int]],
    events: Sequence[tuple[str, ...]] = (),
    dates: pd.DatetimeIndex = QUARTERS,
    window: str = "quarter",
) -> Panel:
    """A panel with one dimension of one indicator, a review a quarter, outside series on ``dates``, pairs and events.

    NaN leaves a review out. A pair is (series, subject, role, nature, direction), an event (date, indicator, effect);
    ``window`` is that of the indicator.
    """
    rows = [
        (f"{day:%Y-%m-%d}", "arms", "c1", score)
        for day, score in zip(QUARTERS, readings, strict=False)
        if not np.isnan(score)
    ]
    panel = build_panel(rows, {"military": ["arms"]})
    dataset = dataclasses.replace(
        panel.dataset,
        indicators=panel.dataset.indicators.assign(window=window),
        benchmarks=outside_rows(series, dates),
        pairs=pd.DataFrame([(*pair, "A reason that is long enough.") for pair in pairs], columns=PAIR_COLUMNS),
        notes=pd.DataFrame(columns=["date", "subject", "series", "text", "author", "recorded"]),
        events=pd.DataFrame(
            {
                "date": pd.to_datetime([e[0] for e in events]),
                "indicator": [e[1] for e in events],
                "effect": [e[2] for e in events],
                "same_as": [e[3] if len(e) > 3 else "" for e in events],
            },
            index=pd.Index([f"E{number:04d}" for number in range(1, len(events) + 1)], name="event"),
        ),
    )
    return Panel(dataset)
