"""Gathering: each story once, each fault named, within bounds; twice adds nothing; killed, nothing is lost or doubled."""

import csv
import datetime as dt
import ipaddress
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from indicators.measures.inbox.stories import place_entries
from indicators.records.dataset import Dataset, load_dataset
from indicators.records.inbox import gather as gathering
from indicators.records.inbox.fetch import Answer, Limits, Validators, fetch
from indicators.records.inbox.gather import AT_ONCE, Gathered, gather
from indicators.records.saving.save import save_submission
from indicators.records.saving.submission import Saved, Submission
from tests.folders import write_sound_folder
from tests.records.inbox.feed_server import FAULTS, FEEDS, NEWS, FeedServer, serve_feeds

NOW = dt.datetime(2024, 9, 15, 12, tzinfo=dt.UTC)
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
LIMITS = Limits(seconds=1.5, silence=0.5, size=1 << 20)
HEADER = "item,date,title,url,publisher,feed,found,proposed\n"


@pytest.fixture(scope="module")
def server() -> Iterator[FeedServer]:
    with serve_feeds() as server:
        yield server


def make_folder(path: Path, server: FeedServer, names: list[str] | None = None, items: str = HEADER) -> Path:
    return write_sound_folder(
        path,
        **{
            "inbox/feeds.csv": server.write_feeds(names),
            "inbox/items.csv": items,
            "inbox/decisions.csv": "item,decision,event,reason,coder,recorded\n",
        },
    )


def run(data: Path, state: Path, write: bool = True, now: dt.datetime = NOW) -> Gathered:
    def look() -> Dataset:
        loaded = load_dataset(data)
        assert loaded.dataset is not None, loaded.report.as_text()
        return loaded.dataset

    def save(submission: Submission) -> object:
        return save_submission(data, submission, now)

    def ask(url: str, known: Validators) -> Answer:
        return fetch(url, known, LIMITS, LOOPBACK)

    return gather(look, save if write else None, ask, place_entries, now, state)  # type: ignore[arg-type]


def read_items(data: Path) -> list[dict[str, str]]:
    with (data / "inbox/items.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def gathered(
    server: FeedServer, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path, Gathered, list[dict[str, str]]]:
    path = tmp_path_factory.mktemp("gathered")
    data = make_folder(path / "data", server)
    result = run(data, path / "state")
    return data, path / "state", result, read_items(data)


def test_each_faulty_feed_is_named_and_none_stops_another(
    gathered: tuple[Path, Path, Gathered, list[dict[str, str]]],
) -> None:
    _, _, result, _ = gathered
    assert len(result.feeds) == len(FEEDS) >= 30
    faults = {done.feed: done.fault for done in result.feeds if done.fault}
    assert set(faults) == set(FAULTS)
    assert {feed: fault for feed, fault in faults.items() if FAULTS[feed] not in fault} == {}


def test_at_most_four_feeds_are_asked_at_once(
    gathered: tuple[Path, Path, Gathered, list[dict[str, str]]], server: FeedServer
) -> None:
    # A handler may learn a moment later that its reader has gone: those that never answer are left out of the count.
    assert 1 <= server.most <= AT_ONCE + sum(name in FEEDS for name in ("silent", "drip-body", "drip-head", "endless"))


def test_each_story_comes_once_with_all_its_sources(
    gathered: tuple[Path, Path, Gathered, list[dict[str, str]]],
) -> None:
    _, _, result, items = gathered
    urls = [row["url"] for row in items]
    assert len(urls) == len(set(urls)) == result.addresses
    story = {
        row["item"] for row in items if row["url"] in ("https://one.example/brigades", "https://five.example/story")
    }
    assert len(story) == 1
    assert sum(row["item"] in story for row in items) == 2
    assert result.items == len({row["item"] for row in items}) == len(items) - 1
    titles = {row["url"]: row["title"] for row in items}
    assert "Café of the embassy closes" in titles.values()
    assert titles["https://odd.example/markup"] == "alert(1) shown as text"
    odd = {url.rpartition("/")[2] for url in urls if "odd.example" in url}
    assert odd == {"formula", "future", "long", "markup"}
    days = {row["url"]: row["date"] for row in items}
    assert days["https://odd.example/future"] == "2024-09-15"
    assert days["https://three.example/port"] == "2024-07-05"


def test_what_was_gathered_is_a_folder_without_problems(
    gathered: tuple[Path, Path, Gathered, list[dict[str, str]]],
) -> None:
    assert load_dataset(gathered[0]).report.problems == []


def test_a_second_run_adds_nothing_and_asks_conditionally(
    gathered: tuple[Path, Path, Gathered, list[dict[str, str]]],
) -> None:
    data, state, _, items = gathered
    again = run(data, state, now=NOW + dt.timedelta(hours=1))
    assert (again.addresses, again.items, again.outcome) == (0, 0, None)
    assert read_items(data) == items
    assert [done.feed for done in again.feeds if done.unchanged] == ["conditional"]


def test_a_dry_run_says_what_is_new_and_writes_nothing(server: FeedServer, tmp_path: Path) -> None:
    data = make_folder(tmp_path / "data", server, ["rss", "atom"])
    result = run(data, tmp_path / "state", write=False)
    assert (result.addresses, result.items, result.outcome) == (2, 2, None)
    assert read_items(data) == []
    assert not (tmp_path / "state").exists()


def test_undecided_items_go_after_ninety_days_and_decided_ones_stay(server: FeedServer, tmp_path: Path) -> None:
    rows = (
        "I0000000001,2024-04-01,Old and undecided,https://old.example/1,P,rss,2024-04-02T06:00:00Z,\n"
        "I0000000002,2024-04-01,Old and dismissed,https://old.example/2,P,rss,2024-04-02T06:00:00Z,\n"
        "I0000000003,2024-07-01,Young,https://old.example/3,P,rss,2024-07-02T06:00:00Z,\n"
    )
    data = make_folder(tmp_path / "data", server, ["rss"], HEADER + rows)
    (data / "inbox/decisions.csv").write_text(
        "item,decision,event,reason,coder,recorded\nI0000000002,dismissed,,Not about this.,c1,2024-04-03T06:00:00Z\n"
    )
    result = run(data, tmp_path / "state")
    assert result.expired == 1
    assert [row["url"] for row in read_items(data)] == [
        "https://old.example/2",
        "https://old.example/3",
        "https://one.example/brigades",
    ]
    assert load_dataset(data).report.problems == []


def test_who_dies_between_saving_and_noting_the_servers_marks_doubles_nothing(
    server: FeedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = make_folder(tmp_path / "data", server, ["conditional"])

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(gathering, "write_validators", die)
        with pytest.raises(KeyboardInterrupt):
            run(data, tmp_path / "state")
    items = read_items(data)
    assert len(items) == 1
    assert run(data, tmp_path / "state").feeds[0].unchanged is False
    assert read_items(data) == items


def test_what_could_not_be_saved_is_asked_for_again(server: FeedServer, tmp_path: Path) -> None:
    data = make_folder(tmp_path / "data", server, ["conditional"])
    (data / "inbox").chmod(0o500)
    try:
        failed = run(data, tmp_path / "state")
    finally:
        (data / "inbox").chmod(0o755)
    if not isinstance(failed.outcome, Saved):  # root may write everywhere
        assert read_items(data) == []
        assert run(data, tmp_path / "state").addresses == 1
    assert len(read_items(data)) == 1


def test_a_run_that_is_killed_loses_and_doubles_nothing(server: FeedServer, tmp_path: Path) -> None:
    data = make_folder(tmp_path / "data", server, ["today", "rss", "silent"])
    command = [sys.executable, "-m", "indicators", "gather", "--data", str(data), "--allow", "127.0.0.0/8", "--seconds"]
    environment = os.environ | {"TENSION_STATE": str(tmp_path / "state")}
    with subprocess.Popen([*command, "100"], stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        assert " new" in process.stderr.readline()
        process.send_signal(signal.SIGKILL)
    assert load_dataset(data).report.problems == []
    for new in (3, 0):
        done = subprocess.run([*command, "1"], capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == 1, done.stderr  # one feed is silent, and named
        assert "silent: sent nothing for 0.5 seconds" in done.stderr
        assert f"3 feeds fetched, 1 failed; {new} new items from {new} addresses" in done.stdout
        assert sorted(row["title"].split()[0] for row in read_items(data)) == sorted(NEWS)
    assert load_dataset(data).report.problems == []


@pytest.mark.parametrize("option", ["nonsense", "10.0.0.0/99"])
def test_the_command_refuses_a_network_that_is_none(option: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "indicators", "gather", "--data", str(tmp_path), "--allow", option]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "is no network" in done.stderr
