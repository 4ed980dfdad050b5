"""A subject of one's own, from an empty folder to a publication, in the app and by two commands: no file is edited."""

from pathlib import Path

from click.testing import CliRunner
from playwright.sync_api import Page, expect

from indicators.__main__ import main
from indicators.records.dataset import load_dataset
from tests.browser.test_update import REASON, Hands, save_button
from tests.browser.visits import PAGES, open_visit, wait_until_ready
from tests.dashboard.test_new_subject import FOREIGN, OPTIONS
from tests.running_app import ROOT, Serve


def run(*arguments: str) -> None:
    done = CliRunner().invoke(main, list(arguments))
    assert done.exit_code == 0, done.output


def test_a_new_folder_takes_its_first_event_and_score_in_the_app_and_is_published(
    serve: Serve, page: Page, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    run("new", str(data), *OPTIONS)
    environment = {"TENSION_DATA": str(data), "TENSION_STATE": str(tmp_path / "state")}
    with serve(ROOT / "app.py", environment=environment) as server:  # as `make run` starts it
        hands = Hands(open_visit(page, server.entrance).page)
        expect(hands.main).to_contain_text("Nothing has been scored yet.")
        hands.click(hands.main.get_by_role("link", name="Record the first assessment"))
        hands.click(hands.main.get_by_role("button", name="c1", exact=True))
        day = hands.main.get_by_label("Date", exact=True).input_value()
        hands.click(hands.main.get_by_text("Add an event that is not on record"))
        hands.type("What happened, in your own words", "The company cut all fares to the island by half.")
        hands.type("Day of the event", day)
        hands.click(hands.main.get_by_role("radio", name="raises tension"))
        hands.type("Link to the source", "https://example.org/fares")
        hands.type("Title of the source", "Fares cut by half")
        hands.type("Publisher", "Harbour Gazette")
        hands.click(hands.main.get_by_role("radio", name="B usually reliable"))
        hands.click(hands.main.get_by_role("radio", name="2 probably true"))
        hands.type("Score", "6 5 7")
        hands.type("Why this score", REASON)
        expect(save_button(hands.main)).to_be_enabled()
        hands.press("Control+Enter")
        expect(hands.main.get_by_test_id("stAlert").filter(has_text="Saved. ")).to_be_visible()
        for path in [*PAGES.values(), "update"]:
            page.goto(f"{server.url}/{path}")
            wait_until_ready(page)
            assert FOREIGN.findall(page.inner_text("body")) == []
            assert "Nothing has been scored yet" not in page.inner_text("body")
    dataset = load_dataset(data).dataset
    assert dataset is not None
    assert dataset.assessments[["score", "events"]].to_numpy().tolist() == [[6.0, "E0001"]]
    run("publish", str(tmp_path / "site"), "--data", str(data))
    page.goto((tmp_path / "site" / "index.html").as_uri())
    expect(page.locator("h1")).to_contain_text("How bitter is the ferry quarrel?")
    assert FOREIGN.findall(page.inner_text("body")) == []
