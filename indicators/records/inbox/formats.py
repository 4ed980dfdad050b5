"""RSS, Atom, JSON Feed and news sitemaps as entries; all that comes from outside is cleaned text here.

``python -m indicators.records.inbox.formats URL TYPE`` does so for a body on standard input, in a process of its own.
"""

import calendar
import datetime as dt
import html
import io
import json
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import feedparser
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from indicators.records.errors import IndicatorsError
from indicators.records.inbox.addresses import clean_address
from indicators.records.inbox.entry import Entry
from indicators.records.rules import starts_formula
from indicators.records.tables.inbox import TITLE_LENGTH

MOST_ENTRIES = 500
"""Entries of a feed that are looked at; feeds list the newest first."""

SUMMARY_LENGTH = 1000

_SPACE = {"sm": "http://www.sitemaps.org/schemas/sitemap/0.9", "n": "http://www.google.com/schemas/sitemap-news/0.9"}
_TAG = re.compile(r"<[^<>]{0,500}>")
_ROOT = re.compile(rb"<(?:\w+:)?(urlset|sitemapindex|rss|feed|RDF|html)\b", re.IGNORECASE)


_OPENED, _CLOSED = re.compile(rb"<[A-Za-z]"), re.compile(rb"</|/>")

MOST_UNCLOSED = 5000
"""Tags that may be left open: the time that the reader of broken feeds takes grows with their square."""


class FormatError(IndicatorsError):
    """What an address answers is no feed that can be read; the message says why, to a person."""


def read_entries(body: bytes, url: str, content_type: str = "") -> list[Entry]:
    """Return the entries of a feed in its own order, each address once; ``FormatError`` where it cannot be read.

    Entries without a title or a plain link are left out. ``url`` is the feed's own address, for relative links.
    """
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise FormatError("is empty")
    narrow = body.replace(b"\0", b"")
    # In any width of characters: a feed has no use for entities of its own, which can grow without end.
    if b"<!entity" in narrow.lower():
        raise FormatError("defines entities of its own, which no feed needs")
    if len(_OPENED.findall(narrow)) - len(_CLOSED.findall(narrow)) > MOST_UNCLOSED:
        raise FormatError("has thousands of tags that are never closed")
    root = _ROOT.search(narrow[:4096])
    kind = root[1].lower() if root else b""
    found: Iterable[Entry]
    if start.startswith((b"{", b"[")):
        found = _read_json(body)
    elif kind == b"sitemapindex":
        raise FormatError("is a list of sitemaps; name the one with the news")
    elif kind == b"urlset":
        found = _read_sitemap(body)
    elif kind == b"html":
        raise FormatError("is a web page, not a feed; look for the feed's own address on it")
    else:
        found = _read_feed(body, content_type)
    entries: dict[str, Entry] = {}
    for number, entry in enumerate(found):
        if number >= MOST_ENTRIES:
            break
        address, title = clean_address(entry.url, url), clean_text(entry.title, TITLE_LENGTH)
        if address and title:
            summary = clean_text(entry.summary, SUMMARY_LENGTH)
            entries.setdefault(address, Entry(title, address, entry.date, summary))
    return list(entries.values())


def clean_text(text: str, longest: int) -> str:
    """Return a text of others on one line: no markup, nothing invisible, no start that a spreadsheet runs."""
    plain = html.unescape(_TAG.sub(" ", html.unescape(text[: 8 * longest])))
    plain = _TAG.sub(" ", plain).replace("\u00ad", "")
    plain = " ".join("".join(c if c.isprintable() else " " for c in plain).split())
    while plain and (starts_formula(plain) or plain[0] == " "):
        plain = plain[1:]
    return plain if len(plain) <= longest else plain[: longest - 1].rstrip() + "…"


def _read_json(body: bytes) -> Iterable[Entry]:
    try:
        feed = json.loads(body)
        rows = feed["items"] if "jsonfeed.org" in str(feed["version"]) else None
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise FormatError("is not a JSON Feed") from error
    if not isinstance(rows, list):
        raise FormatError("is not a JSON Feed")
    return (
        Entry(
            _text(row, "title") or _text(row, "summary")[:TITLE_LENGTH],
            _text(row, "external_url") or _text(row, "url"),
            _read_day(_text(row, "date_published")),
            _text(row, "summary") or _text(row, "content_text"),
        )
        for row in rows
        if isinstance(row, dict)
    )


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _read_sitemap(body: bytes) -> Iterable[Entry]:
    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, DefusedXmlException, ValueError) as error:
        raise FormatError(f"is not readable XML ({str(error)[:100]})") from error
    for page in root.iterfind("sm:url", _SPACE):
        news = page.find("n:news", _SPACE)
        if news is not None:
            yield Entry(
                news.findtext("n:title", "", _SPACE),
                page.findtext("sm:loc", "", _SPACE),
                _read_day(news.findtext("n:publication_date", "", _SPACE)),
                news.findtext("n:keywords", "", _SPACE),
            )


def _read_feed(body: bytes, content_type: str) -> Iterable[Entry]:
    # Given a stream, never a text, which the library might take for an address or a file to open.
    feed = feedparser.parse(
        io.BytesIO(body),
        response_headers={"content-type": content_type} if content_type else {},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not feed.version and not feed.entries:
        reason = feed.get("bozo_exception")
        raise FormatError(f"is not a feed{f' ({str(reason)[:100]})' if reason else ''}")
    return (
        Entry(
            str(entry.get("title", "")),
            str(entry.get("link", "")),
            _day_of(entry.get("published_parsed") or entry.get("updated_parsed")),
            str(entry.get("summary", "")),
        )
        for entry in feed.entries
    )


def _day_of(parsed: Any) -> dt.date | None:
    try:
        return dt.datetime.fromtimestamp(calendar.timegm(parsed), dt.UTC).date() if parsed else None
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _read_day(text: str) -> dt.date | None:
    try:
        moment = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return (moment.astimezone(dt.UTC) if moment.tzinfo else moment).date()


def _answer(body: bytes, url: str, content_type: str) -> dict[str, Any]:
    try:
        found = read_entries(body, url, content_type)
    except FormatError as error:
        return {"fault": str(error)}
    return {"entries": [[e.title, e.url, e.date and e.date.isoformat(), e.summary] for e in found]}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_answer(sys.stdin.buffer.read(), *sys.argv[1:3])))
