"""What one cell may hold: rules that judge a cell's text, and know their kind and limits.

From them are made the problems that ``check`` names, the types of the columns, ``datapackage.json`` and the limits of
form fields.
"""

import datetime as dt
import math
import re
import unicodedata
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Literal, NamedTuple


class Fault(NamedTuple):
    """What is wrong with a cell: a problem code and a sentence that says what to do."""

    code: str
    message: str


Kind = Literal["string", "number", "integer", "date", "moment"]
"""What a cell stands for; a moment is a time in UTC, or a day, which stands for its first second."""

NUMERIC = ("number", "integer")

# [0-9] in every form: \d would let through the digits of other scripts, here or in a reader of the data package. Only
# where a refused cell is explained may it stand.
_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = "T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_FORMULA = re.compile(r"[=+\-@\t\r]")


@dataclass(frozen=True)
class Rule(ABC):
    """What the cells of a column may hold; ``format`` is that of a Table Schema, where it is not the type's own."""

    kind: ClassVar[Kind] = "string"
    format: ClassVar[str] = ""

    @abstractmethod
    def judge(self, cell: str) -> Fault | None:
        """Return what is wrong with a cell that is not blank."""

    @property
    def type(self) -> str:
        """The type in a Table Schema, which has none for days and times in one column."""
        return "string" if self.kind == "moment" else self.kind

    @property
    def constraints(self) -> dict[str, Any]:
        """The limits as the constraints of a Table Schema, as far as these can say them."""
        return {}


@dataclass(frozen=True)
class Date(Rule):
    """A day written as ``2024-02-29``; no other way of writing one, and no day that does not exist."""

    kind = "date"

    def judge(self, cell: str) -> Fault | None:
        """Return what is wrong with a cell, with advice on what a spreadsheet may have made of it."""
        if not re.fullmatch(_DATE, cell):
            if re.fullmatch(r"\d{5}", cell):
                advice = "is a spreadsheet's serial number — format the column as text and write 2024-02-29"
            elif re.fullmatch(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}", cell):
                advice = (
                    "is a local date whose order of day and month is unclear — write year-month-day, as in 2024-02-29"
                )
            else:
                advice = "is not a date — write year-month-day with zeros, as in 2024-02-09"
            return Fault("date-format", advice)
        try:
            dt.date.fromisoformat(cell)
        except ValueError:
            return Fault("date-impossible", "does not exist in the calendar — correct the day or month")
        return None


@dataclass(frozen=True)
class Moment(Rule):
    """A date, or a time in UTC such as ``2026-11-22T15:04:05Z``."""

    kind = "moment"

    def judge(self, cell: str) -> Fault | None:
        """Return what is wrong with a cell."""
        if not re.fullmatch(f"{_DATE}({_TIME})?", cell):
            return Fault("timestamp-format", "is not a UTC time — write 2026-11-22T15:04:05Z or a date")
        return DATE.judge(cell[:10])

    @property
    def constraints(self) -> dict[str, Any]:
        """The form of a moment."""
        return {"pattern": f"{_DATE}({_TIME})?"}


@dataclass(frozen=True)
class Number(Rule):
    """A plain decimal from ``low`` to ``high``."""

    kind = "number"

    low: float = -math.inf
    high: float = math.inf

    def judge(self, cell: str) -> Fault | None:
        """Return what is wrong with a cell."""
        if fault := _judge_form(cell):
            return fault
        value = float(cell)
        if not self.low <= value <= self.high:
            return Fault("number-range", f"is outside the allowed range {self.low:g} to {self.high:g}")
        if not math.isfinite(value):
            return Fault("number-range", "is too large to be a number")
        return None

    @property
    def constraints(self) -> dict[str, Any]:
        """The ends of the range, where it has ends."""
        ends = {"minimum": self.low, "maximum": self.high}
        return {name: _plain(end) for name, end in ends.items() if math.isfinite(end)}


@dataclass(frozen=True)
class Whole(Rule):
    """A whole number from ``low`` to ``high``, however it is written (``2`` and ``2.0``)."""

    kind = "integer"

    low: int
    high: int

    def judge(self, cell: str) -> Fault | None:
        """Return what is wrong with a cell."""
        if fault := Number(self.low, self.high).judge(cell):
            return fault
        return None if float(cell).is_integer() else Fault("number-range", "is not a whole number")

    @property
    def constraints(self) -> dict[str, Any]:
        """The ends of the range."""
        return {"minimum": self.low, "maximum": self.high}


LEAST_WEIGHT = 0.001
"""Smallest weight other than 0: sums and ratios of much smaller ones lose their digits."""


@dataclass(frozen=True)
class Weight(Number):
    """0, for leaving out, or a plain decimal from ``LEAST_WEIGHT`` to ``high``."""

    low: float = 0

    def judge(self, cell: str) -> Fault | None:
        """Return what is wrong with a cell."""
        if fault := super().judge(cell):
            return fault
        # By its text: the smallest numbers are read as 0.
        if float(cell) < LEAST_WEIGHT and cell.strip("-0."):
            return Fault("number-range", f"is too small for a weight — write 0, or {LEAST_WEIGHT:g} to {self.high:g}")
        return None


@dataclass(frozen=True)
class Score(Rule):
    """A place on the scale, 0 to 10 in halves."""

    kind = "number"

    low: ClassVar[float] = 0.0
    high: ClassVar[float] = 10.0
    step: ClassVar[float] = 0.5

    def judge(self, cell: str) -> Fault | None:
        """Return what is wrong with a cell."""
        if fault := _judge_form(cell):
            return fault
        value = float(cell)
        if not self.low <= value <= self.high:
            side = f"below {self.low:g}" if value < self.low else f"above {self.high:g}"
            return Fault("score-range", f"is {side} — the scale runs 0 to 10 in halves")
        if not (value / self.step).is_integer():
            return Fault("score-step", "is not a multiple of one half — the scale runs 0 to 10 in halves")
        return None

    @property
    def constraints(self) -> dict[str, Any]:
        """The ends of the scale and its places: a Table Schema has no steps."""
        places = [_plain(half * self.step) for half in range(int(self.high / self.step) + 1)]
        return {"minimum": _plain(self.low), "maximum": _plain(self.high), "enum": places}


@dataclass(frozen=True)
class Text(Rule):
    """Plain printable text on one line, of ``shortest`` to ``longest`` characters, that no spreadsheet runs."""

    shortest: int
    longest: int

    def judge(self, cell: str) -> Fault | None:
        """Return what is wrong with a cell."""
        if not cell.isprintable():
            if "\n" in cell or "\r" in cell:
                return Fault("cell-newline", "contains a line break — write the cell on one line")
            bad = next(c for c in cell if not c.isprintable())
            name = ", ".join(filter(None, [unicodedata.name(bad, "").lower(), f"U+{ord(bad):04X}"]))
            return Fault("characters", f"contains the invisible character {name} — delete or retype it")
        if not self.shortest <= len(cell) <= self.longest:
            return Fault("length", f"has {len(cell)} characters — write {self.shortest} to {self.longest}")
        if starts_formula(cell):
            return Fault("formula", f"starts with {cell[0]!r}, which spreadsheets run as a formula — reword the start")
        return None

    @property
    def constraints(self) -> dict[str, Any]:
        """The limits of the length."""
        return {"minLength": self.shortest, "maxLength": self.longest}


def starts_formula(cell: str) -> bool:
    """Return whether a spreadsheet might run a text as a formula."""
    return bool(_FORMULA.match(cell))


@dataclass(frozen=True)
class Id(Rule):
    """An id of the form of ``pattern``, which ``shape`` says in words; ``reserved`` ones mean something else.

    Reserved ids are refused in capitals too.
    """

    pattern: str
    shape: str
    reserved: tuple[str, ...] = ()

    @cached_property
    def _form(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def judge(self, cell: str) -> Fault | None:
        """Return what is wrong with a cell."""
        if cell.lower() in self.reserved:
            return Fault("id-reserved", "is reserved for links, commands or pages — choose another id")
        return None if self._form.fullmatch(cell) else Fault("id-format", f"is not an id of the form {self.shape}")

    @property
    def constraints(self) -> dict[str, Any]:
        """The form of the id; a Table Schema cannot say which ids are reserved."""
        return {"pattern": self.pattern}


@dataclass(frozen=True)
class Ids(Rule):
    """Several ids of a form with ``;`` between them, none of them twice."""

    one: Id

    def judge(self, cell: str) -> Fault | None:
        """Return what is wrong with a cell."""
        parts = cell.split(";")
        if any(self.one.judge(part) for part in parts):
            return Fault("id-format", f"is not a list of ids of the form {self.one.shape} with ; between them")
        if len(set(parts)) != len(parts):
            return Fault("event-twice", "names an id twice — keep it once")
        return None

    @property
    def constraints(self) -> dict[str, Any]:
        """The form of the list."""
        return {"pattern": f"{self.one.pattern}(;{self.one.pattern})*"}


@dataclass(frozen=True)
class Choice(Rule):
    """One of the listed words."""

    allowed: tuple[str, ...]

    def judge(self, cell: str) -> Fault | None:
        """Return what is wrong with a cell."""
        return None if cell in self.allowed else Fault("choice", f"is not one of {', '.join(self.allowed)}")

    @property
    def constraints(self) -> dict[str, Any]:
        """The words."""
        return {"enum": list(self.allowed)}


@dataclass(frozen=True)
class WholeChoice(Rule):
    """One of the listed whole numbers, however it is written (``2`` and ``2.0``)."""

    kind = "integer"

    allowed: tuple[int, ...]

    def judge(self, cell: str) -> Fault | None:
        """Return what is wrong with a cell."""
        if not _judge_form(cell) and float(cell) in self.allowed:
            return None
        return Fault("choice", f"is not one of {', '.join(map(str, self.allowed))}")

    @property
    def constraints(self) -> dict[str, Any]:
        """The numbers."""
        return {"enum": list(self.allowed)}


@dataclass(frozen=True)
class Url(Rule):
    """An http or https link without white space, quotes, brackets or invisible characters."""

    format = "uri"
    pattern: ClassVar[str] = r'https?://[A-Za-z0-9.-]+(:[0-9]+)?([/?#][^\s<>"\\^`{|}]*)?'

    def judge(self, cell: str) -> Fault | None:
        """Return what is wrong with a cell."""
        plain = cell.isprintable() and re.fullmatch(self.pattern, cell)
        return None if plain else Fault("url", "is not a plain link — start with http:// or https://")

    @property
    def constraints(self) -> dict[str, Any]:
        """The form of a link."""
        return {"pattern": self.pattern}


DATE, MOMENT, NUMBER, SCORE, URL = Date(), Moment(), Number(), Score(), Url()


def _judge_form(cell: str) -> Fault | None:
    if _NUMBER.fullmatch(cell):
        return None
    if re.fullmatch(r"-?\d+,\d+", cell):
        return Fault("number-format", "has a decimal comma — write a decimal point, as in 7.5")
    return Fault("number-format", "is not a plain decimal number — write it as 7 or 7.5")


def _plain(number: float) -> float:
    """A number as JSON writes it: whole ones without a point."""
    return int(number) if float(number).is_integer() else number
