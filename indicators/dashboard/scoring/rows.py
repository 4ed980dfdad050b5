"""The tab Many rows: a workbook, a file or pasted cells, a grid to correct them in, and the save of all together.

What is handed in and corrected is kept on the server until it is saved or discarded, like what is typed into a form.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from indicators.dashboard.app import Desk, open_data
from indicators.dashboard.scoring.after_save import is_done
from indicators.dashboard.scoring.drafts import open_uploads
from indicators.dashboard.scoring.save import TOLD, make_submission, offer_save
from indicators.measures.narrative.dates import check_readings
from indicators.records.imports.repairs import Repair, find_repairs, repair_rows
from indicators.records.imports.rows import (
    COLUMNS,
    NAME,
    Comparison,
    Place,
    Row,
    check_rows,
    compare_rows,
    list_events,
    list_in_force,
    number_events,
)
from indicators.records.imports.upload import EVENT_NAMES, Intake, read_upload, template
from indicators.records.problems import Problem, Report
from indicators.records.saving.save import check_submission
from indicators.records.saving.submission import NEW_EVENTS, NEW_ROWS, Outcome, Refused, Saved
from indicators.records.storage.uploads import Rows, Upload, Uploads, make_upload
from indicators.show.files.tables import csv_bytes
from indicators.show.files.workbook import name_workbook, write_workbook
from indicators.show.links.parameters import DRAFT
from indicators.show.text.html import show_problems, show_table
from indicators.show.text.scoring.sheet import describe_upload
from indicators.show.text.words import count_words, escape_markdown, name_quarter

BATCH = "batch"
"""Where a session keeps the rows that were handed in, with the corrections made to them."""

TAKEN, EMPTIED = "taken", "batches"
"""Where a session keeps what it has taken from either way in, and how often these were emptied."""

ADDED = "added row"
"""In place of a line: a row that was added in the grid."""

SHOWN_REPAIRS = 3
"""Cells of a column that are shown as they are and as they would be."""

LONGEST_SHOWN = 24
"""Characters of a cell that are shown there."""

QUARTERS = 6
"""Quarters of which a workbook is offered: the one that has not ended, and those before it."""


@dataclass
class Table:
    """Rows of one grid with their places, and which of them it shows: all, or those that had problems when asked."""

    rows: list[Row]
    places: list[Place]
    shown: list[int] | None = None


@dataclass
class Batch:
    """What was handed in by a coder, and what has become of it here.

    ``version`` counts the changes made outside the grids, which then start again, and ``drawn`` is the newest that was on
    the page; ``asked`` is what a press asked for until the page comes to it; ``offered`` is what the save button stood for,
    and in words what it would do. ``kept`` are the rows as last kept, ``unkept`` says why that failed; ``done``: they are
    saved, and not kept any more.
    """

    coder: str
    upload: Upload
    intake: Intake
    scores: Table
    events: Table
    kept: tuple[Rows, Rows]
    version: int = 0
    drawn: int = -1
    asked: tuple[str, str] | None = None
    offered: tuple[str, tuple[Row, ...], tuple[Row, ...], str] | None = None
    notes: list[str] = field(default_factory=list)
    unkept: str = ""
    done: bool = False

    def key(self, table: str) -> str:
        """Return the name of the grid of a table."""
        return f"{DRAFT}{table}-{self.upload.id}-{self.version}"


def show_rows(desk: Desk, coder: str) -> None:
    """Draw what comes in, its problems at their cells, what can be repaired at once, a grid, and the save."""
    uploads = open_uploads(coder)
    take_content(desk, coder, uploads, find_batch(desk, coder, uploads))
    offer_files(desk, coder)
    batch: Batch | None = st.session_state.get(BATCH)
    if batch is None:
        return
    head = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
    if notes := [*batch.intake.notes, *batch.notes]:
        st.caption("  \n".join(map(escape_markdown, notes)))
    if not batch.scores.rows and not batch.events.rows:
        show_kept(head, batch, uploads)
        st.html(show_problems(Report(list(batch.intake.problems))))
        return
    above = st.container()
    batch.drawn = batch.version
    rows, places = edit_table(batch.scores, COLUMNS, batch.key("scores"))
    events: list[Row] = []
    event_places: list[Place] = []
    if batch.events.rows:
        st.caption("New events, cited by name in the rows")
        events, event_places = edit_table(batch.events, EVENT_NAMES, batch.key("events"))
    if show_saved(batch, rows, events):
        finish_batch(batch, uploads)
        show_kept(head, batch, uploads)
        return
    keep_rows(batch, uploads, rows, places, events, event_places)
    show_kept(head, batch, uploads)
    problems = find_problems(desk, coder, batch.intake, rows, places, events, event_places)
    repairs = find_repairs(rows, desk.today, batch.intake.dates)
    carry_out(batch, rows, places, events, event_places, problems, repairs)
    with above:
        offer_repairs(batch, rows, repairs)
        offer_filter(batch, problems, [*places, *event_places])
    if problems:
        st.html(show_problems(Report(problems)))
        return
    outcome = offer_rows(desk, coder, batch, rows, events)
    if outcome is not None and is_done(outcome):  # it waits to be sent, and stands at the head of the page
        finish_batch(batch, uploads)


def take_content(desk: Desk, coder: str, uploads: Uploads, batch: Batch | None) -> None:
    """Draw the ways in, and take what was handed in anew, which is kept from then on."""
    emptied = st.session_state.get(EMPTIED, 0)
    left, right = st.columns(2)
    upload = left.file_uploader(
        "A workbook (xlsx, ods) or a CSV file", type=["xlsx", "ods", "csv", "txt", "tsv"], key=f"{DRAFT}file-{emptied}"
    )
    taken: dict[str, str] = st.session_state.setdefault(TAKEN, {})
    pasted = f"{DRAFT}pasted-{emptied}"
    if pasted not in st.session_state and batch is not None and not batch.upload.name and not batch.done:
        st.session_state[pasted] = batch.upload.content.decode(errors="surrogatepass")
        taken["pasted"] = batch.upload.id
    text = right.text_area("Or cells pasted from a spreadsheet, with the header row", key=pasted, height=110)
    now = dt.datetime.now(dt.UTC)
    files = [make_upload(upload.name or "file", upload.getvalue(), now)] if upload is not None else []
    cells = [make_upload("", text.encode(errors="surrogatepass"), now)] if text.strip("\n") else []
    for way, handed in (("file", files), ("pasted", cells)):
        id = handed[0].id if handed else ""
        if handed and id != taken.get(way):
            kept = next((kept for kept in uploads.list_kept(now) if kept.id == id), None)
            batch = make_batch(desk, coder, (kept and uploads.read(kept)) or handed[0])
            # A file without a row can only be mended outside.
            batch.done = way == "file" and not batch.scores.rows and not batch.events.rows
            if not batch.done:
                batch.unkept = uploads.keep(batch.upload, now)
            st.session_state[BATCH] = batch
        taken[way] = id


def offer_files(desk: Desk, coder: str) -> None:
    """Draw the files that can be filled in: the workbook of a quarter, an empty CSV, and the rows in force."""
    today = pd.Timestamp(desk.today)
    quarters = [(today.to_period("Q") - back).end_time.normalize() for back in range(QUARTERS)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        end = st.selectbox(
            "Quarter", quarters, index=1, format_func=name_quarter, key=f"{DRAFT}workbook", width=180
        ).date()
        st.download_button(
            "Workbook of the quarter",
            partial(write_workbook, desk.dataset, coder, end),
            name_workbook(coder, end),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            on_click="ignore",
            help="Every indicator with your last score, the anchors and the events of the quarter, to be filled in and uploaded.",
        )
        st.download_button("Empty CSV", template(), "assessments.csv", "text/csv", on_click="ignore")
        own = pd.DataFrame([*list_in_force(desk.dataset, coder).values()], columns=list(COLUMNS))
        st.download_button(
            "My current scores", csv_bytes(own), f"assessments-{coder}.csv", "text/csv", on_click="ignore"
        )


def find_batch(desk: Desk, coder: str, uploads: Uploads) -> Batch | None:
    """Return what this session works on: what it did so far, else what is kept and was changed last.

    A page or tab that is left takes the state of its grids along, so that they start again from what is kept.
    """
    batch: Batch | None = st.session_state.get(BATCH)
    left = batch is not None and batch.drawn == batch.version and batch.key("scores") not in st.session_state
    if batch is not None and batch.coder == coder and not left:
        return batch
    st.session_state.pop(BATCH, None)
    for kept in uploads.list_kept(dt.datetime.now(dt.UTC)):
        if (upload := uploads.read(kept)) is not None:
            batch = st.session_state[BATCH] = make_batch(desk, coder, upload)
            return batch
    return None


def make_batch(desk: Desk, coder: str, upload: Upload) -> Batch:
    """Return an upload with its rows as they were corrected last, else as they were handed in."""
    content = upload.content if upload.name else upload.content.decode(errors="surrogatepass")
    intake = read_upload(content, coder, list_events(desk.dataset))
    kept = upload.rows or (
        tuple(zip(intake.rows, intake.places, strict=True)),
        tuple(zip(intake.events, intake.event_places, strict=True)),
    )
    scores, events = (Table([row for row, _ in rows], [place for _, place in rows]) for rows in kept)
    return Batch(coder, upload, intake, scores, events, kept, notes=[*upload.notes])


def keep_rows(
    batch: Batch,
    uploads: Uploads,
    rows: Sequence[Row],
    places: Sequence[Place],
    events: Sequence[Row],
    event_places: Sequence[Place],
) -> None:
    """Keep the rows of the grids where they have changed since they last were."""
    now = dt.datetime.now(dt.UTC)
    stands = (tuple(zip(rows, places, strict=True)), tuple(zip(events, event_places, strict=True)))
    if stands != batch.kept:
        batch.upload = replace(batch.upload, changed=now, rows=stands, notes=tuple(batch.notes))
        batch.kept, batch.done = stands, False
        batch.unkept = uploads.keep(batch.upload, now)


def show_kept(place: DeltaGenerator, batch: Batch, uploads: Uploads) -> None:
    """Say what the grid holds, whether it is kept, and what else is, with the press that discards it."""
    others = [kept for kept in uploads.list_kept(dt.datetime.now(dt.UTC)) if kept.id != batch.upload.id]
    with place:
        st.caption(describe_upload(batch.upload, not batch.done and not batch.unkept, others))
        st.button("Close" if batch.done else "Discard", on_click=drop_batch, args=(uploads, batch.upload.id))
    if batch.unkept:
        st.warning(f"What you hand in is not kept: {escape_markdown(batch.unkept)}. Save it before you leave.")


def finish_batch(batch: Batch, uploads: Uploads) -> None:
    """Keep no longer what was saved; it stays on the page until that is left."""
    if not batch.done:
        uploads.discard(batch.upload.id, dt.datetime.now(dt.UTC))
    batch.done = True


def drop_batch(uploads: Uploads, id: str) -> None:
    """Forget what was handed in, and empty the ways in."""
    uploads.discard(id, dt.datetime.now(dt.UTC))
    st.session_state.pop(BATCH, None)
    st.session_state[TAKEN] = {}
    st.session_state[EMPTIED] = st.session_state.get(EMPTIED, 0) + 1


def edit_table(table: Table, columns: Sequence[str], key: str) -> tuple[list[Row], list[Place]]:
    """Draw a grid of a table's rows beside their lines, and return all its rows as they are now, with their places."""
    shown = range(len(table.rows)) if table.shown is None else table.shown
    lines = [_name_place(table.places[number]) for number in shown]
    given = pd.DataFrame([table.rows[number] for number in shown], columns=list(columns), dtype="str")
    given.insert(0, "line", pd.Series(lines, dtype="str"))
    if table.shown is not None:
        given.index = pd.Index(table.shown)
    grid = st.data_editor(
        given,
        key=key,
        hide_index=True,
        num_rows="dynamic" if table.shown is None else "fixed",
        disabled=["line"],
        height="auto" if len(given) < 10 else 420,
    ).fillna("")
    cells = grid[list(columns)].astype("str").to_dict("records")
    edited = {int(number): row for number, row in zip(grid.index, cells, strict=True)}
    hidden = {*range(len(table.rows))} - {*shown}
    rows: list[Row] = []
    places: list[Place] = []
    for number in sorted({*edited, *hidden}):
        row = {str(k): str(v) for k, v in (edited.get(number) or table.rows[number]).items()}
        if any(row.values()):
            rows.append(row)
            known = number < len(table.places)
            places.append(table.places[number] if known else (f"{NAME}, {ADDED}", len(rows)))
    return rows, places


def _name_place(place: Place) -> str:
    file, line = place
    return str(line) if file == NAME else f"{file.removeprefix('sheet ')}:{line}"


def find_problems(
    desk: Desk,
    coder: str,
    intake: Intake,
    rows: list[Row],
    places: list[Place],
    events: list[Row],
    event_places: list[Place],
) -> list[Problem]:
    """Return what is wrong with rows in themselves and in the folder that they would join, by their lines."""
    # Those of cells in the grid are found again there; these concern what the grid does not hold.
    columns = {*COLUMNS, *EVENT_NAMES}
    known = {*places, *event_places}
    found = [p for p in intake.problems if p.column not in columns or (p.file, p.line) not in known]
    found += check_rows(rows, places, events, event_places)
    told = {(problem.file, problem.line, problem.column) for problem in found}
    now = dt.datetime.now(dt.UTC)
    cited, numbered = number_events(rows, events)
    submission = make_submission(desk.dataset, coder, cited, numbered)
    tried = check_submission(open_data().data, submission, now, check_readings)
    if isinstance(tried, Refused):
        for problem in tried.report:
            at = {NEW_ROWS: places, NEW_EVENTS: event_places}.get(problem.file)
            if at and problem.line:
                file, line = at[problem.line - 1]
                problem = replace(problem, file=file, line=line)
            if (problem.file, problem.line, problem.column) not in told:
                found.append(problem)
    return sorted(found)


def offer_repairs(batch: Batch, rows: list[Row], repairs: Sequence[Repair]) -> None:
    """Draw what can be repaired in each column: cells as they are and as they would be, and the press that does it."""
    if not repairs:
        return
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            said = (
                "**Errors in whole columns that have only one possible correction.** Nothing changes until you press."
            )
            st.markdown(said, width="content")
            if len(repairs) > 1:
                st.button("Fix all of these", on_click=_ask, args=(batch, ("all", "")))
        for repair in repairs:
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                st.markdown(_describe_repair(rows, repair), width="content")
                st.button(
                    f"Fix {repair.column}",
                    key=f"{DRAFT}repair-{repair.kind}-{repair.column}",
                    on_click=_ask,
                    args=(batch, (repair.kind, repair.column)),
                )


def _describe_repair(rows: list[Row], repair: Repair) -> str:
    pairs = dict.fromkeys((rows[number][repair.column], cell) for number, cell in repair.cells.items())
    most = SHOWN_REPAIRS if max(len(was) for was, _ in pairs) <= LONGEST_SHOWN else 1
    shown = [f"“{_cut(was)}” → “{_cut(now)}”" for was, now in [*pairs][:most]]
    more = ", …" if len(pairs) > most else ""
    column, count = escape_markdown(repair.column), count_words(len(repair.cells), "cell")
    return f"**{column}**, {count}: {escape_markdown(', '.join(shown) + more)} ({escape_markdown(repair.words)})"


def _cut(cell: str) -> str:
    """A cell as it is shown: its ends, where blanks stand, and not its middle."""
    cell = "".join(c if c.isprintable() else " " for c in cell)
    return cell if len(cell) <= LONGEST_SHOWN else f"{cell[:10]} … {cell[-10:]}"


def offer_filter(batch: Batch, problems: list[Problem], places: list[Place]) -> None:
    """Draw the press that shows the rows with problems alone, or all rows again."""
    if batch.scores.shown is not None or batch.events.shown is not None:
        st.button("Show all rows", on_click=_ask, args=(batch, ("filter", "")))
    elif faulty := len({(p.file, p.line) for p in problems} & {*places}):
        st.button(
            f"Show only the {count_words(faulty, 'row')} with problems",
            on_click=_ask,
            args=(batch, ("filter", "faulty")),
        )


def _ask(batch: Batch, wish: tuple[str, str]) -> None:
    batch.asked = wish


def carry_out(
    batch: Batch,
    rows: list[Row],
    places: list[Place],
    events: list[Row],
    event_places: list[Place],
    problems: list[Problem],
    repairs: Sequence[Repair],
) -> None:
    """Do what was pressed, on the rows as the grids hold them now, and redraw the page."""
    if batch.asked is None:
        return
    wish, batch.asked = batch.asked, None
    faulty = {(p.file, p.line) for p in problems} if wish == ("filter", "faulty") else None
    for repair in repairs:
        if wish in (("all", ""), (repair.kind, repair.column)):
            rows = list(repair_rows(rows, repair))
            batch.notes.append(f"Fixed: {count_words(len(repair.cells), 'cell')} of {repair.column}, {repair.words}.")
    batch.scores = Table(rows, places, _filter(batch.scores.shown, wish, places, faulty))
    batch.events = Table(events, event_places, _filter(batch.events.shown, wish, event_places, faulty))
    batch.version += 1
    st.rerun()


def _filter(
    shown: list[int] | None, wish: tuple[str, str], places: list[Place], faulty: set[Place] | None
) -> list[int] | None:
    """The rows that a grid shows from now on: those in question, all, or as before."""
    if faulty is not None:
        return [number for number, place in enumerate(places) if place in faulty]
    return None if wish[0] == "filter" else shown


def offer_rows(desk: Desk, coder: str, batch: Batch, rows: list[Row], events: list[Row]) -> Outcome | None:
    """Say what the save would do to the rows on record and what it would replace; draw the save, and return its outcome."""
    in_force = list_in_force(desk.dataset, coder)
    comparison = compare_rows(rows, in_force)
    counts = _say_counts(comparison, events)
    st.markdown(f"**{counts}.**")
    if changed := [*comparison.replacing, *comparison.withdrawing]:
        st.html(
            show_table(_list_changes(desk, [rows[n] for n in sorted(changed)], in_force), caption="What is replaced")
        )
    sent = [row for number, row in enumerate(rows) if number not in comparison.same]
    if not sent and not events:
        st.info("All of it is on record already; there is nothing to save.")
        return None
    cited, numbered = number_events(sent, events)
    parts = [(sent, "row"), (events, "event")]
    label = "Save " + " and ".join(count_words(len(of), noun) for of, noun in parts if of)
    batch.offered = (label, tuple(rows), tuple(events), counts)
    return offer_save(desk, label, cited, numbered)


def _say_counts(comparison: Comparison, events: list[Row]) -> str:
    return ", ".join(filter(None, [str(comparison), count_words(len(events), "new event") if events else ""]))


def _list_changes(desk: Desk, rows: list[Row], in_force: dict[tuple[str, str], Row]) -> pd.DataFrame:
    """The rows that replace or withdraw others, old and new side by side."""

    def tell(row: Row) -> str:
        return f"{row['score']} ({row['low']} to {row['high']})" if row["score"] else "withdrawn"

    return pd.DataFrame(
        [
            {
                "indicator": desk.dataset.title(row["indicator"]),
                "date": row["date"],
                "on record": tell(in_force[row["indicator"], row["date"]]),
                "new": tell(row),
                "reason": row["rationale"],
            }
            for row in rows
        ]
    )


def show_saved(batch: Batch, rows: list[Row], events: list[Row]) -> bool:
    """Say what was saved, as long as the grids hold just that; return whether they do."""
    told = st.session_state.get(TOLD)
    if batch.offered is None or told is None or not isinstance(told.outcome, Saved):
        return False
    label, saved_rows, saved_events, counts = batch.offered
    if told.label != label or (saved_rows, saved_events) != (tuple(rows), tuple(events)):
        return False
    files = dict.fromkeys(file for file, _ in told.outcome.places)
    ids = told.outcome.events
    named = f" New events: {', '.join(ids)}." if ids else ""
    st.success(f"Saved: {counts}. Files: {escape_markdown(', '.join(files) or 'events.csv')}.{named}")
    return True
