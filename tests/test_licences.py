"""What is installed at run time may be shipped with a project under the MIT licence."""

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCK = Path(__file__).parents[1] / "requirements.txt"

GRANTED = re.compile(
    r"MIT(-CMU)?|The MIT License|MIT License|(BSD-)?[023]-?Clause( BSD)?( License)?|0BSD|BSD|BSD License|BSD-[23]-Clause"
    r"|Apache(-2\.0| License 2\.0| Software License)|PSF-2\.0|Python Software Foundation License|MPL-2\.0|Mozilla Public License 2\.0|Zlib|CC0-1\.0|ISC|AFL-2\.1|HPND"
)
"""Licences that leave the licence of what is built on them free; MPL asks for the changes to its own files only."""


def state_licence(name: str) -> str:
    """What a distribution says of its licence: its expression, its classifiers, or the first line of its text."""
    about = distribution(name).metadata
    if expression := about.get("License-Expression"):
        return expression
    classified = [c.rpartition(" :: ")[2] for c in about.get_all("Classifier") or [] if c.startswith("License ::")]
    stated = " AND ".join(classified) or (about.get("License") or "nothing").strip().splitlines()[0]
    return re.sub(r"\s*\([^)]*\)", "", stated)  # the name once more, in short


def may_ship(licence: str) -> bool:
    """Whether each part of an expression is granted; of alternatives one is enough."""
    parts = re.split(r" AND ", re.sub(r"[()]", " ", licence))
    return all(any(GRANTED.fullmatch(choice.strip()) for choice in part.split(" OR ")) for part in parts)


def read_lock() -> list[Requirement]:
    """What requirements.txt pins for this machine."""
    lines = [line.split(" #")[0].strip() for line in LOCK.read_text(encoding="utf-8").splitlines()]
    pinned = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return [pin for pin in pinned if pin.marker is None or pin.marker.evaluate()]


def list_runtime() -> dict[str, str]:
    """The licences of all that is pinned and of what it needs in turn, by name."""
    found: dict[str, str] = {}
    waiting = [canonicalize_name(pin.name) for pin in read_lock()]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = state_licence(name)
        needed = [Requirement(text) for text in distribution(name).requires or []]
        waiting += [canonicalize_name(n.name) for n in needed if n.marker is None or n.marker.evaluate({"extra": ""})]
    return found


def test_everything_at_run_time_has_a_licence_that_an_mit_project_may_ship() -> None:
    licences = list_runtime()
    assert len(licences) > 30
    assert {name: licence for name, licence in licences.items() if not may_ship(licence)} == {}


def test_the_lock_names_all_that_is_needed_at_run_time() -> None:
    assert set(list_runtime()) - {canonicalize_name(pin.name) for pin in read_lock()} == set()


@pytest.mark.parametrize(
    "licence",
    [
        "GPL-3.0-or-later",
        "GNU General Public License v3 (GPLv3)",
        "AGPL-3.0-only",
        "LGPL-3.0-only",
        "MIT AND GPL-2.0-only",
        "SSPL-1.0",
        "CC-BY-NC-4.0",
        "Proprietary",
        "nothing",
    ],
)
def test_a_licence_that_binds_what_is_built_on_it_or_none_at_all_is_found(licence: str) -> None:
    assert not may_ship(licence)


def test_a_choice_is_free_where_one_of_its_licences_is() -> None:
    assert may_ship("MIT OR GPL-3.0-or-later")
    assert may_ship("(Apache-2.0 OR BSD-2-Clause) AND MIT")


def test_the_witness_of_alpha_is_for_tests_only() -> None:
    try:
        assert not may_ship(state_licence("krippendorff"))
    except PackageNotFoundError:
        pytest.skip("the development tools are not installed")
    assert "krippendorff" not in list_runtime()
