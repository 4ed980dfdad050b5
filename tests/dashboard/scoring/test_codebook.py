"""The tab Codebook: a proposal shows what it would change, is saved where check is clean, and is refused with all problems."""

import csv
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from indicators.records.checks.folder import check_folder
from indicators.records.folder import read_folder
from tests.dashboard.looking import notices_of, open_app, press_button, words_of
from tests.folders import contents

pytestmark = pytest.mark.usefixtures("editor")

WHY = "Two rulings have settled it."
ANCHOR = "One brigade more than usual stands at the border."
INDICATOR = {
    "indicator": "mil_drills",
    "title": "Drills",
    "dimension": "military",
    "definition": "Drills of the quarter, by how near to the border they are held.",
    "window": "quarter",
    **{f"anchor{score}": f"What must be the case in the quarter for a score of {score}." for score in range(0, 11, 2)},
}


@pytest.fixture(autouse=True)
def released(folder: Path) -> None:
    """Both quarters are open to all, so that the readings are those that a reader knows."""
    with (folder / "codebook/topic.csv").open("a") as file:
        file.write("released,2024-06-30\n")


def open_codebook(kind: str = "Wording of an anchor") -> AppTest:
    app = open_app("update", draft_way="Codebook")
    return field(app, "proposal").set_value(kind).run()


def field(app: AppTest, name: str) -> Any:
    kinds = (app.text_input, app.text_area, app.button_group, app.selectbox, app.toggle)
    return next(w for kind in kinds for w in kind if w.key and w.key.endswith((f"-{name}", f"draft_{name}")))


def fill(app: AppTest, **cells: str) -> AppTest:
    for name, cell in cells.items():
        field(app, name).set_value(cell)
    return app.run()


def rows_of(folder: Path, file: str) -> list[dict[str, str]]:
    return list(csv.DictReader((folder / file).read_text(encoding="utf-8").splitlines()))


def test_a_new_wording_starts_from_the_old_one_and_changes_no_reading(folder: Path) -> None:
    app = open_codebook()
    field(app, "anchor_score").set_value(4).run()
    assert field(app, "anchor").value == "What must be the case in the quarter for a score of 4."
    app = fill(app, anchor=ANCHOR, reason=WHY)
    words = words_of(app)
    assert ANCHOR in words
    assert "in force of this indicator within a point of 4" in words
    assert "No reading of a settled quarter changes" in notice_infos(field(app, "shown").set_value(True).run())
    app = press_button(app, "Save the wording")
    changed = [row for row in rows_of(folder, "codebook/anchors.csv") if row["anchor"] == ANCHOR]
    assert [(row["indicator"], row["score"]) for row in changed] == [("mil_posture", "4")]
    assert f"`anchor` was “What must be the case in the quarter for a score of 4.”, is “{ANCHOR}”" in (
        folder / "README.md"
    ).read_text(encoding="utf-8")
    assert check_folder(read_folder(folder)) == []


def test_a_new_indicator_is_saved_with_its_anchors_and_moves_no_reading_until_it_is_scored(folder: Path) -> None:
    app = fill(open_codebook("New indicator"), **INDICATOR, weight="0.5", reason=WHY)
    assert "No reading of a settled quarter changes" in notice_infos(field(app, "shown").set_value(True).run())
    app = press_button(app, "Add the indicator")
    assert "The indicator is in the codebook" in notices_of(app)
    assert rows_of(folder, "codebook/indicators.csv")[-1]["indicator"] == "mil_drills"
    assert len([row for row in rows_of(folder, "codebook/anchors.csv") if row["indicator"] == "mil_drills"]) == 6
    assert check_folder(read_folder(folder)) == []


def test_one_that_takes_a_claims_reading_away_is_refused_in_the_preview_and_at_the_save(folder: Path) -> None:
    before = contents(folder)
    app = fill(open_codebook("New indicator"), **INDICATOR, reason=WHY)
    # Two of three equal weights are less than the three quarters that a dimension needs.
    assert "Military posture is not settled" in words_of(field(app, "shown").set_value(True).run())
    field(app, "shown").set_value(False)
    assert "Military posture is not settled" in words_of(press_button(app, "Add the indicator"))
    assert contents(folder) == before


def test_a_proposal_that_is_not_clean_is_refused_with_all_problems_and_stays_typed(folder: Path) -> None:
    before = contents(folder)
    app = fill(open_codebook("New indicator"), **{**INDICATOR, "indicator": "military"}, reason=WHY)
    words = words_of(press_button(app, "Add the indicator"))
    assert "is the id of a dimension too" in words
    assert contents(folder) == before
    app = press_button(fill(app, indicator="Drills", title="", anchor6="Short."), "Add the indicator")
    words = words_of(app)
    assert [
        part for part in ("“Drills” is not an id", "Fill it in.", "“Short.” has 6 characters") if part not in words
    ] == []
    assert field(app, "definition").value == INDICATOR["definition"]
    assert contents(folder) == before


def test_a_new_coder_is_added_with_a_reason(folder: Path) -> None:
    cells = {"coder": "c3", "description": "A third coder, who reads the same events."}
    app = press_button(fill(open_codebook("New coder"), **cells, reason=WHY), "Add the coder")
    assert rows_of(folder, "codebook/coders.csv")[-1] == cells
    assert "The coder is in the codebook" in notices_of(app)


def notice_infos(app: AppTest) -> str:
    return "\n".join(str(info.value) for info in app.info)
