"""What is read from the environment, in this one place: each setting with its name, default and meaning."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any


def _setting(
    variable: str, meaning: str, default: str = "", said: str = "", read: Callable[[str], Any] = lambda text: text
) -> Any:
    """A field that a variable sets; ``said`` is the default in words, where its text does not say it."""
    return field(
        default_factory=lambda: read(default),
        metadata={
            "variable": variable,
            "meaning": meaning,
            "default": said or (f"`{default}`" if default else ""),
            "read": read,
        },
    )


@dataclass(frozen=True)
class Settings:
    """The values of all settings; a variable that is absent or empty leaves the default."""

    data: str = _setting(
        "TENSION_DATA",
        "data folder, or `git+https://host/repository#branch` (`#branch:folder` where the data are in a folder)",
        "data",
    )
    state: str = _setting(
        "TENSION_STATE",
        "where clones, unsent saves and drafts are kept; must survive a restart",
        "~/.local/state/tension-indicators",
    )
    hosts: str = _setting(
        "TENSION_HOSTS",
        "names under which the server answers, separated by commas, as in `tension.example.org,*.team.example`. Pages of "
        "these names may open sessions, also where a proxy puts another name in place of `Host`; other origins are "
        "listed in full, as in `https://www.example.org:8443`",
        said="any",
    )
    frame_ancestors: str = _setting(
        "TENSION_FRAME_ANCESTORS", "origins that may show the app in a frame, separated by blanks", "'self'"
    )
    site: str = _setting("TENSION_SITE", "address of the publication, for cards to embed", said="none")
    members_only: bool = _setting(
        "TENSION_MEMBERS_ONLY",
        "`1`: pages for members only, HTTP routes closed; without sign-in closed to all",
        "0",
        read=lambda text: text not in ("", "0"),
    )
    coder: str = _setting(
        "TENSION_CODER",
        "coder id of whoever records on their own machine, by the address with the key",
        said="the page Update scores asks",
    )
    key: str = _setting(
        "TENSION_KEY",
        "the key of that address, 16 to 128 letters, digits, `_` and `-`. It also opens `/_stcore/metrics`, as a cookie "
        "`tension_key_PORT`, where `PORT` is that of the request's `Host`, else 80",
        said="each start makes one and prints it",
    )
    browser: str = _setting(
        "CHROMIUM", "browser that takes the previews of the publication, by name or path", said="an installed one"
    )
    screen: bool = False
    """Whether somebody sits before this machine: no build server, and a screen where the system has one apart."""

    @property
    def state_folder(self) -> Path:
        """The folder of ``state``."""
        return Path(self.state).expanduser()


def read_settings(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Settings:
    """Return the settings that an environment makes.

    It is asked again where a setting is needed, since Streamlit adds what its secrets file says when it reads that.
    """
    given = {
        f.name: f.metadata["read"](text)
        for f in fields(Settings)
        if f.metadata and (text := environment.get(f.metadata["variable"], ""))
    }
    return Settings(**given, screen=_has_screen(environment, platform))


def list_settings() -> list[tuple[str, str, str]]:
    """Return the variable, the default in words and the meaning of each setting, as the guide to hosting lists them."""
    return [(m["variable"], m["default"], m["meaning"]) for m in (f.metadata for f in fields(Settings)) if m]


def _has_screen(environment: Mapping[str, str], platform: str) -> bool:
    if environment.get("CI") or environment.get("SSH_CONNECTION"):
        return False
    return platform in ("win32", "darwin") or bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
