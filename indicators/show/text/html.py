"""HTML fragments that the app and the publication share; every text from the data is escaped here."""

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from indicators.measures.change.moves import Move, leading_causes, leading_reason
from indicators.measures.headline import Headline
from indicators.records.article import CLAIM_MARK
from indicators.records.dataset import Dataset, split_ids
from indicators.records.problems import Report
from indicators.show.charts.palette import DARK, LIGHT
from indicators.show.text.article import Passage, number_claims
from indicators.show.text.words import (
    CREDIBILITY,
    EFFECTS,
    RELIABILITY,
    count_words,
    describe_peak,
    describe_quantity,
    describe_test,
    describe_verdict,
    describe_year,
    escape_html,
    format_change,
    format_date,
    format_score,
)

STYLE = Path(__file__).with_name("style.css").read_text(encoding="utf-8")


def css_colour(position: int | None) -> str:
    """Return a colour that follows the page's light or dark scheme: a dimension's, or the index's without position."""
    if position is None:
        return f"light-dark({LIGHT.index}, {DARK.index})"
    return f"light-dark({LIGHT.dimension(position)}, {DARK.dimension(position)})"


def show_reading(headline: Headline, name: str, age: str, interval: str = "") -> str:
    """Return the block that says where the index or a dimension stands now."""
    return (
        '<section class="reading"><p class="figure">'
        f'<span class="number">{format_score(headline.score)}</span>'
        f'<span class="band">{headline.band}</span></p>'
        f'<p class="statement">On {format_date(headline.date)} {escape_html(name)} stood at {format_score(headline.score)} of 10'
        f"{escape_html(interval)}: {describe_year(headline)}, {describe_peak(headline)}.</p>"
        f'<p class="age">{age}</p></section>'
    )


def show_sources(sentence: str) -> str:
    """Return the line below a chart that says where its facts are from."""
    return f'<p class="sources">{escape_html(sentence)}</p>'


def show_tiles(headlines: Iterable[tuple[Headline, str, str, str, int]]) -> str:
    """Return the dimensions' tiles from (headline, title, link, sparkline, position)."""
    tiles = [
        f'<a class="tile" href="{escape_html(link)}" target="_self" style="--line:{css_colour(position)}">'
        f'<span class="title">{escape_html(title)}</span>'
        f'<span class="row"><span class="number">{format_score(h.score)}</span>'
        f'<span class="change">{format_change(h.change)}<small> in a year</small></span></span>'
        f'<span class="spark" style="mask-image:url(data:image/svg+xml;base64,{b64encode(spark.encode()).decode()})"></span>'
        f'<span class="band">{h.band}</span></a>'
        for h, title, link, spark, position in headlines
    ]
    return f'<nav class="tiles" aria-label="Dimensions">{"".join(tiles)}</nav>'


def show_table(
    table: pd.DataFrame, formats: Mapping[str, Callable[[Any], str]] | None = None, caption: str = ""
) -> str:
    """Return a table; numbers are set right-aligned with one decimal, days in words, other cells as text."""
    formats = formats or {}
    numeric = {c for c in table if pd.api.types.is_numeric_dtype(table[c])}
    dates = {c for c in table if pd.api.types.is_datetime64_any_dtype(table[c])}

    def cell(column: str, value: Any) -> str:
        if column in formats:
            text = formats[column](value)
        elif column in dates:
            text = "–" if pd.isna(value) else format_date(pd.Timestamp(value))
        elif column in numeric:
            text = format_score(value)
        else:
            text = "" if pd.isna(value) else str(value)
        kind = ' class="n"' if column in numeric else ""
        return f"<td{kind}>{escape_html(text)}</td>"

    head = "".join(f'<th scope="col"{" class=n" if c in numeric else ""}>{escape_html(str(c))}</th>' for c in table)
    rows = [
        "".join(cell(c, v) for c, v in zip(table.columns, row, strict=True)) for row in table.itertuples(index=False)
    ]
    note = f"<caption>{escape_html(caption)}</caption>" if caption else ""
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape_html(caption or "Table")}">'
        f"<table>{note}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def show_events(dataset: Dataset, events: pd.DataFrame) -> str:
    """Return events as a list, newest first: date, direction, fact, source with its two grades."""
    if events.empty:
        return '<p class="empty">No event in this period.</p>'
    items = [
        f'<li id="{escape_html(str(id))}"><span class="when">{format_date(row["date"])}</span>'
        f'<span class="what">{escape_html(row["fact"])} {show_source(row)}'
        f'<span class="tag">{escape_html(dataset.title(row["indicator"]))} · {EFFECTS[row["effect"]]} · {escape_html(str(id))}</span>'
        "</span></li>"
        for id, row in zip(events.index[::-1], events[::-1].to_dict("records"), strict=True)
    ]
    return f'<ul class="events">{"".join(items)}</ul>'


def show_source(event: Mapping[Any, Any]) -> str:
    """Return an event's source as a link with its reliability and credibility, and its second report if there is one.

    The second address is called a confirmation only where the credibility says that it is one.
    """
    grade = f"{event['reliability']}{event['credibility']}"
    meaning = f"source {RELIABILITY[grade[0]]}, fact {CREDIBILITY[grade[1]]}"
    second = event["second_source_url"]
    also = ""
    if second:
        relation = "confirmed by" if event["credibility"] == "1" else "see also"
        also = f", {relation} {_show_link(second, urlsplit(second).hostname or second)}"
    return (
        f"{_show_link(event['source_url'], event['publisher'])}{also} "
        f'<abbr class="grade" title="{meaning}">{grade}</abbr>'
    )


def _show_link(url: str, text: str) -> str:
    return f'<a href="{escape_html(url)}" rel="noopener noreferrer nofollow" target="_blank">{escape_html(text)}</a>'


def show_assessment(dataset: Dataset, row: pd.Series, note: str = "") -> str:
    """Return one assessment: score, range, reason, and the events that it rests on."""
    cited = dataset.events.loc[split_ids(row["events"])]
    sources = "".join(
        f"<li>{format_date(event['date'])} — {escape_html(event['fact'])} {show_source(event)}</li>"
        for event in cited.to_dict("records")
    )
    extra = f'<span class="note">{escape_html(note)}</span>' if note else ""
    return (
        f'<article class="assessment"><header><span class="when">{format_date(row["date"])}</span>'
        f'<span class="score">{format_score(row["score"])}</span>'
        f'<span class="range">range {format_score(row["low"])}–{format_score(row["high"])}</span>'
        f'<span class="coder">coder {escape_html(row["coder"])}, recorded {format_date(row["recorded"])}</span>{extra}</header>'
        f"<p>{escape_html(row['rationale'])}</p>"
        f"<details><summary>{count_words(dataset.count_acts(cited), 'event')} cited</summary><ul>{sources}</ul></details></article>"
    )


def show_anchors(anchors: pd.DataFrame, score: float | None) -> str:
    """Return an indicator's anchors with the current score's place among them."""
    rows = []
    for anchor in anchors.sort_values("score", ascending=False).to_dict("records"):
        near = score is not None and pd.notna(score) and abs(score - anchor["score"]) <= 1
        here = ' class="here"' if near else ""
        mark = f'<span class="place">reading {format_score(score)}</span>' if near else ""
        rows.append(
            f'<li{here}><span class="score">{anchor["score"]}</span>'
            f"<span>{escape_html(anchor['anchor'])}{mark}</span></li>"
        )
    return f'<ol class="anchors" aria-label="Anchors, from 10 to 0">{"".join(rows)}</ol>'


def show_passages(passages: Iterable[Passage]) -> str:
    """Return paragraphs of the article under their section titles."""
    parts = []
    last = ""
    for passage in passages:
        if passage.section != last:
            parts.append(f"<h4>{escape_html(passage.section)}</h4>")
        parts.append(f"<p>{escape_html(passage.text)}</p>")
        last = passage.section
    return f'<div class="passages">{"".join(parts) or "<p>The article does not speak of this.</p>"}</div>'


def show_moves_list(dataset: Dataset, moves: Iterable[Move]) -> str:
    """Return the numbered moves of the index with the indicators and the reason that weighed most in each."""
    items = []
    for move in moves:
        causes = ", ".join(
            f"{dataset.title(row['indicator'] or row['dimension'])} {format_change(row['amount'], 2)}"
            for row in leading_causes(move).to_dict("records")
            if row["dimension"]
        )
        reason = leading_reason(move)
        rationale = "" if reason is None else str(reason["rationale"])
        items.append(
            f"<li><strong>{format_change(move.amount, 2)}</strong> in the quarter to {format_date(move.date)}: "
            f'{escape_html(causes)}. <span class="reason">{escape_html(rationale)}</span></li>'
        )
    return f'<ol class="moves">{"".join(items)}</ol>'


def show_problems(report: Report, most: int = 200) -> str:
    """Return a report as people read it on a page."""
    lines = [f"<li>{escape_html(str(p))}</li>" for p in list(report)[:most]]
    rest = len(report) - len(lines)
    more = f"<p>… and {rest} more; run <code>python -m indicators check</code> for all.</p>" if rest > 0 else ""
    return f'<ul class="problems">{"".join(lines)}</ul>{more}<p>{report.summary()}</p>'


def show_article_paragraph(dataset: Dataset, passage: Passage) -> str:
    """Return a paragraph of the article with the numbers of its claims behind their sentences."""
    numbers = number_claims(dataset)
    parts = CLAIM_MARK.split(passage.marked)
    # Odd parts are claim ids: the pattern has one group.
    marked = "".join(
        f'<span class="mark" id="{part}">{numbers[part]}</span>' if i % 2 else escape_html(part)
        for i, part in enumerate(parts)
    )
    return f'<div class="article"><p>{marked}</p></div>'


def show_claim(dataset: Dataset, judged: Mapping[Any, Any], picture: str, alt: str) -> str:
    """Return a claim: its sentence, verdict and test beside a small picture of what it is bound to."""
    kind = judged["verdict"].replace(" ", "-")
    image = f'<img alt="{escape_html(alt)}" src="data:image/svg+xml;base64,{b64encode(picture.encode()).decode()}">'
    return (
        f'<div class="claim"><div><p class="text"><span class="mark">{number_claims(dataset)[judged["claim"]]}</span> '
        f"{escape_html(judged['text'])}</p>"
        f'<p class="verdict {kind}">{escape_html(describe_verdict(judged))}</p>'
        f'<p class="test">{escape_html(describe_test(judged, dataset))}. {escape_html(describe_quantity(judged))}</p></div>'
        f"{image}</div>"
    )


def show_difference(dataset: Dataset, row: pd.Series) -> str:
    """Return two coders' assessments of one indicator side by side, with both rationales."""
    sides = "".join(
        f"<div><p><strong>{escape_html(row[f'coder_{side}'])}</strong> {format_score(row[f'score_{side}'])} "
        f'<span class="range">range {format_score(row[f"low_{side}"])}–{format_score(row[f"high_{side}"])}</span></p>'
        f"<p>{escape_html(row[f'rationale_{side}'])}</p></div>"
        for side in ("a", "b")
    )
    overlap = "ranges overlap" if row["overlap"] else "ranges do not overlap"
    return (
        f'<article class="assessment"><header><span class="when">{format_date(row["date"])}</span>'
        f"<strong>{escape_html(dataset.title(row['indicator']))}</strong>"
        f'<span class="note">difference {format_score(row["difference"])}, {overlap}</span></header>'
        f'<div class="sides">{sides}</div></article>'
    )
