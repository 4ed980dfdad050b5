"""A save that the remote refuses comes back to its author, those behind it go on, and nothing that waits is forgotten."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indicators.__main__ import main
from indicators.records.saving.submission import Queued, Refused, Saved
from indicators.records.storage.store import open_store
from tests.folders import SOUND_CLAIMS, change_cell
from tests.records.remotes import EVENTS, Open, edit, git, on_remote, save_at_once, set_hook
from tests.submissions import ROW, hand_in

SIGNALS = {**ROW, "indicator": "mil_signals", "events": "E0002"}
ONLY_C2 = """while read -r _ new _; do
  git log -1 --format=%an "$new" | grep -q c2 || { echo "GH006: c1 may not push here" >&2; exit 1; }
done"""


def test_a_save_that_the_remote_refuses_comes_back_and_those_behind_it_go_on(bare: Path, replica: Open) -> None:
    store = replica()
    away = bare.rename(bare.with_name("away.git"))
    assert isinstance(store.save(hand_in(ROW)), Queued)
    assert isinstance(store.save(hand_in(SIGNALS, author="c2", id="s2")), Queued)
    store.refresh()
    assert [(w.id, w.reason) for w in store.status().waiting] == [("s1", ""), ("s2", "")]  # away: all in their order
    away.rename(bare)
    refusing = set_hook(bare, ONLY_C2)
    store.refresh()
    (back,) = store.status().waiting
    assert back.id == "s1"
    assert "GH006: c1 may not push here" in back.reason
    assert "mil_signals,7" in on_remote(bare)
    assert isinstance(store.save(hand_in(SIGNALS, author="c2", id="s3")), Saved)
    refusing.unlink()
    assert isinstance(store.save(hand_in(ROW)), Saved)
    assert on_remote(bare).count("mil_posture,7") == 1
    assert store.status().waiting == ()


def test_its_author_is_told_at_once_and_readers_do_not_see_the_row(bare: Path, replica: Open) -> None:
    set_hook(bare, ONLY_C2)
    store = replica()
    before = store.look()
    outcome = store.save(hand_in(ROW))
    assert isinstance(outcome, Queued)
    assert "GH006: c1 may not push here" in outcome.message
    assert "send them again" in outcome.message
    assert store.look().dataset is not None
    assert store.look().dataset.digest == before.dataset.digest  # type: ignore[union-attr]


def test_a_row_that_waited_stays_when_its_author_sends_it_and_it_is_refused(
    bare: Path, tmp_path: Path, replica: Open
) -> None:
    store = replica()
    away = bare.rename(bare.with_name("away.git"))
    assert isinstance(store.save(hand_in(ROW)), Queued)
    away.rename(bare)
    edit(bare, tmp_path, EVENTS, lambda text: change_cell(text, 10, "date", "2024-10-10"))
    assert isinstance(store.save(hand_in(ROW)), Refused)
    (back,) = store.status().waiting
    assert "[event-late]" in back.reason
    assert isinstance(store.save(hand_in({**ROW, "score": "11"}, id="s2")), Refused)  # a form still has this one
    assert [w.id for w in store.status().waiting] == ["s1"]


def test_editors_who_save_at_once_are_each_told_that_theirs_is_saved(bare: Path, replica: Open) -> None:
    set_hook(bare, "sleep 0.5")
    outcomes = save_at_once(replica())
    assert [type(outcome) for outcome in outcomes] == [Saved, Saved]
    assert [outcome.already for outcome in outcomes] == [False, False]


# The command


@pytest.fixture
def sound(bare: Path, tmp_path: Path) -> Path:
    """The remote without claims about days on which it has no reading, which the command checks as well."""
    edit(bare, tmp_path, "narrative/claims.csv", lambda _: SOUND_CLAIMS)
    return bare


def record(location: str, state: Path) -> Result:
    """What the command says of a row for a location."""
    options = ["--low", "6", "--high", "8", "--date", "2024-09-30", "--event", "E0009", "--coder", "c1"]
    command = ["record", "mil_posture", "7", *options, "--rationale", ROW["rationale"]]
    return CliRunner().invoke(main, command, env={"TENSION_DATA": location, "TENSION_STATE": str(state)})


def queued(state: Path) -> list[Path]:
    """The files of all queues."""
    return list(state.glob("*/queue/*.json"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [("#mian:data", "couldn't find remote ref refs/heads/mian"), ("x#main:data", "not appear to be a git repository")],
    ids=["branch", "repository"],
)
def test_the_command_refuses_a_wrong_location_in_gits_words_and_keeps_nothing(
    sound: Path, tmp_path: Path, wrong: str, said: str
) -> None:
    state = tmp_path / "state"
    result = record(f"git+file://{sound}{wrong}", state)
    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr
    assert queued(state) == []


def test_the_command_keeps_nothing_where_the_branch_has_gone_or_takes_no_commits(sound: Path, tmp_path: Path) -> None:
    state, location = tmp_path / "state", f"git+file://{sound}#main:data"
    open_store(location, state)
    refusing = set_hook(sound, "echo 'GH006: Protected branch update failed' >&2; exit 1")
    result = record(location, state)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "GH006: Protected branch update failed" in result.stderr
    assert queued(state) == []
    refusing.unlink()
    git(sound, "branch", "--move", "main", "trunk")
    result = record(location, state)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "couldn't find remote ref" in result.stderr
    assert queued(state) == []


def test_what_waits_for_another_location_is_named_and_stays(sound: Path, tmp_path: Path) -> None:
    state, earlier = tmp_path / "state", f"git+file://{sound}#trunk:data"
    git(sound, "branch", "trunk")
    store = open_store(earlier, state)
    git(sound, "branch", "--move", "trunk", "trunk-2")
    assert isinstance(store.save(hand_in(SIGNALS)), Queued)
    result = record(f"git+file://{sound}#main:data", state)
    assert result.exit_code == 0
    assert f"1 unsent save of {earlier}" in result.stderr
    (other,) = open_store(f"git+file://{sound}#main:data", state).status().elsewhere
    assert (other.location, other.count) == (earlier, 1)
    assert len(queued(state)) == 1
    git(sound, "branch", "--move", "trunk-2", "trunk")
    store.refresh()
    assert "mil_signals,7" in git(sound, "show", "trunk:data/scores/military.csv")
    assert open_store(f"git+file://{sound}#main:data", state).status().elsewhere == ()
