"""The page Method and data: each of its tabs says what it is there for, on any folder and in any view."""

import pytest

from tests.dashboard.looking import open_app, words_of

pytestmark = pytest.mark.usefixtures("read_only")


@pytest.mark.parametrize(
    ("tab", "parts"),
    [
        ("Method", ["Scores against anchors."]),
        # First readings by hand: military from March; cyber from June, when sabotage was scored; so the index too.
        ("Weights", ["Military posture", "50.0", "Coverage", "31 Mar 2024", "30 Jun 2024"]),
        (
            "Uncertainty",
            [
                "What to score next",
                "rescore",
                "Which choice matters most",
                "Leaving out one part",
                "contribute most to the interval",
            ],
        ),
        ("Agreement", ["The first of two scorings", "too few: 1 double-coded quarter", "Where the coders differ most"]),
        ("Freshness", ["Espionage", "30 Jun 2024", "overdue"]),
        ("Corrections", ["the score rested on a misread report", "One date across vintages"]),
        ("Files", ["Current check of the data folder", "CC BY 4.0", "A folder for tests."]),
    ],
)
def test_a_tab_says_what_it_is_there_for(tab: str, parts: list[str]) -> None:
    words = words_of(open_app("method", tab=tab))
    assert [part for part in parts if part not in words] == []


def test_one_coder_alone_cannot_be_compared() -> None:
    app = open_app("method", tab="Agreement", coder="c1")
    assert [info.value for info in app.info] == ["One coder is chosen in View; choose all coders to compare them."]


def test_before_the_first_correction_there_is_none() -> None:
    # The corrections are of 5 and 6 July.
    app = open_app("method", tab="Corrections", as_of="2024-07-04")
    assert "No corrections in this vintage." in [info.value for info in app.info]


def test_a_date_over_the_vintages_is_drawn_for_the_chosen_quarter() -> None:
    app = open_app("method", tab="Corrections")
    (choice,) = [box for box in app.selectbox if box.label == "The index on"]
    assert choice.options == ["30 Jun 2024", "31 Mar 2024"]
    words = words_of(choice.set_value(choice.options[0]).run()) if isinstance(choice.value, str) else words_of(app)
    # By hand: 5.8125 while sabotage stood at 8 and 10, 5.5625 after c1's correction, 5.3125 after c2's withdrawal.
    for score in ("5.812", "5.688", "5.312"):
        assert score in words
