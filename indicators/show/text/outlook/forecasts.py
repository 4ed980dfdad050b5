"""Forecasts in words and tables: open questions, the record beside references, a section for the publication."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from indicators.measures.outlook.scores import (
    AHEAD,
    FEWEST_QUESTIONS,
    calibrate,
    list_current,
    pair_forecasts,
    tabulate_scores,
)
from indicators.measures.panel import Panel
from indicators.measures.uncertainty.intervals import probability_word
from indicators.records.dataset import Dataset
from indicators.show.charts.calibration import calibration_table, describe_calibration, draw_calibration
from indicators.show.text.html import show_table
from indicators.show.text.markup import fill_part
from indicators.show.text.words import count_words, format_change, format_date, format_share

LEAD = "Each question has a rule that decides its answer, each forecast a date and a reason. Every answered question counts."
REFERENCES = (
    "Three references show what a forecast without foresight would score. Base rate: how often the answer would have "
    "been yes in earlier settled quarters. No change: how often readings were still on the same side of the threshold "
    "after as many quarters. Even chance: 50 % throughout."
)
SCORE_HELP = (
    "Brier score: mean squared difference between probability and outcome; 0 is best. Log score: the same, but harsher "
    "on confident misses. Skill: 1 is perfect, 0 no better than the reference, below 0 worse. Its 95 % interval "
    "resamples answer days in blocks of three; with few days it is too narrow. The index is scored separately, since it "
    "is the mean of the dimensions."
)
BACK_CASTS = (
    "Hindcasts were written after the answers were known and are shown apart from forecasts made ahead. A baseline used "
    "only readings dated up to each forecast's day, but its rule was chosen later, and the readings are those on record "
    "since."
)
_ASKED = {
    "above": "at {:g} or higher",
    "below": "below {:g}",
    "rises": "up by {:g} or more",
    "falls": "down by {:g} or more",
}
NONE_AHEAD = "No forecast made ahead has an answer yet."


REFERENCE_NAMES = {"base_rate": "base rate", "no_change": "no change", "even": "even chance"}
_OF = {"index": "of the index", "dimensions": "of dimensions", "indicators": "of indicators", "events": "of events"}


def name_record(coder: str, made: str, about: str) -> str:
    """Return whose forecasts a row of the record is about."""
    return f"Coder {coder}, {'forecasts made ahead' if made == AHEAD else 'hindcasts'} {_OF[about]}"


def describe_record(row: Mapping[Any, Any]) -> str:
    """Return what a row of the record (that of ``tabulate_scores``) says, flattering or not."""
    text = (
        f"{name_record(row['coder'], row['made'], row['about'])}: {count_words(row['questions'], 'question')} answered on "
        f"{count_words(row['days'], 'day')}, {format_share(row['share_yes'])} of them yes. Brier score {row['brier']:.2f}; "
        f"base rate {row['brier_base_rate']:.2f}, no change {row['brier_no_change']:.2f}, even chance "
        f"{row['brier_even']:.2f}."
    )
    if row["note"]:
        return f"{text} No comparison is possible: {row['note']}."
    names = {"base_rate": "the base rate", "no_change": "no change", "even": "an even chance"}
    parts = [_describe_skill(row, reference, name) for reference, name in names.items()]
    return f"{text} {' '.join(parts)}"


def describe_parts(row: Mapping[Any, Any]) -> str:
    """Return what the Brier score of a row of the record is made of."""
    return (
        f"Parts of the Brier score: reliability {row['reliability']:.3f} (distance of the probabilities from the observed "
        f"frequencies), minus resolution {row['resolution']:.3f} (how far likely and unlikely are told apart), plus "
        f"uncertainty {row['uncertainty']:.3f} (of the questions themselves) and {format_change(row['within'], 3)} within "
        f"the bins. The probabilities have a standard deviation of {row['sharpness']:.2f} (sharpness)."
    )


def record_table(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the record of all coders for readers, forecasts made ahead before hindcasts."""
    return pd.DataFrame(
        {
            "coder": scores["coder"],
            "made": scores["made"],
            "about": scores["about"],
            "questions": scores["questions"].astype(str),
            "Brier score": scores["brier"].map("{:.2f}".format),
            **{
                f"skill against {name}": [_word_skill(row, reference) for row in scores.to_dict("records")]
                for reference, name in REFERENCE_NAMES.items()
            },
        }
    )


def score_table(row: Mapping[Any, Any]) -> pd.DataFrame:
    """Return one row of the record as a table: the forecasts and their references below each other."""
    parts = [("forecasts", ""), *((name, f"_{reference}") for reference, name in REFERENCE_NAMES.items())]
    return pd.DataFrame(
        {
            "who": [name for name, _ in parts],
            "Brier score": [f"{row[f'brier{end}']:.2f}" for _, end in parts],
            "log score": [f"{row[f'log{end}']:.2f}" for _, end in parts],
            "skill against it": ["", *(_word_skill(row, reference) for reference in REFERENCE_NAMES)],
        }
    )


def current_table(dataset: Dataset, current: pd.DataFrame) -> pd.DataFrame:
    """Return the questions without an answer for readers: a row each, a column for each coder's forecast in force."""
    coders = sorted({coder for coder in current["coder"] if coder})
    rows = []
    for _, group in current.groupby("question", sort=False):
        first = group.iloc[0]
        said = dict(zip(group["coder"], group["probability"], strict=True))
        rows.append(
            {
                "question": name_question(dataset, first.to_dict()),
                "on": first["resolves"],
                **{f"coder {coder}": _share(said.get(coder)) for coder in coders},
                **{name: _share(first[reference]) for reference, name in REFERENCE_NAMES.items()},
            }
        )
    columns = ["question", "on", *(f"coder {c}" for c in coders), *REFERENCE_NAMES.values()]
    return pd.DataFrame(rows, columns=columns)


def name_question(dataset: Dataset, question: Mapping[Any, Any]) -> str:
    """Return a question in short: its subject and what it asks of it, or its own text where it is about an event."""
    if not question["subject"]:
        return str(question["text"])
    return f"{dataset.title(question['subject'])} {_ASKED[question['test']].format(question['threshold'])}"


def show_forecasts(rows: Iterable[Mapping[Any, Any]]) -> Markup:
    """Return forecasts: of each how likely in words and number, who says so, since when, and why."""
    said = [(row, probability_word(row["probability"])) for row in rows]
    return fill_part("forecasts.html", "forecasts", rows=said)


def show_record_section(panel: Panel, today: dt.date) -> Markup:
    """Return the section of the publication on forecasts: open questions, the record, calibration with its table.

    Headings are of the third level; blank where the data has no questions.
    """
    current, pairs = list_current(panel, today), pair_forecasts(panel)
    if current.empty and pairs.empty:
        return Markup("")
    scores = tabulate_scores(pairs)
    in_force = f"Current forecasts on {format_date(pd.Timestamp(today))}"
    return fill_part(
        "forecasts.html",
        "record_section",
        lead=f"{LEAD} {REFERENCES}",
        questions=show_table(current_table(panel.dataset, current), caption=in_force) if len(current) else "",
        none_ahead="" if AHEAD in set(scores["made"]) else NONE_AHEAD,
        sentences=[describe_record(row) for row in scores.to_dict("records")],
        skill=show_table(record_table(scores), caption="Skill, with its 95 % interval") if len(scores) else "",
        help=f"{SCORE_HELP} {BACK_CASTS}",
        records=[
            _show_record(pairs, row) for row in scores[scores["questions"] >= FEWEST_QUESTIONS].to_dict("records")
        ],
    )


def _show_record(pairs: pd.DataFrame, row: Mapping[Any, Any]) -> dict[str, str]:
    name = name_record(row["coder"], row["made"], row["about"])
    chosen = select_pairs(pairs, row["coder"], row["made"], row["about"])
    table = calibrate(chosen["forecast"].to_numpy(float), chosen["outcome"].to_numpy(float))
    return {
        "scores": show_table(score_table(row), caption=f"{name}: scores; 0 is best"),
        "parts": describe_parts(row),
        "picture": draw_calibration(table, name),
        "said": describe_calibration(table, name),
        "table": show_table(calibration_table(table), caption=f"{name}: calibration"),
    }


def select_pairs(pairs: pd.DataFrame, coder: str, made: str, about: str) -> pd.DataFrame:
    """Return the answered forecasts of one row of the record."""
    return pairs[(pairs["coder"] == coder) & (pairs["made"] == made) & (pairs["about"] == about)]


def _describe_skill(row: Mapping[Any, Any], reference: str, name: str) -> str:
    low, high = row[f"skill_{reference}_low"], row[f"skill_{reference}_high"]
    word = "better" if low > 0 else "worse" if high < 0 else "no clear difference"
    return f"Against {name}: {word}, skill {_word_skill(row, reference)}."


def _word_skill(row: Mapping[Any, Any], reference: str) -> str:
    value, low, high = (row[f"skill_{reference}{end}"] for end in ("", "_low", "_high"))
    if pd.isna(value):
        return "too few"
    return f"{format_change(value, 2)} ({format_change(low, 2)} to {format_change(high, 2)})"


def _share(value: float | None) -> str:
    return "–" if value is None or pd.isna(value) else format_share(value)
