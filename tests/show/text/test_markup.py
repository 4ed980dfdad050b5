"""The environment that fills in templates."""

from collections import Counter
from typing import Any

import pytest
from jinja2 import BaseLoader

from indicators.show.text import markup


def test_a_template_is_compiled_once_though_its_filters_fill_in_templates(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: Counter[tuple[int, str]] = Counter()
    load = BaseLoader.load

    def count(self: BaseLoader, environment: Any, name: str, values: Any = None) -> Any:
        compiled[id(self), name] += 1
        return load(self, environment, name, values)

    monkeypatch.setattr(BaseLoader, "load", count)
    templates = markup._TEMPLATES.list_templates()
    assert "text/parts.html" in templates
    assert markup._TEMPLATES.cache is not None
    markup._TEMPLATES.cache.clear()
    for name in templates:
        markup._TEMPLATES.get_template(name)
    assert set(compiled.values()) == {1}
