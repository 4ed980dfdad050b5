"""The data over HTTP, read-only, beside the app: routes that answer with what its pages show."""

import datetime as dt
import hashlib
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

import anyio
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from indicators import __version__
from indicators.measures.blindness import PUBLIC, find_blindness
from indicators.records.encoding import write_json
from indicators.records.folder import stamp_folder
from indicators.records.storage.store import DirectoryStore, Status, Store
from indicators.show.files.card import NoCardError
from indicators.show.files.tables import ViewError
from indicators.show.http.openapi import describe_routes
from indicators.show.http.resources import JSON, RESOURCES, Question, Resource, ask, show_card
from indicators.show.links.parameters import Refusal

METHODS = ("GET", "HEAD", "OPTIONS")
THREADS = 2
"""Answers made at the same time; more would take the processor from the sessions, and each some 50 MiB for its draws."""

KEPT = 32
"""Newest answers that are kept, so that asking again costs nothing."""

LONGEST_ECHO = 200
"""Characters of a refused value, or of its name, that an error repeats."""

MOST_PROBLEMS = 20
"""Refused parameters that an error names."""

SOURCES = Path(__file__).parents[1]
"""The installed package, whose answers change when it does."""

# Starlette's CORSMiddleware says so only to whoever names an origin, and a shared cache would hand that answer on.
ANYWHERE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag",
    "X-Content-Type-Options": "nosniff",
}
PREFLIGHT = {
    "Allow": ", ".join(METHODS),
    "Access-Control-Allow-Methods": ", ".join(METHODS),
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}
FRESH = "public, max-age=60"
UNKEPT = "no-store"

Answer = Callable[[Request], Response]

_log = logging.getLogger(__name__)


def build_routes(
    open_data: Callable[[], Store],
    today: Callable[[], dt.date],
    clock: Callable[[], float] = time.time,
    site: Callable[[], str] = lambda: "",
) -> list[BaseRoute]:
    """Return the routes on the data of a store, to be given to the server.

    ``today`` is the last day that parameters may name and ``clock`` the time in seconds; ``site`` is
    the address of the publication, empty where there is none.
    """
    code = hash_sources(SOURCES)
    kept = _Kept(KEPT)

    def answer(resource: Resource) -> Answer:
        return lambda request: _answer_resource(resource, request, open_data(), today(), site().rstrip("/"), kept, code)

    answers: dict[str, Answer] = {resource.path: answer(resource) for resource in RESOURCES}
    answers["/cards/{seal}.html"] = lambda request: answer(show_card(request.path_params["seal"]))(request)
    answers["/cards/{rest:path}"] = lambda _: refuse(404, "there is no card at this address; Share makes one")
    answers["/api/openapi.json"] = lambda _: _describe(open_data(), today())
    answers["/api/{rest:path}"] = lambda _: refuse(404, "there is nothing at this address; see /api/openapi.json")
    return [*build_health(open_data, clock), *_serve(answers, THREADS)]


def build_health(
    open_data: Callable[[], Store], clock: Callable[[], float] = time.time, with_digest: bool = True
) -> list[BaseRoute]:
    """Return the one route that says whether there are good data, for whoever watches the server.

    ``with_digest`` tells whether it names the data's digest, by which somebody who has a version could tell it.
    """
    return _serve({"/healthz": lambda _: _tell_health(open_data(), clock(), with_digest)}, 1)


def hash_sources(folder: Path) -> str:
    """Return a hash of all files of a package, so that answers of another version of the code have another tag."""
    hashed = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
        content = path.read_bytes()
        hashed.update(f"{path.relative_to(folder).as_posix()} {len(content)} ".encode())
        hashed.update(content)
    return hashed.hexdigest()


def tell(content: bytes) -> Response:
    """Return an answer of the server's own, in JSON, that nobody keeps."""
    return Response(content, 200, {"Cache-Control": UNKEPT}, JSON)


def refuse(
    status: int, error: str, refusals: Iterable[Refusal] = (), headers: Mapping[str, str] = MappingProxyType({})
) -> Response:
    """Return an error in the one shape that all have: status, what is wrong, and the refused parameters.

    Of more than ``MOST_PROBLEMS`` the first are named, and the error says how many there are.
    """
    refused = list(refusals)
    problems = [
        {"parameter": r.name[:LONGEST_ECHO], "value": r.value[:LONGEST_ECHO], "reason": r.reason}
        for r in refused[:MOST_PROBLEMS]
    ]
    if len(refused) > MOST_PROBLEMS:
        error = f"{error}; the first {MOST_PROBLEMS} of {len(refused)} are named"
    content = write_json({"status": status, "error": error, "problems": problems})
    return Response(content, status, {**ANYWHERE, "Cache-Control": UNKEPT, **headers}, JSON)


def _serve(answers: Mapping[str, Answer], threads: int) -> list[BaseRoute]:
    """Return routes that are read only, each answer made in one of some threads.

    They lead into an application of their own: so Starlette refuses other methods, where it would pass them on to what
    the server has for all other addresses, and the errors have the one shape.
    """
    limiter = anyio.CapacityLimiter(threads)

    def read(answer: Answer) -> Callable[[Request], Awaitable[Response]]:
        async def respond(request: Request) -> Response:
            return await anyio.to_thread.run_sync(_try, answer, request, limiter=limiter)

        return respond

    inner = Starlette(
        routes=[
            *(Route(path, read(answer), methods=["GET"]) for path, answer in answers.items()),
            Route(
                "/{rest:path}", lambda _: Response(status_code=204, headers=ANYWHERE | PREFLIGHT), methods=["OPTIONS"]
            ),
        ],
        middleware=[Middleware(GZipMiddleware, minimum_size=500)],
        exception_handlers={
            405: lambda *_: refuse(405, "this address can only be read", headers={"Allow": PREFLIGHT["Allow"]})
        },
    )
    return [Route(path, inner) for path in answers]


def _try(answer: Answer, request: Request) -> Response:
    # Starlette's own handler of exceptions would raise them again once it has answered.
    try:
        return answer(request)
    except ViewError as error:
        return refuse(400, "some parameters were refused", error.refusals)
    except NoCardError as error:
        return refuse(404, str(error))
    except Exception:
        _log.exception("no answer to %s", request.url.path)
        return refuse(500, "the answer could not be made; see the server's log")


def _answer_resource(
    resource: Resource, request: Request, store: Store, today: dt.date, site: str, kept: "_Kept", code: str
) -> Response:
    whole = store.look().dataset
    if whole is None:
        return refuse(503, "there are no valid data to show", headers={"Retry-After": "60"})
    dataset = find_blindness(whole, PUBLIC, today).see(whole)
    question = ask(dataset, resource.path, request.query_params.multi_items(), today, site)
    tag = _tag(resource.path, question, code)
    headers = ANYWHERE | {"ETag": tag, "Cache-Control": FRESH, "Vary": "Accept-Encoding"}
    if _matches(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    name = resource.path.rpartition("/")[2]
    headers["Content-Disposition"] = f'inline; filename="{name}"'
    return Response(kept.get(tag, lambda: resource.make(question)), 200, headers, resource.media)


class _Kept:
    """The newest answers by their tag, safe to share between threads."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._lock = threading.Lock()
        self._answers: OrderedDict[str, bytes] = OrderedDict()

    def get(self, tag: str, make: Callable[[], bytes]) -> bytes:
        """Return the answer kept under a tag, or make it."""
        with self._lock:
            if tag in self._answers:
                self._answers.move_to_end(tag)
                return self._answers[tag]
        answer = make()
        with self._lock:
            self._answers[tag] = answer
            while len(self._answers) > self.most:
                self._answers.popitem(last=False)
        return answer


def _tag(path: str, question: Question, code: str) -> str:
    # Weak, since a compressed answer says the same in other bytes.
    text = repr((question.dataset.digest, code, path, question.site, question.asked))
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def _matches(header: str, tag: str) -> bool:
    known = [part.strip().removeprefix("W/") for part in header.split(",")]
    return "*" in known or tag.removeprefix("W/") in known


def _describe(store: Store, today: dt.date) -> Response:
    whole = store.look().dataset
    dataset = whole and find_blindness(whole, PUBLIC, today).see(whole)
    return Response(write_json(describe_routes(dataset)), 200, ANYWHERE | {"Cache-Control": FRESH}, JSON)


def _tell_health(store: Store, now: float, with_digest: bool) -> Response:
    edition = store.look()
    newest = max((moment for _, moment, *_ in stamp_folder(store.data)), default=None)
    status = store.status()
    readable = "last good version" if edition.report.blocking else "good"
    content = {
        "data": "none" if edition.dataset is None else readable,
        "digest": None if edition.dataset is None else edition.dataset.digest,
        "problems": len(edition.report),
        "seconds_since_change": None if newest is None else max(int(now - newest / 1e9), 0),
        "seconds_since_remote": None if status.age is None else max(int(status.age), 0),
        "remote": _tell_remote(store, status),
        "waiting": len(status.waiting),
        "version": __version__,
    }
    if not with_digest:
        del content["digest"]
    return Response(
        write_json(content), 503 if edition.dataset is None else 200, ANYWHERE | {"Cache-Control": UNKEPT}, JSON
    )


def _tell_remote(store: Store, status: Status) -> str:
    # The words of an error may hold an address or a path; readers learn only that there is one.
    if isinstance(store, DirectoryStore):
        return "none"
    return "reached" if status.age is not None and not status.error else "not reached"
