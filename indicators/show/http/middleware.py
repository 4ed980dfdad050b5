"""Access to the server: which requests and sessions are accepted, how large they may be, and what every answer carries."""

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from indicators.records.errors import IndicatorsError
from indicators.show.files.card import POLICY as CARD_POLICY
from indicators.show.http.local_key import PARAMETER, fits, holds_key, take_key, write_cookie
from indicators.show.http.routes import refuse, tell
from indicators.show.links.parameters import CARDS
from indicators.show.text.terms import Terms

LONGEST_ADDRESS = 16 * 1024
"""Bytes of a page's path with its query: a draft in any script fits; nginx.conf allows as much."""

LONGEST_QUESTION = 8 * 1024
"""Bytes of an address that answers programs; the longest link of a view has about 1000."""

LARGEST_BODY = 64 * 1024
"""Bytes of a request's body; only uploads have more to say."""

LARGEST_UPLOAD = 6 * 1024 * 1024
"""Bytes of an upload with its envelope; the file itself is held to ``server.maxUploadSize`` (5 MB)."""

UPLOADS_OF_SESSION = 16 * 1024 * 1024
UPLOADS_IN_ALL = 64 * 1024 * 1024
"""Bytes of uploads that one session, and all of them, may have on the server at a time."""

PROGRAMS = ("/api/", "/feed.xml", "/healthz", f"/{CARDS}")
"""Addresses that answer programs, in JSON, CSV or Atom, or are shown in other pages; none is a page of the app."""

MEMBERS = ("/api/", "/feed.xml", f"/{CARDS}")
"""Addresses that are closed where viewing is for members, since they know no account."""

PROBES = ("/healthz", "/_stcore/health")
"""Addresses that watchers ask by number, under whatever name; they say nothing that a name should guard."""

CORE = "/_stcore/"
READERS = ("health", "stream", "host-config", "bidi-components", UPLOAD := "upload_file")
"""What a reader's page asks of the server below ``CORE``; the rest is for whoever runs it and has the key."""

HOST_CONFIG = (
    b'{"allowedOrigins":[],"useExternalAuthToken":false,"enableCustomParentMessages":false,'
    b'"enforceDownloadInNewTab":false,"metricsUrl":"","blockErrorDialogs":false,"resourceCrossOriginMode":null}'
)
"""What the page asks before it can offer to sign in; where viewing is for members it names nobody."""

SHARED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
ENCRYPTED = {"Strict-Transport-Security": "max-age=31536000"}

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Held:
    """Bytes of uploads that a session, and all sessions, have on the server."""

    own: int
    all: int


class Protection:
    """Holds requests to an application to some terms, and puts the headers on its answers.

    ``key`` is the local key. ``uploads`` tells what a session holds, or None where it may not upload;
    ``is_message`` whether what comes over a session's socket can come from a page of this server. ``modules`` are the
    addresses, seen from a page, of scripts that its browser fetches while the page still starts.
    """

    def __init__(
        self,
        app: ASGIApp,
        terms: Terms,
        key: str = "",
        uploads: Callable[[str], Held | None] = lambda _: None,
        is_message: Callable[[bytes], bool] = lambda _: True,
        modules: Iterable[str] = (),
    ) -> None:
        self.app = app
        self.terms = terms
        self.key = key
        self.uploads = uploads
        self.is_message = is_message
        self.early = ", ".join(f"<{address}>; rel=modulepreload" for address in modules)
        self._coming: Counter[str] = Counter()
        self._warned = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] == "websocket":
            await self._pass_socket(scope, receive, send)
        elif scope["type"] == "http":
            await self._pass_request(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _pass_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refuse_host(scope) or self._refuse_origin(scope) or self._refuse_core(scope)
        if refusal is None:
            await self.app(_as_asked(scope, self.terms), self._check_messages(receive), send)
            return
        # Status 403 without the words: uvicorn would write a line to the log for each refusal that has some.
        await receive()
        await send({"type": "websocket.close", "code": 1008})

    def _check_messages(self, receive: Receive) -> Receive:
        """Hang up on whoever sends what no page of this server sends: Streamlit would log each with its traceback."""

        async def take() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive" and not self.is_message(message.get("bytes") or b""):
                return {"type": "websocket.disconnect", "code": 1008}
            return message

        return take

    async def _pass_request(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope["path"])
        started = False
        taken = 0
        most = LARGEST_UPLOAD if _core(path)[:1] == [UPLOAD] else LARGEST_BODY

        async def answer(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self._complete(MutableHeaders(scope=message), scope, path)
            await send(message)

        async def take() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise LargeBodyError
            return message

        refusal = self._refuse(scope, most) or self._take_key(scope) or self._tell_members(path)
        try:
            if refusal is None:
                with _Coming(self._coming, _session(path), _length(scope, most)):
                    await self.app(scope, take, answer)
                return
        except LargeBodyError:
            refusal = refuse(413, "the request is too large for this address")
        except Exception:
            _log.exception("no answer to %s", path)
            refusal = refuse(500, "the answer could not be made; see the server's log")
        if started:  # half an answer cannot be taken back: the connection ends, so that nobody takes it for whole
            raise ConnectionError("the answer broke off")
        if most == LARGEST_UPLOAD:
            await _let_pass(receive, most - taken)
        await refusal(scope, receive, answer)

    def _refuse(self, scope: Scope, most: int) -> ASGIApp | None:
        """What is wrong with a request before its body is read."""
        path, headers = str(scope["path"]), Headers(scope=scope)
        if path not in PROBES and (refusal := self._refuse_host(scope)):
            return refusal
        longest = LONGEST_QUESTION if path.startswith(PROGRAMS) else LONGEST_ADDRESS
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > longest:
            return refuse(414, f"the address is longer than {longest} bytes")
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            return refuse(400, "the length of the request is not a number")
        if len(length) > 15 or int(length) > most:
            return refuse(413, "the request is too large for this address")
        if scope["method"] not in ("GET", "HEAD", "OPTIONS") and (refusal := self._refuse_origin(scope)):
            return refusal
        if self.terms.members_only and path.startswith(MEMBERS):
            return refuse(403, "this dashboard is for members only, and this address has no sign-in")
        return self._refuse_core(scope) or self._refuse_upload(scope, most)

    def _refuse_host(self, scope: Scope) -> ASGIApp | None:
        given = Headers(scope=scope).getlist("host")
        if self.terms.answers_to(given[0]) if len(given) == 1 else not given and not self.terms.hosts:
            return None
        return refuse(400, "this server does not answer under that name")

    def _refuse_origin(self, scope: Scope) -> ASGIApp | None:
        headers = Headers(scope=scope)
        origins = headers.getlist("origin")
        if not origins or (len(origins) == 1 and self.terms.takes_origin(origins[0], headers.get("host", ""))):
            return None
        if not self._warned:  # once: whoever asks thousands of times must not fill the log
            self._warned = True
            _log.warning(
                "refused a page of %.200r under the host %.200r; TENSION_HOSTS names other origins that may ask",
                origins[0],
                headers.get("host", ""),
            )
        return refuse(403, "pages of another origin may not ask this server")

    def _refuse_core(self, scope: Scope) -> ASGIApp | None:
        """Close what Streamlit tells about the server to all but whoever has the key."""
        parts = _core(str(scope["path"]))
        if not parts or parts[0] in READERS or self._holds_key(scope):
            return None
        return refuse(403, "this address is for the operator of the server, and needs the key")

    def _refuse_upload(self, scope: Scope, most: int) -> ASGIApp | None:
        session = _session(str(scope["path"]))
        if not session or scope["method"] == "OPTIONS":
            return None
        held = self.uploads(session)
        if held is None:
            return refuse(403, "only editors can upload files, on the page that asks for them")
        length = _length(scope, most) if scope["method"] != "DELETE" else 0
        if held.own + self._coming[session] + length > UPLOADS_OF_SESSION:
            return refuse(413, "this session has reached its limit of uploads; remove files, or reload the page")
        if held.all + self._coming.total() + length > UPLOADS_IN_ALL:
            return refuse(
                503, "the server has reached its limit of uploads; try again later", headers={"Retry-After": "60"}
            )
        return None

    def _take_key(self, scope: Scope) -> ASGIApp | None:
        """Send whoever comes by the address with the key on to the one without it, and have their browser keep it."""
        path, query = str(scope["path"]), scope["query_string"].decode("latin-1")
        if scope["method"] not in ("GET", "HEAD") or path.startswith(PROGRAMS) or _core(path):
            return None
        if PARAMETER not in parse_qs(query, keep_blank_values=True):
            return None
        given, rest = take_key(query)
        # A path that starts with two slashes would be read as another host.
        place = "/" + path.lstrip("/")
        answer = RedirectResponse(f"{place}?{rest}" if rest else place, 303, {"Cache-Control": "no-store"})
        if fits(self.key, given):
            host = Headers(scope=scope).get("host", "")
            answer.headers["Set-Cookie"] = write_cookie(self.key, host, _encrypted(scope))
        return answer

    def _tell_members(self, path: str) -> ASGIApp | None:
        asked = self.terms.members_only and _core(path) == ["host-config"]
        return tell(HOST_CONFIG) if asked else None

    def _holds_key(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        return holds_key(self.key, headers.get("host", ""), cookie_parser(headers.get("cookie", "")))

    def _complete(self, headers: MutableHeaders, scope: Scope, path: str) -> None:
        program = path.startswith(PROGRAMS)
        headers.update(SHARED)
        headers["Content-Security-Policy"] = self._find_policy(path)
        headers["Cross-Origin-Resource-Policy"] = "cross-origin" if program else "same-origin"
        if not program:
            headers["Cross-Origin-Opener-Policy"] = "same-origin"
            if self.early and headers.get("content-type", "").startswith("text/html"):
                headers["Link"] = self.early
        if _encrypted(scope):
            headers.update(ENCRYPTED)
        if varied := headers.getlist("vary"):  # each layer that compresses adds its own
            named = dict.fromkeys(name.strip() for line in varied for name in line.split(",") if name.strip())
            headers["Vary"] = ", ".join(named)

    def _find_policy(self, path: str) -> str:
        if path.startswith(f"/{CARDS}"):
            return CARD_POLICY
        return "default-src 'none'; frame-ancestors 'none'" if path.startswith(PROGRAMS) else self.terms.page_policy


class _Coming:
    """Counts an upload as held while it is on its way, so that many at once stay within the bounds."""

    def __init__(self, coming: Counter[str], session: str, length: int) -> None:
        self.coming, self.session, self.length = coming, session, length

    def __enter__(self) -> None:
        if self.session:
            self.coming[self.session] += self.length

    def __exit__(self, *_: object) -> None:
        if self.session:
            self.coming[self.session] -= self.length
            self.coming += Counter()  # forgets the sessions that have nothing on its way


class LargeBodyError(IndicatorsError):
    """A body went on beyond what its address takes."""


def _core(path: str) -> list[str]:
    """The parts of a path below ``CORE``, wherever that stands: a deep link's page asks below its own path."""
    _, found, rest = re.sub("/+", "/", path).partition(CORE)
    return rest.split("/") if found else []


def _session(path: str) -> str:
    """The session that an upload is for."""
    parts = _core(path)
    return parts[1] if len(parts) > 1 and parts[0] == UPLOAD else ""


def _length(scope: Scope, most: int) -> int:
    """What a request says of its length; one that says nothing may be as long as any."""
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isdigit() else most


async def _let_pass(receive: Receive, most: int) -> None:
    """Read and forget a refused upload: a browser that still sends does not hear why it was refused."""
    more = True
    while more and most > 0:
        message = await receive()
        most -= len(message.get("body", b""))
        more = message["type"] == "http.request" and message.get("more_body", False)


def _encrypted(scope: Scope) -> bool:
    return scope.get("scheme") in ("https", "wss") or Headers(scope=scope).get("x-forwarded-proto") == "https"


def _as_asked(scope: Scope, terms: Terms) -> Scope:
    """The request under the name by which its page knows the server, which Streamlit holds its origin against.

    Without it Streamlit would ask other hosts for this machine's address, and everybody would wait.
    """
    headers = Headers(scope=scope)
    if "origin" not in headers:
        return scope
    host = terms.takes_origin(headers["origin"], headers.get("host", ""))
    kept = [(name, value) for name, value in scope["headers"] if name.lower() != b"host"]
    return {**scope, "headers": [*kept, (b"host", host.encode("latin-1"))]}
