"""Draws of the readings from the plausible ranges: random numbers once, weights and means at will.

Each assessment is one random quantity: a triangular distribution on its plausible range with the score as its mode
(OECD/JRC Handbook on Constructing Composite Indicators, 2008, step 7). Its random numbers follow from its content and
a seed, so neither the order of rows nor other rows change them; draw number *n* is the same however many are drawn.
Part of them is shared with other assessments (see ``doubt``). Between two reviews a day's draw is the mixture of
theirs that the line says.
"""

from collections.abc import Iterable
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
from indicators.measures.scores import key_of
from indicators.measures.uncertainty.doubt import doubt_shares
from indicators.measures.uncertainty.random import Key, Picked, random_bits, random_gamma, random_shared, random_uniform
from indicators.measures.uncertainty.triangular import Uniform, triangular_quantile

DRAWS = 10_000
"""Draws behind a published interval."""

FEW_DRAWS = 10_000
"""Dates times draws up to which the draws are kept for panels that differ in weights: under a megabyte."""

CONCENTRATION = 50.0
"""Default concentration of drawn weights: five equal weights of 0.20 then vary by 0.056 (one standard deviation)."""


class Seeds(NamedTuple):
    """Seeds of the scores' own doubt, of the doubt that they share, and of the choice of a coder, each for itself."""

    own: int
    shared: int
    coder: int


class Held(NamedTuple):
    """What one coder's line says on a date (given by its number): a share of the way from one row to the next."""

    indicator: str
    date: int
    coder: str
    row: int
    next: int
    share: float
    widening: float


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
        other = replace(self, weights=weights, mean=mean)
        if mean == self.mean and weights.indicators.equals(self.weights.indicators):
            other.__dict__["by_dimension"] = self.by_dimension  # the weights of the dimensions do not bear on them
        return other

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
    panel: Panel,
    dates: pd.DatetimeIndex,
    count: int = DRAWS,
    seed: int | Seeds = 0,
    together: bool = False,
    by_quarter: bool = False,
) -> Draws:
    """Return random readings of a panel on some dates.

    Each assessment in force has one random number for each draw; a day between two reviews is their mixture. Beyond a
    missed review ranges widen, with the same random number, so that dates under one assessment move together. With
    ``together`` an assessment has one range on all dates, its widest, so that a reading that stands still has a
    difference of exactly 0: for comparisons between dates. The doubt that assessments share (``panel.doubt``) persists
    from quarter to quarter, or with ``by_quarter`` is another one in each quarter: the first cancels in changes, the
    second does not. A draw follows one coder in all indicators, each with equal chances, among those present. An
    assessment's random numbers depend on its indicator, coder, date, score and recorded range only: rewording a
    rationale or recording the same judgement again changes nothing, another score or range is another quantity. Their
    own doubt, the shared doubt and the choice of a coder follow from one seed, or from one each. Raises ``ValueError`` for dates given twice or a count below 1.
    """
    if not dates.is_unique:
        raise ValueError("a date is given twice")
    if count < 1:
        raise ValueError("at least one draw is needed")
    indicators = tuple(panel.weights.indicators.index)

    def draw() -> dict[str, HeldDraws]:
        return _draw_indicators(panel, dates, count, seed, together, by_quarter)

    if len(dates) * count > FEW_DRAWS:
        by_indicator = draw()
    else:
        asked = (*key_of(dates), count, seed, together, by_quarter, panel.doubt, indicators)
        by_indicator = panel.scores.keep_drawn(asked, draw)
    return Draws(dates, count, panel.weights, panel.mean, by_indicator)


def _draw_indicators(
    panel: Panel, dates: pd.DatetimeIndex, count: int, seed: int | Seeds, together: bool, by_quarter: bool
) -> dict[str, HeldDraws]:
    """The draws of the indicators, which depend on neither weights nor mean."""
    held = panel.holdings(dates)
    if together and not held.empty:
        held = held.assign(widening=held.groupby("row")["widening"].transform("max"))
    places = dates.get_indexer(pd.DatetimeIndex(held["date"])).tolist()
    columns = [held[name].tolist() for name in ("coder", "row", "next", "share", "widening")]
    rows = map(Held, held["indicator"].tolist(), places, *columns)
    source = _Source(panel, count, seed, by_quarter)
    block = _Block(len(panel.weights.indicators) * len(dates), count, np.float32)
    drawn = {id: _draw_indicator(group, source, block, len(dates)) for id, group in groupby(rows, key=itemgetter(0))}
    none = HeldDraws(np.empty((0, count)), np.full(len(dates), -1))
    return {id: drawn.get(id, none) for id in panel.weights.indicators.index}


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


class _Row(NamedTuple):
    """An assessment as its random numbers need it: what they depend on, and the range."""

    indicator: str
    coder: str
    quarter: str
    content: tuple[str, ...]
    score: float
    low: float
    high: float


class _Source:
    """The random numbers of a panel's assessments, shared ones made once."""

    def __init__(self, panel: Panel, count: int, seed: int | Seeds, by_quarter: bool) -> None:
        self.count, self.by_quarter = count, by_quarter
        self.seeds = Seeds(seed, seed, seed) if isinstance(seed, int) else seed
        self.shares = doubt_shares(panel.dataset.methods, panel.doubt)
        self.dimension_of = panel.weights.dimension_of.to_dict()
        self.rows = _list_rows(panel.effective)
        self.shared: dict[tuple[str, ...], Uniform] = {}
        self.taken: dict[tuple[str, ...], Uniform] = {}
        self.picks: dict[tuple[str, ...], list[Picked]] = {}

    def draw(self, label: int, widening: float, coders: tuple[str, ...], picked: Picked) -> Uniform:
        """Return the draws of an assessment, those picked of some coders' ones, its range widened on each side."""
        row = self.rows[label]
        key = Key(self.seeds.own, *row.content)
        if self.shares.indicator > 0:
            shared = self._share_picked(row, coders, picked)
            uniform = random_shared(key, self.count, self.shares.indicator**0.5, shared, picked)
        else:
            uniform = random_uniform(key, self.count, picked)
        return triangular_quantile(uniform, max(row.low - widening, 0.0), row.score, min(row.high + widening, 10.0))

    def _share_picked(self, row: _Row, coders: tuple[str, ...], picked: Picked) -> Uniform:
        """Return the shared numbers of a row's indicator in the draws that fall to its coder among some."""
        period = (row.quarter,) if self.by_quarter else ()
        key = (row.indicator, *period, row.coder, *coders)
        if key not in self.taken:
            names = ("doubt", self.dimension_of[row.indicator], row.indicator)
            self.taken[key] = self._share(names, period)[picked]
        return self.taken[key]

    def _share(self, names: tuple[str, ...], period: tuple[str, ...]) -> Uniform:
        """Return the shared numbers of all, of a dimension or of an indicator (one to three names), in a period."""
        key = (*names, *period)
        if key not in self.shared:
            stream = Key(self.seeds.shared, *key)
            if len(names) == 1:
                self.shared[key] = random_uniform(stream, self.count)
            else:
                share = self.shares.every if len(names) == 2 else self.shares.dimension
                above = self._share(names[:-1], period)
                self.shared[key] = random_shared(stream, self.count, share**0.5, above)
        return self.shared[key]

    def pick(self, coders: tuple[str, ...]) -> list[Picked]:
        """Return for each coder the draws in which that coder counts.

        The coder with the largest number of their own stream counts, in all indicators alike, so a new coder leaves
        alone the draws of the others that they do not win.
        """
        if coders not in self.picks:
            self.picks[coders] = [slice(None)] if len(coders) == 1 else self._compare(coders)
        return self.picks[coders]

    def _compare(self, coders: tuple[str, ...]) -> list[Picked]:
        numbers = [random_bits(Key(self.seeds.coder, "coder", coder), self.count) for coder in coders]
        largest = reduce(np.maximum, numbers)
        # Equal numbers, one draw in four thousand million, go to the later coder, who is written last.
        return [np.flatnonzero(number == largest) for number in numbers]


def _list_rows(effective: pd.DataFrame) -> dict[int, _Row]:
    """The assessments by label; random numbers depend on indicator, coder, date, score, low and high."""
    numbers = [effective[name].astype(float).tolist() for name in ("score", "low", "high")]
    dates = effective["date"].to_numpy("datetime64[D]").astype(str).tolist()
    quarters = effective["date"].dt.to_period("Q").astype(str).tolist()
    rows = {}
    for label, indicator, coder, date, quarter, score, low, high in zip(
        effective.index.tolist(),
        effective["indicator"].tolist(),
        effective["coder"].tolist(),
        dates,
        quarters,
        *numbers,
        strict=True,
    ):
        content = (indicator, coder, date, repr(score), repr(low), repr(high))
        rows[label] = _Row(indicator, coder, quarter, content, score, low, high)
    return rows


class _Block:
    """Rows of one large array, handed out in turn; NumPy backs large arrays with large pages, filled twice as fast."""

    def __init__(self, rows: int, count: int, dtype: type[np.floating]) -> None:
        self.rows, self.used, self.count = np.empty((rows, count), dtype), 0, count

    def take(self, rows: int) -> NDArray[np.floating]:
        """Return the next rows."""
        self.used += rows
        return self.rows[self.used - rows : self.used]


def _draw_indicator(held: Iterable[Held], source: _Source, block: _Block, dates: int) -> HeldDraws:
    """Return the draws of one indicator from what holds on each date; the coders of a date are in one order."""
    present: dict[int, list[Held]] = {}
    for row in held:
        present.setdefault(row.date, []).append(row)
    at = np.full(dates, -1)
    numbers: dict[tuple[tuple[int, int, float, float], ...], int] = {}
    sets: list[list[Held]] = []
    for date, rows in present.items():
        key = tuple((row.row, row.next if row.share else -1, row.share, row.widening) for row in rows)
        if key not in numbers:
            numbers[key] = len(sets)
            sets.append(rows)
        at[date] = numbers[key]
    states = block.take(len(sets))
    drawn: dict[tuple[int, float, tuple[str, ...]], Uniform] = {}
    for state, rows in zip(states, sets, strict=True):
        coders = tuple(row.coder for row in rows)
        for row, picked in zip(rows, source.pick(coders), strict=True):
            ends = []
            for label in (row.row, row.next) if row.share else (row.row,):
                known = (label, row.widening, coders)
                if known not in drawn:
                    drawn[known] = source.draw(label, row.widening, coders, picked)
                ends.append(drawn[known])
            # A score that stands on both sides is itself on the way, not a rounding error beside it.
            state[picked] = ends[0] if len(ends) == 1 else ends[0] + np.float32(row.share) * (ends[1] - ends[0])
    return HeldDraws(states, at)


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
