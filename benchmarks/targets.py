"""What is to be reached: one line for each requirement on speed and size."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A requirement: what is measured, and the limit that it must keep."""

    what: str
    limit: float
    unit: str
    least: bool = False
    """Whether the limit is the least that will do, not the most."""

    def keeps(self, measured: float) -> bool:
        """Tell whether a figure meets the requirement."""
        return measured >= self.limit if self.least else measured <= self.limit

    @property
    def bound(self) -> str:
        """The limit in words of the table."""
        return f"{'≥' if self.least else '≤'} {self.limit:g}"


TARGETS = {
    "check-speed": Target("check of 100,000 assessments: frictionless validate / check", 8, "×", least=True),
    "check-memory": Target("check of 1,000,000 assessments: peak memory", 1024, "MiB"),
    "check-growth": Target("check: time grows as rows to the power of", 1.1, "exponent"),
    "draws": Target("10,000 draws, 65 month-ends, index interval / random numbers alone", 3, "×"),
    "weight": Target("first draws / moving a weight afterwards", 10, "×", least=True),
    "rerun": Target("one interaction on Overview / empty script, 1 session", 2, "×"),
    "rate": Target("reruns per second of Overview / empty script, 50 busy sessions", 0.5, "×", least=True),
    "errors": Target("errors in all sessions", 0, "errors"),
    "session-memory": Target("memory for each session, 50 sessions", 5, "MiB"),
    "build": Target("publication built: seconds of processor", 10, "s"),
    "front-page": Target("publication: front page without the chart library", 200, "kB"),
    "without-scripts": Target("publication: readings that the front page lacks with JavaScript off", 0, "readings"),
    "same-bytes": Target("publication: files that differ between two builds", 0, "files"),
}
"""By name. Order is the table's."""
