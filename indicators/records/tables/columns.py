"""What a table of the folder is made of: columns, their cells' rules, and the rules that several tables share."""

import re
from dataclasses import dataclass, replace

from indicators.records.rules import NUMERIC, Fault, Id, Ids, Kind, Rule, Text, Weight


@dataclass(frozen=True)
class Column:
    """One column: its name, what it means, the rule for its cells, and whether a cell may be blank.

    ``refers`` is the file whose ids stand in the column.
    """

    name: str
    about: str
    rule: Rule
    blank: bool = False
    refers: str = ""

    @property
    def kind(self) -> Kind:
        """What the cells stand for."""
        return self.rule.kind

    @property
    def numeric(self) -> bool:
        """Whether the cells are numbers, so that ``2.0`` and ``2`` say the same."""
        return self.kind in NUMERIC


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


ID = Id("[a-z][a-z0-9_]{1,39}", "military or mil_incidents (lower case, digits, underscores)")
PAGES = (
    *("overview", "dimension", "events", "narrative", "compare", "outlook", "update", "method"),
    *("index", "brief", "embed", "versions"),
)
"""Pages of the app and of the publication, where each dimension and indicator has a page of its id besides."""

NAME = replace(ID, reserved=("all", "none", *PAGES))
"""An id where it is defined: the index, dimensions and indicators are one namespace, in which ``index`` is taken."""

SLUG = Id("[a-z][a-z0-9-]{1,59}", "military-cyber (lower case, digits, hyphens)")
CODER = Id("[a-z][a-z0-9_-]{0,39}", "c1")
CODER_NAME = replace(CODER, reserved=("all", "none"))
EVENT = Id("E[0-9]{4,}", "E0042")
EVENT_LIST = Ids(EVENT)
SERIES = Id("[A-Za-z][A-Za-z0-9_]{1,79}", "AIGPR_USA_RUS (letters, digits, underscores)")
VINTAGE = re.compile(r"(.+)_V(\d{4})(\d{2})", re.ASCII)
"""Id of a series of which each vintage is kept: a name that the vintages share, year and month of release."""


class SeriesName(Id):
    """The id of an outside series where it is defined; its vintages are shown under the name that they share."""

    def judge(self, cell: str) -> Fault | None:
        """Return what is wrong with a cell, or with the name that the vintages share."""
        shared = VINTAGE.fullmatch(cell)
        return SERIES.judge(cell) or super().judge(shared[1] if shared else cell)


SERIES_NAME = SeriesName(SERIES.pattern, SERIES.shape, ("all", "none"))
SUBJECT = Ids(replace(ID, shape="index, military or mil_incidents"))
VERSION = Id(r"[0-9]+\.(0|[0-9]*[1-9])", "1.0 (after the point 0, or digits of which the last is not 0)")
"""A version of the method, which a spreadsheet may take for a number: it makes 1 of 1.0, and 1.1 of 1.10."""

WEIGHT = Weight(high=1000)
RATIONALE = Text(20, 600)
"""Why a row says what it says."""

REASON = Text(10, 300)
"""Why a row of a file that keeps no earlier rows is changed."""
