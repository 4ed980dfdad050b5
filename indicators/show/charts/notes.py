"""Where the names of some days stand around a line, so that nothing covers anything else. All lengths are in pixels."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from indicators.measures.index import Array

GAP = 4.0
"""Least distance of a name from other names, from leaders and from the line's interval."""

DOT = 7.0
"""Distance from a day's point within which its leader may touch the line."""

STEP = 7.0
"""Distance of the places at which a name is tried."""

BESIDE = 8.0
"""By how much a name that is set to one side reaches over to the other side of its leader."""

KEPT = 400
"""Partial solutions that are carried on from one name to the next."""

DROPPED = 10_000.0

Anchor = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Box:
    """A rectangle; ``top`` is the smaller number, as on a screen."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box", gap: float = 0) -> bool:
        """Return whether the two overlap or come closer than ``gap``."""
        return (
            self.left < other.right + gap
            and other.left < self.right + gap
            and self.top < other.bottom + gap
            and other.top < self.bottom + gap
        )


@dataclass(frozen=True)
class Curve:
    """The line: its points from left to right, and the upper and lower edge of its interval there."""

    x: Array
    y: Array
    top: Array
    bottom: Array

    def covers(self, boxes: Array) -> NDArray[np.bool_]:
        """Return for each box (a row of ``list_edges``) whether the line or its interval comes into it."""
        if not len(self.x):
            return np.zeros(len(boxes), dtype=bool)
        left, top, right, bottom = boxes.T
        within = (self.x > left[:, None]) & (self.x < right[:, None])
        covered = (within & (self.top < bottom[:, None]) & (self.bottom > top[:, None])).any(axis=1)
        for edge in (left, right):
            high, low = np.interp(edge, self.x, self.top), np.interp(edge, self.x, self.bottom)
            covered |= (edge >= self.x[0]) & (edge <= self.x[-1]) & (high < bottom) & (low > top)
        return np.asarray(covered)

    def crosses(self, leader: "Leader") -> bool:
        """Return whether the line meets a leader beyond its beginning, which is a point of the line."""
        if leader.across:
            near, far = sorted((leader.x + np.sign(leader.across) * 4, leader.x + leader.across))
            at = np.concatenate([[near, far], self.x[(self.x > near) & (self.x < far)]])
            away = np.interp(at, self.x, self.y) - leader.y
            return not bool((away > 1).all() or (away < -1).all())
        near = (self.x >= leader.x - 0.5) & (self.x <= leader.x + 0.5)
        at = np.concatenate([np.interp([leader.x - 0.5, leader.x + 0.5], self.x, self.y), self.y[near]])
        return bool(((at - leader.y) * np.sign(leader.down) > DOT).any())


@dataclass(frozen=True)
class Note:
    """A name to be placed: its size, and the point on the line that it names."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Leader:
    """A straight line from a point to its name: so far across (right of it), or so far down."""

    x: float
    y: float
    across: float
    down: float

    @property
    def box(self) -> Box:
        """The rectangle that it fills."""
        xs, ys = sorted((self.x, self.x + self.across)), sorted((self.y, self.y + self.down))
        return Box(xs[0] - 1, ys[0] - 1, xs[1] + 1, ys[1] + 1)

    @property
    def length(self) -> float:
        """Its length."""
        return abs(self.across) + abs(self.down)


@dataclass(frozen=True)
class Place:
    """Where a name stands: its box, the edge of the name that is ``shift`` right of its day, and its leader."""

    box: Box
    anchor: Anchor
    shift: float
    leader: Leader


def place_notes(
    notes: Sequence[Note], curve: Curve, frame: Box, taken: Sequence[Box] = (), nearest: float = 14
) -> list[Place | None]:
    """Return where each name stands, nothing for one that finds no room.

    No name meets another, a leader, the line's interval or a box that is ``taken``, no leader meets another name or the
    line, and all lie in the frame. Of the solutions that the search keeps, the one with the fewest names left out and
    the shortest leaders is taken; the same names always stand in the same places.
    """
    order = sorted(range(len(notes)), key=lambda number: (notes[number].x, number))
    dots = [Box(note.x - 5, note.y - 5, note.x + 5, note.y + 5) for note in notes]
    fitting = []
    for number in order:
        others = [dot for other, dot in enumerate(dots) if other != number]
        fitting.append(list_places(notes[number], curve, frame, [*taken, *others], nearest))
    edges = [_measure_places(places) for places in fitting]
    states: list[tuple[float, tuple[int, ...]]] = [
        (0.0, ())
    ]  # what it costs; the place of each name so far, -1 for none
    for step, places in enumerate(fitting):
        clashes = [_tell_clashes(earlier, edges[step]) for earlier in edges[:step]]
        # A column for each place, and a last one for leaving the name out; only what can be kept becomes a solution.
        costs = np.array([cost for cost, _ in states])[:, None] + np.array([*(cost for cost, _ in places), DROPPED])
        for number, (_, chosen) in enumerate(states):
            for clash, place in zip(clashes, chosen, strict=True):
                if place >= 0:
                    costs[number, :-1][clash[place]] = np.inf
        most = np.partition(costs, KEPT - 1, axis=None)[KEPT - 1] if costs.size > KEPT else np.inf
        grown = [
            (float(costs[number, place]), (*states[number][1], place if place < len(places) else -1))
            for number, place in np.argwhere(np.isfinite(costs) & (costs <= most)).tolist()
        ]
        states = sorted(grown)[:KEPT]
    found: list[Place | None] = [None] * len(notes)
    for number, places, place in zip(order, fitting, states[0][1], strict=True):
        found[number] = places[place][1] if place >= 0 else None
    return found


def list_places(
    note: Note, curve: Curve, frame: Box, taken: Sequence[Box], nearest: float
) -> list[tuple[float, Place]]:
    """Return the places that are free for one name with what each costs, cheapest first."""
    tried = _try_places(note, frame, nearest)
    boxes, leaders = _measure_places(tried)
    others = list_edges(taken)
    inside = (boxes >= [frame.left, frame.top, -np.inf, -np.inf]) & (
        boxes <= [np.inf, np.inf, frame.right, frame.bottom]
    )
    free = inside.all(axis=1) & ~_meet(boxes, others, GAP).any(axis=1) & ~_meet(leaders, others).any(axis=1)
    free &= ~curve.covers(boxes + np.array([-GAP, -GAP, GAP, GAP]))
    found = [tried[number] for number in np.flatnonzero(free).tolist()]
    return sorted((entry for entry in found if not curve.crosses(entry[1].leader)), key=lambda entry: entry[0])


def _try_places(note: Note, frame: Box, nearest: float) -> list[tuple[float, Place]]:
    """All places above, below and beside a point, free or not, with what each costs."""
    found = []
    reach = max(note.y - frame.top, frame.bottom - note.y)
    before, after = min(BESIDE, note.x - frame.left), min(BESIDE, frame.right - note.x)
    lefts: dict[Anchor, float] = {"center": -note.width / 2, "left": -before, "right": after - note.width}
    for distance, side, anchor in product(np.arange(nearest, reach, STEP).tolist(), (-1, 1), lefts):
        end = note.y + side * distance
        top = end - note.height if side < 0 else end
        left = note.x + lefts[anchor]
        box = Box(left, top, left + note.width, top + note.height)
        shift = {"center": 0.0, "left": -before, "right": after}[anchor]
        leader = Leader(note.x, note.y, 0, side * distance)
        found.append((distance + (0 if anchor == "center" else 12), Place(box, anchor, shift, leader)))
    top = note.y - note.height / 2
    for distance in np.arange(nearest, 90, STEP).tolist():
        for anchor, side in (("left", 1), ("right", -1)):
            left = note.x + distance if side > 0 else note.x - distance - note.width
            box = Box(left, top, left + note.width, top + note.height)
            found.append(
                (distance + 30, Place(box, anchor, side * distance, Leader(note.x, note.y, side * distance, 0)))
            )
    return found


def _tell_clashes(a: tuple[Array, Array], b: tuple[Array, Array]) -> NDArray[np.bool_]:
    """Which places of one name (rows) cannot stand beside which of another (columns), by edges of names and leaders."""
    clash = np.zeros((len(a[0]), len(b[0])), dtype=bool)
    for first in a:
        for second in b:
            clash |= _meet(first, second, GAP)
    return clash


def _measure_places(places: list[tuple[float, Place]]) -> tuple[Array, Array]:
    """The edges of the names and of the leaders at some places, as ``list_edges``."""
    return list_edges([place.box for _, place in places]), list_edges([place.leader.box for _, place in places])


def list_edges(boxes: Sequence[Box]) -> Array:
    """Return the edges of some boxes, a row each: left, top, right, bottom."""
    return np.array([[box.left, box.top, box.right, box.bottom] for box in boxes], dtype=float).reshape(-1, 4)


def _meet(first: Array, second: Array, gap: float = 0) -> NDArray[np.bool_]:
    """Which boxes (rows) meet which others (columns), as ``Box.meets``."""
    left, top, right, bottom = first[:, None, :].transpose(2, 0, 1)
    other = second[None, :, :].transpose(2, 0, 1)
    across = (left < other[2] + gap) & (other[0] < right + gap)
    return np.asarray(across & (top < other[3] + gap) & (other[1] < bottom + gap))
