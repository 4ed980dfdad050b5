"""Events on their page: what was searched for is marked, twins are named, and all text stays text."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indicators.measures.events import Selection, index_events
from indicators.records.dataset import Dataset
from indicators.show.text.events import describe_found, name_filters, show_event, show_found, show_nothing_found
from tests.hostile import LONG, Page, squeeze

TEXTS = st.one_of(st.text(max_size=60), st.text(alphabet="<>\"'&/=; abcimgscript\x1f", max_size=60))


def tell(dataset: Dataset, words: str) -> str:
    """The list of what some words find, or of all events where they find none."""
    index = index_events(dataset)
    ids = sorted(index.find(words)) or dataset.events.index.tolist()
    events = dataset.events.loc[ids]
    return str(
        show_found(dataset, events, index.mark(words, ids), dict.fromkeys(ids, 1), {id: [] for id in ids}, "/events")
    )


@given(words=TEXTS, text=TEXTS)
@example(words="script img alert", text=LONG)
@example(words="x", text="x \x1f<b>\x1f x")
@settings(deadline=None, max_examples=60)
def test_neither_a_query_nor_the_data_become_html(dataset: Dataset, words: str, text: str) -> None:
    events = dataset.events.assign(fact=text, source_title=text, publisher=text)
    page = Page(tell(replace(dataset, events=events), words))
    assert page.armed == []
    assert page.scripts == []
    assert page.text.count("<") == 3 * len(events) * text.count("<")
    nothing = Page(str(show_nothing_found([words], True)))
    assert nothing.armed == []
    assert nothing.scripts == []
    assert f"“{words}”".replace("\r", "\n") in nothing.text.replace("\r", "\n")


def test_what_was_searched_for_is_marked_wherever_it_stands(dataset: Dataset) -> None:
    shown = tell(dataset, "drill")
    assert "A nuclear <mark>drill</mark> was announced" in shown
    assert "<mark>Drill</mark> ends" in shown
    assert shown.count("<li") == 2
    assert "<mark>" not in tell(dataset, "")


def test_an_event_in_full_tells_grades_in_words_its_twins_and_where_it_leads(dataset: Dataset) -> None:
    shown = str(show_event(dataset, "E0010", ["E0001"], "/events?q=x", "/dimension?a=1", "/dimension?b=2"))
    assert "source not usually reliable, fact doubtful" in shown
    assert 'href="/events?q=x&amp;event=E0001"' in shown
    assert "Two brigades moved towards the border." in shown
    assert 'href="/dimension?a=1"' in shown
    assert 'href="/dimension?b=2"' in shown
    assert 'href="https://example.org/10"' in shown
    hostile = dataset.events.assign(fact=LONG, source_title=LONG, publisher=LONG)
    page = Page(str(show_event(replace(dataset, events=hostile), "E0001", ["E0002"], "/e", "/a", "/b")))
    assert page.armed == []
    assert squeeze(page.text).count(squeeze(LONG)) == 5  # fact, title and publisher; fact and publisher of the twin


def test_a_list_says_how_many_acts_and_tellings_there_are() -> None:
    assert describe_found(1, 1, 1, 1) == "1 event, newest first."
    assert describe_found(30, 33, 26, 30) == "30 events in 33 records; 26 to 30, newest first."


def test_what_narrows_the_list_is_named(dataset: Dataset) -> None:
    days = (pd.Timestamp("2024-01-01"), pd.Timestamp("2024-03-31"))
    asked = Selection("drill", "cyber", "cyb_sabotage", "lowers", "AB", "12", False, *days)
    assert name_filters(dataset, asked, True) == {
        "words": "“drill”",
        "dimension": "Cyber activity",
        "indicator": "Sabotage",
        "effect": "lowers tension",
        "reliability": "source A, B",
        "credibility": "fact 1, 2",
        "cited": "not cited",
        "start": "1 Jan 2024 – 31 Mar 2024",
    }
    assert name_filters(dataset, Selection(start=days[0], end=days[1]), False) == {}


@pytest.mark.parametrize("unknown", [[], ["zork", "<b>"]])
def test_where_nothing_is_found_words_that_occur_nowhere_are_named(unknown: list[str]) -> None:
    page = Page(str(show_nothing_found(unknown, False)))
    assert ("begins with “zork”, “<b>”" in page.text) == bool(unknown)
