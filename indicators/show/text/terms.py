"""The terms on which the server answers: under which names, to pages of which origins, to whom, in whose frames."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from indicators.records.settings import Settings
from indicators.show.http.local_key import LOOPBACK

_HOST = r"(?:[a-z0-9_](?:[a-z0-9._-]*)|\[[0-9a-f:.]+\])"
_PORT = r"(?::[0-9]{1,5})?"
_FLAGS = re.IGNORECASE | re.ASCII
_NAME = re.compile(rf"(\*\.)?{_HOST}", _FLAGS)
_HOST_HEADER = re.compile(rf"({_HOST}){_PORT}", _FLAGS)
_ORIGIN = re.compile(rf"https?://(({_HOST}){_PORT})", _FLAGS)
_ANCESTOR = re.compile(r"'self'|'none'|https?://[a-z0-9*.-]+(:[0-9]+)?", re.IGNORECASE)


@dataclass(frozen=True)
class Terms:
    """What the environment says about hosts, origins, frames and members, and which inline scripts the pages hold."""

    hosts: tuple[str, ...] = ()
    """Names under which the server answers; none: all."""
    origins: tuple[str, ...] = ()
    """Other origins whose pages may open a session, beside those of the hosts."""
    ancestors: str = "'self'"
    scripts: tuple[str, ...] = ()
    members_only: bool = False

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

    def answers_to(self, host: str) -> bool:
        """Return whether the server answers under a request's Host, which must be a name as a whole."""
        found = _HOST_HEADER.fullmatch(host)
        return found is not None and (not self.hosts or self._lists(found[1]))

    def takes_origin(self, origin: str, host: str) -> str:
        """Return the Host under which a page of an origin asks, empty where it may not.

        That is the request's own Host for the server's own pages. A listed origin stands for the name by which its
        readers know the server, where a proxy has put another in its place; the names of this machine never do.
        """
        found = _ORIGIN.fullmatch(origin)
        if found is None:
            return ""
        place, name = found[1], found[2]
        if place == host:
            return host
        listed = place == name and self._lists(name) and not LOOPBACK.fullmatch(name)
        return place if listed or origin.lower() in self.origins else ""

    def _lists(self, name: str) -> bool:
        name = name.lower().removesuffix(".")
        return any(name == h or (h.startswith("*.") and name.endswith(h[1:])) for h in self.hosts)


def read_terms(settings: Settings, scripts: Iterable[str] = ()) -> Terms:
    """Return the terms that ``TENSION_HOSTS`` (separated by commas), ``TENSION_FRAME_ANCESTORS`` (by blanks) and
    ``TENSION_MEMBERS_ONLY`` set.

    A host is a name without port, or ``*.`` and a domain; an origin is ``https://name`` or ``https://name:port``.
    ``scripts`` are the hashes of inline scripts, as in ``sha256-…``. ``ValueError`` for anything else, since it would
    end up in a header or let nobody in.
    """
    named = [name.strip().lower() for name in settings.hosts.split(",") if name.strip()]
    origins = [name for name in named if "://" in name]
    hosts = [name for name in named if "://" not in name]
    ancestors = settings.frame_ancestors.split() or ["'self'"]
    for host in hosts:
        if not _NAME.fullmatch(host):
            raise ValueError(f"TENSION_HOSTS names hosts without port, or origins as https://example.org, not {host!r}")
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise ValueError(f"TENSION_HOSTS names origins without path, as https://example.org, not {origin!r}")
    for ancestor in ancestors:
        if not _ANCESTOR.fullmatch(ancestor):
            raise ValueError(f"TENSION_FRAME_ANCESTORS names origins, as in https://example.org, not {ancestor!r}")
    return Terms(tuple(hosts), tuple(origins), " ".join(ancestors), tuple(scripts), settings.members_only)
