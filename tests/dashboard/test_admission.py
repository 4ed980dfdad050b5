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


def test_who_steps_aside_lets_others_in_and_comes_back() -> None:
    turns, order = Turns(1), []
    waiting, saved = threading.Event(), threading.Event()

    def read() -> None:
        waiting.set()
        with turns:
            order.append("reader")
        saved.set()

    reader = threading.Thread(target=read)
    with turns:
        reader.start()
        waiting.wait(60)
        with turns.step_aside():  # as a save does while git works
            assert saved.wait(60)
        order.append("saver")
    reader.join()
    assert order == ["reader", "saver"]
    with turns.step_aside():  # outside of a turn there is none to give
        pass
    with turns:
        order.append("free")
    assert order[-1] == "free"
