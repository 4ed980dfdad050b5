"""What is marked on the chart of one line: turning points, reviews, highest quarters, stretches not settled, and where
the names stand at two widths.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from indicators.measures.index import Array
from indicators.measures.panel import Panel
from indicators.measures.quarters import CARRIED, SETTLED, read_settled
from indicators.records.dataset import Dataset
from indicators.show.charts.levels import Span, events_about, settled_within
from indicators.show.charts.notes import Anchor, Box, Curve, Note, Place, place_notes
from indicators.show.charts.scale import Frame, Line
from indicators.show.text.words import count_words, format_change, format_date, format_score, name_quarter

BOLD, PLAIN = 6.9, 5.9
"""Width of a letter of a name and of the line below it, in pixels."""

ROW, SMALL_ROW = 16.0, 14.0
STRONGEST = 2
"""Turning points whose quarters moved most; they are set bold, with that move."""

NEAR_HIGHEST = 0.1
"""Points below the highest quarter within which others are marked with it."""

SHORT_LEADER = 16.0
"""Pixels below which a name stands so near its point that it needs no leader."""


@dataclass(frozen=True)
class Turn:
    """A turning point on a line: its event, the reading of its day, its name, and the move of its quarter (NaN: none)."""

    event: str
    date: pd.Timestamp
    score: float
    label: str
    moved: float
    strong: bool

    @property
    def note(self) -> str:
        """Its day, and what its quarter moved where that is among the most."""
        day = format_date(self.date)
        return f"{day}: {format_change(self.moved)} in the quarter" if self.strong else day


@dataclass(frozen=True)
class Stretch:
    """A part of the line that no review has settled, and what it is called."""

    start: pd.Timestamp
    end: pd.Timestamp
    name: str


@dataclass(frozen=True)
class Marks:
    """What is marked on the chart of one line in a period; ``settled`` are the readings of its settled quarters."""

    line: Line
    span: Span
    turns: Sequence[Turn]
    settled: pd.Series
    stretches: Sequence[Stretch]
    events: pd.DataFrame

    @property
    def highest(self) -> pd.Series:
        """The highest of the settled quarters and those about as high."""
        high: pd.Series = self.settled[self.settled >= self.settled.max() - NEAR_HIGHEST - 1e-9]
        return high


@dataclass(frozen=True)
class Word:
    """A text on the chart: the day and the score of its middle, which edge is how many pixels right of the day, its lines."""

    date: pd.Timestamp
    score: float
    anchor: Anchor
    shift: float
    lines: tuple[str, ...]
    kind: str
    """``turn``, ``strong`` (a turning point of the strongest), ``number``, ``reading`` or ``stretch``."""


@dataclass(frozen=True)
class Pointer:
    """A leader on the chart: from a day's reading to another height (``end``), or so many pixels across at its own."""

    date: pd.Timestamp
    score: float
    end: float
    across: float


@dataclass(frozen=True)
class Layout:
    """Texts and leaders for a plot of one size, and the turning points that found no room for a name."""

    words: list[Word] = field(default_factory=list)
    leaders: list[Pointer] = field(default_factory=list)
    unnamed: list[Turn] = field(default_factory=list)


def mark_line(panel: Panel, line: Line, span: Span) -> Marks:
    """Return what is marked on an id's line within a period."""
    settled = read_settled(panel)[line.id].dropna()
    within = settled_within(panel, line.id, span)
    turns = list_turns(panel.dataset, line, settled, span)
    return Marks(line, span, turns, within, list_stretches(line, span), events_about(panel.dataset, line.id, span))


def list_turns(dataset: Dataset, line: Line, settled: pd.Series, span: Span) -> list[Turn]:
    """Return the turning points of a period that bear on a line, oldest first.

    An act bears on a dimension or an indicator as soon as one of the events that tell it does.
    """
    readings = line.readings.dropna(subset=["score"])
    if readings.empty or dataset.turning_points.empty:
        return []
    acts = set(dataset.acts.reindex(events_about(dataset, line.id, span).index))
    moves = settled.diff()
    chosen = dataset.events.loc[dataset.turning_points.index, "date"].sort_values(kind="stable")
    found = [
        (str(event), pd.Timestamp(day), float(moves.get(pd.Timestamp(day) + pd.offsets.QuarterEnd(0), np.nan)))
        for event, day in chosen.items()
        if dataset.acts[event] in acts and span[0] <= day <= span[1] and day >= readings["date"].iloc[0]
    ]
    ranked = sorted((abs(moved) for _, _, moved in found if not np.isnan(moved)), reverse=True)
    least = ranked[min(STRONGEST, len(ranked)) - 1] if ranked else np.inf
    days = readings["date"].to_numpy("datetime64[D]").astype(float)
    return [
        Turn(
            event,
            day,
            float(np.interp(day.to_datetime64().astype("datetime64[D]").astype(float), days, readings["score"])),
            str(dataset.turning_points.at[event, "label"]),
            moved,
            abs(moved) >= least,
        )
        for event, day, moved in found
    ]


def list_stretches(line: Line, span: Span) -> list[Stretch]:
    """Return the stretches of a period that are carried or open, each with its name."""
    rows = line.readings[line.readings["date"] <= span[1]].dropna(subset=["score"])
    found = []
    groups = (rows["state"] != rows["state"].shift()).cumsum()
    for _, part in rows.groupby(groups):
        state = part["state"].iloc[0]
        before = rows["date"][rows["date"] < part["date"].iloc[0]]
        start = max(before.iloc[-1] if len(before) else part["date"].iloc[0], span[0])
        end = part["date"].iloc[-1]
        if state == SETTLED or end <= start:
            continue
        quarters = part["date"].dt.to_period("Q").nunique()
        first = name_quarter(part["date"].iloc[0]).partition(" of ")[0]
        subject = first if quarters == 1 else count_words(quarters, "quarter")
        found.append(Stretch(start, end, f"{subject} {'not reviewed' if state == CARRIED else 'open'}"))
    return found


def lay_out(marks: Marks, width: float, height: float, numbered: bool) -> Layout:
    """Return where the texts stand in a plot of a size in pixels; ``numbered``: numbers in place of names.

    In a wider plot of the same height the places stay good: days move apart, and texts keep their width.
    """
    frame = Frame(marks.span, 0, 0, width, height)
    layout = Layout()
    curve = _trace_curve(marks, frame)
    if not len(curve.x):
        return layout
    taken = [_name_stretch(layout, stretch, frame) for stretch in marks.stretches]
    dots = [Box(x - 6, y - 6, x + 6, y + 6) for x, y in ((frame.x(t.date), frame.y(t.score)) for t in marks.turns)]
    bounds = Box(0, 2, width + 10, height - 4)
    for date, lines in _choose_readings(marks):
        note = _note_of(frame, date, float(marks.settled[date]), lines, False)
        place = place_notes([note], curve, bounds, [*taken, *dots], 8)[0]
        if place is not None and place.leader.length < 3 * SHORT_LEADER:
            layout.words.append(_word(date, place, lines, "reading", frame))
            taken.append(place.box)
    texts = [(str(n),) if numbered else (t.label, t.note) for n, t in enumerate(marks.turns, 1)]
    notes = [
        _note_of(frame, turn.date, turn.score, lines, not numbered)
        for turn, lines in zip(marks.turns, texts, strict=True)
    ]
    inner = Box(2, 2, width - 2, height - 16)
    places = place_notes(notes, curve, inner, taken, 9 if numbered else 18)
    for turn, lines, note, found in zip(marks.turns, texts, notes, places, strict=True):
        if found is None:
            layout.unnamed.append(turn)
            continue
        kind = "number" if numbered else "strong" if turn.strong else "turn"
        layout.words.append(_word(turn.date, found, lines, kind, frame))
        if found.leader.length > SHORT_LEADER:
            end = _score_at(note.y + found.leader.down, frame)
            layout.leaders.append(Pointer(turn.date, turn.score, end, found.leader.across))
    return layout


def _trace_curve(marks: Marks, frame: Frame) -> Curve:
    rows = marks.line.readings.dropna(subset=["score"])
    rows = rows[rows["date"].between(*marks.span)]
    x = np.array([frame.x(day) for day in rows["date"]])

    def heights(column: str) -> Array:
        return np.array([frame.y(value) for value in rows[column].fillna(rows["score"])])

    return Curve(x, heights("score"), heights("high"), heights("low"))


def _note_of(frame: Frame, date: pd.Timestamp, score: float, lines: Sequence[str], bold: bool) -> Note:
    first = BOLD if bold else PLAIN
    width = max(first * len(lines[0]), *(PLAIN * len(line) for line in lines)) + 2
    return Note(frame.x(date), frame.y(score), width, ROW + SMALL_ROW * (len(lines) - 1))


def _word(date: pd.Timestamp, place: Place, lines: tuple[str, ...], kind: str, frame: Frame) -> Word:
    return Word(date, _score_at((place.box.top + place.box.bottom) / 2, frame), place.anchor, place.shift, lines, kind)


def _score_at(y: float, frame: Frame) -> float:
    return 10 * (frame.bottom - y) / (frame.bottom - frame.top)


def _choose_readings(marks: Marks) -> list[tuple[pd.Timestamp, tuple[str, ...]]]:
    """The readings that stand in words: the newest settled one with its day, and the highest."""
    if marks.settled.empty:
        return []
    last, top = (marks.settled.index[place] for place in (-1, int(marks.settled.argmax())))
    chosen: list[tuple[pd.Timestamp, tuple[str, ...]]] = [
        (last, (f"{format_score(marks.settled[last])}, {last.day} {last:%b}",))
    ]
    return chosen if top == last else [*chosen, (top, (f"{format_score(marks.settled[top])} highest",))]


def _name_stretch(layout: Layout, stretch: Stretch, frame: Frame) -> Box:
    """Write a stretch's name over its foot, in two lines, ended at its right edge."""
    words = stretch.name.split()
    lines = (" ".join(words[:2]), " ".join(words[2:])) if len(words) > 2 else (stretch.name,)
    width, height = PLAIN * max(map(len, lines)), SMALL_ROW * len(lines)
    right, middle = frame.x(stretch.end), frame.bottom - 14 - height / 2
    layout.words.append(Word(stretch.end, _score_at(middle, frame), "right", 0, lines, "stretch"))
    return Box(right - width, middle - height / 2, right, middle + height / 2)
