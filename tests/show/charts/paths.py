"""Where the points of a path in a picture stand."""

import re


def read_points(path: str) -> list[tuple[float, float]]:
    """The points of a path of moves and lines, absolute and relative ones."""
    found: list[tuple[float, float]] = []
    at = (0.0, 0.0)
    for letter, rest in re.findall(r"([MLml])([^MLmlZ]*)", path):
        numbers = [float(n) for n in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", rest)]
        for x, y in zip(numbers[::2], numbers[1::2], strict=True):
            at = (x, y) if letter.isupper() else (at[0] + x, at[1] + y)
            found.append(at)
    return found
