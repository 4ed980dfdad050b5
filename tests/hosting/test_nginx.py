"""nginx keeps from the servers who opens connections and says nothing, or asks too much, and says so in the one shape."""

import contextlib
import json
import select
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.hosting.proxy import PATIENCE, ROOT, free_port, run_nginx
from tests.running_app import Serve

HANDSHAKE = (
    "GET /_stcore/stream HTTP/1.1\r\nHost: {0}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


@pytest.fixture
def nowhere() -> tuple[int, int]:
    """Ports on which no server answers: nginx answers itself."""
    return free_port(), free_port()


@pytest.fixture
def silent() -> Iterator[tuple[int, int]]:
    """The port of a server, twice, that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        port = server.getsockname()[1]
        yield port, port


def ask(address: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and bytes of an answer."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=PATIENCE) as answer:
            return answer.status, dict(answer.headers.items()), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers.items()), error.read()


def connect(address: str) -> socket.socket:
    """A connection to the host of an address."""
    place = urlsplit(address)
    return socket.create_connection((str(place.hostname), int(place.port or 0)), PATIENCE)


@pytest.mark.parametrize(
    "begun", [b"", b"GET / HTTP/1.1\r\nHost: x\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf"]
)
def test_a_request_that_is_begun_and_not_ended_is_hung_up_on(
    tmp_path: Path, silent: tuple[int, int], begun: bytes
) -> None:
    sooner = {
        "client_header_timeout 15s": "client_header_timeout 1s",
        "client_body_timeout 15s": "client_body_timeout 1s",
    }
    with run_nginx(tmp_path, silent, sooner) as address, connect(address) as connection:
        connection.sendall(begun)
        # Until the other side ends it; the socket's own patience bounds this.
        with contextlib.suppress(ConnectionResetError):
            while connection.recv(4096):
                pass


def test_more_requests_than_one_reader_has_are_told_to_wait_in_the_one_shape(
    tmp_path: Path, nowhere: tuple[int, int]
) -> None:
    with run_nginx(tmp_path, nowhere, {"rate=100r/s": "rate=1r/m", "burst=400": "burst=2"}) as address:
        answers = [ask(f"{address}/api/series.csv") for _ in range(5)]
    assert [status for status, _, _ in answers[:3]] == [502] * 3
    assert [status for status, _, _ in answers[3:]] == [429] * 2
    _, headers, body = answers[-1]
    assert headers["Content-Type"] == "application/json"
    assert headers["Retry-After"]
    told = json.loads(body)
    assert (set(told), told["status"]) == ({"status", "error", "problems"}, 429)


def test_one_address_opens_so_many_sessions_and_no_more(tmp_path: Path, silent: tuple[int, int]) -> None:
    with run_nginx(tmp_path, silent, {"limit_conn sessions 60": "limit_conn sessions 2"}) as address:
        held = [connect(address) for _ in range(3)]
        try:
            for connection in held:
                connection.sendall(HANDSHAKE.format(urlsplit(address).netloc).encode())
            # Two wait for the silent server; the one too many is answered, whichever came last.
            (answered,), _, _ = select.select(held, [], [], PATIENCE)
            assert b" 429 " in answered.recv(4096)
        finally:
            for connection in held:
                connection.close()


def test_answers_do_not_name_the_program_behind(tmp_path: Path, serve: Serve) -> None:
    with serve(ROOT / "app.py") as server:
        port = int(server.url.rsplit(":", 1)[1])
        with run_nginx(tmp_path, (port, port)) as address:
            for path in ("/", "/healthz", "/_stcore/metrics"):
                status, headers, _ = ask(f"{address}{path}")
                assert status in (200, 403)
                assert headers["Server"] == "nginx"
