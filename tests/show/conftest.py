"""Records and readings for the pictures: a tiny folder with gaps, replacements and two coders."""

from pathlib import Path

import pytest

from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset, load_dataset
from tests.folders import write_folder


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The tiny folder: two dimensions, four indicators, two coders, twelve events."""
    loaded = load_dataset(write_folder(tmp_path_factory.mktemp("show") / "data"))
    assert loaded.dataset is not None, loaded.report.as_text()
    return loaded.dataset


@pytest.fixture(scope="session")
def panel(dataset: Dataset) -> Panel:
    """Its readings as the newest data has them."""
    return Panel(dataset)


@pytest.fixture(scope="session")
def root(pytestconfig: pytest.Config) -> Path:
    """The folder of this repository."""
    return pytestconfig.rootpath


@pytest.fixture(scope="session")
def shipped(root: Path) -> Dataset:
    """The data of this repository."""
    loaded = load_dataset(root / "data")
    assert loaded.dataset is not None, loaded.report.as_text()
    return loaded.dataset
