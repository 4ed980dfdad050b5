"""Saves and looks are refused where they must be, also to a client that draws no page and sends what it likes."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

import pytest
from folders import contents
from running_app import Serve
from socket_session import Session, press
from streamlit.proto.WidgetStates_pb2 import WidgetState

ROOT = Path(__file__).parents[2]
DRAFT = {
    "draft_indicator": "mil_forward_posture",
    "draft_date": "2026-11-20",
    "draft_score": "7.0",
    "draft_range": ["6.0", "8.0"],
    "draft_rationale": "Forces stay where the last review found them, close to each other.",
    "draft_events": "E0430",
}
QUERY = urlencode(DRAFT, doseq=True)
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
    assert {"draft_indicator", "draft_score", "draft_rationale", "Save"} <= set(controls)
    return [
        press(controls["Save"]),
        WidgetState(id=controls["draft_rationale"].id, string_value=DRAFT["draft_rationale"]),
    ]


def assert_refused(server: Any, forged: list[WidgetState], **claims: Any) -> None:
    """No control is sent, and the forged save changes no byte."""
    before = contents(server.data)
    with Session(server.url, "update", QUERY, **claims) as session:
        first = session.run()
        assert not first.failures
        assert not [name for name in first.controls if name.startswith("draft_") or name in ("Save", "grid")]
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
    with serve(ROOT / "app.py", environment={"TENSION_MEMBERS_ONLY": "1"}) as server:
        with Session(server.url, headers={"X-Forwarded-For": "203.0.113.9"}) as session:
            run = session.run()
        assert "for members" in run.text
        assert not run.controls
        kinds = {}
        for path in ("api/series.csv", "api/scores.csv", "feed.xml", "healthz"):
            with urlopen(f"{server.url}/{path}", timeout=60) as answer:
                kinds[path] = answer.headers.get_content_type()
    # Where there is no route, Streamlit answers with its own empty page.
    assert kinds == dict.fromkeys(kinds, "text/html") | {"healthz": "application/json"}
