"""Dates as publishers write them, to the last day of their period."""

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from itertools import pairwise

from indicators.records.rules import DATE, Fault

# Written out, since the calendar module's names follow the machine's language.
MONTHS = ("january", "february", "march", "april", "may", "june",
          "july", "august", "september", "october", "november", "december")  # fmt: skip
FREQUENCIES = ("daily", "weekly", "monthly", "quarterly", "yearly")

_MONTHS_OF = {"monthly": 1, "quarterly": 3, "yearly": 12}

Reader = Callable[[str], "dt.date | Fault"]

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?", re.ASCII)
_MONTH = re.compile(r"(\d{4})(?:-|m|M)(\d{1,2})", re.ASCII)
_NAMED_MONTH = re.compile(r"([A-Za-z]{3,9})[ -](\d{4})", re.ASCII)
_NAMED_DAY = re.compile(r"([A-Za-z]{3,9}) (\d{1,2}), ?(\d{4})", re.ASCII)
_YEAR = re.compile(r"(\d{4})", re.ASCII)
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)


def read_day(cell: str) -> dt.date | Fault:
    """Return the day that a cell names: ``2024-02-29`` (at midnight), or a month, as its first day."""
    if found := _MONTH.fullmatch(cell):
        return _make(cell, found[1], found[2], "1")
    if found := _NAMED_MONTH.fullmatch(cell):
        return _make(cell, found[2], _number(found[1]), "1")
    day = found[1] if (found := _DAY.fullmatch(cell)) else cell
    return DATE.judge(day) or dt.date.fromisoformat(day)


def read_american_day(cell: str) -> dt.date | Fault:
    """Return the day as ``read_day`` does, or as US agencies write it: ``02/29/2024`` and ``Feb 29, 2024``."""
    if found := _AMERICAN.fullmatch(cell):
        return _make(cell, found[3], found[1], found[2])
    if found := _NAMED_DAY.fullmatch(cell):
        return _make(cell, found[3], _number(found[1]), found[2])
    return read_day(cell)


def read_year(cell: str) -> dt.date | Fault:
    """Return the last day of a year written as ``2024``, or a day as ``read_american_day`` does."""
    if found := _YEAR.fullmatch(cell):
        return _make(cell, found[1], "12", "31")
    return read_american_day(cell)


def find_frequency(days: Sequence[dt.date]) -> str:
    """Return how often a series comes, from the median step between its days; a single day counts as daily.

    A week that a holiday shifts, or a row that is absent, does not change it. Of an even number of steps the lower
    middle one counts.
    """
    steps = sorted((b - a).days for a, b in pairwise(sorted(set(days)))) or [1]
    step = steps[(len(steps) - 1) // 2]
    return FREQUENCIES[sum(step >= least for least in (7, 28, 85, 360))]


def end_period(day: dt.date, frequency: str) -> dt.date:
    """Return the last day of the calendar's month, quarter or year that contains a day.

    A day or a week is named by its own day. So is a period that ends on the last day of any month: a fiscal quarter or
    year is not the calendar's, and stays where it is.
    """
    if frequency not in _MONTHS_OF:
        return day
    length = _MONTHS_OF[frequency]
    calendar = _end_month(day.year, length * -(-day.month // length))
    return day if day == _end_month(day.year, day.month) else calendar


def names_period(day: dt.date, frequency: str) -> bool:
    """Return whether a day tells its period: the last of a month, or the first of a calendar month, quarter or year."""
    length = _MONTHS_OF.get(frequency, 1)
    return length == 1 or day == _end_month(day.year, day.month) or (day.day == 1 and day.month % length == 1)


def list_missing(days: Sequence[dt.date], frequency: str) -> list[dt.date]:
    """Return the period ends between the first and the last day that are not there; none is looked for in daily data."""
    found: list[dt.date] = []
    for day, following in pairwise(sorted(set(days))):
        if frequency == "weekly":
            # A week may be some days late or early; what lies nearer to two weeks lacks one.
            weeks = ((following - day).days + 3) // 7
            found += [day + dt.timedelta(days=7 * n) for n in range(1, weeks)]
        elif length := _MONTHS_OF.get(frequency):
            while (day := _end_month(day.year, day.month + length)) < following:
                found.append(day)
    return found


def _end_month(year: int, month: int) -> dt.date:
    """The last day of a month, which may lie in a following year."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return dt.date(year, month, monthrange(year, month)[1])


def _number(name: str) -> str:
    return next((str(n) for n, month in enumerate(MONTHS, 1) if name.lower() in (month, month[:3])), "0")


def _make(cell: str, year: str, month: str, day: str) -> dt.date | Fault:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return Fault("date-impossible", f"does not exist in the calendar ({cell}) — correct it or download it again")
