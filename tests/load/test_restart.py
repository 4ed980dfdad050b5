"""The server is killed and started again: sessions come back to their view from the address."""

import os
import signal
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.folders import write_sound_folder
from tests.load.crowd import Desk, Tally, gather, read_complaints, roamers, run_page, wait_for
from tests.running_app import Serve
from tests.scoring_form import ask_for_form
from tests.socket_session import Run, Session

ROOT = Path(__file__).parents[2]
VIEWS = (
    ("", "interval=95&w_military=2&dim=cyber"),
    ("dimension", "dim=cyber&indicator=cyb_sabotage&apart=true"),
    ("narrative", "coder=c1"),
    ("compare", "base=2024-06-30&compare=2024-07-04&as_of=2024-07-05"),
    ("method", "tab=Corrections"),
)


def shown(run: Run) -> list[bytes]:
    """All elements that a page shows in the end, sorted, since a slow server sends some later, after an empty place."""
    assert run.failures == []
    return sorted(e.SerializeToString() for e in run.elements if e.WhichOneof("type") not in ("empty", "spinner"))


def kill(server: Any) -> None:
    """Kill a server as a host does that runs out of memory."""
    os.kill(server.process, signal.SIGKILL)
    wait_for(lambda: Path(f"/proc/{server.process}/stat").read_text().rpartition(")")[2].split()[0] == "Z", "it died")


def test_sessions_come_back_to_their_view_on_a_server_that_was_killed(serve: Serve, tmp_path: Path) -> None:
    data = write_sound_folder(tmp_path / "data")
    environment = {"TENSION_DATA": str(data), "TENSION_CODER": "c1"}
    views = [*VIEWS, ("update", ask_for_form(Desk(data).draft(3)))]
    with ExitStack() as stack:
        first = stack.enter_context(serve(ROOT / "app.py", environment=environment))
        sessions = [stack.enter_context(Session(first.url, page, query)) for page, query in views]
        before = [(shown(session.run()), session.query) for session in sessions]
        assert len({tuple(elements) for elements, _ in before}) == len(views)
        # The others are in the middle of a page when it happens.
        tally = Tally()
        gather([*roamers(first.url, tally, 3, 4), lambda: kill(first)], tally)
        assert [complaint for complaint in tally.complaints if not complaint.startswith("broken off")] == []

        port = urlsplit(first.url).port
        second = stack.enter_context(serve(ROOT / "app.py", environment=environment, port=port))
        assert second.url == first.url
        tally = Tally()
        for session, (elements, query) in zip(sessions, before, strict=True):
            with Session(second.url, session.page, query, former=session.id) as again:
                assert shown(run_page(tally, again)) == elements
                assert again.query == query
        assert tally.complaints == []
        assert read_complaints(second.log) == []


@pytest.mark.browser
def test_a_page_that_stays_open_comes_back_by_itself(serve: Serve, page: Page, tmp_path: Path) -> None:
    data = write_sound_folder(tmp_path / "data")
    with serve(ROOT / "app.py", environment={"TENSION_DATA": str(data)}) as first:
        page.goto(f"{first.url}/dimension?dim=cyber&indicator=cyb_sabotage&apart=true")
        reading = page.locator(".reading .number")
        expect(reading).to_have_text("6.1")
        apart = page.get_by_role("switch", name="Show coders separately")
        expect(apart).to_be_enabled()
        page.wait_for_load_state("networkidle")  # the parts of the page itself come from the server too
        kill(first)
        with serve(ROOT / "app.py", environment={"TENSION_DATA": str(data)}, port=urlsplit(first.url).port):
            # The page takes presses again once it has connected to the new server.
            expect(apart).to_be_enabled()
            expect(apart).to_be_checked()
            expect(reading).to_have_text("6.1")
            assert "indicator=cyb_sabotage" in page.url
            page.get_by_text("Show coders separately").click()
            page.wait_for_url(lambda url: "apart" not in url)
            expect(page.get_by_test_id("stException")).to_have_count(0)
