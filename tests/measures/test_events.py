"""Events are found by words and by what the data say of them; an act that several events tell counts once."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indicators.measures.events import (
    SEARCHED,
    EventIndex,
    Selection,
    count_quarters,
    count_quiet,
    find_events,
    first_tellings,
    index_events,
    list_citations,
    split_words,
    tellings_of,
)
from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset, load_dataset
from tests.folders import write_sound_folder


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The tiny folder, in which E0005 tells the act of E0001 again, and one publisher writes with accents."""
    loaded = load_dataset(write_sound_folder(tmp_path_factory.mktemp("events") / "data")).dataset
    assert loaded is not None
    events = loaded.events.copy()
    events.loc["E0005", "same_as"] = "E0001"
    events.loc["E0009", "publisher"] = "Agência Élan"
    return replace(loaded, events=events)


@pytest.fixture(scope="module")
def index(dataset: Dataset) -> EventIndex:
    """The words of those events."""
    return index_events(dataset)


def found(dataset: Dataset, index: EventIndex, **asked: object) -> list[str]:
    """The ids that a selection finds."""
    cited = list_citations(Panel(dataset)).keys()
    return find_events(dataset, index, cited, Selection(**asked)).index.tolist()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("drill", ["E0002", "E0006"]),
        ("DRILL", ["E0002", "E0006"]),
        ("dri", ["E0002", "E0006"]),  # the beginning of a word
        ("rill", []),  # not its end
        ("drill observers", ["E0006"]),  # all of them
        ("observers drill", ["E0006"]),
        ("goes out", ["E0008"]),  # in the title alone
        ("agencia elan", ["E0009"]),  # accents do not count
        ("AGÊNCIA", ["E0009"]),
        ("E0011", ["E0011"]),
        ("port's", ["E0004"]),
        ("fact:drill", []),  # what the search language would take for a column is text
        ("drill OR brigades", []),
        ("dri*", ["E0002", "E0006"]),
        ('"drill"', ["E0002", "E0006"]),
        ("^drill", ["E0002", "E0006"]),
    ],
)
def test_events_are_found_by_the_beginnings_of_their_words(
    dataset: Dataset, index: EventIndex, words: str, expected: list[str]
) -> None:
    assert found(dataset, index, words=words) == expected


@given(st.text(max_size=120))
@example('" OR "drill')
@example("a\0b NEAR(")
@example("drill AND NOT {fact source_title} : x")
@example("a\ud800 b")
@example("𝒟 ٣ ﬀ \ud7ff 😀 _ __ '")
def test_any_text_is_a_query(index: EventIndex, text: str) -> None:
    ids = index.find(text)
    assert ids <= set(index.find("example") | index.find("elan"))
    assert set(index.list_unknown(text)) <= set(split_words(text))
    marked = index.mark(text, sorted(ids))
    assert set(marked) == ids


@given(st.text(max_size=120))
def test_marks_change_no_text_and_stand_around_what_was_searched_for(
    dataset: Dataset, index: EventIndex, text: str
) -> None:
    for id, columns in index.mark(text, sorted(index.find(text))).items():
        row = dataset.events.loc[id].to_dict() | {"event": id}
        assert {name: "".join(parts) for name, parts in columns.items()} == {name: row[name] for name in SEARCHED}
        assert any(len(parts) > 1 for parts in columns.values())


def test_a_mark_covers_the_words_found(index: EventIndex) -> None:
    assert index.mark("dri notice", ["E0002"])["E0002"]["fact"] == [
        "A nuclear ",
        "drill",
        " was announced at short ",
        "notice",
        ".",
    ]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"dimension": "cyber", "effect": "raises"}, ["E0003", "E0007", "E0008"]),
        ({"indicator": "mil_signals"}, ["E0002", "E0006", "E0010"]),
        ({"reliability": "DEF"}, ["E0010", "E0011", "E0012"]),
        ({"credibility": "1", "dimension": "military"}, ["E0001", "E0006"]),
        ({"cited": False}, ["E0004", "E0009", "E0010", "E0011", "E0012"]),
        ({"start": pd.Timestamp("2024-03-10"), "end": pd.Timestamp("2024-03-20")}, ["E0003", "E0004"]),
        ({"words": "drill", "effect": "lowers"}, ["E0006"]),
        ({}, [f"E{number:04d}" for number in range(1, 13)]),
    ],
)
def test_filters_narrow_down(
    dataset: Dataset, index: EventIndex, asked: dict[str, object], expected: list[str]
) -> None:
    assert found(dataset, index, **asked) == expected
    for name in asked:
        if name != "end":
            assert set(found(dataset, index, **Selection(**asked).without(name)._asdict())) >= set(expected)  # type: ignore[arg-type]


def test_an_act_is_cited_where_any_of_its_tellings_is(dataset: Dataset, index: EventIndex) -> None:
    only = dataset.assessments[~dataset.assessments["events"].str.contains("E0001")]
    panel = Panel(replace(dataset, assessments=only))
    cited = list_citations(panel)
    assert "E0001" not in cited
    assert "E0005" in cited
    uncited = find_events(dataset, index, cited.keys(), Selection(cited=False)).index
    assert "E0001" not in uncited


def test_withdrawn_and_replaced_assessments_cite_nothing(dataset: Dataset) -> None:
    rows = dataset.assessments.loc[list_citations(Panel(dataset))["E0008"]]
    assert rows[["coder", "score"]].to_numpy().tolist() == [["c1", 7.0]]


def test_an_act_counts_once_by_its_first_telling_and_the_newest_comes_first(dataset: Dataset) -> None:
    first = first_tellings(dataset, dataset.events)
    assert first.index.tolist() == [f"E{n:04d}" for n in (12, 11, 10, 9, 8, 7, 6, 4, 3, 2, 1)]
    # Where only a later telling fits, that one stands for the act.
    assert first_tellings(dataset, dataset.events.loc[["E0005"]]).index.tolist() == ["E0005"]
    assert tellings_of(dataset, ["E0005", "E0001", "E0002"]) == {"E0005": ["E0001"], "E0001": ["E0005"], "E0002": []}


def test_every_quarter_is_counted_also_an_empty_one(dataset: Dataset) -> None:
    counts = count_quarters(dataset, dataset.events[dataset.events["date"] > "2024-04-30"])
    assert dict(zip(map(str, counts.index), counts, strict=True)) == {"2024Q1": 0, "2024Q2": 3, "2024Q3": 4}


def test_a_query_counts_no_more_words_than_it_may() -> None:
    assert split_words(" ".join(f"w{number}" for number in range(40))) == [f"w{number}" for number in range(16)]
    assert split_words("drill -- drill * drill") == ["drill"]


def test_the_shipped_events_are_found_by_each_of_their_words(pytestconfig: pytest.Config) -> None:
    loaded = load_dataset(Path(pytestconfig.rootpath) / "data").dataset
    assert loaded is not None
    index = index_events(loaded)
    for id, row in loaded.events.iloc[::40].iterrows():
        for word in split_words(f"{row['fact']} {row['source_title']} {row['publisher']}"):
            assert id in index.find(word), word


def test_quarters_without_events_are_told_apart_by_whether_they_were_searched(dataset: Dataset) -> None:
    looked = dataset.looked.iloc[:0]
    days = [("2024-01-01", "2024-02-15"), ("2024-02-16", "2024-03-31"), ("2024-07-01", "2024-08-31")]
    rows = [{"indicator": "mil_none", "start": pd.Timestamp(first), "end": pd.Timestamp(last)} for first, last in days]
    searched = replace(dataset, looked=pd.concat([looked, pd.DataFrame(rows)]))
    year = (pd.Timestamp("2024-01-01"), pd.Timestamp("2024-12-30"))
    # The last quarter has not ended; the first was searched whole, in two pieces, the third only in part.
    assert count_quiet(searched, ["mil_none"], *year) == (3, 1)
    own = dataset.events.loc["E0001"]
    quarter = own["date"].to_period("Q")
    span = (quarter.start_time, quarter.end_time.normalize())
    assert count_quiet(dataset, [own["indicator"]], *span) == (0, 0)
