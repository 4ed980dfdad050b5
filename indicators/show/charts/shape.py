"""The shape of a line in words, for those who do not see it: where it rose, fell and stayed."""

import pandas as pd

from indicators.show.text.words import format_date, format_score, name_quarter

TURN = 0.7
"""Points by which a line must come back from an extreme for this to count as a turn, and stay within to be level."""

LEVEL_QUARTERS = 4
"""Least number of quarters that a line must stay level for this to be said."""


def describe_course(title: str, readings: pd.Series) -> str:
    """Return how a line went from its first reading (by date) to its last, with its highest and lowest, as a clause."""
    told = [f"{format_score(score)} on {format_date(pd.Timestamp(str(day)))}" for day, score in readings.items()]
    first, last = round(readings.iloc[0], 1), round(readings.iloc[-1], 1)
    high, low = int(readings.argmax()), int(readings.argmin())
    way = "rose" if last > first else "fell" if last < first else "ended where it began"
    return f"{title} {way}, from {told[0]} to {told[-1]}; its highest reading was {told[high]}, its lowest {told[low]}"


def describe_shape(title: str, settled: pd.Series) -> str:
    """Return in one sentence how a subject's readings at the ends of its settled quarters (by date) went up and down."""
    line = settled.dropna()
    if line.empty:
        return f"{title}: no settled quarter in this period."
    first = f"{title}, 0 to 10, from {format_score(line.iloc[0])} in the {name_quarter(line.index[0])}"
    if len(line) == 1:
        return f"{first.replace(', from', ',')}."
    parts = []
    ends = find_turns(line)
    for start, end in zip([0, *ends[:-1]], ends, strict=True):
        parts += _describe_run(line, start, end)
    return f"{first}: {'; '.join(parts)}."


def find_turns(line: pd.Series) -> list[int]:
    """Return the places at which a line turns by at least ``TURN``, and its last place."""
    values = line.tolist()
    turns: list[int] = []
    low = high = 0
    direction = 0
    for place, value in enumerate(values):
        low = place if value < values[low] else low
        high = place if value > values[high] else high
        if direction >= 0 and values[high] - value >= TURN:
            turns += [high] if high else []
            direction, low, high = -1, place, place
        elif direction <= 0 and value - values[low] >= TURN:
            turns += [low] if low and direction else []
            direction, low, high = 1, place, place
    return [*turns, len(values) - 1] if len(values) > 1 else []


def _describe_run(line: pd.Series, start: int, end: int) -> list[str]:
    """A run from one turn to the next: what is level at its beginning and end, and the way between."""
    values = line.tolist()

    def level(first: int, last: int) -> bool:
        part = values[first : last + 1]
        return bool(max(part) - min(part) < TURN)

    head = max(place for place in range(start, end + 1) if level(start, place))
    head = head if head - start >= LEVEL_QUARTERS - 1 else start
    tail = min(place for place in range(head, end + 1) if level(place, end))
    tail = tail if end - tail >= LEVEL_QUARTERS - 1 else end
    parts = []
    if head > start:
        parts.append(_say_level(line, start, head))
    if tail > head:
        word = "up" if values[tail] > values[head] else "down"
        parts.append(f"{word} to {format_score(values[tail])} by the {name_quarter(line.index[tail])}")
    if end > tail:
        parts.append(_say_level(line, tail, end))
    return parts


def _say_level(line: pd.Series, first: int, last: int) -> str:
    part = line.iloc[first : last + 1]
    spread = f"between {format_score(part.min())} and {format_score(part.max())}"
    return f"{spread} until the {name_quarter(line.index[last])}, {format_score(part.iloc[-1])} there"
