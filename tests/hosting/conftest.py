"""A remote with the tiny folder, to be served."""

import os
from pathlib import Path

import pytest

from tests.folders import write_folder
from tests.records.remotes import git


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bare repository with the tiny folder."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    write_folder(tmp_path / "source/data")
    (tmp_path / "source/data/.lock").unlink(missing_ok=True)
    git(tmp_path / "source", "init", "--quiet", "--initial-branch=main")
    git(tmp_path / "source", "add", ".")
    git(tmp_path / "source", "commit", "--quiet", "--message=First")
    git(tmp_path, "clone", "--quiet", "--bare", str(tmp_path / "source"), str(tmp_path / "served/data.git"))
    return tmp_path / "served/data.git"
