"""The update desk without a browser: a row opened, its fields found by their names, filled in and read."""

import csv
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.dashboard.looking import assert_sound, open_app

QUARTER = "2024-09-30"
"""The first quarter of the tiny folder that nobody has reviewed."""

REASON = "One brigade is still at the border, as the last review found."
SCORED = {"score": "5.5 4.5 6.5", "rationale": REASON, "events": "E0009"}
"""What the tiny folder takes for the military posture of that quarter."""


def open_row(indicator: str = "mil_posture", quarter: str = QUARTER, **more: str) -> AppTest:
    """Return the page with the row of an indicator open."""
    return open_app("update", draft_indicator=indicator, draft_quarter=quarter, **more)


def field(app: AppTest, name: str) -> Any:
    """Return the control of a field of the open form."""
    kinds = (app.text_input, app.text_area, app.checkbox, app.multiselect, app.button, app.toggle, app.button_group)
    return next(
        w for kind in kinds for w in kind if w.key and w.key.startswith("draft_") and w.key.endswith(f"-{name}")
    )


def has_field(app: AppTest, name: str) -> bool:
    """Whether the open form has a field."""
    try:
        return field(app, name) is not None
    except StopIteration:
        return False


def fill(app: AppTest, **fields: str) -> AppTest:
    """Type into fields and tick events, without a run."""
    for name, text in fields.items():
        if name == "events":
            for id in filter(None, text.split(";")):
                if has_field(app, f"tick-{id}"):
                    field(app, f"tick-{id}").check()
                else:
                    others = field(app, "others")
                    others.set_value([*others.value, id])
        else:
            field(app, name).set_value(text)
    return app


def press(app: AppTest, name: str = "save") -> AppTest:
    """Press a button of the form, together with whatever was typed, and return the page after it."""
    field(app, name).click().run()
    assert_sound(app)
    return app


def rows_of(folder: Path, file: str = "military") -> list[dict[str, str]]:
    """The rows of a file of scores."""
    return list(csv.DictReader((folder / "scores" / f"{file}.csv").read_text(encoding="utf-8").splitlines()))


def added(folder: Path, before: list[dict[str, str]], file: str = "military") -> list[dict[str, str]]:
    """The rows that a file of scores has got since."""
    return [row for row in rows_of(folder, file) if row not in before]


def use_window(folder: Path, indicator: str, window: str) -> None:
    """Let an indicator say something of another span."""
    path = folder / "codebook" / "indicators.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    changed = [line.rsplit(",", 1)[0] + f",{window}" if line.startswith(f"{indicator},") else line for line in lines]
    path.write_text("\n".join([*changed, ""]), encoding="utf-8")
