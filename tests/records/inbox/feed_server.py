"""A server on loopback with feeds as they are met: good, slow, huge, broken, hostile."""

import datetime as dt
import gzip
import http.server
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import format_datetime

DAY = "Thu, 04 Jul 2024 08:00:00 GMT"


def rss(*entries: str, head: str = '<?xml version="1.0" encoding="utf-8"?>') -> bytes:
    return f'{head}<rss version="2.0"><channel><title>T</title>{"".join(entries)}</channel></rss>'.encode()


def item(title: str, link: str, day: str = DAY, summary: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link><pubDate>{day}</pubDate><description>{summary}</description></item>"


BRIGADE = item("Two brigades move towards the northern border again", "https://one.example/brigades")
ATOM = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>
<entry><title type="html">Ministry &lt;b&gt;announces&lt;/b&gt; a nuclear drill</title><link href="/drill#top"/>
<updated>2024-07-04T10:00:00Z</updated></entry></feed>"""
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {
                "url": "https://three.example/port",
                "title": "Port network fails",
                "date_published": "2024-07-04T23:30:00-05:00",
            },
            "no entry",
            {"title": 7, "url": []},
        ],
    }
).encode()
SITEMAP = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://four.example/mail</loc><news:news>
<news:publication_date>2024-07-03</news:publication_date><news:title>Mail of a ministry was read</news:title>
</news:news></url><url><loc>https://four.example/about</loc></url></urlset>"""
BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{}]>'.format(
    "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
ODD = rss(
    item("=HYPERLINK(1)", "https://odd.example/formula"),
    item("Script", "javascript:alert(1)"),
    item("File", "file:///etc/passwd"),
    item("", "https://odd.example/untitled"),
    item("Comes\u202e from\u0085 the future", "https://odd.example/future", "Thu, 04 Jul 2124 08:00:00 GMT"),
    item("Long ago", "https://odd.example/old", "Thu, 04 Jul 2019 08:00:00 GMT"),
    item("&lt;script&gt;alert(1)&lt;/script&gt; shown as text", "https://odd.example/markup"),
    item("w" * 5000, "https://odd.example/long"),
)
SAME = rss(
    item("Two brigades move again towards northern border", "https://five.example/story"),
    item("Two brigades move towards the northern border again", "https://one.example/brigades/?utm_source=x#comments",
         "Fri, 05 Jul 2024 08:00:00 GMT"),
)  # fmt: skip
LATIN = (
    '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>T</title>'
    + item("Café of the embassy closes", "https://six.example/cafe")
    + "</channel></rss>"
).encode("latin-1")

NEWS = ("Rye", "Oats", "Barley")

Answer = Callable[[http.server.BaseHTTPRequestHandler], None]


def give(body: bytes, status: int = 200, **headers: str) -> Answer:
    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in {"Content-Length": str(len(body)), **given}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def conditional(handler: http.server.BaseHTTPRequestHandler) -> None:
    known = handler.headers.get("If-None-Match") == '"v1"'
    body = b"" if known else rss(item("Observers are invited to the drill", "https://seven.example/observers"))
    give(body, 304 if known else 200, ETag='"v1"')(handler)


def today(handler: http.server.BaseHTTPRequestHandler) -> None:
    day = format_datetime(dt.datetime.now(dt.UTC))
    give(rss(*(item(f"{word} is in the news", f"https://day.example/{word}", day) for word in NEWS)))(handler)


def silent(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.server.stopped.wait(20)  # type: ignore[attr-defined]


def drip(prefix: bytes, drop: bytes) -> Answer:
    """Send a byte or two, again and again, so that the connection is never silent and never ends."""

    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.wfile.write(prefix)
        while not handler.server.stopped.wait(0.05):  # type: ignore[attr-defined]
            handler.wfile.write(drop)

    return answer


def endless(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n<rss>")
    while not handler.server.stopped.is_set():  # type: ignore[attr-defined]
        handler.wfile.write(b" " * 65536)


OK = b"HTTP/1.1 200 OK\r\n\r\n"
FEEDS: dict[str, Answer] = {
    "rss": give(rss(BRIGADE), Content_Type="application/rss+xml"),
    "atom": give(ATOM),
    "json": give(JSON, Content_Type="application/feed+json"),
    "sitemap": give(SITEMAP),
    "zipped": give(gzip.compress(rss(item("Inspections stay suspended", "https://zip.example/a"))), Content_Encoding="gzip"),
    "same-story": give(SAME),
    "odd-entries": give(ODD),
    "wrong-encoding": give(LATIN),
    "wrong-type": give(rss(item("A channel for warnings opens", "https://type.example/a")), Content_Type="text/plain"),
    "moved": give(b"", 301, Location="/rss"),
    "conditional": conditional,
    "today": today,
    "round": give(b"", 302, Location="/round"),
    "to-file": give(b"", 302, Location="file:///etc/passwd"),
    "to-private": give(b"", 302, Location="http://10.0.0.1/feed"),
    "to-metadata": give(b"", 302, Location="http://169.254.169.254/latest/meta-data/"),
    "to-password": give(b"", 302, Location="http://user:word@127.0.0.1/"),
    "silent": silent,
    "drip-body": drip(OK, b" "),
    "drip-head": drip(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
    "endless": endless,
    "bomb-gzip": give(gzip.compress(b" " * (64 << 20)), Content_Encoding="gzip"),
    "bomb-entities": give(rss(item("&i;", "https://bomb.example/"), head=BOMB)),
    "bomb-wide": give(rss(item("&i;", "https://bomb.example/"), head=BOMB).decode().encode("utf-16")),
    "entity-outside": give(rss(item("&a;", "https://bomb.example/"), head=OUTSIDE)),
    "page": give(b"<!doctype html><html><body>Hello</body></html>", Content_Type="text/html"),
    "absent": give(b"nothing here", 404),
    "failing": give(b"", 500),
    "empty": give(b""),
    "cut-off": give(rss(BRIGADE), Content_Length="100000"),
    "no-json": give(b"[" * 200_000),
    "no-feed": give(b"\x00\xff\x00 random"),
}  # fmt: skip
"""What the server answers at each path."""

FAULTS = {
    "round": "redirected more than",
    "to-file": "neither http nor https",
    "to-private": "not on the public internet",
    "to-metadata": "not on the public internet",
    "to-password": "a password",
    "silent": "sent nothing",
    "drip-body": "took longer",
    "drip-head": "",  # cut by its number of lines or by the time, whichever comes first
    "endless": "larger than",
    "bomb-gzip": "larger than",
    "bomb-entities": "entities",
    "bomb-wide": "entities",
    "entity-outside": "entities",
    "page": "web page",
    "absent": "status 404",
    "failing": "status 500",
    "empty": "empty",
    "cut-off": "could not be read",
    "no-json": "JSON Feed",
    "no-feed": "is not a feed",
}
"""Feeds that bring nothing, with words of what is said of each."""


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = self.server
        with server.counting:  # type: ignore[attr-defined]
            server.open += 1  # type: ignore[attr-defined]
            server.most = max(server.most, server.open)  # type: ignore[attr-defined]
            server.asked.append(self.path)  # type: ignore[attr-defined]
        try:
            FEEDS[self.path.strip("/")](self)
        except OSError:  # the reader has gone
            self.close_connection = True
        finally:
            with server.counting:  # type: ignore[attr-defined]
                server.open -= 1  # type: ignore[attr-defined]

    def log_message(self, *_: object) -> None:
        return


class FeedServer(http.server.ThreadingHTTPServer):
    """Answers with the feeds, and counts who asks."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.stopped, self.counting = threading.Event(), threading.Lock()
        self.open = self.most = 0
        self.asked: list[str] = []

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        return

    def write_feeds(self, names: list[str] | None = None) -> str:
        """The text of feeds.csv with some of the feeds, or all."""
        rows = [
            f"{name},Feed {name},{self.root}/{name},Publisher {name},C,,,on,https://example.org/feeds,"
            for name in sorted(names or FEEDS)
        ]
        return "\n".join(["feed,title,url,publisher,reliability,must,must_not,state,documented,note", *rows, ""])


@contextmanager
def serve_feeds() -> Iterator[FeedServer]:
    """A running server."""
    server = FeedServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stopped.set()
        server.shutdown()
        server.server_close()


def closed_port() -> int:
    """A port on which nobody answers."""
    with socket.socket() as link:
        link.bind(("127.0.0.1", 0))
        return int(link.getsockname()[1])
