"""What every answer of the server carries and what every request keeps to: headers, limits, names of the host."""

import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from indicators.show.api import refuse

LONGEST_ADDRESS = 8192
"""Bytes of a path with its query; the longest link of a view has about 1000."""

LARGEST_BODY = 64 * 1024
"""Bytes of a request's body; only uploads have more to say."""

UPLOADS = "/_stcore/upload_file/"
LARGEST_UPLOAD = 6 * 1024 * 1024
"""Bytes of an upload with its envelope; the file itself is held to ``server.maxUploadSize`` (5 MB)."""

PROGRAMS = ("/api/", "/feed.xml", "/healthz")
"""Addresses that answer programs, in JSON, CSV or Atom; what they send is never a page."""

PROBES = ("/healthz", "/_stcore/health")
"""Addresses that watchers ask by number, under whatever name; they say nothing that a name should guard."""

SHARED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

_ANCESTOR = re.compile(r"'self'|'none'|https?://[a-z0-9*.-]+(:[0-9]+)?", re.IGNORECASE)
_HOST = re.compile(r"(\*\.)?[a-z0-9.-]+|\[[0-9a-f:]+\]", re.IGNORECASE)

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Terms:
    """Under which names the server answers (none: all), who may frame its pages, and which inline scripts they hold."""

    hosts: tuple[str, ...] = ()
    ancestors: str = "'self'"
    scripts: tuple[str, ...] = ()

    @property
    def page_policy(self) -> str:
        """The content security policy of pages.

        Streamlit writes its styles while it runs, hence ``unsafe-inline`` for styles; its charts draw pictures from
        ``data:`` and ``blob:``. Scripts come from the server's own files alone.
        """
        hashes = "".join(f" '{script}'" for script in self.scripts)
        return "; ".join(
            (
                "default-src 'none'",
                f"script-src 'self'{hashes}",
                "style-src 'self' 'unsafe-inline'",
                "img-src 'self' data: blob:",
                "font-src 'self' data:",
                "connect-src 'self'",
                "worker-src 'self' blob:",
                "manifest-src 'self'",
                "base-uri 'none'",
                "form-action 'self'",
                f"frame-ancestors {self.ancestors}",
            )
        )


def read_terms(environment: Mapping[str, str], scripts: Iterable[str] = ()) -> Terms:
    """Return the terms that ``TENSION_HOSTS`` (separated by commas) and ``TENSION_FRAME_ANCESTORS`` (by blanks) set.

    A host is a name without port, or ``*.`` and a domain. ``scripts`` are the hashes of inline scripts, as in
    ``sha256-…``. ``ValueError`` for what is neither a name nor an origin, since it would end up in a header.
    """
    hosts = tuple(name.strip().lower() for name in environment.get("TENSION_HOSTS", "").split(",") if name.strip())
    ancestors = environment.get("TENSION_FRAME_ANCESTORS", "").split() or ["'self'"]
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise ValueError(f"TENSION_HOSTS names hosts without port, not {host!r}")
    for ancestor in ancestors:
        if not _ANCESTOR.fullmatch(ancestor):
            raise ValueError(f"TENSION_FRAME_ANCESTORS names origins, as in https://example.org, not {ancestor!r}")
    return Terms(hosts, " ".join(ancestors), tuple(scripts))


class Protection:
    """Holds requests to an application to some terms, and puts the headers on its answers."""

    def __init__(self, app: ASGIApp, terms: Terms) -> None:
        self.app = app
        self.terms = terms

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] == "websocket":
            await self._pass_socket(scope, receive, send)
        elif scope["type"] == "http":
            await self._pass_request(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _pass_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._named(scope):
            await self.app(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1008})

    async def _pass_request(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope["path"])
        started = False
        taken = 0
        most = LARGEST_UPLOAD if path.startswith(UPLOADS) else LARGEST_BODY

        async def answer(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers.update(SHARED)
                headers["Content-Security-Policy"] = self._policy(path)
            await send(message)

        async def take() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise _TooLargeError
            return message

        refusal = self._refuse(scope, most)
        try:
            if refusal is None:
                await self.app(scope, take, answer)
                return
        except _TooLargeError:
            refusal = refuse(413, "the request is larger than this address takes")
        except Exception:
            _log.exception("no answer to %s", path)
            refusal = refuse(500, "the answer could not be made; the server's log says why")
        if started:  # half an answer cannot be taken back: the connection ends, so that nobody takes it for whole
            raise ConnectionError("the answer broke off")
        await refusal(scope, receive, answer)

    def _refuse(self, scope: Scope, most: int) -> ASGIApp | None:
        """What is wrong with a request before its body is read."""
        if not self._named(scope) and scope["path"] not in PROBES:
            return refuse(400, "this server does not answer under that name")
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LONGEST_ADDRESS:
            return refuse(414, f"the address is longer than {LONGEST_ADDRESS} bytes")
        length = Headers(scope=scope).get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            return refuse(400, "the length of the request is not a number")
        if len(length) > 15 or int(length) > most:
            return refuse(413, "the request is larger than this address takes")
        return None

    def _policy(self, path: str) -> str:
        if path.startswith(PROGRAMS):
            return "default-src 'none'; frame-ancestors 'none'"
        return self.terms.page_policy

    def _named(self, scope: Scope) -> bool:
        if not self.terms.hosts:
            return True
        given = Headers(scope=scope).getlist("host")
        name = re.sub(r":[0-9]*$", "", given[0]).lower().removesuffix(".") if len(given) == 1 else ""
        return any(name == h or (h.startswith("*.") and name.endswith(h[1:])) for h in self.terms.hosts)


class _TooLargeError(Exception):
    """A body went on beyond what its address takes."""
