"""Divergence: stretches in which a reading and an outside series part beyond what their past relation explains.

The rule. For a quarter and the one after it, the reading is expected from the series by a straight line, fitted by
least squares to the earlier quarters alone, at least 12 of them. The series enters as asinh((value − median) / median
absolute deviation) of the earlier quarters, so that one peak does not carry the line. The relation must be there: a
rank correlation of at least 0.3 in the earlier quarters. A quarter's *distance* is the reading less what is expected,
divided by the standard error of a forecast from that line; as the residuals of neighbouring quarters resemble each other
(autocorrelation r, corrected for its bias in short series), the n earlier quarters count as n (1 − r) / (1 + r), but no
fewer than 3. Where both quarters are at least 3 standard errors away on the same side, they are a divergence; it lasts as
long as the following quarters are, by the same line. A quarter without a value on either side ends it.

By quarter, since a review covers its quarter: between reviews the line is drawn evenly from one to the next, so its
months tell nothing that the reviews do not. How often the rule finds a divergence that is there, and one that is not,
stands in the method text and is held by a test on simulated series.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from indicators.measures.index import Array
from indicators.measures.outside.correlation import FEWEST
from indicators.measures.outside.quarterly import is_present, read_window
from indicators.measures.outside.validity import list_pairs
from indicators.measures.panel import Panel
from indicators.measures.quarters import read_settled
from indicators.measures.ranks import correlate_ranks

LONG = 2
"""Quarters on the same side that make a divergence."""

FAR = 3.0
"""Standard errors of a forecast beyond which a quarter counts."""

RELATED = 0.3
"""Rank correlation in the earlier quarters below which there is no relation to part from."""

COLUMNS = ["subject", "series", "start", "end", "quarters", "side", "distance", "earlier", "relation", "open"]


@dataclass(frozen=True)
class Scan:
    """What the rule says of one pair: the divergences, and from how many quarters one could have started.

    ``judged`` quarters have enough earlier ones with a relation, ``unrelated`` ones enough but without a relation.
    """

    stretches: list[dict[str, object]] = field(default_factory=list)
    judged: int = 0
    unrelated: int = 0


@dataclass(frozen=True)
class Fit:
    """The relation of reading and series in some quarters; ``expect`` gives distances of others from it."""

    middle: float
    spread: float
    mean: float
    slope: float
    centre: float
    sum_of_squares: float
    error: float
    effective: float
    quarters: int
    relation: float

    def distances(self, own: Array, other: Array) -> Array:
        """Return how far readings are from what the series predicts, in standard errors of a forecast."""
        away = np.arcsinh((other - self.middle) / self.spread) - self.centre
        leverage = (1 + self.quarters * away**2 / self.sum_of_squares) / self.effective
        return np.asarray((own - self.mean - self.slope * away) / (self.error * np.sqrt(1 + leverage)))


def find_divergences(panel: Panel) -> pd.DataFrame:
    """Return the divergences of all validation pairs, newest first.

    Columns: ``subject``, ``series``, ``start`` and ``end`` (quarter-ends), ``quarters``, ``side`` (above: the reading is
    higher than expected; below), ``distance`` (mean, in standard errors), ``earlier`` (quarters that the relation
    rests on), ``relation`` (their rank correlation), ``open`` (it lasts to the last quarter that both have).
    """
    rows = [
        {"subject": subject, "series": series, **stretch}
        for subject, series, scan in _scan_pairs(panel)
        for stretch in scan.stretches
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.sort_values(["end", "subject", "series"], ascending=[False, True, True], ignore_index=True)


def count_judged(panel: Panel) -> pd.DataFrame:
    """Return, for each validation pair that is present, from how many quarters a divergence could have started.

    Columns: ``subject``, ``series``, ``judged`` (quarters), ``unrelated`` (quarters whose earlier ones show no relation),
    ``divergences`` (their number).
    """
    rows = [(subject, series, s.judged, s.unrelated, len(s.stretches)) for subject, series, s in _scan_pairs(panel)]
    return pd.DataFrame(rows, columns=["subject", "series", "judged", "unrelated", "divergences"])


def attach_notes(divergences: pd.DataFrame, notes: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the notes on each divergence, oldest first: of its pair, dated within its quarters."""
    found = []
    for row in divergences.to_dict("records"):
        first = row["start"].to_period("Q").start_time
        own = notes[(notes["subject"] == row["subject"]) & (notes["series"] == row["series"])]
        own = own[own["date"].between(first, row["end"])] if len(own) else own
        found.append(own.sort_values("recorded", kind="stable"))
    return found


def scan_pair(own: pd.Series, other: pd.Series) -> Scan:
    """Return the divergences of two quarterly series, the second turned so that more of it means more tension."""
    quarters = own.index.union(other.index)
    y, x = own.reindex(quarters).to_numpy(float), other.reindex(quarters).to_numpy(float)
    known = ~(np.isnan(y) | np.isnan(x))
    stretches: list[dict[str, object]] = []
    judged = unrelated = 0
    t = 0
    while t + LONG <= len(quarters):
        earlier = known[:t]
        if earlier.sum() < FEWEST or not known[t : t + LONG].all():
            t += 1
            continue
        fit = fit_relation(y[:t][earlier], x[:t][earlier])
        if fit is None:
            unrelated += 1
            t += 1
            continue
        judged += 1
        distances = fit.distances(y[t:], x[t:])
        side = 1 if distances[0] > 0 else -1
        within = ~(side * distances >= FAR)  # a quarter without a value is not beyond
        length = int(np.argmax(within)) if within.any() else len(distances)
        if length < LONG:
            t += 1
            continue
        last = t + length - 1
        stretches.append(
            {
                "start": quarters[t],
                "end": quarters[last],
                "quarters": length,
                "side": "above" if side > 0 else "below",
                "distance": float(distances[:length].mean()),
                "earlier": fit.quarters,
                "relation": fit.relation,
                "open": not known[last + 1 :].any(),
            }
        )
        t = last + 1
    return Scan(stretches, judged, unrelated)


def fit_relation(own: Array, other: Array) -> Fit | None:
    """Return the relation of two series in some quarters, in order of time; nothing where there is none."""
    n = len(own)
    relation = float(correlate_ranks(own, other))
    if not relation >= RELATED:  # also where it is NaN
        return None
    middle = float(np.median(other))
    spread = float(np.median(np.abs(other - middle))) or float(other.std())
    entered = np.arcsinh((other - middle) / spread)
    centre, mean = float(entered.mean()), float(own.mean())
    away = entered - centre
    squares = float((away**2).sum())
    slope = float((away * own).sum()) / squares
    left = own - mean - slope * away
    error = float(np.sqrt((left**2).sum() / (n - 2)))
    if error < 1e-9:  # an exact relation has no error to measure distances in
        return None
    likeness = max(float((left[1:] * left[:-1]).sum() / (left**2).sum()), 0.0)
    likeness = min(likeness + (1 + 4 * likeness) / n, 0.97)
    effective = max(n * (1 - likeness) / (1 + likeness), 3.0)
    return Fit(middle, spread, mean, slope, centre, squares, error, effective, n, relation)


def _scan_pairs(panel: Panel) -> list[tuple[str, str, Scan]]:
    readings, dataset = read_settled(panel), panel.dataset
    found = []
    for pair in list_pairs(dataset):
        subject, series = pair["subject"], pair["series"]
        if is_present(dataset, series):
            other = pair["direction"] * read_window(dataset, series, subject, pair["nature"])
            found.append((subject, series, scan_pair(readings[subject], other)))
    return found
