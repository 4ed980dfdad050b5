"""What the environment sets, and what holds where it sets nothing."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from indicators.records.settings import Settings, list_settings, read_settings

SCREEN = {"DISPLAY": ":0"}
GIVEN = {
    "TENSION_DATA": "there",
    "TENSION_STATE": "/var/lib/tension",
    "TENSION_HOSTS": "tension.example.org",
    "TENSION_FRAME_ANCESTORS": "https://example.org",
    "TENSION_SITE": "https://example.org/t/",
    "TENSION_MEMBERS_ONLY": "1",
    "TENSION_CODER": "c1",
    "TENSION_KEY": "a-key-that-is-long-enough",
    "CHROMIUM": "chromium",
}


def test_an_environment_without_settings_leaves_the_defaults() -> None:
    settings = read_settings({}, "linux")
    assert settings == Settings()
    assert (settings.data, settings.frame_ancestors, settings.members_only) == ("data", "'self'", False)
    assert settings.state_folder == Path.home() / ".local" / "state" / "tension-indicators"


def test_an_empty_variable_is_as_one_that_is_absent() -> None:
    assert read_settings(dict.fromkeys(GIVEN, ""), "linux") == Settings()


def test_each_variable_sets_its_value() -> None:
    assert {variable for variable, *_ in list_settings()} == set(GIVEN)
    settings = read_settings(GIVEN, "linux")
    values = {f.metadata["variable"]: getattr(settings, f.name) for f in fields(Settings) if f.metadata}
    assert values == GIVEN | {"TENSION_MEMBERS_ONLY": True}
    assert settings.state_folder == Path("/var/lib/tension")


@pytest.mark.parametrize(("text", "closed"), [("1", True), ("yes", True), ("0", False), ("", False)])
def test_viewing_is_for_members_only_where_anything_but_nothing_says_so(text: str, closed: bool) -> None:
    assert read_settings({"TENSION_MEMBERS_ONLY": text}).members_only is closed


def test_nothing_else_reads_the_environment() -> None:
    package = Path(__file__).parents[2] / "indicators"
    found = [p for p in package.rglob("*.py") if re.search(r"environ\b(?!ment)|getenv|envvar", p.read_text("utf-8"))]
    # Git and the reading of feeds hand their environment on to the program that they call; the command line reads none
    # of it, but tells Arrow, which is imported later, whose memory to use.
    assert {p.name for p in found} == {"settings.py", "git.py", "apart.py", "__main__.py"}


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
    assert read_settings(environment, platform).screen is there
