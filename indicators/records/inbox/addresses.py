"""Addresses of items: in one form, so that one page is one item, and what only tracks readers is gone."""

import hashlib
import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from indicators.records.rules import URL

LONGEST_ADDRESS = 2000

_TRACKING = re.compile(
    r"utm_.*|at_(medium|campaign|link.*|custom.*)|pk_.*|mc_[ce]id|fbclid|gclid|dclid|msclkid|igshid|yclid|twclid|cmpid"
    r"|ocid|smid|ref_src|guccounter|xtor",
    re.IGNORECASE,
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SAFE = "/:@!$&'()*+,;=~-._%?"


def clean_address(address: str, base: str = "") -> str:
    """Return an address in the form in which items keep it; nothing where it is no plain http or https link.

    Scheme and host are in small letters, a default port, the fragment and parameters that only track readers are left
    out; what remains of the query keeps its order. ``base`` is the page that a relative address is from.
    """
    try:
        parts = urlsplit(urljoin(base, address.strip()))
        host, port = (parts.hostname or "").encode("idna").decode().lower(), parts.port
    except (ValueError, UnicodeError):
        return ""
    if parts.scheme not in _DEFAULT_PORTS or not host or parts.username is not None or parts.password is not None:
        return ""
    place = host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
    kept = "&".join(p for p in parts.query.split("&") if p and not _TRACKING.fullmatch(p.partition("=")[0]))
    clean = urlunsplit((parts.scheme, place, quote(parts.path, safe=_SAFE) or "/", quote(kept, safe=_SAFE), ""))
    return clean if len(clean) <= LONGEST_ADDRESS and URL.judge(clean) is None else ""


def identify_address(address: str) -> str:
    """Return what two addresses of one page have in common: no scheme, no ``www.``, no slash at the end."""
    parts = urlsplit(clean_address(address) or address)
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}{'?' if parts.query else ''}{parts.query}"


def name_item(address: str) -> str:
    """Return the id of an item that first came in at an address; the same on every machine."""
    return f"I{hashlib.sha256(identify_address(address).encode()).hexdigest()[:10]}"
