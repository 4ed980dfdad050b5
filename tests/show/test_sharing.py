"""A link restores a view, or says of each parameter why it does not."""

import datetime as dt
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.records.dataset import Dataset
from indicators.show.sharing import AS_OF, BASE, COMPARE, DOCUMENTED, FROM, TO, WEIGHT, build_link, cite, read_view

# For each parameter some values that a link may have, and some that it may not.
VALUES: dict[str, tuple[list[str], list[str]]] = {
    "dim": (["index", "cyber"], ["space", "Cyber", "cyb_espionage", ""]),
    "from": (
        ["2024-03-31", "2025-02-28"],
        ["31/12/2024", "2024-4-1", "2025-02-29", "45657", "yesterday", "2023-12-31"],
    ),
    "to": (["2024-06-30"], ["30.06.2024", "2024-06-31", "2024-06-30T00:00:00", " 2024-06-30", "1999-01-01"]),
    "coder": (["all", "c1"], ["c9", "C1", "c1;c2"]),
    "freq": (["month", "week", "quarter"], ["year", "M", "Month"]),
    "as_of": (["2024-07-03", "2000-01-01"], ["1999-12-31", "03/07/2024", "newest"]),
    "claim": (["stays-tense"], ["stays", "1", "<script>"]),
    "indicator": (["cyb_sabotage"], ["cyber", "cyb_unknown"]),
    "apart": (["true", "false"], ["yes", "1", "True"]),
    "interval": (["50", "80", "95"], ["90", "80.0", "0.8", "80%"]),
    "mean": (["arithmetic", "geometric"], ["harmonic"]),
    "w_cyber": (["0", "2", "0.5", "10"], ["-1", "10.5", "1e1", "7,5", "NaN", "much", ""]),
    "base": (["2024-03-31"], ["2024-03", "2023-12-31"]),
    "compare": (["2024-06-30"], ["now"]),
}
TODAY = dt.date(2026, 11, 25)


def cases(place: int) -> list[tuple[str, str]]:
    """All pairs of a parameter and a value, right ones (0) or wrong ones (1)."""
    return [(name, value) for name, values in VALUES.items() for value in values[place]]


def test_every_documented_parameter_is_tried_here() -> None:
    assert {"w_" if name.startswith(WEIGHT) else name for name in VALUES} == set(DOCUMENTED)


@pytest.mark.parametrize(("name", "value"), cases(0))
def test_a_valid_parameter_is_taken_as_it_is(dataset: Dataset, name: str, value: str) -> None:
    view = read_view([(name, value)], dataset, today=TODAY)
    assert view.values == {name: value}
    assert view.refusals == ()


@pytest.mark.parametrize(("name", "value"), cases(1))
def test_an_invalid_parameter_is_refused_with_its_value_and_a_reason(dataset: Dataset, name: str, value: str) -> None:
    view = read_view([(name, value)], dataset, today=TODAY)
    assert view.values == {}
    (refusal,) = view.refusals
    assert (refusal.name, refusal.value) == (name, value)
    assert refusal.reason
    assert str(refusal).startswith(f"{name}={value}")


def test_an_unknown_parameter_is_refused(dataset: Dataset) -> None:
    view = read_view([("theme", "dark"), ("w_space", "1"), ("dim", "cyber")], dataset)
    assert view.values == {"dim": "cyber"}
    assert [refusal.name for refusal in view.refusals] == ["theme", "w_space"]


def test_of_a_parameter_given_twice_the_first_is_used_and_the_second_named(dataset: Dataset) -> None:
    view = read_view([("dim", "cyber"), ("dim", "military")], dataset)
    assert view.values == {"dim": "cyber"}
    assert [(refusal.name, refusal.value) for refusal in view.refusals] == [("dim", "military")]


@pytest.mark.parametrize(("first", "last"), [(FROM, TO), (BASE, COMPARE)])
@pytest.mark.parametrize("end", ["2024-06-29", "2024-06-30"])
def test_a_period_without_a_day_in_it_loses_its_end(dataset: Dataset, first: str, last: str, end: str) -> None:
    for given_in in ([(first, "2024-06-30"), (last, end)], [(last, end), (first, "2024-06-30")]):
        view = read_view(given_in, dataset)
        assert view.values == {first: "2024-06-30"}
        assert [(refusal.name, refusal.value) for refusal in view.refusals] == [(last, end)]


@pytest.mark.parametrize("name", [FROM, TO, AS_OF, BASE, COMPARE])
def test_a_day_to_come_is_refused(dataset: Dataset, name: str) -> None:
    assert read_view([(name, "2026-11-25")], dataset, today=TODAY).values == {name: "2026-11-25"}
    assert read_view([(name, "2026-11-26")], dataset, today=TODAY).values == {}


def test_the_index_is_no_dimension_of_the_page_dimension(dataset: Dataset) -> None:
    assert read_view([("dim", "index")], dataset, with_index=False).values == {}
    assert read_view([("dim", "cyber")], dataset, with_index=False).values == {"dim": "cyber"}


def test_a_view_gives_its_days_as_days(dataset: Dataset) -> None:
    view = read_view([(FROM, "2024-04-01")], dataset)
    assert view.day(FROM) == dt.date(2024, 4, 1)
    assert view.day(TO) is None


@given(st.lists(st.tuples(st.sampled_from([*VALUES, "theme"]), st.text(max_size=12)), max_size=6))
def test_every_parameter_is_used_or_refused_never_dropped(dataset: Dataset, parameters: list[tuple[str, str]]) -> None:
    view = read_view(parameters, dataset, today=TODAY)
    assert sorted([*view.values.items(), *((r.name, r.value) for r in view.refusals)]) == sorted(parameters)


@given(st.dictionaries(st.text(min_size=1, max_size=8), st.text(min_size=1, max_size=20), max_size=5))
def test_a_link_gives_back_what_it_was_built_from(values: dict[str, str]) -> None:
    link = urlsplit(build_link("https://example.org/tension/", "dimension", values))
    assert (link.scheme, link.netloc, link.path, link.fragment) == ("https", "example.org", "/tension/dimension", "")
    assert dict(parse_qsl(link.query, strict_parsing=bool(values))) == values


@given(st.permutations([("dim", "cyber"), ("from", "2024-04-01"), ("apart", "true")]))
def test_one_view_has_one_address(pairs: list[tuple[str, str]]) -> None:
    assert build_link("", "dimension", dict(pairs)) == "/dimension?apart=true&dim=cyber&from=2024-04-01"


def test_a_link_without_parameters_has_no_question_mark() -> None:
    assert build_link("", "method", {}) == "/method"


def test_the_citation_names_the_data_by_day_and_digest(dataset: Dataset) -> None:
    text = cite(dataset, TODAY)
    assert "2024-07-06" in text  # the newest time of recording
    assert dataset.digest[:8] in text
    assert "CC BY 4.0" in text
    assert "2026-11-25" in text
