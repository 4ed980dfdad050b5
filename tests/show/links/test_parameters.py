"""A link restores a view, or says of each parameter why it does not."""

import datetime as dt
import random
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.measures.outlook.levers import Assumption, list_assumptions
from indicators.records.dataset import Dataset
from indicators.show.links.levers import apply_entries, write_entries
from indicators.show.links.parameters import (
    AS_OF,
    ASSUME,
    BASE,
    COMPARE,
    FROM,
    LEVEL,
    LEVERS,
    MIGRATIONS,
    PARAMETERS,
    TO,
    WEIGHT,
    View,
    build_link,
    cite,
    list_defaults,
    migrate_parameters,
    read_view,
)
from tests.thorough import at_least

# For each parameter some values that a link may have, and some that it may not.
VALUES: dict[str, tuple[list[str], list[str]]] = {
    "dim": (["index", "cyber"], ["space", "Cyber", "cyb_espionage", ""]),
    "from": (
        ["2024-03-31", "2025-02-28"],
        ["31/12/2024", "2024-4-1", "2025-02-29", "45657", "yesterday", "2023-12-31"],
    ),
    "to": (["2024-06-30"], ["30.06.2024", "2024-06-31", "2024-06-30T00:00:00", " 2024-06-30", "1999-01-01"]),
    "coder": (["all", "c1"], ["c9", "C1", "c1;c2"]),
    "freq": (["month", "week", "quarter", "day"], ["year", "M", "Month"]),
    "doubt": (["own", "strongly"], ["none", "Own"]),
    "as_recorded": (["true"], ["yes", "1"]),
    "as_of": (["2024-07-03", "2000-01-01"], ["1999-12-31", "03/07/2024", "newest"]),
    "claim": (["stays-tense"], ["stays", "1", "<script>"]),
    "indicator": (["cyb_sabotage"], ["cyber", "cyb_unknown"]),
    "apart": (["true", "false"], ["yes", "1", "True"]),
    "interval": (["50", "80", "95"], ["90", "80.0", "0.8", "80%"]),
    "mean": (["arithmetic", "geometric"], ["harmonic"]),
    "w_cyber": (
        ["0", "2", "0.5", "10", "0.001", "0.000", "0.0011"],
        [
            "-1",
            "10.5",
            "1e1",
            "7,5",
            "NaN",
            "much",
            "",
            "0.0009",
            "-0.0001",
            f"0.{'0' * 323}5",
            f"0.{'0' * 400}1",
            "1e-321",
        ],
    ),
    "base": (["2024-03-31"], ["2024-03", "2023-12-31"]),
    "compare": (["2024-06-30"], ["now"]),
    "tab": (["Method", "Corrections"], ["method", "Secrets", "3"]),
    "levers": (
        ["hot-line", "hot-line,observers"],
        ["", "hot line", "hot-line,hot-line", "magic", "hot-line;observers"],
    ),
    "assume": (
        ["hot-line.mil_signals:-3/-1.5/0.25/45", "hot-line.cyb_sabotage:-1/0/1/0,observers.mil_posture:0/0/0/365"],
        [
            "",
            "hot-line",
            "hot-line.mil_signals:-3/-1.5/0.25",
            "hot-line.mil_signals:-3/-1,5/0/45",
            "hot-line.mil_signals:-3/1/0.25/45",
            "hot-line.mil_signals:-11/-1/0/45",
            "hot-line.mil_signals:-3/-1/0/4500",
            "hot-line.mil_posture:-1/0/1/0",
            "hot-line.cyb_sabotage:-1/0/1/0,hot-line.cyb_sabotage:-1/0/1/0",
            "<script>.cyb_sabotage:-1/0/1/0",
        ],
    ),
    "overlay": (["none", "GPR", "TRADE"], ["gpr", "GPR_V202603", "BRENT", ""]),
    "standard": (["true", "false"], ["yes", "1", "True"]),
    "q": (["drill", "New START", "<b>", '" OR a'], ["", "--", '"', "* ^ ( )", "a" * 101]),
    "find": (["drill", "New START"], ["", "--", "a" * 101]),
    "effect": (["any", "raises"], ["up", "Raises", ""]),
    "reliability": (["A", "AB", "DEF"], ["", "G", "a", "AA", "A,B"]),
    "credibility": (["1", "126"], ["", "0", "7", "11", "1-2"]),
    "cited": (["any", "yes", "no"], ["true", "Yes", ""]),
    "page": (["1", "2", "9999"], ["", "0", "-1", "1.5", "01", "10000", "٢", "last"]),
    "event": (["E0001", "E0012"], ["E9999", "e0001", "1", "E0001;E0002", "<script>", ""]),
    "digest": (["0123456789ab"], ["0123456789a", "0123456789abc", "0123456789AB", "0123456789xy", "newest"]),
}
TODAY = dt.date(2026, 11, 25)


def cases(place: int) -> list[tuple[str, str]]:
    """All pairs of a parameter and a value, right ones (0) or wrong ones (1)."""
    return [(name, value) for name, values in VALUES.items() for value in values[place]]


def test_every_documented_parameter_is_tried_here() -> None:
    assert {"w_" if name.startswith(WEIGHT) else name for name in VALUES} == {p.name for p in PARAMETERS if p.pages}


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
    assert read_view([("dim", "index")], dataset, page="dimension").values == {}
    assert read_view([("dim", "cyber")], dataset, page="dimension").values == {"dim": "cyber"}


def test_a_view_gives_its_days_as_days(dataset: Dataset) -> None:
    view = read_view([(FROM, "2024-04-01")], dataset)
    assert view.day(FROM) == dt.date(2024, 4, 1)
    assert view.day(TO) is None


@given(st.lists(st.tuples(st.sampled_from([*VALUES, "theme"]), st.text(max_size=12)), max_size=6))
def test_every_parameter_is_used_or_refused_never_dropped(dataset: Dataset, parameters: list[tuple[str, str]]) -> None:
    view = read_view(parameters, dataset, today=TODAY)
    assert sorted([*view.values.items(), *((r.name, r.value) for r in view.refusals)]) == sorted(parameters)


PAGES = ["", "dimension", "events", "narrative", "compare", "outlook", "method"]


def complete(values: dict[str, str], defaults: dict[str, str], dataset: Dataset) -> dict[str, object]:
    """What a page shows for some parameters: defaults filled in, weights as numbers, levers and assumptions as such."""
    shown: dict[str, object] = {n: float(v) if n.startswith(WEIGHT) else v for n, v in (defaults | values).items()}
    assumed = apply_entries(values.get(ASSUME, ""), list_assumptions(dataset))
    return shown | {LEVERS: set(values.get(LEVERS, "").split(",")), ASSUME: assumed}


def random_entry(rng: random.Random, published: Assumption) -> str:
    """An assumption of a reader, now and then the published one, its numbers spelt in several ways."""
    if rng.random() < 0.3:
        return write_entries([published])
    effect = sorted(rng.randint(-40, 20) / 4 for _ in range(3))
    spelt = [f"{n:.2f}" if rng.random() < 0.5 else f"{n:g}" for n in effect]
    return f"{published.lever}.{published.indicator}:{'/'.join(spelt)}/{rng.randint(0, 400)}"


def random_view(rng: random.Random, dataset: Dataset) -> dict[str, str]:
    """Some parameters with values of all kinds, defaults and odd spellings of weights among them."""
    days = [f"2024-{rng.randint(4, 7):02d}-{rng.randint(1, 28):02d}", f"2024-{rng.randint(8, 12):02d}-01"]
    pool = {name: rng.choice(values[0]) for name, values in VALUES.items()}
    pool |= {f"{WEIGHT}{id}": rng.choice(["0", "0.0", "1", "1.0", "2.50", "10"]) for id in dataset.dimensions.index}
    pool |= {"dim": rng.choice(list(dataset.dimensions.index)), "indicator": rng.choice(list(dataset.indicators.index))}
    published = list_assumptions(dataset)
    levers = sorted({a.lever for a in published})
    pool |= {LEVERS: ",".join(rng.sample(levers, rng.randint(1, len(levers))))}
    pool |= {ASSUME: ",".join(random_entry(rng, a) for a in rng.sample(published, rng.randint(1, len(published))))}
    pool |= {"digest": f"{rng.getrandbits(48):012x}", "as_of": days[0]}
    pool |= {FROM: days[0], TO: days[1], BASE: days[0], COMPARE: days[1]}
    return {name: pool[name] for name in rng.sample(sorted(pool), rng.randint(0, len(pool)))}


def test_views_come_back_from_their_links(dataset: Dataset) -> None:
    rng = random.Random(20261125)
    for number in range(at_least(300, 10_000)):
        values, page = random_view(rng, dataset), rng.choice(PAGES)
        link = build_link("https://example.org/tension/", page, values, dataset)
        start, _, query = link.partition("?")
        assert start == f"https://example.org/tension/{page}"
        found = read_view(parse_qsl(query), dataset, page=page, today=TODAY)
        assert found.refusals == ()
        defaults = list_defaults(page, values, dataset)
        assert complete(dict(found.values), defaults, dataset) == complete(values, defaults, dataset)
        assert not found.values.items() & defaults.items()
        if number % 20 == 0:
            assert build_link("https://example.org/tension", page, found.values, dataset) == link


@given(st.permutations([("dim", "cyber"), ("from", "2024-04-01"), ("apart", "true")]))
def test_one_view_has_one_address(pairs: list[tuple[str, str]]) -> None:
    assert build_link("", "dimension", dict(pairs)) == "/dimension?apart=true&dim=cyber&from=2024-04-01"


def test_two_spellings_of_a_weight_have_one_address(dataset: Dataset) -> None:
    links = {build_link("", "", {"w_cyber": value}, dataset) for value in ("2", "2.0", "2.00")}
    assert links == {"/?w_cyber=2"}
    assert build_link("", "", {"w_cyber": "1.0"}, dataset) == "/"  # the published weight


def test_levers_in_any_order_and_assumptions_in_any_spelling_have_one_address(dataset: Dataset) -> None:
    links = {
        build_link("", "outlook", {LEVERS: value}, dataset) for value in ("hot-line,observers", "observers,hot-line")
    }
    assert links == {"/outlook?levers=hot-line%2Cobservers"}
    own = ("hot-line.mil_signals:-3/-1.5/0/45", "hot-line.mil_signals:-3.0/-1.50/-0/45")
    assert len({build_link("", "outlook", {ASSUME: value}, dataset) for value in own}) == 1
    assert (
        build_link("", "outlook", {ASSUME: "hot-line.mil_signals:-2.0/-1/0/030"}, dataset) == "/outlook"
    )  # as published


def test_defaults_stay_out_of_links(dataset: Dataset) -> None:
    plain = {
        "coder": "all",
        "freq": "quarter",
        "interval": "80",
        "mean": "arithmetic",
        "apart": "false",
        "tab": "Method",
    }
    plain |= {"overlay": "none", "standard": "false"}
    assert build_link("", "method", plain) == "/method"
    assert build_link("", "", {"dim": "index"}) == "/"
    assert build_link("", "dimension", {"dim": "military", "indicator": "mil_posture"}, dataset) == "/dimension"
    # The first indicator is the default of its own dimension only.
    assert build_link("", "dimension", {"dim": "cyber", "indicator": "mil_posture"}, dataset).count("=") == 2


@pytest.mark.parametrize(("name", "value"), [case for case in cases(1) if case[1] != ""])
def test_no_link_is_built_that_a_reader_would_have_to_refuse(dataset: Dataset, name: str, value: str) -> None:
    with pytest.raises(ValueError, match=name):
        build_link("", "", {name: value}, dataset)


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("", {"theme": "dark"}),
        ("", {"dim": "<script>"}),
        ("", {"w_": "1"}),
        ("", {"level": "index"}),
        ("", {"as-of": "2024-07-01"}),
        ("compare", {"base": "2024-06-30", "compare": "2024-06-30"}),
        ("dimension?x=1", {}),
        ("//example.org", {}),
        ("a b", {}),
    ],
)
def test_a_link_needs_known_names_values_of_the_right_form_and_a_path(path: str, values: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"."):
        build_link("", path, values)


def test_every_fault_of_a_link_is_named_at_once(dataset: Dataset) -> None:
    with pytest.raises(ValueError, match=r"(?s)dim=space.*freq=year|freq=year.*dim=space"):
        build_link("", "", {"dim": "space", "freq": "year"}, dataset)


def test_the_level_is_a_parameter_of_the_interface_for_programs_only(dataset: Dataset) -> None:
    assert build_link("", "api/series.csv", {LEVEL: "dimension"}, dataset) == "/api/series.csv?level=dimension"
    assert read_view([(LEVEL, "dimension")], dataset).values == {}
    assert read_view([(LEVEL, "dimension")], dataset, page="api/series.csv").values == {LEVEL: "dimension"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("as-of", "2024-07-03"), ("as_of", "2024-07-03")),
        (("w-cyber", "2"), ("w_cyber", "2")),
        (("start", "2024-04-01"), ("from", "2024-04-01")),
        (("end", "2024-06-30"), ("to", "2024-06-30")),
    ],
)
def test_older_spellings_still_open(dataset: Dataset, old: tuple[str, str], new: tuple[str, str]) -> None:
    assert migrate_parameters([old]) == [new]
    assert read_view([old], dataset, today=TODAY) == View(dict([new]), ())


@given(st.lists(st.tuples(st.sampled_from([*VALUES, "as-of", "start", "w-x", "x"]), st.text(max_size=5)), max_size=5))
def test_a_migration_leaves_today_s_names_alone_and_is_done_once(pairs: list[tuple[str, str]]) -> None:
    current = [pair for pair in pairs if pair[0] in VALUES]
    assert migrate_parameters(current) == current
    moved = migrate_parameters(pairs)
    assert migrate_parameters(moved) == moved
    assert all(len(migrate(pairs)) == len(pairs) for migrate in MIGRATIONS)


def test_a_link_without_parameters_has_no_question_mark() -> None:
    assert build_link("", "method", {}) == "/method"


def test_the_citation_names_the_data_by_day_and_digest(dataset: Dataset) -> None:
    text = cite(dataset, TODAY)
    assert "2024-07-06" in text  # the newest time of recording
    assert dataset.digest[:8] in text
    assert "CC BY 4.0" in text
    assert "2026-11-25" in text
    assert "read" not in cite(dataset)
