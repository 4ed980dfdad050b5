"""The app without a browser: a page of it, and the words that a reader finds there."""

import html
import re
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

PAGES = Path(__file__).parents[2] / "indicators" / "dashboard" / "pages"
NAMES = sorted(path.stem for path in PAGES.glob("*.py") if path.stem not in ("__init__", "navigation"))
PATIENCE = 120  # seconds for one run of a page: a bound against hanging, not a measure of speed


def start_app(page: str = "overview", /, **parameters: str) -> AppTest:
    """Return the app, not yet run, on a page and with the parameters of a link."""
    app = AppTest.from_file(str(PAGES / "navigation.py"), default_timeout=PATIENCE)
    app.switch_page(str(PAGES / f"{page}.py"))
    for name, value in parameters.items():
        app.query_params[name] = value
    return app


def open_app(page: str = "overview", /, **parameters: str) -> AppTest:
    """Return the app after its first run on a page; the run must not fail."""
    app = start_app(page, **parameters).run()
    assert_sound(app)
    return app


def assert_sound(app: AppTest) -> None:
    """Hold that the last run has shown a page and no exception."""
    assert [failure.message for failure in app.exception] == []
    assert [title for title in app.title if title.value]


def press_button(app: AppTest, label: str) -> AppTest:
    """Press the button of that label, together with whatever was changed since the last run, and return the app."""
    next(button for button in app.button if button.label == label).click().run()
    assert_sound(app)
    return app


def field(app: AppTest, name: str) -> Any:
    """Return the control of a column in a form that writes a row of some table."""
    kinds = (app.text_input, app.text_area, app.button_group, app.selectbox)
    return next(w for kind in kinds for w in kind if w.key and w.key.endswith(f"-{name}"))


def notices_of(app: AppTest) -> str:
    """Return all notices of success, error or warning as one text."""
    return "\n".join(str(notice.value) for kind in (app.success, app.error, app.warning) for notice in kind)


def warnings_of(app: AppTest) -> str:
    """Return all warnings as one text."""
    return "\n".join(str(warning.value) for warning in app.warning)


def words_of(app: AppTest) -> str:
    """Return what a reader can read outside charts: HTML without its tags, headings, notices and texts."""
    parts = []
    for kind in ("title", "header", "subheader", "markdown", "caption", "info", "warning", "error", "html"):
        parts += [_text(element) for element in app.get(kind)]
    return "\n".join(parts)


def _text(element: Any) -> str:
    if element.type != "html":
        return str(element.value)
    # Explained terms stand in a sentence as buttons without a place of their own.
    body = re.sub(r"<(style|script)>.*?</\1>|</?button[^>]*>", "", element.proto.body, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]*>", "\n", body))
