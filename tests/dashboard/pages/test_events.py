"""The page Events: what a link or a filter asks for is listed, an event has an address, and nothing found says why."""

from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from indicators.dashboard.browser.scripts import SCRIPTS
from indicators.show.text.html import show_script
from tests.dashboard.looking import assert_sound, open_app, press_button, warnings_of, words_of
from tests.hostile import Page

ANYTHING = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=120)


def listed(app: AppTest) -> list[str]:
    """Ids of the events in the list, in its order."""
    return [id for id in ids_of(app, 'class="events"') if id]


def ids_of(app: AppTest, part: str) -> list[str]:
    """Ids of the entries of the block that has a part."""
    blocks = [element.proto.body for element in app.get("html") if part in element.proto.body]
    return [piece.partition('"')[0] for block in blocks for piece in block.split('<li id="')[1:]]


def labels(app: AppTest) -> list[str]:
    """Labels of the buttons."""
    return [button.label for button in app.button]


def control(app: AppTest, key: str) -> Any:
    """The control of a parameter."""
    kinds = ("text_input", "selectbox", "button_group", "pagination", "date_input")
    return next(element for kind in kinds for element in app.get(kind) if element.key == key)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, [f"E{number:04d}" for number in range(12, 0, -1)]),
        ({"q": "drill"}, ["E0006", "E0002"]),
        ({"dim": "cyber", "effect": "lowers"}, ["E0012", "E0011"]),
        ({"indicator": "mil_signals"}, ["E0010", "E0006", "E0002"]),
        ({"dim": "military", "indicator": "mil_signals", "cited": "no"}, ["E0010"]),
        ({"reliability": "FD"}, ["E0012", "E0010"]),
        ({"credibility": "1", "from": "2024-05-01", "to": "2024-05-31"}, ["E0007", "E0006"]),
        ({"coder": "c2", "cited": "yes"}, ["E0005", "E0003", "E0001"]),
    ],
)
@pytest.mark.usefixtures("read_only")
def test_a_link_lists_what_it_asks_for(parameters: dict[str, str], expected: list[str]) -> None:
    app = open_app("events", **parameters)
    assert warnings_of(app) == ""
    assert listed(app) == expected


@pytest.mark.usefixtures("read_only")
def test_controls_stand_on_what_the_link_asks_for_and_change_the_list() -> None:
    app = open_app("events", q="drill", reliability="B")
    assert control(app, "q").value == "drill"
    assert listed(app) == ["E0002"]
    control(app, "q").set_value("brigades").run()
    assert_sound(app)
    assert listed(app) == []
    press_button(app, "source B (2 events)")
    assert listed(app) == ["E0005", "E0001"]
    control(app, "effect").set_value("raises").run()
    assert listed(app) == ["E0001"]
    press_button(app, "Clear all")
    assert len(listed(app)) == 12


@pytest.mark.usefixtures("read_only")
def test_a_quarter_is_chosen_without_the_chart_and_taken_away_again() -> None:
    app = open_app("events")
    box = control(app, "events-quarter")
    assert box.options[0] == "Any"
    box.set_value("2024Q2").run()
    assert_sound(app)
    assert listed(app) == ["E0008", "E0007", "E0006", "E0005"]
    assert [str(app.session_state[name]) for name in ("from", "to")] == ["2024-04-01", "2024-06-30"]
    press_button(app, "1 Apr 2024 – 30 Jun 2024")
    assert len(listed(app)) == 12
    # The oldest events lie before the oldest assessment, and are within reach all the same.
    control(app, "events-quarter").set_value("2024Q1").run()
    assert warnings_of(app) == ""
    assert listed(app) == ["E0004", "E0003", "E0002", "E0001"]


@pytest.mark.usefixtures("read_only")
def test_where_nothing_is_found_the_page_says_what_to_take_away() -> None:
    app = open_app("events", q="drill zork", dim="cyber", cited="yes")
    words = words_of(app)
    assert listed(app) == []
    assert "No event matches all of these." in words
    assert "begins with “zork”" in words
    assert "“drill zork” (3 events)" in labels(app)
    assert "Cyber activity (0 events)" in labels(app)
    assert "cited (0 events)" in labels(app)


@pytest.mark.usefixtures("read_only")
def test_an_event_has_an_address_of_its_own() -> None:
    app = open_app("events", event="E0008")
    words = words_of(app)
    assert "A power station was switched off from outside." in words
    assert "source usually reliable, fact confirmed by another report" in words
    assert "A power station was off, but only for some hours." in words  # the rationale of the assessment that cites it
    bodies = "".join(element.proto.body for element in app.get("html"))
    assert "/dimension?dim=cyber&amp;indicator=cyb_sabotage" in bodies
    assert "&amp;from=2024-03-31&amp;indicator=cyb_sabotage&amp;to=2024-12-10" in bodies
    press_button(app, "Close this event")
    assert "event" not in app.query_params
    assert "A power station was off, but only for some hours." not in words_of(app)


@pytest.mark.usefixtures("read_only")
def test_who_searches_on_is_done_with_the_event() -> None:
    app = open_app("events", event="E0008")
    control(app, "q").set_value("drill").run()
    assert "event" not in app.query_params
    assert "Close this event" not in labels(app)


@pytest.mark.usefixtures("read_only")
def test_an_event_that_is_not_there_is_named() -> None:
    app = open_app("events", event="E4711")
    assert "event=E4711: is not the id of an event" in warnings_of(app)
    assert len(listed(app)) == 12


@pytest.mark.usefixtures("read_only")
def test_an_indicator_of_another_dimension_is_named() -> None:
    app = open_app("events", dim="cyber", indicator="mil_signals")
    assert "indicator=mil_signals: does not belong to dim=cyber" in warnings_of(app)
    assert len(listed(app)) == 6
    # One that was chosen before the dimension goes without a word.
    app = open_app("events", indicator="mil_signals")
    control(app, "dim").set_value("cyber").run()
    assert warnings_of(app) == ""
    assert len(listed(app)) == 6


@pytest.mark.usefixtures("shipped")
def test_a_long_list_is_paged_and_a_number_beyond_its_end_stands_for_the_last() -> None:
    first, second, last = (open_app("events", page=number) for number in ("1", "2", "9999"))
    assert len(listed(first)) == len(listed(second)) == 25
    assert set(listed(first)).isdisjoint(listed(second))
    assert "1 to 25" in words_of(first)
    assert 0 < len(listed(last)) <= 25
    assert listed(last)[-1] == "E0001"
    control(second, "q").set_value("witkoff").run()
    assert "page" not in second.query_params
    assert len(listed(second)) < 25


@pytest.mark.usefixtures("shipped")
def test_acts_that_several_events_tell_are_shown_once_with_the_other_tellings_named() -> None:
    app = open_app("events", **{"q": "geneva", "from": "2021-06-15", "to": "2021-06-17"})
    assert len(listed(app)) == 1
    words = words_of(app)
    assert "1 event in" in words
    assert "also recorded as" in words
    opened = words_of(open_app("events", event="E0023"))
    assert all(id in opened for id in ("E0022", "E0024", "E0025"))


@pytest.mark.usefixtures("read_only")
@pytest.mark.parametrize("page", ["overview", "dimension"])
def test_other_lists_of_events_lead_to_their_addresses(page: str) -> None:
    bodies = "".join(element.proto.body for element in open_app(page, coder="c1").get("html"))
    assert 'href="/events?coder=c1&amp;event=E0009"' in bodies


@given(text=ANYTHING)
@example("<script>alert(1)</script>")
@example('"drill" OR fact:* NEAR(a b, 3) ^ - { }')
@example("`code` [x](javascript:alert(1)) :red[y] $z$")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.usefixtures("read_only")
def test_any_text_is_a_query_and_none_becomes_html(text: str) -> None:
    app = open_app("events", q=text)
    for element in app.get("html"):
        block = Page(element.proto.body)
        assert block.armed == []
        assert block.scripts == [] or element.proto.body in map(show_script, SCRIPTS)


@pytest.mark.usefixtures("shipped")
def test_one_place_says_how_sure_the_list_is() -> None:
    app = open_app("events", dim="cyber")
    app.session_state["how-sure"] = True
    words = words_of(app.run())
    assert_sound(app)
    for part in ("from a source graded A or B", "one collection of evidence", "cited by an assessment in force"):
        assert part in words
