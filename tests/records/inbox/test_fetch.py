"""Fetching leads nowhere but to the public internet, by the very address that was judged, over http and https alone."""

import ipaddress
from collections.abc import Iterator

import pytest

from indicators.records.inbox.fetch import FetchError, Limits, Validators, fetch, is_public
from tests.records.inbox.feed_server import FeedServer, closed_port, serve_feeds

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
LIMITS = Limits(seconds=2, silence=1)


@pytest.fixture(scope="module")
def server() -> Iterator[FeedServer]:
    with serve_feeds() as server:
        yield server


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
        ),
        *("255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
        *(
            "64:ff9b::7f00:1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "2002:a00:1::1",
            "192.0.2.1",
            "2001:db8::1",
            "no address",
        ),
    ],
)
def test_an_address_inside_is_not_public_however_it_is_written(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])
def test_an_address_of_the_public_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("addresses", [["10.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["::ffff:127.0.0.1"], []])
def test_a_name_that_also_resolves_to_an_address_inside_is_not_asked(addresses: list[str]) -> None:
    with pytest.raises(FetchError, match=r"not on the public internet|without an address"):
        fetch("http://news.example/feed", limits=LIMITS, resolve=lambda *_: addresses)


def test_the_servers_own_machine_is_not_asked_unless_it_is_allowed_by_name(server: FeedServer) -> None:
    before = list(server.asked)
    for host in ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1"):
        with pytest.raises(FetchError):
            fetch(f"http://{host}:{server.server_port}/rss", limits=LIMITS)
    assert server.asked == before
    assert fetch(f"{server.root}/rss", limits=LIMITS, allowed=LOOPBACK).body


def test_a_name_that_resolves_differently_a_moment_later_leads_to_the_address_that_was_judged(
    server: FeedServer,
) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    url = f"http://rebind.example:{server.server_port}/rss"
    answer = fetch(url, limits=LIMITS, allowed=LOOPBACK, resolve=lambda *_: next(answers))
    assert answer.body
    with pytest.raises(FetchError, match="not on the public internet"):
        fetch(url, limits=LIMITS, allowed=LOOPBACK, resolve=lambda *_: next(answers))


@pytest.mark.parametrize("url", ["http://news.example:22/", "https://news.example:6379/", "http://news.example:443/"])
def test_no_other_port_of_a_public_host_is_asked(url: str) -> None:
    with pytest.raises(FetchError, match="leads to port"):
        fetch(url, limits=LIMITS, resolve=lambda *_: ["93.184.216.34"])


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://news.example/",
        "gopher://news.example/",
        "http:///feed",
        "http://a:b@news.example/",
        "x",
    ],
)
def test_nothing_but_plain_http_and_https_is_asked(url: str) -> None:
    with pytest.raises(FetchError):
        fetch(url, limits=LIMITS, resolve=lambda *_: pytest.fail("nothing is to be resolved"))


@pytest.mark.parametrize("path", ["to-file", "to-private", "to-metadata", "to-password", "round"])
def test_a_redirect_is_judged_like_the_first_address(server: FeedServer, path: str) -> None:
    with pytest.raises(FetchError):
        fetch(f"{server.root}/{path}", limits=LIMITS, allowed=LOOPBACK)


def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(FetchError, match=r"could not be reached|sent nothing"):
        fetch(f"http://127.0.0.1:{closed_port()}/", limits=LIMITS, allowed=LOOPBACK)


def test_plain_http_under_an_https_address_is_no_answer(server: FeedServer) -> None:
    with pytest.raises(FetchError):
        fetch(server.root.replace("http:", "https:") + "/rss", limits=LIMITS, allowed=LOOPBACK)


def test_a_request_with_what_the_server_gave_is_conditional(server: FeedServer) -> None:
    first = fetch(f"{server.root}/conditional", limits=LIMITS, allowed=LOOPBACK)
    assert first.validators == Validators('"v1"', "")
    assert fetch(f"{server.root}/conditional", first.validators, LIMITS, LOOPBACK).body is None
