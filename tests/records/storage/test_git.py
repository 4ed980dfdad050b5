"""Data in a git remote: what is saved gets there once, from however many places, and waits where it cannot."""

import datetime as dt
import json
import os
import subprocess
import time
from collections import Counter
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
from click.testing import CliRunner

from indicators.__main__ import main
from indicators.records.checks.folder import check_folder
from indicators.records.dataset import load_dataset
from indicators.records.folder import read_folder
from indicators.records.saving.submission import Base, Conflict, Failed, Queued, Refused, Saved, note_base, withdraw
from indicators.records.settings import read_settings
from indicators.records.storage import store as storage
from indicators.records.storage.git import Clone, GitError, parse_remote
from indicators.records.storage.store import (
    TRIES,
    DirectoryStore,
    Queue,
    locate_data,
    open_store,
)
from tests.folders import FILES, SOUND_CLAIMS, change_cell
from tests.records.processes import is_running, wait_for
from tests.records.remotes import CYBER, EVENTS, MILITARY, Clock, Open, edit, git, on_remote
from tests.submissions import EVENT, NOW, ROW, hand_in, number_submission, save_to_remote
from tests.thorough import thorough

# Saving


def test_a_forecast_reaches_the_remote_as_one_commit_and_waits_where_that_is_away(
    bare: Path, replica: Open, tmp_path: Path
) -> None:
    forecast = {
        "question": "index-winter",
        "date": "2024-12-01",
        "probability": "0.35",
        "rationale": "Two of the four indicators have moved up since the summer.",
    }
    store = replica()
    assert isinstance(store.save(hand_in(forecasts=(forecast,))), Saved)
    assert "index-winter,c1,2024-12-01,0.35," in on_remote(bare, "outlook/forecasts.csv")
    assert git(bare, "log", "-1", "--format=%s", "main").strip() == "index-winter 2024-12-01: 0.35"
    away = bare.rename(tmp_path / "away.git")
    later = hand_in(forecasts=({**forecast, "probability": "0.4"},), id="s2")
    assert isinstance(store.save(later), Queued)
    away.rename(bare)
    store.refresh()
    assert store.status().waiting == ()
    assert "index-winter,c1,2024-12-01,0.4," in on_remote(bare, "outlook/forecasts.csv")


def test_a_save_is_one_commit_of_one_line_on_the_remote_with_author_and_reason(bare: Path, replica: Open) -> None:
    outcome = replica(emails={"c1": "one@example.org"}).save(hand_in(ROW))
    assert isinstance(outcome, Saved)
    assert outcome.places == ((MILITARY, 6),)
    assert git(bare, "log", "-1", "--format=%an <%ae>%n%B", "main").strip() == (
        "c1 <one@example.org>\nmil_posture 2024-09-30: 7\n\nBoth ministers spoke, but brigades came back."
    )
    assert git(bare, "show", "--numstat", "--format=", "main").split() == ["1", "0", f"data/{MILITARY}"]


def test_an_author_without_an_address_gets_a_local_one(bare: Path, replica: Open) -> None:
    replica().save(hand_in(ROW, author="c2"))
    assert git(bare, "log", "-1", "--format=%an <%ae>", "main").strip() == "c2 <c2@localhost>"


def test_the_message_is_the_reason_as_it_is(bare: Path, replica: Open) -> None:
    row = {**ROW, "rationale": "# Not a comment; --amend, $HOME and `id` are text."}
    assert isinstance(replica().save(hand_in(row)), Saved)
    assert row["rationale"] in git(bare, "log", "-1", "--format=%B", "main")


def test_a_withdrawal_says_so_in_its_commit(bare: Path, replica: Open) -> None:
    row = withdraw("mil_posture", "c1", "2024-06-30", "Withdrawn because the report was misread.")
    replica().save(hand_in(row))
    assert git(bare, "log", "-1", "--format=%s", "main").strip() == "mil_posture 2024-06-30: withdrawn"


def test_a_save_is_read_at_once_by_its_own_replica_and_later_by_others(replica: Open) -> None:
    clock = Clock()
    own, other = replica("a", clock), replica("b", clock, refresh=60)
    before = other.look().dataset
    own.save(hand_in(ROW))
    assert before is not None
    for store, seconds, rows in ((own, 0, 14), (other, 59, 13), (other, 1, 14)):
        clock.now += dt.timedelta(seconds=seconds)
        dataset = store.look().dataset
        assert dataset is not None
        assert len(dataset.assessments) == rows


def test_a_refused_save_leaves_remote_clone_and_queue_as_they_were(bare: Path, replica: Open) -> None:
    store = replica()
    head = git(bare, "rev-parse", "main")
    outcome = store.save(hand_in({**ROW, "score": "11"}))
    assert isinstance(outcome, Refused)
    assert git(bare, "rev-parse", "main") == head
    assert git(store.data, "status", "--porcelain", "--untracked-files=no") == ""
    assert store.status().waiting == ()


def test_a_retry_makes_no_second_commit(bare: Path, replica: Open) -> None:
    store = replica()
    for already in (False, True):
        outcome = store.save(hand_in(ROW))
        assert isinstance(outcome, Saved)
        assert outcome.already == already
    assert git(bare, "rev-list", "--count", "main").strip() == "2"


# The remote moves on


def test_saves_of_two_replicas_and_a_plain_client_share_one_linear_history(
    bare: Path, tmp_path: Path, replica: Open
) -> None:
    one, two = replica("a"), replica("b")
    edit(bare, tmp_path, CYBER, lambda text: text.replace("One ministry was read for", "A ministry was read for"))
    assert isinstance(one.save(hand_in(ROW)), Saved)
    assert isinstance(two.save(hand_in(ROW, author="c2")), Saved)
    assert on_remote(bare).count("Both ministers spoke") == 2
    assert "A ministry was read for" in on_remote(bare, CYBER)
    assert git(bare, "rev-list", "--min-parents=2", "main") == ""


def test_events_entered_at_two_places_at_once_get_different_numbers(bare: Path, replica: Open) -> None:
    one, two = replica("a"), replica("b")
    for store, author, fact in ((one, "c1", "One brigade came."), (two, "c2", "One brigade left.")):
        event = {**EVENT, "fact": f"{fact} So say its own reports."}
        outcome = store.save(hand_in({**ROW, "events": "new1"}, author=author, events=(event,)))
        assert isinstance(outcome, Saved)
    assert outcome.events == ("E0014",)
    assert [line[:5] for line in on_remote(bare, EVENTS).splitlines()[-2:]] == ["E0013", "E0014"]


def test_rows_that_the_remotes_new_state_forbids_are_refused(bare: Path, tmp_path: Path, replica: Open) -> None:
    store = replica()
    edit(bare, tmp_path, EVENTS, lambda text: change_cell(text, 10, "date", "2024-10-10"))
    outcome = store.save(hand_in(ROW))
    assert isinstance(outcome, Refused)
    assert {(p.column, p.code) for p in outcome.report} == {("events", "event-late")}


def test_rows_that_only_the_remotes_new_state_allows_are_saved(bare: Path, tmp_path: Path, replica: Open) -> None:
    store = replica()
    line = 'E0020,2024-09-20,mil_posture,raises,A fourth brigade has been seen there.,https://example.org/20,Fourth,Wire,A,2,,\n'  # fmt: skip
    edit(bare, tmp_path, EVENTS, lambda text: text + line)
    assert isinstance(store.save(hand_in({**ROW, "events": "E0020"})), Saved)


def test_a_row_that_somebody_recorded_meanwhile_is_shown_and_not_covered(bare: Path, replica: Open) -> None:
    one, two = replica("a"), replica("b")
    dataset = load_dataset(two.data).dataset
    assert dataset is not None
    one.save(hand_in(ROW))
    outcome = two.save(hand_in({**ROW, "score": "8"}, base=note_base(dataset, "c1")))
    assert isinstance(outcome, Conflict)
    assert [row["score"] for row in outcome.theirs] == ["7"]
    assert on_remote(bare).count("Both ministers spoke") == 1


def test_a_remote_that_refuses_without_a_word_is_asked_once_and_the_row_can_be_sent_again(
    bare: Path, replica: Open
) -> None:
    hook = bare / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    store = replica()
    outcome = store.save(hand_in(ROW))
    assert isinstance(outcome, Queued)
    assert "hook declined" in outcome.refusal
    assert ["hook declined" in waiting.reason for waiting in store.status().waiting] == [True]
    hook.unlink()
    assert isinstance(store.save(hand_in(ROW)), Saved)
    assert on_remote(bare).count("Both ministers spoke") == 1
    assert store.status().waiting == ()


def test_a_remote_that_is_always_ahead_ends_the_tries(
    bare: Path, tmp_path: Path, replica: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, tries = replica(), []
    monkeypatch.setattr(Clone, "push", lambda _: False)
    monkeypatch.setattr(storage, "SAVE_SECONDS", 60.0)
    store._pause = tries.append  # type: ignore[method-assign]
    assert isinstance(store.save(hand_in(ROW)), Queued)
    assert tries == list(range(TRIES))
    assert [waiting.reason for waiting in store.status().waiting] == [""]


# The remote is away


def test_without_the_remote_reading_goes_on_and_saves_wait_visibly_until_it_is_back(bare: Path, replica: Open) -> None:
    store = replica()
    away = bare.rename(bare.with_name("away.git"))
    assert isinstance(store.save(hand_in(ROW)), Queued)
    assert isinstance(store.save(hand_in(ROW)), Queued)  # a double click
    assert isinstance(store.save(hand_in(ROW, author="c2", id="s2")), Queued)
    assert store.look().dataset is not None
    status = store.status()
    assert [(w.author, w.summary.splitlines()[0], w.reason) for w in status.waiting] == [
        ("c1", "mil_posture 2024-09-30: 7", ""),
        ("c2", "mil_posture 2024-09-30: 7", ""),
    ]
    assert status.error
    away.rename(bare)
    store.refresh()
    assert on_remote(bare).count("Both ministers spoke") == 2
    assert (store.status().waiting, store.status().error) == ((), "")


def test_what_waits_survives_a_restart_and_is_sent_by_the_next_save(bare: Path, replica: Open) -> None:
    first = replica()
    away = bare.rename(bare.with_name("away.git"))
    first.save(hand_in({**ROW, "events": "new1"}, events=(EVENT,), base=Base("", frozenset())))
    away.rename(bare)
    second = replica(refresh=1e9)
    assert len(second.status().waiting) == 1
    assert isinstance(second.save(hand_in(ROW, author="c2", id="s2")), Saved)
    assert second.status().waiting == ()
    assert [line.split(",")[-3] for line in on_remote(bare).splitlines() if "Both ministers" in line] == ["c1", "c2"]


def test_what_can_no_longer_be_sent_comes_back_with_its_reason_and_holds_up_nobody(
    bare: Path, tmp_path: Path, replica: Open
) -> None:
    store = replica()
    away = bare.rename(bare.with_name("away.git"))
    store.save(hand_in(ROW))
    away.rename(bare)
    edit(bare, tmp_path, EVENTS, lambda text: change_cell(text, 10, "date", "2024-10-10"))
    other = {**ROW, "indicator": "cyb_sabotage", "events": "E0012"}
    assert isinstance(store.save(hand_in(other, author="c2", id="s2")), Saved)
    (waiting,) = store.status().waiting
    assert (waiting.id, waiting.author) == ("s1", "c1")
    assert "[event-late]" in waiting.reason
    store.queue.remove("s1")
    assert store.status().waiting == ()


def test_a_wrong_save_is_refused_also_without_the_remote(bare: Path, replica: Open) -> None:
    store = replica()
    bare.rename(bare.with_name("away.git"))
    assert isinstance(store.save(hand_in({**ROW, "score": "11"})), Refused)
    assert store.status().waiting == ()


def test_a_remote_that_is_away_at_the_first_start_is_cloned_when_it_is_there(bare: Path, replica: Open) -> None:
    away = bare.rename(bare.with_name("away.git"))
    clock = Clock()
    store = replica(clock=clock)
    assert store.look().dataset is None
    assert store.status().error
    assert store.status().age is None
    assert isinstance(store.save(hand_in(ROW)), Failed)  # nothing to check the row against
    assert store.status().waiting == ()
    away.rename(bare)
    clock.now += dt.timedelta(seconds=20)
    assert store.look().dataset is not None
    assert isinstance(store.save(hand_in(ROW)), Saved)
    clock.now += dt.timedelta(seconds=20)
    assert store.status().age == 20


def test_a_clone_left_in_the_middle_of_something_is_put_right(bare: Path, replica: Open) -> None:
    store = replica()
    (store.data / MILITARY).write_text("half a fi")
    lock = store.data.parent / ".git/index.lock"
    lock.write_bytes(b"")
    os.utime(lock, (time.time() - 60, time.time() - 60))
    assert isinstance(store.save(hand_in(ROW)), Saved)
    assert check_folder(read_folder(store.data)) == []


def test_a_queue_that_cannot_be_written_is_told(replica: Open) -> None:
    store = replica()
    store.queue.folder.parent.mkdir(exist_ok=True)
    if store.queue.folder.exists():
        store.queue.folder.rmdir()
    store.queue.folder.write_text("in the way")
    assert isinstance(store.save(hand_in(ROW)), Failed)


def test_the_queue_keeps_submissions_whole_and_in_order(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "queue")
    whole = hand_in(
        {**ROW, "rationale": "Ünusual – “text”."},
        events=(EVENT,),
        base=Base("d", frozenset({("i", "2024-01-01", "r")})),
    )
    for number, submission in enumerate([hand_in(ROW, id="../z"), whole, hand_in(ROW, id="a")]):
        queue.add(submission, NOW + dt.timedelta(seconds=number))
    assert [p.submission.id for p in queue.pending()] == ["../z", "s1", "a"]
    assert queue.pending()[1].submission == whole
    assert len(list(queue.folder.iterdir())) == 3
    assert all(json.loads(path.read_text()) for path in queue.folder.iterdir())


# Locations


@pytest.mark.parametrize(
    "location",
    [
        "git+https://example.org/data.git",
        "git+https://example.org/data.git#",
        "git+https://example.org/data.git#--upload-pack=id",
        "git+https://example.org/data.git#main:../other",
        "git+https://example.org/data.git#main:/etc",
        "git+https://example.org/data.git#main:.git",
        "git+https://someone:secret@example.org/data.git#main",
        "git+https://token@example.org/data.git#main",
        "git+ext::sh -c id#main",
        "git+http://example.org/data.git#main",
        "https://example.org/data.git#main",
        "git+-oProxyCommand=id#main",
    ],
)
def test_other_locations_are_not_understood_and_no_secret_is_repeated(location: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="git location") as caught:
        parse_remote(location)
    assert "secret" not in str(caught.value)


def test_a_location_has_its_address_branch_and_folder() -> None:
    remote = parse_remote("git+ssh://git@example.org/team/data.git#review/2024:data")
    assert (remote.url, remote.branch, remote.folder) == ("ssh://git@example.org/team/data.git", "review/2024", "data")
    assert parse_remote("git+https://example.org/data#main").folder == ""


def test_a_git_location_has_its_data_folder_under_the_state_folder(tmp_path: Path, bare: Path) -> None:
    location = f"git+file://{bare}#main:data"
    store = open_store(location, tmp_path / "state")
    assert locate_data(location, tmp_path / "state") == store.data
    assert (store.data / MILITARY).is_file()


def test_a_path_is_a_directory_store_where_nothing_waits(data: Path, tmp_path: Path) -> None:
    store = open_store(str(data), tmp_path / "state", clock=lambda: NOW)
    assert isinstance(store, DirectoryStore)
    assert isinstance(store.save(hand_in(ROW)), Saved)
    dataset = store.look().dataset
    assert dataset is not None
    assert len(dataset.assessments) == 14
    assert (store.status().waiting, store.status().error, store.status().age) == ((), "", None)


def fail_as_git(says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is told of a git that says something and fails."""
    git = tmp_path / "bin/git"
    git.parent.mkdir()
    git.write_text(f"#!/bin/sh\necho {says} >&2\nexit 128\n")
    git.chmod(0o755)
    monkeypatch.setenv("PATH", f"{git.parent}:{os.environ['PATH']}")
    with pytest.raises(GitError) as caught:
        Clone(parse_remote("git+https://example.org/data.git#main"), tmp_path / "clone").create()
    return str(caught.value)


def test_messages_of_git_hold_no_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = fail_as_git("'unable to access https://user:secret@example.org/data.git'", tmp_path, monkeypatch)
    assert "https://example.org/data.git" in told
    assert "secret" not in told


def test_git_has_nobody_to_ask_for_a_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fail_as_git('"prompts: $GIT_TERMINAL_PROMPT"', tmp_path, monkeypatch) == "prompts: 0"


def test_nothing_that_comes_with_the_data_is_run_or_followed(bare: Path, tmp_path: Path, replica: Open) -> None:
    desk = tmp_path / "links"
    git(tmp_path, "clone", "--quiet", str(bare), str(desk))
    (desk / "data/evidence/outside.csv").symlink_to("/etc/passwd")
    git(desk, "add", ".")
    git(desk, "commit", "--quiet", "--message=A way out")
    git(desk, "push", "--quiet")
    store = replica()
    assert (store.data / "evidence/outside.csv").read_text() == "/etc/passwd"
    hook = store.data.parent / ".git/hooks/post-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    git(desk, "rm", "--quiet", "data/evidence/outside.csv")
    git(desk, "commit", "--quiet", "--message=Closed")
    git(desk, "push", "--quiet")
    assert isinstance(store.save(hand_in(ROW)), Saved)
    assert not (tmp_path / "ran").exists()


# Replicas at the same time


@pytest.mark.parametrize(("replicas", "saves"), [(3, 4), pytest.param(4, 50, marks=thorough, id="thorough")])
def test_replicas_and_a_plain_client_at_once_lose_and_repeat_nothing(
    bare: Path, tmp_path: Path, processes: ForkServerContext, replicas: int, saves: int
) -> None:
    location = f"git+file://{bare}#main:data"
    running = [
        processes.Process(
            target=save_to_remote, args=(location, tmp_path / f"state-{place}", place, saves), daemon=True
        )
        for place in range(replicas)
    ]
    for process in running:
        process.start()
    desk = tmp_path / "desk"
    git(tmp_path, "clone", "--quiet", str(bare), "desk")
    for number in range(saves):
        git(desk, "pull", "--quiet", "--rebase")
        with (desk / "data/README.md").open("a") as file:
            file.write(f"Edit {number}.\n")
        git(desk, "commit", "--quiet", "--all", f"--message=Edit {number}")
        subprocess.run(["git", "push", "--quiet"], cwd=desk, capture_output=True)  # refused while others are faster
        running[0].join(0.3)
    for process in running:
        process.join(60 + 10 * saves)
    git(desk, "pull", "--quiet", "--rebase")
    git(desk, "push", "--quiet")
    assert [process.exitcode for process in running] == [0] * replicas
    assert on_remote(bare, "README.md").count("Edit ") == saves
    assert git(bare, "rev-list", "--min-parents=2", "main") == ""
    assert check_folder(read_folder(desk / "data")) == []
    tables = read_folder(desk / "data").tables
    written = Counter(t for name in (MILITARY, CYBER) for t in tables[name].cells["rationale"].to_pylist())
    for place in range(replicas):
        for number in range(saves):
            assert written[number_submission(place, number).rows[0]["rationale"]] == 1
    assert set(FILES) <= set(tables) | {"method.md", "README.md", "narrative/article.md"}


def test_git_that_does_not_end_is_ended_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git = tmp_path / "bin/git"
    git.parent.mkdir()
    git.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/process\nexec tail -f /dev/null\n")
    git.chmod(0o755)
    monkeypatch.setenv("PATH", f"{git.parent}:{os.environ['PATH']}")
    with pytest.raises(GitError, match="git did not finish within 2 seconds"):
        Clone(parse_remote("git+https://example.org/data.git#main"), tmp_path / "clone", seconds=2).create()
    wait_for(lambda: not is_running(int((tmp_path / "process").read_text())))


def test_a_machine_without_git_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError, match="git is not installed on this machine"):
        Clone(parse_remote("git+https://example.org/data.git#main"), tmp_path / "clone").create()


def test_the_command_says_that_a_row_waits_where_the_remote_is_away(
    bare: Path, tmp_path: Path, replica: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(bare, tmp_path, "narrative/claims.csv", lambda _: SOUND_CLAIMS)
    monkeypatch.setenv("TENSION_DATA", f"git+file://{bare}#main:data")
    monkeypatch.setenv("TENSION_STATE", str(tmp_path / "state"))
    options = ["--low", "6", "--high", "8", "--date", "2024-09-30", "--event", "E0009", "--coder", "c1"]
    command = ["record", "mil_posture", "7", *options, "--rationale", ROW["rationale"]]
    opened = open_store(read_settings().data, read_settings().state_folder)
    away = bare.rename(bare.with_name("away.git"))
    result = CliRunner().invoke(main, command)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("Your rows are kept on this machine and will be sent later")
    away.rename(bare)
    opened.refresh()
    assert "Both ministers spoke" in on_remote(bare)
