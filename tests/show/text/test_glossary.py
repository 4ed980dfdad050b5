"""The glossary holds each term of art that stands on screen, and none that does not."""

import re
from pathlib import Path

import pytest
from markupsafe import Markup

from indicators.measures.index import BANDS
from indicators.show.links.parameters import PAGES
from indicators.show.text.glossary import Term, find_term, read_glossary, terms_on
from indicators.show.text.html import show_terms
from indicators.show.text.markup import explain
from tests.show.published import Markup as Tags

ROOT = Path(__file__).parents[3] / "indicators"

ART = (
    *("anchor", "assessment", "band", "baseline", "calibration", "carried", "claim", "coder", "confidence", "CRPS"),
    *("digest", "draws", "geometric mean", "hindcast", "projection", "index", "indicator", "interval", "alpha"),
    *("lever", "median", "open", "outside series", "paths", "plausible range", "rank correlation", "reading", "review"),
    *("settled", "doubt", "skill", "turning point", "verdict", "vintage", "grade"),
)
"""Words that a reader from outside the field may not know."""


@pytest.fixture(scope="module")
def screen() -> str:
    """All words that the app and the publication can put on screen: texts and templates, without names of code."""
    files = [
        *(ROOT / "show").rglob("*.html"),
        *(ROOT / "show" / "text").glob("*.py"),
        *(ROOT / "dashboard").rglob("*.py"),
    ]
    files += [ROOT / "show" / "links" / "parameters.py", *(ROOT / "show" / "charts").glob("*.py")]
    texts = []
    for file in files:
        text = file.read_text(encoding="utf-8")
        texts += [text] if file.suffix == ".html" else re.findall(r'"([^"\n]*)"', text)
    return " ".join(texts)


def forms_of(term: Term) -> set[str]:
    return {term.word, *term.forms}


@pytest.mark.parametrize("word", ART)
def test_a_term_of_art_on_screen_is_explained(word: str, screen: str) -> None:
    if re.search(rf"\b{word}", screen, re.IGNORECASE):
        assert any(word.casefold() in form.casefold() for term in read_glossary() for form in forms_of(term))


@pytest.mark.parametrize("term", read_glossary(), ids=lambda term: term.word)
def test_what_is_explained_stands_on_screen_and_its_pages_exist(term: Term, screen: str) -> None:
    assert any(re.search(rf"\b{re.escape(form)}", screen, re.IGNORECASE) for form in forms_of(term))
    assert {*term.pages} <= {page or "overview" for page in PAGES}
    assert term.definition.endswith(".")
    assert term.definition[0].isupper()


def test_every_page_explains_its_terms_and_their_order_is_that_of_the_alphabet() -> None:
    for page in PAGES:
        words = [term.word.casefold() for term in terms_on(page)]
        assert words
        assert words == sorted(words)


def test_the_first_mention_of_a_term_tells_its_meaning_and_the_text_stays_as_it_is() -> None:
    told = explain("In 80 % of the draws <b>, more draws by coders.", "draw", "coder")
    assert re.sub("</?button[^>]*>", "", told) == "In 80 % of the draws &lt;b&gt;, more draws by coders."
    draw, coder = read_buttons(told)
    assert (draw["class"], draw["type"], draw["aria-description"]) == ("term", "button", find_term("draw").definition)
    assert coder["aria-description"] == find_term("coder").definition


def test_links_and_tags_of_a_fragment_hold_no_term() -> None:
    fragment = Markup('<p class="draws"><a href="?draws">draws</a> and a reading</p>')
    assert explain(fragment, "draw") == fragment
    assert len(read_buttons(explain(fragment, "draw", "reading"))) == 1


def test_a_word_that_the_glossary_does_not_have_is_no_term() -> None:
    with pytest.raises(KeyError):
        explain("A word.", "word")


@pytest.mark.parametrize("band", [name for name, *_ in BANDS])
def test_each_band_says_where_it_lies(band: str) -> None:
    assert len(read_buttons(explain(band, "band"))) == 1


def read_buttons(fragment: str) -> list[dict[str, str]]:
    return Tags(fragment).all("button")


def test_a_term_is_shown_with_its_meaning() -> None:
    shown = show_terms([Term("a<b", (), ("",), "Less.")])
    assert "<dt>a&lt;b</dt><dd>Less.</dd>" in shown
