"""The key to recording on one's own machine: made at the start, carried by one address, kept in a cookie."""

import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, urlencode

PARAMETER = "key"
"""Name under which the address carries the key."""

LOOPBACK = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE | re.ASCII)
"""A request's Host that names this machine, as a whole."""

_FORM = re.compile(r"[A-Za-z0-9_-]{16,128}", re.ASCII)


def make_key(given: str, make: Callable[[], str] = secrets.token_urlsafe) -> str:
    """Return the key that ``TENSION_KEY`` has given, else a new one.

    ``ValueError`` for a given key that could be guessed, or would not go through an address as it is.
    """
    if given and not _FORM.fullmatch(given):
        raise ValueError("TENSION_KEY has 16 to 128 characters of A-Z, a-z, 0-9, _ and -")
    return given or make()


def name_cookie(host: str) -> str:
    """Return the name of the cookie under a request's Host: browsers share cookies between the ports of a machine."""
    return f"tension_key_{host.rpartition(':')[2] if re.search(r':[0-9]+$', host) else '80'}"


def holds_key(key: str, host: str, cookies: Mapping[str, str]) -> bool:
    """Return whether a request's cookies hold the key."""
    return fits(key, cookies.get(name_cookie(host), ""))


def fits(key: str, given: str) -> bool:
    """Return whether a given key is the key, in a time that does not depend on how much of it is right."""
    return bool(key) and hmac.compare_digest(key.encode(), given.encode("utf-8", "replace"))


def add_key(address: str, key: str) -> str:
    """Return the address that carries the key."""
    return f"{address}/?{urlencode({PARAMETER: key})}"


def take_key(query: str) -> tuple[str, str]:
    """Return the key that an address's query carries, empty for none, and the query without it."""
    pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=None)
    given = [value for name, value in pairs if name == PARAMETER]
    return (given[-1] if given else ""), urlencode([pair for pair in pairs if pair[0] != PARAMETER])


def write_cookie(key: str, host: str, secure: bool) -> str:
    """Return the header that has a browser keep the key until it is closed, out of reach of scripts and other sites."""
    return f"{name_cookie(host)}={key}; Path=/; HttpOnly; SameSite=Strict{'; Secure' if secure else ''}"
