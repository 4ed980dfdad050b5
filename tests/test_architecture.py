"""The page that draws the house shows the house as it stands."""

import importlib.util
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"


def test_the_drawing_is_that_of_the_imports() -> None:
    spec = importlib.util.spec_from_file_location("architecture", DOCS / "architecture.py")
    assert spec is not None
    assert spec.loader is not None
    architecture = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(architecture)
    drawn = (DOCS / "architecture.md").read_text(encoding="utf-8")
    assert "records_ledger --> " in drawn
    assert drawn == architecture.write_page(), "run make architecture"


def test_the_threat_model_names_tests_that_exist() -> None:
    text = (DOCS.parent / ".github" / "SECURITY.md").read_text(encoding="utf-8")
    named = {word for word in text.replace("`", " ").split() if word.startswith("tests/")}
    named = {word.rstrip(",.") for word in named}
    assert len(named) > 5
    assert [name for name in sorted(named) if not (DOCS.parent / name).is_file()] == []
