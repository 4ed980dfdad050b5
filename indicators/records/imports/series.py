"""What a publisher's file delivers: rows of outside series, their source entries, and what the file lacks."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from indicators.records.checks.folder import judge_cell
from indicators.records.imports.periods import FREQUENCIES, end_period, find_frequency, list_missing, names_period
from indicators.records.imports.publishers import Fact
from indicators.records.problems import Problem
from indicators.records.rules import NUMBER, Fault
from indicators.records.tables.outside import BENCHMARKS, SOURCES

Cells = dict[str, str]
Cell = tuple[int, dt.date, str]
"""A value in a file: its line, its day, its text."""

BLANKS = ("", ".", "NA")
"""How publishers write that there is no value."""

EARLIEST = dt.date(2019, 1, 1)
"""First day of what is imported, unless another is asked for: two years before the first assessments."""

_MOST_NAMED = 6


@dataclass(frozen=True)
class Order:
    """What is asked of a file, beside its kind: its name, the day of import, and facts that its kind does not know."""

    name: str
    today: dt.date
    earliest: dt.date = EARLIEST
    vintage: str = ""
    series: str = ""
    title: str = ""
    unit: str = ""
    publisher: str = ""
    licence: str = ""
    url: str = ""
    notes: str = ""


@dataclass(frozen=True)
class Delivery:
    """Rows and source entries as text, by the columns of their tables; with problems, there are none of them."""

    file: str = ""
    rows: tuple[Cells, ...] = ()
    sources: tuple[Cells, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class Column:
    """A series as it is met in a file; ``shared`` where it shares its rows with other series."""

    fact: Fact
    name: str
    cells: list[Cell] = field(default_factory=list)
    shared: bool = False


def deliver(order: Order, file: str, columns: Iterable[Column], notes: Iterable[str] = ()) -> Delivery:
    """Return what some columns deliver: strict in values, dates to period ends, with a word on what is missing."""
    problems: list[Problem] = []
    said = list(notes)
    rows: list[Cells] = []
    sources: list[Cells] = []
    for column in columns:
        kept = [cell for cell in column.cells if cell[1] >= order.earliest]
        early = len(column.cells) - len(kept)
        values, blank = _read_values(order, column, kept, problems)
        series = column.fact.series
        if early:
            said.append(f"{series}: {early} earlier rows, before {order.earliest}, were left out.")
        if not values:
            if not kept or blank:
                message = f"has no value from {order.earliest} on — is this the publisher's newest file?"
                problems.append(Problem(order.name, 0, column.name, "", "layout", message))
            continue
        frequency = _tell_frequency(column)
        if isinstance(frequency, Fault):
            problems.append(Problem(order.name, 0, column.name, "", frequency.code, frequency.message))
            continue
        rows += [
            {"date": day.isoformat(), "series": series, "value": text, "unit": column.fact.unit}
            for day, text in _end_periods(order, column, values, frequency, problems)
        ]
        days = [dt.date.fromisoformat(row["date"]) for row in rows if row["series"] == series]
        said.append(_describe_coverage(series, days, frequency, blank))
        sources.append(_make_source(order, file, column.fact, days, frequency))
    problems += _check_entries(order, rows, sources)
    if problems:
        return Delivery(file, problems=tuple(sorted(set(problems))), notes=tuple(said))
    return Delivery(file, tuple(rows), tuple(sources), (), tuple(said))


def refuse(order: Order, line: int, column: str, value: str, message: str) -> Delivery:
    """Return a delivery of nothing, because the file has not the layout of its kind."""
    return Delivery(problems=(Problem(order.name, line, column, value, "layout", message),))


def complete_fact(order: Order, known: Fact) -> Fact:
    """Return a fact with what the order says in place of what its kind knows."""
    said = {n: v for n in ("title", "unit", "publisher", "licence", "url", "notes") if (v := getattr(order, n))}
    return replace(known, series=order.series or known.series, **said)


def _read_values(
    order: Order, column: Column, cells: list[Cell], problems: list[Problem]
) -> tuple[list[Cell], list[dt.date]]:
    values: list[Cell] = []
    blank = []
    for line, day, text in cells:
        if text in BLANKS:
            blank.append(day)
        elif fault := NUMBER.judge(text):
            problems.append(Problem(order.name, line, column.name, text, fault.code, fault.message))
        else:
            values.append((line, day, text))
    return values, blank


def _tell_frequency(column: Column) -> str | Fault:
    """How often a series comes: as is known of it, else as its file's rows come, those without a value included."""
    rows = find_frequency([day for _, day, _ in column.cells])
    filled = [day for _, day, text in column.cells if text not in BLANKS]
    known = column.fact.frequency
    if known:
        if _is_rarer(rows, known) and len({day for _, day, _ in column.cells}) > 2:
            return Fault("layout", f"has {rows} rows, though the series is {known} — download it as it is published")
        return known
    values = find_frequency(filled)
    if not _is_rarer(values, rows):
        return rows
    # Series of several frequencies in one file: a daily row for each, and a month's value on the month's first day.
    if _is_rarer("monthly", rows) and not _is_rarer("monthly", values) and all(day.day == 1 for day in filled):
        return values
    if column.shared:
        return Fault("layout", f"has {values} values in a file of {rows} rows — download this series by itself")
    return rows


def _is_rarer(frequency: str, other: str) -> bool:
    return FREQUENCIES.index(frequency) > FREQUENCIES.index(other)


def _end_periods(
    order: Order, column: Column, values: list[Cell], frequency: str, problems: list[Problem]
) -> list[tuple[dt.date, str]]:
    for line, day, _ in values:
        if not names_period(day, frequency):
            message = f"does not identify a period of a {frequency} series — write the period's last day"
            problems.append(Problem(order.name, line, column.name, day.isoformat(), "layout", message))
    ended = [(line, end_period(day, frequency), text) for line, day, text in values]
    seen: set[dt.date] = set()
    for line, day, text in ended:
        if day in seen:
            message = f"is a second value for the period that ends on {day} — keep one"
            problems.append(Problem(order.name, line, column.name, text, "row-duplicate", message))
        seen.add(day)
    return [(day, text) for _, day, text in sorted(ended, key=lambda cell: cell[1])]


def _describe_coverage(series: str, days: list[dt.date], frequency: str, blank: list[dt.date]) -> str:
    missing = list_missing(days, frequency)
    text = f"{series}: {len(days)} {frequency} value{'s' * (len(days) != 1)}, {min(days)} to {max(days)}"
    if missing:
        text += f"; {len(missing)} missing: {_name_days(missing)}"
    if blank:
        text += f"; {len(blank)} blank in the file: {_name_days(blank)}"
    return f"{text}."


def _name_days(days: list[dt.date]) -> str:
    named = ", ".join(day.isoformat() for day in days[:_MOST_NAMED])
    return named + (f" and {len(days) - _MOST_NAMED} more" if len(days) > _MOST_NAMED else "")


def _make_source(order: Order, file: str, fact: Fact, days: list[dt.date], frequency: str) -> Cells:
    return {
        "series": fact.series,
        "file": file,
        "title": fact.title,
        "publisher": fact.publisher,
        "licence": fact.licence,
        "url": fact.url,
        "retrieved": f"{order.name}, imported {order.today}",
        "start": min(days).isoformat(),
        "end": max(days).isoformat(),
        "frequency": frequency,
        "notes": fact.notes,
    }


def _check_entries(order: Order, rows: list[Cells], sources: list[Cells]) -> list[Problem]:
    """What the tables' own rules say of entries, told of the file, each once."""
    found: dict[tuple[str, str], Fault] = {}
    for table, entries in ((BENCHMARKS, rows), (SOURCES, sources)):
        for cells in entries:
            for name, value in cells.items():
                if (name, value) not in found and (fault := judge_cell(table.column(name), value)):
                    found[name, value] = fault
    return [Problem(order.name, 0, name, value, f.code, f.message) for (name, value), f in found.items()]
