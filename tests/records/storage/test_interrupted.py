"""A saver that dies around its push, or whose clone is old: an acknowledged row is there once, under later ones too."""

import datetime as dt
from collections import Counter
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from indicators.records.folder import read_folder
from indicators.records.saving.submission import Conflict, Saved, note_base
from indicators.records.storage.store import open_store
from tests.folders import SOUND_CLAIMS
from tests.records.processes import run_saver
from tests.records.remotes import CYBER, MILITARY, Clock, Open, edit, on_remote, set_hook
from tests.submissions import NOW, ROW, hand_in, number_submission, save_to_remote
from tests.thorough import thorough


def add_later(bare: Path, tmp_path: Path) -> None:
    """A colleague's row for the same indicator, coder and date, recorded a second later."""

    def insert(text: str) -> str:
        lines = text.splitlines()
        place, line = next((n, line) for n, line in enumerate(lines) if line.startswith("2024-09-30,mil_posture,7"))
        recorded = line.split(",")[-2]
        after = dt.datetime.fromisoformat(recorded) + dt.timedelta(seconds=1)
        later = line.replace(recorded, f"{after:%Y-%m-%dT%H:%M:%SZ}").replace(",7,6,8,", ",8,7,9,")
        return "\n".join([*lines[: place + 1], later, *lines[place + 1 :], ""])

    edit(bare, tmp_path, MILITARY, insert)


DEATHS = {
    "before it hears of the push": "",
    "before the row leaves the queue": "Queue.remove = lambda *_: os.kill(os.getpid(), signal.SIGKILL)",
}


@pytest.mark.parametrize("based", [False, True], ids=["command", "form"])
@pytest.mark.parametrize("death", DEATHS)
def test_a_saver_killed_after_its_push_and_another_row_on_top_lose_and_repeat_nothing(
    bare: Path, tmp_path: Path, death: str, based: bool
) -> None:
    location, state = f"git+file://{bare}#main:data", tmp_path / "state"
    prepare = "pass"
    if not DEATHS[death]:  # the remote has taken the commit, and its hook ends the saver before it can answer
        set_hook(bare, f"kill -9 $(cat {tmp_path}/saver)", "post-receive")
        prepare = f"Path({str(tmp_path / 'saver')!r}).write_text(str(os.getpid()))"
    process = run_saver(bare, state, f"{prepare}; {DEATHS[death] or 'pass'}", based)
    assert process.wait(60) == -9
    (bare / "hooks/post-receive").unlink(missing_ok=True)
    assert on_remote(bare).count("mil_posture,7") == 1
    add_later(bare, tmp_path)
    store = open_store(location, state)
    assert [w.id for w in store.status().waiting] == ["s1"]
    store.refresh()
    assert store.status().waiting == ()
    rows = [line for line in on_remote(bare).splitlines() if line.startswith("2024-09-30,mil_posture")]
    assert [row.split(",")[2] for row in rows] == ["7", "8"]


def test_its_author_who_presses_save_again_is_told_where_the_row_stands(bare: Path, tmp_path: Path) -> None:
    process = run_saver(bare, tmp_path / "state", DEATHS["before the row leaves the queue"])
    assert process.wait(60) == -9
    add_later(bare, tmp_path)
    outcome = open_store(f"git+file://{bare}#main:data", tmp_path / "state").save(hand_in(ROW))
    assert isinstance(outcome, Saved)
    assert outcome.already
    ((name, line),) = outcome.places
    assert on_remote(bare, name).splitlines()[line - 1].startswith("2024-09-30,mil_posture,7")
    assert on_remote(bare).count("2024-09-30,mil_posture") == 2


def test_saved_before_is_said_after_a_look_at_the_remote_where_it_answers(
    bare: Path, tmp_path: Path, replica: Open
) -> None:
    clock = Clock()
    store = replica(clock=clock, refresh=3600)
    assert isinstance(store.save(hand_in(ROW)), Saved)
    clock.now += dt.timedelta(minutes=1)
    dataset = store.look().dataset
    assert dataset is not None
    add_later(bare, tmp_path)
    assert isinstance(store.save(hand_in(ROW, base=note_base(dataset, "c1"))), Conflict)
    assert isinstance(store.save(hand_in(ROW, author="c2", id="s2")), Saved)
    bare.rename(bare.with_name("away.git"))
    outcome = store.save(hand_in(ROW, author="c2", id="s2"))  # what was last heard of the remote counts
    assert isinstance(outcome, Saved)
    assert outcome.already


@pytest.mark.parametrize("saves", [4, pytest.param(50, marks=thorough, id="thorough")])
def test_two_servers_with_one_clone_and_queue_lose_and_repeat_nothing(
    bare: Path, tmp_path: Path, processes: ForkServerContext, saves: int
) -> None:
    edit(bare, tmp_path, "narrative/claims.csv", lambda _: SOUND_CLAIMS)
    location, state = f"git+file://{bare}#main:data", tmp_path / "state"
    running = [
        processes.Process(target=save_to_remote, args=(location, state, place, saves), daemon=True)
        for place in range(2)
    ]
    for process in running:
        process.start()
    for process in running:
        process.join(60 + 10 * saves)
    assert [process.exitcode for process in running] == [0, 0]
    open_store(location, state, clock=lambda: NOW).refresh()
    tables = read_folder(next(state.glob("*/clone/data"))).tables
    written = Counter(t for name in (MILITARY, CYBER) for t in tables[name].cells["rationale"].to_pylist())
    for place in range(2):
        for number in range(saves):
            assert written[number_submission(place, number).rows[0]["rationale"]] == 1
