"""The tab Events: an event entered without a score, or corrected cell by cell with its reason in the data changelog."""

import csv
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from indicators.dashboard.access import Permission
from indicators.dashboard.scoring import save
from indicators.records.checks.folder import check_folder
from indicators.records.folder import read_folder
from tests.dashboard.looking import field, notices_of, open_app, press_button, words_of
from tests.folders import contents

pytestmark = pytest.mark.usefixtures("editor")

WHY = "The report was read again in full."


def open_events(event: str = "") -> AppTest:
    return open_app("update", draft_way="Events", **({"draft_event": event} if event else {}))


def fill(app: AppTest, **cells: str) -> AppTest:
    for name, cell in cells.items():
        field(app, name).set_value(cell)
    return app.run()


def event_of(folder: Path, id: str) -> dict[str, str]:
    rows = csv.DictReader((folder / "events.csv").read_text(encoding="utf-8").splitlines())
    return next(row for row in rows if row["event"] == id)


def test_the_form_starts_from_the_event_and_nothing_can_be_saved_that_differs_in_nothing(folder: Path) -> None:
    app, row = open_events("E0005"), event_of(folder, "E0005")
    assert {name: field(app, name).value or "" for name in row if name != "event"} == {
        name: cell for name, cell in row.items() if name != "event"
    }
    assert next(b for b in app.button if b.label == "Record the correction").disabled
    assert "1 assessment in force cites it" in words_of(app)


def test_the_chosen_event_stands_in_the_address_and_a_new_one_leaves_it_as_it_is(folder: Path) -> None:
    app = open_events()
    assert "draft_event" not in app.query_params
    app.selectbox(key="draft_event").set_value("E0005").run()
    assert app.query_params["draft_event"] == "E0005"
    app.selectbox(key="draft_event").set_value("").run()
    assert "draft_event" not in app.query_params


def test_a_correction_shows_old_and_new_and_writes_the_row_and_a_dated_line(folder: Path) -> None:
    before = event_of(folder, "E0005")
    app = fill(open_events("E0005"), publisher="Second *Wire*", reason=WHY)
    assert [before["publisher"] in words_of(app), "Second *Wire*" in words_of(app)] == [True, True]
    app = press_button(app, "Record the correction")
    assert event_of(folder, "E0005") == {**before, "publisher": "Second *Wire*"}
    line = next(line for line in (folder / "README.md").read_text().splitlines() if "E0005" in line)
    was = before["publisher"]
    assert line.endswith(f": events, `E0005`: `publisher` was “{was}”, is “Second \\*Wire\\*”. Changed by c1: {WHY}")
    assert line.startswith("- 20")
    assert "E0005 is corrected" in notices_of(app)
    assert check_folder(read_folder(folder)) == []


def test_a_second_report_is_added_and_credibility_follows_it(folder: Path) -> None:
    before = event_of(folder, "E0005")
    app = fill(open_events("E0005"), credibility="1", second_source_url="", reason=WHY)
    app = press_button(app, "Record the correction")
    assert "1 means confirmed by another report" in words_of(app)
    app = fill(app, second_source_url=before["source_url"])
    assert "This is the first source again" in words_of(app)
    app = press_button(fill(app, second_source_url="https://example.net/second"), "Record the correction")
    after = {**before, "credibility": "1", "second_source_url": "https://example.net/second"}
    assert event_of(folder, "E0005") == after


def test_a_change_that_breaks_another_rule_is_refused_with_all_problems(folder: Path) -> None:
    before = contents(folder)
    app = press_button(fill(open_events("E0005"), date="2024-07-05", reason=WHY), "Record the correction")
    assert "no hindsight" in words_of(app)
    assert field(app, "date").value == "2024-07-05"
    assert contents(folder) == before


def test_what_somebody_else_has_changed_meanwhile_is_not_taken_back(folder: Path) -> None:
    app = fill(open_events("E0005"), publisher="Second Wire", reason=WHY)
    events = folder / "events.csv"
    theirs = events.read_text().replace(event_of(folder, "E0005")["fact"], "Half of it went back as both sides say.")
    events.write_text(theirs)
    app = press_button(app, "Record the correction")
    assert "was changed meanwhile" in notices_of(app)
    assert events.read_text() == theirs
    assert field(app, "fact").value == "Half of it went back as both sides say."
    assert field(app, "publisher").value == "Second Wire"
    press_button(app, "Record the correction")
    assert event_of(folder, "E0005")["publisher"] == "Second Wire"
    assert event_of(folder, "E0005")["fact"] == "Half of it went back as both sides say."


def test_without_the_right_nothing_is_changed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = fill(open_events("E0005"), publisher="Second Wire", reason=WHY)
    before = contents(folder)
    monkeypatch.setattr(save, "may_edit", lambda _: Permission(False, why="Not any more."))
    app = press_button(app, "Record the correction")
    assert "Not any more. Nothing was changed." in notices_of(app).replace("\\", "")
    assert contents(folder) == before


def test_an_event_is_entered_without_a_score_and_another_one_after_it(folder: Path) -> None:
    cells = {
        "fact": "A third brigade moved towards the border.",
        "date": "2024-09-20",
        "indicator": "mil_posture",
        "effect": "raises",
        "source_url": "https://example.org/13",
        "source_title": "Third brigade",
        "publisher": "Example Wire",
        "reliability": "A",
    }
    app = press_button(fill(open_events(), **cells), "Save the event")
    assert "Fill it in." in words_of(app)  # the credibility
    app = press_button(fill(app, credibility="2"), "Save the event")
    (id,) = [word.strip(".") for word in notices_of(app).replace("\\", "").split() if word.startswith("E0")]
    assert event_of(folder, id) == {"event": id, **cells, "credibility": "2", "second_source_url": "", "same_as": ""}
    assert field(app, "fact").value == ""
