"""Where viewing is for members, a stranger's browser gets the way to sign in, and nothing else."""

import pytest
from playwright.sync_api import Page, expect

from tests.running_app import ROOT, Serve

pytestmark = pytest.mark.browser

SIGN_IN = """\
[auth]
redirect_uri = "http://127.0.0.1/oauth2callback"
cookie_secret = "only for this test"
client_id = "test"
client_secret = "test"
server_metadata_url = "http://127.0.0.1:9/.well-known/openid-configuration"
"""


def test_a_strangers_page_offers_to_sign_in(page: Page, serve: Serve) -> None:
    with serve(ROOT / "app.py", environment={"TENSION_MEMBERS_ONLY": "1"}, secrets=SIGN_IN) as server:
        page.goto(f"{server.url}/dimension?dim=cyber")
        main = page.get_by_test_id("stMain")
        expect(main).to_contain_text("This dashboard is for members only.")
        expect(main.get_by_role("button", name="Sign in")).to_be_enabled()
        expect(page.get_by_test_id("stPlotlyChart")).to_have_count(0)
