"""How sure a dimension's reading is, in one place: interval, shared doubt, who scored and when, outside series."""

import pandas as pd

from indicators.measures.headline import Headline
from indicators.measures.index import BANDS
from indicators.measures.narrative.robustness import NOT_VARIED
from indicators.measures.outside.validity import WHOLE
from indicators.measures.panel import Panel
from indicators.measures.quarters import CITED, members_of, tell_evidence
from indicators.show.text.validity import format_correlation
from indicators.show.text.words import count_words, format_date, format_score, join_words

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
        _describe_outside(panel, {headline.id, *members}, validity),
        _describe_turn(headline),
    ]


def _describe_ends(panel: Panel, ends: tuple[float, float] | None, percent: int) -> str:
    if ends is None:
        return "It has no interval in this view."
    return (
        f"{percent} % interval {format_score(ends[0])} to {format_score(ends[1])}, {SHARED[panel.doubt]}. "
        f"Not in it: {join_words(NOT_VARIED)}."
    )


def _describe_scoring(panel: Panel, rows: pd.DataFrame) -> str:
    coders = sorted(map(str, rows["coder"].unique()))
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
        return "Each review of that quarter rests on an event of it."
    names = join_words([panel.dataset.title(id) for id in sorted(quiet)])
    return f"For {names} a review of that quarter rests on no event of it: an absence of evidence, not calm."


def _describe_outside(panel: Panel, ids: set[str], validity: pd.DataFrame) -> str:
    rows = validity[
        validity["subject"].isin(ids)
        & (validity["comparison"] == "levels")
        & (validity["period"] == WHOLE)
        & validity["rho"].notna()
    ]
    if rows.empty:
        return "No outside series in the folder can be compared with it."
    told = [
        f"{row['series']} with {panel.dataset.title(str(row['subject']))} {format_correlation(float(row['rho']))}"
        for row in rows.to_dict("records")
    ]
    return f"Outside series by quarter, rank correlation of levels: {join_words(told)}."


def _describe_turn(headline: Headline) -> str:
    low, high = next((low, high) for name, low, high in BANDS if name == headline.band)
    near = min((abs(headline.score - end), end) for end in (low, high) if 0 < end < 10)
    return (
        f"The band “{headline.band}” is {low:g} to {high:g}: a change of {near[0]:.1f} would move it to another band. "
        f"{'The' if headline.carried == 0 else count_words(headline.carried, 'quarter').capitalize() + ' passed without one; the'}"
        f" next review is due on {format_date(headline.due)}."
    )
