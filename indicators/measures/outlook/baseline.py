"""The baseline: questions and forecasts that follow by rule from the record of past changes."""

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from indicators.measures.outlook.questions import laplace, published, read_quarters
from indicators.measures.panel import Panel
from indicators.records.encoding import write_moment
from indicators.records.tables.outlook import FORECASTS, PROBABILITY, QUESTIONS, RULES

BASELINE = RULES[0]
FEWEST_CHANGES = 4
"""Past changes below which the rule says nothing."""

AHEAD = 2
"""Quarter-ends that follow an origin and are asked about."""


@dataclass(frozen=True)
class Expectation:
    """What the rule says of one threshold: probability, and the counts and the reading behind it."""

    probability: float
    held: int
    changes: int
    reading: float
    read_on: pd.Timestamp
    quarters: int


def make_baseline(panel: Panel, recorded: dt.datetime) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the questions and forecasts of the rule as rows of their tables, as text.

    Subjects are the index and the dimensions. Origins are the quarter-ends at which the subject was assessed, for
    what the record has answered since (back-casts), and the day of ``recorded``, for what is to come. At an origin two
    questions are asked: will the subject stand at or above its last reading, rounded to the nearest half (a quarter
    rounds up), at the next quarter-end, and at the one after? The probability is that of ``expect``.
    """
    panel = published(panel)
    quarters = read_quarters(panel)
    whole = _compositions(panel, quarters.index)
    questions, forecasts = [], []
    stamp = write_moment(recorded)
    for subject in ["index", *panel.dataset.dimensions.index]:
        readings = quarters[subject].dropna()
        for origin, resolves in _origins(readings, pd.Timestamp(recorded.date())):
            threshold = round_half(float(readings.loc[:origin].iloc[-1]))
            said = expect(readings.loc[:origin], whole[subject], resolves, threshold)
            if said is None:
                continue
            id = f"{subject.replace('_', '-')}-{resolves:%Y-%m-%d}-asked-{origin:%Y-%m-%d}"
            days = {"opened": origin, "closes": resolves - pd.Timedelta(days=1), "resolves": resolves}
            questions.append(
                dict.fromkeys(QUESTIONS.names, "")
                | {name: f"{day:%Y-%m-%d}" for name, day in days.items()}
                | _word_question(panel.dataset.title(subject), subject, threshold, origin, resolves)
                | {"question": id, "recorded": stamp}
            )
            forecasts.append(
                {
                    "question": id,
                    "coder": BASELINE,
                    "date": f"{origin:%Y-%m-%d}",
                    "probability": f"{said.probability:g}",
                    "rationale": _word_reason(said, threshold),
                    "recorded": stamp,
                }
            )
    return (
        pd.DataFrame(questions, columns=QUESTIONS.names, dtype="str").sort_values(list(QUESTIONS.order)),
        pd.DataFrame(forecasts, columns=FORECASTS.names, dtype="str").sort_values(list(FORECASTS.order)),
    )


def expect(readings: pd.Series, composition: pd.Series, resolves: pd.Timestamp, threshold: float) -> Expectation | None:
    """Return the probability that a subject stands at or above a threshold on a quarter-end to come.

    ``readings`` are those at assessed quarter-ends up to the origin. Each change in them over as many quarters as
    lie between the last one and ``resolves`` is added to the last reading: with k of n sums at or above the threshold
    the probability is (k + 1) / (n + 2), the mean of a Beta(k + 1, n - k + 1) distribution, rounded to hundredths and
    kept within 0.01 to 0.99. Changes between quarter-ends of different ``composition`` (indicators with a reading)
    are left out. Nothing where fewer than four changes are known.
    """
    last, reading = readings.index[-1], float(readings.iloc[-1])
    apart = _quarters_between(last, resolves)
    ends = [day + pd.offsets.QuarterEnd(apart) for day in readings.index]
    sums = [
        reading + float(readings[end]) - float(readings[start])
        for start, end in zip(readings.index, ends, strict=True)
        if end in readings.index and composition[start] == composition[end]
    ]
    if len(sums) < FEWEST_CHANGES:
        return None
    held = int(np.sum(np.array(sums) >= threshold - 1e-9))
    probability = min(max(math.floor(laplace(held, len(sums)) * 100 + 0.5) / 100, PROBABILITY.low), PROBABILITY.high)
    return Expectation(probability, held, len(sums), reading, last, apart)


def round_half(reading: float) -> float:
    """Return the nearest half; a quarter between two rounds up."""
    return math.floor(reading * 2 + 0.5 + 1e-9) / 2


def _origins(readings: pd.Series, today: pd.Timestamp) -> Iterator[tuple[pd.Timestamp, pd.Timestamp]]:
    """Pairs of an origin and a quarter-end that it is asked about."""
    for origin in readings.index:
        for ahead in range(1, AHEAD + 1):
            resolves = origin + pd.offsets.QuarterEnd(ahead)
            if resolves in readings.index:
                yield origin, resolves
    if len(readings):
        for ahead in range(1, AHEAD + 1):
            yield today, today + pd.offsets.QuarterEnd(ahead)


def _quarters_between(start: pd.Timestamp, end: pd.Timestamp) -> int:
    return int(end.to_period("Q").ordinal - start.to_period("Q").ordinal)


def _compositions(panel: Panel, days: pd.Index) -> dict[str, pd.Series]:
    """For each subject, which indicators have a reading on some days, as text."""
    present = panel.composite(pd.DatetimeIndex(days)).indicators.notna().astype(int).astype(str)
    members = {"index": list(panel.weights.indicators.index)}
    members |= {d: panel.weights.members(d) for d in panel.weights.dimensions.index}
    return {id: present[columns].agg("".join, axis=1) for id, columns in members.items()}


def _word_question(
    title: str, subject: str, threshold: float, origin: pd.Timestamp, resolves: pd.Timestamp
) -> dict[str, str]:
    name = "the index" if subject == "index" else f"the dimension {title}"
    day = f"{resolves.day} {resolves:%B %Y}"
    since = f"{origin.day} {origin:%B %Y}"
    return {
        "text": f"Will {name} stand at {threshold:g} or higher on {day}?",
        "subject": subject,
        "test": "above",
        "threshold": f"{threshold:g}",
        "criteria": (
            f"The reading on {day} by the method's rules, all coders and published weights, once enough is assessed "
            f"after {since}: yes at {threshold:g} or higher, else no. Void if that is not so a year after the day."
        ),
    }


def _word_reason(said: Expectation, threshold: float) -> str:
    span = "one quarter" if said.quarters == 1 else f"{said.quarters} quarters"
    return (
        f"Rule: {said.reading:.2f} on {said.read_on:%Y-%m-%d}. Of {said.changes} earlier changes over {span}, "
        f"{said.held} would put it at {threshold:g} or higher: ({said.held} + 1) / ({said.changes} + 2)."
    )
