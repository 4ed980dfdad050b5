"""What a table of the folder is made of: columns, their cells' rules, and the rules that several tables share."""

import re
from dataclasses import dataclass

from indicators.records.rules import Fault, Rule, check_id, check_ids, check_number, check_weight, reserve


@dataclass(frozen=True)
class Column:
    """One column: its name, what it means, the rule for its cells, and whether a cell may be blank."""

    name: str
    about: str
    rule: Rule
    kind: str = "string"
    blank: bool = False


@dataclass(frozen=True)
class Table:
    """One kind of file: its columns, the columns that identify a row, and those that order the rows."""

    name: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    order: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """The column names in their order."""
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        """Return the column of that name."""
        return next(column for column in self.columns if column.name == name)


ID = check_id(r"[a-z][a-z0-9_]{1,39}", "military or mil_incidents (lower case, digits, underscores)")
PAGES = (
    *("overview", "dimension", "events", "narrative", "compare", "outlook", "update", "method"),
    *("index", "embed", "versions"),
)
"""Pages of the app and of the publication, where each dimension and indicator has a page of its id besides."""

NAME = reserve(ID, "all", "none", *PAGES)
"""An id where it is defined: the index, dimensions and indicators are one namespace, in which ``index`` is taken."""

SLUG = check_id(r"[a-z][a-z0-9-]{1,59}", "military-cyber (lower case, digits, hyphens)")
CODER = check_id(r"[a-z][a-z0-9_-]{0,39}", "c1")
CODER_NAME = reserve(CODER, "all", "none")
EVENT = check_id(r"E\d{4,}", "E0042")
EVENT_LIST = check_ids(r"E\d{4,}", "E0042")
SERIES = check_id(r"[A-Za-z][A-Za-z0-9_]{1,79}", "AIGPR_USA_RUS (letters, digits, underscores)")
VINTAGE = re.compile(r"(.+)_V(\d{4})(\d{2})", re.ASCII)
"""Id of a series of which each vintage is kept: a name that the vintages share, year and month of release."""


def check_series_name(cell: str) -> Fault | None:
    """Accept the id of an outside series where it is defined; its vintages are shown under the name that they share."""
    shared = VINTAGE.fullmatch(cell)
    return SERIES(cell) or _SHARED(shared[1] if shared else cell)


_SHARED = reserve(SERIES, "all", "none")
SUBJECT = check_ids(r"[a-z][a-z0-9_]{1,39}", "index, military or mil_incidents")
VERSION = check_id(r"\d+\.\d+", "1.0")
WEIGHT = check_weight(1000)
NUMBER = check_number()
