"""A remote over https: git http-backend behind nginx, with a password and a certificate of one's own."""

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from indicators.__main__ import main
from indicators.records.saving.submission import Failed, Queued, Saved
from indicators.records.storage.store import GitStore, open_store
from tests.folders import SOUND_CLAIMS
from tests.hosting.proxy import free_port, wait_for_port
from tests.records.remotes import edit, on_remote
from tests.submissions import NOW, ROW, hand_in

NGINX, OPENSSL = (shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") for name in ("nginx", "openssl"))
pytestmark = pytest.mark.skipif(not (NGINX and OPENSSL), reason="needs nginx and openssl")

CONFIGURATION = """
daemon off; {user} pid {home}/pid; error_log {home}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {home}/body; proxy_temp_path {home}/proxy; fastcgi_temp_path {home}/fastcgi;
  uwsgi_temp_path {home}/uwsgi; scgi_temp_path {home}/scgi;
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {home}/certificate; ssl_certificate_key {home}/key;
    auth_basic data; auth_basic_user_file {home}/users;
    location / {{ proxy_pass http://127.0.0.1:{backend}; proxy_set_header X-User $remote_user; client_max_body_size 0; }}
  }}
}}
"""


class Backend(BaseHTTPRequestHandler):
    """Runs git http-backend for each request, as a web server's CGI does."""

    root: Path

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        length = int(self.headers.get("Content-Length") or 0)
        environment = {
            **os.environ,
            "GIT_PROJECT_ROOT": str(self.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(length),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "REMOTE_USER": self.headers.get("X-User", ""),
        }
        answer = subprocess.run(
            ["git", "http-backend"], input=self.rfile.read(length), env=environment, capture_output=True, check=True
        ).stdout
        head, _, body = answer.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().splitlines())
        self.send_response(int(fields.pop("Status", "200").split()[0]))
        for name, value in fields.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - the name that the server looks for

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def address(bare: Path, tmp_path: Path) -> Iterator[str]:
    """The repository's address on a web server that asks for a password."""
    home = tmp_path / "nginx"
    home.mkdir()
    backend = ThreadingHTTPServer(("127.0.0.1", 0), type("Served", (Backend,), {"root": bare.parent}))
    threading.Thread(target=backend.serve_forever, daemon=True).start()
    port = free_port()
    names = "subjectAltName=DNS:localhost"
    files = ["-keyout", str(home / "key"), "-out", str(home / "certificate")]
    certify = [
        str(OPENSSL),
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=localhost",
        "-addext",
        names,
    ]
    subprocess.run([*certify, *files], check=True, capture_output=True)
    user = "user root;" if os.geteuid() == 0 else ""  # its workers read the test's own folder
    (home / "users").write_text("editor:{PLAIN}right\n")
    (home / "nginx.conf").write_text(CONFIGURATION.format(home=home, port=port, backend=backend.server_port, user=user))
    server = subprocess.Popen([str(NGINX), "-p", str(home), "-c", str(home / "nginx.conf")], stderr=subprocess.DEVNULL)
    try:
        wait_for_port(server, port)
        yield f"https://localhost:{port}/data.git"
    finally:
        server.terminate()
        server.wait()
        backend.shutdown()
        backend.server_close()


def open_as(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, password: str, certificate: bool
) -> GitStore:
    """Open the store with what git's own configuration says of the password and the certificate."""
    host = address.removeprefix("https://").partition("/")[0]
    (tmp_path / "credentials").write_text(f"https://editor:{password}@{host}\n")
    trusted = f"[http]\n\tsslCAInfo = {tmp_path}/nginx/certificate\n" if certificate else ""
    settings = f"[credential]\n\thelper = store --file={tmp_path}/credentials\n{trusted}"
    (tmp_path / "gitconfig").write_text(settings)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    for name in ("GIT_SSL_CAINFO", "GIT_SSL_CAPATH"):  # this machine's own, which would win
        monkeypatch.delenv(name, raising=False)
    store = open_store(f"git+{address}#main:data", tmp_path / "state", clock=lambda: NOW)
    assert isinstance(store, GitStore)
    return store


def test_a_save_reaches_a_remote_over_https_with_git_s_own_password(
    bare: Path, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_as(address, tmp_path, monkeypatch, "right", certificate=True)
    assert isinstance(store.save(hand_in(ROW)), Saved)
    assert on_remote(bare).count("Both ministers spoke") == 1


@pytest.mark.parametrize(
    ("password", "certificate", "said"),
    [("wrong", True, "Authentication failed"), ("right", False, "certificate")],
    ids=["password", "certificate"],
)
def test_a_wrong_password_or_certificate_is_told_in_gits_words_without_the_secret(
    bare: Path,
    address: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    password: str,
    certificate: bool,
    said: str,
) -> None:
    store = open_as(address, tmp_path, monkeypatch, password, certificate)
    told = store.look().report.as_text()
    assert [problem.code for problem in store.look().report] == ["remote"]
    assert said in told
    outcome = store.save(hand_in(ROW))
    assert isinstance(outcome, Failed)  # nothing was read yet that the row could be checked against
    # A password that was refused is one that git forgets, so that it asks for it at the next try.
    assert said in outcome.message or "could not read Username" in outcome.message
    assert f":{password}@" not in told + outcome.message
    assert "Both ministers spoke" not in on_remote(bare)


def test_a_password_that_no_longer_holds_lets_saves_wait_and_the_command_keeps_nothing(
    bare: Path, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(bare, tmp_path, "narrative/claims.csv", lambda _: SOUND_CLAIMS)
    open_as(address, tmp_path, monkeypatch, "right", certificate=True)
    store = open_as(address, tmp_path, monkeypatch, "wrong", certificate=True)
    monkeypatch.setenv("TENSION_DATA", f"git+{address}#main:data")
    monkeypatch.setenv("TENSION_STATE", str(tmp_path / "state"))
    options = ["--low", "6", "--high", "8", "--date", "2024-09-30", "--event", "E0009", "--coder", "c1"]
    result = CliRunner().invoke(main, ["record", "mil_posture", "7", *options, "--rationale", ROW["rationale"]])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Authentication failed" in result.stderr
    assert store.status().waiting == ()
    store = open_as(address, tmp_path, monkeypatch, "wrong", certificate=True)  # git has forgotten the first
    outcome = store.save(hand_in(ROW))
    assert isinstance(outcome, Queued)
    assert "Authentication failed" in outcome.refusal
    assert [waiting.reason for waiting in store.status().waiting] == [""]
    open_as(address, tmp_path, monkeypatch, "right", certificate=True).refresh()
    assert on_remote(bare).count("Both ministers spoke") == 1
