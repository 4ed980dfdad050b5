"""What the server says and opens when it starts."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from indicators.dashboard import start
from indicators.dashboard.access import local_key

ADDRESS = "http://localhost:8501"
SCREEN = {"DISPLAY": ":0"}


def test_the_address_with_the_key_is_printed_on_ones_own_machine() -> None:
    assert f"{ADDRESS}/?key={local_key()}" in start.describe_start(ADDRESS, local=True, environment={})


def test_the_key_stands_in_no_log_where_it_is_of_no_use_or_known_already() -> None:
    assert local_key() not in start.describe_start(ADDRESS, local=False, environment={})
    told = start.describe_start(ADDRESS, local=True, environment={"TENSION_KEY": local_key()})
    assert local_key() not in told
    assert "TENSION_KEY" in told


@pytest.mark.parametrize(
    ("environment", "platform", "there"),
    [
        (SCREEN, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({}, "darwin", True),
        ({}, "win32", True),
        ({}, "linux", False),
        (SCREEN | {"CI": "true"}, "linux", False),
        ({"CI": "1"}, "win32", False),
        ({"SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"}, "darwin", False),
    ],
)
def test_a_browser_is_opened_only_where_somebody_sits_before_the_machine(
    environment: dict[str, str], platform: str, there: bool
) -> None:
    assert start.has_browser(environment, platform) is there


def announce(monkeypatch: pytest.MonkeyPatch, signed: bool = False, **options: Any) -> list[str]:
    """The addresses that a server opens at its start under some settings."""
    opened: list[str] = []
    settings = {"server.address": "localhost", "server.headless": False} | options
    monkeypatch.setattr(start.st, "get_option", settings.get)
    monkeypatch.setattr(start, "tell_address", lambda: ADDRESS)
    monkeypatch.setattr(start, "has_browser", lambda _: True)
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
