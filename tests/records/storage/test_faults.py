"""A remote that hangs, refuses or was set back, and a clone or queue that was damaged: nothing is lost, all is told."""

import contextlib
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from indicators.__main__ import main
from indicators.records.saving.submission import Base, Failed, Queued, Saved
from indicators.records.storage import store as storage
from indicators.records.storage.git import Clone, GitError, parse_remote
from indicators.records.storage.queue import Queue
from indicators.records.storage.store import GitStore, open_store
from tests.folders import SOUND_CLAIMS
from tests.records.processes import group_of, list_group, run_saver, wait_for
from tests.records.remotes import MILITARY, Clock, Open, edit, git, on_remote, reach_over_ssh, save_at_once, set_hook
from tests.submissions import NOW, ROW, hand_in


def test_a_remote_that_never_answers_costs_one_budget_and_one_try(
    bare: Path, replica: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = tmp_path / "tries"
    stalled = set_hook(bare, f"echo try >> {counted}; sleep 60")
    monkeypatch.setattr(storage, "SAVE_SECONDS", 2.0)
    store = replica()
    outcome = store.save(hand_in(ROW))
    assert isinstance(outcome, Queued)
    assert "did not finish" in outcome.message
    assert counted.read_text().splitlines() == ["try"]
    stalled.unlink()
    store.refresh()
    assert on_remote(bare).count("Both ministers spoke") == 1
    assert store.status().waiting == ()


def test_other_saves_do_not_wait_longer_than_their_own_budget(
    bare: Path, replica: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_hook(bare, "sleep 60")
    monkeypatch.setattr(storage, "SAVE_SECONDS", 2.0)
    store = replica()
    outcomes = save_at_once(store)
    assert [type(outcome) for outcome in outcomes] == [Queued, Queued]
    assert sorted(w.author for w in store.status().waiting) == ["c1", "c2"]


@pytest.mark.parametrize("said", ["GH006: Protected branch update failed", "You may not push here"])
def test_the_remotes_own_sentence_reaches_the_editor_after_one_try(
    bare: Path, replica: Open, tmp_path: Path, said: str
) -> None:
    counted = tmp_path / "tries"
    set_hook(bare, f"echo try >> {counted}; echo '{said}' >&2; exit 1")
    store = replica()
    outcome = store.save(hand_in(ROW))
    assert isinstance(outcome, Queued)
    assert said in outcome.message
    (waiting,) = store.status().waiting
    assert said in waiting.reason
    assert counted.read_text().splitlines() == ["try"]
    assert store.look().dataset is not None


def test_what_others_removed_from_the_branch_is_not_sent_again_by_the_next_save(
    bare: Path, replica: Open, tmp_path: Path
) -> None:
    store = replica()
    assert isinstance(store.save(hand_in({**ROW, "rationale": "A row that a colleague will take back."})), Saved)
    git(bare, "update-ref", "refs/heads/main", "main~1")  # a push by force, while the clone still has the old state
    outcome = store.save(hand_in({**ROW, "indicator": "mil_signals", "events": "E0002"}, id="s2"))
    assert isinstance(outcome, Saved)
    assert "a colleague will take back" not in on_remote(bare)
    assert "mil_signals,7" in on_remote(bare)


@pytest.mark.parametrize(
    ("location", "said"),
    [("#mian:data", "find remote ref"), ("x#main:data", "does not appear to be a git repository")],
    ids=["branch", "repository"],
)
def test_a_wrong_location_is_told_in_gits_words_and_not_as_missing_files(
    bare: Path, tmp_path: Path, location: str, said: str
) -> None:
    store = open_store(f"git+file://{bare}{location}", tmp_path / "state", start=lambda work: None)
    report = store.look().report
    assert [problem.code for problem in report] == ["remote"]
    assert said in report.as_text()
    environment = {"TENSION_DATA": f"git+file://{bare}{location}", "TENSION_STATE": str(tmp_path / "commands")}
    result = CliRunner().invoke(main, ["check"], env=environment)
    assert result.exit_code == 2
    assert said in result.output


def test_commands_read_the_newest_state_or_say_how_old_theirs_is(bare: Path, tmp_path: Path) -> None:
    environment = {"TENSION_DATA": f"git+file://{bare}#main:data", "TENSION_STATE": str(tmp_path / "state")}

    def series() -> str:
        return CliRunner().invoke(main, ["series", "--level", "indicator"], env=environment).output

    edit(bare, tmp_path, "narrative/claims.csv", lambda text: SOUND_CLAIMS)
    before = series()
    edit(
        bare,
        tmp_path,
        MILITARY,
        lambda text: text.replace("2024-06-30,mil_signals,4,3,5", "2024-06-30,mil_signals,5,3,5"),
    )
    assert series() != before
    bare.rename(bare.with_name("away.git"))
    assert "could not be reached" in series()
    assert "minutes old" in series()


DAMAGES = {
    "index garbage": lambda clone: (clone / ".git/index").write_bytes(b"garbage"),
    "index empty": lambda clone: (clone / ".git/index").write_bytes(b""),
    "head garbage": lambda clone: (clone / ".git/HEAD").write_bytes(b"\0\0"),
    "upstream zeroed": lambda clone: (clone / ".git/refs/remotes/origin/main").write_text("0" * 40 + "\n"),
    "config garbage": lambda clone: (clone / ".git/config").write_bytes(b"[[["),
    "config empty": lambda clone: (clone / ".git/config").write_bytes(b""),
    "objects emptied": lambda clone: [p.chmod(0o644) or p.write_bytes(b"") for p in (clone / ".git/objects").rglob("*") if p.is_file()],
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_clone_is_made_anew_and_what_waits_is_sent(bare: Path, replica: Open, damage: str) -> None:
    store = replica()
    away = bare.rename(bare.with_name("away.git"))
    assert isinstance(store.save(hand_in(ROW)), Queued)
    away.rename(bare)
    DAMAGES[damage](store._clone.path)
    store.refresh()
    assert on_remote(bare).count("Both ministers spoke") == 1
    assert store.status().waiting == ()
    assert store.look().dataset is not None


def test_a_repository_around_the_state_folder_is_never_touched(bare: Path, replica: Open, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    (tmp_path / "own.txt").write_text("mine")
    git(tmp_path, "add", "own.txt")
    git(tmp_path, "commit", "--quiet", "--message=Mine")
    git(tmp_path, "update-ref", "refs/remotes/origin/main", "HEAD")
    (tmp_path / "own.txt").write_text("mine, not committed")
    store = replica()
    (store._clone.path / ".git/HEAD").write_bytes(b"\0")
    store.refresh()
    assert isinstance(store.save(hand_in(ROW)), Saved)
    assert (tmp_path / "own.txt").read_text() == "mine, not committed"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("00000001-abcd.json", '{"id": "x"'),
        ("00000001-abcd.json", ""),
        ("0x.json", "{}"),
        ("00000002-abcd.json", '{"id": "x", "rows": 5}'),
        ("00000003-abcd.json", "[1, 2]"),
    ],
)
def test_an_unreadable_queue_file_is_set_aside_and_named_and_saving_goes_on(
    bare: Path, replica: Open, name: str, content: str
) -> None:
    store = replica()
    store.queue.folder.mkdir(parents=True, exist_ok=True)
    (store.queue.folder / name).write_text(content)
    assert isinstance(store.save(hand_in(ROW)), Saved)
    assert store.status().waiting == ()
    assert store.status().unreadable == (f"{name}.bad",)
    assert (store.queue.folder / f"{name}.bad").read_text() == content


def test_one_submission_of_two_threads_waits_once(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "queue")
    adders = [threading.Thread(target=queue.add, args=(hand_in(ROW), NOW)) for _ in range(8)]
    for adder in adders:
        adder.start()
    for adder in adders:
        adder.join()
    assert len(queue.pending()) == 1
    assert [path.suffix for path in queue.folder.glob("[!.]*")] == [".json"]


def test_what_came_back_waits_anew_once_its_author_hands_it_in_again(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "queue")
    queue.add(hand_in(ROW), NOW)
    queue.add(hand_in(ROW, author="c2", id="s2"), NOW)
    queue.give_back("s1", "other rows were recorded")
    assert [p.submission.id for p in queue.pending()] == ["s2"]
    queue.add(hand_in(ROW, base=Base("newer", frozenset())), NOW)
    assert [p.submission.id for p in queue.pending()] == ["s1", "s2"]
    assert queue.pending()[0].submission.base == Base("newer", frozenset())
    queue.remove("s1")
    assert [w.id for w in queue.waiting()] == ["s2"]


@pytest.mark.skipif(sys.platform != "linux", reason="git is left alone elsewhere")
def test_git_and_all_that_it_has_started_end_with_the_server_that_is_killed(bare: Path, tmp_path: Path) -> None:
    told = tmp_path / "hook"
    set_hook(bare, f"echo $$ > {told}.part; mv {told}.part {told}; sleep 300")
    process = run_saver(bare, tmp_path / "state")
    try:
        wait_for(told.exists)
        inside = int(told.read_text())
        group = group_of(inside)
        assert group != os.getpgid(process.pid)
        assert len(list_group(group)) >= 5  # the shell around git, git, its receiver, the hook, what the hook waits for
    finally:
        process.kill()
        process.wait()
    wait_for(lambda: not list_group(group))


@pytest.mark.parametrize(
    "location",
    [
        "git+https://example.org/data?token=abc#main",
        "git+https://example.org/data\n#main",
        "git+https://example.org/my data#main",
        "git+file:///data#main:a/.git",
        "git+file:///data#main:A/.GIT/hooks",
        "git+file:///data#main:a/../..",
    ],
)
def test_a_location_that_could_leak_or_leave_the_clone_is_not_understood(location: str) -> None:
    with pytest.raises(ValueError, match="git location") as caught:
        parse_remote(location)
    assert "abc" not in str(caught.value)


def test_a_clone_has_its_time_and_then_no_more(bare: Path, tmp_path: Path) -> None:
    clone = Clone(parse_remote(f"git+file://{bare}#main:data"), tmp_path / "clone")
    with clone.within(0), pytest.raises(GitError, match="time"):
        clone.create()
    clone.create()
    assert clone.is_sound()


def test_the_age_of_the_clone_outlives_the_process(replica: Open) -> None:
    clock = Clock()
    replica(clock=clock)
    clock.now += storage.dt.timedelta(minutes=5)
    again = replica(clock=clock)
    assert isinstance(again, GitStore)
    assert again.status().age == pytest.approx(300, abs=1)


def test_while_the_remote_hangs_an_older_clone_is_shown_at_once(
    bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    location, hangs, environment = reach_over_ssh(bare, tmp_path)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert open_store(location, tmp_path / "state").look().dataset is not None
    hangs.touch()
    store = open_store(location, tmp_path / "state")
    assert store.look().dataset is not None
    wait_for(Path(f"{hangs}.met").exists)
    assert store.status().error == ""  # git still hangs
    hangs.unlink()


def test_a_first_clone_that_hangs_is_not_waited_for_and_comes_when_the_remote_answers(
    bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    location, hangs, environment = reach_over_ssh(bare, tmp_path)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    hangs.touch()
    store = open_store(location, tmp_path / "state", patience=0.1)
    edition = store.look()
    assert edition.dataset is None
    assert "has not answered yet" in edition.report.as_text()
    assert isinstance(store.save(hand_in(ROW)), Failed)
    hangs.unlink()
    wait_for(lambda: store.look().dataset is not None)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk with room for a clone and little more."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(place)]
    if not shutil.which("mount") or subprocess.run(mount).returncode:
        pytest.skip("needs the right to mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("spare", [0, 8, 16, 32, 48, 64, 96, 128])
def test_wherever_the_disk_of_the_clone_becomes_full_an_acknowledged_row_gets_there_once(
    bare: Path, small_disk: Path, spare: int
) -> None:
    store = open_store(f"git+file://{bare}#main:data", small_disk / "state", clock=lambda: NOW)
    assert store.look().dataset is not None
    ballast = small_disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(4096)):
            pass
    with ballast.open("r+b") as file:
        file.truncate(max(ballast.stat().st_size - spare * 1024, 0))
    outcome = store.save(hand_in(ROW))
    assert isinstance(outcome, Failed | Queued | Saved)
    assert on_remote(bare).count("Both ministers spoke") == isinstance(outcome, Saved)
    assert store.look().dataset is not None
    ballast.unlink()
    store.refresh()
    assert on_remote(bare).count("Both ministers spoke") == (not isinstance(outcome, Failed))
    assert store.status().waiting == ()
    assert isinstance(store.save(hand_in(ROW)), Saved)
    assert on_remote(bare).count("Both ministers spoke") == 1
