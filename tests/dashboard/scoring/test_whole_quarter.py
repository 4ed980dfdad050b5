"""A whole quarter of twenty indicators by the form: how many actions it takes, and that each is one added row."""

import shutil
from pathlib import Path

import pytest

from tests.dashboard.looking import open_app
from tests.dashboard.scoring.form import field, fill, press
from tests.running_app import ROOT
from tests.thorough import at_least

pytestmark = pytest.mark.usefixtures("editor")

QUARTER = "2026-09-30"
ROWS = at_least(6, 20)
"""Indicators that are scored, in the order in which the sheet leads through them."""

MOST_ACTIONS = 110 * ROWS / 20


def write_unreviewed(folder: Path) -> Path:
    """Write the shipped data without what c1 has scored since the end of June 2026."""
    shutil.copytree(ROOT / "data", folder)
    for path in folder.glob("scores/*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not (",c1," in line and line[:10] > "2026-06-30" and line[:2] == "20")]
        path.write_text("".join(kept), encoding="utf-8")
    return folder


@pytest.fixture
def unreviewed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That folder, which the app reads."""
    folder = write_unreviewed(tmp_path / "data")
    monkeypatch.setenv("TENSION_DATA", str(folder))
    return folder


def count_rows(folder: Path) -> int:
    """How many rows c1 has on the last day of the quarter."""
    lines = [line for path in folder.glob("scores/*.csv") for line in path.read_text(encoding="utf-8").splitlines()]
    return len([line for line in lines if line.startswith(f"{QUARTER},") and ",c1," in line])


def test_a_quarter_half_of_it_unchanged_takes_at_most_110_actions(unreviewed: Path) -> None:
    assert count_rows(unreviewed) == 0
    app = open_app("update")
    assert app.selectbox(key="draft_quarter").value == QUARTER
    actions = 0
    for number in range(ROWS):
        ticks = [box for box in app.checkbox if box.key and "-tick-" in box.key]
        if number % 2:
            button = field(app, "unchanged")
            if button.label.startswith("Quiet"):
                press(app, "unchanged")
                actions += 1
            if ticks or button.label.startswith("Quiet"):
                fill(app, rationale="The quarter was searched, and nothing in it points another way.")
                actions += 1
            if ticks:
                ticks[0].check()
                actions += 1
            press(app, "unchanged")
            actions += 1
        else:
            fill(app, score="6.5 5 8", rationale="Somewhat more than the last review found, by what is ticked.")
            actions += 2
            for tick in ticks[:2]:
                tick.check()
                actions += 1
            press(app)
            actions += 1
        assert count_rows(unreviewed) == number + 1
    assert actions <= MOST_ACTIONS
