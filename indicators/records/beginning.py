"""A folder for another subject: valid from the start, with a codebook to fill in, and no events or scores yet."""

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from indicators.records.csvfile import canonical_bytes, make_cells
from indicators.records.errors import IndicatorsError
from indicators.records.folder import format_folder, replace_files
from indicators.records.rules import Fault
from indicators.records.tables.columns import NAME, Table
from indicators.records.tables.core import ANCHOR_SCORES, ARTICLE, EVENTS, METHOD, TOPIC_FILE, table_of
from indicators.records.topic import KEYS

Rows = Sequence[Mapping[str, str]]

MOST_DIMENSIONS, MOST_INDICATORS = 20, 200


class BeginningError(IndicatorsError):
    """A folder cannot be made of what was given; the message says what is wrong, all at once."""


@dataclass(frozen=True)
class Subject:
    """What a new folder is about: title and question, and the dimensions with their indicators, by id with titles."""

    title: str
    question: str
    dimensions: Mapping[str, str]
    indicators: Mapping[str, Mapping[str, str]]


def make_folder(path: Path, subject: Subject, today: dt.date) -> list[str]:
    """Write a folder without problems and return its files; ``BeginningError`` where that cannot be, ``OSError`` besides.

    The folder may be there already if it is empty: nothing is ever replaced.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise BeginningError(f"{path} is there already and not empty — name another folder")
    if faults := judge_subject(subject):
        raise BeginningError("\n".join(faults))
    contents = {name: text.encode() for name, text in _write_texts(subject, today).items()}
    for name, rows in _make_rows(subject, today).items():
        table = table_of(name)
        assert table is not None, name
        contents[name] = _write_table(table, rows)
    for folder in sorted({(path / name).parent for name in contents}):
        os.makedirs(folder, exist_ok=True)
    replace_files({path / name: content for name, content in contents.items()})
    format_folder(path, write=True)
    return sorted(contents)


def judge_subject(subject: Subject) -> list[str]:
    """Return what is wrong with a subject, in sentences; nothing where a folder can be made of it."""
    found = []

    def say(what: str, value: str, fault: Fault | None) -> None:
        if fault:
            found.append(f'{what} "{value}" {fault.message}')

    say("title", subject.title, KEYS["title"][0].judge(subject.title))
    say("question", subject.question, KEYS["question"][0].judge(subject.question))
    ids = [*subject.dimensions, *(id for inner in subject.indicators.values() for id in inner)]
    for id in ids:
        say("id", id, NAME.judge(id))
        if ids.count(id) > 1:
            found.append(f'id "{id}" is given twice — dimensions and indicators share one list of ids')
    for table, titles in (
        ("codebook/dimensions.csv", [*subject.dimensions.values()]),
        ("codebook/indicators.csv", [title for inner in subject.indicators.values() for title in inner.values()]),
    ):
        known = table_of(table)
        assert known is not None, table
        for title in titles:
            say("title", title, known.column("title").rule.judge(title))
    if not 1 <= len(subject.dimensions) <= MOST_DIMENSIONS or len(ids) > MOST_INDICATORS:
        found.append(f"there are {len(subject.dimensions)} dimensions — give 1 to {MOST_DIMENSIONS}")
    found += [
        f'dimension "{id}" has no indicator — give at least one'
        for id in subject.dimensions
        if not subject.indicators.get(id)
    ]
    found += [
        f'indicators are given for "{id}", which is no dimension'
        for id in subject.indicators
        if id not in subject.dimensions
    ]
    return list(dict.fromkeys(found))


def _write_table(table: Table, rows: Rows) -> bytes:
    blank = dict.fromkeys(table.names, "")
    return canonical_bytes(table, make_cells(table, [{**blank, **row} for row in rows]))


def _make_rows(subject: Subject, today: dt.date) -> dict[str, Rows]:
    day = today.isoformat()
    inner = [(dimension, id, title) for dimension, ids in subject.indicators.items() for id, title in ids.items()]
    topic = {
        "title": subject.title,
        "short_name": subject.title[:40].rstrip(),
        "question": subject.question,
        "description": f"Indicators scored by hand: {subject.title}"[:300],
        "citation": subject.title,
        "licence": "CC BY 4.0",
        "licence_title": "Creative Commons Attribution 4.0 International",
        "licence_url": "https://creativecommons.org/licenses/by/4.0/",
    }
    return {
        TOPIC_FILE: [{"key": key, "value": value} for key, value in topic.items()],
        "codebook/dimensions.csv": [
            {"dimension": id, "title": title, "question": f"To be written: what does {title} ask?", "weight": "1"}
            for id, title in subject.dimensions.items()
        ],
        "codebook/indicators.csv": [
            {
                "indicator": id,
                "dimension": dimension,
                "title": title,
                "definition": f"To be written: what is observed for {title}, over which period, and what counts.",
                "weight": "1",
                "window": "quarter",
            }
            for dimension, id, title in inner
        ],
        "codebook/anchors.csv": [
            {"indicator": id, "score": str(score), "anchor": f"To be written: what must be the case for {score} of 10."}
            for _, id, _ in inner
            for score in ANCHOR_SCORES
        ],
        "codebook/coders.csv": [{"coder": "c1", "description": "The first coder; an id stands for a person."}],
        "codebook/methods.csv": [
            {
                "method": "1.0",
                "date": day,
                "description": "Quarterly scoring against the anchors, from cited events.",
                "doubt_indicator": "0.5",
                "doubt_dimension": "0.6",
                "doubt_all": "0.667",
            }
        ],
        "events.csv": [],
        **{f"scores/{dimension}.csv": [] for dimension in subject.dimensions},
        "narrative/claims.csv": [],
        "benchmarks/sources.csv": [],
        "inbox/feeds.csv": [
            {
                "feed": "example",
                "title": "Example of a feed",
                "url": "https://example.org/feed.xml",
                "publisher": "Example publisher",
                "reliability": "F",
                "state": "off",
                "documented": "https://example.org/feeds",
                "note": "Write your own feeds in place of this line.",
            }
        ],
        **{f"inbox/{name}.csv": [] for name in ("items", "decisions", "looked")},
    }


def _write_texts(subject: Subject, today: dt.date) -> dict[str, str]:
    listed = "\n".join(
        f"- {subject.dimensions[dimension]}: {', '.join(ids.values())}" for dimension, ids in subject.indicators.items()
    )
    indicator = next(id for ids in subject.indicators.values() for id in ids)
    example = {
        "event": "E0001",
        "date": today.isoformat(),
        "indicator": indicator,
        "effect": "raises",
        "fact": "What happened, in your own words.",
        "source_url": "https://example.org/",
        "source_title": "Title of the source",
        "publisher": "Who published it",
        "reliability": "B",
        "credibility": "2",
    }
    return {
        "README.md": f"""# Data: {subject.title}

{subject.question}

{listed}

Begun on {today.isoformat()}. Replace each "To be written" in `codebook/` before the first score: a definition for each indicator, and anchors for 0, 2, 4, 6, 8 and 10, higher always meaning more. `python -m indicators check` names every problem, `python -m indicators format` writes the canonical form.

## Events

`events.csv` has no rows yet. The page *Update scores* and `python -m indicators record` enter the first event with the first score. A row looks like this one, which is an example and not on record:

```
{_write_table(EVENTS, [example]).decode()}```

## Rulings on edge cases

| indicator | open point | ruling |
|---|---|---|
""",
        METHOD: f"""# Method

## Scale

Each indicator is scored from 0 to 10 in halves against its anchors, from events on record, as of a day. An assessment on the last day of a quarter is a review.

## Versions

1.0, {today.isoformat()}: the first.
""",
        ARTICLE: f"""# {subject.title}

To be written: where the narrative is from.

## Introduction {{#introduction}}

To be written: what is told about the subject. A sentence that the data can test is followed by the mark of its claim.
""",
    }
