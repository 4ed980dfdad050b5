"""The inbox: an item becomes an event, a further source, or is dismissed; what was decided stays decided."""

from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from indicators.dashboard.scoring.inbox import PRESSED
from indicators.measures.inbox.waiting import find_copied, list_waiting
from indicators.records.dataset import Dataset, load_dataset
from tests.dashboard.looking import notices_of, open_app, press_button, words_of
from tests.dashboard.scoring.form import field, fill, press

ITEMS = "item,date,title,url,publisher,feed,found,proposed\n" + "".join(
    f"I000000000{n},2024-07-0{n},{title},https://example.org/item{n},Example Wire,example-wire,2024-07-0{n}T06:00:00Z,{of}\n"
    for n, title, of in (
        (1, "Two brigades stand at the border once more", "mil_posture"),
        (2, "A ministry speaks of its networks", "cyb_espionage;cyb_sabotage"),
        (3, "Ferries run again", ""),
    )
)
SECOND = "I0000000001,2024-07-01,Brigades at border,https://example.net/1,Second Wire,second-wire,2024-07-01T07:00:00Z,mil_posture\n"


@pytest.fixture
def inbox(folder: Path, editor: None) -> Path:
    (folder / "inbox/items.csv").write_text(ITEMS + SECOND)
    (folder / "inbox/decisions.csv").write_text("item,decision,event,reason,coder,recorded\n")
    return folder


def read(folder: Path) -> Dataset:
    loaded = load_dataset(folder)
    assert loaded.dataset is not None, loaded.report.as_text()
    return loaded.dataset


def open_inbox() -> AppTest:
    return open_app("update", draft_way="Inbox")


def test_items_wait_newest_first_with_their_sources_and_what_they_are_like(inbox: Path) -> None:
    waiting = list_waiting(read(inbox))
    assert waiting["title"].str.split().str[0].tolist() == ["Ferries", "A", "Two"]
    assert waiting.loc["I0000000001", ["sources", "second"]].tolist() == [2, "https://example.net/1"]
    assert list_waiting(read(inbox), "cyber").index.tolist() == ["I0000000002"]
    assert list_waiting(read(inbox), words="brigades BORDER").index.tolist() == ["I0000000001"]
    app = open_inbox()
    labels = [button.label for button in app.button if str(button.key).startswith("inbox-")]
    assert [label.split()[0] for label in labels] == ["Ferries", "A", "Two"]
    assert "2 addresses · Posture" in labels[2]
    shown = words_of(app)
    assert "Likeness of words (0 to 1), not a judgement." not in shown  # the newest item is like nothing on record


def test_an_item_is_dismissed_with_a_reason_and_stays_dismissed(inbox: Path) -> None:
    app = press_button(open_inbox(), "Dismiss")
    assert "Dismissed: Ferries run again" in notices_of(app)
    decided = read(inbox).decisions.iloc[0]
    assert decided[["item", "decision", "reason", "coder"]].tolist() == [
        "I0000000003",
        "dismissed",
        "Not about the subject.",
        "c1",
    ]
    assert "Ferries run again" not in words_of(app)


def open_first(app: AppTest) -> AppTest:
    """Go to the oldest of the three items."""
    return press_button(press_button(app, "Next"), "Next")


def test_an_item_becomes_an_event_with_a_fact_in_own_words(inbox: Path) -> None:
    app = press(fill(open_first(open_inbox()), fact="As told: two brigades stand at the border once more."))
    words = words_of(app)
    assert "Say what happened in your own words" in words
    assert words.count("Fill this in for the new event.") == 2  # nothing is guessed: the effect, and how credible it is
    assert read(inbox).decisions.empty
    app = press(fill(app, fact="Both of the brigades have been moved forward.", effect="raises", credibility="2"))
    assert "Saved as E0013: Two brigades" in notices_of(app)
    event = read(inbox).events.loc["E0013"]
    assert event[["indicator", "source_url", "second_source_url", "publisher", "reliability"]].tolist() == [
        "mil_posture",
        "https://example.org/item1",
        "https://example.net/1",
        "Example Wire",
        "A",
    ]
    assert read(inbox).decisions[["item", "decision", "event"]].to_numpy().tolist() == [
        ["I0000000001", "event", "E0013"]
    ]


def test_what_is_typed_for_an_item_stays_with_it_in_every_window_until_it_is_saved(inbox: Path) -> None:
    app = fill(open_first(open_inbox()), fact="Both of the brigades", effect="raises").run()
    assert field(press_button(app, "Previous"), "fact").value == ""
    other = open_first(open_inbox())  # another session, as after a reload or on another machine
    assert (field(other, "fact").value, field(other, "effect").value) == ("Both of the brigades", "raises")
    press(fill(other, fact="Both of the brigades have been moved forward.", credibility="2"))
    assert read(inbox).decisions["event"].tolist() == ["E0013"]
    (drafts,) = (inbox.parent / "state").glob("*/drafts/*.json")
    assert drafts.read_text() == "[]\n"


def test_an_item_that_tells_an_event_on_record_becomes_its_second_source(inbox: Path) -> None:
    app = open_inbox()
    app.session_state["inbox-same-I0000000003"] = True
    app.run().selectbox(key="inbox_event_I0000000003").select("E0003 A ministry's mail was read for some months.")
    app = press_button(app, "Add as a source")
    assert "Added as a source: Ferries run again" in notices_of(app)
    assert read(inbox).decisions["event"].tolist() == ["E0003"]
    assert read(inbox).events.at["E0003", "second_source_url"] == "https://example.org/item3"
    assert read(inbox).events.at["E0001", "second_source_url"] == "https://example.net/1"


def test_a_dismissal_can_be_taken_back_and_one_press_never_dismisses_two(inbox: Path) -> None:
    app = press_button(open_inbox(), "Dismiss")
    app.session_state[PRESSED] = ("I0000000003", "dismissed")  # the second of two quick presses
    app.run()
    assert list_waiting(read(inbox)).index.tolist() == ["I0000000002", "I0000000001"]
    app = press_button(app, "Undo")
    assert "It waits again: Ferries run again" in notices_of(app)
    assert list_waiting(read(inbox)).index.tolist() == ["I0000000003", "I0000000002", "I0000000001"]
    assert read(inbox).decisions[["decision", "coder"]].to_numpy().tolist() == [["dismissed", "c1"], ["open", "c1"]]


def test_what_another_session_has_decided_stays_decided(inbox: Path) -> None:
    app, other = open_inbox(), open_inbox()
    press_button(app, "Dismiss")
    press_button(other, "Dismiss")  # of an item that its page still shows
    assert len(read(inbox).decisions) == 1


def test_nobody_decides_without_the_right_to_edit(folder: Path) -> None:
    app = open_app("update", draft_way="Inbox")
    assert not [button for button in app.button if button.label == "Dismiss"]
    assert isinstance(read(folder).decisions, pd.DataFrame)


@pytest.mark.parametrize(
    ("fact", "copied"),
    [
        ("Two brigades stand at the border once more, it says.", "two brigades stand at the border"),
        ("At the border two brigades have been standing.", ""),
        ("", ""),
    ],
)
def test_a_copied_sentence_is_found(fact: str, copied: str) -> None:
    assert find_copied(fact, "Two brigades stand at the border once more") == copied
    assert find_copied("Drill ends", "Drill ends") == ""
