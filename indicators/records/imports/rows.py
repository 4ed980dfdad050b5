"""Rows and new events as they come in, before they are saved: what is wrong inside their cells, and what is new in them."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from indicators.records.checks.folder import judge_cell
from indicators.records.csvfile import canonical_cells, make_cells
from indicators.records.dataset import Dataset
from indicators.records.encoding import DAY_FORMAT
from indicators.records.problems import Problem
from indicators.records.rules import Fault
from indicators.records.saving.submission import EVENT_COLUMNS
from indicators.records.tables.columns import EVENT, Table
from indicators.records.tables.core import ASSESSMENTS, EVENTS

COLUMNS = ("date", "indicator", "score", "low", "high", "rationale", "events")
"""Columns of an upload; coder, time of recording and method are set by the save."""

STATED = ("score", "low", "high", "rationale", "events")
"""Columns that say something of the indicator and date; a row of a workbook with none of them was not scored."""

NAME = "upload"

LABEL = re.compile("new[0-9]{1,4}")
"""Name of a new event in an upload, by which its rows cite it."""

_FORMULA = re.compile(r"[=+@]|-(?![0-9])")

Row = dict[str, str]
Place = tuple[str, int]
"""What a row stands in (the upload, or a sheet of it), and its line there."""


def check_rows(
    rows: Sequence[Row], places: Sequence[Place] = (), events: Sequence[Row] = (), event_places: Sequence[Place] = ()
) -> list[Problem]:
    """Return what is wrong inside the cells of some rows and new events.

    Without ``places`` the first row has line 2, as in a file with a header.
    """
    labels = {event["event"] for event in events if event["event"]}
    found: list[Problem] = []
    for place, row in zip(places or _number(rows), rows, strict=True):
        found += _judge_cells(place, ASSESSMENTS, COLUMNS, row, labels)
    seen: set[str] = set()
    for place, event in zip(event_places or _number(events), events, strict=True):
        label = event["event"]
        if label and not LABEL.fullmatch(label):
            message = "is not a name for a new event — write new1, new2 and so on, or leave it blank"
            found.append(Problem(*place, "event", label, "id-format", message))
        elif label in seen:
            message = "names two new events — give each a name of its own"
            found.append(Problem(*place, "event", label, "row-duplicate", message))
        seen |= {label} - {""}
        found += _judge_cells(place, EVENTS, EVENT_COLUMNS, event)
    return found


def number_events(rows: Iterable[Row], events: Sequence[Row]) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """Return rows and events as a submission takes them: events without names, cited as ``new1`` by their order."""
    names = {event["event"]: f"new{number}" for number, event in enumerate(events, 1) if event["event"]}
    cited = tuple({**row, "events": ";".join(names.get(id, id) for id in row["events"].split(";"))} for row in rows)
    return cited, tuple({name: event[name] for name in EVENT_COLUMNS} for event in events)


def list_events(dataset: Dataset) -> dict[str, Row]:
    """Return the events on record as text, by their ids."""
    table = dataset.events.assign(date=dataset.events["date"].dt.strftime(DAY_FORMAT)).reset_index()
    rows = table[EVENTS.names].to_dict("records")
    return {row["event"]: {str(k): str(v) for k, v in row.items()} for row in rows}


def list_in_force(dataset: Dataset, coder: str) -> dict[tuple[str, str], Row]:
    """Return a coder's last word on each indicator and date, as text; withdrawn ones are not among them."""
    table = dataset.assessments
    own = table[table["coder"] == coder].sort_values("recorded", kind="stable")
    own = own.drop_duplicates(["indicator", "date"], keep="last").dropna(subset="score")
    own = own.assign(date=own["date"].dt.strftime(DAY_FORMAT))
    numbers = {name: own[name].map("{:g}".format) for name in ("score", "low", "high")}
    rows = own.assign(**numbers)[list(COLUMNS)].to_dict("records")
    return {(row["indicator"], row["date"]): {str(k): str(v) for k, v in row.items()} for row in rows}


@dataclass(frozen=True)
class Comparison:
    """Rows by what saving them would do to a coder's last word: the numbers of each kind, by the rows' order."""

    new: tuple[int, ...]
    replacing: tuple[int, ...]
    withdrawing: tuple[int, ...]
    same: tuple[int, ...]

    def __str__(self) -> str:
        """The counts in words: ``20 new, 3 replace earlier ones, 4 the same as before``."""
        counts = (
            (self.new, "new"),
            (self.replacing, "replace earlier ones" if len(self.replacing) != 1 else "replaces an earlier one"),
            (self.withdrawing, "withdraw earlier ones" if len(self.withdrawing) != 1 else "withdraws an earlier one"),
            (self.same, "the same as before"),
        )
        return ", ".join(f"{len(rows)} {words}" for rows, words in counts if rows)


def compare_rows(rows: Sequence[Row], in_force: Mapping[tuple[str, str], Row]) -> Comparison:
    """Return what saving some rows without problems would do to a coder's rows in force (``list_in_force``)."""
    kinds: dict[str, list[int]] = {"new": [], "replacing": [], "withdrawing": [], "same": []}
    for number, row in enumerate(rows):
        earlier = in_force.get((row["indicator"], row["date"]))
        if not any(row[name] for name in ("score", "low", "high")):
            kind = "withdrawing"
        elif earlier is None:
            kind = "new"
        else:
            kind = "same" if _plain(row) == _plain(earlier) else "replacing"
        kinds[kind].append(number)
    return Comparison(**{kind: tuple(numbers) for kind, numbers in kinds.items()})


def judge(table: Table, name: str, cell: str, labels: Collection[str] = ()) -> Fault | None:
    """Return what is wrong with a cell that came in; ``labels`` are the names of new events that it may cite."""
    if name == "events" and (parts := cell.split(";")) and any(LABEL.fullmatch(part) for part in parts):
        if unknown := [part for part in parts if LABEL.fullmatch(part) and part not in labels]:
            return Fault("reference", f"names {unknown[0]}, which no sheet of events has — add the event there")
        # Each new event is judged as an id that none on record has.
        cell = ";".join(f"E00000{part[3:]}" if part in labels else part for part in parts)
    fault = judge_cell(table.column(name), cell)
    if fault and _FORMULA.match(cell):
        return Fault("formula", "starts like a formula — copy the sheet's values only, and reword a text's start")
    return fault


def is_on_record(id: str) -> bool:
    """Return whether an event's name has the form of an id on record."""
    return EVENT.judge(id) is None


def _judge_cells(
    place: Place, table: Table, columns: Iterable[str], row: Row, labels: Collection[str] = ()
) -> Iterable[Problem]:
    for name in columns:
        if fault := judge(table, name, row[name], labels):
            yield Problem(*place, name, row[name], fault.code, fault.message)


def _number(rows: Sequence[Row]) -> list[Place]:
    return [(NAME, line) for line in range(2, len(rows) + 2)]


def _plain(row: Row) -> list[str]:
    """The row's cells, equal numbers as equal texts."""
    cells = make_cells(ASSESSMENTS, [{name: row.get(name, "") for name in ASSESSMENTS.names}])
    return [canonical_cells(ASSESSMENTS, cells, name)[0] for name in COLUMNS]
