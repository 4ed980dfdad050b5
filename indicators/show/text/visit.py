"""What changed since a reader's last visit: read from what their browser keeps, told in a sentence."""

import datetime as dt
import re
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from indicators.measures.change.since import Since
from indicators.measures.index import band_of
from indicators.records.dataset import Dataset
from indicators.show.text.markup import fill_part
from indicators.show.text.words import count_words, format_date, format_score, join_words, name_quarter

_FORM = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.([0-9]{8}T[0-9]{6})", re.ASCII)


@dataclass(frozen=True)
class Visit:
    """A day on which a reader was here (UTC), and when the newest row that they saw was recorded."""

    day: dt.date
    seen: pd.Timestamp


def name_cookie(dataset: Dataset) -> str:
    """Return the name of the cookie in which a browser keeps its visits, one for each subject."""
    return f"seen_{dataset.topic.slug}"


def write_seen(dataset: Dataset) -> str:
    """Return when the newest row was recorded, as the cookie has it."""
    return f"{dataset.assessments['recorded'].max():%Y%m%dT%H%M%S}"


def read_visit(cookie: str, today: dt.date) -> Visit | None:
    """Return the last visit before today, from a cookie with the newest visit first; None where it tells of none."""
    for part in cookie[:200].split("_")[:2]:
        if not (found := _FORM.fullmatch(part)):
            return None
        try:
            visit = Visit(
                dt.date.fromisoformat(found[1]), pd.Timestamp(dt.datetime.strptime(found[2], "%Y%m%dT%H%M%S"))
            )
        except ValueError:
            return None
        if visit.day < today:
            return visit
    return None


def describe_visit(visit: Visit, since: Since) -> str:
    """Return what changed since a visit in a sentence."""
    counted = [
        f"{count_words(number, 'score')} {done}"
        for number, done in ((since.new, "recorded"), (since.corrected, "corrected or withdrawn"))
        if number
    ]
    parts = [join_words(counted), _describe_index(since)]
    if since.verdicts:
        parts.append(f"{count_words(len(since.verdicts), 'claim')} with another verdict")
    return f"Since your last visit, on {format_date(pd.Timestamp(visit.day))}: {'; '.join(filter(None, parts))}."


def show_visit(visit: Visit, since: Since, corrections: str) -> Markup:
    """Return what changed since a visit as a paragraph, with the way to the corrections where there are some."""
    return fill_part(
        "parts.html", "visit", text=describe_visit(visit, since), corrections=corrections if since.corrected else ""
    )


def write_visit(dataset: Dataset) -> Markup:
    """Return what a browser is to keep of a visit, for the script that keeps it: the cookie's name and what was seen."""
    return fill_part("parts.html", "note_visit", cookie=name_cookie(dataset), seen=write_seen(dataset))


def _describe_index(since: Since) -> str:
    then, now = since.then, since.now
    if now is None or then is None:
        return (
            "" if now is then else "the index has its first settled quarter" if then is None else "the index has none"
        )
    reads = f"the index reads {format_score(now.score)} ({band_of(now.score)}) in the {name_quarter(now.date)}"
    if now.date != then.date:
        return f"{reads}; the newest reviewed quarter was the {name_quarter(then.date)}, at {format_score(then.score)}"
    if round(now.score, 2) != round(then.score, 2):
        return (
            f"the index of the {name_quarter(now.date)} reads {format_score(now.score, 2)}, "
            f"it was {format_score(then.score, 2)}"
        )
    return f"the index of the {name_quarter(now.date)} is unchanged"
