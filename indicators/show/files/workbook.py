"""The workbook of a quarter: what one coder fills in, with everything to judge by beside it, read back by the upload.

Nothing in it shows what another coder has scored. No cell is a formula, and texts are typed as text, so that a
spreadsheet takes none for a date or number.
"""

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from indicators.records.dataset import Dataset
from indicators.records.encoding import DAY_FORMAT, EPOCH
from indicators.records.imports.rows import COLUMNS, Row, list_events, list_in_force
from indicators.records.imports.upload import EVENT_NAMES
from indicators.records.rules import SCORE
from indicators.records.tables.columns import RATIONALE
from indicators.records.tables.core import FACT
from indicators.show.text.words import CREDIBILITY, EFFECTS, RELIABILITY

NEW_EVENTS = 20
"""Lines for new events, each named before it is filled in."""

AS_TEXT = 49
"""Number of the format in which a spreadsheet takes nothing that is typed for a date or number."""

LONGEST_HINT = 255
"""Characters that a spreadsheet shows beside a cell."""

LEAD = ("(title)", "(last day)", "(last score)", "(last range)", "(events of the quarter)")
"""Columns of the sheet of scores that are only there to be read."""

HEADER = ("date", "indicator", *LEAD, "score", "low", "high", "rationale", "events")

ANCHOR_COLUMNS = ("(indicator)", "(title)", "(score)", "(anchor)")

WIDTHS = {
    "date": 11, "indicator": 22, "(title)": 24, "(last day)": 11, "(last score)": 11, "(last range)": 11,
    "(events of the quarter)": 22, "score": 7, "low": 7, "high": 7, "rationale": 70, "events": 18,
    "event": 8, "effect": 9, "fact": 60, "source_url": 40, "source_title": 36, "publisher": 20, "reliability": 10,
    "credibility": 10, "second_source_url": 40, "same_as": 9,
    "(indicator)": 22, "(score)": 8, "(anchor)": 100,
}  # fmt: skip

SCORES = [step * SCORE.step for step in range(int(SCORE.high / SCORE.step) + 1)]


def name_workbook(coder: str, end: dt.date) -> str:
    """Return the name of a workbook's file: ``scores-c1-2026-Q3.xlsx``."""
    return f"scores-{coder}-{end.year}-Q{(end.month + 2) // 3}.xlsx"


def write_workbook(dataset: Dataset, coder: str, end: dt.date) -> bytes:
    """Return the workbook in which a coder scores the quarter that ends on a day; the same data give the same bytes.

    Sheets: ``scores`` (an indicator a row, in force before the day on the left, to be filled in on the right; what the
    coder has recorded of that day stands there already), ``anchors``, ``events`` of the quarter, and ``new events``.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": dt.datetime(*EPOCH), "title": f"{dataset.topic.title}: {end}, coder {coder}"})
    styles = {
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "text": book.add_format({"num_format": AS_TEXT, "text_wrap": True, "valign": "top"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
        "number": book.add_format({"valign": "top"}),
        "read": book.add_format({"num_format": AS_TEXT, "text_wrap": True, "valign": "top", "font_color": "#595959"}),
    }
    quarter = _events_of(dataset, end)
    sheet = _add_sheet(book, "scores", HEADER, styles["head"])
    _fill_scores(sheet, dataset, coder, end, quarter, styles)
    _fill_anchors(_add_sheet(book, "anchors", ANCHOR_COLUMNS, styles["head"]), dataset, styles)
    known = list_events(dataset)
    events = _add_sheet(book, "events", EVENT_NAMES, styles["head"])
    for line, id in enumerate(quarter.index, 1):
        _write_row(events, line, EVENT_NAMES, known[id], styles)
    fresh = _add_sheet(book, "new events", EVENT_NAMES, styles["head"])
    _fill_new_events(fresh, len(dataset.indicators), end, styles)
    _fill_lists(book.add_worksheet("lists"), dataset)
    book.close()
    return out.getvalue()


def _events_of(dataset: Dataset, end: dt.date) -> pd.DataFrame:
    """The events of a quarter, by dimension as the codebook orders them, then by day."""
    events = dataset.events
    first = pd.Timestamp(end).to_period("Q").start_time
    events = events[(events["date"] >= first) & (events["date"] <= pd.Timestamp(end))]
    order = {id: place for place, id in enumerate(dataset.indicators.index)}
    return events.assign(place=events["indicator"].map(order)).sort_values(["place", "date"], kind="stable")


def _fill_scores(
    sheet: Worksheet, dataset: Dataset, coder: str, end: dt.date, quarter: pd.DataFrame, styles: Mapping[str, Format]
) -> None:
    own = list_in_force(dataset, coder)
    for line, (id, indicator) in enumerate(dataset.indicators.iterrows(), 1):
        before = [row for (about, day), row in sorted(own.items()) if about == id and day < end.isoformat()]
        last = before[-1] if before else None
        ids = quarter.index[quarter["indicator"] == id]
        row = {
            **own.get((str(id), end.isoformat()), dict.fromkeys(COLUMNS, "")),
            "date": end.isoformat(),
            "indicator": str(id),
            "(title)": str(indicator["title"]),
            "(last day)": last["date"] if last else "none",
            "(last score)": last["score"] if last else "",
            "(last range)": f"{last['low']} to {last['high']}" if last else "",
            "(events of the quarter)": " ".join(ids) or "none on record",
        }
        _write_row(sheet, line, HEADER, row, styles)
    last_line = len(dataset.indicators)
    for name in ("score", "low", "high"):
        column = HEADER.index(name)
        words = {
            "validate": "list",
            "source": f"=lists!$A$1:$A${len(SCORES)}",
            "error_message": f"The scale runs {SCORE.low:g} to {SCORE.high:g} in halves.",
            "input_title": name,
            "input_message": _HELP[name],
        }
        sheet.data_validation(1, column, last_line, column, words)
    _limit_text(sheet, HEADER.index("rationale"), last_line, RATIONALE.shortest, RATIONALE.longest, _HELP["rationale"])
    place = HEADER.index("events")
    words = {"validate": "any", "input_title": "events", "input_message": _HELP["events"]}
    sheet.data_validation(1, place, last_line, place, words)
    sheet.freeze_panes(1, 3)


_HELP = {
    "score": "0 to 10 in halves; the anchors are on the next sheet. Blank rows are not imported.",
    "low": "Lower end of the plausible range: where you would not be surprised to find the score.",
    "high": "Upper end of the plausible range.",
    "rationale": f"Why this score, in {RATIONALE.shortest} to {RATIONALE.longest} characters, in your own words, on one line.",
    "events": "Ids with semicolons between them, as in E0431;E0428; new1 for the first of the sheet of new events.",
}


def _fill_anchors(sheet: Worksheet, dataset: Dataset, styles: Mapping[str, Format]) -> None:
    """Write each indicator's definition, with what a score covers, and below it its anchors."""
    lines: list[tuple[str, str, str, str, Format]] = []
    for id, indicator in dataset.indicators.iterrows():
        names = (str(id), str(indicator["title"]))
        lines.append((*names, str(indicator["window"]), str(indicator["definition"]), styles["read"]))
        anchors = dataset.anchors[dataset.anchors["indicator"] == id].sort_values("score")
        for score, anchor in zip(anchors["score"], anchors["anchor"], strict=True):
            lines.append((*names, str(score), str(anchor), styles["text"]))
    for number, (*cells, style) in enumerate(lines, 1):
        for place, cell in enumerate(cells):
            sheet.write_string(number, place, str(cell), style)


def _fill_new_events(sheet: Worksheet, indicators: int, end: dt.date, styles: Mapping[str, Format]) -> None:
    for line in range(1, NEW_EVENTS + 1):
        _write_row(sheet, line, EVENT_NAMES, {"event": f"new{line}"}, styles)
    meanings = {"effect": EFFECTS, "reliability": RELIABILITY, "credibility": CREDIBILITY}
    choices = {"indicator": indicators, **{name: len(words) for name, words in meanings.items()}}
    for letter, (name, count) in zip("BCDE", choices.items(), strict=True):
        column = EVENT_NAMES.index(name)
        said = "; ".join(f"{word} {meaning}" for word, meaning in meanings.get(name, {}).items() if name != "effect")
        words = {"validate": "list", "source": f"=lists!${letter}$1:${letter}${count}"}
        words |= {"input_title": name, "input_message": said[:LONGEST_HINT]} if said else {}
        sheet.data_validation(1, column, NEW_EVENTS, column, words)
    _limit_text(
        sheet, EVENT_NAMES.index("fact"), NEW_EVENTS, FACT.shortest, FACT.longest, "What happened, in your own words."
    )
    day = EVENT_NAMES.index("date")
    words = {
        "validate": "any",
        "input_title": "date",
        "input_message": f"Day of the event, {end:{DAY_FORMAT}} or before.",
    }
    sheet.data_validation(1, day, NEW_EVENTS, day, words)


def _limit_text(sheet: Worksheet, column: int, last: int, shortest: int, longest: int, message: str) -> None:
    words = {
        "validate": "length",
        "criteria": "between",
        "minimum": shortest,
        "maximum": longest,
        "error_type": "warning",
        "error_message": f"Write {shortest} to {longest} characters.",
        "input_message": message,
    }
    sheet.data_validation(1, column, last, column, words)


def _fill_lists(sheet: Worksheet, dataset: Dataset) -> None:
    """What the drop-downs offer: numbers as numbers, which no language of the spreadsheet reads otherwise."""
    for line, score in enumerate(SCORES):
        sheet.write_number(line, 0, score)
    texts = ([*dataset.indicators.index], [*EFFECTS], [*RELIABILITY], [*CREDIBILITY])
    for column, words in enumerate(texts, 1):
        for line, word in enumerate(words):
            sheet.write_string(line, column, str(word))
    sheet.hide()


def _add_sheet(book: Any, name: str, columns: tuple[str, ...], style: Format) -> Worksheet:
    sheet: Worksheet = book.add_worksheet(name)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column, style)
        sheet.set_column(place, place, WIDTHS.get(column, 12))
    sheet.freeze_panes(1, 0)
    return sheet


def _write_row(
    sheet: Worksheet, line: int, columns: tuple[str, ...], row: Mapping[str, str] | Row, styles: Mapping[str, Format]
) -> None:
    """Write a row's cells by their columns: days and scores as such, blank ones typed as what they are to hold."""
    for place, name in enumerate(columns):
        cell = row.get(name, "")
        style = styles["read" if name in LEAD else "text"]
        if name == "date":
            style = styles["day"]
            if cell:
                sheet.write_datetime(line, place, dt.datetime.fromisoformat(cell), style)
                continue
        elif name in ("score", "low", "high"):
            style = styles["number"]
            if cell:
                sheet.write_number(line, place, float(cell), style)
                continue
        if cell:
            sheet.write_string(line, place, cell, style)
        else:
            sheet.write_blank(line, place, None, style)
