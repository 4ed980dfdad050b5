"""What every answer of the server carries, and which requests it does not take."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from asking import Answer, ask
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from indicators.show.protection import LARGEST_BODY, LONGEST_ADDRESS, Protection
from indicators.show.terms import read_terms

SECRET = "/home/someone/data"


def serve(**environment: str) -> Starlette:
    """A small application under the protection."""

    async def fail(_: Request) -> Response:
        raise OSError(f"no such file: {SECRET}")

    async def read(request: Request) -> Response:
        return PlainTextResponse(str(len(await request.body())))

    return Starlette(
        routes=[
            Route("/", lambda _: PlainTextResponse("page")),
            Route("/api/series.json", lambda _: PlainTextResponse("{}")),
            Route("/healthz", lambda _: PlainTextResponse("{}")),
            Route("/read", read, methods=["POST"]),
            Route("/fails", fail),
        ],
        middleware=[Middleware(Protection, terms=read_terms(environment, ["sha256-abc="]))],
    )


def policy(answer: Answer) -> dict[str, str]:
    """The content security policy, by directive."""
    parts = answer.headers["content-security-policy"].split("; ")
    return {name: value for name, _, value in (part.partition(" ") for part in parts)}


def test_a_page_runs_the_scripts_of_this_server_only() -> None:
    rules = policy(ask(serve(), "/"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == "'self' 'sha256-abc='"
    assert "unsafe-eval" not in str(rules)
    assert rules["connect-src"] == "'self'"


def test_what_answers_programs_may_do_nothing_in_a_browser() -> None:
    assert policy(ask(serve(), "/api/series.json")) == {"default-src": "'none'", "frame-ancestors": "'none'"}


@pytest.mark.parametrize("path", ["/", "/api/series.json", "/nowhere", "/fails"])
def test_every_answer_keeps_browsers_from_guessing_and_telling(path: str) -> None:
    headers = ask(serve(), path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]


def test_pages_are_framed_by_the_named_origins_only() -> None:
    assert policy(ask(serve(), "/"))["frame-ancestors"] == "'self'"
    named = serve(TENSION_FRAME_ANCESTORS="https://news.example https://*.think.example")
    assert policy(ask(named, "/"))["frame-ancestors"] == "https://news.example https://*.think.example"


@pytest.mark.parametrize("value", ["*; script-src *", "news.example", "https://a.example\r\nX: y"])
def test_an_ancestor_that_is_no_origin_stops_the_start(value: str) -> None:
    with pytest.raises(ValueError, match="TENSION_FRAME_ANCESTORS"):
        read_terms({"TENSION_FRAME_ANCESTORS": value})


@pytest.mark.parametrize(
    "value", ["https://tension.example/path", "ftp://tension.example", "tension.example:80", "a b"]
)
def test_a_host_that_is_no_name_stops_the_start(value: str) -> None:
    with pytest.raises(ValueError, match="TENSION_HOSTS"):
        read_terms({"TENSION_HOSTS": value})


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("tension.example", 200),
        ("Tension.Example:8501", 200),
        ("tension.example.", 200),
        ("eu.team.example", 200),
        ("team.example", 400),
        ("evil.example", 400),
        ("tension.example.evil.example", 400),
        ("", 400),
    ],
)
def test_the_server_answers_under_its_names_only(host: str, status: int) -> None:
    app = serve(TENSION_HOSTS="tension.example, *.team.example")
    answer = ask(app, "/", host=host)
    assert answer.status == status
    if status == 400:
        assert set(answer.json) == {"status", "error", "problems"}
    assert ask(app, "/healthz", host="10.0.0.7:8501").status == 200


def test_without_named_hosts_any_name_will_do() -> None:
    assert ask(serve(), "/", host="anything.example").status == 200


def test_an_address_longer_than_any_link_is_refused() -> None:
    assert ask(serve(), "/?x=" + "y" * (LONGEST_ADDRESS - 4)).status == 200
    assert ask(serve(), "/?x=" + "y" * LONGEST_ADDRESS).status == 414


@pytest.mark.parametrize("length", [str(LARGEST_BODY + 1), "9" * 40])
def test_a_body_that_says_it_is_too_large_is_refused_unread(length: str) -> None:
    assert ask(serve(), "/read", "POST", content_length=length).status == 413


@pytest.mark.parametrize("length", ["-1", "many", "1.5"])
def test_a_length_that_is_no_number_is_refused(length: str) -> None:
    assert ask(serve(), "/read", "POST", content_length=length).status == 400


def test_a_body_that_is_larger_than_it_said_is_refused() -> None:
    assert ask(serve(), "/read", "POST", body=b"x" * LARGEST_BODY).text == str(LARGEST_BODY)
    assert ask(serve(), "/read", "POST", body=b"x" * (LARGEST_BODY + 1)).status == 413


def test_a_failure_tells_readers_neither_where_nor_what() -> None:
    answer = ask(serve(), "/fails")
    assert answer.status == 500
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text
    assert set(answer.json) == {"status", "error", "problems"}


def test_the_running_server_has_the_hashes_of_its_own_page() -> None:
    from indicators.dashboard.streamlit_internals import hash_inline_scripts

    hashes = hash_inline_scripts()
    assert hashes
    assert all(hash.startswith("sha256-") for hash in hashes)


def converse(app: Any, scope: dict[str, Any], *received: Message) -> list[Message]:
    """What an application sends when it is called with a scope and gets some messages."""
    waiting, sent = list(received), []

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, app(scope, receive, send)).result()
    return sent


@pytest.mark.parametrize(
    ("host", "answer"), [("tension.example.org", "websocket.accept"), ("evil.org", "websocket.close")]
)
def test_a_socket_is_opened_under_the_servers_names_only(host: str, answer: str) -> None:
    async def accept(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})

    guarded = Protection(accept, read_terms({"TENSION_HOSTS": "tension.example.org"}, []))
    scope = {"type": "websocket", "path": "/_stcore/stream", "headers": [(b"host", host.encode())]}
    assert converse(guarded, scope, {"type": "websocket.connect"})[0]["type"] == answer


def test_the_start_and_the_stop_of_the_server_pass() -> None:
    async def start(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})

    guarded = Protection(start, read_terms({}, []))
    sent = converse(guarded, {"type": "lifespan"}, {"type": "lifespan.startup"})
    assert sent == [{"type": "lifespan.startup.complete"}]


def test_an_answer_that_breaks_off_ends_the_connection() -> None:
    async def fail(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise OSError(SECRET)

    guarded = Protection(fail, read_terms({}, []))
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
    with pytest.raises(ConnectionError) as caught:
        converse(guarded, scope)
    assert SECRET not in str(caught.value)
