"""Fragments of pages that the app and the publication share."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
from markupsafe import Markup

from indicators.measures.headline import Headline
from indicators.measures.narrative.robustness import Survival
from indicators.measures.quarters import NOT_LOOKED, QUIET, UNCITED, tell_evidence
from indicators.measures.uncertainty.intervals import Change
from indicators.records.article import CLAIM_MARK, Article
from indicators.records.dataset import Dataset, split_ids
from indicators.records.problems import Report
from indicators.show.charts.marks import Turn
from indicators.show.charts.palette import css_colour
from indicators.show.charts.points import Point, list_widths
from indicators.show.links.parameters import add_event
from indicators.show.text.glossary import Term
from indicators.show.text.markup import fill_part, read_own
from indicators.show.text.narrative.article import Passage, number_claims
from indicators.show.text.words import (
    CREDIBILITY,
    EFFECTS,
    RELIABILITY,
    count_words,
    describe_change_probability,
    describe_confidence,
    describe_peak,
    describe_quantity,
    describe_stability,
    describe_survival,
    describe_test,
    describe_verdict,
    describe_year,
    format_date,
    format_score,
    name_quarter,
    subtract_shown,
)

NO_EVENT = {
    UNCITED: "no event of the quarter cited",
    QUIET: "no event of the quarter on record; searched",
    NOT_LOOKED: "no event of the quarter on record; not searched",
}
"""What is said where an assessment rests on no event of its quarter, by the kind of evidence."""
STYLE = read_own(Path(__file__).with_name("style.css"))
GLOSSARY = read_own(Path(__file__).with_name("glossary.js"))


def show_style(own: Markup) -> Markup:
    """Return the app's own style sheet, with the one that it shares with the publication behind it."""
    return fill_part("parts.html", "style", css=own + STYLE)


def show_script(script: Markup) -> Markup:
    """Return a script of this project's own as an element of a page."""
    return fill_part("parts.html", "script", script=script)


def show_paragraph(text: str, kind: str = "", terms: Sequence[str] = ()) -> Markup:
    """Return a paragraph; ``kind`` is its class in the style sheet, ``terms`` are those that it explains."""
    return fill_part("parts.html", "paragraph", text=text, kind=kind, terms=terms)


def show_sources(sentence: str) -> Markup:
    """Return a line in small letters, such as that below a chart which says where its facts are from."""
    return show_paragraph(sentence, "sources")


def show_lines(lines: Iterable[str]) -> Markup:
    """Return lines in small letters below each other."""
    return fill_part("parts.html", "lines", lines=lines)


def show_points(sentences: Iterable[str]) -> Markup:
    """Return sentences as a list."""
    return fill_part("parts.html", "points", sentences=sentences)


def show_reading(headline: Headline, name: str, age: str, interval: str = "") -> Markup:
    """Return the block that says where the index or a dimension stands now."""
    words = {"year": describe_year(headline), "peak": describe_peak(headline), "age": age}
    return fill_part("parts.html", "reading", headline=headline, name=name, interval=interval, **words)


def show_table(
    table: pd.DataFrame, formats: Mapping[str, Callable[[Any], str]] | None = None, caption: str = ""
) -> Markup:
    """Return a table; numbers are set right-aligned with one decimal, days in words, other cells as text."""
    formats = formats or {}
    numeric = {c for c in table if pd.api.types.is_numeric_dtype(table[c])}
    dates = {c for c in table if pd.api.types.is_datetime64_any_dtype(table[c])}

    def word(column: str, value: Any) -> str:
        if column in formats:
            return formats[column](value)
        if column in dates:
            return "–" if pd.isna(value) else format_date(pd.Timestamp(value))
        if column in numeric:
            return format_score(value)
        return "" if pd.isna(value) else str(value)

    rows = [
        [(word(column, value), column in numeric) for column, value in zip(table.columns, row, strict=True)]
        for row in table.itertuples(index=False)
    ]
    heads = [(str(column), column in numeric) for column in table]
    return fill_part("parts.html", "table", heads=heads, rows=rows, caption=caption)


def show_events(dataset: Dataset, events: pd.DataFrame, address: str = "") -> Markup:
    """Return events as a list, newest first: date, direction, fact, source with its two grades.

    With the ``address`` of the page Events each of them leads there.
    """
    shown = [
        (
            id,
            row,
            word_source(row),
            f"{dataset.title(row['indicator'])} · {EFFECTS[row['effect']]}",
            add_event(address, id) if address else "",
        )
        for id, row in zip(events.index[::-1], events[::-1].to_dict("records"), strict=True)
    ]
    return fill_part("parts.html", "events", events=shown)


def show_source(event: Mapping[Any, Any]) -> Markup:
    """Return an event's source as a link with its reliability and credibility, and its second report if there is one.

    The second address is called a confirmation only where the credibility says that it is one.
    """
    return fill_part("parts.html", "source", event=event, words=word_source(event))


def list_cited(cited: pd.DataFrame) -> list[tuple[dict[Any, Any], tuple[str, str]]]:
    """Return events that something rests on, each with the words of its source, for a template."""
    return [(event, word_source(event)) for event in cited.to_dict("records")]


def word_source(event: Mapping[Any, Any]) -> tuple[str, str]:
    """Return what an event's two grades mean, and the name of the host of its second report if there is one."""
    meaning = f"source {RELIABILITY[event['reliability']]}, fact {CREDIBILITY[event['credibility']]}"
    url = event["second_source_url"]
    return meaning, url and (urlsplit(url).hostname or url)


def show_assessment(dataset: Dataset, row: pd.Series, note: str = "") -> Markup:
    """Return one assessment: score, range, reason, and the events that it rests on."""
    cited = split_ids(row["events"])
    events = [(event, word_source(event)) for event in map(dataset.event_rows.__getitem__, cited)]
    parts = {"number": len({dataset.act_of[id] for id in cited}), "events": events}
    notes = [note, word_evidence(dataset, row) if pd.notna(row["score"]) else ""]
    return fill_part("parts.html", "assessment", row=row.to_dict(), note="; ".join(filter(None, notes)), **parts)


def word_evidence(dataset: Dataset, row: pd.Series) -> str:
    """Return that an assessment rests on no event of its quarter, and whether one was searched for; nothing where it does."""
    return NO_EVENT.get(tell_evidence(dataset, row["indicator"], row["date"], row["events"]), "")


def show_anchors(anchors: pd.DataFrame, score: float | None) -> Markup:
    """Return an indicator's anchors with the current score's place among them."""
    known = score is not None and pd.notna(score)
    rows = [
        (anchor, known and abs(score - anchor["score"]) <= 1)
        for anchor in anchors.sort_values("score", ascending=False).to_dict("records")
    ]
    return fill_part("parts.html", "anchors", anchors=rows, score=score)


def show_problems(report: Report, most: int = 200) -> Markup:
    """Return a report as people read it on a page."""
    lines = [str(problem) for problem in list(report)[:most]]
    rest = len(report) - len(lines)
    return fill_part("parts.html", "problems", problems=lines, rest=rest, summary=report.summary())


def show_attribution(article: Article) -> Markup:
    """Return which article it is, and by whom."""
    return fill_part("narrative.html", "attribution", article=article)


def show_article_paragraph(dataset: Dataset, passage: Passage) -> Markup:
    """Return a paragraph of the article with the numbers of its claims behind their sentences."""
    # Odd parts are claim ids: the pattern has one group.
    parts = CLAIM_MARK.split(passage.marked)
    return fill_part("narrative.html", "paragraph", parts=parts, numbers=number_claims(dataset))


def show_claim(dataset: Dataset, judged: Mapping[Any, Any], picture: str, alt: str) -> Markup:
    """Return a claim: its sentence, verdict and what is not tested, beside a small picture of what it is bound to.

    What the test is, and how it fares with other thresholds and quarters, is folded.
    """
    tested = f"{describe_test(judged, dataset)}. {describe_quantity(judged)}" if judged["subject"] else ""
    lines = (tested, describe_stability(judged), describe_confidence(judged))
    verdict = describe_verdict(judged)
    words = {
        "number": number_claims(dataset)[judged["claim"]],
        "verdict": f"{verdict[0].upper()}{verdict[1:]}{'' if verdict.endswith('.') else '.'}",
        "kinds": " ".join(str(judged.get(name) or "").replace(" ", "-") for name in ("verdict", "tested")),
        "untested": judged["untested"] if judged["subject"] else "",
        "lines": [line for line in lines if line],
    }
    return fill_part("narrative.html", "claim", judged=dict(judged), picture=picture, alt=alt, **words)


def show_claim_list(claims: Iterable[Markup], narrative: str) -> Markup:
    """Return claims below each other with the way to the whole narrative."""
    return fill_part("narrative.html", "claim_list", claims=claims, narrative=narrative)


def show_survival(sentence: str, survival: Survival) -> Markup:
    """Return how far a sentence about the index holds."""
    return fill_part("narrative.html", "survival", sentence=sentence, survival=describe_survival(survival))


def show_difference(dataset: Dataset, row: pd.Series) -> Markup:
    """Return two coders' assessments of one indicator side by side, with both rationales."""
    return fill_part("parts.html", "difference", row=row.to_dict(), title=dataset.title(row["indicator"]))


def show_change_sentence(
    before: tuple[pd.Timestamp, float], after: tuple[pd.Timestamp, float], digits: int, change: Change, events: str
) -> Markup:
    """Return by how much the index moved from one (day, reading) to another, how sure that is, and where its events are.

    Numbers have so many ``digits`` behind the point.
    """
    days = [f"the {name_quarter(day)}" if day.is_quarter_end else format_date(day) for day, _ in (before, after)]
    words = {
        "scores": (before[1], after[1]),
        "amount": subtract_shown(before[1], after[1], digits),
        "digits": digits,
        "probability": describe_change_probability(change),
    }
    return fill_part("parts.html", "change", days=days, events=events, **words)


def show_part(title: str, amount: float, rows: Iterable[Markup]) -> Markup:
    """Return one indicator's part of a change with the fragments of its rows."""
    return fill_part("parts.html", "part", title=title, amount=amount, rows=rows)


def show_opened(dataset: Dataset, id: str) -> Markup:
    """Return an event in full, with the assessments that cite it, newest first."""
    event = dataset.events.loc[id].to_dict()
    rows = dataset.assessments
    citing = rows[rows["events"].str.split(";").map(lambda cited: id in cited)].sort_values(
        ["date", "coder"], ascending=[False, True], kind="stable"
    )
    words = {
        "tag": f"{dataset.title(event['indicator'])} · {EFFECTS[event['effect']]} · {id}",
        "words": word_source(event),
        "rows": [(row, dataset.title(row["indicator"])) for row in citing.to_dict("records")],
    }
    return fill_part("parts.html", "opened", event=event, **words)


def show_multiples(
    headlines: Iterable[tuple[Headline, str, str, str, tuple[Markup, Markup], int]], extremes: str = ""
) -> Markup:
    """Return the dimensions' small charts from (headline, title, question, link, axes and line, position).

    ``extremes`` says which of them stand out.
    """
    tiles = [(*tile, css_colour(position)) for *tile, position in headlines]
    return fill_part("parts.html", "multiples", tiles=tiles, extremes=extremes)


def show_chart_key(title: str, number: int, percent: int, marks: Iterable[tuple[str, str]]) -> Markup:
    """Return the key of a chart: the line, of how many indicators it is the mean, each mark's kind with its meaning."""
    words = count_words(number, "indicator")
    return fill_part("parts.html", "chart_key", title=title, number=words, percent=percent, marks=marks)


def place_buttons(place: str, points: Sequence[Point]) -> Markup:
    """Return the style that lays the buttons of a group over the points of a chart."""
    return fill_part("parts.html", "place_buttons", place=place, points=zip(points, list_widths(points), strict=True))


def show_terms(terms: Iterable[Term]) -> Markup:
    """Return terms with their meanings as a list."""
    return fill_part("parts.html", "terms", terms=terms)


def show_turns(turns: Iterable[Turn]) -> Markup:
    """Return the turning points as the list that the numbers of a narrow chart refer to."""
    return fill_part("parts.html", "turns", turns=turns)


def hide_layouts(place: str, width: int, layouts: Mapping[str, tuple[list[int], list[int]]]) -> Markup:
    """Return the style by which a chart shows the one of its two layouts that fits its width."""
    return fill_part("parts.html", "hide_layouts", place=place, width=width, **layouts)
