"""The data folder swapped, broken, emptied, closed and mended while readers are at it: they keep the last good version."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.folders import FILES, change_cell, contents, write_sound_folder
from tests.load.crowd import Desk, Tally, ask, gather, read_complaints, roamers
from tests.running_app import Serve
from tests.scoring_form import ask_for_form, press_save
from tests.socket_session import Run, Session
from tests.thorough import at_least, thorough

ROOT = Path(__file__).parents[2]
CYBER = "scores/cyber.csv"
READERS, PAGES = at_least(2, 20), at_least(1, 10)
NOTICE = "The last good version is shown"
# c2's 4.5 of the first quarter becomes 6.5, so cyber is (6.25 + 7) / 2 and the index 5.5625 instead of 5.3125.
CHANGED = change_cell(change_cell(FILES[CYBER], 3, "score", "6.5"), 3, "high", "7")
OLD, NEW = ">5.3<", ">5.6<"
# The superuser reads files without a right to them; a server that he starts without these powers does not.
WITHOUT_POWERS = (
    "setpriv",
    "--inh-caps=-dac_override,-dac_read_search",
    "--bounding-set=-dac_override,-dac_read_search",
)

Change = Callable[[Path], None]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the data folder stands."""
    return tmp_path_factory.mktemp("faults") / "data"


@pytest.fixture(scope="module")
def site(serve: Serve, place: Path) -> Iterator[Any]:
    """The app on a small folder, without the superuser's powers over files."""
    put(place, FILES[CYBER])
    before = WITHOUT_POWERS if os.geteuid() == 0 and shutil.which("setpriv") else ()
    with serve(ROOT / "app.py", environment={"TENSION_DATA": str(place), "TENSION_CODER": "c1"}, before=before) as site:
        yield site


def clear(place: Path) -> None:
    """Remove whatever stands in a place."""
    if place.is_symlink() or place.is_file():
        place.unlink()
    elif place.exists():
        shutil.rmtree(place)


def put(place: Path, cyber: str) -> None:
    """Let a good folder with some scores stand in a place."""
    clear(place)
    write_sound_folder(place, **{CYBER: cyber})


def meanwhile(site: Any, change: Callable[[], None]) -> None:
    """Make a change while readers are at it, who meet nothing amiss."""
    tally, start = Tally(), site.log.stat().st_size
    gather([*roamers(site.url, tally, READERS, PAGES), change], tally)
    assert tally.complaints == []
    assert read_complaints(site.log, start) == []


def read(session: Session) -> str:
    """The words of a page that shows no failure."""
    run: Run = session.run()
    assert run.failures == []
    return run.text


def cut_file(place: Path) -> None:
    """A file that ends in the middle of a cell, as after a full disk."""
    (place / CYBER).write_bytes(CHANGED.encode()[: len(CHANGED) // 2])


def break_score(place: Path) -> None:
    """A score beyond the scale."""
    (place / CYBER).write_text(change_cell(FILES[CYBER], 3, "score", "11"))


def empty_folder(place: Path) -> None:
    """A folder without files."""
    for path in place.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def empty_file(place: Path) -> None:
    """A file without bytes."""
    (place / CYBER).write_bytes(b"")


def block_file(place: Path) -> None:
    """A folder where a file should be, which nobody can read as one."""
    (place / CYBER).unlink()
    (place / CYBER).mkdir()


def block_folder(place: Path) -> None:
    """A file where the data folder should be."""
    clear(place)
    place.write_text("not a folder")


def point_nowhere(place: Path) -> None:
    """A link to a folder that is not there."""
    clear(place)
    place.symlink_to(place.with_name("nowhere"))


FAULTS = (cut_file, empty_folder, block_file, point_nowhere, clear)
FURTHER = (break_score, empty_file, block_folder)


def each(*faults: Change, at_night: tuple[Change, ...]) -> pytest.MarkDecorator:
    """Run a test for each fault, some of them in a thorough run only."""
    more = [pytest.param(fault, marks=thorough) for fault in at_night]
    return pytest.mark.parametrize("fault", [*faults, *more], ids=lambda fault: fault.__name__)


@each(*FAULTS, at_night=FURTHER)
def test_readers_keep_the_last_good_version_until_it_is_mended(site: Any, place: Path, fault: Change) -> None:
    put(place, FILES[CYBER])
    with Session(site.url, key="") as session:
        text = read(session)
        assert OLD in text
        assert NOTICE not in text

        meanwhile(site, lambda: fault(place))
        text = read(session)
        assert OLD in text
        assert NOTICE in text
        assert b"last good version" in ask(site.url, "/healthz")[1]

        meanwhile(site, lambda: put(place, CHANGED))
        text = read(session)
        assert NEW in text
        assert NOTICE not in text
        assert b'"good"' in ask(site.url, "/healthz")[1]


def rename_folder(place: Path, new: Path) -> None:
    """Rename the old folder away, and the new one to its place."""
    place.rename(place.with_name("former"))
    new.rename(place)


def turn_link(place: Path, new: Path) -> None:
    """Put a link to the new folder in the place of a link to the old one, in one step."""
    link = place.with_name("link")
    link.symlink_to(new)
    link.replace(place)


@pytest.mark.parametrize("linked", [False, True], ids=["renamed", "linked"])
def test_readers_get_a_folder_that_is_put_in_the_place_of_another(site: Any, place: Path, linked: bool) -> None:
    old, new = place.with_name("old"), place.with_name("new")
    put(new, CHANGED)
    if linked:
        put(old, FILES[CYBER])
        clear(place)
        place.symlink_to(old)
    else:
        put(place, FILES[CYBER])
    with Session(site.url, key="") as session:
        assert OLD in read(session)
        meanwhile(site, lambda: (turn_link if linked else rename_folder)(place, new))
        text = read(session)
        assert NEW in text
        assert NOTICE not in text
    for path in (old, new, place.with_name("former")):
        clear(path)


@pytest.mark.parametrize("name", ["", "scores", CYBER, "events.csv"], ids=["folder", "scores", "file", "events"])
def test_readers_keep_the_last_good_version_while_rights_are_missing(site: Any, place: Path, name: str) -> None:
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        pytest.skip("the superuser may read everything, and there is no setpriv to start a server without that power")
    put(place, FILES[CYBER])
    with Session(site.url, key="") as session:
        assert OLD in read(session)
        rights = (place / name).stat().st_mode
        (place / CYBER).write_text(CHANGED)
        meanwhile(site, lambda: (place / name).chmod(0))
        # The change is seen with the rights it had at the time, or not yet: what is shown is good in either case.
        text = read(session)
        assert OLD in text or NEW in text
        assert NOTICE in text

        meanwhile(site, lambda: (place / name).chmod(rights))
        text = read(session)
        assert NEW in text
        assert NOTICE not in text


@each(clear, at_night=(empty_folder, break_score, point_nowhere))
def test_a_save_into_a_folder_that_is_not_whole_writes_nothing(site: Any, place: Path, fault: Change) -> None:
    put(place, FILES[CYBER])
    draft = Desk(place).draft(0)
    with Session(site.url, "update", ask_for_form(draft)) as session:
        states = press_save(session.run().controls, draft)
        start = site.log.stat().st_size
        fault(place)
        before = contents(place) if place.exists() else None
        run = session.run(states)
        assert run.failures == []
        assert "Saved" not in run.text
        assert (contents(place) if place.exists() else None) == before
        put(place, FILES[CYBER])
        assert "Saved. " in session.run(states).text
    assert read_complaints(site.log, start) == []
