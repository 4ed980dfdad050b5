"""The inbox in the browser: by keyboard alone, an item is an event in few actions, and nothing typed is lost."""

import csv
import datetime as dt
import json
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.test_update import Hands, wait_for
from tests.browser.visits import open_visit
from tests.folders import write_sound_folder
from tests.running_app import ROOT, Serve

MANY = 20
DAY = dt.datetime.now(dt.UTC).date().isoformat()
ITEMS = "item,date,title,url,publisher,feed,found,proposed\n" + "".join(
    f"I00000000{n:02d},{DAY},Item {n:02d} of the brigades,https://example.org/{n},Example Wire,example-wire,{DAY}T00:00:00Z,\n"
    for n in range(MANY + 1)
)


def read_decisions(data: Path) -> list[dict[str, str]]:
    """The decisions on record."""
    return list(csv.DictReader((data / "inbox/decisions.csv").read_text(encoding="utf-8").splitlines()))


def test_an_item_becomes_an_event_in_six_actions_and_twenty_are_triaged_by_keyboard_alone(
    serve: Serve, page: Page, tmp_path: Path
) -> None:
    empty = "item,decision,event,reason,coder,recorded\n"
    data = write_sound_folder(tmp_path / "data", **{"inbox/items.csv": ITEMS, "inbox/decisions.csv": empty})
    environment = {"TENSION_DATA": str(data), "TENSION_STATE": str(tmp_path / "state"), "TENSION_CODER": "c1"}
    with serve(ROOT / "app.py", environment=environment) as server:
        page.goto(server.entrance)
        visit = open_visit(page, f"{server.url}/update?draft_way=Inbox")
        title, fact = visit.main.locator(".item h3"), visit.main.get_by_label("What happened, in your own words")
        expect(title).to_have_text("Item 00 of the brigades")
        page.keyboard.press("j")
        expect(title).to_have_text("Item 01 of the brigades")
        page.keyboard.press("k")
        expect(title).to_have_text("Item 00 of the brigades")

        # What is being typed outlasts a reload without the field being left; keys in it are text.
        page.keyboard.press("Enter")
        expect(fact).to_be_focused()
        page.keyboard.type("djk")
        wait_for(lambda: "djk" in "".join(f.read_text() for f in (tmp_path / "state").glob("*/drafts/*.json")))
        page.reload()
        expect(fact).to_have_value("djk")

        hands = Hands(page)
        hands.press("Enter")
        expect(fact).to_be_focused()
        hands.type("What happened, in your own words", "Both brigades have moved away from the border.")
        hands.click(visit.main.get_by_role("radio", name="lowers tension"))
        hands.click(visit.main.get_by_role("radio", name="2 probably true"))
        hands.press("Control+Enter")
        expect(visit.main.get_by_test_id("stAlert")).to_contain_text("Saved as E0013: Item 00")
        assert hands.actions <= 6
        assert [json.loads(file.read_bytes()) for file in (tmp_path / "state").glob("*/drafts/*.json")] == [[]]

        for number in range(1, MANY + 1):
            expect(title).to_have_text(f"Item {number:02d} of the brigades")
            page.keyboard.press("d")
            expect(visit.main.get_by_test_id("stAlert").first).to_contain_text(f"Dismissed: Item {number:02d}")
        expect(visit.main.get_by_test_id("stAlert").last).to_contain_text("The inbox is empty.")
        assert [row["decision"] for row in read_decisions(data)] == ["event", *["dismissed"] * MANY]
        assert visit.complaints == []
