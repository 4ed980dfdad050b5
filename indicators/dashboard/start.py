"""The start of the server: it says where it is, with the key where recording needs one, and opens a browser."""

import os
import sys
import threading
import webbrowser
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st

from indicators.dashboard.access import ADDRESSES, has_sign_in, local_key
from indicators.dashboard.streamlit_internals import tell_address
from indicators.show.http.local_key import add_key


@asynccontextmanager
async def announce(_: Any) -> AsyncIterator[None]:
    """Print the address of the server that starts, and open it where its settings ask for a browser."""
    address = tell_address()
    local = str(st.get_option("server.address") or "").lower() in ADDRESSES and not has_sign_in()
    print(describe_start(address, local, os.environ), flush=True)
    if not st.get_option("server.headless") and has_browser(os.environ):
        open_browser(add_key(address, local_key()) if local else address)
    yield


def open_browser(address: str) -> None:
    """Open an address without waiting: some browsers keep whoever opens them until they are closed."""
    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def describe_start(address: str, local: bool, environment: Mapping[str, str]) -> str:
    """Return what is said at the start; a key that the environment gives is known, and kept out of logs."""
    if not local:
        return f"\n  The dashboard: {address}\n"
    given = bool(environment.get("TENSION_KEY"))
    return (
        f"\n  The dashboard, for reading: {address}"
        f"\n  To record on this machine: {add_key(address, local_key()) if not given else f'{address}/?key=TENSION_KEY'}"
        f"{' (with the value of TENSION_KEY)' if given else ''}\n"
    )


def has_browser(environment: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Return whether somebody sits before this machine: no build server, and a screen where the system has one apart."""
    if environment.get("CI") or environment.get("SSH_CONNECTION"):
        return False
    return platform in ("win32", "darwin") or bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
