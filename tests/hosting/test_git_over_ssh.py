"""A remote over ssh, with a server, a key and a known host of the test's own."""

import getpass
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from indicators.records.saving.submission import Failed, Saved
from indicators.records.storage.store import GitStore, open_store
from tests.hosting.proxy import free_port, wait_for_port
from tests.records.remotes import on_remote
from tests.submissions import NOW, ROW, hand_in

SSHD = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
pytestmark = pytest.mark.skipif(
    SSHD is None or not Path("/run/sshd").is_dir(),
    reason="needs an installed OpenSSH server, which is not started here",
)

CONFIGURATION = """
Port {port}
ListenAddress 127.0.0.1
HostKey {home}/host
AuthorizedKeysFile {home}/person.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
"""


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """The port of a server of the test's own; its key and the person's lie beside it."""
    for name in ("host", "person"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / name)]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    port = free_port()
    (tmp_path / "sshd_config").write_text(CONFIGURATION.format(port=port, home=tmp_path))
    key = (tmp_path / "host.pub").read_text().rsplit(" ", 1)[0]
    (tmp_path / "known").write_text(f"[127.0.0.1]:{port} {key}\n")
    server = subprocess.Popen([str(SSHD), "-D", "-e", "-f", str(tmp_path / "sshd_config")], stderr=subprocess.DEVNULL)
    try:
        wait_for_port(server, port)
        yield port
    finally:
        server.terminate()
        server.wait()


def open_with(bare: Path, port: int, tmp_path: Path, known: Path) -> GitStore:
    """Open the store; a host that is not among the known ones is refused."""
    os.environ["GIT_SSH_COMMAND"] = (
        f"ssh -F none -i {tmp_path / 'person'} -o IdentitiesOnly=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile={known}"
    )
    store = open_store(
        f"git+ssh://{getpass.getuser()}@127.0.0.1:{port}{bare}#main:data", tmp_path / "state", clock=lambda: NOW
    )
    assert isinstance(store, GitStore)
    return store


def test_a_save_reaches_a_remote_over_ssh(
    bare: Path,
    port: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GIT_SSH_COMMAND", "")
    store = open_with(bare, port, tmp_path, tmp_path / "known")
    assert isinstance(store.save(hand_in(ROW)), Saved)
    assert on_remote(bare).count("Both ministers spoke") == 1


def test_an_unknown_host_is_told_in_the_words_of_ssh_and_nothing_is_kept_for_it(
    bare: Path,
    port: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GIT_SSH_COMMAND", "")
    store = open_with(bare, port, tmp_path, tmp_path / "nobody")
    assert "Host key verification failed" in store.look().report.as_text()
    assert isinstance(store.save(hand_in(ROW)), Failed)
    assert store.status().waiting == ()
