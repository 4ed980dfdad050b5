"""The shape of a line in words: levels, ways up and down, in the order of time."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from indicators.show.charts.shape import TURN, describe_shape, find_turns


def line(*scores: float) -> pd.Series:
    return pd.Series(list(scores), index=pd.date_range("2021-03-31", periods=len(scores), freq="QE"), dtype=float)


def test_a_rise_between_two_levels_and_a_fall_are_told_in_this_order() -> None:
    text = describe_shape("Index", line(3.5, 3.6, 3.5, 3.7, 6.0, 6.5, 6.4, 6.6, 6.5, 5.0))
    assert text == (
        "Index, 0 to 10, from 3.5 in the 1st quarter of 2021: between 3.5 and 3.7 until the 4th quarter of 2021, "
        "3.7 there; up to 6.0 by the 1st quarter of 2022; between 6.0 and 6.6 until the 4th quarter of 2022, "
        "6.6 there; down to 5.0 by the 2nd quarter of 2023."
    )


def test_no_settled_quarter_is_said() -> None:
    assert describe_shape("Index", line()) == "Index: no settled quarter in this period."


def test_a_single_quarter_is_its_reading() -> None:
    assert describe_shape("Index", line(4.2)) == "Index, 0 to 10, 4.2 in the 1st quarter of 2021."


@given(st.lists(st.integers(0, 20), min_size=2, max_size=30))
def test_between_two_turns_the_line_never_comes_back_by_as_much_as_a_turn(halves: list[int]) -> None:
    scores = [half / 2 for half in halves]
    turns = find_turns(line(*scores))
    assert turns == sorted(set(turns))
    assert turns[-1] == len(scores) - 1
    for start, end in zip([0, *turns[:-1]], turns, strict=True):
        run = scores[start : end + 1]
        back = run if run[-1] >= run[0] else [-score for score in run]
        if end != turns[-1]:
            highest = back[0]
            for score in back:
                highest = max(highest, score)
                assert highest - score < TURN
