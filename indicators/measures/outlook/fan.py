"""The baseline fan: paths of the next twelve months, put together from the ledger's own past quarters.

A block bootstrap of assessment steps (moving blocks: Kuensch, Annals of Statistics 17, 1989, 1217-1241). The unit is a
calendar quarter, since scoring is quarterly: the changes of all indicators in its three months, taken together. Blocks
of two consecutive quarters are drawn with replacement and put one after the other, so that indicators move together
as they did and a move may be followed by its own reversal or continuation. A drawn change falls in the month of the
quarter in which it once fell. Each month the sum is held within 0 to 10.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from indicators.measures.index import (
    DIMENSION_COVERAGE,
    INDEX_COVERAGE,
    Array,
    Composite,
    Mean,
    Weights,
    build_composite,
    weighted_mean,
)
from indicators.measures.panel import Panel
from indicators.measures.readings import NoReadingError
from indicators.measures.uncertainty.random import Key, random_uniform

MONTHS = 12
"""How far a fan reaches."""

BLOCK = 2
"""Quarters of a block."""

LEAST_QUARTERS = 8
"""Quarters of history below which no fan is made."""

DRAWS = 4000
SHARES = (50, 80, 95)
"""Percent of the paths between the ends of the nested fans."""


@dataclass(frozen=True, eq=False)
class History:
    """The quarters that may be drawn: ``ends`` are their last days, ``changes`` is (quarter, month, indicator)."""

    ends: pd.DatetimeIndex
    changes: Array

    def until(self, day: pd.Timestamp) -> "History":
        """Return the quarters that had ended by a day."""
        kept = int((self.ends <= day).sum())
        return History(self.ends[:kept], self.changes[:kept])

    @property
    def blocks(self) -> NDArray[np.intp]:
        """Positions of the quarters at which a block may begin: those that the next ones follow without a gap."""
        quarters = self.ends.to_period("Q").map(lambda quarter: quarter.ordinal).to_numpy()
        first = np.arange(max(len(quarters) - BLOCK + 1, 0))
        return np.asarray(first[quarters[first + BLOCK - 1] - quarters[first] == BLOCK - 1])


@dataclass(frozen=True, eq=False)
class Paths:
    """Drawn paths of the indicators from a start on, and what they make of dimensions and index.

    ``origin`` has the readings at the start in codebook order, NaN where there is none; ``indicators`` is (date, draw,
    indicator). ``quarters`` is the number of quarters behind them.
    """

    start: pd.Timestamp
    dates: pd.DatetimeIndex
    weights: Weights
    mean: Mean
    origin: Array
    indicators: Array
    quarters: int

    @cached_property
    def dimensions(self) -> dict[str, Array]:
        """The paths of the dimensions as (date, draw)."""
        return _combine(self.indicators, self.weights, self.mean)

    @cached_property
    def index(self) -> Array:
        """The paths of the index as (date, draw)."""
        stacked = np.stack(list(self.dimensions.values()), axis=-1)
        return weighted_mean(stacked, self.weights.dimensions.to_numpy(float), self.mean, INDEX_COVERAGE)[0]

    def of(self, id: str) -> Array:
        """Return the paths of the index, a dimension or an indicator as (date, draw); ``KeyError`` if unknown."""
        if id == "index":
            return self.index
        if id in self.dimensions:
            return self.dimensions[id]
        return np.asarray(self.indicators[:, :, self.weights.indicators.index.get_loc(id)])

    @cached_property
    def start_readings(self) -> Composite:
        """The readings at the start, one row."""
        table = pd.DataFrame([self.origin], [self.start], self.weights.indicators.index)
        return build_composite(table, self.weights, self.mean)

    def reading(self, id: str) -> float:
        """Return the reading of the index, a dimension or an indicator at the start."""
        return float(self.start_readings.of(id).iloc[0])


def read_history(panel: Panel) -> History:
    """Return the quarters of a panel's past that may be drawn.

    A quarter counts where enough weight for the index (75 and 80 %, by the published weights) has a reading at its
    beginning; an indicator without one stays where it is in that quarter.
    """
    count = len(panel.weights.indicators)
    if panel.effective.empty:
        return History(pd.DatetimeIndex([]), np.empty((0, 3, count)))
    # Scores hold until the next ones, so nothing is known of the months after the newest.
    months = panel.dates("month", end=panel.steps[-1])
    readings = panel.composite(months).indicators
    published = Weights.from_codebook(panel.dataset.dimensions, panel.dataset.indicators)
    enough = build_composite(readings, published).index.notna().to_numpy()
    values = readings.to_numpy(float)
    drawable = [at for at in range(3, len(months)) if months[at].month % 3 == 0 and enough[at - 3]]
    changes = [
        np.where(np.isnan(values[at - 3]), 0.0, np.nan_to_num(np.diff(values[at - 3 : at + 1], axis=0)))
        for at in drawable
    ]
    return History(months[drawable], np.array(changes).reshape(len(drawable), 3, count))


def largest_quarter(panel: Panel, history: History) -> tuple[pd.Timestamp, float] | None:
    """Return the quarter of a history in which the index moved most: its last day and the change in points.

    Nothing where the index has no reading at both ends of any.
    """
    quarters = panel.composite(history.ends.union(history.ends - pd.offsets.QuarterEnd())).index
    change = quarters.diff()[history.ends].dropna()
    if change.empty:
        return None
    at = int(change.abs().argmax())
    return pd.Timestamp(change.index[at]), float(change.iloc[at])


def draw_paths(
    panel: Panel, start: pd.Timestamp | None = None, history: History | None = None, count: int = DRAWS, seed: int = 0
) -> Paths:
    """Return paths from a day (by default that of the newest assessment) to the twelve month-ends after it.

    Only assessments dated up to ``start`` are used; ``history`` spares reading them again. A first month that has
    begun counts as a whole one. The random numbers follow from ``start`` and the seed alone, so other weights keep the
    same paths. Raises ``NoReadingError`` where fewer than eight quarters, or no block of two, can be drawn.
    """
    if panel.effective.empty:
        raise NoReadingError("a fan needs assessments; none is in force")
    start = panel.steps[-1] if start is None else start
    history = (read_history(panel) if history is None else history).until(start)
    blocks = history.blocks
    if len(history.ends) < LEAST_QUARTERS or not len(blocks):
        raise NoReadingError(
            f"a fan needs {LEAST_QUARTERS} quarters of history in which the index has a reading; "
            f"up to {start:%Y-%m-%d} there are {len(history.ends)}"
        )
    dates = pd.date_range(start + pd.Timedelta(days=1), periods=MONTHS, freq="ME")
    ordinals = np.array([quarter.ordinal for quarter in dates.to_period("Q")])
    quarter = ordinals - ordinals[0]
    drawn = []
    for number in range(quarter[-1] // BLOCK + 1):
        uniform = random_uniform(Key(seed, "fan", f"{start:%Y-%m-%d}", str(number)), count).astype(float)
        first = blocks[(uniform * len(blocks)).astype(np.intp)]
        drawn += [first + place for place in range(BLOCK)]
    origin = panel.composite(pd.DatetimeIndex([start])).indicators.iloc[0].to_numpy(float)
    values = np.empty((MONTHS, count, len(origin)))
    level = np.broadcast_to(origin, (count, len(origin)))
    for place, date in enumerate(dates):
        level = np.clip(level + history.changes[drawn[quarter[place]], (date.month - 1) % 3], 0, 10)
        values[place] = level
    return Paths(start, dates, panel.weights, panel.mean, origin, values, len(history.ends))


def summarise_fan(paths: Paths, id: str) -> pd.DataFrame:
    """Return the fan of the index, a dimension or an indicator.

    Columns: ``date`` (the start and each month-end), ``low_95``, ``low_80``, ``low_50``, ``median``, ``high_50``,
    ``high_80``, ``high_95`` (quantiles of the paths, 0 to 10) and ``mean``; at the start all are the reading.
    """
    values = paths.of(id)
    ends = {f"low_{s}": (100 - s) / 200 for s in reversed(SHARES)} | {"median": 0.5}
    ends |= {f"high_{s}": (100 + s) / 200 for s in SHARES}
    quantiles = np.quantile(values, list(ends.values()), axis=1)
    table = pd.DataFrame(dict(zip(ends, quantiles, strict=True)), index=paths.dates)
    table["mean"] = values.mean(axis=1)
    first = pd.DataFrame(paths.reading(id), index=pd.DatetimeIndex([paths.start]), columns=table.columns)
    return pd.concat([first, table]).rename_axis("date").reset_index()


def _combine(indicators: Array, weights: Weights, mean: Mean) -> dict[str, Array]:
    places = {id: place for place, id in enumerate(weights.indicators.index)}
    combined = {}
    for dimension in weights.dimensions.index:
        members = weights.members(dimension)
        values = indicators[:, :, [places[id] for id in members]]
        held = weights.indicators[members].to_numpy(float)
        combined[str(dimension)] = weighted_mean(values, held, mean, DIMENSION_COVERAGE)[0]
    return combined
