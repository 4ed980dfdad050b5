"""The narrative's text falls into title, attribution, sections and marked claims."""

from indicators.records.article import parse_article, plain_text

TEXT = """\
# The title

Who says so.

## First {#first}

One sentence. [claim:one] Another
over two lines. [claim:two-b]

A second paragraph.

## Second  {#second}
"""


def test_sections_keep_their_title_line_and_paragraphs() -> None:
    article = parse_article(TEXT)
    assert (article.title, article.attribution) == ("The title", "Who says so.")
    first, second = article.sections
    assert (first.id, first.title, first.line) == ("first", "First", 5)
    assert first.paragraphs == (
        "One sentence. [claim:one] Another over two lines. [claim:two-b]",
        "A second paragraph.",
    )
    assert (second.id, second.title, second.line, second.paragraphs) == ("second", "Second", 12, ())


def test_claims_stand_in_the_order_of_the_text() -> None:
    assert parse_article(TEXT).sections[0].claims == ("one", "two-b")


def test_a_reader_sees_no_marks() -> None:
    assert plain_text("One sentence. [claim:one] Another. [claim:two-b]") == "One sentence. Another."


def test_an_empty_text_is_an_empty_article() -> None:
    article = parse_article("")
    assert (article.title, article.attribution, article.sections) == ("", "", ())
