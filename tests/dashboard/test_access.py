"""Who may edit and who may look: closed in every doubtful case."""

from dataclasses import replace

import pytest
from circumstances import LOCAL

from indicators.dashboard.access import decide_editing, decide_viewing

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
    "host", ["", "tension.example.org", "localhost.example.org", "127.0.0.1.example.org:8501", "[::1", "127.0.0.2:8501"]
)
def test_a_foreign_host_header_is_refused(host):
    assert not decide_editing(replace(LOCAL, headers={"Host": host}), CODERS).allowed


def test_a_request_without_host_is_refused():
    assert not decide_editing(replace(LOCAL, headers={}), CODERS).allowed


@pytest.mark.parametrize(
    "header", ["Forwarded", "X-Forwarded-For", "x-forwarded-host", "X-Forwarded-Proto", "X-Real-IP", "Via"]
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
    assert decide_viewing(replace(LOCAL, members_only=True)).allowed
