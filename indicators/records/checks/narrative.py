"""Rules on the narrative: its claims, its sections, and the marks that join them."""

from indicators.records.article import parse_article
from indicators.records.checks.references import Problems, list_subjects, problem_at
from indicators.records.folder import Folder
from indicators.records.problems import Problem
from indicators.records.rules import Fault, check_date
from indicators.records.tables.core import ARTICLE, OPEN_TESTS, PAIR_TESTS, TESTS


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
        if not check_date(claim["start"]) and not check_date(claim["end"]) and claim["end"] <= claim["start"]:
            yield problem_at(read, row, "end", claim["end"], Fault("claim-form", "is not after start"))
        if claim["test"] not in TESTS:
            continue
        wanted = 2 if claim["test"] in PAIR_TESTS else 1
        if len(subjects) != wanted:
            fault = Fault("claim-form", f"names {len(subjects)} ids — the test {claim['test']} takes {wanted}")
            yield problem_at(read, row, "subject", claim["subject"], fault)
        if (claim["threshold"] == "") != (claim["test"] in OPEN_TESTS):
            word = "no" if claim["test"] in OPEN_TESTS else "a"
            fault = Fault("claim-form", f"does not fit — the test {claim['test']} takes {word} threshold")
            yield problem_at(read, row, "threshold", claim["threshold"], fault)


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
            message = f"is no section of the article — write a heading (## Title {{#{section}}}) or correct it"
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
