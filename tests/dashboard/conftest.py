"""The data folder under the app: a tiny one of each test's own, never that of whoever runs the tests."""

from pathlib import Path

import pytest
import streamlit as st
from circumstances import LOCAL
from folders import write_sound_folder

from indicators.dashboard import access


@pytest.fixture(autouse=True)
def _fresh_shelves() -> None:
    """Forget the folders that earlier tests have opened."""
    st.cache_resource.clear()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny data folder without problems, which the app reads."""
    path = write_sound_folder(tmp_path / "data")
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
