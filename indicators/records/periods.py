"""Dates as publishers write them, to the last day of their period."""

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from itertools import pairwise

from indicators.records.cells import Fault, check_date

# Written out, since the calendar module's names follow the machine's language.
MONTHS = ("january", "february", "march", "april", "may", "june",
          "july", "august", "september", "october", "november", "december")  # fmt: skip
FREQUENCIES = ("daily", "weekly", "monthly", "quarterly", "yearly")

Reader = Callable[[str], "dt.date | Fault"]

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?", re.ASCII)
_MONTH = re.compile(r"(\d{4})(?:-|m|M)(\d{1,2})", re.ASCII)
_NAMED_MONTH = re.compile(r"([A-Za-z]{3,9})[ -](\d{4})", re.ASCII)
_NAMED_DAY = re.compile(r"([A-Za-z]{3,9}) (\d{1,2}), ?(\d{4})", re.ASCII)
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)


def read_day(cell: str) -> dt.date | Fault:
    """Return the day that a cell names: ``2024-02-29`` (at midnight), or a month, as its first day."""
    if found := _MONTH.fullmatch(cell):
        return _make(cell, found[1], found[2], "1")
    if found := _NAMED_MONTH.fullmatch(cell):
        return _make(cell, found[2], _number(found[1]), "1")
    day = found[1] if (found := _DAY.fullmatch(cell)) else cell
    return check_date(day) or dt.date.fromisoformat(day)


def read_american_day(cell: str) -> dt.date | Fault:
    """Return the day as ``read_day`` does, or as US agencies write it: ``02/29/2024`` and ``Feb 29, 2024``."""
    if found := _AMERICAN.fullmatch(cell):
        return _make(cell, found[3], found[1], found[2])
    if found := _NAMED_DAY.fullmatch(cell):
        return _make(cell, found[3], _number(found[1]), found[2])
    return read_day(cell)


def find_frequency(days: Sequence[dt.date]) -> str:
    """Return how often a series comes, from the shortest step between its days; a single day counts as daily."""
    ordered = sorted(set(days))
    step = min(((b - a).days for a, b in pairwise(ordered)), default=1)
    return FREQUENCIES[sum(step >= least for least in (7, 28, 85, 360))]


def end_period(day: dt.date, frequency: str) -> dt.date:
    """Return the last day of the month, quarter or year that contains a day; a day or a week is named by its own day."""
    if frequency == "monthly":
        month = day.month
    elif frequency == "quarterly":
        month = 3 * ((day.month + 2) // 3)
    elif frequency == "yearly":
        month = 12
    else:
        return day
    return dt.date(day.year, month, monthrange(day.year, month)[1])


def list_missing(days: Sequence[dt.date], frequency: str) -> list[dt.date]:
    """Return the period ends between the first and the last day that are not there; none is looked for in daily data."""
    present = set(days)
    found = []
    day = min(present)
    while day < max(present):
        if frequency == "weekly":
            day += dt.timedelta(days=7)
        elif frequency in ("monthly", "quarterly", "yearly"):
            day = end_period(day + dt.timedelta(days=1), frequency)
        else:
            return []
        if day not in present and day < max(present):
            found.append(day)
    return found


def _number(name: str) -> str:
    return next((str(n) for n, month in enumerate(MONTHS, 1) if name.lower() in (month, month[:3])), "0")


def _make(cell: str, year: str, month: str, day: str) -> dt.date | Fault:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return Fault("date-impossible", f"does not exist in the calendar ({cell}) — correct it or download it again")
