"""A server that has not read its git remote yet says so, and shows the data by itself once they are there."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.folders import write_sound_folder
from tests.records.remotes import make_bare, reach_over_ssh
from tests.running_app import ROOT, Serve


def test_the_page_waits_for_the_remote_in_so_many_words_and_then_shows_the_data(
    serve: Serve, page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    bare = make_bare(tmp_path, tmp_path / "bare.git", write_sound_folder)
    location, hangs, variables = reach_over_ssh(bare, tmp_path)
    hangs.touch()
    environment = {"TENSION_DATA": location, "TENSION_STATE": str(tmp_path / "state"), **variables}
    with serve(ROOT / "app.py", environment=environment) as server:
        page.goto(f"{server.url}/dimension?dim=cyber")
        expect(page.get_by_role("heading", name="Waiting for the git remote")).to_be_visible()
        hangs.unlink()
        expect(page.locator(".reading .number").first).to_be_visible()
