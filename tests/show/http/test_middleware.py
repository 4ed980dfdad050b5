"""What every answer of the server carries, and which requests it does not take."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from indicators.records.settings import read_settings
from indicators.show.http.middleware import (
    LARGEST_BODY,
    LARGEST_UPLOAD,
    LONGEST_ADDRESS,
    LONGEST_QUESTION,
    UPLOADS_IN_ALL,
    UPLOADS_OF_SESSION,
    Held,
    Protection,
)
from indicators.show.text.terms import read_terms
from tests.show.asking import Answer, ask

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
        middleware=[Middleware(Protection, terms=read_terms(read_settings(environment), ["sha256-abc="]))],
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


def test_a_page_and_nothing_else_has_its_scripts_fetched_early() -> None:
    app = Starlette(
        routes=[
            Route("/", lambda _: HTMLResponse("<p>page</p>")),
            Route("/script.js", lambda _: Response("", media_type="text/javascript")),
            Route("/api/series.json", lambda _: PlainTextResponse("{}")),
        ],
        middleware=[Middleware(Protection, terms=read_terms(read_settings({})), modules=["./a.js", "./b.js"])],
    )
    assert ask(app, "/").headers["link"] == "<./a.js>; rel=modulepreload, <./b.js>; rel=modulepreload"
    assert "link" not in ask(app, "/script.js").headers
    assert "link" not in ask(app, "/api/series.json").headers


def test_what_answers_programs_may_do_nothing_in_a_browser() -> None:
    assert policy(ask(serve(), "/api/series.json")) == {"default-src": "'none'", "frame-ancestors": "'none'"}


def test_any_page_may_show_a_card_and_none_runs_a_script_in_it() -> None:
    answer = ask(serve(TENSION_FRAME_ANCESTORS="'none'"), "/cards/0123456789abcdef.html")
    rules = policy(answer)
    assert (rules["default-src"], rules["frame-ancestors"]) == ("'none'", "*")
    assert "script-src" not in rules
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


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
        read_terms(read_settings({"TENSION_FRAME_ANCESTORS": value}))


@pytest.mark.parametrize(
    "value", ["https://tension.example/path", "ftp://tension.example", "tension.example:80", "a b"]
)
def test_a_host_that_is_no_name_stops_the_start(value: str) -> None:
    with pytest.raises(ValueError, match="TENSION_HOSTS"):
        read_terms(read_settings({"TENSION_HOSTS": value}))


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


@pytest.mark.parametrize(("path", "most"), [("/?x=", LONGEST_ADDRESS), ("/api/series.json?", LONGEST_QUESTION)])
def test_an_address_longer_than_any_link_is_refused(path: str, most: int) -> None:
    assert ask(serve(), path + "y" * (most - len(path))).status == 200
    answer = ask(serve(), path + "y" * most)
    assert (answer.status, answer.json["status"]) == (414, 414)


def test_the_address_of_the_longest_draft_in_any_script_is_taken() -> None:
    draft = {
        "draft_rationale": "ж" * 600,
        "draft_new_fact": "ж" * 600,
        "draft_new_title": "ж" * 300,
        "draft_url": "x" * 500,
    }
    assert ask(serve(), f"/?{urlencode(draft)}").status == 200


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

    guarded = Protection(accept, read_terms(read_settings({"TENSION_HOSTS": "tension.example.org"}), []))
    scope = {"type": "websocket", "path": "/_stcore/stream", "headers": [(b"host", host.encode())]}
    assert converse(guarded, scope, {"type": "websocket.connect"})[0]["type"] == answer


def test_the_start_and_the_stop_of_the_server_pass() -> None:
    async def start(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})

    guarded = Protection(start, read_terms(read_settings({}), []))
    sent = converse(guarded, {"type": "lifespan"}, {"type": "lifespan.startup"})
    assert sent == [{"type": "lifespan.startup.complete"}]


def test_an_answer_that_breaks_off_ends_the_connection() -> None:
    async def fail(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise OSError(SECRET)

    guarded = Protection(fail, read_terms(read_settings({}), []))
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
    with pytest.raises(ConnectionError) as caught:
        converse(guarded, scope)
    assert SECRET not in str(caught.value)


# Who comes in


KEY = "the-key-of-this-test"
STREAM = "/_stcore/stream"


def knock(guarded: Protection, origin: str | None = None, host: str = "127.0.0.1:8501", **headers: str) -> Any:
    """What a handshake gets: the Host under which the application has seen it, or None where it was refused."""
    named = {"host": host, **({} if origin is None else {"origin": origin}), **headers}
    scope = {"type": "websocket", "path": STREAM, "headers": [(k.encode(), v.encode()) for k, v in named.items()]}
    sent = converse(guarded, scope, {"type": "websocket.connect"})
    return sent[0]["seen"] if sent[0]["type"] == "websocket.accept" else None


async def accept(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that takes every handshake and tells its Host."""
    await receive()
    await send({"type": "websocket.accept", "seen": Headers(scope=scope).get("host")})


def guard(**environment: str) -> Protection:
    """The protection before that application."""
    return Protection(accept, read_terms(read_settings(environment)))


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (None, "127.0.0.1:8501"),  # a program
        ("http://127.0.0.1:8501", "127.0.0.1:8501"),
        ("https://tension.example", "tension.example"),
        ("http://[::1]:8501", "[::1]:8501"),
        ("http://app_1:8501", "app_1:8501"),
    ],
)
def test_a_page_of_the_server_itself_opens_a_session(origin: str | None, host: str) -> None:
    assert knock(guard(), origin, host) == host


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "https://checkip.amazonaws.com",
        "http://localhost:8501",  # another name of this machine is another origin
        "http://127.0.0.1",
        "http://127.0.0.1:9999",
        "http://127.0.0.1:85010",
        "http://0.0.0.0:8501",
        "http://127.0.0.1:8501/",
        "http://127.0.0.1:8501@evil.example",
        "http://evil.example\\@127.0.0.1:8501",
        "http://evil.example#127.0.0.1:8501",
        "ws://127.0.0.1:8501",
        "127.0.0.1:8501",
        "null",
        "",
    ],
)
def test_a_page_of_another_origin_opens_no_session_and_streamlit_does_not_hear_of_it(origin: str) -> None:
    assert knock(guard(), origin) is None


def test_two_origins_are_none() -> None:
    scope = {
        "type": "websocket",
        "path": STREAM,
        "headers": [(b"host", b"a.example"), *[(b"origin", b"http://a.example")] * 2],
    }
    assert converse(guard(), scope, {"type": "websocket.connect"})[0]["type"] == "websocket.close"


@pytest.mark.parametrize(
    ("origin", "host", "seen"),
    [
        ("https://tension.example", "app-1:8501", "tension.example"),
        ("https://eu.team.example", "app-1:8501", "eu.team.example"),
        ("https://www.example.org:8443", "app-1:8501", "www.example.org:8443"),
        ("https://tension.example:9999", "app-1:8501", None),
        ("http://www.example.org:8443", "app-1:8501", None),
        ("https://www.example.org", "app-1:8501", None),
        ("https://tension.example.evil.example", "app-1:8501", None),
        ("https://evil/x.team.example", "app-1:8501", None),
        ("http://localhost", "localhost:8501", None),  # another page of the machine, though the name is listed
    ],
)
def test_listed_origins_open_sessions_under_the_name_that_their_readers_know(
    origin: str, host: str, seen: str | None
) -> None:
    listed = "tension.example, *.team.example, app-1, localhost, https://www.example.org:8443"
    assert knock(guard(TENSION_HOSTS=listed), origin, host) == seen


def test_origins_alone_do_not_narrow_the_names() -> None:
    app = serve(TENSION_HOSTS="https://www.example.org")
    assert ask(app, "/", host="anything.example").status == 200


@pytest.mark.parametrize(
    "host",
    [
        "localhost/evil.example",
        "localhost?.evil.example",
        "localhost#.evil",
        "[::1].evil.example",
        "x@localhost",
        "127.0.0.1:80:evil",
        "loc\talhost",
        "a.example, b.example",
        "tension.example:",
        "evil/x.team.example",
        "a@b.team.example",
        ".team.example",
    ],
)
@pytest.mark.parametrize("named", ["", "tension.example,*.team.example"])
def test_a_host_that_is_no_name_as_a_whole_is_refused(host: str, named: str) -> None:
    answer = ask(serve(TENSION_HOSTS=named), "/", host=host)
    assert answer.status == 400
    assert set(answer.json) == {"status", "error", "problems"}
    assert knock(guard(TENSION_HOSTS=named), host=host) is None


def test_thousands_of_foreign_pages_write_one_line_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    guarded = guard()
    for number in range(50):
        assert knock(guarded, f"http://evil-{number}.example") is None
    assert len(caplog.records) == 1
    assert "TENSION_HOSTS" in caplog.text


def test_a_request_that_changes_something_is_not_taken_from_another_origins_page() -> None:
    answer = ask(serve(), "/read", "POST", host="a.example", origin="http://evil.example")
    assert (answer.status, answer.json["status"]) == (403, 403)
    assert ask(serve(), "/read", "POST", host="a.example", origin="http://a.example").status == 200
    assert ask(serve(), "/api/series.json", host="a.example", origin="http://other.example").status == 200


# What a session may send


def test_a_session_that_sends_what_no_page_sends_is_hung_up_on() -> None:
    heard = []

    async def listen(scope: Scope, receive: Receive, send: Send) -> None:
        while (message := await receive())["type"] != "websocket.disconnect":
            heard.append(message.get("bytes"))

    guarded = Protection(listen, read_terms(read_settings({})), is_message=lambda message: message.startswith(b"good"))
    scope = {"type": "websocket", "path": STREAM, "headers": [(b"host", b"a.example")]}
    for bad in ({"bytes": b"bad"}, {"text": "good"}, {"bytes": None, "text": "x"}):
        messages = ({"bytes": b"good 1"}, bad, {"bytes": b"good 2"})
        converse(guarded, scope, {"type": "websocket.connect"}, *({"type": "websocket.receive", **m} for m in messages))
    assert heard == [None, b"good 1"] * 3


# The local key


def lock(**environment: str) -> Starlette:
    """A small application under the protection with a key."""

    def show(request: Request) -> Response:
        return PlainTextResponse(f"{request.url.path}?{request.url.query}")

    return Starlette(
        routes=[Route("/{rest:path}", show)],
        middleware=[Middleware(Protection, terms=read_terms(read_settings(environment)), key=KEY)],
    )


def test_the_address_with_the_key_leads_to_the_page_without_it_and_the_browser_keeps_the_key() -> None:
    answer = ask(lock(), f"/update?mean=geometric&key={KEY}", host="localhost:8501")
    assert answer.status == 303
    assert answer.headers["location"] == "/update?mean=geometric"
    assert answer.headers["set-cookie"].startswith(f"tension_key_8501={KEY}; ")
    assert {"HttpOnly", "SameSite=Strict"} <= set(answer.headers["set-cookie"].split("; "))
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("given", ["", "wrong", KEY[:-1], KEY + "x", KEY.upper()])
def test_an_address_with_another_key_leads_to_the_page_too_and_leaves_nothing(given: str) -> None:
    answer = ask(lock(), f"/?key={given}", host="localhost:8501")
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert "set-cookie" not in answer.headers


def test_the_address_with_the_key_leads_nowhere_else() -> None:
    assert ask(lock(), f"//evil.example/?key={KEY}", host="localhost").headers["location"] == "/evil.example/"


@pytest.mark.parametrize("path", ["metrics", "agent/openapi.json", "agent/mcp", "script-health-check", "new", ""])
@pytest.mark.parametrize("below", ["", "/dimension", "/"])
def test_what_streamlit_tells_about_the_server_is_for_whoever_has_the_key(path: str, below: str) -> None:
    address = f"{below}/_stcore/{path}"
    for cookie in ("", "tension_key_80=wrong", f"tension_key_8501={KEY}", f"other={KEY}"):
        answer = ask(lock(), address, host="localhost", cookie=cookie)
        assert answer.status == 403
        assert set(answer.json) == {"status", "error", "problems"}
    assert ask(lock(), address, host="localhost", cookie=f"a=b; tension_key_80={KEY}").status == 200


@pytest.mark.parametrize(
    "path", ["/_stcore/health", "/_stcore/host-config", "/dimension/_stcore/health", "/dimension", "/"]
)
def test_what_a_readers_page_asks_for_needs_no_key(path: str) -> None:
    assert ask(lock(), path, host="localhost").status == 200


def test_where_viewing_is_for_members_the_data_and_the_settings_are_closed_in_the_one_shape() -> None:
    app = lock(TENSION_MEMBERS_ONLY="1")
    for path in (
        "/api/series.csv",
        "/api/openapi.json",
        "/api/",
        "/feed.xml",
        "/cards/0123456789abcdef.html",
        "/_stcore/metrics",
        "/_stcore/upload_file/a/b",
    ):
        answer = ask(app, path, host="localhost")
        assert answer.status == 403
        assert answer.headers["content-type"] == "application/json"
        assert answer.json["status"] == 403
    assert ask(app, "/_stcore/host-config", host="localhost").json["allowedOrigins"] == []
    assert ask(app, "/healthz", host="localhost").status == 200


# Uploads


UPLOAD = "/_stcore/upload_file/{}/file-1"


def receive_uploads(held: dict[str, int]) -> Starlette:
    """An application that takes uploads for the sessions of some editors, who have uploaded so many bytes already."""

    async def read(request: Request) -> Response:
        return PlainTextResponse(str(len(await request.body())))

    def tell(session: str) -> Held | None:
        return Held(held[session], sum(held.values())) if session in held else None

    return Starlette(
        routes=[Route("/{rest:path}", read, methods=["PUT", "DELETE"])],
        middleware=[Middleware(Protection, terms=read_terms(read_settings({})), uploads=tell)],
    )


@pytest.mark.parametrize(
    "path",
    [
        UPLOAD.format("stranger"),
        "/_stcore/upload_file/",
        "/_stcore/upload_file",
        "/x" + UPLOAD.format("stranger"),
        UPLOAD.format(""),
    ],
)
@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST"])
def test_a_stranger_uploads_nothing(path: str, method: str) -> None:
    answer = ask(receive_uploads({"editor": 0}), path, method, body=b"x" * 100)
    if path.rstrip("/").endswith("upload_file"):  # no session and no file: Streamlit has no such address
        assert answer.status in (200, 405)
        return
    assert answer.status == 403
    assert set(answer.json) == {"status", "error", "problems"}


def test_an_editor_uploads_as_much_as_a_session_may_hold() -> None:
    for held, status in ((0, 200), (UPLOADS_OF_SESSION - 100, 200), (UPLOADS_OF_SESSION - 99, 413)):
        answer = ask(
            receive_uploads({"editor": held}), UPLOAD.format("editor"), "PUT", body=b"x" * 100, content_length="100"
        )
        assert answer.status == status


def test_one_that_does_not_say_how_much_comes_is_counted_with_the_most() -> None:
    app = receive_uploads({"editor": UPLOADS_OF_SESSION - LARGEST_UPLOAD + 1})
    assert ask(app, UPLOAD.format("editor"), "PUT", body=b"x").status == 413
    assert ask(app, UPLOAD.format("editor"), "DELETE").status == 200, "what is there can always be taken away"


def test_all_editors_together_upload_as_much_as_the_server_may_hold() -> None:
    others = {f"editor-{n}": UPLOADS_OF_SESSION for n in range(UPLOADS_IN_ALL // UPLOADS_OF_SESSION)}
    answer = ask(
        receive_uploads({"editor": 0, **others}), UPLOAD.format("editor"), "PUT", body=b"x", content_length="1"
    )
    assert answer.status == 503
    assert answer.headers["retry-after"] == "60"


def test_uploads_on_their_way_count_too() -> None:
    async def at_once() -> list[int]:
        gate, statuses = asyncio.Event(), []

        async def wait(scope: Scope, receive: Receive, send: Send) -> None:
            await gate.wait()
            await PlainTextResponse("taken")(scope, receive, send)

        guarded = Protection(wait, read_terms(read_settings({})), uploads=lambda _: Held(0, 0))

        async def put(number: int) -> None:
            headers = [(b"host", b"a.example"), (b"content-length", str(LARGEST_UPLOAD).encode())]
            scope = {"type": "http", "method": "PUT", "path": f"/_stcore/upload_file/s/{number}", "query_string": b""}

            async def receive() -> Message:
                return {"type": "http.disconnect"}

            async def send(message: Message) -> None:
                if message["type"] == "http.response.start":
                    statuses.append(message["status"])
                    if message["status"] != 200:
                        gate.set()

            await guarded({**scope, "headers": headers}, receive, send)

        await asyncio.gather(*(put(number) for number in range(5)))
        await put(6)  # they have come: the way is free again
        return statuses

    with ThreadPoolExecutor(1) as pool:
        statuses = pool.submit(asyncio.run, at_once()).result()
    assert sorted(statuses[:5]) == [200] * (UPLOADS_OF_SESSION // LARGEST_UPLOAD) + [413] * 3
    assert statuses[5] == 200


# What answers say


def test_a_header_that_several_layers_add_stands_once() -> None:
    def vary(_: Request) -> Response:
        answer = PlainTextResponse("x", headers={"Vary": "Accept-Encoding, Accept-Encoding"})
        answer.headers.append("Vary", "Origin, Accept-Encoding")
        return answer

    app = Starlette(routes=[Route("/", vary)], middleware=[Middleware(Protection, terms=read_terms(read_settings({})))])
    assert ask(app, "/").headers["vary"] == "Accept-Encoding, Origin"


def test_pages_are_for_their_own_origin_and_data_for_everybody() -> None:
    page, data = ask(serve(), "/").headers, ask(serve(), "/api/series.json").headers
    assert (page["cross-origin-resource-policy"], page["cross-origin-opener-policy"]) == ("same-origin", "same-origin")
    assert data["cross-origin-resource-policy"] == "cross-origin"


def test_browsers_that_came_encrypted_are_told_to_come_so_again() -> None:
    assert "strict-transport-security" not in ask(serve(), "/").headers
    told = ask(serve(), "/", x_forwarded_proto="https").headers["strict-transport-security"]
    assert int(told.removeprefix("max-age=")) >= 180 * 24 * 3600
