"""The article as its readers meet it: paragraphs, their claims, and what concerns a dimension."""

from dataclasses import dataclass

from indicators.records.article import CLAIM_MARK, Section, plain_text
from indicators.records.dataset import Dataset, split_ids


@dataclass(frozen=True)
class Passage:
    """One paragraph of the article with its section's title, its text with and without marks, and its claims."""

    section: str
    marked: str
    text: str
    claims: tuple[str, ...]


def passages_of(section: Section) -> list[Passage]:
    """Return a section's paragraphs."""
    return [
        Passage(section.title, text, plain_text(text), tuple(CLAIM_MARK.findall(text))) for text in section.paragraphs
    ]


def number_claims(dataset: Dataset) -> dict[str, int]:
    """Return the number under which each claim is shown, in the order of the article."""
    marks = [mark for section in dataset.article.sections for mark in section.claims]
    return {claim: number for number, claim in enumerate(dict.fromkeys(marks), 1)}


def claims_about(dataset: Dataset, id: str) -> list[str]:
    """Return the claims about a dimension (or its indicators), or about the index, in the order of the article."""
    members = {id, *(dataset.indicators_of(id) if id in dataset.dimensions.index else ())}
    subjects = dataset.claims["subject"]
    return [
        claim for claim in number_claims(dataset) if claim in subjects and members & set(split_ids(subjects[claim]))
    ]
