"""Rules on the narrative: its claims, its sections, the marks that join them, and the turning points."""

from indicators.records.article import parse_article
from indicators.records.checks.references import Problems, check_references, list_subjects, map_ids, problem_at
from indicators.records.csvfile import TextTable
from indicators.records.folder import Folder
from indicators.records.problems import Problem
from indicators.records.rules import DATE, Fault
from indicators.records.tables.core import (
    ARTICLE,
    BEFORE_CLAIMS,
    OPEN_CLAIMS,
    PAIR_CLAIMS,
    TESTS,
    TURNING_POINTS_FILE,
    UNTESTED,
)


def check_claims(folder: Folder) -> Problems:
    """Yield claims whose subject, dates and threshold do not fit their test."""
    read = folder.tables.get("narrative/claims.csv")
    if not read:
        return
    known = list_subjects(folder)
    for row, claim in enumerate(read.cells.to_pylist()):
        subjects = claim["subject"].split(";")
        for subject in subjects:
            if subject and known is not None and subject not in known:
                fault = Fault("reference", "is neither index nor a dimension or indicator of the codebook")
                yield problem_at(read, row, "subject", subject, fault)
        for first, last in (("start", "end"), ("before_start", "before_end")):
            dated = all(claim[name] and not DATE.judge(claim[name]) for name in (first, last))
            if dated and claim[last] <= claim[first]:
                yield problem_at(read, row, last, claim[last], Fault("claim-form", f"is not after {first}"))
        if claim["test"] in TESTS:
            yield from _check_form(read, row, claim)


def _check_form(read: TextTable, row: int, claim: dict[str, str]) -> Problems:
    """Yield cells that a claim's test needs and that are blank, and those that it has no use for."""
    test = claim["test"]
    ids = [id for id in claim["subject"].split(";") if id]
    wanted = 0 if test == UNTESTED else 2 if test in PAIR_CLAIMS else 1
    if len(ids) != wanted:
        fault = Fault("claim-form", f"names {len(ids)} ids — the test {test} takes {wanted or 'none'}")
        yield problem_at(read, row, "subject", claim["subject"], fault)
    needed = {
        "threshold": test not in OPEN_CLAIMS,
        "before_start": test in BEFORE_CLAIMS,
        "before_end": test in BEFORE_CLAIMS,
    }
    for column, needs in needed.items():
        if (claim[column] != "") != needs:
            advice = "takes a value" if needs else "takes none"
            fault = Fault("claim-form", f"does not fit — the test {test} {advice} here")
            yield problem_at(read, row, column, claim[column], fault)
    if test == UNTESTED and not claim["untested"]:
        fault = Fault("claim-form", f"is blank — a claim without a test says why, as the test {test} does here")
        yield problem_at(read, row, "untested", "", fault)
    dated = not any(DATE.judge(claim[name]) for name in ("before_end", "start"))
    if test in BEFORE_CLAIMS and dated and claim["before_end"] >= claim["start"]:
        fault = Fault("claim-form", "is not before start — the quarters compared must not overlap")
        yield problem_at(read, row, "before_end", claim["before_end"], fault)


def check_article(folder: Folder) -> Problems:
    """Yield sections that claims lack or headings repeat, and claims and marks that do not meet."""
    if ARTICLE not in folder.texts:
        return
    article = parse_article(folder.texts[ARTICLE])
    ids: set[str] = set()
    for part in article.sections:
        if part.id in ids:
            message = "is the id of an earlier heading too — give this one another id"
            yield Problem(ARTICLE, part.line, "section", part.id, "article-section", message)
        ids.add(part.id)
    claims = folder.tables.get("narrative/claims.csv")
    if not claims:
        return
    places = list(zip(claims.cells["claim"].to_pylist(), claims.cells["section"].to_pylist(), strict=True))
    marks = {(mark, s.id): s.line for s in article.sections for mark in s.claims}
    for row, (claim, section) in enumerate(places):
        if section not in ids:
            message = f"is not a section of the article — write a heading (## Title {{#{section}}}) or correct it"
            yield problem_at(claims, row, "section", section, Fault("article-section", message))
        elif (claim, section) not in marks:
            fault = Fault(
                "claim-place", f"is not marked in section {section} — write [claim:{claim}] behind its sentence"
            )
            yield problem_at(claims, row, "claim", claim, fault)
    for (mark, section), line in marks.items():
        if (mark, section) not in places:
            message = f"is marked in section {section}, where narrative/claims.csv has no such claim"
            yield Problem(ARTICLE, line, "claim", mark, "claim-place", message)


def check_turning_points(folder: Folder) -> Problems:
    """Yield turning points that are no events, and those whose act an earlier row names."""
    read = folder.tables.get(TURNING_POINTS_FILE)
    if not read:
        return
    yield from check_references(read, "event", folder, "events.csv")
    first = map_ids(folder, "events.csv", "same_as")
    named: dict[str, str] = {}
    for row, event in enumerate(read.cells["event"].to_pylist()):
        before = named.setdefault(first.get(event) or event, event)
        if before != event:
            fault = Fault("act-twice", f"records the same act as {before} above — name an act once")
            yield problem_at(read, row, "event", event, fault)
