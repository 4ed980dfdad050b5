"""Two replicas behind the shipped nginx settings with one git repository: one dies, readers and editors go on."""

import os
import re
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from tests.hosting.proxy import run_nginx
from tests.running_app import Serve
from tests.scoring_form import ask_for_form, can_save, press_save
from tests.socket_session import Session

ROOT = Path(__file__).parents[2]
DRAFT = {
    "indicator": "mil_incidents",
    "date": "2026-11-20",
    "score": "6.5 5.5 7.5",
    "rationale": "Encounters go on much as the last review found them.",
    "events": "E0431",
}
PATIENCE = 60  # seconds; a bound against hanging


@dataclass
class Site:
    """The arrangement: nginx's address, the replicas, the remote."""

    url: str
    replicas: list[Any]
    remote: Path


def git(*arguments: str, folder: Path) -> str:
    """What git says."""
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    identity = ["-c", "user.name=test", "-c", "user.email=test@localhost"]
    command = ["git", *identity, *arguments]
    return subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True, env={**os.environ, **settings}
    ).stdout


def make_remote(folder: Path) -> Path:
    """A bare repository with the shipped data."""
    work, remote = folder / "work", folder / "data.git"
    shutil.copytree(ROOT / "data", work)
    git("init", "-q", "-b", "main", ".", folder=work)
    git("add", "-A", folder=work)
    git("commit", "-qm", "The shipped data", folder=work)
    git("clone", "-q", "--bare", str(work), str(remote), folder=folder)
    return remote


@pytest.fixture
def site(serve: Serve, tmp_path: Path) -> Iterator[Site]:
    """Everything running."""
    remote = make_remote(tmp_path)
    with ExitStack() as stack:
        replicas = []
        for number in (1, 2):
            environment = {
                "TENSION_DATA": f"git+file://{remote}#main",
                "TENSION_STATE": str(tmp_path / f"state-{number}"),
                "TENSION_CODER": "c1",
            }
            replicas.append(stack.enter_context(serve(ROOT / "app.py", environment=environment)))
        ports = [int(replica.url.rsplit(":", 1)[1]) for replica in replicas]
        site = Site(stack.enter_context(run_nginx(tmp_path, ports)), replicas, remote)
        wait_for(lambda: ask(f"{site.url}/_stcore/health").status == 200)
        yield site


def ask(address: str, cookie: str = "") -> HTTPResponse:
    """The answer to one request, errors of the server among them."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(address, headers={"Cookie": f"replica={cookie}"} if cookie else {})
    try:
        answer: HTTPResponse = opener.open(request, timeout=PATIENCE)
    except urllib.error.HTTPError as error:
        return error  # type: ignore[return-value]
    return answer


def wait_for(holds: Callable[[], bool]) -> None:
    """Return once something holds."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if holds():
                return
        except OSError:
            pass
        time.sleep(0.1)
    pytest.fail("it did not come about")


def test_readers_and_editors_go_on_when_a_replica_dies(site: Site) -> None:
    first = ask(f"{site.url}/api/series.csv")
    assert first.status == 200
    assert re.match(r"replica=[0-9a-f]+; Path=/; HttpOnly", first.headers["Set-Cookie"])
    before = first.read()
    cookies = [f"{number:032x}" for number in range(40)]
    assert {ask(f"{site.url}/healthz", cookie).status for cookie in cookies} == {200}

    with Session(site.url, "dimension", "dim=cyber") as session:
        assert not session.run().failures
        # Behind the proxy nobody edits without sign-in, whatever the replica's environment says.
        with Session(site.url, "update") as stranger:
            assert not can_save(stranger.run().controls)

        os.kill(site.replicas[0].process, signal.SIGKILL)
        wait_for(lambda: not answers(site.replicas[0].url))
        assert {ask(f"{site.url}/healthz", cookie).status for cookie in cookies} == {200}
        for cookie in cookies[:6]:
            with Session(site.url, "dimension", "dim=cyber", headers={"Cookie": f"replica={cookie}"}) as again:
                run = again.run()
                assert not run.failures
                assert "Cyber" in run.text

    survivor = site.replicas[1]
    with Session(survivor.url, "update", ask_for_form(DRAFT)) as editor:
        run = editor.run(press_save(editor.run().controls, DRAFT))
        assert not run.failures
        assert "Saved. " in run.text
    assert DRAFT["rationale"] in git("show", "main:scores/military.csv", folder=site.remote)
    assert ask(f"{site.url}/api/scores.csv").read() != before


def answers(url: str) -> bool:
    """Whether a server takes connections."""
    try:
        return ask(f"{url}/_stcore/health").status == 200
    except OSError:
        return False
