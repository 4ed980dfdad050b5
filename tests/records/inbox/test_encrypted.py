"""Over https only a certificate of the host's own name is believed, and nothing leads from there to plain http."""

import http.server
import ipaddress
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from indicators.records.inbox.fetch import FetchError, Limits, fetch

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(not OPENSSL, reason="needs openssl")

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
LIMITS = Limits(seconds=5, silence=5)


class Feed(http.server.BaseHTTPRequestHandler):
    """A feed, and an address that leads to plain http."""

    def do_GET(self) -> None:
        self.send_response(302 if self.path == "/down" else 200)
        self.send_header("Location", "http://news.example/feed")
        self.send_header("Content-Length", "6")
        self.end_headers()
        self.wfile.write(b"<rss/>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for news.example, with its key beside it."""
    home = tmp_path_factory.mktemp("tls")
    made = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=news.example")
    named = ("-addext", "subjectAltName=DNS:news.example")
    files = ("-keyout", str(home / "key"), "-out", str(home / "certificate"))
    subprocess.run([str(OPENSSL), *made, *named, *files], check=True, capture_output=True)
    return home / "certificate"


@pytest.fixture(scope="module")
def port(certificate: Path) -> Iterator[int]:
    """The port of a server that shows the certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Feed) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def ask(port: int, path: str = "/feed", host: str = "news.example") -> bytes | None:
    return fetch(f"https://{host}:{port}{path}", limits=LIMITS, allowed=LOOPBACK, resolve=lambda *_: ["127.0.0.1"]).body


def test_a_certificate_that_nobody_vouches_for_is_refused(port: int) -> None:
    with pytest.raises(FetchError):
        ask(port)


def test_a_certificate_is_believed_for_its_own_name_alone(
    port: int, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert ask(port) == b"<rss/>"
    with pytest.raises(FetchError):
        ask(port, host="other.example")


def test_nothing_leads_from_https_to_http(port: int, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with pytest.raises(FetchError, match=r"is redirected from https to http://news\.example/feed"):
        ask(port, "/down")
