"""Saving new assessments and forecasts, always in this way: check the whole folder with them in it, then write all or nothing."""

import datetime as dt
import errno
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from indicators.records.changelog import add_lines, describe_change
from indicators.records.checks.folder import check_folder
from indicators.records.checks.references import map_ids
from indicators.records.csvfile import TextTable, canonical_bytes, make_cells, parse_table
from indicators.records.dataset import Dataset, Further, Loaded, build_dataset, find_newest_method
from indicators.records.encoding import write_moment
from indicators.records.folder import (
    Folder,
    digest_files,
    lock_folder,
    parse_files,
    read_files,
    read_folder,
    replace_files,
)
from indicators.records.problems import Problem, Report, list_blocking
from indicators.records.saving.submission import (
    APPENDED,
    CHANGEABLE,
    CODERS_FILE,
    EVENT_COLUMNS,
    KINDS,
    NEW_APPENDED,
    NEW_CHANGES,
    NEW_CODERS,
    NEW_EVENTS,
    SCORES,
    UNUSABLE,
    Change,
    Conflict,
    Failed,
    Kind,
    Outcome,
    Refused,
    Row,
    Saved,
    Submission,
    check_form,
    check_lead,
    complete_rows,
)
from indicators.records.tables.core import CODERS, OPTIONAL_FILES, PACKAGE, table_of
from indicators.records.tables.inbox import DECISIONS_FILE, ITEMS_FILE
from indicators.records.tables.outlook import FORECASTS_FILE, QUESTIONS_FILE

Cells = dict[str, str]

README = "README.md"


@dataclass(frozen=True)
class Entry:
    """A row of a submission: its kind, its number among those, the file where it belongs, its cells."""

    kind: Kind
    number: int
    file: str
    cells: Cells


@dataclass(frozen=True)
class Others:
    """What a submission changes beside the ledgers: rows to append by file and number, second reports, the day of expiry.

    ``changes`` are those still to make, by their number.
    """

    rows: tuple[tuple[str, int, Cells], ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    expire: str = ""
    changes: tuple[tuple[int, Change], ...] = ()


@dataclass(frozen=True)
class Plan:
    """What saving a submission means for a folder as it is.

    ``rows`` are those still to write, ``events`` and ``coders`` likewise by their number in the submission; ``entries`` are all of
    its rows; ``event_ids`` are those of all of its events; ``theirs`` are rows recorded since its base.
    """

    rows: tuple[Entry, ...]
    events: dict[int, Cells]
    entries: tuple[Entry, ...]
    event_ids: tuple[str, ...]
    theirs: tuple[Row, ...]
    others: Others = Others()
    coders: dict[int, Cells] = field(default_factory=dict)


@dataclass(frozen=True)
class Prepared:
    """A submission that may be saved: its plan, the files to write with their contents, and the folder as it is then.

    ``sound``: nothing at all is wrong with that folder, so that whoever reads it next need not check it again.
    """

    plan: Plan
    contents: dict[str, bytes]
    folder: Folder
    dataset: Dataset
    sound: bool


def save_submission(
    data: Path,
    submission: Submission,
    now: dt.datetime,
    further: Further | None = None,
    lock_seconds: float = 10,
    keep: Callable[[Loaded], None] = lambda _: None,
) -> Outcome:
    """Append a submission's rows to a folder, all or none, and return the outcome.

    The folder is locked, read again and checked as a whole with the new rows in it, ``further`` included. New events
    are written before the scores that cite them. Where writing fails, the files are as before; where the process dies
    between two files, those written are valid without the rest, and the same submission again completes it. Rows
    that already are the author's last word, letter for letter, are not written again: so a retry writes once.
    ``keep`` is given the folder as it was checked, once it is written.
    """
    try:
        with lock_folder(data, lock_seconds):
            prepared = _prepare(data, submission, now, further)
            if not isinstance(prepared, Prepared):
                return prepared
            replace_files({data / name: content for name, content in prepared.contents.items()})
    except OSError as error:
        return Failed(explain_failure(error))
    plan, digest = prepared.plan, prepared.folder.digest
    if prepared.sound:
        keep(Loaded(Report(), digest, prepared.dataset))
    return Saved(
        tuple(prepared.contents),
        tuple(_find_places(prepared.folder, plan)),
        plan.event_ids,
        digest,
        already=not prepared.contents,
        recorded=tuple(entry.cells["recorded"] for entry in plan.entries),
    )


def find_saved(data: Path, submission: Submission, recorded: Collection[str]) -> Saved | None:
    """Return where a submission's rows stand if they were saved at some of the times of recording, else nothing.

    Later rows on the same thing, of the same coder and date, do not hide them: whoever recorded those saw these.
    """
    if not recorded:
        return None
    folder = read_folder(data)
    ids, missing = _number_events(folder, submission.events)
    entries = []
    for kind in KINDS:
        history = _own_history(folder, kind, submission.author)
        for number, row in enumerate(complete_rows(submission, kind, ""), 1):
            earlier = [r for r in history[row[kind.about], row["date"]] if r["recorded"] in recorded]
            given = ("events", "method", "recorded")  # what saving fills in
            met = [
                r for r in earlier if _canonical(kind, row | {c: r.get(c, "") for c in given}) == _canonical(kind, r)
            ]
            if not met:
                return None
            entries.append(Entry(kind, number, _file_of(folder, kind, met[-1]), met[-1]))
    if not entries:
        return None
    plan = Plan((), {}, tuple(entries), tuple(id for number, id in enumerate(ids, 1) if number not in missing), ())
    times = tuple(entry.cells["recorded"] for entry in entries)
    return Saved((), tuple(_find_places(folder, plan)), plan.event_ids, folder.digest, already=True, recorded=times)


def check_submission(
    data: Path, submission: Submission, now: dt.datetime, further: Further | None = None
) -> Refused | Conflict | None:
    """Return why a submission would not be saved as things stand, or nothing; no file is touched."""
    prepared = _prepare(data, submission, now, further)
    return None if isinstance(prepared, Prepared) else prepared


def preview_submission(
    data: Path, submission: Submission, now: dt.datetime, further: Further | None = None
) -> Dataset | Refused | Conflict:
    """Return the data as they would be with a submission, or why it would not be saved; no file is touched."""
    prepared = _prepare(data, submission, now, further)
    return prepared.dataset if isinstance(prepared, Prepared) else prepared


def explain_failure(error: OSError) -> str:
    """Return an error of the operating system as a sentence for the person who saves."""
    if isinstance(error, TimeoutError):
        return "Someone else is saving, for longer than usual. Nothing was changed; try again in a moment."
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        reason = "The disk is full"
    elif getattr(error, "winerror", None) in (32, 33) or error.errno in (errno.EBUSY, errno.ETXTBSY):
        reason = f"{error.filename} is open in another program; close it there"
    elif error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        reason = f"{error.filename or 'The data folder'} cannot be written; check the permissions of the data folder"
    else:
        reason = f"The data could not be written ({error.strerror or error})"
    return f"{reason}. Nothing was changed."


def _prepare(
    data: Path, submission: Submission, now: dt.datetime, further: Further | None
) -> Prepared | Refused | Conflict:
    files, report = read_files(data)
    folder = parse_files(files, report)
    form = check_form(submission)
    if any(p.code in UNUSABLE for p in form):
        return Refused(Report(form))
    plan = _plan(folder, submission, now)
    grown = _grow(folder, plan)
    found = check_folder(grown, now)
    problems = list_blocking(found)
    form += check_lead(submission, folder.topic.lead if folder.topic else "")
    if form or problems:
        return Refused(Report(sorted({*form, *(_address(p, plan) for p in problems)})))
    contents = _write(folder, grown, plan, submission.author, now)
    after = _read_written(folder, files, contents)
    dataset = build_dataset(after)
    more = further(dataset) if further and contents else []
    if more and (plan.rows or plan.events or plan.coders or plan.others.changes):  # else others' rows are at fault
        return Refused(Report(sorted(more)))
    if plan.theirs:
        changed = [change.after for change in submission.changes]
        return Conflict(plan.theirs, (*submission.rows, *submission.forecasts, *changed))
    return Prepared(plan, contents, after, dataset, bool(contents) and not found and not more and not after.report)


def _write(folder: Folder, grown: Folder, plan: Plan, author: str, now: dt.datetime) -> dict[str, bytes]:
    """The files that a plan changes with their new contents, in the order of writing."""
    changed = _changed(plan)
    beside = [name for name in grown.tables if name not in folder.tables and name not in changed]
    tables = [grown.tables[name] for name in (*beside, *changed)]
    contents = _tell_changes(folder, plan, author, now)
    contents |= {read.file: canonical_bytes(read.table, read.cells) for read in tables}
    if grown.texts.get(PACKAGE) != folder.texts.get(PACKAGE):  # a file is new, or was when a save was cut off
        contents[PACKAGE] = grown.texts[PACKAGE].encode()
    return contents


def _read_written(folder: Folder, files: Mapping[str, bytes], contents: Mapping[str, bytes]) -> Folder:
    """The folder as it is read once some of its files are written."""
    report = Report([problem for problem in folder.report.problems if problem.file not in contents])
    tables, texts = dict(folder.tables), dict(folder.texts)
    for name, content in contents.items():
        if (table := table_of(name)) is None:
            texts[name] = content.decode()
        elif read := parse_table(name, table, content, report):
            tables[name] = read
    return Folder(tables, texts, digest_files({**files, **contents}), report)


def _plan(folder: Folder, submission: Submission, now: dt.datetime) -> Plan:
    event_ids, events = _number_events(folder, submission.events)
    names = {f"new{number}": id for number, id in enumerate(event_ids, 1)}
    method = find_newest_method(map_ids(folder, "codebook/methods.csv", "date"))
    stamp = write_moment(now)
    base = submission.base if submission.base and submission.base.digest != folder.digest else None
    fresh: list[Entry] = []
    entries: list[Entry] = []
    theirs: list[Row] = []
    for kind in KINDS:
        history = _own_history(folder, kind, submission.author)
        for number, row in enumerate(complete_rows(submission, kind, method), 1):
            earlier = history[row[kind.about], row["date"]]
            last = earlier[-1] if earlier else None
            if kind is SCORES:
                if last and not row["events"] and not any(row[c] for c in kind.values):
                    row["events"] = last["events"]  # a withdrawal rests on what it withdraws
                row["events"] = ";".join(names.get(id, id) for id in row["events"].split(";"))
            row["recorded"] = last["recorded"] if last else stamp
            entry = Entry(kind, number, _file_of(folder, kind, row), row)
            if last is None or _canonical(kind, row) != _canonical(kind, last):
                row["recorded"] = max(stamp, _second_after(last["recorded"])) if last else stamp
                fresh.append(entry)
                if base:
                    known = base.rows
                    theirs += [r for r in earlier if (r[kind.about], r["date"], _instant(r["recorded"])) not in known]
            entries.append(entry)
    changes, moved = _plan_changes(folder, submission.changes)
    others = replace(_plan_others(folder, submission, names, now), changes=changes)
    coders = _list_new_coders(folder, submission.coders)
    return Plan(tuple(fresh), events, tuple(entries), event_ids, (*theirs, *moved), others, coders)


def _plan_changes(folder: Folder, changes: Iterable[Change]) -> tuple[tuple[tuple[int, Change], ...], list[Row]]:
    """The changes still to make, and the rows to be changed that are no longer as they were seen, as they stand."""
    to_make: list[tuple[int, Change]] = []
    moved: list[Row] = []
    for number, change in enumerate(changes, 1):
        read, key = folder.tables.get(change.file), CHANGEABLE[change.file].key
        rows = {tuple(row[c] for c in key): row for row in read.cells.to_pylist()} if read else {}
        stands = rows.get(tuple(change.after[c] for c in key), {})
        if stands == change.after:
            continue
        to_make.append((number, change))
        if change.before and stands != change.before:
            moved.append(stands or dict.fromkeys(change.before, ""))
    return tuple(to_make), moved


def _tell_changes(folder: Folder, plan: Plan, author: str, now: dt.datetime) -> dict[str, bytes]:
    """The changelog with a line for each change; written first, so that no change stays untold where the process dies."""
    lines = [
        describe_change(CHANGEABLE[change.file], change.before, change.after, change.reason, author)
        for _, change in plan.others.changes
    ]
    return {README: add_lines(folder.texts[README], f"{now:%Y-%m-%d}", lines).encode()} if lines else {}


def _make_changes(tables: dict[str, TextTable], changes: Iterable[tuple[int, Change]]) -> None:
    """Write changed rows in their places and new ones at the end; their lines are minus the change's number."""
    for number, change in changes:
        if (read := tables.get(change.file)) is None:
            continue
        rows, lines = read.cells.to_pylist(), read.lines.copy()
        wanted = [change.after[name] for name in read.table.key]
        places = [place for place, row in enumerate(rows) if [row[name] for name in read.table.key] == wanted]
        if change.before and places:
            rows[places[0]], lines[places[0]] = dict(change.after), -number
        else:
            rows, lines = [*rows, dict(change.after)], np.append(lines, -number)
        tables[change.file] = replace(read, cells=make_cells(read.table, rows), lines=lines)


def _list_new_coders(folder: Folder, coders: Iterable[Row]) -> dict[int, Cells]:
    """The coders to write: one that stands in the codebook word for word is there already."""
    read = folder.tables.get(CODERS_FILE)
    known = read.cells.to_pylist() if read else []
    rows = {number: {name: row.get(name, "") for name in CODERS.names} for number, row in enumerate(coders, 1)}
    return {number: row for number, row in rows.items() if row not in known}


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


def _plan_others(folder: Folder, submission: Submission, names: Mapping[str, str], now: dt.datetime) -> Others:
    """The rows to append whose key does not stand in their file, and the second reports that events lack."""
    rows = []
    known: dict[str, set[tuple[str, ...]]] = {}
    for number, (file, given) in enumerate(submission.appended, 1):
        row = {name: names.get(cell, cell) if name == "event" else cell for name, cell in given.items()}
        key, read = APPENDED[file].key, folder.tables.get(file)
        if row.get("recorded") == "":
            row["recorded"] = _find_moment(read, key, row, write_moment(now))
        if file not in known:
            known[file] = set(zip(*(read.cells[c].to_pylist() for c in key), strict=True)) if read else set()
        if tuple(row[c] for c in key) not in known[file]:
            known[file].add(tuple(row[c] for c in key))
            rows.append((file, number, row))
    written = folder.tables.get("events.csv")
    lacking = {
        row["event"]: row["source_url"]
        for row in (written.cells.to_pylist() if written else [])
        if not row["second_source_url"]
    }
    sources = tuple((id, url) for id, url in submission.sources if id in lacking and lacking[id] != url)
    expire = submission.expire if any(_list_expired(folder.tables, submission.expire)) else ""
    return Others(tuple(rows), sources, expire)


def _find_moment(read: TextTable | None, key: tuple[str, ...], row: Cells, stamp: str) -> str:
    """When a row is recorded: now, or when it was if it is the last word on its key already; never before that one."""
    about = [name for name in key if name != "recorded"]
    said = [r for r in read.cells.to_pylist() if all(r[c] == row[c] for c in about)] if read else []
    last = max(said, key=lambda r: _instant(r["recorded"]), default=None)
    if last is None:
        return stamp
    same = {**last, "recorded": ""} == row
    return str(last["recorded"]) if same else max(stamp, _second_after(last["recorded"]))


def _list_expired(tables: Mapping[str, TextTable], expire: str) -> list[bool]:
    """For each row of the items, whether nobody has decided on its item and all of its addresses were found before a day."""
    items = tables.get(ITEMS_FILE)
    if not items or not expire:
        return []
    decided: dict[str, str] = {}
    if read := tables.get(DECISIONS_FILE):
        rows = sorted(read.cells.to_pylist(), key=lambda row: _instant(row["recorded"]))
        decided = {row["item"]: row["decision"] for row in rows}
    ids, found = items.cells["item"].to_pylist(), items.cells["found"].to_pylist()
    stay = {id for id, day in zip(ids, found, strict=True) if day >= expire}
    # One that was opened again has a decision on record, which names it: it stays.
    return [id not in stay and id not in decided for id in ids]


def _edit_others(tables: dict[str, TextTable], others: Others) -> None:
    """Take the expired items out, and enter second reports."""
    if others.expire:
        read = tables[ITEMS_FILE]
        kept = ~np.array(_list_expired(tables, others.expire), dtype=bool)
        tables[ITEMS_FILE] = replace(read, cells=read.cells.filter(pa.array(kept)), lines=read.lines[kept])
    if others.sources:
        read, urls = tables["events.csv"], dict(others.sources)
        rows = [
            row | {"second_source_url": row["second_source_url"] or urls.get(row["event"], "")}
            for row in read.cells.to_pylist()
        ]
        tables["events.csv"] = replace(read, cells=make_cells(read.table, rows))


def _own_history(folder: Folder, kind: Kind, coder: str) -> defaultdict[tuple[str, str], list[Cells]]:
    """The coder's rows of a kind by what they are about and date, each list in the order of recording."""
    history: defaultdict[tuple[str, str], list[Cells]] = defaultdict(list)
    for read in folder.tables.values():
        if read.table is kind.table:
            for row in read.cells.filter(pc.equal(read.cells["coder"], coder)).to_pylist():
                history[row[kind.about], row["date"]].append(row)
    for rows in history.values():
        rows.sort(key=lambda row: _instant(row["recorded"]))
    return history


def _changed(plan: Plan) -> list[str]:
    """Files that a plan changes, in the order of writing: what is cited first."""
    files = dict.fromkeys(entry.file for entry in plan.rows)
    appended = dict.fromkeys(file for file, _, _ in plan.others.rows)
    expired = [ITEMS_FILE] if plan.others.expire else []
    coders = [CODERS_FILE] if plan.coders else []
    return [
        *dict.fromkeys([*coders, *(change.file for _, change in plan.others.changes)]),
        *(["events.csv"] if plan.events or plan.others.sources else []),
        *dict.fromkeys([*expired, *appended]),
        *files,
    ]


def _grow(folder: Folder, plan: Plan) -> Folder:
    """The folder with the plan's rows in it; their lines are minus their number in the submission."""
    by_file: dict[str, dict[int, Cells]] = defaultdict(dict)
    by_file["events.csv"] |= plan.events
    by_file[CODERS_FILE] |= plan.coders
    for file, number, cells_of_row in plan.others.rows:
        by_file[file][number] = cells_of_row
    for entry in plan.rows:
        by_file[entry.file][entry.number] = entry.cells
    tables = dict(folder.tables)
    _make_changes(tables, plan.others.changes)
    for name, rows in by_file.items():
        read = tables.get(name)
        if read is None and name in OPTIONAL_FILES:  # checked as an empty one would be; the checks say what it lacks
            read = _make_empty(name)
            if rows and name == QUESTIONS_FILE:  # takes forecasts from then on, and needs their file beside it
                tables.setdefault(FORECASTS_FILE, _make_empty(FORECASTS_FILE))
        if rows and read:
            cells = pa.concat_tables([read.cells, make_cells(read.table, rows.values())])
            lines = np.concatenate([read.lines, -np.array(list(rows), dtype=np.int64)])
            tables[name] = TextTable(name, read.table, cells, lines)
    _edit_others(tables, plan.others)
    # Another digest: nothing computed for the old folder may be taken for the new one.
    mark = digest_files({"rows": repr((plan.rows, plan.events, plan.others, plan.coders)).encode()})
    digest = f"{folder.digest}+{mark}"
    report = Report([*folder.report.problems])
    grown = replace(folder, tables=tables, digest=digest, report=report)
    if PACKAGE in folder.texts and (package := grown.describe()):
        return replace(grown, texts=folder.texts | {PACKAGE: package})
    return grown


def _make_empty(name: str) -> TextTable:
    """A file that the folder does without, with its header alone."""
    return TextTable(name, OPTIONAL_FILES[name], make_cells(OPTIONAL_FILES[name], []), np.array([], np.int64))


def _address(problem: Problem, plan: Plan) -> Problem:
    """The problem with the row's number in the submission, where it is one of its rows."""
    if problem.line >= 0:
        return problem
    number = -problem.line
    if problem.file in {change.file for _, change in plan.others.changes}:
        return replace(problem, file=NEW_CHANGES, line=number)
    if problem.file in (CODERS_FILE, "events.csv"):
        return replace(problem, file=NEW_CODERS if problem.file == CODERS_FILE else NEW_EVENTS, line=number)
    if problem.file in APPENDED:
        return replace(problem, file=NEW_APPENDED, line=number)
    entry = next(entry for entry in plan.rows if (entry.file, entry.number) == (problem.file, number))
    if problem.code == "recorded-early":  # the analyst gave the date, not the time of recording
        message = "is in the future — a row is recorded on its date or later"
        return Problem(entry.kind.file, number, "date", entry.cells["date"], problem.code, message)
    return replace(problem, file=entry.kind.file, line=number)


def _file_of(folder: Folder, kind: Kind, row: Cells) -> str:
    if kind is not SCORES:
        return FORECASTS_FILE
    # An unknown indicator is looked at in some file of scores, where the checks name it.
    dimensions = map_ids(folder, "codebook/indicators.csv", "dimension")
    return f"scores/{dimensions.get(row['indicator']) or next(iter(folder.dimensions), '')}.csv"


def _find_places(folder: Folder, plan: Plan) -> Iterable[tuple[str, int]]:
    lines: dict[str, dict[tuple[str, ...], int]] = {}
    for entry in plan.entries:
        name, table = entry.file, entry.kind.table
        if name not in lines:
            read = folder.tables[name]
            keys = zip(*(read.cells[column].to_pylist() for column in table.key), strict=True)
            lines[name] = dict(zip(keys, read.lines.tolist(), strict=True))
        yield name, lines[name][tuple(entry.cells[column] for column in table.key)]


def _canonical(kind: Kind, row: Cells) -> bytes:
    return canonical_bytes(kind.table, make_cells(kind.table, [row]))


def _instant(recorded: str) -> str:
    return recorded if "T" in recorded else f"{recorded}T00:00:00Z"


def _second_after(recorded: str) -> str:
    try:
        instant = dt.datetime.fromisoformat(_instant(recorded))
    except ValueError:  # the checks name it
        return ""
    return write_moment(instant + dt.timedelta(seconds=1))
