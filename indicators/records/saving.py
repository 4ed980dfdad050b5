"""The one door for new assessments: check the whole folder with them in it, then write all or nothing."""

import datetime as dt
import errno
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from indicators.records.addresses import map_ids
from indicators.records.checks import check_folder
from indicators.records.csvtext import TextTable, canonical_bytes, make_cells, parse_table
from indicators.records.dataset import Dataset, build_dataset
from indicators.records.ledger import Folder, digest_files, lock_folder, parse_files, read_files, replace_files
from indicators.records.problems import Problem, Report
from indicators.records.schema import ASSESSMENTS
from indicators.records.submission import (
    EVENT_COLUMNS,
    NEW_EVENTS,
    NEW_ROWS,
    UNUSABLE,
    VALUES,
    Conflict,
    Failed,
    Outcome,
    Refused,
    Row,
    Saved,
    Submission,
    check_form,
    complete_rows,
)

Further = Callable[[Dataset], list[Problem]]
Cells = dict[str, str]

_FIRST = -1
"""Lines below 0 number the rows of a submission while they stand in a folder that is only being checked."""


@dataclass(frozen=True)
class Plan:
    """What saving a submission means for a folder as it is.

    ``rows`` and ``events`` are those still to write, by their number in the submission; ``keys`` identify all of its
    rows, with their files; ``event_ids`` are those of all of its events; ``theirs`` are rows recorded since its base.
    """

    rows: dict[int, Cells]
    events: dict[int, Cells]
    keys: list[tuple[str, Cells]]
    event_ids: tuple[str, ...]
    theirs: tuple[Row, ...]


def save_submission(
    data: Path, submission: Submission, now: dt.datetime, further: Further | None = None, lock_seconds: float = 10
) -> Outcome:
    """Append a submission's rows to a folder, all or none, and say what became of them.

    The folder is locked, read anew and checked as a whole with the new rows in it, ``further`` included. New events
    are written before the scores that cite them. Where writing fails, the files are as before; where the process dies
    between two files, those written are valid without the rest, and the same submission again completes it. Rows
    that already are the author's last word, letter for letter, are not written again: so a retry writes once.
    """
    try:
        with lock_folder(data, lock_seconds):
            files, report = read_files(data)
            folder = parse_files(files, report)
            prepared = _prepare(folder, submission, now, further)
            if not isinstance(prepared, Plan):
                return prepared
            grown = _grow(folder, prepared)
            tables = [grown.tables[name] for name in _changed(folder, prepared)]
            contents = {read.file: canonical_bytes(read.table, read.cells) for read in tables}
            replace_files({data / name: content for name, content in contents.items()})
    except OSError as error:
        return Failed(explain_failure(error))
    return Saved(
        tuple(contents),
        tuple(_find_places(files | contents, prepared)),
        prepared.event_ids,
        digest_files(files | contents),
        already=not contents,
    )


def check_submission(
    data: Path, submission: Submission, now: dt.datetime, further: Further | None = None
) -> Refused | Conflict | None:
    """Return why a submission would not be saved as things stand, or nothing; no file is touched."""
    prepared = _prepare(parse_files(*read_files(data)), submission, now, further)
    return None if isinstance(prepared, Plan) else prepared


def explain_failure(error: OSError) -> str:
    """Return an error of the operating system as a sentence for the person who saves."""
    if isinstance(error, TimeoutError):
        return "Someone else is saving, for longer than usual. Nothing was changed; try again in a moment."
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        reason = "The disk is full"
    elif getattr(error, "winerror", None) in (32, 33) or error.errno in (errno.EBUSY, errno.ETXTBSY):
        reason = f"{error.filename} is open in another program; close it there"
    elif error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        reason = f"{error.filename or 'The data folder'} may not be written; check the rights of the data folder"
    else:
        reason = f"The data could not be written ({error.strerror or error})"
    return f"{reason}. Nothing was changed."


def _prepare(
    folder: Folder, submission: Submission, now: dt.datetime, further: Further | None
) -> Plan | Refused | Conflict:
    form = check_form(submission)
    if any(p.code in UNUSABLE for p in form):
        return Refused(Report(form))
    plan = _plan(folder, submission, now)
    grown = _grow(folder, plan)
    problems = check_folder(grown)
    if not form and not problems and further is not None and (plan.rows or plan.events):
        problems = further(build_dataset(grown))
    if form or problems:
        return Refused(Report(sorted({*form, *(_address(p, plan) for p in problems)})))
    if plan.theirs:
        return Conflict(plan.theirs, tuple(submission.rows))
    return plan


def _plan(folder: Folder, submission: Submission, now: dt.datetime) -> Plan:
    event_ids, events = _number_events(folder, submission.events)
    names = {f"new{number}": id for number, id in enumerate(event_ids, 1)}
    methods = sorted(map_ids(folder, "codebook/methods.csv", "method", "date").items(), key=lambda pair: pair[1])
    history = _own_history(folder, submission.author)
    stamp = f"{now.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
    base = submission.base if submission.base and submission.base.digest != folder.digest else None
    rows: dict[int, Cells] = {}
    keys: list[tuple[str, Cells]] = []
    theirs: list[Row] = []
    for number, row in enumerate(complete_rows(submission, methods[-1][0] if methods else ""), 1):
        earlier = history[row["indicator"], row["date"]]
        last = earlier[-1] if earlier else None
        if last and not row["events"] and not any(row[c] for c in VALUES):
            row["events"] = last["events"]  # a withdrawal rests on what it withdraws
        row["events"] = ";".join(names.get(id, id) for id in row["events"].split(";"))
        row["recorded"] = last["recorded"] if last else stamp
        if last is None or _canonical(row) != _canonical(last):
            row["recorded"] = max(stamp, _second_after(last["recorded"])) if last else stamp
            rows[number] = row
            if base:
                theirs += [r for r in earlier if (r["indicator"], r["date"], _instant(r["recorded"])) not in base.rows]
        keys.append((_file_of(folder, row["indicator"]), row))
    return Plan(rows, events, keys, event_ids, tuple(theirs))


def _number_events(folder: Folder, events: Iterable[Row]) -> tuple[tuple[str, ...], dict[int, Cells]]:
    """The id of each new event, and those to write; one that stands in the file already, word for word, keeps its id."""
    read = folder.tables.get("events.csv")
    written = read.cells.to_pylist() if read else []
    known = {tuple(row[c] for c in EVENT_COLUMNS): row["event"] for row in written}
    following = max((int(row["event"][1:]) for row in written if row["event"][1:].isdecimal()), default=0) + 1
    ids, fresh = [], {}
    for number, event in enumerate(events, 1):
        content = tuple(event.get(c, "") for c in EVENT_COLUMNS)
        if content not in known:
            known[content] = f"E{following:04d}"
            fresh[number] = {"event": known[content], **dict(zip(EVENT_COLUMNS, content, strict=True))}
            following += 1
        ids.append(known[content])
    return tuple(ids), fresh


def _own_history(folder: Folder, coder: str) -> defaultdict[tuple[str, str], list[Cells]]:
    """The coder's rows by indicator and date, each list in the order of recording."""
    history: defaultdict[tuple[str, str], list[Cells]] = defaultdict(list)
    for read in folder.tables.values():
        if read.table is ASSESSMENTS:
            for row in read.cells.filter(pc.equal(read.cells["coder"], coder)).to_pylist():
                history[row["indicator"], row["date"]].append(row)
    for rows in history.values():
        rows.sort(key=lambda row: _instant(row["recorded"]))
    return history


def _changed(folder: Folder, plan: Plan) -> list[str]:
    """Files that a plan changes, in the order of writing: what is cited first."""
    scores = dict.fromkeys(_file_of(folder, row["indicator"]) for row in plan.rows.values())
    return [*(["events.csv"] if plan.events else []), *scores]


def _grow(folder: Folder, plan: Plan) -> Folder:
    """The folder with the plan's rows in it; their lines are minus their number in the submission."""
    by_file: dict[str, dict[int, Cells]] = defaultdict(dict)
    by_file["events.csv"] |= plan.events
    for number, row in plan.rows.items():
        by_file[_file_of(folder, row["indicator"])][number] = row
    tables = dict(folder.tables)
    for name, rows in by_file.items():
        if rows and (read := tables.get(name)):
            cells = pa.concat_tables([read.cells, make_cells(read.table, rows.values())])
            lines = np.concatenate([read.lines, -np.array(list(rows), dtype=np.int64)])
            tables[name] = TextTable(name, read.table, cells, lines)
    # Another digest: nothing computed for the old folder may be taken for the new one.
    mark = digest_files({"rows": repr((plan.rows, plan.events)).encode()})
    digest = f"{folder.digest}+{mark}"
    return replace(folder, tables=tables, digest=digest, report=Report([*folder.report.problems]))


def _address(problem: Problem, plan: Plan) -> Problem:
    """The problem with the row's number in the submission, where it is one of its rows."""
    if problem.line > _FIRST:
        return problem
    number = -problem.line
    if problem.file == "events.csv":
        return replace(problem, file=NEW_EVENTS, line=number)
    if problem.code == "recorded-early":  # the analyst gave the date, not the time of recording
        date = plan.rows[number]["date"]
        message = "is in the future — a score is recorded on its date or later"
        return Problem(NEW_ROWS, number, "date", date, problem.code, message)
    return replace(problem, file=NEW_ROWS, line=number)


def _file_of(folder: Folder, indicator: str) -> str:
    # An unknown indicator is looked at in some file of scores, where the checks name it.
    dimensions = map_ids(folder, "codebook/indicators.csv", "indicator", "dimension")
    return f"scores/{dimensions.get(indicator) or next(iter(folder.dimensions), '')}.csv"


def _find_places(files: dict[str, bytes], plan: Plan) -> Iterable[tuple[str, int]]:
    lines: dict[str, dict[tuple[str, ...], int]] = {}
    for name, row in plan.keys:
        if name not in lines and (read := parse_table(name, ASSESSMENTS, files[name], Report())):
            keys = zip(*(read.cells[column].to_pylist() for column in ASSESSMENTS.key), strict=True)
            lines[name] = dict(zip(keys, read.lines.tolist(), strict=True))
        yield name, lines[name][tuple(row[column] for column in ASSESSMENTS.key)]


def _canonical(row: Cells) -> bytes:
    return canonical_bytes(ASSESSMENTS, make_cells(ASSESSMENTS, [row]))


def _instant(recorded: str) -> str:
    return recorded if "T" in recorded else f"{recorded}T00:00:00Z"


def _second_after(recorded: str) -> str:
    try:
        instant = dt.datetime.fromisoformat(_instant(recorded))
    except ValueError:  # the checks name it
        return ""
    return f"{instant + dt.timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"
