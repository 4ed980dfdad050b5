import datetime as dt
import multiprocessing
import os
import sys
import types
from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from indicators.records.storage.store import GitStore, open_store
from tests.folders import write_folder
from tests.records.remotes import Open, make_bare
from tests.submissions import NOW


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A tiny data folder without problems."""
    return write_folder(tmp_path / "data")


@pytest.fixture
def own_git_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests keeps their git settings out of them."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)


@pytest.fixture
def bare(tmp_path: Path, own_git_settings: None) -> Path:
    """A bare repository whose branch main has the tiny folder in data/."""
    return make_bare(tmp_path, tmp_path / "bare.git", write_folder)


@pytest.fixture
def replica(bare: Path, tmp_path: Path) -> Open:
    """A function that opens a store on a clone of its own, by the clone's name."""

    def opened(name: str = "a", clock: Callable[[], dt.datetime] = lambda: NOW, **more: object) -> GitStore:
        store = open_store(
            f"git+file://{bare}#main:data",
            tmp_path / "state" / name,
            clock=clock,
            pause=lambda attempt: None,
            start=lambda work: work(),
            **more,  # type: ignore[arg-type]
        )
        assert isinstance(store, GitStore)
        return store

    return opened


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> ForkServerContext:
    """Where processes are started that share nothing with this one, whatever ran in it before."""
    # A new process runs the main module of its parent, which an earlier AppTest has left to be a page's script.
    monkeypatch.setitem(sys.modules, "__main__", types.ModuleType("__main__"))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.submissions"])
    return context
