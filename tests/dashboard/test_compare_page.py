"""The page Compare: an account of a change that a reader can open part by part, and what is said where there is none."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.looking import assert_sound, open_app, words_of


def unfold(app: AppTest, *keys: str) -> AppTest:
    """The page after a reader has opened some expanders."""
    for key in keys:
        app.session_state[key] = True
    app.run()
    assert_sound(app)
    return app


@pytest.mark.usefixtures("shipped")
def test_each_part_opens_to_its_assessments_with_reasons_and_amounts() -> None:
    app = open_app("compare", base="2025-03-31", compare="2025-06-30")
    before = words_of(app)
    words = words_of(unfold(app, "part-military", "waterfall-table", "compare-chart-table"))
    assert "assessment: " not in before
    assert "assessment: " in words
    assert "points of the index" in words
    assert "Military incidents" in words
    assert "Readings, newest first" in words


@pytest.mark.usefixtures("read_only")
def test_where_nothing_changed_the_page_says_so() -> None:
    app = open_app("compare", base="2024-07-01", compare="2024-09-30")
    assert "Nothing changed between the two days." in [info.value for info in app.info]
    assert "±0.00" in words_of(app)


@pytest.mark.usefixtures("read_only")
def test_days_in_the_wrong_order_are_told() -> None:
    app = open_app("compare", base="2024-09-30", compare="2024-07-01")
    assert [info.value for info in app.info] == [
        "From is not before To. Choose an earlier day for From or a later one for To."
    ]
