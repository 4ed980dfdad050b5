"""What is due, as a calendar that other programs take in (iCalendar, RFC 5545)."""

import datetime as dt

import pandas as pd

from indicators.records.dataset import Dataset
from indicators.show.text.words import format_date, name_quarter

LONGEST_LINE = 75
"""Bytes of a line; a longer one goes on in the next, behind a blank."""


def write_calendar(dataset: Dataset, due: pd.DataFrame) -> bytes:
    """Return the calendar of ``list_due``: the day from which a quarter can be reviewed or a correction is asked for.

    The same data and the same that is due give the same bytes, and a later calendar has each entry under the same name.
    """
    topic = dataset.topic
    stamp = f"{dataset.assessments['recorded'].max():%Y%m%dT%H%M%SZ}"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{_escape(topic.slug)}//indicators//EN"]
    for row in due.to_dict("records"):
        if row["kind"] == "review":
            name = f"review-{row['coder']}-{row['quarter']:%Y-%m-%d}"
            title = f"review of the {name_quarter(row['quarter'])}"
            words = f"{row['left']} of {row['of']} indicators are to be reviewed."
        else:
            name = f"correction-{row['coder']}-{row['indicator']}-{row['date']:%Y-%m-%d}"
            title = f"correction of {dataset.title(row['indicator'])}, {format_date(row['date'])}"
            words = f"{row['author']} asks: {row['text']}"
        title = f"{topic.short_name}: {title}, coder {row['coder']}"
        lines += [
            "BEGIN:VEVENT",
            f"UID:{name}@{topic.slug}",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{row['start']:%Y%m%d}",
            f"DTEND;VALUE=DATE:{row['start'] + dt.timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escape(title)}",
            f"DESCRIPTION:{_escape(words)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(f"{_fold(line)}\r\n" for line in [*lines, "END:VCALENDAR"]).encode()


def _escape(text: str) -> str:
    for mark in "\\;,":
        text = text.replace(mark, f"\\{mark}")
    return text


def _fold(line: str) -> str:
    """A line in pieces of at most ``LONGEST_LINE`` bytes, none of which parts a character."""
    pieces: list[str] = []
    piece = ""
    for character in line:
        if len((piece + character).encode()) > LONGEST_LINE - bool(pieces):
            pieces.append(piece)
            piece = ""
        piece += character
    return "\r\n ".join([*pieces, piece])
