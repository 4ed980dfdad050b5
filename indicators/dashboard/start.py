"""The start of the server: it says where it is, with the key where recording needs one, and opens a browser."""

import gc
import threading
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st

from indicators.dashboard.access import ADDRESSES, has_sign_in, local_key
from indicators.dashboard.streamlit_internals import tell_address
from indicators.records.settings import read_settings
from indicators.show.http.local_key import add_key


@asynccontextmanager
async def announce(_: Any) -> AsyncIterator[None]:
    """Print the address of the server that starts, and open it where its settings ask for a browser."""
    # The collector need not look through the modules again and again: nobody is answered while it does.
    gc.collect()
    gc.freeze()
    address = tell_address()
    local = str(st.get_option("server.address") or "").lower() in ADDRESSES and not has_sign_in()
    settings = read_settings()
    print(describe_start(address, local, bool(settings.key)), flush=True)
    if not st.get_option("server.headless") and settings.screen:
        open_browser(add_key(address, local_key()) if local else address)
    yield


def open_browser(address: str) -> None:
    """Open an address without waiting: some browsers keep whoever opens them until they are closed."""
    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def describe_start(address: str, local: bool, given: bool) -> str:
    """Return what is said at the start; a ``given`` key, of the settings, is known, and kept out of logs."""
    if not local:
        return f"\n  The dashboard: {address}\n"
    return (
        f"\n  The dashboard, for reading: {address}"
        f"\n  To record on this machine: {add_key(address, local_key()) if not given else f'{address}/?key=TENSION_KEY'}"
        f"{' (with the value of TENSION_KEY)' if given else ''}\n"
    )
