"""The button that asks the feeds: for editors alone, one run at a time for the whole server, each fault named."""

import datetime as dt
import threading
from pathlib import Path

import pytest

from indicators.dashboard.scoring import gathering
from indicators.dashboard.scoring.gathering import open_gathering, start_run
from indicators.records.dataset import load_dataset
from indicators.records.inbox.fetch import Answer, FetchError, Validators
from tests.dashboard.looking import assert_sound, open_app, press_button, words_of

FEEDS = """\
feed,title,url,publisher,reliability,must,must_not,state,documented,note
one,Feed one,https://example.org/feed,Example Wire,A,,,on,https://example.org/about,
two,Feed two,https://example.net/feed,Second Wire,B,,,on,https://example.net/about,
"""


def answer(url: str, _: Validators) -> Answer:
    """One feed brings an item of today, the other cannot be reached."""
    if "example.net" in url:
        raise FetchError("could not be reached, or hung up")
    today = f"{dt.datetime.now(dt.UTC):%Y-%m-%dT00:00:00Z}"
    item = f'{{"url": "https://example.org/a", "title": "Ferries run again", "date_published": "{today}"}}'
    body = f'{{"version": "https://jsonfeed.org/version/1.1", "title": "One", "items": [{item}]}}'
    return Answer(url, body.encode(), "application/feed+json")


@pytest.fixture
def feeds(folder: Path) -> Path:
    for name, text in (
        ("feeds", FEEDS),
        ("items", "item,date,title,url,publisher,feed,found,proposed\n"),
        ("decisions", "item,decision,event,reason,coder,recorded\n"),
    ):
        (folder / f"inbox/{name}.csv").write_text(text)
    return folder


def wait_for_run() -> None:
    run = open_gathering().run
    assert run is not None
    assert run.thread is not None
    run.thread.join(60)
    assert run.ended is not None


@pytest.mark.usefixtures("editor")
def test_the_feeds_are_asked_once_at_a_time_and_each_fault_is_named(
    feeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_answer = threading.Event()

    def wait(url: str, known: Validators) -> Answer:
        assert may_answer.wait(60)
        return answer(url, known)

    monkeypatch.setattr(gathering, "fetch", wait)
    app = press_button(open_app("update", draft_way="Inbox"), "Fetch new items")
    first = open_gathering().run
    start_run()  # another editor's press
    assert open_gathering().run is first
    other = open_app("update", draft_way="Inbox")
    assert [button.label for button in other.button if button.label == "Fetch new items"] == []
    may_answer.set()
    wait_for_run()
    assert_sound(app.run())
    words = words_of(app)
    assert "2 feeds fetched, 1 failed; 1 new item from 1 address; 0 undecided after 90 days removed." in words
    assert "could not be reached, or hung up" in words
    assert "Ferries run again" in words
    assert [button.label for button in app.button if button.label == "Fetch new items"]


@pytest.mark.usefixtures("editor")
def test_a_run_that_breaks_off_is_said_and_the_next_one_begins(feeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "place_entries", None)
    monkeypatch.setattr(gathering, "fetch", answer)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    app = press_button(open_app("update", draft_way="Inbox"), "Fetch new items")
    wait_for_run()
    app.run()
    assert "The run failed" in app.error[0].value
    assert load_dataset(feeds).report.problems == []


def test_who_may_not_edit_neither_sees_the_button_nor_starts_a_run(
    feeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_app("update", draft_way="Inbox")
    assert [button.label for button in app.button if button.label == "Fetch new items"] == []
    start_run()
    assert open_gathering().run is None
