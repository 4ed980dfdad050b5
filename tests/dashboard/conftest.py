"""The data folder under the app: a tiny one of each test's own, never that of whoever runs the tests."""

import shutil
from pathlib import Path

import pytest
import streamlit as st

from indicators.dashboard import access
from tests.dashboard.circumstances import LOCAL
from tests.folders import write_sound_folder


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny data folder without problems, for all tests that only read it."""
    return write_sound_folder(tmp_path_factory.mktemp("tiny") / "data")


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the test's own for drafts and unsent saves, never that of whoever runs the tests."""
    path = tmp_path / "state"
    monkeypatch.setenv("TENSION_STATE", str(path))
    return path


@pytest.fixture
def read_only(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny folder that tests share and nobody changes, which the app reads; what was computed of it stays."""
    monkeypatch.setenv("TENSION_DATA", str(tiny))
    return tiny


@pytest.fixture
def folder(tmp_path: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny data folder of the test's own, which the app reads; what was computed of others is forgotten."""
    st.cache_resource.clear()
    path = Path(shutil.copytree(tiny, tmp_path / "data"))
    monkeypatch.setenv("TENSION_DATA", str(path))
    return path


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks sits at the server's own machine as coder c1."""
    monkeypatch.setattr(access, "read_circumstances", lambda: LOCAL)


@pytest.fixture
def shipped(pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of this repository, which the app reads."""
    path = pytestconfig.rootpath / "data"
    monkeypatch.setenv("TENSION_DATA", str(path))
    return path
