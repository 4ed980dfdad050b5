"""Questions answered by the readings, and what a forecaster without foresight would have said of them."""

import datetime as dt

import numpy as np
import pandas as pd

from indicators.measures.panel import Panel
from indicators.measures.readings import select_recorded
from indicators.records.dataset import Dataset
from indicators.records.tables.outlook import PROBABILITY

AWAITS = "awaits assessments"
_TOLERANCE = 1e-9


def select_questions(dataset: Dataset, as_of: dt.date | None = None) -> pd.DataFrame:
    """Return the questions on record under a vintage, by id: each one's last row, and ``asked``, when it was first recorded."""
    rows = _known(dataset.questions, as_of)
    asked = rows.groupby("question")["recorded"].min()
    last = rows[~rows.duplicated("question", keep="last")].set_index("question")
    return last.assign(asked=asked).sort_values(["resolves", "opened"], kind="stable")


def select_forecasts(dataset: Dataset, as_of: dt.date | None = None) -> pd.DataFrame:
    """Return the forecasts in force under a vintage, ordered by question, coder and date; withdrawn ones are left out."""
    rows = _known(dataset.forecasts, as_of)
    rows = rows[~rows.duplicated(["question", "coder", "date"], keep="last")]
    return rows[rows["probability"].notna()].sort_values(
        ["question", "coder", "date"], kind="stable", ignore_index=True
    )


def published(panel: Panel) -> Panel:
    """Return the panel by which questions are answered: all coders, published weights, arithmetic mean, same vintage."""
    return Panel(panel.dataset, panel.as_of)


def read_quarters(panel: Panel) -> pd.DataFrame:
    """Return the readings at quarter-ends, a column for each id; blank where too little was assessed in that quarter."""
    days = panel.dates("quarter")
    held = panel.holdings(days)
    if held.empty:
        return panel.combine(held, days).table
    renewed = held[held["assessed"] >= held["date"].dt.to_period("Q").dt.start_time]
    return panel.combine(held, days).table.where(panel.combine(renewed, days).table.notna())


def answer_questions(panel: Panel) -> pd.DataFrame:
    """Return the questions with their answers as far as the record gives them, by id.

    Beside the columns of ``select_questions``: ``answer`` (yes, no, void, or blank), ``outcome`` (1 for yes, 0 for no,
    else NaN), ``start`` and ``end`` (readings of the subject on the days opened and resolves; the second blank until
    enough is assessed after the opening), ``why`` there is no answer yet. A question on a reading is answered by the
    published index rules (all coders, published weights) under the panel's vintage, once the assessments made since it
    opened meet the coverage rules of its subject by themselves: a score merely carried answers nothing.
    """
    panel = published(panel)
    questions = select_questions(panel.dataset, panel.as_of)
    measured = questions["subject"] != ""
    questions["answer"] = questions["resolution"].where(~measured | (questions["resolution"] == "void"), "")
    questions["start"], questions["end"] = _read_days(panel, questions[measured])
    for id, row in questions[measured & (questions["resolution"] != "void")].iterrows():
        holds = judge_reading(row["test"], row["threshold"], row["end"], row["start"])
        if holds is not None:
            questions.loc[id, "answer"] = "yes" if holds else "no"
    questions["outcome"] = questions["answer"].map({"yes": 1.0, "no": 0.0}).astype(float)
    waits = np.where(measured, AWAITS, "not answered yet")
    questions["why"] = np.where(questions["answer"] == "", waits, "")
    return questions


def judge_reading(test: str, threshold: float, reading: float, start: float) -> bool | None:
    """Return whether a reading meets a question's test, given the one on the day it opened; nothing where one is missing."""
    if np.isnan(reading) or (test in ("rises", "falls") and np.isnan(start)):
        return None
    if test == "above":
        return bool(reading >= threshold - _TOLERANCE)
    if test == "below":
        return bool(reading < threshold - _TOLERANCE)
    change = reading - start if test == "rises" else start - reading
    # As in claims, a threshold of 0 means more than nothing.
    return bool(change > _TOLERANCE if threshold == 0 else change >= threshold - _TOLERANCE)


def measure_references(panel: Panel, questions: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    """Return what the two references say on some days: columns ``base_rate`` and ``no_change``, rows as ``asked``.

    ``asked`` has ``question`` and ``date``; ``questions`` are those of ``answer_questions``. *Base rate*, for a question
    on a reading: (yes + 1) / (n + 2) over the quarter-ends up to that day at which the subject was assessed; for a test
    of change over the changes between such quarter-ends as far apart as the question's days. For a question on an
    event: over the event questions answered by then. *No change*: what holds on that day holds on the day of the
    answer, at 0.99, or 0.01 where it would be no; an event that has not happened will not; 0.5 where there is no
    reading on that day. Nothing dated later than the day is used; the vintage is the panel's.
    """
    panel = published(panel)
    quarters = read_quarters(panel)
    days = pd.DatetimeIndex(asked["date"].unique()).sort_values()
    held = panel.composite(days).table
    rows = []
    for id, day in zip(asked["question"], asked["date"], strict=True):
        question = questions.loc[id]
        if question["subject"] == "":
            rows.append((_event_rate(questions, day), PROBABILITY.low))
            continue
        past = quarters.loc[:day, question["subject"]]
        rate = _reading_rate(question, past)
        reading = held.loc[day, [question["subject"]]].iloc[0]
        now = judge_reading(question["test"], question["threshold"], reading, question["start"])
        rows.append((rate, 0.5 if now is None else PROBABILITY.high if now else PROBABILITY.low))
    return pd.DataFrame(rows, columns=["base_rate", "no_change"], index=asked.index, dtype=float)


def laplace(yes: int, count: int) -> float:
    """Return the rule of succession: the share of yes with one imagined yes and one imagined no added."""
    return (yes + 1) / (count + 2)


def _reading_rate(question: pd.Series, past: pd.Series) -> float:
    test, threshold = question["test"], question["threshold"]
    if test in ("rises", "falls"):
        apart = max(_quarter(question["resolves"]) - _quarter(question["opened"]), 1)
        pairs = [(float(a), float(b)) for a, b in zip(past, past.shift(-apart), strict=True)]
    else:
        pairs = [(np.nan, float(value)) for value in past]
    held = [holds for start, end in pairs if (holds := judge_reading(test, threshold, end, start)) is not None]
    return laplace(sum(held), len(held))


def _event_rate(questions: pd.DataFrame, day: pd.Timestamp) -> float:
    known = questions[(questions["subject"] == "") & (questions["resolved"] <= day) & questions["outcome"].notna()]
    return laplace(int(known["outcome"].sum()), len(known))


def _quarter(day: pd.Timestamp) -> int:
    """The number of the last quarter that has ended on a day."""
    period = day.to_period("Q")
    return int(period.ordinal) - (day.normalize() < period.end_time.normalize())


def _read_days(panel: Panel, questions: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """The readings of the questions' subjects on the days opened and resolves, the second where it is assessed anew."""
    if questions.empty or panel.effective.empty:
        blank = pd.Series(np.nan, questions.index, dtype=float)
        return blank, blank
    spans = questions[["opened", "resolves"]].drop_duplicates(ignore_index=True)
    days = pd.DatetimeIndex(np.unique(spans.to_numpy()))
    held = panel.holdings(days)
    readings = panel.combine(held, days).table
    spans["span"] = spans.index
    renewed = spans.merge(held, left_on="resolves", right_on="date")
    renewed = renewed[renewed["assessed"] > renewed["opened"]]
    covered = panel.combine(renewed.assign(date=renewed["span"]), spans.index).table.notna()
    number = questions.reset_index().merge(spans, "left", ["opened", "resolves"])["span"]
    starts, ends = {}, {}
    for (id, row), span in zip(questions.iterrows(), number, strict=True):
        starts[id] = readings.at[row["opened"], row["subject"]]
        ends[id] = readings.at[row["resolves"], row["subject"]] if covered.at[span, row["subject"]] else np.nan
    return pd.Series(starts, dtype=float), pd.Series(ends, dtype=float)


def _known(rows: pd.DataFrame, as_of: dt.date | None) -> pd.DataFrame:
    return select_recorded(rows, as_of).sort_values(["question", "recorded"], kind="stable")
