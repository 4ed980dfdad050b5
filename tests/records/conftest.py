from pathlib import Path

import pytest
from folders import write_folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A tiny data folder without problems."""
    return write_folder(tmp_path / "data")
