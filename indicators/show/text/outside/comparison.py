"""Readings and outside series side by side, as HTML that the app and the publication share."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from indicators.measures.outside.divergence import attach_notes
from indicators.measures.outside.overlay import Overlay
from indicators.measures.outside.validity import list_periods
from indicators.measures.panel import Panel
from indicators.measures.readings import select_recorded
from indicators.records.dataset import Dataset
from indicators.show.charts.outside import describe_context, describe_manner, describe_origin
from indicators.show.text.html import show_table
from indicators.show.text.markup import fill_part
from indicators.show.text.outside.validity import (
    COMPARISON_WORDS,
    describe_lag,
    format_correlation,
    format_interval,
    name_series,
    outside_table,
)

LEGEND = (
    "Dot: rank correlation. Thick line: 80 % interval, thin line: 95 % interval. The axis runs from −1 to 1, dashed at 0. "
    "Best lag: quarters by which the reading follows (+) or leads (−) where the correlation is highest, and that "
    "correlation; the best of five, so it describes and does not test."
)


def show_validity(dataset: Dataset, validity: pd.DataFrame) -> Markup:
    """Return the comparisons as one table: by subject, series and kind, the periods side by side."""
    heads = [
        "Full period" if since is None else f"From {since:%B %Y}" for since in list_periods(dataset.topic).values()
    ]
    subjects = [
        (
            dataset.title(str(subject)),
            [_list_pair(dataset, str(id), pair) for id, pair in rows.groupby("series", sort=False)],
        )
        for subject, rows in validity.groupby("subject", sort=False)
    ]
    return fill_part("outside.html", "validity", periods=heads, subjects=subjects)


def show_findings(sentences: Iterable[str]) -> Markup:
    """Return what the comparisons show as a list of its sentences."""
    return fill_part("outside.html", "findings", sentences=sentences)


def show_among(dataset: Dataset, among: pd.DataFrame) -> Markup:
    """Return how the outside series move with each other as a table, or that too few quarters are in common."""
    table = outside_table(dataset, among)
    caption = "Rank correlation (80 % interval; quarters), each series oriented so that higher means more tension"
    return fill_part("outside.html", "among", table="" if table.empty else show_table(table, caption=caption))


def show_context(dataset: Dataset, context: pd.DataFrame) -> Markup:
    """Return the context series as a list, each with the reason why it is context only."""
    rows = [
        (row, name_series(dataset, row["series"]), dataset.title(row["subject"])) for row in context.to_dict("records")
    ]
    return fill_part("outside.html", "context", rows=rows)


def show_origins(dataset: Dataset) -> Markup:
    """Return where the series of the pairs table that are present come from: publisher, coverage, licence."""
    ids = [id for id in dict.fromkeys(dataset.pairs["series"]) if id in dataset.sources.index]
    rows = dataset.sources.loc[ids].to_dict("records")
    sources = [(row, name_series(dataset, id)) for id, row in zip(ids, rows, strict=True)]
    return fill_part("outside.html", "origins", sources=sources) if sources else Markup("")


def show_divergences(panel: Panel, divergences: pd.DataFrame, subjects: Collection[str] | None = None) -> Markup:
    """Return the divergences, newest first, each with its notes or the question for one; nothing where there is none.

    ``subjects`` keeps to some ids. Notes on stretches that the rule does not find, or finds no longer, stand below.
    Of a vintage only the notes recorded by then are shown.
    """
    dataset, notes = panel.dataset, select_recorded(panel.dataset.notes, panel.as_of)
    if subjects is not None:
        divergences = divergences[divergences["subject"].isin(subjects)]
        notes = notes[notes["subject"].isin(subjects)]
    attached = attach_notes(divergences, notes)
    found = [
        (row, *_name_pair(dataset, row), format_correlation(row["relation"]), own.to_dict("records"))
        for row, own in zip(divergences.to_dict("records"), attached, strict=True)
    ]
    loose = notes.drop(index=[label for own in attached for label in own.index]).to_dict("records")
    return fill_part(
        "outside.html", "divergences", found=found, loose=[(note, *_name_pair(dataset, note)) for note in loose]
    )


def show_overlay_sources(dataset: Dataset, overlay: Overlay) -> Markup:
    """Return the lines below an overlay as a fragment of a page, the publisher's page as a link, the notes on demand."""
    ids = [strand.series for strand in overlay.strands]
    sources = dataset.sources.loc[ids]
    return fill_part(
        "outside.html",
        "overlay",
        context=describe_context(dataset, overlay),
        manner=describe_manner(dataset, overlay),
        origins=list(zip(describe_origin(dataset, overlay), sources["url"], strict=True)),
        notes=list(dict.fromkeys(sources["notes"])),
    )


def draw_whisker(row: Mapping[Any, Any]) -> Markup:
    """Return a correlation as a dot on its intervals, on an axis from −1 to 1; the numbers stand beside it."""
    return fill_part("outside.html", "whisker", row=row)


def _name_pair(dataset: Dataset, row: Mapping[Any, Any]) -> tuple[str, str]:
    return dataset.title(row["subject"]), name_series(dataset, row["series"])


def _list_pair(dataset: Dataset, series: str, rows: pd.DataFrame) -> dict[str, Any]:
    """A series beside one subject: its name and id, and its comparisons, or the note that says why there is none."""
    name, _, id = name_series(dataset, series).rpartition(" [")
    turned = ", reversed (lower means more tension)" if int(rows["direction"].iloc[0]) < 0 else ""
    none = not rows["comparison"].iloc[0]
    return {
        "name": name if id else "",
        "id": series + turned,
        "note": rows["note"].iloc[0],
        "comparisons": [] if none else list(_list_comparisons(rows)),
    }


def _list_comparisons(rows: pd.DataFrame) -> Iterator[tuple[str, list[tuple[dict[Any, Any], str]], str]]:
    """Each kind of comparison with its results by period, row and numbers of each, and its best lag."""
    for kind, own in rows.groupby("comparison", sort=False):
        found = own.to_dict("records")
        results = [
            (row, f"{format_correlation(row['rho'])} ({format_interval(row['low'], row['high'])})") for row in found
        ]
        yield COMPARISON_WORDS[str(kind)], results, describe_lag(found[0]["lag"], found[0]["rho_at_lag"])
