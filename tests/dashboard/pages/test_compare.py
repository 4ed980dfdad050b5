"""The page Compare: an account of a change that a reader can open part by part, and what is said where there is none."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.looking import assert_sound, open_app, warnings_of, words_of


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
    assert [info.value for info in app.info] == ["“From” must be earlier than “To”."]


@pytest.mark.usefixtures("shipped")
def test_quarters_come_first_and_are_named_in_choice_and_sentence() -> None:
    app = open_app("compare", base="2024-12-31", compare="2025-03-31")
    chosen = [app.selectbox(key=name) for name in ("base", "compare")]
    assert [box.format_func(box.value) for box in chosen] == ["4th quarter of 2024", "1st quarter of 2025"]
    assert "From the 4th quarter of 2024 to the 1st quarter of 2025 the index moved by" in flat(app)


@pytest.mark.usefixtures("shipped")
def test_days_are_still_possible() -> None:
    app = open_app("compare", base="2025-02-11", compare="2025-03-31")
    assert app.text_input(key="base").value == "2025-02-11"
    assert "From 11 Feb 2025 to the 1st quarter of 2025 the index moved by" in flat(app)
    app.text_input(key="base").set_value("2025-02-20").run()
    assert_sound(app)
    assert "From 20 Feb 2025 to the 1st quarter of 2025" in flat(app)


@pytest.mark.usefixtures("shipped")
def test_a_reader_may_change_between_quarters_and_days() -> None:
    app = open_app("compare", base="2025-02-11", compare="2025-03-31")
    app.button_group(key="unit").set_value("Quarters").run()
    assert_sound(app)
    # Both lie in one quarter.
    assert [app.selectbox(key=name).value for name in ("base", "compare")] == ["2025-03-31", "2025-03-31"]
    app.selectbox(key="base").set_value("2024-12-31").run()
    app.button_group(key="unit").set_value("Days").run()
    assert_sound(app)
    assert [app.text_input(key=name).value for name in ("base", "compare")] == ["2024-12-31", "2025-03-31"]


@pytest.mark.usefixtures("shipped")
def test_days_the_wrong_way_round_change_places() -> None:
    app = open_app("compare", base="2025-02-11", compare="2025-03-31")
    app.text_input(key="base").set_value("2025-04-15").run()
    assert_sound(app)
    assert "From the 1st quarter of 2025 to 15 Apr 2025" in flat(app)


@pytest.mark.usefixtures("shipped")
def test_a_typed_day_that_is_none_stays_in_the_field_and_the_one_before_counts() -> None:
    app = open_app("compare", base="2025-02-11", compare="2025-03-31")
    app.text_input(key="base").set_value("20.2.2025").run()
    assert_sound(app)
    assert app.text_input(key="base").value == "20.2.2025"
    assert "write year-month-day" in warnings_of(app)
    assert "From 11 Feb 2025 to" in flat(app)


def flat(app: AppTest) -> str:
    """The words of a page, each sentence in one line."""
    return " ".join(words_of(app).split())


@pytest.mark.usefixtures("shipped")
def test_one_place_says_how_sure_the_change_is() -> None:
    app = open_app("compare", base="2024-12-31", compare="2025-03-31")
    assert "interval of the change" not in words_of(app)
    words = words_of(unfold(app, "how-sure"))
    for part in (
        "80 % interval of the change",
        "By the scores of each coder alone",
        "in hindsight",
        "Outside series",
        "undo",
    ):
        assert part in words


@pytest.mark.usefixtures("shipped")
def test_a_quarter_of_the_chart_sets_an_end_by_keyboard() -> None:
    app = open_app("compare", base="2023-12-31")
    points = next(group for group in app.button_group if group.key == "keys-compare-chart-point")
    points.set_value("2025-03-31").run()
    assert_sound(app)
    assert "From the 4th quarter of 2023 to the 1st quarter of 2025" in flat(app)


@pytest.mark.usefixtures("shipped")
def test_a_comparison_is_embedded_as_a_card_of_its_two_days_and_a_projection_not_at_all() -> None:
    app = unfold(open_app("compare", base="2025-03-31", compare="2025-06-30", w_military="2"), "share", "card")
    (code,) = (code.value for code in app.code if "/cards/" in code.value)
    assert "from=2025-03-31&amp;to=2025-06-30&amp;w_military=2" in code
    assert [e.label for e in unfold(open_app("outlook"), "share").expander if e.label.startswith("To embed")] == []
