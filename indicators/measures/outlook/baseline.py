"""The baseline: questions and forecasts that follow by rule from the settled quarters."""

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from indicators.measures.outlook.questions import TOLERANCE, laplace, published, select_questions
from indicators.measures.panel import Panel
from indicators.measures.quarters import read_settled
from indicators.records.encoding import write_moment
from indicators.records.tables.outlook import FORECASTS, PROBABILITY, QUESTIONS, RULES

BASELINE = RULES[-1]
FEWEST_CHANGES = 4
"""Past changes below which the rule says nothing."""

AHEAD = 2
"""Quarter-ends that follow an origin and are asked about."""


@dataclass(frozen=True)
class Expectation:
    """What the rule says of one threshold: probability, and the counts and the reading behind it.

    Of ``sums`` of the reading and a past change in either sign ``held`` are at or above the threshold; of ``known``
    settled quarters ``above`` were.
    """

    probability: float
    held: int
    sums: int
    above: int
    known: int
    reading: float
    read_on: pd.Timestamp
    quarters: int


def make_baseline(panel: Panel, recorded: dt.datetime) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the questions and forecasts of the rule as rows of their tables, as text.

    Subjects are the index and the dimensions. Origins are the settled quarters, for what the record has answered since
    (hindcasts), and the day of ``recorded``, for what is to come. At an origin two questions are asked: will the
    subject stand at or above its last reading, rounded to the nearest half (a quarter rounds up), at the next
    quarter-end, and at the one after? A question that is on record is asked with the threshold that stands there, and
    no row is made for it; so is one that takes forecasts on the day of ``recorded`` and asks the same. The probability
    is that of ``expect``.
    """
    panel = published(panel)
    quarters = read_settled(panel)
    whole = _compositions(panel, quarters.index)
    asked = select_questions(panel.dataset, panel.as_of)
    # Rows made a second time are the same, though the first ones are on record by then.
    asked = asked[asked["asked"] < pd.Timestamp(recorded.astimezone(dt.UTC).replace(tzinfo=None))]
    questions, forecasts = [], []
    stamp = write_moment(recorded)
    today = pd.Timestamp(recorded.astimezone(dt.UTC).date())
    for subject in ["index", *panel.dataset.dimensions.index]:
        readings = quarters[subject].dropna()
        for origin, resolves in _origins(readings, today):
            threshold = round_half(float(readings.loc[:origin].iloc[-1]))
            id = f"{subject.replace('_', '-')}-{resolves:%Y-%m-%d}-asked-{origin:%Y-%m-%d}"
            if id in asked.index:
                threshold = float(asked["threshold"][id])
            elif origin == today and (open := _find_open(asked, subject, resolves, threshold, today)):
                id = open
            said = expect(readings.loc[:origin], whole[subject], resolves, threshold)
            if said is None:
                continue
            if id not in asked.index:
                days = {"opened": origin, "closes": resolves - pd.Timedelta(days=1), "resolves": resolves}
                questions.append(
                    dict.fromkeys(QUESTIONS.names, "")
                    | {name: f"{day:%Y-%m-%d}" for name, day in days.items()}
                    | _word_question(panel.dataset.title(subject), subject, threshold, resolves)
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

    ``readings`` are those of the settled quarters up to the origin. One half of the probability: each change in them
    over as many quarters as lie between the last one and ``resolves`` is added to the last reading and taken from it;
    with k of n sums at or above the threshold that gives (k + 1) / (n + 2), the mean of a Beta(k + 1, n - k + 1)
    distribution. Changes between quarters of different ``composition`` (indicators with a reading) are left out. The
    other half is the base rate, the same of the readings themselves. The mean of both is rounded to hundredths and kept
    within 0.01 to 0.99. Nothing where fewer than four changes are known.
    """
    last, reading = readings.index[-1], float(readings.iloc[-1])
    apart = _quarters_between(last, resolves)
    ends = [day + pd.offsets.QuarterEnd(apart) for day in readings.index]
    changes = [
        float(readings[end]) - float(readings[start])
        for start, end in zip(readings.index, ends, strict=True)
        if end in readings.index and composition[start] == composition[end]
    ]
    if len(changes) < FEWEST_CHANGES:
        return None
    sums = reading + np.array([sign * change for change in changes for sign in (1, -1)])
    held, above = (int(np.sum(values >= threshold - TOLERANCE)) for values in (sums, readings.to_numpy(float)))
    mean = (laplace(held, len(sums)) + laplace(above, len(readings))) / 2
    probability = min(max(math.floor(mean * 100 + 0.5 + TOLERANCE) / 100, PROBABILITY.low), PROBABILITY.high)
    return Expectation(probability, held, len(sums), above, len(readings), reading, last, apart)


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


def _find_open(asked: pd.DataFrame, subject: str, resolves: pd.Timestamp, threshold: float, today: pd.Timestamp) -> str:
    """The id of a question on record that asks the same and takes forecasts today; blank without one."""
    same = (asked["subject"] == subject) & (asked["test"] == "above") & (asked["threshold"] == threshold)
    same &= (asked["resolves"] == resolves) & (asked["opened"] <= today) & (today <= asked["closes"])
    return str(asked.index[same][0]) if (same & (asked["resolution"] == "")).any() else ""


def _quarters_between(start: pd.Timestamp, end: pd.Timestamp) -> int:
    return int(end.to_period("Q").ordinal - start.to_period("Q").ordinal)


def _compositions(panel: Panel, days: pd.Index) -> dict[str, pd.Series]:
    """For each subject, which indicators have a reading on some days, as text."""
    present = panel.composite(pd.DatetimeIndex(days)).indicators.notna().astype(int).astype(str)
    members = {"index": list(panel.weights.indicators.index)}
    members |= {d: panel.weights.members(d) for d in panel.weights.dimensions.index}
    return {id: present[columns].agg("".join, axis=1) for id, columns in members.items()}


def _word_question(title: str, subject: str, threshold: float, resolves: pd.Timestamp) -> dict[str, str]:
    name = "the index" if subject == "index" else f"the dimension {title}"
    day = f"{resolves.day} {resolves:%B %Y}"
    return {
        "text": f"Will {name} stand at {threshold:g} or higher on {day}?",
        "subject": subject,
        "test": "above",
        "threshold": f"{threshold:g}",
        "criteria": (
            f"The reading on {day} by the method's rules, all coders and published weights, once its quarter is "
            f"settled: yes at {threshold:g} or higher, else no. Void if that is not so a year after the day."
        ),
    }


def _word_reason(said: Expectation, threshold: float) -> str:
    span = "one quarter" if said.quarters == 1 else f"{said.quarters} quarters"
    return (
        f"Rule: {said.reading:.2f} on {said.read_on:%Y-%m-%d}. Of {said.sums // 2} earlier changes over {span}, each in "
        f"both signs, {said.held} of {said.sums} would put it at {threshold:g} or higher: ({said.held} + 1) / "
        f"({said.sums} + 2). Of {said.known} settled quarters {said.above} were there: ({said.above} + 1) / "
        f"({said.known} + 2). The mean of both."
    )
