"""What an analyst hands in to be saved, and the outcomes of saving it."""

from collections.abc import Mapping
from dataclasses import dataclass

from indicators.records.dataset import Dataset
from indicators.records.problems import Problem, Report
from indicators.records.schema import ASSESSMENTS, EVENTS

Row = Mapping[str, str]

NEW_ROWS = "new rows"
"""Stands for the file in problems of a submission's score rows; their line is the row's number, from 1."""

NEW_EVENTS = "new events"
"""Stands for the file in problems of a submission's events; their line is the event's number, from 1."""

ROW_COLUMNS = tuple(name for name in ASSESSMENTS.names if name != "recorded")
EVENT_COLUMNS = tuple(name for name in EVENTS.names if name != "event")
VALUES = ("score", "low", "high")

UNUSABLE = ("column-unknown", "characters", "file-empty")
"""Codes of ``check_form`` after which the rows cannot even be looked at among the others."""


@dataclass(frozen=True)
class Base:
    """The data that a submission was made on: its digest, and the coder's own rows in it (indicator, date, recorded)."""

    digest: str
    rows: frozenset[tuple[str, str, str]]


@dataclass(frozen=True)
class Submission:
    """Score rows to append, all or none, as text by column.

    ``rows`` have no ``recorded``; ``coder`` and ``method`` may be left out: the author, and the newest version of the
    method. ``events`` are new events without their ids; a row cites the first as ``new1``, the second as ``new2``.
    ``id`` is the client's own for this submission, the same at each retry.
    """

    rows: tuple[Row, ...]
    author: str
    id: str
    events: tuple[Row, ...] = ()
    base: Base | None = None


@dataclass(frozen=True)
class Saved:
    """All rows are on the disk.

    ``files`` are those written; ``places`` the file and line of each row of the submission; ``events`` the ids of its
    new events; ``already``: all had been saved before, and nothing was written now.
    """

    files: tuple[str, ...]
    places: tuple[tuple[str, int], ...]
    events: tuple[str, ...]
    digest: str
    already: bool = False


@dataclass(frozen=True)
class Refused:
    """Nothing was written: the problems, those of the submission under ``NEW_ROWS`` and ``NEW_EVENTS``."""

    report: Report


@dataclass(frozen=True)
class Conflict:
    """Nothing was written: since the base, other rows were recorded for the same indicator, coder and date."""

    theirs: tuple[Row, ...]
    ours: tuple[Row, ...]


@dataclass(frozen=True)
class Failed:
    """Nothing was written, for a reason outside the data; the message says which, to a person."""

    message: str


@dataclass(frozen=True)
class Queued:
    """The rows are safe on this machine's disk and wait to be sent, for the reason that the message gives."""

    message: str


Outcome = Saved | Refused | Conflict | Failed | Queued


def note_base(dataset: Dataset, coder: str) -> Base:
    """Return the base of submissions that a coder makes on a dataset."""
    table = dataset.assessments
    own = table[table["coder"] == coder]
    keys = zip(
        own["indicator"],
        own["date"].dt.strftime("%Y-%m-%d"),
        own["recorded"].dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
        strict=True,
    )
    return Base(dataset.digest, frozenset(keys))


def withdraw(indicator: str, coder: str, date: str, reason: str) -> dict[str, str]:
    """Return the row that withdraws a coder's assessment; saving cites the events of the row that it withdraws."""
    row = dict.fromkeys(ROW_COLUMNS, "")
    return row | {"indicator": indicator, "coder": coder, "date": date, "rationale": reason}


def describe_submission(submission: Submission) -> str:
    """Return what a submission says, as the message of a commit: a first line in short, then the reasons."""
    lines = [
        f"{row.get('indicator', '')} {row.get('date', '')}: {row.get('score') or 'withdrawn'}"
        for row in submission.rows
    ]
    if len(lines) == 1:
        return f"{lines[0]}\n\n{submission.rows[0].get('rationale', '')}\n"
    reasons = [f"{line}\n{row.get('rationale', '')}\n" for line, row in zip(lines, submission.rows, strict=True)]
    count = f"{len(lines)} assessments" if lines else f"{len(submission.events)} events"
    return "\n".join([f"{count} by {submission.author}\n", *reasons])


def complete_rows(submission: Submission, method: str) -> list[dict[str, str]]:
    """Return the score rows with all columns but ``recorded``; the author and ``method`` stand where none is given."""
    given = {"coder": submission.author, "method": method}
    return [{c: row.get(c) or given.get(c, "") for c in ROW_COLUMNS} for row in submission.rows]


def check_form(submission: Submission) -> list[Problem]:
    """Return what is wrong with a submission by itself: columns, characters, foreign coders, rows that repeat a key."""
    found = []
    for file, rows, columns in (
        (NEW_ROWS, submission.rows, ROW_COLUMNS),
        (NEW_EVENTS, submission.events, EVENT_COLUMNS),
    ):
        for line, row in enumerate(rows, 1):
            for column, value in row.items():
                if column not in columns:
                    message = f"is not a column of {file} — write {', '.join(columns)}"
                    found.append(Problem(file, line, str(column), str(value), "column-unknown", message))
                elif not _is_text(value):
                    message = "contains a character that cannot be written — delete or retype it"
                    found.append(Problem(file, line, column, repr(value), "characters", message))
    keys: set[tuple[str, str]] = set()
    for line, row in enumerate(submission.rows, 1):
        coder = row.get("coder") or submission.author
        if coder != submission.author:
            message = f"is not {submission.author} — an analyst saves rows of their own only"
            found.append(Problem(NEW_ROWS, line, "coder", str(coder), "choice", message))
        key = str(row.get("indicator", "")), str(row.get("date", ""))
        if key in keys:
            message = "repeats the indicator and date of an earlier row — keep one"
            found.append(Problem(NEW_ROWS, line, "date", key[1], "row-duplicate", message))
        keys.add(key)
    if not submission.rows and not submission.events:
        found.append(Problem(NEW_ROWS, 0, "rows", "", "file-empty", "are none — enter at least one"))
    return found


def _is_text(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True
