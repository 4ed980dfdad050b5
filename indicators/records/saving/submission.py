"""What an analyst hands in to be saved, and the outcomes of saving it."""

from collections.abc import Mapping
from dataclasses import dataclass

from indicators.records.dataset import Dataset
from indicators.records.encoding import DAY_FORMAT, MOMENT_FORMAT
from indicators.records.problems import Problem, Report
from indicators.records.tables.columns import REASON, Table
from indicators.records.tables.core import (
    ANCHORS,
    ANCHORS_FILE,
    ASSESSMENTS,
    CODERS,
    COMMENTS_FILE,
    CORRECTION,
    EVENTS,
    INDICATORS,
    INDICATORS_FILE,
    NOTES_FILE,
    OPTIONAL_FILES,
    RULINGS_FILE,
)
from indicators.records.tables.inbox import DECISIONS_FILE, INBOX_FILES
from indicators.records.tables.outlook import FORECASTS, QUESTIONS_FILE

Row = Mapping[str, str]

NEW_ROWS = "new rows"
"""Stands for the file in problems of a submission's score rows; their line is the row's number, from 1."""

NEW_EVENTS = "new events"
"""Stands for the file in problems of a submission's events; their line is the event's number, from 1."""

NEW_APPENDED = "further new rows"
"""Stands for the file in problems of a submission's rows of ``APPENDED`` files; their line is the row's number, from 1."""

NEW_FORECASTS = "new forecasts"
"""Stands for the file in problems of a submission's forecasts; their line is the forecast's number, from 1."""

NEW_CODERS = "new coders"
"""Stands for the file in problems of a submission's coders; their line is the coder's number, from 1."""

CODERS_FILE = "codebook/coders.csv"

APPENDED: dict[str, Table] = {
    **INBOX_FILES,
    **{name: OPTIONAL_FILES[name] for name in (RULINGS_FILE, COMMENTS_FILE, NOTES_FILE, QUESTIONS_FILE)},
}
"""Files beside the ledgers of scores and forecasts to which a submission may append rows."""

SIGNED = {DECISIONS_FILE: "coder", RULINGS_FILE: "coder", COMMENTS_FILE: "author", NOTES_FILE: "author"}
"""Files each row of which names, in the column given, who wrote it: nobody writes in another's name."""

NEW_CHANGES = "changes"
"""Stands for the file in problems of a submission's changes; their line is the change's number, from 1."""

CHANGEABLE: dict[str, Table] = {
    "events.csv": EVENTS,
    INDICATORS_FILE: INDICATORS,
    ANCHORS_FILE: ANCHORS,
    CODERS_FILE: CODERS,
}
"""Files whose rows may be changed or added with a line of the data's changelog, for they keep no earlier rows."""

EVENT_COLUMNS = tuple(name for name in EVENTS.names if name != "event")


@dataclass(frozen=True)
class Kind:
    """One kind of rows that a coder appends: the table, its name in problems, what a row is about, what it states."""

    table: Table
    file: str
    about: str
    values: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a submission gives."""
        return tuple(name for name in self.table.names if name != "recorded")


SCORES = Kind(ASSESSMENTS, NEW_ROWS, "indicator", ("score", "low", "high"))
PROBABILITIES = Kind(FORECASTS, NEW_FORECASTS, "question", ("probability",))
KINDS = (SCORES, PROBABILITIES)
"""Rows of a kind that share what they are about, coder and date replace each other; the last recorded one counts."""

UNUSABLE = ("column-unknown", "characters", "file-empty")
"""Codes of ``check_form`` after which the rows cannot even be looked at among the others."""


@dataclass(frozen=True)
class Base:
    """The data that a submission was made on: its digest, and the coder's own rows in it (what about, date, recorded)."""

    digest: str
    rows: frozenset[tuple[str, str, str]]


@dataclass(frozen=True)
class Change:
    """A row of a ``CHANGEABLE`` file as it is to be, and as whoever changes it saw it: with no cells where it is new."""

    file: str
    before: Row
    after: Row
    reason: str


@dataclass(frozen=True)
class Submission:
    """Rows to append, all or none, as text by column.

    ``rows`` have no ``recorded``; ``coder`` and ``method`` may be left out: the author, and the newest version of the
    method. ``events`` are new events without their ids; a row cites the first as ``new1``, the second as ``new2``.
    ``forecasts`` are rows of the forecasts, likewise without ``recorded``; ``coders`` are people who join the codebook.
    ``id`` is the client's own for this submission, the same at each retry.
    """

    rows: tuple[Row, ...]
    author: str
    id: str
    events: tuple[Row, ...] = ()
    base: Base | None = None
    forecasts: tuple[Row, ...] = ()
    appended: tuple[tuple[str, Row], ...] = ()
    """Rows of ``APPENDED`` files, each with its file and all its columns; one whose key stands there is not written again.

    Where ``recorded`` is blank, saving fills it in, and a row is not written that is the last word on its key already.
    """

    sources: tuple[tuple[str, str], ...] = ()
    """Events with the address of a second report, which is entered where the event has none."""

    expire: str = ""
    """Day before which items that nobody has decided on leave the inbox; blank keeps all."""
    coders: tuple[Row, ...] = ()
    changes: tuple[Change, ...] = ()
    """Changes of rows, each told by a dated line of the data's changelog."""

    def of(self, kind: Kind) -> tuple[Row, ...]:
        """Return the rows of a kind."""
        return self.rows if kind is SCORES else self.forecasts


@dataclass(frozen=True)
class Saved:
    """All rows are on the disk.

    ``files`` are those written; ``places`` the file and line of each row of the submission, scores before forecasts;
    ``events`` the ids of its new events; ``already``: all had been saved before, and nothing was written now;
    ``recorded`` the time of recording of each row, in the order of the places.
    """

    files: tuple[str, ...]
    places: tuple[tuple[str, int], ...]
    events: tuple[str, ...]
    digest: str
    already: bool = False
    recorded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refused:
    """Nothing was written: the problems, those of the submission under ``NEW_ROWS``, ``NEW_FORECASTS`` and ``NEW_EVENTS``."""

    report: Report


@dataclass(frozen=True)
class Conflict:
    """Nothing was written: since the base, other rows were recorded of the same coder and date, on the same thing.

    Or a row to be changed is no longer as whoever changes it saw it: ``theirs`` are then the rows as they stand.
    """

    theirs: tuple[Row, ...]
    ours: tuple[Row, ...]


@dataclass(frozen=True)
class Failed:
    """Nothing was written, for a reason outside the data; the message says which, to a person."""

    message: str


@dataclass(frozen=True)
class Queued:
    """The rows are safe on this machine's disk and wait to be sent, for the reason that the message gives.

    ``refusal``: what the remote or git says, where waiting alone will not help.
    """

    message: str
    refusal: str = ""


Outcome = Saved | Refused | Conflict | Failed | Queued


def note_base(dataset: Dataset, coder: str) -> Base:
    """Return the base of submissions that a coder makes on a dataset."""
    keys: set[tuple[str, str, str]] = set()
    for kind, table in ((SCORES, dataset.assessments), (PROBABILITIES, dataset.forecasts)):
        own = table[table["coder"] == coder]
        days, recorded = own["date"].dt.strftime(DAY_FORMAT), own["recorded"].dt.strftime(MOMENT_FORMAT)
        keys |= set(zip(own[kind.about], days, recorded, strict=True))
    return Base(dataset.digest, frozenset(keys))


def withdraw(indicator: str, coder: str, date: str, reason: str) -> dict[str, str]:
    """Return the row that withdraws a coder's assessment; saving cites the events of the row that it withdraws."""
    row = dict.fromkeys(SCORES.columns, "")
    return row | {"indicator": indicator, "coder": coder, "date": date, "rationale": reason}


def describe_submission(submission: Submission) -> str:
    """Return what a submission says, as the message of a commit: a first line in short, then the reasons."""
    rows = [(kind, row) for kind in KINDS for row in submission.of(kind)]
    lines = [
        f"{row.get(kind.about, '')} {row.get('date', '')}: {row.get(kind.values[0]) or 'withdrawn'}"
        for kind, row in rows
    ]
    if len(lines) == 1:
        return f"{lines[0]}\n\n{rows[0][1].get('rationale', '')}\n"
    reasons = [f"{line}\n{row.get('rationale', '')}\n" for line, (_, row) in zip(lines, rows, strict=True)]
    events = submission.events if not rows else ()  # beside rows, these cite them
    counts = (
        *((submission.rows, "assessment"), (submission.forecasts, "forecast"), (events, "event")),
        (submission.coders, "coder"),
        (submission.appended, "row"),
        (submission.changes, "change"),
    )
    count = " and ".join(f"{len(of)} {name}{'s' * (len(of) != 1)}" for of, name in counts if of) or "Old items removed"
    return "\n".join([f"{count} by {submission.author}\n", *reasons])


def complete_rows(submission: Submission, kind: Kind, method: str) -> list[dict[str, str]]:
    """Return the rows of a kind with all columns but ``recorded``; the author and ``method`` stand where none is given."""
    given = {"coder": submission.author, "method": method}
    return [{c: row.get(c) or given.get(c, "") for c in kind.columns} for row in submission.of(kind)]


def check_form(submission: Submission) -> list[Problem]:
    """Return what is wrong with a submission by itself: columns, characters, foreign coders, rows that repeat a key."""
    found = []
    for file, rows, columns in (
        *((kind.file, submission.of(kind), kind.columns) for kind in KINDS),
        (NEW_EVENTS, submission.events, EVENT_COLUMNS),
        (NEW_CODERS, submission.coders, CODERS.names),
    ):
        for line, row in enumerate(rows, 1):
            for column, value in row.items():
                if column not in columns:
                    message = f"is not a column of {file} — write {', '.join(columns)}"
                    found.append(Problem(file, line, str(column), str(value), "column-unknown", message))
                elif not _is_text(value):
                    message = "contains a character that cannot be written — delete or retype it"
                    found.append(Problem(file, line, column, repr(value), "characters", message))
    for kind in KINDS:
        keys: set[tuple[str, str]] = set()
        for line, row in enumerate(submission.of(kind), 1):
            coder = row.get("coder") or submission.author
            if coder != submission.author:
                message = f"is not {submission.author} — an analyst saves rows of their own only"
                found.append(Problem(kind.file, line, "coder", str(coder), "choice", message))
            key = str(row.get(kind.about, "")), str(row.get("date", ""))
            if key in keys:
                message = f"repeats the {kind.about} and date of an earlier row — keep one"
                found.append(Problem(kind.file, line, "date", key[1], "row-duplicate", message))
            keys.add(key)
    for line, (file, row) in enumerate(submission.appended, 1):
        if file not in APPENDED or set(row) != set(APPENDED[file].names) or not all(map(_is_text, row.values())):
            message = "takes no such row — write all columns of a file that rows are appended to, as text"
            found.append(Problem(NEW_APPENDED, line, "row", file, "column-unknown", message))
        elif file in SIGNED and row[SIGNED[file]] != submission.author:
            message = f"is not {submission.author} — nobody writes in another's name"
            found.append(Problem(NEW_APPENDED, line, SIGNED[file], row[SIGNED[file]], "choice", message))
    found += _check_changes(submission)
    if not (
        submission.rows
        or submission.forecasts
        or submission.events
        or submission.appended
        or submission.expire
        or submission.coders
        or submission.changes
    ):
        found.append(Problem(NEW_ROWS, 0, "rows", "", "file-empty", "are none — enter at least one"))
    return found


def _check_changes(submission: Submission) -> list[Problem]:
    """What is wrong with changes by themselves: unknown files or columns, another key, no reason, or nothing that differs."""
    found = []
    for line, change in enumerate(submission.changes, 1):
        columns = set(CHANGEABLE[change.file].names) if change.file in CHANGEABLE else set()
        cells = (*change.before.values(), *change.after.values(), change.reason)
        if set(change.after) != columns or set(change.before) not in (set(), columns) or not all(map(_is_text, cells)):
            message = "takes no such change — write all columns of a file whose rows may be changed, as text"
            found.append(Problem(NEW_CHANGES, line, "row", change.file, "column-unknown", message))
            continue
        key = CHANGEABLE[change.file].key
        if change.before and any(change.before[name] != change.after[name] for name in key):
            message = "tells the row apart from others and stays — add another row instead"
            found.append(Problem(NEW_CHANGES, line, key[0], change.after[key[0]], "choice", message))
        if change.before == change.after:
            message = "is as it was — change what was wrong"
            found.append(Problem(NEW_CHANGES, line, key[0], change.after[key[0]], "choice", message))
        if fault := REASON.judge(change.reason):
            found.append(Problem(NEW_CHANGES, line, "reason", change.reason, fault.code, fault.message))
    return found


def check_lead(submission: Submission, lead: str) -> list[Problem]:
    """Return the rulings, and the corrections asked for, of a submission whose author is not the lead."""
    if lead and submission.author == lead:
        return []
    message = f"is not {lead}, the lead" if lead else "is not the lead: codebook/topic.csv names none"
    return [
        Problem(NEW_APPENDED, line, SIGNED[file], submission.author, "choice", f"{message} — only the lead may do this")
        for line, (file, row) in enumerate(submission.appended, 1)
        if file == RULINGS_FILE or (file == COMMENTS_FILE and row.get("kind") == CORRECTION)
    ]


def _is_text(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True
