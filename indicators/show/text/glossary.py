"""The terms of art and what they mean, from one table for the app, the publication and the docs."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup

from indicators.show.text.markup import fill_part

TABLE = Path(__file__).with_name("glossary.csv")


@dataclass(frozen=True)
class Term:
    """A term of art: the word, its other forms, the pages of the app that use it, and what it means."""

    word: str
    forms: tuple[str, ...]
    pages: tuple[str, ...]
    definition: str


@cache
def read_glossary() -> tuple[Term, ...]:
    """Return the terms in alphabetical order."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["term"].casefold())
    return tuple(
        Term(
            row["term"], tuple(filter(None, row["forms"].split(";"))), tuple(row["pages"].split(";")), row["definition"]
        )
        for row in rows
    )


def terms_on(page: str) -> list[Term]:
    """Return the terms that a page of the app uses, given by its path."""
    return [term for term in read_glossary() if (page or "overview") in term.pages]


def show_terms(terms: list[Term] | tuple[Term, ...]) -> Markup:
    """Return terms with their meanings as a list."""
    return fill_part("parts.html", "terms", terms=terms)


def write_glossary() -> str:
    """Return the glossary as Markdown."""
    rows = "".join(f"**{term.word}**\n: {term.definition}\n\n" for term in read_glossary())
    return (
        f"# Glossary\n\nThe terms as the pages use them; this text is written from `{TABLE.name}`.\n\n{rows}".rstrip()
        + "\n"
    )
