"""The page follows its data folder: a changed score shows on the next interaction, a broken file breaks nothing."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visits import open_visit
from tests.running_app import Serve

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]


def score_newest(path: Path, score: str) -> None:
    """Give every assessment of a file's newest date one score, without a range around it."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    newest = max(row["date"] for row in rows)
    for row in rows:
        if row["date"] == newest:
            row |= {"score": score, "low": score, "high": score}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def test_a_changed_score_and_a_broken_file_show_on_the_next_interaction(page: Page, serve: Serve) -> None:
    with serve(ROOT / "app.py") as server:
        visit = open_visit(page, f"{server.url}/dimension?dim=cyber")
        # While a page is drawn anew, the old reading may stand below the new one for a moment.
        reading = visit.main.locator(".reading .number").first
        before = reading.inner_text()
        interact = visit.main.get_by_text("Show coders separately")

        score_newest(server.data / "scores/cyber.csv", "9.5")
        interact.click()
        expect(reading).to_have_text("9.5")
        assert before != "9.5"

        score_newest(server.data / "scores/cyber.csv", "11")
        interact.click()
        expect(visit.main.get_by_role("alert")).to_contain_text("last good version")
        expect(reading).to_have_text("9.5")

        score_newest(server.data / "scores/cyber.csv", "1")
        interact.click()
        expect(reading).to_have_text("1.0")
        expect(visit.main.get_by_role("alert")).to_have_count(0)
        assert visit.complaints == []
