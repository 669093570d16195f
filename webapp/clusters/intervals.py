"""Exact intervals of proportions and of rates, for numbers that may be small."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.special import betaincinv, gammaincinv, ndtri

CONFIDENCE = 0.95
"""Of every interval, unless another is asked for."""


@dataclass(frozen=True)
class Proportion:
    """``count`` of ``of``, between 0 and 1. Of nobody there is no value, and the interval is all of it."""

    count: int
    of: int
    value: float | None
    lower: float
    upper: float


@dataclass(frozen=True)
class Rate:
    """``count`` events in ``exposure`` years at risk: events a year. Without exposure, nothing is known."""

    count: int
    exposure: float
    value: float | None
    lower: float | None
    upper: float | None


def tail_of(confidence: float) -> float:
    """The probability of one tail outside of an interval.

    Raises:
        ValueError: the confidence is not between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise ValueError("confidence lies between 0 and 1")
    return (1 - confidence) / 2


def normal_quantile(confidence: float) -> float:
    """How many standard errors an interval reaches to either side: 1.96 for 95 %."""
    return float(-ndtri(tail_of(confidence)))


def proportion(count: int, of: int, confidence: float = CONFIDENCE) -> Proportion:
    """A proportion with its exact interval (Clopper & Pearson 1934, Biometrika 26): never too narrow, even of few.

    Raises:
        ValueError: not 0 <= count <= of.
    """
    if not 0 <= count <= of:
        raise ValueError(f"{count} of {of}")
    tail = tail_of(confidence)
    lower = float(betaincinv(count, of - count + 1, tail)) if count > 0 else 0.0
    upper = float(betaincinv(count + 1, of - count, 1 - tail)) if count < of else 1.0
    return Proportion(count, of, count / of if of else None, lower, upper)


def rate(count: int, exposure: float, confidence: float = CONFIDENCE) -> Rate:
    """A rate with its exact interval, the events being Poisson (Garwood 1936, Biometrika 28).

    Raises:
        ValueError: a negative count or exposure, or events without exposure.
    """
    if count < 0 or exposure < 0 or (count and not exposure):
        raise ValueError(f"{count} events in {exposure} years")
    if not exposure:
        return Rate(count, exposure, None, None, None)
    tail = tail_of(confidence)
    lower = float(gammaincinv(count, tail)) if count else 0.0
    upper = float(gammaincinv(count + 1, 1 - tail))
    return Rate(count, exposure, count / exposure, lower / exposure, upper / exposure)
