"""Numbers, dates and findings in words."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from indicators.measures.blindness import PUBLIC, Blindness
from indicators.measures.headline import Headline
from indicators.measures.narrative.claims import PARTLY, count_verdicts, decide_verdict
from indicators.measures.narrative.robustness import NOT_VARIED, BreakingWeights, Survival
from indicators.measures.panel import Panel
from indicators.measures.quarters import Since
from indicators.measures.uncertainty.intervals import Change
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
    # The same amount, summed in another order, may lie a hair to the other side of a half.
    rounded = round(round(value, 9), digits)
    if rounded == 0:
        return f"±{0:.{digits}f}"
    return f"{'+' if rounded > 0 else '−'}{abs(rounded):.{digits}f}"


def agree_digits(before: float, after: float, least: int = 2) -> int:
    """Return with how many decimals two readings and the change between them, rounded as usual, agree as they are shown.

    The change is shown as ``subtract_shown`` gives it. It is the least number from ``least`` on; two more are the most
    that is tried before ``least`` is taken anyway.
    """

    def agree(digits: int) -> bool:
        return abs(subtract_shown(before, after, digits) - (after - before)) <= 0.5 * 0.1**digits + 1e-9

    return next((digits for digits in range(least, least + 3) if agree(digits)), least)


def subtract_shown(before: float, after: float, digits: int) -> float:
    """Return the change between two readings as they are shown with so many decimals."""
    return round(round(after, digits) - round(before, digits), digits)


def format_share(value: float) -> str:
    """Return a share as whole per cent."""
    return f"{value:.0%}".replace("%", " %")


def count_words(number: int, noun: str) -> str:
    """Return a number with its noun in singular or plural."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def share_of(value: float, things: str = "draws") -> str:
    """Return a share of draws or the like in words; one that is not all or none is never rounded to it."""
    if value == 1:
        return f"all {things}"
    if value == 0:
        return f"none of the {things}"
    if value > 0.99:
        return f"over 99 % of {things}"
    return f"under 1 % of {things}" if value < 0.01 else f"{format_share(value)} of {things}"


def describe_age(headline: Headline) -> str:
    """Return which quarter was reviewed last, when the next is due, and how old the newest evidence is."""
    text = (
        f"Reviewed up to the {name_quarter(headline.date)}; the next review is due on {format_date(headline.due)}. "
        f"The newest event is of {format_date(headline.newest_event)}, {count_words(headline.event_age_days, 'day')} ago."
    )
    if headline.carried:
        passed = count_words(headline.carried, "quarter")
        return f"{text} Since then {passed} {'has' if headline.carried == 1 else 'have'} ended without a review."
    return text


def describe_since(since: Since) -> str:
    """Return what has been assessed since the last settled quarter."""
    quarter = name_quarter(since.quarter + pd.offsets.QuarterEnd())
    if since.rows.empty:
        return f"Nothing of the {quarter} has been assessed yet."
    parts = [(since.up, "up"), (since.down, "down"), (since.same, "unchanged"), (since.untouched, "not looked at")]
    words = ", ".join(f"{number} {word}" for number, word in parts if number)
    return f"So far in the {quarter}: {words}."


def find_interval(readings: pd.DataFrame, day: pd.Timestamp) -> tuple[float, float] | None:
    """Return the ends of the interval of the reading of a day, nothing where it has none."""
    row = readings[readings["date"] == day]
    if row.empty or pd.isna(row["low"].iloc[0]):
        return None
    return float(row["low"].iloc[0]), float(row["high"].iloc[0])


def describe_interval(readings: pd.DataFrame, day: pd.Timestamp, share: int) -> str:
    """Return the interval of the reading of a day in brackets."""
    return word_interval(find_interval(readings, day), share)


def word_interval(ends: tuple[float, float] | None, share: int) -> str:
    """Return the ends of an interval in brackets."""
    return "" if ends is None else f" ({share} % interval {format_score(ends[0])} to {format_score(ends[1])})"


def word_verdicts(verdicts: pd.DataFrame) -> str:
    """Return how many claims have each verdict, as the end of a sentence; empty without claims."""
    counts = count_verdicts(verdicts).items()
    return join_words([f"{number} {'is' if number == 1 else 'are'} {kind}" for kind, number in counts])


def describe_year(headline: Headline) -> str:
    """Return the change against the same quarter a year before in words."""
    quarter = name_quarter(headline.year_ago)
    if headline.change is None:
        return f"no settled reading in the {quarter}"
    rounded = round(headline.change, 1)
    if rounded == 0:
        return f"unchanged from the {quarter}"
    return f"{abs(rounded):.1f} {'above' if rounded > 0 else 'below'} the {quarter}"


def describe_peak(headline: Headline) -> str:
    """Return the distance to the highest settled quarters in words."""
    names = join_words([f"the {name_quarter(day)}" for day in headline.highest])
    one = len(headline.highest) == 1
    if headline.date in headline.highest:
        return "the highest quarter on record" if one else f"among the highest quarters: {names}"
    gap = round(headline.peak - headline.score, 1)
    return f"{gap:.1f} below {'the highest quarter' if one else 'the highest quarters'} ({format_score(headline.peak)}: {names})"


def join_words(words: Sequence[str]) -> str:
    """Return words as a list in a sentence."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def name_quarter(day: pd.Timestamp) -> str:
    """Return the name of a quarter, as in 3rd quarter of 2026."""
    return f"{('1st', '2nd', '3rd', '4th')[day.quarter - 1]} quarter of {day.year}"


def name_day(day: pd.Timestamp) -> str:
    """Return the name of the quarter that a day ends, or else the day, as in 31 Mar 2025."""
    return name_quarter(day) if day.is_quarter_end else format_date(day)


def name_quarters(start: pd.Timestamp, end: pd.Timestamp) -> str:
    """Return the name of a stretch of quarters given by any two days in its first and last: a year where it is one."""
    first, last = start.to_period("Q"), end.to_period("Q")
    if first == last:
        return f"the {name_quarter(end)}"
    if first.year == last.year and (first.quarter, last.quarter) == (1, 4):
        return str(first.year)
    return f"the {name_quarter(start)} to the {name_quarter(end)}"


def describe_hidden(blindness: Blindness, embargo: bool) -> str:
    """Return in a sentence what a reader does not see, and until when."""
    quarters = join_words([f"the {name_quarter(end)}" for end in blindness.hidden])
    reviewed = "its coders have reviewed it" if len(blindness.hidden) == 1 else "their coders have reviewed them"
    if blindness.reader == PUBLIC:
        return f"Scores of {quarters} are shown once {reviewed}."
    scope = "nobody else sees any" if embargo else "readers who are not signed in as coders see all"
    return f"For {quarters} you see your own scores alone until {reviewed}; {scope}."


def describe_test(claim: Mapping[Any, Any], dataset: Dataset) -> str:
    """Return in words what must hold for a claim; empty for one without a test."""
    if not claim["subject"]:
        return ""
    names = [dataset.title(id) for id in split_ids(claim["subject"])]
    span = name_quarters(claim["start"], claim["end"])
    during = f"from {span}" if " to " in span else f"in {span}"
    before = "" if pd.isna(claim["before_start"]) else name_quarters(claim["before_start"], claim["before_end"])
    amount = "" if pd.isna(claim["threshold"]) else f"{claim['threshold']:g}"
    return {
        "rises": f"The mean of {names[0]} {during} is at least {amount} above that of {before}",
        "falls": f"The mean of {names[0]} {during} is at least {amount} below that of {before}",
        "remains": f"The mean of {names[0]} {during} is not more than {amount} below that of {before}",
        "both_rise": f"The means of {names[0]} and of {names[-1]} {during} are each at least {amount} above those of {before}",
        "averages_above": f"The mean of {names[0]} {during} is at least {amount}",
        "averages_below": f"The mean of {names[0]} {during} is at most {amount}",
        "stays_above": f"{names[0]} is at least {amount} in every quarter: {span}",
        "stays_below": f"{names[0]} is at most {amount} in every quarter: {span}",
        "highest_since": f"The mean of {names[0]} {during} is at or above every quarter of {before}",
        "lowest_since": f"The mean of {names[0]} {during} is at or below every quarter of {before}",
        "larger_than": f"{names[0]} is on average at least {amount} above {names[-1]} {during}",
        "moves_together": f"{names[0]} and {names[-1]} have a rank correlation of at least {amount} {during}",
        "varies": f"The highest and the lowest quarter of {names[0]} {during} are at least {amount} apart",
    }[claim["test"]]


def describe_verdict(judged: Mapping[Any, Any]) -> str:
    """Return a claim's verdict with the share of draws in which its test holds, or why it cannot be judged."""
    if pd.isna(judged["probability"]):
        return f"{judged['verdict']}: {judged['why']}"
    share = f"the test holds in {share_of(judged['probability'])}"
    if judged["verdict"] == PARTLY:
        return f"{PARTLY}; the part that is tested: {judged['tested']} ({share})"
    return f"{judged['verdict']}: {share}"


def describe_stability(judged: Mapping[Any, Any]) -> str:
    """Return how the verdict fares with other thresholds and quarters, and how often the test holds anyway."""
    if pd.isna(judged["probability"]):
        return ""
    names = {
        "lower": "with the threshold half a point easier",
        "higher": "half a point harder",
        "earlier": "a quarter earlier",
        "later": "a quarter later",
    }
    known = [f"{words}: {judged[name]}" for name, words in names.items() if judged[name]]
    text = "; ".join(known)
    if not pd.isna(judged["elsewhere"]):
        held = f"the test holds in {judged['elsewhere']} of {judged['windows']} periods of as many quarters"
        text = f"{text}; {held}" if text else held
    return f"{text[0].upper()}{text[1:]}." if text else ""


def describe_confidence(judged: Mapping[Any, Any]) -> str:
    """Return how far a verdict can be relied on, and why; empty where there is none."""
    if not judged["confidence"]:
        return ""
    reasons = ["the test covers the sentence only in part" if judged["untested"] else "the test covers the sentence"]
    if not pd.isna(judged["evidence"]):
        reasons.append(f"{format_share(judged['evidence'])} of the cited events are well sourced")
    known = [judged[name] for name in ("lower", "higher", "earlier", "later") if judged[name]]
    turned = sum(verdict != decide_verdict(judged["probability"]) for verdict in known)
    reasons.append(f"the verdict turns in {turned} of {len(known)} variants" if turned else "the verdict is stable")
    return f"Confidence {judged['confidence']}: {', '.join(reasons)}."


def name_quantity(test: str) -> str:
    """Return what a test measures."""
    return {
        "rises": "rise",
        "falls": "fall",
        "remains": "change",
        "both_rise": "smaller rise of the two",
        "averages_above": "mean",
        "averages_below": "mean",
        "stays_above": "lowest quarter",
        "stays_below": "highest quarter",
        "larger_than": "mean difference",
        "moves_together": "rank correlation",
        "varies": "highest less lowest quarter",
        "highest_since": "distance to the highest earlier quarter",
        "lowest_since": "distance to the lowest earlier quarter",
    }[test]


def describe_quantity(judged: Mapping[Any, Any]) -> str:
    """Return what the test of a claim measured on the readings."""
    if pd.isna(judged["value"]):
        return ""
    return f"{name_quantity(judged['test']).capitalize()}: {judged['value']:.2f}.".replace("-", "−")


def describe_change_probability(change: Change) -> str:
    """Return in which share of the draws a reading changed."""
    if math.isnan(change.up):
        return ""
    if change.zero == 1:
        return "No assessment changed, so the two readings use the same scores."
    likelier, word = max((change.up, "rose"), (change.down, "fell"))
    return f"The scores {word} in {share_of(likelier)}."


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


def describe_survival(survival: Survival) -> str:
    """Return in which share of the cases a sentence holds, and what was not varied."""
    by = survival.by
    return (
        f"holds in {share_of(by['draws'])}, {share_of(by['weights'], 'weights')}, {share_of(by['means'], 'means')}, "
        f"{share_of(by['coders'], 'coders')}; in {share_of(survival.share, 'cases')} with all of them varied together. "
        f"Not varied: {join_words(NOT_VARIED)}"
    )


def describe_breaking(dataset: Dataset, breaking: BreakingWeights) -> str:
    """Return the smallest change of weights that breaks a headline, in words."""
    if breaking.weights is None or breaking.why:
        return breaking.why
    shares = ", ".join(f"{dataset.title(str(id))} {format_share(share)}" for id, share in breaking.weights.items())
    return f"The smallest change of weights that reverses it moves {100 * breaking.distance / 2:.1f} % of the weight: {shares}."


def describe_own_weights(headline: Headline, published: Headline, dataset: Dataset, panel: Panel) -> str:
    """Return that the index stands on a reader's weights or mean, and how far that is from the published one."""
    shares = 100 * panel.weights.dimensions / panel.weights.dimensions.sum()
    weights = ", ".join(f"{dataset.title(str(id))} {share:.0f} %" for id, share in shares.items())
    return (
        f"This view uses your weights ({weights}) and the {panel.mean} mean. The index stands at "
        f"{format_score(headline.score, 2)}; with the published weights and the arithmetic mean at "
        f"{format_score(published.score, 2)} ({format_change(headline.score - published.score, 2)})."
    )
