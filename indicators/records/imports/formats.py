"""The layouts in which publishers offer their series: from the bytes of a file to what it delivers."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from indicators.records.imports.periods import (
    Reader,
    end_period,
    find_frequency,
    read_american_day,
    read_day,
    read_year,
)
from indicators.records.imports.publishers import FACTS, FRED_SERIES, Fact
from indicators.records.imports.series import BLANKS, Column, Delivery, Order, complete_fact, deliver, refuse
from indicators.records.imports.text import Grid, read_grid
from indicators.records.problems import Problem
from indicators.records.rules import DATE, NUMBER, Fault

_FILE_DATE = re.compile(r"(20\d{2})-?(0[1-9]|1[0-2])(?:-?(?:0[1-9]|[12]\d|3[01]))?(?!\d)", re.ASCII)
_VINTAGE = re.compile(r"20\d{2}-(0[1-9]|1[0-2])", re.ASCII)
_NEEDED = ("series", "title", "unit", "publisher", "licence", "url")


def read_delivery(kind: str, content: bytes, order: Order) -> Delivery:
    """Return what a file of a kind (see ``KINDS``) delivers; nothing raises, whatever the bytes are."""
    grid = read_grid(order.name, content, HEADERS[kind])
    if grid.problems:
        return Delivery(problems=grid.problems, notes=grid.notes)
    return KINDS[kind](grid, order)


def _read_gpr(grid: Grid, order: Order) -> Delivery:
    return _read_wide(grid, order, "gpr.csv", FACTS["gpr"])


def _read_ai_gpr(grid: Grid, order: Order) -> Delivery:
    header = grid.lines[0][1]
    if not any("|" in cell for cell in header):
        return _read_wide(grid, order, "ai-gpr.csv", FACTS["ai-gpr"])
    vintage, how = _find_vintage(order)
    if not _VINTAGE.fullmatch(vintage):
        return refuse(order, 0, "vintage", vintage, "is not a month — write it as in 2026-10")
    delivery = _read_wide(grid, order, "ai-gpr-bilateral.csv", FACTS["ai-gpr-pairs"], vintage)
    late = [row["date"] for row in delivery.rows if row["date"][:7] > vintage]
    if late:
        return refuse(order, 0, "vintage", vintage, f"is before {late[-1]}, the newest month of the file")
    note = f"Vintage {vintage}, {how}; earlier vintages stay as they are."
    return replace(delivery, notes=(note, *delivery.notes))


def _read_fred(grid: Grid, order: Order) -> Delivery:
    found = _find_header(grid, HEADERS["fred"])
    if found is None or len(grid.lines[found][1]) < 2:
        return refuse(
            order, 1, "file", "", "has no columns observation_date and a series — download it from FRED as CSV"
        )
    line, header = grid.lines[found]
    columns, problems = [], _list_twice(order, line, header, header)
    for place, name in enumerate(header[1:], 1):
        known = next((fact for fact in FACTS["fred"] if name in fact.columns), None)
        fact = complete_fact(
            order, known or Fact(f"FRED_{name}", (name,), "", "", "", "", FRED_SERIES + name, "As published.")
        )
        problems += [Problem(order.name, line, name, "", "layout", text) for text in _lacking(fact)]
        columns.append((place, Column(fact, name, shared=len(header) > 2)))
    if problems:
        return Delivery(problems=tuple(problems), notes=grid.notes)
    if len(columns) > 1 and order.series:
        return refuse(order, line, "series", order.series, "is one id for several columns — download one series a file")
    return _fill(grid, order, "fred.csv", found, columns, read_day)


def _read_eia(grid: Grid, order: Order) -> Delivery:
    found = _find_header(grid, HEADERS["eia"])
    if found is None or len(grid.lines[found][1]) < 2:
        message = "has no line that starts with Date, Day, Week of, Month or Year — download it as CSV"
        return refuse(order, 1, "file", "", message)
    line, header = grid.lines[found]
    # The series' name stands in the header, or above it where there is one series.
    above = " ".join(cell for _, cells in grid.lines[:found] for cell in cells)
    known, place = next(
        ((fact, at) for at, cell in enumerate(header) for fact in FACTS["eia"] if fact.columns[0] in cell), (None, 1)
    )
    if known is None and len(header) > 2:
        return refuse(order, line, "file", "", "has several series and none that is known — download one series a file")
    known = known or next((fact for fact in FACTS["eia"] if fact.columns[0] in above), None)
    if twice := _list_twice(order, line, header, [header[place]]):
        return Delivery(problems=tuple(twice), notes=grid.notes)
    read = read_year if header[0].lower() == "year" else read_american_day
    days = [day for _, cells in grid.lines[found + 1 :] if not isinstance(day := read(cells[0]), Fault)]
    frequency = _EIA_FREQUENCIES.get(header[0].lower()) or find_frequency(days)
    if known is not None and not order.series:
        known = replace(known, series=f"{known.series}_{frequency.upper()}")
    empty = Fact("", (), "", "", "US Energy Information Administration", "public domain (EIA)", "", "As published.")
    fact = replace(complete_fact(order, known or empty), frequency=frequency)
    problems = [Problem(order.name, line, header[place], "", "layout", text) for text in _lacking(fact)]
    if problems:
        return Delivery(problems=tuple(problems), notes=grid.notes)
    return _fill(grid, order, "eia.csv", found, [(place, Column(fact, header[place]))], read)


def _read_kiel(grid: Grid, order: Order) -> Delivery:
    line, header = grid.lines[0]
    names = [cell.lower() for cell in header]
    places = {name: names.index(name) for name in names}
    by_country = "country" in places or "iso" in places
    facts = FACTS["kiel-us" if by_country else "kiel-all"]
    lacking = [name for name in ("year", "month", *(f.columns[0] for f in facts)) if name not in places]
    if lacking:
        files = "data_explorer.csv or total_allocations.csv of the tracker's website"
        return refuse(order, line, lacking[0], "", f"is not in the header — use {files}")
    columns = [Column(fact, fact.columns[0]) for fact in facts]
    problems = _list_twice(order, line, names, ("country", "iso", "year", "month", *(f.columns[0] for f in facts)))
    months: set[dt.date] = set()
    for number, cells in grid.lines[1:]:
        if fault := _count(order, number, cells, header):
            problems.append(fault)
            continue
        text = f"{cells[places['year']]}-{cells[places['month']]}"
        day = read_day(text)
        if isinstance(day, Fault):
            problems.append(Problem(order.name, number, "month", text, day.code, day.message))
            continue
        months.add(day)
        if by_country and not _is_american(cells, places):
            continue
        for column in columns:
            column.cells.append((number, day, cells[places[column.name]]))
    notes = list(grid.notes)
    if by_country:
        notes += _fill_months(columns, months, order)
    return _join(deliver(order, "kiel.csv", columns, notes), problems)


def _read_tidy(grid: Grid, order: Order) -> Delivery:
    line, header = grid.lines[0]
    lacking = [name for name in ("date", "series", "value", "unit") if name not in header]
    problems = [
        Problem(order.name, line, n, "", "column-missing", "is not in the header — add the column") for n in lacking
    ]
    for name in ("title", "publisher", "licence", "url"):
        if not getattr(order, name):
            message = "is not given — a tidy file needs title, publisher, licence and url of its source"
            problems.append(Problem(order.name, 0, name, "", "layout", message))
    problems += _list_twice(order, line, header, HEADERS["tidy"])
    if problems:
        return Delivery(problems=tuple(problems))
    at = {name: header.index(name) for name in header}
    columns: dict[str, Column] = {}
    for number, cells in grid.lines[1:]:
        if fault := _count(order, number, cells, header):
            problems.append(fault)
            continue
        date = cells[at["date"]]
        if wrong := DATE.judge(date):
            problems.append(Problem(order.name, number, "date", date, wrong.code, wrong.message))
            continue
        series, unit = cells[at["series"]], cells[at["unit"]]
        fact = Fact(
            series, (), order.title, unit, order.publisher, order.licence, order.url, order.notes or "As published."
        )
        column = columns.setdefault(series, Column(fact, "value"))
        if column.fact.unit != unit:
            message = f"is another unit of {series} than {column.fact.unit} — give each unit a series of its own"
            problems.append(Problem(order.name, number, "unit", unit, "layout", message))
        column.cells.append((number, dt.date.fromisoformat(date), cells[at["value"]]))
    if len(columns) > 1:
        for series, column in columns.items():
            column.fact = replace(column.fact, title=f"{order.title} ({series})")
    if not columns and not problems:
        return refuse(order, line, "file", "", "has no row below the header")
    return _join(deliver(order, "tidy.csv", columns.values(), grid.notes), problems)


def _read_wide(grid: Grid, order: Order, file: str, facts: Sequence[Fact], vintage: str = "") -> Delivery:
    """What a file with a date and one column for each series delivers, of the series that are known."""
    dates = HEADERS["gpr"]
    found = _find_header(grid, dates)
    if found is None:
        return refuse(
            order, 1, "file", "", f"has no column {dates[0]} at the start of a line — use the publisher's file"
        )
    header = grid.lines[found][1]
    columns = [(header.index(f.columns[0]), Column(f, f.columns[0])) for f in facts if f.columns[0] in header]
    absent = [f.columns[0] for f in facts if f.columns[0] not in header]
    if not columns:
        return refuse(order, grid.lines[found][0], "file", "", f"has none of the columns {', '.join(absent)}")
    names = (header[0], *(column.name for _, column in columns))
    if twice := _list_twice(order, grid.lines[found][0], header, names):
        return Delivery(problems=tuple(twice), notes=grid.notes)
    notes = [f"Not in the file: {', '.join(absent)}."] if absent else []
    if vintage:
        for place, (at, column) in enumerate(columns):
            columns[place] = (at, Column(_of_vintage(column.fact, vintage), column.name))
    delivery = _fill(grid, order, file, found, columns, read_day, vintage)
    return replace(delivery, notes=(*notes, *delivery.notes))


def _fill(
    grid: Grid,
    order: Order,
    file: str,
    header: int,
    columns: Sequence[tuple[int, Column]],
    read: Reader,
    vintage: str = "",
) -> Delivery:
    """What some columns below a header deliver; lines that end early or have no date are problems."""
    names = grid.lines[header][1]
    problems: list[Problem] = []
    for number, cells in grid.lines[header + 1 :]:
        if fault := _count(order, number, cells, names):
            problems.append(fault)
            continue
        if not cells[0] and all(cells[at] in BLANKS for at, _ in columns):
            continue  # a line that only names or explains other columns, as at the foot of the GPR export
        day = read(cells[0])
        if isinstance(day, Fault):
            problems.append(Problem(order.name, number, names[0], cells[0], day.code, day.message))
            continue
        for at, column in columns:
            column.cells.append((number, day, cells[at]))
    filled = [column for _, column in columns]
    if problems and not any(column.cells for column in filled):
        return Delivery(file, problems=tuple(sorted(set(problems))), notes=grid.notes)
    if vintage:
        filled += _add_sums(filled, vintage)
    return _join(deliver(order, file, filled, grid.notes), problems)


def _add_sums(columns: Sequence[Column], vintage: str) -> list[Column]:
    """Both directions of a pair added up, on days on which both have a number."""
    there = {column.name: {day: (line, text) for line, day, text in column.cells} for column in columns}
    sums = []
    for fact in FACTS["ai-gpr-sum"]:
        if not all(name in there for name in fact.columns):
            continue
        first, second = (there[name] for name in fact.columns)
        both = Column(_of_vintage(fact, vintage), " + ".join(fact.columns))
        for day, (line, text) in first.items():
            other = second[day][1]
            if text not in BLANKS and other not in BLANKS and not NUMBER.judge(text) and not NUMBER.judge(other):
                both.cells.append((line, day, f"{Decimal(text) + Decimal(other):f}"))
        sums.append(both)
    return sums


def _of_vintage(fact: Fact, vintage: str) -> Fact:
    year, month = vintage.split("-")
    return replace(fact, series=f"{fact.series}_V{year}{month}", notes=f"Vintage {vintage}. {fact.notes}")


def _find_vintage(order: Order) -> tuple[str, str]:
    """The vintage of a file and where it is known from: what the order says, the file's name, the day of import."""
    if order.vintage:
        return order.vintage, "as given"
    if found := _FILE_DATE.search(order.name):
        return f"{found[1]}-{found[2]}", "from the name of the file"
    return f"{order.today:%Y-%m}", "from the day of import"


def _find_header(grid: Grid, names: Sequence[str]) -> int | None:
    """The place of the first line whose first cell is one of some names; lines above it describe the file."""
    return next((n for n, (_, cells) in enumerate(grid.lines) if cells[0].lower() in names), None)


def _list_twice(order: Order, line: int, header: list[str], names: Sequence[str]) -> list[Problem]:
    """Columns that the header names twice, of those that matter: nobody can tell which of them is meant."""
    times = Counter(header)
    twice = [name for name in dict.fromkeys(names) if name and times[name] > 1]
    message = "occurs twice in the header — keep one"
    return [Problem(order.name, line, name, name, "column-duplicate", message) for name in twice]


def _count(order: Order, number: int, cells: list[str], header: list[str]) -> Problem | None:
    if len(cells) >= len(header) and not any(cells[len(header) :]):
        return None
    message = f"has {len(cells)} cells, the header {len(header)} — download the file again"
    return Problem(order.name, number, "row", cells[0], "cell-count", message)


def _lacking(fact: Fact) -> list[str]:
    return [f"is not a known series — give its {name}" for name in _NEEDED if not getattr(fact, name)]


def _is_american(cells: list[str], places: dict[str, int]) -> bool:
    if "iso" in places:
        return cells[places["iso"]] == "USA"
    return cells[places["country"]] == "United States"


def _fill_months(columns: Sequence[Column], months: set[dt.date], order: Order) -> list[str]:
    """Write 0 for months of the file that have no row of the United States, and say so."""
    empty = [month for month in sorted(months) if month not in {day for _, day, _ in columns[0].cells}]
    if not any(column.cells for column in columns):
        return []
    for column in columns:
        column.cells += [(0, month, "0") for month in empty]
    shown = [end_period(month, "monthly") for month in empty if month >= order.earliest]
    return [f"Months without a row of the United States, written as 0: {len(shown)}."] if shown else []


def _join(delivery: Delivery, problems: Sequence[Problem]) -> Delivery:
    if not problems:
        return delivery
    return Delivery(delivery.file, problems=tuple(sorted({*problems, *delivery.problems})), notes=delivery.notes)


HEADERS: dict[str, tuple[str, ...]] = {
    "gpr": ("month", "date"),
    "ai-gpr": ("month", "date"),
    "fred": ("observation_date", "date"),
    "eia": ("date", "day", "week", "week of", "month", "year"),
    "kiel": ("country", "iso", "year", "month", "total", "total_allocations", "military"),
    "tidy": ("date", "series", "value", "unit"),
}
"""Names of columns by which the header of each kind is known, in lower case."""

_EIA_FREQUENCIES = {"day": "daily", "week": "weekly", "week of": "weekly", "month": "monthly", "year": "yearly"}

KINDS: dict[str, Callable[[Grid, Order], Delivery]] = {
    "gpr": _read_gpr,
    "ai-gpr": _read_ai_gpr,
    "fred": _read_fred,
    "eia": _read_eia,
    "kiel": _read_kiel,
    "tidy": _read_tidy,
}
"""Each kind of file that can be imported."""

KIND_TITLES = {
    "gpr": "GPR: data_gpr_export, saved as CSV",
    "ai-gpr": "AI-GPR: monthly or bilateral monthly CSV",
    "fred": "FRED: CSV download",
    "eia": "EIA: CSV download",
    "kiel": "Kiel tracker: data_explorer.csv or total_allocations.csv",
    "tidy": "Tidy CSV: date, series, value, unit",
}
