"""Fetch one address from the public internet within limits: of time, size, redirects, schemes, ports and networks.

The host's name is resolved here, each of its addresses is judged, and the connection goes to the very address that was
judged, so that a name which resolves differently a moment later leads nowhere else. Proxies of the environment are not
used: they would resolve the name again.
"""

import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from indicators import __version__
from indicators.records.errors import IndicatorsError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Iterable[str]]
"""The addresses of a host's name."""

PORTS = {"http": 80, "https": 443}
"""Schemes that are followed, and the only port of each, but in networks that are allowed by name."""

REDIRECTS = (301, 302, 303, 307, 308)
ACCEPTED = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"

_CHUNK = 1 << 16
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")


class FetchError(IndicatorsError):
    """An address could not be fetched, or must not be; the message says why, to a person."""


@dataclass(frozen=True)
class Limits:
    """What one fetch may take: seconds in all and of silence, bytes of the body after decompression, redirects."""

    seconds: float = 20.0
    silence: float = 8.0
    size: int = 2 << 20
    redirects: int = 3


@dataclass(frozen=True)
class Validators:
    """What a server gave with its last answer, by which it can say that nothing has changed."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True)
class Answer:
    """What a server answered in the end; ``body`` is nothing where it says that nothing has changed."""

    url: str
    body: bytes | None
    content_type: str = ""
    validators: Validators = Validators()


def resolve_host(host: str, port: int) -> list[str]:
    """Return the addresses of a host's name, as the system resolves it."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def is_public(address: str) -> bool:
    """Return whether an address is one of the public internet, also where it wraps one of version 4 in version 6."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def fetch(
    url: str,
    known: Validators = Validators(),
    limits: Limits = Limits(),
    allowed: tuple[Network, ...] = (),
    resolve: Resolve = resolve_host,
) -> Answer:
    """Return what an address answers; ``FetchError`` where it does not, or leads where nothing may be fetched.

    ``known`` makes the request conditional. ``allowed`` are networks besides the public internet; in these any port may
    be asked.
    """
    end = time.monotonic() + limits.seconds
    for _ in range(limits.redirects + 1):
        answer = _ask(url, known, limits, allowed, resolve, end)
        if isinstance(answer, Answer):
            return answer
        if url.startswith("https:") and answer.startswith("http:"):
            raise FetchError(f"is redirected from https to {answer[:200]}, which is not encrypted")
        url = answer
    raise FetchError(f"is redirected more than {limits.redirects} times")


def _ask(
    url: str, known: Validators, limits: Limits, allowed: tuple[Network, ...], resolve: Resolve, end: float
) -> Answer | str:
    """The answer, or the address to which the server redirects."""
    scheme, host, port, target = _take_apart(url)
    address = _choose_address(host, port, scheme, allowed, resolve)
    connection = _open(scheme, host, address, port, limits)
    # A server that drips bytes is never silent: at the end of its time its connection is cut.
    cut = threading.Timer(max(end - time.monotonic(), 0), _cut, (connection,))
    cut.daemon = True
    cut.start()
    try:
        connection.connect()
        standard = PORTS[scheme] == port
        shown = f"[{host}]" if ":" in host else host
        headers = {
            "Host": shown if standard else f"{shown}:{port}",
            "User-Agent": f"tension-indicators/{__version__} (feed reader)",
            "Accept": ACCEPTED,
            "Accept-Encoding": "gzip",
            **({"If-None-Match": known.etag} if known.etag else {}),
            **({"If-Modified-Since": known.modified} if known.modified else {}),
        }
        connection.request("GET", target, headers=headers, preload_content=False)
        return _read(connection.getresponse(), url, limits, end)
    except (HTTPError, OSError, ValueError) as error:
        if time.monotonic() >= end:
            raise FetchError(f"took longer than {limits.seconds:g} seconds") from error
        raise FetchError(_explain(error, limits)) from error
    finally:
        cut.cancel()
        connection.close()


def _take_apart(url: str) -> tuple[str, str, int, str]:
    try:
        parts = urlsplit(url)
        host, given = (parts.hostname or "").encode("idna").decode(), parts.port
    except (ValueError, UnicodeError) as error:
        raise FetchError(f"is not a valid address: {url[:200]}") from error
    if parts.scheme not in PORTS:
        raise FetchError(f"leads to {url[:200]}, which is neither http nor https")
    if not host or parts.username is not None or parts.password is not None:
        raise FetchError("names no host, or a password; write http://host/path")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, host, given or PORTS[parts.scheme], target


def _choose_address(host: str, port: int, scheme: str, allowed: tuple[Network, ...], resolve: Resolve) -> str:
    try:
        addresses = list(resolve(host, port))
    except (OSError, UnicodeError) as error:
        raise FetchError(f"has an unknown host: {host}") from error
    for address in addresses:
        by_name = _is_allowed(address, allowed)
        if not by_name and not is_public(address):
            raise FetchError(f"leads to {host}, which is not on the public internet")
        if not by_name and port != PORTS[scheme]:
            raise FetchError(f"leads to port {port} of {host}; only {PORTS[scheme]} is allowed")
    if not addresses:
        raise FetchError(f"has a host without an address: {host}")
    return addresses[0]


def _is_allowed(address: str, allowed: tuple[Network, ...]) -> bool:
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return any(ip.version == network.version and ip in network for network in allowed)


def _open(scheme: str, host: str, address: str, port: int, limits: Limits) -> HTTPConnection:
    silence = min(limits.silence, limits.seconds)
    if scheme == "http":
        return HTTPConnection(address, port, timeout=silence)
    return HTTPSConnection(
        address, port, timeout=silence, cert_reqs="CERT_REQUIRED", server_hostname=host, assert_hostname=host
    )


def _cut(connection: HTTPConnection) -> None:
    link: Any = connection.sock
    try:
        if link is not None:
            link.shutdown(socket.SHUT_RDWR)
    except OSError:  # closed meanwhile
        return


def _read(response: Any, url: str, limits: Limits, end: float) -> Answer | str:
    status, headers = response.status, response.headers
    if status == 304:
        return Answer(url, None)
    if status in REDIRECTS and (place := headers.get("Location")):
        return urljoin(url, str(place))
    if status != 200:
        raise FetchError(f"answers with status {status}")
    body = bytearray()
    while chunk := response.read1(_CHUNK, decode_content=True):
        body += chunk
        if len(body) > limits.size:
            raise FetchError(f"is larger than {limits.size / (1 << 20):g} MiB")
        if time.monotonic() >= end:
            raise FetchError(f"took longer than {limits.seconds:g} seconds")
    if time.monotonic() >= end:  # the connection was cut, and what came may be a part
        raise FetchError(f"took longer than {limits.seconds:g} seconds")
    given = headers.get("Content-Length", "")
    if given.isdecimal() and not headers.get("Content-Encoding") and len(body) < int(given):
        raise FetchError("ended before it was complete")
    validators = Validators(headers.get("ETag", "")[:500], headers.get("Last-Modified", "")[:100])
    return Answer(url, bytes(body), headers.get("Content-Type", ""), validators)


def _explain(error: Exception, limits: Limits) -> str:
    text = str(error)
    if isinstance(error, TimeoutError | urllib3.exceptions.TimeoutError):
        return f"sent nothing for {limits.silence:g} seconds"
    if "certificate" in text.lower():
        return "has an invalid certificate"
    if isinstance(error, urllib3.exceptions.DecodeError):
        return "is compressed in a way that cannot be read"
    if isinstance(error, urllib3.exceptions.NewConnectionError | ConnectionError):
        return "could not be reached, or closed the connection"
    return f"could not be read ({' '.join(text.split())[:120]})"
