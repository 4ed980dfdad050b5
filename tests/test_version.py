"""One place has the version, a day; the changelog's newest section is of that day."""

import re
import tomllib
from pathlib import Path

from indicators import __version__

ROOT = Path(__file__).parents[1]


def test_the_version_is_a_day_and_stands_in_one_place() -> None:
    assert re.fullmatch(r"20\d\d\.(0[1-9]|1[0-2])\.(0[1-9]|[12]\d|3[01])(\.\d+)?", __version__)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" not in project["project"]
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "indicators.__version__"}


def test_the_changelogs_newest_day_is_the_version() -> None:
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert next(heading for heading in headings if heading != "Unreleased") == __version__
    assert "Unreleased" not in headings[1:]
