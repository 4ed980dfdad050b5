"""Who may edit, and who may look: decided again for every request, and closed in doubt."""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from indicators.dashboard.streamlit_internals import count_uploads, session_id
from indicators.records.settings import read_settings
from indicators.records.storage.drafts import Drafts, place_drafts
from indicators.show.http.local_key import LOOPBACK, holds_key, make_key
from indicators.show.http.middleware import Held

ADDRESSES = ("localhost", "127.0.0.1", "::1")
"""Addresses to which a server is bound that only its own machine can reach."""

FORWARDED = re.compile(
    r"(x-)?forwarded.*|via|(x-)?(original|real|client|clientip|cluster|remote|proxy|proxyuser|forward)-.*|true-client-.*"
    r"|(x-)?(client|remote)ip|x-(host|scheme|proto|request-(id|start)|(coming|envoy|amzn|amz|azure|appengine|cloud|arr|vercel|nf)-.*)"
    r"|(cf|cdn|fly|fastly|akamai|tailscale|ngrok|wl|incap|sucuri|do|render|railway|heroku)-.*"
)
"""Headers that only a proxy sets, hyphens for underscores: such a request does not come straight from this machine."""

NO_KEY = (
    "To record on this machine, open the address with the key that the server printed when it started "
    "(`make run` opens it by itself)."
)
NO_RIGHT = "Only editors can record scores. Ask the operator of this dashboard for an account."
NO_CODER = "Choose on the page Update scores who scores on this machine."
WHO = "who"
"""Where a session keeps the coder whom it was told to record as, on one's own machine."""

MOST_UPLOADERS = 1000
"""Sessions that are remembered as those of editors; the one that asked longest ago is forgotten first."""

_uploaders: dict[str, None] = {}
_lock = threading.Lock()


@dataclass(frozen=True)
class Circumstances:
    """What a decision rests on: the server's settings, the request's headers, and the account."""

    sign_in: bool
    signed_in: bool
    email: str
    email_verified: bool
    editors: Mapping[str, str]
    members: tuple[str, ...]
    members_only: bool
    address: str
    headers: Mapping[str, str]
    key_held: bool
    local_coder: str


@dataclass(frozen=True)
class Permission:
    """Whether something is allowed; ``coder`` is the account's own id, ``why`` the reason of a refusal.

    ``asks``: only the answer to who scores is wanting, and the session may give it.
    """

    allowed: bool
    coder: str = ""
    why: str = ""
    asks: bool = False


def decide_editing(now: Circumstances, coders: tuple[str, ...]) -> Permission:
    """Return whether the account may record assessments, and as which coder.

    With sign-in set up: a signed-in account with a verified address on the list of editors, as the coder named there.
    Without it: only on this machine, that is when the server is bound to a loopback address, the request's Host is
    one, no proxy has touched the request, and the browser holds the key that the server made at its start; as the coder
    whom the environment names, or the session. Anything else is refused.
    """
    if now.sign_in:
        if not now.signed_in:
            return Permission(False, why="Sign in to record assessments.")
        if not now.email_verified:
            return Permission(False, why="The provider of this account has not verified its e-mail address.")
        coder = now.editors.get(now.email.lower(), "")
        if not coder:
            return Permission(False, why="This account is not on the list of editors.")
    else:
        if not _is_local(now):
            return Permission(False, why=NO_RIGHT)
        if not now.key_held:
            return Permission(False, why=NO_KEY)
        coder = now.local_coder
        if coder not in coders:
            why = f"TENSION_CODER is {coder}, who is not a coder of the codebook." if coder else NO_CODER
            return Permission(False, why=why, asks=True)
    if coder not in coders:
        return Permission(False, why=f"The coder id {coder!r} is not a coder of the codebook.")
    return Permission(True, coder)


def decide_viewing(now: Circumstances) -> Permission:
    """Return whether the pages may be seen: by all, or by members and editors only where that is set.

    Without sign-in nobody can be told to be a member, so that nobody may look.
    """
    if not now.members_only:
        return Permission(True)
    if not now.sign_in:
        return Permission(False, why="This dashboard is for members only, and sign-in is not set up.")
    listed = {*now.members, *now.editors}
    if now.signed_in and now.email_verified and now.email.lower() in listed:
        return Permission(True)
    return Permission(False, why="This dashboard is for members only. Sign in with a member account.")


def read_circumstances() -> Circumstances:
    """Return the circumstances of the session that asks."""
    secrets, settings = _secrets(), read_settings()
    user: Any = st.user
    signed_in = bool(getattr(user, "is_logged_in", False))
    headers = {name.lower(): value for name, value in st.context.headers.items()}
    editors = {str(k).lower(): str(v) for k, v in dict(secrets.get("editors", {})).items()}
    return Circumstances(
        sign_in="auth" in secrets,
        signed_in=signed_in,
        email=str(user.get("email") or "") if signed_in else "",
        # Some providers send text, in which "false" would be true.
        email_verified=signed_in and user.get("email_verified") in (True, "true"),
        editors=editors,
        members=tuple(str(m).lower() for m in secrets.get("members", [])),
        members_only=settings.members_only,
        address=str(st.get_option("server.address") or ""),
        headers=headers,
        key_held=holds_key(local_key(), headers.get("host", ""), st.context.cookies.to_dict()),
        local_coder=settings.coder,
    )


def may_edit(coders: tuple[str, ...], uploads: bool = True) -> Permission:
    """Return whether the session that asks may record, decided now; with ``uploads`` one that may can upload files from then on."""
    now = read_circumstances()
    if now.local_coder not in coders:
        if WHO not in st.session_state:
            settings = read_settings()
            st.session_state[WHO] = Drafts(place_drafts(settings.data, settings.state_folder)).read_coder()
        now = replace(now, local_coder=st.session_state[WHO] or now.local_coder)
    viewing = decide_viewing(now)
    permission = decide_editing(now, coders) if viewing.allowed else viewing
    if not uploads:
        return permission
    with _lock:
        _uploaders.pop(session_id(), None)
        if permission.allowed:
            _uploaders[session_id()] = None
            while len(_uploaders) > MOST_UPLOADERS:
                _uploaders.pop(next(iter(_uploaders)))
    return permission


def tell_uploads(session: str) -> Held | None:
    """Return what a session has uploaded, or None where it may not upload."""
    if not session or session not in _uploaders:
        return None
    held = count_uploads()
    return Held(held.get(session, 0), sum(held.values()))


@cache
def local_key() -> str:
    """Return the key to recording on this machine, made when it is first asked for and kept until the server stops."""
    return make_key(read_settings().key)


def has_sign_in() -> bool:
    """Return whether sign-in is set up; a secrets file that cannot be read may well set it up."""
    try:
        return "auth" in _secrets()
    except FileNotFoundError:
        return True


def offer_sign_in() -> None:
    """Draw a way to sign in, where sign-in is set up and the session is signed out."""
    now = read_circumstances()
    if now.sign_in and not now.signed_in:
        st.button("Sign in", on_click=st.login)
    elif now.signed_in:
        st.button("Sign out", on_click=st.logout)


def _is_local(now: Circumstances) -> bool:
    headers = {name.lower().replace("_", "-"): value for name, value in now.headers.items()}
    host, origin = headers.get("host", ""), headers.get("origin")
    own = origin is None or origin in (f"http://{host}", f"https://{host}")
    forwarded = any(FORWARDED.fullmatch(name) for name in headers)
    return now.address.lower() in ADDRESSES and LOOPBACK.fullmatch(host) is not None and own and not forwarded


def _secrets() -> Mapping[str, Any]:
    try:
        return st.secrets.to_dict()
    except FileNotFoundError:  # what Streamlit also says of a file that is there and cannot be read
        if any(Path(file).exists() for file in st.get_option("secrets.files")):
            raise
        return {}
