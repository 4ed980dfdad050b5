"""The terms of art and what they mean, from one table for the app, the publication and the docs."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

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


@cache
def find_term(form: str) -> Term:
    """Return the term of which a word is a form, in any case of letters. Raises ``KeyError`` for a word without one."""
    wanted = form.casefold()
    for term in read_glossary():
        if wanted in (word.casefold() for word in (term.word, *term.forms)):
            return term
    raise KeyError(form)


def write_glossary() -> str:
    """Return the glossary as Markdown."""
    rows = "".join(f"**{term.word}**\n: {term.definition}\n\n" for term in read_glossary())
    return (
        f"# Glossary\n\nThe terms as the pages use them; this text is written from `{TABLE.name}`.\n\n{rows}".rstrip()
        + "\n"
    )
