"""How sure what a page shows is, in one place: interval, shared doubt, who scored and when, what it is held against.

Its subject is a reading, a change of the index, a fan, or a list of events.
"""

import math

import pandas as pd

from indicators.measures.change.doubt import ChangeDoubt
from indicators.measures.headline import Headline
from indicators.measures.index import BANDS
from indicators.measures.narrative.robustness import NOT_VARIED
from indicators.measures.outside.validity import WHOLE
from indicators.measures.panel import Panel
from indicators.measures.quarters import CITED, members_of, tell_evidence
from indicators.show.text.outlook.projection import describe_crps, describe_off
from indicators.show.text.outside.validity import format_correlation
from indicators.show.text.words import count_words, format_change, format_date, format_score, join_words

SHARED = {
    "own": "the doubt in each score taken as its own",
    "partly": "part of the doubt in the scores taken as common to them",
    "strongly": "most of the doubt in the scores taken as common to them",
}
"""What the setting of shared doubt means."""


def list_certainty(
    panel: Panel, headline: Headline, ends: tuple[float, float] | None, percent: int, validity: pd.DataFrame
) -> list[str]:
    """Return how sure the newest settled reading of a subject is, a sentence or two for each ground.

    ``ends`` are those of its interval, ``validity`` the table of ``measure_validity``.
    """
    members = members_of(panel, headline.id)
    rows = panel.effective[panel.effective["indicator"].isin(members)]
    return [
        _describe_ends(panel, ends, percent),
        _describe_scoring(panel, rows),
        _describe_evidence(panel, headline, rows),
        _describe_outside(panel, {headline.id, *members}, validity, "levels"),
        _describe_turn(headline),
    ]


def list_change_certainty(panel: Panel, doubt: ChangeDoubt, percent: int, validity: pd.DataFrame) -> list[str]:
    """Return how sure a change of the index is, a sentence or two for each ground.

    ``validity`` is the table of ``measure_validity``.
    """
    return [
        _describe_change_ends(panel, doubt, percent),
        _describe_coders(doubt),
        _describe_scoring(panel, doubt.rows),
        _describe_change_evidence(panel, doubt),
        _describe_outside(panel, {"index", *panel.dataset.dimensions.index}, validity, "changes"),
        _describe_undoing(doubt, len(panel.dataset.indicators)),
    ]


def list_fan_certainty(
    panel: Panel,
    headline: Headline,
    ends: tuple[float, float] | None,
    percent: int,
    record: pd.DataFrame,
    largest: tuple[pd.Timestamp, float] | None,
) -> list[str]:
    """Return how sure a fan is, a sentence or two for each ground.

    ``ends`` are those of the interval of the reading from which it starts, ``record`` the table of ``score_fans``,
    ``largest`` the largest move among those that are drawn.
    """
    rows = panel.effective[panel.effective["indicator"].isin(members_of(panel, headline.id))]
    start = (
        "it has no interval in this view"
        if ends is None
        else f"its {percent} % interval is {format_score(ends[0])} to {format_score(ends[1])}, {SHARED[panel.doubt]}"
    )
    row = record.iloc[-1]
    past = "There is too little history for a hindcast."
    if row["origins"]:
        past = (
            f"Of {count_words(int(row['origins']), 'hindcast')} over {int(row['months'])} months, {int(row['inside_80'])} had "
            f"the outcome within the 80 % interval; only {int(row['apart'])} of them cover separate periods. "
            f"{describe_off(record)}"
        )
    beyond = ""
    if largest is not None:
        beyond = (
            f" A quarter that moves the index by more than {format_score(abs(largest[1]))} points, the largest change in "
            "the simulation, would go beyond what it repeats."
        )
    return [
        "The projection contains how far quarters have moved, not the doubt in the scores. It starts from the reading of "
        f"{format_date(headline.date)}, {format_score(headline.score)}; {start}.",
        past,
        *([describe_crps(record)] if row["origins"] else []),
        _describe_scoring(panel, rows),
        f"The projection starts anew with the next review, due on {format_date(headline.due)}.{beyond}",
    ]


def list_events_certainty(events: pd.DataFrame, cited: int, quiet: tuple[int, int]) -> list[str]:
    """Return how sure a list of events is, each act once, a sentence or two for each ground.

    ``cited`` counts those that an assessment in force cites, ``quiet`` the quarters of the indicators asked for without
    any event on record, and those of them that were searched.
    """
    number = len(events)
    if not number:
        return ["Nothing is listed, so nothing can be said of how sure it is."]
    good = int(events["reliability"].isin(["A", "B"]).sum())
    confirmed = int((events["credibility"] == "1").sum())
    weak = int((~events["reliability"].isin(["A", "B"]) & (events["credibility"] != "1")).sum())
    empty, searched = quiet
    gaps = (
        "Every whole quarter of the period has an event for each indicator."
        if not empty
        else f"{count_words(empty, 'quarter')} of single indicators {'has' if empty == 1 else 'have'} no event on record; "
        f"{searched} of them {'was' if searched == 1 else 'were'} searched from the first day to the last, and of the "
        "others nothing is known."
    )
    return [
        f"Of {count_words(number, 'event')} {good} {'is' if good == 1 else 'are'} from a source graded A or B, {confirmed} "
        f"{'is' if confirmed == 1 else 'are'} confirmed by another report; {weak} {'rests' if weak == 1 else 'rest'} on a "
        "source graded C or lower without confirmation.",
        "All are from one collection of evidence: how many there are says how much was searched and reported, not only "
        f"how much happened. {gaps}",
        f"{cited} of {number} {'is' if cited == 1 else 'are'} cited by an assessment in force; the others bear on no "
        "score. Scores are set by hand against the anchors of the codebook, not counted from events.",
        "Which effect an event has, and which records are of the same act, is the judgement of whoever entered it; "
        "a second report that confirms or denies it would change its grade.",
    ]


def _describe_change_ends(panel: Panel, doubt: ChangeDoubt, percent: int) -> str:
    return (
        f"{percent} % interval of the change {format_change(doubt.low, 2)} to {format_change(doubt.high, 2)}, "
        f"{SHARED[panel.doubt]}. Doubt that persists from quarter to quarter cancels in a change, doubt of each quarter’s "
        f"own does not; the wider of the two intervals is given. Not in it: {join_words(NOT_VARIED)}."
    )


def _describe_coders(doubt: ChangeDoubt) -> str:
    known = [f"{id} {format_change(amount, 2)}" for id, amount in doubt.by_coder.items() if not math.isnan(amount)]
    if len(doubt.by_coder) < 2:
        return "The scores are those of one coder."
    if not known:
        return "No coder alone has a reading of the index on both days."
    return f"By the scores of each coder alone: {join_words(known)}."


def _describe_change_evidence(panel: Panel, doubt: ChangeDoubt) -> str:
    said = [
        f"The quarter of {format_date(day)} is not settled: what is shown of that day is carried or open."
        for day in doubt.unsettled
    ]
    if doubt.quiet:
        names = join_words([panel.dataset.title(id) for id in doubt.quiet])
        said.append(
            f"For {names} an assessment behind the change rests on no event of its quarter: an absence of evidence, not calm."
        )
    elif len(doubt.rows):
        said.append("Each assessment behind the change rests on an event of its quarter.")
    return " ".join(said) or "No assessment lies behind the change."


def _describe_undoing(doubt: ChangeDoubt, number: int) -> str:
    if math.isnan(doubt.step) or not doubt.step:
        return "What would undo the change cannot be told in half points, since the mean is not arithmetic."
    step = format_score(doubt.step, 3)
    if round(abs(doubt.amount), 9) == 0:
        return f"Half a point in one indicator on one of the days would make a change of {step} points of it."
    needed = math.ceil(round(abs(doubt.amount) / doubt.step, 9))
    if needed > number:
        return (
            f"Half a point in one indicator on one of the days moves the index by up to {step}: even in all {number} "
            "indicators that would not undo the change."
        )
    return (
        f"Half a point in one indicator on one of the days moves the index by up to {step}: "
        f"{needed} of {number} indicators scored half a point otherwise would undo the change."
    )


def _describe_ends(panel: Panel, ends: tuple[float, float] | None, percent: int) -> str:
    if ends is None:
        return "It has no interval in this view."
    return (
        f"{percent} % interval {format_score(ends[0])} to {format_score(ends[1])}, {SHARED[panel.doubt]}. "
        f"Not in it: {join_words(NOT_VARIED)}."
    )


def _describe_scoring(panel: Panel, rows: pd.DataFrame) -> str:
    coders = sorted(map(str, rows["coder"].unique()))
    if rows.empty:
        return "No assessment was recorded for it."
    first, last = rows["recorded"].min(), rows["recorded"].max()
    said = [f"{id}: {str(panel.dataset.coders.at[id, 'description']).partition('. ')[0].rstrip('.')}." for id in coders]
    return (
        f"Recorded {format_date(first)} to {format_date(last)}; quarters that had ended before were scored in hindsight. "
        f"{' '.join(said)}"
    )


def _describe_evidence(panel: Panel, headline: Headline, rows: pd.DataFrame) -> str:
    reviews = rows[rows["date"] == headline.date]
    quiet = {
        str(row["indicator"])
        for row in reviews.to_dict("records")
        if tell_evidence(panel.dataset, str(row["indicator"]), row["date"], row["events"]) != CITED
    }
    if not quiet:
        return "Each review of that quarter cites an event of it."
    names = join_words([panel.dataset.title(id) for id in sorted(quiet)])
    return f"For {names} a review of that quarter cites no event of it: an absence of evidence, not calm."


def _describe_outside(panel: Panel, ids: set[str], validity: pd.DataFrame, comparison: str) -> str:
    rows = validity[
        validity["subject"].isin(ids)
        & (validity["comparison"] == comparison)
        & (validity["period"] == WHOLE)
        & validity["rho"].notna()
    ]
    if rows.empty:
        return "No outside series in the folder can be compared with it."
    told = [
        f"{row['series']} with {panel.dataset.title(str(row['subject']))} {format_correlation(float(row['rho']))}"
        for row in rows.to_dict("records")
    ]
    return f"Outside series by quarter, rank correlation of {comparison}: {join_words(told)}."


def _describe_turn(headline: Headline) -> str:
    low, high = next((low, high) for name, low, high in BANDS if name == headline.band)
    near = min((abs(headline.score - end), end) for end in (low, high) if 0 < end < 10)
    return (
        f"The band “{headline.band}” is {low:g} to {high:g}: a change of {near[0]:.1f} would move it to another band. "
        f"{'The' if headline.carried == 0 else count_words(headline.carried, 'quarter').capitalize() + ' passed without one; the'}"
        f" next review is due on {format_date(headline.due)}."
    )
