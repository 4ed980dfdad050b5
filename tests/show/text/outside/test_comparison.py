"""Comparisons as HTML: whiskers stand where the numbers say, texts stay text, notes find their divergence."""

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest

from indicators.measures.outside.validity import COLUMNS, list_context
from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset
from indicators.show.text.outside.comparison import (
    draw_whisker,
    show_context,
    show_divergences,
    show_findings,
    show_origins,
    show_validity,
)

HOSTILE = '<img src=x onerror="alert(1)"> and a long enough text'


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def compared() -> pd.DataFrame:
    rows = [
        {"subject": "military", "series": "GPR", "nature": "flow", "direction": -1, "comparison": kind, "period": period,
         "n": 30 if period == "whole" else 8, "rho": 0.25 if period == "whole" else np.nan, "low": 0.0, "high": 0.5,
         "low95": -0.25, "high95": 0.75, "lag": -2.0, "rho_at_lag": 0.4,
         "note": "" if period == "whole" else "too few: 8 quarters, 12 are needed"}
        for kind in ("levels", "changes", "flow")
        for period in ("whole", "from 2022-06")
    ]  # fmt: skip
    rows.append(
        {"subject": "index", "series": "OIL", "direction": 1, "comparison": "", "n": 0, "note": "absent: not here"}
    )
    return pd.DataFrame(rows, columns=COLUMNS)


def divergences(dataset: Dataset, **changes: object) -> pd.DataFrame:
    row = {"subject": "index", "series": "GPR", "start": pd.Timestamp("2024-06-30"), "end": pd.Timestamp("2024-09-30"),
           "quarters": 2, "side": "below", "distance": -3.64, "earlier": 13, "relation": 0.5, "open": True}  # fmt: skip
    return pd.DataFrame([row | changes])


def test_the_whisker_stands_where_the_numbers_say() -> None:
    # From −1 at the left edge to 1 at the right one: 0 is the middle, a half is three quarters of the way.
    html = draw_whisker({"rho": 0.5, "low": 0.0, "high": 0.75, "low95": -1.0, "high95": 1.0})
    assert re.findall(r'class="(\w+)" style="left:([\d.]+)%(?:;width:([\d.]+)%)?', html) == [
        ("wide", "0.0", "100.0"),
        ("close", "50.0", "37.5"),
        ("dot", "75.0", ""),
    ]


def test_the_table_has_both_periods_beside_each_other_and_the_codebooks_order(dataset: Dataset) -> None:
    html = show_validity(dataset, compared())
    said = words(html)
    assert said.index("Military posture") < said.index("Index")
    assert "absent: not here" in said
    assert "levels 30 0.25 (0.00 to 0.50) 8 too few −2 (0.40)" in said
    assert "GPR, reversed (lower means more tension)" in said
    assert html.count('class="whisker"') == 3


def test_every_row_of_the_table_fills_its_nine_columns(dataset: Dataset) -> None:
    html = show_validity(dataset, compared())
    for row in re.findall(r"<tr>(.*?)</tr>", html.split("<tbody>", 1)[1]):
        cells = re.findall(r"<t[hd][^>]*>", row)
        width = sum(int(found[1]) if (found := re.search(r'colspan="(\d)"', cell)) else 1 for cell in cells)
        assert width == (9 if "rowgroup" in row else 8)


def test_texts_of_the_data_stay_text(dataset: Dataset) -> None:
    sources = dataset.sources.assign(title=HOSTILE)
    notes = dataset.notes.assign(text=HOSTILE)
    hostile = dataclasses.replace(dataset, sources=sources, notes=notes, pairs=dataset.pairs.assign(reason=HOSTILE))
    context = list_context(hostile)
    for html in (
        show_validity(hostile, compared()),
        show_context(hostile, context),
        show_divergences(Panel(hostile), divergences(hostile)),
        show_findings([HOSTILE]),
        show_origins(hostile),
    ):
        assert "<img" not in html
        assert "&lt;img" in html


def test_a_divergence_shows_its_note_and_asks_for_one_where_there_is_none(dataset: Dataset) -> None:
    said = words(show_divergences(Panel(dataset), divergences(dataset), ["index"]))
    assert "2nd quarter of 2024 to 3rd quarter of 2024 Index below what A risk index [GPR] predicts" in said
    assert (
        "2 quarters, still open, on average 3.6 standard errors; based on 13 earlier quarters, rank correlation 0.50"
        in said
    )
    assert "Papers wrote of a treaty, which the codebook does not count. c1, recorded 2 Jul 2024" in said
    assert "No note yet" not in said
    later = divergences(dataset, start=pd.Timestamp("2025-03-31"), end=pd.Timestamp("2025-06-30"))
    assert "No note yet." in words(show_divergences(Panel(dataset), later, ["index"]))


def test_a_note_without_its_divergence_is_still_shown_and_says_so(dataset: Dataset) -> None:
    said = words(show_divergences(Panel(dataset), divergences(dataset).iloc[:0], ["military"]))
    assert "the rule finds no divergence here Papers wrote of a drill" in said
    assert "treaty" not in said  # that one is about the index


def test_with_neither_there_is_nothing(dataset: Dataset) -> None:
    assert show_divergences(Panel(dataset), divergences(dataset), ["cyber"]) == ""


def test_a_vintage_shows_only_the_notes_recorded_by_then(dataset: Dataset) -> None:
    def shown(day: str) -> str:
        return show_divergences(Panel(dataset, as_of=pd.Timestamp(day).date()), divergences(dataset))

    assert "treaty" not in shown("2024-07-01")
    assert "No note yet" in shown("2024-07-01")
    assert "treaty" in shown("2024-07-02")
    assert "drill" not in shown("2024-07-02")
    assert "drill" in shown("2024-07-03")


def test_context_gives_its_reason_and_says_what_is_absent(dataset: Dataset) -> None:
    said = words(show_context(dataset, list_context(dataset)))
    assert "Trade balance [TRADE], for Index: Trade has many causes" in said
    assert "OIL (absent), for Cyber activity: Nobody has brought in" in said


def test_each_series_that_is_present_has_its_publisher_coverage_licence_and_link(dataset: Dataset) -> None:
    html = show_origins(dataset)
    assert html.count("<li>") == 2  # OIL is absent
    said = words(html)
    assert "A risk index [GPR]: Example Institute , 31 Mar 2024 to 30 Jun 2024, quarterly; CC BY 4.0" in said
    assert 'href="https://example.org/gpr"' in html


@pytest.mark.parametrize("columns", [[], ["series", "subject", "reason", "present"]])
def test_no_context_is_said(dataset: Dataset, columns: list[str]) -> None:
    assert "None." in show_context(dataset, pd.DataFrame(columns=columns))
