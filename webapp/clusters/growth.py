"""Growth of a sector: how much, how surely, and whether the region gains on the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from webapp.clusters.intervals import CONFIDENCE, Proportion, proportion

SPANS = (1, 3, 5)
"""Years over which growth is shown."""

LEVEL = 1.0
"""The location quotient that parts the quadrants."""


@dataclass(frozen=True)
class Growth:
    """From ``before`` to ``now``, ``years`` later, in startups. Both ratios are nothing where nothing was before."""

    years: int
    before: int
    now: int
    change: int
    relative: float | None
    """Change over ``before``: 0.5 is 50 % more."""
    yearly: float | None
    """Compound annual rate: the constant yearly growth that leads from one to the other."""


class Direction(StrEnum):
    """Where a number of residents is going."""

    GROWING = "growing"
    SHRINKING = "shrinking"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Movement:
    """Who came and who left in a period, and whether that is more than chance."""

    entered: int
    left: int
    direction: Direction
    share_entered: Proportion
    """Entries among all movements; one half is standstill."""


class Quadrant(StrEnum):
    """A cluster by its location quotient and by how that changed, as in Purdue University's regional bubble charts."""

    STAR = "star"
    """Strong and gaining."""
    MATURE = "mature"
    """Strong and losing."""
    EMERGING = "emerging"
    """Weak and gaining."""
    TRANSFORMING = "transforming"
    """Weak and losing."""


def growth(before: int, now: int, years: int) -> Growth:
    """Growth between two counts of startups.

    The counts are of all residents, not of a sample: they have no error of sampling. Whether a change is more than the
    coming and going of single startups is what ``movement`` says.

    Raises:
        ValueError: a count is negative or the span is not positive.
    """
    if before < 0 or now < 0 or years <= 0:
        raise ValueError(f"from {before} to {now} in {years} years")
    relative = (now - before) / before if before else None
    yearly = (now / before) ** (1 / years) - 1 if before else None
    return Growth(years, before, now, now - before, relative, yearly)


def growths(now: int, before: Mapping[int, int]) -> list[Growth]:
    """Growth over several spans; ``before`` maps years to the count that many years ago."""
    return [growth(count, now, years) for years, count in sorted(before.items())]


def movement(entered: int, left: int, confidence: float = CONFIDENCE) -> Movement:
    """Whether entries surely outnumber departures in a period.

    If both are Poisson with the same rate, entries are binomial(entries + departures, 1/2). The direction is clear if
    the exact interval of their share excludes one half (Przyborowski & Wilenski 1940, Biometrika 31).

    Raises:
        ValueError: a number is negative.
    """
    share = proportion(entered, entered + left, confidence)
    direction = Direction.UNCLEAR
    if share.lower > 0.5:
        direction = Direction.GROWING
    elif share.upper < 0.5:
        direction = Direction.SHRINKING
    return Movement(entered, left, direction, share)


def quadrant(before: float | None, now: float | None, level: float = LEVEL) -> Quadrant | None:
    """The quadrant of a location quotient. Shrunken quotients are the better input: one startup moves a raw one far.

    Returns:
        Nothing if a quotient is not known or did not change.
    """
    if before is None or now is None or before == now:
        return None
    if now >= level:
        return Quadrant.STAR if now > before else Quadrant.MATURE
    return Quadrant.EMERGING if now > before else Quadrant.TRANSFORMING
