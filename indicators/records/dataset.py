"""The checked content of a data folder as typed tables, the form that the measures work on."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from indicators.records.article import Article, parse_article
from indicators.records.checks.folder import check_folder
from indicators.records.csvfile import TextTable, make_cells
from indicators.records.encoding import DAY_FORMAT
from indicators.records.folder import Folder, digest_files, parse_files, read_files
from indicators.records.problems import Problem, Report, list_blocking
from indicators.records.rules import Kind
from indicators.records.tables.columns import Table
from indicators.records.tables.core import (
    ARTICLE,
    COMMENTS_FILE,
    FOLDERS,
    METHOD,
    NOTES_FILE,
    OPTIONAL_FILES,
    RULINGS_FILE,
    TURNING_POINTS_FILE,
)
from indicators.records.tables.inbox import DECISIONS_FILE, FEEDS_FILE, ITEMS_FILE, LOOKED_FILE
from indicators.records.tables.outlook import FORECASTS_FILE, QUESTIONS_FILE, RULES
from indicators.records.topic import Topic


@dataclass(frozen=True)
class Dataset:
    """A data folder without problems that block its use.

    ``dimensions`` and ``indicators`` are indexed by id in the codebook's order, ``events`` and ``turning_points`` by event
    id.
    ``assessments`` has dates as timestamps, ``recorded`` as UTC timestamps, blank scores as NaN, and the file and
    line of each row. ``files`` gives the number of rows of each table file.
    """

    topic: Topic
    dimensions: pd.DataFrame
    indicators: pd.DataFrame
    anchors: pd.DataFrame
    coders: pd.DataFrame
    methods: pd.DataFrame
    assessments: pd.DataFrame
    events: pd.DataFrame
    figures: pd.DataFrame
    claims: pd.DataFrame
    turning_points: pd.DataFrame
    pathways: pd.DataFrame
    benchmarks: pd.DataFrame
    sources: pd.DataFrame
    pairs: pd.DataFrame
    notes: pd.DataFrame
    article: Article
    method: str
    readme: str
    files: dict[str, int]
    digest: str
    questions: pd.DataFrame
    forecasts: pd.DataFrame
    rulings: pd.DataFrame
    comments: pd.DataFrame
    feeds: pd.DataFrame
    items: pd.DataFrame
    decisions: pd.DataFrame
    looked: pd.DataFrame

    @cached_property
    def oldest(self) -> pd.Timestamp | None:
        """Date of the oldest assessment, if there is one."""
        return pd.Timestamp(self.assessments["date"].min()) if len(self.assessments) else None

    @cached_property
    def newest_method(self) -> str:
        """Version of the method that a row recorded now is scored by."""
        return find_newest_method(
            dict(zip(self.methods.index, self.methods["date"].dt.strftime(DAY_FORMAT), strict=True))
        )

    @cached_property
    def people(self) -> tuple[str, ...]:
        """Ids of the coders who may score, in the codebook's order: all but those who are rules."""
        return tuple(coder for coder in self.coders.index if coder not in RULES)

    @cached_property
    def scorers(self) -> list[str]:
        """Ids of the coders who have assessments, in the codebook's order; the others only forecast, or did nothing yet."""
        return self.coders.index[self.coders.index.isin(self.assessments["coder"])].tolist()

    @cached_property
    def acts(self) -> pd.Series:
        """The act that each event tells, by event id: the first event's id, so that an act is counted once."""
        first = self.events["same_as"]
        return first.where(first != "", self.events.index.to_series())

    @cached_property
    def event_rows(self) -> dict[str, dict[Hashable, Any]]:
        """The row of each event by its id, for many look-ups; not to be altered."""
        return dict(zip(self.events.index, self.events.to_dict("records"), strict=True))

    @cached_property
    def _codebook(self) -> dict[Hashable, dict[Hashable, Any]]:
        """The rows of the indicators and dimensions by their ids, for many look-ups."""
        return self.indicators.to_dict("index") | self.dimensions.to_dict("index")

    @cached_property
    def act_of(self) -> dict[str, str]:
        """The act that each event tells, by event id, as in ``acts``."""
        return {str(event): str(act) for event, act in self.acts.items()}

    def count_acts(self, events: pd.DataFrame) -> int:
        """Return how many acts some events (indexed by id) tell."""
        return int(self.acts.reindex(events.index).nunique())

    def indicators_of(self, dimension: str) -> list[str]:
        """Return the ids of a dimension's indicators."""
        return self.indicators.index[self.indicators["dimension"] == dimension].tolist()

    def title(self, id: str) -> str:
        """Return the reader's name of the index, a dimension or an indicator."""
        if id == "index":
            return "Index"
        return self.text(id, "title")

    def text(self, id: str, column: str) -> str:
        """Return what the codebook says of a dimension or an indicator in one of its columns."""
        return str(self._codebook[id][column])

    def assessment(self, label: int) -> pd.Series:
        """Return one row of the assessments by its label."""
        return self.assessments.loc[[label]].iloc[0]

    def level(self, id: str) -> str:
        """Return which level an id belongs to: index, dimension or indicator; ``KeyError`` where it is unknown."""
        if id == "index":
            return "index"
        if id in self.dimensions.index:
            return "dimension"
        if id in self.indicators.index:
            return "indicator"
        raise KeyError(id)


Further = Callable[[Dataset], list[Problem]]
"""Checks that need the typed tables; they run when all others have passed."""


@dataclass(frozen=True)
class Loaded:
    """The outcome of loading a folder: its problems, its digest and, where none of them blocks its use, its content."""

    report: Report
    digest: str
    dataset: Dataset | None


def load_dataset(data: Path, further: Further = lambda _: [], checked: Loaded | None = None) -> Loaded:
    """Read and check a folder; the dataset is there exactly when the report has no blocking problem.

    ``checked`` is what a save has checked with ``further``: it is the outcome where the folder's files are, byte for
    byte, those.
    """
    files, unread = read_files(data)
    if checked is not None and not unread and digest_files(files) == checked.digest:
        return checked
    folder = parse_files(files, unread)
    del files
    problems = check_folder(folder)
    dataset = None if list_blocking(problems) else build_dataset(folder)
    digest = folder.digest
    del folder  # its cells as text would lie in memory beside the dataset's
    if dataset is not None:
        problems += further(dataset)
    return Loaded(Report(problems), digest, None if list_blocking(problems) else dataset)


def build_dataset(folder: Folder) -> Dataset:
    """Return the typed content of a folder without blocking problems."""
    tables = folder.tables

    def single(name: str) -> pd.DataFrame:
        return type_table(tables[name]) if name in tables else _no_rows(OPTIONAL_FILES[name])

    def several(folder: str) -> pd.DataFrame:
        parts = [read for read in tables.values() if read.table is FOLDERS[folder]]
        return type_tables(parts) if parts else _no_rows(FOLDERS[folder])

    if folder.topic is None:
        raise ValueError("the folder has problems that block its use")
    return Dataset(
        topic=folder.topic,
        dimensions=single("codebook/dimensions.csv").set_index("dimension"),
        indicators=single("codebook/indicators.csv").set_index("indicator"),
        anchors=single("codebook/anchors.csv"),
        coders=single("codebook/coders.csv").set_index("coder"),
        methods=single("codebook/methods.csv").set_index("method"),
        assessments=several("scores"),
        events=single("events.csv").set_index("event"),
        figures=several("evidence"),
        claims=single("narrative/claims.csv").set_index("claim"),
        turning_points=single(TURNING_POINTS_FILE).set_index("event"),
        pathways=single("outlook/pathways.csv"),
        benchmarks=several("benchmarks"),
        sources=single("benchmarks/sources.csv").set_index("series"),
        pairs=single("benchmarks/pairs.csv"),
        notes=single(NOTES_FILE),
        article=parse_article(folder.texts[ARTICLE]),
        method=folder.texts[METHOD],
        readme=folder.texts["README.md"],
        files={name: len(read.lines) for name, read in sorted(tables.items())},
        digest=folder.digest,
        questions=single(QUESTIONS_FILE),
        forecasts=single(FORECASTS_FILE),
        rulings=single(RULINGS_FILE),
        comments=single(COMMENTS_FILE),
        feeds=single(FEEDS_FILE).set_index("feed"),
        items=single(ITEMS_FILE),
        decisions=single(DECISIONS_FILE),
        looked=single(LOOKED_FILE),
    )


def type_table(read: TextTable) -> pd.DataFrame:
    """Return a checked file's rows with dates and numbers as such, plus ``file`` and ``line`` of each.

    A table that has one of these columns itself gets neither.
    """
    return type_tables([read])


def type_tables(reads: Sequence[TextTable]) -> pd.DataFrame:
    """Return the rows of checked files of one table, one file below the other, as ``type_table`` does."""
    table = reads[0].table
    cells = pa.concat_tables([read.cells for read in reads])
    columns = {c.name: _typed(table, c.name, cells[c.name]) for c in table.columns}
    if not {"file", "line"} & set(columns):
        files = pa.DictionaryArray.from_arrays(
            np.repeat(np.arange(len(reads), dtype="int32"), [len(read.lines) for read in reads]),
            [read.file for read in reads],
        )
        columns["file"] = _as_text(pa.chunked_array([files.cast(pa.string())]))
        columns["line"] = pd.Series(np.concatenate([read.lines for read in reads]))
    return pd.DataFrame(columns)


def find_newest_method(dates: Mapping[str, str]) -> str:
    """Return the version that is used from the latest day, of several the highest; none where there is no version.

    ``dates`` are the days from which the versions are used, in any order.
    """

    def age(version: str) -> tuple[str, list[int]]:
        return dates[version], [int(part) for part in version.split(".") if part.isdecimal()]

    return max(dates, key=age, default="")


def split_ids(cell: str) -> list[str]:
    """Return the ids of a cell that lists several."""
    return cell.split(";") if cell else []


def cited_events(dataset: Dataset, cells: Iterable[str]) -> pd.DataFrame:
    """Return the events that some assessments cite, oldest first, each once."""
    ids = dict.fromkeys(e for cell in cells for e in split_ids(cell))
    return dataset.events.loc[list(ids)].sort_values("date", kind="stable")


def _no_rows(table: Table) -> pd.DataFrame:
    return type_table(TextTable("", table, make_cells(table, []), np.array([], dtype="int64")))


def _typed(table: Table, name: str, cells: pa.ChunkedArray) -> pd.Series:
    kind = table.column(name).kind
    if kind == "string":
        return _as_text(cells)
    # Dates and numbers repeat: each text is turned into its value once.
    codes = cells.combine_chunks().dictionary_encode()
    series = pd.Series(codes.dictionary.to_pylist(), dtype="str")
    return _values(kind, series).take(codes.indices.to_numpy()).reset_index(drop=True)


def _as_text(cells: pa.ChunkedArray) -> pd.Series:
    text: pd.Series = cells.to_pandas(types_mapper={pa.string(): _TEXT}.get)
    return text


_TEXT = pd.StringDtype(na_value=np.nan)
"""What pandas calls ``str``."""


def _values(kind: Kind, series: pd.Series) -> pd.Series:
    if kind == "date":
        return pd.to_datetime(series.replace("", None), format="%Y-%m-%d")
    if kind == "moment":
        return pd.to_datetime(series, format="ISO8601", utc=True).dt.tz_localize(None)
    if kind == "number":
        return pd.to_numeric(series.replace("", None)).astype("float64")
    return pd.to_numeric(series).astype("int64")
