"""Forecasts compared with their outcomes: scores beside those without foresight, and calibration with its counts."""

import datetime as dt
from collections.abc import Iterator

import numpy as np
import pandas as pd

from indicators.measures.index import Array
from indicators.measures.outlook.questions import REFERENCES, answer_questions, measure_references, select_forecasts
from indicators.measures.panel import Panel, once_per_panel
from indicators.measures.uncertainty.random import resample_blocks

AHEAD, BACK_CAST = "ahead", "hindcast"
"""Whether a forecast was recorded before its question closed, or the question itself was written afterwards."""

FEWEST_QUESTIONS, FEWEST_DAYS = 10, 12
"""Answered questions, and days of answers, below which nothing is concluded from scores."""

BLOCK = 3
"""Consecutive days of answers that a resample draws together: one more than the quarters that the rule looks ahead."""

ABOUT = ("index", "dimensions", "indicators", "events")
"""What questions are about. Scores of the index stand apart, since it is the mean of the dimensions."""

BINS = tuple(np.linspace(0, 1, 11).round(1).tolist())
"""Ends of the bins of the calibration table; a probability on an end belongs to the bin above it."""

SOURCES = ("forecast", *REFERENCES)
SCORED = {source: "" if source == "forecast" else f"_{source}" for source in SOURCES}
"""Ends of the columns with a score, by what is scored."""

_Z = 1.959963984540054  # normal quantile of a two-sided 95 % interval


def score_brier(probability: Array, outcome: Array) -> Array:
    """Return the Brier score of each forecast: squared distance from 1 (yes) or 0 (no). 0 is best, 1 worst.

    Brier, Verification of Forecasts Expressed in Terms of Probability (1950), for one of two answers.
    """
    return np.asarray((np.asarray(probability, float) - np.asarray(outcome, float)) ** 2)


def score_log(probability: Array, outcome: Array) -> Array:
    """Return the logarithmic score of each forecast: minus the natural logarithm of what it gave to the outcome.

    0 is best; 0.69 is an even chance. Good, Rational Decisions (1952).
    """
    probability, outcome = np.asarray(probability, float), np.asarray(outcome, float)
    return np.asarray(-np.log(np.where(outcome == 1, probability, 1 - probability)))


def list_current(panel: Panel, today: dt.date) -> pd.DataFrame:
    """Return the questions without an answer and each coder's forecast in force, a row for each; without one, blank.

    Columns: ``question``, ``text``, ``subject``, ``test``, ``threshold``, ``opened``, ``closes``, ``resolves``,
    ``criteria``, ``open`` (whether forecasts are taken on ``today``), ``why`` there is no answer, ``coder``, ``date``,
    ``probability``, ``rationale``, ``base_rate``, ``no_change``, ``even`` (see ``measure_references``; on the day of the
    forecast, else today). Ordered by the day of the answer, then the subject's place in the codebook.
    """
    day = pd.Timestamp(today)
    known = answer_questions(panel)
    questions = known[(known["answer"] == "") & (known["opened"] <= day)]
    said = select_forecasts(panel.dataset, panel.as_of)
    said = said[said["date"] <= day].groupby(["question", "coder"], sort=True).tail(1)
    columns = ["text", "subject", "test", "threshold", "opened", "closes", "resolves", "criteria", "why"]
    table = (
        questions[columns]
        .reset_index()
        .merge(said[["question", "coder", "date", "probability", "rationale"]], "left", "question")
    )
    order = ["index", *panel.dataset.dimensions.index, *panel.dataset.indicators.index, ""]
    table["place"] = table["subject"].map(order.index)
    table = table.sort_values(["resolves", "place", "question", "coder"], kind="stable", ignore_index=True)
    table = table.drop(columns="place")
    table["open"] = table["closes"] >= day
    table["coder"] = table["coder"].fillna("")
    asked = table[["question"]].assign(date=table["date"].fillna(day))
    return table.join(measure_references(panel, known, asked))


@once_per_panel
def pair_forecasts(panel: Panel) -> pd.DataFrame:
    """Return each coder's last forecast on each answered question beside the answer and the references.

    A question counts once for a coder, however often the forecast was revised: the last one dated by its close is
    compared with the answer. Columns: ``question``, ``text``, ``subject``, ``about`` (one of ``ABOUT``), ``coder``, ``made`` (``ahead``, or
    ``hindcast`` where the question was recorded after it had closed), ``date``, ``resolves``, ``lead`` (days between
    the two), ``outcome`` (1 yes, 0 no), ``forecast`` (probability), its ``rationale``, ``base_rate``, ``no_change``,
    ``even``, and ``brier_`` and ``log_`` of these four. Void questions are left out.
    """
    known = answer_questions(panel)
    questions = known[known["outcome"].notna()]
    said = select_forecasts(panel.dataset, panel.as_of)
    said = said[said["question"].isin(questions.index)].groupby(["question", "coder"]).tail(1)
    columns = ["text", "subject", "closes", "resolves", "asked", "outcome"]
    pairs = said[["question", "coder", "date", "probability", "rationale"]].merge(
        questions[columns].reset_index(), on="question"
    )
    kinds = dict.fromkeys(panel.dataset.dimensions.index, "dimensions") | {"index": "index", "": "events"}
    pairs["about"] = [kinds.get(subject, "indicators") for subject in pairs["subject"]]
    late = pairs["asked"].dt.normalize() > pairs["closes"]
    pairs = pairs.assign(
        made=np.where(late, BACK_CAST, AHEAD), lead=(pairs["resolves"] - pairs["date"]).dt.days
    ).rename(columns={"probability": "forecast"})
    pairs = score_pairs(pairs.join(measure_references(panel, known, pairs)))
    order = ["made", "coder", "resolves", "question"]
    return pairs.drop(columns=["closes", "asked"]).sort_values(order, kind="stable", ignore_index=True)


def score_pairs(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return forecasts and references (``forecast``, those of ``REFERENCES``, ``outcome``) with their scores."""
    outcome = pairs["outcome"].to_numpy(float)
    scores = {}
    for source in SOURCES:
        scores[f"brier_{source}"] = score_brier(pairs[source].to_numpy(float), outcome)
        scores[f"log_{source}"] = score_log(pairs[source].to_numpy(float), outcome)
    return pairs.assign(**scores)


def tabulate_scores(pairs: pd.DataFrame, resamples: int = 2_000, seed: int = 0) -> pd.DataFrame:
    """Return the record of each coder, forecasts made ahead and hindcasts apart, and by what they are about.

    ``pairs`` is that of ``pair_forecasts``. Columns: ``coder``, ``made``, ``about``, ``questions`` (answered ones),
    ``days`` (days of their answers), ``share_yes``, ``brier``, ``log`` (means; lower is better) and the same of the
    references, as in ``brier_base_rate``, ``skill_base_rate`` and so on (1 - Brier score / that of the reference: 1 is
    perfect, 0 no better, below 0 worse), each with ``_low`` and ``_high`` (95 % bootstrap interval), ``sharpness``
    (standard deviation of the probabilities), ``reliability``, ``resolution``, ``uncertainty``, ``within`` (see
    ``decompose_brier``) and ``note``: why no skill is stated, else empty.

    The bootstrap resamples the days of answers in circular blocks of three, since questions answered on one day, and
    those about overlapping periods, share their fortune.
    """
    rows = []
    for made, coder, about, group in _split(pairs):
        row: dict[str, object] = {"coder": coder, "made": made, "about": about, "questions": len(group)}
        row["days"] = days = group["resolves"].nunique()
        row["share_yes"] = group["outcome"].mean()
        for score in ("brier", "log"):
            for source, end in SCORED.items():
                row[f"{score}{end}"] = group[f"{score}_{source}"].mean()
        row["note"] = _explain_few(len(group), int(days))
        drawn = _resample_days(group, resamples, seed, coder)
        for reference in REFERENCES:
            name = f"skill_{reference}"
            skill = 1 - drawn["brier_forecast"] / drawn[f"brier_{reference}"]
            row[name] = 1 - row["brier"] / row[f"brier_{reference}"]  # type: ignore[operator]
            row[f"{name}_low"], row[f"{name}_high"] = np.percentile(skill, [2.5, 97.5])
            if row["note"]:
                row[name] = row[f"{name}_low"] = row[f"{name}_high"] = np.nan
        row["sharpness"] = group["forecast"].std(ddof=0)
        rows.append(row | decompose_brier(group["forecast"].to_numpy(), group["outcome"].to_numpy()))
    return pd.DataFrame(rows, columns=_SCORES)


def calibrate(probability: Array, outcome: Array) -> pd.DataFrame:
    """Return the calibration table: a row for each bin that holds a forecast.

    Columns: ``low``, ``high`` (ends of the bin), ``count``, ``yes`` (their number), ``forecast`` (mean probability),
    ``share`` (of yes), ``share_low`` and ``share_high`` (95 % interval of Wilson 1927, as if questions were
    independent: overlapping ones make it too narrow).
    """
    probability, outcome = np.asarray(probability, float), np.asarray(outcome, float)
    place = _bin(probability)
    rows = []
    for number in np.unique(place):
        here = place == number
        count, yes = int(here.sum()), float(outcome[here].sum())
        share = yes / count
        centre, spread = share + _Z**2 / (2 * count), _Z * np.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
        low, high = (centre - spread) / (1 + _Z**2 / count), (centre + spread) / (1 + _Z**2 / count)
        rows.append(
            (BINS[number], BINS[number + 1], count, int(yes), float(probability[here].mean()), share, low, high)
        )
    columns = ["low", "high", "count", "yes", "forecast", "share", "share_low", "share_high"]
    return pd.DataFrame(rows, columns=columns).clip(lower=0)


def tabulate_calibration(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the calibration tables of all coders, apart as in ``tabulate_scores``.

    Columns: ``coder``, ``made``, ``about`` and those of ``calibrate``.
    """
    keys = ["coder", "made", "about"]
    table = calibrate(np.array([]), np.array([])).assign(**dict.fromkeys(keys, ""))
    parts = [
        calibrate(group["forecast"].to_numpy(float), group["outcome"].to_numpy(float)).assign(
            coder=coder, made=made, about=about
        )
        for made, coder, about, group in _split(pairs)
    ]
    table = pd.concat(parts, ignore_index=True) if parts else table
    return table[[*keys, *(column for column in table if column not in keys)]]


def decompose_brier(probability: Array, outcome: Array) -> dict[str, float]:
    """Return the parts of the mean Brier score over the bins: reliability - resolution + uncertainty + within.

    ``reliability``: squared distance of share from forecast in each bin (0 is best); ``resolution``: of the bins'
    shares from the share of all (more is better); ``uncertainty``: that share's own variance; ``within``: what
    forecasts that differ inside a bin add (Murphy 1973; Stephenson, Coelho and Jolliffe 2008).
    """
    probability, outcome = np.asarray(probability, float), np.asarray(outcome, float)
    if not len(probability):
        return dict.fromkeys(("reliability", "resolution", "uncertainty", "within"), np.nan)
    table = calibrate(probability, outcome)
    weight = table["count"] / len(probability)
    total = outcome.mean()
    reliability = float((weight * (table["forecast"] - table["share"]) ** 2).sum())
    resolution = float((weight * (table["share"] - total) ** 2).sum())
    uncertainty = float(total * (1 - total))
    brier = float(score_brier(probability, outcome).mean())
    within = brier - (reliability - resolution + uncertainty)
    return {"reliability": reliability, "resolution": resolution, "uncertainty": uncertainty, "within": within}


_SKILLS = [f"skill_{reference}{end}" for reference in REFERENCES for end in ("", "_low", "_high")]
_SCORES = [
    *("coder", "made", "about", "questions", "days", "share_yes"),
    *(f"{score}{end}" for score in ("brier", "log") for end in SCORED.values()),
    *(*_SKILLS, "sharpness"),
    *("reliability", "resolution", "uncertainty", "within", "note"),
]


def _split(pairs: pd.DataFrame) -> Iterator[tuple[str, str, str, pd.DataFrame]]:
    """The forecasts of each coder, made ahead and hindcasts apart, and by what they are about."""
    ordered = pairs.assign(about=pd.Categorical(pairs["about"], ABOUT))
    for key, group in ordered.groupby(["made", "coder", "about"], sort=True, observed=True):
        yield str(key[0]), str(key[1]), str(key[2]), group


def _explain_few(questions: int, days: int) -> str:
    if questions < FEWEST_QUESTIONS:
        return f"too few: {questions} answered question{'s' * (questions != 1)}, {FEWEST_QUESTIONS} are needed"
    if days < FEWEST_DAYS:
        return f"too few: answers of {days} day{'s' * (days != 1)}, {FEWEST_DAYS} are needed"
    return ""


def _resample_days(group: pd.DataFrame, resamples: int, seed: int, coder: str) -> dict[str, Array]:
    """Sums of the Brier scores over resampled days of answers, by column."""
    columns = [f"brier_{source}" for source in SOURCES]
    sums = group.groupby("resolves", sort=True)[columns].sum().to_numpy()
    totals = sums[resample_blocks(len(sums), BLOCK, resamples, seed, coder)].sum(axis=1)
    return {column: totals[:, place] for place, column in enumerate(columns)}


def _bin(probability: Array) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    # The tolerance keeps 0.3 on its own side whatever 3 * 0.1 is.
    return np.minimum(np.searchsorted(BINS, probability + 1e-9, side="right") - 1, len(BINS) - 2)
