"""Readings and outside series side by side, as HTML that the app and the publication share."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pandas as pd

from indicators.measures.outside.divergence import attach_notes
from indicators.measures.outside.validity import WHOLE, list_periods
from indicators.measures.panel import Panel
from indicators.measures.readings import select_recorded
from indicators.records.dataset import Dataset
from indicators.show.text.html import show_table
from indicators.show.text.validity import (
    COMPARISON_WORDS,
    describe_lag,
    format_correlation,
    format_interval,
    name_series,
    order_subjects,
    outside_table,
)
from indicators.show.text.words import count_words, escape_html, format_date

LEGEND = (
    "Dot: rank correlation. Thick line: 80 % interval, thin line: 95 % interval. The axis runs from −1 to 1, dashed at 0. "
    "Best lag: months by which the reading follows (+) or leads (−) where the correlation is highest, and that "
    "correlation; the best of thirteen, so a description and no test."
)


def show_validity(dataset: Dataset, validity: pd.DataFrame) -> str:
    """Return the comparisons as one table: by subject, series and kind, the periods side by side."""
    heads = ["Whole time" if since is None else f"From {since:%B %Y}" for since in list_periods(dataset.topic).values()]
    periods = "".join(f'<th scope="colgroup" colspan="3">{head}</th>' for head in heads)
    each = "".join(f'<th scope="col">{head}</th>' for head in ("months", "80 % interval", "−1 to 1") * len(heads))
    head = (
        '<tr><th scope="col" rowspan="2">series</th><th scope="col" rowspan="2">compared</th>'
        f'{periods}<th scope="col" rowspan="2">best lag</th></tr><tr>{each}</tr>'
    )
    bodies = []
    for subject, rows in order_subjects(dataset, validity).groupby("subject", sort=False):
        own = f'<tr><th class="subject" scope="rowgroup" colspan="{3 * len(heads) + 3}">{escape_html(dataset.title(str(subject)))}</th></tr>'
        parts = [_show_pair(dataset, str(series), pair) for series, pair in rows.groupby("series", sort=False)]
        bodies.append(f"<tbody>{own}{''.join(parts)}</tbody>")
    return (
        '<div class="scroll validity" tabindex="0" role="region" aria-label="Readings and outside series">'
        f"<table><thead>{head}</thead>{''.join(bodies)}</table></div>"
    )


def show_findings(sentences: Iterable[str]) -> str:
    """Return what the comparisons show as a list of its sentences."""
    items = "".join(f"<li>{escape_html(sentence)}</li>" for sentence in sentences)
    return f'<ul class="findings">{items}</ul>'


def show_among(dataset: Dataset, among: pd.DataFrame) -> str:
    """Return how the outside series move with each other as a table, or that too few months are in common."""
    table = outside_table(dataset, among)
    if table.empty:
        return '<p class="empty">No two outside series have enough months in common.</p>'
    caption = "Rank correlation (80 % interval; months), each series turned towards tension"
    return f'<div class="validity">{show_table(table, caption=caption)}</div>'


def show_context(dataset: Dataset, context: pd.DataFrame) -> str:
    """Return the context series as a list, each with the reason why it is context only."""
    items = [
        f"<li>{escape_html(name_series(dataset, row['series']))}{'' if row['present'] else ' (absent)'}, for "
        f"{escape_html(dataset.title(row['subject']))}: {escape_html(row['reason'])}</li>"
        for row in context.to_dict("records")
    ]
    return f'<ul class="context">{"".join(items)}</ul>' if items else '<p class="empty">None is named.</p>'


def show_origins(dataset: Dataset) -> str:
    """Return where the series of the pairs table that are present come from: publisher, coverage, licence."""
    ids = [id for id in dict.fromkeys(dataset.pairs["series"]) if id in dataset.sources.index]
    items = [
        f'<li>{escape_html(name_series(dataset, id))}: <a href="{escape_html(row["url"])}" rel="noopener noreferrer '
        f'nofollow" target="_blank">{escape_html(row["publisher"])}</a>, {format_date(row["start"])} to '
        f"{format_date(row['end'])}, {escape_html(row['frequency'])}; {escape_html(row['licence'])}</li>"
        for id, row in zip(ids, dataset.sources.loc[ids].to_dict("records"), strict=True)
    ]
    return f'<ul class="context sources">{"".join(items)}</ul>' if items else ""


def show_divergences(panel: Panel, divergences: pd.DataFrame, subjects: Collection[str] | None = None) -> str:
    """Return the divergences, newest first, each with its notes or the question for one; nothing where there is none.

    ``subjects`` keeps to some ids. Notes on stretches that the rule does not find, or finds no longer, stand below.
    Of a vintage only the notes recorded by then are shown.
    """
    dataset, notes = panel.dataset, select_recorded(panel.dataset.notes, panel.as_of)
    if subjects is not None:
        divergences = divergences[divergences["subject"].isin(subjects)]
        notes = notes[notes["subject"].isin(subjects)]
    attached = attach_notes(divergences, notes)
    parts = [
        _show_divergence(dataset, row, own) for row, own in zip(divergences.to_dict("records"), attached, strict=True)
    ]
    loose = notes.drop(index=[label for own in attached for label in own.index])
    for note in loose.to_dict("records"):
        head = f"{escape_html(dataset.title(note['subject']))} and {escape_html(name_series(dataset, note['series']))}"
        parts.append(
            f'<article class="assessment"><header><span class="when">{format_date(note["date"])}</span><span>{head}</span>'
            '<span class="note">the rule finds no divergence here</span></header>'
            f"{_show_note(note)}</article>"
        )
    return "".join(parts)


def _show_pair(dataset: Dataset, series: str, rows: pd.DataFrame) -> str:
    title, sign = name_series(dataset, series), int(rows["direction"].iloc[0])
    name, _, id = title.rpartition(" [")
    turned = ", turned round: less of it means more tension" if sign < 0 else ""
    label = (
        f"{escape_html(name)}<small>{escape_html(series + turned)}</small>"
        if id and name
        else escape_html(series + turned)
    )
    kinds = list(rows.groupby("comparison", sort=False))
    head = f'<th scope="rowgroup" rowspan="{len(kinds)}">{label}</th>'
    if not rows["comparison"].iloc[0]:
        return f'<tr>{head}<td class="few" colspan="{3 * len(list_periods(dataset.topic)) + 2}">{escape_html(rows["note"].iloc[0])}</td></tr>'
    lines = []
    for place, (kind, own) in enumerate(kinds):
        by = {row["period"]: row for row in own.to_dict("records")}
        cells = "".join(_show_result(by[period]) for period in list_periods(dataset.topic))
        lag = by[WHOLE]
        lines.append(
            f"<tr>{'' if place else head}<td>{COMPARISON_WORDS[str(kind)]}</td>{cells}"
            f'<td class="n">{describe_lag(lag["lag"], lag["rho_at_lag"])}</td></tr>'
        )
    return "".join(lines)


def _show_result(row: Mapping[Any, Any]) -> str:
    months = f'<td class="n">{row["n"]}</td>'
    if row["note"]:
        return f'{months}<td class="few" colspan="2">{escape_html(str(row["note"]).split(":")[0])}</td>'
    numbers = f"{format_correlation(row['rho'])} ({format_interval(row['low'], row['high'])})"
    return f'{months}<td class="n">{numbers}</td><td>{draw_whisker(row)}</td>'


def draw_whisker(row: Mapping[Any, Any]) -> str:
    """Return a correlation as a dot on its intervals, on an axis from −1 to 1; the numbers stand beside it."""

    def place(value: float) -> float:
        return 50 + 50 * value

    spans = "".join(
        f'<i class="{kind}" style="left:{place(low):.1f}%;width:{place(high) - place(low):.1f}%"></i>'
        for kind, low, high in (("wide", row["low95"], row["high95"]), ("close", row["low"], row["high"]))
    )
    return f'<span class="whisker" aria-hidden="true">{spans}<i class="dot" style="left:{place(row["rho"]):.1f}%"></i></span>'


def _show_divergence(dataset: Dataset, row: Mapping[Any, Any], notes: pd.DataFrame) -> str:
    said = "".join(_show_note(note) for note in notes.to_dict("records"))
    lasts = ", still open" if row["open"] else ""
    return (
        f'<article class="assessment"><header><span class="when">{row["start"]:%b %Y} to {row["end"]:%b %Y}</span>'
        f"<strong>{escape_html(dataset.title(row['subject']))}</strong>"
        f"<span>{row['side']} what {escape_html(name_series(dataset, row['series']))} lets expect</span>"
        f'<span class="note">{count_words(row["months"], "month")}{lasts}, on average {abs(row["distance"]):.1f} standard '
        f"errors; relation of {count_words(row['earlier'], 'earlier month')}, rank correlation "
        f"{format_correlation(row['relation'])}</span></header>"
        f"{said or '<p>No note yet: what happened here?</p>'}</article>"
    )


def _show_note(note: Mapping[Any, Any]) -> str:
    return (
        f'<p>{escape_html(note["text"])} <span class="coder">{escape_html(note["author"])}, recorded '
        f"{format_date(note['recorded'])}</span></p>"
    )
