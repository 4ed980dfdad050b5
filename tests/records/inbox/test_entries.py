"""What feeds say becomes clean text and one form of address; what they could do besides does not happen."""

import contextlib
import datetime as dt

import pytest

from indicators.records.inbox.addresses import clean_address, identify_address, name_item
from indicators.records.inbox.apart import FeedError, read_apart
from indicators.records.inbox.entry import Entry
from indicators.records.inbox.formats import FormatError, clean_text, read_entries
from indicators.records.inbox.items import fits_words
from tests.records.inbox.feed_server import BOMB, item, rss


@pytest.mark.parametrize(
    ("address", "clean"),
    [
        ("HTTPS://News.Example:443/a/?utm_source=x&id=7&fbclid=1#top", "https://news.example/a/?id=7"),
        ("http://news.example", "http://news.example/"),
        ("", "https://base.example/feed.xml"),
        ("/a b/ü", "https://base.example/a%20b/%C3%BC"),
        ("//other.example/x", "https://other.example/x"),
        ("https://münchen.example/", "https://xn--mnchen-3ya.example/"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("https://user:word@news.example/", ""),
        ("https://news.example:99999/", ""),
        ("https://news.example/" + "a" * 3000, ""),
    ],
)
def test_an_address_is_brought_into_one_form_or_left_out(address: str, clean: str) -> None:
    assert clean_address(address, "https://base.example/feed.xml") == clean


def test_addresses_of_one_page_are_one_item() -> None:
    same = ["https://www.news.example/a/", "http://news.example/a", "https://news.example/a?utm_medium=rss#x"]
    assert len({identify_address(url) for url in same}) == len({name_item(url) for url in same}) == 1
    assert name_item("https://news.example/a?id=1") != name_item("https://news.example/a?id=2")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  Two\n lines&amp;more\u200b ", "Two lines&more"),
        ("<b>Bold</b> &lt;script&gt;x&lt;/script&gt;", "Bold x"),
        ("=1+1", "1+1"),
        ("+-@ start", "start"),
        ("\u202eback\u0007", "back"),
        ("===", ""),
        ("a" * 50, "a" * 9 + "…"),
    ],
)
def test_text_of_others_is_plain_text_on_one_line(text: str, clean: str) -> None:
    assert clean_text(text, 10 if text.startswith("aa") else 300) == clean


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_entities_of_a_feeds_own_are_refused_in_every_encoding(encoding: str) -> None:
    body = rss(item("&i;", "https://a.example/"), head=BOMB).decode().encode(encoding)
    with pytest.raises(FormatError, match="entities"):
        read_entries(body, "https://a.example/feed")


@pytest.mark.parametrize(
    "body",
    [
        b"<" * 300_000,
        b"<a>" * 100_000,
        b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">' + b"<url>" * 100_000,
        b"<rss><channel>" + b"<item>" * 50_000,
        b"<rss><!--" + b"<!--" * 100_000,
        b"<rss><![CDATA[" * 50_000,
        b"{" * 300_000,
        b'{"version": "https://jsonfeed.org/version/1", "items": {"a": 1}}',
        bytes(range(256)) * 1000,
    ],
    ids=lambda body: body[:12],
)
def test_what_is_malformed_without_end_brings_nothing_and_ends(body: bytes) -> None:
    with contextlib.suppress(FormatError):
        assert read_entries(body, "https://a.example/feed") == []


def test_a_feed_that_keeps_its_reader_busy_is_given_up() -> None:
    slow = item("Slow", "https://a.example/1", "1 " * 2_000_000)
    with pytest.raises(FeedError, match=r"takes longer than 0\.2 seconds"):
        read_apart(rss(slow), "https://a.example/feed", "", seconds=0.2)


def test_a_feed_that_breaks_off_in_the_middle_gives_what_came_whole() -> None:
    body = rss(item("First of two entries", "https://a.example/1"), item("Second", "https://a.example/2"))[:-60]
    assert read_entries(body, "https://a.example/")[0] == Entry(
        "First of two entries", "https://a.example/1", dt.date(2024, 7, 4), ""
    )


def test_a_list_of_sitemaps_and_a_web_page_are_named_as_such() -> None:
    with pytest.raises(FormatError, match="list of sitemaps"):
        read_entries(b"<sitemapindex></sitemapindex>", "https://a.example/")
    with pytest.raises(FormatError, match="web page"):
        read_entries(b"<!DOCTYPE html><html></html>", "https://a.example/")


@pytest.mark.parametrize(
    ("must", "must_not", "fits"),
    [
        ("", "", True),
        ("russia;moscow", "", True),
        ("RUSS", "", True),
        ("ussia", "", False),
        ("china", "", False),
        ("", "football", True),
        ("russia", "envoy", False),
        ("prussia;", "", False),
    ],
)
def test_words_that_must_or_must_not_occur_are_beginnings_of_words(must: str, must_not: str, fits: bool) -> None:
    entry = Entry("Envoys meet in Russia", "https://a.example/", None, "Talks go on.")
    assert fits_words(must, must_not, entry) is fits
