"""The first screen in words: the finding, what moved it, how sure and how fresh it is, and the article's claims."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
from markupsafe import Markup

from indicators.measures.change.moves import Cause, Move, share_explained
from indicators.measures.headline import Headline
from indicators.measures.index import BANDS
from indicators.measures.narrative.claims import PARTLY, VERDICTS, count_verdicts
from indicators.measures.narrative.robustness import NOT_VARIED
from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset, split_ids
from indicators.show.text.html import NO_EVENT, word_source
from indicators.show.text.markup import fill_part
from indicators.show.text.words import (
    format_change,
    format_score,
    join_words,
    name_quantity,
    name_quarter,
)

SHORT_FACT = 54
"""Letters of a fact that stand for it in a sentence."""

SHORT_DESCRIPTION = 43
MOST_CITED = 4
MOST_TOLD = 3
"""Causes of a listed move that are told with their events."""

CLAIMS = 6
"""Claims that are shown; narrower pages leave out the last of them."""

METHOD = "Method of aggregation"

Address = Callable[[str], str]
"""Gives the address of an event by its id; an empty one for none."""


class Claims(NamedTuple):
    """The article's claims in brief: how many have each verdict, and some of them as (id, text, verdict, reason)."""

    counts: Sequence[tuple[str, int]]
    shown: Sequence[tuple[str, str, str, str]]


def describe_finding(headline: Headline) -> str:
    """Return the headline: the band, and how the reading compares with that of a year before."""
    band = headline.band.capitalize()
    if headline.change is None:
        return band
    rounded = round(headline.change, 1)
    if rounded == 0:
        return f"{band}, and level with a year ago"
    return f"{band}, and {abs(rounded):.1f} {'above' if rounded > 0 else 'below'} a year ago"


def describe_standing(headline: Headline) -> str:
    """Return how the reading compares with a year before, the quarter before and the highest quarters."""
    parts = []
    for words, day, score, change in (
        ("a year before", headline.year_ago, headline.year_ago_score, headline.change),
        (f"the {name_quarter(headline.quarter_ago)}", headline.quarter_ago, headline.quarter_ago_score,
         headline.quarter_change),
    ):  # fmt: skip
        if change is None or score is None:
            parts.append(f"the {name_quarter(day)} is not settled")
            continue
        rounded = round(change, 1)
        moved = "level with" if rounded == 0 else f"{'up' if rounded > 0 else 'down'} {abs(rounded):.1f} on"
        parts.append(f"{moved} {words}" + (f" ({format_score(score)})" if day == headline.year_ago else ""))
    return f"{', '.join(parts)}; {_describe_highest(headline)}."


def _describe_highest(headline: Headline) -> str:
    names = join_words(_name_quarters(headline.highest))
    one = len(headline.highest) == 1
    if headline.date in headline.highest:
        return "the highest quarter on record" if one else f"among the highest quarters ({names})"
    gap = round(headline.peak - headline.score, 1)
    return f"{gap:.1f} below the highest quarter{'' if one else 's'} ({names}: {format_score(headline.peak)})"


def _name_quarters(days: Sequence[pd.Timestamp]) -> list[str]:
    """The names of quarters in a list, the word only with the first."""
    names = [name_quarter(day) for day in days]
    return [names[0], *(name.replace(" quarter", "") for name in names[1:])]


def shorten(text: str, letters: int) -> str:
    """Return the beginning of a text, ended where a clause or else a word ends, with an ellipsis."""
    if len(text) <= letters:
        return text
    head = text[: letters + 1]
    clause = max(head.rfind(mark) for mark in (", ", "; ", ": ", " ("))
    place = clause if clause > letters * 0.6 else head.rfind(" ")
    return f"{head[: place if place > 0 else letters].rstrip(' ,;:.–(')}…"


def name_event(dataset: Dataset, id: str) -> str:
    """Return an event in a few words: its name on the chart where it has one, else the beginning of its fact."""
    if id in dataset.turning_points.index:
        return str(dataset.turning_points.at[id, "label"])
    return shorten(str(dataset.events.at[id, "fact"]), SHORT_FACT)


def name_cause(dataset: Dataset, cause: Cause) -> str:
    """Return the title of what a cause is about."""
    id = cause.indicator or cause.dimension
    return dataset.title(id) if id else METHOD


def _word_cause(dataset: Dataset, cause: Cause, address: Address) -> dict[str, Any]:
    """A cause for a template: its name and amount, and its event with what it says."""
    words = ""
    if cause.quiet:
        words = NO_EVENT[cause.evidence]
    elif cause.event and not cause.agrees and dataset.events["effect"][cause.event] != "context":
        words = "milder than before" if cause.amount < 0 else "less relief than before"
    return {
        "name": name_cause(dataset, cause),
        "amount": cause.amount,
        "words": words,
        "event": name_event(dataset, cause.event) if cause.event else "",
        "fact": str(dataset.events.at[cause.event, "fact"]) if cause.event else "",
        "day": dataset.events["date"][cause.event] if cause.event else None,
        "address": address(cause.event) if cause.event else "",
    }


def show_standing(headline: Headline, ends: tuple[float, float] | None, percent: int) -> Markup:
    """Return the reading as a large number with its interval, and what it is compared with."""
    interval = "" if ends is None else f"{format_score(ends[0])} to {format_score(ends[1])}"
    words = {"interval": interval, "percent": percent, "standing": describe_standing(headline)}
    return fill_part("overview.html", "standing", headline=headline, **words)


def show_why(dataset: Dataset, move: Move | None, causes: Sequence[Cause], account: str, address: Address) -> Markup:
    """Return what moved the index since an earlier quarter: causes with their events, and the way to the account.

    Without a move it says that there is nothing to compare with.
    """
    if move is None:
        return fill_part("overview.html", "why", change="", along=[], against=[], account="", rest="")
    ahead = 1 if move.amount >= 0 else -1
    parts = [(cause.amount * ahead < 0, _word_cause(dataset, cause, address)) for cause in causes]
    return fill_part(
        "overview.html",
        "why",
        change=describe_move(move),
        along=[words for against, words in parts if not against],
        against=[words for against, words in parts if against],
        account=account,
        rest=describe_rest(move, causes),
    )


def describe_move(move: Move) -> str:
    """Return by how much, and since which quarter, the index moved."""
    rounded = round(move.amount, 1)
    moved = f"{'up' if rounded > 0 else 'down'} {abs(rounded):.1f} on" if rounded else "level with"
    return f"{moved} the {name_quarter(move.since)}"


def describe_rest(move: Move, causes: Sequence[Cause]) -> str:
    """Return how much of a move some causes make where that is less than two thirds; else nothing."""
    share = share_explained(move, causes)
    if abs(move.amount) < 0.05 or share >= 2 / 3 - 1e-9:
        return ""
    made = sum(cause.amount for cause in causes)
    return f"Together these make {format_change(made, 2)} of {format_change(move.amount, 2)}."


def describe_doubt(dataset: Dataset, headline: Headline, coders: Iterable[str]) -> list[str]:
    """Return what the interval does not hold, within which bounds the band's name stays, and who scored."""
    low, high = next((low, high) for name, low, high in BANDS if name == headline.band)
    said = [f"Not in it: {join_words(NOT_VARIED)}.", f"“{headline.band.capitalize()}” is {low:g} to {high:g}."]
    ids = list(coders)
    if not ids:
        return said
    first = shorten(str(dataset.coders.at[ids[0], "description"]), SHORT_DESCRIPTION)
    return [*said, f"Scored by {join_words([f'{ids[0]} (“{first}”)', *ids[1:]])}."]


def show_doubt(
    ends: tuple[float, float] | None, percent: int, sentences: Sequence[str], outside: str, age: str
) -> Markup:
    """Return how sure the reading is and how fresh, in two paragraphs."""
    interval = "no interval" if ends is None else f"{format_score(ends[0])} to {format_score(ends[1])}"
    return fill_part(
        "overview.html", "doubt", interval=interval, percent=percent, sentences=sentences, outside=outside, age=age
    )


def show_account(
    dataset: Dataset, move: Move, causes: Sequence[Cause], title: str, account: str, address: Address
) -> Markup:
    """Return the account of one quarter: each cause with its amount, its reason and the events that it rests on."""
    items = []
    for cause in causes:
        first = cause.rows.iloc[0]
        cited = [id for id in split_ids(first["events"]) if id in dataset.events.index]
        within = [id for id in cited if move.since < dataset.events["date"][id] <= move.date]
        ordered = [*(id for id in within if id == cause.event), *(id for id in within if id != cause.event)]
        rows = dataset.events.loc[ordered[:MOST_CITED]].to_dict("index")
        events = [(row, word_source(row), address(str(id))) for id, row in rows.items()]
        items.append((_word_cause(dataset, cause, address), first["rationale"], first["coder"], events))
    return fill_part(
        "overview.html",
        "account",
        title=title,
        move=move,
        causes=items,
        account=account,
        made=sum(cause.amount for cause in causes),
    )


def show_moves(dataset: Dataset, moves: Iterable[tuple[Move, Sequence[Cause], str]], address: Address) -> Markup:
    """Return the largest moves with the causes that explain each of them; (move, causes, address of the account)."""
    items = []
    for move, causes, account in moves:
        first = causes[0].rows.iloc[0] if causes else None
        reason = (
            f"{name_cause(dataset, causes[0])}: {first['rationale']}"
            if first is not None and first["rationale"]
            else ""
        )
        told = [_word_cause(dataset, cause, address) for cause in causes]
        words = [*told[:MOST_TOLD], *(cause | {"event": ""} for cause in told[MOST_TOLD:])]
        items.append((move, words, reason, describe_rest(move, causes), account))
    return fill_part("overview.html", "moves", moves=items)


def choose_claims(verdicts: pd.DataFrame, most: int = CLAIMS) -> Claims:
    """Return how many claims have each verdict, and some to show: one of each verdict before a second of any.

    Of claims with the same verdict those with the higher confidence come first, then those that come first in the article.
    """
    rank = {"high": 0, "moderate": 1, "low": 2}
    rows = verdicts[verdicts["subject"] != ""]
    ordered = rows.assign(
        kind=rows["verdict"].map(VERDICTS.index),
        trust=rows["confidence"].map(lambda confidence: rank.get(confidence, 3)),
    ).sort_values("trust", kind="stable")
    ordered = ordered.assign(turn=ordered.groupby("verdict").cumcount()).sort_values(["turn", "kind"], kind="stable")
    shown = [
        (row["claim"], row["text"], row["verdict"], describe_reason(row))
        for row in ordered.head(most).to_dict("records")
    ]
    return Claims(list(count_verdicts(verdicts).items()), shown)


def describe_reason(judged: Mapping[Any, Any]) -> str:
    """Return in one line why a claim has its verdict: what was measured against what the test asks for."""
    if pd.isna(judged["value"]):
        return str(judged["why"])
    digits = 2 if judged["test"] == "moves_together" else 1
    found = f"{name_quantity(judged['test']).capitalize()} {judged['value']:.{digits}f}".replace("-", "−")
    asked = "" if pd.isna(judged["threshold"]) else f"; {_ask(judged)} {judged['threshold']:g}"
    tested = f"What is tested is {judged['tested']}: " if judged["verdict"] == PARTLY else ""
    return f"{tested}{found[0].lower() if tested else found[0]}{found[1:]}{asked}."


def _ask(judged: Mapping[Any, Any]) -> str:
    if judged["test"] == "remains":
        return "allowed: a fall of"
    at_most = judged["test"] in ("averages_below", "stays_below")
    return "needed: at most" if at_most else "needed: at least"


def show_claims_brief(dataset: Dataset, claims: Claims, narrative: str, address: Address) -> Markup:
    """Return the article with the counts of its verdicts as one bar, and some of its claims with the reason of each."""
    article = dataset.article
    shown = [(address(id), text, verdict, reason) for id, text, verdict, reason in claims.shown]
    return fill_part(
        "overview.html",
        "claims",
        title=article.title,
        about=article.attribution.partition(". ")[0].rstrip("."),
        total=sum(number for _, number in claims.counts),
        counts=claims.counts,
        shown=shown,
        narrative=narrative,
    )


def describe_extremes(dataset: Dataset, headlines: Iterable[Headline]) -> str:
    """Return which dimension is the most tense, and which changed most in a year."""
    known = list(headlines)
    if not known:
        return ""
    top = max(known, key=lambda headline: headline.score)
    text = f"Most tense: {dataset.title(top.id)}."
    changed = [headline for headline in known if headline.change]
    if changed:
        most = max(changed, key=lambda headline: abs(headline.change or 0))
        text += f" Most changed in a year: {dataset.title(most.id)} ({format_change(most.change)})."
    return text


def list_coders(panel: Panel) -> list[str]:
    """Return the coders whose assessments count."""
    return sorted(map(str, panel.effective["coder"].unique()))
