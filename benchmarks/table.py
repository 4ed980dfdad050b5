"""Measured rows beside what is to be reached: as a table to read, and as JSON."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.targets import TARGETS

HEAD = ("what", "measured", "unit", "to reach", "")


@dataclass(frozen=True)
class Row:
    """One figure: what was measured, the figure (None where it was not), its unit, and how it came about.

    ``target`` names the requirement that it answers; without one it is there to be read.
    """

    what: str
    measured: float | None
    unit: str = "×"
    detail: str = ""
    target: str | None = None


def answer(target: str, measured: float | None, detail: str = "") -> Row:
    """Return the row that answers a requirement; ``KeyError`` where there is none of that name."""
    return Row(TARGETS[target].what, measured, TARGETS[target].unit, detail, target)


def complete_rows(rows: Iterable[Row]) -> list[Row]:
    """Return a row for each requirement, in their order, also for those not measured; then all other rows."""
    rows = list(rows)
    answers = {row.target: row for row in rows if row.target}
    return [answers.get(name) or answer(name, None, "not run") for name in TARGETS] + [r for r in rows if not r.target]


def verdict(row: Row) -> str:
    """Return how a row stands to its requirement: met, not met, or nothing where there is none or no figure."""
    if row.target is None or row.measured is None:
        return ""
    return "met" if TARGETS[row.target].keeps(row.measured) else "NOT MET"


def as_text(rows: Sequence[Row], about: Mapping[str, str]) -> str:
    """Return the table as Markdown, which also reads well in a terminal: circumstances, figures, details."""
    body = [
        (r.what, _figure(r.measured), r.unit, TARGETS[r.target].bound if r.target else "", verdict(r)) for r in rows
    ]
    widths = [max(map(len, column)) for column in zip(HEAD, *body, strict=True)]
    rule = ["-" * w for w in widths]
    rule[1] = rule[1][:-1] + ":"
    lines = [_line(HEAD, widths), _line(rule, widths), *(_line(cells, widths) for cells in body)]
    circumstances = [f"- {name}: {value}" for name, value in about.items()]
    details = [f"- {r.what}: {r.detail}" for r in rows if r.detail]
    return "\n".join([*circumstances, "", *lines, "", *details])


def as_record(rows: Sequence[Row], about: Mapping[str, str]) -> dict[str, Any]:
    """Return the table for JSON: circumstances, and each row with its limit and whether it is met."""
    return {
        "about": dict(about),
        "rows": [
            {
                **asdict(row),
                "to_reach": TARGETS[row.target].bound if row.target else None,
                "met": None if not verdict(row) else verdict(row) == "met",
            }
            for row in rows
        ],
    }


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 100 else f"{value:.2f}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [c.rjust(w) if n == 1 else c.ljust(w) for n, (c, w) in enumerate(zip(cells, widths, strict=True))]
    return f"| {' | '.join(padded)} |"
