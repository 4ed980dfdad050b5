"""Rules on cells, rows and across files: tables in, problems out."""

import datetime as dt
from collections import defaultdict
from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from indicators.records.checks.inbox import check_items, check_looked
from indicators.records.checks.levers import check_pathways
from indicators.records.checks.narrative import check_article, check_claims, check_turning_points
from indicators.records.checks.outlook import check_forecasts, check_questions
from indicators.records.checks.outside import check_notes, check_pairs
from indicators.records.checks.references import Problems, check_references, list_ids, map_ids, problem_at, rows_with
from indicators.records.checks.review import check_comments
from indicators.records.checks.topic import check_topic
from indicators.records.csvfile import TextTable, canonical_cells
from indicators.records.encoding import write_moment
from indicators.records.folder import Folder
from indicators.records.problems import Problem
from indicators.records.rules import DATE, Fault
from indicators.records.tables.columns import Column
from indicators.records.tables.core import ANCHOR_SCORES, ASSESSMENTS, EVENTS, PACKAGE, RULINGS_FILE
from indicators.records.tables.outlook import RULES
from indicators.records.tables.outside import BENCHMARKS

ACT_DAYS = 31
"""Days by which two reports of one act may be dated apart, as when an agreement is told before it is published."""

AHEAD = dt.timedelta(hours=14)
"""By how much a local day runs ahead of UTC at most; it also covers clocks that differ."""

YEAR_GAP = 3653
"""Days without any date, ten years, below which no folder of the middle date's time reaches."""


def check_folder(folder: Folder, now: dt.datetime | None = None) -> list[Problem]:
    """Return every problem of a folder, sorted by file and line; ``now`` (UTC) is the end of what can have happened."""
    found = [*folder.report.problems]
    for read in folder.tables.values():
        found += check_cells(read)
        found += check_keys(read)
        if read.table is ASSESSMENTS:
            found += check_assessments(read, folder)
    for check in (
        check_topic,
        check_codebook,
        check_events,
        check_benchmarks,
        check_pairs,
        check_notes,
        check_claims,
        check_article,
        check_turning_points,
        check_pathways,
        check_questions,
        check_forecasts,
        check_items,
        check_looked,
        check_comments,
        check_package,
    ):
        found += check(folder)
    found += check_days(folder, now or dt.datetime.now(dt.UTC))
    return sorted(found)


def check_cells(read: TextTable) -> Problems:
    """Yield what is wrong inside single cells."""
    for column in read.table.columns:
        cells = read.cells[column.name]
        distinct = cells.unique()
        # Most columns repeat few values: the rule then runs once for each value, not once for each row.
        if len(distinct) * 2 < len(cells):
            faults = {v: f for v in distinct.to_pylist() if (f := judge_cell(column, v))}
            if not faults:
                continue
            rows = np.flatnonzero(pc.is_in(cells, value_set=pa.array(list(faults), pa.string())).to_numpy())
            for row in rows.tolist():
                value = cells[row].as_py()
                yield problem_at(read, row, column.name, value, faults[value])
        else:
            row = 0
            for chunk in cells.chunks:
                for value in chunk.to_pylist():
                    if fault := judge_cell(column, value):
                        yield problem_at(read, row, column.name, value, fault)
                    row += 1


def judge_cell(column: Column, value: str) -> Fault | None:
    """Return what is wrong with one cell of a column."""
    if not value:
        return None if column.blank else Fault("blank", "is blank — fill it in; a blank never means 0")
    if value != value.strip():
        return Fault("spaces", "has spaces at its start or end — delete them")
    return column.rule.judge(value)


def check_keys(read: TextTable) -> Problems:
    """Yield rows whose key stands in an earlier row."""
    key = read.table.key
    repeated = _key_frame(read).duplicated()
    rows = np.flatnonzero(repeated.to_numpy())
    fault = Fault("row-duplicate", f"repeats the key {', '.join(key)} of an earlier row — delete one")
    values = zip(*(read.cells[name].take(pa.array(rows)).to_pylist() for name in key), strict=True)
    for row, cells in zip(rows.tolist(), values, strict=True):
        yield problem_at(read, row, key[0], ", ".join(cells), fault)


def _key_frame(read: TextTable) -> pd.DataFrame:
    """The key's cells, each value in one form: 86.2 for 86.20, and a bare day as its first second."""
    return pd.DataFrame({name: _in_one_form(read, name).to_pandas() for name in read.table.key})


def _in_one_form(read: TextTable, name: str) -> pa.ChunkedArray:
    cells = read.cells[name]
    column = read.table.column(name)
    if column.kind == "moment":
        bare = pc.equal(pc.utf8_length(cells), len("2024-02-29"))
        return pc.if_else(bare, pc.binary_join_element_wise(cells, "T00:00:00Z", ""), cells)
    if column.numeric:
        return pa.chunked_array([pa.array(canonical_cells(read.table, read.cells, name), pa.string())])
    return cells


def check_assessments(read: TextTable, folder: Folder) -> Problems:
    """Yield what is wrong within and across the rows of one score file."""
    cells = read.cells
    dimensions = map_ids(folder, "codebook/indicators.csv", "dimension")
    for column in ("indicator", "coder", "method"):
        yield from check_references(read, column, folder, f"codebook/{column}s.csv")
    own = read.file.removeprefix("scores/").removesuffix(".csv")
    foreign = {i: d for i, d in dimensions.items() if d != own}
    for row in rows_with(cells["indicator"], set(foreign)):
        value = cells["indicator"][row].as_py()
        message = f"belongs to {foreign[value]} — move the row to scores/{foreign[value]}.csv"
        yield problem_at(read, row, "indicator", value, Fault("dimension-file", message))
    for row in rows_with(cells["coder"], {*RULES}):
        fault = Fault("rule-coder", "is a rule, which can only forecast — scores are given by people")
        yield problem_at(read, row, "coder", cells["coder"][row].as_py(), fault)
    yield from _check_ranges(read)
    yield from _check_withdrawals(read)
    dates, recorded = cells["date"], pc.utf8_slice_codeunits(cells["recorded"], 0, 10)
    early = pc.and_(pc.and_(_are_dates(recorded), _are_dates(dates)), pc.less(recorded, dates))
    for row in np.flatnonzero(early.to_numpy()).tolist():
        fault = Fault(
            "recorded-early", f"is before the date {dates[row].as_py()} — a score is recorded on its date or later"
        )
        yield problem_at(read, row, "recorded", cells["recorded"][row].as_py(), fault)
    yield from _check_cited_events(read, folder, dimensions)


def check_codebook(folder: Folder) -> Problems:
    """Yield what is wrong across the codebook's files."""
    if read := folder.tables.get("codebook/indicators.csv"):
        yield from check_references(read, "dimension", folder, "codebook/dimensions.csv")
        yield from _check_weights(read, "dimension")
        for row in rows_with(read.cells["indicator"], list_ids(folder, "codebook/dimensions.csv") or set()):
            fault = Fault(
                "id-clash", "is the id of a dimension too — the two share one list of ids; rename one of them"
            )
            yield problem_at(read, row, "indicator", read.cells["indicator"][row].as_py(), fault)
        anchors = folder.tables.get("codebook/anchors.csv")
        if anchors:
            yield from check_references(anchors, "indicator", folder, "codebook/indicators.csv")
            scores = canonical_cells(anchors.table, anchors.cells, "score")
            written = set(zip(anchors.cells["indicator"].to_pylist(), scores, strict=True))
            for row, indicator in enumerate(read.cells["indicator"].to_pylist()):
                for score in (s for s in ANCHOR_SCORES if (indicator, str(s)) not in written):
                    fault = Fault("anchor-missing", f"has no anchor for {score} — add it to codebook/anchors.csv")
                    yield problem_at(read, row, "indicator", indicator, fault)
    if read := folder.tables.get("codebook/dimensions.csv"):
        yield from _check_weights(read, None)
    if read := folder.tables.get(RULINGS_FILE):
        for column in ("indicator", "coder"):
            yield from check_references(read, column, folder, f"codebook/{column}s.csv")


def check_events(folder: Folder) -> Problems:
    """Yield events about unknown indicators, confirmed without a second report, or said to be the same as a wrong one."""
    read = folder.tables.get("events.csv")
    if not read:
        return
    yield from check_references(read, "indicator", folder, "codebook/indicators.csv")
    cells = {name: read.cells[name].to_pylist() for name in read.table.names}
    acts = dict(zip(cells["event"], cells["same_as"], strict=True))
    dates = dict(zip(cells["event"], cells["date"], strict=True))
    for row, (event, first, url, second) in enumerate(
        zip(*(cells[n] for n in ("event", "same_as", "source_url", "second_source_url")), strict=True)
    ):
        if cells["credibility"][row] == "1" and not second:
            message = "means confirmed by another report — name it in second_source_url, or write 2"
            yield problem_at(read, row, "credibility", "1", Fault("confirmation", message))
        if second and second == url:
            fault = Fault("confirmation", "is the first source again — name another report, or leave it blank")
            yield problem_at(read, row, "second_source_url", second, fault)
        if first and (message := _judge_act(event, first, acts, dates)):
            yield problem_at(read, row, "same_as", first, Fault("same-act", message))


def _judge_act(event: str, first: str, acts: dict[str, str], dates: dict[str, str]) -> str:
    """What is wrong with saying that an event tells the act of a first one; nothing where it may."""
    if first == event:
        return "is the event itself — leave it blank for the first event of an act"
    if first not in acts:
        return "is not in events.csv — correct the id or leave it blank"
    if acts[first]:
        return f"is itself the same as {acts[first]} — name the first event of the act"
    days = [dates[event], dates[first]]
    if not all(_is_day(day) for day in days):  # the date's own problem says enough
        return ""
    apart = abs((dt.date.fromisoformat(days[0]) - dt.date.fromisoformat(days[1])).days)
    return f"is dated {apart} days apart, so not the same act — correct the id or the date" if apart > ACT_DAYS else ""


def check_days(folder: Folder, now: dt.datetime) -> Problems:
    """Yield assessments and events dated after today or with a plainly mistyped year, and rows recorded after now."""
    dated = [read for read in folder.tables.values() if read.table in (ASSESSMENTS, EVENTS)]
    last, moment = f"{now + AHEAD:%Y-%m-%d}", write_moment(now + AHEAD)
    first = _first_day(dated)
    for read in dated:
        cells = read.cells["date"]
        known = _are_dates(cells)
        for row in np.flatnonzero(pc.and_(known, pc.greater(cells, last)).to_numpy()).tolist():
            fault = Fault("date-future", "has not come yet — check the year; only what has happened is recorded")
            yield problem_at(read, row, "date", cells[row].as_py(), fault)
        for row in np.flatnonzero(pc.and_(known, pc.less(cells, first)).to_numpy()).tolist():
            fault = Fault("date-year", "is more than ten years before all other dates — check the year")
            yield problem_at(read, row, "date", cells[row].as_py(), fault)
    for read in folder.tables.values():
        if "recorded" not in read.table.names:
            continue
        cells = read.cells["recorded"]
        late = pc.if_else(pc.equal(pc.utf8_length(cells), 10), pc.greater(cells, last), pc.greater(cells, moment))
        for row in np.flatnonzero(pc.and_(late, _are_dates(pc.utf8_slice_codeunits(cells, 0, 10))).to_numpy()).tolist():
            fault = Fault("recorded-future", "is after now — correct it, or the clock of the machine that wrote it")
            yield problem_at(read, row, "recorded", cells[row].as_py(), fault)


def _first_day(dated: list[TextTable]) -> str:
    """The day before which a year must be mistyped: the first one after the last gap of ten years below the middle."""
    days = sorted({day for read in dated for day in read.cells["date"].unique().to_pylist() if _is_day(day)})
    first = ""
    for earlier, later in pairwise(days[: len(days) // 2 + 1]):
        if (dt.date.fromisoformat(later) - dt.date.fromisoformat(earlier)).days > YEAR_GAP:
            first = later
    return first


def check_benchmarks(folder: Folder) -> Problems:
    """Yield outside series without a source entry for the file that they stand in."""
    if "benchmarks/sources.csv" not in folder.tables:
        return
    sources = map_ids(folder, "benchmarks/sources.csv", "file")
    for name, read in folder.tables.items():
        if read.table is not BENCHMARKS:
            continue
        listed = {s for s, file in sources.items() if f"benchmarks/{file}" == name}
        series = read.cells["series"].to_pylist()
        for value in sorted({*series} - listed - {""}):
            fault = Fault("source-missing", "has no entry for this file in benchmarks/sources.csv — add one")
            yield problem_at(read, series.index(value), "series", value, fault)


def check_package(folder: Folder) -> Problems:
    """Yield a data package description that does not fit the files."""
    text = folder.texts.get(PACKAGE)
    wanted = folder.describe()
    if text is not None and wanted is not None and text != wanted:
        yield Problem(
            PACKAGE,
            0,
            "file",
            "",
            "package",
            "does not describe the files as they are — run the format command, or let the next save write it anew",
        )


def _check_cited_events(read: TextTable, folder: Folder, dimensions: dict[str, str]) -> Problems:
    events = folder.tables.get("events.csv")
    if not events or not len(read.cells):
        return
    cells = read.cells
    lists = pc.split_pattern(cells["events"], ";").combine_chunks()
    cited = pc.list_flatten(lists)
    rows = pc.list_parent_indices(lists).to_numpy()
    at = pc.index_in(cited, value_set=events.cells["event"].combine_chunks())
    known = pc.is_valid(at).to_numpy(zero_copy_only=False)
    at_row = pc.fill_null(at, 0).to_numpy()
    for k in np.flatnonzero(~known & (pc.utf8_length(cited).to_numpy() > 0)).tolist():
        fault = Fault("reference", "is not in events.csv — correct the id or add the event")
        yield problem_at(read, int(rows[k]), "events", cited[k].as_py(), fault)
    if not len(events.cells):
        return
    event_dates = events.cells["date"].combine_chunks().take(pa.array(at_row))
    own_dates = cells["date"].combine_chunks().take(pa.array(rows))
    comparable = pc.and_(_are_dates(event_dates), _are_dates(own_dates))
    late = pc.and_(comparable, pc.greater(event_dates, own_dates)).to_numpy(zero_copy_only=False) & known
    if late.any():
        # A row that was replaced is history: the event may have been dated again since, which its correction says.
        late &= _are_in_force(read)[rows]
    for k in np.flatnonzero(late).tolist():
        message = f"is dated {event_dates[k].as_py()}, after the assessment of {own_dates[k].as_py()} — no hindsight"
        yield problem_at(read, int(rows[k]), "events", cited[k].as_py(), Fault("event-late", message))
    event_dimension = np.array([dimensions.get(i, "") for i in events.cells["indicator"].to_pylist()])[at_row]
    own_dimension = np.array([dimensions.get(i, "") for i in cells["indicator"].to_pylist()])[rows]
    foreign = (event_dimension != own_dimension) & known & (own_dimension != "") & (event_dimension != "")
    if not foreign.any():
        return
    about = _dimensions_of_acts(events, dimensions)
    for k in np.flatnonzero(foreign).tolist():
        if own_dimension[k] in about[cited[k].as_py()]:
            continue
        fault = Fault("event-foreign", f"is an event of {event_dimension[k]} — cite events of {own_dimension[k]}")
        yield problem_at(read, int(rows[k]), "events", cited[k].as_py(), fault)


def _are_in_force(read: TextTable) -> NDArray[np.bool_]:
    """Whether each row is the last word of its coder on its indicator and date."""
    frame = _key_frame(read).assign(recorded=lambda frame: _rank(frame["recorded"]))
    last = frame.groupby(["indicator", "coder", "date"], sort=False)["recorded"].transform("max")
    return np.asarray(frame["recorded"] == last)


def _rank(texts: pd.Series) -> NDArray[np.int64]:
    """The places of some texts in their order, the same for equal ones: pandas compares numbers far sooner."""
    return np.asarray(pd.factorize(texts, sort=True)[0], np.int64)


def _dimensions_of_acts(events: TextTable, dimensions: dict[str, str]) -> dict[str, set[str]]:
    """The dimensions of each event's act: those of all events that tell it."""
    ids, firsts, indicators = (events.cells[name].to_pylist() for name in ("event", "same_as", "indicator"))
    acts: dict[str, set[str]] = defaultdict(set)
    for id, first, indicator in zip(ids, firsts, indicators, strict=True):
        acts[first or id].add(dimensions.get(indicator, ""))
    return {id: acts[first or id] for id, first in zip(ids, firsts, strict=True)}


def _check_ranges(read: TextTable) -> Problems:
    score, low, high = (_numbers(read, name) for name in ("score", "low", "high"))
    for row in np.flatnonzero((low > score) | (score > high) | (low > high)).tolist():
        fault = Fault("range-order", f"is outside its range {low[row]:g} to {high[row]:g} — keep low <= score <= high")
        yield problem_at(read, row, "score", read.cells["score"][row].as_py(), fault)


def _check_withdrawals(read: TextTable) -> Problems:
    blank = {name: pc.equal(read.cells[name], "").to_numpy() for name in ("score", "low", "high")}
    count = sum(b.astype(int) for b in blank.values())
    for row in np.flatnonzero((count > 0) & (count < 3)).tolist():
        name = next(n for n, b in blank.items() if b[row])
        fault = Fault("withdrawal", "is blank beside others that are not — fill it in, or blank all three to withdraw")
        yield problem_at(read, row, name, "", fault)
    withdrawn = np.flatnonzero(count == 3)
    if not len(withdrawn):
        return
    key = pd.DataFrame({n: read.cells[n].to_pandas() for n in ("indicator", "coder", "date", "recorded")})
    key["recorded"] = _rank(key["recorded"])
    first = key.groupby(["indicator", "coder", "date"])["recorded"].transform("min")
    for row in withdrawn.tolist():
        if key["recorded"].iloc[row] == first.iloc[row]:
            fault = Fault(
                "withdrawal", "is blank, but no earlier row of this coder, indicator and date is there to withdraw"
            )
            yield problem_at(read, row, "score", "", fault)


def _check_weights(read: TextTable, group: str | None) -> Problems:
    weights = pd.Series(_numbers(read, "weight"))
    groups = pd.Series(read.cells[group].to_pylist()) if group else pd.Series([""] * len(weights))
    for name, total in weights.groupby(groups).sum(skipna=False).items():
        if total == 0:
            row = int(np.flatnonzero((groups == name).to_numpy())[0])
            where = f" in {name}" if name else ""
            yield problem_at(
                read, row, "weight", f"{weights[row]:g}", Fault("weight-zero", f"and all others{where} sum to zero")
            )


def _numbers(read: TextTable, column: str) -> NDArray[np.float64]:
    """The column as numbers; cells that are blank or refused by their own rule become NaN."""
    rule = read.table.column(column).rule
    values = {v: float(v) if v and not rule.judge(v) else np.nan for v in read.cells[column].unique().to_pylist()}
    codes = read.cells[column].combine_chunks().dictionary_encode()
    table = np.array([values[v] for v in codes.dictionary.to_pylist()] or [np.nan])
    return table[codes.indices.to_numpy()] if len(codes) else np.array([])


def _is_day(cell: str) -> bool:
    return DATE.judge(cell) is None


def _are_dates(cells: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    return pc.match_substring_regex(cells, r"^\d{4}-\d{2}-\d{2}$")
