"""Rules on questions and forecasts: every question can be answered, and no forecast knows the answer."""

from collections.abc import Iterator

from indicators.records.checks.references import Problems, check_references, list_subjects, problem_at
from indicators.records.folder import Folder
from indicators.records.problems import Problem
from indicators.records.rules import DATE, NUMBER, Fault
from indicators.records.tables.outlook import CHANGE_TESTS, FORECASTS_FILE, QUESTIONS_FILE

Cells = dict[str, str]

KEPT = ("text", "subject", "test", "threshold", "criteria", "opened", "closes", "resolves")
"""Columns of a question that no later row may change: only its answer may be added."""


def check_questions(folder: Folder) -> Problems:
    """Yield questions that cannot be answered, answers that do not fit, and questions changed after the fact."""
    told = {p.file for p in folder.report}
    for file, other in ((QUESTIONS_FILE, FORECASTS_FILE), (FORECASTS_FILE, QUESTIONS_FILE)):
        if other in folder.tables and file not in folder.tables and file not in told:
            message = f"is absent beside {other} — restore it (a header row alone is enough)"
            yield Problem(file, 0, "file", "", "file-missing", message)
    if not (read := folder.tables.get(QUESTIONS_FILE)):
        return
    known, events = list_subjects(folder), _event_dates(folder)
    rows = read.cells.to_pylist()
    first = _first_rows(rows)
    for place, row in enumerate(rows):
        for column, fault in _judge_question(row, known):
            yield problem_at(read, place, column, row[column], fault)
        for column, fault in _judge_answer(row, events):
            yield problem_at(read, place, column, row[column], fault)
        for column in KEPT:
            if row[column] != first[row["question"]][column]:
                message = "differs from the question's first row — a later row adds the answer; for another question use another id"
                yield problem_at(read, place, column, row[column], Fault("question-changed", message))


def check_forecasts(folder: Folder) -> Problems:
    """Yield forecasts without a question or coder, outside the question's days, or recorded when the answer was known."""
    if not (read := folder.tables.get(FORECASTS_FILE)):
        return
    yield from check_references(read, "coder", folder, "codebook/coders.csv")
    asked = folder.tables.get(QUESTIONS_FILE)
    unread = not asked and any(p.file == QUESTIONS_FILE for p in folder.report)  # that problem says enough
    questions = None if unread else _first_rows(asked.cells.to_pylist() if asked else [])
    rows = read.cells.to_pylist()
    earliest: dict[tuple[str, ...], str] = {}
    for row in rows:
        key = row["question"], row["coder"], row["date"]
        earliest[key] = min(earliest.get(key, row["recorded"]), row["recorded"])
    for place, row in enumerate(rows):
        for column, fault in _judge_forecast(row, questions, earliest):
            yield problem_at(read, place, column, row[column], fault)


def _judge_question(row: Cells, known: set[str] | None) -> Iterator[tuple[str, Fault]]:
    if not row["criteria"]:
        message = "is blank — say by what source or reading, and on which day, the question is answered"
        yield "criteria", Fault("criteria-missing", message)
    if row["subject"] and known is not None and row["subject"] not in known:
        yield "subject", Fault("reference", "is neither index nor a dimension or indicator of the codebook")
    for column in ("subject", "test", "threshold"):
        if not row[column] and any(row[c] for c in ("subject", "test", "threshold")):
            message = "is blank — a question on a reading has subject, test and threshold; one on an event has none"
            yield column, Fault("question-form", message)
    if row["test"] and not NUMBER.judge(row["threshold"]) and not 0 <= float(row["threshold"]) <= 10:
        place = "points of change" if row["test"] in CHANGE_TESTS else "a place on the scale"
        yield "threshold", Fault("question-form", f"is outside 0 to 10 — it is {place}")
    for early, late in (("opened", "closes"), ("closes", "resolves")):
        if _dates(row, early, late) and row[late] < row[early]:
            yield late, Fault("question-dates", f"is before {early} — opened, closes, resolves follow in this order")
    if _dates(row, "opened") and _is_date(row["recorded"][:10]) and row["recorded"][:10] < row["opened"]:
        yield "recorded", Fault("recorded-early", f"is before the question opens on {row['opened']}")


def _judge_answer(row: Cells, events: dict[str, str] | None) -> Iterator[tuple[str, Fault]]:
    answer, measured = row["resolution"], bool(row["subject"] or row["test"])
    if measured and answer in ("yes", "no"):
        yield (
            "resolution",
            Fault("resolution", "is given — the readings answer this question; only void may be written"),
        )
    if (row["event"] != "") != (answer == "yes" and not measured):
        message = "is named without a yes — only an event that answers yes belongs here"
        message = message if row["event"] else "is blank — name the event that answers yes"
        if row["event"] or not measured:
            yield "event", Fault("resolution", message)
    if bool(answer) != bool(row["resolved"]):
        word = "is blank — write the day of the answer" if answer else "is a day without an answer"
        yield "resolved", Fault("resolution", word)
    if row["event"] and events is not None:
        if row["event"] not in events:
            yield "event", Fault("reference", "is not in events.csv — correct the id or add the event")
        elif _dates(row, "opened", "resolves") and not row["opened"] <= events[row["event"]] <= row["resolves"]:
            yield "event", Fault("resolution", "lies outside the days that the question covers")
    if not _dates(row, "resolved"):
        return
    if answer == "no" and _dates(row, "resolves") and row["resolved"] < row["resolves"]:
        yield "resolved", Fault("resolution", f"is before {row['resolves']} — until then the answer may be yes")
    if _dates(row, "opened") and row["resolved"] < row["opened"]:
        yield "resolved", Fault("resolution", "is before the question opens")
    if _is_date(row["recorded"][:10]) and row["recorded"][:10] < row["resolved"]:
        yield "resolved", Fault("resolution", "is after the row was recorded")


def _judge_forecast(
    row: Cells, questions: dict[str, Cells] | None, earliest: dict[tuple[str, ...], str]
) -> Iterator[tuple[str, Fault]]:
    if not row["probability"] and earliest[row["question"], row["coder"], row["date"]] == row["recorded"]:
        message = "is blank, but no earlier row of this coder, question and date is there to withdraw"
        yield "probability", Fault("withdrawal", message)
    recorded = row["recorded"][:10]
    if _dates(row, "date") and _is_date(recorded) and recorded < row["date"]:
        yield "recorded", Fault("recorded-early", f"is before the date {row['date']} — record it on its date or later")
    question = (questions or {}).get(row["question"])
    if question is None:
        if questions is not None and row["question"]:
            yield "question", Fault("reference", f"is not in {QUESTIONS_FILE} — correct it or add it there")
        return
    if not (_dates(row, "date") and _dates(question, "opened", "closes")):
        return
    if not question["opened"] <= row["date"] <= question["closes"]:
        message = (
            f"is outside {question['opened']} to {question['closes']} — the question takes forecasts on these days"
        )
        yield "date", Fault("forecast-dates", message)
    elif recorded > question["closes"] >= question["recorded"][:10]:
        message = f"is after the question closed on {question['closes']} — a forecast counts when recorded by then"
        yield "recorded", Fault("forecast-hindsight", message)


def _event_dates(folder: Folder) -> dict[str, str] | None:
    if not (read := folder.tables.get("events.csv")):
        return None
    pairs = zip(read.cells["event"].to_pylist(), read.cells["date"].to_pylist(), strict=True)
    return dict(reversed(list(pairs)))  # of an id that stands twice, the first: the other row is the one at fault


def _first_rows(rows: list[Cells]) -> dict[str, Cells]:
    """The row of each question that was recorded first."""
    first: dict[str, Cells] = {}
    for row in sorted(rows, key=lambda row: row["recorded"]):
        first.setdefault(row["question"], row)
    return first


def _dates(row: Cells, *columns: str) -> bool:
    return all(_is_date(row[column]) for column in columns)


def _is_date(cell: str) -> bool:
    return bool(cell) and DATE.judge(cell) is None
