"""A running server whose remote takes connections and never answers: saves are kept, readers are not held up."""

import json
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from indicators.records.storage.queue import short_digest
from indicators.records.storage.store import open_store
from tests.hosting.test_replicas import DRAFT, ask, make_remote, wait_for
from tests.running_app import ROOT, Serve
from tests.scoring_form import ask_for_form, press_save
from tests.socket_session import Session


@pytest.fixture
def silent(tmp_path: Path) -> Iterator[str]:
    """The location of a remote that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listening:
        yield f"git+https://127.0.0.1:{listening.getsockname()[1]}/x.git#main"


def clone_before(silent: str, tmp_path: Path) -> Path:
    """A state folder with the clone that was made while the remote still answered."""
    state, location = tmp_path / "state", f"git+file://{make_remote(tmp_path)}#main"
    assert open_store(location, state).look().dataset is not None
    home = (state / short_digest(location)).rename(state / short_digest(silent))
    (home / "location").unlink()
    url = silent.removeprefix("git+").removesuffix("#main")
    subprocess.run(["git", "config", "remote.origin.url", url], cwd=home / "clone", check=True)
    return state


def test_a_save_is_kept_and_readers_open_pages_while_the_remote_says_nothing(
    serve: Serve, silent: str, tmp_path: Path
) -> None:
    state = clone_before(silent, tmp_path)
    environment = {"TENSION_DATA": silent, "TENSION_STATE": str(state), "TENSION_CODER": "c1"}
    took: dict[str, list[float]] = {"a save": [], "a page": []}
    with serve(ROOT / "app.py", environment=environment) as server:
        for page in ("dimension", "update"):
            with Session(server.url, page) as first:
                assert not first.run().failures  # what is computed once
        said: list[str] = []

        def save() -> None:
            start = time.monotonic()
            said.append(editor.run(states).text)
            took["a save"].append(time.monotonic() - start)

        with Session(server.url, "update", ask_for_form(DRAFT)) as editor:
            states = press_save(editor.run().controls, DRAFT)
            wait_for(lambda: not git_works(state))  # a save right after a look waits for its fetch only, which is less
            saver = threading.Thread(target=save)
            saver.start()
            seen = 0
            while saver.is_alive():
                start = time.monotonic()
                with Session(server.url, "dimension", "dim=cyber") as reader:
                    run = reader.run()
                took["a page"].append(time.monotonic() - start)
                assert not run.failures
                assert "Cyber" in run.text
                seen += git_works(state)
            saver.join()
        assert "kept on this machine" in said[0]
        assert seen  # a page was whole while git still hung
        assert max(took["a save"]) < 30
        waiting = [json.loads(path.read_bytes()) for path in state.glob("*/queue/*.json")]
        assert [row["rationale"] for entry in waiting for row in entry["rows"]] == [DRAFT["rationale"]]
        assert ask(f"{server.url}/healthz").status == 200
    print({name: [round(seconds, 2) for seconds in spans] for name, spans in took.items()})


def git_works(state: Path) -> bool:
    """Whether git is at work in a clone of a state folder."""
    for path in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if path.resolve().is_relative_to(state):
                return True
        except OSError:
            continue
    return False


def test_where_nothing_was_read_yet_the_page_says_that_it_waits_for_the_remote(
    serve: Serve, silent: str, tmp_path: Path
) -> None:
    environment = {"TENSION_DATA": silent, "TENSION_STATE": str(tmp_path / "state"), "TENSION_CODER": "c1"}
    with serve(ROOT / "app.py", environment=environment) as server, Session(server.url, "") as reader:
        start = time.monotonic()
        run = reader.run()
        print(f"the first page after {time.monotonic() - start:.2f} s")
        assert not run.failures
        assert "Waiting for the git remote" in run.text
        assert silent.partition("//")[2] not in run.text
        assert ask(f"{server.url}/healthz").status == 503
