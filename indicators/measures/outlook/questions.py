"""Questions answered by the readings, and what a forecaster without foresight would have said of them."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from indicators.measures.index import Array
from indicators.measures.panel import Panel, once_per_panel
from indicators.measures.quarters import read_settled
from indicators.measures.readings import count_ended, select_recorded
from indicators.records.dataset import Dataset
from indicators.records.tables.outlook import CHANGE_TESTS

AWAITS = "awaits the review of its quarter"
TOLERANCE = 1e-9
"""Points within which a reading counts as on the threshold."""

REFERENCES = ("base_rate", "no_change", "even")
"""Forecasts without foresight."""

EVEN = 0.5


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


@once_per_panel
def answer_questions(panel: Panel) -> pd.DataFrame:
    """Return the questions with their answers as far as the record gives them, by id.

    Beside the columns of ``select_questions``: ``answer`` (yes, no, void, or blank), ``outcome`` (1 for yes, 0 for no,
    else NaN), ``start`` (reading of the subject at the last settled quarter that had ended on the day opened) and ``end``
    (that on the day that the question covers, blank until its quarter is settled), ``why`` there is no answer yet. A
    question on a reading is answered by the published index rules (all coders, published weights) under the panel's
    vintage: a score merely carried answers nothing.
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
    if np.isnan(reading) or (test in CHANGE_TESTS and np.isnan(start)):
        return None
    if test == "above":
        return bool(reading >= threshold - TOLERANCE)
    if test == "below":
        return bool(reading < threshold - TOLERANCE)
    change = reading - start if test == "rises" else start - reading
    # As in claims, a threshold of 0 means more than nothing.
    return bool(change > TOLERANCE if threshold == 0 else change >= threshold - TOLERANCE)


def measure_references(panel: Panel, questions: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    """Return what a forecaster without foresight says on some days: columns of ``REFERENCES``, rows as ``asked``.

    ``asked`` has ``question`` and ``date``; ``questions`` are those of ``answer_questions``. For a question on a
    reading only settled quarters that had ended by the day of the forecast count. *Base rate*: (yes + 1) / (n + 2) over
    them; for a test of change over the changes between settled quarters as far apart as the question's days. *No
    change*: how often a reading stood, as many quarters on, on the side of the threshold on which it had stood,
    (stayed + 1) / (n + 2), for the side of the last one; for a test of change the threshold is the place that it leads
    to. For a question on an event both are the share of yes among the event questions answered by then. *Even* is an
    even chance. The vintage is the panel's.
    """
    quarters = read_settled(published(panel))
    ended = count_ended(quarters.index.to_numpy("datetime64[D]"))
    known = questions.to_dict("index")
    rows = []
    for id, day in zip(asked["question"].tolist(), asked["date"].tolist(), strict=True):
        question = known[id]
        if question["subject"] == "":
            rate = _event_rate(questions, day)
            rows.append((rate, rate, EVEN))
            continue
        number = int(quarters.index.searchsorted(day, side="right"))
        past = quarters[question["subject"]].to_numpy(float)[:number]
        rows.append((_reading_rate(question, past), _staying_rate(question, past, ended[:number]), EVEN))
    return pd.DataFrame(rows, columns=list(REFERENCES), index=asked.index, dtype=float)


def laplace(yes: int, count: int) -> float:
    """Return the rule of succession: the share of yes with one imagined yes and one imagined no added."""
    return (yes + 1) / (count + 2)


def _reading_rate(question: Mapping[Any, Any], past: Array) -> float:
    test, threshold = question["test"], question["threshold"]
    if test in CHANGE_TESTS:
        apart = max(_quarter(question["resolves"]) - _quarter(question["opened"]), 1)
        pairs = list(zip(past.tolist(), past[apart:].tolist(), strict=False))
    else:
        pairs = [(np.nan, value) for value in past.tolist()]
    held = [holds for start, end in pairs if (holds := judge_reading(test, threshold, end, start)) is not None]
    return laplace(sum(held), len(held))


def _staying_rate(question: Mapping[Any, Any], past: Array, quarters: NDArray[np.int64]) -> float:
    """How often readings stayed on their side of a question's threshold, for the side of the last one.

    ``quarters`` numbers those of the readings.
    """
    settled = ~np.isnan(past)
    test, threshold, start = question["test"], question["threshold"], question["start"]
    sides = [judge_reading(test, threshold, value, start) for value in past[settled].tolist()]
    if not sides or None in sides:
        return EVEN
    side_in = dict(zip(quarters[settled].tolist(), sides, strict=True))
    apart = max(_quarter(question["resolves"]) - max(side_in), 1)
    stayed = [side == side_in[quarter + apart] for quarter, side in side_in.items() if quarter + apart in side_in]
    rate = laplace(sum(stayed), len(stayed))
    return rate if sides[-1] else 1 - rate


def _event_rate(questions: pd.DataFrame, day: pd.Timestamp) -> float:
    known = questions[(questions["subject"] == "") & (questions["resolved"] <= day) & questions["outcome"].notna()]
    return laplace(int(known["outcome"].sum()), len(known))


def _quarter(day: pd.Timestamp) -> int:
    """The number of quarters that have ended by a day."""
    return int(count_ended(pd.DatetimeIndex([day]).to_numpy("datetime64[D]"))[0])


def _read_days(panel: Panel, questions: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """The readings of the questions' subjects: at the last settled quarter on the days opened, and on the days resolves.

    The second is blank where the day's quarter is not settled. Before, the line on a day may still lead elsewhere.
    """
    if questions.empty or panel.effective.empty:
        blank = pd.Series(np.nan, questions.index, dtype=float)
        return blank, blank
    quarters = read_settled(panel)
    readings = panel.composite(pd.DatetimeIndex(questions["resolves"].unique()).sort_values()).table
    starts, ends = {}, {}
    for id, row in questions.iterrows():
        settled = quarters[row["subject"]].dropna()
        earlier = settled.loc[: row["opened"]]
        starts[id] = float(earlier.iloc[-1]) if len(earlier) else np.nan
        held = row["resolves"] + pd.offsets.QuarterEnd(0) in settled.index
        ends[id] = readings.at[row["resolves"], row["subject"]] if held else np.nan
    return pd.Series(starts, dtype=float), pd.Series(ends, dtype=float)


def _known(rows: pd.DataFrame, as_of: dt.date | None) -> pd.DataFrame:
    return select_recorded(rows, as_of).sort_values(["question", "recorded"], kind="stable")
