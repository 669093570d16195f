"""Shares of small numbers, with how sure one can be of them. Light enough for a request: no SciPy."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Share:
    """``count`` of ``of``, with the interval of Wilson (1927, JASA 22), which also holds for small numbers."""

    count: int
    of: int

    @property
    def value(self) -> float | None:
        """From 0 to 1; nothing of nobody."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Between which values the share lies with a confidence of 95 %."""
        if not self.of:
            return None
        z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
        p, n = self.count / self.of, self.of
        centre = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, centre - half), min(1.0, centre + half)


def binomial_limits(number: int, chance: float, confidence: float = CONFIDENCE) -> tuple[int, int]:
    """Between which numbers of events, of so many that each happen with a chance, the number falls that surely.

    The limits are quantiles of the binomial distribution: each tail holds at most half of what is left of certainty.
    """
    tail, below, lower, upper = (1 - confidence) / 2, 0.0, 0, number
    found_lower = False
    for events in range(number + 1):
        below += math.comb(number, events) * chance**events * (1 - chance) ** (number - events)
        if not found_lower and below > tail:
            lower, found_lower = events, True
        if below >= 1 - tail:
            upper = events
            break
    return lower, upper
