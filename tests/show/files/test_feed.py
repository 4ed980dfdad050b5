"""The feed of changes: a parser reads it, entries keep their ids, and only changes of the data add one."""

import feedparser
import pandas as pd
import pytest

from indicators.measures.panel import Panel
from indicators.records.dataset import load_dataset
from indicators.records.folder import format_folder
from indicators.show.files.feed import list_changes, write_feed
from tests.folders import ARTICLE, CLAIMS, write_folder
from tests.show.published import LATER, append_row


def load(folder):
    loaded = load_dataset(folder)
    assert loaded.dataset is not None, loaded.report.as_text()
    return loaded.dataset


def read_feed(dataset, base_url="https://example.org/t"):
    feed = feedparser.parse(write_feed(list_changes(Panel(dataset)), "Changes", "CC BY 4.0", base_url))
    assert not feed.bozo
    return feed


@pytest.fixture
def folder(tmp_path):
    return write_folder(tmp_path / "data")


def test_it_lists_new_assessments_by_day_and_indicator_and_each_correction(dataset):
    # Four indicators were first scored on 1 July; one score was replaced on the 5th and one withdrawn on the 6th.
    found = [(entry.updated, entry.title) for entry in read_feed(dataset).entries]
    assert found[0] == ("2024-07-06T10:00:00Z", "Sabotage: assessment of 30 Jun 2024 withdrawn")
    assert found[1] == ("2024-07-05T00:00:00Z", "Sabotage: assessment of 30 Jun 2024 replaced")
    assert {title.split(",")[0] for _, title in found[2:]} == {
        "Posture: 4 new assessments",
        "Signals: 2 new assessments",
        "Espionage: 3 new assessments",
        "Sabotage: 2 new assessments",
    }


def test_the_same_data_add_no_entry(dataset):
    one, two = (write_feed(list_changes(Panel(dataset)), "Changes", "CC BY 4.0") for _ in range(2))
    assert one == two


def test_a_new_row_adds_its_entry_and_leaves_the_others_as_they_were(folder):
    before = {entry.id: entry for entry in list_changes(Panel(load(folder)))}
    append_row(folder)
    after = {entry.id: entry for entry in list_changes(Panel(load(folder)))}
    assert {id: after[id] for id in before} == before
    added = [after[id].title for id in after.keys() - before.keys()]
    assert "Posture: 1 new assessment, newest of 30 Sep 2024" in added


CORRECTION = (
    "2024-06-30,mil_posture,9,8,10,The second brigade had never left the border.,E0005,c1,2024-07-20T09:00:00Z,1.0\n"
)


def test_a_claim_whose_verdict_changes_with_a_correction_is_an_entry(tmp_path):
    # Each draw picks c1 or c2. Before, both lie at 4 to 6, under 6.5; after, c1 lies above it.
    claim = "stays-low,outlook,Forces stay well back.,stays_below,mil_posture,2024-04-01,2024-06-30,,,6.5,\n"
    article = ARTICLE.replace("The peak may be behind us.", "Forces stay back. [claim:stays-low] It may be over.")
    changes = {"narrative/claims.csv": CLAIMS + claim, "narrative/article.md": article}
    folder = write_folder(tmp_path / "data", **changes)
    append_row(folder, CORRECTION)
    entries = read_feed(load(folder)).entries
    changed = [entry for entry in entries if entry.link.endswith("narrative.html#stays-low")]
    assert [(e.updated, e.title) for e in changed] == [("2024-07-20T09:00:00Z", "Claim now mixed, was supported")]


def test_addresses_are_whole_where_the_publication_has_one(dataset):
    feed = read_feed(dataset)
    assert {entry.link.split("#")[0] for entry in feed.entries} == {
        "https://example.org/t/cyber.html",
        "https://example.org/t/military.html",
    }
    assert all(entry.id.startswith("urn:uuid:") for entry in feed.entries)
    assert feed.feed.updated == feed.entries[0].updated


def test_ids_do_not_depend_on_where_the_feed_is_served(dataset):
    one, other = (read_feed(dataset, base) for base in ("https://example.org/t", "https://example.com"))
    assert [e.id for e in one.entries] == [e.id for e in other.entries]
    assert one.feed.id == other.feed.id
    assert len({e.id for e in one.entries}) == len(one.entries)


def test_texts_stay_text(folder):
    hostile = "Seen <script>alert(1)</script> & ]]> beside the border."
    append_row(folder, LATER.replace("Both brigades are back and a third one has come.", f'"{hostile}"'))
    entry = next(e for e in list_changes(Panel(load(folder))) if e.title.startswith("Posture: 1 new"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; ]]&gt;" in entry.html
    assert not feedparser.parse(write_feed([entry], "Changes", "CC BY 4.0")).bozo


REVIEWS = (
    "2024-09-30,{},9,8,10,Both brigades are back and a third one has come.,E0009,c1,2024-10-20T09:00:00Z,1.0\n",
    "2024-09-30,{},9,8,10,A power station was switched off again and for longer.,E0008,c1,2024-10-20T09:00:00Z,1.0\n",
)


def test_a_settled_quarter_and_a_band_crossed_with_it_are_entries(folder):
    before = {entry.id for entry in list_changes(Panel(load(folder)))}
    for indicator in ("mil_posture", "mil_signals"):
        append_row(folder, REVIEWS[0].format(indicator))
    with (folder / "scores" / "cyber.csv").open("a", encoding="utf-8") as file:
        file.writelines(REVIEWS[1].format(indicator) for indicator in ("cyb_espionage", "cyb_sabotage"))
    format_folder(folder, write=True)
    added = [entry for entry in list_changes(Panel(load(folder))) if entry.id not in before]
    titles = [entry.title for entry in added if "assessment" not in entry.title and "Claim" not in entry.title]
    # c1 has 9 everywhere, c2's last scores (5; 7 and 4.5) hold on beside them.
    assert [title for title in titles if title.startswith("The 3rd quarter of 2024 is settled: index ")]
    assert "Index from strained to severe in the 3rd quarter of 2024" in titles
    assert all(entry.updated == pd.Timestamp("2024-10-20T09:00:00") for entry in added)
    again = {entry.id for entry in list_changes(Panel(load(folder)))}
    assert again == before | {entry.id for entry in added}


def test_every_kind_of_entry_is_read_by_a_parser(folder):
    for indicator in ("mil_posture", "mil_signals"):
        append_row(folder, REVIEWS[0].format(indicator))
    feed = read_feed(load(folder))
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    assert all(entry.title and entry.link and entry.updated and entry.content for entry in feed.entries)
