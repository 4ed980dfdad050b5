"""Search finds what is written wherever it stands, takes what is typed as text, and is bounded."""

import dataclasses

import pandas as pd
import pytest

from indicators.measures.search import KINDS, MOST_FOUND, index_texts
from indicators.records.dataset import Dataset, load_dataset
from tests.folders import FILES, write_sound_folder

RULINGS = """

## Rulings on edge cases

| indicator | open point | ruling |
|---|---|---|
| `mil_signals` 6 | Does a harbour visit count? | Only with a tender. |

## Corrections

A harbour is named here, too.
"""


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    readme = FILES["README.md"] + RULINGS
    method = "# Method\n\n## Scale\n\nA harbour has no place on the scale.\n"
    article = FILES["narrative/article.md"].replace("Trade is small.", "Trade through the harbour is small.")
    changes = {"README.md": readme, "method.md": method, "narrative/article.md": article}
    loaded = load_dataset(write_sound_folder(tmp_path_factory.mktemp("search") / "data", **changes))
    assert loaded.dataset is not None, loaded.report.as_text()
    return loaded.dataset


def test_words_are_found_in_every_kind_of_text(dataset: Dataset) -> None:
    index = index_texts(dataset)
    assert {place.kind for place in index.find("drill")} == {"event", "assessment"}
    assert {(p.kind, p.indicator) for p in index.find("harbour")} == {
        ("ruling", "mil_signals"),
        ("article", ""),
        ("method", ""),
    }
    assert index.count("harbour") == {"ruling": 1, "article": 1, "method": 1}
    (ruling,) = index.find("harbour", ["ruling"])
    assert ruling.parts == ("Does a ", "harbour", " visit count? Only with a tender.")


def test_a_weapon_is_found_in_the_shipped_events_and_reasons(pytestconfig: pytest.Config) -> None:
    shipped = load_dataset(pytestconfig.rootpath / "data").dataset
    assert shipped is not None
    assert {"event", "assessment"} <= index_texts(shipped).count("Tomahawk").keys()


def test_a_place_says_where_it_is(dataset: Dataset) -> None:
    index = index_texts(dataset)
    event = index.find("brigades border", ["event"])[0]
    assert (event.id, event.date, event.indicator) == ("E0001", "2024-01-10", "mil_posture")
    assert index.find("observers", ["assessment"])[0].id.startswith("scores/military.csv:")


@pytest.mark.parametrize(
    "typed", ["", "  ", "***", '"', "NEAR(x", "a OR", "\0", "kind:event", "'; DROP TABLE places; --"]
)
def test_what_is_typed_is_text_and_no_query(dataset: Dataset, typed: str) -> None:
    assert index_texts(dataset).find(typed) == []
    assert index_texts(dataset).count(typed) == {}


def test_a_search_in_a_hundred_times_the_data_is_bounded(dataset: Dataset) -> None:
    events = pd.concat([dataset.events] * 1000)
    many = dataclasses.replace(dataset, events=events)
    index = index_texts(many)
    assert len(index.find("drill")) == MOST_FOUND
    assert index.count("drill")["event"] >= 2000
    assert len(index.find("drill", KINDS, 10**9)) == MOST_FOUND
    assert index.find("drill " * 10_000) != []
