"""Levers and assumptions in a link: read as they were written, refused with a reason, edits and defaults told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.measures.outlook.levers import Assumption
from indicators.show.links.levers import (
    apply_entries,
    read_entries,
    read_levers,
    refuse_assumptions,
    refuse_levers,
    write_entries,
    write_levers,
)

slugs = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
ids = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
hundredths = st.lists(st.integers(-1000, 1000), min_size=3, max_size=3).map(
    lambda three: [n / 100 for n in sorted(three)]
)
assumed = st.builds(
    lambda lever, id, e, days: Assumption(lever, id, *e, days), slugs, ids, hundredths, st.integers(0, 3650)
)
several = st.lists(assumed, min_size=1, max_size=5, unique_by=lambda a: (a.lever, a.indicator))
PUBLISHED = (Assumption("line", "mil_a", -1, -0.5, 0, 60), Assumption("talks", "cyb_a", -2, -1, 0.25, 90))


@given(several)
def test_what_is_written_is_read_again(assumptions: list[Assumption]) -> None:
    text = write_entries(assumptions)
    assert read_entries(text) == tuple(sorted(assumptions))
    assert refuse_assumptions(text, None) == ""
    assert refuse_assumptions(text, assumptions) == ""
    assert write_entries(read_entries(text)) == text


@given(several, st.randoms())
def test_a_readers_edits_come_back_from_the_link_and_nothing_else_does(published: list[Assumption], rng) -> None:
    edited = [Assumption(a.lever, a.indicator, -3, -2, 1.25, 7) if rng.random() < 0.5 else a for a in published]
    text = write_entries(edited, published)
    assert apply_entries(text, published) == tuple(edited)
    assert (text == "") == (edited == published)


@given(st.lists(slugs, min_size=1, max_size=5, unique=True), st.randoms())
def test_levers_have_one_order(levers: list[str], rng) -> None:
    mixed = rng.sample(levers, len(levers))
    assert write_levers(mixed) == write_levers(levers)
    assert read_levers(",".join(mixed)) == read_levers(write_levers(levers)) == tuple(sorted(levers))
    assert refuse_levers(",".join(mixed), levers) == ""


def test_numbers_have_one_spelling() -> None:
    assert write_entries(read_entries("line.mil_a:-1.50/-0.0/0.10/030")) == "line.mil_a:-1.5/0/0.1/30"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("line.mil_a:-1/0/1", "form"),
        ("line.mil_a:-1/0/1/60,", "form"),
        ("line.mil_a:-1/0/1e0/60", "form"),
        ("line.mil_a:-1.125/0/1/60", "form"),
        ("line.mil_a:0/-1/1/60", "is violated"),
        ("line.mil_a:-10.5/0/1/60", "is violated"),
        ("line.mil_a:-1/0/1/3651", "3650 days"),
        ("line.cyb_a:-1/0/1/60", "line.cyb_a"),
        ("line.mil_a:-1/0/1/60,line.mil_a:-1/0/1/30", "twice"),
    ],
)
def test_a_refusal_says_why(text: str, reason: str) -> None:
    assert reason in refuse_assumptions(text, PUBLISHED)


def test_a_lever_that_is_not_there_is_named_with_those_that_are() -> None:
    said = refuse_levers("line,magic", ["line", "talks"])
    assert "magic" in said
    assert "line, talks" in said
