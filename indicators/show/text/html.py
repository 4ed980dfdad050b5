"""Fragments of pages that the app and the publication share."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
from markupsafe import Markup

from indicators.measures.change.moves import Move, leading_causes, leading_reason
from indicators.measures.headline import Headline
from indicators.measures.narrative.robustness import Survival
from indicators.measures.quarters import lacks_event
from indicators.measures.uncertainty.intervals import Change
from indicators.records.article import CLAIM_MARK, Article
from indicators.records.dataset import Dataset, split_ids
from indicators.records.problems import Report
from indicators.show.charts.marks import Turn
from indicators.show.charts.palette import css_colour
from indicators.show.links.parameters import add_event
from indicators.show.text.article import Passage, number_claims
from indicators.show.text.markup import fill_part, read_own
from indicators.show.text.words import (
    CREDIBILITY,
    EFFECTS,
    RELIABILITY,
    describe_change_probability,
    describe_confidence,
    describe_peak,
    describe_quantity,
    describe_stability,
    describe_survival,
    describe_test,
    describe_verdict,
    describe_year,
    format_change,
    format_date,
    format_score,
    name_quarter,
)

NO_EVENT = "no event of the quarter on record"
STYLE = read_own(Path(__file__).with_name("style.css"))


def show_style() -> Markup:
    """Return the style sheet that the app and the publication share, for the app."""
    return fill_part("parts.html", "style", css=STYLE)


def show_script(script: Markup) -> Markup:
    """Return a script of this project's own as an element of a page."""
    return fill_part("parts.html", "script", script=script)


def show_paragraph(text: str, kind: str = "") -> Markup:
    """Return a paragraph; ``kind`` is its class in the style sheet."""
    return fill_part("parts.html", "paragraph", text=text, kind=kind)


def show_sources(sentence: str) -> Markup:
    """Return a line in small letters, such as that below a chart which says where its facts are from."""
    return show_paragraph(sentence, "sources")


def show_lines(lines: Iterable[str]) -> Markup:
    """Return lines in small letters below each other."""
    return fill_part("parts.html", "lines", lines=lines)


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
    cited = dataset.events.loc[split_ids(row["events"])]
    parts = {"number": dataset.count_acts(cited), "events": list_cited(cited)}
    notes = [note, NO_EVENT if pd.notna(row["score"]) and lacks_event(dataset, row["date"], row["events"]) else ""]
    return fill_part("parts.html", "assessment", row=row.to_dict(), note="; ".join(filter(None, notes)), **parts)


def show_anchors(anchors: pd.DataFrame, score: float | None) -> Markup:
    """Return an indicator's anchors with the current score's place among them."""
    known = score is not None and pd.notna(score)
    rows = [
        (anchor, known and abs(score - anchor["score"]) <= 1)
        for anchor in anchors.sort_values("score", ascending=False).to_dict("records")
    ]
    return fill_part("parts.html", "anchors", anchors=rows, score=score)


def show_passages(passages: Iterable[Passage]) -> Markup:
    """Return paragraphs of the article under their section titles."""
    return fill_part("narrative.html", "passages", passages=passages)


def show_moves_list(dataset: Dataset, moves: Iterable[Move]) -> Markup:
    """Return the numbered moves of the index with the indicators and the reason that weighed most in each.

    The reason names the indicator that it belongs to, and says where no event of the quarter is on record.
    """
    items = []
    for move in moves:
        causes = ", ".join(
            f"{dataset.title(row['indicator'] or row['dimension'])} {format_change(row['amount'], 2)}"
            for row in leading_causes(move).to_dict("records")
            if row["dimension"]
        )
        reason = leading_reason(move)
        said = ""
        if reason is not None and reason["rationale"]:
            quiet = lacks_event(dataset, reason["date"], reason["events"])
            said = f"{dataset.title(reason['indicator'])}: {reason['rationale']}{f' ({NO_EVENT})' if quiet else ''}"
        items.append((move, causes, said))
    return fill_part("parts.html", "moves", moves=items)


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
    """Return a claim: its sentence, verdict and test beside a small picture of what it is bound to."""
    tested = f"{describe_test(judged, dataset)}. {describe_quantity(judged)}" if judged["subject"] else ""
    untested = f"Not tested: {judged['untested']}" if judged["untested"] and judged["subject"] else ""
    lines = (tested, untested, describe_stability(judged), describe_confidence(judged))
    words = {
        "number": number_claims(dataset)[judged["claim"]],
        "verdict": describe_verdict(judged),
        "lines": [line for line in lines if line],
    }
    return fill_part("narrative.html", "claim", judged=dict(judged), picture=picture, alt=alt, **words)


def show_survival(sentence: str, survival: Survival) -> Markup:
    """Return how far a sentence about the index holds."""
    return fill_part("narrative.html", "survival", sentence=sentence, survival=describe_survival(survival))


def show_difference(dataset: Dataset, row: pd.Series) -> Markup:
    """Return two coders' assessments of one indicator side by side, with both rationales."""
    return fill_part("parts.html", "difference", row=row.to_dict(), title=dataset.title(row["indicator"]))


def show_change_sentence(start: pd.Timestamp, end: pd.Timestamp, amount: float, change: Change) -> Markup:
    """Return by how much the index moved between two days, and how sure that is."""
    words = describe_change_probability(change)
    return fill_part("parts.html", "change", start=start, end=end, amount=amount, probability=words)


def show_causes_sentence(quarters: tuple[pd.Timestamp, pd.Timestamp], amount: float, causes: str, link: str) -> Markup:
    """Return what moved the index from one quarter to another, with a link to the full account."""
    names = [name_quarter(day) for day in quarters]
    return fill_part("parts.html", "causes", amount=amount, quarters=names, causes=causes, link=link)


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


def show_multiples(headlines: Iterable[tuple[Headline, str, str, tuple[Markup, Markup], int]]) -> Markup:
    """Return the dimensions' small charts from (headline, title, link, axes and line, position)."""
    return fill_part("parts.html", "multiples", tiles=[(*tile, css_colour(position)) for *tile, position in headlines])


def show_chart_key(title: str, percent: int, marks: Iterable[tuple[str, str]]) -> Markup:
    """Return the key of a chart in one line: the line, and each mark's kind with what it means."""
    return fill_part("parts.html", "chart_key", title=title, percent=percent, marks=marks)


def show_turns(turns: Iterable[Turn]) -> Markup:
    """Return the turning points as the list that the numbers of a narrow chart refer to."""
    return fill_part("parts.html", "turns", turns=turns)


def hide_layouts(place: str, width: int, layouts: Mapping[str, tuple[list[int], list[int]]]) -> Markup:
    """Return the style by which a chart shows the one of its two layouts that fits its width."""
    return fill_part("parts.html", "hide_layouts", place=place, width=width, **layouts)
