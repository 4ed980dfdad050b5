"""What the texts promise: parameters are explained, and the worked example can be redone by hand."""

import csv
import re
from fractions import Fraction
from pathlib import Path

import pytest

from indicators.commands import ENTRIES
from indicators.records.imports.formats import KINDS
from indicators.records.tables.core import TABLES, Table
from indicators.show.links.parameters import PARAMETERS
from indicators.show.text.glossary import write_glossary

ROOT = Path(__file__).parents[1]
DAY = "2024-12-31"

Rows = list[dict[str, str]]


def read_rows(path: Path) -> Rows:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tables_of(text: str) -> list[Rows]:
    """The tables of a Markdown text, cells without code marks."""
    tables = []
    for block in re.findall(r"(?:^\|.*\|\n)+", text, flags=re.MULTILINE):
        head, _, *rows = (
            [cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in block.splitlines()
        )
        tables.append([dict(zip(head, row, strict=True)) for row in rows])
    return tables


@pytest.fixture(scope="module")
def example() -> str:
    """The method text's section with the worked example."""
    text = (ROOT / "data" / "method.md").read_text(encoding="utf-8")
    return text.split("## A worked example\n")[1].split("\n## ")[0]


@pytest.fixture(scope="module")
def held() -> dict[tuple[str, str], Fraction]:
    """The scores that hold on the example's day, by indicator and coder, from the files alone."""
    newest: dict[tuple[str, str], dict[str, str]] = {}
    for path in sorted((ROOT / "data" / "scores").glob("*.csv")):
        for row in read_rows(path):
            key = (row["indicator"], row["coder"])
            # A later date holds instead of an earlier one; of the same date, what was recorded later.
            if row["date"] <= DAY and (key not in newest or order(row) > order(newest[key])):
                newest[key] = row
    return {key: Fraction(row["score"]) for key, row in newest.items() if row["score"]}


def order(row: dict[str, str]) -> tuple[str, str]:
    """What decides which of two rows holds."""
    return row["date"], row["recorded"]


def mean(values: list[Fraction]) -> Fraction:
    """The arithmetic mean, exact."""
    return sum(values, Fraction(0)) / len(values)


PARAMETER_TABLE = re.compile(r"^\| parameter \| meaning \|\n(?:\|.*\|\n)+", re.MULTILINE)


def write_parameter_table() -> str:
    """The guide's table of the parameters of a link, from their registry."""
    named = [(f"{p.name}<dimension>" if p.spread else p.name, p.help) for p in PARAMETERS if p.pages]
    return "| parameter | meaning |\n|---|---|\n" + "".join(f"| `{name}` | {help} |\n" for name, help in named)


def test_the_guide_explains_the_parameters_of_a_link_in_the_words_of_their_registry() -> None:
    found = PARAMETER_TABLE.findall((ROOT / "docs" / "guide.md").read_text(encoding="utf-8"))
    assert found == [write_parameter_table()], "renew the table: python -m tests.test_documentation"


@pytest.fixture(scope="module")
def dictionary() -> dict[str, Rows]:
    """The tables of columns in the data dictionary, by what their table is about."""
    text = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    sections = text.split("## Files and columns\n")[1].split("\n## ")[0].split("\n### ")
    # Further sentences and the key follow what the table is about.
    return {section.split("\n\n")[1]: found[0] for section in sections if (found := tables_of(section + "\n"))}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_data_dictionary_says_what_the_rules_say_of_each_column(table: Table, dictionary: dict[str, Rows]) -> None:
    (lead,) = [lead for lead in dictionary if lead.startswith(table.about)]
    assert f"A row is identified by {', '.join(f'`{name}`' for name in table.key)}." in lead
    assert dictionary[lead] == [
        {"column": c.name, "kind": c.rule.type + ", may be blank" * c.blank, "meaning": c.about} for c in table.columns
    ]


def test_the_data_dictionary_has_no_other_table(dictionary: dict[str, Rows]) -> None:
    assert len(dictionary) == len(TABLES)


def test_the_example_is_about_the_day_that_it_names(example: str) -> None:
    assert "31 December 2024" in example


def test_the_example_names_every_indicator_once_in_its_dimension(example: str) -> None:
    rows = tables_of(example)[0]
    codebook = read_rows(ROOT / "data" / "codebook" / "indicators.csv")
    assert [(row["dimension"], row["indicator"]) for row in rows] == [
        (r["dimension"], r["indicator"]) for r in codebook
    ]


def test_the_examples_scores_are_those_of_the_files(example: str, held: dict[tuple[str, str], Fraction]) -> None:
    shown = {
        (row["indicator"], coder): Fraction(row[f"score by {coder}"])
        for row in tables_of(example)[0]
        for coder in ("c1", "c2")
    }
    assert shown == held


def test_the_examples_readings_are_the_means_over_coders(example: str, held: dict[tuple[str, str], Fraction]) -> None:
    for row in tables_of(example)[0]:
        scores = [score for (indicator, _), score in held.items() if indicator == row["indicator"]]
        assert Fraction(row["reading"]) == mean(scores)


def test_the_examples_dimensions_and_index_are_the_means_below_them(example: str) -> None:
    readings, dimensions = tables_of(example)
    found = {}
    for row in dimensions:
        members = [Fraction(r["reading"]) for r in readings if r["dimension"] == row["dimension"]]
        assert Fraction(row["reading"]) == mean(members)
        found[row["dimension"]] = Fraction(row["reading"])
    assert len(found) == 5
    terms, result = re.search(r"\(([\d. +]+)\) / 5 = ([\d.]+\d)", example).groups()  # type: ignore[union-attr]
    assert [Fraction(term) for term in terms.split(" + ")] == list(found.values())
    assert Fraction(result) == mean(list(found.values()))


def test_all_weights_are_equal_as_the_example_takes_them() -> None:
    for name in ("dimensions", "indicators"):
        assert len({row["weight"] for row in read_rows(ROOT / "data" / "codebook" / f"{name}.csv")}) == 1


@pytest.mark.parametrize("command", ENTRIES)
def test_the_guide_names_every_command(command: str) -> None:
    assert f"`python -m indicators {command}" in (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text", ["README.md", "docs/guide.md", "docs/glossary.md", "hosting/README.md", ".github/SECURITY.md"]
)
def test_no_sentence_is_read_as_a_row_of_the_table_above_it(text: str) -> None:
    assert not re.findall(r"^\|.*\n[^|#\n].*", (ROOT / text).read_text(encoding="utf-8"), flags=re.MULTILINE)


@pytest.mark.parametrize("kind", KINDS)
def test_the_guide_names_every_kind_of_import(kind: str) -> None:
    assert f"| `{kind}` |" in (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", [".github/SECURITY.md", "tests/dashboard/scoring/README.md"])
def test_every_test_that_a_table_of_findings_names_is_there(text: str) -> None:
    page = (ROOT / text).read_text(encoding="utf-8")
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", page))
    assert named
    assert [name for name in sorted(named) if f"def {name}(" not in tests] == []
    assert [file for file in re.findall(r"`(tests/[\w/]+\.py)`", page) if not (ROOT / file).is_file()] == []


@pytest.mark.parametrize("text", ["README.md", "docs/guide.md", "docs/glossary.md", "docs/architecture.md"])
def test_every_link_between_the_texts_leads_to_a_file(text: str) -> None:
    page = ROOT / text
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


def test_the_readme_takes_two_minutes() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").split()) <= 500


def test_the_glossary_in_the_docs_is_that_of_the_app() -> None:
    assert (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8") == write_glossary(), (
        "renew the glossary: python -m tests.test_documentation"
    )


def test_every_file_that_the_page_on_architecture_names_is_there() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:records|measures|show|dashboard|commands)/[\w/.]*)`", page))
    assert len(named) > 20
    assert [name for name in sorted(named) if not (ROOT / "indicators" / name).exists()] == []


if __name__ == "__main__":
    guide = ROOT / "docs" / "guide.md"
    guide.write_text(
        PARAMETER_TABLE.sub(lambda _: write_parameter_table(), guide.read_text(encoding="utf-8")), encoding="utf-8"
    )
    (ROOT / "docs" / "glossary.md").write_text(write_glossary(), encoding="utf-8")
