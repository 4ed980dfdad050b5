"""Pages are drawn a few at a time, in the order in which they were asked for."""

import threading
import time

import pytest

from indicators.dashboard.admission import Turns

BOUND = 60  # seconds; a bound against hanging


def test_those_who_wait_come_in_their_order_and_never_too_many() -> None:
    turns, order, inside, most = Turns(1), [], [], []

    def draw(number: int) -> None:
        with turns:
            inside.append(number)
            most.append(len(inside))
            order.append(number)
            inside.remove(number)

    with turns:
        threads = [threading.Thread(target=draw, args=(number,)) for number in range(8)]
        for number, thread in enumerate(threads):
            thread.start()
            deadline = time.monotonic() + BOUND
            while len(turns._waiting) <= number and time.monotonic() < deadline:
                threading.Event().wait(0.001)
        assert order == []
    for thread in threads:
        thread.join(BOUND)
    assert order == list(range(8))
    assert max(most) == 1


def test_a_page_that_fails_gives_its_turn_back() -> None:
    turns = Turns(2)
    for _ in range(5):
        with pytest.raises(ValueError, match="a fault"), turns:
            raise ValueError("a fault")
    with turns, turns:  # both places are free again
        pass
