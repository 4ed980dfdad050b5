"""Numbers, dates and findings in words."""

import html
import math
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from indicators.measures.headline import Headline
from indicators.measures.narrative.robustness import BreakingWeights, Survival
from indicators.measures.panel import Panel
from indicators.measures.uncertainty.intervals import Change, probability_word
from indicators.records.dataset import Dataset, split_ids

RELIABILITY = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "cannot be judged",
}
CREDIBILITY = {
    "1": "confirmed by another report",
    "2": "probably true",
    "3": "possibly true",
    "4": "doubtful",
    "5": "improbable",
    "6": "cannot be judged",
}
EFFECTS = {"raises": "raises tension", "lowers": "lowers tension", "context": "context"}

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&])")


def format_date(day: pd.Timestamp) -> str:
    """Return a day as in ``31 Mar 2025``."""
    return f"{day.day} {day:%b %Y}"


def format_score(value: float | None, digits: int = 1) -> str:
    """Return a reading with one decimal, or a dash where there is none."""
    return "–" if value is None or pd.isna(value) else f"{value:.{digits}f}"


def format_change(value: float | None, digits: int = 1) -> str:
    """Return a change with its sign, a true minus, and ``±0.0`` for none."""
    if value is None or pd.isna(value):
        return "–"
    rounded = round(value, digits)
    if rounded == 0:
        return f"±{0:.{digits}f}"
    return f"{'+' if rounded > 0 else '−'}{abs(rounded):.{digits}f}"


def format_share(value: float) -> str:
    """Return a share as whole per cent."""
    return f"{value:.0%}".replace("%", " %")


def count_words(number: int, noun: str) -> str:
    """Return a number with its noun in singular or plural."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def describe_age(headline: Headline) -> str:
    """Return how old the newest scores and the newest evidence are."""
    text = (
        f"The newest scores are of {format_date(headline.date)}, {count_words(headline.score_age_days, 'day')} ago; "
        f"the newest event is of {format_date(headline.newest_event)}, {count_words(headline.event_age_days, 'day')} ago."
    )
    if headline.carried >= 1:
        return text + " Every score is past its review date and is carried forward."
    if headline.carried > 0:
        return text + f" {format_share(headline.carried)} of the scores are past their review date and carried forward."
    return text


def describe_interval(readings: pd.DataFrame, day: pd.Timestamp, share: int) -> str:
    """Return the interval of a reading in brackets."""
    row = readings[readings["date"] == day]
    if row.empty or pd.isna(row["low"].iloc[0]):
        return ""
    return f" ({share} % interval {format_score(row['low'].iloc[0])} to {format_score(row['high'].iloc[0])})"


def describe_year(headline: Headline) -> str:
    """Return the change over the last year in words."""
    if headline.change is None:
        return f"no reading a year earlier ({format_date(headline.year_ago)})"
    rounded = round(headline.change, 1)
    if rounded == 0:
        return f"unchanged from a year earlier ({format_date(headline.year_ago)})"
    side = "above" if rounded > 0 else "below"
    return f"{abs(rounded):.1f} {side} a year earlier ({format_date(headline.year_ago)})"


def describe_peak(headline: Headline) -> str:
    """Return the distance to the highest reading in words."""
    gap = round(headline.peak - headline.score, 1)
    if gap == 0:
        return f"at its peak, first reached on {format_date(headline.peak_date)}"
    return f"{gap:.1f} below its peak of {format_score(headline.peak)} on {format_date(headline.peak_date)}"


def describe_test(claim: Mapping[Any, Any], dataset: Dataset) -> str:
    """Return in words what must hold for a claim."""
    names = [dataset.title(id) for id in split_ids(claim["subject"])]
    start, end = format_date(claim["start"]), format_date(claim["end"])
    amount = "" if pd.isna(claim["threshold"]) else f"{claim['threshold']:g}"
    return {
        "rises": f"{names[0]} rises by at least {amount} between {start} and {end}",
        "falls": f"{names[0]} falls by at least {amount} between {start} and {end}",
        "stays_above": f"{names[0]} is never below {amount} from {start} to {end}",
        "stays_below": f"{names[0]} is never above {amount} from {start} to {end}",
        "highest_since": f"{names[0]} on {end} is at or above every reading since {start}",
        "lowest_since": f"{names[0]} on {end} is at or below every reading since {start}",
        "larger_than": f"{names[0]} is on average at least {amount} above {names[-1]} from {start} to {end}",
        "moves_together": f"{names[0]} and {names[-1]} have a rank correlation of at least {amount} from {start} to {end}",
        "varies": f"{names[0]} varies by at least {amount} between {start} and {end}",
    }[claim["test"]]


def describe_verdict(judged: Mapping[Any, Any]) -> str:
    """Return a claim's verdict with its probability and the ICD 203 word, or why it cannot be judged."""
    if pd.isna(judged["probability"]):
        return f"{judged['verdict']}: {judged['why']}"
    return f"{judged['verdict']} — {probability_word(judged['probability'])}, {format_share(judged['probability'])} of draws"


def name_quantity(test: str) -> str:
    """Return what a test measures."""
    return {
        "rises": "change",
        "falls": "fall",
        "stays_above": "lowest reading",
        "stays_below": "highest reading",
        "larger_than": "mean difference",
        "moves_together": "rank correlation",
        "varies": "highest less lowest reading",
        "highest_since": "distance to the highest earlier reading",
        "lowest_since": "distance to the lowest earlier reading",
    }[test]


def describe_quantity(judged: Mapping[Any, Any]) -> str:
    """Return what the test of a claim measured on the readings."""
    if pd.isna(judged["value"]):
        return ""
    return f"{name_quantity(judged['test']).capitalize()}: {judged['value']:.2f}.".replace("-", "−")


def describe_change_probability(change: Change) -> str:
    """Return how sure it is that a reading really changed."""
    if math.isnan(change.up):
        return ""
    if change.zero == 1:
        return "No assessment changed, so the two readings rest on the same scores."
    likelier, word = max((change.up, "rose"), (change.down, "fell"))
    return f"That it {word} is {probability_word(likelier)}: it did in {format_share(likelier)} of draws."


def describe_sources(dataset: Dataset, events: pd.DataFrame) -> str:
    """Return the sources line of a chart, computed from the rows behind it."""
    if events.empty:
        return "Sources: no event is cited."
    best = events["reliability"].isin(["A", "B"]).mean()
    return (
        f"Sources: {count_words(dataset.count_acts(events), 'event')} from {count_words(events['publisher'].nunique(), 'publisher')}, "
        f"{format_date(events['date'].min())} to {format_date(events['date'].max())}; "
        f"{format_share(best)} from sources graded A or B. Data {dataset.digest[:8]}, {dataset.topic.licence}."
    )


def escape_markdown(text: str) -> str:
    """Return text that Markdown shows as it is written."""
    return _MARKDOWN.sub(r"\\\1", text)


def escape_html(text: str) -> str:
    """Return text that HTML and chart labels show as it is written."""
    return html.escape(text, quote=True)


def describe_replaced(row: pd.Series | None) -> str:
    """Return which earlier assessment a row replaced, or nothing."""
    if row is None:
        return ""
    if pd.isna(row["score"]):
        return f"replaces a withdrawal recorded {format_date(row['recorded'])}"
    return (
        f"replaces {format_score(row['score'])} ({format_score(row['low'])}–{format_score(row['high'])}) "
        f"recorded {format_date(row['recorded'])}"
    )


def describe_causes(dataset: Dataset, summary: pd.DataFrame) -> str:
    """Return which indicators moved the index most, three up and three down, from a change summed up by indicator."""
    parts = []
    for word, rows in (("up", summary[summary["amount"] > 0.005]), ("down", summary[summary["amount"] < -0.005])):
        named = [
            f"{dataset.title(r['indicator'] or r['dimension']) if r['dimension'] else 'method'} {format_change(r['amount'], 2)}"
            for r in rows.head(3).to_dict("records")
        ]
        if named:
            parts.append(f"{word} by {', '.join(named)}")
    return "; ".join(parts) if parts else "nothing moved it by more than 0.005"


def describe_survival(survival: Survival) -> str:
    """Return in which share of the cases a sentence holds."""
    by = survival.by
    return (
        f"holds in {format_share(by['draws'])} of draws, {format_share(by['weights'])} of weights, "
        f"{format_share(by['means'])} of means, {format_share(by['coders'])} of coders; "
        f"{format_share(survival.share)} with all of them varied together"
    )


def describe_breaking(dataset: Dataset, breaking: BreakingWeights) -> str:
    """Return the smallest change of weights that breaks a headline, in words."""
    if breaking.weights is None or breaking.why:
        return breaking.why
    shares = ", ".join(f"{dataset.title(str(id))} {format_share(share)}" for id, share in breaking.weights.items())
    return f"The smallest change of weights that breaks it moves {100 * breaking.distance / 2:.1f} % of the weight: {shares}."


def describe_own_weights(headline: Headline, published: Headline, dataset: Dataset, panel: Panel) -> str:
    """Return that the index stands on a reader's weights or mean, and how far that is from the published one."""
    shares = 100 * panel.weights.dimensions / panel.weights.dimensions.sum()
    weights = ", ".join(f"{dataset.title(str(id))} {share:.0f} %" for id, share in shares.items())
    return (
        f"This view uses your weights ({weights}) and the {panel.mean} mean. The index stands at "
        f"{format_score(headline.score, 2)}; with the published weights and the arithmetic mean at "
        f"{format_score(published.score, 2)} ({format_change(headline.score - published.score, 2)})."
    )
