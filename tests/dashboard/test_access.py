"""Who may edit and who may look: closed in every doubtful case."""

from dataclasses import replace

import pytest

from indicators.dashboard import access
from indicators.dashboard.access import decide_editing, decide_viewing
from indicators.show.http.middleware import Held
from tests.dashboard.circumstances import LOCAL

CODERS = ("c1", "c2")
SIGNED_IN = replace(
    LOCAL,
    sign_in=True,
    signed_in=True,
    email="Ana@Example.org",
    email_verified=True,
    editors={"ana@example.org": "c2"},
    address="0.0.0.0",
    headers={"Host": "tension.example.org", "X-Forwarded-For": "203.0.113.7"},
    local_coder="",
)


@pytest.mark.parametrize("address", ["localhost", "127.0.0.1", "::1"])
@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501", "localhost", "LOCALHOST:80"])
def test_on_the_servers_own_machine_the_coder_of_the_environment_may_edit(address, host):
    permission = decide_editing(replace(LOCAL, address=address, headers={"Host": host}), CODERS)
    assert permission.allowed
    assert permission.coder == "c1"


@pytest.mark.parametrize("address", ["", "0.0.0.0", "::", "192.0.2.1", "localhost.example.org"])
def test_a_server_that_listens_to_others_refuses_without_sign_in(address):
    assert not decide_editing(replace(LOCAL, address=address), CODERS).allowed


@pytest.mark.parametrize(
    "host",
    [
        "",
        "tension.example.org",
        "localhost.example.org",
        "127.0.0.1.example.org:8501",
        "[::1",
        "127.0.0.2:8501",
        # What a lenient reader of addresses takes for this machine.
        "localhost/evil.example",
        "localhost?.evil.example",
        "localhost#.evil",
        "[::1].evil.example",
        "x@localhost",
        "127.0.0.1:80:evil",
        "loc\talhost",
        "localhost\n",
        "localhost:",
        "localhost:999999",
        "localhost.",
    ],
)
def test_a_foreign_host_header_is_refused(host):
    assert not decide_editing(replace(LOCAL, headers={"Host": host}), CODERS).allowed


def test_a_request_without_host_is_refused():
    assert not decide_editing(replace(LOCAL, headers={}), CODERS).allowed


@pytest.mark.parametrize(
    "header",
    [
        "Forwarded",
        "X-Forwarded-For",
        "x-forwarded-host",
        "X-Forwarded-Proto",
        "X_Forwarded_For",
        "X-Original-Forwarded-For",
        "X-Original-Host",
        "X-Real-IP",
        "Via",
        "Client-IP",
        "X-Client-IP",
        "X-Cluster-Client-IP",
        "True-Client-IP",
        "CF-Ray",
        "CF-Connecting-IP",
        "Fly-Client-IP",
        "Fastly-Client-IP",
        "X-Envoy-External-Address",
        "X-Azure-ClientIP",
        "X-Appengine-User-IP",
        "X-Amzn-Trace-Id",
        "Tailscale-User-Login",
        "Ngrok-Trace-Id",
        # Neighbours of those that were seen.
        "X-Amz-Cf-Id",
        "X-ProxyUser-Ip",
        "X-Request-Start",
        "X-Scheme",
        "CDN-Loop",
        "Akamai-Origin-Hop",
        "X-Cloud-Trace-Context",
        "X-Vercel-Id",
        "Remote-User",
    ],
)
def test_a_forwarded_request_is_refused(header):
    headers = {"Host": "localhost:8501", header: "203.0.113.7"}
    assert not decide_editing(replace(LOCAL, headers=headers), CODERS).allowed


@pytest.mark.parametrize("coder", ["", "c9"])
def test_a_coder_must_be_named_and_known(coder):
    assert not decide_editing(replace(LOCAL, local_coder=coder), CODERS).allowed


def test_a_listed_account_edits_as_its_own_coder_from_anywhere():
    permission = decide_editing(SIGNED_IN, CODERS)
    assert permission.allowed
    assert permission.coder == "c2"


@pytest.mark.parametrize(
    "change",
    [
        {"signed_in": False},
        {"email_verified": False},
        {"editors": {}},
        {"editors": {"ana@example.org": "c9"}},
        {"email": "eve@example.org"},
        {"email": ""},
    ],
)
def test_other_accounts_are_refused_even_on_the_servers_machine(change):
    local = replace(SIGNED_IN, address="localhost", headers={"Host": "localhost"}, local_coder="c1")
    assert not decide_editing(replace(local, **change), CODERS).allowed


def test_viewing_is_open_unless_members_only():
    assert decide_viewing(replace(SIGNED_IN, signed_in=False)).allowed
    closed = replace(SIGNED_IN, members_only=True, members=("ben@example.org",))
    assert decide_viewing(closed).allowed, "editors are members"
    assert decide_viewing(replace(closed, email="ben@example.org")).allowed
    assert not decide_viewing(replace(closed, email="eve@example.org")).allowed
    assert not decide_viewing(replace(closed, signed_in=False)).allowed
    assert not decide_viewing(replace(closed, sign_in=False, signed_in=False)).allowed


def test_viewing_for_members_is_closed_without_sign_in_also_to_what_looks_like_this_machine():
    # A proxy that passes nothing on of where a request comes from makes everybody look so.
    assert not decide_viewing(replace(LOCAL, members_only=True)).allowed
    assert not decide_viewing(replace(LOCAL, members_only=True, key_held=False)).allowed


def test_what_a_browser_itself_sends_is_not_taken_for_a_proxys():
    headers = {
        "Host": "localhost:8501",
        "Origin": "http://localhost:8501",
        "Upgrade": "websocket",
        "Connection": "keep-alive, Upgrade",
        "Pragma": "no-cache",
        "Cache-Control": "no-cache",
        "User-Agent": "Mozilla/5.0",
        "Accept-Language": "en-GB",
        "Accept-Encoding": "gzip, deflate, br, zstd",
        "Sec-WebSocket-Key": "x",
        "Sec-Fetch-Site": "same-origin",
        "DNT": "1",
        "X-Requested-With": "org.example.browser",
        "Cookie": "a=b",
    }
    assert decide_editing(replace(LOCAL, headers=headers), CODERS).allowed


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost:9999",
        "http://localhost",
        "https://localhost",
        "http://127.0.0.1:8501",
        "http://0.0.0.0:8501",
        "http://evil.example\\@localhost:8501",
        "http://localhost:8501/",
        "localhost:8501",
        "localhost",
        "null",
        "",
    ],
)
def test_a_page_of_another_origin_on_this_machine_may_not_record(origin):
    headers = {"Host": "localhost:8501", "Origin": origin}
    assert not decide_editing(replace(LOCAL, headers=headers), CODERS).allowed


@pytest.mark.parametrize("coder", ["c1", ""])
def test_without_the_key_nobody_records_on_this_machine_and_the_page_says_where_it_is(coder):
    permission = decide_editing(replace(LOCAL, key_held=False, local_coder=coder), CODERS)
    assert not permission.allowed
    assert "address with the key that the server printed" in permission.why
    assert "make run" in permission.why


@pytest.mark.parametrize("change", [{"address": "0.0.0.0"}, {"headers": {"Host": "tension.example.org"}}])
def test_the_key_alone_opens_nothing_from_elsewhere(change):
    permission = decide_editing(replace(LOCAL, **change), CODERS)
    assert not permission.allowed
    assert "key" not in permission.why


class Account(dict):
    """An account as Streamlit has it."""

    is_logged_in = True


@pytest.mark.parametrize(
    ("told", "verified"),
    [
        (True, True),
        ("true", True),
        (False, False),
        ("false", False),
        ("False", False),
        ("0", False),
        ("yes", False),
        (None, False),
        ([True], False),
        ({}, False),
    ],
)
def test_an_address_counts_as_verified_only_where_the_provider_says_true(told, verified, monkeypatch):
    account = Account(email="ana@example.org", email_verified=told)
    monkeypatch.setattr(access.st, "user", account)
    monkeypatch.setattr(access, "_secrets", lambda: {"auth": {}, "editors": {"ana@example.org": "c2"}})
    now = access.read_circumstances()
    assert now.email_verified is verified
    assert decide_editing(now, CODERS).allowed is verified


def test_an_account_without_a_word_on_its_address_is_unverified(monkeypatch):
    monkeypatch.setattr(access.st, "user", Account(email="ana@example.org"))
    assert access.read_circumstances().email_verified is False


@pytest.mark.usefixtures("editor")
def test_only_a_session_that_may_record_may_upload_and_only_as_long_as_it_may(monkeypatch):
    monkeypatch.setattr(access, "session_id", lambda: "session-1")
    assert access.tell_uploads("session-1") is None
    assert access.may_edit(CODERS).allowed
    assert access.tell_uploads("session-1") == Held(0, 0)
    assert access.tell_uploads("session-2") is None
    assert access.tell_uploads("") is None
    monkeypatch.setattr(access, "read_circumstances", lambda: replace(LOCAL, key_held=False))
    assert not access.may_edit(CODERS).allowed
    assert access.tell_uploads("session-1") is None
