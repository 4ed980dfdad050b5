"""Many sessions read and edit at once: nothing fails, each row is saved once, and what ends is freed."""

import random
import resource
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.folders import write_sound_folder
from tests.load.crowd import (
    AS_HOSTED,
    Desk,
    Tally,
    count_open_files,
    count_threads,
    edit,
    gather,
    measure_memory,
    read_complaints,
    roam,
    roamers,
    sessions_open,
    wait_for,
)
from tests.running_app import Serve
from tests.thorough import thorough

ROOT = Path(__file__).parents[2]
SESSIONS, PAGES, EDITORS = 12, 2, 3
MARGIN = 256 * 1024  # bytes for each rerun after the warm-up; a session that stays costs more than a megabyte
FREED_AT_ONCE = {"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "1"}  # Streamlit keeps ended sessions for two minutes


def count_rows(data: Path, rationale: str) -> int:
    """How many rows of a folder give a reason."""
    return sum(path.read_text(encoding="utf-8").count(rationale) for path in data.glob("scores/*.csv"))


def test_many_sessions_read_and_edit_without_a_fault_and_leave_nothing_behind(serve: Serve, tmp_path: Path) -> None:
    data = write_sound_folder(tmp_path / "data")
    desk = Desk(data)
    environment = {"TENSION_DATA": str(data), "TENSION_CODER": "c1", **FREED_AT_ONCE}
    with serve(ROOT / "app.py", environment=environment) as server:

        def visit(editors: range) -> Tally:
            tally = Tally()
            drafts = [desk.draft(number) for number in editors]
            editing = [lambda d=draft: edit(server.url, d, tally) for draft in drafts]
            gather([*roamers(server.url, tally, SESSIONS, PAGES), *editing], tally)
            assert tally.complaints == []
            assert [count_rows(data, draft["rationale"]) for draft in drafts] == [1] * len(drafts)
            wait_for(lambda: sessions_open(server.url) == 0, "sessions end")
            return tally

        visit(range(EDITORS))
        visit(range(0))  # fills what is kept for the last version
        memory, files, threads = (m(server.process) for m in (measure_memory, count_open_files, count_threads))
        reruns = len(visit(range(0)).seconds) + len(visit(range(0)).seconds)
        assert reruns >= 2 * SESSIONS * PAGES
        assert measure_memory(server.process) - memory <= MARGIN * reruns
        # Streamlit lets go of a round's sessions, three files each, only when later ones end; not of the one before.
        wait_for(lambda: count_open_files(server.process) < files + 4 * SESSIONS, "files are closed")
        wait_for(lambda: count_threads(server.process) < threads + SESSIONS, "threads end")
        assert read_complaints(server.log) == []


@pytest.fixture
def many_files() -> Iterator[None]:
    """As many open files as a host allows: a session takes four on the server and one here."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@thorough
@pytest.mark.usefixtures("many_files")
def test_two_hundred_sessions_for_two_minutes(serve: Serve, tmp_path: Path) -> None:
    sessions, editors, seconds = 200, 12, 120
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    desk, tally = Desk(data), Tally(patience=600)
    with serve(ROOT / "app.py", environment={"TENSION_DATA": str(data), "TENSION_CODER": "c1", **AS_HOSTED}) as server:
        end = time.monotonic() + seconds
        samples: list[tuple[float, int, int]] = []
        over = threading.Event()

        def watch() -> None:
            while not over.wait(1):
                samples.append((time.monotonic(), len(tally.seconds), measure_memory(server.process)))

        def read(number: int) -> None:
            roam(server.url, tally, random.Random(number), lambda: time.monotonic() < end, pause=15)

        def write(number: int) -> None:
            time.sleep(seconds * number / editors)  # editors come one after another
            edit(server.url, desk.draft(number), tally)

        watcher = threading.Thread(target=watch)
        watcher.start()
        readers = [lambda n=number: read(n) for number in range(sessions)]
        try:
            gather([*readers, *(lambda n=number: write(n) for number in range(editors))], tally)
        finally:
            over.set()
            watcher.join()
        wait_for(lambda: sessions_open(server.url) == 0, "sessions end")
        memory = measure_memory(server.process)
        reruns = len(tally.seconds)
        # Warm: sessions have had their first pages, some rows were saved, and what is kept for views has filled up.
        warm = max((s for s in samples if reruns * 0.35 <= s[1] <= reruns * 0.6), key=lambda s: s[2])
        slowest, middle = max(tally.seconds), sorted(tally.seconds)[reruns // 2]
        print(
            f"\n{reruns} reruns, {tally.answers} answers of routes, {len(tally.saved)} rows saved, "
            f"{len(tally.complaints)} complaints; slowest rerun {slowest:.1f} s, middle {middle:.1f} s; "
            f"memory {warm[2] >> 20} MiB after {warm[1]} reruns, at most {max(s[2] for s in samples) >> 20} MiB, "
            f"{memory >> 20} MiB at the end; {count_open_files(server.process)} files, "
            f"{count_threads(server.process)} threads"
        )
        print("MiB by reruns:", [(count, size >> 20) for _, count, size in samples[::10]])
        assert tally.complaints == []
        assert read_complaints(server.log) == []
        assert [count_rows(data, desk.draft(number)["rationale"]) for number in range(editors)] == [1] * editors
        assert memory - warm[2] <= MARGIN * (reruns - warm[1])
