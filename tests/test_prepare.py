"""Debian packages are installed by root at once, and by others only after a yes; what they would be is said first."""

import os
import pty
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / ".ci" / "prepare"
PACKAGE = "python3.12-venv"
STUBS = {
    "id": 'echo "$USER_ID"',
    "apt-get": 'echo "apt-get $*" >> calls',
    "sudo": 'echo "sudo $*" >> calls',
    # An interpreter without venv, as Debian ships it.
    "python": f"""case "$*" in
  *ensurepip*) exit 1 ;;
  *print*) echo {PACKAGE} ;;
  "-m venv"*) mkdir .venv ;;
esac""",
}


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder with commands that note what is asked of them."""
    (tmp_path / "bin").mkdir()
    for name, body in STUBS.items():
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        (tmp_path / "bin" / name).chmod(0o755)
    return tmp_path


def prepare(machine: Path, user: int, answer: str | None = None, **environment: str) -> tuple[int, str, str]:
    """Exit status, words, and calls of a run; with an answer somebody sits at a terminal."""
    paths = {"PATH": f"{machine / 'bin'}:/usr/bin:/bin", "PYTHON": "python", "USER_ID": str(user)}
    ours, theirs = pty.openpty()
    if answer is not None:
        os.write(ours, answer.encode())
    ran = subprocess.run(
        [SCRIPT, "environment"],
        cwd=machine,
        env=paths | environment,
        stdin=subprocess.DEVNULL if answer is None else theirs,
        capture_output=True,
        text=True,
        timeout=60,
    )
    os.close(ours)
    os.close(theirs)
    calls = machine / "calls"
    return ran.returncode, ran.stdout + ran.stderr, calls.read_text(encoding="utf-8") if calls.exists() else ""


def test_root_is_not_asked(machine: Path) -> None:
    status, said, calls = prepare(machine, 0)
    assert status == 0
    assert f"Installing {PACKAGE}" in said
    assert f"--no-install-recommends {PACKAGE}" in calls
    assert "sudo" not in calls
    assert (machine / ".venv" / "created").exists()


@pytest.mark.parametrize("answer", ["n\n", "\n", "perhaps\n"])
def test_others_are_told_what_is_missing_and_without_a_yes_nothing_happens(machine: Path, answer: str) -> None:
    status, said, calls = prepare(machine, 1000, answer)
    assert status == 1
    assert f"Missing on this machine: {PACKAGE}" in said
    assert calls == ""


def test_a_yes_at_the_terminal_installs(machine: Path) -> None:
    status, _, calls = prepare(machine, 1000, "y\n")
    assert status == 0
    assert f"sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends {PACKAGE}" in calls


def test_without_a_terminal_nothing_is_installed_unasked(machine: Path) -> None:
    status, said, calls = prepare(machine, 1000)
    assert status == 1
    assert PACKAGE in said
    assert "ASSUME_YES=1" in said
    assert calls == ""


@pytest.mark.parametrize("yes", [{"ASSUME_YES": "1"}, {"CI": "true"}])
def test_a_build_machine_goes_on_without_a_question(machine: Path, yes: dict[str, str]) -> None:
    status, _, calls = prepare(machine, 1000, **yes)
    assert status == 0
    assert "sudo -n apt-get update" in calls
    assert PACKAGE in calls


def test_a_build_machines_terminal_is_asked_all_the_same(machine: Path) -> None:
    assert prepare(machine, 1000, "n\n", CI="true")[0] == 1
    assert prepare(machine, 1000, "n\n", ASSUME_YES="1")[0] == 0
