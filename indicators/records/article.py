"""The narrative: its title, sections and the claims that its sentences make."""

import re
from dataclasses import dataclass, replace

CLAIM_MARK = re.compile(r"\s*\[claim:([a-z0-9-]+)\]")
_HEADING = re.compile(r"##\s+(.*?)\s*\{#([a-z0-9-]+)\}\s*")


@dataclass(frozen=True)
class Section:
    """One section: id, title, the file's line of its heading, and paragraphs with their claim marks."""

    id: str
    title: str
    line: int
    paragraphs: tuple[str, ...] = ()

    @property
    def claims(self) -> tuple[str, ...]:
        """Ids of the claims marked in the section, in order."""
        return tuple(mark for text in self.paragraphs for mark in CLAIM_MARK.findall(text))


@dataclass(frozen=True)
class Article:
    """The narrative, retold: title, attribution and sections."""

    title: str
    attribution: str
    sections: tuple[Section, ...]


def parse_article(text: str) -> Article:
    """Return the article's parts; headings read ``## Title {#id}``, claims are marked ``[claim:id]``."""
    title = ""
    opening: list[str] = []
    sections: list[Section] = []
    blocks: list[str] = []
    paragraph: list[str] = []

    def end_paragraph() -> None:
        if paragraph:
            blocks.append(" ".join(paragraph))
            paragraph.clear()

    def end_section() -> None:
        end_paragraph()
        if sections:
            sections[-1] = replace(sections[-1], paragraphs=tuple(blocks))
        else:
            opening.extend(blocks)
        blocks.clear()

    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("# ") and not title:
            title = line[2:].strip()
        elif match := _HEADING.fullmatch(line):
            end_section()
            sections.append(Section(match[2], match[1], number))
        elif line.strip():
            paragraph.append(line.strip())
        else:
            end_paragraph()
    end_section()
    return Article(title, " ".join(opening), tuple(sections))


def plain_text(paragraph: str) -> str:
    """Return a paragraph without its claim marks."""
    return CLAIM_MARK.sub("", paragraph)
