"""What many comparisons come to: how many speak for agreement, compared with what unrelated series would give."""

from dataclasses import dataclass
from math import comb
from typing import Literal

import pandas as pd

CHANCE = 0.15
"""Share of the 80 % intervals of unrelated series that lies above 0. It would be 0.1 were the intervals exact; of a
dozen or two quarters that resemble each other it is up to 0.15, as simulated series show."""

RARE = 0.05
"""Probability below which counts are more than unrelated series would give."""

HARDLY = 0.3
"""Median rank correlation below which series hardly agree."""

Finding = Literal["against", "chance", "more"]


@dataclass(frozen=True)
class Tally:
    """Comparisons that have a correlation, counted by the side of 0 on which their 80 % intervals lie.

    ``above`` and ``below`` are those wholly on one side; ``chance`` is the probability that at least as many of
    ``number`` unrelated and independent series would lie above.
    """

    number: int
    above: int
    below: int
    median: float

    @property
    def chance(self) -> float:
        """Probability, 0 to 1, of at least as many above 0 by chance alone."""
        counts = range(self.above, self.number + 1)
        return sum(comb(self.number, k) * CHANCE**k * (1 - CHANCE) ** (self.number - k) for k in counts)

    @property
    def finding(self) -> Finding:
        """Whether they speak against agreement, or for no more or for more of it than chance gives."""
        if self.below > self.above:
            return "against"
        return "more" if self.chance < RARE else "chance"

    @property
    def agrees(self) -> bool:
        """Whether the series agree more than hardly."""
        return self.median >= HARDLY


def pick_middle(validity: pd.DataFrame, comparison: str, period: str) -> pd.DataFrame:
    """Return one row of ``measure_validity`` for each subject that has a correlation in one comparison and period.

    Series about one subject retell each other, so a subject with several counts once, by the series with the middle
    correlation (of an even number by the lower of the two in the middle). In the order of the table.
    """
    rows = validity[(validity["comparison"] == comparison) & (validity["period"] == period) & validity["rho"].notna()]
    ranks = rows.groupby("subject")["rho"].rank(method="first")
    numbers = rows.groupby("subject")["rho"].transform("size")
    return rows[ranks == (numbers + 1) // 2]


def tally(rows: pd.DataFrame) -> Tally:
    """Return the tally of some comparisons; those without a correlation do not count."""
    known = rows[rows["rho"].notna()]
    above, below = int((known["low"] > 0).sum()), int((known["high"] < 0).sum())
    return Tally(len(known), above, below, float(known["rho"].median()))


def tally_among(among: pd.DataFrame, period: str) -> Tally:
    """Return the tally of the outside series with each other: levels in one period of ``compare_outside``."""
    return tally(among[(among["period"] == period) & (among["comparison"] == "levels")])
