"""Problems found in a data folder, each with its address, and the report that collects them."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field

CODES = {
    "file-missing": "A file that the folder must have is absent.",
    "file-unreadable": "The file is there but could not be read, is no regular file, or is too large.",
    "file-unknown": "A CSV file that the data format does not know.",
    "topic-missing": "A required key of the topic is absent.",
    "file-empty": "The file has no header row.",
    "encoding": "The file is not UTF-8 text.",
    "nul-byte": "The file contains a NUL byte.",
    "byte-order-mark": "The file starts with a byte order mark.",
    "line-ending": "Lines end in CR LF or CR instead of LF; the data are read anyway.",
    "delimiter": "Cells are separated by semicolons or tabs instead of commas.",
    "version-form": "A version of the method as a spreadsheet writes it, 1 for 1.0; the data are read anyway.",
    "column-missing": "A column of the table is absent.",
    "column-unknown": "A column that the table does not have.",
    "column-duplicate": "A column name that occurs twice.",
    "cell-count": "A row with more or fewer cells than the header.",
    "cell-newline": "A cell that contains a line break.",
    "quote": "A quotation mark that does not follow RFC 4180.",
    "blank": "A cell that must not be blank.",
    "spaces": "Spaces at the start or end of a cell.",
    "characters": "Control, invisible or direction-changing characters in a text.",
    "length": "A text that is too short or too long.",
    "formula": "A text that a spreadsheet would run as a formula.",
    "id-format": "An id with other characters than the format allows.",
    "id-reserved": "An id that links, commands or pages need for something else, such as index, all or none.",
    "id-clash": "An id that names a dimension and an indicator at once.",
    "choice": "A value outside the list of allowed ones.",
    "url": "A link that is not plain http or https.",
    "date-format": "A date that is not written as year-month-day.",
    "date-impossible": "A date that the calendar does not have.",
    "timestamp-format": "A time that is neither a date nor a UTC timestamp.",
    "number-format": "A number that is not written in plain decimal form.",
    "number-range": "A number outside its allowed range.",
    "score-range": "A score outside 0 to 10.",
    "score-step": "A score that is not a multiple of one half.",
    "range-order": "A plausible range that violates low <= score <= high.",
    "row-duplicate": "A row whose key occurs earlier.",
    "reference": "An id that no other file defines.",
    "event-late": "A cited event dated after the assessment that is in force (hindsight).",
    "event-foreign": "A cited event of another dimension, whose act has no event in this one.",
    "event-twice": "An event cited twice in one cell.",
    "recorded-early": "A row recorded before its date.",
    "recorded-future": "A row recorded after now.",
    "date-future": "An assessment or event dated after today.",
    "date-year": "An assessment or event dated more than ten years before all others.",
    "confirmation": "Credibility 1 without a second report, or a second report that is the first again.",
    "same-act": "An event marked as the act of an event that is unknown, itself, not the first of its act, or dated far apart.",
    "withdrawal": "A withdrawal that leaves some of score, low and high in place, or withdraws nothing.",
    "dimension-file": "An assessment in the file of another dimension.",
    "rule-coder": "An assessment by a coder who is a rule, not a person.",
    "anchor-missing": "An indicator without an anchor for 0, 2, 4, 6, 8 or 10.",
    "weight-zero": "Weights that sum to zero.",
    "layout": "A publisher's file whose columns, dates or options are not those of its kind.",
    "source-missing": "An outside series without a source entry.",
    "pair-nature": "An outside series that one row calls a flow and another a level.",
    "claim-form": "A claim whose test, subject, dates and threshold do not fit together.",
    "claim-dates": "A claim about dates on which its subject has no reading.",
    "claim-place": "A claim that its section of the article does not mark, or a mark without a claim.",
    "act-twice": "A turning point whose act is already named by another one.",
    "effect-order": "An assumed effect that violates low <= mode <= high.",
    "lever-title": "A lever with two titles.",
    "criteria-missing": "A question without the criteria by which it is answered.",
    "question-form": "A question whose subject, test and threshold do not fit together.",
    "question-dates": "A question whose days of opening, closing and answer are out of order.",
    "question-changed": "A question whose later row changes more than its answer.",
    "resolution": "An answer to a question that does not fit its kind, event or days.",
    "forecast-dates": "A forecast dated outside the days on which its question is open.",
    "forecast-hindsight": "A forecast recorded after its question had closed.",
    "decision-form": "A decision on an item whose event or reason is lacking, or does not belong.",
    "search-days": "A search whose last day is before its first.",
    "article-section": "A section of the article that a claim names and no heading has, or that two headings have.",
    "remote": "A git remote that could not be read, with git's own words.",
    "package": "datapackage.json does not describe the files as they are.",
}

HARMLESS = ("line-ending", "version-form", "package")
"""Codes of faults of form alone: data that have no others are read, shown and saved to.

A description that is out of date is one: a process that dies between a new file and it leaves it so, and the next save
writes it anew."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong, with its address: ``line`` is the file's own line (header = 1, whole file = 0)."""

    file: str
    line: int
    column: str
    value: str
    code: str
    message: str

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise ValueError(f"undocumented problem code {self.code!r}")

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        # A value is quoted on one line, however long or strange it is.
        shown = self.value if len(self.value) <= 80 else self.value[:77] + "..."
        shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown)
        subject = f'{self.column} "{shown}"' if self.value else self.column
        return " ".join(f"{place} {subject} {self.message} [{self.code}]".split())

    def as_record(self) -> dict[str, object]:
        """Return the problem as a plain mapping for JSON."""
        return asdict(self)


def list_blocking(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems with which the data cannot be used, all but those of form alone."""
    return [problem for problem in problems if problem.code not in HARMLESS]


@dataclass
class Report:
    """All problems of a folder."""

    problems: list[Problem] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.problems)

    def __iter__(self) -> Iterator[Problem]:
        return iter(sorted(self.problems))

    def __len__(self) -> int:
        return len(self.problems)

    @property
    def blocking(self) -> list[Problem]:
        """The problems with which the data cannot be used."""
        return list_blocking(self.problems)

    def add(self, file: str, line: int, column: str, value: str, code: str, message: str) -> None:
        """Add one problem."""
        self.problems.append(Problem(file, line, column, value, code, message))

    def extend(self, problems: Iterable[Problem]) -> None:
        """Add several problems."""
        self.problems.extend(problems)

    def summary(self) -> str:
        """Return the closing line, a count."""
        files = len({p.file for p in self.problems})
        if not self.problems:
            return "0 problems"
        return f"{len(self)} problem{'s' * (len(self) != 1)} in {files} file{'s' * (files != 1)}"

    def as_text(self) -> str:
        """Return the report as people read it: one problem a line, then the count."""
        return "\n".join([*map(str, self), self.summary()])
