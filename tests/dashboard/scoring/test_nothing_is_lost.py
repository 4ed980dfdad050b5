"""Nothing typed is lost: each way of scoring and the inbox, through each thing that ends a session or refuses a save.

What only a browser shows (the Back button itself, a tab that is closed) stands in ``tests/browser/test_update.py``.
"""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import streamlit as st
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from indicators.dashboard import access
from indicators.dashboard import app as frame
from indicators.records.dataset import load_dataset
from indicators.show.files.workbook import write_workbook
from tests.dashboard.circumstances import LOCAL
from tests.dashboard.looking import PAGES, assert_sound, open_app, press_button, words_of
from tests.dashboard.scoring.form import QUARTER, REASON, field, fill, has_field
from tests.dashboard.scoring.test_inbox import ITEMS
from tests.dashboard.scoring.test_many_rows import HEADER, upload
from tests.dashboard.scoring.test_many_rows import fill as fill_book
from tests.folders import contents
from tests.submissions import EVENT

FORM = {
    "score": "5.5 4.5 6.5",
    "date": "2024-09-29",
    "rationale": f"{REASON} Ни одна не ушла.",
    "fact": "A third brigade moved towards the border.",
    "url": "https://example.org/13",
    "title": "Third brigade",
}
PASTED = f'{HEADER}\n{QUARTER},mil_posture,77,6,8,"{REASON}",E0009\n{QUARTER},mil_signals,5,4,6,"{REASON}",E0010'
MENDED = "7"

Grid = list[dict[str, str]]


def grids_of(app: AppTest) -> list[Grid]:
    """The grids of the page as a reader sees them: what they started with, and what was typed over it since."""
    found = []
    for grid in app.data_editor:
        rows = grid.value.drop(columns="line").to_dict("records")
        for number, cells in app.session_state[grid.proto.id.split("-", 2)[2]]["edited_rows"].items():
            rows[int(number)] |= cells
        found.append(rows)
    return found


def edit_cell(app: AppTest, column: str, text: str) -> AppTest:
    """Type into a cell of the first row of the first grid, as a browser tells of it."""
    states = app._tree.get_widget_states()
    edits = {"edited_rows": {"0": {column: text}}, "added_rows": [], "deleted_rows": []}
    states.widgets.append(WidgetState(id=app.data_editor[0].proto.id, string_value=json.dumps(edits)))
    app._run(states)
    assert_sound(app)
    return app


def open_way(way: str, **more: str) -> AppTest:
    return open_app("update", draft_way=way, **more)


# The ways: what is typed, and what of it stands on the page that is opened from a plain address


def type_form() -> AppTest:
    app = fill(open_app("update", draft_indicator="mil_posture", draft_quarter=QUARTER), **FORM, events="E0009;E0001")
    field(app, "reliability").set_value("A")
    return app.run()


def find_form(app: AppTest) -> object:
    if not has_field(app, "score") or "-mil_posture-" not in field(app, "score").key:
        app.button(key="sheet-row-mil_posture").click().run()
    chosen = (field(app, "tick-E0009").value, field(app, "others").value, field(app, "reliability").value)
    return {name: field(app, name).value for name in FORM} | {"chosen": chosen}


def type_sheet() -> AppTest:
    app = fill(
        open_app("update", draft_indicator="mil_posture", draft_quarter=QUARTER), score="5.5", events="E0009"
    ).run()
    app.button(key="sheet-row-cyb_sabotage").click().run()
    return fill(app, rationale=REASON).run()


def find_sheet(app: AppTest) -> object:
    labels = {b.key.split("-")[2]: b.label for b in app.button if (b.key or "").startswith(("sheet-row", "sheet-open"))}
    found: dict[str, object] = {id: "draft" in label for id, label in labels.items()}
    for id, name in (("mil_posture", "score"), ("cyb_sabotage", "rationale")):
        if f"-{id}-" not in field(app, "score").key:
            app.button(key=f"sheet-row-{id}").click().run()
        found[name] = field(app, name).value
    return found


def type_grid() -> AppTest:
    app = open_way("Many rows")
    app.text_area[0].set_value(PASTED).run()
    return edit_cell(app, "score", MENDED)


def type_workbook() -> AppTest:
    folder = access.read_settings().data
    dataset = load_dataset(Path(folder)).dataset
    assert dataset is not None
    row = {"score": 7, "low": 6, "high": 8, "rationale": REASON, "events": "new1;E0009"}
    book = fill_book(write_workbook(dataset, "c1", dt.date(2024, 9, 30)), {"mil_posture": row}, [EVENT])
    return edit_cell(upload(open_way("Many rows"), "filled-in.xlsx", book), "rationale", f"{REASON} Still there.")


def find_grid(app: AppTest) -> object:
    if not app.data_editor:  # a plain address leads to the sheet
        app = open_way("Many rows")
    return grids_of(app)


def type_item() -> AppTest:
    inbox = Path(access.read_settings().data) / "inbox"
    (inbox / "items.csv").write_text(ITEMS)
    (inbox / "decisions.csv").write_text("item,decision,event,reason,coder,recorded\n")
    app = press_button(open_way("Inbox"), "Next")
    app.selectbox(key="inbox_reason").set_value("Too small to count.")
    return fill(app, fact=REASON, effect="raises", credibility="2").run()


def find_item(app: AppTest) -> object:
    if not [button for button in app.button if str(button.key).startswith("inbox-row")]:
        app = open_way("Inbox")
    drafted = next(b for b in app.button if str(b.key).startswith("inbox-") and "draft" in b.label)
    if drafted.key != "inbox-open-I0000000002":
        drafted.click().run()
    return (field(app, "fact").value, field(app, "effect").value, app.selectbox(key="inbox_reason").value)


def type_joining() -> AppTest:
    app = open_app("update")
    app.session_state["who-new"] = True
    return fill(app.run(), coder="ana", description=REASON).run()


def find_joining(app: AppTest) -> object:
    return (field(app, "coder").value, field(app, "description").value)


@dataclass(frozen=True)
class Way:
    """A way of scoring: what somebody types, what stands of it on a page, and the button that saves it."""

    type: Callable[[], AppTest]
    find: Callable[[AppTest], object]
    stands: object
    save: str


ROW = {"date": QUARTER, "indicator": "mil_posture", "score": "7", "low": "6", "high": "8", "rationale": REASON}
OTHER = {"indicator": "mil_signals", "score": "5", "low": "4", "high": "6", "events": "E0010"}
CELLS = [[ROW | {"events": "E0009"}, ROW | OTHER]]
BOOK = [
    [ROW | {"rationale": f"{REASON} Still there.", "events": "new1;E0009"}],
    [{"event": "new1", "second_source_url": "", "same_as": "", **EVENT}],
]
SHEET = {"mil_posture": True, "mil_signals": False, "cyb_espionage": False, "cyb_sabotage": True}
WAYS = {
    "form": Way(type_form, find_form, {**FORM, "chosen": (True, ["E0001"], "A")}, "Save"),
    "sheet": Way(type_sheet, find_sheet, {**SHEET, "score": "5.5", "rationale": REASON}, "Save"),
    "grid": Way(type_grid, find_grid, CELLS, "Save 2 rows"),
    "workbook": Way(type_workbook, find_grid, BOOK, "Save 1 row and 1 event"),
    "inbox": Way(type_item, find_item, (REASON, "raises", "Too small to count."), "Save as event"),
}
NEW = Way(type_joining, find_joining, ("ana", REASON), "Join the coders")

SIGNED_IN = replace(
    LOCAL, sign_in=True, signed_in=True, email="a@example.org", email_verified=True, editors={"a@example.org": "c1"}
)


# What happens then; each returns the page that its coder has afterwards

Event = Callable[[AppTest, Way, Path, pytest.MonkeyPatch], AppTest]


def reload(app: AppTest, way: Way, folder: Path, patch: pytest.MonkeyPatch) -> AppTest:
    address = {name: values[0] for name, values in app.query_params.items()}
    return open_app("update", **address)


def lose_server(app: AppTest, way: Way, folder: Path, patch: pytest.MonkeyPatch) -> AppTest:
    st.cache_resource.clear()  # a new server has nothing in its memory
    return reload(app, way, folder, patch)


def go_back(app: AppTest, way: Way, folder: Path, patch: pytest.MonkeyPatch) -> AppTest:
    app.switch_page(str(PAGES / "overview.py")).run()
    app.switch_page(str(PAGES / "update.py")).run()
    assert_sound(app)
    return app


def change_machine(app: AppTest, way: Way, folder: Path, patch: pytest.MonkeyPatch) -> AppTest:
    return open_app("update")


def expire(app: AppTest, way: Way, folder: Path, patch: pytest.MonkeyPatch) -> AppTest:
    patch.setattr(access, "read_circumstances", lambda: replace(SIGNED_IN, signed_in=False, email=""))
    app.run()
    assert_sound(app)
    said = words_of(app) + str(grids_of(app)) + str([area.value for area in app.text_area])
    assert REASON not in said
    patch.setattr(access, "read_circumstances", lambda: SIGNED_IN)
    return open_app("update")


def refuse(app: AppTest, way: Way, folder: Path, patch: pytest.MonkeyPatch) -> AppTest:
    before = contents(folder)
    events = (folder / "events.csv").read_text(encoding="utf-8")
    (folder / "events.csv").write_text(f"{events}E0099,soon\n", encoding="utf-8")
    next(button for button in app.button if button.label.startswith(way.save)).click().run()
    assert_sound(app)
    (folder / "events.csv").write_text(events, encoding="utf-8")
    after = contents(folder)
    assert {name: after[name] for name in before} == before
    return app.run()


EVENTS: dict[str, Event] = {
    "a refused save": refuse,
    "a reload": reload,
    "the Back button": go_back,
    "a killed server": lose_server,
    "a closed tab and another machine": change_machine,
    "an expired session": expire,
}


@pytest.fixture(autouse=True)
def signed_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A coder of the tiny folder in the autumn of 2024, by an account."""
    monkeypatch.setattr(access, "read_circumstances", lambda: SIGNED_IN)
    monkeypatch.setattr(frame, "today_utc", lambda: dt.date(2024, 11, 20))


@pytest.mark.parametrize("name", WAYS)
def test_what_was_typed_stands_there_after(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    way = WAYS[name]
    app = way.type()
    for happens, event in EVENTS.items():
        app = event(app, way, folder, monkeypatch)
        assert way.find(app) == way.stands, happens


def test_what_somebody_new_has_typed_stands_there_until_they_have_joined(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "read_circumstances", lambda: replace(LOCAL, local_coder=""))
    app = NEW.type()
    for happens, event in EVENTS.items():
        if event is not expire:  # nobody is signed in
            app = event(app, NEW, folder, monkeypatch)
            assert NEW.find(app) == NEW.stands, happens
    press_button(app, NEW.save)
    assert not has_field(open_app("update"), "description")


def test_nobody_else_sees_what_a_coder_has_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    type_form()
    type_grid()
    other = replace(SIGNED_IN, editors={"a@example.org": "c2"})
    monkeypatch.setattr(access, "read_circumstances", lambda: other)
    app = open_app("update", draft_indicator="mil_posture", draft_quarter=QUARTER)
    assert field(app, "rationale").value == ""
    assert not open_way("Many rows").data_editor
