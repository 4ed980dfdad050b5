"""Saves and looks are refused where they must be, also to a client that draws no page and sends what it likes."""

import json
import math
import re
import uuid
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.folders import contents
from tests.running_app import Serve
from tests.scoring_form import ask_for_form, can_save, press_save
from tests.socket_session import Session, ask_for_run

ROOT = Path(__file__).parents[3]
DRAFT = {
    "indicator": "mil_forward_posture",
    "date": "2026-11-20",
    "score": "7 6 8",
    "rationale": "Forces stay where the last review found them, close to each other.",
    "events": "E0430",
}
QUERY = ask_for_form(DRAFT)
CODER = {"TENSION_CODER": "c1"}
SIGN_IN = """\
[auth]
redirect_uri = "http://127.0.0.1/oauth2callback"
cookie_secret = "only for this test"
client_id = "test"
client_secret = "test"
server_metadata_url = "http://127.0.0.1:9/.well-known/openid-configuration"

[editors]
"someone@example.org" = "c1"
"""


CLOSED_TO_STRANGERS = (
    "api/series.csv",
    "api/scores.csv",
    "api/openapi.json",
    "feed.xml",
    "_stcore/metrics",
    "_stcore/agent/openapi.json",
    "_stcore/script-health-check",
)
FORGED = {
    "string_value": "x",
    "double_value": math.nan,
    "int_value": -5,
    "bool_value": True,
    "bytes_value": b"\xff",
    "json_value": "{",
}
"""A value of each kind; at most one of them is of a control's own."""


@pytest.fixture(scope="module")
def local(serve: Serve) -> Any:
    """The app as an editor starts it on a machine of their own."""
    with serve(ROOT / "app.py", environment=CODER) as server:
        yield server


@pytest.fixture(scope="module")
def forged(local: Any) -> list[WidgetState]:
    """All that the page of a permitted editor would send on saving: every field and the press of the button."""
    with Session(local.url, "update", QUERY) as session:
        controls = session.run().controls
    return press_save(controls, DRAFT)


class Upload:
    """A file that is sent to the server as a browser does it, and what came of it."""

    def __init__(self, server: Any, session: str, size: int, **headers: str) -> None:
        page = urlopen(f"{server.url}/_stcore/health", timeout=60)
        token = page.headers["Set-Cookie"].split(";")[0].partition("=")[2]
        body = (
            b'--x\r\nContent-Disposition: form-data; name="f"; filename="f.csv"\r\n\r\n'
            + b"x" * size
            + b"\r\n--x--\r\n"
        )
        named = {
            "X-Xsrftoken": token,
            "Cookie": f"_streamlit_xsrf={token}",
            "Content-Type": "multipart/form-data; boundary=x",
        }
        address = f"{server.url}/_stcore/upload_file/{session}/{uuid.uuid4()}"
        try:
            with urlopen(Request(address, body, {**named, **headers}, method="PUT"), timeout=60) as answer:
                self.status, self.told = answer.status, {}
        except HTTPError as error:
            self.status, self.told = error.code, json.loads(error.read())


def hung_up(session: Session) -> bool:
    """Whether the server ends the connection; whatever it sends before is not looked at."""
    try:
        while True:
            session.connection.recv(60)
    except ConnectionClosed:
        return True


def assert_refused(server: Any, forged: list[WidgetState], **claims: Any) -> None:
    """No field that can be filled in is sent, and the forged save changes no byte."""
    before = contents(server.data)
    with Session(server.url, "update", QUERY, **claims) as session:
        first = session.run()
        assert not first.failures
        assert not can_save(first.controls)
        assert "grid" not in first.controls
        assert {c.disabled for name, c in first.controls.items() if name.startswith("read-")} <= {True}
        session.run(forged)
        session.run(forged)
    assert contents(server.data) == before


def test_a_local_editor_saves_one_row_with_the_same_messages(serve: Serve, forged: list[WidgetState]) -> None:
    with serve(ROOT / "app.py", environment=CODER) as server:
        before = (server.data / "scores" / "military.csv").read_text(encoding="utf-8").splitlines()
        with Session(server.url, "update", QUERY) as session:
            session.run()
            assert not session.run(forged).failures
            session.run(forged)  # a double click
        after = (server.data / "scores" / "military.csv").read_text(encoding="utf-8").splitlines()
    added = [line for line in after if line not in before]
    assert len(after) == len(before) + 1
    assert len(added) == 1
    assert added[0].startswith("2026-11-20,mil_forward_posture,7,6,8,")


@pytest.mark.parametrize(
    "claims",
    [
        {"host": "dashboard.example"},
        {"headers": {"X-Forwarded-For": "203.0.113.9"}},
        {"headers": {"Forwarded": "for=203.0.113.9"}},
        {"headers": {"X-Real-IP": "203.0.113.9"}},
    ],
    ids=["foreign-host", "x-forwarded-for", "forwarded", "x-real-ip"],
)
def test_a_request_that_is_not_local_saves_nothing(
    local: Any, forged: list[WidgetState], claims: dict[str, Any]
) -> None:
    if "host" in claims:
        claims = {"host": f"{claims['host']}:{urlsplit(local.url).port}"}
    assert_refused(local, forged, **claims)


@pytest.mark.parametrize("key", ["", "a-key-that-somebody-guessed"])
def test_whoever_lacks_the_key_saves_nothing_on_this_machine_and_is_told_where_it_is(
    local: Any, forged: list[WidgetState], key: str
) -> None:
    assert_refused(local, forged, key=key)
    with Session(local.url, "update", QUERY, key=key) as session:
        assert "address with the key that the server printed" in session.run().text


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "http://localhost:9999", "https://localhost", "http://0.0.0.0", "localhost", "null"],
)
def test_a_page_of_another_origin_opens_no_session_whatever_its_browser_holds(local: Any, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused, Session(local.url, headers={"Origin": origin}):
        pass
    assert refused.value.response.status_code == 403


def test_the_servers_own_page_opens_a_session_and_records(local: Any) -> None:
    with Session(local.url, "update", QUERY, headers={"Origin": local.url}) as session:
        assert can_save(session.run().controls)


def test_the_server_prints_the_address_that_carries_the_key_and_no_other_host_is_asked(serve: Serve) -> None:
    with serve(ROOT / "app.py", environment=CODER | {"TENSION_KEY": ""}) as server:
        printed = re.search(rf"{server.url}/\?key=(\S+)", server.log.read_text(encoding="utf-8"))
        assert printed
        with Session(server.url, "update", QUERY) as session:
            assert not can_save(session.run().controls)
        with Session(server.url, "update", QUERY, key=printed[1]) as session:
            assert can_save(session.run().controls)


def test_files_are_taken_from_a_session_that_may_record_and_only_so_many(local: Any) -> None:
    with Session(local.url, "method") as stranger, Session(local.url, "update", QUERY) as editor:
        stranger.run()
        editor.run()
        refused = Upload(local, stranger.id, 1000)
        assert refused.status == 403
        assert set(refused.told) == {"status", "error", "problems"}
        assert Upload(local, editor.id, 1000).status == 204
        statuses = [Upload(local, editor.id, 5 * 2**20 - 2000).status for _ in range(4)]
        assert statuses == [204, 204, 204, 413]


def test_states_that_no_page_sends_leave_no_error_and_no_trace(local: Any) -> None:
    start = local.log.stat().st_size
    with Session(local.url, "dimension", key="") as session:
        controls = session.run().controls
        for control in controls.values():
            for kind, value in FORGED.items():
                assert not session.run([WidgetState(id=control.id, **{kind: value})]).failures
    for forged in (
        ask_for_run("", "", [WidgetState(id=f"unknown-{n}", string_value="x" * 1000) for n in range(15)]),
        ask_for_run("", "", [WidgetState(id="$$ID-0-x", string_value="x" * 1_100_000)]),
        b"no message",
        "text",
    ):
        with Session(local.url) as session:
            session.connection.send(forged)
            assert hung_up(session)
    assert "Traceback" not in local.log.read_bytes()[start:].decode()


def test_a_server_open_to_the_network_saves_nothing_without_sign_in(serve: Serve, forged: list[WidgetState]) -> None:
    with serve(ROOT / "app.py", environment=CODER, address="0.0.0.0") as server:
        assert_refused(server, forged)


def test_a_signed_out_client_saves_nothing(serve: Serve, forged: list[WidgetState]) -> None:
    with serve(ROOT / "app.py", environment=CODER, secrets=SIGN_IN) as server:
        assert_refused(server, forged)


def test_a_secrets_file_that_cannot_be_read_is_not_taken_for_none(serve: Serve, forged: list[WidgetState]) -> None:
    with serve(ROOT / "app.py", environment=CODER, secrets=SIGN_IN.replace("[auth]", "[auth")) as server:
        before = contents(server.data)
        with Session(server.url, "update", QUERY) as session:
            assert not session.run().controls
            session.run(forged)
        assert contents(server.data) == before
        assert "Error parsing secrets file" in server.log.read_text(encoding="utf-8")


def test_where_viewing_is_for_members_a_stranger_gets_neither_page_nor_route(serve: Serve) -> None:
    with serve(ROOT / "app.py", environment={"TENSION_MEMBERS_ONLY": "1"}, secrets=SIGN_IN) as server:
        with Session(server.url, headers={"X-Forwarded-For": "203.0.113.9"}, key="") as session:
            run = session.run()
        assert "for members" in run.text
        assert set(run.controls) == {"Sign in"}
        assert Upload(server, session.id, 1000).status == 403
        for path in CLOSED_TO_STRANGERS:
            with pytest.raises(HTTPError) as refused:
                urlopen(f"{server.url}/{path}", timeout=60)
            assert refused.value.code == 403
            assert refused.value.headers.get_content_type() == "application/json"
            assert set(json.loads(refused.value.read())) == {"status", "error", "problems"}
        with urlopen(f"{server.url}/healthz", timeout=60) as answer:
            assert "digest" not in json.loads(answer.read())
        with urlopen(f"{server.url}/_stcore/host-config", timeout=60) as answer:
            assert json.loads(answer.read())["allowedOrigins"] == []


def test_viewing_for_members_without_sign_in_is_closed_to_all_also_to_this_machine(serve: Serve) -> None:
    with serve(ROOT / "app.py", environment=CODER | {"TENSION_MEMBERS_ONLY": "1"}) as server:
        with Session(server.url) as session:
            run = session.run()
        assert "sign-in is not set up" in run.text
        assert not run.controls


def test_the_log_tells_nobody_what_was_scored(serve: Serve) -> None:
    with serve(ROOT / "app.py", environment=CODER) as server, Session(server.url, "update", QUERY) as session:
        before = contents(server.data)
        for draft in ({**DRAFT, "score": "eleven"}, DRAFT):
            run = session.run(press_save(session.run().controls, draft))
            assert run.failures == []
        assert contents(server.data) != before
        log = server.log.read_text(errors="replace")
    for told in (DRAFT["rationale"], "eleven", "7 6 8", DRAFT["indicator"]):
        assert told not in log
