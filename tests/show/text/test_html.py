"""Text from the data is shown as text: it changes no structure, adds no attribute and runs nothing."""

from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from indicators.records.dataset import Dataset
from indicators.records.problems import Problem, Report
from indicators.records.rules import URL
from indicators.show.text import html as markup
from indicators.show.text.narrative.article import Passage, claims_about, number_claims, passages_of
from tests.show.headlines import HEADLINE

NASTY = """<script>alert(1)</script>" onmouseover="alert(1)' x='&lt;b&gt;</td></table><img src=x onerror=alert(1)>"""
VOID = {"img", "br", "hr"}

nasty_texts = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.text(alphabet="<>\"'&/=; abc!-", max_size=40)
)


class Structure(HTMLParser):
    """The elements of a fragment with their attributes; its text and the attributes' values apart from them."""

    def __init__(self, fragment: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, ...]] = []
        self.values: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(str(fragment))  # what is read off it is plain text
        self.close()
        assert self.open == []
        assert all(value is not None for _, value in self.values), "each attribute has a value"

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, *(name for name, _ in attributes)))
        self.values += attributes  # type: ignore[arg-type]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, "elements close in order"
        self.elements.append((f"/{tag}",))

    def handle_data(self, data: str) -> None:
        self.text += data

    def unknown_decl(self, data: str) -> None:
        pytest.fail(f"a declaration: {data!r}")

    handle_comment = handle_decl = handle_pi = unknown_decl


def written(dataset: Dataset, text: str) -> Dataset:
    """A dataset in which all that people write freely is one text."""
    return replace(
        dataset,
        dimensions=dataset.dimensions.assign(title=text, question=text),
        indicators=dataset.indicators.assign(title=text, definition=text),
        anchors=dataset.anchors.assign(anchor=text),
        events=dataset.events.assign(fact=text, publisher=text, source_title=text),
        assessments=dataset.assessments.assign(rationale=text, coder=text),
        claims=dataset.claims.assign(text=text),
    )


def judged(dataset: Dataset, text: str) -> dict[str, object]:
    """A claim with a verdict of which the reason is free text too."""
    claim = dataset.claims.iloc[0]
    return pd.concat(
        [
            claim,
            pd.Series(
                {
                    "claim": claim.name,
                    "verdict": "cannot be judged",
                    "why": text,
                    "probability": None,
                    "value": None,
                    "confidence": "",
                    "untested": text,
                }
            ),
        ]
    ).to_dict()


KINDS = {
    "reading": lambda data, text: markup.show_reading(HEADLINE, text, "1 day", text),
    "multiples": lambda data, text: markup.show_multiples(
        [(HEADLINE, text, text, f"/dimension?dim={text}", (Markup("<svg/>"), Markup("<svg/>")), 0)], text
    ),
    "table": lambda data, text: markup.show_table(table_of(text), caption=text),
    "formatted table": lambda data, text: markup.show_table(table_of(text), {text: str, "n": lambda _: text}),
    "events": lambda data, text: markup.show_events(data, data.events),
    "assessment": lambda data, text: markup.show_assessment(data, data.assessments.iloc[0], text),
    "anchors": lambda data, text: markup.show_anchors(data.anchors.head(6), 4.0),
    "problems": lambda data, text: markup.show_problems(Report([Problem(text, 3, text, text, "score-range", text)])),
    "article": lambda data, text: markup.show_article_paragraph(
        data, Passage(text, f"{text} [claim:stays-tense] {text}", text, ("stays-tense",))
    ),
    "paragraph": lambda data, text: markup.show_paragraph(text, "question"),
    "lines": lambda data, text: markup.show_lines([text, text]),
    "attribution": lambda data, text: markup.show_attribution(replace(data.article, title=text, attribution=text)),
    "part": lambda data, text: markup.show_part(text, 0.5, [markup.show_sources(text)]),
    "claim": lambda data, text: markup.show_claim(data, judged(data, text), "<svg/>", text),
}
"""Every fragment, with one text in all places that come from the data or from a reader."""


def table_of(text: str) -> pd.DataFrame:
    """A table whose column and cell are a text."""
    return pd.DataFrame({text: [text], f"{text} n": [1.0], f"{text} day": [pd.Timestamp("2024-03-31")]})


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=40)
@given(text=nasty_texts)
@example(text=NASTY)
def test_no_text_changes_the_structure(dataset: Dataset, kind: str, text: str) -> None:
    if not text.strip() or "[claim:" in text:
        return  # nothing to show, or a mark of the article itself
    plain, shown = (Structure(KINDS[kind](written(dataset, words), words)) for words in ("x", text))
    assert shown.elements == plain.elements
    assert {name for name, _ in shown.values} <= {
        "class", "href", "target", "rel", "title", "style", "id", "aria-label", "tabindex", "role", "scope", "alt", "src",
        "type", "aria-description",
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_the_text_is_shown_whole(dataset: Dataset, kind: str) -> None:
    shown = Structure(KINDS[kind](written(dataset, NASTY), NASTY))
    assert " ".join(NASTY.split())[:40] in " ".join(shown.text.split())


@given(
    st.one_of(
        nasty_texts,
        st.builds(
            "".join,
            st.lists(
                st.sampled_from(
                    [
                        "javascript:",
                        "JavaScript:",
                        "\t",
                        " ",
                        "data:text/html,",
                        "//",
                        "https://",
                        "http:",
                        "alert(1)",
                        "\n",
                        "a.org",
                        '"',
                        "'",
                    ]
                ),
                max_size=6,
            ),
        ),
    )
)
@example("javascript:alert(1)//http://a.org")
@example("https://example.org/1")
def test_no_link_that_the_records_accept_runs_a_script(dataset: Dataset, url: str) -> None:
    if URL.judge(url) is not None:
        return
    event = dataset.events.assign(source_url=url, second_source_url=url).iloc[0]
    shown = Structure(markup.show_source(event))
    links = [value for name, value in shown.values if name == "href"]
    assert links == [url, url]
    assert urlsplit(links[0]).scheme in ("http", "https")
    assert ("rel", "noopener noreferrer nofollow") in shown.values


def test_the_records_accept_a_plain_link_and_refuse_one_that_runs_a_script() -> None:
    assert URL.judge("https://example.org/1") is None
    assert URL.judge("javascript:alert(1)") is not None


def test_a_second_report_is_called_a_confirmation_only_where_the_grade_says_so(dataset: Dataset) -> None:
    confirmed = dataset.events.loc["E0001"]
    assert "confirmed by <a" in markup.show_source(confirmed)
    assert "example.net</a>" in markup.show_source(confirmed)
    digest = {**confirmed.to_dict(), "credibility": "2"}
    assert "see also <a" in markup.show_source(digest)
    assert "confirmed" not in markup.show_source(digest)
    assert markup.show_source(dataset.events.loc["E0002"]).count("<a ") == 1


def test_a_source_tells_both_grades_in_words(dataset: Dataset) -> None:
    shown = Structure(markup.show_source(dataset.events.loc["E0010"]))  # D4
    assert "D4" in shown.text
    (title,) = [value for name, value in shown.values if name == "title"]
    assert "not usually reliable" in title
    assert "doubtful" in title


def test_events_are_listed_newest_first(dataset: Dataset) -> None:
    ids = [v for n, v in Structure(markup.show_events(dataset, dataset.events)).values if n == "id"]
    assert ids == list(dataset.events.index[::-1])
    assert "No event" in Structure(markup.show_events(dataset, dataset.events.head(0))).text


def test_an_assessment_shows_score_range_coder_reason_and_events(dataset: Dataset) -> None:
    rows = dataset.assessments
    row = rows[(rows["indicator"] == "cyb_espionage") & (rows["date"] == "2024-06-30")].iloc[0]
    text = Structure(markup.show_assessment(dataset, row)).text
    for part in (
        "6.0",
        "5.0–7.0",
        "coder c1",
        "30 Jun 2024",
        row["rationale"],
        "2 events",
        *dataset.events.loc[["E0003", "E0007"], "fact"],
    ):
        assert part in text


def test_the_anchor_nearest_to_the_reading_is_marked(dataset: Dataset) -> None:
    anchors = dataset.anchors[dataset.anchors["indicator"] == "mil_posture"]
    assert Structure(markup.show_anchors(anchors, 6.25)).values.count(("class", "here")) == 1
    assert Structure(markup.show_anchors(anchors, 5.0)).values.count(("class", "here")) == 2  # midway between two
    assert Structure(markup.show_anchors(anchors, None)).values.count(("class", "here")) == 0


def test_a_table_has_a_header_for_each_column_and_can_be_reached_by_keyboard() -> None:
    table = pd.DataFrame(
        {"day": pd.to_datetime(["2024-03-31", None]), "reading": [6.25, float("nan")], "note": ["a", None]}
    )
    fragment = markup.show_table(table, caption="Readings")
    shown = Structure(fragment)
    assert [v for n, v in shown.values if n == "scope"] == ["col"] * 3
    assert ("tabindex", "0") in shown.values
    assert ("aria-label", "Readings") in shown.values
    cells = [cell.text for cell in ElementTree.fromstring(fragment).iter("td")]
    assert cells == ["31 Mar 2024", "6.2", "a", "–", "–", None]


def test_a_long_report_says_how_many_problems_are_left_out() -> None:
    report = Report(
        [Problem("scores/cyber.csv", line, "score", "11", "score-range", "is above 10") for line in range(2, 302)]
    )
    text = Structure(markup.show_problems(report, most=100)).text
    assert text.count("[score-range]") == 100
    assert "200 more" in text
    assert report.summary() in text


def test_the_article_shows_numbers_where_its_claims_are(dataset: Dataset) -> None:
    passages = [p for section in dataset.article.sections for p in passages_of(section)]
    (passage,) = [p for p in passages if "posture-eases" in p.claims]
    text = Structure(markup.show_article_paragraph(dataset, passage)).text
    numbers = number_claims(dataset)
    assert str(numbers["posture-eases"]) in text
    assert "[claim:" not in text
    assert "posture-eases" not in text


def test_the_claims_about_a_dimension_are_those_of_its_indicators_too(dataset: Dataset) -> None:
    assert claims_about(dataset, "index") == ["stays-tense"]
    assert claims_about(dataset, "military") == ["posture-eases", "networks-worse"]
