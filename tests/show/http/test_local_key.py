"""The key to recording on one's own machine: how it is made, carried and kept."""

from http.cookies import SimpleCookie

import pytest

from indicators.show.http.local_key import add_key, fits, holds_key, make_key, name_cookie, take_key, write_cookie

KEY = "a-key-that-is-long-enough"


def test_each_start_makes_a_key_of_its_own_that_cannot_be_guessed() -> None:
    made = {make_key("") for _ in range(50)}
    assert len(made) == 50
    assert min(map(len, made)) >= 40


def test_a_key_of_the_environment_is_taken_as_it_is() -> None:
    assert make_key(KEY) == KEY


@pytest.mark.parametrize(
    "key", ["short", "fifteen-letters", "with blanks in it, many", "ü" * 20, "a" * 129, "a;b=" * 8]
)
def test_a_key_that_could_be_guessed_or_would_not_fit_an_address_stops_the_start(key: str) -> None:
    with pytest.raises(ValueError, match="TENSION_KEY"):
        make_key(key)


@pytest.mark.parametrize("given", ["", KEY[:-1], KEY + "x", KEY.upper(), "ключ", "\udcff"])
def test_nothing_but_the_key_fits(given: str) -> None:
    assert fits(KEY, KEY)
    assert not fits(KEY, given)
    assert not fits("", given), "without a key nothing fits"


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites_and_goes_with_the_browser() -> None:
    cookie = SimpleCookie(write_cookie(KEY, "localhost:8501", secure=True))["tension_key_8501"]
    assert cookie.value == KEY
    assert cookie["httponly"]
    assert cookie["secure"]
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == "/"
    assert not cookie["expires"]
    assert not cookie["max-age"]
    assert not SimpleCookie(write_cookie(KEY, "localhost:8501", secure=False))["tension_key_8501"]["secure"]


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("localhost:8501", "tension_key_8501"),
        ("[::1]:80", "tension_key_80"),
        ("[::1]", "tension_key_80"),
        ("a.b", "tension_key_80"),
    ],
)
def test_two_servers_on_one_machine_keep_their_keys_apart(host: str, name: str) -> None:
    assert name_cookie(host) == name
    assert holds_key(KEY, host, {name: KEY})
    assert not holds_key(KEY, host, {"tension_key_8502": KEY})


@pytest.mark.parametrize(
    ("query", "given", "rest"),
    [
        (f"key={KEY}", KEY, ""),
        (f"dim=cyber&key={KEY}&w_cyber=2", KEY, "dim=cyber&w_cyber=2"),
        (f"key=other&key={KEY}&x=", KEY, "x="),
        ("dim=cyber&keys=1", "", "dim=cyber&keys=1"),
    ],
)
def test_the_address_loses_the_key_and_keeps_the_rest(query: str, given: str, rest: str) -> None:
    assert take_key(query) == (given, rest)
    assert add_key("http://localhost:8501", KEY) == f"http://localhost:8501/?key={KEY}"
