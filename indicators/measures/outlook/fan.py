"""The fan: paths of the next four quarters, put together from the ledger's own past quarters.

A block bootstrap of the changes between settled quarters (moving blocks: Kuensch, Annals of Statistics 17, 1989,
1217-1241). The changes of all indicators in a quarter are taken together, so that they move together as they did, and
two quarters that followed each other make a block, so that a move may be followed by what once followed it. Each drawn
block counts with its own sign or, as often, with the opposite one: a past that mostly rose says how far tension may
move, not which way. Before a change is added, a score keeps only a part of its distance from its own mean of the last
eight settled quarters, since readings have come back to it. Each quarter the sum is held within 0 to 10.
"""

from dataclasses import dataclass, replace
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
from indicators.measures.quarters import read_settled
from indicators.measures.readings import NoReadingError
from indicators.measures.uncertainty.random import Key, random_uniform

AHEAD = 4
"""Quarters that a fan reaches."""

BLOCK = 2
"""Quarters of a block."""

KEPT = 0.7
"""Share of the distance from the recent mean that a score keeps from one quarter to the next."""

RECENT = 8
"""Settled quarters whose mean a score is pulled to."""

LEAST_CHANGES = 8
"""Changes between settled quarters below which no fan is made."""

DRAWS = 4000
SHARES = (50, 80, 95)
"""Percent of the paths between the ends of the nested fans."""


@dataclass(frozen=True, eq=False)
class History:
    """The settled quarters of the index: their last days, and the readings of the indicators as (quarter, indicator)."""

    ends: pd.DatetimeIndex
    readings: Array

    def until(self, day: pd.Timestamp) -> "History":
        """Return the quarters that had ended by a day."""
        kept = int((self.ends <= day).sum())
        return History(self.ends[:kept], self.readings[:kept])

    @cached_property
    def changed(self) -> NDArray[np.intp]:
        """Positions of the quarters whose change is known: those that follow a settled one without a gap."""
        return 1 + np.flatnonzero(np.diff(self._ordinals) == 1)

    @property
    def changes(self) -> Array:
        """What changed in each quarter of ``changed``; 0 where an indicator has no reading at one of the ends."""
        return np.nan_to_num(self.readings[self.changed] - self.readings[self.changed - 1])

    @property
    def blocks(self) -> NDArray[np.intp]:
        """Places in ``changes`` at which a block may begin: those that the next ones follow without a gap."""
        quarters = self._ordinals[self.changed]
        first = np.arange(max(len(quarters) - BLOCK + 1, 0))
        return np.asarray(first[quarters[first + BLOCK - 1] - quarters[first] == BLOCK - 1])

    @property
    def recent(self) -> Array:
        """The mean of each indicator's readings in the last eight settled quarters; NaN where it has none."""
        last = self.readings[-RECENT:]
        known = ~np.isnan(last)
        with np.errstate(invalid="ignore"):
            return np.asarray(np.nansum(last, axis=0) / known.sum(axis=0))

    @property
    def _ordinals(self) -> NDArray[np.int64]:
        return np.array([quarter.ordinal for quarter in self.ends.to_period("Q")], dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Paths:
    """Drawn paths of the indicators from a start on, and what they make of dimensions and index.

    ``origin`` has the readings at the start in codebook order, NaN where there is none; ``indicators`` is (date, draw,
    indicator). ``quarters`` is the number of past changes that they are drawn from.
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
    """Return the settled quarters of a panel's past, by the published weights."""
    # The published weights, so that other ones keep the same paths.
    published = replace(panel, weights=Weights.from_codebook(panel.dataset.dimensions, panel.dataset.indicators))
    table = read_settled(published)
    ends = pd.DatetimeIndex(table.index[table["index"].notna()])
    # An indicator that was passed over in a settled quarter stands where the line says.
    return History(ends, published.composite(ends).indicators.to_numpy(float))


def largest_quarter(panel: Panel, history: History) -> tuple[pd.Timestamp, float] | None:
    """Return the quarter of a history in which the index moved most: its last day and the change in points.

    Nothing where the index has no reading at both ends of any.
    """
    ends = history.ends[history.changed]
    quarters = panel.composite(history.ends).index
    change = pd.Series(quarters[ends].to_numpy() - quarters[ends - pd.offsets.QuarterEnd()].to_numpy(), ends).dropna()
    if change.empty:
        return None
    at = int(change.abs().argmax())
    return pd.Timestamp(change.index[at]), float(change.iloc[at])


def draw_paths(
    panel: Panel, until: pd.Timestamp | None = None, history: History | None = None, count: int = DRAWS, seed: int = 0
) -> Paths:
    """Return paths from the last settled quarter (of those that had ended by a day) to the four quarter-ends after it.

    Only settled quarters up to the start are used; ``history`` spares reading them again. The random numbers follow
    from the start and the seed alone, so other weights keep the same paths. Raises ``NoReadingError`` where fewer than
    eight changes, or no block of two, can be drawn.
    """
    if panel.effective.empty:
        raise NoReadingError("a projection needs assessments; there are none")
    history = read_history(panel) if history is None else history
    history = history if until is None else history.until(until)
    changes, blocks = history.changes, history.blocks
    if len(changes) < LEAST_CHANGES or not len(blocks):
        raise NoReadingError(
            f"a projection needs {LEAST_CHANGES} changes from one settled quarter to the next; there "
            f"{'is' if len(changes) == 1 else 'are'} {len(changes)}"
        )
    start, origin = history.ends[-1], history.readings[-1]
    drawn, signs = _draw_changes(start, blocks, count, seed)
    values = np.empty((AHEAD, count, len(origin)))
    level = np.broadcast_to(origin, (count, len(origin)))
    for place in range(AHEAD):
        level = step_ahead(level, history.recent, signs[place][:, None] * changes[drawn[place]])
        values[place] = level
    dates = pd.date_range(start, periods=AHEAD + 1, freq="QE")[1:]
    return Paths(start, dates, panel.weights, panel.mean, origin, values, len(changes))


def step_ahead(level: Array, recent: Array, change: Array) -> Array:
    """Return the scores a quarter on: pulled to the recent mean, changed, and held within 0 to 10."""
    return np.clip(recent + KEPT * (level - recent) + change, 0, 10)


def _draw_changes(
    start: pd.Timestamp, blocks: NDArray[np.intp], count: int, seed: int
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """For each quarter ahead and path: the place of the change that is drawn, and the sign of its block."""
    drawn, signs = [], []
    for number in range(-(-AHEAD // BLOCK)):
        key = ("fan", f"{start:%Y-%m-%d}", str(number))
        uniform = random_uniform(Key(seed, *key), count).astype(float)
        first = blocks[(uniform * len(blocks)).astype(np.intp)]
        sign = np.where(random_uniform(Key(seed, *key, "sign"), count) < 0.5, -1.0, 1.0)
        drawn += [first + place for place in range(BLOCK)]
        signs += [sign] * BLOCK
    return np.array(drawn[:AHEAD]), np.array(signs[:AHEAD])


def summarise_fan(paths: Paths, id: str) -> pd.DataFrame:
    """Return the fan of the index, a dimension or an indicator.

    Columns: ``date`` (the start and each quarter-end), ``low_95``, ``low_80``, ``low_50``, ``median``, ``high_50``,
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
