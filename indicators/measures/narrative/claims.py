"""Claims of the narrative: what their tests mean, and how far the readings bear them out."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from indicators.measures.index import Array, Composite, explain_blank
from indicators.measures.panel import Panel
from indicators.measures.uncertainty.draws import draw_panel
from indicators.records.dataset import split_ids
from indicators.records.problems import Problem
from indicators.records.tables.core import PAIR_TESTS

SUPPORTED = 0.80
CONTRADICTED = 0.20
"""Shares of the draws from which, and up to which, a claim counts as supported and as contradicted."""

FEWEST_MONTHS = 3
"""Month-ends below which a rank correlation says nothing."""

TOLERANCE = 1e-9
"""Weighted means carry rounding errors; a reading this close to a threshold stands on it."""


class DrawnReadings(Protocol):
    """Draws of the readings on some dates."""

    def of(self, id: str) -> Array:
        """Return the draws of the index, a dimension or an indicator: (date, draw)."""


DrawsOf = Callable[[Panel, pd.DatetimeIndex], DrawnReadings]
"""How draws are made: from a panel and the dates that are compared."""


@dataclass(frozen=True)
class Statement:
    """What a sentence says about the readings, in the vocabulary of the claims (see ``measure_statement``)."""

    test: str
    subjects: tuple[str, ...]
    start: pd.Timestamp
    end: pd.Timestamp
    threshold: float = 0.0

    @classmethod
    def from_claim(cls, claim: pd.Series) -> "Statement":
        """Return the statement of a row of the claims table."""
        threshold = 0.0 if pd.isna(claim["threshold"]) else float(claim["threshold"])
        return cls(claim["test"], tuple(split_ids(claim["subject"])), claim["start"], claim["end"], threshold)


@dataclass(frozen=True)
class Gap:
    """Why a statement cannot be judged: the date that lacks a reading, and the reason."""

    date: pd.Timestamp
    why: str


def judge_claims(panel: Panel, draws_of: DrawsOf | None = None, count: int = 4_000, seed: int = 0) -> pd.DataFrame:
    """Return each claim of the narrative with its verdict, in the order of the file.

    Columns: ``claim``, ``section``, ``text``, ``test``, ``subject``, ``start``, ``end``, ``threshold``, ``verdict``,
    ``probability`` (share of the draws in which the test holds), ``why`` (reason of a claim that cannot be judged,
    else empty), ``value`` (the tested quantity on the point readings; see ``measure_statement``) and ``holds`` (the
    test on the point readings).

    The verdict is *supported* where the probability is at least 0.80, *contradicted* where it is at most 0.20,
    *mixed* between the two, and *cannot be judged* where a date that the test needs has no reading, where the claim
    reaches past the data, or where a correlation meets a series that does not move. An assessment that holds on
    several of a claim's dates has one draw for all of them, so a reading that stands still shows no change in any
    draw. Tests over a whole stretch (``stays_above``, ``stays_below``, ``highest_since``, ``lowest_since``) must hold
    on every date at once: the more assessments a stretch contains, the more often some draw breaks one of them, so
    their probability is at most that of any single date. A draw in which a correlation is undefined counts as one
    in which the test does not hold. A claim's result depends on no other claim.
    """
    draw = draws_of or (lambda p, dates: draw_panel(p, dates, count, seed, together=True))
    claims = panel.dataset.claims
    statements, dates, composite, gaps = _prepare(panel)
    drawn: dict[str, float] = {}
    for ids in _group_by_dates(dates, [id for id, gap in gaps.items() if gap is None]):
        subjects = {subject for id in ids for subject in statements[id].subjects}
        draws = draw(_restrict(panel, subjects), dates[ids[0]])
        for id in ids:
            quantity = measure_statement(statements[id], [draws.of(s) for s in statements[id].subjects])
            drawn[id] = float(np.mean(holds(statements[id], quantity)))
    rows = []
    for id, statement in statements.items():
        gap, value = gaps[id], np.nan
        if gap is None:
            value = float(measure_statement(statement, read_points(composite, statement, dates[id])))
        judged = not np.isnan(value)
        why = gap.why if gap else "" if judged else "one of the two does not move, so they have no correlation"
        probability = drawn[id] if judged else np.nan
        verdict = decide_verdict(probability)
        rows.append((id, verdict, probability, why, value, bool(holds(statement, value)) if judged else pd.NA))
    table = pd.DataFrame(rows, columns=["claim", "verdict", "probability", "why", "value", "holds"])
    said = claims[["section", "text", "test", "subject", "start", "end", "threshold"]].reset_index()
    table = said.merge(table, on="claim", how="left", validate="one_to_one")
    return table.astype({"probability": float, "value": float, "holds": "boolean"})


def draw_quantity(panel: Panel, claim: pd.Series, count: int = 4_000, seed: int = 0) -> Array:
    """Return the quantity that a claim's test measures in each draw; NaN where it is undefined."""
    statement = Statement.from_claim(claim)
    dates = list_dates(panel, statement)
    draws = draw_panel(_restrict(panel, set(statement.subjects)), dates, count, seed, together=True)
    return measure_statement(statement, [draws.of(subject) for subject in statement.subjects])


def check_claims(panel: Panel) -> list[Problem]:
    """Return a problem, coded claim-dates, for each claim that speaks of a date without a reading."""
    claims = panel.dataset.claims
    statements, _, _, gaps = _prepare(panel)
    files, lines = claims["file"].to_dict(), claims["line"].to_dict()
    problems = []
    for id, gap in gaps.items():
        if gap is not None:
            column = "end" if gap.date == statements[id].end else "start"
            value = f"{getattr(statements[id], column):%Y-%m-%d}"
            file, line = str(files[id]), int(lines[id])
            problems.append(Problem(file, line, column, value, "claim-dates", f"cannot be judged: {gap.why}"))
    return sorted(problems)


def decide_verdict(probability: float) -> str:
    """Return the verdict on a claim whose test holds in this share of the draws; NaN cannot be judged."""
    if np.isnan(probability):
        return "cannot be judged"
    if probability >= SUPPORTED:
        return "supported"
    return "contradicted" if probability <= CONTRADICTED else "mixed"


def measure_statement(statement: Statement, readings: list[Array]) -> Array:
    """Return the quantity that a statement's test is about, for readings shaped (date, …): one number for each draw.

    ``readings`` holds one array for each subject, on the dates of ``list_dates``.

    - ``rises``, ``falls``: reading on ``end`` less that on ``start``, or the reverse
    - ``stays_above``, ``stays_below``: the lowest, or the highest, reading from ``start`` to ``end``
    - ``highest_since``, ``lowest_since``: reading on ``end`` less the highest from ``start`` to ``end``, or the lowest
      less that on ``end``; 0 where none is higher, or lower, else below 0
    - ``varies``: the highest less the lowest reading from ``start`` to ``end``
    - ``larger_than``: mean over the month-ends of the first subject's reading less the second's
    - ``moves_together``: Spearman's rank correlation of the month-ends' readings; NaN where one of them stands still
    """
    first = readings[0]
    match statement.test:
        case "rises":
            return np.asarray(first[-1] - first[0])
        case "falls":
            return np.asarray(first[0] - first[-1])
        case "stays_above":
            return np.asarray(first.min(axis=0))
        case "stays_below":
            return np.asarray(first.max(axis=0))
        case "highest_since":
            return np.asarray(first[-1] - first.max(axis=0))
        case "lowest_since":
            return np.asarray(first.min(axis=0) - first[-1])
        case "varies":
            return np.asarray(first.max(axis=0) - first.min(axis=0))
        case "larger_than":
            return np.asarray((first - readings[1]).mean(axis=0))
        case "moves_together":
            return _correlate_ranks(first, readings[1])
    raise ValueError(f"unknown test {statement.test!r}")


def holds(statement: Statement, quantity: Array | float) -> NDArray[np.bool_]:
    """Return whether a statement's test holds for the quantity that ``measure_statement`` gives.

    The quantity must reach the threshold (``stays_below``: must not pass it). To rise, fall, vary, be larger or move
    together by a threshold of 0 means by more than nothing. NaN does not hold.
    """
    quantity = np.asarray(quantity)
    if statement.test == "stays_below":
        return np.asarray(quantity <= statement.threshold + TOLERANCE)
    if statement.test in ("stays_above", "highest_since", "lowest_since") or statement.threshold != 0:
        return np.asarray(quantity >= statement.threshold - TOLERANCE)
    return np.asarray(quantity > TOLERANCE)


def list_dates(panel: Panel, statement: Statement) -> pd.DatetimeIndex:
    """Return the dates whose readings a statement's test compares, in order.

    The two ends for ``rises`` and ``falls``; the month-ends for comparisons of two subjects; else the two ends and
    every date between them on which some reading may change.
    """
    if statement.test in PAIR_TESTS:
        return pd.date_range(statement.start, statement.end, freq="ME")
    ends = pd.DatetimeIndex([statement.start, statement.end])
    if statement.test in ("rises", "falls"):
        return ends
    return panel.dates("step", statement.start, statement.end).union(ends)


def read_points(composite: Composite, statement: Statement, dates: pd.DatetimeIndex) -> list[Array]:
    """Return the point readings of each subject of a statement on its dates."""
    return [composite.of(id).loc[dates].to_numpy(float) for id in statement.subjects]


def find_gap(panel: Panel, statement: Statement, composite: Composite, dates: pd.DatetimeIndex) -> Gap | None:
    """Return the first date of a statement that has no reading, with the reason, or nothing where all have one.

    Days after the vintage, and days so long after the newest assessment that no score could still be fresh, have
    none: a score carried into the future is no evidence about it.
    """
    wanted = FEWEST_MONTHS if statement.test == "moves_together" else 1
    if len(dates) < wanted:
        return Gap(statement.end, f"{len(dates)} month-ends lie between start and end; the test needs {wanted}")
    blank = np.isnan(read_points(composite, statement, dates))
    if blank.any():
        date = dates[int(blank.any(axis=0).argmax())]
        id = statement.subjects[int(blank[:, dates.get_loc(date)].argmax())]
        title = panel.dataset.title(id)
        return Gap(date, f"{title} has no reading on {date:%Y-%m-%d}: {explain_blank(composite, id, date)}")
    last = panel.steps[-1] + pd.Timedelta(days=int(panel.dataset.indicators["review_days"].max()))
    if panel.as_of is not None:
        last = min(last, pd.Timestamp(panel.as_of))
    if statement.end > last:
        return Gap(statement.end, f"the data reach to {last:%Y-%m-%d} only")
    return None


def _correlate_ranks(first: Array, second: Array) -> Array:
    # Rounded, so that readings that differ by a rounding error only share a rank.
    # By pandas, whose ranks are at hand: scipy.stats takes a third of the time and memory of a small command to import.
    a, b = (_rank(np.round(values, 9)) for values in (first, second))
    a, b = a - a.mean(axis=0), b - b.mean(axis=0)
    scale = np.sqrt((a * a).sum(axis=0) * (b * b).sum(axis=0))
    with np.errstate(invalid="ignore"):
        return np.asarray((a * b).sum(axis=0) / np.where(scale > 0, scale, np.nan))


def _rank(values: Array) -> Array:
    """Ranks along the first axis; ties share their mean rank."""
    return pd.DataFrame(values.reshape(len(values), -1)).rank().to_numpy().reshape(values.shape)


def _prepare(
    panel: Panel,
) -> tuple[dict[str, Statement], dict[str, pd.DatetimeIndex], Composite, dict[str, Gap | None]]:
    """Each claim's statement, dates and gap, and the point readings on all the dates."""
    statements = {str(id): Statement.from_claim(row) for id, row in panel.dataset.claims.iterrows()}
    dates = {id: list_dates(panel, statement) for id, statement in statements.items()}
    composite = panel.composite(pd.DatetimeIndex(sorted({day for days in dates.values() for day in days})))
    gaps = {id: find_gap(panel, statement, composite, dates[id]) for id, statement in statements.items()}
    return statements, dates, composite, gaps


def _restrict(panel: Panel, subjects: set[str]) -> Panel:
    """The panel with only the assessments that some subjects rest on; their draws do not hang on the others."""
    if "index" in subjects:
        return panel
    codebook, rows = panel.dataset.indicators, panel.dataset.assessments
    wanted = codebook.index[codebook["dimension"].isin(subjects) | codebook.index.isin(subjects)]
    return replace(panel, dataset=replace(panel.dataset, assessments=rows[rows["indicator"].isin(wanted)]))


def _group_by_dates(dates: dict[str, pd.DatetimeIndex], ids: list[str]) -> list[list[str]]:
    """Claims on the same dates share their draws."""
    groups: dict[tuple[pd.Timestamp, ...], list[str]] = {}
    for id in ids:
        groups.setdefault(tuple(dates[id]), []).append(id)
    return list(groups.values())
