"""What the draws say: intervals, probabilities, and the words for them."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from indicators.measures.index import Array
from indicators.measures.panel import Panel
from indicators.measures.uncertainty.draws import DRAWS, HeldDraws, draw_panel

INTERVALS = (50, 80, 95)
"""Central intervals on offer, in percent of the draws."""

_STEP = 32
"""One draw in so many tells roughly where the ends of an interval lie."""


def interval(draws: Array | HeldDraws, level: float = 80) -> tuple[Array, Array]:
    """Return the ends of the central interval that holds ``level`` percent of the draws, along the last axis.

    Of draws that hold from date to date, the ends on each date. The ends are the linearly interpolated quantiles of
    NumPy's default; NaN where any draw is NaN, or where there is none.
    """
    if not 0 < level < 100:
        raise ValueError(f"an interval of {level:g} percent; it must lie between 0 and 100")
    if isinstance(draws, HeldDraws):
        # An assessment holds for months: each state counts once. A date without one takes the NaN at the end.
        low, high = (
            np.append(ends, np.nan)[draws.at] for ends in interval(np.asarray(draws.states, np.float64), level)
        )
        return low, high
    count = draws.shape[-1]
    places = [(count - 1) * share for share in (0.5 - level / 200, 0.5 + level / 200)]
    rows = draws.reshape(-1, count)
    ends = np.empty((len(rows), 2))
    for number, row in enumerate(rows):
        if np.isnan(row).any():
            ends[number] = np.nan
            continue
        sample = np.sort(row[::_STEP])
        ends[number] = [_quantile(row, sample, place) for place in places]
    low, high = ends.T.reshape(2, *draws.shape[:-1])
    return low, high


class Change(NamedTuple):
    """Probabilities that a reading rose, fell or stayed exactly the same; they sum to 1, or are all NaN."""

    up: float
    down: float
    zero: float


def probability_of_change(panel: Panel, id: str, start: pd.Timestamp, end: pd.Timestamp, count: int = DRAWS) -> Change:
    """Return in which share of the draws a reading is higher, lower or the same on ``end`` as on ``start``.

    Doubt that persists cancels in a change, doubt of each quarter's own does not: of the two the one that says less is
    given. Time alone changes nothing. NaN where either reading is blank; ``KeyError`` for an id that is unknown.
    """
    found = []
    for difference in _draw_change(panel, id, start, end, count):
        if np.isnan(difference).any():
            return Change(np.nan, np.nan, np.nan)
        found.append(Change(*(float(np.mean(c)) for c in (difference > 0, difference < 0, difference == 0))))
    return min(found, key=lambda change: max(change.up, change.down, change.zero))


def interval_of_change(
    panel: Panel, id: str, start: pd.Timestamp, end: pd.Timestamp, level: float = 80, count: int = DRAWS
) -> tuple[float, float]:
    """Return the ends of the interval of a change in points, that of the doubt under which it is wider.

    NaN where either reading is blank; ``KeyError`` for an id that is unknown.
    """
    ends = []
    for difference in _draw_change(panel, id, start, end, count):
        low, high = interval(difference[np.newaxis, :], level)
        ends.append((float(low[0]), float(high[0])))
    return max(ends, key=lambda pair: pair[1] - pair[0])


def _draw_change(panel: Panel, id: str, start: pd.Timestamp, end: pd.Timestamp, count: int) -> list[Array]:
    """Draws of a change, with shared doubt that persists and with one of each quarter's own."""
    dates = pd.DatetimeIndex([start, end])
    drawn = [draw_panel(panel, dates, count, together=True, by_quarter=by).of(id) for by in (False, True)]
    return [np.asarray(values[1] - values[0]) for values in drawn]


_WORDS = (
    (0.01, "almost no chance (under 1 %)"),
    (0.05, "almost no chance (1–5 %)"),
    (0.20, "very unlikely (5–20 %)"),
    (0.45, "unlikely (20–45 %)"),
    (0.55, "roughly even chance (45–55 %)"),
    (0.80, "likely (55–80 %)"),
    (0.95, "very likely (80–95 %)"),
    (0.99, "almost certain (95–99 %)"),
    (1.00, "almost certain (over 99 %)"),
)


def probability_word(p: float) -> str:
    """Return a probability in the words of ICD 203 (2015), with their range.

    A probability on a boundary takes the word further from an even chance, so the words for p and 1 − p mirror each
    other; exactly 1 % and 99 % stay inside the directive's outermost ranges. Beyond those it has no word: a share of
    draws of 0 or 1 is not certainty, so the outermost words are kept and the range says "under 1 %" or "over 99 %".
    Raises ``ValueError`` for a value outside 0 to 1.
    """
    if not 0 <= p <= 1:
        raise ValueError(f"{p} is not a probability")
    # Rounding keeps 1 − 0.45 on the boundary.
    p = round(p, 12)
    exclusive = {0.01, 0.55, 0.80, 0.95}
    return next(word for limit, word in _WORDS if p < limit or (p == limit and limit not in exclusive))


def _quantile(values: Array, sample: Array, place: float) -> float:
    """Return the value at a place of the order, a place between two ranks interpolated.

    ``sample`` is every ``_STEP``-th value, in order. Only the values near the place are put in order (Floyd & Rivest,
    Algorithm 489: SELECT, 1975), a third of the time that NumPy's partition of them all takes; the result is the same.
    """
    rank, last = int(place), len(values) - 1
    middle = rank / _STEP
    # Four standard errors on either side: one place in some ten thousand is missed, and found the long way.
    margin = 4 * (middle * (1 - rank / len(values))) ** 0.5 + 2
    kept = values >= sample[max(0, int(middle - margin))]
    before = len(values) - int(np.count_nonzero(kept))
    kept &= values <= sample[min(len(sample) - 1, int(middle + margin))]
    near = values.compress(kept)
    if not before <= rank < before + len(near) - 1:
        near, before = values, 0
    rank, following = rank - before, min(rank + 1, last) - before
    near = np.partition(near, (rank, following))
    return float(near[rank] + (place - int(place)) * (near[following] - near[rank]))
