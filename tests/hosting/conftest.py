"""A remote with the tiny folder, to be served."""

import os
from pathlib import Path

import pytest

from tests.folders import write_folder
from tests.records.remotes import make_bare


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bare repository with the tiny folder."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    return make_bare(tmp_path, tmp_path / "served/data.git", write_folder)
