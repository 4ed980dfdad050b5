"""Who may edit, and who may look: decided anew for every request, and closed in doubt."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

LOOPBACK = ("localhost", "127.0.0.1", "::1")
FORWARDING = ("forwarded", "x-real-ip", "via", "cf-ray", "cf-connecting-ip", "true-client-ip")
"""Headers, beside x-forwarded-*, that only a proxy sets: a request that carries one does not come straight from this machine."""


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
    local_coder: str


@dataclass(frozen=True)
class Permission:
    """Whether something is allowed; ``coder`` is the account's own id, ``why`` the reason of a refusal."""

    allowed: bool
    coder: str = ""
    why: str = ""


def decide_editing(now: Circumstances, coders: tuple[str, ...]) -> Permission:
    """Return whether the account may record assessments, and as which coder.

    With sign-in set up: a signed-in account with a verified address on the list of editors, as the coder named there.
    Without it: only on this machine, that is when the server is bound to a loopback address, the request's Host is
    one, and no proxy has touched the request; as the coder whom the environment names. Anything else is refused.
    """
    if now.sign_in:
        if not now.signed_in:
            return Permission(False, why="Sign in to record assessments.")
        if not now.email_verified:
            return Permission(False, why="The address of this account is not verified by its provider.")
        coder = now.editors.get(now.email.lower(), "")
        if not coder:
            return Permission(False, why="This account is not on the list of editors.")
    else:
        if not _is_local(now):
            return Permission(False, why="Recording is open on the server's own machine only, until sign-in is set up.")
        coder = now.local_coder
        if not coder:
            known = ", ".join(coders)
            return Permission(False, why=f"Start the app with TENSION_CODER set to your coder id ({known}) to record.")
    if coder not in coders:
        return Permission(False, why=f"The coder id {coder!r} is not in the codebook.")
    return Permission(True, coder)


def decide_viewing(now: Circumstances) -> Permission:
    """Return whether the pages may be seen: by all, or by members and editors only where that is set."""
    if not now.members_only:
        return Permission(True)
    if not now.sign_in:
        if _is_local(now):
            return Permission(True)
        return Permission(False, why="This dashboard is for members, and no sign-in is set up.")
    listed = {*now.members, *now.editors}
    if now.signed_in and now.email_verified and now.email.lower() in listed:
        return Permission(True)
    return Permission(False, why="This dashboard is for members. Sign in with an account on its list.")


def read_circumstances() -> Circumstances:
    """Return the circumstances of the session that asks."""
    secrets = _secrets()
    user: Any = st.user
    signed_in = bool(getattr(user, "is_logged_in", False))
    editors = {str(k).lower(): str(v) for k, v in dict(secrets.get("editors", {})).items()}
    return Circumstances(
        sign_in="auth" in secrets,
        signed_in=signed_in,
        email=str(user.get("email") or "") if signed_in else "",
        email_verified=bool(user.get("email_verified", False)) if signed_in else False,
        editors=editors,
        members=tuple(str(m).lower() for m in secrets.get("members", [])),
        members_only=members_only(),
        address=str(st.get_option("server.address") or ""),
        headers=dict(st.context.headers),
        local_coder=os.environ.get("TENSION_CODER", ""),
    )


def may_edit(coders: tuple[str, ...]) -> Permission:
    """Return whether the session that asks may record, decided now."""
    now = read_circumstances()
    viewing = decide_viewing(now)
    return decide_editing(now, coders) if viewing.allowed else viewing


def offer_sign_in() -> None:
    """Draw a way to sign in, where sign-in is set up and the session is signed out."""
    now = read_circumstances()
    if now.sign_in and not now.signed_in:
        st.button("Sign in", on_click=st.login)
    elif now.signed_in:
        st.button("Sign out", on_click=st.logout)


def members_only() -> bool:
    """Return whether the server shows its pages, and answers its routes, to members only."""
    return os.environ.get("TENSION_MEMBERS_ONLY", "") not in ("", "0")


def _is_local(now: Circumstances) -> bool:
    headers = {name.lower(): value for name, value in now.headers.items()}
    try:
        host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
    except ValueError:
        return False
    forwarded = any(name in FORWARDING or name.startswith("x-forwarded-") for name in headers)
    return now.address.lower() in LOOPBACK and host.lower() in LOOPBACK and not forwarded


def _secrets() -> Mapping[str, Any]:
    try:
        return st.secrets.to_dict()
    except FileNotFoundError:  # what Streamlit also says of a file that is there and cannot be read
        if any(Path(file).exists() for file in st.get_option("secrets.files")):
            raise
        return {}
