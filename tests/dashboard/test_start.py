"""What the server says and opens when it starts."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from indicators.dashboard import start
from indicators.dashboard.access import local_key
from indicators.records.settings import Settings

ADDRESS = "http://localhost:8501"


def test_the_address_with_the_key_is_printed_on_ones_own_machine() -> None:
    assert f"{ADDRESS}/?key={local_key()}" in start.describe_start(ADDRESS, local=True, given=False)


def test_the_key_stands_in_no_log_where_it_is_of_no_use_or_known_already() -> None:
    assert local_key() not in start.describe_start(ADDRESS, local=False, given=False)
    told = start.describe_start(ADDRESS, local=True, given=True)
    assert local_key() not in told
    assert "TENSION_KEY" in told


def announce(monkeypatch: pytest.MonkeyPatch, signed: bool = False, **options: Any) -> list[str]:
    """The addresses that a server opens at its start under some settings."""
    opened: list[str] = []
    settings = {"server.address": "localhost", "server.headless": False} | options
    monkeypatch.setattr(start.st, "get_option", settings.get)
    monkeypatch.setattr(start, "tell_address", lambda: ADDRESS)
    monkeypatch.setattr(start, "read_settings", lambda: Settings(screen=True))
    monkeypatch.setattr(start, "has_sign_in", lambda: signed)
    monkeypatch.setattr(start, "open_browser", opened.append)

    async def run() -> None:
        async with start.announce(None):
            pass

    # In a thread of its own: the browser tests leave a running loop in this one.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, run()).result()
    return opened


def test_the_browser_gets_the_address_with_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    assert announce(monkeypatch) == [f"{ADDRESS}/?key={local_key()}"]


@pytest.mark.parametrize("options", [{"server.headless": True}, {"server.address": "0.0.0.0", "server.headless": True}])
def test_no_browser_is_opened_where_none_is_asked_for(monkeypatch: pytest.MonkeyPatch, options: dict[str, Any]) -> None:
    assert announce(monkeypatch, **options) == []


def test_a_server_with_sign_in_needs_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    assert announce(monkeypatch, signed=True) == [ADDRESS]
