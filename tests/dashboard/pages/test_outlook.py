"""Outlook: the fan and the levers as a reader finds and changes them, and what the address keeps of it."""

import pytest
from streamlit.testing.v1 import AppTest

from indicators.dashboard.outlook.levers import EDIT, SWITCH
from indicators.dashboard.widgets import KEPT
from tests.dashboard.looking import assert_sound, open_app, press_button, start_app, words_of

OWN = "crisis-hotlines.dip_channels:-3/-2/0/30"


def address(app: AppTest, name: str) -> list[str]:
    """What the address says of a parameter."""
    found = app.query_params.get(name, [])
    return [found] if isinstance(found, str) else list(found)


@pytest.mark.usefixtures("shipped")
def test_the_page_says_the_fan_its_limits_and_its_record() -> None:
    words = words_of(open_app("outlook"))
    assert "The index stood at 6.4 in the last settled quarter, on 30 Sep 2026. Without levers 80 % of the" in words
    assert "80 % of the simulated paths are between" in words
    assert "on 30 Sep 2027; the median is" in words
    assert "assumptions, neither forecasts" in words
    assert "Of 11 hindcasts of the index over 12 months, 11" in words
    assert "All levers together would change the mean by −0." in words
    assert "Over 12 months the medians of 11 hindcasts were 0.1 too low on average" in words
    assert "Mean CRPS over 3 to 12 months" in words
    assert "Simulated from 22 changes" in words
    assert "No lever is on" in words


@pytest.mark.usefixtures("shipped")
def test_every_assumption_and_delay_is_on_screen() -> None:
    words = words_of(open_app("outlook")).split("\n")
    assert words.count("−0.25") == 5  # as often as the file has it
    assert words.count("120") == 1
    assert "Nuclear posture" in words


@pytest.mark.usefixtures("shipped")
def test_a_switch_changes_the_fan_and_the_address_in_one_order() -> None:
    app = open_app("outlook")
    for lever in ("military-deconfliction", "crisis-hotlines"):
        app.toggle(key=f"{SWITCH}{lever}").set_value(True).run()
        assert_sound(app)
    assert address(app, "levers") == ["crisis-hotlines,military-deconfliction"]
    words = words_of(app)
    assert "With crisis hotlines and military deconfliction they are between" in words
    assert "the levers change the mean of the index across the paths by −0.1" in words
    for lever in ("military-deconfliction", "crisis-hotlines"):
        app.toggle(key=f"{SWITCH}{lever}").set_value(False).run()
    assert address(app, "levers") == []
    assert words_of(app) == words_of(open_app("outlook"))


@pytest.mark.usefixtures("shipped")
def test_two_orders_of_a_link_show_the_same() -> None:
    first = words_of(open_app("outlook", levers="crisis-hotlines,narrow-cooperation"))
    assert first == words_of(open_app("outlook", levers="narrow-cooperation,crisis-hotlines"))


@pytest.mark.usefixtures("shipped")
def test_a_readers_assumption_stands_in_place_of_the_published_one_until_it_is_put_back() -> None:
    app = open_app("outlook", levers="crisis-hotlines", assume=OWN)
    assert "−3.00" in words_of(app)
    plain = open_app("outlook", levers="crisis-hotlines")
    assert "−3.00" not in words_of(plain)
    assert [b.label for b in plain.button if "published" in b.label] == []
    press_button(app, "Reset to the published assumptions")
    assert address(app, "assume") == []
    assert address(app, "levers") == ["crisis-hotlines"]
    assert words_of(app) == words_of(plain)


@pytest.mark.usefixtures("shipped")
def test_an_assumption_of_a_lever_that_is_off_leaves_the_fan_alone_but_not_what_all_could_do() -> None:
    fan = "Without levers 80 % of the simulated paths are between"
    own, published = (
        next(line for line in words_of(open_app("outlook", **options)).split("\n") if fan in line).split(" All levers ")
        for options in ({"assume": OWN}, {})
    )
    assert own[0] == published[0]
    assert own[1] != published[1]


@pytest.mark.usefixtures("shipped")
def test_choices_outlast_a_visit_to_another_page() -> None:
    app = open_app("outlook")
    app.toggle(key=f"{SWITCH}crisis-hotlines").set_value(True).run()
    back = start_app("outlook")
    back.session_state[f"{KEPT}levers"] = app.session_state[f"{KEPT}levers"]
    back.run()
    assert_sound(back)
    assert address(back, "levers") == ["crisis-hotlines"]
    assert words_of(back) == words_of(app)


@pytest.mark.usefixtures("shipped")
def test_numbers_are_taken_when_they_can_be_and_refused_with_the_reason_when_not() -> None:
    app = start_app("outlook")
    app.session_state["why-crisis-hotlines"] = True
    app.run()
    stem = f"{EDIT}crisis-hotlines.dip_channels."
    assert "No instance in the data." in words_of(app)
    app.number_input(key=f"{stem}low").set_value(-3.0)
    app.number_input(key=f"{stem}mode").set_value(-2.0)
    app.number_input(key=f"{stem}delay_days").set_value(30)
    press_button(app, "Apply")
    assert address(app, "assume") == [OWN]
    app.number_input(key=f"{stem}high").set_value(-5.0)
    press_button(app, "Apply")
    assert address(app, "assume") == [OWN]
    assert any("Working channels" in warning.value for warning in app.warning)


@pytest.mark.usefixtures("shipped")
def test_a_dimension_has_its_own_fan_and_record() -> None:
    words = words_of(open_app("outlook", dim="energy"))
    assert "Energy stood at" in words
    assert "hindcasts of Energy" in words


@pytest.mark.usefixtures("read_only")
def test_too_little_history_is_said_and_the_levers_still_stand() -> None:
    app = open_app("outlook")
    assert any("8 changes" in info.value for info in app.info)
    assert not [chart.key for chart in app.get("plotly_chart") if not chart.key.startswith("calibration")]
    assert {toggle.label for toggle in app.toggle} == {"Hot line", "Observers"}


@pytest.mark.usefixtures("shipped")
def test_one_place_says_how_sure_the_fan_is() -> None:
    app = open_app("outlook")
    app.session_state["how-sure"] = True
    words = words_of(app.run())
    assert_sound(app)
    for part in ("not the doubt in the scores", "Of 11 hindcasts over 12 months, ", "in hindsight", "starts anew"):
        assert part in words


@pytest.mark.parametrize(
    ("day", "told"), [("2025-03-31", "From the 4th quarter of 2024"), ("2027-09-30", "The median")]
)
@pytest.mark.usefixtures("shipped")
def test_a_quarter_of_the_fan_opens(day: str, told: str) -> None:
    app = open_app("outlook")
    next(group for group in app.button_group if group.key == "outlook-fan-point").set_value(day).run()
    assert_sound(app)
    assert told in " ".join(words_of(app).split())
