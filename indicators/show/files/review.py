"""The next review as an entry for calendars (iCalendar, RFC 5545)."""

from uuid import uuid5

import pandas as pd

from indicators.measures.headline import Headline
from indicators.records.dataset import Dataset
from indicators.show.files.feed import NAMES
from indicators.show.text.words import name_quarter

LINE = 74
"""Bytes of a line after which it is folded; the standard allows 75."""


def write_review(headline: Headline | None, dataset: Dataset, base_url: str = "") -> bytes:
    """Return the day on which the next review is due as a calendar; nothing where no quarter has been settled.

    The entry keeps its id while the same quarter is awaited, so that a calendar that takes the file again has it once.
    """
    if headline is None:
        return b""
    title, stamp = dataset.topic.title, pd.Timestamp(dataset.assessments["recorded"].max())
    quarter = name_quarter(headline.due)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{_escape(title)}//review//EN",
        "BEGIN:VEVENT",
        f"UID:{uuid5(NAMES, f'review|{headline.due:%Y-%m-%d}')}",
        f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{headline.due:%Y%m%d}",
        f"DTEND;VALUE=DATE:{headline.due + pd.Timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escape(f'{title}: review of the {quarter} due')}",
        *([f"URL:{base_url}/index.html"] if base_url else []),
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_fold(line)}\r\n" for line in lines).encode()


def _escape(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())


def _fold(line: str) -> str:
    """Break a line into parts of at most ``LINE`` bytes, between letters; a blank begins each further one."""
    parts, part = [], ""
    for letter in line:
        if len((part + letter).encode()) > LINE:
            parts.append(part)
            part = ""
        part += letter
    return "\r\n ".join([*parts, part])
