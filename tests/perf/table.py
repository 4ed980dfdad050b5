"""What is to be reached, and measured figures beside it: as a table to read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A requirement: what is measured, and the limit that it must keep."""

    what: str
    limit: float
    unit: str = "×"
    least: bool = False
    """Whether the limit is the least that will do, not the most."""

    @property
    def bound(self) -> str:
        """The limit in words of the table."""
        return f"{'≥' if self.least else '≤'} {self.limit:g}"


TARGETS = {
    "check-speed": Target("check of 100,000 assessments: frictionless validate / check", 8, least=True),
    "check-memory": Target("check of 1,000,000 assessments: peak memory", 900, "MiB"),
    "check-growth": Target("check: time grows as rows to the power of", 1.1, "exponent"),
    "start": Target("start of a command / import of pandas and pyarrow", 1.5),
    "draws": Target("10,000 draws, 65 month-ends, index interval / random numbers alone", 4),
    "weight": Target("first draws / moving a weight afterwards", 10, least=True),
    "picture-first": Target("PNG of a chart, first of a server", 4, "s"),
    "picture-next": Target("PNG of a chart, second of a server", 2, "s"),
    "rerun": Target("one interaction on the slowest page / empty script, 1 session", 2),
    "new-weight": Target("a weight never set before / one interaction, Overview", 4),
    "rate": Target("reruns per second of Overview / empty script, 50 busy sessions", 0.5, least=True),
    "session-memory": Target("memory for each session, 50 sessions", 5, "MiB"),
    "at-once": Target("slowest of 200 sessions that ask at once, Overview / empty script", 3),
    "errors": Target("errors in all sessions", 0, "errors"),
    "hostile-memory": Target("memory of a server besieged by strangers", 600, "MiB"),
    "first-chart": Target("first chart in a new browser, app / script with one chart", 1.3),
    "build": Target("publication built: seconds of processor", 10, "s"),
    "front-page": Target("publication: front page without the chart library", 200, "kB"),
    "without-scripts": Target("publication: readings that the front page lacks with JavaScript off", 0, "readings"),
    "same-bytes": Target("publication: files that differ between two builds", 0, "files"),
    "archive": Target("publication: archive of 50 versions / one version", 3),
    "archive-git": Target("publication: git branch of 50 versions / files of one version", 3),
}
"""By name. Order is the table's."""


@dataclass(frozen=True)
class Row:
    """The answer to a requirement: the figure (None where it was not measured), and how it came about."""

    target: str
    measured: float | None
    detail: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the figure keeps the limit; nothing without a figure."""
        if self.measured is None:
            return None
        target = TARGETS[self.target]
        return self.measured >= target.limit if target.least else self.measured <= target.limit


def complete_rows(rows: Iterable[Row]) -> list[Row]:
    """Return a row for each requirement, in their order, also for those not measured."""
    answers = {row.target: row for row in rows}
    return [answers.get(name) or Row(name, None, "not run") for name in TARGETS]


def as_text(rows: Sequence[Row], about: Mapping[str, str]) -> str:
    """Return the table as Markdown, which also reads well in a terminal: circumstances, figures, details."""
    cells = [("what", "measured", "unit", "to reach", "")]
    for row in rows:
        target = TARGETS[row.target]
        verdict = {True: "met", False: "NOT MET", None: ""}[row.met]
        cells.append((target.what, _figure(row.measured), target.unit, target.bound, verdict))
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        f"| {' | '.join(c.rjust(w) if n == 1 else c.ljust(w) for n, (c, w) in enumerate(zip(line, widths, strict=True)))} |"
        for line in cells
    ]
    rule = f"| {' | '.join('-' * (w - 1) + (':' if n == 1 else '-') for n, w in enumerate(widths))} |"
    details = [f"- {TARGETS[row.target].what}: {row.detail}" for row in rows if row.detail]
    return "\n".join([*(f"- {k}: {v}" for k, v in about.items()), "", lines[0], rule, *lines[1:], "", *details])


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 100 else f"{value:.2f}"
