"""Claims of the narrative: what their tests mean, and how far the readings bear them out.

A test compares settled quarters: those that the sentence names and, where it concerns a change, those before. No
verdict depends on one day, or on how often a quarter was scored.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from indicators.measures.index import Array
from indicators.measures.panel import Panel, once_per_panel
from indicators.measures.quarters import SETTLED_COVERAGE, members_of, read_settled, share_reviewed
from indicators.measures.ranks import correlate_ranks
from indicators.measures.uncertainty.draws import draw_panel
from indicators.records.dataset import split_ids
from indicators.records.problems import Problem
from indicators.records.tables.core import BEFORE_CLAIMS, RECORD_CLAIMS, UNTESTED

SUPPORTED = 0.80
CONTRADICTED = 0.20
"""Shares of the draws from which, and up to which, a claim counts as supported and as contradicted."""

NEAR = 0.25
"""Points from the threshold within which a verdict is *on the line*; for a correlation a tenth."""

MARGIN = 0.5
"""Points by which the threshold is moved to see whether the verdict stands; for a correlation two tenths."""

FEWEST_QUARTERS = 6
"""Quarters below which a rank correlation says nothing."""

TOLERANCE = 1e-9
"""Weighted means carry rounding errors; a reading this close to a threshold stands on it."""

CANNOT, PARTLY, NO_TEST = "cannot be judged", "only partly testable", "not testable"
VERDICTS = ("supported", "contradicted", "mixed", "on the line", PARTLY, NO_TEST, CANNOT)

GOOD_EVIDENCE = 0.5
"""Share of the cited events with a source graded A or B, and a credibility of 1 or 2, that counts as good."""


@dataclass(frozen=True)
class Statement:
    """What a sentence says about the readings, in the vocabulary of the claims (see ``measure_statement``).

    ``quarters`` are the ends of those that it covers, ``before`` of those that they are compared with.
    """

    test: str
    subjects: tuple[str, ...]
    quarters: pd.DatetimeIndex
    before: pd.DatetimeIndex
    threshold: float = 0.0

    @classmethod
    def from_claim(cls, claim: Mapping[Any, Any]) -> "Statement":
        """Return the statement of a row of the claims table."""
        threshold = claim["threshold"]
        return cls(
            str(claim["test"]),
            tuple(split_ids(str(claim["subject"]))),
            list_quarters(claim["start"], claim["end"]),
            list_quarters(claim["before_start"], claim["before_end"]),
            0.0 if pd.isna(threshold) else float(threshold),
        )

    @property
    def key(self) -> str:
        """What tells this statement from others."""
        days = [[f"{day:%Y-%m-%d}" for day in dates] for dates in (self.quarters, self.before)]
        return f"{self.test}|{self.subjects}|{days}|{self.threshold}"

    @property
    def dates(self) -> pd.DatetimeIndex:
        """All quarter-ends that the test needs, in order."""
        return self.before.union(self.quarters)

    @property
    def compares(self) -> bool:
        """Whether it is about a change over time, in which doubt that persists cancels."""
        return self.test in BEFORE_CLAIMS or self.test in ("varies", "moves_together")

    def shift(self, quarters: int) -> "Statement":
        """Return the statement on quarters that lie some later, or earlier, those before with them."""
        step = pd.offsets.QuarterEnd(quarters)
        return replace(
            self, quarters=pd.DatetimeIndex(self.quarters + step), before=pd.DatetimeIndex(self.before + step)
        )

    def lift(self, points: float) -> "Statement":
        """Return the statement with a threshold that is harder to meet by some points, or easier."""
        sign = -1 if self.test in ("averages_below", "stays_below", "remains") else 1
        return replace(self, threshold=self.threshold + sign * points)

    @property
    def unit(self) -> float:
        """Points of the scale for a step of the threshold; less for a correlation."""
        return 0.4 if self.test == "moves_together" else 1.0


def list_quarters(start: Any, end: Any) -> pd.DatetimeIndex:
    """Return the ends of the quarters that lie between two days; none where a day is missing."""
    if pd.isna(start) or pd.isna(end):
        return pd.DatetimeIndex([])
    return pd.date_range(pd.Timestamp(start), pd.Timestamp(end), freq="QE")


@dataclass(frozen=True)
class Gap:
    """Why a statement cannot be judged: the quarter that lacks a reading, and the reason."""

    date: pd.Timestamp | None
    why: str


@dataclass(frozen=True, eq=False)
class Readings:
    """Settled readings, and draws of them under doubt that persists and under doubt of each quarter's own."""

    points: pd.DataFrame
    persistent: dict[str, Array]
    by_quarter: dict[str, Array]

    def places(self, dates: pd.DatetimeIndex) -> NDArray[np.intp]:
        """Return the rows of some quarter-ends."""
        return np.asarray(self.points.index.get_indexer(dates))


def read_for_claims(panel: Panel, subjects: set[str], count: int = 4_000, seed: int = 0) -> Readings:
    """Return what claims about some subjects are judged by."""
    points = read_settled(panel)
    dates = pd.DatetimeIndex(points.index)
    drawn = [draw_panel(panel, dates, count, seed, by_quarter=own) for own in (False, True)]
    known = [id for id in points.columns if id in subjects]
    return Readings(points, *({id: draws.of(id) for id in known} for draws in drawn))


def count_verdicts(verdicts: pd.DataFrame) -> dict[str, int]:
    """Return how many claims have each verdict, in the order of ``VERDICTS``; no verdict that none has."""
    counts = verdicts["verdict"].value_counts()
    return {kind: int(counts[kind]) for kind in VERDICTS if kind in counts}


@once_per_panel
def judge_claims(panel: Panel, count: int = 4_000, seed: int = 0) -> pd.DataFrame:
    """Return each claim of the narrative with its verdict, in the order of the file.

    Columns: those of the claims table; ``verdict``; ``tested`` (the verdict on the part that is tested);
    ``probability`` (share of the draws in which the test holds; where the test compares quarters the one nearer to an
    even chance of doubt that persists and of doubt of each quarter's own); ``why`` (reason of a claim that cannot be
    judged, else empty); ``value`` (the tested quantity on the point readings; see ``measure_statement``); ``holds`` (the
    test on them); ``lower``, ``higher``, ``earlier``, ``later`` (the verdict with the threshold easier or harder to meet
    by half a point, or for quarters one earlier or later; empty where it cannot be told); ``elsewhere`` and ``windows``
    (in how many stretches of as many settled quarters the test holds, and how many there are; NA for a test that
    compares); ``evidence`` (share, 0 to 1, of the events cited for its quarters that are well sourced); ``confidence``
    (high, moderate or low: how far the verdict can be relied on).

    The tested part is *supported* where the probability is at least 0.80, *contradicted* where it is at most 0.20,
    *mixed* between the two, and *on the line* where the quantity lies within 0.25 points of the threshold. A claim
    that says more than its test is *only partly testable*, one without a test *not testable*. It *cannot be judged*
    where a quarter that the test needs is not settled. A claim's result depends on no other claim.
    """
    claims = panel.dataset.claims
    statements = {str(id): Statement.from_claim(row) for id, row in claims.to_dict("index").items()}
    subjects = {subject for statement in statements.values() for subject in statement.subjects}
    readings = read_for_claims(panel, subjects, count, seed)
    rows = []
    for id, statement in statements.items():
        untested = str(claims.at[id, "untested"])
        rows.append({"claim": id, **_judge(panel, readings, statement, untested)})
    columns = ["claim", "verdict", "tested", "probability", "why", "value", "holds", *VARIANTS, *MORE]
    table = pd.DataFrame(rows, columns=columns)
    own = [name for name in claims.columns if name not in ("file", "line")]
    table = claims[own].reset_index().merge(table, on="claim", how="left", validate="one_to_one")
    types: dict[Any, Any] = {"probability": float, "value": float, "evidence": float, "holds": "boolean"}
    return table.astype(types | {"elsewhere": "Int64", "windows": "Int64"})


VARIANTS = ("lower", "higher", "earlier", "later")
MORE = ("elsewhere", "windows", "evidence", "confidence")


def _judge(panel: Panel, readings: Readings, statement: Statement, untested: str) -> dict[str, object]:
    """The result of one claim, by column."""
    nothing = dict.fromkeys(VARIANTS, "") | {"tested": "", "probability": np.nan, "value": np.nan, "holds": pd.NA}
    nothing |= {"elsewhere": pd.NA, "windows": pd.NA, "evidence": np.nan, "confidence": ""}
    if statement.test == UNTESTED:
        return nothing | {"verdict": NO_TEST, "why": untested}
    if gap := find_gap(panel, readings.points, statement):
        return nothing | {"verdict": CANNOT, "why": gap.why}
    tested, probability, value = judge_statement(readings, statement)
    if np.isnan(value):
        why = "one of the two does not vary, so there is no correlation"
        return nothing | {"verdict": CANNOT, "why": why}
    unit = statement.unit
    variants = {
        "lower": statement.lift(-MARGIN * unit),
        "higher": statement.lift(MARGIN * unit),
        "earlier": statement.shift(-1),
        "later": statement.shift(1),
    }
    moved = {
        name: ""
        if find_gap(panel, readings.points, variant)
        # A threshold half a point away is not "on the line" for that; what matters is on which side it falls.
        or (name in ("lower", "higher") and statement.test in RECORD_CLAIMS)
        else decide_verdict(judge_statement(readings, variant)[1])
        for name, variant in variants.items()
    }
    elsewhere, windows = (pd.NA, pd.NA) if statement.compares else count_windows(readings.points, statement)
    evidence = grade_evidence(panel, statement)
    side = decide_verdict(probability)
    stable = sum(verdict == side for verdict in moved.values() if verdict)
    known = sum(bool(verdict) for verdict in moved.values())
    return {
        "verdict": PARTLY if untested else tested,
        "tested": tested,
        "probability": probability,
        "why": "",
        "value": value,
        "holds": bool(holds(statement, value)),
        **moved,
        "elsewhere": elsewhere,
        "windows": windows,
        "evidence": evidence,
        "confidence": rate_confidence(bool(untested), evidence, stable, known),
    }


def judge_statement(readings: Readings, statement: Statement) -> tuple[str, float, float]:
    """Return the verdict on a statement, the share of draws in which it holds, and the quantity on the points."""
    points = _arrange(statement, {id: readings.points[id].to_numpy(float) for id in statement.subjects}, readings)
    value = float(measure_statement(statement, *points))
    sources = (readings.persistent, readings.by_quarter) if statement.compares else (readings.persistent,)
    shares = [
        float(np.mean(holds(statement, measure_statement(statement, *_arrange(statement, drawn, readings)))))
        for drawn in sources
    ]
    probability = less_certain(*shares)
    if abs(value - _line(statement)) <= NEAR * statement.unit + TOLERANCE:
        return "on the line", probability, value
    return decide_verdict(probability), probability, value


def less_certain(*shares: float) -> float:
    """Return the share that is nearest to an even chance."""
    return min(shares, key=lambda share: abs(share - 0.5))


def decide_verdict(probability: float) -> str:
    """Return the verdict on a test that holds in this share of the draws; NaN cannot be judged."""
    if np.isnan(probability):
        return CANNOT
    if probability >= SUPPORTED:
        return "supported"
    return "contradicted" if probability <= CONTRADICTED else "mixed"


def rate_confidence(partly: bool, evidence: float, stable: int, variants: int) -> str:
    """Return how far a verdict can be relied on: high, moderate or low.

    One point is lost where the test covers the sentence only in part, one where less than half of the evidence is well
    sourced, one where the verdict turns with the threshold or the quarters in one of the variants, and another where it
    does in two or more: none lost is high, one moderate, more low.
    """
    turned = variants - stable
    lost = partly + (not evidence >= GOOD_EVIDENCE) + min(turned, 2)
    return ("high", "moderate")[lost] if lost < 2 else "low"


def measure_statement(statement: Statement, quarters: list[Array], before: list[Array]) -> Array:
    """Return the quantity that a statement's test is about, for readings shaped (quarter, …): one number for each draw.

    ``quarters`` and ``before`` hold one array for each subject.

    - ``rises``, ``remains``: mean over the quarters less that over those before; ``falls``: the reverse
    - ``both_rise``: the smaller of the two subjects' rises
    - ``averages_above``, ``averages_below``: the mean over the quarters
    - ``stays_above``, ``stays_below``: their lowest, or their highest, reading
    - ``highest_since``, ``lowest_since``: mean over the quarters less the highest of those before, or the lowest of
      those before less the mean
    - ``varies``: the highest less the lowest of the quarters
    - ``larger_than``: mean over the quarters of the first subject's reading less the second's
    - ``moves_together``: Spearman's rank correlation over the quarters; NaN where one of the two stands still
    """
    first = quarters[0]
    mean = first.mean(axis=0)
    match statement.test:
        case "rises" | "remains":
            return np.asarray(mean - before[0].mean(axis=0))
        case "falls":
            return np.asarray(before[0].mean(axis=0) - mean)
        case "both_rise":
            rises = [own.mean(axis=0) - earlier.mean(axis=0) for own, earlier in zip(quarters, before, strict=True)]
            return np.asarray(np.minimum(*rises))
        case "averages_above" | "averages_below":
            return np.asarray(mean)
        case "stays_above":
            return np.asarray(first.min(axis=0))
        case "stays_below":
            return np.asarray(first.max(axis=0))
        case "highest_since":
            return np.asarray(mean - before[0].max(axis=0))
        case "lowest_since":
            return np.asarray(before[0].min(axis=0) - mean)
        case "varies":
            return np.asarray(first.max(axis=0) - first.min(axis=0))
        case "larger_than":
            return np.asarray((first - quarters[1]).mean(axis=0))
        case "moves_together":
            return correlate_ranks(first, quarters[1])
    raise ValueError(f"unknown test {statement.test!r}")


def holds(statement: Statement, quantity: Array | float) -> NDArray[np.bool_]:
    """Return whether a statement's test holds for the quantity that ``measure_statement`` gives.

    The quantity must reach the threshold (``averages_below``, ``stays_below``: must not pass it; ``remains``: must not
    lie further below than it). To rise, fall, vary, be larger or move together by a threshold of 0 means by more than
    nothing. NaN does not hold.
    """
    quantity, line = np.asarray(quantity), _line(statement)
    if statement.test in ("averages_below", "stays_below"):
        return np.asarray(quantity <= line + TOLERANCE)
    strict = statement.test in ("rises", "falls", "both_rise", "varies", "larger_than", "moves_together")
    if strict and line == 0:
        return np.asarray(quantity > TOLERANCE)
    return np.asarray(quantity >= line - TOLERANCE)


def _line(statement: Statement) -> float:
    """The value of the quantity at which the test turns."""
    return -statement.threshold if statement.test == "remains" else statement.threshold


def find_gap(panel: Panel, points: pd.DataFrame, statement: Statement) -> Gap | None:
    """Return the first quarter of a statement that is not settled, with the reason, or nothing where all are."""
    wanted = FEWEST_QUARTERS if statement.test == "moves_together" else 1
    for dates, needed in ((statement.quarters, wanted), (statement.before, int(statement.test in BEFORE_CLAIMS))):
        if len(dates) < needed:
            last = pd.Timestamp(dates[-1]) if len(dates) else None
            return Gap(last, f"{len(dates)} quarters end between its days; the test needs {needed}")
    places = points.index.get_indexer(statement.dates)
    subjects = set(statement.subjects)
    if (
        subjects <= set(points.columns)
        and (places >= 0).all()
        and not any(np.isnan(points[id].to_numpy(float)[places]).any() for id in subjects)
    ):
        return None
    known = points.reindex(index=statement.dates, columns=list(statement.subjects)).isna()
    date = pd.Timestamp(known.index[int(known.any(axis=1).to_numpy().argmax())])
    id = next(id for id in statement.subjects if known.at[date, id])
    quarter = f"the {date.quarter}{['st', 'nd', 'rd', 'th'][date.quarter - 1]} quarter of {date.year}"
    if date not in points.index:
        return Gap(date, f"the data do not reach {quarter}")
    share = float(share_reviewed(panel)[id][date])
    needs = f"{SETTLED_COVERAGE:.0%} of its weight must be reviewed, {share:.0%} is"
    return Gap(date, f"{panel.dataset.title(id)} is not settled in {quarter}: {needs}")


def count_windows(points: pd.DataFrame, statement: Statement) -> tuple[int, int]:
    """Return in how many stretches of as many settled quarters a test on levels holds, and their number."""
    table = points[list(statement.subjects)]
    length = len(statement.quarters)
    stretches = [table.iloc[at : at + length] for at in range(len(table) - length + 1)]
    stretches = [stretch for stretch in stretches if stretch.notna().to_numpy().all()]
    held = [
        holds(statement, measure_statement(statement, [stretch[id].to_numpy(float) for id in statement.subjects], []))
        for stretch in stretches
    ]
    return int(np.sum(held)), len(stretches)


def grade_evidence(panel: Panel, statement: Statement) -> float:
    """Return the share of the events cited for a statement's quarters that are well sourced; NaN where none is."""
    members = {member for id in statement.subjects for member in members_of(panel, id)}
    rows = panel.effective
    rows = rows[rows["indicator"].isin(members) & rows["date"].isin(statement.quarters)]
    cited = {id for cell in rows["events"] for id in split_ids(cell)} if "events" in rows else set()
    events = panel.dataset.events
    events = events[events.index.isin(cited)]
    if events.empty:
        return float("nan")
    return float((events["reliability"].isin(["A", "B"]) & events["credibility"].astype(str).isin(["1", "2"])).mean())


def check_claims(panel: Panel) -> list[Problem]:
    """Return a problem, coded claim-dates, for each claim that covers a quarter that is not settled."""
    claims = panel.dataset.claims
    points = read_settled(panel)
    problems = []
    for row in claims.to_dict("records"):
        statement = Statement.from_claim(row)
        gap = None if statement.test == UNTESTED else find_gap(panel, points, statement)
        if gap is not None:
            early = gap.date is not None and gap.date in statement.before
            column = "before_end" if early else "end"
            value = "" if pd.isna(row[column]) else pd.Timestamp(row[column]).strftime("%Y-%m-%d")
            why = f"cannot be judged: {gap.why}"
            problems.append(Problem(str(row["file"]), int(row["line"]), column, value, "claim-dates", why))
    return sorted(problems)


def draw_quantity(panel: Panel, claim: Mapping[Any, Any], count: int = 4_000, seed: int = 0) -> Array:
    """Return the quantity that a claim's test measures in each draw, under doubt that persists; NaN where undefined."""
    statement = Statement.from_claim(claim)
    readings = read_for_claims(panel, set(statement.subjects), count, seed)
    return measure_statement(statement, *_arrange(statement, readings.persistent, readings))


def _arrange(statement: Statement, values: Mapping[str, Array], readings: Readings) -> tuple[list[Array], list[Array]]:
    """The readings of each subject in the statement's quarters, and in those before."""
    quarters, before = readings.places(statement.quarters), readings.places(statement.before)
    return [values[id][quarters] for id in statement.subjects], [values[id][before] for id in statement.subjects]
