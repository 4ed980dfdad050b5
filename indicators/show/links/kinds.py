"""Kinds of parameters: which values one takes, in which one form a link has them, and how a program is told."""

# ruff: noqa: ARG002 — the methods of all kinds are called alike, and most need less than they are given

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from indicators.records import rules
from indicators.records.dataset import Dataset

ID = re.compile(r"[a-z][a-z0-9_-]*")


@dataclass(frozen=True, eq=False)
class Scope:
    """Where a parameter is read: on which data (without any, only its form counts), page and day.

    ``page`` is the path of a page of the app, or of a route such as ``api/series.csv``; ``today`` the last day on offer.
    """

    dataset: Dataset | None = None
    page: str = ""
    today: dt.date | None = None


class Kind:
    """What parameters of one kind have in common; a plain one takes any text."""

    def options(self, scope: Scope) -> list[str] | None:
        """Return the values that there are, or None where they are not a few words."""
        return None

    def refuse(self, value: str, scope: Scope) -> str:
        """Return why a value is refused, or an empty string."""
        options = self.options(scope)
        return "" if options is None or value in options else f"is not one of {', '.join(options)}"

    def schema(self, scope: Scope) -> dict[str, Any]:
        """Return the JSON schema of the values."""
        options = self.options(scope)
        return {"type": "string"} if options is None else {"type": "string", "enum": options}

    def plain(self, value: str, scope: Scope) -> str:
        """Return a valid value in the one spelling that links have: one view has one address."""
        return value

    def typed(self, value: str) -> object:
        """Return a valid value as JSON has it; an empty one is None."""
        return value or None


@dataclass(frozen=True)
class Words(Kind):
    """One of a few words, the same whatever the data."""

    words: tuple[str, ...]

    def options(self, scope: Scope) -> list[str]:
        """Return the words."""
        return list(self.words)


class Flag(Kind):
    """Yes or no."""

    def options(self, scope: Scope) -> list[str]:
        """Return the two words."""
        return ["true", "false"]

    def typed(self, value: str) -> bool:
        """Return whether the value is yes."""
        return value == "true"


@dataclass(frozen=True)
class Letters(Kind):
    """Some of a few letters or digits, written together, such as the grades ``AB``."""

    letters: str

    def refuse(self, value: str, scope: Scope) -> str:
        """Return why letters are refused, or an empty string."""
        if value and len(set(value)) == len(value) and set(value) <= set(self.letters):
            return ""
        return f"is not some of the letters {self.letters}, each once"

    def schema(self, scope: Scope) -> dict[str, Any]:
        """Return the JSON schema of letters."""
        return {"type": "string", "pattern": f"^[{self.letters}]+$"}

    def plain(self, value: str, scope: Scope) -> str:
        """Return the letters in their order; all of them say as much as none."""
        return "" if len(value) == len(self.letters) else "".join(sorted(value))


@dataclass(frozen=True)
class Percent(Words):
    """One of a few whole numbers."""

    def typed(self, value: str) -> int:
        """Return the number."""
        return int(value)


@dataclass(frozen=True)
class Id(Kind):
    """One of the ids that the data have; without data, anything of their form."""

    listed: Callable[[Dataset, Scope], Sequence[str]]
    form: re.Pattern[str] = ID
    noun: str = "an id"

    def options(self, scope: Scope) -> list[str] | None:
        """Return the ids that the data have."""
        return None if scope.dataset is None else list(self.listed(scope.dataset, scope))

    def refuse(self, value: str, scope: Scope) -> str:
        """Return why an id is refused, or an empty string."""
        if scope.dataset is None:
            return "" if self.form.fullmatch(value) else f"is not {self.noun}"
        return super().refuse(value, scope)


@dataclass(frozen=True)
class Day(Kind):
    """A day written as 2024-02-29, up to today; from ``earliest`` on, or from the oldest assessment of the data.

    On the page Events it is from the oldest event on.
    """

    earliest: dt.date | None = None

    def first(self, scope: Scope) -> dt.date:
        """Return the first day on offer."""
        if self.earliest is not None:
            return self.earliest
        if scope.dataset is None:
            return dt.date.min
        days = [scope.dataset.oldest, *([scope.dataset.events["date"].min()] if scope.page == "events" else [])]
        return min((day.date() for day in days if not pd.isna(day)), default=dt.date.min)

    def refuse(self, value: str, scope: Scope) -> str:
        """Return why a day is refused, or an empty string."""
        if fault := rules.DATE.judge(value):
            return fault.message
        day, first = dt.date.fromisoformat(value), self.first(scope)
        if day < first:
            return f"is before {first}"
        return f"is after today, {scope.today}" if scope.today is not None and day > scope.today else ""

    def schema(self, scope: Scope) -> dict[str, Any]:
        """Return the JSON schema of a day."""
        return {"type": "string", "format": "date"}


@dataclass(frozen=True)
class Weight(Kind):
    """A weight: 0, or ``LEAST_WEIGHT`` to ``most``."""

    most: int

    def refuse(self, value: str, scope: Scope) -> str:
        """Return why a weight is refused, or an empty string."""
        fault = rules.Weight(high=self.most).judge(value)
        return fault.message if fault else ""

    def schema(self, scope: Scope) -> dict[str, Any]:
        """Return the JSON schema of a weight; the pattern is that of ``most`` = 10."""
        return {"type": "string", "pattern": r"^(0(\.0+)?|0\.0{0,2}[1-9][0-9]*|[1-9](\.[0-9]+)?|10(\.0+)?)$"}

    def plain(self, value: str, scope: Scope) -> str:
        """Return a weight without zeros at its end, and without the sign of minus nothing, the only negative weight."""
        text = value.removeprefix("-")
        return text.rstrip("0").rstrip(".") if "." in text else text

    def typed(self, value: str) -> float:
        """Return the weight."""
        return float(value)


@dataclass(frozen=True)
class Text(Kind):
    """A text that has its own rule and, where several spellings mean the same, its own writer."""

    rule: Callable[[str, Scope], str]
    write: Callable[[str, Scope], str] = lambda value, _: value

    def refuse(self, value: str, scope: Scope) -> str:
        """Return why a text is refused, or an empty string."""
        return self.rule(value, scope)

    def plain(self, value: str, scope: Scope) -> str:
        """Return the text as links have it."""
        return self.write(value, scope)
