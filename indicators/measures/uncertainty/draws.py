"""Draws of the readings from the plausible ranges: random numbers once, weights and means at will.

Each assessment is one random quantity: a triangular distribution on its plausible range with the score as its mode
(OECD/JRC Handbook on Constructing Composite Indicators, 2008, step 7). Its random numbers follow from its content and
a seed, so neither the order of rows nor other rows change them; draw number *n* is the same however many are drawn.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from indicators.measures.index import DIMENSION_COVERAGE, INDEX_COVERAGE, Array, Mean, Weights, weighted_mean
from indicators.measures.panel import Panel
from indicators.measures.uncertainty.random import Key, Picked, random_bits, random_gamma, random_uniform
from indicators.measures.uncertainty.triangular import triangular_quantile

DRAWS = 10_000
"""Draws behind a published interval."""

CONCENTRATION = 50.0
"""Default concentration of drawn weights: five equal weights of 0.20 then vary by 0.056 (one standard deviation)."""


class Held(NamedTuple):
    """An assessment that holds on a date (given by its number)."""

    indicator: str
    date: int
    coder: str
    row: int
    score: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class HeldDraws:
    """Draws of one quantity that hold from date to date, each kept once.

    ``states`` is (state, draw); ``at`` gives the state on each date, -1 where there is no reading.
    """

    states: NDArray[np.floating]
    at: NDArray[np.intp]

    def by_date(self) -> Array:
        """Return the draws as (date, draw), NaN where there is no reading."""
        values = np.empty((len(self.at), self.states.shape[1]))
        known = self.at >= 0
        values[known] = self.states[self.at[known]]
        values[~known] = np.nan
        return values

    def logarithms(self) -> "HeldDraws":
        """Return the logarithms of 1 + score, of which the geometric mean is a weighted mean."""
        return HeldDraws(np.log1p(self.states, dtype=np.float64), self.at)


@dataclass(frozen=True, eq=False)
class Draws:
    """Random readings of a panel, 0 to 10; NaN in all draws of a date where too little weight is present.

    ``by_indicator`` and ``by_dimension`` are in the codebook's order; the latter are combined when first asked for.
    Weights and mean can be changed afterwards without new random numbers.
    """

    dates: pd.DatetimeIndex
    count: int
    weights: Weights
    mean: Mean
    by_indicator: dict[str, HeldDraws]

    @cached_property
    def by_dimension(self) -> dict[str, HeldDraws]:
        """The draws of the dimensions."""
        block = _Block(len(self.weights.dimensions) * len(self.dates), self.count, np.float64)
        combined = {}
        for dimension in self.weights.dimensions.index:
            members = self.weights.members(dimension)
            parts = [self.by_indicator[id] for id in members]
            if self.mean == "geometric":
                parts = [part.logarithms() for part in parts]
            own = self.weights.indicators[members].to_numpy(float)
            combined[dimension] = _combine(parts, own[None, :], own, self.mean, DIMENSION_COVERAGE, block)
        return combined

    def index(self, weights: pd.Series | pd.DataFrame | ArrayLike | None = None) -> Array:
        """Return the draws of the index as (date, draw).

        ``weights`` are the dimensions' (a series by id, or values in the codebook's order), or a row of them for each
        draw; the panel's own by default. Coverage is judged by the weights, or by the panel's where each draw has its
        own. Raises ``ValueError`` for weights that are negative, sum to zero or have the wrong shape.
        """
        return self.held_index(weights).by_date()

    def held_index(self, weights: pd.Series | pd.DataFrame | ArrayLike | None = None) -> HeldDraws:
        """Return the draws of the index as they hold from date to date; ``weights`` as for ``index``."""
        block = _Block(len(self.dates), self.count, np.float64)
        parts = list(self.by_dimension.values()) if self.mean == "arithmetic" else self._logarithms
        aligned = self._aligned(weights)
        judged = aligned[0] if len(aligned) == 1 else self.weights.dimensions.to_numpy(float)
        return _combine(parts, aligned, judged, self.mean, INDEX_COVERAGE, block)

    def held(self, id: str) -> HeldDraws:
        """Return the draws of an id as they hold from date to date; ``KeyError`` if it is unknown."""
        if id == "index":
            return self.held_index()
        return (self.by_dimension if id in self.by_dimension else self.by_indicator)[id]

    def of(self, id: str) -> Array:
        """Return the draws of the index, a dimension or an indicator as (date, draw); ``KeyError`` if unknown."""
        return self.held(id).by_date()

    def under(self, weights: Weights, mean: Mean) -> "Draws":
        """Return the same draws combined with other weights (of indicators too) and mean."""
        return replace(self, weights=weights, mean=mean)

    @cached_property
    def _logarithms(self) -> list[HeldDraws]:
        return [drawn.logarithms() for drawn in self.by_dimension.values()]

    def _aligned(self, weights: pd.Series | pd.DataFrame | ArrayLike | None) -> Array:
        """Return weights as (1 or draw, dimension)."""
        ids = self.weights.dimensions.index
        if weights is None:
            weights = self.weights.dimensions
        elif isinstance(weights, pd.Series):
            weights = weights.reindex(ids)
        elif isinstance(weights, pd.DataFrame):
            weights = weights.reindex(columns=ids)
        values = np.atleast_2d(np.asarray(weights, float))
        if values.shape not in {(1, len(ids)), (self.count, len(ids))}:
            raise ValueError(f"weights of shape {values.shape} for {len(ids)} dimensions and {self.count} draws")
        if not ((values >= 0).all() and np.isfinite(values).all() and (values.sum(axis=1) > 0).all()):
            raise ValueError("each dimension needs a weight of 0 or more, and not all may be 0")
        return values


def draw_panel(
    panel: Panel, dates: pd.DatetimeIndex, count: int = DRAWS, seed: int = 0, together: bool = False
) -> Draws:
    """Return random readings of a panel on some dates.

    Each assessment in force has one random number for each draw. A carried range is widened on each date as far as
    its age says, with the same random number, so that dates under one assessment move together. With ``together`` an
    assessment has one range on all dates, its widest, so that their difference is exactly 0: for comparisons between
    dates. Of several coders each draw picks one, with equal chances; the same one on all dates on which the same
    coders are present. An assessment's random numbers depend on its indicator, coder, date, score and recorded range
    only: rewording a rationale or recording the same judgement again changes nothing, another score or range is
    another quantity. Raises ``ValueError`` for dates given twice or a count below 1.
    """
    if not dates.is_unique:
        raise ValueError("a date is given twice")
    if count < 1:
        raise ValueError("at least one draw is needed")
    held = panel.holdings(dates)
    if together and not held.empty:
        ranges = held.groupby("row")
        held = held.assign(low=ranges["low"].transform("min"), high=ranges["high"].transform("max"))
    places = dates.get_indexer(pd.DatetimeIndex(held["date"])).tolist()
    columns = [held[name].tolist() for name in ("coder", "row", "score", "low", "high")]
    rows = map(Held, held["indicator"].tolist(), places, *columns)
    contents = _row_contents(panel.effective)
    block = _Block(len(panel.weights.indicators) * len(dates), count, np.float32)
    drawn = {
        id: _draw_indicator(id, group, contents, block, len(dates), seed)
        for id, group in groupby(rows, key=itemgetter(0))
    }
    none = HeldDraws(np.empty((0, count)), np.full(len(dates), -1))
    by_indicator = {id: drawn.get(id, none) for id in panel.weights.indicators.index}
    return Draws(dates, count, panel.weights, panel.mean, by_indicator)


def draw_weights(
    weights: pd.Series, count: int = DRAWS, concentration: float = CONCENTRATION, seed: int = 0
) -> pd.DataFrame:
    """Return weights drawn from a Dirichlet distribution around the set ones: a row for each draw, summing to 1.

    Their mean is the set weights; a share w varies with variance w(1 − w)/(concentration + 1). A weight of 0 stays 0.
    """
    shares = weights / weights.sum()
    if not (concentration > 0 and (shares >= 0).all()):
        raise ValueError("weights must be 0 or more and the concentration above 0")
    drawn = {
        id: random_gamma(Key(seed, "weight", str(id)), share * concentration, count) for id, share in shares.items()
    }
    table = pd.DataFrame(drawn, columns=shares.index)
    return table.div(table.sum(axis=1), axis=0)


def _row_contents(effective: pd.DataFrame) -> dict[int, tuple[str, ...]]:
    """Return for each row what its random numbers depend on: indicator, coder, date, score, low and high."""
    return dict(
        zip(
            effective.index.tolist(),
            zip(
                effective["indicator"].tolist(),
                effective["coder"].tolist(),
                effective["date"].to_numpy("datetime64[D]").astype(str).tolist(),
                *(map(repr, effective[c].astype(float).tolist()) for c in ("score", "low", "high")),
                strict=True,
            ),
            strict=True,
        )
    )


class _Block:
    """Rows of one large array, handed out in turn; NumPy backs large arrays with large pages, filled twice as fast."""

    def __init__(self, rows: int, count: int, dtype: type[np.floating]) -> None:
        self.rows, self.used, self.count = np.empty((rows, count), dtype), 0, count

    def take(self, rows: int) -> NDArray[np.floating]:
        """Return the next rows."""
        self.used += rows
        return self.rows[self.used - rows : self.used]


def _draw_indicator(
    indicator: str, held: Iterable[Held], contents: dict[int, tuple[str, ...]], block: _Block, dates: int, seed: int
) -> HeldDraws:
    """Return the draws of one indicator from what holds on each date.

    ``held`` has the coders of a date in one order on all dates; ``contents`` is that of ``_row_contents``.
    """
    present: dict[int, list[Held]] = {}
    for row in held:
        present.setdefault(row.date, []).append(row)
    at = np.full(dates, -1)
    numbers: dict[tuple[tuple[int, float, float], ...], int] = {}
    sets: list[list[Held]] = []
    for date, rows in present.items():
        key = tuple((row.row, row.low, row.high) for row in rows)
        if key not in numbers:
            numbers[key] = len(sets)
            sets.append(rows)
        at[date] = numbers[key]
    states, count = block.take(len(sets)), block.count
    picks: dict[tuple[str, ...], list[Picked]] = {}
    for state, rows in zip(states, sets, strict=True):
        coders = tuple(row.coder for row in rows)
        if coders not in picks:
            picks[coders] = _pick_coder(indicator, coders, count, seed)
        for row, picked in zip(rows, picks[coders], strict=True):
            uniform = random_uniform(Key(seed, *contents[row.row]), count, picked)
            state[picked] = triangular_quantile(uniform, row.low, row.score, row.high)
    return HeldDraws(states, at)


def _pick_coder(indicator: str, coders: Sequence[str], count: int, seed: int) -> list[Picked]:
    """Return for each coder the draws in which that coder counts.

    The coder with the largest number of their own stream counts, so a new coder leaves alone the draws of the others
    that they do not win.
    """
    if len(coders) == 1:
        return [slice(None)]
    numbers = [random_bits(Key(seed, "coder", indicator, coder), count) for coder in coders]
    largest = reduce(np.maximum, numbers)
    # Equal numbers, one draw in four thousand million, go to the later coder, who is written last.
    return [np.flatnonzero(number == largest) for number in numbers]


def _combine(
    parts: list[HeldDraws], weights: Array, judged: Array, mean: Mean, needed: float, block: _Block
) -> HeldDraws:
    """Return the weighted mean of some quantities; for the geometric mean the parts are logarithms.

    ``weights`` is (1 or draw, part); ``judged`` are the weights by which coverage is judged.
    """
    at = np.array([part.at for part in parts])
    blank = np.where(at.T >= 0, 0.0, np.nan)
    short = np.isnan(weighted_mean(blank, judged, "arithmetic", needed)[0])
    columns: list[float] | list[Array] = [float(w) for w in weights[0]] if len(weights) == 1 else list(weights.T)
    numbers: dict[tuple[int, ...], int] = {}
    result = np.full(at.shape[1], -1)
    for date in np.flatnonzero(~short).tolist():
        result[date] = numbers.setdefault(tuple(at[:, date].tolist()), len(numbers))
    states = block.take(len(numbers))
    for held, number in numbers.items():
        out = states[number]
        present = [place for place, state in enumerate(held) if state >= 0]
        # One after another in a fixed order, not by a matrix product: the sum is then the same on every machine.
        for place in present:
            part, weight = parts[place].states[held[place]], columns[place]
            term = part if isinstance(weight, float) and weight == 1 else np.multiply(part, weight, dtype=np.float64)
            if place == present[0]:
                out[:] = term
            else:
                out += term
        with np.errstate(invalid="ignore"):
            out /= sum(columns[place] for place in present)
        if mean == "geometric":
            np.expm1(out, out=out)
    return HeldDraws(states, result)
