"""Every page opens for every link: with what is right in it, and with a word about what is wrong."""

from dataclasses import replace
from functools import cache

import pytest
from streamlit.testing.v1 import AppTest

from indicators.dashboard import access
from indicators.show.links.parameters import PARAMETERS as REGISTRY
from indicators.show.links.parameters import WEIGHT
from tests.dashboard.circumstances import LOCAL
from tests.dashboard.looking import NAMES, open_app, start_app, warnings_of, words_of

# Each parameter with a page that has its control, a value that it may have, and one that it may not.
PARAMETERS = {
    "dim": ("overview", "cyber", "space"),
    "from": ("overview", "2024-04-30", "31/12/2024"),
    "to": ("overview", "2024-12-31", "2024-02-30"),
    "coder": ("overview", "c1", "c9"),
    "freq": ("overview", "month", "year"),
    "as_of": ("overview", "2024-07-03", "newest"),
    "claim": ("narrative", "posture-eases", "no-such-claim"),
    "indicator": ("dimension", "mil_signals", "mil_unknown"),
    "apart": ("dimension", "true", "perhaps"),
    "interval": ("overview", "50", "81"),
    "doubt": ("overview", "strongly", "wholly"),
    "as_recorded": ("dimension", "true", "perhaps"),
    "mean": ("overview", "geometric", "harmonic"),
    "w_cyber": ("overview", "2", "7,5"),
    "base": ("compare", "2024-07-31", "2024-7-31"),
    "compare": ("compare", "2024-12-31", "45657"),
    "tab": ("method", "Freshness", "Secrets"),
    "levers": ("outlook", "hot-line", "magic"),
    "assume": ("outlook", "hot-line.mil_signals:-3/-2/0/30", "hot-line.mil_signals:-3"),
    "overlay": ("overview", "GPR", "BRENT"),
    "standard": ("overview", "true", "perhaps"),
    "q": ("events", "drill", "--"),
    "effect": ("events", "lowers", "up"),
    "reliability": ("events", "AB", "G"),
    "credibility": ("events", "12", "7"),
    "cited": ("events", "no", "perhaps"),
    "page": ("events", "2", "0"),
    "event": ("events", "E0003", "E9999"),
    "find": ("overview", "drill", "--"),
    "digest": ("overview", "0123456789ab", "newest"),
}
UNSEEN = ("digest", "page")
"""Parameters that change nothing on the tiny folder: a note about other data, a list of one page."""

EVERY_PAGE = pytest.mark.parametrize("name", NAMES)
EVERY_PARAMETER = pytest.mark.parametrize("parameter", PARAMETERS)


def test_every_documented_parameter_is_tried_here() -> None:
    assert {"w_" if name.startswith(WEIGHT) else name for name in PARAMETERS} == {p.name for p in REGISTRY if p.pages}


@EVERY_PAGE
@pytest.mark.usefixtures("read_only")
def test_a_page_opens_without_parameters(name: str) -> None:
    app = open_app(name)
    assert warnings_of(app) == ""
    assert len(words_of(app)) > 30


@EVERY_PAGE
@pytest.mark.usefixtures("shipped")
def test_a_page_opens_on_the_shipped_data(name: str) -> None:
    app = open_app(name)
    assert warnings_of(app) == ""
    assert len(words_of(app)) > 150


@EVERY_PAGE
@pytest.mark.usefixtures("read_only")
def test_a_page_opens_with_all_parameters_at_once(name: str) -> None:
    app = open_app(name, **{parameter: values[1] for parameter, values in PARAMETERS.items() if parameter != "dim"})
    assert warnings_of(app) == ""


@EVERY_PAGE
@pytest.mark.usefixtures("read_only")
def test_a_page_names_each_parameter_that_is_wrong_and_opens(name: str) -> None:
    wrong = {parameter: values[2] for parameter, values in PARAMETERS.items()}
    app = open_app(name, **wrong)
    said = warnings_of(app)
    assert [f"{parameter}={value}" for parameter, value in wrong.items() if f"{parameter}={value}" not in said] == []
    assert len(words_of(app).replace(said, "")) > 40


@cache
def plain_page(name: str) -> AppTest:
    """A page without parameters, run once for all tests that compare another with it."""
    return open_app(name)


def what_stands(app: AppTest) -> tuple[int, list[bool], str]:
    """What a page shows: the number of charts, the state of the switches, the words."""
    return len(app.get("plotly_chart")), [toggle.value for toggle in app.toggle], words_of(app)


@pytest.mark.parametrize("parameter", [name for name in PARAMETERS if name not in UNSEEN])
@pytest.mark.usefixtures("read_only")
def test_a_valid_parameter_is_taken_without_a_word(parameter: str) -> None:
    name, value, _ = PARAMETERS[parameter]
    app = open_app(name, **{parameter: value})
    assert warnings_of(app) == ""
    if parameter in app.session_state:
        taken = app.session_state[parameter]
        taken = "".join(taken) if isinstance(taken, list) else str(taken)
        assert taken in (value, value.capitalize(), f"{value}.0")
    else:
        assert what_stands(app) != what_stands(plain_page(name))


@EVERY_PARAMETER
@pytest.mark.usefixtures("read_only")
def test_an_invalid_parameter_changes_nothing_but_the_notice(parameter: str) -> None:
    name, _, value = PARAMETERS[parameter]
    app = open_app(name, **{parameter: value})
    assert f"{parameter}={value}" in warnings_of(app)
    assert words_of(app).replace(warnings_of(app), "").split() == words_of(plain_page(name)).split()


@pytest.mark.usefixtures("read_only")
def test_a_parameter_that_no_page_has_is_named() -> None:
    assert "colour=blue" in warnings_of(open_app(colour="blue"))


@pytest.mark.usefixtures("read_only")
@pytest.mark.parametrize("name", NAMES)
def test_what_others_hang_on_a_link_is_passed_over_without_a_word(name: str) -> None:
    hung_on = {"utm_source": "letter", "utm_campaign": "x", "fbclid": "IwAR0", "gclid": "y", "_": "17"}
    app = open_app(name, interval="95", **hung_on)
    assert "not used" not in warnings_of(app)
    assert app.session_state["interval"] == "95"


@pytest.mark.usefixtures("read_only")
def test_of_hundreds_of_wrong_parameters_a_notice_names_some_and_counts_the_rest() -> None:
    notice = warnings_of(open_app(**{f"x{number}": "1" for number in range(300)}))
    assert notice.count("is not a parameter here") == 30
    assert "and 270 more" in notice


@pytest.mark.usefixtures("read_only")
@pytest.mark.parametrize("weight", [5e-324, 0.0009])
def test_a_weight_that_a_control_takes_and_no_link_may_have_is_not_used(weight: float) -> None:
    app = open_app()
    standard = words_of(app)
    app.number_input("w_cyber").set_value(weight).run()
    assert not app.exception
    assert "below 0.001" in warnings_of(app)
    assert words_of(app).replace(warnings_of(app), "").split() == standard.split()


@pytest.mark.usefixtures("read_only")
def test_a_wrong_parameter_is_shown_as_text() -> None:
    said = warnings_of(open_app(dim="`</code>\n# [x](javascript:alert(1))"))
    assert "\n#" not in said.split("\n\n", 1)[1]
    assert said.count("`") == 2  # its own pair: the text stays inside the code span


@pytest.mark.usefixtures("read_only")
@pytest.mark.parametrize(("first", "last"), [("2024-12-31", "2024-04-30"), ("2024-12-31", "2024-12-31")])
def test_a_period_that_ends_before_it_starts_is_named(first: str, last: str) -> None:
    app = open_app(**{"from": first, "to": last})
    assert f"to={last}" in warnings_of(app)


@EVERY_PAGE
@pytest.mark.usefixtures("read_only")
def test_before_anything_was_recorded_a_page_explains_itself(name: str) -> None:
    app = open_app(name, as_of="2024-06-30")
    assert any("2024" in info.value for info in app.info)


@EVERY_PAGE
@pytest.mark.usefixtures("read_only")
def test_a_page_opens_for_each_coder(name: str) -> None:
    # c2 has scored too little for an index: the page says so instead of a number.
    for coder in ("c1", "c2"):
        open_app(name, coder=coder)


def line_of(app: AppTest) -> str:
    """What a page says, as one line."""
    return " ".join(words_of(app).split())


@pytest.mark.usefixtures("read_only")
def test_the_overview_says_the_reading() -> None:
    # By hand: military (5 + 4) / 2 = 4.5; cyber (5.25 + 7) / 2 = 6.125; their mean 5.3125.
    words = words_of(open_app())
    assert "5.3 of 10" in " ".join(words.split())
    assert "strained" in words


@pytest.mark.usefixtures("read_only")
def test_one_coder_gives_that_coders_reading() -> None:
    # By hand, c1: military (5 + 4) / 2 = 4.5; cyber (6 + 7) / 2 = 6.5; their mean 5.5.
    assert "5.5 of 10" in line_of(open_app(coder="c1"))


@pytest.mark.usefixtures("read_only")
def test_an_earlier_vintage_gives_the_reading_of_that_day() -> None:
    # On 3 July c1's 8 (later replaced by 7) and c2's 10 (later withdrawn) still stood: cyber (5.25 + 9) / 2 = 7.125.
    assert "5.8 of 10" in line_of(open_app(as_of="2024-07-03"))


@pytest.mark.usefixtures("read_only")
def test_the_readers_weights_move_the_index_and_are_said() -> None:
    # Cyber counts three times: (4.5 + 3 x 6.125) / 4 = 5.71875.
    app = open_app(w_cyber="3")
    assert "5.7 of 10" in " ".join(words_of(app).split())
    assert "Cyber activity counts 3" in [button.label for button in app.button]


@pytest.mark.usefixtures("read_only")
def test_a_session_that_works_on_leaves_no_exception() -> None:
    app = open_app("dimension")
    app.toggle(key="apart").set_value(True).run()
    assert [failure.message for failure in app.exception] == []
    assert app.session_state["apart"] is True


SAID = [
    ("overview", "“Cyber activity” stood at 6.1"),
    ("compare", "The index of Two-state tension"),
    ("narrative", "Tested on the readings, of the "),
    ("events", "of this selection are on record between"),
]
"""What the sentence of a page is about: a reading, a change, verdicts, events."""


@pytest.mark.usefixtures("read_only")
@pytest.mark.parametrize(("page", "said"), SAID)
def test_the_sentence_to_quote_is_about_what_the_page_shows(page: str, said: str) -> None:
    app = start_app(page, dim="cyber")
    app.session_state["share"] = True
    sentence = app.run().code[0].value
    assert said in sentence
    assert "Source: Two-state tension indicators, data of 2024-07-06" in sentence
    assert "digest=" in sentence  # the address that shows the same again


def test_a_coder_scores_an_indicator_for_the_first_time(read_only, monkeypatch):
    monkeypatch.setattr(access, "read_circumstances", lambda: replace(LOCAL, local_coder="c2"))
    said = words_of(open_app("update", draft_indicator="mil_signals"))
    assert "not scored by you before" in said
    assert "Events of the quarter" in said
