"""What a reader has chosen stands as chips that take it away, one by one and all at once."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.looking import assert_sound, open_app

CHOSEN = {
    "from": "2024-04-30",
    "to": "2024-09-30",
    "coder": "c1",
    "as_of": "2024-07-04",
    "interval": "95",
    "mean": "geometric",
    "doubt": "own",
    "freq": "month",
    "w_cyber": "3.0",
}
WORDS = [
    "30 Apr 2024 – 30 Sep 2024",
    "coder c1",
    "tables by month",
    "data as of 4 Jul 2024",
    r"95 % interval",
    "geometric mean",
    "doubt wholly own",
    "Cyber activity counts 3",
]


def chips(app: AppTest) -> dict[str, str]:
    """The chips of a page: key by what they say."""
    return {
        button.label.replace("\\", ""): str(button.key)
        for button in app.button
        if str(button.key).startswith("chip-") and button.key != "chip-all"
    }


@pytest.mark.usefixtures("read_only")
def test_nothing_chosen_is_no_chip() -> None:
    assert chips(open_app("dimension")) == {}


@pytest.mark.usefixtures("read_only")
def test_each_choice_is_a_chip_that_takes_it_away_alone() -> None:
    app = open_app("dimension", **CHOSEN)
    assert sorted(chips(app)) == sorted(WORDS)
    for words in WORDS:
        app.button(key=chips(app)[words]).click().run()
        assert_sound(app)
        assert words not in chips(app)
    assert chips(app) == {}
    assert "from" not in app.query_params


@pytest.mark.usefixtures("read_only")
def test_all_are_taken_away_at_once() -> None:
    app = open_app("overview", dim="cyber", **CHOSEN)
    assert "Cyber activity" in chips(app)
    app.button(key="chip-all").click().run()
    assert_sound(app)
    assert chips(app) == {}


@pytest.mark.usefixtures("read_only")
def test_a_choice_that_a_page_does_not_follow_is_no_chip_there() -> None:
    assert list(chips(open_app("narrative", **{"from": "2024-04-30", "coder": "c1"}))) == ["coder c1"]
