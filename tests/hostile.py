"""A data folder in which every text that people write freely tries to be more than text, and what a page makes of it."""

import csv
import io
import re
from html.parser import HTMLParser
from pathlib import Path

from indicators.records.folder import format_folder
from indicators.records.tables.columns import Column, Table
from indicators.records.tables.core import FOLDERS, OPTIONAL_FILES, SINGLE_FILES
from tests.folders import FILES, SOUND_CLAIMS, write_folder

LONG = """<script>alert(1)</script>"'><img src=x onerror=alert(2)> [x](javascript:alert(3)) </td></svg> {{ 7*7 }}"""
SHORT = """<b onclick=x>"'{{7*7}}"""
"""For columns that hold few characters."""


def table_of(file: str) -> Table | None:
    """The table that a file of the folder holds."""
    if found := SINGLE_FILES.get(file) or OPTIONAL_FILES.get(file):
        return found
    return FOLDERS.get(file.partition("/")[0])


def is_text(column: Column) -> bool:
    """Whether a column takes any text, so this one too."""
    return column.kind == "string" and any(column.rule.judge(text) is None for text in (LONG, SHORT))


def spoil(file: str, text: str, marks: dict[str, str]) -> str:
    """Put hostile text into every text column of a file, with a mark for each column, which is noted."""
    table = table_of(file)
    # The values of the topic have a rule for each key, most of them too narrow for hostile text.
    if table is None or table.name == "topic":
        return text
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    for column in filter(is_text, table.columns):
        mark = f"§{len(marks)}."
        marks[mark] = f"{table.name}.{column.name}"
        for row in rows:
            if cell := row[column.name]:
                tries = (f"{LONG} {mark} {cell}", f"{LONG} {mark}", f"{SHORT} {mark}")
                row[column.name] = next(words for words in tries if column.rule.judge(words) is None)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, table.names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write_hostile_folder(path: Path) -> dict[str, str]:
    """Write a folder that the rules accept, and return the text column that each mark stands for."""
    marks: dict[str, str] = {}
    sound = FILES | {"narrative/claims.csv": SOUND_CLAIMS}
    changed = {name: spoil(name, text, marks) for name, text in sound.items() if name.endswith(".csv")}
    article = re.sub(r"^# .*$", rf"\g<0> {SHORT}", FILES["narrative/article.md"], count=1, flags=re.MULTILINE)
    changed["narrative/article.md"] = article.replace("They are old.", f"They are old. {LONG} §article.")
    for name in ("method.md", "README.md"):
        changed[name] = f"# Text\n\n{LONG} §{name}.\n\n| a | b |\n|---|---|\n| {LONG} | b |\n"
    marks |= {f"§{name}.": name for name in ("article", "method.md", "README.md")}
    write_folder(path, **changed)
    format_folder(path, write=True)
    return marks


class Page(HTMLParser):
    """What a page or a fragment comes to in a browser: its text, and whatever runs or leads to a script."""

    def __init__(self, content: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.scripts: list[dict[str, str]] = []
        self.armed: list[str] = []
        self.feed(str(content))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "script":
            self.scripts.append(attributes)
        links = [attributes.get(name, "") for name in ("href", "src", "action", "formaction", "xlink:href")]
        if any(name.startswith("on") for name in attributes) or any("javascript:" in link for link in links):
            self.armed.append(f"<{tag} {attributes}>")
        if tag == "img" and not attributes["src"].startswith("data:image/svg+xml;base64,"):
            self.armed.append(f"<{tag} {attributes}>")

    def handle_data(self, data: str) -> None:
        self.text += data


def squeeze(text: str) -> str:
    """Text without its blanks, as labels are wrapped."""
    return "".join(text.split())


def find_marks(page: Page, marks: dict[str, str]) -> set[str]:
    """Hold that a page shows hostile text whole and runs nothing of it; return the columns that it shows."""
    assert page.armed == []
    text = squeeze(page.text)
    for mark in marks:
        for found in re.finditer(re.escape(mark), text):
            before = text[: found.start()]
            assert before.endswith((squeeze(LONG), squeeze(SHORT))), before[-150:]
    return {column for mark, column in marks.items() if mark in text}
