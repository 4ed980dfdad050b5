"""Turns: a few pages are drawn at a time, the others wait in the order in which they came."""

import contextlib
import threading
from collections import deque
from collections.abc import Iterator
from types import TracebackType


class Turns:
    """Lets some threads in at a time, first come, first served; use with ``with``.

    A semaphore of the standard library lets newcomers pass those who wait already.
    """

    def __init__(self, places: int) -> None:
        self._free = places
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._inside: set[int] = set()

    @contextlib.contextmanager
    def step_aside(self) -> Iterator[None]:
        """Give one's turn to others for the length of a ``with`` that waits for something else, and queue up again."""
        inside = threading.get_ident() in self._inside
        if inside:
            self.__exit__(None, None, None)
        try:
            yield
        finally:
            if inside:
                self.__enter__()

    def __enter__(self) -> None:
        """Wait for a turn."""
        with self._lock:
            if self._free:
                self._free -= 1
                self._inside.add(threading.get_ident())
                return
            called = threading.Event()
            self._waiting.append(called)
        called.wait()
        with self._lock:
            self._inside.add(threading.get_ident())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the turn to whoever has waited longest."""
        with self._lock:
            self._inside.discard(threading.get_ident())
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1
