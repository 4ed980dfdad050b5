"""The change ledger: which assessments, corrections, coders and choices moved the index between two points.

A point is a date seen under a vintage, a set of coders, weights and a mean. The split over indicators, coverage,
weights and mean is that of ``decomposition``. Within an indicator its reading, the mean over coders, is split so:

- a coder who scored at both points moves it by each step of their scores, divided by the number of such coders;
- a coder who scored at one of the two only moves it by their distance from the mean of those, at that point
  (``coder``); where no coder scored at both, by the distance from the middle between the two readings.

A coder's steps are those of the line through the reviews: an assessment between two reviews answers for as far as it
brings the line on, a review for the rest of the way to it. They are read from the newer of the two vintages. What the
newer vintage says about the older one's date, against what the older one said, comes first (``rescored``); then the
steps from there to the other point's date (``assessment``). The same two points give the same steps in either
direction, with the opposite sign.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import pandas as pd

from indicators.measures.change.decomposition import Parts, decompose_change
from indicators.measures.index import DIMENSION_COVERAGE, Composite, build_composite, explain_blank
from indicators.measures.panel import Panel
from indicators.measures.readings import NONE, Line, NoReadingError, hold_assessments, select_recorded

PARTS = ("assessment", "rescored", "coder", "coverage", "weights", "mean")
COLUMNS = ["part", "dimension", "indicator", "date", "coder", "amount", "rationale", "events", "row", "old", "new"]
TYPES = ["str", "str", "str", "datetime64[us]", "str", "float64", "str", "str", "Int64", "float64", "float64"]
GROUPS = {"part": ["part"], "dimension": ["dimension"], "indicator": ["dimension", "indicator"]}

NEGLIGIBLE = 1e-12
"""Amounts below this are rounding; a part that moved nothing has no row."""

NAN = float("nan")


class Held(NamedTuple):
    """Where a coder's line stands: the label of the assessment from which it comes, that one's date, the line's score,
    the label of the review to which it goes (``NONE`` where there is none) and of the newest assessment by then.
    """

    row: int
    date: pd.Timestamp
    score: float
    next: int = NONE
    last: int = NONE


class Entry(NamedTuple):
    """A row of the ledger, without the text of its assessment."""

    part: str
    dimension: str = ""
    indicator: str = ""
    date: pd.Timestamp | None = None
    coder: str = ""
    amount: float = 0.0
    row: int | None = None
    old: float = NAN
    new: float = NAN


Key = tuple[str, str]
Holding = dict[Key, Held]
"""What holds on a date, by indicator and coder."""


@dataclass(frozen=True)
class Point:
    """A date as a panel sees it."""

    panel: Panel
    date: dt.date | pd.Timestamp

    @property
    def day(self) -> pd.Timestamp:
        """The date as a timestamp."""
        return pd.Timestamp(self.date)

    @cached_property
    def holding(self) -> Holding:
        """The assessments that hold at the point."""
        return take_holding(self.panel.scores.hold(pd.DatetimeIndex([self.day])))

    @cached_property
    def composite(self) -> Composite:
        """The readings at the point, one row; ``NoReadingError`` where the index has none."""
        readings = average_coders(self.holding).to_frame(self.day).T
        composite = build_composite(readings, self.panel.weights, self.panel.mean)
        if reason := explain_blank(composite, "index", self.day):
            raise NoReadingError(f"no index reading on {self.day:%Y-%m-%d}: {reason}")
        return composite


def hold_on(line: Line, date: pd.Timestamp) -> Holding:
    """Return where the line of each coder and indicator stands on one date."""
    return take_holding(hold_assessments(line, pd.DatetimeIndex([date])))


def take_holding(held: pd.DataFrame) -> Holding:
    """Return what ``hold_assessments`` gives for one date, by indicator and coder."""
    keys = zip(held["indicator"].tolist(), held["coder"].tolist(), strict=True)
    values = zip(*(held[name].tolist() for name in ("row", "assessed", "score", "next", "last")), strict=True)
    return dict(zip(keys, map(Held._make, values), strict=True))


def average_coders(holding: Holding) -> pd.Series:
    """Return the readings of the indicators: the mean over coders."""
    return pd.Series(average_scores(holding), dtype=float)


def average_scores(holding: Holding) -> dict[str, float]:
    """Return the mean over coders for each indicator, 0 to 10."""
    scores: dict[str, list[float]] = {}
    for (indicator, _), held in holding.items():
        scores.setdefault(indicator, []).append(held.score)
    return {indicator: sum(s) / len(s) for indicator, s in scores.items()}


def explain_change(before: Point, after: Point) -> pd.DataFrame:
    """Return the change of the index from one point to another, part by part.

    Columns: ``part`` (one of ``PARTS``), ``dimension``, ``indicator``, ``date``, ``coder`` (empty or NaT where a part
    has none), ``amount`` (points of the index; they sum to the change), ``rationale``, ``events``, ``row`` (label of
    the assessment among the dataset's, or NA), ``old`` and ``new`` (the score or reading, 0 to 10, before and after;
    NaN where there is none). A row each: ``assessment``, one coder's step from the score that held to the next, on the
    assessment's date; ``rescored``, the row that replaced or withdrew the one that held; ``coder``, one who joined
    (``new``) or left (``old``) an indicator, with the row that holds; ``coverage``, an indicator or dimension that
    starts or stops having a reading, on the date on which it started; ``weights``, a dimension whose share changed (an
    indicator, where weights within the dimension changed); ``mean``, the other method of aggregation. Parts that moved
    nothing are left out. Ordered by part, codebook, date and coder.

    Raises ``NoReadingError`` where one of the two has no index reading, and ``ValueError`` where they are not of the
    same dataset.
    """
    datasets = (before.panel.dataset, after.panel.dataset)
    if datasets[0] is not datasets[1] and datasets[0].digest != datasets[1].digest:
        raise ValueError("the two points are of different data; compare vintages of the same data instead")
    found = decompose_change(
        before.composite,
        after.composite,
        (before.panel.weights, after.panel.weights),
        (before.panel.mean, after.panel.mean),
    )
    entries = [
        *_split_readings(before, after, found.effects),
        *_date_coverage(found.coverage, before, after),
        *(Entry("weights", *key, amount=amount) for key, amount in found.weights.items()),
        Entry("mean", amount=found.mean),
    ]
    return _write_ledger((e for e in entries if abs(e.amount) > NEGLIGIBLE), before.panel)


def summarise_change(ledger: pd.DataFrame, by: str = "dimension") -> pd.DataFrame:
    """Return a ledger summed up by part, dimension, indicator or assessment, the largest amounts first.

    Columns: those that name the group, ``amount`` (points of the index) and ``rows`` (of the ledger). An empty
    dimension stands for the change of the mean, an empty indicator for a dimension as a whole. ``assessment`` keeps
    each row of the ledger as it is, with all its columns. Raises ``ValueError`` for another ``by``.
    """
    if by == "assessment":
        summary = ledger
    elif by in GROUPS:
        amounts = ledger.groupby(GROUPS[by], sort=False)["amount"]
        summary = amounts.sum().reset_index().assign(rows=amounts.size().to_numpy())
    else:
        raise ValueError(f"unknown grouping {by!r}; known: {', '.join([*GROUPS, 'assessment'])}")
    return summary.sort_values("amount", key=lambda a: -a.abs(), kind="stable", ignore_index=True)


def _split_readings(before: Point, after: Point, effects: dict[str, float]) -> Iterator[Entry]:
    """The assessment, rescored and coder parts of the indicators that count at both points."""
    forward = (before.panel.as_of or dt.date.max) <= (after.panel.as_of or dt.date.max)
    older, newer = (before, after) if forward else (after, before)
    joint = older.holding.keys() & newer.holding.keys()
    matched = Counter(indicator for indicator, _ in joint)
    # What the newer vintage holds on the older one's date.
    again = older.holding if older.panel is newer.panel else Point(newer.panel, older.day).holding
    entries = [*_list_steps(older, newer, again, joint), *_list_rescored(older, newer, again, joint)]
    for e in entries:
        if e.indicator in effects:
            old, new = (e.old, e.new) if forward else (e.new, e.old)
            amount = effects[e.indicator] * (new - old) / matched[e.indicator]
            yield e._replace(amount=amount, old=old, new=new)
    for e in _list_coders(before, after, matched):
        if e.indicator in effects:
            yield e._replace(amount=effects[e.indicator] * e.amount)


def _list_steps(older: Point, newer: Point, again: Holding, joint: set[Key]) -> Iterator[Entry]:
    """The steps between the two dates, in the newer vintage, of the coders who score at both points."""
    forward = older.day <= newer.day
    low, high = sorted((older.day, newer.day))
    # Without an earlier row in the newer vintage the first step starts from what the older vintage held.
    start, end = (older.holding | again, newer.holding) if forward else (newer.holding, older.holding | again)
    last = {key: held.score for key, held in start.items()}
    for key, row, date, score in _list_reached(newer.panel.line, low, high):
        if key not in joint:
            continue
        old, new = (last[key], score) if forward else (score, last[key])
        yield Entry("assessment", "", key[0], date, key[1], 0.0, row, old, new)
        last[key] = score
    dates = newer.panel.dataset.assessments["date"]
    for key in joint:
        # What is left is the way to a review after the later date.
        if key in end and end[key].next != NONE and last[key] != end[key].score:
            row = end[key].next
            old, new = (last[key], end[key].score) if forward else (end[key].score, last[key])
            yield Entry("assessment", "", key[0], pd.Timestamp(dates[row]), key[1], 0.0, row, old, new)


def _list_reached(line: Line, low: pd.Timestamp, high: pd.Timestamp) -> Iterator[tuple[Key, int, pd.Timestamp, float]]:
    """The assessments after one date and up to another, with the score that the line has reached on their day."""
    rows, score = line.rows, line.score
    within = ((rows["date"] > low) & (rows["date"] <= high)).to_numpy()
    chosen = rows[within]
    keys = zip(chosen["indicator"].tolist(), chosen["coder"].tolist(), strict=True)
    return zip(keys, chosen.index.tolist(), chosen["date"].tolist(), score[within].tolist(), strict=True)


def _list_rescored(older: Point, newer: Point, again: Holding, joint: set[Key]) -> Iterator[Entry]:
    """What the newer vintage's line says on the older one's date, where the older one's said something else."""
    for key in joint & again.keys():
        old, new = older.holding[key], again[key]
        if old == new:
            continue
        date, row = new.date, new.row
        if old.row == new.row:
            # Another assessment since, or a review that was not yet made, leads the line elsewhere.
            row = new.last if new.last != old.last else new.next if new.next != NONE else new.row
            date = pd.Timestamp(newer.panel.dataset.assessments["date"][row])
        elif new.date < old.date:
            # A withdrawn row gives way to an earlier one; the row to show is the withdrawal, which says why.
            date, row = old.date, _last_recorded(newer.panel, key, old.date)
        yield Entry("rescored", "", key[0], date, key[1], 0.0, row, old.score, new.score)


def _last_recorded(panel: Panel, key: Key, date: pd.Timestamp) -> int:
    """The label of the row that a vintage recorded last for an indicator, coder and date."""
    rows = panel.dataset.assessments
    rows = rows[(rows["date"] == date) & (rows["indicator"] == key[0]) & (rows["coder"] == key[1])]
    return int(select_recorded(rows, panel.as_of)["recorded"].sort_values(kind="stable").index[-1])


def _list_coders(before: Point, after: Point, matched: Counter[str]) -> Iterator[Entry]:
    """Coders who score at one of the two points only; amounts in points of the indicator's reading."""
    readings = [point.composite.indicators.iloc[0] for point in (before, after)]
    joint = before.holding.keys() & after.holding.keys()
    for point, sign in ((before, -1), (after, 1)):
        common = average_coders({key: held for key, held in point.holding.items() if key in joint})
        number = Counter(indicator for indicator, _ in point.holding)
        for (indicator, coder), held in point.holding.items():
            if (indicator, coder) in joint:
                continue
            middle = (readings[0][indicator] + readings[1][indicator]) / 2
            reference = common[indicator] if indicator in matched else middle
            amount = sign * (held.score - reference) / number[indicator]
            old, new = (NAN, held.score) if sign > 0 else (held.score, NAN)
            yield Entry("coder", "", indicator, held.date, coder, amount, held.row, old, new)


def _date_coverage(amounts: Parts, before: Point, after: Point) -> Iterator[Entry]:
    """Coverage with the reading at each point and the date on which it started."""
    for (dimension, indicator), amount in amounts.items():
        readings = []
        date = None
        for point in (before, after):
            tables = point.composite
            reading = tables.indicators[indicator] if indicator else tables.dimensions[dimension]
            readings.append(float(reading.iloc[0]))
            if reading.notna().all():
                date = _start_of(point.panel, dimension, indicator)
        yield Entry("coverage", dimension, indicator, date, "", amount, None, *readings)


def _start_of(panel: Panel, dimension: str, indicator: str) -> pd.Timestamp:
    """The first date on which an indicator, or enough of a dimension's weight, has a reading."""
    first = panel.effective.groupby("indicator")["date"].min()
    if indicator:
        return pd.Timestamp(first[indicator])
    weights = panel.weights.indicators[panel.weights.members(dimension)]
    starts = first.reindex(weights.index).dropna().sort_values()
    share = weights[starts.index].cumsum() / weights.sum()
    return pd.Timestamp(starts[share >= DIMENSION_COVERAGE - 1e-9].iloc[0])


def _write_ledger(entries: Iterable[Entry], panel: Panel) -> pd.DataFrame:
    """The entries in order, with the text of their assessments."""
    dimension_of = panel.weights.dimension_of.to_dict()
    dimensions, indicators = (["", *table.index] for table in (panel.dataset.dimensions, panel.dataset.indicators))
    listed = [e._replace(dimension=e.dimension or dimension_of.get(e.indicator, "")) for e in entries]
    listed.sort(
        key=lambda e: (
            PARTS.index(e.part),
            dimensions.index(e.dimension),
            indicators.index(e.indicator),
            e.date or pd.Timestamp.min,
            e.coder,
        )
    )
    labels = [e.row for e in listed if e.row is not None]
    written = panel.dataset.assessments.loc[labels, ["rationale", "events"]]
    texts = dict(zip(labels, written.itertuples(index=False, name=None), strict=True))
    rows = [(*e[:6], *(("", "") if e.row is None else texts[e.row]), *e[6:]) for e in listed]
    ledger = pd.DataFrame(rows, columns=COLUMNS)
    return ledger.astype(dict(zip(COLUMNS, TYPES, strict=True)))
